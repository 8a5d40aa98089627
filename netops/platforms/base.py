"""The one shape of a platform.

Vendor knowledge is data: a ``Platform`` lists its commands, each with a parser (a pure
function from an answer to facts and lines it did not understand).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer, Parsed, Parser

if TYPE_CHECKING:
    from netops.facts.measurements import Echoes, Path
    from netops.platforms.active import ActiveCommands
    from netops.platforms.settings import Baseline


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
