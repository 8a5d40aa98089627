"""Says what pydantic found in a hand-written file in one sentence of ours, with line and field.

Its own sentences are English and speak of Python; none of them reaches a user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from netops.errors import Place, Sentence
from netops.plainyaml import Table, line_of

_LONGEST = 80
_CHOICES = re.compile(r"'([^']*)'|\b(\d+)\b")


def every_fault(
    error: ValidationError, document: object, path: Path
) -> Iterator[tuple[str, Place]]:
    """Yield the cause and the place of each field at fault, one a field."""
    if not isinstance(document, Table):
        yield Sentence("The top of the file is not a mapping."), Place(str(path), 1)
        return
    seen = set[str]()
    errors = error.errors(include_url=False)
    # What is left out is no part of the file but names one of the forms that were tried.
    places = [tuple(part for part in one["loc"] if _is_of_the_file(part)) for one in errors]
    for found, loc in zip(errors, places, strict=True):
        field = ".".join(str(part) for part in loc)
        # A list is not too short because one of its entries is wrong.
        if found["type"] == "too_short" and any(
            len(one) > len(loc) and one[: len(loc)] == loc for one in places
        ):
            continue
        if field not in seen:
            seen.add(field)
            place = Place(str(path), line_of(document, loc), field)
            yield reason_of(dict(found), str(loc[-1]) if loc else ""), place


def _is_of_the_file(part: object) -> bool:
    return isinstance(part, int) or not ("[" in str(part) or str(part).startswith("function-"))


def reason_of(found: Mapping[str, Any], name: str = "") -> Sentence:
    """Return one of pydantic's findings as a sentence; ``name`` is the field's own name."""
    kind, bounds = str(found["type"]), found.get("ctx") or {}
    if kind in _OF_NAMES:
        return Sentence(_OF_NAMES[kind], name=name)
    text = _shown(found.get("input"))
    if kind in ("literal_error", "enum"):
        expected = _CHOICES.findall(str(bounds.get("expected", "")))
        return one_of(text, [word or number for word, number in expected])
    if kind in _OF_BOUNDS:
        template, bound = _OF_BOUNDS[kind]
        return Sentence(template, text=text, bound=str(bounds.get(bound, "")))
    return Sentence(_PLAIN.get(kind, _OTHER), text=text)


def one_of(text: str, values: list[str]) -> Sentence:
    """Say that a text is none of the words that may stand there."""
    return Sentence("“{text}” is none of: {values}.", text=text, values=", ".join(values))


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_NUMBER = Sentence("“{text}” is not a number.")
_WHOLE = Sentence("“{text}” is not a whole number.")
_TEXT = Sentence("“{text}” is not a text; put it in quotes.")
_LIST = Sentence("“{text}” is not a list.")
_MAPPING = Sentence("“{text}” is not a mapping with fields of its own.")
_YES_OR_NO = Sentence("“{text}” is neither true nor false.")
_PREFIX = Sentence("“{text}” is not a prefix.")
_SHARE = Sentence("“{text}” is not a number or a fraction.")
_VALUE = Sentence(
    "“{text}” is neither a text, a whole number, true or false, nor a list of one kind of them."
)
_OTHER = Sentence("“{text}” cannot be used here.")

_OF_NAMES: Mapping[str, str] = {
    "missing": Sentence("The field “{name}” is missing."),
    "extra_forbidden": Sentence("The key “{name}” is not known."),
}
_PLAIN: Mapping[str, str] = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "fraction_type": _SHARE,
    "value_error": _SHARE,
    "string_type": _TEXT,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "plain_value": _VALUE,
    "unseen": Sentence("The text holds a character that nobody sees."),
    "ip_v4_network": _PREFIX,
    "ip_v6_network": _PREFIX,
}
_OF_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": (Sentence("“{text}” is too small: at least {bound}."), "ge"),
    "greater_than": (Sentence("“{text}” is too small: more than {bound}."), "gt"),
    "less_than_equal": (Sentence("“{text}” is too large: at most {bound}."), "le"),
    "less_than": (Sentence("“{text}” is too large: less than {bound}."), "lt"),
    "string_pattern_mismatch": (Sentence("“{text}” does not have the form {bound}."), "pattern"),
    "string_too_long": (
        Sentence("The text is too long: at most {bound} characters."),
        "max_length",
    ),
    "string_too_short": (Sentence("The text is empty."), "min_length"),
    "too_short": (Sentence("The list is too short: at least {bound}."), "min_length"),
    "too_long": (Sentence("The list is too long: at most {bound}."), "max_length"),
}
