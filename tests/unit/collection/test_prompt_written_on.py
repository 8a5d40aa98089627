"""A log line that a program prints behind its prompt: the text is vtysh's own, of FRR 8.4.4."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netops.collection.contact import Limits, Turn
from netops.collection.guard import ReadOnlyGuard
from netops.collection.shell import Shell
from netops.evidence.observation import Observation, Outcome
from netops.facts.measurements import Path
from netops.platforms.registry import platform
from netops.reading.cleaning import clean

COMMAND = "traceroute 203.0.113.10"
TRACE = (
    "traceroute to 203.0.113.10 (203.0.113.10), 30 hops max, 60 byte packets\r\n"
    " 1  198.18.0.29 (198.18.0.29)  0.037 ms  0.012 ms  0.012 ms\r\n"
    " 2  * * *\r\n"
)
STARVATION = (
    "2026/11/22 02:36:44 [PHJDC-499N2][EC 100663314] STARVATION: task vtysh_rl_read"
    " (562855496d80) ran for 30042ms (cpu time 0ms)\r\n"
)
PROMPT = "HN-430000-R2# "


class Told:
    """A channel that says prepared pieces, one a command; then it is silent."""

    def __init__(self, *pieces: str) -> None:
        self._pieces = [PROMPT.encode(), *(piece.encode() for piece in pieces)]
        self._may_speak = True

    def settimeout(self, seconds: float) -> None:
        """Wait for nothing."""

    def recv(self, count: int) -> bytes:
        """Give the next piece, once for each command."""
        if not self._may_speak or not self._pieces:
            raise TimeoutError
        self._may_speak = False
        return self._pieces.pop(0)[:count]

    def recv_ready(self) -> bool:
        """Nothing waits behind a piece."""
        return False

    def send(self, data: bytes) -> int:
        """Let the next piece come."""
        self._may_speak = True
        return len(data)

    def close(self) -> None:
        """End."""


def ask(*pieces: str) -> list[tuple[Outcome, bytes]]:
    """Put a trace once for each piece and return what became of it."""
    frr = platform("frr")
    limits = replace(Limits(), silence_s=0.01, login_s=0.01)
    shell = Shell(Told(*pieces), frr, limits, Turn.alone())
    shell.start()
    line = ReadOnlyGuard(frr).admit(COMMAND)
    replies = [shell.ask(line) for _ in pieces]
    return [(reply.outcome, reply.raw) for reply in replies]


def test_a_prompt_with_a_warning_behind_it_ends_the_answer() -> None:
    ((outcome, raw),) = ask(f"{COMMAND}\r\n{TRACE}{PROMPT}{STARVATION}")
    assert outcome is Outcome.ACCEPTED
    assert raw.endswith(b"(cpu time 0ms)\r\n")


def test_the_next_answer_begins_without_a_prompt_and_is_whole() -> None:
    found = ask(
        f"{COMMAND}\r\n{TRACE}{PROMPT}{STARVATION}", f"{COMMAND}\r\n{TRACE}{PROMPT}"
    )  # fmt: skip
    assert [outcome for outcome, _ in found] == [Outcome.ACCEPTED] * 2


def test_a_warning_that_comes_late_stands_before_the_next_echo() -> None:
    found = ask(f"{COMMAND}\r\n{TRACE}{PROMPT}", f"{STARVATION}{COMMAND}\r\n{TRACE}{PROMPT}")
    assert [outcome for outcome, _ in found] == [Outcome.ACCEPTED] * 2


@pytest.mark.parametrize("behind", ["show version\r\n", "2026/11/22 said somebody\r\n", "\r\n"])
def test_other_words_behind_a_prompt_end_nothing(behind: str) -> None:
    ((outcome, _),) = ask(f"{COMMAND}\r\n{TRACE}{PROMPT}{behind}")
    assert outcome is Outcome.NO_PROMPT


def test_the_warning_is_no_part_of_what_was_traced() -> None:
    frr = platform("frr")
    raw = f"{COMMAND}\r\n{TRACE}{PROMPT}{STARVATION}".encode()
    seen = Observation("d#1", "d", COMMAND, "ssh", "", 0.1, Outcome.ACCEPTED, raw, "")
    answer = clean(seen, frr)
    assert re.search("STARVATION|430000", answer.text) is None
    path = frr.measured(answer)
    assert isinstance(path, Path)
    assert [[str(a) for a in hop.addresses] for hop in path.hops] == [["198.18.0.29"], []]
    assert "not understood" not in path.detail
