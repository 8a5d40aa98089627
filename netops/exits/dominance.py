"""Dominance: whether a government's exits are on every way from its subnets to the internet.

Knows sets of ends. An exit point has one edge, to the internet, so the exits that are allowed
dominate a vertex exactly when every exit point that it can reach is one of them: seen so, the
test is one of subsets, and the walks of all governments are shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netops.exits.allowed import Allowance, is_allowed, key_of
from netops.exits.classes import Destination
from netops.exits.entries import Entry
from netops.exits.outcomes import Outcomes
from netops.exits.points import ExitPoint, Status
from netops.exits.strengths import Cause
from netops.exits.terms import End, EndKind, PointKey
from netops.findings import Strength
from netops.inventory.model import Inventory


@dataclass(frozen=True, slots=True)
class Way:
    """One entry and one class by which an end is reached; kept to print the path."""

    entry: Entry
    destination: Destination
    end: End

    @property
    def order(self) -> tuple[Entry, int]:
        """What makes one of two ways to the same end the first."""
        return self.entry, self.destination.address

    @property
    def key(self) -> PointKey:
        """The exit point or leak that is reached."""
        return key_of(self.end, self.entry.family)


@dataclass(slots=True)
class Held:
    """What the vertices that hold a government's subnets can reach, now and latently."""

    live: dict[PointKey, Way] = field(default_factory=dict)
    every: dict[PointKey, Way] = field(default_factory=dict)
    unknown: set[Cause] = field(default_factory=set)

    def join(self, other: Held) -> None:
        """Add what another set of vertices reaches."""
        for mine, theirs in ((self.live, other.live), (self.every, other.every)):
            for key, way in theirs.items():
                _keep(mine, key, way)
        self.unknown |= other.unknown

    def add(self, entries: Iterable[Entry], outcomes: Outcomes) -> None:
        """Add what entries reach; of a waiting entry everything is latent."""
        for entry in entries:
            for ends, classes in outcomes.of(entry).items():
                first = min(classes, key=lambda d: d.address)
                for end in ends.every:
                    self._add(Way(entry, first, end), is_live=end in ends.live)

    def _add(self, way: Way, *, is_live: bool) -> None:
        end, live = way.end, is_live and not way.entry.latent
        if end.kind is EndKind.UNKNOWN:
            if live:
                self.unknown.add((end.device, end.place))
        elif end.kind is not EndKind.DROPPED:
            _keep(self.every, way.key, way)
            if live:
                _keep(self.live, way.key, way)


def _keep(found: dict[PointKey, Way], key: PointKey, way: Way) -> None:
    """Keep the first way in an order of our own, so that the order of facts is not told."""
    known = found.get(key)
    if known is None or way.order < known.order:
        found[key] = way


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether "one exit" holds for a government, and by what it fails."""

    strength: Strength
    live: tuple[Way, ...] = ()
    latent: tuple[Way, ...] = ()
    unknown: tuple[Cause, ...] = ()


class Dominance:
    """Judges the claim of every government."""

    def __init__(
        self,
        inventory: Inventory,
        allowance: Allowance,
        points: Mapping[PointKey, ExitPoint],
        own: Mapping[str, Held],
    ) -> None:
        self._allowance = allowance
        self._points = points
        self._below: dict[str, list[str]] = {}
        for government in inventory.governments.values():
            if government.parent is not None:
                self._below.setdefault(government.parent, []).append(government.code)
        self._own = own
        self._total: dict[str, Held] = {}

    def held(self, government: str) -> Held:
        """Return what is held by a government and by those below it without an exit."""
        known = self._total.get(government)
        if known is None:
            known = self._total[government] = Held()
            known.join(self._own.get(government, Held()))
            for below in self._below.get(government, ()):
                if not self._allowance.has_exit(below):
                    known.join(self.held(below))
        return known

    def standing_for(self, government: str) -> tuple[str, ...]:
        """Return a government and those below it that have no exit and so depend on its."""
        found = [government]
        for code in found:
            for below in self._below.get(code, ()):
                if not self._allowance.has_exit(below) and below not in found:
                    found.append(below)
        return tuple(found)

    def claim(self, government: str) -> Claim:
        """Return whether the exits allowed to a government dominate all that it holds."""
        held, allowed = self.held(government), self._allowance.of(government)
        live = self._outside(held.live, allowed)
        now = {way.key for way in live}
        latent = tuple(w for w in self._outside(held.every, allowed) if w.key not in now)
        unknown = tuple(sorted(held.unknown))
        if live:
            return Claim(Strength.VIOLATED, live, latent, unknown)
        if latent:
            return Claim(Strength.SUSPECTED, live, latent, unknown)
        if unknown:
            return Claim(Strength.UNKNOWN, unknown=unknown)
        return Claim(Strength.CONSISTENT)

    def _outside(self, reached: Mapping[PointKey, Way], allowed: frozenset[str]) -> tuple[Way, ...]:
        return tuple(
            way
            for key, way in sorted(reached.items())
            if not is_allowed(self._points[key], allowed)
            and self._points[key].status not in (Status.EXEMPT, Status.OUT_OF_BAND)
        )
