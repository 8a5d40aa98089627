"""A device's own ping and traceroute: the few whole lines that may be sent, and what they mean.

Knows how a line is built from a target and read back from its text. Refuses any other word, more
than ``MOST_ECHOES`` packets, names in place of addresses, and targets that many would answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from ipaddress import ip_address
from typing import Literal

from netops.facts.answers import AnswerState
from netops.facts.measurements import Address, Echoes, Path
from netops.platforms.answer import Answer
from netops.platforms.echoes_text import read_echoes
from netops.platforms.path_text import read_path

MOST_ECHOES = 20
"""More packets in a row would be a load, not a look."""

Kind = Literal["ping", "trace"]
Refusals = tuple[tuple[re.Pattern[str], AnswerState], ...]
SOURCE_NOT_SET = "the device chose the source address: its command takes none"

_SLOTS = {
    "target": r"[0-9A-Fa-f.:]{2,45}",
    "source": r"[0-9A-Fa-f.:]{2,45}",
    "vpn": r"[\w.:/+@-]{1,63}",
    "count": r"\d{1,2}",
}
_PART = re.compile(r"\[([^\[\]]*)\] ")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line asks. ``source`` None: the device chooses it."""

    kind: Kind
    target: Address
    source: Address | None = None
    vpn: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a command: ``{target}``, ``{count}``, and options with their words in brackets.

    ``[-a {source}] `` stands in the line only where a source is wanted. A form without
    ``{source}`` cannot set it; one without ``{vpn}`` asks in the public instance alone.
    """

    text: str

    def line(self, asked: Asked) -> str | None:
        """Return the whole line, None where the command cannot ask it."""
        if asked.vpn and "{vpn}" not in self.text:
            return None
        values = {
            "target": str(asked.target),
            "source": "" if asked.source is None else str(asked.source),
            "vpn": asked.vpn,
            "count": str(asked.count),
        }
        text = _PART.sub(lambda part: _kept(part[1], values), self.text)
        return _SLOT.sub(lambda slot: values[slot[1]], text)

    @property
    def sets_source(self) -> bool:
        """Whether the source address can be chosen."""
        return "{source}" in self.text

    def read(self, line: str, kind: Kind) -> Asked | None:
        """Return what ``line`` asks, None where it is not this form, letter by letter."""
        match = _whole_line(self.text).fullmatch(line)
        if match is None:
            return None
        found = match.groupdict()
        try:
            target = ip_address(found["target"])
            source = ip_address(found["source"]) if found.get("source") else None
        except ValueError:
            return None
        count = int(found.get("count") or 1)
        asked = Asked(kind, target, source, found.get("vpn") or "", count)
        return asked if is_askable(asked) and self.line(asked) == line else None


def _kept(option: str, values: Mapping[str, str]) -> str:
    """Return an option with a blank behind it, or nothing where its value is not wanted."""
    (name,) = _SLOT.findall(option)
    return f"{option} " if values[name] else ""


@cache
def _whole_line(text: str) -> re.Pattern[str]:
    """Build the pattern of a form."""
    optional = _PART.sub(lambda part: f"(?:{part[1]} )?", text)
    return re.compile(_SLOT.sub(lambda slot: f"(?P<{slot[1]}>{_SLOTS[slot[1]]})", optional))


def is_askable(asked: Asked) -> bool:
    """Whether a question is small and goes to one machine."""
    target, source = asked.target, asked.source
    if source is not None and source.version != target.version:
        return False
    if getattr(target, "scope_id", None) or target.is_multicast or target.is_unspecified:
        return False
    is_broadcast = int(target) == (1 << 32) - 1 and target.version == 4  # noqa: PLR2004 - IPv4
    return not is_broadcast and 1 <= asked.count <= MOST_ECHOES


@dataclass(frozen=True, slots=True)
class ActiveCommands:
    """A platform's ping and traceroute by IP version; what is absent has its reason in ``untold``.

    Values carry no vantage and no time; the caller fills both with ``dataclasses.replace``.
    """

    ping: Mapping[int, Form]
    trace: Mapping[int, Form]
    untold: Mapping[Kind, str] = field(default_factory=dict)

    def ping_line(
        self, target: Address, source: Address | None = None, vpn: str = "", count: int = 5
    ) -> str | None:
        """Return the line that sends ``count`` echoes; None: this platform cannot ask that.

        Where its ping sets no source the line holds none, and so does the value read from it.
        """
        return self._line(Asked("ping", target, source, vpn, count))

    def trace_line(
        self, target: Address, source: Address | None = None, vpn: str = ""
    ) -> str | None:
        """Return the line that traces the path to ``target``; None as for ``ping_line``."""
        return self._line(Asked("trace", target, source, vpn))

    def asked(self, line: str) -> Asked | None:
        """Return what ``line`` asks, None for every other line."""
        for kind, version, form in self._forms():
            asked = form.read(line, kind)
            if asked is not None and asked.target.version == version:
                return asked
        return None

    def admits(self, line: str) -> bool:
        """Whether ``line`` is one of these commands."""
        return self.asked(line) is not None

    def read(self, answer: Answer, refusals: Refusals = ()) -> Echoes | Path | None:
        """Read the cleaned answer to one of these lines; None for an answer to another.

        ``Platform.measured`` gives the refusals.
        """
        asked = self.asked(answer.command)
        if asked is None:
            return None
        refusal = _refusal(answer, refusals)
        if asked.kind == "ping":
            echoes = read_echoes(answer, asked.target, refusal)
            return replace(echoes, source=asked.source, detail=self._noted(asked, echoes.detail))
        path = read_path(answer, asked.target, refusal)
        return replace(path, source=asked.source, detail=self._noted(asked, path.detail))

    def _line(self, asked: Asked) -> str | None:
        form = self._of(asked.kind).get(asked.target.version)
        if form is None or not is_askable(asked):
            return None
        line = form.line(asked)
        wanted = asked if form.sets_source else replace(asked, source=None)
        return line if line is not None and form.read(line, asked.kind) == wanted else None

    def _noted(self, asked: Asked, detail: str) -> str:
        """Say in the value that no source could be set."""
        if self._of(asked.kind)[asked.target.version].sets_source:
            return detail
        return f"{detail}; {SOURCE_NOT_SET}" if detail else SOURCE_NOT_SET

    def _of(self, kind: Kind) -> Mapping[int, Form]:
        return self.ping if kind == "ping" else self.trace

    def _forms(self) -> Iterator[tuple[Kind, int, Form]]:
        kinds: tuple[Kind, ...] = ("ping", "trace")
        for kind in kinds:
            for version, form in self._of(kind).items():
                yield kind, version, form


def _refusal(answer: Answer, refusals: Refusals) -> str:
    """Return how the device refused, "" where it did not."""
    for pattern, state in refusals:
        said = next((line for _, line in answer.lines if pattern.search(line)), None)
        if said is not None:
            return f"{state.value.replace('_', ' ')}: {said.strip()[:200]}"
    return ""
