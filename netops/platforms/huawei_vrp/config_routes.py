"""Static routes and VPN instances in the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from netops.facts.routes import StaticRoute, VpnInstance
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_tree import Node
from netops.platforms.huawei_vrp.names import joined
from netops.platforms.huawei_vrp.scan import to_address, to_int

DEFAULT_PREFERENCE = 60

_SETTINGS = frozenset({
    "default-preference", "bfd", "default-bfd", "recursive-lookup", "frr", "selection-rule",
    "track", "import-label-route", "inter-protocol-ecmp", "ecmp",
})  # fmt: skip
"""Words after ``ip route-static`` that set something and add no route."""

_WITH_VALUE = frozenset({
    "preference", "tag", "cost", "nqa", "bfd-session", "route", "efm-state", "vrrp",
})  # fmt: skip


@dataclass(slots=True)
class _Way:
    next_hop: IPv4Address | IPv6Address | None = None
    interface: str | None = None
    to_vpn: str | None = None
    preference: int | None = None


def static_route(draft: Draft, node: Node, words: list[str], family: int) -> None:
    """Read what follows ``ip route-static`` or ``ipv6 route-static``."""
    if words and words[0] in _SETTINGS:
        value = to_int(words[1]) if words[0] == "default-preference" and len(words) > 1 else None
        if value is not None:
            draft.preferences[family] = value
        return
    vpn = ""
    if len(words) > 1 and words[0] == "vpn-instance":
        vpn, words = words[1], words[2:]
    elif len(words) > 1 and words[0] == "topology":
        words = words[2:]
    prefix = _prefix(words[:2], family)
    way = _way(words[_used(words) :]) if prefix is not None else None
    if prefix is None or way is None:
        draft.skip(node)
        return
    if way.preference is not None:
        draft.preferred.add(node.line)
    blackhole = (way.interface or "") == "NULL0"
    draft.facts.append(
        StaticRoute(
            vpn=vpn,
            prefix=prefix,
            next_hop=None if blackhole else way.next_hop,
            interface=way.interface,
            to_vpn=way.to_vpn,
            preference=way.preference or DEFAULT_PREFERENCE,
            blackhole=blackhole,
            source=draft.at(node),
        )
    )


def _used(words: list[str]) -> int:
    return 1 if words and "/" in words[0] else 2


def _prefix(words: list[str], family: int) -> IPv4Network | IPv6Network | None:
    text = words[0] if words and "/" in words[0] else "/".join(words)
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return network if network.version == family and "/" in text else None


def _way(words: list[str]) -> _Way | None:
    """Read interface, next hop and options; None when there is no way on or a word is odd."""
    way = _Way()
    interface = joined(words)
    if interface:
        way.interface, used = interface
        words = words[used:]
    if len(words) > 1 and words[0] == "vpn-instance":
        way.to_vpn, words = words[1], words[2:]
    if words and words[0] == "dhcp":
        words = words[1:]
    elif words:
        way.next_hop = to_address(words[0])
        words = words[1:] if way.next_hop is not None else words
    if way.interface is None and way.next_hop is None and way.to_vpn is None:
        return None
    return way if _options(way, words) else None


def _options(way: _Way, words: list[str]) -> bool:
    at = 0
    while at < len(words):
        word = words[at]
        if word == "description":
            return True
        if word == "public":
            way.to_vpn = ""
        if word == "preference":
            value = to_int(words[at + 1]) if at + 1 < len(words) else None
            if value is None:
                return False
            way.preference = value
        at += 2 if word in _WITH_VALUE else 1
    return True


@dataclass(slots=True)
class _Family:
    rd: str | None = None
    imported: list[str] = field(default_factory=list)
    exported: list[str] = field(default_factory=list)


def resolve(draft: Draft) -> None:
    """Give routes that name no preference the one that is set for all of their family."""
    for at, fact in enumerate(draft.facts):
        own = isinstance(fact, StaticRoute) and fact.source.first not in draft.preferred
        value = draft.preferences.get(fact.prefix.version) if own else None
        if value is not None:
            draft.facts[at] = replace(fact, preference=value)


def vpn_instance(draft: Draft, node: Node, words: list[str]) -> None:
    """Read an ``ip vpn-instance`` block: families as sub-views, or the old flat form."""
    if not words:
        draft.skip(node)
        return
    families: dict[int, _Family] = {}
    for child in node.children:
        head = child.text.split(None, 1)[0]
        if head in {"ipv4-family", "ipv6-family"}:
            family = families.setdefault(int(head[3]), _Family())
            for grandchild in child.children:
                _vpn_statement(draft, grandchild, family)
        elif head in {"route-distinguisher", "vpn-target"}:
            _vpn_statement(draft, child, families.setdefault(4, _Family()))
    last = max([node.line, *(c.line for c in node.children), *(c.last for c in node.children)])
    for number, family in sorted(families.items() or {4: _Family()}.items()):
        draft.facts.append(
            VpnInstance(
                name=words[0],
                family=number,
                rd=family.rd,
                import_targets=tuple(dict.fromkeys(family.imported)),
                export_targets=tuple(dict.fromkeys(family.exported)),
                source=draft.answer.at(node.line, last),
            )
        )


def _vpn_statement(draft: Draft, node: Node, family: _Family) -> None:
    words = node.words
    if words[0] == "route-distinguisher" and len(words) > 1:
        family.rd = words[1]
    elif words[0] == "vpn-target":
        targets = [word for word in words[1:] if ":" in word]
        if not targets:
            draft.skip(node)
        if "export-extcommunity" not in words:
            family.imported.extend(targets)
        if "import-extcommunity" not in words:
            family.exported.extend(targets)
