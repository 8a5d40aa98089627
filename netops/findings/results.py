"""What an audit says as a whole: subjects, coverage, provenance, the overall verdict.

Knows the order of verdicts and their exit codes. Refuses to know any rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netops.divisions import Level, level_of
from netops.findings.finding import Finding, Text
from netops.findings.rates import Rate
from netops.findings.verdicts import Strength, Verdict


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One row for everything judged, met or not. ``reason`` names findings, where it is not met."""

    kind: str
    id: str
    government: str
    verdict: Verdict
    strength: Strength | None = None
    exit: str | None = None
    reason: tuple[str, ...] | None = None
    name: str = ""
    note: Text | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the row as the JSON of design §4 has it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "government": self.government,
            "verdict": self.verdict.value,
            "strength": None if self.strength is None else self.strength.value,
            "exit": self.exit,
            "reason": None if self.reason is None else list(self.reason),
            "note": None if self.note is None else self.note.to_json(),
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of devices (registered, asked, answered, understood) and of lines not parsed."""

    registered: int = 0
    asked: int = 0
    answered: int = 0
    understood: int = 0
    unparsed_lines: int = 0

    def to_json(self) -> dict[str, int]:
        """Return the counts as the JSON of design §4 has them."""
        return {
            "registered": self.registered,
            "asked": self.asked,
            "answered": self.answered,
            "understood": self.understood,
            "unparsed_lines": self.unparsed_lines,
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """What a pure judgement returns; the edge adds provenance and the overall verdict."""

    coverage: Coverage
    rates: tuple[Rate, ...]
    subjects: tuple[SubjectRow, ...]
    findings: tuple[Finding, ...]
    information: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an audit was made from: snapshot, inventory, policy, as-of time (ISO 8601)."""

    tool: str
    as_of: str
    snapshot_id: str
    snapshot_digest: str
    begin: str
    end: str
    inventory_digest: str
    inventory_overridden: bool
    policy_digest: str
    policy_samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What one audit says of one snapshot; every output format is made from it."""

    audit: str
    provenance: Provenance
    coverage: Coverage
    verdict: Verdict
    rates: tuple[Rate, ...]
    subjects: tuple[SubjectRow, ...]
    findings: tuple[Finding, ...]
    information: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the document of schema ``netops/audit/1``."""
        made = self.provenance
        return {
            "schema": "netops/audit/1",
            "audit": self.audit,
            "tool": made.tool,
            "as_of": made.as_of,
            "snapshot": {
                "id": made.snapshot_id,
                "digest": made.snapshot_digest,
                "begin": made.begin,
                "end": made.end,
            },
            "inventory": {
                "digest": made.inventory_digest,
                "overridden": made.inventory_overridden,
            },
            "policy": {"digest": made.policy_digest, "samples": list(made.policy_samples)},
            "coverage": self.coverage.to_json(),
            "verdict": self.verdict.value,
            "rates": [rate.to_json() for rate in self.rates],
            "subjects": [row.to_json() for row in self.subjects],
            "findings": [finding.to_json() for finding in self.findings],
            "information": self.information,
        }


_BAD = (Verdict.NOT_MET, Verdict.PARTLY_MET)


def overall(
    subjects: tuple[SubjectRow, ...], rates: tuple[Rate, ...], tolerated: Mapping[Level, int]
) -> Verdict:
    """Return the verdict that the exit code follows: a proven fault outranks a gap.

    ``tolerated`` is the policy's number of unknown subjects per level (default 0).
    """
    verdicts = {row.verdict for row in subjects} | {rate.verdict for rate in rates}
    for bad in _BAD:
        if bad in verdicts:
            return bad
    unknown = Counter(
        level_of(row.government) for row in subjects if row.verdict is Verdict.UNKNOWN
    )
    if any(count > tolerated.get(level, 0) for level, count in unknown.items()):
        return Verdict.UNKNOWN
    if any(rate.verdict is Verdict.UNKNOWN for rate in rates):
        return Verdict.UNKNOWN
    return Verdict.MET


def exit_code_of(verdict: Verdict) -> int:
    """Return the exit code of design §4 for an overall verdict."""
    if verdict in _BAD:
        return 1
    return 3 if verdict is Verdict.UNKNOWN else 0
