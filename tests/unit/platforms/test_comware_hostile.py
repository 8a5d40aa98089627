"""No text makes a parser raise, hang, or claim that it understood what it did not."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer
from netops.platforms.base import Command
from netops.platforms.h3c_comware import PLATFORM

RECORDINGS = sorted((Path(__file__).parents[2] / "replay" / "h3c_comware").glob("*/*.raw"))
COMMANDS = PLATFORM.commands
SENTENCE = "the quick brown fox jumps over the lazy dog\n"


def answer(text: str, command: Command) -> Answer:
    line = command.text.replace("{vpn}", "V").replace("{interface}", "Dialer1")
    return Answer.of(text, line.replace("{address}", "10.0.0.0").replace("{length}", "0"))


def sane(command: Command, text: str) -> None:
    asked = answer(text, command)
    parsed = command.parse(asked)
    lines = {number for number, _ in asked.lines}
    assert all(unread.source.first in lines for unread in parsed.unread)
    assert isinstance(parsed.state, AnswerState)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.text)
def test_prose_and_noise_are_never_understood(command: Command) -> None:
    noise = random.Random(3)  # noqa: S311 - repeatable noise, no secret
    binary = bytes(noise.randrange(256) for _ in range(4000)).decode("latin-1")
    for text in (SENTENCE * 5, binary, "\0" * 200 + "\n", "<html><body>502</body></html>\n"):
        parsed = command.parse(answer(text, command))
        assert parsed.state is AnswerState.NOT_UNDERSTOOD, text[:60]
        assert parsed.unread


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.text)
def test_an_answer_of_another_command_does_not_raise(command: Command) -> None:
    for path in RECORDINGS[::3]:
        sane(command, path.read_text(encoding="utf-8", errors="replace"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda p: p.stem)
def test_truncated_and_damaged_recordings_do_not_raise(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    noise = random.Random(7)  # noqa: S311 - repeatable noise, no secret
    name = path.parent.name.replace("_", " ").replace("bound interface", "inbound interface")
    command = PLATFORM.command_for(name)
    for other in COMMANDS[:12] if command is None else (command,):
        for _ in range(15):
            at = noise.randrange(len(text))
            sane(other, text[:at])
            width = noise.randrange(1, 40)
            junk = "".join(chr(noise.randrange(1, 0x2FFF)) for _ in range(width))
            sane(other, text[:at] + junk + text[at + width :])


def test_a_description_in_gbk_costs_no_fact() -> None:
    raw = b"Interface  Link Protocol Primary IP      Description\nGE0/0      UP   UP       192.0.2.1       "
    raw += "至市级核心".encode("gbk") + b"\n"
    command = PLATFORM.command_for("display interface brief")
    assert command is not None
    parsed = command.parse(Answer.of(raw.decode("utf-8", errors="replace"), command.text))
    assert parsed.state is AnswerState.UNDERSTOOD
    assert [fact.name for fact in parsed.facts] == ["GigabitEthernet0/0"]


def test_a_configuration_with_unreadable_lines_names_them() -> None:
    text = "#\n version 7.1.064, Release 1\n#\n sysname A\n\x01\x02\x03junk\ufffd\n#\nreturn\n"
    command = PLATFORM.command_for("display current-configuration")
    assert command is not None
    parsed = command.parse(Answer.of(text, command.text))
    assert len(parsed.unread) == 1


EVIL = (
    "a" * 20_000,
    " " * 20_000 + "x",
    "1" * 20_000,
    "1." * 10_000,
    ":" * 20_000,
    "key: " * 4_000,
    "A  :  " * 4_000,
    "(" * 20_000,
    "-" * 20_000,
    "GE1/0/1 " * 2_500,
    "0 packets, " * 2_000 + "!",
    "rule 1 permit " * 1_500,
    "cipher " * 3_000,
    "header login %" + "x" * 10_000,
    "1/1" * 7_000,
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.text)
def test_long_lines_cost_linear_time(command: Command) -> None:
    """A catastrophic expression would take minutes; the bound is wide for a busy machine."""
    begin = time.process_time()
    for line in EVIL:
        sane(command, f"{line}\n")
        sane(command, f"Interface: GE0/1\nVRID : 1\n{line}\n {line}\n")
    assert time.process_time() - begin < 10.0


@pytest.mark.parametrize(
    "line",
    [
        " rule 0 permit ip" + " " * 3_900 + "x",
        " rule 0 permit source " + "1" * 3_900,
        " rule 0 permit" + " (" * 1_900,
    ],
)
def test_long_lines_of_a_configuration_cost_linear_time(line: str) -> None:
    text = f"#\n version 7.1.064, Release 1\n#\nacl basic 2000\n{line}\n#\nreturn\n"
    command = PLATFORM.command_for("display current-configuration")
    assert command is not None
    begin = time.process_time()
    command.parse(Answer.of(text, command.text))
    assert time.process_time() - begin < 10.0


def test_thousands_of_unfinished_banners_cost_linear_time() -> None:
    text = "#\n version 7.1.064, Release 1\n#\n" + " header login %\x01\n" * 5_000 + "#\nreturn\n"
    command = PLATFORM.command_for("display current-configuration")
    assert command is not None
    begin = time.process_time()
    command.parse(Answer.of(text, command.text))
    assert time.process_time() - begin < 10.0
