"""The text of one answer, and what a parser makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.source import Source


class Lines(Sequence[tuple[int, str]]):
    """Numbered lines as two columns: pairs of twenty thousand are made only where asked for.

    ``whole`` is the text of a long answer without a blank line, split only where somebody asks
    for a line of it; None where it came in lines.
    """

    __slots__ = ("_texts", "numbers", "whole")

    def __init__(
        self, numbers: Sequence[int], texts: Sequence[str], whole: str | None = None
    ) -> None:
        self.numbers = numbers
        self.whole = whole
        self._texts = texts

    @property
    def texts(self) -> Sequence[str]:
        """The lines without their numbers."""
        if self.whole is not None and not self._texts:
            self._texts = self.whole.split("\n")
        return self._texts

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Yield (number, text) of each."""
        return zip(self.numbers, self.texts, strict=True)

    @overload
    def __getitem__(self, at: int) -> tuple[int, str]: ...

    @overload
    def __getitem__(self, at: slice) -> Lines: ...

    def __getitem__(self, at: int | slice) -> tuple[int, str] | Lines:
        """Return one line, or some."""
        if isinstance(at, slice):
            return Lines(self.numbers[at], self.texts[at])
        return self.numbers[at], self.texts[at]

    def __eq__(self, other: object) -> bool:
        """Compare as a tuple of the pairs would."""
        return isinstance(other, Lines | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Hash as a tuple of the pairs would."""
        return hash(tuple(self))


@dataclass(frozen=True, slots=True)
class Answer:
    """The cleaned text of one answer: echo, prompt, pager and log lines are gone.

    ``lines`` are 1-based positions in the decoded raw text, so that evidence names the lines a
    person sees in the stored observation.
    """

    command: str
    observation: str
    lines: Sequence[tuple[int, str]]

    @staticmethod
    def of(text: str, command: str = "", observation: str = "") -> Answer:
        """Make an answer from plain text (tests, imported folders)."""
        return Answer(command, observation, tuple(enumerate(text.splitlines(), start=1)))

    @property
    def texts(self) -> Sequence[str]:
        """The lines without their numbers."""
        if isinstance(self.lines, Lines):
            return self.lines.texts
        return [line for _, line in self.lines]

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the lines."""
        if isinstance(self.lines, Lines):
            return self.lines.numbers
        return [number for number, _ in self.lines]

    @property
    def text(self) -> str:
        """The lines joined again."""
        if isinstance(self.lines, Lines) and self.lines.whole is not None:
            return self.lines.whole
        return "\n".join(self.texts)

    def at(self, first: int, last: int | None = None) -> Source:
        """Name lines of this answer as the source of a fact."""
        return Source(self.observation, first, first if last is None else last)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser made of an answer. ``state`` is UNDERSTOOD unless the text is none of ours.

    ``facts`` may be of several kinds; ``reading`` sorts them. Blank lines, headings and
    legends that were recognised count as understood and are not listed in ``unread``.
    """

    facts: tuple[Any, ...] = ()
    unread: tuple[UnreadLine, ...] = ()
    state: AnswerState = AnswerState.UNDERSTOOD
    detail: str = ""


Parser = Callable[[Answer], Parsed]
