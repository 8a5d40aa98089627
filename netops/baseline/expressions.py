"""Evaluates what a check expects: all, any, not, over leaves, in three-valued logic.

Keeps which settings decided and why something is unknown. What is not applicable is left out of
its group; a group of nothing else is not applicable itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netops.baseline.leaves import LeafOutcome, Shown, Why, judge_leaf
from netops.findings import Verdict
from netops.policy.baseline.values import All, Expression, FactKind, Leaf, Literals, Not, Reference

_OPPOSITE = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression says, the leaves that decided it, and why it is unknown."""

    verdict: Verdict
    deciding: tuple[LeafOutcome, ...] = ()

    @property
    def why(self) -> tuple[Why, ...]:
        """Every reason why it is unknown, each once."""
        found = (why for outcome in self.deciding for why in outcome.why)
        return tuple(dict.fromkeys(found)) if self.verdict is Verdict.UNKNOWN else ()


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates expressions of one component's checks over what is shown of it."""

    kinds: Mapping[str, FactKind]
    shown: Shown

    def evaluate(self, expression: Expression, values: Mapping[str, Literals]) -> Outcome:
        """Return the outcome; ``values`` holds the parameters that leaves refer to."""
        if isinstance(expression, Leaf):
            return self._leaf(expression, values)
        if isinstance(expression, Not):
            inner = self.evaluate(expression.part, values)
            return Outcome(_OPPOSITE.get(inner.verdict, inner.verdict), inner.deciding)
        parts = [self.evaluate(part, values) for part in expression.parts]
        return _all(parts) if isinstance(expression, All) else _any(parts)

    def _leaf(self, leaf: Leaf, values: Mapping[str, Literals]) -> Outcome:
        given = leaf.value
        expected = values[given.parameter] if isinstance(given, Reference) else given
        outcome = judge_leaf(leaf, expected, self.kinds[leaf.fact], self.shown)
        return Outcome(outcome.verdict, (outcome,))


def _all(parts: list[Outcome]) -> Outcome:
    """One that fails decides, then one that nobody knows; else all that hold do."""
    return _first(parts, (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET))


def _any(parts: list[Outcome]) -> Outcome:
    return _first(parts, (Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET))


def _first(parts: list[Outcome], order: tuple[Verdict, ...]) -> Outcome:
    for verdict in order:
        deciding = [part for part in parts if part.verdict is verdict]
        if deciding:
            return Outcome(verdict, tuple(leaf for part in deciding for leaf in part.deciding))
    return Outcome(Verdict.NOT_APPLICABLE, tuple(leaf for part in parts for leaf in part.deciding))
