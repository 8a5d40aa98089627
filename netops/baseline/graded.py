"""One graded object: its items, its high-risk cases, and the conclusion over the whole of it.

A conclusion is drawn only where every device of the object was judged, by a profile of the
object's own level that leaves nothing out; else it is said why not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netops.baseline.assets import Choice, Wholeness, grade_of
from netops.baseline.conclusions import REPORTS, Conclusion, Form, Parameters, Risks
from netops.baseline.findings import person_finding, subject_of
from netops.baseline.hazards import (
    TO_JUDGE,
    TRIGGERED,
    Hazard,
    find_hazards,
    impossible_reliefs,
)
from netops.baseline.items import FAILING, ItemResult
from netops.baseline.objects import ObjectItem, roll_up, with_person
from netops.baseline.overlays import Confirmations, Exemptions, Warned, stale_warning
from netops.baseline.standing import Standing
from netops.findings import Finding, Severity, Text, Verdict
from netops.inventory.graded import GradedObject
from netops.inventory.model import Inventory
from netops.policy.baseline.rules import RuleSet

EDITIONS = {Form.REPORT_2025: "2025", Form.REPORT_2021: "2020"}
"""The guide of high-risk findings that goes with a form."""
Sight = tuple[Inventory, RuleSet, Choice, Wholeness]


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that is said of one graded object. ``conclusion`` None: ``not_drawn`` says why."""

    object: GradedObject
    items: tuple[ObjectItem, ...]
    hazards: tuple[Hazard, ...]
    conclusion: Conclusion | None
    not_drawn: Text | None
    form: Form
    parameters: Parameters
    standings: tuple[Standing, ...]
    marks: Text | None = None
    """What is to be known of S, A and G marks; None where they decide nothing."""
    counted_hazards: int = 0
    """Cases that weigh in the form, triggered and not relieved."""
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many items have each verdict."""
        found = {verdict.value: 0 for verdict in Verdict}
        for item in self.items:
            found[item.verdict.value] += 1
        return found


def draw(
    graded: GradedObject,
    standings: Sequence[Standing],
    sight: Sight,
    exemptions: Exemptions,
    confirmations: Confirmations,
) -> Drawn:
    """Roll up an object's items and conclude, if that can be done."""
    _, rules, choice, _ = sight
    own = tuple(standing for standing in standings if graded in standing.asset.objects)
    warnings: list[Warned] = []
    items = []
    for item in roll_up(graded, rules.required(grade_of(graded)), _by_item(own)):
        made = with_person(item, confirmations.of("object", graded.id, item.clause))
        if made.stale is not None:
            warnings.append(stale_warning(graded.id, item.clause, item.evidence, made.stale))
        items.append(made)
    hazards = find_hazards(graded, items, rules, EDITIONS[choice.form], exemptions)
    warnings += impossible_reliefs(hazards, exemptions)
    not_drawn = _why_not(graded, own, sight)
    conclusion = None
    risks = _risks(items, hazards, choice.form)
    if not_drawn is None:
        applicable = [i.scored() for i in items if i.verdict is not Verdict.NOT_APPLICABLE]
        conclusion = REPORTS[choice.form](applicable, risks, choice.parameters)
    return Drawn(
        object=graded,
        items=tuple(items),
        hazards=hazards,
        conclusion=conclusion,
        not_drawn=not_drawn,
        form=choice.form,
        parameters=choice.parameters,
        standings=own,
        marks=_of_marks(graded, rules),
        counted_hazards=risks.high,
        findings=tuple(
            person_finding(subject_of(item), item.clause, item.person)
            for item in items
            if item.person is not None and item.verdict in FAILING
        ),
        warnings=tuple(warnings),
    )


def _of_marks(graded: GradedObject, rules: RuleSet) -> Text | None:
    """Say at which level items count where the two sub-levels differ, and who says so."""
    grade = grade_of(graded)
    if not grade.is_mixed:
        return None
    low = min(grade.s, grade.a)
    below = [i for i in rules.items_at(grade.level) if grade.of(rules.marks.get(i.id)) == low]
    if not below:
        return Text(
            f"各条款的S、A、G标注未提供，全部按{grade.level}级判定",
            f"no marks S, A and G of items are given: all are judged at level {grade.level}",
        )
    zh = "；".join(f"{one.source}（{one.status}）" for one in rules.marked_by)
    en = "; ".join(f"{one.source} ({one.status})" for one in rules.marked_by)
    kept = sum(low in item.clauses for item in below)
    return Text(
        f"按标注，{kept}个条款按{low}级要求，{len(below) - kept}个不作要求，其余按{grade.level}级；"
        f"标注来源：{zh}",
        f"by their marks {kept} items count at level {low}, {len(below) - kept} are not required, "
        f"all others count at level {grade.level}; marks from: {en}",
    )


def _by_item(standings: Sequence[Standing]) -> Mapping[str, list[ItemResult]]:
    found: dict[str, list[ItemResult]] = {}
    for standing in standings:
        for row in standing.rows:
            found.setdefault(row.covered.item.id, []).append(row)
    return found


def _why_not(graded: GradedObject, own: Sequence[Standing], sight: Sight) -> Text | None:
    """Return why no conclusion can be drawn of the object, None where it can."""
    inventory, rules, choice, whole = sight
    served = [name for name, objects in inventory.graded_of.items() if graded in objects]
    unseen = [name for name in served if not choice.holds(name)]
    if unseen:
        return Text(
            f"筛选条件排除了该对象的{len(unseen)}台设备，结论须覆盖整个对象",
            f"the filter leaves out {len(unseen)} of the object's devices; a conclusion covers "
            "the whole object",
        )
    if choice.profile is None:
        return None
    profile = rules.profiles[choice.profile]
    if profile.level != graded.level:
        return Text(
            f"按{profile.name}（{profile.level}级）判定，而对象为{graded.level}级",
            f"judged by {profile.name} (level {profile.level}), while the object has level "
            f"{graded.level}",
        )
    if own and not whole.of(profile):
        return Text(
            f"{profile.name}只含部分检查，不能得出整体结论",
            f"{profile.name} asks a part of the checks only; no conclusion follows from it",
        )
    return None


def _risks(items: Sequence[ObjectItem], hazards: Sequence[Hazard], form: Form) -> Risks:
    """Count what weighs in a form: 2025 major hazards, 2021 high risks and middle ones."""
    if form is Form.REPORT_2025:
        counted = [hazard for hazard in hazards if hazard.case.major_hazard]
    else:
        counted = list(hazards)
    named = {clause for hazard in hazards for clause in hazard.clauses}
    middle = [i for i in items if i.verdict in FAILING and i.clause not in named and _is_middle(i)]
    return Risks(
        high=sum(hazard.state == TRIGGERED for hazard in counted),
        middle=len(middle),
        undecided=sum(hazard.state == TO_JUDGE for hazard in counted),
    )


def _is_middle(item: ObjectItem) -> bool:
    """Whether a failing item is more than a low risk; what only a person judged counts as one."""
    severities = [r.check.severity for row in item.rows for r in row.failing]
    return not severities or any(s not in (Severity.LOW, Severity.INFO) for s in severities)
