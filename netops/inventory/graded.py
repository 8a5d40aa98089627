"""Graded objects 定级对象 and what persons confirmed about them, as frozen values.

Knows their form and who serves whom. Refuses to know clauses: which exist is the catalogue's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class GradedObject:
    """A graded object by GB/T 22240: ``s`` and ``a`` are its two sub-levels.

    Every device of ``devices`` and every device of a department of ``departments`` serves it.
    ``filing`` is the number of its filing (备案号), empty while there is none.
    """

    id: str
    name: str
    government: str
    s: int
    a: int
    filing: str = ""
    devices: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """The overall level: the higher of the two."""
        return max(self.s, self.a)

    @property
    def mark(self) -> str:
        """The levels as people write them, for example ``S3A2``."""
        return f"S{self.s}A{self.a}"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A person's verdict on a clause for an asset, or for a graded object as a whole.

    ``evidence`` names what it is valid for: the digest of the machine's evidence that the person
    saw, or of a document; empty where there was neither. One of ``asset`` and ``object`` is given.
    """

    clause: str
    verdict: str
    by: str
    on: date
    asset: str = ""
    object: str = ""
    evidence: str = ""
    note: str = ""

    @property
    def device(self) -> str:
        """The device of the asset, empty for a graded object."""
        return self.asset.partition("/")[0]


CONFIRMED = ("met", "partly_met", "not_met", "not_applicable")
"""The verdicts that a person can give."""
