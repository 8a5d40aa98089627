"""Traffic policies as filters: what classifier, behaviour and policy together let pass.

Knows the words of VRP and Comware: a behaviour drops what its classifier selects, what none
selects passes, and what a rule ``deny`` of a selecting list means differs by platform and series.
Refuses to know the rules themselves; a condition that is no access list selects it knows not what.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.filters import AccessList, Filters, Use, in_order
from netops.platforms.kin.layout import Statement, number_of
from netops.platforms.kin.passages import Passage, Step, write_passage
from netops.platforms.kin.rules import EVERY_PACKET, Rule

_IPV6 = 6
_MOST_MATCHES, _MOST_PAIRS = 256, 5120
"""Conditions of a classifier and pairs of a policy; with more, nobody knows what is selected."""
_MOST_STEPS = 50_000
"""Of all policies of a device together; of what lies beyond nothing is said."""
_LISTS = frozenset({"acl", "acl6"})
_COUNTS = frozenset({"statistic", "statistics", "accounting"})
_ACTIONS = frozenset({"permit", "deny"})
_DIRECTIONS = frozenset({"inbound", "outbound"})


class _Match(NamedTuple):
    """A condition: a list of a family, ``any``, or something else (no list and not all)."""

    wanted: str
    family: int
    every: bool
    line: int


@dataclass(slots=True)
class _Class:
    """A classifier; ``others`` counts conditions that are not ``any``."""

    operator: str
    matches: list[_Match] = field(default_factory=list)
    lists: list[_Match] = field(default_factory=list)
    families: set[int] = field(default_factory=set)
    others: int = 0

    def add(self, match: _Match) -> None:
        """Note a condition."""
        if len(self.matches) == _MOST_MATCHES:
            self.operator = ""
            return
        self.matches.append(match)
        self.others += not match.every
        if match.wanted:
            self.lists.append(match)
            self.families.add(match.family)


@dataclass(slots=True)
class _Behaviour:
    """What it says: ``drops`` only where ``said``; ``counts`` and does something ``other``."""

    drops: bool = False
    said: bool = False
    counts: bool = False
    other: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it does nothing but pass or drop, so that a rule ``deny`` surely drops."""
        return not self.other and (self.said or not self.counts)


class _Pair(NamedTuple):
    classifier: str
    behaviour: str
    rank: int | None
    line: int


@dataclass(slots=True)
class _Policy:
    line: int
    unordered: bool = False
    pairs: list[_Pair] = field(default_factory=list)


@dataclass(slots=True)
class Policies:
    """Gathers what is written; ``denies``: a rule ``deny`` of a list drops by itself."""

    denies: bool
    operator: str
    """What several conditions mean where no word says it; empty: not known."""
    word: str
    """How people call such a policy."""
    classes: dict[str, _Class] = field(default_factory=dict)
    behaviours: dict[str, _Behaviour] = field(default_factory=dict)
    policies: dict[str, _Policy] = field(default_factory=dict)
    bound: list[tuple[str, str, int]] = field(default_factory=list)

    def classifier(self, statement: Statement, words: list[str], filters: Filters) -> None:
        """Read ``traffic classifier C [operator|type and|or]`` and note the lists that it names."""
        words = _words(words)
        if len(words) < 3:  # noqa: PLR2004 - two keywords and the name
            return
        said = words[3:4] in (["operator"], ["type"]) and len(words) > 4  # noqa: PLR2004
        given = words[4] if said else ""
        made = self.classes.setdefault(words[2], _Class(given or self.operator))
        for child in statement.below:
            parts = child.words
            if parts[0] != "if-match":
                continue
            match = _condition(parts[1:], child.line)
            made.add(match)
            if match.wanted:
                place = f"classifier {words[2]}"
                filters.bind(place, match.wanted, match.family, Use.OTHER, child.line)

    def behaviour(self, statement: Statement, words: list[str]) -> None:
        """Read ``traffic behavior B``: ``deny`` of VRP, ``filter deny`` of Comware."""
        words = _words(words)
        if len(words) < 3:  # noqa: PLR2004 - two keywords and the name
            return
        made = self.behaviours.setdefault(words[2], _Behaviour())
        for child in statement.below:
            parts = child.words
            if parts[0] in _COUNTS:
                made.counts = True
            elif parts[-1] in _ACTIONS and parts[:-1] in ([], ["filter"]):
                made.drops, made.said = parts[-1] == "deny", True
            else:
                made.other = True

    def policy(self, statement: Statement, words: list[str]) -> None:
        """Read ``traffic policy P`` or ``qos policy P`` with its pairs."""
        words = _words(words)
        if len(words) < 3:  # noqa: PLR2004 - two keywords and the name
            return
        made = self.policies.setdefault(words[2], _Policy(statement.line))
        made.unordered |= words[3:5] == ["match-order", "auto"]
        for child in statement.below:
            parts = _words(child.words)
            if parts[0] == "classifier" and parts[2:3] == ["behavior"] and len(parts) > 3:  # noqa: PLR2004
                ranked = parts[4:5] == ["precedence"] and len(parts) > 5  # noqa: PLR2004
                rank = number_of(parts[5]) if ranked else None
                made.pairs.append(_Pair(parts[1], parts[3], rank, child.line))

    def apply(self, place: str, words: list[str], line: int) -> None:
        """Read ``P inbound``, ``P global inbound``, ``P vlan 2 to 5 inbound``, behind its word."""
        words = _words(words)
        direction = next((word for word in words[1:] if word in _DIRECTIONS), "")
        if not direction:
            return
        if "vlan" in words[1:-1]:
            place = f"vlan {words[words.index('vlan') + 1]}"
        self.bound.append((f"{place} {direction}", words[0], line))

    def write(self, draft: Draft, filters: Filters) -> set[tuple[str, int]]:
        """Write what policies let pass; return places (with the family) that they close."""
        filters.settle()
        places: dict[str, list[str]] = {}
        for place, name, line in self.bound:
            places.setdefault(name, []).append(place)
            made = self.policies.get(name)
            state = "undefined" if made is None else "defined" if made.pairs else "empty"
            draft.put("acl.binding", state, line, key=f"{place}: {self.word} {name}")
        closed: set[tuple[str, int]] = set()
        by_lists = filters.closed_by_lists() if places else set()
        left = _MOST_STEPS
        for name, where in places.items():
            policy = self.policies.get(name)
            for family in self._families(policy) if policy is not None else ():
                found = {(place, family) for place in where}
                passage = self._passage(filters, name, family, left)
                left = max(0, left - len(passage.steps))
                if write_passage(draft, passage, shut=found <= by_lists):
                    closed |= found
        return closed

    def _families(self, policy: _Policy) -> list[int]:
        """The families that the lists of a policy are of; version 4 where it names no list."""
        found = (self.classes.get(pair.classifier) for pair in policy.pairs)
        families = {family for made in found if made is not None for family in made.families}
        return sorted(families or {4})

    def _passage(self, filters: Filters, name: str, family: int, most: int) -> Passage:
        """What a policy does to packets of a family, step by step as far as there is time."""
        policy = self.policies[name]
        pairs, ordered = _in_order(policy)
        looked = pairs[:_MOST_PAIRS]
        every = (step for pair in looked for step in self._steps(filters, pair, family))
        steps = list(islice(every, most + 1))
        last = max((pair.line for pair in pairs), default=policy.line)
        return Passage(
            place=(policy.line, last, f"{'ipv6 ' if family == _IPV6 else ''}{self.word} {name}"),
            steps=steps[:most],
            ordered=ordered,
            whole=len(steps) <= most and looked == pairs,
            drops=any(self._behaviour(pair).drops for pair in pairs),
        )

    def _behaviour(self, pair: _Pair) -> _Behaviour:
        return self.behaviours.get(pair.behaviour, _UNDEFINED)

    def _steps(self, filters: Filters, pair: _Pair, family: int) -> Iterator[Step]:
        """Yield what a pair does to packets of a family, rule by rule."""
        behaviour = self._behaviour(pair)
        known = pair.behaviour in self.behaviours
        for rule, permit, whole in self._selected(filters, pair, family):
            if permit:
                sure = whole and known
                yield Step(pair.classifier, rule, not behaviour.drops, sure)
            elif self.denies:
                sure = whole and behaviour.is_plain
                yield Step(pair.classifier, rule, passes=False, sure=sure)
            else:  # one series drops by the behaviour, another looks at the next condition
                yield Step(pair.classifier, rule, not behaviour.drops, sure=False)

    def _selected(
        self, filters: Filters, pair: _Pair, family: int
    ) -> Iterator[tuple[Rule, bool, bool]]:
        """Yield rules that select, whether they permit, and whether they select all they name."""
        made = self.classes.get(pair.classifier, _Class("or"))
        alone = len(made.matches) < 2  # noqa: PLR2004 - several conditions
        every = Rule(-1, True, *EVERY_PACKET, line=pair.line)
        if alone or made.operator == "or":
            for match in made.matches:
                yield from _of_match(filters, match, family, every)
        elif made.operator == "and" and not made.others:
            yield every, True, True
        elif made.operator == "and" and len(made.lists) == 1:
            whole = made.others == 1
            for rule, permit, known in _of_match(filters, made.lists[0], family, every):
                yield rule, permit, known and whole
        elif made.matches:
            yield every, True, False
        if not made.matches:
            yield every, True, False


_UNDEFINED = _Behaviour(other=True)


def _words(words: list[str]) -> list[str]:
    """Join the words of a name in quotation marks: the only names that hold blanks."""
    found: list[str] = []
    is_open = False
    for word in words:
        if is_open:
            found[-1] += f" {word}"
        else:
            found.append(word)
        is_open ^= word.count('"') == 1
    return found


def _condition(words: list[str], line: int) -> _Match:
    """Read what stands behind ``if-match``; a negated condition is one of unknown packets."""
    family = _IPV6 if {"ipv6", "acl6"} & set(words) else 4
    if words[:1] == ["any"]:
        return _Match("", 4, every=True, line=line)
    at = next((n for n, word in enumerate(words) if word in _LISTS), None)
    rest = [] if at is None else [w for w in words[at + 1 :] if w not in {"ipv6", "name"}]
    if not rest or words[0] == "not":
        return _Match("", family, every=False, line=line)
    return _Match(rest[0], family, every=False, line=line)


def _of_match(
    filters: Filters, match: _Match, family: int, every: Rule
) -> Iterator[tuple[Rule, bool, bool]]:
    """Yield the rules of a condition for a family; a list that is not there selects nothing."""
    if not match.wanted:
        yield every, True, match.every
        return
    found: AccessList | None = filters.find(match.wanted, match.family)
    if found is None or match.family != family:
        return
    if not found.rules:  # of frames, or empty: series differ in what then is selected
        yield every, True, False
        return
    for rule in in_order(found.rules):
        yield rule, rule.permit, not found.unordered


def _in_order(policy: _Policy) -> tuple[list[_Pair], bool]:
    """Return the pairs as they are matched, and whether that order is known."""
    ranks = [pair.rank for pair in policy.pairs if pair.rank is not None]
    if not ranks:
        return policy.pairs, len(policy.pairs) < 2 or not policy.unordered  # noqa: PLR2004 - pairs
    known = len(ranks) == len(policy.pairs)
    return sorted(policy.pairs, key=lambda pair: pair.rank or 0), known
