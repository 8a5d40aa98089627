"""Measurements in a snapshot: kept, sealed, found changed, compared, carried away."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from netops.errors import SnapshotError
from netops.evidence import (
    DeviceRecord,
    Observation,
    Outcome,
    SnapshotReader,
    SnapshotWriter,
    diff_snapshots,
    export_snapshot,
    measurement,
    verify,
)
from netops.facts.device import Contact
from netops.facts.measurements import Echoes, Egress, EgressState, Hop
from netops.facts.measurements import Path as Trace

AT = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)
HERE = ip_address("10.1.0.9")
ECHOES = Echoes("V", ip_address("10.2.0.1"), "icmp", 3, (1.5, 2.0), AT, HERE)
TRACE = Trace(
    "V", ip_address("198.51.100.7"), "udp", 1,
    (Hop(1, (ip_address("10.1.0.1"),), (0.5,)), Hop(2), Hop(3, (ip_address("2001:db8::1"),))),
    False, AT, None, "it hides",
)  # fmt: skip
EGRESS = Egress(
    "V", "R-1", 4, "tcp", EgressState.CONFIRMED, AT, HERE, ip_address("203.0.113.9"), 4711
)


def record(vantage: str, *values: measurement.Measurement) -> DeviceRecord:
    observations = tuple(
        Observation(f"{vantage}#{n}", vantage, f"question {n}", "probe", AT.isoformat(), 0.0,
                    Outcome.ACCEPTED, measurement.encode(value))
        for n, value in enumerate(values, start=1)
    )  # fmt: skip
    return DeviceRecord(vantage, "probe", Contact.ANSWERED, observations=observations)


def snapshot(folder: Path, *records: DeviceRecord) -> SnapshotReader:
    source = folder / "inventory"
    source.mkdir(exist_ok=True)
    vantages = [one.device for one in records]
    with SnapshotWriter.create(folder / "snapshots", source, "sm3:x", ["d1"], vantages) as writer:
        writer.add(DeviceRecord("d1", "frr", Contact.ANSWERED))
        for one in records:
            writer.add_probes(one)
        writer.finish()
        return SnapshotReader(writer.path)


@pytest.mark.parametrize("value", [ECHOES, TRACE, EGRESS])
def test_a_measurement_comes_back_as_it_was(value: measurement.Measurement) -> None:
    assert measurement.decode(measurement.encode(value)) == value


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "netops/measurement/9"}, {"kind": "wish"}, {"target": "here"}, {"sent": -1},
        {"sent": True}, {"sent": 1}, {"round_trips_ms": [float("nan")]}, {"round_trips_ms": [-1]},
        {"round_trips_ms": "1"}, {"at": "2026-03-01T08:00:00"}, {"at": 5}, {"vantage": None},
        {"source": "10.1.0.999"},
    ],
)  # fmt: skip
def test_a_document_of_another_form_is_no_measurement(change: dict[str, object]) -> None:
    document = json.loads(measurement.encode(ECHOES)) | change

    with pytest.raises(ValueError):  # noqa: PT011 - every way of being wrong
        measurement.decode(json.dumps(document).encode())


def test_only_a_confirmed_answer_may_name_an_address() -> None:
    document = json.loads(measurement.encode(EGRESS)) | {"state": "forged"}

    with pytest.raises(ValueError, match="only a confirmed"):
        measurement.decode(json.dumps(document).encode())


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000])
def test_noise_is_no_measurement(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every way of being wrong
        measurement.decode(raw)


def test_probes_are_read_back_and_sealed_like_devices(tmp_path: Path) -> None:
    reader = snapshot(tmp_path, record("V", ECHOES, TRACE), record("../W", EGRESS))

    assert reader.asked_vantages == ("V", "../W")
    assert reader.vantages == ("../W", "V")
    assert [one.device for one in reader.probes()] == ["../W", "V"]
    assert measurement.decode(reader.read_probes("V").observations[1].raw) == TRACE
    assert reader.devices == ("d1",)
    assert reader.manifest["counts"]["vantages"] == 2
    assert verify(reader.path) == ()


def test_a_changed_measurement_is_found_and_named(tmp_path: Path) -> None:
    reader = snapshot(tmp_path, record("V", ECHOES))
    other = snapshot(tmp_path, record("V", EGRESS))
    target = reader.path / "probes" / "V.jsonl.gz"
    shutil.copyfile(other.path / "probes" / "V.jsonl.gz", target)

    (fault,) = verify(reader.path)

    assert (fault.kind, fault.place.file) == ("changed", str(target))
    with pytest.raises(SnapshotError, match="not what the manifest says"):
        list(SnapshotReader(reader.path).probes())


def test_a_damaged_measurement_is_named_by_its_observation(tmp_path: Path) -> None:
    reader = snapshot(tmp_path, record("V", ECHOES, EGRESS))
    target = reader.path / "probes" / "V.jsonl.gz"
    target.write_bytes(target.read_bytes()[:-20])

    kinds = {fault.kind for fault in verify(reader.path)}

    assert kinds == {"changed", "damaged"}


def test_a_vantage_that_is_done_is_not_measured_again(tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    with SnapshotWriter.create(
        tmp_path / "snapshots", tmp_path / "inventory", "sm3:x", ["d1"], ["V", "W"]
    ) as writer:
        writer.add_probes(record("V", ECHOES))
        path = writer.path
    leftover = path / "probes" / "W.jsonl.gz.part"
    leftover.write_bytes(b"half")

    with SnapshotWriter.resume(path, "sm3:x") as writer:
        assert writer.missing_vantages == ("W",)
        assert not leftover.exists()
        writer.add_probes(record("W", EGRESS))
        assert writer.missing_vantages == ()
        writer.finish()

    assert verify(path) == ()


def test_a_snapshot_without_measurements_has_no_folder_for_them(tmp_path: Path) -> None:
    reader = snapshot(tmp_path)

    assert reader.vantages == ()
    assert list(reader.probes()) == []
    assert not (reader.path / "probes").exists()
    assert "vantages" not in reader.manifest["counts"]


def test_comparing_tells_what_came_out_otherwise_and_not_its_times(tmp_path: Path) -> None:
    slower = Echoes("V", ECHOES.target, "icmp", 3, (9.5, 9.0), AT, HERE)
    elsewhere = Egress(
        "V", "R-1", 4, "tcp", EgressState.CONFIRMED, AT, HERE, ip_address("203.0.113.77"), 1
    )
    before = snapshot(tmp_path, record("V", ECHOES, EGRESS), record("W", TRACE))
    after = snapshot(tmp_path, record("V", slower, elsewhere))

    found = diff_snapshots(before, after).probes

    assert [(one.vantage, one.command, one.before, one.after) for one in found] == [
        ("V", "question 2", "confirmed 203.0.113.9", "confirmed 203.0.113.77"),
        ("W", "question 1", "10.1.0.1 * 2001:db8::1 not reached", ""),
    ]


def test_an_export_carries_the_measurements_apart_from_devices(tmp_path: Path) -> None:
    reader = snapshot(tmp_path, record("V", ECHOES, EGRESS))

    count = export_snapshot(reader, tmp_path / "out")

    written = sorted(p.relative_to(tmp_path / "out").as_posix()
                     for p in (tmp_path / "out").rglob("*.json"))  # fmt: skip
    assert count == 2
    assert written == ["probes/V/00001_question_1.json", "probes/V/00002_question_2.json"]
    raw = (tmp_path / "out" / written[1]).read_bytes()
    assert measurement.decode(raw) == EGRESS
