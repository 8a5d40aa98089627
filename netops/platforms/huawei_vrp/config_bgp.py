"""BGP peers in the configuration: a fact a peer, family and instance."""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.facts.neighbours import BgpPeer
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_tree import Node
from netops.platforms.huawei_vrp.scan import to_address

_FAMILIES = {
    "vpnv4": "vpnv4", "vpnv6": "vpnv6", "unicast": "", "multicast": "multicast", "labeled": "",
    "flow": "flow", "mdt": "mdt",
}  # fmt: skip


@dataclass(slots=True)
class _Peer:
    asn: str | None = None
    group: str | None = None
    description: str | None = None
    ignored: bool = False
    views: set[str] = field(default_factory=set)
    first: int = 0
    last: int = 0
    node: Node | None = None


@dataclass(slots=True)
class _Process:
    """Peers of the whole process and of each instance; groups are peers by a name."""

    local_as: str
    router_id: str | None = None
    internal: set[str] = field(default_factory=set)
    peers: dict[str, dict[str, _Peer]] = field(default_factory=dict)
    enabled: set[tuple[str, str, str]] = field(default_factory=set)
    disabled: set[tuple[str, str, str]] = field(default_factory=set)


def bgp(draft: Draft, node: Node, words: list[str]) -> None:
    """Read a ``bgp AS`` block."""
    if not words:
        draft.skip(node)
        return
    process = _Process(words[0])
    for child in node.children:
        parts = child.words
        if parts[0].endswith("-family"):
            _family(process, child)
        else:
            _statement(process, child, ("", "ipv4"))
    for vpn, peers in process.peers.items():
        for name, peer in peers.items():
            _facts(draft, process, vpn, (name, peer))


def _family(process: _Process, node: Node) -> None:
    """Read a family view; with ``vpn-instance`` its peers are of that instance."""
    words = node.words
    base = words[0].partition("-")[0]
    vpn = words[2] if words[1:2] == ["vpn-instance"] and len(words) > 2 else ""  # noqa: PLR2004
    kind = "" if vpn or len(words) == 1 else _FAMILIES.get(words[1], words[1])
    family = kind or ("evpn" if base == "l2vpn" else base)
    for child in node.children:
        _statement(process, child, (vpn, family))


def _statement(process: _Process, node: Node, view: tuple[str, str]) -> None:
    words = node.words
    vpn, family = view
    if words[0] == "router-id" and len(words) > 1 and not vpn:
        process.router_id = words[1]
    elif words[0] == "group" and words[2:3] == ["internal"]:
        process.internal.add(words[1])
    elif words[:2] == ["undo", "peer"] and words[3:4] == ["enable"]:
        process.disabled.add((vpn, family, words[2]))
    elif words[0] == "peer" and len(words) > 2:  # noqa: PLR2004 - name and verb
        if words[2] == "enable":
            process.enabled.add((vpn, family, words[1]))
        peer = process.peers.setdefault(vpn, {}).get(words[1])
        if peer is None and words[2] in {"as-number", "group", "description", "ignore"}:
            shared = process.peers.get("", {}).get(words[1])
            if vpn or shared is None:
                peer = process.peers[vpn].setdefault(words[1], _Peer(first=node.line, node=node))
        if peer is not None:
            peer.views.add(family)
            _detail(peer, words, node)


def _detail(peer: _Peer, words: list[str], node: Node) -> None:
    peer.last = node.line
    value = words[3] if len(words) > 3 else ""  # noqa: PLR2004 - name, verb, value
    if words[2] == "as-number":
        peer.asn = value
    elif words[2] == "group":
        peer.group = value
    elif words[2] == "description":
        peer.description = " ".join(words[3:])
    elif words[2] == "ignore":
        peer.ignored = True


def _facts(draft: Draft, process: _Process, vpn: str, entry: tuple[str, _Peer]) -> None:
    name, peer = entry
    address = to_address(name)
    if address is None:
        return
    of_vpn, of_all = process.peers.get(vpn, {}), process.peers.get("", {})
    group = of_vpn.get(peer.group or "") or of_all.get(peer.group or "")
    asn = peer.asn or (group.asn if group else None)
    if asn is None and peer.group in process.internal:
        asn = process.local_as
    if asn is None:
        if peer.node is not None:
            draft.skip(peer.node)
        return
    families = {f for v, f, n in process.enabled if v == vpn and n == name}
    by_default = {"ipv4"} if address.version == 4 else set()  # noqa: PLR2004 - IPv4 unicast
    if vpn:
        by_default = peer.views or by_default
    families |= {f for f in by_default if (vpn, f, name) not in process.disabled}
    for family in sorted(families) or [f"ipv{address.version}"]:
        draft.facts.append(
            BgpPeer(
                address=address,
                remote_as=asn,
                state="configured",
                vpn=vpn,
                local_as=process.local_as,
                router_id=process.router_id,
                address_family=family,
                enabled=bool(families) and not peer.ignored,
                description=peer.description,
                source=draft.answer.at(peer.first, peer.last),
            )
        )
