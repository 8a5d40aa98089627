"""Whether a message of a log-in fulfils a filter of rsyslog: selectors, properties, conditions.

Three answers: yes, no, and None for what depends on the text of a message or on something that
is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_LEVELS = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
_SAME = {"panic": "emerg", "error": "err", "warn": "warning"}
_FACILITIES = {"auth": 4, "authpriv": 10}
_TOKEN = re.compile(
    r"\s+|(\$[!./\w-]+)|\"([^\"]*)\"|'([^']*)'|([0-9]+)|(==|!=|<>|<=|>=|<|>|\(|\)|,)|([A-Za-z_]\w*)"
)
_COMPARED = {"==", "!=", "<>", "<", ">", "<=", ">=", "contains", "contains_i", "startswith",
             "startswith_i"}  # fmt: skip
_MOST_TOKENS, _DEEPEST = 400, 30


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of a message of a log-in."""

    facility: str
    severity: int

    def value(self, name: str) -> str | None:
        """Return a property's value; None: it depends."""
        known = {
            "syslogfacility-text": self.facility, "syslogseverity": str(self.severity),
            "syslogfacility": str(_FACILITIES[self.facility]),
            "syslogseverity-text": _LEVELS[self.severity], "programname": "sshd",
            "pri-text": f"{self.facility}.{_LEVELS[self.severity]}", "fromhost-ip": "127.0.0.1",
            "syslogpriority": str(self.severity),
            "syslogpriority-text": _LEVELS[self.severity],
        }  # fmt: skip
        return known.get(name)


MESSAGES = tuple(Message(f, s) for f in _FACILITIES for s in (6, 5))
"""sshd and PAM write as ``auth`` or ``authpriv``, at ``info`` or ``notice``."""

Test = Callable[[Message], bool | None]


def selector_test(selector: str) -> Test:
    """Return the test of a selector (``*.info;mail.none``)."""
    parts = [part.partition(".") for part in selector.lower().split(";")]

    def test(message: Message) -> bool:
        takes = False
        for facilities, _, level in parts:
            if {"*", message.facility} & set(facilities.split(",")):
                takes = _level(level, message.severity, takes=takes)
        return takes

    return test


def _level(level: str, severity: int, *, takes: bool) -> bool:
    bare = _SAME.get(level.lstrip("!="), level.lstrip("!="))
    if bare in {"none", "*"}:
        return (bare == "*") != level.startswith("!")
    if bare not in _LEVELS:
        return takes
    wanted = _LEVELS.index(bare)
    fits = severity == wanted if "=" in level else severity <= wanted
    if level.startswith("!"):
        return takes and not fits
    return takes or fits


def property_test(name: str, operation: str, value: str, *, negated: bool) -> Test:
    """Return the test of a property (``:programname, isequal, "sshd"``)."""
    known = {"isequal": "==", "contains": "contains", "startswith": "startswith"}

    def test(message: Message) -> bool | None:
        found = message.value(name.lower())
        compared = known.get(operation.lower())
        if found is None or compared is None:
            return None
        return _compared(found, compared, value) != negated

    return test


def condition(text: str) -> Test:
    """Return the test of a condition of RainerScript."""
    tokens = _tokens(text)

    def test(message: Message) -> bool | None:
        if tokens is None:
            return None
        try:
            return _Condition(tokens, message).whole()
        except IndexError:
            return None

    return test


def _tokens(text: str) -> list[tuple[str, str]] | None:
    """Return kinds and texts; None: something stands there that is not known."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) > _MOST_TOKENS:
            return None
        at = match.end()
        for kind, group in (("name", 1), ("text", 2), ("text", 3), ("text", 4), ("sign", 5),
                            ("word", 6)):  # fmt: skip
            if match[group] is not None:
                found.append((kind, match[group]))
    return found


class _Condition:
    """A condition read from the left, with the precedence of rsyslog: not, and, or."""

    def __init__(self, tokens: list[tuple[str, str]], message: Message) -> None:
        self._tokens = tokens
        self._message = message
        self._at = 0
        self._depth = 0

    def whole(self) -> bool | None:
        """Return what all of it comes to."""
        said = self._any()
        return said if self._at == len(self._tokens) else None

    def _next(self, *texts: str) -> bool:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind != "text" and text.lower() in texts:
                self._at += 1
                return True
        return False

    def _any(self) -> bool | None:
        said = self._all()
        while self._next("or"):
            other = self._all()
            said = True if True in {said, other} else None if None in {said, other} else False
        return said

    def _all(self) -> bool | None:
        said = self._one()
        while self._next("and"):
            other = self._one()
            said = False if False in {said, other} else None if None in {said, other} else True
        return said

    def _one(self) -> bool | None:
        if self._next("not"):
            said = self._inner(self._one)
            return None if said is None else not said
        if self._next("("):
            said = self._inner(self._any)
            if not self._next(")"):
                raise IndexError
            return said
        left = self._operand()
        if isinstance(left, bool):
            return left
        kind, sign = self._tokens[self._at]
        if kind == "text" or sign.lower() not in _COMPARED:
            raise IndexError
        self._at += 1
        right = self._operand()
        if left is None or not isinstance(right, str):
            return None
        return _compared(left, sign.lower(), right)

    def _inner(self, read: Callable[[], bool | None]) -> bool | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise IndexError
        said = read()
        self._depth -= 1
        return said

    def _operand(self) -> str | bool | None:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return text
        if kind == "name":
            return self._message.value(text.lstrip("$").lower())
        if kind == "word" and self._next("("):
            inner = self._arguments()
            if text.lower() == "prifilt" and len(inner) == 1:
                return bool(selector_test(inner[0])(self._message))
            return None
        raise IndexError

    def _arguments(self) -> list[str]:
        inner: list[str] = []
        while not self._next(")"):
            inner.append(self._tokens[self._at][1])
            self._at += 1
        return inner


def _compared(left: str, sign: str, right: str) -> bool | None:
    if sign.startswith("contains"):
        return right.lower() in left.lower() if sign.endswith("_i") else right in left
    if sign.startswith("startswith"):
        return left.lower().startswith(right.lower()) if sign.endswith("_i") else (
            left.startswith(right))  # fmt: skip
    if sign in {"==", "!=", "<>"}:
        return (left == right) == (sign == "==")
    if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit()):
        return None
    a, b = int(left), int(right)
    return {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]
