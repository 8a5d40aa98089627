"""A firewall rule's own match (addresses, object groups) as an access list.

Firewalls name sources and destinations in the rule itself, where routers name a list; audits
ask lists only. What cannot be reduced to prefixes makes the list's rules opaque.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)

from netops.facts.policy_routes import Acl, AclRule
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words, network_of

_DEEPEST = 4
_MOST = 64
_ADDRESSES_ALONE = frozenset(
    {"source-zone", "destination-zone", "outbound-interface", "action", "description", "disable",
     "counting", "vrf", "vpn-instance", "source-ip", "destination-ip", "undo", "rule", "logging"}
)  # fmt: skip
"""Lines of a rule that are read elsewhere, or leave the addresses alone."""


@dataclass(slots=True)
class Side:
    """The prefixes of one side of a rule; ``exact`` False: it may be less or more than they."""

    prefixes: list[IPv4Network | IPv6Network] = field(default_factory=list)
    exact: bool = True
    named: bool = False

    def add(self, found: Iterable[IPv4Network | IPv6Network] | None) -> None:
        """Add what one line names; None is something that cannot be reduced."""
        self.named = True
        if found is None:
            self.exact = False
        else:
            self.prefixes.extend(found)

    def shown(self) -> tuple[IPv4Network | IPv6Network | None, ...]:
        """Return the prefixes; a side that was not reduced may be any address."""
        unsure = not self.named or not self.prefixes or not self.exact
        return (None,) if unsure else tuple(self.prefixes[:_MOST])


def object_groups(context: Context) -> Mapping[str, Node]:
    """Return the groups of addresses by name."""
    found: dict[str, Node] = {}
    for prefix in ("object-group ip address ", "object-group ipv6 address "):
        for view in context.tree.views(prefix):
            found[view.words[3].strip('"')] = view
    return found


def list_of_rule(context: Context, groups: Mapping[str, Node], view: Node, name: str) -> str | None:
    """Yield the list of a rule and return its name; None when the rule matches every packet."""
    source = side_of(groups, view, "source-ip ")
    destination = side_of(groups, view, "destination-ip ")
    odd = any(child.words[0] not in _ADDRESSES_ALONE for child in view.children)
    opaque = odd or not source.exact or not destination.exact
    if not source.named and not destination.named and not opaque:
        return None
    at = context.at(view, whole=True)
    rules = tuple(
        AclRule(permit=True, source=one, destination=other, opaque=opaque, at=at)
        for one in source.shown()
        for other in destination.shown()
    )
    six = bool(source.prefixes) and all(p.version == 6 for p in source.prefixes)  # noqa: PLR2004
    context.facts.append(Acl(name, 6 if six else 4, rules, at))
    return name


def side_of(groups: Mapping[str, Node], view: Node, prefix: str) -> Side:
    """Return the addresses that a rule names with lines beginning ``prefix``."""
    side = Side()
    for node in view.under(prefix):
        words = Words(node.words[1:])
        if words.peek() in {"host", "subnet", "range"}:
            side.add(_written(words))
        else:
            words.skip("object-group", "object-group-name")
            _group(groups, words.take().strip('"'), side, 0)
    return side


def _group(groups: Mapping[str, Node], name: str, side: Side, depth: int) -> None:
    view = groups.get(name)
    if view is None or depth > _DEEPEST:
        side.add(None)
        return
    side.named = True
    for node in view.children:
        words = Words(node.words)
        if words.peek().isdecimal():
            words.take()
        if not words.skip("network"):
            side.exact = side.exact and node.words[0] in {"description", "security-zone"}
        elif words.skip("group-object"):
            _group(groups, words.take(), side, depth + 1)
        else:
            side.add(_written(words))
            side.exact = side.exact and not words.has("exclude")


def _written(words: Words) -> list[IPv4Network | IPv6Network] | None:
    """Read ``host A``, ``subnet A M`` or ``range A B``; None for a name or an exclusion."""
    kind = words.take().lower()
    if kind == "host":
        words.skip("address")
        text = words.take()
        found = network_of(text, "128" if ":" in text else "32")
        return [found] if found is not None else None
    if kind == "subnet":
        address = words.take()
        found = network_of(address, "" if "/" in address else words.take())
        return [found] if found is not None else None
    first, last = words.address(), words.address()
    return _range(first, last) if kind == "range" else None


def _range(
    first: IPv4Address | IPv6Address | None, last: IPv4Address | IPv6Address | None
) -> list[IPv4Network | IPv6Network] | None:
    found: list[IPv4Network | IPv6Network] = []
    if (isinstance(first, IPv4Address) and isinstance(last, IPv4Address) and first <= last) or (
        isinstance(first, IPv6Address) and isinstance(last, IPv6Address) and first <= last
    ):
        found.extend(summarize_address_range(first, last))
    return found if 0 < len(found) <= _MOST else None
