"""Cuts a Comware configuration into a tree of lines.

``#`` at column 0 parts groups. A group whose first line begins with a blank holds settings of
the system view: its one-blank lines are top level, whatever view came before. Banners are cut
out before anything else, because they may hold ``#`` and commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netops.platforms.answer import Answer

_HEADER = re.compile(r"\s*header (?:legal|login|motd|shell|incoming) +(\S)(.*)", re.IGNORECASE)
LONGEST_LINE = 4000
"""A longer line is noise: it is counted as not understood and never parsed."""
_MAX_BANNER = 200
_MAX_DEPTH = 12
_SEPARATOR = "#"
_END = "return"


@dataclass(slots=True)
class Node:
    """One line with the lines under it; ``text`` without blanks around it, secrets included."""

    line: int
    text: str
    children: list[Node] = field(default_factory=list)
    banner: bool = False

    @property
    def words(self) -> list[str]:
        """The words of the line."""
        return self.text.split()

    @property
    def last(self) -> int:
        """The last line below this one."""
        return self.children[-1].last if self.children else self.line

    def under(self, prefix: str) -> Iterator[Node]:
        """Yield the children whose text begins with ``prefix``."""
        return (child for child in self.children if child.text.startswith(prefix))


@dataclass(slots=True)
class Tree:
    """The top level, whether the end was seen, and the number of separators."""

    nodes: list[Node]
    complete: bool
    separators: int
    strange: list[tuple[int, str]]

    by_word: dict[str, list[Node]] = field(init=False, repr=False)
    """The top level by its first words: a score of readers look for theirs."""

    def __post_init__(self) -> None:
        """Sort the top level once."""
        self.by_word = {}
        for node in self.nodes:
            self.by_word.setdefault(node.text.partition(" ")[0], []).append(node)

    def views(self, prefix: str) -> Iterator[Node]:
        """Yield the top-level nodes whose text begins with ``prefix``."""
        word, blank, _ = prefix.partition(" ")
        nodes = self.by_word.get(word, ()) if blank else self.nodes
        return (node for node in nodes if node.text.startswith(prefix))


class _Builder:
    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.stack: list[tuple[int, Node]] = []
        self.strange: list[tuple[int, str]] = []
        self.flat = False
        self.fresh = True

    def group(self) -> None:
        """Begin a group."""
        self.stack, self.fresh, self.flat = [], True, False

    def add(self, number: int, line: str) -> Node:
        """Hang a line under its parent by its blanks."""
        text = line.strip()
        indent = len(line) - len(line.lstrip(" \t"))
        if self.fresh:
            self.flat, self.fresh = indent > 0, False
        if indent == 0:
            self.flat = False
        depth = indent - 1 if self.flat and indent else indent
        while self.stack and self.stack[-1][0] >= depth:
            self.stack.pop()
        node = Node(number, text)
        (self.stack[-1][1].children if self.stack else self.nodes).append(node)
        if len(self.stack) < _MAX_DEPTH:
            self.stack.append((depth, node))
        if not text.isprintable() or "\ufffd" in text:
            self.strange.append((number, line))
        return node


def _banner_end(lines: tuple[tuple[int, str], ...], at: int) -> int | None:
    """Return the index of the last line of a banner that begins at ``at``; None for no banner."""
    match = _HEADER.fullmatch(lines[at][1])
    if match is None:
        return None
    delimiter = match[1]
    if delimiter in match[2]:
        return at
    for index in range(at + 1, min(at + _MAX_BANNER, len(lines))):
        if delimiter in lines[index][1]:
            return index
    return None


def build(answer: Answer) -> Tree:
    """Build the tree. ``complete`` when ``return`` stood at column 0 as the last line."""
    builder = _Builder()
    lines = tuple(answer.lines)
    complete, separators, at = False, 0, 0
    while at < len(lines):
        number, line = lines[at]
        line = line.rstrip()
        text = line.strip()
        if len(line) > LONGEST_LINE:
            builder.strange.append((number, line[:LONGEST_LINE]))
            at += 1
            continue
        end = _banner_end(lines, at) if text.startswith("header ") else None
        if end is not None:
            node = builder.add(number, line)
            node.banner = True
            node.children = [Node(n, t.strip(), banner=True) for n, t in lines[at + 1 : end + 1]]
            at = end
        elif line == _SEPARATOR:
            separators += 1
            builder.group()
        elif line == _END:
            complete = True
            builder.group()
        elif text and text != _SEPARATOR:
            complete = False
            builder.add(number, line)
        at += 1
    return Tree(builder.nodes, complete, separators, builder.strange)
