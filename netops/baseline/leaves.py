"""Compares settings with what a rule expects: one leaf of an expression, three-valued.

Knows the operators. A setting that is missing is judged by what its leaf says, and only where
every command that shows it was understood; else the answer is unknown, with why. Nothing that a
device wrote can make a comparison fail to end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from netops.facts.answers import AnswerState
from netops.facts.settings import Setting, Value
from netops.findings import UnknownReason, Verdict
from netops.policy.baseline.patterns import MAX_TEXT
from netops.policy.baseline.values import FactKind, Leaf, Literals

MOST_TEXT = MAX_TEXT
"""Characters of a value that a pattern is held against; a longer one is not understood."""
MOST_SETTINGS = 50_000
"""Settings of one name that are compared; more is not understood."""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why something is not known: what kind, and which command it is about."""

    reason: UnknownReason
    command: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LeafOutcome:
    """What a leaf says, the settings that decided it, and why it is unknown."""

    verdict: Verdict
    leaf: Leaf
    expected: Literals | None
    settings: tuple[Setting, ...] = ()
    why: tuple[Why, ...] = ()


_REASONS = {
    AnswerState.NOT_ASKED: UnknownReason.NOT_COLLECTED,
    AnswerState.NOT_SUPPORTED: UnknownReason.NOT_COLLECTED,
    AnswerState.REFUSED: UnknownReason.REFUSED,
    AnswerState.NOT_UNDERSTOOD: UnknownReason.NOT_UNDERSTOOD,
    AnswerState.ERROR: UnknownReason.ERROR,
}
_COUNTS = ("count_le", "count_ge")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a component: settings by name, and the state of each command."""

    settings: Mapping[str, Sequence[Setting]]
    states: Mapping[str, tuple[AnswerState, str]]
    otherwise: tuple[AnswerState, str] = (AnswerState.NOT_ASKED, "")
    """The state of a command that ``states`` does not name."""

    def gaps(self, kind: FactKind) -> tuple[Why, ...]:
        """Return why a fact may be incomplete: the commands that were not understood."""
        found = []
        for command in kind.commands:
            state, detail = self.states.get(command, self.otherwise)
            if state is not AnswerState.UNDERSTOOD:
                found.append(Why(_REASONS[state], command, detail or state.value))
        return tuple(found)


def judge_leaf(leaf: Leaf, expected: Literals | None, kind: FactKind, shown: Shown) -> LeafOutcome:
    """Return what a leaf says of the settings that are known."""
    gaps = shown.gaps(kind)
    found = _selected(leaf, shown.settings.get(leaf.fact, ()))
    if len(found) > MOST_SETTINGS:
        why = Why(UnknownReason.NOT_UNDERSTOOD, _from(kind), "too many settings")
        return LeafOutcome(Verdict.UNKNOWN, leaf, expected, (), (why,))
    if leaf.op in ("present", "absent"):
        return _presence(leaf, found, gaps)
    if leaf.op in _COUNTS and (kind.keyed or not found):
        return _count(leaf, expected, found, gaps)
    if not found:
        return _missing(leaf, expected, gaps)
    if leaf.op == "unique":
        return _unique(leaf, found, gaps)
    return _compared(leaf, expected, kind, (found, gaps))


def _selected(leaf: Leaf, settings: Sequence[Setting]) -> Sequence[Setting]:
    if not leaf.where:
        return settings
    pattern = _compiled(leaf.where)
    return [s for s in settings if len(s.key) <= MOST_TEXT and pattern.search(s.key)]


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _from(kind: FactKind) -> str:
    return kind.commands[0] if kind.commands else ""


def _presence(leaf: Leaf, found: Sequence[Setting], gaps: tuple[Why, ...]) -> LeafOutcome:
    if found:
        verdict = Verdict.MET if leaf.op == "present" else Verdict.NOT_MET
        return LeafOutcome(verdict, leaf, None, tuple(found))
    if gaps:
        return LeafOutcome(Verdict.UNKNOWN, leaf, None, (), gaps)
    return LeafOutcome(Verdict.NOT_MET if leaf.op == "present" else Verdict.MET, leaf, None)


def _missing(leaf: Leaf, expected: Literals | None, gaps: tuple[Why, ...]) -> LeafOutcome:
    """An absent setting is absent only where all that would show it was understood."""
    if gaps:
        return LeafOutcome(Verdict.UNKNOWN, leaf, expected, (), gaps)
    verdict = Verdict(leaf.missing or "unknown")
    why: tuple[Why, ...] = ()
    if verdict is Verdict.UNKNOWN:
        why = (Why(UnknownReason.NOT_UNDERSTOOD, leaf.fact, "no default is known"),)
    return LeafOutcome(verdict, leaf, expected, (), why)


def _count(
    leaf: Leaf, expected: Literals | None, found: Sequence[Setting], gaps: tuple[Why, ...]
) -> LeafOutcome:
    """Count settings; those that were not seen could only make it more."""
    if not found and not gaps and leaf.missing is not None:
        return _missing(leaf, expected, gaps)
    limit = expected if isinstance(expected, int) else 0
    is_met = len(found) <= limit if leaf.op == "count_le" else len(found) >= limit
    if gaps and is_met == (leaf.op == "count_le"):
        return LeafOutcome(Verdict.UNKNOWN, leaf, expected, tuple(found), gaps)
    return LeafOutcome(_verdict(is_met), leaf, expected, tuple(found))


def _unique(leaf: Leaf, found: Sequence[Setting], gaps: tuple[Why, ...]) -> LeafOutcome:
    """Whether no two keys have the same value; the settings that share one decide."""
    by_value: dict[Value, list[Setting]] = {}
    for setting in found:
        by_value.setdefault(setting.value, []).append(setting)
    shared = tuple(s for group in by_value.values() if len(group) > 1 for s in group)
    if shared:
        return LeafOutcome(Verdict.NOT_MET, leaf, None, shared)
    if gaps:
        return LeafOutcome(Verdict.UNKNOWN, leaf, None, tuple(found), gaps)
    return LeafOutcome(Verdict.MET, leaf, None, tuple(found))


def _compared(
    leaf: Leaf,
    expected: Literals | None,
    kind: FactKind,
    known: tuple[Sequence[Setting], tuple[Why, ...]],
) -> LeafOutcome:
    """Compare setting by setting, then ask for all, any or none of them."""
    found, gaps = known
    compare = OPERATORS[leaf.op]
    if len(found) == 1 and not gaps:  # nearly every leaf: one setting, and nothing unseen
        said = compare(found[0].value, expected)
        if said is not None:
            verdict = _verdict(said is not (leaf.each == "none"))
            return LeafOutcome(verdict, leaf, expected, tuple(found))
    held = [(setting, compare(setting.value, expected)) for setting in found]
    good = [setting for setting, said in held if said is True]
    bad = [setting for setting, said in held if said is False]
    strange = [setting for setting, said in held if said is None]
    # A key that nobody saw could still be the one that fails, or the one that is looked for.
    unseen = gaps if kind.keyed else ()
    unread = tuple(_unread(kind, setting) for setting in strange[:1])
    decided = {
        "all": (bad, Verdict.NOT_MET, good, Verdict.MET),
        "any": (good, Verdict.MET, bad, Verdict.NOT_MET),
        "none": (good, Verdict.NOT_MET, bad, Verdict.MET),
    }[leaf.each]
    sure, sure_verdict, rest, rest_verdict = decided
    if sure:
        return LeafOutcome(sure_verdict, leaf, expected, tuple(sure))
    if strange or unseen:
        return LeafOutcome(Verdict.UNKNOWN, leaf, expected, tuple(found), (*unread, *unseen))
    return LeafOutcome(rest_verdict, leaf, expected, tuple(rest))


def _unread(kind: FactKind, setting: Setting) -> Why:
    shown = str(setting.value)[:80]
    detail = f"{setting.name} has a value that cannot be compared: {shown}"
    return Why(UnknownReason.NOT_UNDERSTOOD, _from(kind), detail)


def _verdict(is_met: bool) -> Verdict:  # noqa: FBT001 - it is what is translated
    return Verdict.MET if is_met else Verdict.NOT_MET


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _words(value: Value) -> tuple[str, ...] | None:
    return value if isinstance(value, tuple) else None


def _listed(expected: Literals | None) -> Collection[object]:
    return expected if isinstance(expected, tuple) else (expected,)


def _same(value: Value, expected: Literals | None) -> bool | None:
    """A text is no number: values of two types are not comparable, not different."""
    if type(value) is not type(expected):
        return None
    if isinstance(value, tuple):
        return sorted(value) == sorted(str(word) for word in _listed(expected))
    return value == expected


def _ordered(accept: Callable[[int, int], bool]) -> Callable[[Value, Literals | None], bool | None]:
    def compare(value: Value, expected: Literals | None) -> bool | None:
        number = _number(value)
        if number is None or not isinstance(expected, int):
            return None
        return accept(number, expected)

    return compare


def _between(value: Value, expected: Literals | None) -> bool | None:
    number = _number(value)
    if number is None or not isinstance(expected, tuple):
        return None
    low, high = (int(part) for part in expected)
    return low <= number <= high


def _one_of(value: Value, expected: Literals | None) -> bool | None:
    if isinstance(value, tuple):
        return None
    return any(type(one) is type(value) and one == value for one in _listed(expected))


def _found(value: Value, expected: Literals | None) -> bool | None:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        return None
    return _compiled(str(expected)).search(value) is not None


def _contains(value: Value, expected: Literals | None) -> bool | None:
    if isinstance(value, str | tuple):
        return str(expected) in value
    return None


def _set(
    accept: Callable[[set[str], set[str]], bool],
) -> Callable[[Value, Literals | None], bool | None]:
    def compare(value: Value, expected: Literals | None) -> bool | None:
        words = _words(value)
        return None if words is None else accept(set(words), {str(w) for w in _listed(expected)})

    return compare


def _counted(value: Value, expected: Literals | None) -> int | None:
    words = _words(value)
    return None if words is None or not isinstance(expected, int) else len(words) - expected


def _at_most(value: Value, expected: Literals | None) -> bool | None:
    over = _counted(value, expected)
    return None if over is None else over <= 0


def _at_least(value: Value, expected: Literals | None) -> bool | None:
    over = _counted(value, expected)
    return None if over is None else over >= 0


def _negated(
    compare: Callable[[Value, Literals | None], bool | None],
) -> Callable[[Value, Literals | None], bool | None]:
    def negated(value: Value, expected: Literals | None) -> bool | None:
        held = compare(value, expected)
        return None if held is None else not held

    return negated


OPERATORS: Mapping[str, Callable[[Value, Literals | None], bool | None]] = {
    "eq": _same,
    "ne": _negated(_same),
    "lt": _ordered(lambda a, b: a < b),
    "le": _ordered(lambda a, b: a <= b),
    "gt": _ordered(lambda a, b: a > b),
    "ge": _ordered(lambda a, b: a >= b),
    "between": _between,
    "one_of": _one_of,
    "none_of": _negated(_one_of),
    "matches": _found,
    "not_matches": _negated(_found),
    "contains": _contains,
    "contains_all": _set(lambda words, asked: asked <= words),
    "contains_any": _set(lambda words, asked: bool(asked & words)),
    "contains_none": _set(lambda words, asked: not asked & words),
    "subset_of": _set(lambda words, asked: words <= asked),
    "count_le": _at_most,
    "count_ge": _at_least,
}
"""How one value is held against what is expected; None: the two cannot be compared."""
