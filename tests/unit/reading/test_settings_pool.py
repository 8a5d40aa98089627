"""Settings of many devices, read in several processes: the same, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from netops.errors import SnapshotError
from netops.evidence import (
    DeviceRecord,
    Observation,
    Outcome,
    SnapshotReader,
    SnapshotWriter,
    Workspace,
    layout,
)
from netops.facts.device import Contact
from netops.reading import settings_pool
from netops.reading.settings import read_settings

COMMAND = "display current-configuration"
AT = "2026-03-01T08:00:00.000+00:00"


def record(number: int) -> DeviceRecord:
    text = f"!Software Version V200R019C10\n#\nsysname R{number}\n#\nsnmp-agent\n#\nreturn\n"
    name = f"D{number:02}"
    shown = Observation(f"{name}#1", name, COMMAND, "ssh", AT, 0.1, Outcome.ACCEPTED, text.encode())
    return DeviceRecord(name, "huawei_vrp", Contact.ANSWERED, observations=(shown,))


@pytest.fixture
def reader(tmp_path: Path) -> SnapshotReader:
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    (inventory / "inventory.yaml").write_text("schema: netops/inventory/1\n")
    records = [record(number) for number in range(9)]
    folder = Workspace(tmp_path / "ws").snapshots
    asked = [one.device for one in records]
    with SnapshotWriter.create(folder, inventory, "sm3:inv", asked) as writer:
        for one in records:
            writer.add(one)
        writer.finish()
    return SnapshotReader(writer.path)


def test_several_processes_read_what_one_reads(
    reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_pool, "FEW", 2)
    names = list(reversed(reader.devices))
    found = list(settings_pool.read_many(reader, names, processes=2))
    assert found == [read_settings(record(int(name[1:]))) for name in names]


def test_few_devices_are_read_here(reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("no process is needed")

    monkeypatch.setattr(settings_pool, "_in_processes", refuse)
    found = list(settings_pool.read_many(reader, reader.devices, processes=2))
    assert [facts.device for facts in found] == list(reader.devices)


def test_a_fault_in_a_process_is_told_with_its_place(
    reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_pool, "FEW", 2)
    (reader.path / layout.DEVICES / layout.file_name("D05")).write_bytes(b"changed")
    with pytest.raises(SnapshotError, match="D05"):
        list(settings_pool.read_many(reader, reader.devices, processes=2))
