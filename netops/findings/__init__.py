"""What a judgement says: verdicts, findings, rates, results. One public face."""

from netops.findings.changes import compare_exits, keep_changes
from netops.findings.finding import Evidence, Finding, Subject, Text
from netops.findings.rates import Rate, judge_rate
from netops.findings.results import (
    AuditResult,
    Coverage,
    Judged,
    Provenance,
    SubjectRow,
    exit_code_of,
    overall,
)
from netops.findings.verdicts import WORST_FIRST, Severity, Strength, UnknownReason, Verdict, worst

__all__ = [
    "WORST_FIRST",
    "AuditResult",
    "Coverage",
    "Evidence",
    "Finding",
    "Judged",
    "Provenance",
    "Rate",
    "Severity",
    "Strength",
    "Subject",
    "SubjectRow",
    "Text",
    "UnknownReason",
    "Verdict",
    "compare_exits",
    "exit_code_of",
    "judge_rate",
    "keep_changes",
    "overall",
    "worst",
]
