"""What traceroute programs print, read into a path.

Knows the rows of VRP and Comware ``tracert`` and of traceroute on Linux, which FRR starts too.
Refuses to count a marked answer (``!H`` …) as the target's own, and a row with a word that it does
not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.measurements import Address, Hop, Path
from netops.platforms.answer import Answer
from netops.platforms.echoes_text import UNTIMED
from netops.platforms.jsontext import as_address
from netops.text import one_line

MOST_HOPS = 30
"""Where all four platforms stop by themselves."""

_LONGEST = 1000
_ROW = re.compile(r"(?P<ttl>\d{1,3})\s+(?P<rest>\S.*)")
_HEAD = re.compile(
    r"(?:traceroute|tracert)(?:6| ipv6)? to\b"
    r"(?:\s{1,4}(?:\S{1,255}? ?\()?(?P<host>[0-9A-Fa-f.:]{2,45})(?=[),\s]|$))?.*",
    re.IGNORECASE,
)
_FURNITURE = re.compile(r"MPLS Label=.*|.*press CTRL.C to break.*", re.IGNORECASE)
_TIME = re.compile(r"[<=]?(?P<value>\d{1,7}(?:\.\d{1,6})?)(?P<unit>ms)?")
_MARK = re.compile(r"!(?:[A-Z]{0,2}\d{0,3}|<\d{1,3}>|[A-Z]-\d{1,6})")
_NOTE = re.compile(r"\[AS ?:?[^\]]{0,40}\]|\[\*\]|<[A-Z]:[^>]{0,80}>")
_PROTOCOL = "udp"
"""All four send datagrams to ports that nobody listens at, another port each time."""
_FLOW_VARIES = "each probe is a flow of its own"


@dataclass(slots=True)
class _Row:
    """One hop while its words are read."""

    ttl: int
    addresses: dict[Address, None] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    answered: set[Address] = field(default_factory=set)
    marks: dict[str, None] = field(default_factory=dict)

    def read(self, words: list[str]) -> bool:
        """Read words into this hop; False at one that is not understood."""
        address = next(reversed(self.addresses), None)
        waiting: float | None = None
        for position, word in enumerate(words):
            plain, time = as_address(word.strip("()")), _TIME.fullmatch(word)
            if plain is not None:
                address = plain
            elif _MARK.fullmatch(word) and address is not None:
                self.marks[word] = None
                self.answered.discard(address)
            elif time and address is not None:
                # Without its unit a number may be the beginning of a longer one.
                waiting = float(time["value"])
                if time["unit"]:
                    self._answer(address, waiting)
            elif word == "ms" and waiting is not None and address is not None:
                self._answer(address, waiting)
            elif word != "*" and not _NOTE.fullmatch(word) and not _is_name(words, position):
                return False
        return True

    def _answer(self, address: Address, time: float) -> None:
        self.addresses[address] = None
        self.answered.add(address)
        self.times.append(time)


def _is_name(words: list[str], position: int) -> bool:
    """Whether a word is a host name: its address follows in brackets."""
    following = words[position + 1] if position + 1 < len(words) else ""
    return following[:1] == "(" and as_address(following.strip("()")) is not None


@dataclass(slots=True)
class _Trace:
    """What was read so far."""

    target: Address
    rows: list[_Row] = field(default_factory=list)
    stranger: str = ""
    strange: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        """Read one line without blanks at its ends."""
        if not text or _FURNITURE.fullmatch(text):
            return
        head = _HEAD.fullmatch(text[:_LONGEST])
        if head:
            found = as_address(head["host"])
            self.stranger = "" if found in {None, self.target} else str(found)
        elif len(text) > _LONGEST or not self._is_row(text):
            self.strange.append(text[:200])

    def _is_row(self, text: str) -> bool:
        match = _ROW.fullmatch(text)
        if match is None:
            # A further address of the same hop, on a line of its own.
            words = text.split()
            is_more = bool(self.rows) and as_address(words[0]) is not None
            return is_more and self.rows[-1].read(words)
        last = self.rows[-1].ttl if self.rows else 0
        row = _Row(int(match["ttl"]))
        if not last < row.ttl <= MOST_HOPS or not row.read(_words(match["rest"])):
            return False
        self.rows.append(row)
        return True

    def detail(self) -> str:
        """Say what the path cannot: marks, lines not understood, an early end."""
        notes = [f"answered with {' '.join(r.marks)} at hop {r.ttl}" for r in self.rows if r.marks]
        if self.strange:
            notes.append(f"not understood: {one_line(self.strange[0])[:120]}")
        last = self.rows[-1] if self.rows else None
        if last and not (self.reached or last.marks or last.ttl >= MOST_HOPS):
            notes.append(f"the answer ends at hop {last.ttl}")
        return "; ".join([*notes[:3], _FLOW_VARIES] if self.rows else notes[:3])

    @property
    def reached(self) -> bool:
        """Whether the target itself answered, and with nothing but an answer."""
        return bool(self.rows) and self.target in self.rows[-1].answered


def _words(rest: str) -> list[str]:
    """Split a row; glued times ("10 ms*") and notes in brackets stay whole."""
    return re.findall(r"\[AS ?:?[^\]]{0,40}\]|\*|[^\s*]+", rest)


def read_path(answer: Answer, target: Address, refusal: str = "") -> Path:
    """Read the answer to a trace to ``target``; ``refusal`` is how the device refused, if it did.

    A path without hops was not measured; ``detail`` says why.
    """
    trace = _Trace(target)
    for _, text in answer.lines:
        trace.take(text.strip())
    lines = [number for number, _ in answer.lines] or [0]
    if trace.stranger:
        trace = _Trace(target, strange=[f"the answer is about {trace.stranger}"])
    detail = trace.detail() or "the answer holds no hop"
    return Path(
        vantage="",
        target=target,
        protocol=_PROTOCOL,
        flow=0,
        hops=tuple(Hop(r.ttl, tuple(r.addresses), tuple(r.times)) for r in trace.rows),
        reached=trace.reached,
        at=UNTIMED,
        detail=detail if trace.rows else refusal or detail,
        evidence=answer.at(lines[0], lines[-1]),
    )
