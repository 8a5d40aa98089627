"""A baseline's result as one HTML page: conclusions, hazards, problems by check, clauses, assets.

The page needs no script and no other file. The record of every single item is in the workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from netops.findings import AuditResult, Finding, Text, Verdict
from netops.i18n import Lang
from netops.reports.forms.content import (
    COLUMNS,
    TITLES,
    Forms,
    clauses_of,
    evidence_of,
    forms_of,
    severity_of,
)
from netops.reports.html.quoting import harmless
from netops.reports.words import VERDICTS
from netops.text import one_line

_MOST_ASSETS = 2_000
_NAMED = 40
_QUOTED = 3
_BAD = (Verdict.NOT_MET, Verdict.PARTLY_MET)
_PHRASES = {
    "title": Text("等级保护基线核查", "Tiered-protection baseline"),
    "as_of": Text("截至", "As of"),
    "snapshot": Text("快照", "snapshot"),
    "coverage": Text(
        "登记设备 {registered} 台，应答 {answered} 台；"
        "测评项 {items} 项，其中未定 {open} 项。总体：{verdict}。",
        "{registered} devices registered, {answered} answered; {items} items, of which {open} are "
        "open. Overall: {verdict}.",
    ),
    "warning": Text(
        "机器只能判定条款的一部分。未定的项目由人员核实；在此之前，符合率只能给出区间，结论不作出。",
        "A machine decides only a part of a clause. Open items are for people to settle; until "
        "then a conformity rate is an interval and no conclusion is drawn.",
    ),
    "samples": Text("样例取值（非标准规定）：", "Sample values (no standard gives them): "),
    "none": Text("无。", "None."),
    "assets": Text("涉及 ", "assets: "),
    "remedy": Text("整改建议：", "Remedy: "),
    "exemption": Text("例外：", "Exemptions: "),
    "clauses": Text("按条款", "By clause"),
    "clauses_note": Text(
        "每格为测评对象数。每个对象的逐项记录见工作簿（--format xlsx）。",
        "Each cell counts assets. The record of each asset is in the workbook (--format xlsx).",
    ),
    "cut": Text("另有 {n} 个对象，见工作簿。", "{n} more assets are in the workbook."),
}


def to_html(result: AuditResult, lang: Lang) -> str:
    """Return the page in ``lang``; the same result gives the same octets."""
    forms = forms_of(result, lang)
    assets = forms.tables["assets"]
    shown = {**forms.tables, "assets": assets[:_MOST_ASSETS]}
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    here, style = files("netops.reports.forms"), files("netops.reports.html") / "templates"
    template = environment.from_string((here / "baseline.html.j2").read_text(encoding="utf-8"))
    return template.render(
        lang=lang,
        t={name: text.in_lang(lang) for name, text in _PHRASES.items()},
        style=Markup((style / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        head=forms.head,
        tables=shown,
        titles={name: text.in_lang(lang) for name, text in TITLES.items()},
        columns={
            name: {key: word.in_lang(lang) for key, word in table.items()}
            for name, table in COLUMNS.items()
        },
        groups=list(_groups(result.findings, lang)),
        clauses=list(_clauses(result, forms)),
        verdicts=[VERDICTS[verdict].in_lang(lang) for verdict in Verdict],
        cut=max(0, len(assets) - _MOST_ASSETS),
    )


def _finalize(value: object) -> object:
    """Spell out controls that no font draws; the style sheet is our own."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _groups(findings: Sequence[Finding], lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield the problems, one block a check, the worst and the most frequent first."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.verdict in _BAD:
            by_rule.setdefault(finding.rule, []).append(finding)
    order = [*type(findings[0].severity)] if findings else []
    for rule, members in sorted(
        by_rule.items(), key=lambda pair: (order.index(pair[1][0].severity), -len(pair[1]), pair[0])
    ):
        first = members[0]
        names = [one_line(member.subject.name or member.subject.id) for member in members]
        yield {
            "rule": rule,
            "severity": severity_of(first, lang),
            "clauses": clauses_of(s for m in members for s in m.standards),
            "count": len(members),
            "problem": one_line(first.message.in_lang(lang)),
            "remedy": "" if first.remedy is None else one_line(first.remedy.in_lang(lang)),
            "assets": ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else ""),
            "evidence": [evidence_of(m.evidence) for m in members[:_QUOTED] if m.evidence],
            "exemptions": ", ".join(dict.fromkeys(m.exemption for m in members if m.exemption)),
        }


def _clauses(result: AuditResult, forms: Forms) -> Iterator[dict[str, Any]]:
    counted: dict[str, Counter[Verdict]] = {}
    for row in result.subjects:
        if row.kind == "item":
            counted.setdefault(str(row.extra["clause"]), Counter())[row.verdict] += 1
    texts = {record["clause"]: record for record in forms.tables["records"]}
    for clause in sorted(counted, key=_in_order):
        yield {
            **{key: texts[clause][key] for key in ("clause", "point", "requirement")},
            "counts": [counted[clause][verdict] for verdict in Verdict],
        }


def _in_order(clause: str) -> list[tuple[int, str]]:
    """Return a key by which 8.1.10.1 follows 8.1.9.4."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in clause.split(".")]
