"""What stays in a text that a person took from a terminal: prompts, echoes, pagers, times.

Knows the prompts that VRP and Comware share, and what is left of cursor moves whose first
character got lost; a live answer has lost all of it before it is parsed.
"""

from __future__ import annotations

import re

_PASTED = re.compile(
    r"[ \0]{0,4}(?:(?:HRP|RBM)_[A-Z]{1,2})?"
    r"(?:<[\w.:/-]{1,64}>|\[(?!V\d{3}R)[~*]?[\w.:/-]{1,64}\])"
    r"[ ]*(?:(?:dis|disp|displa?y?|show)\b[^<>]{0,200})?"
)


def is_pasted(line: str) -> bool:
    """Whether a line is a prompt, alone or with a command that displays something.

    >>> is_pasted("<R1>dis ip routing-table"), is_pasted("[V200R009C00SPC500]")
    (True, False)
    """
    return _PASTED.fullmatch(line) is not None


_MOVE = r"(?:\^\[|\u241b)?\[\d{1,3}D"
_WIPED = re.compile(rf"(?:{_MOVE}|\r)(?P<blanks> {{0,80}})(?:{_MOVE}|\r)?")
_WIDEST = 42
"""Blanks with which some releases wipe their pager; others use its own width."""


def unpaged(line: str, pager: re.Pattern[str]) -> str:
    """Return what stands behind a pager that a log kept at the head of a line.

    A device wipes its pager by moving left, printing blanks and moving left again. A terminal
    that logs text only keeps the blanks, and perhaps the moves without their first character.

    >>> unpaged("  ---- More ----[16D                [16D 10.0.0.0/8", re.compile("-+ More -+"))
    ' 10.0.0.0/8'
    """
    found = pager.match(line, len(line) - len(line.lstrip())) if "More" in line else None
    if found is None:
        return line
    end = found.start() + len(found[0].rstrip())
    behind = line[end:]
    if wiped := _WIPED.match(behind):
        return behind[wiped.end() :]
    blanks = len(behind) - len(behind.lstrip(" "))
    width = _WIDEST if blanks >= _WIDEST else end
    return behind[width:] if blanks >= width else line


_STAMP = re.compile(r"\[?(?:\d{4}[-/]\d\d[-/]\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:\]:? ?| )")
_STAMPED = 0.9
"""Of a log whose lines a terminal stamps, so many at least begin with a time."""


def unstamped(lines: list[str]) -> list[str]:
    """Take away the time that a terminal wrote before every line of its log.

    Lines of a device that begin with a time of their own are few in any answer.

    >>> unstamped(["[2024-05-11 10:00:00] <R1>display clock", "[2024-05-11 10:00:00] x"])
    ['<R1>display clock', 'x']
    """
    said = [line for line in lines if line.strip()]
    if not said or not _STAMP.match(said[0]):
        return lines
    stamped = sum(1 for line in said if _STAMP.match(line + " "))
    if stamped < 2 or stamped < _STAMPED * len(said):  # noqa: PLR2004 - one line is no log
        return lines
    return [_without_stamp(line) for line in lines]


def _without_stamp(line: str) -> str:
    found = _STAMP.match(line + " ")
    return line if found is None else line[found.end() :]
