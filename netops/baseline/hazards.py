"""High-risk cases that failures of an object trigger, that a person must judge, or relieved.

A check names the cases that its failure may trigger; the level of the object decides whether the
case speaks of it. Relief is a dated record of a person, shown beside the case, and only where the
guide knows any relief.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netops.baseline.items import FAILING, ItemResult
from netops.baseline.objects import ObjectItem
from netops.baseline.overlays import Exemptions, Warned
from netops.findings import Text, Verdict
from netops.inventory.graded import GradedObject
from netops.inventory.model import Exemption
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import HighRiskCase

TRIGGERED, TO_JUDGE, RELIEVED = "triggered", "possible", "relieved"


@dataclass(frozen=True, slots=True)
class Hazard:
    """A case, what became of it, and the assets and checks that brought it up."""

    case: HighRiskCase
    state: str
    clauses: tuple[str, ...]
    by: tuple[tuple[str, str], ...] = ()
    """Pairs of asset and check."""
    relief: Exemption | None = None


def find_hazards(
    graded: GradedObject,
    items: Sequence[ObjectItem],
    rules: RuleSet,
    edition: str,
    exemptions: Exemptions,
) -> tuple[Hazard, ...]:
    """Return every case of an edition that a failing item of the object brings up."""
    by_item = {one.item.id: one for one in items}
    found = []
    triggered = _triggers(items)
    for case in rules.high_risk.values():
        if case.edition != edition or graded.level not in case.levels:
            continue
        hit = [by_item[name] for name in case.items if name in by_item]
        failing = [one for one in hit if one.verdict in FAILING]
        by = triggered.get(case.key, ())
        if by or (failing and not all(_is_cleared(case, one) for one in failing)):
            found.append(_weighed(case, by, failing, graded, exemptions))
    return tuple(found)


def _triggers(items: Sequence[ObjectItem]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return pairs of asset and check by the case that the check's failure may trigger."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for row in (row for one in items for row in one.rows):
        for result in row.failing:
            for key in result.check.high_risk:
                found.setdefault(key, {})[row.asset.id, result.check.id] = None
    return {key: tuple(pairs) for key, pairs in found.items()}


def _is_cleared(case: HighRiskCase, item: ObjectItem) -> bool:
    """Whether on each failing asset a check that knows the case says that it is not given."""
    failing = [row for row in item.rows if row.verdict in FAILING]
    return bool(failing) and all(_says_no(case, row) for row in failing)


def _says_no(case: HighRiskCase, row: ItemResult) -> bool:
    asked = [r.verdict for r in row.checks if case.key in r.check.high_risk]
    return Verdict.MET in asked and all(
        verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) for verdict in asked
    )


def _weighed(
    case: HighRiskCase,
    by: tuple[tuple[str, str], ...],
    failing: Sequence[ObjectItem],
    graded: GradedObject,
    exemptions: Exemptions,
) -> Hazard:
    clauses = tuple(one.clause for one in failing)
    if case.relief is None and by:
        return Hazard(case, TRIGGERED, clauses, by)
    relief = exemptions.for_object((case.key,), graded) or _relief_of_assets(
        case, by, failing, exemptions
    )
    if relief is not None:
        return Hazard(case, RELIEVED, clauses, by, relief)
    return Hazard(case, TRIGGERED if by else TO_JUDGE, clauses, by)


def _relief_of_assets(
    case: HighRiskCase,
    by: Sequence[tuple[str, str]],
    failing: Sequence[ObjectItem],
    exemptions: Exemptions,
) -> Exemption | None:
    """Return a relief where every asset that triggers the case has one."""
    assets = {row.asset.id: row.asset for one in failing for row in one.rows}
    named = {name for name, _ in by}
    if not named or not named <= assets.keys():
        return None
    found = [exemptions.for_asset((case.key,), assets[name]) for name in sorted(named)]
    return found[0] if all(one is not None for one in found) else None


def impossible_reliefs(hazards: Sequence[Hazard], exemptions: Exemptions) -> Iterator[Warned]:
    """Yield records that would relieve a case for which the guide knows no relief."""
    for hazard in hazards:
        case = hazard.case
        if hazard.state != TRIGGERED or case.relief is not None:
            continue
        for one in exemptions.by_rule.get(case.key, ()):
            if one.is_in_force(exemptions.day):
                yield Warned(
                    "relief_impossible",
                    one.number,
                    Text(
                        f"例外{one.number}不能缓解{case.key}（{case.title.zh}）：指引未给出缓解因素",
                        f"Exemption {one.number} cannot relieve {case.key} ({case.title.en}): the "
                        "guide knows no relief",
                    ),
                )
