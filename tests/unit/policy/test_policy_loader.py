"""Policies: every value with its source, unknown fields refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from netops.divisions import Level
from netops.errors import PolicyError
from netops.policy import load_policy

POLICIES = Path(__file__).parents[3] / "policies"


def test_the_sample_policy_says_which_of_its_values_are_samples() -> None:
    policy = load_policy(POLICIES / "province.yaml")

    assert "policy.closure" in policy.samples
    assert not [name for name in policy.samples if name.startswith("target.")]


@pytest.mark.parametrize(
    ("rate", "scope", "value"),
    [
        ("connectivity.connected", Level.TOWNSHIP, Fraction(1)),
        ("exits.unit", Level.CITY, Fraction(95, 100)),
        ("exits.unit", Level.COUNTY, Fraction(1)),
    ],
)
def test_the_targets_of_hunan_are_those_of_the_plan(
    rate: str, scope: Level, value: Fraction
) -> None:
    target = load_policy(POLICIES / "province.yaml").target(rate, scope)

    assert target is not None
    assert target.value == value
    assert target.plan == "HN 二(三)"


@pytest.mark.parametrize("plan", ["hunan", "jiangxi", "shandong"])
def test_each_plan_loads(plan: str, tmp_path: Path) -> None:
    body = (POLICIES / "province.yaml").read_text(encoding="utf-8")
    (tmp_path / "site.yaml").write_text(
        body.replace("targets: hunan", f"targets: {plan}"), encoding="utf-8"
    )
    (tmp_path / "targets").symlink_to(POLICIES / "targets")

    assert load_policy(tmp_path / "site.yaml").digest.startswith("sm3:")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("value: 0.95", "value: 1.95", "closure.value"),
        ("value: 0.95", "value: nan", "closure.value"),
        ("status: derived", "status: guessed", "allowed_exits.status"),
        ("targets: hunan", "targets: hunan\ncolour: red", "colour"),
        ("targets: hunan", "targets: [", "not YAML"),
        ("targets: hunan", "targets: utopia", "utopia.yaml"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_field(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    body = (POLICIES / "province.yaml").read_text(encoding="utf-8")
    (tmp_path / "site.yaml").write_text(body.replace(before, after, 1), encoding="utf-8")
    (tmp_path / "targets").symlink_to(POLICIES / "targets")

    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "site.yaml")

    assert said in str(caught.value)
