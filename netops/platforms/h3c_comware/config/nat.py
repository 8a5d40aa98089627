"""Address translation as configured: on interfaces, as static mappings, and by policy.

A rule of a firewall policy holds where its destination zone is: it is yielded once for every
interface of that zone, or without an interface when the zone has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from netops.facts.nat import NatKind, NatPool, NatRule
from netops.platforms.h3c_comware.config.interfaces import interface_name
from netops.platforms.h3c_comware.config.objects import list_of_rule, object_groups, side_of
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words, network_of
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.sheet import address_of

type_range = tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]

_OTHER = frozenset(
    {"log", "alg", "mapping-behavior", "dns-map", "session", "hairpin", "port-block", "inbound",
     "port-block-group", "server-group", "link-switch", "static-load-balance", "timestamp",
     "icmp-error", "gratuitous-arp", "periodic-statistics", "redirect", "service", "config",
     "centralized-backup", "remote-backup", "instance", "ipv6", "link-down", "aging-time"}
)  # fmt: skip


@dataclass(slots=True)
class _Nat:
    context: Context
    pools: dict[str, tuple[type_range, ...]] = field(default_factory=dict)
    zones: dict[str, list[str]] = field(default_factory=dict)
    groups: Mapping[str, Node] = field(default_factory=dict)


def read_nat(context: Context) -> None:
    """Yield pools and rules."""
    nat = _Nat(context, groups=object_groups(context))
    for view in context.tree.views("nat address-group "):
        _pool(nat, view)
    for view in context.tree.views("security-zone name "):
        members = [n.words[2] for n in view.under("import interface ") if len(n.words) > 2]  # noqa: PLR2004 - word count
        nat.zones[view.words[2]] = [full_interface(name) for name in members]
    enabled: list[str] = []
    for view in context.tree.views("interface "):
        _on_interface(nat, view, enabled)
    for node in context.tree.nodes:
        if node.text.startswith("nat static "):
            _static(nat, node, enabled)
        elif node.text.startswith(("nat policy", "nat global-policy")):
            for rule in node.under("rule name "):
                _policy_rule(nat, rule)


def _pool(nat: _Nat, view: Node) -> None:
    words = Words(view.words[2:])
    names = [words.take()]
    name = words.after("name")
    if names[0] == "name":
        names = []
    names.extend([name] if name else [])
    first, last = words.address(), words.address()
    ranges = [(first, last or first)] if first is not None else []
    for node in view.children:
        parts = Words(node.words)
        if parts.skip("address"):
            begin, end = parts.address(), parts.address()
            if begin is None:
                if parts.peek() != "interface":
                    nat.context.unread.append(node)
                continue
            ranges.append((begin, end or begin))
    for name in names:
        nat.pools[name] = tuple((a, b) for a, b in ranges if b is not None)
        fact = NatPool(name, nat.pools[name], nat.context.at(view, whole=True))
        nat.context.facts.append(fact)


def _on_interface(nat: _Nat, view: Node, enabled: list[str]) -> None:
    name = interface_name(view)
    for node in view.under("nat "):
        words = Words(node.words[1:])
        what = words.take()
        if what == "outbound" and words.skip("static"):
            enabled.append(name)
        elif what == "outbound":
            nat.context.facts.append(_outbound(nat, node, words, name))
        elif what == "server":
            _server(nat, node, words, name)
        elif what == "static" and words.peek() == "enable":
            enabled.append(name)
        elif what not in _OTHER:
            nat.context.unread.append(node)


def _group_of(words: Words) -> str | None:
    return words.after("address-group", "name")


def _outbound(nat: _Nat, node: Node, words: Words, interface: str) -> NatRule:
    acl = None
    group = _group_of(words)
    label = words.after("rule")
    disabled = words.has("disable")
    vpn = words.after("vpn-instance") or ""
    words.skip("ds-lite-b4")
    words.skip("acl")
    if words.peek().isdecimal() or words.skip("name"):
        acl = words.take()
    pool = nat.pools.get(group or "", ())
    return NatRule(
        kind=NatKind.OUTBOUND,
        interface=interface,
        acl=acl,
        pool=pool,
        easy_ip=group is None,
        vpn=vpn,
        active=False if disabled else None,
        name=label or (f"address-group {group}" if group and not pool else None),
        source=nat.context.at(node),
    )


def _endpoint(words: Words) -> tuple[type_range | None, str]:
    """Read an address, a range, or a word for the interface; then port and instance."""
    first = words.address()
    if first is None and not words.skip("current-interface"):
        words.skip("interface")
        words.take()
    last = words.address() or first
    vpn = ""
    while words and words.peek() not in {"inside", "acl", "rule", "global", "disable"}:
        vpn = words.take() if words.skip("vpn-instance") else vpn
        if words and words.peek() not in {"inside", "acl", "rule", "vpn-instance", "disable"}:
            words.take()
    return (None if first is None or last is None else (first, last)), vpn


def _server(nat: _Nat, node: Node, words: Words, interface: str) -> None:
    while words and words.peek() != "global":
        words.take()
    if not words.skip("global"):
        nat.context.unread.append(node)
        return
    outside, _ = _endpoint(words)
    if not words.skip("inside"):
        nat.context.unread.append(node)
        return
    inside, vpn = _endpoint(words)
    acl = words.after("acl", "name")
    nat.context.facts.append(
        NatRule(
            kind=NatKind.SERVER,
            interface=interface,
            acl=acl,
            pool=(outside,) if outside else (),
            easy_ip=outside is None,
            inside=inside[0] if inside else None,
            vpn=vpn,
            active=False if words.has("disable") else None,
            name=words.after("rule"),
            source=nat.context.at(node),
        )
    )


def _static(nat: _Nat, node: Node, enabled: list[str]) -> None:
    words = Words(node.words[2:])
    if words.peek() == "inbound" or words.peek() in {"enable", "load-balance"}:
        return
    words.skip("outbound")
    pair = _net_to_net(words) if words.skip("net-to-net") else _one_to_one(words)
    if pair is None:
        nat.context.unread.append(node)
        return
    inside, outside, vpn = pair
    acl = words.after("acl", "name")
    places: list[str | None] = [*enabled] or [None]
    for interface in places:
        rule = NatRule(
            kind=NatKind.STATIC,
            interface=interface,
            acl=acl,
            pool=(outside,),
            inside=inside,
            vpn=vpn,
            active=None if enabled and not words.has("disable") else False,
            name=words.after("rule"),
            source=nat.context.at(node),
        )
        nat.context.facts.append(rule)


type_pair = tuple[IPv4Address | IPv6Address, type_range, str]


def _one_to_one(words: Words) -> type_pair | None:
    inside = words.address()
    vpn = words.take() if words.skip("vpn-instance") else ""
    words.skip("global")
    outside = words.address()
    if inside is None or outside is None:
        return None
    return inside, (outside, outside), vpn


def _net_to_net(words: Words) -> type_pair | None:
    inside = words.address()
    words.address()
    vpn = words.take() if words.skip("vpn-instance") else ""
    words.skip("global")
    outside = words.take()
    network = network_of(outside, words.take())
    if inside is None or network is None:
        return None
    return inside, (network.network_address, network.broadcast_address), vpn


_ADDRESS_ACTIONS = ("address-group", "static", "easy-ip", "no-nat")


def _policy_rule(nat: _Nat, view: Node) -> None:
    """Read a rule of ``nat policy`` or ``nat global-policy``."""
    actions = [Words(n.words[1:]) for n in view.under("action ")]
    source_actions = [w for w in actions if not w.skip("dnat") and (w.skip("snat") or bool(w))]
    zones = [n.words[1] for n in view.under("destination-zone ") if len(n.words) > 1]
    named = [full_interface(n.words[1]) for n in view.under("outbound-interface ")
             if len(n.words) > 1]  # fmt: skip
    disabled = any(n.text in {"disable", "undo rule enable"} for n in view.children)
    name = view.text.removeprefix("rule name ")
    acl = None
    vpns = [n.words[1] for prefix in ("vrf ", "vpn-instance ") for n in view.under(prefix)]
    vpn = vpns[0] if vpns else ""
    for node in view.under("action dnat "):
        _published(nat, view, Words(node.words[2:]), disabled=disabled)
    if source_actions:
        acl = list_of_rule(nat.context, nat.groups, view, f"nat-policy {name}")
    for words in source_actions:
        group = _group_of(words)
        pool = nat.pools.get(group or "", ())
        if words.peek() == "static" and (address := _static_address(words)) is not None:
            pool = ((address, address),)
        for interface, zone in _places(nat, named, zones):
            rule = NatRule(
                kind=NatKind.POLICY,
                interface=interface,
                acl=acl,
                pool=pool,
                easy_ip=words.peek() == "easy-ip",
                vpn=vpn,
                zone=zone,
                active=False if disabled else None,
                translates=words.peek() != "no-nat",
                name=name,
                source=nat.context.at(view, whole=True),
            )
            nat.context.facts.append(rule)
        if words.peek() not in _ADDRESS_ACTIONS:
            nat.context.unread.append(view)


def _published(nat: _Nat, view: Node, words: Words, *, disabled: bool) -> None:
    """Yield what a rule lets in: the addresses it answers to and the one behind them."""
    if words.peek() == "no-nat":
        return
    inside = address_of(words.after("ip-address") or "")
    side = side_of(nat.groups, view, "destination-ip ")
    zones = [n.words[1] for n in view.under("source-zone ") if len(n.words) > 1]
    if inside is None:
        nat.context.unread.append(view)
        return
    rule = NatRule(
        kind=NatKind.SERVER,
        interface=None,
        pool=tuple((p.network_address, p.broadcast_address) for p in side.prefixes),
        inside=inside,
        zone=zones[0] if zones else None,
        active=False if disabled else None,
        name=view.text.removeprefix("rule name "),
        source=nat.context.at(view, whole=True),
    )
    nat.context.facts.append(rule)


def _static_address(words: Words) -> IPv4Address | IPv6Address | None:
    rest = Words([words.after("ip-address") or ""])
    return rest.address()


def _places(nat: _Nat, named: list[str], zones: list[str]) -> list[tuple[str | None, str | None]]:
    if named:
        return [(name, zones[0] if zones else None) for name in named]
    found: list[tuple[str | None, str | None]] = []
    for zone in zones:
        found.extend((name, zone) for name in nat.zones.get(zone) or (None,))
    return found or [(None, None)]
