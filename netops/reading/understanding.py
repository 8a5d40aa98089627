"""From one observation to what a parser made of it, or why nothing could be made.

The different answers are kept apart here: refused, not supported, empty, not understood,
no proper answer. A parser that raises has not understood; it never takes the device with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from netops.evidence.observation import Observation, Outcome
from netops.facts.answers import AnswerState, CommandAnswer, UnreadLine
from netops.facts.routes import RouteTable
from netops.facts.system import Configuration
from netops.platforms.answer import Answer, Lines, Parsed
from netops.platforms.base import Command, Platform
from netops.reading.cleaning import clean

_LAST_LINES = 4
"""A refusal stands in the last lines; descriptions further up may hold the same words."""
_LONGEST = 4_000
"""A longer line is data, no refusal: a Linux host prints a whole table of JSON on one."""
_SHORT = 8
"""A longer answer that ends in a refusal was cut short, it was not "not supported"."""
_MANY = 100
"""Line feeds, blank lines and pager included, beyond which an answer is surely not short."""
_MAX_UNREAD = 200
"""Lines kept as text for one answer; all are counted."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What became of one observation."""

    parsed: Parsed
    answer: CommandAnswer


def understand(observation: Observation, platform: Platform) -> Understood:
    """Clean, classify and parse one answer from a command line, and account for it."""
    said, answer, count, known = _before_parsing(observation, platform)
    parsed = _said(said, answer, count, known)
    command = platform.command_for(observation.command)
    needed_by = frozenset() if command is None else command.needed_by
    return _outcome(observation, parsed, answer, count, needed_by)


def classify(observation: Observation, platform: Platform) -> Parsed:
    """Return what can be said of an answer without parsing it: refused, not supported, or not.

    Of an answer of many lines nothing is looked at: it is none of "not supported".
    """
    if observation.outcome is Outcome.ACCEPTED and observation.raw.count(b"\n") > _MANY:
        return Parsed()
    return _before_parsing(observation, platform)[0] or Parsed()


def parse(observation: Observation, platform: Platform) -> tuple[Parsed, int]:
    """Return what the parser made of one answer, and how many lines it had."""
    said, answer, count, command = _before_parsing(observation, platform)
    return _said(said, answer, count, command), count


def _said(said: Parsed | None, answer: Answer, count: int, command: Command | None) -> Parsed:
    """Return what is to be said already, else what the command's parser says."""
    if said is not None or command is None:
        return said or Parsed()
    return _parse(answer, count, command)


def _before_parsing(
    observation: Observation, platform: Platform
) -> tuple[Parsed | None, Answer, int, Command | None]:
    """Clean an answer; return what is to be said of it where no parser needs to see it."""
    if observation.outcome is not Outcome.ACCEPTED:
        detail = observation.detail or observation.outcome.value
        return Parsed(state=AnswerState.ERROR, detail=detail), Answer("", "", ()), 0, None
    answer = clean(observation, platform)
    count = _count_said(answer)
    command = platform.command_for(answer.command)
    if command is None:
        unknown = Parsed(state=AnswerState.NOT_UNDERSTOOD, detail="no parser for this command")
        return unknown, answer, count, None
    return _classify(answer, count, platform, command), answer, count, command


def _count_said(answer: Answer) -> int:
    """Return how many lines are not blank; each text is looked at once, however often it stands."""
    if isinstance(answer.lines, Lines) and answer.lines.whole is not None:
        return len(answer.lines)
    lines = answer.texts
    blank = {line for line in set(lines) if not line.strip()}
    return len(lines) - sum(map(blank.__contains__, lines)) if blank else len(lines)


def _last_said(answer: Answer) -> list[str]:
    """Return the last lines that are not blank, the very last one first."""
    if isinstance(answer.lines, Lines) and answer.lines.whole is not None:
        return answer.text.rsplit("\n", _LAST_LINES)[: -_LAST_LINES - 1 : -1]
    return list(islice(filter(str.strip, reversed(answer.texts)), _LAST_LINES))


def _outcome(
    observation: Observation, parsed: Parsed, answer: Answer, lines: int, needed_by: frozenset[str]
) -> Understood:
    row = CommandAnswer(
        command=observation.command,
        state=parsed.state,
        observation=observation.id,
        digest=observation.sealed or observation.digest,
        lines=lines,
        unread=len(parsed.unread),
        detail=parsed.detail,
        needed_by=needed_by,
        at=observation.at,
        first=answer.numbers[0] if answer.numbers else 0,
        last=answer.numbers[-1] if answer.numbers else 0,
    )
    if len(parsed.unread) > _MAX_UNREAD:
        parsed = replace(parsed, unread=parsed.unread[:_MAX_UNREAD])
    return Understood(parsed, row)


def _classify(answer: Answer, count: int, platform: Platform, command: Command) -> Parsed | None:
    """Recognise a refusal, or an empty answer to a command that may not be empty."""
    last = [line for line in _last_said(answer) if len(line) <= _LONGEST]
    for pattern, state in platform.refusals:
        said = next((line for line in last if pattern.search(line)), None)
        if said is not None:
            cut = state is AnswerState.NOT_SUPPORTED and count > _SHORT
            return Parsed(state=AnswerState.REFUSED if cut else state, detail=said.strip()[:200])
    if count == 0 and not command.may_be_empty:
        return Parsed(state=AnswerState.NOT_UNDERSTOOD, detail="empty answer")
    return None


def _parse(answer: Answer, count: int, command: Command) -> Parsed:
    parsed = _guarded(command, answer)
    if parsed.state is not AnswerState.UNDERSTOOD:
        return parsed
    if not parsed.facts and count and 2 * len(parsed.unread) > count:
        return replace(
            parsed, state=AnswerState.NOT_UNDERSTOOD, detail="most lines were not understood"
        )
    missing = next((text for fact in parsed.facts if (text := _incomplete(fact))), "")
    if missing:
        return replace(parsed, state=AnswerState.NOT_UNDERSTOOD, detail=missing)
    return parsed


def _guarded(command: Command, answer: Answer) -> Parsed:
    try:
        return command.parse(answer)
    except Exception as error:  # noqa: BLE001 - whatever device text does to a parser is a result
        unread = tuple(
            UnreadLine(line, answer.at(number)) for number, line in answer.lines if line.strip()
        )
        detail = f"parser failed: {type(error).__name__}"
        return Parsed(unread=unread, state=AnswerState.NOT_UNDERSTOOD, detail=detail)


def _incomplete(fact: object) -> str:
    if isinstance(fact, RouteTable) and not fact.complete:
        return "fewer routes than the device counted"
    if isinstance(fact, Configuration) and not fact.complete:
        return "the end of the configuration was not seen"
    return ""
