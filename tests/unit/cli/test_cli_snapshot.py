"""``netops snapshot``: what people and programs see, and the exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netops.cli.filters import _condition
from netops.cli.snapshot import app
from netops.errors import UsageError
from netops.evidence import DeviceRecord, Observation, Outcome, SnapshotReader, SnapshotWriter
from netops.facts.device import Contact

RAW = b"display version\r\nVRP \x1b[31mred\r\n<R1>"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "inventory").mkdir()
    for text in (RAW, RAW.replace(b"VRP", b"VRP 8")):
        with SnapshotWriter.create(
            tmp_path / "ws" / "snapshots", tmp_path / "inventory", "sm3:i", ["a", "b"]
        ) as writer:
            one = Observation("a#1", "a", "display version", "ssh", "", 0.1, Outcome.ACCEPTED, text)
            writer.add(DeviceRecord("a", "huawei_vrp", Contact.ANSWERED, observations=(one,)))
            writer.add(DeviceRecord("b", "huawei_vrp", Contact.HUNG, "no answer came"))
            writer.finish()
    return tmp_path / "ws"


def run(workspace: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--workspace", str(workspace)])
    return result.exit_code, result.stdout


def ids(workspace: Path) -> list[str]:
    _, text = run(workspace, "list", "--format", "json")
    return [row["id"] for row in json.loads(text)["snapshots"]]


def test_list_tells_what_each_snapshot_holds(workspace: Path) -> None:
    code, text = run(workspace, "list", "--format", "json")

    rows = json.loads(text)["snapshots"]
    assert code == 0
    assert [(r["asked"], r["recorded"], r["contacts"]) for r in rows] == [
        (2, 2, {"answered": 1, "hung": 1})
    ] * 2


def test_show_names_those_who_did_not_answer(workspace: Path) -> None:
    code, text = run(workspace, "show")

    assert code == 0
    assert "hung" in text
    assert "no answer came" in text


def test_show_prints_an_answer_with_line_numbers_and_without_effect(workspace: Path) -> None:
    _, text = run(workspace, "show", "latest", "--device", "a", "--command", "a#1")

    assert "    1 display version" in text
    assert "\x1b" not in text


def test_verify_ends_2_for_a_changed_snapshot(workspace: Path) -> None:
    first = ids(workspace)[0]
    assert run(workspace, "verify", first)[0] == 0
    path = SnapshotReader(workspace / "snapshots" / first).path / "devices" / "a.jsonl.gz"
    data = bytearray(path.read_bytes())
    data[40] ^= 4
    path.write_bytes(bytes(data))

    code, text = run(workspace, "verify", first, "--format", "json")

    assert code == 2
    assert {Path(f["file"]).name for f in json.loads(text)["faults"]} == {"a.jsonl.gz"}


def test_diff_shows_the_lines_that_differ(workspace: Path) -> None:
    code, text = run(workspace, "diff", *ids(workspace))

    assert code == 0
    assert "- VRP red" in text
    assert "+ VRP 8 red" in text


@pytest.mark.parametrize("text", ["county", "colour=red", "=x"])
def test_a_filter_that_is_none_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="not a filter"):
        _condition(text)


_TAKE = """\
import sys
from netops.cli.app import main
sys.argv = ["netops", "snapshot", "take", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print(end.code, "netops.probing.run" in sys.modules)
"""


def test_who_measures_nothing_does_not_wait_for_what_measures(tmp_path: Path) -> None:
    """Without a credential nothing is connected, and the run ends at once."""
    small = Path(__file__).parents[2] / "data" / "inventory_small"
    command = [
        sys.executable, "-c", _TAKE, "--inventory", small, "--filter", "device=K1", "--quiet",
        "--workspace", tmp_path / "ws",
    ]  # fmt: skip
    kept = {"PATH": os.environ["PATH"], "HOME": "", "NETOPS_LANG": "en"}

    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=kept, check=True)

    assert done.stdout.decode().splitlines()[-1] == "3 False"
