"""A growing list of faults of rule files, each with its kind, line and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netops.errors import Fault, Place
from netops.plainyaml import line_of


class Notes:
    """Collects what is wrong, of all files."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, kind: str, place: Place, cause: str, remedy: str) -> None:
        """Note something that must be mended before the rules can be used."""
        self.found.append(Fault(kind, place, cause, remedy))

    def warn(self, kind: str, place: Place, cause: str, remedy: str) -> None:
        """Note something that a person should look at; the rules can be used."""
        self.found.append(Fault(kind, place, cause, remedy, warning=True))


Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read, for naming places in it."""

    file: str
    document: object

    def place(self, path: Sequence[str | int] = ()) -> Place:
        """Return where a field of the file stands."""
        field = ".".join(str(part) for part in path)
        return Place(self.file, line_of(self.document, path), field or None)
