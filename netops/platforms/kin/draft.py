"""The settings of one device while they are gathered, each with the lines that say so."""

from __future__ import annotations

from netops.facts.settings import Setting, Value
from netops.platforms.answer import Answer

UNKNOWN = "unknown"
"""The value of one key that is not known where other keys are: it compares with nothing.

A number, a switch or a list is not a text, and so no expectation is met or failed by it; without
it the other keys alone would decide. For a text it stands in a list.
"""
UNKNOWN_TEXT = (UNKNOWN,)


class Draft:
    """Collects settings of one answer. A value of None is not known and not written."""

    __slots__ = ("_answer", "_whole", "settings")

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        numbers = answer.numbers
        self._whole = answer.at(numbers[0], numbers[-1]) if numbers else answer.at(0)
        self.settings: list[Setting] = []

    def put(
        self, name: str, value: Value | None, first: int = 0, last: int = 0, key: str = ""
    ) -> None:
        """Write a setting with its lines; line 0 stands for the whole answer (a default)."""
        if value is None:
            return
        source = self._answer.at(first, last or first) if first else self._whole
        self.settings.append(Setting(name, value, key[:200], source))
