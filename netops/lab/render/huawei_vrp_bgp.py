"""VRP: the routing protocol blocks of the configuration.

Knows how peers spread over the families of one BGP process. Refuses to know routes learnt.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import PUBLIC
from netops.lab.render.huawei_vrp_spelling import Vrp
from netops.lab.render.notation import V4, printed
from netops.lab.render.scene import bgp_preference, local_as, router_id
from netops.lab.render.vendor_kin import ospf_block

Block = list[str]


def bgp_blocks(vrp: Vrp) -> Iterator[Block]:
    """Yield the blocks of the routing protocols."""
    yield ospf_block(vrp.scene)
    peers = vrp.scene.model.bgp_peers
    if not peers:
        return
    public = [p for p in peers if p.vpn == PUBLIC]
    block = [f"bgp {local_as(vrp.scene)}", f" router-id {router_id(vrp.scene)}"]
    seen: set[str] = set()
    for peer in public:
        address = printed(peer.address)
        if address not in seen:
            seen.add(address)
            block += _session(vrp, peer, " ")
    block += [" #", " ipv4-family unicast", "  undo synchronization"]
    preference = bgp_preference(vrp.scene)
    block += [f"  {preference}"] if preference else []
    block += _enabled(public, "ipv4")
    for family, word in (("ipv6", "ipv6-family unicast"), ("vpnv4", "ipv4-family vpnv4")):
        enabled = _enabled(public, family)
        if enabled:
            block += [" #", f" {word}"]
            block += ["  policy vpn-target"] if family == "vpnv4" else []
            block += enabled
    yield block + _edges(vrp)


def _session(vrp: Vrp, peer: BgpPeer, lead: str) -> Block:
    address = printed(peer.address)
    block = [f"{lead}peer {address} as-number {peer.remote_as}"]
    if peer.description:
        block.append(f"{lead}peer {address} description {peer.description}")
    if peer.vpn == PUBLIC and peer.remote_as == local_as(vrp.scene):
        block.append(f"{lead}peer {address} connect-interface LoopBack0")
    return block


def _enabled(peers: list[BgpPeer], family: str) -> Block:
    return [
        f"  {'' if p.enabled else 'undo '}peer {printed(p.address)} enable"
        for p in peers
        if p.address_family == family
    ]


def _edges(vrp: Vrp) -> Block:
    block: Block = []
    by_place: dict[tuple[str, int], list[BgpPeer]] = {}
    for peer in vrp.scene.model.bgp_peers:
        if peer.vpn != PUBLIC:
            by_place.setdefault((peer.vpn, peer.address.version), []).append(peer)
    named = {key for key in vrp.scene.model.routes if key[0] != PUBLIC and key[1] == V4}
    for name, version in sorted({*by_place, *named}):
        block += [" #", f" ipv{version}-family vpn-instance {name}", "  import-route direct"]
        block.append("  import-route static")
        for peer in by_place.get((name, version), ()):
            block += _session(vrp, peer, "  ")
    return block
