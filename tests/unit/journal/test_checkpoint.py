"""A journal that nobody wrote to since is opened by its last record; any other is read whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from test_journal import Seal

from netops.errors import JournalError
from netops.gm import sm3_hex
from netops.journal import Act, Journal, verify
from netops.journal.book import HEAD, LOG
from netops.journal.checkpoint import CHECKPOINT

BEGAN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _open(folder: Path, after: timedelta = timedelta(), *, begins: bool = False) -> Journal:
    return Journal(folder, Seal(), lambda: BEGAN + after, None if begins else Seal.check)


def _written(folder: Path, count: int = 5) -> list[bytes]:
    with _open(folder, begins=True) as journal:
        journal.append(Act("王工", "issue", {"serial": f"{n:x}"}) for n in range(1, count + 1))
    return (folder / LOG).read_bytes().splitlines(keepends=True)


@contextmanager
def _reading_all() -> Iterator[mock.Mock]:
    """Yield what is called when a journal is read whole."""
    real = Journal._tail
    with mock.patch.object(Journal, "_tail", autospec=True, side_effect=real) as whole:
        yield whole


def _reads_all(folder: Path, after: timedelta = timedelta()) -> bool:
    with _reading_all() as whole:
        _open(folder, after).close()
    return bool(whole.called)


def test_a_journal_that_was_closed_is_opened_by_its_last_record(tmp_path: Path) -> None:
    _written(tmp_path)
    with _reading_all() as whole:
        for number in range(6, 9):
            with _open(tmp_path) as journal:
                (record,) = journal.append([Act("wang", "issue", {"serial": f"{number:x}"})])
                assert record.number == number
    assert not whole.called
    assert verify(tmp_path, Seal.check) == ()


def test_an_opening_without_an_act_leaves_the_checkpoint_as_it_is(tmp_path: Path) -> None:
    _written(tmp_path)
    before = (tmp_path / CHECKPOINT).stat().st_mtime_ns
    _open(tmp_path, timedelta(hours=1)).close()
    assert (tmp_path / CHECKPOINT).stat().st_mtime_ns == before


def test_a_change_that_keeps_size_and_time_is_found_at_the_next_opening(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    path = tmp_path / LOG
    kept = path.stat()
    with path.open("r+b") as stream:
        stream.seek(len(lines[0]))
        stream.write(lines[1].replace("王工".encode(), "李工".encode()))
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert path.stat().st_size == kept.st_size
    with pytest.raises(JournalError, match="Record 2"):
        _open(tmp_path)


def test_a_checkpoint_that_was_made_to_fit_a_change_is_not_believed(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    path = tmp_path / LOG
    path.write_bytes(b"".join(lines).replace("王工".encode(), "李工".encode(), 1))
    found = path.stat()
    forged = json.loads((tmp_path / CHECKPOINT).read_bytes())
    forged["state"] = [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns,
                       found.st_ctime_ns]  # fmt: skip
    (tmp_path / CHECKPOINT).write_text(json.dumps(forged))
    with pytest.raises(JournalError, match="Record 1"):
        _open(tmp_path)


def test_a_checkpoint_of_an_older_head_is_not_believed(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    older = (tmp_path / CHECKPOINT).read_bytes()
    with _open(tmp_path) as journal:
        journal.append([Act("wang", "revoke")])
    (tmp_path / CHECKPOINT).write_bytes(older)
    assert _reads_all(tmp_path)
    (tmp_path / LOG).write_bytes(b"".join(lines))
    with pytest.raises(JournalError, match="cut off"):
        _open(tmp_path)


def test_a_copy_of_a_journal_is_read_whole_once(tmp_path: Path) -> None:
    _written(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert _reads_all(tmp_path / "b")
    assert not _reads_all(tmp_path / "b")


@pytest.mark.parametrize(
    ("later", "whole"),
    [(timedelta(hours=24), False), (timedelta(hours=24, seconds=1), True),
     (timedelta(seconds=-1), True)],
)  # fmt: skip
def test_all_of_it_is_read_once_a_day_and_under_a_clock_that_went_back(
    tmp_path: Path, later: timedelta, *, whole: bool
) -> None:
    _written(tmp_path)
    with _open(tmp_path, timedelta()) as journal:
        journal.append([Act("wang", "issue")])
    assert _reads_all(tmp_path, later) is whole


def test_acts_do_not_put_the_reading_of_all_off(tmp_path: Path) -> None:
    _written(tmp_path)
    with _open(tmp_path, timedelta(hours=20)) as journal:
        journal.append([Act("wang", "issue")])
    assert _reads_all(tmp_path, timedelta(hours=25))


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"[]", b"{}", b'{"state": 5}', b"[" * 100_000, b"\xff",
     b'{"n": 1, "digest": "", "state": [1, 2, 3, 4, 5], "read_at": "never", "signature": ""}',
     b'{"n": 1, "digest": "", "state": [1, 2, 3], "read_at": "2026-11-22", "signature": ""}'],
)  # fmt: skip
def test_a_checkpoint_that_cannot_be_read_costs_time_only(tmp_path: Path, content: bytes) -> None:
    _written(tmp_path)
    (tmp_path / CHECKPOINT).write_bytes(content)
    assert _reads_all(tmp_path)
    assert not _reads_all(tmp_path)


def test_a_head_that_was_forged_is_refused_beside_a_good_checkpoint(tmp_path: Path) -> None:
    _written(tmp_path)
    head = tmp_path / HEAD
    head.write_bytes(head.read_bytes().replace(b"sealed ".hex().encode(), b"forged".hex().encode()))
    with pytest.raises(JournalError, match="signature"):
        _open(tmp_path)


def test_who_was_disturbed_while_writing_leaves_no_checkpoint(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    with _open(tmp_path) as journal:
        with (tmp_path / LOG).open("r+b") as stream:
            stream.write(lines[0].replace("王工".encode(), "李工".encode()))
        journal.append([Act("wang", "issue")])
    with pytest.raises(JournalError, match="Record 1"):
        _open(tmp_path)
    assert [fault.kind for fault in verify(tmp_path, Seal.check)] == ["changed"]


def test_a_record_longer_than_what_is_looked_at_is_read_with_all(tmp_path: Path) -> None:
    _written(tmp_path)
    with _open(tmp_path) as journal:
        journal.append([Act("wang", "abandon", {"serials": ["f" * 33] * 3000})])
    assert _reads_all(tmp_path)


def test_records_that_are_added_while_a_journal_is_verified_are_no_fault(tmp_path: Path) -> None:
    _written(tmp_path)
    with _open(tmp_path) as journal:
        once = iter([None])

        def meanwhile(_record: object) -> None:
            for _ in once:
                journal.append([Act("wang", "issue"), Act("wang", "issue")])

        assert verify(tmp_path, Seal.check, meanwhile) == ()
    assert verify(tmp_path, Seal.check) == ()


def _chained(folder: Path, body: str) -> None:
    """Add a record that is chained as it should be and says what it likes."""
    with (folder / LOG).open("ab") as stream:
        stream.write(f"{sm3_hex(body.encode())} {body}\n".encode())


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"act":1,"actor":"a","at":"","authenticated":false,"detail":{},"n":6}',
     '{"act":"a","actor":"a","at":"","authenticated":false,"detail":{},"n":"6","previous":""}',
     '{"act":"a","actor":"a","at":"","authenticated":false,"detail":[],"n":6,"previous":""}',
     '{"act":[],"actor":"a","at":"","authenticated":false,"detail":{},"n":6,"previous":""}'],
)  # fmt: skip
def test_a_record_that_says_what_it_likes_is_a_fault_and_no_crash(
    tmp_path: Path, body: str
) -> None:
    _written(tmp_path)
    _chained(tmp_path, body)
    assert [f.kind for f in verify(tmp_path, Seal.check) if not f.warning] == ["changed"]
    with pytest.raises(JournalError, match="Record 6"):
        _open(tmp_path)


def test_no_checkpoint_is_left_while_the_clock_of_files_stands_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [0, 0]  # as if the file had been changed just now, and the clock did not go on

    def standing(clock: int) -> int:
        assert clock == 5
        return shown.pop() if shown else (tmp_path / LOG).stat().st_ctime_ns

    monkeypatch.setattr("time.clock_gettime_ns", standing)
    _written(tmp_path)
    assert not (tmp_path / CHECKPOINT).exists()
    monkeypatch.undo()
    assert _reads_all(tmp_path)
    assert not _reads_all(tmp_path)


def test_a_change_right_after_the_journal_was_closed_is_found(tmp_path: Path) -> None:
    for number in range(50):
        folder = tmp_path / str(number)
        lines = _written(folder)
        with (folder / LOG).open("r+b") as stream:
            stream.write(lines[0].replace("王工".encode(), "李工".encode()))
        with pytest.raises(JournalError, match="Record 1"):
            _open(folder)
