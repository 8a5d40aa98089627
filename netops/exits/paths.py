"""What a traced path says: whether it kept to the legal ways, and where it left them first.

Knows hops and who owns their addresses. A hop that hid itself is no divergence; after one,
nobody can say by which device packets left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netops.addressing import AddressPlan
from netops.exits.active import AMBIGUOUS, CLASS, OTHER_EXIT, PRIVATE_AREA, Bar, Right
from netops.exits.marks import Marks
from netops.exits.owners import Owners
from netops.exits.points import ExitPoint, Status
from netops.exits.terms import PointKey
from netops.exits.testimony import About, Kind, Testimony, Weight
from netops.exits.ways import Ways
from netops.facts.measurements import Address, Hop, Path

LEGAL_WAY = "legal_way"
NOT_REACHED = "not_reached"
HIDDEN = "hidden_hop"
LEFT_ELSEWHERE = "left_elsewhere"
OFF_THE_WAYS = "off_the_ways"
NOT_MAPPED = "not_mapped"
UNREAD = "unread_device"


@dataclass(frozen=True, slots=True)
class Ground:
    """What paths are read against.

    ``dark`` are registered devices that could not be read, ``starts`` the devices whose own
    traces these are, by vantage point.
    """

    plan: AddressPlan
    owners: Owners
    marks: Marks
    points: Mapping[PointKey, ExitPoint]
    dark: frozenset[str]
    starts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a path says, and where."""

    weight: Weight
    word: str
    seen: str = ""
    exit: str | None = None
    points: tuple[PointKey, ...] = ()


def read_path(path: Path, about: About, right: Right, ways: Ways, ground: Ground) -> Testimony:
    """Return what one path says of somebody."""
    told = _Trace(path, right, ways, ground).told()
    source = "" if path.source is None else f" from {path.source}"
    return Testimony(
        kind=Kind.ACTIVE,
        weight=told.weight,
        word=told.word,
        about=about,
        family=path.target.version,
        protocol=path.protocol,
        target=str(path.target),
        at=path.at,
        seen=told.seen,
        exit=told.exit,
        points=told.points,
        vantage=path.vantage,
        command=f"path {path.target} {path.protocol}{source}",
        source=path.evidence,
    )


_RANK = (Weight.COUNTER, Weight.DOUBT, Weight.NOTHING, Weight.POSITIVE)


class _Trace:
    """One path, hop by hop. Of several answers at one distance each is a way packets take."""

    def __init__(self, path: Path, right: Right, ways: Ways, ground: Ground) -> None:
        self._path = path
        self._right = right
        self._ways = ways
        self._ground = ground
        self._devices = frozenset({ground.starts.get(path.vantage, "")}) & ways.legal
        """The devices of ours that answered last; a device's own trace begins on it."""
        self._gap = False
        self._told: list[Told] = []

    def told(self) -> Told:
        """Follow the path to its end; the worst that any of its ways says holds."""
        for hop in self._path.hops:
            self._hop(hop)
            if any(told.weight is Weight.COUNTER for told in self._told):
                break
        if not self._told and self._path.reached:
            self._told.append(self._arrived())
        if not self._told:
            return Told(Weight.NOTHING, NOT_REACHED)
        return min(self._told, key=lambda told: _RANK.index(told.weight))

    def _hop(self, hop: Hop) -> None:
        if not hop.addresses:
            self._gap = True
            return
        legal: set[str] = set()
        for address in hop.addresses:
            if address == self._path.target:
                continue
            owners = self._owners(address)
            if owners & self._ways.legal:
                legal |= owners & self._ways.legal
            elif self._leads_nowhere(owners):
                legal |= owners
            elif self._is_news(address, owners):
                self._told.append(self._elsewhere(address, sorted(owners)))
        if legal:
            self._devices, self._gap = frozenset(legal), False

    def _leads_nowhere(self, owners: set[str]) -> bool:
        """Whether a device is on a way that the model has, but which ends at no exit."""
        return owners & self._ways.live != set() and not self._undeclared(sorted(owners))

    def _owners(self, address: Address) -> set[str]:
        key = (address.version, int(address))
        owners = {owned.device for owned in self._ground.owners.anywhere(*key)}
        device = self._ground.owners.registered.get(key)
        return owners if device is None else owners | {device.id}

    def _is_news(self, address: Address, owners: set[str]) -> bool:
        """Whether an address off the legal ways is more than the carrier's beyond the exit."""
        return not self._told or bool(owners) or not self._ground.plan.is_outside(address)

    def _elsewhere(self, address: Address, owners: list[str]) -> Told:
        if owners:
            return self._off(owners)
        if self._ground.plan.is_outside(address):
            return self._left(str(address), address)
        if self._ways.unknown or self._ground.dark:
            # An address of a device that gave no tables has no owner that we know.
            return Told(Weight.NOTHING, UNREAD, str(address))
        return Told(Weight.DOUBT, NOT_MAPPED, str(address))

    def _off(self, devices: list[str]) -> Told:
        """The path came to a device of ours that is on no legal way."""
        if any(device in self._ground.dark for device in devices):
            return Told(Weight.NOTHING, UNREAD, devices[0])
        points = self._undeclared(devices)
        if points:
            return Told(Weight.COUNTER, OTHER_EXIT, devices[0], points=points)
        return Told(Weight.DOUBT, OFF_THE_WAYS, devices[0])

    def _undeclared(self, devices: list[str]) -> tuple[PointKey, ...]:
        family = self._path.target.version
        return tuple(
            key
            for key, point in sorted(self._ground.points.items())
            if key.device in devices and key.family == family and point.status is Status.UNDECLARED
        )

    def _left(self, seen: str, address: Address | None = None) -> Told:
        """The path left the net; by which line, where its segment or its device says so."""
        marks = () if address is None else self._ground.marks.beside(address)
        names = sorted({m.exit for m in marks if m.exit is not None})
        points = tuple(m.point for m in marks if m.point is not None)
        legal = [m for m in marks if m.exit in self._right.exits]
        if marks and not legal:
            return Told(Weight.COUNTER, OTHER_EXIT, seen, names[0] if names else None, points)
        if marks and len(legal) == len(marks):
            return self._home(seen, names[0])
        if self._devices & self._ways.exits:
            return self._by_device(seen)
        if self._gap:
            return Told(Weight.NOTHING, HIDDEN, seen)
        points = self._undeclared(sorted(self._devices))
        return Told(Weight.COUNTER, LEFT_ELSEWHERE, seen, points=points)

    def _arrived(self) -> Told:
        """The target answered at once behind our devices, or behind none.

        A router that does not count hops looks the same as one that is not there: without an
        exit point that is known, this is a doubt.
        """
        told = self._left(str(self._path.target))
        is_bare = told.weight is Weight.COUNTER and not told.points
        return replace(told, weight=Weight.DOUBT) if is_bare else told

    def _by_device(self, seen: str) -> Told:
        """The last devices hold allowed exits; whether they hold nothing else decides."""
        found = [line for device in sorted(self._devices) for line in self._lines_of(device)]
        exits = {point.exit for point in found if not point.latent}
        sure = self._devices <= self._ways.exits and len(exits) == 1
        if sure and all(name in self._right.exits for name in exits):
            return self._home(seen, exits.pop())
        return Told(Weight.NOTHING, AMBIGUOUS, seen)

    def _lines_of(self, device: str) -> list[ExitPoint]:
        family = self._path.target.version
        return [
            point
            for key, point in self._ground.points.items()
            if key.device == device and key.family == family
        ]

    def _home(self, seen: str, name: str | None) -> Told:
        if self._right.bar is Bar.PRIVATE:
            return Told(Weight.COUNTER, PRIVATE_AREA, seen, name)
        if self._right.bar is Bar.CLASS:
            return Told(Weight.DOUBT, CLASS, seen, name)
        if not self._path.reached:
            return Told(Weight.NOTHING, NOT_REACHED, seen, name)
        return Told(Weight.POSITIVE, LEGAL_WAY, seen, name)
