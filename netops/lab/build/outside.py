"""Lines to carriers: ports with outside addresses, declared exits and their translation.

Knows what an exit looks like on a router. Refuses to know which exits are allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

from netops.addressing import Network
from netops.facts.nat import NatKind, NatPool, NatRule
from netops.facts.policy_routes import Acl, AclRule
from netops.facts.routes import StaticRoute
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, PlannedExit, Port, Router, Seat, Wire

CARRIERS = ("中国电信", "中国移动", "中国联通")
TRANSLATING = ("huawei_vrp", "h3c_comware", "linux_host")
"""Platforms whose text shows address translation; FRR leaves that to its kernel."""
_POOL_SHARE = 0.5


def declare_exits(net: Net) -> None:
    """Give the province, each city and each county its declared exit on its first router."""
    for seat in net.seats.values():
        if not seat.division.exits_allowed:
            continue
        made = PlannedExit(f"E-{seat.code}", seat.code, f"{seat.division.name}互联网出口")
        seat.exit = made.id
        net.exits[made.id] = made
        add_line(net, seat, net.first_router(seat.code), made)


def add_line(net: Net, seat: Seat, router: Router, owner: PlannedExit) -> Port:
    """Add a declared line with its default routes to ``owner``."""
    number = net.outside_lines
    net.outside_lines += 1
    carrier = CARRIERS[(seat.number + len(owner.lines)) % len(CARRIERS)]
    port = router.new_port("carrier", f"internet-{number}")
    network = plan.carrier_net(number)
    port.give(plan.host(network, 2))
    port.far = network.network_address + 1
    default_via(router, port, port.far)
    if seat.has_ipv6:
        network6 = plan.carrier_net6(number)
        port.give(plan.host(network6, 2))
        default_via(router, port, network6.network_address + 1)
    wire = Wire(f"X-{router.id}-{number}", "internet", (router.id, port.name), None, carrier)
    wire.capacity = 1_000
    port.wire = wire.id
    net.wires[wire.id] = wire
    owner.lines.append((router.id, port.name, carrier))
    return port


def default_via(
    router: Router,
    port: Port,
    next_hop: IPv4Address | IPv6Address | None,
    preference: int | None = None,
) -> None:
    """Add a static default through ``port``."""
    family6 = next_hop is not None and next_hop.version == 6  # noqa: PLR2004 - the IP version
    router.statics.append(
        StaticRoute(
            "",
            plan.ANY6 if family6 else plan.ANY4,
            next_hop,
            port.name,
            preference=router.preference("static") if preference is None else preference,
        )
    )


def translate_exits(net: Net) -> None:
    """Write the translation of every declared exit, once departments and lines are known."""
    for made in net.exits.values():
        if made.department is None:
            _translate(net, made)


def _translate(net: Net, made: PlannedExit) -> None:
    seat = net.seats[made.government]
    uses_pool = net.dice("pool", made.government).random() < _POOL_SHARE
    pool = plan.pool_net(seat.number)
    if uses_pool:
        made.pools.append(pool)
    excluded = excluded_sources(net, seat)
    done: dict[str, str] = {}
    for device, interface, _ in made.lines:
        router = net.routers[device]
        if router.platform not in TRANSLATING:
            continue
        if device not in done:
            done[device] = _acl(router, excluded, (seat.block,))
        _rule(router, interface, done[device], pool if uses_pool else None)
        router.nat_sessions = 20 + net.dice("sessions", device).randrange(2_000)


def excluded_sources(net: Net, seat: Seat) -> tuple[Network, ...]:
    """Return the public IPv4 subnets of class A whose default way is this government's exit."""
    found: list[Network] = []
    for department in net.departments.values():
        owner = net.owner_seat(department.government)
        if department.access_class == "A" and owner.code == seat.code:
            found.extend(p for p in department.public if p.version == 4)  # noqa: PLR2004 - IPv4
    return tuple(found)


def _acl(router: Router, excluded: Sequence[Network], inside: Sequence[Network]) -> str:
    name = router.new_acl_name()
    rules = [(False, p) for p in excluded] + [(True, p) for p in inside]
    router.acls.append(
        Acl(
            name,
            4,
            tuple(
                AclRule(permit, prefix, number=5 * place)
                for place, (permit, prefix) in enumerate(rules)
            ),
        )
    )
    return name


def _rule(router: Router, interface: str, acl: str, pool: Network | None) -> None:
    ranges: tuple[tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address], ...] = ()
    if pool is not None:
        ranges = ((pool.network_address + 1, pool.network_address + 6),)
        if not any(p.ranges == ranges for p in router.nat_pools):
            router.nat_pools.append(NatPool(str(len(router.nat_pools) + 1), ranges))
    router.nat_rules.append(
        NatRule(
            NatKind.OUTBOUND,
            interface,
            acl=acl,
            pool=ranges,
            easy_ip=pool is None,
            active=True,
        )
    )


def permit_sources(router: Router, sources: Sequence[Network]) -> str:
    """Write an access list that permits ``sources`` and return its name."""
    return _acl(router, (), sources)
