"""The routing tables of one router, as the working net and its configuration give them.

Candidates of every source are gathered, then the best preference of each prefix is selected.
Refuses to know text; rows come out in the order of prefixes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from netops.addressing import Network
from netops.divisions import Level
from netops.facts.routes import RouteRow
from netops.lab.build import addresses as plan
from netops.lab.build.filler import filler_prefixes
from netops.lab.build.net import Address, Port, Router, Seat
from netops.lab.build.state import State, Ways
from netops.lab.build.vpns import vpn_candidates

_V4 = 4
_SHARED_ROLES = ("loopback", "lan", "wan", "centre", "access", "service")
"""Roles of ports whose nets the other router of the government learns."""
_SHOW_OWN: Mapping[str, str] = {"huawei_vrp": "", "h3c_comware": "InLoopBack0"}
"""Platforms whose table shows the router's own addresses, as hosts by which interface ("": the
port itself) and as next hops of connected nets."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One path that a source offers for a prefix."""

    vpn: str
    prefix: Network
    protocol: str
    preference: int
    next_hop: str
    interface: str
    metric: int = 0
    blackhole: bool = False
    leak_vpn: str | None = None


@dataclass(slots=True)
class Tables:
    """Collects the candidates of one router."""

    state: State
    router: Router
    found: list[Candidate] = field(default_factory=list)

    def add(self, prefix: Network, protocol: str, hop: tuple[str, str], metric: int = 0) -> None:
        """Offer a path of the public instance: next hop and interface."""
        preference = self.router.preference(protocol)
        self.found.append(Candidate("", prefix, protocol, preference, hop[0], hop[1], metric))


def build_tables(state: State, router: Router) -> dict[tuple[str, int], list[RouteRow]]:
    """Return the selected routes of a router by (instance, family)."""
    tables = Tables(state, router)
    _direct(tables)
    _statics(tables)
    if router.department is None:
        seat = state.net.seats[router.government]
        _siblings(tables, seat)
        _upward(tables, seat)
        _downward(tables, seat)
        _defaults(tables, seat)
        tables.found.extend(
            Candidate(c.vpn, c.prefix, "ibgp", router.preference("ibgp"), c.next_hop, c.interface)
            for c in vpn_candidates(state, router, sibling_hop(tables))
        )
    for learned in router.learned:
        if port_state(state, router.ports[learned.interface])[2]:
            tables.found.append(
                Candidate(
                    learned.vpn,
                    learned.prefix,
                    learned.protocol,
                    learned.preference,
                    str(learned.next_hop),
                    learned.interface,
                )
            )
    return _select(tables.found)


def port_state(state: State, port: Port) -> tuple[bool, bool, bool]:
    """Return (admin, link, protocol) of a port."""
    if port.state is not None:
        return port.state
    wire = state.net.wires.get(port.wire or "")
    if wire is None:
        return (True, True, True)
    works = state.works(wire)
    return (True, state.has_light(wire) if port.tells_light else works, works)


def _direct(tables: Tables) -> None:
    for port in tables.router.ports.values():
        if not port_state(tables.state, port)[2]:
            continue
        for item in port.addresses:
            own = item.interface
            shows_own = tables.router.platform in _SHOW_OWN
            hop = str(own.ip) if shows_own else ""
            tables.found.append(Candidate(port.vpn, own.network, "direct", 0, hop, port.name))
            if shows_own and own.network.num_addresses > 1:
                hop = "127.0.0.1" if own.version == _V4 else "::1"
                name = _SHOW_OWN[tables.router.platform] or port.name
                host = type(own.network)(own.ip)
                tables.found.append(Candidate(port.vpn, host, "direct", 0, hop, name))


def _statics(tables: Tables) -> None:
    """Offer the configured static routes whose way is up."""
    router = tables.router
    for static in router.statics:
        name = static.interface or ""
        port = router.ports.get(name)
        if port is not None and not port_state(tables.state, port)[2]:
            continue
        if static.blackhole:
            name = router.make.null
        elif not name and static.next_hop is not None:
            name = _port_towards(tables.state, router, static.next_hop, static.to_vpn or "")
            if not name:
                continue
        tables.found.append(
            Candidate(
                static.vpn,
                static.prefix,
                "static",
                static.preference,
                "" if static.next_hop is None else str(static.next_hop),
                name,
                blackhole=static.blackhole,
                leak_vpn=static.to_vpn,
            )
        )


def _port_towards(state: State, router: Router, address: Address, vpn: str) -> str:
    """Return the working port of an instance on whose net an address lies, "" for none."""
    for port in router.ports.values():
        if port.vpn == vpn and port_state(state, port)[2]:
            for item in port.addresses:
                if item.interface.version == address.version and address in item.interface.network:
                    return port.name
    return ""


def sibling_hop(tables: Tables) -> tuple[str, str] | None:
    """Return next hop and interface towards the other router by the IGP, None where it is dead."""
    other = tables.state.sibling(tables.router)
    if other is None or not tables.state.is_alive(other.id):
        return None
    for port in tables.router.ports.values():
        if port.role == "intra":
            return str(port.far), port.name
    return None


def _siblings(tables: Tables, seat: Seat) -> None:
    """Learn the other router's loopback, links and department nets by the IGP."""
    hop = sibling_hop(tables)
    other = tables.state.sibling(tables.router)
    if hop is None or other is None:
        return
    own = {
        item.interface.network for port in tables.router.ports.values() for item in port.addresses
    }
    for port in other.ports.values():
        if port.vpn or port.role not in _SHARED_ROLES:
            continue
        if not port_state(tables.state, port)[2]:
            continue
        for item in port.addresses:
            network = item.interface.network
            if network.version == _V4 and network not in own:
                tables.add(network, "ospf", hop, 2)
    for static in other.statics:
        prefix = static.prefix
        is_ours = isinstance(prefix, IPv4Network) and prefix.subnet_of(seat.block)
        if is_ours and not static.blackhole:
            tables.add(prefix, "ospf", hop, 2)


def hops_of(tables: Tables, seat: Seat, ways: Ways, *, up: bool) -> Iterator[tuple[str, str, str]]:
    """Yield (protocol, next hop, interface) of ``ways`` from this router."""
    router = tables.router
    if ways.by_sibling:
        hop = sibling_hop(tables)
        other = tables.state.sibling(router)
        if hop is not None and other is not None:
            if seat.is_recursive:
                yield "ibgp", str(other.loopback), hop[1]
            else:
                yield "ospf", hop[0], hop[1]
        return
    for wire in ways.wires:
        assert wire.b is not None  # noqa: S101 - ways lead over links between two of ours
        port = router.ports[(wire.b if up else wire.a)[1]]
        yield wan_protocol(tables.state, wire.child or ""), str(port.far), port.name


def wan_protocol(state: State, child: str) -> str:
    """Return the protocol between a government and its superior."""
    seat = state.net.seats[child]
    if seat.level is Level.TOWNSHIP:
        return "ospf"
    above = state.net.seats[seat.above or child]
    return "ebgp" if above.above is None or above.is_recursive else "isis"


def _upward(tables: Tables, seat: Seat) -> None:
    ways = tables.state.up[tables.router.id]
    hops = list(hops_of(tables, seat, ways, up=True))
    if not hops:
        return
    missing = tables.state.withdrawn[seat.code]
    prefixes: list[Network] = list(plan.AGGREGATES)
    prefixes += [
        a.prefix
        for a in tables.state.net.applications.values()
        if seat.level in a.levels and a.id not in missing
    ]
    prefixes += filler_prefixes(tables.state.net, seat, tables.router)
    for prefix in prefixes:
        for protocol, next_hop, interface in hops:
            tables.add(prefix, protocol, (next_hop, interface), ways.cost)


def _downward(tables: Tables, seat: Seat) -> None:
    """Learn the blocks of the inferiors; at the province, filler lies inside them."""
    reached = []
    for child in seat.below:
        ways = tables.state.down[(tables.router.id, child)]
        block = tables.state.net.seats[child].block
        for protocol, next_hop, interface in hops_of(tables, seat, ways, up=False):
            tables.add(block, protocol, (next_hop, interface), ways.cost)
        if ways.exist:
            reached.append((child, ways))
    if seat.above is not None or not reached:
        return
    for number, prefix in enumerate(filler_prefixes(tables.state.net, seat, tables.router)):
        child, ways = reached[number % len(reached)]
        inside = filler_inside(tables.state.net.seats[child], int(prefix.network_address))
        for protocol, next_hop, interface in hops_of(tables, seat, ways, up=False):
            tables.add(inside, protocol, (next_hop, interface), ways.cost)


def filler_inside(seat: Seat, draw: int) -> Network:
    """Return a /24 in the part of an inferior's block that nothing else of ours names."""
    block = seat.block
    room = max(1, 1 << (24 - block.prefixlen)) if block.prefixlen < 24 else 1  # noqa: PLR2004 - /24
    length = max(24, block.prefixlen + 1)
    step = 1 << (32 - length)
    return type(block)((int(block.network_address) + (draw >> 8) % room * step, length))


def _defaults(tables: Tables, seat: Seat) -> None:
    """Learn the default of a router that has no line of its own."""
    state, router = tables.state, tables.router
    ways = state.default[router.id]
    if not ways.exist or (not ways.by_sibling and not ways.wires):
        return
    if not ways.by_sibling:
        for protocol, next_hop, interface in hops_of(tables, seat, ways, up=True):
            tables.add(plan.ANY4, _as_default(protocol), (next_hop, interface), 1)
        return
    hop = sibling_hop(tables)
    other = state.sibling(router)
    if hop is None or other is None:
        return
    if seat.is_recursive:
        tables.add(plan.ANY4, "ibgp", (str(other.loopback), hop[1]))
    elif seat.exit is None:
        tables.add(plan.ANY4, _as_default("ospf"), hop, 1)


def _as_default(protocol: str) -> str:
    """Return the word of a default learnt by ``protocol``: in OSPF it is an external route."""
    return "o_ase" if protocol == "ospf" else protocol


def _select(found: list[Candidate]) -> dict[tuple[str, int], list[RouteRow]]:
    """Keep the best candidates of each prefix; equal ones of one protocol share."""
    best: dict[tuple[str, Network], list[Candidate]] = {}
    for item in found:
        key = (item.vpn, item.prefix)
        kept = best.get(key)
        if kept is None or item.preference < kept[0].preference:
            best[key] = [item]
        elif (item.preference, item.protocol) != (kept[0].preference, kept[0].protocol):
            continue
        elif item not in kept:
            kept.append(item)
    rows: dict[tuple[str, int], list[RouteRow]] = {}
    for (vpn, prefix), kept in best.items():
        rows.setdefault((vpn, prefix.version), []).extend(_row(prefix, item) for item in kept)
    for table in rows.values():
        table.sort(key=lambda r: (r.network, r.length))
    return rows


def _row(prefix: Network, item: Candidate) -> RouteRow:
    return RouteRow(
        prefix.version,
        int(prefix.network_address),
        prefix.prefixlen,
        item.protocol,
        item.preference,
        item.metric,
        item.next_hop,
        item.interface,
        blackhole=item.blackhole,
        leak_vpn=item.leak_vpn,
    )
