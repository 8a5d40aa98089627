"""Tiered protection: from settings, rules and persons' records to rows, findings, conclusions.

Pure: no file, no socket, no clock. The same input gives the same output, byte for byte. Knows the
order of the questions; each is answered in a module of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from netops.baseline.assets import Asset, Choice, Wholeness, find_assets
from netops.baseline.findings import ungraded_finding
from netops.baseline.graded import Drawn, draw
from netops.baseline.overlays import Confirmations, Exemptions, Warned
from netops.baseline.rows import (
    Told,
    asset_row,
    item_row,
    object_rows,
    tell_asset,
    ungraded_row,
)
from netops.baseline.standing import Judge, Standing
from netops.baseline.telling import tell_hazards, tell_object
from netops.facts.answers import REGISTERED_LINKS, AnswerState
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts
from netops.findings import Coverage, Finding, Judged, SubjectRow
from netops.inventory.model import Inventory
from netops.policy.baseline.rules import RuleSet

_READ = (AnswerState.UNDERSTOOD, AnswerState.NOT_SUPPORTED)


def judge_baseline(
    inventory: Inventory,
    facts: Mapping[str, AssetFacts],
    rules: RuleSet,
    choice: Choice,
    as_of: date,
) -> Judged:
    """Judge every asset chosen, and conclude over the graded objects that are wholly in sight."""
    assets = find_assets(inventory, facts, rules, choice)
    exemptions = Exemptions(inventory, rules, as_of)
    confirmations = Confirmations(inventory)
    judge = Judge(rules, exemptions, confirmations, choice)
    standings = [judge.stand(asset, facts.get(asset.device.id)) for asset in assets]
    sight = (inventory, rules, choice, Wholeness(rules))
    drawn = [
        draw(graded, standings, sight, exemptions, confirmations)
        for graded in inventory.graded.values()
        if choice.devices is None or any(graded in asset.objects for asset in assets)
    ]
    warnings = [w for standing in standings for w in standing.warnings]
    warnings += [w for one in drawn for w in one.warnings]
    warnings += _of_records(exemptions, confirmations, choice)
    lost = tuple(_ungraded(standings))
    return Judged(
        coverage=_coverage(assets, facts),
        rates=(),
        subjects=tuple(_rows(standings, drawn, lost, rules)),
        findings=(
            *(finding for standing in standings for finding in standing.findings),
            *(finding for one in drawn for finding in one.findings),
            *lost,
        ),
        information={
            "profile": choice.profile,
            "form": choice.form.value,
            "conclusions": [tell_object(one) for one in drawn],
            "hazards": [told for one in drawn for told in tell_hazards(one)],
            "warnings": [warned.to_json() for warned in warnings],
            "assets": [tell_asset(standing.asset) for standing in standings],
            "items": _texts(standings, drawn),
        },
    )


def _of_records(
    exemptions: Exemptions, confirmations: Confirmations, choice: Choice
) -> Iterator[Warned]:
    is_everything = choice.devices is None and choice.profile is None
    yield from exemptions.warnings(is_everything=is_everything)
    if is_everything:
        yield from confirmations.unused()


def _texts(standings: Sequence[Standing], drawn: Sequence[Drawn]) -> dict[str, Any]:
    """Return what each clause of the result asks for, as the catalogue paraphrases it."""
    found = {
        row.covered.clause: (row.covered.item, row.covered.level)
        for s in standings
        for row in s.rows
    }
    found |= {item.clause: (item.item, item.level) for one in drawn for item in one.items}
    return {
        clause: {
            "point": item.point.to_json(),
            "text": item.text.to_json(),
            "unit": item.units.get(level, ""),
        }
        for clause, (item, level) in sorted(found.items())
    }


def _ungraded(standings: Sequence[Standing]) -> Iterator[Finding]:
    """Yield a finding a government for the assets whose level nobody knows."""
    lost: dict[str, list[Asset]] = {}
    for standing in standings:
        if standing.asset.profile is None:
            lost.setdefault(standing.asset.device.government, []).append(standing.asset)
    for government, assets in lost.items():
        yield ungraded_finding(government, assets)


def _rows(
    standings: Sequence[Standing],
    drawn: Sequence[Drawn],
    lost: Sequence[Finding],
    rules: RuleSet,
) -> Iterator[SubjectRow]:
    for one in drawn:
        yield from object_rows(one)
    kinds = {name: rules.kinds_of(name) for name in {s.asset.component for s in standings}}
    by_government = {finding.subject.id: finding.id for finding in lost}
    for standing in standings:
        if standing.asset.profile is None:
            lost_by = by_government[standing.asset.device.government]
            yield ungraded_row(standing.asset, lost_by)
            continue
        yield asset_row(standing)
        told: Told = {}
        for row in standing.rows:
            reason = standing.reasons.get(row.covered.clause)
            yield item_row(row, reason, kinds[standing.asset.component], told)


def _coverage(assets: Sequence[Asset], facts: Mapping[str, AssetFacts]) -> Coverage:
    devices = list(dict.fromkeys(asset.device.id for asset in assets))
    known = [facts[name] for name in devices if name in facts]
    return Coverage(
        registered=len(devices),
        asked=sum(one.contact is not Contact.NOT_ASKED for one in known),
        answered=sum(one.contact is Contact.ANSWERED for one in known),
        understood=sum(_is_understood(one) for one in known),
        unparsed_lines=sum(len(one.unread) for one in known),
    )


def _is_understood(known: AssetFacts) -> bool:
    """Whether every answer of a device was read; what nobody asked of it does not count."""
    asked = [
        a
        for a in known.answers
        if a.command != REGISTERED_LINKS and (a.state is not AnswerState.NOT_ASKED or a.detail)
    ]
    return bool(asked) and all(answer.state in _READ for answer in asked)
