"""The values of a policy that bear on packets: how long they speak, what a segment may cost."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from netops.errors import PolicyError
from netops.policy import Segment, load_policy

POLICIES = Path(__file__).parents[3] / "policies"


def written(folder: Path, old: str, new: str) -> Path:
    """Return the sample policy with one thing changed."""
    text = (POLICIES / "province.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "targets").mkdir()
    hunan = (POLICIES / "targets" / "hunan.yaml").read_text(encoding="utf-8")
    (folder / "targets" / "hunan.yaml").write_text(hunan, encoding="utf-8")
    path = folder / "site.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_sample_says_a_week_and_names_its_thresholds_as_samples() -> None:
    policy = load_policy(POLICIES / "province.yaml")
    assert policy.evidence_valid_for == timedelta(days=7)
    assert {quality.segment for quality in policy.quality} == set(Segment)
    assert policy.quality[0].loss == Fraction(1, 10_000)
    assert {"policy.evidence_valid_for", "policy.quality"} <= set(policy.samples)


def test_both_may_be_left_out(tmp_path: Path) -> None:
    text = (POLICIES / "province.yaml").read_text(encoding="utf-8")
    cut = text[text.index("evidence_valid_for:") :]
    policy = load_policy(written(tmp_path, cut, ""))
    assert policy.evidence_valid_for is None
    assert policy.quality == ()
    assert "policy.quality" not in policy.samples


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  value: 168\n", "  value: 0\n"),
        ("  value: 168\n", "  value: 9000\n"),
        ("segment: core,", "segment: moon,"),
        ("loss: 0.0001", "loss: 2"),
        ("round_trip_ms: 5,", "round_trip_ms: 0,"),
        ("jitter_ms: 1,", "jitter_ms: 1, jitter: 2,"),
    ],
)
def test_what_cannot_be_meant_is_refused(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        load_policy(written(tmp_path, old, new))
