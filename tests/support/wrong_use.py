"""What tests of wrong use share: a folder of wrong things, and the rule that an ending keeps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from command_line import SMALL, Ended

MEBIBYTE = 1 << 20


def furnish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with the small inventory and one of each kind of wrong thing, and go there."""
    shutil.copytree(SMALL, tmp_path / "inventory")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 64)
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(100 * MEBIBYTE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, so that nothing half-written can hide."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.stat().st_size < 1 << 20
        else b"huge"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and os.access(path, os.R_OK)
    }  # fmt: skip


def refused(ended: Ended, *said: str, code: int = 2) -> None:
    """Hold an ending to the rule: its code, the words, no traceback, no screen of text."""
    text = ended.err + ended.out
    assert ended.code == code, text
    assert "Traceback" not in text
    assert "Internal error" not in text
    for word in said:
        assert word in text, text
    assert all(len(line) < 2100 for line in text.splitlines())
