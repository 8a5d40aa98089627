"""A firewall rule's own match (addresses, sets) as an access list.

Firewalls name sources and destinations in the rule itself, where routers name a list; audits
ask lists only.
"""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)

from netops.facts.policy_routes import AclRule
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_tree import Node

_MOST_PREFIXES = 64
_MATCH_ANYTHING = frozenset({
    "source-zone", "destination-zone", "action", "description", "egress-interface",
    "ingress-interface", "enable", "disable", "rule", "track", "source-address",
    "destination-address", "source-address-exclude", "destination-address-exclude", "counting",
    "name",
})  # fmt: skip
"""Statements of a rule that are read elsewhere, or leave the addresses alone."""


def address_set(draft: Draft, node: Node, words: list[str]) -> None:
    """Keep an ``ip address-set NAME`` block for the rules that name it."""
    if words:
        lines = [tuple(child.words) for child in node.children]
        draft.address_sets.setdefault(words[0], []).extend(lines)


def rule_name(words: list[str]) -> str:
    """Return the name in ``rule name X [N]`` or ``rule X``."""
    return words[2] if words[1:2] == ["name"] and len(words) > 2 else words[-1]  # noqa: PLR2004


def combine(draft: Draft, name: str, node: Node) -> str | None:
    """Make the list of a rule; None when the rule matches every packet."""
    sources, exact = _side(draft, node, "source-address")
    destinations, also_exact = _side(draft, node, "destination-address")
    odd = any(child.words[0] not in _MATCH_ANYTHING for child in node.children)
    opaque = odd or not exact or not also_exact
    if sources is None and destinations is None and not opaque:
        return None
    where = draft.at(node)
    rules = [
        AclRule(permit=True, source=source, destination=destination, opaque=opaque, at=where)
        for source in sources or (None,)
        for destination in destinations or (None,)
    ]
    family = 6 if sources and all(s.version == 6 for s in sources) else 4  # noqa: PLR2004
    return draft.add_acl(name, family, rules[: _MOST_PREFIXES * _MOST_PREFIXES], where)


def _side(
    draft: Draft, node: Node, keyword: str
) -> tuple[list[IPv4Network | IPv6Network] | None, bool]:
    """Return the prefixes of one side (None: any) and whether they are exact."""
    found: list[IPv4Network | IPv6Network] = []
    exact, named = True, False
    for child in node.children:
        words = child.words
        if words[0] == f"{keyword}-exclude":
            exact = False
        elif words[0] == keyword and words[1:] != ["any"]:
            networks = _networks(draft, words[1:], depth=0)
            named = True
            if networks is None:
                return None, False
            found.extend(networks)
    return (found if named and found else None), exact and (bool(found) or not named)


def _networks(draft: Draft, words: list[str], depth: int) -> list[IPv4Network | IPv6Network] | None:
    """Read an address in one of its forms; None when it cannot be reduced to prefixes."""
    if not words:
        return None
    if words[0] in {"address-set", "address-group"} and len(words) > 1:
        return _members(draft, words[1:], depth + 1)
    try:
        if words[0] == "range":
            return _range(ip_address(words[1]), ip_address(words[2]))
        length = words[2] if words[1:2] == ["mask"] else words[1] if len(words) > 1 else "32"
        text = words[0] if "/" in words[0] else f"{words[0]}/{'32' if length == '0' else length}"
        return [ip_network(text, strict=False)]
    except (ValueError, IndexError, TypeError):
        return None


def _range(
    first: IPv4Address | IPv6Address, last: IPv4Address | IPv6Address
) -> list[IPv4Network | IPv6Network] | None:
    found: list[IPv4Network | IPv6Network] = []
    if (isinstance(first, IPv4Address) and isinstance(last, IPv4Address)) or (
        isinstance(first, IPv6Address) and isinstance(last, IPv6Address)
    ):
        found.extend(summarize_address_range(first, last))
    return found if 0 < len(found) <= _MOST_PREFIXES else None


def _members(draft: Draft, names: list[str], depth: int) -> list[IPv4Network | IPv6Network] | None:
    found: list[IPv4Network | IPv6Network] = []
    for name in names:
        lines = draft.address_sets.get(name)
        if lines is None or depth > 4:  # noqa: PLR2004 - sets of sets of sets
            return None
        for words in lines:
            at = 2 if words[0] == "address" and words[1:2] and words[1].isdecimal() else 1
            if words[0] != "address":
                continue
            networks = _networks(draft, list(words[at:]), depth)
            if networks is None:
                return None
            found.extend(networks)
    return found
