"""Comware: VPN instances, BGP peers and the VPNv4 table.

Knows the tables of the VPN backbone. Refuses to know routes of single instances.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import PUBLIC, VpnInstance, VpnRoute
from netops.lab.render.h3c_comware_spelling import Comware, fit
from netops.lab.render.notation import V4, dotted, lines, natural
from netops.lab.render.scene import instances, local_as, router_id

_HEAD = "  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State"
_STATES = {"opensent": "OpenSent", "openconfirm": "OpenConfirm", "idle(admin)": "Idle(Admin)"}
_CODES = (
    " Status codes: * - valid, > - best, d - dampened, h - history,",
    "               s - suppressed, S - stale, i - internal, e - external",
    "               Origin: i - IGP, e - EGP, ? - incomplete",
)
_PLACES = "     Network            NextHop         "
_NETWORKS = "     Network            NextHop         MED        LocPrf     PrefVal Path/Ogn"


def answers(device: Comware) -> dict[str, str]:
    """Return the answers about VPN instances and BGP."""
    found = {
        "display ip vpn-instance": _instances(device),
        "display bgp peer ipv4": _peers(device, PUBLIC, "ipv4"),
        "display bgp peer ipv6": _peers(device, PUBLIC, "ipv6"),
        "display bgp peer vpnv4": _peers(device, PUBLIC, "vpnv4"),
        "display bgp routing-table vpnv4": _vpnv4(
            device, device.scene.model.vpn_routes, _NETWORKS, _vpn_route
        ),
        "display bgp routing-table vpnv4 inlabel": _vpnv4_labels(device, given=True),
        "display bgp routing-table vpnv4 outlabel": _vpnv4_labels(device, given=False),
    }
    for number, (name, families) in enumerate(instances(device.scene).items(), start=1):
        detail = _instance(device, number, name, families)
        found[f"display ip vpn-instance instance-name {name}"] = detail
        found[f"display bgp peer ipv4 vpn-instance {name}"] = _peers(device, name, "ipv4")
    return found


def _instances(device: Comware) -> str:
    found = instances(device.scene)
    out = [f"  Total VPN-Instances configured : {len(found)}"]
    if found:
        out.append("  VPN-Instance Name               RD                     Create time")
    for place, (name, families) in enumerate(found.items()):
        rd = families[0].rd or ""
        out.append(f"  {fit(name, 32)}{rd:<23}2024/05/01 06:22:{40 + place % 20}")
    return lines(*out)


def _instance(device: Comware, number: int, name: str, families: list[VpnInstance]) -> str:
    out = [f"  VPN-Instance Name and Index : {name}, {number}"]
    if families[0].rd:
        out.append(f"  Route Distinguisher : {families[0].rd}")
    members = device.scene.members.get(name, [])
    for place, member in enumerate(members):
        lead = "  Interfaces : " if not place else " " * 15
        out.append(f"{lead}{member}{',' if place < len(members) - 1 else ''}")
    for instance in families:
        out.append(f"  Address-family IPv{instance.family}:")
        for word, targets in (
            ("Export", instance.export_targets),
            ("Import", instance.import_targets),
        ):
            if targets:
                out += [f"   {word} VPN Targets :", f"       {' '.join(targets)}"]
    return lines(*out)


def _peers(device: Comware, vpn: str, family: str) -> str:
    everybody = device.scene.model.bgp_peers
    if not everybody:
        return ""
    found = [p for p in everybody if p.vpn == vpn and _family(p) == family]
    if not found and (vpn or family != "ipv4"):
        return ""
    up = sum(1 for peer in found if peer.is_established)
    return lines(
        "",
        f" BGP local router ID: {router_id(device.scene)}",
        f" Local AS number: {local_as(device.scene)}",
        f" Total number of peers: {len(found):<18d}Peers in established state: {up}",
        "",
        "  * - Dynamically created peer",
        _HEAD,
        "",
        *(_peer(p) for p in found),
    )


def _family(peer: BgpPeer) -> str:
    if peer.vpn:
        return f"ipv{peer.address.version}"
    return peer.address_family


def _peer(peer: BgpPeer) -> str:
    is_up = peer.is_established
    received, sent = (8123, 8120) if is_up else (0, 0)
    age = peer.uptime or ("0135h20m" if is_up else "00:41:08")
    state = _STATES.get(peer.state, peer.state.capitalize())
    return (
        f"  {fit(str(peer.address), 20)}{peer.remote_as:>6}{received:>9}{sent:>9}{0:>5}"
        f"{peer.received or 0:>8} {age:<8} {state}"
    )


def _vpnv4_labels(device: Comware, *, given: bool) -> str:
    """Return the labels that this device gave, or those that it was told."""
    routes = [r for r in device.scene.model.vpn_routes if _is_local(device, r) is given]
    heading = f"{_PLACES}OutLabel        InLabel" if given else f"{_PLACES}OutLabel"

    def row(_device: Comware, route: VpnRoute) -> str:
        label = route.label or "NULL"
        marks = f"* {'>' if route.best else ' '}{' ' if given else 'i'}"
        told = f"{'NULL':<16}{label}" if given else label
        return f"{marks} {natural(route.prefix):<19}{route.next_hop!s:<16}{told}"

    return _vpnv4(device, routes, heading, row)


def _vpnv4(
    device: Comware,
    routes: list[VpnRoute],
    heading: str,
    row: Callable[[Comware, VpnRoute], str],
) -> str:
    if not routes:
        return ""
    out = ["", f" BGP local router ID is {router_id(device.scene)}", *_CODES, ""]
    out.append(f" Total number of routes from all PEs: {len(routes)}")
    names = {i.rd: i.name for i in device.scene.model.vpn_instances if i.rd}
    by_rd: dict[str, list[VpnRoute]] = {}
    for route in routes:
        by_rd.setdefault(route.rd, []).append(route)
    for rd, found in by_rd.items():
        named = f"({names[rd]})" if rd in names else ""
        out += ["", f" Route distinguisher: {rd}{named}"]
        out += [f" Total number of routes: {len(found)}", "", heading, ""]
        out.extend(row(device, route) for route in found)
    return lines(*out)


def _is_local(device: Comware, route: VpnRoute) -> bool:
    hop = route.next_hop
    return hop.version == V4 and dotted(int(hop)) == router_id(device.scene)


def _vpn_route(device: Comware, route: VpnRoute) -> str:
    is_local = _is_local(device, route)
    marks = f"* {'>' if route.best else ' '}{' ' if is_local else 'i'}"
    preference = "" if is_local else "100"
    return (
        f"{marks} {natural(route.prefix):<19}{route.next_hop!s:<16}{0:<11}{preference:<11}{0:<8}?"
    )
