"""The whole sample province, without sockets, against its answer key."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from answer_key import differences
from offline_lab import audits_of

SPEC = Path(__file__).parents[2] / "playbooks" / "specs" / "all.yaml"

pytestmark = pytest.mark.province


def test_both_audits_of_the_whole_province_say_what_the_key_says() -> None:
    spec = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    truth, audits = audits_of(spec)
    assert {name: differences(truth, found) for name, found in audits.items()} == {
        "connectivity": [],
        "exits": [],
    }
    assert (len(truth["exits"]), len(truth["connectivity"])) == (2084, 2084)
    assert len({p["mechanism"] for row in truth["exits"].values() for p in row["found"]}) > 6
