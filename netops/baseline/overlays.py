"""What persons laid over the verdicts: exemptions, relief from high risk, confirmations.

An overlay stands beside the original and never replaces a failure. What is not used, has ended,
names nothing, or belongs to other evidence is warned about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from netops.baseline.assets import Asset
from netops.baseline.items import ItemResult
from netops.findings import Text
from netops.inventory.graded import Confirmation, GradedObject
from netops.inventory.model import Exemption, Inventory
from netops.policy.baseline.rules import RuleSet

SOON = timedelta(days=30)
"""An exemption that ends within so many days is announced."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about an overlay that a person should know."""

    kind: str
    subject: str
    message: Text

    def to_json(self) -> dict[str, object]:
        """Return the warning as plain JSON values."""
        return {"kind": self.kind, "subject": self.subject, "message": self.message.to_json()}


@dataclass(slots=True)
class Exemptions:
    """Exemptions that speak of this audit, by the rule they name; remembers which were used."""

    inventory: Inventory
    rules: RuleSet
    day: date
    used: set[str] = field(default_factory=set)
    by_rule: dict[str, list[Exemption]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for exemption in self.inventory.exemptions:
            self.by_rule.setdefault(exemption.rule, []).append(exemption)

    def for_asset(self, rules: Iterable[str], asset: Asset) -> Exemption | None:
        """Return an exemption in force for one of ``rules`` on an asset, and note its use."""
        return self._find(rules, subjects_of(asset))

    def for_object(self, rules: Iterable[str], item: GradedObject) -> Exemption | None:
        """Return an exemption in force for a graded object itself, and note its use."""
        return self._find(rules, (("graded_object", item.id), ("government", item.government)))

    def grants(self, number: str, check: str, asset: Asset) -> bool:
        """Whether an exemption lets a profile loosen a check, or leave it out, on an asset."""
        known = self.rules.checks[check]
        items = [self.rules.items[cover.item] for cover in known.covers]
        rules = {check, *(i.id for i in items), *(c for i in items for c in i.clauses.values())}
        for one in self.inventory.exemptions:
            if one.number != number or one.rule not in rules:
                continue
            named = (one.subject_kind, one.subject_id) in subjects_of(asset)
            if named and one.is_in_force(self.day):
                self.used.add(number)
                return True
        return False

    def _find(self, rules: Iterable[str], subjects: Sequence[tuple[str, str]]) -> Exemption | None:
        for rule in rules:
            for one in self.by_rule.get(rule, ()):
                if (one.subject_kind, one.subject_id) not in subjects:
                    continue
                if one.is_in_force(self.day):
                    self.used.add(one.number)
                    return one
        return None

    def warnings(self, *, is_everything: bool) -> Iterator[Warned]:
        """Yield what is wrong with exemptions; use is judged only where all was looked at."""
        for one in self.inventory.exemptions:
            if not self._is_ours(one):
                continue
            if not self._is_known(one.rule):
                yield _warn("names_nothing", one)
            elif one.end < self.day:
                yield _warn("ended", one)
            elif one.begin > self.day:
                yield _warn("not_begun", one)
            elif is_everything and one.number not in self.used:
                yield _warn("unused", one)
            elif one.end - self.day <= SOON:
                yield _warn("ends_soon", one)

    def _is_ours(self, one: Exemption) -> bool:
        """Whether an exemption speaks of baselines at all; those of exits are not our matter."""
        return self._is_known(one.rule) or one.subject_kind in ("asset", "graded_object")

    def _is_known(self, rule: str) -> bool:
        rules = self.rules
        named = rule in rules.checks or rule in rules.items or rule in rules.high_risk
        return named or rules.item_of_clause(rule) is not None


def profile_warning(number: str, check: str, asset: str, *, is_granted: bool) -> Warned:
    """Say that a profile leans on an exemption, and whether it may."""
    if is_granted:
        text = Text(
            f"基线依例外{number}放宽或略去了{asset}的检查{check}",
            f"By exemption {number} the profile loosens or leaves out {check} on {asset}",
        )
        return Warned("profile_exemption", number, text)
    return Warned(
        "profile_exemption_refused",
        number,
        Text(
            f"基线要依例外{number}放宽或略去{asset}的检查{check}，但没有对它有效的例外，按原要求判定",
            f"The profile would loosen or leave out {check} on {asset} by exemption {number}, "
            "which is not in force for it: judged as if it were not there",
        ),
    )


def subjects_of(asset: Asset) -> tuple[tuple[str, str], ...]:
    """Return everything that an exemption can name to mean this asset."""
    device = asset.device
    found = [("asset", asset.id), ("device", device.id), ("government", device.government)]
    if device.department is not None:
        found.append(("department", device.department))
    found += [("graded_object", item.id) for item in asset.objects]
    return tuple(found)


_SAYINGS: Mapping[str, tuple[str, str]] = {
    "names_nothing": (
        "例外{number}所指的规则“{rule}”不存在",
        "Exemption {number} names the rule “{rule}”, which does not exist",
    ),
    "ended": (
        "例外{number}（{rule}，{subject}）已于{end}到期，不再采用",
        "Exemption {number} ({rule}, {subject}) ended on {end} and is not used",
    ),
    "not_begun": (
        "例外{number}（{rule}，{subject}）自{begin}起生效，尚未采用",
        "Exemption {number} ({rule}, {subject}) begins on {begin} and is not used yet",
    ),
    "unused": (
        "例外{number}（{rule}，{subject}）没有对应的发现，可以撤销",
        "Exemption {number} ({rule}, {subject}) relieves nothing that was found",
    ),
    "ends_soon": (
        "例外{number}（{rule}，{subject}）将于{end}到期",
        "Exemption {number} ({rule}, {subject}) ends on {end}",
    ),
}


def _warn(kind: str, one: Exemption) -> Warned:
    values = {
        "number": one.number,
        "rule": one.rule,
        "subject": f"{one.subject_kind} {one.subject_id}",
        "begin": one.begin.isoformat(),
        "end": one.end.isoformat(),
    }
    zh, en = _SAYINGS[kind]
    return Warned(f"exemption_{kind}", one.number, Text(zh.format(**values), en.format(**values)))


@dataclass(slots=True)
class Confirmations:
    """What persons confirmed, the newest for each clause and subject; remembers what was used.

    No day decides: a confirmation is for evidence, whenever it was given.
    """

    inventory: Inventory
    newest: dict[tuple[str, str, str], Confirmation] = field(default_factory=dict)
    looked_up: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for one in self.inventory.confirmations:
            kind = "asset" if one.asset else "object"
            key = (kind, one.asset or one.object, one.clause)
            known = self.newest.get(key)
            if known is None or one.on >= known.on:
                self.newest[key] = one

    def of(self, kind: str, subject: str, clause: str) -> Confirmation | None:
        """Return what was last confirmed of a clause on an asset or object."""
        key = (kind, subject, clause)
        found = self.newest.get(key)
        if found is not None:
            self.looked_up.add(key)
        return found

    def unused(self) -> Iterator[Warned]:
        """Yield confirmations that belong to no row: another level, an asset that is gone."""
        for key, one in self.newest.items():
            if key not in self.looked_up:
                _, subject, clause = key
                yield Warned(
                    "confirmation_unused",
                    f"{subject}/{clause}",
                    Text(
                        f"{one.by}于{one.on}对{subject}条款{clause}的确认没有对应的条目",
                        f"What {one.by} confirmed on {one.on} of {clause} on {subject} "
                        "belongs to no row",
                    ),
                )


_WORDS: Mapping[str, Text] = {
    "met": Text("符合", "met"),
    "not_applicable": Text("不适用", "not applicable"),
}


def stale_warning(subject: str, clause: str, evidence: str, given: Confirmation) -> Warned:
    """Say why a confirmation was not used: no evidence, other evidence, or a proven failure."""
    if evidence and not given.evidence:
        return Warned(
            "confirmation_without_evidence",
            f"{subject}/{clause}",
            Text(
                f"{given.by}于{given.on}对{subject}条款{clause}的确认未指明证据，而机器已有证据，未采用",
                f"What {given.by} confirmed on {given.on} of {clause} on {subject} names no "
                "evidence, while the machine has some; the confirmation is not used",
            ),
        )
    if evidence and given.evidence != evidence:
        return Warned(
            "confirmation_stale",
            f"{subject}/{clause}",
            Text(
                f"{given.by}于{given.on}对{subject}条款{clause}的确认所依据的证据已变化，未采用",
                f"The evidence has changed since {given.by} confirmed {clause} on {subject} on "
                f"{given.on}; the confirmation is not used",
            ),
        )
    return Warned(
        "confirmation_contradicts",
        f"{subject}/{clause}",
        Text(
            f"{given.by}于{given.on}对{subject}条款{clause}的确认（{_WORDS[given.verdict].zh}）"
            "与已证实的不符合矛盾，未采用",
            f"{given.by} confirmed {clause} on {subject} as {_WORDS[given.verdict].en} on "
            f"{given.on}, against a proven failure; the confirmation is not used",
        ),
    )


def exempted(result: ItemResult, exemptions: Exemptions) -> str | None:
    """Return the numbers of the exemptions under which a failing item stands, if all of it does.

    An exemption of the clause or the item covers it whole; else every failing check needs one.
    """
    covered = result.covered
    whole = exemptions.for_asset((covered.clause, covered.item.id), result.asset)
    if whole is not None:
        return whole.number
    found = [exemptions.for_asset((r.check.id,), result.asset) for r in result.failing]
    if not found or any(one is None for one in found):
        return None
    return ", ".join(dict.fromkeys(one.number for one in found if one is not None))
