"""``netops lab``: what its verbs print and with which code they end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netops.cli.lab import app
from netops.errors import LaboratoryError
from netops.lab import control

SOURCES = Path(__file__).parents[1] / "lab"
HEADER = "id,name,node,role,platform,address,host,port,snmp,snmp_port\n"


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a planned laboratory of three devices whose personalities are hand-made."""
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))
    monkeypatch.setenv("NETOPS_LANG", "en")
    (tmp_path / "inventory").mkdir()
    (tmp_path / "SIZE").write_text("3", encoding="utf-8")
    (tmp_path / "inventory" / "devices.csv").write_text(HEADER, encoding="utf-8")
    start = control.Start(source="lab_source:personalities", deadline_s=60)
    monkeypatch.setattr(control, "Start", lambda **_: start)
    yield tmp_path
    control.down(tmp_path)


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, done.stdout


def test_a_laboratory_goes_up_tells_how_it_is_and_goes_down(lab: Path) -> None:
    code, text = run("up", lab)
    assert code == 0
    assert "Laboratory: up" in text
    assert "Devices: 3, listening: 2, sessions: 0" in text
    code, text = run("status", lab, "--format", "json")
    document = json.loads(text)
    assert code == 0
    assert document["schema"] == "netops/lab-status/1"
    assert document["condition"] == "up"
    assert [row["device"] for row in document["devices"]] == ["r0", "r1", "r2"]
    assert [row["sessions"] for row in document["devices"]] == [0, 0, 0]
    assert document["devices"][1]["port"] is None
    assert [row["running"] for row in document["processes"]] == [True, True, True]
    assert run("down", lab)[0] == 0
    assert run("status", lab)[0] == 3
    assert run("down", lab)[0] == 0


def test_the_state_of_a_folder_without_a_laboratory_is_down(tmp_path: Path) -> None:
    code, text = run("status", tmp_path, "--format", "json")
    assert code == 3
    assert json.loads(text) == {
        "schema": "netops/lab-status/1",
        "condition": "down",
        "processes": [],
        "devices": [],
        "sessions": 0,
    }


def test_going_up_without_a_plan_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match="netops lab plan SPEC --out DIR"):
        run("up", tmp_path)


def test_importing_the_verbs_loads_no_heavy_library() -> None:
    program = "import sys, netops.cli.lab; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ("asyncssh", "cryptography", "netops.lab.control")
    done = subprocess.run(
        [sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
