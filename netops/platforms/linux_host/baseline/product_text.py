"""What the sections of databases and web servers have in common: instances and their settings.

Knows how one section tells several servers of a kind apart. Knows no product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Setting, Value
from netops.facts.source import NOWHERE, Source
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet

_NUMBER = re.compile(r"-?[0-9]{1,15}")
_DEEPEST, _MOST_INCLUDES = 12, 300
_TRUE = frozenset({"on", "true", "yes", "1"})
_FALSE = frozenset({"off", "false", "no", "0"})


@dataclass(frozen=True, slots=True)
class Instance:
    """One server: everything that a section printed of it."""

    name: str
    pieces: tuple[Piece, ...]

    def said(self, topic: str) -> str:
        """Return what was said of ``topic`` last; empty: nothing."""
        found = (p.name.partition(" ") for p in reversed(self.pieces) if p.kind == "say")
        return next((rest.strip() for word, _, rest in found if word == topic), "")

    def where(self, topic: str) -> Source:
        """Name the line that said it."""
        pieces = (p for p in reversed(self.pieces) if p.kind == "say")
        return next((p.at() for p in pieces if p.name.partition(" ")[0] == topic), NOWHERE)

    def file(self, name: str) -> Piece | None:
        """Return a file that was shown."""
        return next((p for p in self.pieces if p.kind == "file" and p.name == name), None)

    def files(self, prefix: str = "/") -> Iterator[Piece]:
        """Yield the files whose name begins so."""
        return (p for p in self.pieces if p.kind == "file" and p.name.startswith(prefix))

    @property
    def whole(self) -> bool:
        """Whether nothing of it was refused or cut."""
        return not any(piece.refusal or piece.cut for piece in self.pieces)


def instances(sheet: Sheet | None) -> dict[str, Instance]:
    """Return the servers of a section by name; none where the product is not there."""
    found: dict[str, list[Piece]] = {}
    current: list[Piece] | None = None
    for piece in sheet.pieces if sheet is not None else ():
        word, _, rest = piece.name.partition(" ")
        if piece.kind == "say" and word == "instance":
            current = found.setdefault(rest.strip(), [])
        elif current is not None:
            current.append(piece)
    return {name: Instance(name, tuple(pieces)) for name, pieces in found.items()}


class NestingError(Exception):
    """Files include one another deeper or more often than anybody writes by hand."""


@dataclass(frozen=True, slots=True)
class Nesting:
    """How deep an include stands, and how many were opened in all: a hostile file ends soon."""

    depth: int = 0
    opened: list[None] = field(default_factory=list)

    def inside(self) -> Nesting:
        """Open one more include."""
        self.opened.append(None)
        if self.depth >= _DEEPEST or len(self.opened) > _MOST_INCLUDES:
            raise NestingError
        return Nesting(self.depth + 1, self.opened)


@dataclass(slots=True)
class Settings:
    """The settings of one server as they are found; the last value of a name and key counts."""

    found: dict[tuple[str, str], Setting] = field(default_factory=dict)

    def add(self, name: str, value: Value | None, source: Source, key: str = "") -> None:
        """Take a setting; None is a text that was not understood, and no setting."""
        if value is None:
            self.found.pop((name, key), None)
        else:
            self.found[name, key] = Setting(name, value, key[:200], source)

    def all(self) -> tuple[Setting, ...]:
        """Return the settings by name and key."""
        return tuple(self.found[at] for at in sorted(self.found))


def truth(text: str) -> bool | None:
    """Return a switch in one of its usual spellings; None: it is none."""
    word = text.lower()
    return True if word in _TRUE else False if word in _FALSE else None


def whole(text: str) -> int | None:
    """Return a whole number in ASCII digits; None: it is none."""
    return int(text) if _NUMBER.fullmatch(text) else None


def scaled(text: str, units: Mapping[str, int], base: int = 1) -> int | None:
    """Return a number with a unit in the smallest unit; a bare number counts ``base`` of it."""
    match = re.fullmatch(r"(-?[0-9]{1,15})[ \t]*([A-Za-z]{0,6})", text)
    if match is None:
        return None
    factor = units.get(match[2]) if match[2] else base
    return None if factor is None else int(match[1]) * factor


def words(text: str, separators: str = ",") -> tuple[str, ...]:
    """Split a list; empty parts are dropped."""
    gap = f"[{re.escape(separators)} \t]+"
    return tuple(part for part in re.split(gap, text.strip(" \t")) if part)


def unique_key(key: str, taken: Iterable[str]) -> str:
    """Return ``key``, numbered where it is taken: two equal lines are two settings."""
    used, name, count = set(taken), key, 2
    while name in used:
        name, count = f"{key} #{count}", count + 1
    return name
