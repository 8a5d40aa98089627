"""The answer key's connectivity: who is connected, cut off or not to be told, and why.

Follows the words of the audit's definition over the planted world, not over any device text.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from netops.divisions import Level
from netops.lab.build.net import Net, Seat, Wire
from netops.lab.build.state import State
from netops.lab.build.tables import port_state
from netops.lab.faults.planted import Planted
from netops.lab.truth_paths import count_paths

Row = dict[str, Any]


def judge_connected(net: Net, planted: Planted, state: State) -> dict[str, Row]:
    """Return world, verdict and cause of every government."""
    cut = _provably_cut(net, planted, state)
    return {
        seat.code: _judge(net, planted, state, seat, is_cut=seat.code in cut)
        for seat in net.seats.values()
    }


def _judge(net: Net, planted: Planted, state: State, seat: Seat, *, is_cut: bool) -> Row:
    reached = [r for r in seat.routers if state.is_reached(r)]
    if not reached:
        world = "down" if all(r in state.dead for r in seat.routers) else "cut_off"
        verdict = "not_met" if is_cut else "unknown"
        return {"world": world, "verdict": verdict, "cause": _root(net, planted, state, seat)}
    if any(planted.effect(r).tables for r in reached):
        return {"world": "connected", "verdict": "met", "cause": None}
    return {
        "world": "connected",
        "verdict": "unknown",
        "cause": planted.behaviours[reached[0]],
    }


def _provably_cut(net: Net, planted: Planted, state: State) -> frozenset[str]:
    """Return the silent governments whose every uplink is seen down, or leads to such a one."""
    members = {
        seat.code
        for seat in net.seats.values()
        if seat.above is not None and not any(state.is_reached(r) for r in seat.routers)
    }
    while True:
        left = {
            code
            for code in members
            if any(
                wire.child == code
                and net.routers[wire.a[0]].government not in members
                and not is_seen(planted, state, wire, wire.a[0])
                for wire in (net.wires[name] for name in net.seats[code].wires)
            )
        }
        if not left:
            return frozenset(members)
        members -= left


def is_seen(planted: Planted, state: State, wire: Wire, router: str) -> bool:
    """Whether a wire that does not work is seen down at a router: by SSH, or by SNMP alone.

    An SNMP agent shows the light on a port, not whether a protocol runs over it.
    """
    effect = planted.effect(router)
    name = wire.a[1] if wire.a[0] == router or wire.b is None else wire.b[1]
    has_light = port_state(state, state.net.routers[router].ports[name])[1]
    by_snmp = effect.refutes and not has_light
    return state.is_reached(router) and (effect.tables or by_snmp)


def _root(net: Net, planted: Planted, state: State, seat: Seat) -> str:
    """Return what was planted that cuts a government off: at itself, or at the next above."""
    own = [planted.dead[r] for r in seat.routers if r in planted.dead]
    if len(own) == len(seat.routers):
        return own[0]
    cuts = [
        planted.cut.get(w.id) or planted.dead.get(w.a[0])
        for w in (net.wires[name] for name in seat.wires)
        if w.child == seat.code
    ]
    found = [cause for cause in (*own, *cuts) if cause]
    above = None if seat.above is None else net.seats[seat.above]
    if above is not None and not any(state.is_reached(r) for r in above.routers):
        return next((c for c in cuts if c), None) or _root(net, planted, state, above)
    return found[0] if found else "unexplained"


def connectivity_rates(
    net: Net, planted: Planted, state: State, rows: dict[str, Row]
) -> list[dict[str, Any]]:
    """Return both rates of every level that has governments."""
    made = []
    for level, seats in net.levels().items():
        if not seats:
            continue
        met = sum(rows[s.code]["verdict"] == "met" for s in seats)
        cut = sum(rows[s.code]["verdict"] == "not_met" for s in seats)
        made.append(rate("connectivity.connected", level, len(seats), met, len(seats) - cut))
        joined = [_redundant(net, planted, state, s, rows[s.code]["verdict"]) for s in seats]
        made.append(
            rate(
                "connectivity.redundant",
                level,
                len(seats),
                joined.count("met"),
                len(seats) - joined.count("not_met"),
            )
        )
    return made


def rate(name: str, level: Level, total: int, reported: int, ceiling: int) -> dict[str, Any]:
    """Return one rate without strengths: floor and reported are the same."""
    return {
        "id": name,
        "scope": level.value,
        "denominator": total,
        "floor": reported,
        "reported": reported,
        "ceiling": ceiling,
    }


def _redundant(net: Net, planted: Planted, state: State, seat: Seat, verdict: str) -> str:
    """Judge disjoint paths: sure ones need both ends read, possible ones nothing seen down."""

    def is_sure(wire: Wire) -> bool:
        ends = _ends(wire)
        return state.works(wire) and all(
            state.is_reached(r) and planted.effect(r).tables for r in ends
        )

    def is_possible(wire: Wire) -> bool:
        return state.works(wire) or not any(is_seen(planted, state, wire, r) for r in _ends(wire))

    asked = seat.disjoint_paths
    if verdict == "not_met" or count_paths(net, seat.code, is_possible, asked) < asked:
        return "not_met"
    if verdict == "met" and count_paths(net, seat.code, is_sure, asked) >= asked:
        return "met"
    return "unknown"


def _ends(wire: Wire) -> tuple[str, ...]:
    return (wire.a[0],) if wire.b is None else (wire.a[0], wire.b[0])


def application_rows(
    net: Net, planted: Planted, state: State, rows: dict[str, Row]
) -> list[dict[str, Any]]:
    """Return the verdict on every pair of an application and a government that must reach it."""
    known: dict[str, bool] = {}
    made = []
    for application, seat in product(net.applications.values(), net.seats.values()):
        if seat.level not in application.levels or seat.code == application.government:
            continue
        verdict = rows[seat.code]["verdict"]
        if verdict == "met":
            verdict = "met" if _is_read_through(net, planted, state, seat, known) else "unknown"
            if application.id in state.withdrawn[seat.code]:
                verdict = "not_met"
        made.append({"id": application.id, "government": seat.code, "verdict": verdict})
    return made


def _is_read_through(
    net: Net, planted: Planted, state: State, seat: Seat, known: dict[str, bool]
) -> bool:
    """Whether the tables of every device on some way from a government to the core are read."""
    return any(_leads(net, planted, state, r, known) for r in seat.routers)


def _leads(net: Net, planted: Planted, state: State, router: str, known: dict[str, bool]) -> bool:
    if router not in known:
        known[router] = False
        known[router] = _find(net, planted, state, router, known)
    return known[router]


def _find(net: Net, planted: Planted, state: State, router: str, known: dict[str, bool]) -> bool:
    if not state.is_reached(router) or not planted.effect(router).tables:
        return False
    ways = state.up[router]
    if ways.by_sibling:
        other = state.sibling(net.routers[router])
        return other is not None and _leads(net, planted, state, other.id, known)
    if not ways.wires:
        return True
    return any(_leads(net, planted, state, wire.a[0], known) for wire in ways.wires)
