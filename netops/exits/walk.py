"""The walk: from a vertex along every next hop to every end, for one destination class.

Knows forwarding. Refuses to know who is allowed what, and how sets of ends are gathered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netops.addressing import AddressPlan
from netops.exits.classes import Destination
from netops.exits.configured import covers, match_rows, node_steps, static_steps, table_steps
from netops.exits.devices import DeviceView
from netops.exits.matching import Match, match_node
from netops.exits.reach import NOTHING_KNOWN, Ends, Reach, Rest, Solved
from netops.exits.resolve import UNREADABLE, Resolver, unknown
from netops.exits.sources import Sources
from netops.exits.terms import ORIGINAL, End, EndKind, PointKey, Range, Step, Vertex


class Walker:
    """Walks the forwarding graph of any class from any vertices."""

    def __init__(
        self,
        views: Mapping[str, DeviceView],
        resolver: Resolver,
        plan: AddressPlan,
        sources: Sources,
        private: frozenset[str],
    ) -> None:
        self._views = views
        self._resolver = resolver
        self._plan = plan
        self._sources = sources
        self._reach = Reach(private)
        self._idle: dict[tuple[str, str, int], list[str]] = {}
        self._alternatives: dict[tuple[str, str, int], list[tuple[int, tuple[Step, ...]]]] = {}
        for view in views.values():
            self._add_alternatives(view)

    def _add_alternatives(self, view: DeviceView) -> None:
        for number, static in enumerate(view.unselected):
            steps = static_steps(self._resolver, self._plan, view, static)
            key = (view.id, static.vpn, static.prefix.version)
            self._alternatives.setdefault(key, []).append((number, steps))

    def hang_idle(self, points: Iterable[tuple[PointKey, str]]) -> None:
        """Hang exit points that nothing routes into on their device, by latent edges."""
        for key, vpn in points:
            self._idle.setdefault((key.device, vpn, key.family), []).append(key.line)

    def changes(
        self,
        starts: tuple[Vertex, ...],
        destination: Destination,
        source: Range | None,
        base: tuple[Destination, Solved],
    ) -> Mapping[Vertex, Ends]:
        """Return the ends of those of ``starts`` that can end elsewhere than in ``base``.

        ``base`` is another class solved for the same starts: what the two classes have in
        common is taken from there.
        """
        other, solved = base
        touched = solved.touched(_differing(destination, other))
        left = tuple(vertex for vertex in starts if vertex in touched) if touched else ()
        if not left:
            return {}
        ends = self.graph(left, destination, source, Rest(solved.ends, touched)).ends
        return {vertex: ends[vertex] for vertex in left}

    def graph(
        self,
        starts: tuple[Vertex, ...],
        destination: Destination,
        source: Range | None,
        known: Rest = NOTHING_KNOWN,
    ) -> Solved:
        """Return the solved graph of one class, as far as it can be reached from ``starts``."""
        return self._reach.solve(
            starts, lambda vertex: self.steps(vertex, destination, source), known
        )

    def steps(
        self, vertex: Vertex, destination: Destination, source: Range | None
    ) -> tuple[Step, ...]:
        """Return every way on from a vertex, latent ones marked."""
        view = self._views[vertex.device]
        if vertex.entering or (vertex.entering == "" and "" in view.policies):
            found = self._policed(view, vertex, destination, source)
        else:
            found = table_steps(self._resolver, view, vertex.vpn, destination)
        found += self._latent(view, vertex, destination)
        if not view.is_readable:
            found = (*found, unknown(view.id, UNREADABLE))
        return self._translated(view, vertex, found, source)

    def _policed(
        self, view: DeviceView, vertex: Vertex, destination: Destination, source: Range | None
    ) -> tuple[Step, ...]:
        looked = self._sources.of(vertex.source, source)
        found: tuple[Step, ...] = ()
        for node in view.policy_at(vertex.entering):
            if node.family != destination.family:
                continue
            match = match_node(node, view.acls, looked, destination.address)
            if match is Match.NO or (
                node.default_only and _has_specific(view, vertex.vpn, destination)
            ):
                continue
            if not node.permit:
                if match is Match.YES:
                    break
                continue
            steps = node_steps(self._resolver, view, vertex.vpn, node, destination)
            found += steps
            if steps and match is Match.YES:
                return found
        return found + table_steps(self._resolver, view, vertex.vpn, destination)

    def _latent(
        self, view: DeviceView, vertex: Vertex, destination: Destination
    ) -> tuple[Step, ...]:
        key = (view.id, vertex.vpn, destination.family)
        idle = self._idle.get(key, ())
        others = self._alternatives.get(key, ())
        if not idle and not others:
            return ()
        found = [
            Step(None, End(EndKind.EXIT, view.id, line), out=line, latent=True) for line in idle
        ]
        for number, steps in others:
            if covers(view.unselected[number], destination):
                found += steps
        return tuple(found)

    def _translated(
        self,
        view: DeviceView,
        vertex: Vertex,
        steps: tuple[Step, ...],
        source: Range | None,
    ) -> tuple[Step, ...]:
        """Give every next vertex the source that packets have after this device."""
        changed = vertex.source != ORIGINAL
        if not changed and not any(self._sources.has_translation(view.id, s.out) for s in steps):
            return steps
        found: list[Step] = []
        for step in steps:
            if step.to is None:
                found.append(step)
                continue
            found += [
                step._replace(to=step.to._replace(source=number))
                for number in self._sources.after(view, step.out, vertex.source, source)
            ]
        return tuple(dict.fromkeys(found))

    def path(
        self,
        start: Vertex,
        destination: Destination,
        source: Range | None,
        *,
        to: End,
        latent: bool,
    ) -> tuple[str, ...]:
        """Return one shortest path of a class from a vertex to an end, as devices and the line."""
        before: dict[Vertex, Vertex | None] = {start: None}
        queue = [start]
        for vertex in queue:
            for step in sorted(self.steps(vertex, destination, source), key=repr):
                if step.latent and not latent:
                    continue
                if step.end == to:
                    return (*_back(vertex, before), to.place)
                if step.to is not None and step.to not in before:
                    before[step.to] = vertex
                    queue.append(step.to)
        return ()


def _differing(one: Destination, other: Destination) -> set[str]:
    """Return the devices that treat two classes differently."""
    return {place[0] for place, _ in one.differs ^ other.differs}


def _back(vertex: Vertex, before: Mapping[Vertex, Vertex | None]) -> tuple[str, ...]:
    found: list[str] = []
    at: Vertex | None = vertex
    while at is not None:
        found.append(f"{at.device}[{at.vpn}]" if at.vpn else at.device)
        at = before[at]
    return tuple(reversed(found))


def _has_specific(view: DeviceView, vpn: str, destination: Destination) -> bool:
    rows = match_rows(view, vpn, destination)
    return bool(rows) and rows[0].length > 0
