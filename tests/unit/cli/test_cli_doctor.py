"""``netops doctor``: what it says, and to programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import netops

from netops.cli import doctor


def test_every_weakness_comes_with_a_remedy() -> None:
    ended = netops("doctor", "--format", "json")

    document = json.loads(ended.out)
    assert document["schema"] == "netops/doctor/1"
    names = [check["name"] for check in document["checks"]]
    assert len(names) == len(set(names))
    assert {"Python", "libcrypto", "extra [crafting]"} <= set(names)
    assert [c["name"] for c in document["checks"] if c["state"] != "good" and not c["remedy"]] == []
    assert ended.code == (2 if any(c["state"] == "bad" for c in document["checks"]) else 0)


def test_it_names_the_settings_that_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "netops.toml").write_text("jobs = 5\n", encoding="utf-8")

    assert "netops.toml" in netops("doctor").out


def test_what_is_bad_ends_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor, "_python", lambda: doctor.Check("Python", "bad", "3.8", "Install 3.11.")
    )

    ended = netops("doctor")

    assert ended.code == 2
    assert "Install 3.11." in ended.out
