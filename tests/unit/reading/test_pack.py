"""Records in one file: whole ones come back, torn ones never do and harm no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from netops.reading.pack import Pack

A, B, C = (letter * 32 for letter in (b"a", b"b", b"c"))
HEAD = 44
"""Octets before each record."""


def test_records_come_back_from_the_file(tmp_path: Path) -> None:
    pack = Pack(tmp_path / "p")
    pack.put(A, b"first")
    pack.put(B, b"second")

    assert (pack.get(A), pack.get(B), pack.get(C)) == (b"first", b"second", b"")
    again = Pack(tmp_path / "p")
    assert (again.get(A), again.get(B), again.get(C)) == (b"first", b"second", b"")
    assert (tmp_path / "p").stat().st_size == 2 * HEAD + len(b"first" + b"second")


def test_the_later_of_two_records_of_a_name_counts(tmp_path: Path) -> None:
    pack = Pack(tmp_path / "p")
    pack.put(A, b"first")
    pack.put(A, b"second")

    assert (pack.get(A), Pack(tmp_path / "p").get(A)) == (b"second", b"second")


@pytest.mark.parametrize("left", range(1, HEAD + 6))
def test_a_torn_record_is_not_seen_and_cut_off_by_the_next_writer(
    tmp_path: Path, left: int
) -> None:
    first = Pack(tmp_path / "p")
    first.put(A, b"first")
    first.put(B, b"second")
    del first
    path = tmp_path / "p"
    path.write_bytes(path.read_bytes()[: HEAD + 5 + left - 1])

    again = Pack(path)
    assert (again.get(A), again.get(B)) == (b"first", b"")
    again.put(C, b"third")

    assert [Pack(path).get(name) for name in (A, B, C)] == [b"first", b"", b"third"]
    assert path.stat().st_size == 2 * (HEAD + 5)


def test_what_is_no_pack_is_empty_and_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_bytes(b"\xff" * 1000)

    pack = Pack(path)
    assert pack.get(A) == b""
    pack.put(A, b"first")

    assert Pack(path).get(A) == b"first"


def test_a_record_that_claims_more_than_the_file_holds_is_none(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_bytes(b"NOR1" + A + b"\xff" * 8 + b"first")

    assert Pack(path).get(A) == b""


def test_a_second_writer_reads_and_keeps_nothing(tmp_path: Path) -> None:
    first = Pack(tmp_path / "p")
    first.put(A, b"first")

    second = Pack(tmp_path / "p")
    second.put(B, b"second")
    assert (second.get(A), second.get(B)) == (b"first", b"")

    del second
    first.put(C, b"third")
    assert [Pack(tmp_path / "p").get(name) for name in (A, B, C)] == [b"first", b"", b"third"]


def test_a_pack_that_is_emptied_meanwhile_gives_nothing(tmp_path: Path) -> None:
    pack = Pack(tmp_path / "p")
    pack.put(A, b"first")
    (tmp_path / "p").write_bytes(b"")

    assert pack.get(A) == b""


def test_a_pack_in_a_place_that_is_not_there_keeps_nothing(tmp_path: Path) -> None:
    pack = Pack(tmp_path / "missing" / "p")
    pack.put(A, b"first")

    assert pack.get(A) == b""


_WRITES_FOREVER = """
import sys
from pathlib import Path
from netops.reading.pack import Pack
pack = Pack(Path(sys.argv[1]))
for number in range(1 << 40):
    pack.put(number.to_bytes(32), number.to_bytes(4) * 2000)
    if number == 50:
        print("begun", flush=True)
"""


def test_kill_9_leaves_whole_records(tmp_path: Path) -> None:
    path = tmp_path / "p"
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITES_FOREVER, str(path)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.kill()
    process.communicate()

    pack = Pack(path)
    assert all(pack.get(n.to_bytes(32)) == n.to_bytes(4) * 2000 for n in range(51))
    pack.put(A, b"after")
    assert Pack(path).get(A) == b"after"
