"""Sentences about settings: called by their titles, values as people say them, in both languages."""

from __future__ import annotations

import pytest

from netops.baseline.leaves import LeafOutcome
from netops.baseline.sayings import say_outcome, say_seen
from netops.facts.settings import Setting, Value
from netops.findings import Text, Verdict
from netops.policy.baseline.values import FactKind, FactType, Leaf, Literals

KINDS = {
    "mgmt.telnet": FactKind(
        "x", "mgmt.telnet", FactType.BOOLEAN, ("c",), Text("Telnet 服务", "Telnet server")
    ),
    "vty.idle_timeout_s": FactKind(
        "x", "vty.idle_timeout_s", FactType.INTEGER, ("c",), Text("空闲超时", "idle time-out"),
        keyed=True, unit="s",
    ),
    "log.hosts": FactKind("x", "log.hosts", FactType.LIST, ("c",), Text("日志主机", "log hosts")),
}  # fmt: skip


def outcome(fact: str, op: str, expected: Literals | None, *seen: tuple[str, Value]) -> LeafOutcome:
    settings = tuple(Setting(fact, value, key) for key, value in seen)
    return LeafOutcome(Verdict.NOT_MET, Leaf(fact, op), expected, settings)


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        (
            outcome("mgmt.telnet", "eq", False, ("", True)),
            "Telnet 服务：是（应为否）",
            "Telnet server: yes (expected: equal to no)",
        ),
        (
            outcome("vty.idle_timeout_s", "le", 600, ("0-4", 0), ("5-15", 900)),
            "空闲超时：0-4 = 0，5-15 = 900（应不大于600秒）",
            "idle time-out: 0-4 = 0, 5-15 = 900 (expected: at most 600 s)",
        ),
        (
            outcome("log.hosts", "count_ge", 1, ("", ())),
            "日志主机：无（应至少有1项）",
            "log hosts: none (expected: at least 1 of them)",
        ),
        (
            outcome("log.hosts", "present", None),
            "日志主机：未设置（应存在）",
            "log hosts: not set (expected: present)",
        ),
        (
            outcome("unnamed.fact", "one_of", ("no",), ("", "")),
            "unnamed.fact：（空）（应为no）",
            "unnamed.fact: (empty) (expected: equal to no)",
        ),
    ],
)
def test_a_setting_is_called_by_its_title_in_both_languages(
    said: LeafOutcome, zh: str, en: str
) -> None:
    assert say_outcome(said, KINDS) == Text(zh, en)


def test_a_fact_that_several_comparisons_look_at_is_told_once() -> None:
    twice = [outcome("vty.idle_timeout_s", op, 600, ("0", 0)) for op in ("gt", "le")]
    other = outcome("log.hosts", "present", None, ("", ("192.0.2.9",)))

    assert say_seen([*twice, other], KINDS).en == "idle time-out: 0 = 0; log hosts: 192.0.2.9"


def test_what_a_device_wrote_stays_one_visible_line_of_some_length() -> None:
    said = say_seen([outcome("log.hosts", "present", None, ("k\x1b[31m", "a\n" * 500))], KINDS)

    assert said.en.isprintable()
    assert len(said.en) < 200
