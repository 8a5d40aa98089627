"""What is written about a failure, about what nobody knows, and about a person's verdict.

Evidence is found through the source of the settings that decided; where a setting is missing, the
answers that would have shown it are the evidence. Remedies are proposed, with their risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from netops.baseline.assets import Asset
from netops.baseline.checking import Asked, CheckResult
from netops.baseline.items import ItemResult
from netops.baseline.leaves import Why
from netops.baseline.objects import ObjectItem
from netops.baseline.sayings import (
    MOST_KEPT,
    REASONS,
    plain,
    say_outcome,
    settings_of,
)
from netops.facts.answers import CommandAnswer
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts, Setting
from netops.facts.source import Source
from netops.findings import Evidence, Finding, Severity, Subject, Text, UnknownReason, Verdict
from netops.inventory.graded import Confirmation
from netops.policy.baseline.values import Check, FactKind

UNKNOWN = "baseline.unknown"
UNGRADED = "baseline.no_graded_object"
PERSON = "baseline.person"
_MOST_EVIDENCE = 20
STANDARD = "GB/T 22239-2019"


class Witness:
    """Finds the lines of the snapshot behind settings of one device."""

    def __init__(self, facts: AssetFacts | None) -> None:
        answers = () if facts is None else facts.answers
        self._device = "" if facts is None else facts.device
        self._by_observation = {a.observation: a for a in answers if a.observation}
        self._by_command = {a.command: a for a in answers if a.observation}

    def of(self, settings: Iterable[Setting], commands: Iterable[str]) -> tuple[Evidence, ...]:
        """Return the lines of ``settings``, then the whole answers of ``commands``."""
        found: dict[Evidence, None] = {}
        for setting in settings:
            answer = self._by_observation.get(setting.source.observation)
            if answer is not None and len(found) < _MOST_EVIDENCE:
                found[self._evidence(answer, setting.source)] = None
        for command in commands:
            answer = self._by_command.get(command)
            if answer is not None and len(found) < _MOST_EVIDENCE:
                found[self._evidence(answer, Source("", answer.first, answer.last))] = None
        return tuple(found)

    def _evidence(self, answer: CommandAnswer, source: Source) -> Evidence:
        lines = (source.first, source.last)
        return Evidence(answer.observation, answer.digest, self._device, answer.command, lines)


def failure_finding(
    asset: Asset,
    result: CheckResult,
    asked: Asked,
    witness: Witness,
    standing: tuple[Sequence[str], str | None],
) -> Finding:
    """Write down a check that is not met; ``standing`` holds its clauses and an exemption."""
    clauses, exemption = standing
    check, deciding, kinds = result.check, result.deciding, asked.kinds
    settings = settings_of(deciding)
    missing = [outcome.leaf.fact for outcome in deciding if not outcome.settings]
    commands = [command for name in missing for command in kinds[name].commands]
    return Finding(
        rule=check.id,
        subject=Subject("asset", asset.id, asset.device.name),
        verdict=result.verdict,
        severity=check.severity,
        message=_message(asset, result, kinds),
        expected=_expected(result, kinds, _remedies(asked, check, asset.family)),
        observed=_observed(asset, settings, missing),
        evidence=witness.of(settings, commands),
        standards=tuple(f"{STANDARD} {clause}" for clause in clauses),
        exemption=exemption,
        remedy=check.remedy.text,
    )


def _message(asset: Asset, result: CheckResult, kinds: Mapping[str, FactKind]) -> Text:
    title = result.check.title
    parts = [say_outcome(outcome, kinds) for outcome in result.deciding[:3]]
    zh, en = "；".join(p.zh for p in parts), "; ".join(p.en for p in parts)
    return Text(f"{asset.id}：{title.zh}——{zh}", f"{asset.id}: {title.en} – {en}")


def _expected(
    result: CheckResult, kinds: Mapping[str, FactKind], commands: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "settings": [
            {
                "fact": one.leaf.fact,
                "op": one.leaf.op,
                "value": plain(one.expected),
                "each": one.leaf.each,
                "where": one.leaf.where,
                "unit": kinds[one.leaf.fact].unit if one.leaf.fact in kinds else "",
            }
            for one in result.deciding[:MOST_KEPT]
        ],
        "commands": commands,
    }


def _remedies(asked: Asked, check: Check, family: str) -> list[dict[str, Any]]:
    known = asked.remedies.get((check.id, family))
    if known is None:
        known = asked.remedies[check.id, family] = list(_commands(check, family))
    return known


def _commands(check: Check, family: str) -> Iterator[dict[str, Any]]:
    """Yield the remedy's lines that fit the family; without any family all of them fit."""
    for one in check.remedy.commands:
        if not one.families or not family or family in one.families:
            note = None if one.note is None else one.note.to_json()
            yield {
                "families": list(one.families),
                "risk": one.risk,
                "lines": list(one.lines),
                "note": note,
            }


def _observed(asset: Asset, settings: Sequence[Setting], missing: Sequence[str]) -> dict[str, Any]:
    return {
        "device": asset.device.id,
        "component": asset.component,
        "instance": asset.instance,
        "settings": [
            {"name": s.name, "key": plain(s.key), "value": plain(s.value)}
            for s in settings[:MOST_KEPT]
        ],
        "more": max(len(settings) - MOST_KEPT, 0),
        "missing": list(dict.fromkeys(missing)),
    }


def unknown_findings(
    asset: Asset, rows: Sequence[ItemResult], witness: Witness
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Yield one finding a cause, with the checks that it keeps from a verdict."""
    causes: dict[str, dict[str, Why]] = {}
    kept: dict[str, dict[str, None]] = {}
    clauses: dict[str, dict[str, None]] = {}
    for row in rows:
        for result in row.checks:
            for why in result.why:
                causes.setdefault(why.reason.value, {})[f"{why.command}\x1f{why.detail}"] = why
                kept.setdefault(why.reason.value, {})[result.check.id] = None
                clauses.setdefault(why.reason.value, {})[row.covered.clause] = None
    for reason, whys in sorted(causes.items()):
        checks = tuple(kept[reason])
        told = tuple(whys.values())
        yield _unknown(asset, told, (checks, tuple(clauses[reason])), witness), checks


def _unknown(
    asset: Asset,
    whys: Sequence[Why],
    kept: tuple[Sequence[str], Sequence[str]],
    witness: Witness,
) -> Finding:
    checks, clauses = kept
    reason = whys[0].reason
    said = REASONS[reason]
    shown = [w.command or w.detail for w in whys[:3]]
    named = ", ".join(dict.fromkeys(shown)) + (" …" if len(whys) > len(shown) else "")
    is_silent = reason is UnknownReason.NOT_COLLECTED and asset.contact is not Contact.ANSWERED
    word = asset.contact.value if is_silent else reason.value
    return Finding(
        rule=UNKNOWN,
        subject=Subject("asset", asset.id, asset.device.name),
        verdict=Verdict.UNKNOWN,
        severity=Severity.MEDIUM,
        message=Text(
            f"{asset.id}：{len(checks)}项检查无法判定，{said.zh}：{named}",
            f"{asset.id}: {len(checks)} checks not judged, {said.en}: {named}",
        ),
        observed={
            "device": asset.device.id,
            "component": asset.component,
            "instance": asset.instance,
            "contact": asset.contact.value,
            "commands": [
                {"command": w.command, "detail": plain(w.detail)} for w in whys[:MOST_KEPT]
            ],
            "clauses": list(clauses),
        },
        affected=tuple(checks),
        cause=word,
        evidence=witness.of((), dict.fromkeys(w.command for w in whys)),
        identity=(reason.value,),
    )


def ungraded_finding(government: str, assets: Sequence[Asset]) -> Finding:
    """Write down the assets of a government that serve no graded object."""
    names = [asset.id for asset in assets]
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")  # noqa: PLR2004 - a line
    return Finding(
        rule=UNGRADED,
        subject=Subject("government", government),
        verdict=Verdict.UNKNOWN,
        severity=Severity.MEDIUM,
        message=Text(
            f"{len(names)}个资产不属于任何定级对象，等级未知：{shown}",
            f"{len(names)} assets serve no graded object, so their level is not known: {shown}",
        ),
        affected=tuple(names),
        cause="no_graded_object",
        remedy=Text(
            "在台账的graded.yaml中登记定级对象及其设备，或用--profile指定基线。",
            "Register the graded object with its devices in graded.yaml, or name a --profile.",
        ),
    )


def person_finding(subject: Subject, clause: str, given: Confirmation) -> Finding:
    """Write down what a person found not met, or met in part only."""
    return Finding(
        rule=PERSON,
        subject=subject,
        verdict=Verdict(given.verdict),
        severity=Severity.MEDIUM,
        message=Text(
            f"{subject.id}：条款{clause}由{given.by}于{given.on}人工判定"
            + (f"：{given.note}" if given.note else ""),
            f"{subject.id}: clause {clause} judged by {given.by} on {given.on}"
            + (f": {given.note}" if given.note else ""),
        ),
        observed={"by": given.by, "on": given.on.isoformat(), "note": given.note},
        standards=(f"{STANDARD} {clause}",),
        identity=(clause,),
    )


def subject_of(item: ObjectItem) -> Subject:
    """Return the graded object of an item as the subject of a finding."""
    return Subject("graded_object", item.object.id, item.object.name)
