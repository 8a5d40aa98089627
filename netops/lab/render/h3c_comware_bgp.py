"""Comware: the routing protocol blocks of the configuration.

Knows how peers spread over the families of one BGP process. Refuses to know routes learnt.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import PUBLIC
from netops.lab.render.h3c_comware_spelling import Comware
from netops.lab.render.notation import V4
from netops.lab.render.scene import bgp_preference, local_as, router_id
from netops.lab.render.vendor_kin import ospf_block

Block = list[str]
_FAMILIES = (("ipv4", "ipv4 unicast"), ("ipv6", "ipv6 unicast"), ("vpnv4", "vpnv4"))


def bgp_blocks(device: Comware) -> Iterator[Block]:
    """Yield the blocks of the routing protocols."""
    yield ospf_block(device.scene)
    peers = device.scene.model.bgp_peers
    if not peers:
        return
    block = [f"bgp {local_as(device.scene)}", f" router-id {router_id(device.scene)}"]
    seen: set[str] = set()
    for peer in peers:
        if peer.vpn == PUBLIC and str(peer.address) not in seen:
            seen.add(str(peer.address))
            block += _session(device, peer, " ")
    preference = bgp_preference(device.scene)
    for family, word in _FAMILIES:
        enabled = [
            f"  {'' if p.enabled else 'undo '}peer {p.address} enable"
            for p in peers
            if p.vpn == PUBLIC and p.address_family == family
        ]
        if family == "ipv4" and enabled and preference:
            enabled.insert(0, f"  {preference}")
        if enabled:
            block += [" #", f" address-family {word}", *enabled]
    yield block + _edges(device)


def _session(device: Comware, peer: BgpPeer, lead: str) -> Block:
    block = [f"{lead}peer {peer.address} as-number {peer.remote_as}"]
    if peer.description:
        block.append(f"{lead}peer {peer.address} description {peer.description}")
    if peer.vpn == PUBLIC and peer.remote_as == local_as(device.scene):
        block.append(f"{lead}peer {peer.address} connect-interface LoopBack0")
    return block


def _edges(device: Comware) -> Block:
    by_vpn: dict[str, list[BgpPeer]] = {}
    for vpn, _family in device.scene.model.routes:
        if vpn != PUBLIC:
            by_vpn.setdefault(vpn, [])
    for peer in device.scene.model.bgp_peers:
        if peer.vpn != PUBLIC:
            by_vpn.setdefault(peer.vpn, []).append(peer)
    block: Block = []
    for name, peers in by_vpn.items():
        block += [" #", f" ip vpn-instance {name}"]
        for peer in peers:
            block += _session(device, peer, "  ")
        for version in (4, 6):
            mine = [p for p in peers if p.address.version == version]
            if mine or version == V4:
                block += ["  #", f"  address-family ipv{version} unicast"]
                block += ["   import-route direct", "   import-route static"]
                block += [f"   peer {p.address} enable" for p in mine]
    return block
