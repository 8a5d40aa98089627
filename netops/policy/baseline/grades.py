"""Which level of the standard counts for an item of an object with two sub-levels (S3A2).

An item marked S counts at the level of the object's business information, one marked A at that
of its services, one marked G, and one whose mark nobody has given, at the higher of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What an item protects: information (S), service (A), or both (G)."""

    S = "s"
    A = "a"
    G = "g"


@dataclass(frozen=True, slots=True)
class MarksFrom:
    """Whose marks were taken in, and how sure they are."""

    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Grade:
    """The two sub-levels of an object, or the highest of those that an asset serves."""

    s: int
    a: int

    @property
    def level(self) -> int:
        """The overall level."""
        return max(self.s, self.a)

    @property
    def is_mixed(self) -> bool:
        """Whether marks decide anything at all."""
        return self.s != self.a

    def of(self, mark: Mark | None) -> int:
        """Return the level at which an item with this mark counts.

        >>> [Grade(3, 2).of(mark) for mark in (Mark.S, Mark.A, Mark.G, None)]
        [3, 2, 3, 3]
        """
        return {Mark.S: self.s, Mark.A: self.a}.get(mark, self.level) if mark else self.level
