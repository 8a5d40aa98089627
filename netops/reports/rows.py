"""Results as flat rows: CSV now, the same rows for a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from netops.findings import AuditResult, Finding, Verdict
from netops.i18n import Lang
from netops.reports.causes import cause_of, word_of
from netops.reports.order import worst_first
from netops.reports.words import SEVERITIES, VERDICTS, lines
from netops.text import cell

FINDING_COLUMNS = (
    "id", "rule", "verdict", "severity", "subject_kind", "subject", "name", "message", "affected",
    "cause", "device", "command", "lines", "observation", "exemption", "mechanism", "digest",
    "remedy", "decides",
)  # fmt: skip
"""Names for programs: the same in both languages, new ones only at the end."""


def finding_rows(result: AuditResult, lang: Lang) -> Iterator[tuple[str, ...]]:
    """Yield the findings worst first, a row each, in ``FINDING_COLUMNS``."""
    for finding in worst_first(result.findings):
        yield tuple(_cells(finding, lang))


def _cells(finding: Finding, lang: Lang) -> Iterator[str]:
    yield finding.id
    yield finding.rule
    yield VERDICTS[finding.verdict].in_lang(lang)
    yield SEVERITIES[finding.severity].in_lang(lang)
    yield finding.subject.kind
    yield finding.subject.id
    yield finding.subject.name
    yield finding.message.in_lang(lang)
    yield " ".join(finding.affected)
    yield finding.cause or ""
    shown = finding.evidence
    yield "; ".join(item.device for item in shown)
    yield "; ".join(item.command for item in shown)
    yield "; ".join(lines(*item.lines) for item in shown)
    yield "; ".join(item.observation for item in shown)
    yield finding.exemption or ""
    yield str(finding.observed.get("mechanism") or "")
    yield "; ".join(item.digest for item in shown)
    yield "" if finding.remedy is None else finding.remedy.in_lang(lang)
    unknown = finding.verdict is Verdict.UNKNOWN
    yield cause_of(word_of(finding)).decides.in_lang(lang) if unknown else ""


def to_csv(result: AuditResult, lang: Lang) -> str:
    """Return the findings as CSV with a header; no cell can become a formula."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(FINDING_COLUMNS)
    for row in finding_rows(result, lang):
        writer.writerow([cell(value) for value in row])
    return made.getvalue()
