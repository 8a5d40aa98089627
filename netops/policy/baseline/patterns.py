"""Tells patterns that a hostile text can make run for ever from those that it cannot.

The pattern becomes an automaton of its positions. Two different ways from a state back to
itself over the same text mean exponential time; a second loop that can be entered from a first
one without leaving it means a power of the text's length. Both are refused, and so is what is
no regular expression at all (references back, conditions).
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from netops.errors import Sentence

MAX_PATTERN = 400
"""Characters of a pattern."""
MAX_TEXT = 4096
"""Characters of a value that a pattern may be run on; a longer one must be answered `unknown`."""
_MAX_STATES = 400
_MAX_COPIES = 12
_MAX_STEPS = 400_000

_parser = importlib.import_module("re._parser")

TOO_LONG = Sentence("The pattern is longer than {bound} characters.", bound=MAX_PATTERN)
NOT_A_PATTERN = Sentence("The pattern is no regular expression: {reason}.")
NOT_REGULAR = Sentence("The pattern refers back to a group or asks a condition.")
TOO_LARGE = Sentence("The pattern is too large to be examined.")
EXPONENTIAL = Sentence("A text can be written that the pattern takes for ever to refuse.")
POLYNOMIAL = Sentence("Two repetitions of the pattern can share the same text in too many ways.")


class _RefusedError(Exception):
    """Why a pattern is refused, as a sentence."""


@cache
def slow_pattern(pattern: str) -> str | None:
    """Return why ``pattern`` must not be run on text of devices; None: it may be."""
    if len(pattern) > MAX_PATTERN:
        return TOO_LONG
    try:
        with warnings.catch_warnings():
            # A set that a later Python may read otherwise is refused as well.
            warnings.simplefilter("error")
            tree = _parser.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return Sentence(NOT_A_PATTERN, reason=str(error)[:80])
    try:
        automaton = _Automaton(bool(tree.state.flags & re.IGNORECASE), _samples(pattern))
        automaton.begin(tree)
        return _judge(automaton)
    except _RefusedError as refusal:
        return refusal.args[0] if isinstance(refusal.args[0], str) else TOO_LARGE


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the pattern: where it can begin and end, and whether it can be nothing."""

    empty: int
    first: Counter[int] = field(default_factory=Counter)
    last: Counter[int] = field(default_factory=Counter)


_NOTHING = _Piece(1)


class _Automaton:
    """The positions of a pattern, what each accepts, and which may follow which, how often."""

    def __init__(self, ignores_case: bool, samples: tuple[str, ...]) -> None:  # noqa: FBT001 - private
        self._ignores_case = ignores_case
        self._samples = samples
        self.accepts: list[int] = []
        self.follow: list[Counter[int]] = []
        self._steps = 0

    def begin(self, tree: Iterable[Any]) -> None:
        """Take in a whole pattern."""
        self._sequence(tree)

    def step(self) -> None:
        """Count work; give up on a pattern that would take too much of it."""
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise _RefusedError(TOO_LARGE)

    def _position(self, accepted: int) -> _Piece:
        self.accepts.append(accepted)
        self.follow.append(Counter())
        if len(self.accepts) > _MAX_STATES:
            raise _RefusedError(TOO_LARGE)
        here = len(self.accepts) - 1
        return _Piece(0, Counter({here: 1}), Counter({here: 1}))

    def _link(self, before: Counter[int], after: Counter[int]) -> None:
        for left, ways in before.items():
            for right, more in after.items():
                self.step()
                self.follow[left][right] += min(2, ways * more)

    def _sequence(self, parts: Iterable[Any]) -> _Piece:
        whole = _NOTHING
        for code, given in parts:
            whole = self._join(whole, self._part(str(code), given))
        return whole

    def _join(self, left: _Piece, right: _Piece) -> _Piece:
        self._link(left.last, right.first)
        return _Piece(
            left.empty * right.empty,
            _capped(left.first, right.first, left.empty),
            _capped(right.last, left.last, right.empty),
        )

    def _either(self, parts: list[_Piece]) -> _Piece:
        empty, first, last = 0, Counter[int](), Counter[int]()
        for part in parts:
            empty, first, last = min(2, empty + part.empty), first + part.first, last + part.last
        return _Piece(empty, first, last)

    def _part(self, code: str, given: Any) -> _Piece:  # noqa: ANN401 - the parser's own tree
        if code in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._position(self._mask(code, given))
        if code in ("SUBPATTERN", "ATOMIC_GROUP"):
            return self._sequence(given[3] if code == "SUBPATTERN" else given)
        if code == "BRANCH":
            return self._either([self._sequence(part) for part in given[1]])
        if code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            return self._repeat(*given)
        if code in ("ASSERT", "ASSERT_NOT"):
            self._sequence(given[1])
        elif code != "AT":
            raise _RefusedError(NOT_REGULAR)
        return _NOTHING

    def _repeat(self, least: int, most: int, parts: Any) -> _Piece:  # noqa: ANN401 - as above
        # Bounded rounds over what can itself be matched in several ways multiply those ways.
        if most > 1 and (most > _MAX_COPIES or _varies(parts)):
            if least == 0 or least > _MAX_COPIES:
                return self._loop(parts, least)
            whole = self._copies(parts, least - 1)
            return self._join(whole, self._loop(parts, 1))
        whole = self._copies(parts, least)
        tail = _NOTHING
        for _copy in range(most - least):
            inner = self._join(self._sequence(parts), tail)
            tail = _Piece(min(2, 1 + inner.empty), inner.first, inner.last)
        return self._join(whole, tail)

    def _copies(self, parts: Any, count: int) -> _Piece:  # noqa: ANN401 - as above
        whole = _NOTHING
        for _copy in range(count):
            whole = self._join(whole, self._sequence(parts))
        return whole

    def _loop(self, parts: Any, least: int) -> _Piece:  # noqa: ANN401 - as above
        inner = self._sequence(parts)
        self._link(inner.last, inner.first)
        if not inner.empty:
            return _Piece(1 if least == 0 else 0, inner.first, inner.last)
        # One more round over nothing is another way to the same end.
        return _Piece(2, inner.first, Counter(dict.fromkeys(inner.last, 2)))

    def _mask(self, code: str, given: Any) -> int:  # noqa: ANN401 - as above
        accepted = 0
        for number, sample in enumerate(self._samples):
            forms = {sample, sample.lower(), sample.upper()} if self._ignores_case else {sample}
            if any(len(one) == 1 and _fits(code, given, ord(one)) for one in forms):
                accepted |= 1 << number
        return accepted


def _varies(parts: Iterable[Any]) -> bool:
    """Whether a part of the pattern holds a choice or a repetition."""
    for code, given in parts:
        name = str(code)
        if name == "BRANCH" or name.endswith("_REPEAT"):
            return True
        inner = {"SUBPATTERN": 3, "ASSERT": 1, "ASSERT_NOT": 1}.get(name)
        if inner is not None and _varies(given[inner]):
            return True
        if name == "ATOMIC_GROUP" and _varies(given):
            return True
    return False


def _capped(one: Counter[int], other: Counter[int], empty: int) -> Counter[int]:
    """Add up ways to begin (or end); more than two are not told apart."""
    whole = Counter(one)
    if empty:
        for state, ways in other.items():
            whole[state] = min(2, whole[state] + ways * min(2, empty))
    return whole


def _fits(code: str, given: Any, point: int) -> bool:  # noqa: ANN401 - the parser's own tree
    if code == "LITERAL":
        return bool(given == point)
    if code == "NOT_LITERAL":
        return bool(given != point)
    if code == "ANY":
        return True
    negated = bool(given) and str(given[0][0]) == "NEGATE"
    return negated != any(_in_set(str(kind), what, point) for kind, what in given)


def _in_set(kind: str, what: Any, point: int) -> bool:  # noqa: ANN401 - as above
    if kind == "LITERAL":
        return bool(what == point)
    if kind == "RANGE":
        return bool(what[0] <= point <= what[1])
    if kind == "CATEGORY":
        name = str(what)
        letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
        found = re.fullmatch(f"\\{letter}", chr(point)) is not None
        return found != ("_NOT_" in name)
    return False


_ALWAYS = "0aA_ \n\t-./:;,'\"$*+?()[]{}|^\\é中٣\u00a0\u3000☂"


def _samples(pattern: str) -> tuple[str, ...]:
    """Return characters that stand for all: those of the pattern, their neighbours, each kind."""
    points = {ord(letter) for letter in _ALWAYS}
    for code in _codes(_parser.parse(pattern)):
        points |= {code - 1, code, code + 1}
    return tuple(sorted(chr(point) for point in points if 0 <= point <= 0x10FFFF))  # noqa: PLR2004 - the last code point


def _codes(tree: Any) -> Iterator[int]:  # noqa: ANN401 - the parser's own tree
    """Yield every number in the parser's tree: among them all code points it names."""
    if isinstance(tree, int):
        yield min(int(tree), 0x10FFFF)
    elif isinstance(tree, list | tuple) or hasattr(tree, "data"):
        for part in tree:
            yield from _codes(part)


def _judge(automaton: _Automaton) -> str | None:
    parts = _parts_of(automaton.follow)
    loops = [state for state, part in enumerate(parts) if _is_loop(automaton, state, part, parts)]
    if any(
        ways > 1 and parts[left] == parts[right]
        for left in loops
        for right, ways in automaton.follow[left].items()
    ):
        return EXPONENTIAL
    for state in loops:
        if _two_ways_back(automaton, state, parts):
            return EXPONENTIAL
    for one in loops:
        for other in loops:
            if parts[one] != parts[other] and _slides(automaton, one, other, parts):
                return POLYNOMIAL
    return None


def _is_loop(automaton: _Automaton, state: int, part: int, parts: list[int]) -> bool:
    return any(parts[after] == part for after in automaton.follow[state])


def _parts_of(follow: list[Counter[int]]) -> list[int]:
    """Return the number of each state's strongly connected part."""
    reach = [_reached(follow, state) for state in range(len(follow))]
    parts = list(range(len(follow)))
    for state in range(len(follow)):
        for other in range(state):
            if other in reach[state] and state in reach[other]:
                parts[state] = parts[other]
                break
    return parts


def _reached(follow: list[Counter[int]], start: int) -> set[int]:
    seen, waiting = set[int](), [start]
    while waiting:
        for after in follow[waiting.pop()]:
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def _two_ways_back(automaton: _Automaton, state: int, parts: list[int]) -> bool:
    """Whether two different ways lead from a state back to it over the same text."""
    part = parts[state]
    seen = {(state, state)}
    waiting = [(state, state)]
    while waiting:
        left, right = waiting.pop()
        for one in automaton.follow[left]:
            for other in automaton.follow[right]:
                automaton.step()
                if parts[one] != part or parts[other] != part:
                    continue
                if not automaton.accepts[one] & automaton.accepts[other]:
                    continue
                pair = (one, other)
                if one == other == state and left != right:
                    return True
                if pair not in seen:
                    seen.add(pair)
                    waiting.append(pair)
    return False


def _slides(automaton: _Automaton, one: int, other: int, parts: list[int]) -> bool:
    """Whether some text leads from one loop to itself, to the other, and there to itself."""
    goal = (one, other, other)
    seen = {(one, one, other)}
    waiting = [(one, one, other)]
    while waiting:
        first, middle, last = waiting.pop()
        for a in automaton.follow[first]:
            if parts[a] != parts[one]:
                continue
            for c in automaton.follow[last]:
                common = automaton.accepts[a] & automaton.accepts[c]
                if parts[c] != parts[other] or not common:
                    continue
                for b in automaton.follow[middle]:
                    automaton.step()
                    if not common & automaton.accepts[b]:
                        continue
                    triple = (a, b, c)
                    if triple == goal:
                        return True
                    if triple not in seen:
                        seen.add(triple)
                        waiting.append(triple)
    return False
