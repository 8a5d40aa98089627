"""Terminal lines: ranges, what each sets, and what is left of the lines that nobody set.

Later statements overrule earlier ones for the lines they name. A range is written once for
lines that are set alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.accounts import NO_SECRET, secret_form
from netops.platforms.kin.draft import UNKNOWN, UNKNOWN_TEXT, Draft
from netops.platforms.kin.filters import Filters, Use
from netops.platforms.kin.layout import Statement, number_of

_MOST_LINES = 256
_INBOUND = {
    "all": ("ssh", "telnet"),
    "ssh": ("ssh",),
    "telnet": ("telnet",),
    "pad": ("pad",),
    "none": (),
}
_AUTHENTICATION = {"aaa": "aaa", "scheme": "aaa", "password": "password", "none": "none"}
_FULL_LINE = 2


@dataclass(slots=True)
class _Line:
    """What one line sets: value and line of the text by topic."""

    where: int
    values: dict[str, tuple[Value | None, int]] = field(default_factory=dict)


class Terminals:
    """The terminal lines of a device. ``defaults`` by kind and topic; no key: not known."""

    def __init__(self, defaults: Mapping[str, Mapping[str, Value]]) -> None:
        self._defaults = defaults
        self._lines: dict[str, dict[int, _Line]] = {"vty": {}, "console": {}}
        self._classes: dict[str, dict[str, tuple[Value | None, int]]] = {}

    def read(self, statement: Statement, words: list[str], filters: Filters) -> None:
        """Read ``user-interface|line vty 0 4`` (or ``con 0``, ``class vty``) and what it sets."""
        is_class = words[1:2] == ["class"]
        rest = words[2:] if is_class else words[1:]
        word = rest[0] if rest else ""
        kind = _KINDS.get(word)
        if kind is None:
            return
        own = dict(_settings(statement, kind, rest, filters))
        if is_class:
            self._classes.setdefault(_class_of(word), {}).update(own)
            return
        numbers = [n for n in (number_of(w, 1 << 16) for w in rest[1:3]) if n is not None]
        if not numbers:
            return
        prefix = len(rest) > _FULL_LINE and kind == "console"
        offset = _AUXILIARY if word == "aux" else 0
        first, last = numbers[0] + offset, numbers[-1] + offset
        for number in [last] if prefix else range(first, min(last, first + _MOST_LINES) + 1):
            line = self._lines[kind].setdefault(number, _Line(statement.line))
            line.values.update(own)

    def fill(self, count: int, where: int) -> None:
        """Add the lines up to ``count`` that no statement names: they stand at their defaults."""
        for number in range(min(count, _MOST_LINES)):
            self._lines["vty"].setdefault(number, _Line(where))

    def fill_console(self, where: int) -> None:
        """Add the console where no statement names one: every device has it."""
        if not self._lines["console"]:
            self._lines["console"][0] = _Line(where)

    @property
    def highest(self) -> int:
        """The highest VTY line named, -1 where none is."""
        return max(self._lines["vty"], default=-1)

    def write(self, draft: Draft, filters: Filters, *, has_ipv6: bool) -> None:
        """Write the settings of each range."""
        for kind, lines in self._lines.items():
            for first, last, line in _ranges(lines):
                word = "aux" if first >= _AUXILIARY else kind
                if self._effective(word, "shell", line)[0] is False:
                    continue
                key = _key(first, last)
                for topic in _TOPICS:
                    value, at = self._effective(word, topic, line)
                    secret = self._effective(word, "secret", line)[0]
                    if value == "unset" and secret not in {None, NO_SECRET}:
                        value = "password"
                    self._put(draft, filters, (f"{kind}.{topic}", key, at), value, has_ipv6)

    def _effective(self, kind: str, topic: str, line: _Line) -> tuple[Value | None, int]:
        """Own value over that of the class over the default; a value of None is the default."""
        for values in (line.values, self._classes.get(kind, {})):
            value, at = values.get(topic, (None, 0))
            if value is not None:
                return value, at
        return self._defaults.get(kind, {}).get(topic), line.where

    def _put(
        self,
        draft: Draft,
        filters: Filters,
        place: tuple[str, str, int],
        value: Value | None,
        has_ipv6: bool,  # noqa: FBT001 - handed through
    ) -> None:
        name, key, at = place
        if name == "vty.acl":
            draft.put("vty.acl_state", filters.state(str(value or "")), at, key=key)
        elif name == "vty.acl6":
            if has_ipv6:
                draft.put("vty.acl6_state", filters.state(str(value or ""), 6), at, key=key)
        elif not name.startswith("console.acl"):
            draft.put(name, _NOT_KNOWN.get(name) if value is None else value, at, key=key)


_AUXILIARY = 1 << 20
"""Added to the numbers of auxiliary lines: they stand beside the console's and are not it."""
_KINDS = {"vty": "vty", "con": "console", "console": "console", "aux": "console"}


def _class_of(word: str) -> str:
    return "console" if word == "con" else word


def _key(first: int, last: int) -> str:
    if first >= _AUXILIARY:
        return f"aux {first - _AUXILIARY}"
    return str(first) if first == last else f"{first}-{last}"


_NOT_KNOWN: Mapping[str, Value] = {
    "vty.inbound": UNKNOWN,
    "vty.authentication": UNKNOWN_TEXT,
    "vty.idle_timeout_s": UNKNOWN,
    "console.authentication": UNKNOWN_TEXT,
    "console.idle_timeout_s": UNKNOWN,
}
_TOPICS = ("inbound", "authentication", "idle_timeout_s", "level", "acl", "acl6",
           "command_accounting", "secret")  # fmt: skip


def _ranges(lines: dict[int, _Line]) -> list[tuple[int, int, _Line]]:
    """Join neighbours that are set alike."""
    found: list[tuple[int, int, _Line]] = []
    for number in sorted(lines):
        line = lines[number]
        if found and found[-1][1] == number - 1 and _alike(found[-1][2], line):
            found[-1] = (found[-1][0], number, found[-1][2])
        else:
            found.append((number, number, line))
    return found


def _alike(one: _Line, other: _Line) -> bool:
    return one.where == other.where and one.values == other.values


_Set = tuple[str, tuple[Value | None, int]]


def _settings(statement: Statement, kind: str, rest: list[str], filters: Filters) -> list[_Set]:
    found: list[_Set] = []
    place = " ".join(rest)
    for child in statement.below:
        words = child.words
        undone = words[0] == "undo"
        reader = _READERS.get(words[1] if undone and len(words) > 1 else words[0])
        if reader is None:
            continue
        topic, value = reader(words[2:] if undone else words[1:])
        cleared = False if topic in {"shell", "command_accounting"} else None
        found.append((topic, (cleared if undone else value, child.line)))
        if topic in {"acl", "acl6"} and value and not undone:
            family = 6 if topic == "acl6" else 4
            filters.bind(f"{kind} {place}", str(value), family, Use.MANAGEMENT, child.line)
    return found


def seconds(words: list[str]) -> int | None:
    """Read minutes and seconds; 0 and ``0 0`` mean never."""
    minutes = number_of(words[0], 100_000) if words else None
    if minutes is None:
        return None
    more = number_of(words[1], 60) if len(words) > 1 else 0
    return minutes * 60 + (more or 0)


_LIST_KINDS = frozenset({"ipv6", "name", "basic", "advanced"})


def _acl(words: list[str]) -> tuple[str, Value | None]:
    family = "acl6" if words[:1] == ["ipv6"] else "acl"
    rest = [word for word in words if word not in _LIST_KINDS]
    if rest[-1:] == ["outbound"]:
        return "outbound", None
    return family, rest[0] if rest else None


def _level(words: list[str]) -> tuple[str, Value | None]:
    return "level", number_of(words[-1], 15) if words[:2] == ["privilege", "level"] else None


def _protocol(words: list[str]) -> tuple[str, Value | None]:
    found = tuple(sorted({name for word in words[1:] for name in _INBOUND.get(word, (word,))}))
    return ("inbound", found) if words[:1] == ["inbound"] else ("outbound", None)


_READERS: Mapping[str, Callable[[list[str]], tuple[str, Value | None]]] = {
    "protocol": _protocol,
    "authentication-mode": lambda w: (
        "authentication",
        _AUTHENTICATION.get(w[0]) if w else None,
    ),
    "idle-timeout": lambda w: ("idle_timeout_s", seconds(w)),
    "user": _level,
    "acl": _acl,
    "shell": lambda _w: ("shell", True),
    "command": lambda w: (f"command_{w[0]}" if w else "command", True),
    "set": lambda w: (
        "secret",
        secret_form(w[2:]) if w[:2] == ["authentication", "password"] else None,
    ),
}
