"""Holds a fact against what a person read in a recording and wrote down in YAML.

``kind`` names the fact's class; ``len.FIELD`` its number of members; a trailing ``_`` of a key
keeps YAML from reading it as a word of its own.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from netops.facts.source import Source


def plain(value: object) -> object:
    """Write a fact's value as YAML would: addresses as text, tuples as lists."""
    if isinstance(value, Source):
        return [value.first, value.last]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(member) for member in value]
    if is_dataclass(value):
        return [plain(getattr(value, field.name)) for field in fields(value)]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def agrees(fact: object, wanted: dict[str, Any]) -> bool:
    """Whether ``fact`` is what was wanted, in every field that was named."""
    if type(fact).__name__ != wanted["kind"]:
        return False
    for key, value in wanted.items():
        if key.startswith("len."):
            if len(getattr(fact, key[4:])) != value:
                return False
        elif key != "kind" and plain(getattr(fact, key.rstrip("_"))) != value:
            return False
    return True
