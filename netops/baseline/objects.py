"""From items on assets to items of a graded object, and to what is still open about it.

Mixed verdicts give 部分符合. An item that no asset's evidence bears on belongs to the object as a
whole, and to a person. Knows what a verdict can still become; draws no conclusion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from netops.baseline.conclusions import Scored
from netops.baseline.items import AGAINST_PROOF, FAILING, OPEN, ItemResult
from netops.findings import Verdict
from netops.gm import sm3_hex
from netops.inventory.graded import Confirmation, GradedObject
from netops.policy.baseline.values import Item

_WORTH = {
    Verdict.MET: Fraction(1),
    Verdict.PARTLY_MET: Fraction(1, 2),
    Verdict.NOT_MET: Fraction(0),
}


@dataclass(frozen=True, slots=True)
class ObjectItem:
    """An item of a graded object, with the rows of its assets.

    ``worst`` and ``best`` are what the verdict can still become; the same where it is decided.
    """

    object: GradedObject
    item: Item
    level: int
    clause: str
    verdict: Verdict
    worst: Verdict
    best: Verdict
    low: Fraction
    high: Fraction
    rows: tuple[ItemResult, ...] = ()
    evidence: str = ""
    person: Confirmation | None = None
    stale: Confirmation | None = None

    @property
    def id(self) -> str:
        """The name of the row: object and clause."""
        return f"{self.object.id}/{self.clause}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.worst is not self.best

    def scored(self) -> Scored:
        """Return what a conclusion needs of it."""
        return Scored(
            self.clause,
            self.item.item_class.is_technical,
            self.item.importance,
            self.worst,
            self.best,
            self.low,
            self.high,
        )


def roll_up(
    graded: GradedObject,
    items: Sequence[tuple[Item, int]],
    rows: Mapping[str, Sequence[ItemResult]],
) -> tuple[ObjectItem, ...]:
    """Return every item that the object's sub-levels require, with the level that counts for it.

    ``rows`` holds the assets' results by item id.
    """
    return tuple(
        _rolled(graded, item, level, tuple(rows.get(item.id, ()))) for item, level in items
    )


def _rolled(
    graded: GradedObject, item: Item, level: int, rows: tuple[ItemResult, ...]
) -> ObjectItem:
    verdicts = [row.verdict for row in rows]
    verdict, worst, best = settle(verdicts)
    applying = [v for v in verdicts if v is not Verdict.NOT_APPLICABLE]
    low, high = _shares(applying, worst, best)
    return ObjectItem(
        object=graded,
        item=item,
        clause=item.clauses[level],
        level=level,
        verdict=verdict,
        worst=worst,
        best=best,
        low=low,
        high=high,
        rows=rows,
        evidence=_evidence(rows),
    )


def settle(verdicts: Sequence[Verdict]) -> tuple[Verdict, Verdict, Verdict]:
    """Return the verdict over assets, and the worst and best that it can still become.

    >>> [v.value for v in settle([Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN])]
    ['partly_met', 'partly_met', 'partly_met']
    >>> [v.value for v in settle([Verdict.NOT_MET, Verdict.NEEDS_PERSON])]
    ['not_met', 'not_met', 'partly_met']
    >>> [v.value for v in settle([Verdict.MET, Verdict.NEEDS_PERSON])]
    ['needs_person', 'partly_met', 'met']
    """
    applying = [v for v in verdicts if v is not Verdict.NOT_APPLICABLE]
    if verdicts and not applying:
        return (Verdict.NOT_APPLICABLE,) * 3
    still = [v for v in applying if v in OPEN]
    good = any(v in (Verdict.MET, Verdict.PARTLY_MET) for v in applying)
    if any(v in FAILING for v in applying):
        if good or not still:
            made = Verdict.PARTLY_MET if good else Verdict.NOT_MET
            return made, made, made
        return Verdict.NOT_MET, Verdict.NOT_MET, Verdict.PARTLY_MET
    if applying and not still:
        return (Verdict.MET,) * 3
    word = Verdict.UNKNOWN if Verdict.UNKNOWN in still else Verdict.NEEDS_PERSON
    return word, (Verdict.PARTLY_MET if good else Verdict.NOT_MET), Verdict.MET


def _shares(
    applying: Sequence[Verdict], worst: Verdict, best: Verdict
) -> tuple[Fraction, Fraction]:
    """Return the mean over assets at the two ends; without assets the verdict's own worth."""
    if not applying:
        return _WORTH.get(worst, Fraction(0)), _WORTH.get(best, Fraction(1))
    counts = Counter(applying).items()
    low = sum((_WORTH.get(v, Fraction(0)) * n for v, n in counts), Fraction(0))
    high = sum((_WORTH.get(v, Fraction(1)) * n for v, n in counts), Fraction(0))
    return low / len(applying), high / len(applying)


def _evidence(rows: Sequence[ItemResult]) -> str:
    told = sorted(f"{row.asset.id}\x1f{row.evidence}" for row in rows if row.evidence)
    return "sm3:" + sm3_hex("\x1e".join(told).encode()) if told else ""


def with_person(item: ObjectItem, given: Confirmation | None) -> ObjectItem:
    """Let a person's verdict on the whole object stand, unless evidence or a failure forbids."""
    if given is None:
        return item
    said = Verdict(given.verdict)
    is_failing = any(row.machine in FAILING or row.verdict in FAILING for row in item.rows)
    is_other = bool(item.evidence) and given.evidence != item.evidence
    if is_other or (is_failing and said in AGAINST_PROOF):
        return replace(item, stale=given)
    share = _WORTH.get(said, Fraction(0))
    return replace(item, verdict=said, worst=said, best=said, low=share, high=share, person=given)
