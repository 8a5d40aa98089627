"""A file that is neither named after a command nor a log of a session is passed over, not fatal."""

from __future__ import annotations

import pytest

from netops.collection.handmade import expand, split_log
from netops.evidence.observation import Outcome
from netops.platforms.registry import platform


@pytest.mark.parametrize("raw", [b"", b"hello\n", b"a note\r\nof two lines\r\n"])
def test_text_without_a_prompt_holds_no_answer(raw: bytes) -> None:
    assert list(split_log(raw, platform("huawei_vrp"))) == []


def test_a_log_that_breaks_off_keeps_its_last_answer_as_such() -> None:
    raw = b"<R1>display version\r\nHuawei\r\n<R1>display clock\r\n"

    found = list(split_log(raw, platform("huawei_vrp")))

    assert [(command, outcome) for command, _, outcome in found] == [
        ("display version", Outcome.ACCEPTED)
    ]


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("dis ver", "display version"),
        ("dis ip rou", "display ip routing-table"),
        ("dis ip int br", "display ip interface brief"),
        ("dis int br", "display interface brief"),
        ("dis ipv6 rou", "display ipv6 routing-table"),
        ("dis ip rou vpn water", "display ip routing-table vpn-instance water"),
        ("dis nonsense", None),
        ("reset saved", None),
    ],
)
def test_an_abbreviated_command_is_expanded_as_the_device_does(
    name: str, typed: str, command: str | None
) -> None:
    assert expand(typed, platform(name)) == command
