"""Seats the governments on the net: routers, loopbacks, links between and inside governments.

Knows levels and uplinks. Refuses to know departments, exits and faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network

from netops.divisions import Level
from netops.facts.interfaces import AddressOrigin
from netops.lab.build import addresses as plan
from netops.lab.build.divisions import Division, divisions_in_scope
from netops.lab.build.makes import make_for
from netops.lab.build.net import Net, Router, Seat, Wire
from netops.lab.spec import Spec

_ROUTERS = {Level.PROVINCE: 2, Level.CITY: 2, Level.COUNTY: 2, Level.TOWNSHIP: 1}
_ROLES = {
    Level.PROVINCE: "core",
    Level.CITY: "aggregation",
    Level.COUNTY: "pe",
    Level.TOWNSHIP: "access",
}
_CAPACITY = {Level.CITY: 10_000, Level.COUNTY: 1_000, Level.TOWNSHIP: 100}
_CARRIERS = ("电信", "移动", "联通")
_IPV6_SHARE = 0.3
_ROGUE_AS_BASE = 4_200_000_000


def seat_governments(spec: Spec) -> Net:
    """Build the net of a specification: routers and links, everything up."""
    net = Net(spec, divisions_in_scope(spec))
    known = {d.code: d for d in net.divisions}
    blocks: dict[str, IPv4Network] = {}
    for division in net.divisions:
        parent = known.get(division.parent or "")
        blocks[division.code] = plan.block_of(division, parent, blocks.get(division.parent or ""))
        if division.has_node:
            _seat(net, division, blocks[division.code], known)
    for seat in net.seats.values():
        _routers(net, seat)
    for seat in net.seats.values():
        _intra(net, seat)
        _uplinks(net, seat)
    _paths(net)
    return net


def _seat(net: Net, division: Division, block: IPv4Network, known: Mapping[str, Division]) -> None:
    above = known.get(division.parent or "")
    while above is not None and above.code not in net.seats:
        above = known.get(above.parent or "")
    seat = Seat(division, len(net.seats), block, None if above is None else above.code)
    dice = net.dice("seat", division.code)
    seat.is_recursive = dice.random() < 0.5  # noqa: PLR2004 - both kinds alike often
    share = _IPV6_SHARE if division.level is Level.COUNTY else 1.0
    seat.has_ipv6 = division.level is not Level.TOWNSHIP and dice.random() < share
    net.seats[division.code] = seat
    if above is not None:
        net.seats[above.code].below.append(division.code)


def _routers(net: Net, seat: Seat) -> None:
    for number in range(1, _ROUTERS[seat.level] + 1):
        dice = net.dice("router", seat.code, str(number))
        platform = _platform(net, seat, dice.random())
        router = Router(
            id=f"{seat.code}-R{number}",
            government=seat.code,
            number=number,
            role=_ROLES[seat.level],
            make=make_for(platform, dice.random()),
            index=len(net.routers),
            loopback=plan.loopback(seat, number),
            as_number=_as_number(seat),
        )
        lo = router.named_port(router.make.loopback, "loopback", "model address")
        lo.give(f"{router.loopback}/32")
        net.routers[router.id] = router
        seat.routers.append(router.id)


def _as_number(seat: Seat) -> int:
    """Return the private AS of a government; a township is part of its county's."""
    return _ROGUE_AS_BASE + int(seat.code[:6])


def _platform(net: Net, seat: Seat, draw: float) -> str:
    total = 0.0
    shares = net.spec.platforms[seat.level]
    for platform, share in shares.items():
        total += share
        if draw < total:
            return platform
    return next(reversed([p for p, s in shares.items() if s > 0]))


def _intra(net: Net, seat: Seat) -> None:
    if len(seat.routers) == 1:
        return
    first, second = (net.routers[r] for r in seat.routers)
    _join(net, Wire(f"I-{seat.code}", "intra", (first.id, ""), (second.id, "")),
          plan.intra_net(seat))  # fmt: skip


def _uplinks(net: Net, seat: Seat) -> None:
    if seat.above is None:
        return
    above = net.seats[seat.above]
    for number in range(net.spec.uplinks[seat.level]):
        lower = seat.routers[min(number, len(seat.routers) - 1)]
        upper = above.routers[_upper(net, seat, above, number)]
        carrier = net.dice("carrier", seat.code, str(number)).choice(_CARRIERS)
        wire = Wire(
            f"W-{seat.code}-{number + 1}",
            "wan",
            (upper, ""),
            (lower, ""),
            carrier,
            seat.code,
            _CAPACITY[seat.level],
        )
        _join(net, wire, plan.wan_net(seat, number))


def _upper(net: Net, seat: Seat, above: Seat, number: int) -> int:
    """Return which router of the superior takes uplink ``number``.

    Of inferiors with one uplink, every second hangs on the second router.
    """
    if net.spec.uplinks[seat.level] == 1:
        return above.below.index(seat.code) % len(above.routers)
    return min(number, len(above.routers) - 1)


def _join(net: Net, wire: Wire, network: IPv4Network) -> None:
    """Give both ends of a wire a port and an address."""
    assert wire.b is not None  # noqa: S101 - links between routers have two ends
    upper, lower = net.routers[wire.a[0]], net.routers[wire.b[0]]
    a = upper.new_port(wire.kind, f"to-{lower.hostname}")
    b = lower.new_port(wire.kind, f"to-{upper.hostname}")
    a.give(plan.host(network, 1), AddressOrigin.CONFIGURED)
    b.give(plan.host(network, 2), AddressOrigin.CONFIGURED)
    a.far, b.far = b.address(4), a.address(4)
    a.wire = b.wire = wire.id
    wire.a, wire.b = (upper.id, a.name), (lower.id, b.name)
    net.wires[wire.id] = wire
    net.seats[lower.government].wires.append(wire.id)


def _paths(net: Net) -> None:
    """Ask of each level as many disjoint paths as it and all levels above it have uplinks."""
    for seat in net.seats.values():
        if seat.above is None:
            continue
        above = net.seats[seat.above]
        most = net.spec.uplinks[seat.level]
        seat.disjoint_paths = most if above.above is None else min(most, above.disjoint_paths)
