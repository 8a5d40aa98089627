"""Versions, conclusions and roll-ups: worked examples, and the edges between them."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest

from netops.baseline import conclusions, items, objects, versions
from netops.baseline.conclusions import (
    Parameters,
    Risks,
    Scored,
    grade_2025,
    report_2021,
    report_2025,
    score_2021,
)
from netops.baseline.versions import satisfies
from netops.findings import Verdict

MET, PARTLY, NOT = Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET
WORTH = {MET: Fraction(1), PARTLY: Fraction(1, 2), NOT: Fraction(0)}


@pytest.mark.parametrize("module", [conclusions, items, objects, versions])
def test_the_worked_examples_of_the_text_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]

    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("version", "constraint", "fits"),
    [
        ("V200R019C10SPC500", ">=V200R019C10", True),
        ("V200R019C10SPC500", ">=V200R019C10SPC600", False),
        ("V200R019C10SPC500", "<V200R020", True),
        ("V200R019C00SPC800", "<V200R019C10", True),
        ("v200r005c20", "=V200R005", True),
        ("V200R019C10SPC500", ">=7.1", None),
        ("7.1.070", ">=7.1.70", True),
        ("7.1.045", ">=7.1.064", False),
        ("7.1.070, Release 6607P12", "<7.1.075", True),
        ("12", ">=12", True),
        ("12", "<12", False),
        ("22.03-LTS-SP3", "<22.04", True),
        ("9.2p1", ">=9", True),
        ("15.4", "!=15", False),
        ("9", ">=10", False),
        ("V10", ">=10", True),
        ("rolling", ">=1", None),
        ("", ">=1", None),
        ("12", "newer", None),
        ("1" * 5000, ">=1", True),
    ],
)
def test_a_version_is_held_against_a_bound(
    version: str, constraint: str, *, fits: bool | None
) -> None:
    assert satisfies(version, constraint) is fits


def scored(worst: Verdict, best: Verdict | None = None, *, technical: bool = True) -> Scored:
    top = best or worst
    return Scored("c", technical, 1, worst, top, WORTH[worst], WORTH[top])


@pytest.mark.parametrize(
    ("met", "of", "hazards", "grade"),
    [
        (10, 10, 0, "符合"),
        (91, 100, 0, "符合"),
        (91, 100, 1, "基本符合"),
        (90, 100, 0, "基本符合"),
        (60, 100, 9, "基本符合"),
        (59, 100, 0, "不符合"),
    ],
)
def test_the_form_of_2025_follows_rate_and_hazards(
    met: int, of: int, hazards: int, grade: str
) -> None:
    given = [scored(MET)] * met + [scored(NOT)] * (of - met)
    made = report_2025(given, Risks(high=hazards))

    assert made.grade is not None
    assert made.grade.zh == grade
    assert grade_2025(Fraction(met, of), hazards).zh == grade


def test_how_partly_met_counts_is_a_parameter() -> None:
    given = [scored(MET)] * 50 + [scored(PARTLY)] * 50

    nothing = report_2025(given, Risks())
    half = report_2025(given, Risks(), Parameters(partly_counts=Fraction(1, 2)))

    assert (nothing.low, half.low) == (Fraction(1, 2), Fraction(3, 4))
    assert nothing.grade is not None
    assert half.grade is not None
    assert (nothing.grade.zh, half.grade.zh) == ("不符合", "基本符合")


def test_one_open_item_keeps_every_conclusion_back_even_where_it_could_not_change_it() -> None:
    given = [scored(NOT)] * 99 + [scored(NOT, MET)]

    made = report_2025(given, Risks())

    assert made.grade is None
    assert made.verdict is Verdict.NEEDS_PERSON
    assert (made.low, made.high, made.open_items) == (Fraction(0), Fraction(1, 100), 1)


def test_a_case_that_a_person_must_judge_keeps_a_good_conclusion_back_and_no_bad_one() -> None:
    good, bad = [scored(MET)] * 10, [scored(NOT)] * 10

    assert report_2025(good, Risks(undecided=1)).grade is None
    assert report_2025(bad, Risks(undecided=1)).grade is not None


def test_without_items_there_is_no_conclusion() -> None:
    assert report_2025([], Risks()).grade is None
    assert report_2021([], Risks()).grade is None


def test_a_half_of_2021_cannot_fall_below_nothing() -> None:
    lost = [(True, 3, Fraction(0))] * 90 + [(False, 1, Fraction(1))] * 10

    assert score_2021(lost) == 50


@pytest.mark.parametrize(
    ("fails", "risks", "grade"),
    [
        (5, Risks(), "优"),
        (5, Risks(middle=1), "良"),
        (15, Risks(), "良"),
        (25, Risks(), "中"),
        (35, Risks(), "差"),
        (0, Risks(high=1), "差"),
    ],
)
def test_the_form_of_2021_follows_score_and_risks(fails: int, risks: Risks, grade: str) -> None:
    technical = [scored(NOT)] * fails + [scored(MET)] * (60 - fails)
    given = technical + [scored(MET, technical=False)] * 40

    made = report_2021(given, risks)

    assert made.low == 100 - fails
    assert made.grade is not None
    assert made.grade.zh == grade
