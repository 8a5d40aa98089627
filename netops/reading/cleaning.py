"""From the raw text of an observation to the body of its answer, line numbers kept.

Takes away what is not the answer: cursor moves, pager, echo, prompt, asynchronous log lines,
a leading line that only tells the time. Knows no command's meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from netops.evidence.observation import Observation
from netops.platforms.base import Answer, Platform
from netops.text import decode, shown_lines

_TIME_ONLY = re.compile(
    r"\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\s?(?:[+-]\d\d:?\d\d|UTC\S{0,8})?(?: DST)?\s*"
)
_ECHO_WITHIN = 5
"""The echo is looked for in so many lines; log lines and blanks may stand before it."""

Lines = list[tuple[int, str]]


def clean(observation: Observation, platform: Platform) -> Answer:
    """Return the body of the answer in ``observation``."""
    lines = _body(observation, platform)
    noise = _any_of(platform.line_noise)
    if any(map(noise, [line for _, line in lines])):
        lines = [pair for pair in lines if noise(pair[1]) is None]
    if b"More" in observation.raw:
        lines = [pair for pair in lines if not _is_pager(pair[1], platform)]
    lines = _without_time(lines, observation.command)
    return Answer(observation.command, observation.id, tuple(_without_blank_ends(lines)))


def _body(observation: Observation, platform: Platform) -> Lines:
    shown = shown_lines(decode(observation.raw))
    echo = echo_lines(shown[: _ECHO_WITHIN + 1], observation.command)
    return _without_prompt(list(enumerate(shown[echo:], start=echo + 1)), platform)


def echo_lines(lines: list[str], command: str) -> int:
    """Return how many leading lines the echo of ``command`` takes; 0 when it is not there."""
    wanted = "".join(command.split())
    for number, line in enumerate(lines[:_ECHO_WITHIN]):
        compact = "".join(line.split())
        if _ends_with_command(compact, wanted):
            return number + 1
        following = lines[number + 1 : number + 2]
        if following and _is_wrapped(compact, following[0], wanted):
            return number + 2
    return 0


def _ends_with_command(compact: str, wanted: str) -> bool:
    """Whether a line is the command, after a prompt perhaps, before the mark of hot standby."""
    return compact.removesuffix("(+B)").endswith(wanted) and len(compact) < len(wanted) + 200


def _is_wrapped(compact: str, following: str, wanted: str) -> bool:
    rest = "".join(following.split())
    shared = len(wanted) - len(rest)
    return shared > 0 and bool(rest) and wanted.endswith(rest) and compact.endswith(wanted[:shared])


def _without_prompt(lines: Lines, platform: Platform) -> Lines:
    """Drop the prompt that ends the answer, on one line or wrapped onto two."""
    last = len(lines) - 1
    while last >= 0 and not lines[last][1].strip():
        last -= 1
    if last < 0:
        return lines
    if is_prompt(lines[last][1], platform):
        return lines[:last]
    if last > 0 and is_prompt(lines[last - 1][1].rstrip() + lines[last][1].lstrip(), platform):
        return lines[: last - 1]
    return lines


def is_prompt(line: str, platform: Platform) -> bool:
    """Whether the whole line is a prompt of the platform."""
    return (
        platform.prompt.fullmatch(line) is not None
        or platform.prompt.fullmatch(line.strip()) is not None
    )


def _is_pager(line: str, platform: Platform) -> bool:
    return "More" in line and platform.pager.fullmatch(line.strip()) is not None


@cache
def _any_of(patterns: tuple[re.Pattern[str], ...]) -> Callable[[str], object]:
    """Join patterns of the same flags: every line of a province is held against them."""
    flags: dict[int, list[str]] = {}
    for pattern in patterns:
        flags.setdefault(pattern.flags, []).append(f"(?:{pattern.pattern})")
    joined = [re.compile("|".join(texts), flag).match for flag, texts in flags.items()]
    if len(joined) == 1:
        return joined[0]
    return lambda line: next((found for match in joined if (found := match(line))), None)


def _without_time(lines: Lines, command: str) -> Lines:
    """Drop a first line that is only the time (VRP8), unless the time was the question."""
    if "clock" in command or "date" in command:
        return lines
    first = next((n for n, (_, line) in enumerate(lines) if line.strip()), None)
    if first is not None and _TIME_ONLY.fullmatch(lines[first][1]):
        return lines[:first] + lines[first + 1 :]
    return lines


def _without_blank_ends(lines: Lines) -> Lines:
    begin, end = 0, len(lines)
    while begin < end and not lines[begin][1].strip():
        begin += 1
    while end > begin and not lines[end - 1][1].strip():
        end -= 1
    return lines[begin:end]
