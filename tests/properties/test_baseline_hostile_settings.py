"""Whatever value a device makes of a setting, a baseline judges it and writes it down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from baseline_world import DAY, facts_of, inventory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netops.baseline import Choice, judge_baseline
from netops.baseline.versions import parse_version, satisfies
from netops.facts.settings import AssetFacts, ComponentFacts, Setting, Value
from netops.facts.source import Source
from netops.policy.baseline import RuleSet, load_rules
from netops.reports.write import encoded

POLICIES = Path(__file__).parents[2] / "policies"
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["\x1b[2J", "=cmd|' /C calc'!A0", "\ud800", "x" * 5000, "\n", "０", "{0}", "%s"]
    ),
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.booleans(), st.integers(), TEXTS, st.lists(TEXTS, max_size=4).map(tuple)
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(POLICIES, components={"linux"})


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_value_of_any_setting_is_judged_and_written(
    rules: RuleSet, data: st.DataObject
) -> None:
    names = sorted(name for owner, name in rules.facts if owner == "linux")
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=40))
    made = tuple(
        Setting(name, data.draw(VALUES), data.draw(TEXTS), Source("h1#1", 1, 1)) for name in chosen
    )
    facts = facts_of("h1")
    shown = ComponentFacts("linux", "", data.draw(TEXTS), data.draw(TEXTS), made)
    known = AssetFacts("h1", "linux_host", facts.contact, "", (shown,), facts.answers)

    judged = judge_baseline(inventory(), {"h1": known}, rules, Choice(profile="mlps-l3"), DAY)

    document = {"rows": [r.to_json() for r in judged.subjects],
                "findings": [f.to_json() for f in judged.findings]}  # fmt: skip
    assert json.loads(encoded(json.dumps(document, ensure_ascii=False)))


@given(version=TEXTS, constraint=TEXTS)
def test_any_text_is_a_version_or_none(version: str, constraint: str) -> None:
    parse_version(version)
    assert satisfies(version, constraint) in (True, False, None)
