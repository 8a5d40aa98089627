"""``snapshot take --active``: what is asked from where, and that all of it ends as evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from probe_sites import FAST, access, host, inventory
from reflectors import KEY, honest

from netops.cli.measuring import measuring, points
from netops.errors import InputError, UsageError
from netops.evidence import SnapshotReader, SnapshotWriter, verify
from netops.facts.measurements import EgressState, Reach
from netops.inventory.model import (
    Device,
    Exit,
    ExitLine,
    Inventory,
    Probing,
    Reflector,
    SpoofPermit,
    Vantage,
)
from netops.probing.plan import MOST_PATHS, MOST_TARGETS_OF_DEVICE, errands_for, orders_for
from netops.probing.spoofed import permit_for
from netops.reading.measurements import read_measurements

HERE = ip_address("127.0.0.1")
BOTH = Reflector("R-1", (ip_address("198.51.100.7"), ip_address("2001:db8::7")), 7007, "env:K", 80)


def with_probing(records: Inventory, reflector: Reflector, *vantages: Vantage) -> Inventory:
    found = Probing({one.id: one for one in vantages}, {reflector.id: reflector})
    return replace(records, probing=found)


def many(count: int) -> dict[str, Device]:
    pattern = inventory(22).devices["far"]
    return {
        f"d{n}": replace(pattern, id=f"d{n}", address=ip_address(f"10.0.{n // 250}.{n % 250 + 1}"))
        for n in range(count)
    }


def test_every_source_family_and_protocol_is_asked_of_every_reflector() -> None:
    sources = (ip_address("10.1.0.9"), ip_address("10.1.1.9"), ip_address("2001:db8:1::9"))

    asked = [one.command for one in errands_for(sources, [BOTH])]

    assert asked == [
        "egress R-1 tcp ipv4 at 198.51.100.7 from 10.1.0.9",
        "egress R-1 udp ipv4 at 198.51.100.7 from 10.1.0.9",
        "egress R-1 http ipv4 at 198.51.100.7 from 10.1.0.9",
        "egress R-1 tcp ipv4 at 198.51.100.7 from 10.1.1.9",
        "egress R-1 udp ipv4 at 198.51.100.7 from 10.1.1.9",
        "egress R-1 http ipv4 at 198.51.100.7 from 10.1.1.9",
        "egress R-1 tcp ipv6 at 2001:db8::7 from 2001:db8:1::9",
        "egress R-1 udp ipv6 at 2001:db8::7 from 2001:db8:1::9",
        "egress R-1 http ipv6 at 2001:db8::7 from 2001:db8:1::9",
    ]


def test_a_machine_of_ours_probes_all_devices_and_traces_a_bounded_sample() -> None:
    vantage = Vantage("V", "local")
    exit_ = Exit("X", "430000", "出口", (ExitLine("d299", "eth0", "电信"),))
    records = replace(
        with_probing(inventory(22), BOTH, vantage), devices=many(300), exits={"X": exit_}
    )

    orders = orders_for(vantage, records)

    (reach,), (paths,) = orders.reach, orders.paths
    assert len(reach.targets) == 300
    assert len(paths.targets) == MOST_PATHS
    assert paths.targets[:3] == (*BOTH.addresses, records.devices["d299"].address)
    assert orders.notes == ("paths are traced to 24 targets of 300",)


def test_a_device_is_asked_little_and_the_note_says_so() -> None:
    vantage = Vantage("V", "device", "d0", sources=(ip_address("10.1.0.9"),))
    records = replace(with_probing(inventory(22), BOTH, vantage), devices=many(300))

    orders = orders_for(vantage, records)

    assert sum(len(one.targets) for one in orders.reach) <= MOST_TARGETS_OF_DEVICE
    assert orders.errands == ()
    assert all(t.version == 4 for one in orders.reach for t in one.targets)
    assert "of 302" in orders.notes[0]


def test_a_snapshot_measures_from_every_vantage_and_goes_on_where_it_was_cut(
    tmp_path: Path,
) -> None:
    with honest() as served, host() as port:
        reflector = replace(served, zone="", dns_port=None, key="file:secrets/reflector")
        vantages = (
            Vantage("here", "local", sources=(HERE,)),
            Vantage("far", "host", "far"),
            Vantage("gone", "host", "gone"),
        )
        base = inventory(port)
        gone = replace(base.devices["far"], id="gone", port=1, address=ip_address("127.0.0.9"))
        records = with_probing(
            replace(base, devices={**base.devices, "gone": gone}), reflector, *vantages
        )
        folder = tmp_path / "inventory"
        access(folder, records)
        key = folder / "secrets" / "reflector"
        key.touch(mode=0o600)
        key.write_bytes(KEY)
        measure = measuring(records, folder, [], FAST)
        with SnapshotWriter.create(
            tmp_path / "snapshots", folder, "sm3:x", ["far"], points(records)
        ) as writer:
            faults = measure(writer)
            again = measure(writer)
            writer.finish()

    reader = SnapshotReader(writer.path)
    found = read_measurements(reader, records)
    assert [fault.split(":")[0] for fault in faults] == ["gone"]
    assert again == ()
    assert verify(reader.path) == ()
    assert {v.id: [str(p) for p in v.subnets] for v in found.vantages.values()} == {
        "far": ["127.0.0.0/25", "10.1.0.0/24"],
        "gone": ["127.0.0.0/25", "10.1.0.0/24"],
        "here": ["127.0.0.0/25"],
    }
    states = {(e.vantage, e.protocol): (e.state, e.seen) for e in found.egresses}
    for vantage in ("here", "far"):
        for protocol in ("tcp", "udp", "http"):
            assert states[vantage, protocol] == (EgressState.CONFIRMED, HERE)
    assert {states["gone", p][0] for p in ("tcp", "udp", "http")} == {EgressState.NOT_MEASURED}
    reach = {(e.vantage, str(e.target)): e.reach for e in found.echoes}
    assert reach["far", "127.0.0.9"] is Reach.WORKS
    assert reach["gone", "127.0.0.1"] is Reach.NOT_MEASURED
    assert all(e.evidence.observation in found.digests for e in found.egresses)
    kept = b"".join(path.read_bytes() for path in reader.path.rglob("*") if path.is_file())
    assert KEY not in kept


def test_a_reflector_whose_key_is_missing_is_a_fault_and_not_measured(tmp_path: Path) -> None:
    with honest() as served:
        reflector = replace(served, key="file:secrets/none", zone="", dns_port=None)
        records = with_probing(inventory(1), reflector, Vantage("here", "local"))
        (tmp_path / "inventory").mkdir()
        measure = measuring(records, tmp_path / "inventory", [], FAST)
        with SnapshotWriter.create(
            tmp_path / "snapshots", tmp_path / "inventory", "sm3:x", [], ["here"]
        ) as writer:
            faults = measure(writer)
            writer.finish()

    found = read_measurements(SnapshotReader(writer.path), records)
    assert faults[0].startswith("R-1: ")
    assert {one.state for one in found.egresses} == {EgressState.NOT_MEASURED}
    assert {one.detail for one in found.egresses} == {"the key of the reflector is not known"}


def test_without_a_vantage_point_nothing_can_be_measured() -> None:
    with pytest.raises(UsageError, match="no vantage point"):
        points(inventory(22))


NAT_LOG = b"no known form\n"


def test_exports_of_flows_are_kept_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    export = tmp_path / "exit1.log"
    export.write_bytes(NAT_LOG)
    records = inventory(22)
    measure = measuring(records, tmp_path / "inventory", [export, export], FAST)
    with SnapshotWriter.create(
        tmp_path / "snapshots", tmp_path / "inventory", "sm3:x", []
    ) as writer:
        assert measure(writer) == ()
        writer.finish()

    reader = SnapshotReader(writer.path)
    (kept,) = reader.read_probes("flows").observations
    assert (kept.command, kept.source, kept.raw) == ("flows exit1.log", "file", NAT_LOG)
    assert read_measurements(reader, records).vantages == {}


def test_an_export_that_cannot_be_read_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        measuring(inventory(22), tmp_path, [tmp_path / "none"], FAST)


PERMIT = SpoofPermit(ip_network("10.2.0.0/24"), "区教育局", "2026-9", date(2026, 6, 30))
INSIDE = ip_address("10.2.0.5")
BORROWED = ip_address("198.51.100.7")


@pytest.mark.parametrize(
    ("target", "source", "day", "said"),
    [
        (INSIDE, None, date(2026, 6, 30), "off unless"),
        (INSIDE, ip_address("203.0.113.1"), date(2026, 6, 30), "no address of a reflector"),
        (INSIDE, ip_address("2001:db8::7"), date(2026, 6, 30), "not of one IP version"),
        (INSIDE, BORROWED, date(2026, 7, 1), "ended on 2026-06-30"),
        (ip_address("10.3.0.5"), BORROWED, date(2026, 6, 30), "No permit covers"),
    ],
)
def test_a_borrowed_source_is_refused_with_a_sentence(
    target: object, source: object, day: date, said: str
) -> None:
    records = with_probing(inventory(22), BOTH)
    records = replace(records, probing=replace(records.probing, spoof_permits=(PERMIT,)))

    with pytest.raises(UsageError, match=said):
        permit_for(records, target, source, day)  # type: ignore[arg-type]


def test_a_permit_in_force_allows_a_borrowed_source() -> None:
    records = with_probing(inventory(22), BOTH)
    records = replace(records, probing=replace(records.probing, spoof_permits=(PERMIT,)))

    assert permit_for(records, INSIDE, BORROWED, date(2026, 6, 30)) is PERMIT
