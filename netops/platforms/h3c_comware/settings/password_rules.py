"""``password-control``: the numbers of the device, of groups and of accounts, and the weakest.

Knows that an account's own number stands over its group's, and that over the device's; refuses
to know whether password control acts at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.accounts import FOR_EVER
from netops.platforms.kin.layout import number_of

_MOST = 100_000
_SWITCHED = {"aging": "password.max_age_days", "history": "password.history",
             "length": "password.min_length", "composition": "password.min_kinds"}  # fmt: skip
_MORE_IS_WEAKER = frozenset({"password.max_age_days", "lockout.tries"})


@dataclass(slots=True)
class Rules:
    """The lines of one view. ``off``: rules that are switched off, whatever their number."""

    values: dict[str, tuple[Value, int]] = field(default_factory=dict)
    off: dict[str, int] = field(default_factory=dict)

    def read(self, words: list[str], line: int, *, undone: bool = False) -> None:
        """Read the words behind ``password-control``."""
        topic = words[0] if words else ""
        if topic in _SWITCHED and words[-1] == "enable":
            if undone:
                self.off[_SWITCHED[topic]] = line
            else:
                self.off.pop(_SWITCHED[topic], None)
        elif undone:
            if topic == "change-password":
                self.values["password.change_first"] = (False, line)
        elif topic in _SWITCHED:
            self._number(topic, words, line)
        elif topic == "login-attempt":
            self._attempts(words, line)
        elif topic == "complexity":
            self.values["password.complexity"] = (True, line)

    def _number(self, topic: str, words: list[str], line: int) -> None:
        if topic == "composition":
            if words[1:2] == ["type-number"] and len(words) > 2:  # noqa: PLR2004 - the number
                self._put(_SWITCHED[topic], words[2], line)
        elif len(words) > 1:
            self._put(_SWITCHED[topic], words[1], line)

    def _put(self, name: str, word: str, line: int) -> None:
        number = number_of(word, _MOST)
        if number is not None:
            self.values[name] = (number, line)

    def _attempts(self, words: list[str], line: int) -> None:
        """Read ``login-attempt 5 [exceed lock|lock-time 15|unlock]``."""
        tries = number_of(words[1], _MOST) if len(words) > 1 else None
        if tries is not None:
            self.values["lockout.tries"] = (tries, line)
        if "unlock" in words:
            self.values["lockout.duration_s"] = (0, line)
        elif words[-2:-1] == ["lock-time"]:
            minutes = number_of(words[-1], _MOST)
            if minutes is not None:
                self.values["lockout.duration_s"] = (minutes * 60, line)
        elif words[-1] == "lock":
            self.values["lockout.duration_s"] = (FOR_EVER, line)

    def over(self, others: Rules) -> Rules:
        """These numbers, and the others' where these have none."""
        return Rules({**others.values, **self.values})

    def effective(
        self, defaults: Mapping[str, Value], special: Iterable[Rules]
    ) -> dict[str, tuple[Value, int]]:
        """The weakest number of each rule: of the device, or of an account that has its own."""
        found: dict[str, tuple[Value, int]] = {name: (v, 0) for name, v in defaults.items()}
        found.update(self.values)
        for rules in special:
            for name, (value, line) in rules.values.items():
                if name in found and _is_weaker(name, value, found[name][0]):
                    found[name] = (value, line)
        found.update({name: (0, line) for name, line in self.off.items()})
        return found


def _is_weaker(name: str, value: Value, than: Value) -> bool:
    if not isinstance(value, int) or not isinstance(than, int):
        return False
    if name in _MORE_IS_WEAKER:
        return than != 0 and (value == 0 or value > than)
    return value < than
