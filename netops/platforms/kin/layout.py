"""A configuration as statements under their parents, in one pass and without masking.

Knows separators, comments, banners, wrapped rows and the closing word. Refuses to know what a
statement means; whoever reads one keeps secrets out of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from netops.platforms.answer import Answer

_LONGEST = 4000
_DEEPEST = 8
_LONGEST_BANNER = 500
_ROW = 80
_DIGITS = 10
_BLANKS = " \t\r\x00"
_SECRET_OPENER = re.compile(r"%\^%#|%#%#|%\$%\$|%@%[@#]")


class Statement:
    """A line of a configuration with those below it; ``text`` holds secrets as printed."""

    __slots__ = ("below", "line", "text")

    def __init__(self, text: str, line: int) -> None:
        self.text = text
        self.line = line
        self.below: list[Statement] = []

    @property
    def words(self) -> list[str]:
        """The words, parted by blanks and tabs alone: a full-width blank is part of a word."""
        return split(self.text)

    @property
    def last(self) -> int:
        """The last line of what is directly below."""
        return self.below[-1].line if self.below else self.line


@dataclass(slots=True)
class Banner:
    """A banner; ``text`` is None where a file on the device holds it."""

    kind: str
    text: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Notation:
    """How a platform writes: the mark of separators and comments, and the closing word."""

    mark: str = "#"
    comments: str = "#!"
    end: str = "return"
    closing: frozenset[str] = frozenset()
    opening: str = "sysname "
    """How a line begins that every whole configuration holds once."""
    openers: frozenset[str] = frozenset()
    """First words at the margin; a row of full width is joined with one that begins otherwise."""


@dataclass(slots=True)
class Layout:
    """What was made of the text. ``comments`` are kept for release lines."""

    roots: list[Statement] = field(default_factory=list)
    banners: list[Banner] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)
    separators: int = 0
    complete: bool = False
    again: bool = False
    """Whether a second configuration follows behind the end of the first."""

    def walk(self) -> Iterator[Statement]:
        """Yield every statement, parents first."""
        stack = self.roots[::-1]
        while stack:
            statement = stack.pop()
            yield statement
            if statement.below:
                stack.extend(reversed(statement.below))


def split(text: str) -> list[str]:
    """Split at blanks and tabs."""
    words = text.split(" ") if "\t" not in text else text.replace("\t", " ").split(" ")
    return [word for word in words if word] if "" in words else words


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, for tables of keywords."""
    return frozenset(text.split(" "))


def number_of(text: str, most: int = 1 << 31) -> int | None:
    """Read a plain decimal number; None for anything else, full-width digits among it."""
    if not text.isdecimal() or not text.isascii() or len(text) > _DIGITS:
        return None
    number = int(text)
    return number if number <= most else None


_BANNER = re.compile(
    r"header (?P<kind>login|shell|legal|motd|incoming) (?:information )?(?P<text>\S.*)"
)


class _Builder:
    """Walks the lines once; ``at`` is the next one."""

    def __init__(self, answer: Answer, notation: Notation) -> None:
        self.notation = notation
        self.texts = answer.texts
        self.numbers = answer.numbers
        self.layout = Layout()
        self.stack: list[tuple[int, Statement]] = []
        self.at = 0

    def build(self) -> Layout:
        """Read all lines up to the closing word."""
        notation, layout, texts, numbers = self.notation, self.layout, self.texts, self.numbers
        end, comments, closing = notation.end, notation.comments, notation.closing
        count = len(texts)
        while self.at < count:
            line = texts[self.at].rstrip(_BLANKS)
            self.at += 1
            if not line:
                continue
            if line == end:
                layout.complete = True
                rest = (text.lstrip(_BLANKS) for text in texts[self.at :])
                layout.again = any(text.startswith(notation.opening) for text in rest)
                break
            body = line.lstrip(_BLANKS)
            first = body[0]
            if first in comments:
                self._comment(line, body)
            elif len(line) > _LONGEST or "\ufffd" in line:
                layout.strange.append(numbers[self.at - 1])
            elif closing and body in closing:
                continue
            elif first != "h" or not self._banner(body, numbers[self.at - 1]):
                self._statement(line, body, numbers[self.at - 1])
        return layout

    def _comment(self, line: str, body: str) -> None:
        """A mark at the margin parts blocks; the same with text behind it is a remark."""
        if line[0] == self.notation.mark and not line.strip(self.notation.mark):
            self.layout.separators += 1
            self.stack.clear()
        elif body.strip(self.notation.mark):
            self.layout.comments.append((self.numbers[self.at - 1], body[:200]))

    def _statement(self, line: str, body: str, number: int) -> None:
        """Hang a statement below the nearest one that is indented less."""
        length = len(line)
        indent = length - len(body)
        if length == _ROW or (length > _ROW - 2 and "%" in line):
            body = self._unwrapped(line, body)
        stack = self.stack
        while stack and stack[-1][0] >= indent:
            stack.pop()
        statement = Statement(body, number)
        if not stack:
            self.layout.roots.append(statement)
        else:
            stack[-1][1].below.append(statement)
            if len(stack) >= _DEEPEST:
                return
        stack.append((indent, statement))

    def _unwrapped(self, line: str, body: str) -> str:
        """Join what a terminal of eighty columns broke: inside a secret, or before no opener."""
        if self.at >= len(self.texts):
            return body
        following = self.texts[self.at].rstrip(_BLANKS)
        if not following or following[0] in " \t#!" or following == self.notation.end:
            return body
        full = len(line) == _ROW and split(following)[0] not in self.notation.openers
        if not full and not _is_open(line):
            return body
        self.at += 1
        return body + following

    def _banner(self, body: str, number: int) -> bool:
        """Take a banner with all its lines; one that never closes hides nothing."""
        match = _BANNER.fullmatch(body)
        if match is None:
            return False
        if match["text"].startswith("file "):
            self.layout.banners.append(Banner(match["kind"], None, number, number))
            return True
        mark, first = match["text"][0], match["text"][1:]
        if mark.isalnum():  # no mark: a text that somebody wrote without one
            self.layout.banners.append(Banner(match["kind"], match["text"], number, number))
            return True
        if mark in first:
            text = first.split(mark, 1)[0]
            self.layout.banners.append(Banner(match["kind"], text, number, number))
            return True
        last = min(self.at + _LONGEST_BANNER, len(self.texts))
        for at in range(self.at, last):
            if mark in self.texts[at]:
                rows = [first, *self.texts[self.at : at], self.texts[at].split(mark, 1)[0]]
                banner = Banner(match["kind"], "\n".join(rows), number, self.numbers[at])
                self.layout.banners.append(banner)
                self.at = at + 1
                return True
        return False


def _is_open(line: str) -> bool:
    """Whether an encoded secret begins in this line and does not end in it."""
    at = 0
    while found := _SECRET_OPENER.search(line, at):
        closed = line.find(found[0], found.end())
        if closed < 0:
            return True
        at = closed + len(found[0])
    return False


_VIEWS = frozenset({"aaa", "user-interface"})
"""Views that a router of a default name prints beside its release, and no single view does."""


def fault_of(layout: Layout, release: str, *, heads_parts: bool = False) -> str:
    """Say why a text that ends properly is no whole configuration; empty where it is one.

    A whole one names the device, or the release above it; ``heads_parts``: parts of it (``display
    this``) do so too. Of a part what is absent says nothing; of two in one answer nobody knows
    which is in force.
    """
    views = {root.words[0] for root in layout.roots}
    is_headed = release and (not heads_parts or views >= _VIEWS)
    if not is_headed and "sysname" not in views:
        return "a part of a configuration: it does not name the device"
    if is_flat(layout):
        return "the indentation is lost: nobody knows what belongs to what"
    return "several configurations in one answer" if layout.again else ""


_HOLDERS = frozenset({"interface", "user-interface", "line", "aaa", "router", "route-map"})


def is_flat(layout: Layout) -> bool:
    """Whether no line is indented, and yet one stands right below what opens a block."""
    if any(root.below for root in layout.roots):
        return False
    pairs = ((one, other, one.words[0]) for one, other in pairwise(layout.roots))
    return any(
        word in _HOLDERS and other.line == one.line + 1 and other.words[0] != word
        for one, other, word in pairs
    )


def joined(roots: list[Statement]) -> Iterator[Statement]:
    """Yield statements of the margin; a second block of an interface is joined with its first."""
    seen: dict[str, Statement] = {}
    again: list[Statement] = []
    for root in roots:
        if root.text.startswith("interface "):
            first = seen.setdefault(root.text, root)
            if first is not root:
                first.below.extend(root.below)
                again.append(root)
    if not again:
        yield from roots
        return
    left_out = {id(root) for root in again}
    yield from (root for root in roots if id(root) not in left_out)


def build(answer: Answer, notation: Notation) -> Layout:
    """Lay a configuration out."""
    return _Builder(answer, notation).build()
