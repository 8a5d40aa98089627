"""What a check needs beside the inventory: the records that the nouns were built from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from netops.errors import Sentence
from netops.inventory.tables import Faults, Row


class Records(Protocol):
    """Where the nouns came from, for the places in faults."""

    faults: Faults
    rows: dict[str, tuple[Row, ...]]
    yaml: dict[str, Row | None]
    confirmation_rows: tuple[Row, ...]

    def row_of(self, kind: str, key: str) -> Row:
        """Return the record that a noun was built from."""
        ...

    def has_row(self, kind: str, key: str) -> bool:
        """Whether a record of that name stands in the files, be it faulty or not."""
        ...


def unknown(records: Records, row: Row, field: str, what: str, known_in: str) -> None:
    """Note a reference to something that is not registered.

    What is registered with a fault of its own is one fault, not one for each who refers to it.
    """
    if records.has_row(what, row.text(field)):
        return
    records.faults.add(
        f"unknown_{what}",
        row.place(field),
        Sentence(
            "“{name}” is not a {what} of this inventory.",
            name=row.text(field),
            what=Sentence(what),
        ),
        Sentence("Add it to {file}, or correct the id.", file=known_in),
    )


def is_known(value: str, known: Iterable[str]) -> bool:
    """Whether a reference is empty (another check's matter) or registered."""
    return not value or value in known
