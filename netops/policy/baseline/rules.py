"""All rules of a run as one frozen value, with the look-ups that a judgement needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netops.policy.baseline.grades import Grade, Mark, MarksFrom
from netops.policy.baseline.values import (
    All,
    Any,
    Check,
    Expression,
    FactKind,
    HighRiskCase,
    Item,
    Leaf,
    Not,
    Profile,
    Related,
)


@dataclass(frozen=True, slots=True)
class Total:
    """How many items a level should have, and how sure that is."""

    items: int
    status: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What ``policies/`` and a site's folders over it hold, checked against one another.

    ``facts`` is keyed by component and name. ``digest`` is over every file that was read.
    ``samples`` names the thresholds that are ours and no standard's.
    """

    items: Mapping[str, Item]
    facts: Mapping[tuple[str, str], FactKind]
    checks: Mapping[str, Check]
    profiles: Mapping[str, Profile]
    high_risk: Mapping[str, HighRiskCase]
    digest: str
    samples: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    totals: Mapping[int, Total] = field(default_factory=dict)
    clauses: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    """S, A or G by item, as far as somebody has given them."""
    marked_by: tuple[MarksFrom, ...] = ()

    def item_of_clause(self, clause: str) -> tuple[Item, int] | None:
        """Return the item of ``8.1.4.1.a`` and its level; None where no catalogue has it."""
        found = self.clauses.get(clause)
        return None if found is None else (self.items[found[0]], found[1])

    def fact(self, component: str, name: str) -> FactKind:
        """Return what is known of a setting that a check names."""
        return self.facts[component, name]

    def kinds_of(self, component: str) -> dict[str, FactKind]:
        """Return what is known of the settings of a component, by name."""
        return {name: kind for (owner, name), kind in self.facts.items() if owner == component}

    def items_at(self, level: int) -> tuple[Item, ...]:
        """Return the items that a level requires, in the order of the catalogue."""
        return tuple(item for item in self.items.values() if level in item.clauses)

    def level_of(self, item: Item, grade: Grade) -> int | None:
        """Return the level at which a grade requires an item; None where it does not."""
        level = grade.of(self.marks.get(item.id))
        return level if level in item.clauses else None

    def required(self, grade: Grade) -> tuple[tuple[Item, int], ...]:
        """Return the items that a grade requires, each with the level that counts for it."""
        found = ((item, self.level_of(item, grade)) for item in self.items.values())
        return tuple((item, level) for item, level in found if level is not None)

    def checks_of(self, profile: Profile, component: str) -> tuple[Check, ...]:
        """Return the checks that a profile asks of a component, in the order of their ids."""
        chosen = (self.checks[name] for name in profile.checks)
        return tuple(check for check in chosen if check.component == component)


def leaves_of(expression: Expression) -> Iterator[Leaf]:
    """Yield every comparison of an expression, left to right."""
    if isinstance(expression, Leaf):
        yield expression
    elif isinstance(expression, Not):
        yield from leaves_of(expression.part)
    elif isinstance(expression, All | Any):
        for part in expression.parts:
            yield from leaves_of(part)
