"""The ways of one department through the net: every device on them, and those that are legal.

Knows the walk. Refuses to know what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netops.exits.allowed import is_allowed, key_of
from netops.exits.classes import Destination
from netops.exits.entries import Entry
from netops.exits.points import ExitPoint, Status
from netops.exits.scene import Scene
from netops.exits.strengths import Walked
from netops.exits.terms import EndKind, PointKey, Range, Step, Vertex

_NO_WAY = (Status.EXEMPT, Status.OUT_OF_BAND)


@dataclass(slots=True)
class Ways:
    """All classes of all entries together.

    ``devices`` are on any way, latent ones too, ``live`` on any that is taken now, also where it
    ends in nothing; ``legal`` on a live way to an allowed exit, or
    on any where one ends in the unknown, since it may lead there;
    ``exits`` hold the line of an allowed exit that is reached; ``bypass`` says whether another
    exit can be reached, now or latently; ``unknown`` whether a way ends where nobody can follow.
    """

    devices: set[str] = field(default_factory=set)
    live: set[str] = field(default_factory=set)
    legal: set[str] = field(default_factory=set)
    exits: set[str] = field(default_factory=set)
    bypass: bool = False
    unknown: bool = False


def find_ways(scene: Scene, walked: Iterable[Walked], allowed: frozenset[str]) -> Ways:
    """Return the ways of some subnets."""
    found = Ways()
    for item in walked:
        found.unknown = found.unknown or bool(item.causes)
        add_ways(found, scene, item.entries, allowed)
    if found.unknown:
        found.legal |= found.devices
    return found


def add_ways(found: Ways, scene: Scene, entries: Iterable[Entry], allowed: frozenset[str]) -> None:
    """Add the ways of some entries, class by class."""
    for entry in entries:
        apart = scene.sources.is_told_apart(entry.family, entry.source)
        source = entry.source if apart else None
        for destination in scene.classes[entry.family]:
            steps = _explore(scene, entry.vertex, destination, source)
            _Reading(scene.points, allowed, entry, steps).add_to(found)


def _explore(
    scene: Scene, start: Vertex, destination: Destination, source: Range | None
) -> dict[Vertex, tuple[Step, ...]]:
    steps: dict[Vertex, tuple[Step, ...]] = {}
    queue = [start]
    for vertex in queue:
        if vertex in steps:
            continue
        steps[vertex] = scene.walker.steps(vertex, destination, source)
        queue += [step.to for step in steps[vertex] if step.to is not None]
    return steps


class _Reading:
    """Reads one explored class of one entry."""

    def __init__(
        self,
        points: Mapping[PointKey, ExitPoint],
        allowed: frozenset[str],
        entry: Entry,
        steps: Mapping[Vertex, tuple[Step, ...]],
    ) -> None:
        self._points = points
        self._allowed = allowed
        self._entry = entry
        self._steps = steps

    def add_to(self, found: Ways) -> None:
        """Add devices, exits and ends."""
        found.devices |= {vertex.device for vertex in self._steps}
        found.live |= {vertex.device for vertex in self._live()}
        homes: list[Vertex] = []
        for vertex, steps in self._steps.items():
            homes += [vertex for step in steps if self._is_home(step, found)]
        found.exits |= {vertex.device for vertex in homes}
        found.legal |= {vertex.device for vertex in self._leading_to(homes)}

    def _is_home(self, step: Step, found: Ways) -> bool:
        """Whether a step leaves by an allowed exit now; notes what other ends there are."""
        end = step.end
        if end is None or end.kind is EndKind.DROPPED:
            return False
        if end.kind is EndKind.UNKNOWN:
            found.unknown = True
            return False
        point = self._points.get(key_of(end, self._entry.family))
        own = point is not None and point.status is Status.EXEMPT and point.exit in self._allowed
        if point is None or (point.status in _NO_WAY and not own):
            return False
        if not own and not is_allowed(point, self._allowed):
            found.bypass = True
            return False
        return not step.latent and not self._entry.latent

    def _live(self) -> set[Vertex]:
        queue = [] if self._entry.latent else [self._entry.vertex]
        found = set(queue)
        for vertex in queue:
            for step in self._steps.get(vertex, ()):
                if step.to is not None and not step.latent and step.to not in found:
                    found.add(step.to)
                    queue.append(step.to)
        return found

    def _leading_to(self, homes: list[Vertex]) -> set[Vertex]:
        above: dict[Vertex, list[Vertex]] = {}
        for vertex, steps in self._steps.items():
            for step in steps:
                if step.to is not None and not step.latent:
                    above.setdefault(step.to, []).append(vertex)
        found, queue = set(homes), list(homes)
        for vertex in queue:
            for before in above.get(vertex, ()):
                if before not in found:
                    found.add(before)
                    queue.append(before)
        return found
