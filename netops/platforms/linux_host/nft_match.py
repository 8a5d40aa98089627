"""What an nftables rule matches: addresses by prefix, the rest marked as narrower than told.

Knows nftables' JSON expressions of matches. Refuses verdicts and translations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)
from typing import Any

from netops.facts.policy_routes import AclRule
from netops.facts.source import Source
from netops.platforms.jsontext import as_address, as_dict, as_list, as_network, as_text

Network = IPv4Network | IPv6Network
Sets = Mapping[tuple[str, str, str], list[Any]]
"""Elements of named sets by (family, table, name)."""

_MOST_RULES = 4096
_INTERFACE_KEYS = frozenset({"oif", "oifname"})


@dataclass(slots=True)
class Match:
    """What the matches of one rule come to. ``narrow``: more is asked than is told here."""

    sources: tuple[Network, ...] | None = None
    excluded: tuple[Network, ...] = ()
    destinations: tuple[Network, ...] | None = None
    out: tuple[str, ...] = ()
    inbound: tuple[str, ...] = ()
    narrow: bool = False

    @property
    def matches_every_source(self) -> bool:
        """Whether nothing but interfaces is asked."""
        plain = self.sources is None and self.destinations is None
        return plain and not self.excluded and not self.narrow

    def rules(self, at: Source) -> tuple[AclRule, ...]:
        """Return the match as lines of an access list."""
        denied = [AclRule(permit=False, source=net, at=at) for net in self.excluded]
        wide = len(self.sources or (0,)) * len(self.destinations or (0,)) > _MOST_RULES
        destinations = (None,) if wide or self.destinations is None else self.destinations
        permitted = [
            AclRule(
                permit=True,
                source=source,
                destination=destination,
                opaque=self.narrow or wide,
                at=at,
            )
            for source in (self.sources if self.sources is not None else (None,))
            for destination in destinations
        ]
        return (*denied, *permitted)


def read_match(expressions: list[Any], where: tuple[str, str], sets: Sets) -> Match:
    """Read all matches of a rule of (family, table)."""
    match = Match()
    for expression in expressions:
        body = as_dict(expression).get("match")
        if isinstance(body, dict):
            _take(match, body, where, sets)
        elif "vmap" in as_dict(expression):
            match.narrow = True
    return match


def _take(match: Match, body: dict[str, Any], where: tuple[str, str], sets: Sets) -> None:
    left, right, operator = as_dict(body.get("left")), body.get("right"), body.get("op")
    key = as_text(as_dict(left.get("meta")).get("key"))
    payload = as_dict(left.get("payload"))
    side = as_text(payload.get("field")) if payload.get("protocol") in {"ip", "ip6"} else None
    if key in _INTERFACE_KEYS or key in {"iif", "iifname"}:
        names = _names(right)
        if operator not in {"==", "in"} or names is None:
            match.narrow = True
        elif key in _INTERFACE_KEYS:
            match.out = names
        else:
            match.inbound = names
        return
    networks = _networks(right, where, sets) if side in {"saddr", "daddr"} else None
    if networks is None:
        match.narrow = True
    elif operator in {"==", "in"} and side == "saddr":
        match.sources = networks
    elif operator in {"==", "in"}:
        match.destinations = networks
    elif side == "saddr" and not match.excluded:
        match.excluded = networks
    else:
        match.narrow = True


def _names(right: object) -> tuple[str, ...] | None:
    members = as_list(as_dict(right).get("set")) or [right]
    names = tuple(name for name in members if isinstance(name, str))
    has_pattern = any("*" in name or name.startswith("@") for name in names)
    return None if has_pattern or len(names) != len(members) else names


def _networks(right: object, where: tuple[str, str], sets: Sets) -> tuple[Network, ...] | None:
    """Return the prefixes of an address, prefix, range, set or named set; None if unknown."""
    if isinstance(right, str) and right.startswith("@"):
        members: Any = sets.get((*where, right[1:]))
        if members is None:
            return None
    else:
        inner = as_dict(right).get("set", [right])
        members = inner if isinstance(inner, list) else [inner]
    found: list[Network] = []
    for member in members:
        networks = _one(member)
        if networks is None:
            return None
        found.extend(networks)
    return tuple(found)


def _one(member: object) -> list[Network] | None:
    value = as_dict(member)
    if "elem" in value:
        return _one(as_dict(value["elem"]).get("val"))
    if "prefix" in value:
        prefix = as_dict(value["prefix"])
        network = as_network(f"{prefix.get('addr')}/{prefix.get('len')}")
        return None if network is None else [network]
    if "range" in value:
        return _range(as_list(value["range"]))
    network = as_network(member)
    return None if network is None else [network]


def _range(ends: list[Any]) -> list[Network] | None:
    first, last = (as_address(end) for end in (ends if len(ends) == 2 else (None, None)))  # noqa: PLR2004 - both ends
    if isinstance(first, IPv4Address) and isinstance(last, IPv4Address) and first <= last:
        return list(summarize_address_range(first, last))
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address) and first <= last:
        return list(summarize_address_range(first, last))
    return None
