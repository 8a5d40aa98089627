"""One answer while it is read: the facts found and the lines that nobody knew.

Knows the small forms that many commands share (``Key: value`` pairs, absent values, columns
named by a heading). Refuses to know any command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import Any

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.source import Source
from netops.platforms.addresses import read_address, read_interface
from netops.platforms.answer import Answer, Parsed
from netops.platforms.transcript import is_pasted

ABSENT = frozenset({"", "-", "--", "---", "-----", "n/a", "none", "no vrf", "unassigned", "----"})
"""How Comware prints "no value", in lower case."""

LONGEST_LINE = 1000
"""No device prints a longer line in a display; one that is longer is never parsed."""

_PAIR = re.compile(r"(?P<key>[A-Za-z][^:：]*?) *[:：](?: +|$)")
_GAP = re.compile(r" {2,}|\t")
_VPN_OF_COMMAND = re.compile(r"\bvpn-instance (\S+)")


class Sheet:
    """Collects facts; every line that is not blank counts as known unless ``miss`` is called."""

    __slots__ = ("_answer", "_total", "facts", "unread")

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._total = 0
        self.facts: list[Any] = []
        self.unread: list[UnreadLine] = []

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not blank, without blanks at their end."""
        for number, line in self._answer.lines:
            text = line.rstrip()
            if not text or (text.lstrip()[0] in "<[R" and is_pasted(text)):
                continue
            self._total += 1
            if len(text) > LONGEST_LINE:
                self.miss(number, text[:LONGEST_LINE])
            else:
                yield number, text

    def at(self, first: int, last: int | None = None) -> Source:
        """Name lines as the source of a fact."""
        return self._answer.at(first, last)

    def miss(self, number: int, line: str) -> None:
        """Keep a line that was not understood."""
        self.unread.append(UnreadLine(line, self._answer.at(number)))

    def done(self, *, silent: bool = False, cut: str = "", factless: bool = False) -> Parsed:
        """Finish. ``silent``: no line at all means "nothing to show". ``cut``: what is missing.

        Nothing gained, and lines that nobody knew: it cannot pass for "there is none", save
        where a display never gives facts (``factless``).
        """
        if not self._total:
            return _verdict(self, "" if silent else "no line was printed")
        if len(self.unread) * 2 > self._total:
            return _verdict(self, "most lines are not of this command")
        if self.unread and not self.facts and not factless:
            return _verdict(self, cut or "no row was understood")
        return _verdict(self, cut)


def _verdict(sheet: Sheet, fault: str) -> Parsed:
    state = AnswerState.NOT_UNDERSTOOD if fault else AnswerState.UNDERSTOOD
    return Parsed(tuple(sheet.facts), tuple(sheet.unread), state, fault)


def value_of(text: str) -> str | None:
    """Return a printed value, None where Comware prints one of its words for "absent"."""
    text = text.strip()
    return None if text.lower() in ABSENT else text


def pairs_of(line: str) -> dict[str, str]:
    """Split ``Key: value   Key: value``; keys in lower case with single blanks."""
    found: dict[str, str] = {}
    for part in _joined_values(_GAP.split(line.strip())):
        match = _PAIR.match(part)
        if match is None:
            return {}
        key = " ".join(match["key"].lower().split())
        found[key] = part[match.end() :].strip()
    return found


def _joined_values(parts: list[str]) -> list[str]:
    """Join what a wide gap has torn apart: a key and its colon, a colon and its value."""
    joined: list[str] = []
    for part in filter(None, parts):
        torn = joined and (joined[-1].endswith((":", "：")) or part.startswith((":", "：")))
        if torn and not (joined[-1].endswith((":", "：")) and _PAIR.match(part)):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def vpn_of_command(command: str) -> str:
    """Return the VPN instance that a command asked for, "" for the public one."""
    match = _VPN_OF_COMMAND.search(command)
    return match[1] if match else ""


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address; None where it is none."""
    return read_address(text)


def with_mask(address: str, mask: str = "") -> IPv4Interface | IPv6Interface | None:
    """Parse ``address`` with a mask or length of its own, or in ``address`` itself."""
    return read_interface(f"{address}/{mask}" if mask else address)
