"""From the checks of an asset to the verdict of each item on it (GB/T 28448 单项测评).

符合 where all that applies is met, 部分符合 where some is, 不符合 where none is. What checks
prove only in part is never met by itself: it is proposed, and a person confirms. A proven
failure stands. What nobody knows is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from netops.baseline.assets import Asset
from netops.baseline.checking import CheckResult
from netops.findings import Severity, Verdict
from netops.gm import sm3_hex
from netops.inventory.graded import Confirmation
from netops.policy.baseline.grades import Grade
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import Auto, Check, FactKind, Item, ItemClass, Profile

FAILING = (Verdict.NOT_MET, Verdict.PARTLY_MET)
OPEN = (Verdict.UNKNOWN, Verdict.NEEDS_PERSON)
AGAINST_PROOF = (Verdict.MET, Verdict.NOT_APPLICABLE)
"""What no person says of an item of which a failure is proven; an exemption is for that."""


@dataclass(frozen=True, slots=True)
class Covered:
    """An item at a level, and the checks of one component that bear on it."""

    item: Item
    clause: str
    checks: tuple[str, ...]
    is_whole: bool
    """Whether the checks together prove the whole item, not parts of it."""
    level: int = 0
    """The level of the standard that counts for the item."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What is said of an item on an asset. ``machine`` is what checks alone say.

    ``proposed`` is what the checks would say if they were all there is; ``person`` the
    confirmation that is used, ``stale`` one that is not, because the evidence has changed or
    contradicts it.
    """

    asset: Asset
    covered: Covered
    machine: Verdict
    verdict: Verdict
    checks: tuple[CheckResult, ...] = ()
    proposed: Verdict | None = None
    note: str = ""
    evidence: str = ""
    person: Confirmation | None = None
    stale: Confirmation | None = None
    exemption: str | None = None
    relief: str | None = None

    @property
    def id(self) -> str:
        """The name of the row: asset and clause."""
        return f"{self.asset.id}/{self.covered.clause}"

    @property
    def failing(self) -> tuple[CheckResult, ...]:
        """The checks that are not met."""
        return tuple(result for result in self.checks if result.verdict in FAILING)


def cover(
    rules: RuleSet, profile: Profile, component: str, grade: Grade | None = None
) -> tuple[Covered, ...]:
    """Return the items that an asset of a component is judged by, in the catalogue's order.

    Of the computing class every item that any component has a check for: where this one has
    none, a person must look. Of the others those that this component's checks bear on. ``grade``
    says which level counts for which item; None: that of the profile, for all.
    """
    asked = Grade(profile.level, profile.level) if grade is None else grade
    levels = {item.id: level for item, level in rules.required(asked)}
    bearing: dict[str, list[tuple[Check, bool]]] = {}
    anywhere = set[str]()
    for check in (rules.checks[name] for name in profile.checks):
        for one in check.covers:
            if levels.get(one.item) in one.levels:
                anywhere.add(one.item)
                if check.component == component:
                    bearing.setdefault(one.item, []).append((check, one.part))
    return tuple(_covered(rules, levels, bearing, anywhere))


def _covered(
    rules: RuleSet,
    levels: Mapping[str, int],
    bearing: Mapping[str, Sequence[tuple[Check, bool]]],
    anywhere: set[str],
) -> Iterator[Covered]:
    for name, level in levels.items():
        item = rules.items[name]
        own = bearing.get(item.id, ())
        if own or (item.item_class is ItemClass.CES and item.id in anywhere):
            # A machine alone never decides what the catalogue leaves to a person in part.
            is_whole = item.auto is Auto.MACHINE and any(not part for _, part in own)
            names = tuple(check.id for check, _ in own)
            yield Covered(item, item.clauses[level], names, is_whole, level)


@dataclass(slots=True)
class Digests:
    """The digest of all that checks looked at, by the names of the settings; each is told once."""

    asset: Asset
    kinds: Mapping[str, FactKind]
    looked_at: Mapping[str, Sequence[str]]
    """The names of the settings that each check looks at."""
    told: dict[str, str] = field(default_factory=dict)

    def of(self, checks: Sequence[str]) -> str:
        """Return ``sm3:`` over settings and states of their commands; empty without checks."""
        if not checks:
            return ""
        names = {name for check in checks for name in self.looked_at[check]}
        parts = [self._tell(name) for name in sorted(names)]
        head = f"{self.asset.component}\x1f{self.asset.family}\x1f{self.asset.version}"
        return "sm3:" + sm3_hex("\x1e".join((head, *parts)).encode("utf-8", "surrogatepass"))

    def _tell(self, name: str) -> str:
        if name not in self.told:
            settings = self.asset.shown.settings.get(name, ())
            values = sorted(f"{s.key}\x1f{s.value!r}" for s in settings)
            gaps = [f"{w.command}\x1f{w.reason}" for w in self.asset.shown.gaps(self.kinds[name])]
            self.told[name] = "\x1d".join((name, *values, "\x1c", *gaps))
        return self.told[name]


def judge_items(
    asset: Asset, covered: Sequence[Covered], results: Sequence[CheckResult], digests: Digests
) -> tuple[ItemResult, ...]:
    """Return the machine's verdict of every item on an asset."""
    known = {result.check.id: result for result in results}
    made = []
    for one in covered:
        bearing = tuple(known[name] for name in one.checks)
        hints, solid = list[Verdict](), list[Verdict]()
        for result in bearing:
            (hints if _is_hint(one.item, result) else solid).append(result.verdict)
        machine, proposed, note = combine(solid, hints, is_whole=one.is_whole)
        evidence = digests.of(one.checks)
        made.append(ItemResult(asset, one, machine, machine, bearing, proposed, note, evidence))
    return tuple(made)


def _is_hint(item: Item, result: CheckResult) -> bool:
    """Whether a failure only speaks against an item: a slight one, of an item for a person."""
    if result.verdict not in FAILING:
        return False
    is_slight = result.check.severity in (Severity.LOW, Severity.INFO)
    return is_slight and item.auto in (Auto.PERSON, Auto.PERSON_WITH_EVIDENCE)


def combine(
    verdicts: Sequence[Verdict], hints: Sequence[Verdict] = (), *, is_whole: bool
) -> tuple[Verdict, Verdict | None, str]:
    """Return verdict, proposed verdict and a word why, from the verdicts of checks.

    ``hints`` are failures that prove nothing by themselves.

    >>> combine([Verdict.MET, Verdict.NOT_MET], is_whole=False)[0].value
    'partly_met'
    >>> combine([Verdict.MET], is_whole=False)[:2] == (Verdict.NEEDS_PERSON, Verdict.MET)
    True
    >>> combine([Verdict.MET, Verdict.UNKNOWN], is_whole=True)[0].value
    'unknown'
    >>> combine([], [Verdict.NOT_MET], is_whole=False)[:2]
    (<Verdict.NEEDS_PERSON: 'needs_person'>, <Verdict.NOT_MET: 'not_met'>)
    """
    applying = [v for v in verdicts if v is not Verdict.NOT_APPLICABLE]
    some = any(v in (Verdict.MET, Verdict.PARTLY_MET) for v in applying)
    failed = Verdict.PARTLY_MET if some else Verdict.NOT_MET
    if any(v in FAILING for v in applying):
        return failed, None, "proven"
    if Verdict.UNKNOWN in applying:
        return Verdict.UNKNOWN, None, "unknown"
    if hints:
        return Verdict.NEEDS_PERSON, failed, "part"
    if not verdicts:
        return Verdict.NEEDS_PERSON, None, "no_check"
    proposed = Verdict.MET if applying else Verdict.NOT_APPLICABLE
    if is_whole:
        return proposed, None, "whole"
    return Verdict.NEEDS_PERSON, proposed, "part"


def with_person(result: ItemResult, given: Confirmation | None) -> ItemResult:
    """Let a person's verdict stand, if it is for this evidence and against no proven failure."""
    if given is None:
        return result
    said = Verdict(given.verdict)
    if given.evidence != result.evidence and result.evidence:
        return replace(result, stale=given)
    if result.machine in FAILING and said in AGAINST_PROOF:
        return replace(result, stale=given)
    return replace(result, verdict=said, person=given)
