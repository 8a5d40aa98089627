"""Which ends every vertex of a graph can reach, all vertices at once.

Knows graphs of steps. Refuses to know how steps are found. Each vertex is expanded once; a
class that differs from another one on few devices is solved only where those can be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from netops.exits.terms import LEAK_LINE, LOOP, End, EndKind, Step, Vertex

EndSet = frozenset[End]
NOTHING: EndSet = frozenset()
Expand = Callable[[Vertex], tuple[Step, ...]]
Known = Callable[[Vertex], EndSet]


class Ends(NamedTuple):
    """What a vertex ends in: by what forwards now, and with all that is configured beside."""

    live: EndSet
    every: EndSet


class Solved:
    """A solved graph, on which a graph that differs on few devices can rest."""

    def __init__(
        self, steps: Mapping[Vertex, tuple[Step, ...]], ends: Mapping[Vertex, Ends]
    ) -> None:
        self.steps = steps
        self.ends = ends

    @cached_property
    def _above(self) -> Mapping[Vertex, list[Vertex]]:
        found: dict[Vertex, list[Vertex]] = {}
        for vertex, steps in self.steps.items():
            for step in steps:
                if step.to is not None:
                    found.setdefault(step.to, []).append(vertex)
        return found

    @cached_property
    def _of_device(self) -> Mapping[str, list[Vertex]]:
        found: dict[str, list[Vertex]] = {}
        for vertex in self.steps:
            found.setdefault(vertex.device, []).append(vertex)
        return found

    def touched(self, devices: Iterable[str]) -> set[Vertex]:
        """Return every vertex from which one of ``devices`` can be reached."""
        queue = [v for device in devices for v in self._of_device.get(device, ())]
        found = set(queue)
        for vertex in queue:
            for above in self._above.get(vertex, ()):
                if above not in found:
                    found.add(above)
                    queue.append(above)
        return found


class Rest:
    """What is known already: the ends of a solved graph, but for the vertices in ``touched``."""

    def __init__(self, ends: Mapping[Vertex, Ends], touched: Collection[Vertex]) -> None:
        self._ends = ends
        self._touched = touched

    def get(self, vertex: Vertex) -> Ends | None:
        """Return the ends of a vertex that is known."""
        return None if vertex in self._touched else self._ends.get(vertex)


NOTHING_KNOWN = Rest({}, ())


class _Graph(NamedTuple):
    """The explored part of a graph, vertices in post-order."""

    steps: dict[Vertex, tuple[Step, ...]]
    order: list[Vertex]
    looping: set[Vertex]


class Reach:
    """Finds sets of ends. ``private`` names the instances that must not let anything out."""

    def __init__(self, private: frozenset[str]) -> None:
        self._private = private
        self._single: dict[End, EndSet] = {}

    def solve(
        self, starts: tuple[Vertex, ...], expand: Expand, known: Rest = NOTHING_KNOWN
    ) -> Solved:
        """Return the ends of every vertex that can be reached from ``starts``.

        Vertices in ``known`` are taken as they are and not expanded.
        """
        steps: dict[Vertex, tuple[Step, ...]] = {}

        def once(vertex: Vertex) -> tuple[Step, ...]:
            found = steps.get(vertex)
            if found is None:
                found = steps[vertex] = expand(vertex)
            return found

        def live_of(vertex: Vertex) -> EndSet:
            found = known.get(vertex)
            return NOTHING if found is None else found.live

        def every_of(vertex: Vertex) -> EndSet:
            found = known.get(vertex)
            return NOTHING if found is None else found.every

        live = self._solve(_explore(starts, lambda v: _now(once(v)), known), live_of)
        every = self._solve(_explore(starts, once, known), every_of)
        ends = {v: Ends(live.get(v, NOTHING), found) for v, found in every.items()}
        return Solved(steps, ends)

    def _solve(self, graph: _Graph, known: Known) -> dict[Vertex, EndSet]:
        """Sets of ends, children first; again until nothing changes where there are loops."""
        found: dict[Vertex, EndSet] = {}
        changed = True
        while changed:
            changed = False
            for vertex in graph.order:
                ends = self._combine(vertex, graph, found, known)
                if graph.looping and found.get(vertex) != ends:
                    changed = True
                found[vertex] = ends
        return found

    def _combine(
        self,
        vertex: Vertex,
        graph: _Graph,
        found: Mapping[Vertex, EndSet],
        known: Known,
    ) -> EndSet:
        steps = graph.steps[vertex]
        parts = [self._of_step(vertex, step, found, known) for step in steps]
        if len(parts) == 1 and vertex not in graph.looping:
            return parts[0]
        ends: set[End] = {LOOP} if vertex in graph.looping else set()
        groups: dict[int, set[EndSet]] = {}
        for step, part in zip(steps, parts, strict=True):
            ends |= part
            if step.either:
                groups.setdefault(step.either, set()).add(part)
        if any(len(alternatives) > 1 for alternatives in groups.values()):
            ends.add(End(EndKind.UNKNOWN, vertex.device, f"ambiguous_vpn:{vertex.vpn}"))
        return frozenset(ends)

    def _of_step(
        self,
        vertex: Vertex,
        step: Step,
        found: Mapping[Vertex, EndSet],
        known: Known,
    ) -> EndSet:
        if step.to is not None:
            ends = found.get(step.to)
            if ends is None:
                ends = known(step.to)
        else:
            ends = self._alone(step.end or LOOP)
        if vertex.vpn in self._private and _leaves(vertex, step):
            leak = End(EndKind.LEAK, vertex.device, LEAK_LINE + vertex.vpn)
            if leak not in ends and any(e.kind is EndKind.EXIT for e in ends):
                return ends | {leak}
        return ends

    def _alone(self, end: End) -> EndSet:
        found = self._single.get(end)
        if found is None:
            found = self._single[end] = frozenset((end,))
        return found


def _leaves(vertex: Vertex, step: Step) -> bool:
    """Whether a step goes on in another instance, by a leak or over a wire."""
    return step.leak is not None or (step.to is not None and step.to.vpn != vertex.vpn)


def _now(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    for step in steps:
        if step.latent:
            return tuple(other for other in steps if not other.latent)
    return steps


def _explore(starts: Iterable[Vertex], expand: Expand, known: Rest) -> _Graph:
    """Go through the graph depth first, without recursion: a path may be thousands long."""
    graph = _Graph({}, [], set())
    for start in starts:
        if start in graph.steps:
            continue
        graph.steps[start] = expand(start)
        stack = [(start, iter(graph.steps[start]))]
        on_path = {start}
        while stack:
            vertex, rest = stack[-1]
            child = _next_child(rest, graph.steps, known, on_path)
            if child is None:
                stack.pop()
                on_path.discard(vertex)
                graph.order.append(vertex)
            elif child in on_path:
                graph.looping.add(vertex)
            else:
                graph.steps[child] = expand(child)
                stack.append((child, iter(graph.steps[child])))
                on_path.add(child)
    return graph


def _next_child(
    rest: Iterator[Step],
    done: Mapping[Vertex, tuple[Step, ...]],
    known: Rest,
    on_path: set[Vertex],
) -> Vertex | None:
    """Return the next vertex that is new, or that closes a loop."""
    for step in rest:
        to = step.to
        if to is None or (to in done and to not in on_path):
            continue
        if known.get(to) is None:
            return to
    return None
