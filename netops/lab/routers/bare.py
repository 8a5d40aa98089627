"""Townships without routing daemons: a namespace with addresses and the planned routes, and SSH.

So a whole province fits into one machine. Knows how such a township is told its routes, and how
the router above it is told of the township. Refuses to know what runs elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.addressing import Network
from netops.divisions import Level
from netops.facts.routes import RouteRow, StaticRoute, prefix_of
from netops.lab.build.net import Net, Router
from netops.lab.plan import World

_V4, _V6 = 4, 6
_DIRECT = ("direct", "connected", "local", "kernel")
_IGNORE_DEAD = "echo 1 > /proc/sys/net/ipv4/conf/all/ignore_routes_with_linkdown"


def is_bare(net: Net, router: Router) -> bool:
    """Whether a router runs no routing daemon; one with a provider's session needs its own."""
    seat = net.seats[router.government]
    is_township = seat.level is Level.TOWNSHIP and router.department is None
    return net.spec.bare_townships and is_township and not router.bgp_peers


def bare_batch(world: World, router: Router) -> str:
    """Return the lines of ip(8) that give a township its addresses and routes."""
    model = world.model(router.id)
    lines = [
        f"address add {item.interface} dev {port.name}"
        for port in router.ports.values()
        for item in port.addresses
    ]
    rows = [row for family in (_V4, _V6) for row in model.routes.get(("", family), [])]
    lines += [_learnt(row) for row in rows if row.protocol not in _DIRECT]
    lines += [_waiting(static) for static in router.statics if not _is_held(static, rows)]
    return "".join(f"{line}\n" for line in lines)


def bare_lines() -> Iterator[str]:
    """Yield what a township's kernel is told beside: a route by a dead line carries nothing."""
    yield _IGNORE_DEAD


def _learnt(row: RouteRow) -> str:
    via = f"via {row.next_hop} " if row.next_hop else ""
    where = "" if row.blackhole else f"{via}dev {row.interface} "
    return _route(prefix_of(row), where, row.preference)


def _waiting(static: StaticRoute) -> str:
    via = f"via {static.next_hop} " if static.next_hop is not None else ""
    where = "" if static.blackhole else f"{via}dev {static.interface} "
    return _route(static.prefix, where, static.preference)


def _route(prefix: Network, where: str, preference: int) -> str:
    kind = "" if where else "blackhole "
    # Of two routes the kernel takes the one of the lower metric, as a router does by preference.
    return f"route append {kind}{prefix} {where}metric {max(1, preference)} proto static"


def _is_held(static: StaticRoute, rows: list[RouteRow]) -> bool:
    """Whether the planned table selects a static route; another one waits behind it."""
    hop = "" if static.next_hop is None else str(static.next_hop)
    return any(
        prefix_of(row) == static.prefix and row.next_hop == hop and row.protocol == "static"
        for row in rows
    )


def lines_above(world: World, router: Router) -> Iterator[tuple[Network, str]]:
    """Yield block and next hop of every such township that hangs on a router."""
    net = world.net
    for port in router.ports.values():
        wire = net.wires.get(port.wire or "")
        if wire is None or wire.child is None or wire.b is None or wire.a[0] != router.id:
            continue
        lower = net.routers[wire.b[0]]
        if is_bare(net, lower):
            yield net.seats[wire.child].block, str(lower.ports[wire.b[1]].address(_V4))
