"""The ordinary shape of ``show ip route … json``, read without taking all of it apart.

A router prints twenty thousand lines for five hundred routes, and most of these routes differ
in their prefix only. So the text is cut at the prefixes, and of all routes that go on alike one
is taken apart. Knows how FRR lays the text out; what a route means, the caller tells. Refuses
any text of another layout as a whole: the general reader sees it then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

_BEGIN, _END = "{\n", "\n  ]"
_NEXT = re.compile(r"\n  \],\n")
_BETWEEN = re.compile(r"\n\}\n\{\n")
"""Where the document of one instance ends and that of another begins. Patterns, because they
find in three fifths of the time of ``str.split``."""
_HEAD = re.compile(
    r'  "([0-9a-fA-F.:]{2,45}\\?/\d{1,3})":\[\n'
    r'    \{\n      "prefix":"\1",\n      "prefixLen":\d{1,3},\n'
)
_HEAD_LINES = 4
_PASSING = re.compile(
    r'(?:,\n      "(?:nexthopGroupId|installedNexthopGroupId|uptime)"'
    r':(?:0|[1-9]\d{0,18}|"[\w:]{1,40}"))*+(?=,\n      "nexthops":)'
)
"""Members before the next hops that differ from route to route and give no fact."""
_GROUP, _UPTIME = ',\n      "nexthopGroupId":', ',\n      "uptime":'
"""Where they begin: newer releases print both, older ones the second."""


Understand = Callable[[list[Any]], Any]
Block = tuple[str, Any, int, int]
"""A prefix as printed, what was understood of it, first and last line; not so many objects."""


def ordinary_prefixes(text: str, numbers: Sequence[int], understand: Understand) -> list[Block]:
    """Return the prefixes of all documents in printed order.

    ``understand`` takes the routes of one prefix. Raises ``ValueError`` at any other text, and
    passes on the one of ``understand``.
    """
    if not (text.startswith(_BEGIN) and text.endswith("\n}")):
        raise ValueError
    reader = _Reader(numbers, understand)
    for document in _BETWEEN.split(text[len(_BEGIN) : -2]):
        if not document.endswith(_END):
            raise ValueError
        reader.read(_NEXT.split(document[: -len(_END)]))
    return reader.found


@dataclass(slots=True)
class _Reader:
    """Goes through the prefixes of all documents; ``at`` is the line that comes next."""

    numbers: Sequence[int]
    understand: Understand
    found: list[Block] = field(default_factory=list)
    at: int = 1
    known: dict[str, tuple[Any, int]] = field(default_factory=dict)
    """What stands behind a head: what was understood of it, and its lines, head included."""

    def read(self, cut: list[str]) -> None:
        """Read the prefixes of one document."""
        numbers, at, begin = self.numbers, self.at, len(self.found)
        for text in cut:
            head = _HEAD.match(text)
            if head is None:
                raise ValueError
            alike, passed = _without_passing(text, head.end())
            routes, lines = self.known.get(alike) or self.take_apart(alike)
            last = at + lines + passed
            self.found.append((head[1], routes, numbers[at], numbers[last]))
            at = last + 1
        if len({prefix for prefix, *_ in self.found[begin:]}) < len(cut):
            raise ValueError
        self.at = at + len(("}", "{"))

    def take_apart(self, text: str) -> tuple[Any, int]:
        """Understand routes that were not seen before."""
        # A member before and the bracket after it: valid JSON only if the whole is.
        routes = self.understand(json.loads('[{"prefixLen":0,' + text + _END))
        told = self.known[text] = routes, text.count("\n") + _HEAD_LINES + 1
        return told


def _without_passing(text: str, begin: int) -> tuple[str, int]:
    """Return what stands from ``begin`` on without passing members, and how many these were."""
    at = text.find(_GROUP, begin)
    passing = _PASSING.match(text, at if at >= 0 else max(0, text.find(_UPTIME, begin)))
    if passing is None:
        return text[begin:], 0
    first, after = passing.span()
    return text[begin:first] + text[after:], text.count("\n", first, after)
