"""Long answers are split late, and say the same as if they had been split at once."""

from __future__ import annotations

import pytest

from netops.evidence.observation import Observation, Outcome
from netops.platforms.answer import Answer, Lines
from netops.platforms.frr.platform import PLATFORM
from netops.platforms.registry import platform
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


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_of_either_kind_leave_a_long_answer_whole(end: str) -> None:
    raw = end.join((COMMAND, "\tbegin", *BODY, "R1# ")).encode()

    answer = clean(
        Observation("r#1", "r", COMMAND, "ssh", "", 0.0, Outcome.ACCEPTED, raw), PLATFORM
    )

    assert not is_split(answer)
    assert answer.lines == tuple(enumerate(("\tbegin", *BODY), start=2))


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ("  ab\rc", "c ab"),
        ("  ab\x08c", "  ac"),
        ("  ab\x1b[2Dcd", "  cd"),
        ("  a\x7fb", "  ab"),
        ("  湘潭", "  湘潭"),
        ("  a\n  b", "  a\n  b"),
        ("  a\r", "  a"),
    ],
)
def test_a_long_answer_with_one_odd_line_is_read_line_by_line(odd: str, shown: str) -> None:
    answer = cleaned(COMMAND, *BODY, odd, *BODY, "R1# ")

    assert is_split(answer)
    assert answer.text == "\n".join((*BODY, shown, *BODY))


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware", "frr", "linux_host"])
def test_noise_begins_at_the_margin_on_every_platform(name: str) -> None:
    for pattern in platform(name).line_noise:
        begin = pattern.pattern.removeprefix("^")
        assert not begin.startswith((" ", ".", "\\s", "[ ", "(")), begin


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_blank_lines_of_a_long_answer_are_kept_and_not_counted(blank: str) -> None:
    lines = (COMMAND, *BODY[:600], blank, *BODY[600:], "", "R1# ")
    raw = "\r\n".join(lines).encode()
    seen = Observation("r#1", "r", COMMAND, "ssh", "", 0.0, Outcome.ACCEPTED, raw)

    assert len(clean(seen, PLATFORM).lines) == COUNT + 1
    assert understand(seen, PLATFORM).answer.lines == COUNT


def test_words_of_a_refusal_in_a_table_on_one_line_are_data() -> None:
    entries = ",".join(f'{{"dst":"10.{n}.0.0/16","dev":"eth0"}}' for n in range(250))
    said = f'[{entries},{{"dst":"192.0.2.0/24","dev":"eth0","x":["Permission denied"]}}]'
    assert len(said) > 4000
    command = "ip -4 -j route show table all"
    raw = f"{command}\r\n{said}\r\naudit@h1:~$ ".encode()
    seen = Observation("h#1", "h", command, "ssh", "", 0.0, Outcome.ACCEPTED, raw)

    found = understand(seen, platform("linux_host"))

    assert found.answer.state.value == "understood"


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
