"""The checks of Linux hosts: every case judged, every fact known, every clause spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from netops.baselines import run_case
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.findings import Verdict
from netops.platforms.linux_host.baseline import SECTIONS
from netops.policy.baseline import Auto, RuleSet, load_rules
from netops.reading.settings import read_settings

POLICIES = Path(__file__).parents[3] / "policies"
WANTED = {
    "pass": Verdict.MET,
    "fail": Verdict.NOT_MET,
    "na": Verdict.NOT_APPLICABLE,
    "unknown": Verdict.UNKNOWN,
}
CASES = sorted((POLICIES / "checks" / "linux").glob("*/*.txt"))


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Load what speaks of Linux."""
    return load_rules(POLICIES, components={"linux"})


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_case_gets_the_verdict_of_its_name(rules: RuleSet, case: Path) -> None:
    check = rules.checks[case.parent.name]

    assert run_case(rules, check, case).verdict is WANTED[case.name.partition("-")[0]]


def test_each_check_has_a_passing_and_a_failing_case() -> None:
    folders = [path for path in (POLICIES / "checks" / "linux").iterdir() if path.is_dir()]

    assert len(folders) >= 65
    for folder in folders:
        kinds = {path.name.partition("-")[0] for path in folder.glob("*.txt")}
        assert {"pass", "fail"} <= kinds, folder.name


def test_every_fact_that_a_case_shows_is_described_with_its_type(rules: RuleSet) -> None:
    types = {"text": str, "integer": int, "boolean": bool, "list": tuple}
    for case in CASES:
        for name, key, value in _settings(case):
            kind = rules.fact("linux", name)
            assert kind is not None, f"{name} of {case}"
            assert type(value) is types[kind.type.value], f"{name} of {case}"
            assert kind.keyed or not key, f"{name} of {case}"


def _settings(case: Path) -> list[tuple[str, str, object]]:
    parts = case.read_text(encoding="utf-8").split("@@ ")[1:]
    observations = tuple(
        Observation(
            f"case#{n}", "case", command.strip(), "file", "", 0.0, Outcome.ACCEPTED, text.encode()
        )
        for n, (command, _, text) in enumerate(part.partition("\n") for part in parts)
    )
    record = DeviceRecord("case", "linux_host", Contact.ANSWERED, observations=observations)
    components = read_settings(record).components
    return [
        (s.name, s.key, s.value) for c in components if c.component == "linux" for s in c.settings
    ]


def test_facts_come_from_sections_of_the_program(rules: RuleSet) -> None:
    known = {section.command for section in SECTIONS}

    for (component, name), fact in rules.facts.items():
        if component == "linux":
            assert set(fact.commands) <= known, name


def test_every_computing_item_that_a_host_can_show_is_spoken_of(rules: RuleSet) -> None:
    spoken = {c.item for check in rules.checks.values() for c in check.covers}
    by_person_alone = {"ces.intrusion.d", "ces.residual.b", "ces.personal.a", "ces.personal.b"}
    wanted = {
        item.id
        for item in rules.items.values()
        if item.id.startswith("ces.") and 3 in item.clauses and item.id not in by_person_alone
    }

    assert wanted <= spoken, sorted(wanted - spoken)
    for name in by_person_alone:
        assert rules.items[name].auto is Auto.PERSON
