"""From the record of one device to the settings that a baseline judges.

Apart from ``read_device``: an exit audit pays for no setting, a baseline for no routing table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.settings import AssetFacts, SettingsRead
from netops.platforms.answer import Answer, Lines
from netops.platforms.base import Platform
from netops.platforms.registry import platform as registered
from netops.platforms.settings import Baseline
from netops.reading.cleaning import clean
from netops.reading.device import best_of
from netops.reading.understanding import classify
from netops.text import decode

EMPTY = "empty answer"
"""What ``understanding`` says of an answer without a line to a command that may not be empty."""


def read_settings(
    record: DeviceRecord, *, platform_of: Callable[[str], Platform] = registered
) -> AssetFacts:
    """Return every setting understood of one device."""
    platform = platform_of(record.platform)
    facts = AssetFacts(record.device, record.platform, record.contact, record.detail)
    if platform.baseline is None:
        return facts
    baseline = platform.baseline
    sections = {section.command for section in baseline.sections}
    answers, rows = dict[str, Answer](), list[CommandAnswer]()
    for observation in best_of(record.observations):
        if observation.command not in sections and observation.command not in baseline.commands:
            continue
        state, detail = _state(observation, platform, is_section=observation.command in sections)
        answer = _text(observation, platform, is_section=observation.command in sections)
        rows.append(_row(observation, answer, state, detail))
        if state is AnswerState.UNDERSTOOD:
            answers[observation.command] = answer
    read = _guarded(baseline, answers)
    return replace(
        facts,
        components=read.components,
        unread=read.unread,
        answers=(*_corrected(rows, read), *_missing(baseline, rows)),
    )


def _state(
    observation: Observation, platform: Platform, *, is_section: bool
) -> tuple[AnswerState, str]:
    if not observation.raw.strip():
        # Nothing came, whatever the collector made of it: that is no evidence, good or bad.
        return AnswerState.NOT_ASKED, EMPTY
    if observation.outcome is not Outcome.ACCEPTED:
        return AnswerState.ERROR, observation.detail or observation.outcome.value
    if is_section:
        return AnswerState.UNDERSTOOD, ""
    said = classify(observation, platform)
    is_empty = said.state is AnswerState.NOT_UNDERSTOOD and said.detail == EMPTY
    return (AnswerState.NOT_ASKED if is_empty else said.state), said.detail


def _text(observation: Observation, platform: Platform, *, is_section: bool) -> Answer:
    if observation.outcome is not Outcome.ACCEPTED:
        return Answer(observation.command, observation.id, ())
    if is_section:
        # A program has no echo, no prompt and no pager: what it printed is the answer.
        # Line feeds alone end a line: other separators are text of a file, and could forge one.
        texts = decode(observation.raw).removesuffix("\n").split("\n")
        lines = Lines(range(1, len(texts) + 1), texts)
        return Answer(observation.command, observation.id, lines)
    return clean(observation, platform)


def _row(
    observation: Observation, answer: Answer, state: AnswerState, detail: str
) -> CommandAnswer:
    numbers = answer.numbers
    return CommandAnswer(
        command=observation.command,
        state=state,
        observation=observation.id,
        digest=observation.sealed or observation.digest,
        lines=len(answer.lines),
        detail=detail,
        at=observation.at,
        first=numbers[0] if numbers else 0,
        last=numbers[-1] if numbers else 0,
    )


def _guarded(baseline: Baseline, answers: Mapping[str, Answer]) -> SettingsRead:
    try:
        return baseline.read(answers)
    except Exception as error:  # noqa: BLE001 - whatever device text does to a parser is a result
        why = AnswerState.NOT_UNDERSTOOD, f"parser failed: {type(error).__name__}"
        return SettingsRead(states=dict.fromkeys(answers, why))


def _corrected(rows: list[CommandAnswer], read: SettingsRead) -> Iterator[CommandAnswer]:
    for row in rows:
        said = read.states.get(row.command)
        yield row if said is None else replace(row, state=said[0], detail=said[1])


def _missing(baseline: Baseline, rows: list[CommandAnswer]) -> Iterator[CommandAnswer]:
    """Yield a row for every command and section, save optional ones, that nobody asked."""
    asked = {row.command for row in rows}
    wanted = (*baseline.commands, *(s.command for s in baseline.sections if not s.optional))
    for command in wanted:
        if command not in asked:
            yield CommandAnswer(command, AnswerState.NOT_ASKED)
