"""The closed table of operators: which facts each may compare, with what, and what it needs.

Evaluation is the judgement's; this is what the loader holds every expression to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from netops.policy.baseline.values import FactType


class Shape(StrEnum):
    """What stands as the value of a leaf."""

    NOTHING = "nothing"
    SAME = "same"
    """A value of the fact's own type."""
    WHOLE = "whole"
    """A whole number."""
    PAIR = "pair"
    """Two whole numbers, the smaller first; both are inside."""
    TEXT = "text"
    PATTERN = "pattern"
    """A regular expression, found anywhere in the text unless anchored."""
    LIST = "list"
    """A list of the fact's own type; of texts for a list."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table."""

    types: frozenset[FactType]
    shape: Shape
    keyed: bool | None = None
    """True: only for keyed facts. None: for both."""
    takes_each: bool = True
    needs_missing: bool = True


_ANY = frozenset(FactType)
_TEXT, _WHOLE, _LIST = (
    frozenset({kind}) for kind in (FactType.TEXT, FactType.INTEGER, FactType.LIST)
)
_COUNT = Operator(_ANY, Shape.WHOLE, takes_each=False, needs_missing=False)

OPERATORS: Mapping[str, Operator] = {
    "eq": Operator(_ANY, Shape.SAME),
    "ne": Operator(_ANY, Shape.SAME),
    "lt": Operator(_WHOLE, Shape.WHOLE),
    "le": Operator(_WHOLE, Shape.WHOLE),
    "gt": Operator(_WHOLE, Shape.WHOLE),
    "ge": Operator(_WHOLE, Shape.WHOLE),
    "between": Operator(_WHOLE, Shape.PAIR),
    "one_of": Operator(_TEXT | _WHOLE, Shape.LIST),
    "none_of": Operator(_TEXT | _WHOLE, Shape.LIST),
    "matches": Operator(_TEXT, Shape.PATTERN),
    "not_matches": Operator(_TEXT, Shape.PATTERN),
    "contains": Operator(_TEXT | _LIST, Shape.TEXT),
    "contains_all": Operator(_LIST, Shape.LIST),
    "contains_any": Operator(_LIST, Shape.LIST),
    "contains_none": Operator(_LIST, Shape.LIST),
    "subset_of": Operator(_LIST, Shape.LIST),
    "present": Operator(_ANY, Shape.NOTHING, takes_each=False, needs_missing=False),
    "absent": Operator(_ANY, Shape.NOTHING, takes_each=False, needs_missing=False),
    "count_le": _COUNT,
    "count_ge": _COUNT,
    "unique": Operator(_ANY, Shape.NOTHING, keyed=True, takes_each=False),
}
"""``count_*`` counts the settings of a keyed fact (none is 0) or the words of a plain list."""
