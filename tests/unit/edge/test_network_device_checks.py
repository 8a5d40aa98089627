"""Every case beside a check of a network device answers as its name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from netops.baselines import run_case
from netops.policy.baseline import RuleSet, examine_rules

POLICIES = Path(__file__).parents[3] / "policies"
NAMED = {"pass": "met", "fail": "not_met", "na": "not_applicable", "unknown": "unknown"}
LEAST = {"huawei_vrp": 30, "h3c_comware": 30, "frr": 14}
LEVEL_3_OF_COMPUTING = {
    "ces.identity.a", "ces.identity.b", "ces.identity.c", "ces.access.b", "ces.audit.a",
    "ces.audit.b", "ces.audit.c", "ces.intrusion.b", "ces.intrusion.c",
}  # fmt: skip
ZONES = {"abs.access.a", "abs.access.b", "abs.access.c", "abs.protection.b", "cns.architecture.a"}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    found, faults = examine_rules(POLICIES, components=set(LEAST))
    assert [str(fault) for fault in faults] == []
    assert found is not None
    return found


@pytest.mark.parametrize("component", LEAST)
def test_each_case_answers_as_it_is_named(rules: RuleSet, component: str) -> None:
    wrong = []
    for check in rules.checks.values():
        if check.component != component:
            continue
        for path in sorted((POLICIES / "checks" / component / check.id).glob("*.txt")):
            verdict = run_case(rules, check, path).verdict.value
            if verdict != NAMED[path.name.split("-")[0]]:
                wrong.append(f"{check.id}/{path.name}: {verdict}")
    assert wrong == []


@pytest.mark.parametrize("component", LEAST)
def test_each_check_has_a_case_that_it_meets_and_one_that_it_fails(
    rules: RuleSet, component: str
) -> None:
    checks = [check for check in rules.checks.values() if check.component == component]
    assert len(checks) >= LEAST[component]
    for check in checks:
        folder = POLICIES / "checks" / component / check.id
        assert list(folder.glob("pass-*.txt")), check.id
        assert list(folder.glob("fail-*.txt")), check.id


@pytest.mark.parametrize("component", ["huawei_vrp", "h3c_comware"])
def test_devices_are_asked_for_every_item_that_a_machine_decides(
    rules: RuleSet, component: str
) -> None:
    covered = {
        cover.item
        for check in rules.checks.values()
        if check.component == component
        for cover in check.covers
    }
    assert covered >= LEVEL_3_OF_COMPUTING | ZONES


def test_no_check_proves_an_item_alone(rules: RuleSet) -> None:
    assert all(cover.part for check in rules.checks.values() for cover in check.covers)
