"""VRP: VPN instances, BGP peers and the VPNv4 table.

Knows the tables of the VPN backbone. Refuses to know routes of single instances. The layout
of the VPNv4 table stands in no reference that we have: it is synthetic.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import PUBLIC, VpnInstance, VpnRoute
from netops.lab.render.huawei_vrp_spelling import Vrp
from netops.lab.render.notation import V4, dotted, lines, natural
from netops.lab.render.scene import instances, local_as, router_id

_HEAD = "  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv"
_STATES = {
    "opensent": "OpenSent",
    "openconfirm": "OpenConfirm",
    "idle(admin)": "Idle(Admin)",
}
_CODES = (
    " Status codes: * - valid, > - best, d - damped, x - best external, a - add path,",
    "               h - history,  i - internal, s - suppressed, S - Stale",
    "               Origin : i - IGP, e - EGP, ? - incomplete",
)
_LABELS = "        Network           NextHop           In/Out Label"
_NETWORKS = "      Network            NextHop        MED        LocPrf    PrefVal Path/Ogn"


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the answers about VPN instances and BGP."""
    return {
        "display ip vpn-instance": _instances(vrp),
        "display ip vpn-instance verbose": _verbose(vrp),
        "display bgp peer": _peers(vrp, "ipv4"),
        "display bgp ipv6 peer": _peers(vrp, "ipv6"),
        "display bgp vpnv4 all peer": _vpnv4_peers(vrp),
        "display bgp vpnv4 all routing-table": _vpnv4_routes(vrp, _NETWORKS, _vpn_route),
        "display bgp vpnv4 all routing-table label": _vpnv4_routes(vrp, _LABELS, _labels),
    }


def _totals(vrp: Vrp) -> list[str]:
    found = instances(vrp.scene)
    families = [i.family for i in vrp.scene.model.vpn_instances]
    return [
        f" Total VPN-Instances configured      : {len(found)}",
        f" Total IPv4 VPN-Instances configured : {families.count(V4)}",
        f" Total IPv6 VPN-Instances configured : {families.count(6)}",
        "",
    ]


def _instances(vrp: Vrp) -> str:
    out = _totals(vrp)
    out.append("  VPN-Instance Name               RD                    Address-family")
    for name, families in instances(vrp.scene).items():
        named = f"{name} " if len(name) > 31 else name  # noqa: PLR2004 - the longest name
        out.extend(f"  {named:<32}{i.rd or '':<22}IPv{i.family}" for i in families)
    return lines(*out)


def _verbose(vrp: Vrp) -> str:
    out = _totals(vrp)
    for number, (name, families) in enumerate(instances(vrp.scene).items(), start=1):
        out.append(f" VPN-Instance Name and ID : {name}, {number}")
        out.extend(_members(vrp, name))
        for instance in families:
            out.extend(_family(instance))
        out.append("")
    return lines(*out)


def _members(vrp: Vrp, name: str) -> list[str]:
    members = vrp.scene.members.get(name, [])
    last = len(members) - 1
    return [
        f"{'  Interfaces : ' if not place else ' ' * 15}{member}{',' if place < last else ''}"
        for place, member in enumerate(members)
    ]


def _family(instance: VpnInstance) -> list[str]:
    out = [
        f" Address family ipv{instance.family}",
        "  Create date : 2024/05/01 06:22:40 UTC+08:00",
        "  Up time : 10 days, 02 hours, 51 minutes and 22 seconds",
    ]
    if instance.rd:
        out.append(f"  Route Distinguisher : {instance.rd}")
    if instance.export_targets:
        out.append(f"  Export VPN Targets :  {' '.join(instance.export_targets)}")
    if instance.import_targets:
        out.append(f"  Import VPN Targets :  {' '.join(instance.import_targets)}")
    return [*out, "  Label Policy : label per route", "  Log Interval : 5"]


def _head(vrp: Vrp, peers: list[BgpPeer]) -> list[str]:
    up = sum(1 for peer in peers if peer.is_established)
    if vrp.is_vrp8:
        return [
            " Status codes: * - Dynamic",
            f" BGP local router ID        : {router_id(vrp.scene)}",
            f" Local AS number            : {local_as(vrp.scene)}",
            f" Total number of peers      : {len(peers)}",
            f" Peers in established state : {up}",
            " Total number of dynamic peers : 0",
            "",
            _HEAD,
        ]
    return [
        f" BGP local router ID : {router_id(vrp.scene)}",
        f" Local AS number : {local_as(vrp.scene)}",
        f" Total number of peers : {len(peers):<18d}Peers in established state : {up}",
        "",
        _HEAD,
    ]


def _peer(peer: BgpPeer) -> str:
    is_up = peer.is_established
    seen = (4110, 4098) if is_up else (0, 0)
    age = peer.uptime or ("0068h41m" if is_up else "00:04:41")
    state = _STATES.get(peer.state, peer.state.capitalize())
    address = str(peer.address)
    gap = " " if len(address) > 15 else ""  # noqa: PLR2004 - the column
    return (
        f"  {address + gap:<16}4{peer.remote_as:>12}{seen[0]:>9}{seen[1]:>9}{0:>6}"
        f"{age:>9}{state:>12}{peer.received or 0:>9}"
    )


def _peers(vrp: Vrp, family: str) -> str:
    everybody = vrp.scene.model.bgp_peers
    peers = [p for p in everybody if p.vpn == PUBLIC and p.address_family == family]
    if not everybody or (family != "ipv4" and not peers):
        return ""
    return lines(*_head(vrp, peers), *(_peer(p) for p in peers))


def _vpnv4_peers(vrp: Vrp) -> str:
    everybody = vrp.scene.model.bgp_peers
    backbone = [p for p in everybody if p.vpn == PUBLIC and p.address_family == "vpnv4"]
    edges: dict[str, list[BgpPeer]] = {}
    for peer in everybody:
        if peer.vpn != PUBLIC and peer.address.version == V4:
            edges.setdefault(peer.vpn, []).append(peer)
    if not backbone and not edges:
        return ""
    counted = [*backbone, *(p for peers in edges.values() for p in peers)]
    out = [*_head(vrp, counted), *(_peer(p) for p in backbone)]
    if edges:
        out += ["", "  Peer of IPv4-family for vpn instance :"]
    for name, peers in edges.items():
        out += ["", f"  VPN-Instance {name}, Router ID {router_id(vrp.scene)}:"]
        out.extend(_peer(p) for p in peers)
    return lines(*out)


def _vpnv4_routes(vrp: Vrp, heading: str, row: Callable[[Vrp, VpnRoute], str]) -> str:
    routes = vrp.scene.model.vpn_routes
    if not routes:
        return ""
    out = ["", f" BGP Local router ID is {router_id(vrp.scene)}", *_CODES, ""]
    out.append(f" Total number of routes from all PE: {len(routes)}")
    by_rd: dict[str, list[VpnRoute]] = {}
    for route in routes:
        by_rd.setdefault(route.rd, []).append(route)
    for rd, found in by_rd.items():
        out += [f" Route Distinguisher: {rd}", "", "", heading, ""]
        out.extend(row(vrp, route) for route in found)
    for name, families in instances(vrp.scene).items():
        own = [r for i in families if i.family == V4 and i.rd for r in by_rd.get(i.rd, ())]
        if own:
            out += ["", f" VPN-Instance {name}, Router ID {router_id(vrp.scene)}:", ""]
            out += [f" Total Number of Routes: {len(own)}", heading, ""]
            out.extend(row(vrp, route) for route in own)
    return lines(*out)


def _is_own(vrp: Vrp, route: VpnRoute) -> bool:
    hop = route.next_hop
    return hop.version == V4 and dotted(int(hop)) == router_id(vrp.scene)


def _labels(vrp: Vrp, route: VpnRoute) -> str:
    label, is_own = route.label or "NULL", _is_own(vrp, route)
    marks = f" *{'>' if route.best else ' '}{' ' if is_own else 'i'}"
    pair = f"{label}/NULL" if is_own else f"NULL/{label}"
    return f"{marks}    {natural(route.prefix):<18}{route.next_hop!s:<18}{pair}"


def _vpn_route(vrp: Vrp, route: VpnRoute) -> str:
    marks = " *>" if route.best else " * "
    is_own = _is_own(vrp, route)
    kind = " " if is_own else "i"
    preference = "" if is_own else "100"
    return (
        f"{marks}{kind}  {natural(route.prefix):<19}{route.next_hop!s:<15}{0:<11}"
        f"{preference:<11}{0:<7}?"
    )
