"""Which rows of a baseline an assessment records: each item once, where it was decided."""

from __future__ import annotations

from netops.findings import SubjectRow

ITEM, OBJECT_ITEM = "item", "object_item"


def is_recorded(row: SubjectRow) -> bool:
    """Whether a row is an item on an asset, or one that only the whole object has.

    An item of the object stands for itself too where a person judged the object as a whole.
    """
    is_own = not row.extra.get("assets") or bool(row.extra.get("person"))
    return row.kind == ITEM or (row.kind == OBJECT_ITEM and is_own)
