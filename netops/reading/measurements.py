"""What a snapshot measured, as facts: documents of probes and what devices' own commands printed.

Each fact names its observation. What cannot be read is no measurement of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.errors import Place, Sentence, SnapshotError
from netops.evidence import measurement
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.evidence.reader import SnapshotReader
from netops.facts.measurements import (
    Echoes,
    Egress,
    FlowRecord,
    Measurements,
    Path,
    VantagePoint,
)
from netops.facts.source import Source
from netops.inventory.model import Inventory, Vantage
from netops.platforms.base import Platform
from netops.platforms.registry import platform as registered
from netops.reading.cleaning import clean
from netops.reading.flows import parse_flows

FLOWS = "flows"
_PROBE = "probe"


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    echoes: list[Echoes] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    egresses: list[Egress] = field(default_factory=list)
    flows: list[FlowRecord] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, value: Echoes | Path | Egress) -> None:
        if isinstance(value, Echoes):
            self.echoes.append(value)
        elif isinstance(value, Path):
            self.paths.append(value)
        else:
            self.egresses.append(value)


def read_measurements(
    reader: SnapshotReader,
    inventory: Inventory,
    platform_of: Callable[[str], Platform] = registered,
) -> Measurements:
    """Return everything active that the snapshot holds."""
    return measurements_of(reader.probes(), inventory, platform_of)


def measurements_of(
    records: Iterable[DeviceRecord],
    inventory: Inventory,
    platform_of: Callable[[str], Platform] = registered,
) -> Measurements:
    """Return what the records of vantage points hold."""
    found = _Found()
    vantages: dict[str, VantagePoint] = {}
    for record in records:
        if record.device != FLOWS:
            vantages[record.device] = _vantage(record.device, inventory)
        for observation in record.observations:
            _read(observation, record, inventory, (found, platform_of))
    return Measurements(
        echoes=tuple(found.echoes),
        paths=tuple(found.paths),
        egresses=tuple(found.egresses),
        flows=tuple(found.flows),
        vantages=vantages,
        digests=found.digests,
    )


def _read(
    observation: Observation,
    record: DeviceRecord,
    inventory: Inventory,
    into: tuple[_Found, Callable[[str], Platform]],
) -> None:
    found, platform_of = into
    found.digests[observation.id] = observation.digest
    if record.device == FLOWS:
        name = observation.command.removeprefix(f"{FLOWS} ")
        parsed = parse_flows(name, observation.raw, observation.id)
        found.flows.extend(fact for fact in parsed.facts if isinstance(fact, FlowRecord))
        return
    if observation.source == _PROBE:
        found.add(_document(observation, record))
        return
    value = _printed(observation, record, inventory, platform_of)
    if value is not None:
        found.add(value)


def _document(observation: Observation, record: DeviceRecord) -> Echoes | Path | Egress:
    try:
        value = measurement.decode(observation.raw)
    except ValueError as error:
        raise SnapshotError(
            Sentence("The measurement {id} cannot be read.", id=observation.id),
            remedy="It was taken by another version, or was not made by netops.",
            place=Place(f"probes/{record.device}", field=observation.id),
        ) from error
    whole = Source(observation.id, 1, 1)
    return replace(value, vantage=record.device, evidence=whole)


def _printed(
    observation: Observation,
    record: DeviceRecord,
    inventory: Inventory,
    platform_of: Callable[[str], Platform],
) -> Echoes | Path | None:
    """Read what a device's own command printed; None where it gave no proper answer."""
    vantage = inventory.probing.vantages.get(record.device)
    device = inventory.devices.get(vantage.device or "") if vantage is not None else None
    if device is None or observation.outcome is not Outcome.ACCEPTED:
        return None
    platform = platform_of(device.platform)
    try:
        value = platform.measured(clean(observation, platform))
    except Exception:  # noqa: BLE001 - device text is hostile; what breaks a parser was not read
        return None
    if value is None:
        return None
    return replace(value, vantage=record.device, at=datetime.fromisoformat(observation.at))


def _vantage(name: str, inventory: Inventory) -> VantagePoint:
    vantage = inventory.probing.vantages.get(name)
    if vantage is None:
        return VantagePoint(name, "local")
    return VantagePoint(
        name, vantage.kind, vantage.device, vantage.department, _subnets(vantage, inventory)
    )


def _subnets(vantage: Vantage, inventory: Inventory) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the registered subnets for which a vantage point stands.

    With source addresses: those that hold one. Without: those of its department, or of its
    device's. A machine without either stands for nobody.
    """
    device = inventory.devices.get(vantage.device or "")
    name = vantage.department or (device.department if device is not None else None)
    own = inventory.departments.get(name or "")
    listed = inventory.departments.values() if own is None else (own,)
    prefixes = [subnet.prefix for one in listed for subnet in one.subnets]
    if vantage.sources:
        return tuple(p for p in prefixes if any(_in(source, p) for source in vantage.sources))
    return () if own is None else tuple(prefixes)


def _in(address: IPv4Address | IPv6Address, prefix: IPv4Network | IPv6Network) -> bool:
    return address.version == prefix.version and address in prefix
