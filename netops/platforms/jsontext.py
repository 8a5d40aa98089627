"""JSON as devices print it: one document or several, with the line where each key stands.

Knows how to take JSON apart without ever raising and how to read single values strictly. Refuses
to know what any key means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import Any

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.source import Source
from netops.platforms.addresses import read_address, read_interface, read_network
from netops.platforms.answer import Answer, Parsed, Parser

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"\s*")
_MAX_QUOTED = 200
_MISSES = 16
"""So many keys may be missing before the search is given up: it must stay linear."""
_DEEPEST = 200
"""No key is indented deeper; a longer line is no pretty print and is not searched."""
_CLOSES = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value of an answer; ``first`` and ``last`` are lines of the raw text."""

    value: Any
    first: int
    last: int
    text: str
    lines: Sequence[tuple[int, str]]
    index: int
    """Where the document begins in ``lines`` (those of the whole answer)."""

    def finder(self) -> LineFinder:
        """Start looking for keys, in printed order."""
        return LineFinder(self)


class LineFinder:
    """Says on which line each key of a document stands, asked in printed order.

    A plain search from the last hit on: cheap enough for every prefix of a routing table.
    """

    def __init__(self, document: Document) -> None:
        self._text, self._lines, self._first = document.text, document.lines, document.first
        self._index, self._position, self._misses = document.index, 0, 0
        self._value = 0
        self._escapes = "\\/" in document.text

    def line_of(self, key: str) -> int:
        """Return the line of the next ``"key":``, of the document's begin where there is none."""
        quoted = f'"{key}":'
        if self._escapes:
            quoted = quoted.replace("/", "\\/")
        found = self._text.find(quoted, self._position) if self._misses < _MISSES else -1
        if found < 0:
            self._misses += 1
            return self._first
        self._index += self._text.count("\n", self._position, found)
        self._position = found + 1
        self._value = found + len(quoted)
        return self._lines[self._index][0]

    def span_of(self, key: str) -> tuple[int, int]:
        """Return the first and last line of the next ``"key":`` with its value.

        The end is the bracket that closes at the indentation of the key, as every pretty
        printer sets it; where there is none, the line of the key stands alone.
        """
        misses = self._misses
        first = self.line_of(key)
        if self._misses > misses or misses >= _MISSES:
            return first, first
        return first, self._last_line() or first

    def _last_line(self) -> int | None:
        """Return the line on which the value of the key found last ends; None: on its own."""
        key = self._position - 1
        begin = self._text.rfind("\n", max(0, key - _DEEPEST), key)
        opened = self._text[self._value : self._value + 3].strip(" ")
        if begin < 0 or opened[1:2] != "\n" or opened[0] not in _CLOSES:
            return None
        indent = self._text[begin:key]
        end = -1 if indent.strip() else self._text.find(indent + _CLOSES[opened[0]], self._value)
        if end < 0:
            self._misses += 1
            return None
        return self._lines[self._index + self._text.count("\n", key, end + 1)][0]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer taken apart: its documents, and lines beside them that are no JSON."""

    answer: Answer
    documents: tuple[Document, ...]
    unread: tuple[UnreadLine, ...]

    def quote(self, value: object, line: int) -> UnreadLine:
        """Quote an entry that was not understood."""
        return UnreadLine(repr(value)[:_MAX_QUOTED], self.answer.at(line))


def json_parser(read: Callable[[Page], Parsed], *, may_be_empty: bool = False) -> Parser:
    """Make a parser of ``read``: broken or missing JSON never reaches it."""

    def parse(answer: Answer) -> Parsed:
        text = answer.text
        if not text or text.isspace():
            if may_be_empty:
                return Parsed()
            return Parsed(state=AnswerState.NOT_UNDERSTOOD, detail="empty answer")
        try:
            page = _take_apart(answer, text)
        except (ValueError, RecursionError) as error:
            return _not_understood(answer, f"broken JSON: {type(error).__name__}")
        if not page.documents:
            return _not_understood(answer, "no JSON in the answer")
        parsed = read(page)
        return Parsed(parsed.facts, page.unread + parsed.unread, parsed.state, parsed.detail)

    return parse


def not_this(page: Page) -> Parsed:
    """Say that a well-formed document is none of this command's."""
    return _not_understood(page.answer, "JSON of another shape")


def _not_understood(answer: Answer, detail: str) -> Parsed:
    unread = tuple(
        UnreadLine(text[:_MAX_QUOTED], answer.at(line))
        for line, text in answer.lines
        if text.strip()
    )
    return Parsed((), unread, AnswerState.NOT_UNDERSTOOD, detail)


def _take_apart(answer: Answer, text: str) -> Page:
    lines = answer.lines
    documents: list[Document] = []
    unread: list[UnreadLine] = []
    position, index, counted = 0, 0, 0
    while True:
        match = _SPACE.match(text, position)
        position = match.end() if match else position
        if position >= len(text):
            return Page(answer, tuple(documents), tuple(unread))
        index += text.count("\n", counted, position)
        counted = position
        if text[position] in "[{":
            value, end = _DECODER.raw_decode(text, position)
            last = lines[index + text.count("\n", position, end)][0]
            body = text[position:end]
            documents.append(Document(value, lines[index][0], last, body, lines, index))
        else:
            newline = text.find("\n", position)
            end = len(text) if newline < 0 else newline
            unread.append(UnreadLine(text[position:end][:_MAX_QUOTED], answer.at(lines[index][0])))
        position = end


def as_dict(value: object) -> dict[str, Any]:
    """Return ``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return ``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: object) -> list[dict[str, Any]]:
    """Return the members of a list that are objects."""
    return [member for member in as_list(value) if isinstance(member, dict)]


def as_text(value: object) -> str | None:
    """Return ``value`` if it is a non-empty string."""
    return value if isinstance(value, str) and value else None


def as_int(value: object) -> int | None:
    """Return ``value`` if it is an integer (a boolean is none)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_number_text(value: object) -> str | None:
    """Return an integer or a string as text (AS numbers come as both)."""
    number = as_int(value)
    return as_text(value) if number is None else str(number)


def as_address(value: object) -> IPv4Address | IPv6Address | None:
    """Return an address, or None for anything else."""
    return read_address(value) if isinstance(value, str) else None


def as_network(value: object) -> IPv4Network | IPv6Network | None:
    """Return a prefix (host bits are cut), or None for anything else."""
    return read_network(value) if isinstance(value, str) else None


def as_interface(value: object) -> IPv4Interface | IPv6Interface | None:
    """Return an address with its prefix length, or None for anything else."""
    return read_interface(value) if isinstance(value, str) else None


def source_of(page: Page, document: Document, line: int | None = None) -> Source:
    """Name the line of a key, or the whole document where the key was not found."""
    if line is None:
        return page.answer.at(document.first, document.last)
    return page.answer.at(line)
