"""The same tables as a workbook: where it came from, then rates, subjects, findings an audit.

No text of a device or a register can become a formula, a link or a number.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from netops.divisions import Level
from netops.findings import AuditResult
from netops.i18n import Lang
from netops.reports.rows import FINDING_COLUMNS, finding_rows
from netops.reports.words import (
    AUDITS,
    COLUMNS,
    KINDS,
    LEVELS,
    RATES,
    STRENGTHS,
    VERDICTS,
    plain,
)
from netops.text import cells

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_RATES = ("rate", "level", "denominator", "floor", "reported", "ceiling", "exempt", "declared",
          "target", "plan", "closure", "sample", "verdict", "formula")  # fmt: skip
_SUBJECTS = ("subject_kind", "subject", "name", "government", "verdict", "strength", "exit",
             "reason")  # fmt: skip
_ORIGIN = ("audit", "verdict", "registered", "asked", "answered", "understood", "unparsed_lines",
           "snapshot", "digest", "begin", "end", "as_of", "inventory", "policy", "samples",
           "tool")  # fmt: skip
_WIDTH = 18
"""Characters; a reader widens what matters to them."""


def to_workbook(results: tuple[AuditResult, ...], lang: Lang) -> bytes:
    """Return an XLSX file; no cell can become a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, _OPTIONS) as book:
        _sheet(book, "coverage", _ORIGIN, [_origin(result, lang) for result in results], lang)
        for result in results:
            _sheet(book, f"{result.audit}.rates", _RATES, _rate_rows(result, lang), lang)
            _sheet(book, f"{result.audit}.subjects", _SUBJECTS, _subject_rows(result, lang), lang)
            rows = finding_rows(result, lang)
            _sheet(book, f"{result.audit}.findings", FINDING_COLUMNS, rows, lang)
    return made.getvalue()


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    lang: Lang,
) -> None:
    sheet = book.add_worksheet(name)
    titles = [plain(COLUMNS.get(key), key).in_lang(lang) for key in header]
    sheet.write_row(0, 0, titles, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, _WIDTH)
    last = 0
    for last, row in enumerate(rows, start=1):
        sheet.write_row(last, 0, cells(row))
    sheet.autofilter(0, 0, max(last, 1), len(header) - 1)


def _origin(result: AuditResult, lang: Lang) -> list[object]:
    made, covered = result.provenance, result.coverage
    return [
        plain(AUDITS.get(result.audit), result.audit).in_lang(lang),
        VERDICTS[result.verdict].in_lang(lang),
        covered.registered,
        covered.asked,
        covered.answered,
        covered.understood,
        covered.unparsed_lines,
        made.snapshot_id,
        made.snapshot_digest,
        made.begin,
        made.end,
        made.as_of,
        made.inventory_digest,
        made.policy_digest,
        ", ".join(made.policy_samples),
        made.tool,
    ]


def _rate_rows(result: AuditResult, lang: Lang) -> list[list[object]]:
    return [
        [
            plain(RATES.get(r.id), r.id).in_lang(lang),
            LEVELS[Level(r.scope)].in_lang(lang),
            r.denominator,
            r.floor,
            r.reported,
            r.ceiling,
            r.exempt,
            r.declared,
            None if r.target is None else float(r.target),
            r.plan,
            float(r.closure),
            r.sample,
            VERDICTS[r.verdict].in_lang(lang),
            None if r.formula is None else r.formula.in_lang(lang),
        ]
        for r in result.rates
    ]


def _subject_rows(result: AuditResult, lang: Lang) -> list[list[object]]:
    return [
        [
            plain(KINDS.get(s.kind), s.kind).in_lang(lang),
            s.id,
            s.name,
            s.government,
            VERDICTS[s.verdict].in_lang(lang),
            "" if s.strength is None else STRENGTHS[s.strength].in_lang(lang),
            s.exit or "",
            " ".join(s.reason or ()),
        ]
        for s in result.subjects
    ]
