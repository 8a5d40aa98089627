"""Compares versions as vendors write them, to the precision that a rule states.

Knows two forms: dotted numbers (``22.03``, ``7.1.070``, ``15.4``) and Huawei's
``V200R019C10SPC500``. Refuses to compare one with the other: the answer is then None, not known.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VRC = re.compile(r"V(\d{1,5})R(\d{1,5})(?:C(\d{1,5}))?(?:SPC(\d{1,5}))?", re.IGNORECASE)
_DOTTED = re.compile(r"(?:\d{1,4}:)?[vV]?(\d[^,]*)")
_NUMBER = re.compile(r"\d{1,9}")
_CONSTRAINT = re.compile(r"\s*(>=|<=|==|!=|>|<|=)\s*(\S.*?)\s*")
_LONGEST = 80
_MOST_NUMBERS = 8

Version = tuple[str, tuple[int, ...]]
"""The form, and its numbers from the left."""


@lru_cache(maxsize=4096)
def parse_version(text: str) -> Version | None:
    """Return form and numbers; None where the text is no version.

    >>> parse_version("V200R019C10SPC500")
    ('vrc', (200, 19, 10, 500))
    >>> parse_version("7.1.070")
    ('dotted', (7, 1, 70))
    >>> parse_version("22.03-LTS-SP3")
    ('dotted', (22, 3, 3))
    >>> parse_version("rolling") is None
    True
    """
    shown = text.strip()[:_LONGEST]
    if found := _VRC.match(shown):
        return "vrc", tuple(int(part) for part in found.groups() if part is not None)
    if found := _DOTTED.match(shown):
        return "dotted", tuple(int(part) for part in _NUMBER.findall(found[1])[:_MOST_NUMBERS])
    return None


@lru_cache(maxsize=4096)
def satisfies(version: str, constraint: str) -> bool | None:
    """Whether a version fits ``>=12``, ``<V200R019C10``, ``==7.1``; None where nobody can say.

    Only as many numbers are compared as the constraint gives, so that a patch of a release is
    that release.

    >>> satisfies("V200R019C10SPC500", "<=V200R019C10")
    True
    >>> satisfies("V200R019C10SPC500", ">V200R019C10")
    False
    >>> satisfies("7.1.070", ">=7.1.064")
    True
    >>> satisfies("12", "<22")
    True
    >>> satisfies("5.170", ">=V200R019") is None
    True
    """
    read = _CONSTRAINT.fullmatch(constraint)
    if read is None:
        return None
    mine, asked = parse_version(version), parse_version(read[2])
    if mine is None or asked is None or mine[0] != asked[0]:
        return None
    width = len(asked[1])
    left = (*mine[1], *(0 for _ in range(width)))[:width]
    return _compare(left, read[1], asked[1])


def _compare(left: tuple[int, ...], sign: str, right: tuple[int, ...]) -> bool:
    if sign in ("==", "="):
        return left == right
    if sign == "!=":
        return left != right
    if sign in (">=", "<="):
        return left >= right if sign == ">=" else left <= right
    return left > right if sign == ">" else left < right
