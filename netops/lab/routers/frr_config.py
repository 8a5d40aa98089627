"""The configuration of one FRR router: the planned routing as protocols that really run.

Between governments eBGP, in both directions held to what the plan lets through; inside one, and
down to townships, OSPF; between the two routers of one, iBGP. Knows no other daemon's files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from netops.divisions import Level
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Port, Router, Seat, Wire
from netops.lab.plan import World
from netops.lab.render.frr_config import interface_lines, static_line
from netops.lab.render.frr_pbr import config_lines
from netops.lab.routers.bare import is_bare, lines_above

ISP_AS = "64500"
_SHARED = ("loopback", "lan", "wan", "access", "service")
_HELLO = (" ip ospf hello-interval 1", " ip ospf dead-interval 6", " ip ospf retransmit-interval 1")
_OSPF_TIMERS = (" timers throttle lsa all 0", " timers throttle spf 0 50 500",
                " timers lsa min-arrival 0")  # fmt: skip
_BGP_TIMERS = (" timers bgp 3 9", " bgp route-map delay-timer 0")
_V4 = 4


def daemons(world: World, router: Router) -> tuple[str, ...]:
    """Return the daemons that a router runs beside zebra."""
    found = ["staticd"]
    if router.department is None:
        found.append("ospfd")
    if _has_bgp(world, router):
        found.append("bgpd")
    if router.policy_routes and router.platform == "frr":
        found.append("pbrd")
    return tuple(found)


def _has_bgp(world: World, router: Router) -> bool:
    if router.department is not None:
        return False
    return world.net.seats[router.government].level is not Level.TOWNSHIP or bool(router.bgp_peers)


def router_config(world: World, router: Router) -> str:
    """Return the whole configuration of a router."""
    model = world.model(router.id)
    lines = ["frr defaults traditional", "service integrated-vtysh-config"]
    lines += ["zebra route-map delay-timer 0", "!"]
    lines += [static_line(static) for static in router.statics]
    lines += [f"ip route {block} {hop}" for block, hop in lines_above(world, router)]
    for interface in model.interfaces:
        lines += interface_lines(model, interface)
    if router.department is None:
        seat = world.net.seats[router.government]
        lines += [*_filters(world, router, seat), *_ospf(world, router, seat)]
        if _has_bgp(world, router):
            lines += _bgp(world, router, seat)
    if router.platform == "frr":
        lines += config_lines(model)
    return "\n".join([*lines, ""])


def ops_config(address: str) -> str:
    """Return the configuration of the operations host, which learns its ways by OSPF."""
    return "\n".join(
        [
            "frr defaults traditional",
            "service integrated-vtysh-config",
            "interface eth0",
            f" ip address {address}",
            " ip ospf area 0",
            " ip ospf network point-to-multipoint",
            *_HELLO,
            "exit",
            "router ospf",
            *_OSPF_TIMERS,
            "exit",
            "",
        ]
    )


def internet_config(lines: Iterable[tuple[str, Router]]) -> str:
    """Return the provider's side of every session (its address, the customer) of a router."""
    made = ["frr defaults traditional", "service integrated-vtysh-config"]
    made += ["ip prefix-list NONE seq 5 deny any", f"router bgp {ISP_AS}", *_BGP_TIMERS,
             " no bgp ebgp-requires-policy", " bgp router-id 203.0.113.1"]  # fmt: skip
    far = list(lines)
    for address, router in far:
        made += _neighbor(address, str(router.as_number))
    made.append(" address-family ipv4 unicast")
    for address, _ in far:
        made += [f"  neighbor {address} default-originate",
                 f"  neighbor {address} prefix-list NONE in"]  # fmt: skip
    return "\n".join([*made, " exit-address-family", "exit", ""])


# -- what is let through ---------------------------------------------------------------------


def _filters(world: World, router: Router, seat: Seat) -> list[str]:
    made = _prefix_list("UP", [seat.block])
    made += _prefix_list("PLAN", [plan.ANY4, *plan.AGGREGATES])
    made += _prefix_list("AGGREGATES", plan.AGGREGATES)
    made += _prefix_list("DEFAULT", [plan.ANY4])
    made.append("ip prefix-list NONE seq 5 deny any")
    for wire in _sessions(world.net, router):
        if wire.a[0] == router.id:
            made += _prefix_list(f"DOWN-{wire.child}", _told(world, wire.child or ""))
    inside = _inside(world, router, seat)
    made += _prefix_list("INSIDE", inside) if inside else []
    made += _route_map("AGGREGATES", "permit", "AGGREGATES")
    # What a provider tells is preferred to the router's own static default, as on its own.
    made += ["route-map OWN-DEFAULT permit 10", " set weight 0", " set local-preference 50", "exit"]
    made += _route_map("INSIDE", "permit", "INSIDE") if inside else []
    if seat.level is not Level.TOWNSHIP:
        # What OSPF tells townships must not come back to the other router as a way of its own.
        made += _route_map("FROM-OSPF", "deny", "PLAN")
        made += ["route-map FROM-OSPF permit 20", "exit", "ip protocol ospf route-map FROM-OSPF"]
    return made


def _told(world: World, child: str) -> list[IPv4Network]:
    """Return what a government learns from its superior: aggregates and its applications."""
    seat = world.net.seats[child]
    missing = world.state.withdrawn[child]
    applications = [
        a.prefix
        for a in world.net.applications.values()
        if seat.level in a.levels and a.id not in missing and isinstance(a.prefix, IPv4Network)
    ]
    return [*plan.AGGREGATES, *applications]


def _inside(world: World, router: Router, seat: Seat) -> list[IPv4Network]:
    """Return the static routes into the government's own block that its other router learns."""
    below = [block for block, _ in lines_above(world, router) if isinstance(block, IPv4Network)]
    return below + [
        s.prefix
        for s in router.statics
        if isinstance(s.prefix, IPv4Network) and not s.blackhole and s.prefix.subnet_of(seat.block)
        and s.prefix != plan.ANY4
    ]  # fmt: skip


def _prefix_list(name: str, prefixes: Iterable[IPv4Network]) -> list[str]:
    return [
        f"ip prefix-list {name} seq {5 * place} permit {prefix}"
        for place, prefix in enumerate(prefixes, 1)
    ]


def _route_map(name: str, word: str, prefix_list: str) -> list[str]:
    return [
        f"route-map {name} {word} 10",
        f" match ip address prefix-list {prefix_list}",
        "exit",
    ]


# -- OSPF ------------------------------------------------------------------------------------


def _ospf(world: World, router: Router, seat: Seat) -> list[str]:
    net = world.net
    made: list[str] = []
    for port in router.ports.values():
        made += _ospf_port(net, port)
    made += ["router ospf", f" ospf router-id {router.loopback}", *_OSPF_TIMERS]
    if seat.above is None:
        made.append(" default-information originate always metric-type 1")
    elif _has_townships(net, seat):
        made.append(" default-information originate metric-type 1")
    if _has_townships(net, seat):
        made.append(" redistribute bgp metric-type 1 route-map AGGREGATES")
    if _inside(world, router, seat):
        made.append(" redistribute static metric-type 1 route-map INSIDE")
    return [*made, "exit"]


def _has_townships(net: Net, seat: Seat) -> bool:
    return seat.level is not Level.TOWNSHIP and any(
        net.seats[code].level is Level.TOWNSHIP for code in seat.below
    )


def _ospf_port(net: Net, port: Port) -> list[str]:
    """Return what OSPF does on a port: run, be told of it, or nothing."""
    wire = net.wires.get(port.wire or "")
    to_township = (
        wire is not None
        and wire.child is not None
        and net.seats[wire.child].level is Level.TOWNSHIP
    )
    lines = [f"interface {port.name}", " ip ospf area 0"]
    if wire is not None and wire.b is not None and is_bare(net, net.routers[wire.b[0]]):
        return [*lines, " ip ospf passive", "exit"]
    if port.role == "intra" or to_township:
        return [*lines, " ip ospf network point-to-point", *_HELLO, "exit"]
    if port.role == "centre":
        return [*lines, " ip ospf network point-to-multipoint", *_HELLO, "exit"]
    if port.role in _SHARED and not port.vpn:
        return [*lines, " ip ospf passive", "exit"]
    return []


# -- BGP -------------------------------------------------------------------------------------


def _sessions(net: Net, router: Router) -> Iterator[Wire]:
    """Yield the links of a router over which eBGP runs."""
    for port in router.ports.values():
        wire = net.wires.get(port.wire or "")
        if wire is None or wire.child is None:
            continue
        if net.seats[wire.child].level is not Level.TOWNSHIP:
            yield wire


def _bgp(world: World, router: Router, seat: Seat) -> list[str]:
    net = world.net
    sibling = world.state.sibling(router)
    made = [f"router bgp {router.as_number}", f" bgp router-id {router.loopback}", *_BGP_TIMERS,
            " no bgp ebgp-requires-policy", " no bgp default ipv4-unicast"]  # fmt: skip
    family = [" address-family ipv4 unicast"]
    if seat.level is not Level.TOWNSHIP:
        family += [f"  network {prefix}" for prefix in _own_networks(net, seat)]
        if _tells_default(net, router, seat):
            family.append(f"  network {plan.ANY4} route-map OWN-DEFAULT")
    for wire in _sessions(net, router):
        address, other = _far(net, router, wire)
        made += _neighbor(address, str(other.as_number))
        name = f"DOWN-{wire.child}" if wire.a[0] == router.id else "UP"
        family += _activate(address, f"prefix-list {name} out")
    if sibling is not None:
        peer = str(sibling.loopback)
        made += [*_neighbor(peer, str(sibling.as_number)), f" neighbor {peer} update-source lo"]
        family += _activate(peer, "next-hop-self")
    for isp in router.bgp_peers:
        made += _neighbor(str(isp.address), isp.remote_as)
        family += _activate(str(isp.address), "prefix-list NONE out", "prefix-list DEFAULT in")
    return [*made, *family, " exit-address-family", "exit"]


def _own_networks(net: Net, seat: Seat) -> list[IPv4Network]:
    """Return what a government brings into BGP: its block, at the core everything."""
    found = [seat.block]
    if seat.above is None:
        found += [p for p in plan.AGGREGATES if p != seat.block]
        found += [a.prefix for a in net.applications.values() if isinstance(a.prefix, IPv4Network)]
    return found


def _tells_default(net: Net, router: Router, seat: Seat) -> bool:
    """Whether the other router of the government learns its default by iBGP from this one."""
    lines = net.exits[seat.exit].lines if seat.exit is not None else []
    return seat.is_recursive and any(device == router.id for device, _, _ in lines)


def _far(net: Net, router: Router, wire: Wire) -> tuple[str, Router]:
    """Return the address and the router at the other end of a link."""
    assert wire.b is not None  # noqa: S101 - links between routers have two ends
    name, port = wire.b if wire.a[0] == router.id else wire.a
    other = net.routers[name]
    return str(other.ports[port].address(_V4)), other


def _neighbor(address: str, remote_as: str) -> list[str]:
    return [
        f" neighbor {address} remote-as {remote_as}",
        f" neighbor {address} timers connect 1",
        f" neighbor {address} advertisement-interval 0",
    ]


def _activate(address: str, *words: str) -> list[str]:
    return [f"  neighbor {address} activate", *(f"  neighbor {address} {word}" for word in words)]
