"""From the raw text of an observation to the body of its answer, line numbers kept.

Takes away what is not the answer: cursor moves, pager, echo, prompt, asynchronous log lines,
a leading line that only tells the time. Knows no command's meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from netops.evidence.observation import Observation
from netops.platforms.answer import Answer, Lines
from netops.platforms.base import Platform
from netops.platforms.transcript import unpaged, unstamped
from netops.text import decode, shown_lines

_TIME_ONLY = re.compile(
    r"\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\s?(?:[+-]\d\d:?\d\d|UTC\S{0,8})?(?: DST)?\s*"
)
_BY_HAND = "file"
"""The source of what a person collected: a terminal may have stamped its lines."""
_LONG = 20_000
"""Octets beyond which an answer is not split into lines before somebody asks for one."""
_END_LINES = 8
"""Lines at either end of it that may be echo, time or prompt."""
_ECHO_WITHIN = 5
"""The echo is looked for in so many lines; log lines and blanks may stand before it."""


def clean(observation: Observation, platform: Platform) -> Answer:
    """Return the body of the answer in ``observation``."""
    raw = observation.raw
    has_pager = b"M" in raw and b"More" in raw  # the one letter is rare, and found fast
    by_hand = observation.source == _BY_HAND
    if len(raw) > _LONG and not has_pager and not by_hand:
        whole = _clean_whole(observation, platform)
        if whole is not None:
            return whole
    shown = shown_lines(decode(raw))
    if by_hand:
        shown = unstamped(shown)
    if has_pager:
        shown = [unpaged(line, platform.pager) for line in shown]
    begin = echo_lines(shown[: _ECHO_WITHIN + 1], observation.command)
    lines = shown[begin : _prompt_at(shown, begin, platform)]
    numbers: Sequence[int] = range(begin + 1, begin + 1 + len(lines))
    noise = _any_of(platform.line_noise)
    # Most lines of a long table stand there many times.
    if has_pager or any(map(noise, set(lines))):
        kept = [n for n, t in enumerate(lines) if noise(t) is None and not _is_pager(t, platform)]
        lines, numbers = [lines[n] for n in kept], [numbers[n] for n in kept]
    first, last = _body(lines, observation.command)
    numbered = Lines(numbers[first:last], lines[first:last])
    return Answer(observation.command, observation.id, numbered)


def _clean_whole(observation: Observation, platform: Platform) -> Answer | None:
    """Clean a long answer that holds no noise and no blank line: only its ends are split.

    None where it holds some, or may.
    """
    raw = observation.raw
    ends = _plain_line_ends(raw)
    if ends <= 2 * _END_LINES:
        return None
    text = raw.translate(None, b"\r").decode("ascii")
    first, last = _inner(text)
    pieces = [*text[:first].split("\n"), _INNER, *text[last + 1 :].split("\n")]
    noise = _any_of(platform.line_noise)
    if any(map(noise, (pieces[0], *_AT_MARGIN.findall(text)))):
        return None
    begin = echo_lines(pieces, observation.command)
    begin += _body(pieces[begin:], observation.command)[0]
    end = _prompt_at(pieces, begin, platform)
    count = ends + 1 - begin - (len(pieces) - end)
    body = text[_length(pieces[:begin]) : len(text) - _length(pieces[end:])]
    lines = Lines(range(begin + 1, begin + 1 + count), (), body)
    return Answer(observation.command, observation.id, lines)


_INNER = "…"
"""Stands for all lines between the ends."""


def _inner(text: str) -> tuple[int, int]:
    """Return where the first lines of a long text end, and where the last ones begin."""
    first, last = -1, len(text)
    for _ in range(_END_LINES):
        first, last = text.find("\n", first + 1), text.rfind("\n", 0, last)
    return first, last


def _length(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)


_AT_MARGIN = re.compile(r"\n([^ \n].*)")
"""Noise begins at the margin; of indented output few lines are left to be held against it."""
_SEEN = bytes(range(0x21, 0x7F))


def _plain_line_ends(raw: bytes) -> int:
    """Count the line ends of a plain text without a blank line; 0 where it is none.

    Plain: printable ASCII, all lines ended alike. Octets are struck out, not searched: a search
    for line ends costs three times as much.
    """
    packed = raw.translate(None, b" \t")
    controls = packed.translate(None, _SEEN)
    end = b"\r\n" if controls.startswith(b"\r") else b"\n"
    count = len(controls) // len(end)
    is_plain = controls == end * count and not packed.startswith(end) and not packed.endswith(end)
    return count if is_plain and b"\n" + end not in packed else 0


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


def _prompt_at(lines: list[str], begin: int, platform: Platform) -> int:
    """Return where the prompt that ends the answer stands, on one line or wrapped onto two."""
    last = len(lines) - 1
    while last >= begin and not lines[last].strip():
        last -= 1
    if last < begin:
        return len(lines)
    if is_prompt(lines[last], platform) or _is_written_on(lines[last], platform):
        return last
    if last > begin and is_prompt(lines[last - 1].rstrip() + lines[last].lstrip(), platform):
        return last - 1
    return len(lines)


def is_prompt(line: str, platform: Platform) -> bool:
    """Whether the whole line is a prompt of the platform."""
    return (
        platform.prompt.fullmatch(line) is not None
        or platform.prompt.fullmatch(line.strip()) is not None
    )


def _is_written_on(line: str, platform: Platform) -> bool:
    """Whether a line is a prompt with a log line printed behind it."""
    prompt, blank, behind = line.strip().partition(" ")
    return bool(
        blank and is_prompt(prompt, platform) and _any_of(platform.line_noise)(behind.lstrip())
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


def _body(lines: list[str], command: str) -> tuple[int, int]:
    """Return where the body begins and ends: blank ends are left out.

    So is a first line that is only the time (VRP8), unless the time was the question.
    """
    first = _next_line(lines, 0)
    asks_time = "clock" in command or "date" in command
    if first < len(lines) and not asks_time and _TIME_ONLY.fullmatch(lines[first]):
        first = _next_line(lines, first + 1)
    last = len(lines)
    while last > first and not lines[last - 1].strip():
        last -= 1
    return first, last


def _next_line(lines: list[str], at: int) -> int:
    """Return the first line from ``at`` on that is not blank."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
