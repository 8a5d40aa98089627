"""The configuration as a tree of statements: indentation, ``#`` blocks, headers, wrapped lines.

Knows the layout of the text and nothing of what statements mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.system import ConfigLine
from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp.masking import is_cut_in_secret, mask

_DEEPEST = 8
_LONGEST = 2000
_LONGEST_HEADER = 200
_HEADER = re.compile(r"\s*header (?:login|shell|motd)\b[^\"]*\"")
_END = re.compile(r"\s*return\s*")
_TERMINAL_WIDTH = 79
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")


@dataclass(slots=True)
class Node:
    """A statement and those below it. ``text`` is masked; ``line`` its place in the answer."""

    text: str
    line: int
    indent: int
    children: list[Node] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The words of the statement."""
        return self.text.split()

    @property
    def last(self) -> int:
        """The last line of the statement and of what is directly below it."""
        return self.children[-1].line if self.children else self.line


@dataclass(slots=True)
class Tree:
    """What was made of the text. ``strange`` are lines that no configuration holds."""

    roots: list[Node] = field(default_factory=list)
    lines: list[ConfigLine] = field(default_factory=list)
    strange: list[tuple[int, str]] = field(default_factory=list)
    blocks: int = 0
    complete: bool = False


def build(answer: Answer) -> Tree:
    """Build the tree of ``display current-configuration``."""
    tree = Tree()
    stack: list[Node] = []
    source = [(number, line.rstrip()) for number, line in answer.lines if line.strip()]
    at = 0
    while at < len(source):
        number, line = source[at]
        at += 1
        if tree.complete or len(line) > _LONGEST or _UNPRINTABLE.search(line):
            tree.strange.append((number, line))
            continue
        if line.lstrip(" ").strip("#") == "":
            tree.blocks += 1
            stack = [] if line.startswith("#") else stack
            continue
        if _END.fullmatch(line):
            tree.complete = True
            continue
        if _HEADER.match(line) and line.count('"') % 2:
            at = _end_of_header(source, at)
        elif len(line) >= _TERMINAL_WIDTH and is_cut_in_secret(line) and at < len(source):
            line, at = line + source[at][1].strip(), at + 1
        _add(tree, stack, line, number)
    return tree


def _add(tree: Tree, stack: list[Node], line: str, number: int) -> None:
    """Hang a statement below the nearest one that is indented less."""
    body = line.lstrip(" ")
    node = Node(mask(body), number, len(line) - len(body))
    while stack and stack[-1].indent >= node.indent:
        stack.pop()
    parents = tuple(parent.text for parent in stack)
    (stack[-1].children if stack else tree.roots).append(node)
    tree.lines.append(ConfigLine(node.text, parents, number))
    if len(stack) < _DEEPEST:
        stack.append(node)


def _end_of_header(source: list[tuple[int, str]], at: int) -> int:
    """Find the line after the closing quote; a header that never closes hides nothing."""
    for end in range(at, min(at + _LONGEST_HEADER, len(source))):
        if source[end][1].count('"') % 2:
            return end + 1
    return at
