"""What a getter asks, as data, and what becomes of the answers.

Keeps the different answers apart: a getter never returns an empty result because a command was
refused, unknown or not understood. Knows no vendor and no form of NAPALM's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from napalm.base.exceptions import CommandErrorException, ConnectionException, NapalmException

from netops.drivers.way import Line
from netops.evidence.observation import Observation, Outcome
from netops.facts.answers import AnswerState
from netops.facts.device import DeviceFacts
from netops.facts.measurements import Echoes, Path
from netops.facts.system import Identity
from netops.platforms.base import Platform
from netops.reading.cleaning import clean
from netops.reading.merging import merge
from netops.reading.understanding import Understood, understand
from netops.text import one_line

_LOG = logging.getLogger(__name__)
_REASONS = {
    AnswerState.NOT_SUPPORTED: "the device does not support it",
    AnswerState.REFUSED: "the device refused it",
    AnswerState.NOT_UNDERSTOOD: "its answer was not understood",
    AnswerState.ERROR: "it gave no proper answer",
}


class Weight(StrEnum):
    """How much a getter depends on a command."""

    MUST = "must"
    """Understood and not blank, or the getter raises."""
    MAY = "may"
    """"Not supported" is an answer (there is none), and so is a blank one where it may be."""
    EXTRA = "extra"
    """Fills fields; whatever keeps it away leaves them untold."""


def _never(_facts: DeviceFacts) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Ask:
    """One command of a getter.

    ``{vpn}`` in it: asked for every instance told so far. ``instead``: asked in turn where the
    release does not know the one before. ``unless``: left out where nothing is missing.
    ``kinds``: the facts that are taken from it, all where none is named.
    """

    command: str
    weight: Weight = Weight.MUST
    instead: tuple[str, ...] = ()
    unless: Callable[[DeviceFacts], bool] = field(default=_never)
    kinds: tuple[type, ...] = ()


class Questions:
    """Puts the commands of getters to a line and joins what was told."""

    def __init__(self, line: Line, platform: Platform, host: str) -> None:
        self._line = line
        self._platform = platform
        self._host = host
        self._asked: dict[str, Observation] = {}
        self._prompt = Identity(hostname=getattr(line, "prompt_host", "") or None)

    def ask(self, asks: tuple[Ask, ...]) -> DeviceFacts:
        """Return the joined facts of all the commands, or raise ``CommandErrorException``."""
        told: list[tuple[Any, ...]] = []
        for ask in asks:
            facts = self._joined(told)
            if not ask.unless(facts):
                ones = [self._first_good(c, ask.weight) for c in _expanded(ask, facts)]
                told += [_taken(one, ask.kinds) for one in ones]
        return self._joined(told)

    def ask_one(self, command: str) -> Understood:
        """Ask one command and return what became of it, whatever that is."""
        one = understand(self._observe(command), self._platform)
        if one.answer.unread:
            first = one_line(one.parsed.unread[0].text)[:120] if one.parsed.unread else ""
            _LOG.warning(
                "%s: “%s”: %d lines were not understood, the first: %s",
                self._host, command, one.answer.unread, first,
            )  # fmt: skip
        return one

    def measure(self, line: str) -> Echoes | Path | None:
        """Have the device ping or trace and return what it saw; None for any other line."""
        return self._platform.measured(clean(self._observe(line), self._platform))

    def _observe(self, command: str) -> Observation:
        text = self._line.send_command(command)
        observation = Observation(
            id=command,
            device=self._host,
            command=command,
            source="ssh",
            at="",
            elapsed_s=0.0,
            outcome=Outcome.ACCEPTED,
            raw=text.encode("utf-8", "replace"),
        )
        self._asked[command] = observation
        return observation

    def lines_of(self, command: str) -> Sequence[tuple[int, str]]:
        """Return the numbered lines of an answer that came; none where it was not asked."""
        observation = self._asked.get(command)
        return clean(observation, self._platform).lines if observation else ()

    def _joined(self, told: list[tuple[Any, ...]]) -> DeviceFacts:
        merged: dict[str, Any] = merge([*told, (self._prompt,)])
        return DeviceFacts(device=self._host, platform=self._platform.name, **merged)

    def _first_good(self, commands: tuple[str, ...], weight: Weight) -> Understood | None:
        """Ask until one of the commands is known to the device; None where that is allowed."""
        objections: list[str] = []
        absent = False
        for command in commands:
            try:
                one = self.ask_one(command)
            except ConnectionException:
                raise
            except (NapalmException, OSError) as error:
                # OSError: a double that answers from files has none for this command.
                if weight is not Weight.EXTRA:
                    raise
                objections.append(f"{command}: {error}")
                continue
            objection = _objection(one, weight)
            if not objection:
                return one
            objections.append(f"“{command}”: {objection}")
            absent = one.answer.state is AnswerState.NOT_SUPPORTED
            if not absent and weight is not Weight.EXTRA:
                break
        if weight is Weight.EXTRA or (weight is Weight.MAY and absent):
            _LOG.info("%s: %s", self._host, "; ".join(objections))
            return None
        raise CommandErrorException(f"{self._host}: {'; '.join(objections)}.")


def _expanded(ask: Ask, facts: DeviceFacts) -> Iterator[tuple[str, ...]]:
    commands = (ask.command, *ask.instead)
    if "{vpn}" not in ask.command:
        yield commands
        return
    for name in dict.fromkeys(vpn.name for vpn in facts.vpn_instances):
        yield tuple(command.replace("{vpn}", name) for command in commands)


def _taken(one: Understood | None, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    facts = one.parsed.facts if one else ()
    return tuple(fact for fact in facts if not kinds or isinstance(fact, kinds))


def _objection(one: Understood, weight: Weight) -> str:
    """Say why an answer cannot stand for what the device has; "" where it can."""
    answer = one.answer
    if answer.state is not AnswerState.UNDERSTOOD:
        reason = _REASONS.get(answer.state, answer.state.value)
        return f"{reason} ({one_line(answer.detail)})" if answer.detail else reason
    if not answer.lines and weight is Weight.MUST:
        return "it printed nothing, which is not an answer"
    if not one.parsed.facts and answer.unread:
        return f"nothing of its answer was understood ({answer.unread} lines)"
    return ""


Asks = Mapping[str, tuple[Ask, ...]]
