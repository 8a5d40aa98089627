"""Static routes that every router of the plan has: discards and the way of the second router.

Knows the plan's aggregates. Refuses to know links and faults.
"""

from __future__ import annotations

from netops.addressing import Network
from netops.divisions import Level
from netops.facts.routes import StaticRoute
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Router, Seat


def add_base_routes(net: Net) -> None:
    """Discard what is ours but known to nobody; point second routers at the first."""
    for seat in net.seats.values():
        if seat.level is Level.TOWNSHIP:
            continue
        for name in seat.routers:
            _discard(net.routers[name], seat)
        _follow_first(net, seat)


def _discard(router: Router, seat: Seat) -> None:
    kept: list[Network] = [seat.block, plan.NATIONAL]
    if seat.above is None:
        kept += [plan.NATIONAL_LOW, plan.CGN]
    if seat.has_ipv6 and router.number == 1:
        kept.append(plan.IPV6_PLAN)
    router.statics.extend(
        StaticRoute("", prefix, None, None, preference=router.preference("static"), blackhole=True)
        for prefix in kept
    )


def _follow_first(net: Net, seat: Seat) -> None:
    """Give the second router a static default to the first, where it does not learn one."""
    if seat.exit is None or seat.is_recursive:
        return
    first, second = (net.routers[r] for r in seat.routers)
    for port in second.ports.values():
        if port.role == "intra" and not any(
            device == second.id for device, _, _ in net.exits[seat.exit].lines
        ):
            second.statics.append(
                StaticRoute(
                    "",
                    plan.ANY4,
                    first.ports[_intra_name(first)].address(4),
                    port.name,
                    preference=second.preference("static"),
                )
            )


def _intra_name(router: Router) -> str:
    return next(name for name, port in router.ports.items() if port.role == "intra")
