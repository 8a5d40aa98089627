"""The catalogue holds what the standard is said to hold; numbers are written by hand."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from netops.policy.baseline import Auto, RuleSet, load_rules

POLICIES = Path(__file__).parents[3] / "policies"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(POLICIES, components=())


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (1, {"cns": 2, "abs": 5, "ces": 11, "pes": 7}),
        (2, {"cns": 4, "abs": 11, "ces": 23, "smc": 4, "pes": 15}),
        (3, {"cns": 8, "abs": 20, "ces": 34, "smc": 12, "pes": 22}),
        (4, {"cns": 11, "abs": 21, "ces": 36, "smc": 13, "pes": 24}),
    ],
)
def test_each_level_holds_the_known_number_of_technical_items(
    rules: RuleSet, level: int, expected: dict[str, int]
) -> None:
    items = rules.items_at(level)
    counts = Counter(item.item_class.value for item in items if item.item_class.is_technical)

    assert counts == expected


@pytest.mark.parametrize(("level", "total"), [(1, 55), (2, 135), (3, 211), (4, 228)])
def test_each_level_holds_the_usual_total_and_says_that_nobody_verified_it(
    rules: RuleSet, level: int, total: int
) -> None:
    assert len(rules.items_at(level)) == total
    assert (rules.totals[level].items, rules.totals[level].status) == (total, "unverified")
    assert not [item.id for item in rules.items.values() if item.verified_by is not None]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (1, {"pss": 1, "ors": 3, "hrs": 4, "cms": 9, "mms": 13}),
        (2, {"pss": 6, "ors": 9, "hrs": 7, "cms": 25, "mms": 31}),
        (3, {"pss": 7, "ors": 14, "hrs": 12, "cms": 34, "mms": 48}),
        (4, {"pss": 7, "ors": 15, "hrs": 14, "cms": 35, "mms": 52}),
    ],
)
def test_each_level_holds_its_management_items_as_unverified(
    rules: RuleSet, level: int, expected: dict[str, int]
) -> None:
    management = [item for item in rules.items_at(level) if not item.item_class.is_technical]

    assert Counter(item.item_class.value for item in management) == expected
    assert {item.status for item in management} == {"unverified"}


def test_level_three_of_the_computing_class_is_decided_as_the_reference_says(
    rules: RuleSet,
) -> None:
    computing = [item for item in rules.items_at(3) if item.item_class == "ces"]
    by_auto = Counter(item.auto for item in computing)

    assert by_auto[Auto.MACHINE] == 8
    assert by_auto[Auto.MACHINE_AND_PERSON] == 5
    assert by_auto[Auto.PERSON_WITH_EVIDENCE] == 17  # 16, and the trusted verification (H/P)
    assert by_auto[Auto.PERSON] == 4


@pytest.mark.parametrize(
    ("clause", "item", "level"),
    [
        ("8.1.4.1.a", "ces.identity.a", 3),
        ("6.1.4.3.b", "ces.intrusion.b", 1),
        ("7.1.3.3", "abs.intrusion", 2),
        ("8.1.3.2.e", "abs.access.e", 3),
        ("9.1.3.2.e", "abs.access.l4e", 4),
        ("8.1.4.2.g", "ces.access.g", 3),
        ("9.1.4.2.g", "ces.access.l4g", 4),
        ("7.1.4.9", "ces.residual.a", 2),
        ("9.1.5.4.g", "smc.central.g", 4),
        ("6.1.5.1", "pss.system.a", 1),
        ("8.1.10.14.d", "mms.outsourcing.d", 3),
        ("9.1.1.2.b", "pes.access.b", 4),
    ],
)
def test_a_clause_leads_to_its_item_and_level(
    rules: RuleSet, clause: str, item: str, level: int
) -> None:
    found = rules.item_of_clause(clause)

    assert found is not None
    assert (found[0].id, found[1]) == (item, level)


def test_a_clause_that_is_in_no_catalogue_is_none(rules: RuleSet) -> None:
    assert rules.item_of_clause("8.1.4.12.a") is None


def test_the_letters_of_each_requirement_run_without_a_gap(rules: RuleSet) -> None:
    groups: dict[str, list[str]] = {}
    for clause in rules.clauses:
        point, _dot, letter = clause.rpartition(".") if clause[-1].isalpha() else (clause, "", "")
        groups.setdefault(point, []).append(letter)

    wrong = {
        point: sorted(letters)
        for point, letters in groups.items()
        if sorted(letters) not in ([""], list("abcdefghij"[: len(letters)]))
    }
    assert wrong == {}


def test_the_points_of_each_class_run_without_a_gap(rules: RuleSet) -> None:
    numbers: dict[str, set[int]] = {}
    for clause in rules.clauses:
        found = re.fullmatch(r"(\d+\.1\.\d+)\.(\d+)(?:\.[a-z])?", clause)
        assert found is not None, clause
        numbers.setdefault(found[1], set()).add(int(found[2]))

    assert {name for name, seen in numbers.items() if seen != set(range(1, len(seen) + 1))} == set()


@pytest.mark.parametrize(
    ("item", "unit"),
    [
        ("ces.identity.a", "L3-CES1-01"),
        ("ces.audit.d", "L3-CES1-15"),
        ("ces.intrusion.a", "L3-CES1-17"),
        ("ces.personal.b", "L3-CES1-35"),
    ],
)
def test_units_are_data_and_skip_sixteen(rules: RuleSet, item: str, unit: str) -> None:
    assert rules.items[item].units[3] == unit
    assert not [i.id for i in rules.items.values() if "L3-CES1-16" in i.units.values()]


def test_both_guides_and_both_neighbouring_catalogues_are_there(rules: RuleSet) -> None:
    editions = Counter(case.edition for case in rules.high_risk.values())
    weak = rules.high_risk["2025:6.4.1.1"]

    assert editions == {"2025": 33, "2020": 24}
    assert (weak.levels, weak.items) == ((2, 3, 4), ("ces.identity.a",))
    assert rules.high_risk["2025:6.2.1.1"].relief is None
    assert rules.high_risk["2020:6.4.1.10"].title.zh == "内网设备存在可被利用的高危漏洞"
    assert {entry.catalogue for entry in rules.related} == {"gbt39786", "extranet-zones"}


def test_nobody_took_our_paraphrase_for_another_item(rules: RuleSet) -> None:
    texts = Counter(
        item.text.zh for item in rules.items.values() if item.item_class.value not in ("abs", "ces")
    )

    assert [text for text, times in texts.items() if times > 1] == []
