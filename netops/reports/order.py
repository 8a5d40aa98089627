"""In which order findings stand: the worst first, the same in every output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from netops.findings import Finding, Severity, SubjectRow, Verdict

_SEVERITIES = list(Severity)
_VERDICTS = [
    Verdict.NOT_MET,
    Verdict.PARTLY_MET,
    Verdict.UNKNOWN,
    Verdict.NEEDS_PERSON,
    Verdict.NOT_APPLICABLE,
    Verdict.MET,
]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by verdict, severity, how many they touch, then rule and subject."""
    return sorted(
        findings,
        key=lambda f: (
            _VERDICTS.index(f.verdict),
            _SEVERITIES.index(f.severity),
            -len(f.affected),
            f.rule,
            f.subject.id,
            f.id,
        ),
    )


def count_verdicts(rows: Iterable[SubjectRow]) -> dict[str, dict[Verdict, int]]:
    """Count the verdicts of subjects by kind."""
    counted: dict[str, Counter[Verdict]] = {}
    for row in rows:
        counted.setdefault(row.kind, Counter())[row.verdict] += 1
    return {
        kind: {v: counts[v] for v in _VERDICTS if counts[v]} for kind, counts in counted.items()
    }
