"""What the forms say: plain rows of text in one language, made from a baseline's result.

Computes no verdict. Every text is one line that a cell shows as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netops.findings import AuditResult, Evidence, Finding, SubjectRow, Text, Verdict
from netops.i18n import Lang
from netops.reports.conclusions import remarks_of
from netops.reports.recorded import is_recorded
from netops.reports.words import SEVERITIES, VERDICTS
from netops.text import one_line

Row = dict[str, str]

_BAD = (Verdict.NOT_MET, Verdict.PARTLY_MET)
_OPEN = (Verdict.UNKNOWN, Verdict.NEEDS_PERSON)

TITLES: Mapping[str, Text] = {
    "conclusions": Text("结论", "Conclusions"),
    "records": Text("现场测评记录表", "On-site assessment record"),
    "problems": Text("安全问题汇总表", "Summary of security problems"),
    "hazards": Text("高风险（重大风险隐患）表", "High risks (major hazards)"),
    "assets": Text("资产表", "Assets"),
    "parameters": Text("参数", "Parameters"),
    "notices": Text("提示", "Notices"),
}
"""The tables in the order of the forms."""

COLUMNS: Mapping[str, Mapping[str, Text]] = {
    "conclusions": {
        "object": Text("定级对象", "Graded object"),
        "form": Text("报告格式", "Form"),
        "level": Text("等级", "Level"),
        "met": Text("符合", "Met"),
        "partly_met": Text("部分符合", "Partly met"),
        "not_met": Text("不符合", "Not met"),
        "not_applicable": Text("不适用", "Not applicable"),
        "open": Text("未定", "Open"),
        "rate": Text("符合率", "Conformity rate"),
        "hazards": Text("重大风险隐患", "Major hazards"),
        "conclusion": Text("结论", "Conclusion"),
    },
    "records": {
        "asset": Text("测评对象", "Asset"),
        "clause": Text("条款", "Clause"),
        "point": Text("控制点", "Control point"),
        "requirement": Text("测评项（释义）", "Requirement (paraphrase)"),
        "observed": Text("结果记录", "What was seen"),
        "verdict": Text("符合程度", "Verdict"),
        "note": Text("说明", "Note"),
        "evidence": Text("证据", "Evidence"),
        "signed": Text("测评人签字", "Signature"),
    },
    "problems": {
        "number": Text("序号", "No."),
        "asset": Text("测评对象", "Asset"),
        "clauses": Text("条款", "Clauses"),
        "problem": Text("问题", "Problem"),
        "severity": Text("严重程度", "Severity"),
        "verdict": Text("符合程度", "Verdict"),
        "remedy": Text("整改建议", "Remedy"),
        "exemption": Text("例外", "Exemption"),
        "evidence": Text("证据", "Evidence"),
    },
    "hazards": {
        "object": Text("定级对象", "Graded object"),
        "case": Text("判例", "Case"),
        "title": Text("名称", "Title"),
        "clause": Text("条款", "Clause"),
        "assets": Text("涉及对象", "Assets"),
        "state": Text("状态", "State"),
        "relief": Text("缓解依据", "Relief"),
    },
    "assets": {
        "id": Text("编号", "Id"),
        "name": Text("名称", "Name"),
        "component": Text("类别", "Component"),
        "version": Text("版本", "Version"),
        "government": Text("区划代码", "Government"),
        "objects": Text("定级对象", "Graded objects"),
        "profile": Text("基线", "Profile"),
    },
    "parameters": {
        "object": Text("定级对象", "Graded object"),
        "name": Text("参数", "Parameter"),
        "value": Text("取值", "Value"),
        "source": Text("来源", "Source"),
        "status": Text("性质", "Status"),
    },
    "notices": {
        "subject": Text("对象", "Subject"),
        "message": Text("提示", "Notice"),
    },
}

_FORMS = {
    "report-2025": Text("2025版", "2025"),
    "report-2021": Text("2021版", "2021"),
}
_OTHER_FORM = Text("–", "–")
_STATES = {
    "triggered": Text("已触发", "triggered"),
    "relieved": Text("已缓解", "relieved"),
    "possible": Text("待判定", "possible"),
}


@dataclass(frozen=True, slots=True)
class Forms:
    """Everything that a template may name: ``head`` by key, ``tables`` by name."""

    head: Row
    tables: Mapping[str, list[Row]]


def forms_of(result: AuditResult, lang: Lang) -> Forms:
    """Return the contents of the forms in ``lang``."""
    told = result.information
    findings = {finding.id: finding for finding in result.findings}
    items = [row for row in result.subjects if is_recorded(row)]
    named = {one["object"]: one.get("name") or one["object"] for one in told.get("conclusions", ())}
    return Forms(
        head=_head(result, items, lang),
        tables={
            "conclusions": [_conclusion(one, lang) for one in told.get("conclusions", ())],
            "records": [_record(row, findings, told.get("items", {}), lang) for row in items],
            "problems": list(_problems(result.findings, lang)),
            "hazards": [_hazard(one, named, lang) for one in told.get("hazards", ())],
            "assets": [_asset(one) for one in told.get("assets", ())],
            "parameters": list(_parameters(told.get("conclusions", ()), lang)),
            "notices": list(_notices(told, lang)),
        },
    )


def _head(result: AuditResult, items: list[SubjectRow], lang: Lang) -> Row:
    made = result.provenance
    still_open = sum(1 for row in items if row.verdict in _OPEN)
    return {
        "tool": made.tool,
        "as_of": made.as_of,
        "snapshot": made.snapshot_id,
        "digest": made.snapshot_digest,
        "begin": made.begin,
        "end": made.end,
        "policy": made.policy_digest,
        "verdict": VERDICTS[result.verdict].in_lang(lang),
        "registered": str(result.coverage.registered),
        "answered": str(result.coverage.answered),
        "items": str(len(items)),
        "open": str(still_open),
        "samples": ", ".join(made.policy_samples),
    }


def _said(text: object, lang: Lang) -> str:
    """Return one of the two languages of ``{"zh": …, "en": …}``, or a plain text."""
    if isinstance(text, Mapping):
        return one_line(str(text.get(lang, "")))
    return one_line("" if text is None else str(text))


def _conclusion(one: Mapping[str, Any], lang: Lang) -> Row:
    counts = one["counts"]
    rate = one["rate"]
    floor, ceiling = str(rate["floor"]), str(rate["ceiling"])
    return {
        "object": one_line(str(one.get("name") or one["object"])),
        "form": _FORMS.get(str(one["form"]), _OTHER_FORM).in_lang(lang),
        "level": str(one["level"]),
        **{key: str(counts[key]) for key in ("met", "partly_met", "not_met", "not_applicable",
                                             "open")},
        "rate": floor if floor == ceiling else f"{floor} – {ceiling}",
        "hazards": str(one["hazards"]),
        "conclusion": _said(one["text"], lang),
    }  # fmt: skip


def _record(
    row: SubjectRow, findings: Mapping[str, Finding], texts: Mapping[str, Any], lang: Lang
) -> Row:
    clause = str(row.extra.get("clause", ""))
    text = texts.get(clause, {})
    shown = [findings[reason] for reason in row.reason or () if reason in findings]
    return {
        "asset": one_line(str(row.extra.get("asset") or row.name or row.extra.get("object"))),
        "clause": clause,
        "point": _said(text.get("point"), lang),
        "requirement": _said(text.get("text"), lang),
        "observed": "; ".join(_observed(row.extra.get("observed"), lang)),
        "verdict": VERDICTS[row.verdict].in_lang(lang),
        "note": "; ".join(_notes(row, lang)),
        "evidence": evidence_of(one for finding in shown for one in finding.evidence),
        "signed": "",
    }


_PERSON = Text("人工判定：{by}，{on}", "judged by {by} on {on}")
_EXEMPTION = Text("例外：{0}", "exemption: {0}")


def _notes(row: SubjectRow, lang: Lang) -> Iterator[str]:
    """Yield what stands beside a verdict: a word of ours, who decided it, an exemption."""
    if row.note is not None:
        yield one_line(row.note.in_lang(lang))
    person = row.extra.get("person")
    if person:
        yield one_line(_PERSON.in_lang(lang).format(by=person["by"], on=person["on"]))
        if person["note"]:
            yield one_line(str(person["note"]))
    if row.extra.get("exemption"):
        yield one_line(_EXEMPTION.in_lang(lang).format(row.extra["exemption"]))


def _observed(told: object, lang: Lang) -> Iterator[str]:
    lines = told if isinstance(told, list | tuple) else [] if told is None else [told]
    for line in lines:
        yield _said(line, lang)


def evidence_of(shown: Iterable[Evidence]) -> str:
    """Return where it shows: device, command and the beginning of the digest once, then lines."""
    lines = dict[tuple[str, str, str], list[str]]()
    for one in shown:
        first, last = one.lines
        text = str(first) if first == last else f"{first}-{last}"
        lines.setdefault((one.device, one.command, one.digest[:15]), []).append(text)
    return "; ".join(
        one_line(f"{device} {command} {', '.join(dict.fromkeys(told))} {digest}")
        for (device, command, digest), told in lines.items()
    )


def _problems(findings: tuple[Finding, ...], lang: Lang) -> Iterator[Row]:
    bad = (finding for finding in findings if finding.verdict in _BAD)
    for number, finding in enumerate(bad, start=1):
        yield {
            "number": str(number),
            "asset": one_line(finding.subject.id),
            "clauses": clauses_of(finding.standards),
            "problem": one_line(finding.message.in_lang(lang)),
            "severity": severity_of(finding, lang),
            "verdict": VERDICTS[finding.verdict].in_lang(lang),
            "remedy": "" if finding.remedy is None else one_line(finding.remedy.in_lang(lang)),
            "exemption": finding.exemption or "",
            "evidence": evidence_of(finding.evidence),
        }


def clauses_of(standards: Iterable[str]) -> str:
    """Return clauses without the standard's name, which the form's heading has."""
    return ", ".join(dict.fromkeys(one.rpartition(" ")[2] for one in standards))


def severity_of(finding: Finding, lang: Lang) -> str:
    """Return the severity as people read it."""
    return SEVERITIES[finding.severity].in_lang(lang)


def _hazard(one: Mapping[str, Any], named: Mapping[str, Any], lang: Lang) -> Row:
    state = _STATES.get(str(one["state"]))
    return {
        "object": one_line(str(named.get(one["object"], one["object"]))),
        "case": str(one["case"]),
        "title": _said(one["title"], lang),
        "clause": str(one["clause"]),
        "assets": one_line(", ".join(str(asset) for asset in one["assets"])),
        "state": str(one["state"]) if state is None else state.in_lang(lang),
        "relief": _said(one.get("relief"), lang),
    }


def _asset(one: Mapping[str, Any]) -> Row:
    return {
        "id": one_line(str(one["id"])),
        "name": one_line(str(one["name"])),
        "component": one_line(f"{one['component']} {one.get('family', '')}").strip(),
        "version": one_line(str(one["version"])),
        "government": str(one["government"]),
        "objects": ", ".join(str(name) for name in one["objects"]),
        "profile": str(one["profile"]),
    }


_STATUSES = {
    "standard": Text("标准", "standard"),
    "plan": Text("规划", "plan"),
    "derived": Text("推导", "derived"),
    "site": Text("本单位", "site"),
    "sample": Text("样例（非标准规定）", "sample (no standard gives it)"),
}


def _parameters(conclusions: Iterable[Mapping[str, Any]], lang: Lang) -> Iterator[Row]:
    for one in conclusions:
        for parameter in one.get("parameters", ()):
            yield {
                "object": one_line(str(one.get("name") or one["object"])),
                "name": _said(parameter["title"], lang),
                "value": _said(parameter["value"], lang),
                "source": _said(parameter["source"], lang),
                "status": _STATUSES[parameter["status"]].in_lang(lang),
            }


def _notices(told: Mapping[str, Any], lang: Lang) -> Iterator[Row]:
    """Yield what a reader of the conclusions must know: how they were come to, what to look at."""
    for text in remarks_of(told):
        yield {"subject": "", "message": one_line(text.in_lang(lang))}
    for one in told.get("conclusions", ()):
        if one.get("marks") is not None:
            subject = one_line(str(one.get("name") or one["object"]))
            yield {"subject": subject, "message": _said(one["marks"], lang)}
    for one in told.get("warnings", ()):
        yield {
            "subject": one_line(str(one["subject"])),
            "message": _said(one["message"], lang),
        }
