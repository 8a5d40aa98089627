"""Disjoint paths and single points of the planned net, by search on the chain of superiors.

A government's ways to the core lead over the routers of its superiors only, so each search
visits a handful of devices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from netops.divisions import Level
from netops.lab.build.net import Net, Wire

_CORE = ""


def chain_of(net: Net, code: str) -> list[str]:
    """Return a government and its superiors, nearest first."""
    found = [code]
    while (above := net.seats[found[-1]].above) is not None:
        found.append(above)
    return found


def wires_of_chain(net: Net, chain: Iterable[str]) -> list[Wire]:
    """Return the uplinks and inner links of some governments."""
    return [net.wires[name] for code in chain for name in net.seats[code].wires]


def count_paths(net: Net, code: str, holds: Callable[[Wire], bool], most: int) -> int:
    """Count paths from a government to the core that share no device between, up to ``most``."""
    if net.seats[code].above is None:
        return most
    chain = chain_of(net, code)
    core = set(net.seats[chain[-1]].routers)
    own = set(net.seats[code].routers)
    near: dict[str, set[str]] = {}
    for wire in wires_of_chain(net, chain):
        if wire.b is not None and holds(wire):
            near.setdefault(wire.a[0], set()).add(wire.b[0])
            near.setdefault(wire.b[0], set()).add(wire.a[0])
    return _flow(near, own, core, most)


def _flow(near: dict[str, set[str]], own: set[str], core: set[str], most: int) -> int:
    """Count vertex-disjoint paths by augmenting; a lone device of the start may be shared."""
    used: set[tuple[str, str]] = set()
    count = 0
    while count < most and _augment(near, own, core, used):
        count += 1
    return count


def _augment(
    near: dict[str, set[str]], own: set[str], core: set[str], used: set[tuple[str, str]]
) -> bool:
    """Find one more path in the graph with split vertices; ``in`` and ``out`` by suffix."""
    came: dict[str, str] = {name + ">": "" for name in own}
    queue = sorted(came)
    while queue:
        here = queue.pop(0)
        if here.endswith(">") and here[:-1] in core:
            _commit(came, here, used)
            return True
        for there in _steps(near, own, here, used):
            if there not in came:
                came[there] = here
                queue.append(there)
    return False


def _steps(
    near: dict[str, set[str]], own: set[str], here: str, used: set[tuple[str, str]]
) -> list[str]:
    name, side = here[:-1], here[-1]
    if side == ">":
        ahead = [f"{n}<" for n in sorted(near.get(name, ())) if n not in own]
        back = [f"{name}<"]
    else:
        ahead = [f"{name}>"]
        back = [f"{n}>" for n in sorted(near.get(name, ()))]
    return [n for n in ahead if (here, n) not in used] + [n for n in back if (n, here) in used]


def _commit(came: dict[str, str], here: str, used: set[tuple[str, str]]) -> None:
    while came[here]:
        before = came[here]
        if (here, before) in used:
            used.discard((here, before))
        else:
            used.add((before, here))
        here = before


def single_points(net: Net) -> list[dict[str, Any]]:
    """Count, for each device and link, the townships that lose the core without it.

    Of the registered net as a plain graph, whatever is up or down; a township's own device is
    not counted as its single point.
    """
    near = _graph(net)
    above = _dominators(near)
    counts: dict[str, int] = {}
    for seat in net.seats.values():
        if seat.level is not Level.TOWNSHIP:
            continue
        here = above[seat.routers[0]]
        while here != _CORE:
            counts[here] = counts.get(here, 0) + 1
            here = above[here]
    return [
        {"device_or_link": name, "townships": count}
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _graph(net: Net) -> dict[str, list[str]]:
    """Return neighbours; links are vertices of their own, the core's routers hang on one root."""
    province = next(iter(net.seats.values()))
    near: dict[str, list[str]] = {_CORE: list(province.routers)}
    for wire in wires_of_chain(net, net.seats):
        assert wire.b is not None  # noqa: S101 - links between two of ours
        for end in (wire.a[0], wire.b[0]):
            near.setdefault(end, []).append(wire.id)
            near.setdefault(wire.id, []).append(end)
    return near


def _dominators(near: dict[str, list[str]]) -> dict[str, str]:
    """Return the immediate dominator of every vertex that the core reaches.

    By iteration over a breadth-first order until nothing changes (Cooper, Harvey, Kennedy).
    """
    order = {_CORE: 0}
    queue = [_CORE]
    for here in queue:
        for there in near[here]:
            if there not in order:
                order[there] = len(order)
                queue.append(there)
    above = {_CORE: _CORE}
    changed = True
    while changed:
        changed = False
        for here in queue[1:]:
            known = [n for n in _sources(near, here, queue) if n in above]
            best = known[0]
            for other in known[1:]:
                best = _meet(above, order, best, other)
            if above.get(here) != best:
                above[here] = best
                changed = True
    return above


def _sources(near: dict[str, list[str]], here: str, queue: list[str]) -> list[str]:
    """Return where edges into a vertex come from: its neighbours, and the root for the core."""
    extra = [_CORE] if here in near[queue[0]] else []
    return [*extra, *near[here]]


def _meet(above: dict[str, str], order: dict[str, int], one: str, other: str) -> str:
    while one != other:
        if order[one] > order[other]:
            one = above[one]
        else:
            other = above[other]
    return one
