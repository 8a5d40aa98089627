"""Judges one check on one asset: does it apply, what does it say, what decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netops.baseline.assets import Asset
from netops.baseline.expressions import Evaluator, Outcome
from netops.baseline.leaves import LeafOutcome, Why
from netops.baseline.versions import satisfies
from netops.findings import UnknownReason, Verdict
from netops.policy.baseline.rules import RuleSet, leaves_of
from netops.policy.baseline.values import Check, FactKind, Literals, Profile


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check says of an asset, the leaves that decided, and why it is unknown."""

    check: Check
    verdict: Verdict
    deciding: tuple[LeafOutcome, ...] = ()
    why: tuple[Why, ...] = ()
    note: str = ""
    """Why it does not apply: ``family``, ``version``, ``when`` or ``expect``; else empty."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The checks that a profile asks of a component, with their parameters resolved."""

    checks: tuple[Check, ...]
    values: Mapping[str, Mapping[str, Literals]]
    kinds: Mapping[str, FactKind]
    looked_at: Mapping[str, tuple[str, ...]]
    """The names of the settings that each check looks at."""
    remedies: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """Commands of remedies by check and family, shared by the findings of many hosts."""


def facts_of(check: Check) -> tuple[str, ...]:
    """Return the names of the settings that a check looks at."""
    expressions = (check.expect,) if check.when is None else (check.when, check.expect)
    return tuple(dict.fromkeys(leaf.fact for e in expressions for leaf in leaves_of(e)))


def asked_of(rules: RuleSet, profile: Profile, component: str) -> Asked:
    """Resolve once what is asked of every asset of a kind."""
    checks = rules.checks_of(profile, component)
    return Asked(
        checks,
        {c.id: {name: profile.parameter(c, name).value for name in c.parameters} for c in checks},
        rules.kinds_of(component),
        {check.id: facts_of(check) for check in checks},
    )


def judge_checks(asset: Asset, asked: Asked) -> tuple[CheckResult, ...]:
    """Judge every check that is asked of an asset."""
    evaluator = Evaluator(asked.kinds, asset.shown)
    return tuple(
        judge_check(check, asked.values[check.id], asset, evaluator) for check in asked.checks
    )


def judge_check(
    check: Check, values: Mapping[str, Literals], asset: Asset, evaluator: Evaluator
) -> CheckResult:
    """Judge one check; what does not fit the asset is not applicable, with the reason."""
    fits, note, why = _applies(check, asset)
    if fits is not Verdict.MET:
        return CheckResult(check, fits, (), why, note)
    if check.when is not None:
        asked = evaluator.evaluate(check.when, values)
        if asked.verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
            return CheckResult(check, Verdict.NOT_APPLICABLE, asked.deciding, (), "when")
        if asked.verdict is Verdict.UNKNOWN:
            return CheckResult(check, Verdict.UNKNOWN, asked.deciding, asked.why)
    found = evaluator.evaluate(check.expect, values)
    note = "expect" if found.verdict is Verdict.NOT_APPLICABLE else ""
    return CheckResult(check, found.verdict, found.deciding, _why(found), note)


def _why(found: Outcome) -> tuple[Why, ...]:
    if found.verdict is Verdict.UNKNOWN and not found.why:
        return (Why(UnknownReason.NOT_UNDERSTOOD, "", "no comparison could be made"),)
    return found.why


def _applies(check: Check, asset: Asset) -> tuple[Verdict, str, tuple[Why, ...]]:
    """Return MET where the check fits; family or release that nobody knows is unknown."""
    applies = check.applies
    if applies.families:
        if not asset.family:
            return Verdict.UNKNOWN, "", _unread(asset, "family")
        if asset.family not in applies.families:
            return Verdict.NOT_APPLICABLE, "family", ()
    fits = [satisfies(asset.version, constraint) for constraint in applies.versions]
    if False in fits:
        return Verdict.NOT_APPLICABLE, "version", ()
    if None in fits:
        return Verdict.UNKNOWN, "", _unread(asset, "version")
    return Verdict.MET, "", ()


def _unread(asset: Asset, what: str) -> tuple[Why, ...]:
    """Say why family or version is not known: nothing was read at all, or not understood."""
    shown = bool(asset.shown.settings)
    reason = UnknownReason.NOT_UNDERSTOOD if shown else UnknownReason.NOT_COLLECTED
    value = asset.version if what == "version" else asset.family
    return (Why(reason, "", f"{what} not known" + (f": {value[:60]}" if value else "")),)
