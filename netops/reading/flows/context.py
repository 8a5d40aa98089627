"""What all flow parsers share: bounds, times without a zone, addresses that people wrote.

Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from zoneinfo import ZoneInfo

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.measurements import FlowRecord
from netops.facts.source import Source
from netops.platforms.answer import Parsed

LOCAL = ZoneInfo("Asia/Shanghai")
"""Of times that a device or a collector prints without a zone."""

MOST_RECORDS = 1_000_000
MOST_UNREAD = 100
LONGEST_LINE = 8_192
_LAST_SECOND = 253_402_300_799 - 86_400
"""The last day of the year 9999 is left out, so that no zone can push a time over the edge."""


def exporter_of(name: str) -> str:
    """Return the file's name without folder and last ending: whom it came from."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem, dot, _ = last.rpartition(".")
    return stem if dot and stem else last


@dataclass(frozen=True, slots=True)
class Context:
    """Whose records these are, unless they say it themselves."""

    exporter: str
    observation: str = ""

    def at(self, first: int, last: int) -> Source:
        """Name lines, or numbers of records, as the source of a fact."""
        return Source(self.observation, first, last)


@dataclass(slots=True)
class Harvest:
    """Records and lines not understood, as they are found."""

    records: list[FlowRecord] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    passed: int = 0
    """How many lines or records were not understood, listed or not."""

    @property
    def is_full(self) -> bool:
        """Whether no more records are taken."""
        return len(self.records) >= MOST_RECORDS

    def leave(self, text: str, source: Source) -> None:
        """Note something that was not understood."""
        self.passed += 1
        if len(self.unread) < MOST_UNREAD:
            self.unread.append(UnreadLine(text[:200], source))

    def parsed(self, *, cut: str = "") -> Parsed:
        """Return what was read; a file of which most was not understood was not understood."""
        details = [cut] if cut else []
        if self.is_full:
            details.append(f"only the first {MOST_RECORDS} records were read")
        if self.passed:
            details.append(f"{self.passed} not understood")
        good = bool(self.records) and self.passed <= len(self.records)
        state = AnswerState.UNDERSTOOD if good else AnswerState.NOT_UNDERSTOOD
        facts = tuple(self.records) if good else ()
        return Parsed(facts, tuple(self.unread), state, "; ".join(details))


def lines_of(raw: bytes) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text with their numbers, cut at a length that a record may have."""
    for number, line in enumerate(raw.split(b"\n"), start=1):
        yield number, line[:LONGEST_LINE].decode("utf-8", "replace").rstrip("\r")


@lru_cache(maxsize=65_536)
def address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address that was written down; None for none and for the unspecified one."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return None if found.is_unspecified else found


def seconds(value: float) -> datetime | None:
    """Return a time given in seconds since 1970."""
    if not 0 < value <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(value, UTC)
