"""Whose packets a measurement or a flow record shows: by their inside address, or the vantage.

Knows registered subnets and vantages. Where two departments could be meant, nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.exits.owners import Owners
from netops.exits.terms import BITS
from netops.exits.testimony import About
from netops.facts.measurements import VantagePoint
from netops.inventory.model import Inventory, Subnet

Address = IPv4Address | IPv6Address


class Attribution:
    """Finds the department, or the government, that an inside address belongs to."""

    def __init__(
        self, inventory: Inventory, owners: Owners, vantages: Mapping[str, VantagePoint]
    ) -> None:
        self._inventory = inventory
        self._owners = owners
        self._vantages = vantages
        self._subnets: dict[tuple[int, int, int], list[Subnet]] = {}
        for department in inventory.departments.values():
            for subnet in department.subnets:
                net = subnet.prefix
                key = (net.version, net.prefixlen, int(net.network_address))
                self._subnets.setdefault(key, []).append(subnet)
        self._lengths = sorted({(key[0], key[1]) for key in self._subnets}, reverse=True)

    def of_measurement(self, vantage: str, source: Address | None, family: int) -> list[About]:
        """Return for whom a measurement from a vantage speaks."""
        point = self._vantages.get(vantage)
        department = None if point is None else point.department
        if source is not None:
            found = self._holding(source, department)
            if found is not None:
                return [found]
        if point is None:
            return []
        if department is not None:
            return [self._about(department, None)]
        if source is None:
            inside = [
                s for net in point.subnets for s in self._within(net) if net.version == family
            ]
            if inside:
                return [self._about(s.department, s) for s in inside]
        return list(self._of_device(source, point))

    def of_address(self, inside: Address) -> About | None:
        """Return whose an inside address of a flow is."""
        return self._holding(inside, None)

    def _about(self, department: str, subnet: Subnet | None) -> About:
        known = self._inventory.departments[department]
        return About(known.government, department, subnet)

    def _holding(self, address: Address, department: str | None) -> About | None:
        """Return the department of the most specific subnet, where there is just one."""
        number = int(address)
        for family, length in self._lengths:
            if family != address.version:
                continue
            shift = BITS[family] - length
            listed = self._subnets.get((family, length, (number >> shift) << shift), ())
            named = [s for s in listed if department in (None, s.department)]
            if named:
                alone = len({s.department for s in named}) == 1
                return self._about(named[0].department, named[0]) if alone else None
        return None

    def _within(self, net: IPv4Network | IPv6Network) -> Iterator[Subnet]:
        key = (net.version, net.prefixlen, int(net.network_address))
        yield from self._subnets.get(key, ())

    def _of_device(self, source: Address | None, point: VantagePoint) -> Iterator[About]:
        """A source of no department speaks for the government of the device that has it."""
        device = point.device
        if source is not None:
            owners = {o.device for o in self._owners.anywhere(source.version, int(source))}
            device = next(iter(owners)) if len(owners) == 1 else device
        known = None if device is None else self._inventory.devices.get(device)
        if known is not None:
            yield About(known.government)
