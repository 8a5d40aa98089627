"""The words of a judgement: verdicts, reasons, severities, exit strengths.

The words are the same everywhere; SARIF's, JUnit's and 符合/不符合 are translations at the edge.
"""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """The answer to one question about one subject. Unknown is never met."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"


class UnknownReason(StrEnum):
    """Why a verdict is unknown."""

    NOT_COLLECTED = "not_collected"
    NOT_UNDERSTOOD = "not_understood"
    REFUSED = "refused"
    ERROR = "error"


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Strength(StrEnum):
    """How strongly an exit verdict is proven (exits only), worst first in ``WORST_FIRST``."""

    PROVEN = "proven"
    CONSISTENT = "consistent"
    SUSPECTED = "suspected"
    VIOLATED = "violated"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"

    @property
    def verdict(self) -> Verdict:
        """The one mapping from strengths to verdicts (design §3)."""
        return _VERDICT_OF[self]


_VERDICT_OF = {
    Strength.PROVEN: Verdict.MET,
    Strength.CONSISTENT: Verdict.MET,
    Strength.SUSPECTED: Verdict.PARTLY_MET,
    Strength.VIOLATED: Verdict.NOT_MET,
    Strength.UNKNOWN: Verdict.UNKNOWN,
    Strength.EXEMPT: Verdict.NOT_APPLICABLE,
}

WORST_FIRST = (
    Strength.VIOLATED,
    Strength.SUSPECTED,
    Strength.UNKNOWN,
    Strength.CONSISTENT,
    Strength.PROVEN,
    Strength.EXEMPT,
)


def worst(strengths: set[Strength]) -> Strength:
    """Return the worst of ``strengths`` (not empty); exempt only when nothing is worse."""
    return min(strengths, key=WORST_FIRST.index)
