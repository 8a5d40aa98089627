"""A baseline's result as OSCAL assessment-results 1.1.3 (NIST), for tools that speak it.

OSCAL knows two states of an objective. Only what is met is ``satisfied``; unknown and what a
person must judge are ``not-satisfied`` with reason ``other``, and the house's own verdict stands
beside as a property. What does not apply is left out of the findings and named in the remarks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from netops.findings import AuditResult, Evidence, Finding, SubjectRow, Verdict
from netops.i18n import Lang
from netops.reports.recorded import is_recorded
from netops.text import one_line

_VERSION = "1.1.3"
_OURS = UUID("6f0d2c46-6f2a-5c4f-9a59-5d7f3f6f2a10")
"""A namespace of our own: the same result gives the same identifiers."""
_NS = "urn:netops:oscal"
_NOT_TOKEN = re.compile(r"[^\w.\-]")


def to_oscal(result: AuditResult, lang: Lang) -> str:
    """Return the clauses judged as findings, their evidence as observations."""
    made = result.provenance
    document = {
        "assessment-results": {
            "uuid": _uuid("document", made.snapshot_digest, made.policy_digest, made.as_of),
            "metadata": {
                "title": f"netops {result.audit}",
                "last-modified": made.end,
                "version": made.as_of,
                "oscal-version": _VERSION,
            },
            "import-ap": {"href": "#", "remarks": "No assessment plan in OSCAL exists."},
            "results": [_result(result, lang)],
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _uuid(*parts: str) -> str:
    return str(uuid5(_OURS, "\x1f".join(parts)))


def _result(result: AuditResult, lang: Lang) -> dict[str, Any]:
    made = result.provenance
    items = [row for row in result.subjects if is_recorded(row)]
    judged = [row for row in items if row.verdict is not Verdict.NOT_APPLICABLE]
    by_id = {finding.id: finding for finding in result.findings}
    findings = [_finding(row, by_id, lang) for row in judged]
    whole = {
        "uuid": _uuid("result", made.snapshot_digest, made.policy_digest, made.as_of),
        "title": f"netops {result.audit} {made.snapshot_id}",
        "description": f"{made.tool}, snapshot {made.snapshot_id}, {made.snapshot_digest}",
        "start": made.begin or made.end,
        "end": made.end,
        "reviewed-controls": {"control-selections": [_selection(judged)]},
        "observations": list(_observations(result, lang)),
        "findings": findings,
        "remarks": _remarks(items),
    }
    return {key: value for key, value in whole.items() if value}


def _selection(rows: list[SubjectRow]) -> dict[str, Any]:
    controls = sorted({_token(str(row.extra["clause"])) for row in rows})
    if not controls:
        return {"description": "Nothing was judged.", "include-all": {}}
    return {"include-controls": [{"control-id": control} for control in controls]}


def _token(clause: str) -> str:
    return "gbt22239-" + _NOT_TOKEN.sub("-", clause)


def _remarks(items: list[SubjectRow]) -> str:
    left_out = [row.id for row in items if row.verdict is Verdict.NOT_APPLICABLE]
    return f"Not applicable: {', '.join(left_out)}" if left_out else ""


def _observations(result: AuditResult, lang: Lang) -> Iterator[dict[str, Any]]:
    when = result.provenance.end
    for finding in result.findings:
        made: dict[str, Any] = {
            "uuid": _uuid("observation", finding.id),
            "title": finding.rule,
            "description": one_line(finding.message.in_lang(lang)) or finding.rule,
            "props": [_prop("verdict", finding.verdict.value)],
            "methods": ["TEST"],
            "types": ["finding"],
            "subjects": [_subject(finding)],
            "collected": when,
        }
        if finding.evidence:
            made["relevant-evidence"] = [_relevant(evidence) for evidence in finding.evidence]
        if finding.exemption is not None:
            made["remarks"] = f"exemption {finding.exemption}"
        yield made


def _subject(finding: Finding) -> dict[str, Any]:
    whom = finding.subject
    return {
        "subject-uuid": _uuid("asset", whom.kind, whom.id),
        "type": "component",
        "title": one_line(whom.name or whom.id),
    }


def _relevant(evidence: Evidence) -> dict[str, Any]:
    first, last = evidence.lines
    return {
        "description": f"{evidence.device}: {evidence.command}, lines {first}-{last}",
        "props": [
            _prop("observation", evidence.observation),
            _prop("digest", evidence.digest or "none"),
        ],
    }


def _prop(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": _NS, "value": one_line(value).strip() or "none"}


def _finding(row: SubjectRow, by_id: dict[str, Finding], lang: Lang) -> dict[str, Any]:
    is_met = row.verdict is Verdict.MET
    status = {"state": "satisfied", "reason": "pass"} if is_met else _not_satisfied(row)
    note = "" if row.note is None else one_line(row.note.in_lang(lang))
    made: dict[str, Any] = {
        "uuid": _uuid("finding", row.id),
        "title": one_line(f"{row.extra['clause']} {row.name}").strip(),
        "description": note or row.verdict.value,
        "props": [
            _prop("verdict", row.verdict.value),
            *_whose(row),
        ],
        "target": {
            "type": "objective-id",
            "target-id": _token(str(row.extra["clause"])),
            "status": status,
        },
    }
    seen = [reason for reason in row.reason or () if reason in by_id]
    if seen:
        made["related-observations"] = [
            {"observation-uuid": _uuid("observation", finding)} for finding in seen
        ]
    return made


def _whose(row: SubjectRow) -> Iterator[dict[str, str]]:
    """Yield on what an item was judged, by whom if a person did, and what exempts it."""
    told = row.extra
    kind = "asset" if "asset" in told else "graded-object"
    yield _prop(kind, str(told.get("asset") or told.get("object") or row.id))
    if told.get("person"):
        yield _prop("judged-by", f"{told['person']['by']} {told['person']['on']}")
    if told.get("exemption"):
        yield _prop("exemption", str(told["exemption"]))


def _not_satisfied(row: SubjectRow) -> dict[str, str]:
    failed = row.verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET)
    return {"state": "not-satisfied", "reason": "fail" if failed else "other"}
