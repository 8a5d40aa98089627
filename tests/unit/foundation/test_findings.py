"""Rates, verdicts and exit codes by design §3 and §4."""

from __future__ import annotations

from fractions import Fraction

import pytest

from netops.divisions import Level
from netops.findings import (
    Finding,
    Rate,
    Severity,
    Strength,
    Subject,
    SubjectRow,
    Text,
    Verdict,
    exit_code_of,
    judge_rate,
    overall,
    worst,
)

FULL, NEEDED = Fraction(1), Fraction(95, 100)


@pytest.mark.parametrize(
    ("counts", "target", "closure", "verdict"),
    [
        ((10, 10, 10, 10, 0), "1", FULL, Verdict.MET),
        ((10, 9, 9, 9, 0), "1", FULL, Verdict.NOT_MET),
        ((10, 9, 9, 10, 0), "1", FULL, Verdict.UNKNOWN),
        ((10, 10, 10, 10, 0), "1", Fraction(9, 10), Verdict.UNKNOWN),
        ((20, 0, 19, 20, 0), "0.95", FULL, Verdict.MET),
        ((20, 0, 18, 18, 0), "0.95", FULL, Verdict.NOT_MET),
        ((20, 0, 18, 18, 1), "0.95", FULL, Verdict.NOT_MET),
        ((20, 0, 19, 19, 1), "1", FULL, Verdict.MET),
        ((3, 0, 0, 0, 3), "1", FULL, Verdict.NOT_APPLICABLE),
        ((0, 0, 0, 0, 0), "1", FULL, Verdict.NOT_APPLICABLE),
    ],
)
def test_a_rate_is_judged_over_what_is_not_exempt_by_exact_fractions(
    counts: tuple[int, int, int, int, int], target: str, closure: Fraction, verdict: Verdict
) -> None:
    assert judge_rate(counts, Fraction(target), closure, NEEDED) is verdict


def test_a_rate_whose_bounds_contradict_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="exits"):
        Rate("exits.unit", "county", 5, 3, 2, 5)


def row(verdict: Verdict, government: str = "430102") -> SubjectRow:
    return SubjectRow("government", government, government, verdict)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((Verdict.MET, Verdict.NOT_APPLICABLE, Verdict.NEEDS_PERSON), 0),
        ((Verdict.MET, Verdict.UNKNOWN), 3),
        ((Verdict.UNKNOWN, Verdict.PARTLY_MET), 1),
        ((Verdict.UNKNOWN, Verdict.NOT_MET), 1),
        ((), 0),
    ],
)
def test_a_proven_fault_outranks_a_gap(verdicts: tuple[Verdict, ...], code: int) -> None:
    rows = tuple(row(verdict) for verdict in verdicts)

    assert exit_code_of(overall(rows, (), {})) == code


def test_a_policy_may_tolerate_some_unknown_subjects_of_a_level() -> None:
    rows = (row(Verdict.UNKNOWN, "430102001"), row(Verdict.UNKNOWN, "430102002"))

    assert overall(rows, (), {Level.TOWNSHIP: 2}) is Verdict.MET
    assert overall(rows, (), {Level.TOWNSHIP: 1}) is Verdict.UNKNOWN
    assert overall(rows, (), {Level.COUNTY: 9}) is Verdict.UNKNOWN


def test_strengths_map_to_verdicts_in_one_place() -> None:
    assert {s.value: s.verdict.value for s in Strength} == {
        "proven": "met",
        "consistent": "met",
        "suspected": "partly_met",
        "violated": "not_met",
        "unknown": "unknown",
        "exempt": "not_applicable",
    }


def test_exempt_stands_only_when_nothing_is_worse() -> None:
    assert worst({Strength.EXEMPT, Strength.CONSISTENT}) is Strength.CONSISTENT
    assert worst({Strength.UNKNOWN, Strength.SUSPECTED}) is Strength.SUSPECTED
    assert worst({Strength.EXEMPT}) is Strength.EXEMPT


def finding(verdict: Verdict, *identity: str) -> Finding:
    return Finding("exits.undeclared", Subject("government", "430102"), verdict, Severity.HIGH,
                   Text("甲", "a"), identity=identity)  # fmt: skip


def test_the_id_of_a_finding_depends_on_what_it_is_and_not_on_what_was_seen() -> None:
    one = finding(Verdict.NOT_MET, "K1", "ipv4", "policy_route")

    assert one.id == finding(Verdict.PARTLY_MET, "K1", "ipv4", "policy_route").id
    assert one.id != finding(Verdict.NOT_MET, "K1", "ipv6", "policy_route").id
