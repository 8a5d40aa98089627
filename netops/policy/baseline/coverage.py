"""Counts how many checks of each component speak of each item at a level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from netops.policy.baseline.fields import COMPONENTS
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import Item


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One clause: its item, and how many checks the components have that have any."""

    clause: str
    item: Item
    checks: dict[str, int]
    is_whole: bool
    """Whether some check proves the item wholly, so that no person need confirm it."""

    @property
    def total(self) -> int:
        """Checks of all components together."""
        return sum(self.checks.values())


def coverage_of(rules: RuleSet, level: int) -> Iterator[CoverageRow]:
    """Yield a row for every technical clause of a level, in the order of the catalogue."""
    counts, whole = dict[str, Counter[str]](), set[str]()
    for check in rules.checks.values():
        for cover in check.covers:
            if level in cover.levels:
                counts.setdefault(cover.item, Counter())[check.component] += 1
                if not cover.part:
                    whole.add(cover.item)
    for item in rules.items_at(level):
        if item.item_class.is_technical:
            found = counts.get(item.id, Counter())
            row = {name: found[name] for name in COMPONENTS if found[name]}
            yield CoverageRow(item.clauses[level], item, row, item.id in whole)
