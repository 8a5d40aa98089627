"""Follows the public IPv4 tables hop by hop over links whose ends are not down.

Refuses to know what a walk is asked for, and instances beside the public one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from netops.connectivity.network import EndState, Network, far_end
from netops.facts.routes import PUBLIC, RouteRow
from netops.facts.source import Source

_DEPTH = 16
"""Recursive next hops deeper than this are a fault of the device, not a path."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where following the tables led.

    ``arrived``: at least one way leads to the goal, or to a device without tables, which
    ``trusted`` then names: from there only the in-band answer speaks.
    """

    arrived: bool
    trusted: frozenset[str] = frozenset()
    left: bool = False


def walk(network: Network, start: str, target: int, is_goal: Callable[[str], bool]) -> Walk:
    """Follow the longest match for ``target`` from ``start`` until ``is_goal`` holds.

    All equal-cost ways are tried; one that arrives is enough. A way that arrives by tables
    alone is preferred to one that trusts a device without tables.
    """
    visited = {start}
    frontier = [start]
    trusted: set[str] = set()
    left = False
    while frontier:
        device = frontier.pop()
        if is_goal(device):
            return Walk(arrived=True)
        if network.table(device) is None:
            trusted.add(device)
            continue
        ahead = _next_devices(network, device, target)
        left = left or ahead.left
        for name in ahead.devices - visited:
            visited.add(name)
            frontier.append(name)
    return Walk(bool(trusted), frozenset(trusted), left)


@dataclass(frozen=True, slots=True)
class Followed:
    """Every device that the tables lead over; ``is_known`` False: one of them gave no table."""

    devices: frozenset[str]
    is_known: bool


def follow(network: Network, starts: Iterable[str], target: int, goal: str) -> Followed:
    """Return all devices on all equal-cost ways from ``starts`` to ``goal``."""
    visited = dict.fromkeys(starts)
    queue = list(visited)
    is_known = True
    for device in queue:
        if device == goal:
            continue
        if network.table(device) is None:
            is_known = False
            continue
        for name in _next_devices(network, device, target).devices:
            if name not in visited:
                visited[name] = None
                queue.append(name)
    return Followed(frozenset(visited), is_known)


def dead_ends(network: Network, start: str, target: int) -> Iterator[tuple[str, Source]]:
    """Yield (device, lines) where following ``target`` from ``start`` comes to an end.

    The lines are those of the route that decides there, or the whole table that has none.
    Where the ways only lead round in a circle, they are those of the first route.
    """
    visited = {start: None}
    found = False
    queue = [start]
    for device in queue:
        ahead = _next_devices(network, device, target).devices
        if not ahead and network.table(device) is not None:
            found = True
            yield from ((device, source) for source in _deciding(network, device, target))
        queue += [name for name in sorted(ahead) if name not in visited]
        visited.update(dict.fromkeys(ahead))
    if not found:
        yield from ((start, source) for source in _deciding(network, start, target))


def _deciding(network: Network, device: str, target: int) -> Iterator[Source]:
    table = network.table(device)
    if table is None:
        return
    known = network.facts[device]
    observation = known.routes[(PUBLIC, 4)].observation
    rows = table.match(target)
    yield from (row.source(observation) for row in rows)
    whole = next((a for a in known.answers if a.observation == observation), None)
    if not rows and whole is not None:
        yield Source(observation, whole.first, whole.last)


@dataclass(frozen=True, slots=True)
class _Ahead:
    devices: frozenset[str]
    left: bool = False
    """A way leads to an address that no device of ours owns."""


def _next_devices(network: Network, device: str, target: int) -> _Ahead:
    table = network.table(device)
    if table is None:
        return _Ahead(frozenset())
    found: set[str] = set()
    left = False
    rows = [(row, target) for row in table.match(target)]
    for _ in range(_DEPTH):
        deeper: list[tuple[RouteRow, int]] = []
        for row, wanted in rows:
            step = _resolve(network, device, row, wanted)
            if isinstance(step, int):
                deeper += [(r, step) for r in table.match(step, shorter_than=_guard(row, step))]
            elif step == "":
                left = left or not row.blackhole
            elif step is not None:
                found.add(step)
        if not deeper:
            break
        rows = deeper
    return _Ahead(frozenset(found), left)


def _guard(row: RouteRow, wanted: int) -> int | None:
    """Keep a route from resolving its next hop through itself."""
    shift = 32 - row.length
    return row.length if wanted >> shift == row.network >> shift else None


def _resolve(network: Network, device: str, row: RouteRow, wanted: int) -> str | int | None:
    """Return the next device, a next hop to look up again, "" for nobody, None for no way."""
    if row.blackhole:
        return ""
    hop = _number(row.next_hop)
    if row.protocol == "direct" or hop is None:
        return _on_segment(network, device, row.interface, wanted)
    if row.interface and (device, row.interface) in network.link_at:
        return _on_segment(network, device, row.interface, hop)
    owner = network.owner_of.get(hop)
    if owner == device:
        return ""
    if owner is not None and _is_adjacent(network, device, owner):
        return owner
    return hop


def _on_segment(network: Network, device: str, interface: str, wanted: int) -> str | None:
    link = network.link_at.get((device, interface))
    if link is None:
        owner = network.owner_of.get(wanted)
        return owner if owner is not None and owner != device else ""
    far = far_end(link, device)
    ends = [end for end in (link.a, link.b) if end is not None]
    if far is None or any(network.end(end).state is EndState.DOWN for end in ends):
        return None
    return far.device


def _is_adjacent(network: Network, device: str, other: str) -> bool:
    return any(
        far is not None and far.device == other
        for link in network.inventory.links_of.get(device, ())
        for far in (far_end(link, device),)
    )


def _number(text: str) -> int | None:
    """Return a dotted address as a number; None for none, and for another family's."""
    parts = text.split(".")
    if len(parts) != 4:  # noqa: PLR2004 - dotted quad
        return None
    a, b, c, d = (int(part) for part in parts)
    return a << 24 | b << 16 | c << 8 | d
