"""A device's file: octets as they came, old files still read, none that lies believed."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netops.errors import SnapshotError
from netops.evidence import (
    DeviceRecord,
    Observation,
    Outcome,
    SnapshotReader,
    SnapshotWriter,
    codec,
    diff_snapshots,
    export_snapshot,
    verify,
)
from netops.facts.device import Contact

FIRST_FORM = (Path(__file__).parents[2] / "data/evidence/device-form-1.jsonl.gz").read_bytes()
VERSION = "display version\r\nVRP (R) software\r\n湘潭\r\n<R1>".encode()
DOCS = Path(__file__).parents[3] / "docs" / "snapshots.md"


def observed(number: int, command: str, raw: bytes, **more: Any) -> Observation:  # noqa: ANN401
    at = f"2026-03-01T08:00:0{number}.000+00:00"
    told = Observation(f"R1#{number}", "R1", command, "ssh", at, 0.25, Outcome.ACCEPTED, raw)
    return replace(told, **more)


RECORD = DeviceRecord(
    "R1", "huawei_vrp", Contact.ANSWERED, "",
    "2026-03-01T08:00:00+00:00", "2026-03-01T08:00:09+00:00",
    (
        observed(1, "display version", VERSION),
        observed(2, "display clock", b"\xff\xfe clock"),
        observed(3, "display arp all", b"display arp",
                 outcome=Outcome.TIMED_OUT, detail="nothing came"),
        observed(4, "system", b'{"rows": []}', source="snmp"),
    ),
    ("paging refused",),
)  # fmt: skip
BODY = VERSION + b"\xff\xfe clock" + b"display arp" + b'{"rows": []}'


def taken(folder: Path) -> SnapshotReader:
    inventory = folder / "inventory"
    inventory.mkdir(exist_ok=True)
    with SnapshotWriter.create(folder / "ws", inventory, "sm3:inv", ["R1"]) as writer:
        writer.add(RECORD)
        writer.finish()
    return SnapshotReader(writer.path)


@pytest.fixture
def old_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SnapshotReader:
    with monkeypatch.context() as past:
        past.setattr(codec, "encode", lambda _: FIRST_FORM)
        return taken(tmp_path)


def test_the_octets_stand_behind_the_line_as_they_came() -> None:
    line, _, body = gzip.decompress(codec.encode(RECORD)).partition(b"\n")

    head = json.loads(line)
    assert (head["schema"], head["device"]) == ("netops/device/2", "R1")
    assert [row["size"] for row in head["observations"]] == [47, 8, 11, 12]
    assert head["observations"][2]["digest"] == (
        "sm3:446e33dbca491e6dd71ea4aaab6ba73cce4871387d49145038dee54504c3aa16"
    )
    assert body == BODY


def test_a_record_comes_back_and_gives_the_same_bytes() -> None:
    data = codec.encode(RECORD)

    assert codec.decode(data) == RECORD
    assert codec.encode(codec.decode(data)) == data


@pytest.mark.parametrize("size", [0, 65_000, 70_000, 1 << 20])
def test_answers_and_heads_of_any_length_come_back(size: int) -> None:
    long = replace(
        RECORD,
        notes=("x" * size,),
        observations=(observed(1, "a", b"y" * size), observed(2, "b", b""), *RECORD.observations),
    )

    assert codec.decode(codec.encode(long)) == long


def test_a_device_without_an_answer_has_a_line_alone() -> None:
    silent = DeviceRecord("R1", "frr", Contact.UNREACHABLE, "no route")

    assert gzip.decompress(codec.encode(silent)).count(b"\n") == 1
    assert codec.decode(codec.encode(silent)) == silent


def test_a_file_of_the_first_form_is_read() -> None:
    assert codec.decode(FIRST_FORM) == RECORD
    assert codec.stored_digests(FIRST_FORM) == codec.stored_digests(codec.encode(RECORD))


def test_an_old_snapshot_is_verified_and_compared(
    old_snapshot: SnapshotReader, tmp_path: Path
) -> None:
    new = taken(tmp_path)

    assert verify(old_snapshot.path) == ()
    assert old_snapshot.read("R1").observations[1].sealed == RECORD.observations[1].digest
    assert diff_snapshots(old_snapshot, new).devices == ()


def test_an_old_snapshot_is_exported(old_snapshot: SnapshotReader, tmp_path: Path) -> None:
    assert export_snapshot(old_snapshot, tmp_path / "out") == 4
    assert (tmp_path / "out/R1/display_version.txt").read_bytes() == VERSION


def test_an_old_unfinished_snapshot_is_resumed(tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    writer = SnapshotWriter.create(tmp_path, tmp_path / "inventory", "sm3:inv", ["R1", "R2"])
    writer.close()
    (writer.path / "devices" / "R1.jsonl.gz").write_bytes(FIRST_FORM)

    with SnapshotWriter.resume(writer.path, "sm3:inv") as resumed:
        assert resumed.missing == ("R2",)
        resumed.add(replace(RECORD, device="R2"))
        resumed.finish()

    assert verify(writer.path) == ()
    assert [record.platform for record in SnapshotReader(writer.path)] == ["huawei_vrp"] * 2


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [(b"VRP", b"XRP", "R1#1"), (b'display arp"', b'display axp"', "R1#3")],
)
def test_a_changed_answer_of_the_first_form_is_named(
    old_snapshot: SnapshotReader, old: bytes, new: bytes, named: str
) -> None:
    path = old_snapshot.path / "devices" / "R1.jsonl.gz"
    path.write_bytes(gzip.compress(gzip.decompress(FIRST_FORM).replace(old, new)))

    kinds = {(fault.kind, fault.place.field) for fault in verify(old_snapshot.path)}

    assert kinds == {("changed", None), ("observation", named)}


def test_damage_in_a_file_of_the_first_form_is_traced_to_its_answer() -> None:
    lines = gzip.decompress(FIRST_FORM).splitlines(keepends=True)

    assert codec.first_damaged(gzip.compress(b"".join(lines[:3]) + lines[3][:50])) == "R1#3"


def head_of(change: Callable[[dict[str, Any]], None]) -> bytes:
    line, _, body = gzip.decompress(codec.encode(RECORD)).partition(b"\n")
    head = json.loads(line)
    change(head)
    return gzip.compress(json.dumps(head).encode() + b"\n" + body)


def sizes(*told: object) -> Callable[[dict[str, Any]], None]:
    def change(head: dict[str, Any]) -> None:
        for row, size in zip(head["observations"], told, strict=True):
            row["size"] = size

    return change


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda head: head["observations"][1].pop(name) and None


def telling(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda head: head["observations"][1].update({name: value})


LIES: dict[str, Callable[[dict[str, Any]], None]] = {
    "an octet more": sizes(47, 8, 11, 13),
    "an octet fewer": sizes(47, 8, 11, 11),
    "negative": sizes(59, -4, 11, 12),
    "overlapping": sizes(47, 47, -28, 12),
    "a fraction": sizes(47.0, 8, 11, 12),
    "a truth": sizes(54, True, 11, 12),
    "a text": sizes("47", 8, 11, 12),
    "beyond any file": sizes(47, 8, 11, 1 << 80),
    "more than there may be": sizes(47, 8, 11, 1 << 30),
    "no size": without("size"),
    "no digest": without("digest"),
    "no command": without("command"),
    "a command that is none": telling("command", ["display clock"]),
    "an outcome that is none": telling("outcome", "splendid"),
    "another form": lambda head: head.update(schema="netops/device/3"),
    "a count in place of rows": lambda head: head.update(observations=4),
    "rows that are none": lambda head: head.update(observations=[[], [], [], []]),
    "a row fewer": lambda head: head["observations"].pop() and None,
}


@pytest.mark.parametrize("change", LIES.values(), ids=LIES.keys())
def test_a_head_that_lies_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    data = head_of(change)

    with pytest.raises(SnapshotError, match="damaged"):
        codec.decode(data)
    assert codec.first_damaged(data) in {"", "R1#1", "R1#2", "R1#3", "R1#4"}


def test_sizes_that_are_shifted_do_not_fit_their_digests(tmp_path: Path) -> None:
    reader = taken(tmp_path)
    data = head_of(sizes(47, 9, 10, 12))
    (reader.path / "devices" / "R1.jsonl.gz").write_bytes(data)

    named = [f.place.field for f in verify(reader.path) if f.kind == "observation"]

    assert named == ["R1#2", "R1#3"]
    assert codec.first_damaged(data) == "R1#2"


WHOLE = codec.encode(RECORD)


@pytest.mark.parametrize(
    "data",
    [
        *(WHOLE[:n] for n in (0, 5, 40, len(WHOLE) // 2, len(WHOLE) - 9, len(WHOLE) - 1)),
        WHOLE + b"x",
        WHOLE + WHOLE,
        gzip.compress(b""),
        gzip.compress(b"no line"),
        gzip.compress(b"[" * 100_000 + b"\n"),
        gzip.compress(b'{"a":' * 100_000 + b"\n"),
        gzip.compress(b"\n" * 1000),
        gzip.compress(b"\xff\xfe\n"),
        gzip.compress(b"null\n"),
    ],
    ids=range(15),  # octets that hold the time of day would name a test anew in each process
)
def test_what_is_no_whole_file_is_refused(data: bytes) -> None:
    with pytest.raises(SnapshotError, match="damaged"):
        codec.decode(data)
    assert codec.first_damaged(data) in {"", "R1#1", "R1#2", "R1#3", "R1#4"}


def test_no_more_is_unpacked_than_the_head_names() -> None:
    line = gzip.decompress(WHOLE).partition(b"\n")[0]
    bomb = gzip.compress(line + b"\n" + BODY + bytes(1 << 26), compresslevel=1)

    tracemalloc.start()
    with pytest.raises(SnapshotError, match="damaged"):
        codec.decode(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1 << 21


@pytest.mark.parametrize("begin", [b"", b'{"schema": "netops/device/1", "observations": 1}\n'])
def test_a_bomb_without_an_end_is_given_up(begin: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_MAX_BYTES", 1 << 20)
    monkeypatch.setattr(codec, "_MAX_LINE", 1 << 20)
    bomb = gzip.compress(begin + b"x" * (1 << 25), compresslevel=1)

    tracemalloc.start()
    with pytest.raises(SnapshotError, match="damaged"):
        codec.decode(bomb)
    assert codec.first_damaged(bomb) == ""
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1 << 23


def test_a_person_reads_a_file_as_the_page_says(tmp_path: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    script = text.partition("python3 -c '\n")[2].partition("'\n```")[0]
    assert len(script.splitlines()) == 5

    read = subprocess.run([sys.executable, "-c", script], input=gzip.decompress(WHOLE),
                          cwd=tmp_path, check=True, capture_output=True)  # fmt: skip

    parts = read.stdout.split(b"== ")
    assert parts[1].startswith(b"display version 2026-03-01T08:00:01.000+00:00 accepted sm3:09f7")
    assert parts[1].endswith(b"\n" + VERSION + b"\n")
    assert parts[2].endswith(b"\n\xff\xfe clock\n")
