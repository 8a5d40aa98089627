"""The registered network joined with what was read of it: ends, states, owners, tables.

Refuses to say what follows from it for anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from netops.facts.device import DeviceFacts
from netops.facts.interfaces import Interface
from netops.facts.lookup import PrefixTable
from netops.facts.routes import PUBLIC
from netops.facts.snmp import SnmpInterface
from netops.facts.source import Source
from netops.inventory.model import Inventory, Link, LinkEnd, LinkKind

INSIDE = frozenset({LinkKind.WAN, LinkKind.INTRA})
"""Links of our own that carry the extranet; carriers' lines and access lines are not."""


class EndState(StrEnum):
    """What is known of one end of a link."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EndReading:
    """The state of an end and the lines that show it."""

    state: EndState
    source: Source | None = None


_UNREAD = EndReading(EndState.UNKNOWN)


class Network:
    """Indexes over inventory and facts; judges nothing."""

    def __init__(self, inventory: Inventory, facts: Mapping[str, DeviceFacts]) -> None:
        self.inventory = inventory
        self.facts = facts
        self._tables: dict[str, PrefixTable | None] = {}
        self._ends: dict[LinkEnd, EndReading] = {}

    def has_tables(self, device: str) -> bool:
        """Whether a device gave interfaces and the public IPv4 table by SSH."""
        known = self.facts.get(device)
        return (
            known is not None
            and known.has_answered
            and bool(known.interfaces)
            and (PUBLIC, 4) in known.routes
        )

    def table(self, device: str) -> PrefixTable | None:
        """Return the public IPv4 table of a device; None where it gave none."""
        if device not in self._tables:
            known = self.facts.get(device)
            made = None
            if known is not None and self.has_tables(device):
                made = PrefixTable(4, known.routes[(PUBLIC, 4)].rows)
            self._tables[device] = made
        return self._tables[device]

    def end(self, end: LinkEnd) -> EndReading:
        """Return what is known of one end of a link."""
        if end not in self._ends:
            self._ends[end] = self._read_end(end)
        return self._ends[end]

    def _read_end(self, end: LinkEnd) -> EndReading:
        known = self.facts.get(end.device)
        if known is None:
            return _UNREAD
        if known.has_answered and known.interfaces:
            found = self._interfaces[end.device].get(end.interface)
            reading = _UNREAD if found is None else _from_cli(found)
            # A device whose tables were cut or refused can show a fault, never a proof.
            sound = reading.state is not EndState.UP or self.has_tables(end.device)
            return reading if sound else _UNREAD
        if known.snmp is not None and known.snmp.answered:
            rows = [row for row in known.snmp.interfaces if row.name == end.interface]
            return _from_snmp(rows)
        return _UNREAD

    @cached_property
    def _interfaces(self) -> Mapping[str, Mapping[str, Interface]]:
        return {
            device: {interface.name: interface for interface in known.interfaces}
            for device, known in self.facts.items()
        }

    def interface(self, device: str, name: str) -> Interface | None:
        """Return an interface of a device as read; None where it was not."""
        return self._interfaces.get(device, {}).get(name)

    @cached_property
    def owner_of(self) -> Mapping[int, str]:
        """Which device owns an address in the public instance, by facts and inventory."""
        owners: dict[int, str] = {}
        for device in self.inventory.devices.values():
            owners[int(device.address)] = device.id
        for name, known in self.facts.items():
            for interface in known.interfaces:
                if interface.vpn:
                    continue
                for address in interface.addresses or ():
                    owners.setdefault(int(address.interface.ip), name)
        return owners

    @cached_property
    def link_at(self) -> Mapping[tuple[str, str], Link]:
        """The inside link at (device, interface)."""
        found: dict[tuple[str, str], Link] = {}
        for link in self.inside_links:
            for end in (link.a, link.b):
                if end is not None:
                    found[(end.device, end.interface)] = link
        return found

    @cached_property
    def inside_links(self) -> tuple[Link, ...]:
        """Links of our own between two of our devices."""
        return tuple(
            link
            for link in self.inventory.links.values()
            if link.kind in INSIDE and link.b is not None
        )

    @cached_property
    def core(self) -> frozenset[str]:
        """The devices of the province itself."""
        devices = self.inventory.devices_of.get(self.inventory.province, ())
        return frozenset(device.id for device in devices if device.department is None)

    def routers_of(self, government: str) -> tuple[str, ...]:
        """Return the devices of a government that are not a department's own."""
        devices = self.inventory.devices_of.get(government, ())
        return tuple(device.id for device in devices if device.department is None)

    def government_of(self, device: str) -> str:
        """Return the government of a device; "" where it is not registered."""
        known = self.inventory.devices.get(device)
        return "" if known is None else known.government


def far_end(link: Link, device: str) -> LinkEnd | None:
    """Return the end of ``link`` that is not on ``device``."""
    return link.b if link.a.device == device else link.a


def _from_cli(interface: Interface) -> EndReading:
    if interface.admin_up is False or interface.link_up is False or interface.protocol_up is False:
        return EndReading(EndState.DOWN, interface.source)
    if interface.link_up is None and interface.protocol_up is None:
        return _UNREAD
    return EndReading(EndState.UP, interface.source)


def _from_snmp(rows: list[SnmpInterface]) -> EndReading:
    """SNMP alone can refute, never confirm."""
    if rows and not (rows[0].admin_up and rows[0].oper_up):
        return EndReading(EndState.DOWN, rows[0].source)
    return _UNREAD
