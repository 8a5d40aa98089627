"""Typed access to the keys of a specification; whatever cannot be read is a SpecError.

Knows YAML rows with their lines. Refuses to know what a key means.
"""

from __future__ import annotations

from collections.abc import Mapping

from netops.errors import Place, Sentence, SpecError
from netops.inventory.tables import Row

_LONGEST = 200
_SHOWN = 30


def _short(value: float) -> str:
    """Return a number for a sentence, however many digits somebody wrote."""
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def refusal(place: Place, cause: str, remedy: str) -> SpecError:
    """Make the error for ``place``."""
    return SpecError(cause, remedy=remedy, place=place)


def only(row: Row, allowed: tuple[str, ...], what: str) -> None:
    """Refuse keys of ``row`` that are not in ``allowed``."""
    for name in row.values:
        if name not in allowed:
            raise refusal(
                row.place(name),
                Sentence("The key “{name}” is not known in {what}.", name=name, what=what),
                Sentence("Use only: {values}.", values=", ".join(allowed)),
            )


def section(row: Row, name: str) -> Row | None:
    """Return a nested mapping, None where the key is absent."""
    value = row.values.get(name)
    if value is None or isinstance(value, Row):
        return value
    raise refusal(
        row.place(name),
        Sentence("“{name}” is not a mapping.", name=name),
        Sentence("Write it like `{name}: {{key: value}}`.", name=name),
    )


def whole(row: Row, name: str, bounds: tuple[int, int], default: int) -> int:
    """Return a whole number within ``bounds``."""
    value = row.values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise refusal(
            row.place(name),
            Sentence("“{name}” is not a whole number.", name=name),
            "Write it in digits.",
        )
    if not bounds[0] <= value <= bounds[1]:
        raise refusal(
            row.place(name),
            Sentence("“{name}” is {value}.", name=name, value=_short(value)),
            Sentence("Give a number from {least} to {most}.", least=bounds[0], most=bounds[1]),
        )
    return value


def number(row: Row, name: str, bounds: tuple[float, float], default: float) -> float:
    """Return a number within ``bounds``."""
    value = row.values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refusal(
            row.place(name), Sentence("“{name}” is not a number.", name=name), "Write it like 0.02."
        )
    if not bounds[0] <= value <= bounds[1]:
        raise refusal(
            row.place(name),
            Sentence("“{name}” is {value}.", name=name, value=_short(value)),
            Sentence("Give a number from {least} to {most}.", least=bounds[0], most=bounds[1]),
        )
    return float(value)


def flag(row: Row, name: str) -> bool | None:
    """Return true or false, None where the key is absent."""
    value = row.values.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise refusal(
        row.place(name),
        Sentence("“{name}” is neither true nor false.", name=name),
        "Write `true` or `false`.",
    )


def word(row: Row, name: str, allowed: tuple[str, ...] | None = None) -> str:
    """Return a text, "" where absent; one of ``allowed`` where that is given."""
    value = row.values.get(name)
    if value is None:
        return ""
    if isinstance(value, Row | list | bool):
        raise refusal(
            row.place(name),
            Sentence("“{name}” is not a text.", name=name),
            "Write one word, in quotes.",
        )
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise refusal(
            row.place(name),
            Sentence("“{name}” holds {count} characters.", name=name, count=len(text)),
            Sentence("Write one word of at most {most}.", most=_LONGEST),
        )
    if allowed is not None and text not in allowed:
        raise refusal(
            row.place(name),
            Sentence("“{text}” is not known as “{name}”.", text=text, name=name),
            Sentence("Use one of: {values}.", values=", ".join(allowed)),
        )
    return text


def needed(row: Row, name: str, allowed: tuple[str, ...] | None = None) -> str:
    """Return a text that must be there."""
    text = word(row, name, allowed)
    if not text:
        raise refusal(
            row.place(),
            Sentence("“{name}” is missing.", name=name),
            Sentence("Add `{name}:`.", name=name),
        )
    return text


def texts(row: Row, name: str) -> tuple[str, ...]:
    """Return a list of texts, empty where the key is absent."""
    value = row.values.get(name)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(v, str | int) for v in value):
        return tuple(str(v) for v in value)
    raise refusal(
        row.place(name),
        Sentence("“{name}” is not a list of texts.", name=name),
        "Write a list like [a, b].",
    )


def rows(row: Row, name: str) -> tuple[Row, ...]:
    """Return a list of mappings, empty where the key is absent."""
    value = row.values.get(name)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(v, Row) for v in value):
        return tuple(value)
    raise refusal(
        row.place(name),
        Sentence("“{name}” is not a list of mappings.", name=name),
        "Write a line `- {…}` each.",
    )


def shares(row: Row, allowed: tuple[str, ...]) -> Mapping[str, float]:
    """Return shares by word; they must sum to one."""
    only(row, allowed, Sentence("a share of platforms"))
    made = {name: number(row, name, (0.0, 1.0), 0.0) for name in row.values}
    if not made or abs(sum(made.values()) - 1.0) > 1e-6:  # noqa: PLR2004 - rounding of sums
        raise refusal(
            row.place(),
            Sentence("The shares sum to {total:g}.", total=sum(made.values())),
            "Let them sum to 1.",
        )
    return made
