"""The snapshot bundle: whole or absent, the same bytes, any change found and named."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netops.errors import SnapshotError, UsageError
from netops.evidence import (
    DeviceRecord,
    Observation,
    Outcome,
    SnapshotReader,
    SnapshotWriter,
    Workspace,
    codec,
    diff_snapshots,
    export_snapshot,
    layout,
    verify,
)
from netops.facts.device import Contact


def observation(device: str, command: str, raw: bytes, number: int = 1) -> Observation:
    at = "2026-03-01T08:00:00.000+00:00"
    name = f"{device}#{number}"
    return Observation(name, device, command, "ssh", at, 0.1, Outcome.ACCEPTED, raw)


def record(device: str, raw: bytes = b"display version\r\nVRP\r\n<R1>") -> DeviceRecord:
    return DeviceRecord(
        device, "huawei_vrp", Contact.ANSWERED, observations=(
            observation(device, "display version", raw),
            observation(device, "display clock", b"\xff\xfe clock", 2),
        ), notes=("paging refused",),
    )  # fmt: skip


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    folder = tmp_path / "inventory"
    (folder / "secrets").mkdir(parents=True)
    (folder / "secrets" / "ssh").write_text("hush")
    (folder / "devices.csv").write_text("id\n")
    (folder / "inventory.yaml").write_text("schema: netops/inventory/1\n")
    (folder / "known_hosts").write_text("")
    (folder / "id_rsa").write_text("private")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


def taken(workspace: Workspace, inventory: Path, *records: DeviceRecord) -> SnapshotReader:
    asked = [one.device for one in records]
    with SnapshotWriter.create(workspace.snapshots, inventory, "sm3:inv", asked) as writer:
        for one in records:
            writer.add(one)
        digest = writer.finish()
    reader = SnapshotReader(writer.path)
    assert reader.digest == digest
    return reader


def test_what_is_written_is_read_back(workspace: Workspace, inventory: Path) -> None:
    reader = taken(workspace, inventory, record("a"), record("b/../c"))

    assert reader.devices == ("a", "b/../c")
    assert list(reader) == [record("a"), record("b/../c")]
    assert reader.read("b/../c").observations[1].raw == b"\xff\xfe clock"
    assert reader.manifest["counts"] == {"asked": 2, "contacts": {"answered": 2}}


def test_the_same_record_gives_the_same_bytes() -> None:
    first = codec.encode(record("a"))
    time.sleep(0.01)

    assert codec.encode(record("a")) == first
    assert gzip.decompress(first).count(b"\n") == 3  # the head's, and two in the first answer


def test_secrets_and_stray_files_never_enter_a_snapshot(
    workspace: Workspace, inventory: Path
) -> None:
    reader = taken(workspace, inventory, record("a"))

    names = sorted(path.name for path in reader.inventory_path.iterdir())
    assert names == ["devices.csv", "inventory.yaml", "known_hosts"]


def test_an_untouched_snapshot_verifies(workspace: Workspace, inventory: Path) -> None:
    assert verify(taken(workspace, inventory, record("a")).path) == ()


def _flip(path: Path, at: int = -12) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("share", [0.15, 0.5, 0.85])
def test_damage_is_traced_to_the_answer_it_lies_in(
    workspace: Workspace, inventory: Path, share: float
) -> None:
    dice = random.Random(3)  # noqa: S311 - text that does not compress away
    texts = [dice.randbytes(3000).hex().encode() for _ in range(20)]
    long = replace(
        record("a"),
        observations=tuple(
            observation("a", "display version", t, n) for n, t in enumerate(texts, 1)
        ),
    )
    reader = taken(workspace, inventory, long)
    path = reader.path / "devices" / "a.jsonl.gz"
    _flip(path, int(len(path.read_bytes()) * share))

    (named,) = [f.place.field for f in verify(reader.path) if f.place.field]

    assert named.startswith("a#")
    assert abs(int(named.removeprefix("a#")) - 20 * share) <= 2


@pytest.mark.parametrize("at", [3, 30, -12])
def test_a_flipped_byte_in_a_device_file_is_named(
    workspace: Workspace, inventory: Path, at: int
) -> None:
    reader = taken(workspace, inventory, record("a"), record("b"))
    _flip(reader.path / "devices" / "b.jsonl.gz", at)

    faults = verify(reader.path)

    assert "changed" in {fault.kind for fault in faults}
    assert {Path(fault.place.file).name for fault in faults} == {"b.jsonl.gz"}
    with pytest.raises(SnapshotError, match="not what the manifest says"):
        SnapshotReader(reader.path).read("b")


def test_an_answer_altered_inside_a_repacked_file_is_named(
    workspace: Workspace, inventory: Path
) -> None:
    reader = taken(workspace, inventory, record("a"))
    path = reader.path / "devices" / "a.jsonl.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"VRP", b"XRP")))

    kinds = {(fault.kind, fault.place.field) for fault in verify(reader.path)}

    assert kinds == {("changed", None), ("observation", "a#1")}


def test_missing_and_extra_files_are_named(workspace: Workspace, inventory: Path) -> None:
    reader = taken(workspace, inventory, record("a"), record("b"))
    (reader.path / "devices" / "a.jsonl.gz").unlink()
    (reader.path / "inventory" / "more.csv").write_text("x")

    named = {(fault.kind, Path(fault.place.file).name) for fault in verify(reader.path)}

    assert named == {("missing", "a.jsonl.gz"), ("extra", "more.csv")}


def test_a_device_whose_file_is_gone_is_no_device_that_was_not_asked(
    workspace: Workspace, inventory: Path
) -> None:
    path = taken(workspace, inventory, record("a"), record("b")).path
    (path / "devices" / "a.jsonl.gz").unlink()
    reader = SnapshotReader(path)

    assert reader.devices == ("a", "b")
    with pytest.raises(SnapshotError, match="file of device a is missing") as caught:
        list(reader)
    assert str(caught.value.place).endswith("a.jsonl.gz")


def test_every_flipped_byte_of_the_manifest_is_found(workspace: Workspace, inventory: Path) -> None:
    path = taken(workspace, inventory, record("a")).path
    good = (path / "manifest.json").read_bytes()

    for at in range(0, len(good), 7):
        _flip(path / "manifest.json", at)
        assert "manifest" in {fault.kind for fault in verify(path)}, at
        (path / "manifest.json").write_bytes(good)


def test_latest_is_the_newest_complete_snapshot(workspace: Workspace, inventory: Path) -> None:
    taken(workspace, inventory, record("a"))
    second = taken(workspace, inventory, record("a"))
    SnapshotWriter.create(workspace.snapshots, inventory, "sm3:inv", ["a"]).close()

    assert workspace.latest().id == second.id
    assert workspace.resolve(second.id).id == second.id
    assert workspace.resolve(str(second.path)).id == second.id
    assert [reader.is_complete for reader in workspace] == [True, True, False]


def test_a_snapshot_that_is_not_there_is_said_to_be_missing(workspace: Workspace) -> None:
    with pytest.raises(SnapshotError, match="no complete snapshot"):
        workspace.resolve("latest")
    with pytest.raises(SnapshotError, match="There is no snapshot"):
        workspace.resolve("20990101T000000000Z")
    with pytest.raises(SnapshotError, match="There is no snapshot ''"):
        workspace.resolve("")


@pytest.mark.parametrize("reference", ["latest", "20990101T000000000Z"])
def test_a_workspace_that_is_a_file_is_said_to_be_one(reference: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(SnapshotError, match="workspace is not a folder") as caught:
        Workspace(tmp_path / "file").resolve(reference)

    assert str(caught.value.place) == str(tmp_path / "file")


def test_octets_that_are_no_text_name_no_device_and_stop_nothing(
    workspace: Workspace, inventory: Path
) -> None:
    reader = taken(workspace, inventory, record("a"))

    with pytest.raises(SnapshotError, match="holds nothing of device"):
        reader.read("\udcff")


def test_ids_sort_by_time_and_are_safe_names() -> None:
    first = layout.new_id(datetime(2026, 3, 1, 8, 0, 0, 5000, UTC))
    later = layout.new_id(datetime(2026, 3, 1, 8, 0, 0, 123000, UTC))

    assert (first, later) == ("20260301T080000005Z", "20260301T080000123Z")
    assert layout.is_id(first)
    assert not layout.is_id("../" + first)


def test_a_resumed_snapshot_misses_only_what_has_no_file(
    workspace: Workspace, inventory: Path
) -> None:
    writer = SnapshotWriter.create(workspace.snapshots, inventory, "sm3:inv", ["a", "b", "c"])
    writer.add(record("b"))
    (writer.path / "devices" / "c.jsonl.gz.part").write_bytes(b"half")
    writer.close()

    with SnapshotWriter.resume(writer.path, "sm3:inv") as resumed:
        assert resumed.missing == ("a", "c")
        resumed.add(record("a"))
        resumed.add(record("c"))
        resumed.finish()

    assert verify(writer.path) == ()
    with pytest.raises(UsageError, match="nothing to resume"):
        SnapshotWriter.resume(writer.path, "sm3:inv")


def test_another_inventory_cannot_resume_a_snapshot(workspace: Workspace, inventory: Path) -> None:
    writer = SnapshotWriter.create(workspace.snapshots, inventory, "sm3:inv", ["a"])
    writer.close()

    with pytest.raises(SnapshotError, match="another inventory"):
        SnapshotWriter.resume(writer.path, "sm3:other")


def test_two_writers_never_hold_one_snapshot(workspace: Workspace, inventory: Path) -> None:
    with (
        SnapshotWriter.create(workspace.snapshots, inventory, "sm3:inv", ["a"]) as writer,
        pytest.raises(UsageError, match="another process"),
    ):
        SnapshotWriter.resume(writer.path, "sm3:inv")


_WRITES_FOREVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_snapshot_bundle import record
from netops.evidence import SnapshotWriter
writer = SnapshotWriter.create(Path(sys.argv[1]), Path(sys.argv[2]), "sm3:inv",
                               [f"d{n}" for n in range(100000)])
print("begun", flush=True)
for name in writer.asked:
    writer.add(record(name, b"line\\r\\n" * 2000))
"""


def test_kill_9_leaves_device_files_whole_or_absent(workspace: Workspace, inventory: Path) -> None:
    arguments = [str(workspace.snapshots), str(inventory), str(Path(__file__).parent)]
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITES_FOREVER, *arguments], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    folder = next(workspace.snapshots.iterdir())
    while len(list((folder / "devices").glob("*.jsonl.gz"))) < 5:
        assert process.poll() is None
    process.kill()
    process.communicate()

    reader = SnapshotReader(folder)
    assert not reader.is_complete
    assert len(list(reader)) == len(reader.devices) >= 5
    with SnapshotWriter.resume(folder, "sm3:inv") as resumed:
        assert len(resumed.missing) == 100_000 - len(reader.devices)
    assert not list((folder / "devices").glob("*.part"))


def test_a_difference_names_device_command_and_lines(workspace: Workspace, inventory: Path) -> None:
    before = taken(workspace, inventory, record("a"), record("gone"))
    after = taken(
        workspace, inventory, record("a", b"display version\r\nVRP 8\r\n<R1>"), record("new")
    )

    found = diff_snapshots(before, after)

    assert (found.only_before, found.only_after) == (("gone",), ("new",))
    (device,) = found.devices
    (command,) = device.commands
    assert (device.device, command.command) == ("a", "display version")
    assert (command.removed, command.added) == (("VRP",), ("VRP 8",))


def test_equal_snapshots_have_no_difference(workspace: Workspace, inventory: Path) -> None:
    before = taken(workspace, inventory, record("a"))
    after = taken(workspace, inventory, record("a"))

    assert diff_snapshots(before, after).devices == ()


def test_export_writes_raw_answers_by_device_and_command(
    workspace: Workspace, inventory: Path, tmp_path: Path
) -> None:
    reader = taken(workspace, inventory, record("a"), record(".."))

    assert export_snapshot(reader, tmp_path / "out") == 4

    names = sorted(p.relative_to(tmp_path / "out").as_posix()
                   for p in (tmp_path / "out").rglob("*.txt"))  # fmt: skip
    assert names == [
        "%2E./display_clock.txt", "%2E./display_version.txt",
        "a/display_clock.txt", "a/display_version.txt",
    ]  # fmt: skip
    assert (tmp_path / "out" / "a" / "display_clock.txt").read_bytes() == b"\xff\xfe clock"
    with pytest.raises(UsageError, match="not empty"):
        export_snapshot(reader, tmp_path / "out")


@pytest.mark.parametrize(
    "data",
    [b"", b"junk", gzip.compress(b"{}\n", mtime=0), gzip.compress(b"[1]\n", mtime=0)],
    ids=["empty", "junk", "no fields", "no mapping"],
)
def test_a_damaged_file_is_an_error_not_a_crash(data: bytes) -> None:
    with pytest.raises(SnapshotError, match="damaged"):
        codec.decode(data)


@pytest.mark.parametrize(
    "meta",
    [b"{}", b'{"schema": "netops/snapshot/1", "id": 5}', b"[" * 100_000],
    ids=["no fields", "wrong kinds", "nested"],
)
def test_one_damaged_snapshot_is_named_and_hides_no_other(tmp_path: Path, meta: bytes) -> None:
    damaged = tmp_path / "snapshots" / "20260101T000000000Z"
    damaged.mkdir(parents=True)
    (damaged / "meta.json").write_bytes(meta)

    assert list(Workspace(tmp_path)) == []
    with pytest.raises(SnapshotError):
        Workspace(tmp_path).resolve("20260101T000000000Z")


def test_a_sealed_digest_is_the_digest_and_never_hides_a_changed_answer(
    workspace: Workspace, inventory: Path
) -> None:
    reader = taken(workspace, inventory, record("a"))

    first = reader.read("a").observations[0]
    changed = replace(first, raw=b"another")

    assert first.sealed == first.digest
    assert changed.digest != first.digest
    assert codec.decode(reader.device_bytes("a")).observations[0].sealed == ""
    assert b"sealed" not in gzip.decompress(codec.encode(reader.read("a")))


def test_what_was_cut_short_before_anybody_was_asked_is_not_to_be_resumed(
    workspace: Workspace,
) -> None:
    """Killed while the inventory was copied: there is no ``meta.json`` and nothing to go on with."""
    path = workspace.snapshots / "20260101T000000000Z"
    path.mkdir(parents=True)

    with pytest.raises(SnapshotError) as told:
        SnapshotWriter.resume(path, "sm3:inv")

    assert "take a new snapshot" in str(told.value.remedy)
    assert "--resume" not in str(told.value.remedy)


def test_what_was_cut_short_later_is(workspace: Workspace, inventory: Path) -> None:
    writer = SnapshotWriter.create(workspace.snapshots, inventory, "sm3:inv", ["a"])
    writer.close()

    with pytest.raises(SnapshotError) as told:
        layout.load(writer.path / layout.MANIFEST)

    assert "--resume" in str(told.value.remedy)
