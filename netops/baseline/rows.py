"""Rows of the result: an item on an asset, an asset, an item of a graded object, the object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netops.baseline.assets import Asset
from netops.baseline.checking import CheckResult
from netops.baseline.graded import Drawn
from netops.baseline.items import FAILING, OPEN, ItemResult
from netops.baseline.objects import ObjectItem
from netops.baseline.sayings import say_seen
from netops.baseline.standing import Standing
from netops.findings import SubjectRow, Text, Verdict
from netops.inventory.graded import Confirmation
from netops.policy.baseline.values import FactKind

ITEM, ASSET, OBJECT_ITEM, OBJECT = "item", "asset", "object_item", "graded_object"
_NOTES = {
    "part": Text("建议判定，须人工确认", "proposed, person to confirm"),
    "no_check": Text("本组件没有检查，须人工判定", "no check for this component: a person decides"),
    "stale": Text(
        "人工确认所依据的证据已变化，须重新确认",
        "the evidence has changed since a person confirmed it; to be confirmed anew",
    ),
}
_MOST_OBSERVED = 20
_UNGRADED = Text("不属于任何定级对象，等级未知", "serves no graded object, level not known")


Told = dict[str, dict[str, str]]
"""What was seen of each check of one asset, by its id: it stands in the rows of several items."""


def item_row(
    row: ItemResult, reason: tuple[str, ...] | None, kinds: Mapping[str, FactKind], told: Told
) -> SubjectRow:
    """Return the row of an item on an asset; ``kinds`` are the facts of its component."""
    asset, covered = row.asset, row.covered
    is_named = row.verdict in (*FAILING, Verdict.UNKNOWN)
    return SubjectRow(
        kind=ITEM,
        id=row.id,
        government=asset.device.government,
        verdict=row.verdict,
        reason=reason if is_named else None,
        name=asset.device.name,
        note=_note(row),
        extra={
            "asset": asset.id,
            "component": asset.component,
            "item": covered.item.id,
            "clause": covered.clause,
            "level": covered.level,
            "checks": [_check(result) for result in row.checks],
            "machine": row.machine.value,
            "proposed": None if row.proposed is None else row.proposed.value,
            "person": confirmed(row.person),
            "stale": confirmed(row.stale),
            "evidence_digest": row.evidence,
            "exemption": row.exemption,
            "observed": [_observed(one, kinds, told) for one in row.checks[:_MOST_OBSERVED]],
        },
    )


def _observed(result: CheckResult, kinds: Mapping[str, FactKind], told: Told) -> dict[str, str]:
    """Return what was seen of a check, as a record of the assessment quotes it."""
    known = told.get(result.check.id)
    if known is None:
        title = result.check.title
        seen = say_seen(result.deciding, kinds)
        why = ", ".join(w.command or w.detail for w in result.why[:3])
        zh = seen.zh or (f"未采集或未读懂：{why}" if why else "未设置")
        en = seen.en or (f"not read: {why}" if why else "not set")
        known = {"zh": f"{title.zh}——{zh}", "en": f"{title.en} – {en}"}
        told[result.check.id] = known
    return known


def tell_asset(asset: Asset) -> dict[str, Any]:
    """Return an asset as a list of assets shows it."""
    return {
        "id": asset.id,
        "name": asset.device.name,
        "component": asset.component,
        "family": asset.family,
        "version": asset.version,
        "government": asset.device.government,
        "profile": "" if asset.profile is None else asset.profile.name,
        "objects": [item.id for item in asset.objects],
    }


def _note(row: ItemResult) -> Text | None:
    if row.verdict is not Verdict.NEEDS_PERSON:
        return None
    return _NOTES["stale"] if row.stale is not None else _NOTES.get(row.note)


def _check(result: CheckResult) -> dict[str, Any]:
    return {
        "check": result.check.id,
        "verdict": result.verdict.value,
        "why": [f"{w.reason.value}:{w.command or w.detail}" for w in result.why[:5]],
        "note": result.note,
    }


def confirmed(given: Confirmation | None) -> dict[str, Any] | None:
    """Return a person's verdict as plain JSON values."""
    if given is None:
        return None
    return {
        "verdict": given.verdict,
        "by": given.by,
        "on": given.on.isoformat(),
        "evidence": given.evidence,
        "note": given.note,
    }


def asset_row(standing: Standing) -> SubjectRow:
    """Return the row of an asset: the worst of what is said of it, exempt failures left out."""
    asset = standing.asset
    return SubjectRow(
        kind=ASSET,
        id=asset.id,
        government=asset.device.government,
        verdict=_worst([row.verdict for row in standing.rows if row.exemption is None]),
        reason=tuple(finding.id for finding in standing.findings) or None,
        name=asset.device.name,
        extra=_about(asset) | {"items": _count([row.verdict for row in standing.rows])},
    )


def ungraded_row(asset: Asset, reason: str) -> SubjectRow:
    """Return the row of an asset whose level nobody knows."""
    return SubjectRow(
        kind=ASSET,
        id=asset.id,
        government=asset.device.government,
        verdict=Verdict.UNKNOWN,
        reason=(reason,),
        name=asset.device.name,
        note=_UNGRADED,
        extra=_about(asset) | {"items": _count([])},
    )


def _about(asset: Asset) -> dict[str, Any]:
    return {
        "device": asset.device.id,
        "component": asset.component,
        "instance": asset.instance,
        "family": asset.family,
        "version": asset.version,
        "contact": asset.contact.value,
        "profile": None if asset.profile is None else asset.profile.name,
        "level": asset.level,
        "objects": [item.id for item in asset.objects],
    }


def _worst(verdicts: list[Verdict]) -> Verdict:
    """Return one verdict for an asset: failures first, then gaps, then what persons owe."""
    if any(verdict in FAILING for verdict in verdicts):
        is_whole = all(v in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE) for v in verdicts)
        return Verdict.NOT_MET if is_whole else Verdict.PARTLY_MET
    for verdict in (Verdict.UNKNOWN, Verdict.NEEDS_PERSON, Verdict.MET):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_APPLICABLE


def _count(verdicts: list[Verdict]) -> dict[str, int]:
    return {verdict.value: verdicts.count(verdict) for verdict in Verdict}


def object_rows(drawn: Drawn) -> Iterator[SubjectRow]:
    """Yield the row of a graded object, then one for each of its items."""
    graded = drawn.object
    named = {f.standards[0].rpartition(" ")[2]: f.id for f in drawn.findings}
    reasons = _reasons(drawn)
    verdict = Verdict.NOT_APPLICABLE if drawn.conclusion is None else drawn.conclusion.verdict
    is_named = verdict in FAILING
    below = (name for ids in reasons.values() for name in ids)
    every = tuple(dict.fromkeys((*named.values(), *below)))
    yield SubjectRow(
        kind=OBJECT,
        id=graded.id,
        government=graded.government,
        verdict=verdict,
        reason=(every or None) if is_named else None,
        name=graded.name,
        note=drawn.not_drawn,
        extra={"level": graded.level, "items": drawn.counts},
    )
    for item in drawn.items:
        found = reasons.get(item.clause, ())
        own = (named[item.clause],) if item.clause in named else ()
        yield _object_item(item, tuple(dict.fromkeys((*own, *found))))


def _reasons(drawn: Drawn) -> dict[str, tuple[str, ...]]:
    """Return the findings of the assets' rows, by the clause of the object."""
    by_asset = {standing.asset.id: standing.reasons for standing in drawn.standings}
    found: dict[str, tuple[str, ...]] = {}
    for item in drawn.items:
        ids = [
            name
            for row in item.rows
            for name in by_asset.get(row.asset.id, {}).get(row.covered.clause, ())
            if row.verdict in (*FAILING, *OPEN)
        ]
        found[item.clause] = tuple(dict.fromkeys(ids))
    return found


def _object_item(item: ObjectItem, reason: tuple[str, ...]) -> SubjectRow:
    is_named = item.verdict in (*FAILING, Verdict.UNKNOWN)
    numbers = [row.exemption for row in item.rows if row.verdict in FAILING]
    is_exempt = bool(numbers) and all(numbers) and item.person is None
    exempt = ", ".join(dict.fromkeys(n for n in numbers if n)) if is_exempt else None
    return SubjectRow(
        kind=OBJECT_ITEM,
        id=item.id,
        government=item.object.government,
        verdict=item.verdict,
        reason=(reason or None) if is_named else None,
        name=item.object.name,
        extra={
            "object": item.object.id,
            "item": item.item.id,
            "clause": item.clause,
            "level": item.level,
            "worst": item.worst.value,
            "best": item.best.value,
            "assets": len(item.rows),
            "person": confirmed(item.person),
            "stale": confirmed(item.stale),
            "evidence_digest": item.evidence,
            "exemption": exempt,
        },
    )


def counted(rows: tuple[SubjectRow, ...]) -> tuple[SubjectRow, ...]:
    """Return the rows that an exit code follows: each failure once, exempt ones not at all.

    A graded object says nothing that its items do not; an item of an object counts where only
    the object has it, or where a person judged the object as a whole.
    """
    return tuple(
        row
        for row in rows
        if row.extra.get("exemption") is None
        and (
            row.kind == ITEM
            or (row.kind == ASSET and row.extra["profile"] is None)
            or (row.kind == OBJECT_ITEM and (row.extra["person"] or not row.extra["assets"]))
        )
    )
