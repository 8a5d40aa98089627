"""PAM's list of who may come from where (``access.conf``): is everybody limited by source?

Knows access.conf(5): the first line that fits decides, who fits none comes in. Refuses to resolve
names and groups: each is somebody, or some place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_BREAKS = re.compile(r"[ \t]+")
_ANYWHERE = frozenset({"ALL", "0.0.0.0/0", "::/0"})


def limits_everybody(rules: Iterable[str]) -> bool:
    """Return whether nobody is let in from everywhere."""
    for rule in rules:
        sign, _, rest = rule.partition(":")
        whom, _, whence = (part.strip(" \t") for part in rest.partition(":"))
        people, places = _BREAKS.split(whom), _BREAKS.split(whence)
        is_anywhere = bool(_ANYWHERE & set(_named(places)))
        if sign.strip(" \t") == "+" and is_anywhere:  # whomever it excepts, the world comes in
            return False
        if sign.strip(" \t") == "-" and is_anywhere and people == ["ALL"]:
            return True
    return False


def _named(words: list[str]) -> list[str]:
    return words[: words.index("EXCEPT")] if "EXCEPT" in words else words
