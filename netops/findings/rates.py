"""Rates: counts over one denominator, judged by exact fractions (design §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from netops.findings.finding import Text
from netops.findings.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts over one denominator; never a float until it is printed (design §3).

    ``target`` None: information, never judged (verdict not_applicable).
    """

    id: str
    scope: str
    denominator: int
    floor: int
    reported: int
    ceiling: int
    exempt: int = 0
    declared: int | None = None
    target: Fraction | None = None
    plan: str | None = None
    closure: Fraction = Fraction(1)
    verdict: Verdict = Verdict.NOT_APPLICABLE
    formula: Text | None = None
    sample: bool = False
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.floor <= self.reported <= self.ceiling <= self.denominator:
            raise ValueError(self)

    def to_json(self) -> dict[str, Any]:
        """Return the rate as the JSON of design §4 has it."""
        return {
            "id": self.id,
            "scope": self.scope,
            "denominator": self.denominator,
            "floor": self.floor,
            "reported": self.reported,
            "ceiling": self.ceiling,
            "exempt": self.exempt,
            "declared": self.declared,
            "target": None if self.target is None else float(self.target),
            "plan": self.plan,
            "closure": round(float(self.closure), 4),
            "verdict": self.verdict.value,
            "formula": None if self.formula is None else self.formula.to_json(),
            "sample": self.sample,
            "lists": {name: list(ids) for name, ids in self.lists.items()},
        }


def judge_rate(
    counts: tuple[int, int, int, int, int], target: Fraction, closure: Fraction, needed: Fraction
) -> Verdict:
    """Judge (denominator, floor, reported, ceiling, exempt) against ``target`` (design §3).

    ``needed`` is the closure that the policy asks for before it lets anything be met.
    """
    denominator, _, reported, ceiling, exempt = counts
    judged = denominator - exempt
    if judged == 0:
        return Verdict.NOT_APPLICABLE
    if ceiling < target * judged:
        return Verdict.NOT_MET
    if reported >= target * judged and closure >= needed:
        return Verdict.MET
    return Verdict.UNKNOWN
