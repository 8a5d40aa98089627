"""The rates of the exits audit, as counts over one denominator.

Knows strengths and the policy's targets. Refuses percentages: they are made when printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from netops.divisions import Level
from netops.findings import Rate, Strength, Text, Verdict, judge_rate
from netops.policy.model import Policy, Target

UNIT = "exits.unit"
SINGLE = "exits.single"

_FORMULAS: Mapping[str, Text] = {
    UNIT: Text(
        zh="仅经允许的出口（或按类别不得）访问互联网的接入单位数 ÷ 本级登记接入单位数；"
        "下限为已实证，上报为已实证与一致之和，上限为登记数减违规与例外",
        en="departments that leave only by allowed exits, or not at all where their class says so,"
        " ÷ registered departments of the level; floor = proven, reported = proven + consistent,"
        " ceiling = registered − violated − exempt",
    ),
    SINGLE: Text(
        zh="“一级政府一个出口”成立的政府数 ÷ 本级允许设出口的政府数；"
        "下限为已实证，上报为已实证与一致之和，上限为总数减违规与例外",
        en='governments for which "one exit" holds ÷ governments of the level that may have an'
        " exit; floor = proven, reported = proven + consistent, ceiling = all − violated − exempt",
    ),
}
_LISTED = (Strength.VIOLATED, Strength.SUSPECTED, Strength.UNKNOWN, Strength.EXEMPT)


@dataclass(frozen=True, slots=True)
class Counted:
    """A subject of a rate: its strength, and whether the registers claim it to be in order."""

    id: str
    strength: Strength
    declared: bool


def make_rate(
    rate: str,
    scope: Level,
    subjects: Iterable[Counted],
    policy: Policy,
    closure: tuple[int, int],
) -> Rate:
    """Return one rate of one level, judged where the plan gives a target.

    ``closure`` counts devices understood and registered of the governments that it counts.
    """
    counted = list(subjects)
    lists = {
        strength.value: tuple(c.id for c in counted if c.strength is strength)
        for strength in Strength
    }
    total, exempt = len(counted), len(lists[Strength.EXEMPT])
    floor = len(lists[Strength.PROVEN])
    reported = floor + len(lists[Strength.CONSISTENT])
    if policy.minimum_strength is Strength.PROVEN:
        reported = floor
    ceiling = total - len(lists[Strength.VIOLATED]) - exempt
    share = Fraction(*closure) if closure[1] else Fraction(1)
    target = policy.target(rate, scope)
    counts = (total, floor, reported, ceiling, exempt)
    return Rate(
        id=rate,
        scope=scope.value,
        denominator=total,
        floor=floor,
        reported=reported,
        ceiling=ceiling,
        exempt=exempt,
        declared=sum(c.declared for c in counted),
        target=None if target is None else target.value,
        plan=None if target is None else target.plan,
        closure=share,
        verdict=_verdict(counts, target, share, policy),
        formula=_FORMULAS[rate],
        sample=target is not None and target.status == "sample",
        lists={strength.value: lists[strength.value] for strength in _LISTED},
    )


def _verdict(
    counts: tuple[int, int, int, int, int],
    target: Target | None,
    closure: Fraction,
    policy: Policy,
) -> Verdict:
    if target is None:
        return Verdict.NOT_APPLICABLE
    return judge_rate(counts, target.value, closure, policy.closure)
