"""How every parser of this platform walks over an answer, and what it did not understand.

Knows blank lines, the time line that newer releases print first, and lines too long to be
any display's; knows no command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv6Address,
    IPv6Interface,
)
from typing import Any

from netops.facts.answers import AnswerState, UnreadLine
from netops.platforms.addresses import read_address, read_interface
from netops.platforms.answer import Answer, Parsed
from netops.platforms.transcript import is_pasted

LONGEST_LINE = 1000
"""Longer lines are no display's; they stay unread, so that no expression runs over them."""

_KEPT_OF_LONG = 200
_TIME_LINE = re.compile(
    r"\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?[+-]\d\d:\d\d)?(?: DST)?\s*"
)
_RULER = re.compile(r"\s*[-=](?:[-= ]*[-=])?\s*")


class Scan:
    """Gathers the facts and the unread lines of one answer."""

    __slots__ = ("_seen", "answer", "facts", "unread")

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.facts: list[Any] = []
        self.unread: list[UnreadLine] = []
        self._seen = 0

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield lines that say something, without trailing blanks; rulers are left out."""
        for number, line in self.answer.lines:
            text = line.rstrip()
            if not text or (text.lstrip()[0] in "<[HR" and is_pasted(text)):
                continue
            self._seen += 1
            if len(text) > LONGEST_LINE:
                self.skip(number, text)
            elif self._seen == 1 and _TIME_LINE.fullmatch(text):
                continue
            elif text[-1] not in "-=" or not _RULER.fullmatch(text):
                yield number, text

    def skip(self, number: int, line: str) -> None:
        """Note a line that was not understood."""
        self.unread.append(UnreadLine(line[:_KEPT_OF_LONG], self.answer.at(number)))

    def done(self, detail: str = "", *, understood: bool = True, factless: bool = False) -> Parsed:
        """Close the walk. More unread lines than read ones: the text is none of ours.

        Nothing gained, and lines that were not read: it cannot pass for "there is none", save
        where a display never gives facts (``factless``).
        """
        state = AnswerState.UNDERSTOOD
        if not understood or 2 * len(self.unread) > self._seen:
            state = AnswerState.NOT_UNDERSTOOD
        elif self.unread and not self.facts and not factless:
            state = AnswerState.NOT_UNDERSTOOD
            detail = detail or "no row was understood"
        return Parsed(tuple(self.facts), tuple(self.unread), state, detail)


def read_rows(
    answer: Answer,
    headings: re.Pattern[str],
    row: Callable[[Scan, int, str], bool],
    *,
    needs_rows: bool = False,
) -> Parsed:
    """Read a table: every line is a heading, a row that ``row`` takes, or unread.

    ``needs_rows``: every device has some, so a table without one was cut. Elsewhere a line
    that begins with ``Info:`` is how the device says that there is nothing to show.
    """
    scan = Scan(answer)
    for number, line in scan.lines():
        is_known = headings.match(line) or line.lstrip().startswith("Info:")
        if not is_known and not row(scan, number, line):
            scan.skip(number, line)
    if needs_rows and not scan.facts:
        return scan.done("no rows", understood=False)
    return scan.done()


class Pairs:
    """Splits ``Key : value   Key : value`` by the keys that a display is known to print.

    Splitting by known keys, not by colons, is what keeps IPv6 addresses and times whole.
    """

    __slots__ = ("_pattern",)

    def __init__(self, *keys: str) -> None:
        words = "|".join(re.escape(key) for key in sorted(keys, key=len, reverse=True))
        self._pattern = re.compile(rf"(?:^|(?<=\s))({words})\s*:")

    def split(self, line: str) -> Mapping[str, str] | None:
        """Return the pairs of ``line``, or None when it begins with no known key."""
        parts = self._pattern.split(line)
        if len(parts) == 1 or parts[0].strip():
            return None
        return {parts[at]: parts[at + 1].strip() for at in range(1, len(parts), 2)}


def to_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; None for anything else."""
    return read_address(text)


def to_ipv4(text: str) -> IPv4Address | None:
    """Read an IPv4 address; None for anything else."""
    found = read_address(text)
    return found if isinstance(found, IPv4Address) else None


def to_interface(text: str) -> IPv4Interface | IPv6Interface | None:
    """Read an address with its length; None for anything else."""
    return read_interface(text)


def to_int(text: str) -> int | None:
    """Read a plain decimal number of sane length; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 20 else None  # noqa: PLR2004 - 64 bits


_MAC = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}")


def to_mac(text: str) -> str | None:
    """Write a MAC address as ``00:00:5e:00:53:01``; None while it is unknown or no MAC.

    Tables of PPPoE sessions print twelve digits without separators.
    """
    low = text.lower()
    digits = low.replace("-", "")
    if not (_MAC.fullmatch(low) or re.fullmatch(r"[0-9a-f]{12}", low)):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
