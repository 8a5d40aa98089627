"""Interfaces as configured: binding, addresses, and every way out that hangs on one.

An address that is leased or negotiated has no value in a configuration: a lease is yielded as
a ``DhcpLease`` in state "configured", a negotiated one as a ``Dialer`` or ``Cellular``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from netops.facts.access import (
    Cellular,
    DhcpLease,
    Dialer,
    PppoeSession,
    RouterAdvertisement,
    Tunnel,
)
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.platforms.addresses import read_network
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.sheet import address_of, with_mask

_GIVEN = frozenset(
    {"dhcp-alloc", "bootp-alloc", "ppp-negotiate", "cellular-alloc", "cellular-allocated",
     "unnumbered", "auto", "prefix-number"}
)  # fmt: skip
"""Words in the place of an address: somebody else gives it."""
_MODES = {
    "gre": "gre",
    "ipv4-ipv4": "ipip",
    "ipv6-ipv4": "ipv6-ip",
    "ipv4-ipv6": "ip-ipv6",
    "ipv6-ipv6": "ipv6-ipv6",
    "ipsec": "ipsec",
    "vxlan": "vxlan",
    "advpn": "advpn",
    "mpls-te": "mpls-te",
}
_DIGITS = re.compile(r"\d+")


def interface_name(view: Node) -> str:
    """Return the full name of the interface that a view configures."""
    words = view.words
    name = words[1] if len(words) > 1 else ""
    if name.replace("-", "").isalpha() and len(words) > 2 and words[2][:1].isdecimal():  # noqa: PLR2004 - word count
        name += words[2]
    return full_interface(name)


def binding(view: Node) -> str:
    """Return the VPN instance an interface is bound to, "" for the public one."""
    for node in view.under("ip binding vpn-instance "):
        return node.words[3]
    return ""


def read_interfaces(context: Context) -> None:
    """Yield what every interface view tells."""
    bundles = _dialer_bundles(context)
    views = {interface_name(view): view for view in context.tree.views("interface ")}
    for view in context.tree.views("interface "):
        name = interface_name(view)
        _interface(context, view, name, _borrowed(view, views))
        _vrrp(context, view, name)
        _access(context, view, name, bundles)
        if name.startswith("Tunnel"):
            _tunnel(context, view, name, views)
    for view in context.tree.views("controller Cellular"):
        if any(view.under("eth-channel ")):
            source = context.at(view, whole=True)
            context.facts.append(Cellular(interface_name(view), source=source))


def _borrowed(view: Node, views: dict[str, Node]) -> list[InterfaceAddress]:
    """Return the address that an unnumbered interface uses of another."""
    found: list[InterfaceAddress] = []
    for node in view.under("ip address unnumbered interface "):
        lender = views.get(full_interface("".join(node.words[4:])))
        for other in lender.under("ip address ") if lender else ():
            own = _address4(Words(other.words[2:]))
            if own is not None and not found:
                found.append(replace(own, origin=AddressOrigin.UNNUMBERED))
    return found


def _interface(context: Context, view: Node, name: str, borrowed: list[InterfaceAddress]) -> None:
    texts = {node.text for node in view.children}
    descriptions = [node.text[len("description ") :] for node in view.under("description ")]
    mtus = [node.words[-1] for node in view.under("mtu ")]
    addresses = [*borrowed, *(a for n in view.children for a in _addresses(context, n))]
    members = [n.words[-1] for n in view.children if "link-aggregation group" in n.text]
    context.facts.append(
        Interface(
            name=name,
            admin_up="shutdown" not in texts,
            addresses=tuple(addresses),
            vpn=binding(view),
            description=descriptions[0] if descriptions else "",
            mtu=int(mtus[0]) if mtus and mtus[0].isdecimal() else None,
            aggregate=_aggregate(view, members[0]) if members else None,
            source=context.at(view, whole=True),
        )
    )


def _aggregate(view: Node, group: str) -> str | None:
    if not _DIGITS.fullmatch(group):
        return None
    routed = any(node.text == "port link-mode route" for node in view.children)
    return f"{'Route' if routed else 'Bridge'}-Aggregation{group}"


def _addresses(context: Context, node: Node) -> list[InterfaceAddress]:
    words = Words(node.words)
    family = words.take()
    if family not in {"ip", "ipv6"} or not words.skip("address"):
        return []
    if words.peek() in _GIVEN or words.peek().isdecimal():
        return []
    found = _address4(words) if family == "ip" else _address6(words)
    if found is None:
        context.unread.append(node)
    return [found] if found is not None else []


def _address4(words: Words) -> InterfaceAddress | None:
    address, mask = words.take(), words.take()
    parsed = with_mask(address, mask)
    if parsed is None or not mask:
        return None
    return InterfaceAddress(parsed, secondary=words.peek() == "sub")


def _address6(words: Words) -> InterfaceAddress | None:
    address = words.take()
    if "/" not in address:
        link_local = words.peek() == "link-local"
        address = f"{address}/{'10' if link_local else words.take()}"
    parsed = with_mask(address)
    return None if parsed is None else InterfaceAddress(parsed)


def _vrrp(context: Context, view: Node, name: str) -> None:
    groups: dict[tuple[int, int], tuple[list[IPv4Address | IPv6Address], list[int], list[Node]]]
    groups = {}
    for node in view.under("vrrp "):
        words = Words(node.words[1:])
        family = 6 if words.skip("ipv6") else 4
        number = words.after("vrid") or ""
        if not number.isdecimal():
            continue
        addresses, priorities, nodes = groups.setdefault((family, int(number)), ([], [], []))
        nodes.append(node)
        address = address_of(words.after("virtual-ip") or "")
        priority = words.after("priority") or ""
        addresses.extend([address] if address is not None else [])
        priorities.extend([int(priority)] if priority.isdecimal() else [])
    for (_, vrid), (addresses, priorities, nodes) in groups.items():
        source = context.answer.at(nodes[0].line, nodes[-1].line)
        priority_of = priorities[-1] if priorities else 100
        group = VrrpGroup(name, vrid, VrrpState.UNKNOWN, tuple(addresses), priority_of, source)
        context.facts.append(group)


def _dialer_bundles(context: Context) -> dict[str, str]:
    """Map bundle numbers to dialers: V5 names the bundle, V7 takes the dialer's own number."""
    found = {}
    for view in context.tree.views("interface Dialer"):
        name = interface_name(view)
        found[name.removeprefix("Dialer")] = name
    for view in context.tree.views("interface Dialer"):
        for node in view.under("dialer bundle "):
            if node.words[-1].isdecimal():
                found[node.words[-1]] = interface_name(view)
    return found


def _access(context: Context, view: Node, name: str, bundles: dict[str, str]) -> None:
    source = context.at(view, whole=True)
    negotiated = any(view.under("ip address ppp-negotiate"))
    if name.startswith("Cellular"):
        if negotiated or any(view.under("ip address ")) or any(view.under("dialer ")):
            context.facts.append(Cellular(name, source=source))
    elif name.startswith("Dialer") or negotiated:
        context.facts.append(Dialer(name, source=source))
    for node in view.under("pppoe-client dial-bundle-number "):
        number = node.words[2]
        dialer = bundles.get(number, f"Dialer{number}")
        fact = PppoeSession(name, dialer, is_up=False, state="configured", source=context.at(node))
        context.facts.append(fact)
    leased = any(n.text.startswith(("ip address dhcp-alloc", "ip address bootp-alloc",
                                    "ipv6 address dhcp-alloc")) for n in view.children)  # fmt: skip
    _advertising(context, view, name)
    if leased:
        context.facts.append(DhcpLease(name, "configured", source=source))


def _advertising(context: Context, view: Node, name: str) -> None:
    """Tell of an interface that sends router advertisements: by default none does."""
    for node in view.under("undo ipv6 nd ra halt"):
        told = [n.words[4:] for n in view.under("ipv6 nd ra prefix ") if len(n.words) > 4]  # noqa: PLR2004 - the prefix
        found = (read_network(w[0] if "/" in w[0] else "/".join(w[:2])) for w in told)
        prefixes = tuple(prefix for prefix in found if isinstance(prefix, IPv6Network))
        context.facts.append(RouterAdvertisement(name, prefixes, context.at(node)))


def _first_address(views: dict[str, Node], name: str) -> IPv4Address | IPv6Address | None:
    view = views.get(full_interface(name))
    for node in view.under("ip address ") if view else ():
        own = _address4(Words(node.words[2:]))
        if own is not None:
            return own.interface.ip
    return None


def _tunnel(context: Context, view: Node, name: str, views: dict[str, Node]) -> None:
    """Yield a tunnel; V5 leaves out its default mode, and a source may be an interface."""
    words = Words(view.words)
    mode = words.after("mode") or "gre"
    local = peer = None
    vpn = ""
    for node in view.children:
        parts = node.words
        if parts[0] == "tunnel-protocol":
            mode = parts[1] if len(parts) > 1 else ""
        elif parts[0] == "source" and len(parts) > 1:
            local = address_of(parts[1]) or _first_address(views, "".join(parts[1:]))
        elif parts[0] == "destination" and len(parts) > 1:
            peer = address_of(parts[1])
        elif node.text.startswith("tunnel vpn-instance "):
            vpn = parts[2]
    word = mode.lower()
    fact = Tunnel(name, _MODES.get(word, word), local, peer, vpn, context.at(view, whole=True))
    context.facts.append(fact)
