"""Who may leave by which exit, and what an end of a walk is worth to whom.

Knows the policy's choice and the state of exit points. Refuses to walk.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from netops.exits.devices import DeviceView
from netops.exits.matching import Match, match_acl
from netops.exits.points import ExitPoint, Status
from netops.exits.terms import End, PointKey, Range
from netops.facts.nat import NatKind, NatRule
from netops.facts.source import Source
from netops.inventory.model import Inventory
from netops.policy.model import Policy


class Allowance:
    """The declared exits that each government may use."""

    def __init__(self, inventory: Inventory, policy: Policy) -> None:
        self._inventory = inventory
        self._own_only = policy.allowed_exits == "own"
        self._known: dict[str, frozenset[str]] = {}

    @cached_property
    def _by_government(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for made in self._inventory.exits.values():
            owner = self._inventory.governments.get(made.government)
            if made.department is None and owner is not None and owner.exits_allowed > 0:
                found.setdefault(made.government, set()).add(made.id)
        return {code: frozenset(ids) for code, ids in found.items()}

    def has_exit(self, government: str) -> bool:
        """Whether a government has a declared exit of its own."""
        return government in self._by_government

    def own(self, government: str) -> frozenset[str]:
        """Return the declared exits of a government itself."""
        return self._by_government.get(government, frozenset())

    def of(self, government: str) -> frozenset[str]:
        """Return the exits that a government may use: its own and, by policy, its superiors'."""
        found = self._known.get(government)
        if found is None:
            found = self.own(government)
            if not self._own_only:
                for above in self._inventory.superiors(government):
                    found |= self.own(above)
            self._known[government] = found
        return found


def key_of(end: End, family: int) -> PointKey:
    """Return the exit point that an end of a walk means."""
    return PointKey(end.device, end.place, family)


def is_allowed(point: ExitPoint, exits: frozenset[str]) -> bool:
    """Whether a point is a line of one of ``exits``."""
    return point.status is Status.DECLARED and point.exit in exits


class Translations:
    """Whether an exit refuses a source by its address alone, in every translation rule."""

    def __init__(self, views: Mapping[str, DeviceView]) -> None:
        self._views = views

    def excludes(self, point: ExitPoint, source: Range) -> bool:
        """Whether every translation rule of a line excludes ``source``; no rule excludes nobody."""
        rules = self._rules(point)
        decides = self._deciding(point, source)
        if decides is None:
            return bool(rules)
        rule, match = decides
        # A rule that exempts from translation excludes whom it surely matches.
        return not rule.translates and match is Match.YES

    def lets_out(self, point: ExitPoint, source: Range) -> tuple[Source, ...]:
        """Return the lines of the rule that decides on ``source``, and of its access list."""
        decides = self._deciding(point, source)
        if decides is None:
            return ()
        rule, _ = decides
        return rule.source, self._views[point.device].lines_of_acl(rule.acl)

    def _rules(self, point: ExitPoint) -> list[NatRule]:
        view = self._views.get(point.device)
        return _rules_of(view, point.key.line) if view else []

    def _deciding(self, point: ExitPoint, source: Range) -> tuple[NatRule, Match] | None:
        for rule in self._rules(point):
            match = _match(self._views[point.device], rule, source)
            if match is not Match.NO:
                return rule, match
        return None


def _rules_of(view: DeviceView, line: str) -> list[NatRule]:
    return [
        rule
        for rule in view.facts.nat_rules
        if rule.interface in (line, None) and rule.active is not False
    ]


def _match(view: DeviceView, rule: NatRule, source: Range) -> Match:
    if rule.kind in (NatKind.SERVER, NatKind.STATIC):
        inside = rule.inside
        hit = inside is not None and source[0] <= int(inside) <= source[1]
        return Match.YES if hit else Match.NO
    if rule.acl is None:
        return Match.YES
    return match_acl(view.acls.get(rule.acl), source, None)
