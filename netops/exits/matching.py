"""Whether packets of a source match an access list or a policy node.

Knows access lists and ranges. What it cannot reduce to prefixes "may match", and never "no".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from ipaddress import IPv4Network, IPv6Network

from netops.exits.terms import Range
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute

WHOLE_PROTOCOLS = frozenset({None, "", "ip", "ipv4", "ipv6", "any", "all"})


class Match(IntEnum):
    """How sure a match is."""

    NO = 0
    MAYBE = 1
    YES = 2


class AnySource:
    """A source of which nothing is known: a rule with a source may match it."""


class Unmatched:
    """A source that no rule names: only rules without a source match it."""


Source = Range | AnySource | Unmatched
ANY = AnySource()
UNMATCHED = Unmatched()


def bounds(prefix: IPv4Network | IPv6Network) -> Range:
    """Return first and last address of a network object as integers."""
    return int(prefix.network_address), int(prefix.broadcast_address)


def match_source(prefix: IPv4Network | IPv6Network | None, source: Source) -> Match:
    """Match the source part of one rule."""
    if prefix is None:
        return Match.YES
    if isinstance(source, Unmatched):
        return Match.NO
    if isinstance(source, AnySource):
        return Match.MAYBE
    first, last = bounds(prefix)
    if first <= source[0] and source[1] <= last:
        return Match.YES
    return Match.MAYBE if first <= source[1] and source[0] <= last else Match.NO


def _match_destination(rule: AclRule, destination: int | None) -> Match:
    if rule.destination is None:
        return Match.YES
    if destination is None:
        return Match.MAYBE
    first, last = bounds(rule.destination)
    return Match.YES if first <= destination <= last else Match.NO


def match_rule(rule: AclRule, source: Source, destination: int | None) -> Match:
    """Match one rule; a rule for one protocol, or an opaque one, matches a part at most."""
    found = min(match_source(rule.source, source), _match_destination(rule, destination))
    if found is Match.YES and (rule.opaque or rule.protocol not in WHOLE_PROTOCOLS):
        return Match.MAYBE
    return found


def match_acl(acl: Acl | None, source: Source, destination: int | None) -> Match:
    """Tell whether an access list permits; None is a list that was not collected."""
    if acl is None:
        return Match.MAYBE
    maybe: set[bool] = set()
    for rule in acl.rules:
        found = match_rule(rule, source, destination)
        if found is Match.YES:
            if (not rule.permit) in maybe:
                return Match.MAYBE
            return Match.YES if rule.permit else Match.NO
        if found is Match.MAYBE:
            maybe.add(rule.permit)
    return Match.MAYBE if True in maybe else Match.NO


def match_node(
    node: PolicyRoute, acls: Mapping[str, Acl], source: Source, destination: int
) -> Match:
    """Tell whether a policy node takes packets from ``source`` to ``destination``."""
    found = Match.YES
    if node.sources is not None:
        found = max((match_source(p, source) for p in node.sources), default=Match.NO)
    if node.acl is not None and found is not Match.NO:
        found = min(found, match_acl(acls.get(node.acl), source, destination))
    return found


def sources_named(node: PolicyRoute, acls: Mapping[str, Acl]) -> Iterator[Range]:
    """Yield every source range that a node looks at."""
    for prefix in node.sources or ():
        yield bounds(prefix)
    acl = acls.get(node.acl) if node.acl is not None else None
    for rule in acl.rules if acl else ():
        if rule.source is not None:
            yield bounds(rule.source)


def destinations_named(
    node: PolicyRoute, acls: Mapping[str, Acl]
) -> Iterator[IPv4Network | IPv6Network]:
    """Yield every destination prefix that a node looks at."""
    acl = acls.get(node.acl) if node.acl is not None else None
    for rule in acl.rules if acl else ():
        if rule.destination is not None:
            yield rule.destination
