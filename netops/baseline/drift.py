"""What changed between two results of a baseline: new, fixed, came back, other evidence.

Compares items on assets and items that only a graded object has. Judges nothing anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netops.baseline.items import FAILING
from netops.baseline.rows import ITEM, OBJECT_ITEM
from netops.findings import AuditResult, SubjectRow, Verdict

_SURE = (Verdict.MET, Verdict.NOT_APPLICABLE, Verdict.NEEDS_PERSON)
KINDS = ("new", "fixed", "came_back", "evidence_changed", "changed")


def compare(
    before: AuditResult, after: AuditResult, older: Sequence[AuditResult] = ()
) -> dict[str, Any]:
    """Return the changes since ``before`` as plain JSON values.

    ``older`` are results before that: what failed in one of them, held in ``before`` and fails
    again has come back. What is only unknown now was not fixed.
    """
    was, now = _rows(before), _rows(after)
    failed = {name for one in older for name, row in _rows(one).items() if row.verdict in FAILING}
    made: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for name in dict.fromkeys((*was, *now)):
        old, new = was.get(name), now.get(name)
        kind = _kind(old, new, is_old=name in failed)
        if kind is not None:
            made[kind].append(_change(name, old, new))
    given = before.provenance
    return {
        "snapshot": given.snapshot_id,
        "digest": given.snapshot_digest,
        "end": given.end,
        **made,
    }


def _rows(result: AuditResult) -> Mapping[str, SubjectRow]:
    """Return the rows that stand for themselves: an object's item only where no asset has it."""
    return {
        row.id: row
        for row in result.subjects
        if row.kind == ITEM or (row.kind == OBJECT_ITEM and not row.extra["assets"])
    }


def _kind(old: SubjectRow | None, new: SubjectRow | None, *, is_old: bool) -> str | None:
    was = None if old is None else old.verdict
    now = None if new is None else new.verdict
    if now in FAILING and was not in FAILING:
        return "came_back" if is_old else "new"
    if was in FAILING and now in _SURE:
        return "fixed"
    if was is not now:
        return "changed"
    if old is not None and new is not None:
        is_same = old.extra["evidence_digest"] == new.extra["evidence_digest"]
        return None if is_same else "evidence_changed"
    return None


def _change(name: str, old: SubjectRow | None, new: SubjectRow | None) -> dict[str, Any]:
    row = new or old
    return {
        "row": name,
        "clause": "" if row is None else row.extra["clause"],
        "before": None if old is None else old.verdict.value,
        "after": None if new is None else new.verdict.value,
        "checks": _checks(old, new),
    }


def _checks(old: SubjectRow | None, new: SubjectRow | None) -> list[dict[str, str | None]]:
    """Return the checks whose verdict changed: an item that failed before can fail in more."""
    was, now = _verdicts(old), _verdicts(new)
    return [
        {"check": name, "before": was.get(name), "after": now.get(name)}
        for name in dict.fromkeys((*was, *now))
        if was.get(name) != now.get(name)
    ]


def _verdicts(row: SubjectRow | None) -> dict[str, str]:
    told = row.extra.get("checks", ()) if row is not None else ()
    return {one["check"]: one["verdict"] for one in told}
