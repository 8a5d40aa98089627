"""BGP peers as configured, per family and instance, in the shapes of V5 and V7.

V5 exchanges IPv4 routes with every peer unless told otherwise; V7 with none until a family
enables it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from netops.facts.neighbours import BgpPeer
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context
from netops.platforms.h3c_comware.sheet import address_of

_VIEW_WORDS = {
    "ipv4-family": 1,
    "ipv6-family": 1,
    "address-family": 1,
    "l2vpn-family": 1,
    "ip": 1,
}
_MIN_PEER_WORDS = 3


@dataclass(slots=True)
class _Peer:
    first: int
    last: int
    remote_as: str = ""
    group: str = ""
    description: str | None = None
    ignored: bool = False
    enabled: set[str] = field(default_factory=set)
    disabled: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Instance:
    """The peers of one VPN instance of one BGP process."""

    vpn: str
    peers: dict[str, _Peer] = field(default_factory=dict)


def read_bgp(context: Context) -> None:
    """Yield a ``BgpPeer`` per peer, instance and family."""
    late = _is_late(context)
    for view in context.tree.views("bgp "):
        if len(view.words) < 2 or not view.words[1][:1].isdecimal():  # noqa: PLR2004 - word count
            continue
        instances: dict[str, _Instance] = {}
        _view(view, instances, "", "ipv4")
        router = [n.words[1] for n in view.under("router-id ") if len(n.words) > 1]
        for instance in instances.values():
            for name in instance.peers:
                _yield(context, instance, name, _Process(view.words[1], router, late=late))


@dataclass(slots=True)
class _Process:
    local_as: str
    router: list[str]
    late: bool


def _is_late(context: Context) -> bool:
    for node in context.tree.views("version "):
        return not node.words[1].startswith(("3.", "5."))
    return any(n.text.startswith("address-family") for v in context.tree.views("bgp ")
               for n in v.children)  # fmt: skip


def _view(view: Node, instances: dict[str, _Instance], vpn: str, family: str) -> None:
    """Read a view; ``family`` "" marks an instance view that enables nothing itself."""
    for node in view.children:
        words = node.words
        if words[0] in {"peer", "group"} or words[:2] == ["undo", "peer"]:
            _peer_line(instances.setdefault(vpn, _Instance(vpn)), node, family)
        elif words[:2] == ["ip", "vpn-instance"] and len(words) > 2:  # noqa: PLR2004 - word count
            _view(node, instances, words[2], "ipv4")
        elif words[0] in _VIEW_WORDS and node.children:
            inner = words[-1] if "vpn-instance" in words else vpn
            _view(node, instances, inner, _family(words))


def _family(words: list[str]) -> str:
    version = words[0].removesuffix("-family")
    if version == "address":
        version = words[1] if len(words) > 1 else "ipv4"
    if "vpnv4" in words or "vpnv6" in words:
        return "vpnv4" if "vpnv4" in words else "vpnv6"
    return version if "multicast" not in words else f"{version}-multicast"


def _peer_line(instance: _Instance, node: Node, family: str) -> None:
    words = node.words
    negative = words[0] == "undo"
    words = words[1:] if negative else words
    if words[0] == "group" or len(words) < _MIN_PEER_WORDS:
        return
    name, what = words[1], words[2]
    if address_of(name) is None and what not in {"as-number", "enable"}:
        return
    peer = instance.peers.setdefault(name, _Peer(node.line, node.line))
    peer.last = max(peer.last, node.line)
    if what == "as-number":
        peer.remote_as = words[3] if len(words) > _MIN_PEER_WORDS else ""
    elif what == "group":
        peer.group = words[3] if len(words) > _MIN_PEER_WORDS else ""
        peer.enabled.add(family)
    elif what == "description":
        peer.description = node.text.partition(" description ")[2]
    elif what == "ignore":
        peer.ignored = not negative
    elif what == "enable":
        (peer.disabled if negative else peer.enabled).add(family)


def _yield(context: Context, instance: _Instance, name: str, process: _Process) -> None:
    address = address_of(name)
    if address is None:
        return
    peer = instance.peers[name]
    group = instance.peers.get(peer.group, _Peer(0, 0))
    families = set(peer.enabled)
    if process.late:
        families = {f for f in families if f in peer.enabled}
    elif address.version == 4 or not families:  # noqa: PLR2004 - the IP version
        families |= {"ipv4"} if address.version == 4 else {"ipv6"}  # noqa: PLR2004
    families -= peer.disabled
    active = bool(families) and not peer.ignored and not group.ignored
    for family in sorted(families) or [_plain_family(address)]:
        context.facts.append(
            BgpPeer(
                address=address,
                remote_as=peer.remote_as or group.remote_as,
                state="configured",
                vpn=instance.vpn,
                local_as=process.local_as,
                router_id=process.router[0] if process.router else None,
                address_family=family,
                enabled=active,
                description=peer.description,
                source=context.answer.at(peer.first, peer.last),
            )
        )


def _plain_family(address: IPv4Address | IPv6Address) -> str:
    return f"ipv{address.version}"
