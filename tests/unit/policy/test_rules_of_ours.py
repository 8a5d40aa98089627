"""The rules that come with the package: they load, cover what they promise, and stand up to lint."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from netops.baselines import run_case
from netops.policy.baseline import Auto, RuleSet, coverage_of, lint_rules, load_rules

POLICIES = Path(__file__).parents[3] / "policies"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(POLICIES)


def test_every_component_has_its_checks(rules: RuleSet) -> None:
    counts = Counter(check.component for check in rules.checks.values())
    least = {
        "linux": 65, "huawei_vrp": 30, "h3c_comware": 30, "frr": 14,
        "postgresql": 12, "mariadb": 10, "redis": 8, "nginx": 8, "tomcat": 8,
    }  # fmt: skip

    assert {name: counts[name] for name, number in least.items() if counts[name] < number} == {}


@pytest.mark.parametrize("auto", [Auto.MACHINE, Auto.MACHINE_AND_PERSON, Auto.PERSON_WITH_EVIDENCE])
def test_every_computing_item_of_level_three_that_is_no_interview_has_a_check_on_linux(
    rules: RuleSet, auto: Auto
) -> None:
    rows = [row for row in coverage_of(rules, 3) if row.item.item_class == "ces"]
    wanted = {
        Auto.MACHINE: 8,
        Auto.MACHINE_AND_PERSON: 5,
        Auto.PERSON_WITH_EVIDENCE: 17,
    }

    of_kind = [row for row in rows if row.item.auto is auto]
    assert len(of_kind) == wanted[auto]
    assert [row.clause for row in of_kind if "linux" not in row.checks] == []


def test_the_levels_ask_more_and_more(rules: RuleSet) -> None:
    asked = [set(rules.profiles[f"mlps-l{level}"].checks) for level in (1, 2, 3, 4)]

    assert asked[0] < asked[1] <= asked[2]
    assert asked[2] - asked[3] == set() or all(
        not rules.checks[name].covers_level(4) for name in asked[2] - asked[3]
    )


def test_the_campaign_asks_for_ten_characters_where_the_level_asks_for_eight(
    rules: RuleSet,
) -> None:
    campaign, level = rules.profiles["two-high-one-weak"], rules.profiles["mlps-l3"]
    named = {
        "linux-password-min-length": "least",
        "vrp-password-length": "limit",
        "comware-password-length": "limit",
        "mariadb-password-length": "length",
    }

    for name, parameter in named.items():
        check = rules.checks[name]
        assert name in campaign.checks
        assert level.parameter(check, parameter).value == 8
        assert campaign.parameter(check, parameter).value == 10


def test_no_threshold_of_ours_is_given_out_as_the_standards(rules: RuleSet) -> None:
    standard = {
        f"{check.id}.{name}"
        for check in rules.checks.values()
        for name, parameter in check.parameters.items()
        if parameter.status == "standard"
    }

    # Six months are the law's; GB/T 22239 itself names no number.
    assert standard <= {"linux-log-retention.least"}


def test_the_rules_of_ours_have_no_mistake_and_every_case_is_told_apart() -> None:
    linted = lint_rules(POLICIES, run=run_case)

    assert [str(fault) for fault in linted.faults if not fault.warning] == []
    assert linted.cases > 320
