"""Conclusions over a whole graded object, by the form of 2025 and by that of 2021.

Pure functions of counted verdicts. What no public text gives is a parameter, and every
conclusion names the parameters it was made with. While an item has no verdict there is no
conclusion: only the two ends between which the figure lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from netops.findings import Text, Verdict

_HALF = Fraction(1, 2)


class Form(StrEnum):
    """The forms of report that a conclusion can follow."""

    REPORT_2025 = "report-2025"
    REPORT_2021 = "report-2021"


@dataclass(frozen=True, slots=True)
class Scored:
    """One applicable item of an object.

    ``worst`` and ``best`` are what its verdict can still become, the same where it is decided.
    ``low`` and ``high`` are the shares of its assets that conform (1, a half, 0 each, as a mean).
    """

    clause: str
    technical: bool
    importance: int
    worst: Verdict
    best: Verdict
    low: Fraction
    high: Fraction

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.worst is not self.best


@dataclass(frozen=True, slots=True)
class Risks:
    """Risks that nothing relieves; ``undecided`` are cases that a person has to judge."""

    high: int = 0
    middle: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the forms leave open in public. Each is printed beside the conclusion."""

    partly_counts: Fraction = Fraction(0)
    """2025: how much of an item 部分符合 counts for in the rate."""
    upper: Fraction = Fraction(9, 10)
    lower: Fraction = Fraction(3, 5)
    technical_share: Fraction = _HALF
    """2021: the share of the technical half in the score."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a form says: ``grade`` None while it cannot be said, then ``low`` < or = ``high``."""

    form: Form
    grade: Text | None
    verdict: Verdict
    low: Fraction
    high: Fraction
    open_items: int
    applicable: int
    at_low: Text
    at_high: Text


CONFORMS = Text("符合", "conforms")
MOSTLY = Text("基本符合", "mostly conforms")
FAILS = Text("不符合", "does not conform")
EXCELLENT, GOOD, FAIR, POOR = (
    Text("优", "excellent"),
    Text("良", "good"),
    Text("中", "fair"),
    Text("差", "poor"),
)
_VERDICTS = {
    CONFORMS: Verdict.MET,
    MOSTLY: Verdict.PARTLY_MET,
    FAILS: Verdict.NOT_MET,
    EXCELLENT: Verdict.MET,
    GOOD: Verdict.MET,
    FAIR: Verdict.PARTLY_MET,
    POOR: Verdict.NOT_MET,
}


def grade_2025(rate: Fraction, hazards: int, given: Parameters = Parameters()) -> Text:
    """Return the conclusion of the form of 2025 for a conformity rate.

    Above 90 % with a major hazard is read as 基本符合; exactly 90 % and exactly 60 % are 基本符合.

    >>> grade_2025(Fraction(91, 100), 0).zh, grade_2025(Fraction(91, 100), 1).zh
    ('符合', '基本符合')
    >>> grade_2025(Fraction(90, 100), 0).zh, grade_2025(Fraction(60, 100), 5).zh
    ('基本符合', '基本符合')
    >>> grade_2025(Fraction(599, 1000), 0).zh
    '不符合'
    """
    if rate < given.lower:
        return FAILS
    return CONFORMS if rate > given.upper and not hazards else MOSTLY


def grade_2021(score: Fraction, high: int, middle: int) -> Text:
    """Return the grade of the form of 2021 for a score of at most 100.

    >>> grade_2021(Fraction(96), 0, 0).zh, grade_2021(Fraction(96), 0, 1).zh
    ('优', '良')
    >>> grade_2021(Fraction(70), 0, 9).zh, grade_2021(Fraction(99), 1, 0).zh
    ('中', '差')
    """
    if high or score < 70:  # noqa: PLR2004 - the form's own limits
        return POOR
    if score >= 90 and not middle:  # noqa: PLR2004 - as above
        return EXCELLENT
    return GOOD if score >= 80 else FAIR  # noqa: PLR2004 - as above


def score_2021(
    shares: Sequence[tuple[bool, int, Fraction]], given: Parameters = Parameters()
) -> Fraction:
    """Return the score M of the form of 2021 by deduction.

    Each item is (technical, importance 1 to 3, share that conforms). Of 100 items, 60 of them
    technical, one technical 关键 item fails and two technical 一般 items conform in half:

    >>> good = [(True, 1, Fraction(1))] * 57 + [(False, 1, Fraction(1))] * 40
    >>> bad = [(True, 3, Fraction(0)), (True, 1, Fraction(1, 2)), (True, 1, Fraction(1, 2))]
    >>> score_2021(good + bad)
    Fraction(96, 1)
    """
    if not shares:
        return Fraction(0)
    each = Fraction(100, len(shares))
    lost = {True: Fraction(0), False: Fraction(0)}
    for technical, importance, share in shares:
        lost[technical] += importance * (1 - share) * each
    whole = {True: 100 * given.technical_share, False: 100 * (1 - given.technical_share)}
    return sum((max(Fraction(0), whole[half] - lost[half]) for half in whole), Fraction(0))


def rate_2025(verdicts: Sequence[Verdict], given: Parameters = Parameters()) -> Fraction:
    """Return the conformity rate of applicable items; 0 where there are none.

    >>> rate_2025([Verdict.MET, Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET])
    Fraction(1, 2)
    >>> half = Parameters(partly_counts=Fraction(1, 2))
    >>> rate_2025([Verdict.MET, Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET], half)
    Fraction(5, 8)
    """
    if not verdicts:
        return Fraction(0)
    worth = {Verdict.MET: Fraction(1), Verdict.PARTLY_MET: given.partly_counts}
    return sum((worth.get(v, Fraction(0)) for v in verdicts), Fraction(0)) / len(verdicts)


def report_2025(
    items: Sequence[Scored], risks: Risks, given: Parameters = Parameters()
) -> Conclusion:
    """Conclude by the form of 2025; ``items`` are all applicable items of the object.

    >>> met = Scored("a", True, 1, Verdict.MET, Verdict.MET, Fraction(1), Fraction(1))
    >>> open_ = Scored("b", True, 1, Verdict.NOT_MET, Verdict.MET, Fraction(0), Fraction(1))
    >>> report_2025([met] * 10, Risks()).grade.zh
    '符合'
    >>> made = report_2025([met] * 10 + [open_] * 30, Risks())
    >>> made.grade, made.open_items, str(made.low), str(made.high), made.at_high.zh
    (None, 30, '1/4', '1', '符合')
    """
    low = rate_2025([item.worst for item in items], given)
    high = rate_2025([item.best for item in items], given)
    ends = grade_2025(low, risks.high, given), grade_2025(high, risks.high, given)
    is_held = risks.undecided > 0 and CONFORMS in ends
    return _conclude(Form.REPORT_2025, items, (low, high), ends, is_held=is_held)


def report_2021(
    items: Sequence[Scored], risks: Risks, given: Parameters = Parameters()
) -> Conclusion:
    """Conclude by the form of 2021; ``items`` are all applicable items of the object.

    >>> met = Scored("a", True, 1, Verdict.MET, Verdict.MET, Fraction(1), Fraction(1))
    >>> report_2021([met] * 10, Risks(middle=1)).grade.zh
    '良'
    """
    low = score_2021([(i.technical, i.importance, i.low) for i in items], given)
    high = score_2021([(i.technical, i.importance, i.high) for i in items], given)
    ends = (
        grade_2021(low, risks.high, risks.middle),
        grade_2021(high, risks.high, risks.middle),
    )
    is_held = risks.undecided > 0 and ends != (POOR, POOR)
    return _conclude(Form.REPORT_2021, items, (low, high), ends, is_held=is_held)


def _conclude(
    form: Form,
    items: Sequence[Scored],
    figures: tuple[Fraction, Fraction],
    ends: tuple[Text, Text],
    *,
    is_held: bool,
) -> Conclusion:
    """Say a grade only where nothing is open; an object without items has none either."""
    still = sum(item.is_open for item in items)
    grade = None if still or is_held or not items else ends[0]
    return Conclusion(
        form=form,
        grade=grade,
        verdict=Verdict.NEEDS_PERSON if grade is None else _VERDICTS[grade],
        low=figures[0],
        high=figures[1],
        open_items=still,
        applicable=len(items),
        at_low=ends[0],
        at_high=ends[1],
    )


REPORTS = {Form.REPORT_2025: report_2025, Form.REPORT_2021: report_2021}
