"""What differs between two results of one audit: new findings, moved subjects, exit points.

Knows results alone. Refuses to judge anew: verdicts are those that each result came with, the
overall one follows the same rule over what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from netops.divisions import Level
from netops.findings.finding import Finding
from netops.findings.results import AuditResult, SubjectRow, overall

_POINT_RULES = ("exits.undeclared", "exits.latent")
_LISTS = ("declared_points", "exempt_points")
_DEPARTMENT = "department"

PointId = tuple[str, str, str]
"""Device, line, family."""


def keep_changes(
    before: AuditResult, after: AuditResult, tolerated: Mapping[Level, int]
) -> AuditResult:
    """Return ``after`` with only what ``before`` did not say already; rates are left out.

    A finding that stands unchanged is counted, not listed; a subject is listed when its verdict,
    strength or exit changed, or a new finding is among its reasons.
    """
    known = {finding.id: finding.verdict for finding in before.findings}
    fresh = tuple(f for f in after.findings if known.get(f.id) is not f.verdict)
    news = {finding.id for finding in fresh}
    rows = tuple(_changed_rows(before, after, news))
    still = {finding.id for finding in after.findings}
    made = before.provenance
    information: dict[str, Any] = {
        "snapshot": made.snapshot_id,
        "digest": made.snapshot_digest,
        "end": made.end,
        "unchanged_findings": len(after.findings) - len(fresh),
        "vanished_findings": [f.id for f in before.findings if f.id not in still],
    }
    if after.audit == "exits":
        information |= compare_exits(before, after)
    return replace(
        after,
        verdict=overall(rows, (), tolerated),
        rates=(),
        subjects=rows,
        findings=fresh,
        information={"since": information},
    )


def _changed_rows(before: AuditResult, after: AuditResult, news: set[str]) -> Iterator[SubjectRow]:
    known = {_key(row): _state(row) for row in before.subjects}
    for row in after.subjects:
        if known.get(_key(row)) != _state(row) or news.intersection(row.reason or ()):
            yield row


def _key(row: SubjectRow) -> tuple[str, str, str]:
    return row.kind, row.id, row.government


def _state(row: SubjectRow) -> tuple[object, ...]:
    return row.verdict, row.strength, row.exit


def compare_exits(before: AuditResult, after: AuditResult) -> dict[str, Any]:
    """Return new and vanished exit points and departments that moved, as plain JSON values."""
    old, new = exit_points(before), exit_points(after)
    return {
        "new_points": [new[key] for key in sorted(new) if key not in old],
        "vanished_points": [old[key] for key in sorted(old) if key not in new],
        "moved": list(_moved(before, after)),
    }


def exit_points(result: AuditResult) -> dict[PointId, dict[str, Any]]:
    """Return the exit points that a result of the exits audit names, declared or not."""
    found: dict[PointId, dict[str, Any]] = {}
    for kind in _LISTS:
        for point in result.information.get(kind, ()):
            _note(found, point, str(point["line"]))
    for finding in result.findings:
        if finding.rule in _POINT_RULES:
            seen = {**finding.observed, "government": finding.subject.id}
            for line in _lines(finding):
                _note(found, seen, line)
    return found


def _lines(finding: Finding) -> list[str]:
    return [str(line) for line in finding.observed.get("lines", ())]


def _note(found: dict[PointId, dict[str, Any]], point: Mapping[str, Any], line: str) -> None:
    words = ("device", "family", "mechanism", "latent", "government", "exit")
    found[(str(point["device"]), line, str(point["family"]))] = {
        "line": line,
        **{word: point.get(word) for word in words},
    }


def _moved(before: AuditResult, after: AuditResult) -> Iterator[dict[str, Any]]:
    """Yield the departments of which strength or exit differ; gone ones and new ones too."""
    old, new = _departments(before), _departments(after)
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if _where(was) != _where(now):
            row = now or was
            yield {
                "department": name,
                "government": "" if row is None else row.government,
                "before": _where(was),
                "after": _where(now),
            }


def _departments(result: AuditResult) -> dict[str, SubjectRow]:
    return {row.id: row for row in result.subjects if row.kind == _DEPARTMENT}


def _where(row: SubjectRow | None) -> dict[str, str | None]:
    strength = None if row is None or row.strength is None else row.strength.value
    return {"strength": strength, "exit": None if row is None else row.exit}
