"""Outside addresses by the exit that they give away: pools, translated and line addresses.

Knows what inventory and facts say of addresses. Refuses to know who may use which exit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netops.exits.devices import DeviceView
from netops.exits.matching import bounds
from netops.exits.points import ExitPoint, Status
from netops.exits.terms import FAMILIES, PointKey, Range
from netops.facts.nat import NatKind
from netops.inventory.model import Inventory

_LEGAL = (Status.DECLARED, Status.EXEMPT)
_OUTWARD = (NatKind.OUTBOUND, NatKind.POLICY)


@dataclass(frozen=True, slots=True)
class Mark:
    """An exit that an address gives away: of the inventory, or a point that nobody declared."""

    exit: str | None
    point: PointKey | None = None


class Marks:
    """Looks addresses up: as what a packet was translated to, and as a neighbour on a line."""

    def __init__(
        self,
        inventory: Inventory,
        views: Mapping[str, DeviceView],
        points: Mapping[PointKey, ExitPoint],
    ) -> None:
        self._worn: dict[int, list[tuple[Range, Mark]]] = {4: [], 6: []}
        self._beside: dict[int, list[tuple[Range, Mark]]] = {4: [], 6: []}
        self._known: dict[tuple[int, int], tuple[Mark, ...]] = {}
        self._blind = frozenset(
            (made.id, family)
            for made in inventory.exits.values()
            for family in FAMILIES
            if not any(pool.version == family for pool in made.pools)
            and any(_hides(views.get(line.device), line.interface) for line in made.lines)
        )
        for made in inventory.exits.values():
            for pool in made.pools:
                self._worn[pool.version].append((bounds(pool), Mark(made.id)))
        for point in points.values():
            view = views.get(point.device)
            if view is not None:
                self._add(view, point)

    def _add(self, view: DeviceView, point: ExitPoint) -> None:
        family, line = point.key.family, point.key.line
        mark = Mark(point.exit if point.status in _LEGAL else None, point.key)
        for found in _worn_by(view, line):
            self._worn[found[0]].append((found[1], mark))
        for net in view.nets(line, family):
            self._beside[family].append((net, mark))

    def worn(self, address: IPv4Address | IPv6Address) -> tuple[Mark, ...]:
        """Return every exit whose packets carry this address outside."""
        key = (address.version, int(address))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _holding(self._worn[key[0]], key[1])
        return found

    def is_blind(self, exits: frozenset[str], family: int) -> bool:
        """Whether one of ``exits`` may give packets an address that nobody told us."""
        return any((name, family) in self._blind for name in exits)

    def beside(self, address: IPv4Address | IPv6Address) -> tuple[Mark, ...]:
        """Return every exit on whose line's segment an address lies."""
        return _holding(self._beside[address.version], int(address))


def _hides(view: DeviceView | None, line: str) -> bool:
    """Whether a line's device was not read, or translates there to what it did not say."""
    if view is None or not view.is_readable:
        return True
    return any(
        rule.kind in _OUTWARD and rule.translates and not rule.pool and not rule.easy_ip
        for rule in view.facts.nat_rules
        if rule.interface in (line, None) and rule.active is not False
    )


def _worn_by(view: DeviceView, line: str) -> Iterator[tuple[int, Range]]:
    for address in view.addresses(line):
        yield address.version, (int(address), int(address))
    for group in view.facts.vrrp:
        if group.interface == line:
            for virtual in group.addresses:
                yield virtual.version, (int(virtual), int(virtual))
    for rule in view.facts.nat_rules:
        if rule.interface in (line, None) and rule.kind in _OUTWARD and rule.translates:
            for first, last in rule.pool:
                yield first.version, (int(first), int(last))


def _holding(ranges: list[tuple[Range, Mark]], number: int) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(m for (first, last), m in ranges if first <= number <= last))
