"""What steps let pass, one behind another: their end, their open conditions, their dead rules.

Knows rules as cubes and what becomes of their packets; refuses to know how steps are written.
"""

from __future__ import annotations

from typing import NamedTuple

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN, Draft
from netops.platforms.kin.filters import is_coarse
from netops.platforms.kin.rules import Rule, unreachable

_MOST_NAMED = 64


class Step(NamedTuple):
    """Packets of one rule and what becomes of them; not ``sure``: of some of them, or perhaps."""

    classifier: str
    rule: Rule
    passes: bool
    sure: bool

    @property
    def label(self) -> str:
        """How people find it: the classifier, and the number of the rule where it has one."""
        return f"{self.classifier} {self.rule.number}" if self.rule.number >= 0 else self.classifier


class Passage(NamedTuple):
    """What a policy does to packets of one family; not ``whole``: there is more of it."""

    place: tuple[int, int, str]
    steps: list[Step]
    ordered: bool
    whole: bool
    drops: bool
    """Whether a behaviour in it drops."""

    @property
    def is_filter(self) -> bool | None:
        """Whether it drops packets at all; None where that is not known."""
        doubted = [step for step in self.steps if not step.passes]
        if self.drops or any(step.sure for step in doubted):
            return True if self.whole else None
        return None if doubted or not self.whole else False


_FACTS = ("acl.ends_in_deny", "acl.any_any", "acl.coarse_permits")


def write_passage(draft: Draft, passage: Passage, *, shut: bool) -> bool:
    """Write a policy if it filters at all; return whether it ends in a denial of all.

    ``shut``: where it is applied lists deny what it lets pass.
    """
    steps, ordered = passage.steps, passage.ordered
    if passage.is_filter is None:
        for fact in _FACTS:
            draft.put(fact, UNKNOWN, *passage.place)
    if not passage.is_filter:
        return False
    ends = _ends(steps, ordered=ordered)
    said = UNKNOWN if ends is False and shut else ends
    values = said, _open(steps, ordered=ordered), _coarse(steps)
    for fact, value in zip(_FACTS, values, strict=True):
        draft.put(fact, value, *passage.place)
    _write_dead(draft, steps if ordered else None, passage.place)
    return ends is True


def _whole(steps: list[Step]) -> list[Step]:
    """The steps that may be of every packet."""
    return [step for step in steps if step.rule.is_total]


def _ends(steps: list[Step], *, ordered: bool) -> Value:
    """Whether packets that nothing else selects are dropped; without a word for them they pass."""
    doubt = False
    said: set[bool] = set()
    for step in _whole(steps):
        if not step.sure:
            doubt |= not step.passes
            continue
        said.add(step.passes)
        if ordered:
            break
    if said == {False}:
        return True
    return UNKNOWN if doubt or len(said) > 1 else False


def _open(steps: list[Step], *, ordered: bool) -> Value:
    """The conditions that let every packet pass, as far as one is reached."""
    found: list[str] = []
    doubt = False
    for step in _whole(steps):
        if step.passes and step.sure:
            found.append(step.label)
        doubt |= step.passes and not step.sure
        if ordered and step.sure:
            break
    return tuple(found[:_MOST_NAMED]) if found or not doubt else UNKNOWN


def _coarse(steps: list[Step]) -> Value:
    permits = [step for step in steps if step.passes and is_coarse(step.rule, basic=False)]
    sure = tuple(step.label for step in permits if step.sure)
    return UNKNOWN if permits and not sure else sure[:_MOST_NAMED]


def _write_dead(draft: Draft, steps: list[Step] | None, place: tuple[int, int, str]) -> None:
    """Write rules that those of an earlier classifier leave nothing to; the order must be known."""
    rules = [
        step.rule._replace(
            number=n, permit=step.passes, narrowed=step.rule.narrowed or not step.sure
        )
        for n, step in enumerate(steps or ())
    ]
    found = None if steps is None else unreachable(rules)
    for kind in ("shadowed", "redundant", "contradictory", "duplicate"):
        if found is None or steps is None:
            draft.put(f"acl.{kind}", UNKNOWN, *place)
            continue
        pairs = (
            (steps[dead.number], steps[before.number]) for dead, before in getattr(found, kind)
        )
        named = [f"{a.label}<{b.label}" for a, b in pairs if a.classifier != b.classifier]
        draft.put(f"acl.{kind}", tuple(named[:_MOST_NAMED]), *place)
