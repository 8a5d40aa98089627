"""The journal: what is acknowledged stays, and every change is found and named."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netops.errors import JournalError
from netops.journal import Act, Journal, verify
from netops.journal.book import HEAD, LOG


class Seal:
    """A signer that stands for a key: it only marks what it was given."""

    name = "test"

    def sign(self, message: bytes) -> bytes:
        return b"sealed " + message

    @staticmethod
    def check(message: bytes, signature: bytes) -> bool:
        return signature == b"sealed " + message


def _clock() -> datetime:
    return datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _written(folder: Path, count: int = 5) -> list[bytes]:
    with Journal(folder, Seal(), _clock) as journal:
        for number in range(1, count + 1):
            journal.append([Act("王工", "issue", {"serial": f"{number:x}"})])
    return (folder / LOG).read_bytes().splitlines(keepends=True)


def _kinds(folder: Path) -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.place.line) for fault in verify(folder, Seal.check)]


def test_an_untouched_journal_has_no_fault(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    assert len(lines) == 5
    assert verify(tmp_path, Seal.check) == ()


def test_a_record_says_who_what_and_when(tmp_path: Path) -> None:
    with Journal(tmp_path, clock=_clock) as journal:
        (record,) = journal.append([Act("wang", "revoke", {"serial": "2a"}, authenticated=True)])
    assert record.at == "2026-11-22T08:00:00.000+00:00"
    assert record.body == (
        '{"act":"revoke","actor":"wang","at":"2026-11-22T08:00:00.000+00:00",'
        '"authenticated":true,"detail":{"serial":"2a"},"n":1,"previous":"' + "0" * 64 + '"}'
    )


def test_a_changed_record_is_named(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    lines[2] = lines[2].replace(b'"serial":"3"', b'"serial":"9"')
    (tmp_path / LOG).write_bytes(b"".join(lines))
    assert _kinds(tmp_path) == [("changed", 3)]


def test_a_record_changed_with_its_digest_is_named_by_its_successor(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    with Journal(tmp_path / "other", Seal(), _clock) as journal:
        for serial in ("1", "2", "9"):
            journal.append([Act("王工", "issue", {"serial": serial})])
    lines[2] = (tmp_path / "other" / LOG).read_bytes().splitlines(keepends=True)[2]
    (tmp_path / LOG).write_bytes(b"".join(lines))
    assert _kinds(tmp_path) == [("broken", 4)]


def test_a_removed_record_is_named(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    (tmp_path / LOG).write_bytes(b"".join(lines[:2] + lines[3:]))
    faults = verify(tmp_path, Seal.check)
    assert "Records 3 to 3 were removed." in str(faults[0])


def test_an_inserted_record_is_named(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    (tmp_path / LOG).write_bytes(b"".join([*lines[:3], lines[1], *lines[3:]]))
    assert _kinds(tmp_path)[0] == ("broken", 4)


def test_a_journal_that_is_cut_off_is_found(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    (tmp_path / LOG).write_bytes(b"".join(lines[:4]))
    assert _kinds(tmp_path) == [("cut_off", None)]
    with pytest.raises(JournalError, match="cut off"):
        Journal(tmp_path, Seal(), _clock)


def test_a_head_cut_back_with_the_journal_has_no_signature_that_fits(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    (tmp_path / LOG).write_bytes(b"".join(lines[:4]))
    head = tmp_path / HEAD
    digest = lines[3][:64].decode()
    last = lines[4][:64].decode()
    head.write_text(head.read_text().replace('"n": 5', '"n": 4').replace(last, digest))
    assert _kinds(tmp_path) == [("signature", None)]


def test_a_missing_head_is_found(tmp_path: Path) -> None:
    _written(tmp_path)
    (tmp_path / HEAD).unlink()
    assert _kinds(tmp_path) == [("head", None)]


def test_a_torn_last_line_was_never_acknowledged_and_is_dropped(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    (tmp_path / LOG).write_bytes(b"".join(lines) + lines[4][:50])
    assert _kinds(tmp_path) == [("torn", 6)]
    with Journal(tmp_path, Seal(), _clock) as journal:
        journal.append([Act("wang", "issue", {"serial": "6"})])
    assert verify(tmp_path, Seal.check) == ()


def test_records_beyond_the_head_are_sealed_by_the_next_writer(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    _written(tmp_path / "shorter", 4)
    (tmp_path / "shorter" / LOG).write_bytes(b"".join(lines))
    assert [fault.warning for fault in verify(tmp_path / "shorter", Seal.check)] == [True]
    Journal(tmp_path / "shorter", Seal(), _clock).close()
    assert verify(tmp_path / "shorter", Seal.check) == ()


def test_a_writer_refuses_to_go_on_after_a_change(tmp_path: Path) -> None:
    lines = _written(tmp_path)
    lines[1] = lines[1].replace("王工".encode(), "李工".encode())
    (tmp_path / LOG).write_bytes(b"".join(lines))
    with pytest.raises(JournalError, match="Record 2"):
        Journal(tmp_path, Seal(), _clock)


def test_two_writers_do_not_share_a_journal(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(JournalError, match="another process"):
        Journal(tmp_path)


_ENDLESS = """
import sys
from pathlib import Path
from netops.journal import Act, Journal
with Journal(Path(sys.argv[1])) as journal:
    while True:
        (record,) = journal.append([Act("a", "issue")])
        print(record.number, flush=True)
"""


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    for lines in range(1, 21):
        writer = subprocess.Popen(
            [sys.executable, "-c", _ENDLESS, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(lines)][-1]
        writer.kill()
        rest = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        acknowledged = max([acknowledged, *map(int, rest[:-1])])
        with Journal(tmp_path) as journal:
            assert journal.last >= acknowledged
        assert verify(tmp_path) == ()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_refuses_the_act(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append([Act("a", "issue")])
        os.dup2(os.open("/dev/full", os.O_WRONLY), journal._stream.fileno())
        with pytest.raises(JournalError, match="cannot be written"):
            journal.append([Act("a", "issue", {"refused": True})])
        assert journal.last == 1
    assert verify(tmp_path) == ()
    assert b"refused" not in (tmp_path / LOG).read_bytes()


def test_a_journal_whose_head_was_forged_is_not_sealed_anew(tmp_path: Path) -> None:
    _written(tmp_path)
    head = tmp_path / HEAD
    head.write_bytes(
        head.read_bytes().replace(b"sealed ".hex().encode(), b"forged ".hex().encode())
    )
    with pytest.raises(JournalError, match="signature"):
        Journal(tmp_path, Seal(), _clock, Seal.check)
    assert _kinds(tmp_path) == [("signature", None)]


def test_a_journal_that_was_chained_anew_under_its_old_head_is_refused(tmp_path: Path) -> None:
    _written(tmp_path)
    with Journal(tmp_path / "other", Seal(), _clock) as journal:
        for number in range(1, 6):
            journal.append([Act("李工", "issue", {"serial": f"{number:x}"})])
    (tmp_path / LOG).write_bytes((tmp_path / "other" / LOG).read_bytes())
    with pytest.raises(JournalError, match="Record 5"):
        Journal(tmp_path, Seal(), _clock, Seal.check)


def test_a_journal_that_was_taken_away_is_not_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="not here"):
        Journal(tmp_path, Seal(), _clock, Seal.check)
    _written(tmp_path)
    (tmp_path / HEAD).unlink()
    with pytest.raises(JournalError, match="lost its head"):
        Journal(tmp_path, Seal(), _clock, Seal.check)
