"""Quotes evidence within bounds: lines of bounded length, a page of bounded size.

A device may print anything at any length; a report must stay one that can be opened and sent.
What is left out is said, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import escape

from netops.findings import Evidence
from netops.text import one_line

_PICTURES = {0x2400 + number: f"<U+{number:04X}>" for number in range(0x20)}
_PICTURES |= {0x2421: "<U+007F>", 0x23CE: "<U+000A>"}
"""Fonts with Chinese seldom have the pictures of controls; their numbers every font can show."""

_MOST_LINES = 12
_LONGEST = 240
"""Characters of a quoted line; the tail is counted, not shown."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines as they may be shown; ``is_cut`` when the evidence goes on."""

    lines: tuple[str, ...]
    is_cut: bool


class Quoting:
    """Quotes for one page until its budget of bytes is spent."""

    def __init__(self, source: Callable[[Evidence], list[str]], budget: int) -> None:
        self._source = source
        self._left = budget

    def of(self, evidence: Evidence) -> Quote | None:
        """Return the lines of an evidence; None where there is no room or no text."""
        if self._left <= 0:
            return None
        lines = tuple(shortened(line) for line in self._source(evidence)[:_MOST_LINES])
        if not any(lines):
            return None
        self._left -= sum(len(escape(line).encode()) + 1 for line in lines)
        return Quote(lines, is_cut=evidence.lines[1] - evidence.lines[0] + 1 > len(lines))


def shortened(line: str, longest: int = _LONGEST) -> str:
    """Return a line from a device as one harmless line of bounded length."""
    shown = harmless(line[:longest])
    return shown if len(line) <= longest else f"{shown}… (+{len(line) - longest})"


def harmless(text: str) -> str:
    """Return a text as one line in which every control is spelled out."""
    return one_line(text).translate(_PICTURES)
