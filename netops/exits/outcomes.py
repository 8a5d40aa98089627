"""Runs the walk of every entry over every class, sharing what can be shared.

Knows entries and classes. Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netops.exits.classes import Destination
from netops.exits.entries import Entry
from netops.exits.reach import Ends
from netops.exits.sources import Sources
from netops.exits.terms import End, Range, Vertex
from netops.exits.walk import Walker

Outcome = dict[Ends, list[Destination]]
"""What an entry ends in, and for which classes. Entries share it: nobody may change it."""


@dataclass(slots=True)
class Outcomes:
    """The outcome of every entry."""

    by_entry: dict[Entry, Outcome] = field(default_factory=dict)
    _of_device: dict[str, list[tuple[Entry, Outcome]]] = field(default_factory=dict)

    def of(self, entry: Entry) -> Outcome:
        """Return what an entry ends in."""
        return self.by_entry.get(entry, {})

    def of_device(self, device: str) -> list[tuple[Entry, Outcome]]:
        """Return the entries at a device and what they end in."""
        if not self._of_device:
            for entry, outcome in self.by_entry.items():
                self._of_device.setdefault(entry.vertex.device, []).append((entry, outcome))
        return self._of_device.get(device, [])

    def every_end(self) -> Iterator[tuple[Entry, Ends, End]]:
        """Yield every end that any entry has for any class, live or not."""
        for entry, outcome in self.by_entry.items():
            for ends in outcome:
                for end in ends.every:
                    yield entry, ends, end

    def live_ends(self, entry: Entry) -> Iterator[End]:
        """Yield what the packets of an entry end in now."""
        for ends in self.of(entry):
            yield from ends.live


def run(
    walker: Walker,
    sources: Sources,
    entries: Iterable[Entry],
    classes: Mapping[int, Sequence[Destination]],
) -> Outcomes:
    """Walk every entry over the classes of its family.

    Entries whose source nobody tells apart are walked together, once a class; the others once
    for each source.
    """
    groups: dict[tuple[int, Range | None], list[Entry]] = {}
    for entry in dict.fromkeys(entries):
        apart = sources.is_told_apart(entry.family, entry.source)
        key = (entry.family, entry.source if apart else None)
        groups.setdefault(key, []).append(entry)
    found = Outcomes()
    for (family, source), members in groups.items():
        if classes[family]:
            starts = tuple(dict.fromkeys(entry.vertex for entry in members))
            of_start = _solve(walker, starts, classes[family], source)
            found.by_entry.update((entry, of_start[entry.vertex]) for entry in members)
    return found


def _solve(
    walker: Walker,
    starts: tuple[Vertex, ...],
    classes: Sequence[Destination],
    source: Range | None,
) -> dict[Vertex, Outcome]:
    """Solve every class: one for all starts, of the others what differs, which is little."""
    first = min(classes, key=lambda d: len(d.differs))
    solved = walker.graph(starts, first, source)
    other: dict[Vertex, dict[int, Ends]] = {}
    for number, destination in enumerate(classes):
        if destination is not first:
            changes = walker.changes(starts, destination, source, (first, solved))
            for vertex, ends in changes.items():
                other.setdefault(vertex, {})[number] = ends
    everything = list(classes)
    return {
        vertex: _outcome(solved.ends[vertex], other[vertex], classes)
        if vertex in other
        else {solved.ends[vertex]: everything}
        for vertex in starts
    }


def _outcome(usual: Ends, other: Mapping[int, Ends], classes: Sequence[Destination]) -> Outcome:
    found: Outcome = {}
    for number, destination in enumerate(classes):
        found.setdefault(other.get(number, usual), []).append(destination)
    return found
