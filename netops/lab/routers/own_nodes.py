"""The nodes of no inventory: operations host, centre's servers, carriers' router, outside.

Knows what each must have to play its part. Refuses to know registered devices' files.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.addressing import Network
from netops.lab.build.net import PlannedExit, Router
from netops.lab.routers import frr_config
from netops.lab.routers.fabric import (
    INTERNET,
    OPS,
    OUTSIDE,
    Fabric,
    ops_address,
    servers_address,
)

ROOM = "/run/lab"
"""Where every node has a folder, in the laboratory's own mounts."""

_OUTSIDE_NETS = (
    ("203.0.113.1/24", "203.0.113.10", ("198.51.100.10/32", "192.0.2.10/32")),
    ("2001:db8:ffff::1/64", "2001:db8:ffff::10", ("2001:db8:f000::10/128",)),
)
"""Between the carriers' router and the host outside: its address, the host's, the host's others."""


def own_node(fabric: Fabric, node: str) -> tuple[tuple[str, ...], str]:
    """Return the shell lines that start a node, and its configuration of FRR."""
    if node == OPS:
        return tuple(_ops()), frr_config.ops_config(ops_address(fabric.net))
    if node == OUTSIDE:
        return tuple(_outside()), ""
    if node == INTERNET:
        return tuple(_internet(fabric)), _internet_frr(fabric)
    return tuple(_servers(fabric)), ""


def frr_lines(name: str, daemons: tuple[str, ...]) -> Iterator[str]:
    """Yield what starts a node's routing daemons and gives them their configuration."""
    for daemon in ("zebra", *daemons):
        words = f"-d -N {name} -A 127.0.0.1 -P 0 --log file:{ROOM}/{name}/frr.log"
        yield f"/usr/lib/frr/{daemon} {words}"
    yield f"vtysh -N {name} -b > {ROOM}/{name}/boot 2>&1"


def _ops() -> Iterator[str]:
    yield "ip link set lo up"
    yield "ip link set eth0 up"
    yield from frr_lines(OPS, ("ospfd",))


def _servers(fabric: Fabric) -> Iterator[str]:
    """Yield the centre's servers: an address of every application answers there."""
    net = fabric.net
    yield "ip link set lo up"
    yield "ip link set eth0 up"
    yield f"ip address add {servers_address(net)} dev eth0"
    for application in net.applications.values():
        yield f"ip address add {application.prefix.network_address + 1}/32 dev lo"
    core = [
        port.address(4)
        for router in net.routers.values()
        for port in router.ports.values()
        if port.role == "centre" and not fabric.is_dead(router.id)
    ]
    hops = " ".join(f"nexthop via {address}" for address in core)
    yield f"ip route add default {hops}"


def _outside() -> Iterator[str]:
    """Yield what stands on the internet: a host with the reflector's addresses."""
    yield "ip link set lo up"
    yield "ip link set eth0 up"
    for gateway, host, others in _OUTSIDE_NETS:
        address, _, length = gateway.partition("/")
        yield f"ip address add {host}/{length} dev eth0"
        yield from (f"ip address add {other} dev lo" for other in others)
        yield f"ip route add default via {address}"


def _internet(fabric: Fabric) -> Iterator[str]:
    """Yield the carriers' router: the far end of every line, and the way to what is outside."""
    yield "ip link set lo up"
    yield "ip link set core up"
    for gateway, host, others in _OUTSIDE_NETS:
        yield f"ip address add {gateway} dev core"
        yield from (f"ip route add {other} via {host}" for other in others)
    for line in fabric.lines:
        yield f"ip link set {line.port} up"
        for item in line.far.addresses:
            network = item.interface.network
            far = f"{network.network_address + 1}/{network.prefixlen}"
            yield f"ip address add {far} dev {line.port}"
    for made in fabric.net.exits.values():
        yield from _pool_routes(fabric, made)
    if _isp_lines(fabric):
        yield from frr_lines(INTERNET, ("bgpd",))


def pools_at(made: PlannedExit, router: str) -> list[Network]:
    """Return what a router translates to: of two routers each has one half of every pool.

    Neither knows the other's sessions, so answers must come back to the one that translated.
    """
    routers = list(dict.fromkeys(device for device, _, _ in made.lines))
    if len(routers) == 1:
        return made.pools
    place = routers.index(router)
    halves: list[tuple[Network, ...]] = [tuple(pool.subnets()) for pool in made.pools]
    return [half[place] for half in halves]


def _pool_routes(fabric: Fabric, made: PlannedExit) -> Iterator[str]:
    ports = {(device, port) for device, port, _ in made.lines}
    hops: dict[str, list[str]] = {}
    for line in fabric.lines:
        if (line.router, line.far.name) in ports:
            hops.setdefault(line.router, []).append(f"nexthop via {line.far.address(4)}")
    for router, ways in hops.items():
        for pool in pools_at(made, router):
            yield f"ip route add {pool} {' '.join(ways)}"


def _internet_frr(fabric: Fabric) -> str:
    lines = _isp_lines(fabric)
    return frr_config.internet_config(lines) if lines else ""


def _isp_lines(fabric: Fabric) -> list[tuple[str, Router]]:
    """Return address and router of every provider's session that is planned to be up."""
    return [
        (str(line.far.address(4)), fabric.net.routers[line.router])
        for line in fabric.lines
        for peer in fabric.net.routers[line.router].bgp_peers
        if peer.address == line.far.far and peer.state == "established"
    ]
