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
from netops.exits.terms import Range, Vertex
from netops.exits.walk import Walker

Outcome = dict[Ends, list[Destination]]
"""What an entry ends in, and for which classes."""


@dataclass(slots=True)
class Outcomes:
    """The outcome of every entry."""

    by_entry: dict[Entry, Outcome] = field(default_factory=dict)

    def of(self, entry: Entry) -> Outcome:
        """Return what an entry ends in."""
        return self.by_entry.get(entry, {})


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
        for destination, ends in _solve(walker, members, classes[family], source):
            for entry in members:
                outcome = found.by_entry.setdefault(entry, {})
                outcome.setdefault(ends[entry.vertex], []).append(destination)
    return found


def _solve(
    walker: Walker,
    members: Iterable[Entry],
    classes: Sequence[Destination],
    source: Range | None,
) -> Iterator[tuple[Destination, Mapping[Vertex, Ends]]]:
    """Solve every class, the one that most resembles the others first."""
    starts = tuple(dict.fromkeys(entry.vertex for entry in members))
    if not classes:
        return
    first = min(classes, key=lambda d: len(d.differs))
    solved = walker.graph(starts, first, source, {})
    for destination in classes:
        if destination is first:
            yield destination, solved.ends
        else:
            yield destination, walker.solve(starts, destination, source, (first, solved))
