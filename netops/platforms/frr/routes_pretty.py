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
from typing import Any

_BEGIN, _NEXT, _END = "{\n", "\n  ],\n", "\n  ]"
_BETWEEN = "\n}\n{\n"
"""Where the document of one instance ends and that of another begins."""
_HEAD = re.compile(
    r'  "([0-9a-fA-F.:]{2,45}\\?/\d{1,3})":\[\n'
    r'    \{\n      "prefix":"\1",\n      "prefixLen":\d{1,3},\n'
)
_PASSING = re.compile(
    r'(?:,\n      "(?:nexthopGroupId|installedNexthopGroupId|uptime)"'
    r':(?:0|[1-9]\d{0,18}|"[\w:]{1,40}"))*+(?=,\n      "nexthops":)'
)
"""Members before the next hops that differ from route to route and give no fact."""
_GROUP, _UPTIME = ',\n      "nexthopGroupId":', ',\n      "uptime":'
"""Where they begin: newer releases print both, older ones the second."""


Understand = Callable[[list[Any]], Any]
Block = tuple[str, Any, int, int]
"""A prefix, what was understood of its routes, the first and the last line; not so many objects."""


def ordinary_prefixes(text: str, numbers: Sequence[int], understand: Understand) -> list[Block]:
    """Return the prefixes of all documents in printed order.

    ``understand`` takes the routes of one prefix. Raises ``ValueError`` at any other text, and
    passes on the one of ``understand``.
    """
    if not (text.startswith(_BEGIN) and text.endswith("\n}")):
        raise ValueError
    known: dict[str, Any] = {}
    found: list[Block] = []
    at = 0
    for document in text[len(_BEGIN) : -2].split(_BETWEEN):
        if not document.endswith(_END):
            raise ValueError
        cut = document[: -len(_END)].split(_NEXT)
        blocks = _blocks(cut, numbers[at + 1 :], known, understand)
        if len({prefix for prefix, *_ in blocks}) < len(cut):
            raise ValueError
        found += blocks
        at += document.count("\n") + 3
    return found


def _blocks(
    cut: list[str], numbers: Sequence[int], known: dict[str, Any], understand: Understand
) -> list[Block]:
    found, at = [], 0
    for text in cut:
        head = _HEAD.match(text)
        if head is None:
            raise ValueError
        alike = _without_passing(text[head.end() :])
        routes = known.get(alike)
        if routes is None:
            # A member before and the bracket after it: valid JSON only if the whole is.
            routes = known[alike] = understand(json.loads('[{"prefixLen":0,' + alike + _END))
        last = at + text.count("\n") + 1
        found.append((head[1].replace("\\", ""), routes, numbers[at], numbers[last]))
        at = last + 1
    return found


def _without_passing(text: str) -> str:
    at = text.find(_GROUP)
    passing = _PASSING.match(text, at if at >= 0 else max(0, text.find(_UPTIME)))
    return text[: passing.start()] + text[passing.end() :] if passing else text
