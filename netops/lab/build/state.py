"""What works now: which devices live, which links carry, and so which way routes lead.

Each government learns the plan's aggregates from its superior and its superior learns the
government's block, over working links only and by shortest cost; the link between the two
routers of a government is the backup. Routes never lead up again after they led down, as
between autonomous systems. Costs one visit of each link.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netops.lab.build.addresses import ANY4
from netops.lab.build.net import Net, Port, Router, Seat, Wire

if TYPE_CHECKING:
    from netops.lab.build.vpns import Site

_WAN, _INTRA = 1, 10
_FAR = 1 << 30
_OUTSIDE_ROLES = ("carrier", "rogue", "dialer", "cellular", "tunnel")


@dataclass(slots=True)
class Ways:
    """How a router goes on: wires used, directly or through its sibling; cost to the core."""

    wires: tuple[Wire, ...] = ()
    by_sibling: bool = False
    cost: int = _FAR

    @property
    def exist(self) -> bool:
        """Whether there is a way at all."""
        return self.cost < _FAR


NO_WAY = Ways()


@dataclass(slots=True)
class State:
    """The working net. ``down`` is keyed by (router, inferior government)."""

    net: Net
    dead: frozenset[str]
    up: dict[str, Ways] = field(default_factory=dict)
    down: dict[tuple[str, str], Ways] = field(default_factory=dict)
    default: dict[str, Ways] = field(default_factory=dict)
    uplinks: dict[str, list[Wire]] = field(default_factory=dict)
    withdrawn: dict[str, frozenset[str]] = field(default_factory=dict)
    sites: dict[str, list[Site]] | None = None

    def is_alive(self, router: str) -> bool:
        """Whether a device runs."""
        return router not in self.dead

    def works(self, wire: Wire) -> bool:
        """Whether a link between two of ours carries traffic."""
        if wire.fault or wire.a[0] in self.dead:
            return False
        return wire.b is None or wire.b[0] not in self.dead

    def has_light(self, wire: Wire) -> bool:
        """Whether the ports of a link are physically up."""
        if wire.fault == "down" or wire.a[0] in self.dead:
            return False
        return wire.b is None or wire.b[0] not in self.dead

    def carries(self, port: Port) -> bool:
        """Whether the link of a port works; a port without one does."""
        wire = self.net.wires.get(port.wire or "")
        return wire is None or self.works(wire)

    def is_up(self, router: str, interface: str | None) -> bool:
        """Whether a port of a router can carry packets."""
        port = self.net.routers[router].ports.get(interface or "")
        if port is None:
            return False
        return port.state[2] if port.state is not None else self.carries(port)

    def has_line(self, router: str, exit_id: str | None) -> bool:
        """Whether a declared line of an exit on a router works."""
        lines = self.net.exits[exit_id].lines if exit_id else []
        return any(device == router and self.is_up(router, port) for device, port, _ in lines)

    def is_reached(self, router: str) -> bool:
        """Whether the operations host at the province core gets an answer in band."""
        if router in self.dead:
            return False
        device = self.net.routers[router]
        if device.department is None:
            return self.up[router].exist
        seat = self.net.seats[device.government]
        gateway = seat.routers[0]
        return gateway not in self.dead and self.up[gateway].exist

    def sibling(self, router: Router) -> Router | None:
        """Return the other router of the same government, alive or not."""
        if router.department is not None:
            return None
        others = [r for r in self.net.seats[router.government].routers if r != router.id]
        return self.net.routers[others[0]] if others else None


def find_ways(net: Net, dead: frozenset[str], withdrawn: dict[str, set[str]]) -> State:
    """Compute the state of ``net`` with some devices dead and some routes withdrawn.

    ``withdrawn`` maps a government to the applications that are not announced to it; its
    inferiors do not learn them either.
    """
    state = State(net, dead)
    for wire in net.wires.values():
        if wire.child is not None:
            state.uplinks.setdefault(wire.child, []).append(wire)
    for seat in net.seats.values():
        _climb(state, seat)
        _withdraw(state, seat, withdrawn)
    for seat in net.seats.values():
        for child in seat.below:
            _descend(state, seat, child)
    for seat in net.seats.values():
        _find_default(state, seat)
    return state


def _withdraw(state: State, seat: Seat, withdrawn: dict[str, set[str]]) -> None:
    above = state.withdrawn.get(seat.above or "", frozenset())
    own = withdrawn.get(seat.code, set())
    state.withdrawn[seat.code] = above | own if own else above


def _climb(state: State, seat: Seat) -> None:
    """Find the ways of a government's routers to the province core."""
    if seat.above is None:
        for router in seat.routers:
            state.up[router] = NO_WAY if router in state.dead else Ways(cost=0)
        return
    for router in seat.routers:
        found = [
            (state.up[w.a[0]].cost + _WAN, w)
            for w in state.uplinks.get(seat.code, ())
            if w.b is not None and w.b[0] == router and state.works(w) and state.up[w.a[0]].exist
        ]
        state.up[router] = _best(found)
    _lean_on_siblings(state, seat.routers, state.up)


def _best(found: list[tuple[int, Wire]]) -> Ways:
    if not found:
        return NO_WAY
    least = min(cost for cost, _ in found)
    return Ways(tuple(w for cost, w in found if cost == least), cost=least)


def _lean_on_siblings(state: State, routers: list[str], ways: dict[str, Ways]) -> None:
    """Let a router without a way of its own use its sibling's."""
    own = {r: ways[r] for r in routers}
    for router in routers:
        if own[router].exist or router in state.dead:
            continue
        costs = [own[other].cost for other in routers if other != router and own[other].exist]
        if costs:
            ways[router] = Ways(by_sibling=True, cost=min(costs) + _INTRA)


def _descend(state: State, seat: Seat, child: str) -> None:
    """Find the ways of a government's routers to an inferior's block."""
    ways: dict[str, Ways] = {}
    for router in seat.routers:
        found = [
            (_WAN, w) for w in state.uplinks.get(child, ()) if w.a[0] == router and state.works(w)
        ]
        ways[router] = _best(found)
    _lean_on_siblings(state, seat.routers, ways)
    for router, way in ways.items():
        state.down[(router, child)] = way


def _find_default(state: State, seat: Seat) -> None:
    """Find how the routers of a government without a line of their own reach the internet.

    A router with a working line needs no way; the second router follows the first; a
    government without an exit follows every superior router it hangs on that has a default.
    """
    if seat.exit is not None:
        _default_of_lines(state, seat)
        return
    for router in seat.routers:
        found = [
            (_WAN, w)
            for w in state.uplinks.get(seat.code, ())
            if w.b is not None
            and w.b[0] == router
            and state.works(w)
            and state.default[w.a[0]].exist
        ]
        state.default[router] = _best(found)
    _lean_on_siblings(state, seat.routers, state.default)


def _default_of_lines(state: State, seat: Seat) -> None:
    """Find the ways of a government with an exit: its lines, else what waits beside a cut one."""
    lines = {device for device, _, _ in state.net.exits[seat.exit or ""].lines}
    living = [r for r in seat.routers if r not in state.dead]
    working = {r for r in living if state.has_line(r, seat.exit)}
    # A router that lost its line keeps and tells any other default that it has.
    telling = working | {r for r in living if r in lines and _has_default(state, r)}
    alone = set() if telling else {r for r in living if _has_default(state, r)}
    for router in seat.routers:
        if router in telling or router in alone:
            state.default[router] = Ways(cost=0)
        elif router in living and telling and (seat.is_recursive or router not in lines):
            state.default[router] = Ways(by_sibling=True, cost=1)
        else:
            state.default[router] = NO_WAY


def _has_default(state: State, router: str) -> bool:
    """Whether a router has a working default that needs no other router of ours."""
    made = state.net.routers[router]
    own = [(s.vpn, s.prefix, s.interface) for s in made.statics if not s.blackhole]
    own += [(one.vpn, one.prefix, one.interface) for one in made.learned]
    return any(
        not vpn and prefix == ANY4 and state.is_up(router, port) and _leaves(made, port)
        for vpn, prefix, port in own
    )


def _leaves(router: Router, interface: str | None) -> bool:
    port = router.ports.get(interface or "")
    return port is not None and port.role in _OUTSIDE_ROLES and bool(port.addresses)
