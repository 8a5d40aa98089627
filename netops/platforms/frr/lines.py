"""What the plain-text parsers of FRR share: a scanner that keeps what it did not understand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from netops.facts.answers import AnswerState, UnreadLine
from netops.platforms.answer import Answer, Parsed

_LONGEST = 2000
"""No line of these displays is longer; a longer one is refused before any pattern sees it."""


@dataclass(slots=True)
class Scan:
    """The non-blank lines of an answer, and what became of them."""

    answer: Answer
    facts: list[Any] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    understood: int = 0

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the non-blank lines that are short enough to be ours."""
        for number, text in self.answer.lines:
            if len(text) > _LONGEST:
                self.miss(number, text)
            elif text and not text.isspace():
                yield number, text.rstrip()

    def hit(self, *facts: object) -> None:
        """Count a line as understood and keep what it told."""
        self.understood += 1
        self.facts.extend(facts)

    def miss(self, number: int, text: str) -> None:
        """Keep a line that was not understood."""
        self.unread.append(UnreadLine(text[:200], self.answer.at(number)))

    def parsed(self) -> Parsed:
        """Close the scan: an answer of which nothing was understood is none of ours."""
        state = AnswerState.UNDERSTOOD if self.understood else AnswerState.NOT_UNDERSTOOD
        return Parsed(tuple(self.facts), tuple(self.unread), state)
