"""How strongly each department's claim holds: what its subnets' walks end in.

Knows the table of design §3 by area and class. Refuses to know governments' dominance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, TypeVar

from netops.exits.allowed import Allowance, Translations, is_allowed, key_of
from netops.exits.classes import Destination
from netops.exits.entries import Entered, Entry
from netops.exits.ground import Ground
from netops.exits.outcomes import Outcomes
from netops.exits.points import ExitPoint, Register, Status
from netops.exits.reach import Ends
from netops.exits.terms import EndKind, PointKey
from netops.exits.testimony import Testimony
from netops.facts.source import Source
from netops.findings import Strength, worst
from netops.inventory.model import AccessClass, Area, Department, Subnet

OWN_EXIT = frozenset({AccessClass.C, AccessClass.E})
NO_EXIT = "no_exit"
CLASS = "class"
NO_EXEMPTION = "no_exemption_in_force"
NO_SUBNETS = "no_subnets"

Item = TypeVar("Item")
Pair = TypeVar("Pair", PointKey, tuple[str, str])

Cause = tuple[str, str]
"""(device, what keeps us from knowing)."""


@dataclass(slots=True)
class Reached:
    """What the live walks of one subnet end in, all entries and classes together."""

    points: dict[PointKey, ExitPoint] = field(default_factory=dict)
    by_anchors: set[PointKey] = field(default_factory=set)
    unknown: set[Cause] = field(default_factory=set)
    leaks: set[PointKey] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    rules: set[tuple[str, Source]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class DepartmentResult:
    """The strength of a department and what it rests on.

    ``reached`` are the exit points of a department that must not reach them, or not these;
    ``rules`` the lines of the translations that let its packets out there.
    """

    department: Department
    strength: Strength
    cause: str | None = None
    bad: tuple[PointKey, ...] = ()
    foreign: tuple[PointKey, ...] = ()
    exits: tuple[str, ...] = ()
    unknown: tuple[Cause, ...] = ()
    exemption: str | None = None
    dropped: tuple[str, ...] = ()
    reached: tuple[PointKey, ...] = ()
    rules: tuple[tuple[str, Source], ...] = ()
    testimonies: tuple[Testimony, ...] = ()
    """What packets showed of it, contradictions already weighed."""
    ground: Ground | None = None
    """None where nothing was measured of it."""


@dataclass(frozen=True, slots=True)
class Walked:
    """A subnet with its entries; ``is_registered`` False: a family seen on the wire only."""

    subnet: Subnet
    entries: tuple[Entry, ...]
    causes: tuple[Cause, ...]
    family: int
    is_registered: bool = True


def walked_subnets(subnet: Subnet, entered: Entered) -> Walked:
    """Return a registered subnet as it was walked."""
    return Walked(subnet, entered.entries, entered.causes, subnet.prefix.version)


class Departments:
    """Judges departments by their walks."""

    def __init__(
        self,
        points: Mapping[PointKey, ExitPoint],
        allowance: Allowance,
        translations: Translations,
        register: Register,
    ) -> None:
        self._points = points
        self._allowance = allowance
        self._translations = translations
        self._register = register

    def judge(
        self, department: Department, walked: Iterable[Walked], outcomes: Outcomes
    ) -> DepartmentResult:
        """Return the strength of one department."""
        subnets = list(walked)
        if not subnets:
            return DepartmentResult(
                department, Strength.UNKNOWN, NO_SUBNETS, unknown=(("", NO_SUBNETS),)
            )
        results = [
            found
            for item in subnets
            if (found := self._subnet(department, item, outcomes)) is not None
        ]
        strength = worst({r.strength for r in results})
        if department.access_class in OWN_EXIT and strength is Strength.CONSISTENT:
            # The private part being in order does not make an exit of its own a unified one.
            strength = worst({r.strength for r in results if r.exemption} or {strength})
        return DepartmentResult(
            department=department,
            strength=strength,
            cause=next((r.cause for r in results if r.strength is strength and r.cause), None),
            bad=_union(r.bad for r in results),
            foreign=_union(r.foreign for r in results),
            exits=_union(r.exits for r in results),
            unknown=_union(r.unknown for r in results),
            exemption=next((r.exemption for r in results if r.exemption), None),
            dropped=_union(r.dropped for r in results),
            reached=_union(r.reached for r in results),
            rules=_union(r.rules for r in results),
        )

    def _subnet(
        self, department: Department, walked: Walked, outcomes: Outcomes
    ) -> DepartmentResult | None:
        reached = self._reached(department, walked, outcomes)
        if walked.subnet.area is Area.PRIVATE:
            return self._private(department, reached)
        if department.access_class in OWN_EXIT:
            return self._own_exit(department, walked, reached)
        if department.access_class is AccessClass.A:
            return self._no_exit(department, reached)
        return self._unified(department, walked, reached)

    def _reached(self, department: Department, walked: Walked, outcomes: Outcomes) -> Reached:
        found = Reached(unknown=set(walked.causes))
        excludable = department.access_class is AccessClass.A and walked.subnet.area is Area.PUBLIC
        for entry in walked.entries:
            if entry.latent:
                continue
            for ends, classes in outcomes.of(entry).items():
                self._note_ends(found, (entry, ends, classes), excludable=excludable)
        return found

    def _note_ends(
        self,
        found: Reached,
        what: tuple[Entry, Ends, Sequence[Destination]],
        *,
        excludable: bool,
    ) -> None:
        """Note what an entry ends in for some classes; ``excludable``: a source may be kept in."""
        entry, ends, classes = what
        for end in ends.live:
            key = key_of(end, entry.family)
            if end.kind is EndKind.UNKNOWN:
                found.unknown.add((end.device, end.place))
            elif end.kind is EndKind.LEAK:
                found.leaks.add(key)
            elif end.kind is EndKind.DROPPED:
                found.dropped.update(d.label for d in classes)
            elif not (excludable and self._translations.excludes(self._points[key], entry.source)):
                self._reach(found, key, entry)
                if any(d.is_anchor for d in classes):
                    found.by_anchors.add(key)

    def _reach(self, found: Reached, key: PointKey, entry: Entry) -> None:
        """Note a point that is reached, and the rule that translates the source there."""
        found.points[key] = self._points[key]
        lines = self._translations.lets_out(self._points[key], entry.source)
        found.rules.update((key.device, source) for source in lines)

    def _private(self, department: Department, reached: Reached) -> DepartmentResult:
        """A private area is in order when nothing gets out of it."""
        if not reached.points:
            return _without_exit(department, reached)
        bad = set(reached.leaks) | {
            key for key, p in reached.points.items() if p.status is not Status.DECLARED
        }
        return DepartmentResult(
            department,
            Strength.VIOLATED,
            "vpn_leak",
            bad=_sorted(bad or reached.points),
            unknown=_sorted(reached.unknown),
            **_grounds(reached),
        )

    def _no_exit(self, department: Department, reached: Reached) -> DepartmentResult:
        """Class A reaches no exit at all."""
        if not reached.points:
            return _without_exit(department, reached)
        return DepartmentResult(
            department,
            Strength.SUSPECTED,
            CLASS,
            bad=_sorted(k for k, p in reached.points.items() if p.status is Status.UNDECLARED),
            exits=_exits(reached),
            unknown=_sorted(reached.unknown),
            **_grounds(reached),
        )

    def _own_exit(
        self, department: Department, walked: Walked, reached: Reached
    ) -> DepartmentResult | None:
        """Classes C and E need an exemption in force, and nothing but the exempted exit."""
        exemption = self._register.exemption_of_department(department.id)
        if exemption is None:
            points = reached.points
            bad = [k for k, p in points.items() if p.status is not Status.DECLARED]
            return DepartmentResult(
                department,
                Strength.VIOLATED,
                NO_EXEMPTION,
                bad=_sorted(bad),
                exits=_exits(reached),
                **_grounds(reached),
            )
        wanted = exemption.exit or department.exit
        other = {
            key: p
            for key, p in reached.points.items()
            if p.exit != wanted or p.status is Status.UNDECLARED
        }
        if other:
            return self._outside(department, reached, other)
        if reached.unknown:
            return DepartmentResult(department, Strength.UNKNOWN, unknown=_sorted(reached.unknown))
        if not walked.is_registered and not reached.points:
            return None
        return DepartmentResult(
            department, Strength.EXEMPT, exits=_exits(reached), exemption=exemption.number
        )

    def _unified(
        self, department: Department, walked: Walked, reached: Reached
    ) -> DepartmentResult | None:
        """Classes B, D and F leave by an allowed exit and by no other."""
        allowed = self._allowance.of(department.government)
        other = {k: p for k, p in reached.points.items() if not is_allowed(p, allowed)}
        dropped = tuple(sorted(reached.dropped))
        if other:
            return self._outside(department, reached, other)
        if reached.unknown:
            return DepartmentResult(
                department,
                Strength.UNKNOWN,
                exits=_exits(reached),
                unknown=_sorted(reached.unknown),
            )
        if reached.by_anchors:
            return DepartmentResult(
                department, Strength.CONSISTENT, exits=_exits(reached), dropped=dropped
            )
        if not walked.is_registered:
            # Nobody asked for this family here: that it leads nowhere is in order.
            return None
        return DepartmentResult(department, Strength.SUSPECTED, NO_EXIT, dropped=dropped)

    def _outside(
        self, department: Department, reached: Reached, other: Mapping[PointKey, ExitPoint]
    ) -> DepartmentResult:
        legal = (Status.DECLARED, Status.EXEMPT)
        return DepartmentResult(
            department,
            Strength.VIOLATED,
            bad=_sorted(k for k, p in other.items() if p.status not in legal),
            foreign=_sorted(k for k, p in other.items() if p.status in legal),
            exits=_exits(reached),
            unknown=_sorted(reached.unknown),
            **_grounds(reached),
        )


class _Grounds(TypedDict):
    reached: tuple[PointKey, ...]
    rules: tuple[tuple[str, Source], ...]


def _grounds(reached: Reached) -> _Grounds:
    """Return what a verdict against a department rests on."""
    return {"reached": _sorted(reached.points), "rules": tuple(sorted(reached.rules))}


def _without_exit(department: Department, reached: Reached) -> DepartmentResult:
    if reached.unknown:
        return DepartmentResult(department, Strength.UNKNOWN, unknown=_sorted(reached.unknown))
    return DepartmentResult(department, Strength.CONSISTENT)


def _exits(reached: Reached) -> tuple[str, ...]:
    """Return the exits of the inventory that are reached, those of the anchors if there are any."""
    anchored = {reached.points[k].exit for k in reached.by_anchors}
    found = anchored or {p.exit for p in reached.points.values()}
    return tuple(sorted(name for name in found if name is not None))


def _sorted(items: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(items))


def _union(parts: Iterable[tuple[Item, ...]]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))
