"""A result as SARIF 2.1.0 (OASIS), for whoever collects findings of many tools in one place.

Not met and partly met are ``fail``, unknown is ``open``, what a person must judge is ``review``.
An exemption is a suppression: it is shown beside the finding and takes nothing away from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from netops.findings import AuditResult, Evidence, Finding, Severity, SubjectRow, Verdict
from netops.i18n import Lang
from netops.text import one_line

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_KIND = {
    Verdict.NOT_MET: "fail",
    Verdict.PARTLY_MET: "fail",
    Verdict.UNKNOWN: "open",
    Verdict.NEEDS_PERSON: "review",
    Verdict.NOT_APPLICABLE: "notApplicable",
    Verdict.MET: "pass",
}
_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_BASE = "SNAPSHOT"


def to_sarif(result: AuditResult, lang: Lang) -> str:
    """Return the findings as one SARIF run, and a review for every row that asks for a person."""
    rules = list(dict.fromkeys((*(f.rule for f in result.findings), *_person_rules(result))))
    index = {rule: at for at, rule in enumerate(rules)}
    results = [_finding(finding, index, lang) for finding in result.findings]
    results += [_review(row, index, lang) for row in _for_a_person(result)]
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(result, rules, results)]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _run(result: AuditResult, rules: list[str], results: list[dict[str, Any]]) -> dict[str, Any]:
    made = result.provenance
    name, _space, version = made.tool.partition(" ")
    standards = {f.rule: f.standards for f in result.findings if f.standards}
    return {
        "tool": {
            "driver": {
                "name": name,
                "version": version,
                "rules": [_rule(rule, standards.get(rule, ())) for rule in rules],
            }
        },
        "automationDetails": {"id": f"netops/{result.audit}/{made.snapshot_id}"},
        "originalUriBaseIds": {
            _BASE: {"description": {"text": f"snapshot {made.snapshot_id} {made.snapshot_digest}"}}
        },
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": result.verdict.value,
            "asOf": made.as_of,
            "coverage": result.coverage.to_json(),
            "inventory": made.inventory_digest,
            "policy": made.policy_digest,
        },
        "results": results,
    }


def _rule(rule: str, standards: tuple[str, ...]) -> dict[str, Any]:
    return {"id": rule} | ({"properties": {"tags": list(standards)}} if standards else {})


def _finding(finding: Finding, index: dict[str, int], lang: Lang) -> dict[str, Any]:
    kind = _KIND[finding.verdict]
    made = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "kind": kind,
        "level": _LEVEL[finding.severity] if kind == "fail" else "none",
        "message": {"text": one_line(finding.message.in_lang(lang)) or finding.rule},
        "locations": _locations(finding),
        "partialFingerprints": {"netopsFindingId/v1": finding.id},
        "properties": {"verdict": finding.verdict.value, "severity": finding.severity.value},
    }
    if finding.exemption is not None:
        made["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": finding.exemption}
        ]
    return made


def _locations(finding: Finding) -> list[dict[str, Any]]:
    """Return where it shows, each with whom it is about; that alone where nothing shows it."""
    whom = [
        {
            "name": one_line(finding.subject.name or finding.subject.id),
            "fullyQualifiedName": one_line(f"{finding.subject.kind}:{finding.subject.id}"),
        }
    ]
    shown = [_physical(evidence) for evidence in finding.evidence]
    return [{"physicalLocation": p, "logicalLocations": whom} for p in shown] or [
        {"logicalLocations": whom}
    ]


def _physical(evidence: Evidence) -> dict[str, Any]:
    path = f"{quote(evidence.device, safe='')}/{quote(evidence.command, safe='')}"
    first, last = evidence.lines
    made: dict[str, Any] = {"artifactLocation": {"uri": path, "uriBaseId": _BASE}}
    if first > 0:
        made["region"] = {"startLine": first, "endLine": max(first, last)}
    made["properties"] = {"observation": evidence.observation, "digest": evidence.digest}
    return made


def _for_a_person(result: AuditResult) -> Iterator[SubjectRow]:
    return (row for row in result.subjects if row.verdict is Verdict.NEEDS_PERSON)


def _rule_of(row: SubjectRow) -> str:
    return str(row.extra.get("clause") or row.kind)


def _person_rules(result: AuditResult) -> Iterator[str]:
    return (_rule_of(row) for row in _for_a_person(result))


def _review(row: SubjectRow, index: dict[str, int], lang: Lang) -> dict[str, Any]:
    note = "" if row.note is None else one_line(row.note.in_lang(lang))
    return {
        "ruleId": _rule_of(row),
        "ruleIndex": index[_rule_of(row)],
        "kind": "review",
        "level": "none",
        "message": {"text": note or one_line(row.name or row.id)},
        "locations": [
            {"logicalLocations": [{"name": one_line(row.name or row.id),
                                   "fullyQualifiedName": one_line(f"{row.kind}:{row.id}")}]}
        ],
        "partialFingerprints": {"netopsSubject/v1": one_line(f"{row.kind}:{row.id}")},
    }  # fmt: skip
