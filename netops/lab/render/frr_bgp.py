"""BGP displays of FRR in JSON: the summary of all VRFs, and the VPN tables."""

from __future__ import annotations

import json
from typing import Any

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnRoute
from netops.lab.model import DeviceModel
from netops.lab.render.frr_text import LOCAL_AS, pretty, vrf_id, vrf_word

_FAMILIES = {"ipv4": "ipv4Unicast", "ipv6": "ipv6Unicast", "vpnv4": "ipv4Vpn", "vpnv6": "ipv6Vpn",
             "evpn": "l2VpnEvpn"}  # fmt: skip


def router_id(model: DeviceModel) -> str:
    """Return the first IPv4 address that is no loopback of the host itself."""
    for interface in model.interfaces:
        for address in interface.addresses or ():
            if address.interface.version == 4 and not address.interface.is_loopback:  # noqa: PLR2004 - IPv4
                return str(address.interface.ip)
    return "0.0.0.0"  # noqa: S104 - a router id, nothing is bound


def local_as(model: DeviceModel) -> str:
    """Return the AS number of the router."""
    return next((peer.local_as for peer in model.bgp_peers if peer.local_as), LOCAL_AS)


def summary(model: DeviceModel) -> str:
    """Return ``show bgp vrf all summary json``."""
    document: dict[str, Any] = {}
    for vpn in dict.fromkeys(["", *(peer.vpn for peer in model.bgp_peers)]):
        families: dict[str, Any] = {}
        for peer in model.bgp_peers:
            if peer.vpn == vpn:
                word = _FAMILIES.get(peer.address_family, "ipv4Unicast")
                block = families.setdefault(word, _block(model, vpn))
                block["peers"][str(peer.address)] = _peer(peer, local_as(model))
        for block in families.values():
            block["peerCount"] = block["totalPeers"] = len(block["peers"])
        if families:
            document[vrf_word(vpn)] = families
    return pretty(document)


def _block(model: DeviceModel, vpn: str) -> dict[str, Any]:
    return {
        "routerId": router_id(model),
        "as": int(local_as(model)),
        "vrfId": vrf_id(model, vpn),
        "vrfName": vrf_word(vpn),
        "tableVersion": 9,
        "ribCount": 15,
        "ribMemory": 2880,
        "peerCount": 0,
        "peerMemory": 741464,
        "peers": {},
        "failedPeers": 0,
        "displayedPeers": 0,
        "totalPeers": 0,
        "dynamicPeers": 0,
        "bestPath": {"multiPathRelax": "false"},
    }


def _peer(peer: BgpPeer, own_as: str) -> dict[str, Any]:
    up = peer.is_established
    state = peer.state.capitalize() if peer.enabled else "Idle (Admin)"
    value: dict[str, Any] = {
        "remoteAs": int(peer.remote_as),
        "localAs": int(peer.local_as or own_as),
        "version": 4,
        "msgRcvd": 600 if up else 0,
        "msgSent": 610 if up else 0,
        "tableVersion": 0,
        "outq": 0,
        "inq": 0,
        "peerUptime": (peer.uptime or "01w2d03h") if up else "never",
        "pfxRcd": (peer.received or 0) if up else 0,
        "pfxSnt": 9 if up else 0,
        "state": state,
        "peerState": "OK" if up else "Admin" if not peer.enabled else "Policy",
        "connectionsEstablished": int(up),
        "connectionsDropped": 0,
    }
    if peer.description:
        value["desc"] = peer.description
    return value | {"idType": f"ipv{peer.address.version}"}


def vpn_routes(model: DeviceModel, family: int) -> str:
    """Return ``show bgp ipv4|ipv6 vpn json``; nothing at all where the table is empty."""
    found = [route for route in model.vpn_routes if route.prefix.version == family]
    if not found:
        return ""
    head = pretty(
        {
            "vrfId": 0,
            "vrfName": "default",
            "tableVersion": len(found),
            "routerId": router_id(model),
            "defaultLocPrf": 100,
            "localAS": int(local_as(model)),
        }
    )
    parts = []
    for rd in dict.fromkeys(route.rd for route in found):
        prefixes: dict[str, list[dict[str, Any]]] = {}
        for route in found:
            if route.rd == rd:
                prefixes.setdefault(str(route.prefix), []).append(_path(route))
        body = "\n,".join(f'"{prefix}": {json.dumps(paths)}' for prefix, paths in prefixes.items())
        parts.append(f'"{rd}" : {{ {body}\n }} ')
    inside = ", ".join(parts)
    return (
        head.rstrip("}\n") + f',\n "routes": {{  "routeDistinguishers" : {{ {inside} }}  }}  }} \n'
    )


def _path(route: VpnRoute) -> dict[str, Any]:
    value: dict[str, Any] = {
        "valid": True,
        "pathFrom": "internal",
        "prefix": str(route.prefix.network_address),
        "prefixLen": route.prefix.prefixlen,
        "network": str(route.prefix),
        "version": 1,
        "metric": 0,
        "locPrf": 100,
        "weight": 0,
        "path": "",
        "origin": "IGP",
    }
    if route.best:
        value["bestpath"] = True
    if route.label is not None:
        value["remoteLabel"] = int(route.label) if route.label.isdecimal() else route.label
    hop = {"ip": str(route.next_hop), "afi": f"ipv{route.next_hop.version}", "used": True}
    return value | {"nexthops": [hop]}
