"""Long answers are split late, and say the same as if they had been split at once."""

from __future__ import annotations

import pytest

from netops.evidence.observation import Observation, Outcome
from netops.platforms.base import Answer, Lines
from netops.platforms.frr.platform import PLATFORM
from netops.reading.cleaning import clean
from netops.reading.understanding import understand
from netops.text import shown_text

COUNT = 1200
BODY = tuple(f"  line {number} of a long answer" for number in range(COUNT))
COMMAND = "show ip route vrf all json"


def cleaned(*lines: str) -> Answer:
    raw = "\r\n".join(lines).encode()
    return clean(Observation("r#1", "r", COMMAND, "ssh", "", 0.0, Outcome.ACCEPTED, raw), PLATFORM)


def is_split(answer: Answer) -> bool:
    return not isinstance(answer.lines, Lines) or answer.lines.whole is None


def test_a_long_quiet_answer_is_not_split_before_a_line_is_asked_for() -> None:
    answer = cleaned(COMMAND, *BODY, "R1# ")

    assert not is_split(answer)
    assert answer.text == "\n".join(BODY)
    assert answer.lines == tuple(enumerate(BODY, start=2))
    assert (answer.lines[0], answer.lines[-1]) == ((2, BODY[0]), (COUNT + 1, BODY[-1]))


def test_the_time_and_the_echo_of_a_long_answer_are_left_out() -> None:
    answer = cleaned("R1# " + COMMAND, "2024-05-11 09:14:02", *BODY, "R1# ")

    assert not is_split(answer)
    assert answer.lines == tuple(enumerate(BODY, start=3))


@pytest.mark.parametrize("at", [0, 1, 600, COUNT])
@pytest.mark.parametrize("noise", ["2024/05/11 09:14:02 ZEBRA: [AB-1] up", "--More--"])
def test_noise_anywhere_in_a_long_answer_is_dropped(noise: str, at: int) -> None:
    answer = cleaned(COMMAND, *BODY[:at], noise, *BODY[at:], "R1# ")

    numbers = [n + 2 + (n >= at) for n in range(COUNT)]
    assert answer.lines == tuple(zip(numbers, BODY, strict=True))


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_blank_lines_of_a_long_answer_are_kept_and_not_counted(blank: str) -> None:
    lines = (COMMAND, *BODY[:600], blank, *BODY[600:], "", "R1# ")
    raw = "\r\n".join(lines).encode()
    seen = Observation("r#1", "r", COMMAND, "ssh", "", 0.0, Outcome.ACCEPTED, raw)

    assert len(clean(seen, PLATFORM).lines) == COUNT + 1
    assert understand(seen, PLATFORM).answer.lines == COUNT


def test_a_refusal_at_the_end_of_a_long_answer_is_seen() -> None:
    raw = "\r\n".join((COMMAND, *BODY, "% Command not allowed", "R1# ")).encode()
    seen = Observation("r#1", "r", COMMAND, "ssh", "", 0.0, Outcome.ACCEPTED, raw)

    found = understand(seen, PLATFORM)

    assert (found.answer.state.value, found.answer.detail) == ("refused", "% Command not allowed")
    assert (found.answer.first, found.answer.last) == (2, COUNT + 2)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\n", "a\nb\n"),
        ("a\r\r\nb", "a\nb"),
        ("ab\rc", "cb"),
        ("ab\x08c", "ac"),
        ("a\x1b[1Db\r\nc\x7f", "b\nc"),
        ("t\ta\u0085b\u2028c", "t\ta\u0085b\u2028c"),
    ],
)
def test_only_line_feeds_end_a_line_and_moves_are_carried_out(text: str, shown: str) -> None:
    assert shown_text(text) == shown
