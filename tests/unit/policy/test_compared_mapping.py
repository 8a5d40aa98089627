"""The maps from other tools' rules to our checks: every name stands, nothing is counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).parents[3]
_COMPARED = _ROOT / "tests/targets/compared"
_CHECKS = {path.parent.name for path in _ROOT.glob("policies/checks/linux/*/check.yaml")}


def _rows() -> list[dict[str, Any]]:
    return list(yaml.safe_load((_COMPARED / "mapping.yaml").read_text(encoding="utf-8")))


def _profile() -> dict[str, Any]:
    return dict(yaml.safe_load((_COMPARED / "anssi.yaml").read_text(encoding="utf-8")))


def test_every_check_that_a_map_names_is_there() -> None:
    named = {row["check"] for row in _rows()} | set(_profile()["asked"])
    assert named <= _CHECKS


def test_every_rule_of_the_profile_is_asked_or_has_a_reason_and_stands_once() -> None:
    text = _profile()
    rules = [rule for asked in text["asked"].values() for rule in asked]
    rules += [rule for row in text["not_asked"] for rule in row["rules"]]
    assert len(rules) == len(set(rules)) == text["rules"] == 151
    assert all(len(row["why"]) > 30 and row["rules"] for row in text["not_asked"])


def test_a_question_stands_once_and_gives_reasons_only_for_whom_it_asks() -> None:
    rows = _rows()
    assert len({row["check"] for row in rows}) == len(rows)
    for row in rows:
        assert row.get("oscap") or row.get("lynis"), row["check"]
        assert set(row.get("because", {})) <= set(row), row["check"]
