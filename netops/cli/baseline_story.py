"""Why a verdict is what it is, as plain data: checks, settings, lines of the snapshot, history.

Quotes evidence from the snapshot as it stands there; what is too long is cut and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from netops.baseline import Choice
from netops.baseline.checking import CheckResult
from netops.baseline.findings import Witness
from netops.baseline.items import OPEN, ItemResult
from netops.baseline.leaves import LeafOutcome
from netops.baseline.rows import confirmed
from netops.baseline.sayings import plain, say_expected, settings_of, title_of
from netops.baseline.standing import Standing
from netops.baselines import BaselineCase, run_baseline, stand_assets
from netops.cli.baseline_case import Asked, open_asked
from netops.errors import InputError, UsageError
from netops.evidence import SnapshotReader, Workspace
from netops.evidence.observation import Observation
from netops.findings import Evidence, Text, Verdict
from netops.i18n import _, told
from netops.inventory.model import Inventory
from netops.policy.baseline import FactKind, Item, RuleSet
from netops.text import decode, one_line, shown_lines

_MOST_ROWS = 20
_MOST_LINES = 12
_MOST_QUOTES = 6
_MOST_HISTORY = 20
_LONGEST = 300
_MOST_QUOTED = 80
_SHORTEST_ID = 6
_ORDER = (Verdict.NOT_MET, Verdict.PARTLY_MET, *OPEN, Verdict.MET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be explained: an item of the standard, a check, or a finding by its id."""

    kind: str
    name: str
    holds: Callable[[ItemResult, Standing], bool]
    item: Item | None = None

    def checks_of(self, row: ItemResult, standing: Standing) -> tuple[CheckResult, ...]:
        """Return the checks of a row that it is about: of a clause, or of a person's word, all."""
        if self.kind == "clause":
            return row.checks
        named = {self.name}
        if self.kind == "finding":
            meant = [one for one in standing.findings if one.id.startswith(self.name)]
            named = {word for one in meant for word in (one.rule, *one.affected)}
        return tuple(one for one in row.checks if one.check.id in named) or row.checks


def tell_story(asked: Asked, name: str, asset: str | None) -> dict[str, Any]:
    """Return the whole explanation as one document."""
    only = None if asset is None else frozenset({asset.partition("/")[0]})
    case, choice = open_asked(asked, only=only)
    if asset is not None:
        _refuse_unknown(case.inventory, asset)
    target = _target(case.rules, name)
    known, told = dict[str, bool](), []
    for standing, witness in stand_assets(case, choice):
        known[standing.asset.id] = standing.asset.profile is not None
        if asset is None or standing.asset.id == asset:
            told += [(row, standing, witness) for row in standing.rows
                     if target.holds(row, standing)]  # fmt: skip
    if asset is not None and asset not in known:
        raise _no_asset(asset)
    findings = _others(case, choice, target) if target.kind == "finding" and not told else []
    told.sort(key=lambda one: (_ORDER.index(one[0].verdict), one[0].id))
    shown = told[:_MOST_ROWS]
    quote = Quotes(case.reader)
    return {
        "schema": "netops/explanation/1",
        "target": target.name,
        "kind": target.kind,
        "snapshot": case.reader.id,
        "as_of": case.as_of.isoformat(),
        "item": None if target.item is None else _item(target.item, case.rules),
        # Of one asset alone nothing can be said about an object.
        "objects": []
        if target.item is None or asset is not None
        else _objects(case, choice, target.item),
        "rows": [_row(one, target, quote, case.rules) for one in shown],
        "findings": findings,
        "is_asked": asset is None or known[asset],
        "more": len(told) - len(shown),
        "history": _history(asked, case, {row.id for row, _s, _w in shown}),
    }


def _refuse_unknown(registered: Inventory, asset: str) -> None:
    if asset.partition("/")[0] not in registered.devices:
        raise _no_asset(asset)


def _no_asset(asset: str) -> UsageError:
    return UsageError(
        _("There is no asset “{name}”.").format(name=asset[:_MOST_QUOTED]),
        remedy=_("An asset is a device, or device/component; `baseline judge` lists them."),
    )


def _others(case: BaselineCase, choice: Choice, target: Target) -> list[dict[str, Any]]:
    """Return findings that no row of an asset names: of governments and graded objects."""
    found = run_baseline(case, choice).findings
    meant = [one.to_json() for one in found if one.id.startswith(target.name)]
    if not meant:
        raise UsageError(
            _("No finding of this snapshot begins with “{name}”.").format(
                name=target.name[:_MOST_QUOTED]
            ),
            remedy=_("Name its --snapshot, and the --profile that it was judged by."),
        )
    return meant[:_MOST_ROWS]


def _target(rules: RuleSet, given: str) -> Target:
    """Tell what was named: a clause in any of its spellings, a check, or a finding."""
    clause = ".".join(given.replace(".", " ").split())
    found = rules.item_of_clause(clause)
    item = found[0] if found is not None else rules.items.get(given)
    if item is not None:
        return Target("clause", clause, lambda row, _s: row.covered.item.id == item.id, item)
    if given in rules.checks:
        return Target("check", given, lambda row, _s: given in row.covered.checks)
    name = given.lower()
    if len(name) >= _SHORTEST_ID and set(name) <= set("0123456789abcdef"):
        return Target(
            "finding",
            name,
            lambda row, standing: any(
                one.startswith(name) for one in standing.reasons.get(row.covered.clause, ())
            ),
        )
    raise UsageError(
        _("“{name}” is no clause, check or finding.").format(name=given[:80]),
        remedy=_("Write a clause like 8.1.4.1.a, a check's id, or the first digits of a finding."),
    )


def _item(item: Item, rules: RuleSet) -> dict[str, Any]:
    return {
        "id": item.id,
        "standard": item.standard,
        "clauses": {str(level): clause for level, clause in sorted(item.clauses.items())},
        "units": {str(level): unit for level, unit in sorted(item.units.items())},
        "point": item.point.to_json(),
        "text": item.text.to_json(),
        "auto": item.auto.value,
        "status": item.status,
        "verified_by": item.verified_by,
        "high_risk": [case.key for case in rules.high_risk.values() if item.id in case.items],
    }


def _objects(case: BaselineCase, choice: Choice, item: Item) -> list[dict[str, Any]]:
    """Return the rows of graded objects about an item, as the result has them."""
    result = run_baseline(case, choice)
    return [
        row.to_json()
        for row in result.subjects
        if row.kind == "object_item" and row.extra["item"] == item.id
    ][:_MOST_ROWS]


def _row(
    told: tuple[ItemResult, Standing, Witness], target: Target, quote: Quotes, rules: RuleSet
) -> dict[str, Any]:
    row, standing, witness = told
    asset, findings = standing.asset, standing.reasons.get(row.covered.clause, ())
    kinds = rules.kinds_of(asset.component)
    return {
        "row": row.id,
        "asset": asset.id,
        "clause": row.covered.clause,
        "component": asset.component,
        "family": asset.family,
        "version": asset.version,
        "profile": None if asset.profile is None else asset.profile.name,
        "verdict": row.verdict.value,
        "machine": row.machine.value,
        "proposed": None if row.proposed is None else row.proposed.value,
        "person": confirmed(row.person),
        "stale": confirmed(row.stale),
        "exemption": row.exemption,
        "evidence_digest": row.evidence,
        "findings": list(findings),
        "checks": [
            _check(result, row, witness, quote, kinds) for result in target.checks_of(row, standing)
        ],
    }


def _expected(outcome: LeafOutcome, kinds: Mapping[str, FactKind]) -> Text:
    """Return what is expected of a setting, by its title and its name."""
    name = outcome.leaf.fact
    title, asked = title_of(name, kinds), say_expected(outcome, kinds)
    return Text(f"{title.zh}（{name}）{asked.zh}", f"{title.en} ({name}): {asked.en}")


def _check(
    result: CheckResult,
    row: ItemResult,
    witness: Witness,
    quote: Quotes,
    kinds: Mapping[str, FactKind],
) -> dict[str, Any]:
    check, settings = result.check, settings_of(result.deciding)
    commands = dict.fromkeys(why.command for why in result.why if why.command)
    evidence = witness.of(settings[:_MOST_QUOTES], commands)
    fitting = [
        one
        for one in check.remedy.commands
        if not one.families or not row.asset.family or row.asset.family in one.families
    ]
    return {
        "check": check.id,
        "title": check.title.to_json(),
        "verdict": result.verdict.value,
        "note": result.note,
        "why": [f"{w.reason.value}: {w.command or w.detail}" for w in result.why],
        "expected": [_expected(one, kinds).to_json() for one in result.deciding],
        "settings": [
            {"name": s.name, "key": plain(s.key), "value": plain(s.value)} for s in settings[:50]
        ],
        "evidence": [{**one.to_json(), "quoted": quote.of(one)} for one in evidence],
        "remedy": {
            "text": check.remedy.text.to_json(),
            "commands": [
                {"risk": one.risk, "families": list(one.families), "lines": list(one.lines),
                 "note": None if one.note is None else one.note.to_json()}
                for one in fitting
            ],
        },
        "high_risk": list(check.high_risk),
    }  # fmt: skip


class Quotes:
    """Finds the lines of evidence in a snapshot; one device's record is kept at a time."""

    def __init__(self, reader: SnapshotReader) -> None:
        self._reader = reader
        self._device = ""
        self._texts: Mapping[str, Observation] = {}

    def of(self, evidence: Evidence) -> list[dict[str, Any]]:
        """Return the lines with their numbers, as visible text."""
        if evidence.device != self._device:
            record = self._reader.read(evidence.device)
            self._texts = {one.id: one for one in record.observations}
            self._device = evidence.device
        found = self._texts.get(evidence.observation)
        return [] if found is None else list(_lines(found, evidence.lines))


def _lines(found: Observation, wanted: tuple[int, int]) -> Iterator[dict[str, Any]]:
    if found.command.startswith("baseline/"):
        lines = decode(found.raw).removesuffix("\n").split("\n")
    else:
        lines = shown_lines(decode(found.raw))
    first, last = max(wanted[0], 1), wanted[1] or len(lines)
    for number in range(first, min(last, first + _MOST_LINES - 1, len(lines)) + 1):
        yield {"line": number, "text": one_line(lines[number - 1])[:_LONGEST]}


def _history(asked: Asked, case: BaselineCase, rows: set[str]) -> list[dict[str, Any]]:
    """Return the verdicts of the same rows in every complete snapshot of the workspace."""
    devices = frozenset(name.partition("/")[0] for name in rows)
    readers = [reader for reader in Workspace(asked.workspace) if reader.is_complete]
    made = []
    for reader in readers[-_MOST_HISTORY:]:
        then = replace(asked.of(str(reader.path)), inventory=None, as_of=None, filters=())
        try:
            verdicts = _verdicts(then, case.rules, devices, rows)
            made.append({"snapshot": reader.id, "end": reader.end, "verdicts": verdicts})
        except InputError as error:
            # A snapshot that is damaged must not hide the others, nor what is asked about now.
            made.append({"snapshot": reader.id, "end": "", "verdicts": {}, "fault": told(error)})
    return made


def _verdicts(
    then: Asked, rules: RuleSet, devices: frozenset[str], rows: set[str]
) -> dict[str, str]:
    opened, choice = open_asked(then, rules=rules, only=devices)
    return {
        row.id: row.verdict.value
        for standing, _witness in stand_assets(opened, choice)
        for row in standing.rows
        if row.id in rows
    }
