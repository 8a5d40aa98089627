"""Interface blocks of the configuration, and what they bind: addresses, VRRP, tunnels, dialers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from netops.facts.access import (
    AdvertisedDefault,
    Cellular,
    DhcpLease,
    Dialer,
    PppoeSession,
    RouterAdvertisement,
    Tunnel,
)
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.source import Source
from netops.platforms.addresses import read_network
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_nat import interface_nat
from netops.platforms.huawei_vrp.config_policy import apply_pbr, apply_policy, traffic_redirect
from netops.platforms.huawei_vrp.config_tree import Node
from netops.platforms.huawei_vrp.names import full_interface, is_interface, joined
from netops.platforms.huawei_vrp.scan import to_address, to_int, to_interface

_TUNNEL_MODES = {
    "ipv4-ipv6": "ipip", "ipv4-ipv4": "ipip", "ipv6-ipv4": "sit", "ipv6-ipv6": "ipip6",
    "mpls": "mpls-te",
}  # fmt: skip
_RA_PREFIX = ["ipv6", "nd", "ra", "prefix"]


@dataclass(slots=True)
class _Vrrp:
    addresses: list[IPv4Address | IPv6Address] = field(default_factory=list)
    priority: int | None = None
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class _View:
    """One interface block while it is read."""

    draft: Draft
    node: Node
    interface: Interface
    vrrp: dict[tuple[int, int], _Vrrp] = field(default_factory=dict)
    tunnel: dict[str, str] = field(default_factory=dict)
    tunnel_vpn: str = ""

    def has(self, **values: object) -> None:
        """Set fields of the interface."""
        self.interface = replace(self.interface, **values)  # type: ignore[arg-type]

    def add_address(self, address: InterfaceAddress) -> None:
        self.has(addresses=(*(self.interface.addresses or ()), address))


def interface(draft: Draft, node: Node, words: list[str]) -> None:
    """Read an ``interface X`` block."""
    name = joined(words)
    if name is None:
        draft.skip(node)
        return
    known = draft.interfaces.get(name[0])
    base = Interface(name[0], addresses=(), vpn="", description="", source=draft.at(node))
    view = _View(draft, node, known or base)
    for child in node.children:
        _statement(view, child)
    draft.interfaces[name[0]] = view.interface
    _facts(view)


def _statement(view: _View, node: Node) -> None:
    words = node.words
    take = _STATEMENTS.get(words[0])
    if take is not None:
        take(view, node, words[1:])


def _description(view: _View, node: Node, _words: list[str]) -> None:
    view.has(description=node.text.partition(" ")[2].strip())


def _shutdown(view: _View, _node: Node, _words: list[str]) -> None:
    view.has(admin_up=False)


def _undo(view: _View, node: Node, words: list[str]) -> None:
    if words[:1] == ["shutdown"]:
        view.has(admin_up=True)
    elif words == ["ipv6", "nd", "ra", "halt"]:
        source = view.draft.answer.at(node.line)
        view.draft.facts.append(
            RouterAdvertisement(view.interface.name, _advertised(view.node), source)
        )


def _advertised(block: Node) -> tuple[IPv6Network, ...]:
    """Return the prefixes that a block tells to advertise."""
    told = [child.words[4:] for child in block.children if child.words[:4] == _RA_PREFIX]
    found = (read_network(w[0] if "/" in w[0] else "/".join(w[:2])) for w in told if w)
    return tuple(prefix for prefix in found if isinstance(prefix, IPv6Network))


def _mtu(view: _View, node: Node, words: list[str]) -> None:
    value = to_int(words[0]) if words else None
    if value is None:
        view.draft.skip(node)
    else:
        view.has(mtu=value)


def _eth_trunk(view: _View, node: Node, words: list[str]) -> None:
    if words and words[0].isdecimal():
        view.has(aggregate=f"Eth-Trunk{words[0]}")
    else:
        view.draft.skip(node)


def _ip(view: _View, node: Node, words: list[str]) -> None:
    if words[:2] == ["binding", "vpn-instance"] and len(words) > 2:  # noqa: PLR2004 - the name
        view.has(vpn=words[2])
        view.draft.bound[words[2]].append(view.interface.name)
    elif words[:1] == ["address"]:
        _address(view, node, words[1:])
    elif words[:1] == ["policy-based-route"]:
        apply_pbr(view.draft, node, words[1:], view.interface.name)


def _address(view: _View, node: Node, words: list[str]) -> None:
    name = view.interface.name
    source = view.draft.answer.at(node.line)
    if words[:1] == ["dhcp-alloc"]:
        view.draft.facts.append(DhcpLease(name, "configured", source=source))
    elif words[:2] == ["unnumbered", "interface"] and joined(words[2:]):
        lender = joined(words[2:])
        view.draft.unnumbered[name] = lender[0] if lender else ""
    elif words[:1] not in (["ppp-negotiate"], ["negotiate"], ["bootp-alloc"]):
        address = to_interface("/".join(words[:2])) if len(words) > 1 else None
        if address is None or address.version != 4:  # noqa: PLR2004 - IPv4
            view.draft.skip(node)
            return
        view.add_address(InterfaceAddress(address, secondary="sub" in words[2:]))


def _ipv6(view: _View, node: Node, words: list[str]) -> None:
    if words[:1] != ["address"] or len(words) < 2:  # noqa: PLR2004 - keyword and value
        if words[:1] == ["policy-based-route"]:
            apply_pbr(view.draft, node, words[1:], view.interface.name)
        return
    rest = words[1:]
    if rest[0] == "dhcp-alloc" or rest[:2] == ["auto", "dhcp"]:
        source = view.draft.answer.at(node.line)
        view.draft.facts.append(DhcpLease(view.interface.name, "configured", source=source))
        return
    if rest[:3] == ["auto", "global", "default"]:
        source = view.draft.answer.at(node.line)
        view.draft.facts.append(AdvertisedDefault(view.interface.name, source=source))
    if rest[0] in {"auto", "unnumbered"}:
        return
    if "link-local" in rest:
        text = f"{rest[0]}/10"
    else:
        text = rest[0] if "/" in rest[0] else "/".join(rest[:2])
    address = to_interface(text) if "eui-64" not in rest else None
    if address is None:
        view.draft.skip(node)
    else:
        view.add_address(InterfaceAddress(address))


def _vrrp(view: _View, node: Node, words: list[str]) -> None:
    family = 6 if node.text.startswith("vrrp6") else 4
    if words[:1] != ["vrid"] or len(words) < 2 or not words[1].isdecimal():  # noqa: PLR2004
        return
    group = view.vrrp.setdefault((family, int(words[1][:3])), _Vrrp(first=node.line))
    group.last = node.line
    if words[2:3] == ["virtual-ip"] and len(words) > 3:  # noqa: PLR2004 - the address
        address = to_address(words[3])
        if address is None:
            view.draft.skip(node)
        else:
            group.addresses.append(address)
    elif words[2:3] == ["priority"] and len(words) > 3:  # noqa: PLR2004 - the value
        group.priority = to_int(words[3])


def _nat(view: _View, node: Node, words: list[str]) -> None:
    if words == ["static", "enable"]:
        view.draft.static_nat.append(view.interface.name)
    interface_nat(view.draft, node, words, view.interface.name)


def _traffic_policy(view: _View, node: Node, words: list[str]) -> None:
    apply_policy(view.draft, node, words, [view.interface.name])


def _traffic_redirect(view: _View, node: Node, words: list[str]) -> None:
    traffic_redirect(view.draft, node, words, [view.interface.name])


def _pppoe(view: _View, node: Node, words: list[str]) -> None:
    if words[:1] == ["dial-bundle-number"] and len(words) > 1:
        place = view.draft.answer.at(node.line)
        view.draft.pppoe.append((view.interface.name, words[1], place))
    else:
        view.draft.skip(node)


def _dialer(view: _View, _node: Node, words: list[str]) -> None:
    if words[:1] == ["bundle"] and len(words) > 1:
        view.draft.bundles[words[1]] = view.interface.name


def _tunnel_word(view: _View, node: Node, words: list[str]) -> None:
    if not view.interface.name.startswith("Tunnel") or not words:
        return
    head = node.words[0]
    if head == "destination" and words[0] == "vpn-instance" and len(words) > 2:  # noqa: PLR2004
        view.tunnel_vpn, words = words[1], words[2:]
    view.tunnel[head] = (
        "".join(words[:2])
        if not is_interface(words[0]) and head == "source" and (to_address(words[0]) is None)
        else words[0]
    )


_STATEMENTS: dict[str, Callable[[_View, Node, list[str]], None]] = {
    "description": _description,
    "shutdown": _shutdown,
    "undo": _undo,
    "mtu": _mtu,
    "eth-trunk": _eth_trunk,
    "ip": _ip,
    "ipv6": _ipv6,
    "vrrp": _vrrp,
    "vrrp6": _vrrp,
    "nat": _nat,
    "traffic-policy": _traffic_policy,
    "traffic-redirect": _traffic_redirect,
    "pppoe-client": _pppoe,
    "dialer": _dialer,
    "tunnel-protocol": _tunnel_word,
    "source": _tunnel_word,
    "destination": _tunnel_word,
}


def _facts(view: _View) -> None:
    """Add what the block says beside the interface itself."""
    draft, name = view.draft, view.interface.name
    source = draft.at(view.node)
    for (_, vrid), group in view.vrrp.items():
        place = draft.answer.at(group.first, group.last)
        draft.facts.append(
            VrrpGroup(name, vrid, VrrpState.UNKNOWN, tuple(group.addresses), group.priority, place)
        )
    if name.startswith("Dialer"):
        draft.facts.append(Dialer(name, source=source))
    elif name.startswith("Cellular"):
        draft.facts.append(Cellular(name, source=source))
    elif name.startswith("Tunnel"):
        draft.tunnels.append((_tunnel(view, source), view.tunnel.get("source", "")))


def _tunnel(view: _View, source: Source) -> Tunnel:
    words = view.tunnel
    mode = words.get("tunnel-protocol", "none").lower()
    return Tunnel(
        name=view.interface.name,
        mode=_TUNNEL_MODES.get(mode, mode),
        local=to_address(words.get("source", "")),
        peer=to_address(words.get("destination", "")),
        vpn=view.tunnel_vpn,
        source=source,
    )


def _own_address(draft: Draft, name: str) -> IPv4Address | IPv6Address | None:
    """Return the address of the interface that a tunnel names as its source."""
    address = draft.address_of(full_interface(name))
    return address.interface.ip if address else None


def resolve(draft: Draft) -> None:
    """Lend addresses to unnumbered interfaces and join PPPoE clients with their dialers."""
    for name, lender in draft.unnumbered.items():
        lent = draft.address_of(lender)
        if lent is not None:
            own = InterfaceAddress(lent.interface, AddressOrigin.UNNUMBERED)
            draft.interfaces[name] = replace(draft.interfaces[name], addresses=(own,))
    for name, bundle, source in draft.pppoe:
        dialer = draft.bundles.get(bundle)
        draft.facts.append(PppoeSession(name, dialer, is_up=False, state="configured",
                                        source=source))  # fmt: skip
    for tunnel, origin in draft.tunnels:
        local = tunnel.local or _own_address(draft, origin)
        draft.facts.append(replace(tunnel, local=local))
    draft.facts.extend(draft.interfaces.values())
