"""Which sources matter to the walk: those that a policy route or a translation tells apart.

Knows access lists of policies and of translations. Refuses to know where packets go. Every
source that nobody tells apart walks alike, so it is walked once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netops.exits.devices import DeviceView
from netops.exits.matching import ANY, UNMATCHED, Match, Source, bounds, match_acl, sources_named
from netops.exits.terms import ANY_SOURCE, FAMILIES, ORIGINAL, Range
from netops.facts.nat import NatKind, NatRule


class Ranges:
    """Whether a range touches one of a fixed set of ranges."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        merged: list[list[int]] = []
        for first, last in sorted(set(ranges)):
            if merged and first <= merged[-1][1] + 1:
                merged[-1][1] = max(merged[-1][1], last)
            else:
                merged.append([first, last])
        self._first = [first for first, _ in merged]
        self._last = [last for _, last in merged]

    def __bool__(self) -> bool:
        return bool(self._first)

    def touches(self, other: Range) -> bool:
        """Whether the ranges share an address with ``other``."""
        at = bisect_right(self._first, other[1]) - 1
        return at >= 0 and self._last[at] >= other[0]


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation outward that a policy further on may tell apart."""

    rule: NatRule
    sources: tuple[int, ...]


class Sources:
    """Sources that policies name, and translations that lead into or out of them."""

    def __init__(self, views: Mapping[str, DeviceView]) -> None:
        self._pools: list[tuple[int, Range]] = []
        named = {family: _named_by_policies(views, family) for family in FAMILIES}
        policed = {family: Ranges(ranges) for family, ranges in named.items()}
        self._translations: dict[tuple[str, str], list[Translation]] = {}
        for view in views.values():
            for rule in view.facts.nat_rules:
                family = _family_of(rule)
                if self._add(view, rule, policed[family]):
                    named[family] += _named_by(view, rule)
        self._sensitive = {family: Ranges(ranges) for family, ranges in named.items()}

    def _add(self, view: DeviceView, rule: NatRule, policed: Ranges) -> bool:
        outward = rule.kind in (NatKind.OUTBOUND, NatKind.POLICY) and rule.translates
        if not policed or not outward or rule.interface is None or rule.active is False:
            return False
        pools = _pools_of(view, rule)
        if pools and not any(policed.touches(pool) for pool in pools):
            return False
        ids = tuple(self._number(pool, _family_of(rule)) for pool in pools) or (ANY_SOURCE,)
        self._translations.setdefault((view.id, rule.interface), []).append(Translation(rule, ids))
        return True

    def _number(self, pool: Range, family: int) -> int:
        self._pools.append((family, pool))
        return len(self._pools)

    def is_told_apart(self, family: int, source: Range) -> bool:
        """Whether any policy, or a translation before one, treats this source in its own way."""
        return self._sensitive[family].touches(source)

    def of(self, number: int, original: Range | None) -> Source:
        """Return the source that a vertex means by its number."""
        if number == ORIGINAL:
            return UNMATCHED if original is None else original
        return ANY if number == ANY_SOURCE else self._pools[number - 1][1]

    def after(self, view: DeviceView, out: str, number: int, original: Range | None) -> list[int]:
        """Return the sources of packets that have left by an interface, translated or not."""
        found: list[int] = []
        source = self.of(number, original)
        for translation in self._translations.get((view.id, out), ()):
            acl = translation.rule.acl
            match = Match.YES if acl is None else match_acl(view.acls.get(acl), source, None)
            if match is not Match.NO:
                found += translation.sources
            if match is Match.YES:
                return found if ANY_SOURCE not in found else [*found, number]
        return [*found, number]

    def has_translation(self, device: str, out: str) -> bool:
        """Whether a translation that matters stands on an interface."""
        return (device, out) in self._translations


def _named_by_policies(views: Mapping[str, DeviceView], family: int) -> list[Range]:
    return [
        found
        for view in views.values()
        for node in view.facts.policy_routes
        if node.family == family and (node.interfaces or node.local or node.sources is not None)
        for found in sources_named(node, view.acls)
    ]


def _named_by(view: DeviceView, rule: NatRule) -> list[Range]:
    acl = view.acls.get(rule.acl) if rule.acl is not None else None
    return [bounds(r.source) for r in (acl.rules if acl else ()) if r.source is not None]


def _family_of(rule: NatRule) -> int:
    return rule.pool[0][0].version if rule.pool else FAMILIES[0]


def _pools_of(view: DeviceView, rule: NatRule) -> list[Range]:
    if rule.pool:
        return [(int(first), int(last)) for first, last in rule.pool]
    if rule.easy_ip and rule.interface is not None:
        own = [a for a in view.addresses(rule.interface) if a.version == _family_of(rule)]
        return [(int(address), int(address)) for address in own]
    return []
