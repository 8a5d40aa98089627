"""The one shape of a platform.

Vendor knowledge is data: a ``Platform`` lists its commands, each with a parser (a pure
function from an answer to facts and lines it did not understand).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, overload

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.source import Source

if TYPE_CHECKING:
    from netops.facts.measurements import Echoes, Path
    from netops.platforms.active import ActiveCommands
    from netops.platforms.settings import Baseline


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


@dataclass(frozen=True, slots=True)
class Command:
    """A read-only command. ``text`` may hold ``{vpn}`` or ``{interface}`` (see ``followups``).

    ``needed_by`` names the audits that cannot judge a device without it. ``may_be_empty``:
    an answer without a line means "nothing to show", never "not understood".
    """

    text: str
    parse: Parser
    needed_by: frozenset[str] = frozenset()
    may_be_empty: bool = False
    bulk: bool = True
    """Asked in every snapshot; False: only by drivers or on demand."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The whole line that the guard admits."""
        return _whole_line(self.text)


@cache
def _whole_line(text: str) -> re.Pattern[str]:
    """Build the pattern of a command once: it is matched some hundred times for each device."""
    parts = re.split(r"(\{(?:vpn|interface|address|length|table)\})", text)
    return re.compile("".join(_SLOTS.get(part, re.escape(part)) for part in parts))


_SLOTS = {
    "{vpn}": r"[\w.:/+@-]{1,63}",
    "{interface}": r"[\w./:-]{1,63}",
    "{address}": r"[0-9a-fA-F.:]{2,45}",
    "{length}": r"\d{1,3}",
    "{table}": r"\d{1,10}",
}


def _no_followups(_answers: Mapping[str, Parsed]) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: its commands and how it talks.

    ``prompt`` matches a whole last line (host name in group ``host``). ``paging_off`` is
    sent first and may be refused; then ``pager`` is answered with a blank. ``refusals`` are
    (pattern, state) pairs looked for in the last lines of an answer. ``questions`` match a
    login question that must not be answered (expired password …). ``line_noise`` matches
    asynchronous log lines that are dropped from answers; none begins with a blank. ``followups``
    derives further commands from the parsed first ones (a routing table per VPN instance); it
    sees the facts of the commands in ``telling`` and of all others only whether they were
    refused. ``active`` is its own ping and traceroute, which no snapshot asks by itself.
    """

    name: str
    vendor: str
    commands: tuple[Command, ...]
    prompt: re.Pattern[str]
    pager: re.Pattern[str]
    refusals: tuple[tuple[re.Pattern[str], AnswerState], ...]
    paging_off: tuple[str, ...] = ()
    questions: tuple[re.Pattern[str], ...] = ()
    line_noise: tuple[re.Pattern[str], ...] = ()
    followups: Callable[[Mapping[str, Parsed]], tuple[str, ...]] = _no_followups
    telling: frozenset[str] = frozenset()
    full_interface: Callable[[str], str] = str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    active: ActiveCommands | None = None
    baseline: Baseline | None = None
    """What it shows of its settings; None: baselines cannot judge it."""
    _plain: Mapping[str, Command] = field(init=False, repr=False, compare=False)
    """Commands without an argument, by their text."""

    def __post_init__(self) -> None:
        """Index the commands: their lines are looked up for every answer of every device."""
        plain = {c.text: c for c in reversed(self.commands) if "{" not in c.text}
        object.__setattr__(self, "_plain", plain)

    def command_for(self, line: str) -> Command | None:
        """Find the command of that text, or the first whose whole-line pattern admits it."""
        found = self._plain.get(line)
        if found is not None:
            return found
        with_argument = (c for c in self.commands if "{" in c.text)
        return next((c for c in with_argument if c.pattern.fullmatch(line)), None)

    def admits(self, line: str) -> bool:
        """Whether ``line`` is one of this platform's read-only commands."""
        if line in self.paging_off or self.command_for(line) is not None:
            return True
        return self.active is not None and self.active.admits(line)

    def measured(self, answer: Answer) -> Echoes | Path | None:
        """Read the cleaned answer to one of ``active``'s lines; None for any other answer."""
        return None if self.active is None else self.active.read(answer, self.refusals)

    def first_commands(self) -> tuple[Command, ...]:
        """Return the bulk commands that need no argument, in the order to ask them."""
        return tuple(c for c in self.commands if c.bulk and "{" not in c.text)
