"""A result as JUnit XML, for pipelines: a test case a subject.

``not_met`` and ``partly_met`` are failures, ``unknown`` is an error (it was not proven),
``not_applicable`` and ``needs_person`` are skipped.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from netops.findings import AuditResult, SubjectRow, Verdict
from netops.i18n import Lang
from netops.reports.words import VERDICTS
from netops.text import one_line

_ELEMENT = {
    Verdict.NOT_MET: "failure",
    Verdict.PARTLY_MET: "failure",
    Verdict.UNKNOWN: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NEEDS_PERSON: "skipped",
}


def to_junit(result: AuditResult, lang: Lang) -> str:
    """Return the subjects as one JUnit test suite."""
    messages = {finding.id: finding.message.in_lang(lang) for finding in result.findings}
    cases = [_case(result.audit, row, messages, lang) for row in result.subjects]
    count = {
        name: sum(1 for row in result.subjects if _element(row) == name)
        for name in ("failure", "error", "skipped")
    }
    head = (
        f'<testsuite name={quoteattr("netops." + result.audit)} tests="{len(cases)}" '
        f'failures="{count["failure"]}" errors="{count["error"]}" skipped="{count["skipped"]}">'
    )
    body = "\n".join(cases)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuite>\n'


def _case(audit: str, row: SubjectRow, messages: dict[str, str], lang: Lang) -> str:
    name = quoteattr(one_line(f"{row.id} {row.name} ({row.government})"))
    head = f"  <testcase classname={quoteattr(f'netops.{audit}.{row.kind}')} name={name}"
    element = _element(row)
    if element is None:
        return head + "/>"
    word = quoteattr(VERDICTS[row.verdict].in_lang(lang))
    reasons = "\n".join(messages.get(reason, reason) for reason in row.reason or ())
    text = escape(one_line(reasons))
    return f"{head}><{element} message={word}>{text}</{element}></testcase>"


def _element(row: SubjectRow) -> str | None:
    """Return what a row becomes; what stands under an exemption in force fails no pipeline."""
    if row.extra.get("exemption") and row.verdict is not Verdict.MET:
        return "skipped"
    return _ELEMENT.get(row.verdict)
