"""The findings of one judgement, by what they explain.

Knows findings and their order. Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from netops.exits.gaps import Gap
from netops.exits.terms import PointKey
from netops.exits.testimony import Testimony
from netops.findings import Finding, Severity

_SEVERITIES = tuple(Severity)


@dataclass(slots=True)
class Written:
    """Findings by what they explain."""

    points: dict[PointKey, Finding] = field(default_factory=dict)
    foreign: dict[str, Finding] = field(default_factory=dict)
    foreign_points: dict[str, frozenset[PointKey]] = field(default_factory=dict)
    classes: dict[str, Finding] = field(default_factory=dict)
    bypass: dict[str, list[Finding]] = field(default_factory=dict)
    bypass_points: dict[str, frozenset[PointKey]] = field(default_factory=dict)
    witnessed: dict[Testimony, Finding] = field(default_factory=dict)
    unknown: dict[Gap, Finding] = field(default_factory=dict)

    def all(self) -> tuple[Finding, ...]:
        """Return every finding once, worst first."""
        found: dict[str, Finding] = {}
        parts: list[Iterable[Finding]] = [
            self.points.values(),
            self.foreign.values(),
            self.classes.values(),
            (f for listed in self.bypass.values() for f in listed),
            self.witnessed.values(),
            self.unknown.values(),
        ]
        for part in parts:
            found.update((finding.id, finding) for finding in part)
        return tuple(sorted(found.values(), key=_order))

    def of_testimonies(self, testimonies: Iterable[Testimony]) -> list[Finding]:
        """Return the findings that testimonies gave rise to."""
        return [self.witnessed[t] for t in testimonies if t in self.witnessed]


def _order(finding: Finding) -> tuple[int, str, str, tuple[str, ...]]:
    rank = _SEVERITIES.index(finding.severity)
    return rank, finding.rule, finding.subject.id, finding.identity
