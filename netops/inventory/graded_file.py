"""Turns ``graded.yaml`` and ``confirmations.yaml`` into graded objects and confirmations.

Knows the form of the files only; whether they fit the rest of the inventory is a check's matter.
Both may be absent: then no asset has a level of its own, and no person has confirmed anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from netops.inventory.fields import Fields
from netops.inventory.graded import CONFIRMED, Confirmation, GradedObject
from netops.inventory.tables import Row

_T = TypeVar("_T")
_LEVELS = (1, 4)
_OBJECT = ("id", "name", "government", "s", "a", "filing", "devices", "departments")
_CONFIRMATION = ("clause", "asset", "object", "verdict", "by", "on", "evidence", "note")


class Collect(Protocol):
    """Makes the records of a list, by their key; a key that stands twice is a fault."""

    def __call__(
        self, rows: tuple[Row, ...], key: str, kind: str, make: Callable[[Row], _T | None]
    ) -> dict[str, _T]:
        """Return what could be made."""
        ...


def build_graded(top: Row | None, fields: Fields, collect: Collect) -> dict[str, GradedObject]:
    """Build what ``graded.yaml`` says; every record that cannot be built is a fault already."""
    if top is None:
        return {}
    fields.only(top, ("graded_objects",))

    def make(row: Row) -> GradedObject | None:
        fields.only(row, _OBJECT)
        fields.file_id(row, "id")
        s, a = (fields.required(row, n) and fields.number(row, n, _LEVELS, None) for n in "sa")
        if not isinstance(s, int) or not isinstance(a, int):
            return None
        return GradedObject(
            id=row.text("id"),
            name=fields.required(row, "name"),
            government=fields.required(row, "government"),
            s=s,
            a=a,
            filing=row.text("filing"),
            devices=tuple(fields.texts(row, "devices")),
            departments=tuple(fields.texts(row, "departments")),
        )

    return collect(tuple(fields.rows(top, "graded_objects")), "id", "graded_object", make)


def build_confirmations(
    top: Row | None, fields: Fields
) -> tuple[tuple[Confirmation, ...], tuple[Row, ...]]:
    """Build what ``confirmations.yaml`` says, each with the record it was built from."""
    if top is None:
        return (), ()
    fields.only(top, ("confirmations",))
    made = [(_confirmation(row, fields), row) for row in fields.rows(top, "confirmations")]
    whole = [(one, row) for one, row in made if one is not None]
    return tuple(one for one, _ in whole), tuple(row for _, row in whole)


def _confirmation(row: Row, fields: Fields) -> Confirmation | None:
    fields.only(row, _CONFIRMATION)
    on = fields.day(row, "on")
    verdict = fields.word(row, "verdict", CONFIRMED)
    clause, by = fields.required(row, "clause"), fields.required(row, "by")
    if on is None:
        return None
    return Confirmation(
        clause=clause,
        verdict=verdict,
        by=by,
        on=on,
        asset=row.text("asset"),
        object=row.text("object"),
        evidence=row.text("evidence"),
        note=row.text("note"),
    )
