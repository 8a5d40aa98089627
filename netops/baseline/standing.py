"""The assets judged one by one: checks, items, persons' verdicts, exemptions, findings.

Everything about an asset is decided here, and nothing about a graded object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from netops.baseline.assets import Asset, Choice
from netops.baseline.checking import Asked, CheckResult, asked_of, judge_checks
from netops.baseline.findings import Witness, failure_finding, person_finding, unknown_findings
from netops.baseline.items import (
    FAILING,
    Covered,
    Digests,
    ItemResult,
    cover,
    judge_items,
    with_person,
)
from netops.baseline.overlays import (
    Confirmations,
    Exemptions,
    Warned,
    exempted,
    profile_warning,
    stale_warning,
)
from netops.facts.settings import AssetFacts
from netops.findings import Finding, Subject, Verdict
from netops.policy.baseline.grades import Grade
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import Profile

Kind = tuple[str, str, tuple[tuple[str, str], ...], Grade]
"""What decides the items of an asset: profile, component, exemptions granted to it, sub-levels."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is said of one asset; ``reasons`` names a row's findings by clause."""

    asset: Asset
    rows: tuple[ItemResult, ...]
    findings: tuple[Finding, ...]
    reasons: Mapping[str, tuple[str, ...]]
    warnings: tuple[Warned, ...] = ()


@dataclass(slots=True)
class Judge:
    """Judges assets; what is asked of a kind of asset is resolved once."""

    rules: RuleSet
    exemptions: Exemptions
    confirmations: Confirmations
    choice: Choice
    asked: dict[Kind, tuple[Asked, tuple[Covered, ...]]] = field(default_factory=dict)

    def stand(self, asset: Asset, facts: AssetFacts | None) -> Standing:
        """Judge one asset; one without a profile has no rows."""
        if asset.profile is None:
            return Standing(asset, (), (), {})
        warnings: list[Warned] = []
        asset = replace(asset, profile=self._granted(asset, asset.profile, warnings))
        asked, covered = self._asked(asset)
        results = judge_checks(asset, asked)
        rows = judge_items(asset, covered, results, Digests(asset, asked.kinds, asked.looked_at))
        stood = tuple(self._overlaid(row, warnings) for row in rows)
        written = _Written(asset, asked, Witness(facts), self.exemptions)
        written.write(stood)
        return Standing(
            asset, stood, tuple(written.findings.values()), written.reasons, tuple(warnings)
        )

    def _granted(self, asset: Asset, profile: Profile, warnings: list[Warned]) -> Profile:
        """Return the profile with only what exemptions in force for this asset allow."""
        if not profile.exemptions:
            return profile

        def is_granted(number: str, check: str) -> bool:
            if self.rules.checks[check].component != asset.component:
                return True
            granted = self.exemptions.grants(number, check, asset)
            warnings.append(profile_warning(number, check, asset.id, is_granted=granted))
            return granted

        return profile.granted(is_granted)

    def _asked(self, asset: Asset) -> tuple[Asked, tuple[Covered, ...]]:
        profile = asset.profile
        if profile is None:
            raise ValueError(asset.id)
        key = (profile.name, asset.component, profile.exemptions, asset.grade)
        if key not in self.asked:
            self.asked[key] = (
                asked_of(self.rules, profile, asset.component),
                cover(self.rules, profile, asset.component, asset.grade),
            )
        return self.asked[key]

    def _overlaid(self, row: ItemResult, warnings: list[Warned]) -> ItemResult:
        given = self.confirmations.of("asset", row.asset.id, row.covered.clause)
        made = with_person(row, given)
        if made.stale is not None:
            warnings.append(
                stale_warning(row.asset.id, row.covered.clause, row.evidence, made.stale)
            )
        if made.verdict not in FAILING:
            return made
        return replace(made, exemption=exempted(made, self.exemptions))


@dataclass(slots=True)
class _Written:
    """Writes every finding of an asset once, and which rows it explains."""

    asset: Asset
    asked: Asked
    witness: Witness
    exemptions: Exemptions
    findings: dict[str, Finding] = field(default_factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def write(self, rows: tuple[ItemResult, ...]) -> None:
        named: dict[str, list[str]] = {row.covered.clause: [] for row in rows}
        self._failures(rows, named)
        self._unknown(rows, named)
        for row in rows:
            if row.person is not None and row.verdict in FAILING:
                subject = Subject("asset", self.asset.id, self.asset.device.name)
                self._keep(
                    person_finding(subject, row.covered.clause, row.person),
                    named[row.covered.clause],
                )
        self.reasons = {clause: tuple(dict.fromkeys(ids)) for clause, ids in named.items() if ids}

    def _keep(self, finding: Finding, named: list[str]) -> None:
        name = finding.id
        self.findings.setdefault(name, finding)
        named.append(name)

    def _failures(self, rows: tuple[ItemResult, ...], named: dict[str, list[str]]) -> None:
        """Write each failing check once, with every clause that it touches."""
        touched: dict[str, tuple[CheckResult, list[ItemResult]]] = {}
        for row in rows:
            for result in row.failing:
                touched.setdefault(result.check.id, (result, []))[1].append(row)
        for name, (result, hit) in touched.items():
            clauses = [row.covered.clause for row in hit]
            exemption = self._exemption(name, hit)
            finding = failure_finding(
                self.asset, result, self.asked, self.witness, (clauses, exemption)
            )
            identity = finding.id
            self.findings[identity] = finding
            for clause in clauses:
                named[clause].append(identity)

    def _exemption(self, check: str, hit: list[ItemResult]) -> str | None:
        """Return the exemption of a check: its own, or those of every clause it touches."""
        own = self.exemptions.for_asset((check,), self.asset)
        if own is not None:
            return own.number
        numbers = [row.exemption for row in hit]
        whole = [number for number in numbers if number is not None]
        return ", ".join(dict.fromkeys(whole)) if len(whole) == len(numbers) else None

    def _unknown(self, rows: tuple[ItemResult, ...], named: dict[str, list[str]]) -> None:
        unknown = {
            row.covered.clause: set(row.covered.checks)
            for row in rows
            if row.machine is Verdict.UNKNOWN
        }
        for finding, checks in unknown_findings(self.asset, rows, self.witness):
            identity = finding.id
            self.findings[identity] = finding
            for clause, bearing in unknown.items():
                if not bearing.isdisjoint(checks):
                    named[clause].append(identity)
