"""The running configuration as lines under their parents, secrets masked.

Knows FRR's indentation and which words a secret follows. Refuses to know what a line means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netops.facts.system import ConfigLine
from netops.platforms.answer import Answer

_SECRET = re.compile(
    r"((?:^|\s)(?:password(?: (?:[0-9]|clear|md5|encrypted))?|authentication-key|key-string|"
    r"message-digest-key \d+ md5|authentication string|area-password (?:clear|md5)|"
    r"domain-password (?:clear|md5)|nhrp authentication|auth-string|tcp ao key|"
    r"ssh username \S+|keyfile))\s+\S.*$"
)
_MASK = r"\1 ******"
_CLOSING = frozenset({"exit", "exit-vrf", "exit-address-family", "exit-vnc", "exit-route-map"})
_FRAME = re.compile(r"(Building configuration\.\.\.|Current configuration:|!.*|end)$")
_MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Tree:
    """All lines of a configuration and whether its ``end`` was seen."""

    lines: tuple[ConfigLine, ...]
    complete: bool
    last: int


def masked(text: str) -> str:
    """Hide what follows a word that announces a secret."""
    return _SECRET.sub(_MASK, text)


def build_tree(answer: Answer) -> Tree:
    """Put every line under its parents by indentation; ``exit`` lines and comments are dropped."""
    lines: list[ConfigLine] = []
    parents: list[tuple[int, str]] = []
    complete, last = False, 0
    for number, raw in answer.lines:
        text = raw.strip()
        if not text:
            continue
        last = number
        if _FRAME.match(text):
            complete = complete or text == "end"
            continue
        indent = len(raw) - len(raw.lstrip())
        while parents and parents[-1][0] >= indent:
            parents.pop()
        if text in _CLOSING:
            continue
        shown = masked(text)
        lines.append(ConfigLine(shown, tuple(parent for _, parent in parents), number))
        if len(parents) < _MAX_DEPTH:
            parents.append((indent, shown))
    return Tree(tuple(lines), complete, last)
