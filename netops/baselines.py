"""Joins settings that reading yields with the judgement of baselines: one snapshot, one result.

The only place that knows both sides. It reads the snapshot and case files, never a device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv4Address
from itertools import chain
from pathlib import Path

from netops import inventory
from netops.audits import Opened, day_of, provenance_of, refuse_unfinished
from netops.baseline import Choice, counted, judge_baseline
from netops.baseline.assets import assets_of, default_profile, find_assets
from netops.baseline.checking import CheckResult, facts_of, judge_check
from netops.baseline.expressions import Evaluator
from netops.baseline.findings import Witness
from netops.baseline.leaves import Shown
from netops.baseline.overlays import Confirmations, Exemptions
from netops.baseline.standing import Judge, Standing
from netops.errors import Sentence, UsageError
from netops.evidence import SnapshotReader
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.answers import REGISTERED_LINKS
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts
from netops.findings import AuditResult, Verdict, overall
from netops.inventory.model import Device, Inventory
from netops.policy.baseline import Check, FactKind, RuleSet
from netops.reading import collector_off
from netops.reading.settings import read_settings
from netops.reading.settings_pool import read_many
from netops.registered import (
    RegisteredWays,
    beside,
    closed_ends,
    concerned,
    registered_case,
)

AUDIT = "baseline"
_HOST = "linux_host"
_MARK = b"@@ "
_CASE = Device("case", "case", "", "", "host", _HOST, IPv4Address("192.0.2.1"), "")
"""Stands for the device of a case, which has no place in any network."""


@dataclass(frozen=True, slots=True)
class BaselineCase(Opened):
    """Everything that a baseline is judged from; ``facts`` holds the devices chosen."""

    rules: RuleSet
    facts: Mapping[str, AssetFacts]


@dataclass(frozen=True, slots=True)
class BaselineSources:
    """Which files a case is opened from; None: what the snapshot itself holds."""

    reader: SnapshotReader
    rules: RuleSet
    inventory: Path | None = None
    as_of: date | None = None


def open_baseline(
    sources: BaselineSources, chosen: frozenset[str] | None = None, given: Inventory | None = None
) -> BaselineCase:
    """Read the inventory and the settings of the devices chosen (None: all of them)."""
    reader = sources.reader
    refuse_unfinished(reader)
    registered = given or inventory.load(sources.inventory or reader.inventory_path)
    return BaselineCase(
        reader=reader,
        inventory=registered,
        overridden=sources.inventory is not None and registered.digest != reader.inventory_digest,
        rules=sources.rules,
        as_of=sources.as_of or day_of(reader),
        facts={facts.device: facts for facts in _known(reader, registered, chosen)},
    )


def read_all_settings(
    reader: SnapshotReader, registered: Inventory, chosen: frozenset[str] | None
) -> Iterator[AssetFacts]:
    """Yield the settings of every registered device that the snapshot holds."""
    names = [
        name
        for name in reader.devices
        if name in registered.devices and (chosen is None or name in chosen)
    ]
    yield from read_many(reader, names)


def _known(
    reader: SnapshotReader, registered: Inventory, chosen: frozenset[str] | None
) -> Iterator[AssetFacts]:
    """Yield the settings of devices; those of the network with what is registered beside them."""
    known = list(read_all_settings(reader, registered, chosen))
    others = read_all_settings(reader, registered, _beyond(registered, known, chosen))
    shown = (facts for facts in chain(known, others) if facts.platform != _HOST)
    ways = RegisteredWays(registered, closed_ends(shown))
    for facts in known:
        device = registered.devices[facts.device]
        yield facts if device.platform == _HOST else beside(facts, device, ways)


def _beyond(
    registered: Inventory, known: Iterable[AssetFacts], chosen: frozenset[str] | None
) -> frozenset[str]:
    """The devices that were not chosen and whose shut ends say something of those that were."""
    if chosen is None:
        return frozenset()
    network = [facts.device for facts in known if facts.platform != _HOST]
    return concerned(registered, network) - chosen


def run_baseline(case: BaselineCase, choice: Choice) -> AuditResult:
    """Judge an opened case."""
    _hold_profiles(case, choice)
    with collector_off():
        judged = judge_baseline(case.inventory, case.facts, case.rules, choice, case.as_of)
    return AuditResult(
        audit=AUDIT,
        provenance=provenance_of(case, case.rules.digest, case.rules.samples),
        coverage=judged.coverage,
        verdict=overall(counted(judged.subjects), (), {}),
        rates=judged.rates,
        subjects=judged.subjects,
        findings=judged.findings,
        information=judged.information,
    )


def _hold_profiles(case: BaselineCase, choice: Choice) -> None:
    """Refuse a profile that the rules do not have: one that was named, or that a level needs."""
    levels = sorted({item.level for item in case.inventory.graded.values()})
    wanted = [default_profile(n) for n in levels] if choice.profile is None else [choice.profile]
    for name in wanted:
        if name not in case.rules.profiles:
            known = ", ".join(sorted(case.rules.profiles))
            raise UsageError(
                Sentence("There is no baseline profile “{name}”.", name=name),
                remedy=Sentence("Use one of: {values}.", values=known),
            )


def stand_assets(case: BaselineCase, choice: Choice) -> Iterator[tuple[Standing, Witness]]:
    """Yield what is said of each asset chosen, with what finds the lines behind its settings."""
    _hold_profiles(case, choice)
    exemptions = Exemptions(case.inventory, case.rules, case.as_of)
    judge = Judge(case.rules, exemptions, Confirmations(case.inventory), choice)
    for asset in find_assets(case.inventory, case.facts, case.rules, choice):
        facts = case.facts.get(asset.device.id)
        yield judge.stand(asset, facts), Witness(facts)


def run_case(rules: RuleSet, check: Check, path: Path) -> CheckResult:
    """Judge a check, with its own thresholds, on the text of one of its cases.

    Where the text shows several components of the kind, the worst answer counts.
    """
    platform = platform_of(check.component)
    record = DeviceRecord(
        device="case",
        platform=platform,
        contact=Contact.ANSWERED,
        observations=tuple(_observations(path.read_bytes())),
    )
    facts, device = _registered(record, replace(_CASE, platform=platform))
    values = {name: parameter.value for name, parameter in check.parameters.items()}
    kinds = rules.kinds_of(check.component)
    results = [
        judge_check(check, values, asset, Evaluator(kinds, asset.shown))
        for asset in assets_of(device, facts)
        if asset.component == check.component
    ]
    if not results:
        return _absent(check, facts, kinds)
    return min(results, key=lambda result: _WORST.index(result.verdict))


def _registered(record: DeviceRecord, device: Device) -> tuple[AssetFacts, Device]:
    """Read a case; its registered links, where it has any, are those of a small inventory."""
    facts = read_settings(record)
    for observation in record.observations:
        if observation.command == REGISTERED_LINKS:
            text = observation.raw.decode("utf-8", "replace")
            inventory_of_case, placed = registered_case(text, device)
            return beside(facts, placed, RegisteredWays(inventory_of_case)), placed
    return facts, device


_WORST = (
    Verdict.NOT_MET,
    Verdict.UNKNOWN,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
    Verdict.PARTLY_MET,
    Verdict.NEEDS_PERSON,
)


def platform_of(component: str) -> str:
    """Return the platform whose reader yields a component: what is no device lives on a host."""
    return component if component in ("huawei_vrp", "h3c_comware", "frr") else _HOST


def _absent(check: Check, facts: AssetFacts, kinds: Mapping[str, FactKind]) -> CheckResult:
    """Say of a component that the text does not show: it is not there, or nobody can tell."""
    states = {answer.command: (answer.state, answer.detail) for answer in facts.answers}
    shown = Shown({}, states)
    gaps = tuple(dict.fromkeys(why for name in facts_of(check) for why in shown.gaps(kinds[name])))
    if gaps:
        return CheckResult(check, Verdict.UNKNOWN, (), gaps)
    return CheckResult(check, Verdict.NOT_APPLICABLE, (), (), "component")


def _observations(raw: bytes) -> Iterator[Observation]:
    """Yield an answer for each part of a case; what stands before the first is a comment."""
    command, lines = "", list[bytes]()
    for line in [*raw.split(b"\n"), _MARK]:
        if not line.startswith(_MARK):
            lines.append(line)
            continue
        if command:
            text = b"\n".join(lines) + b"\n"
            yield Observation(
                f"case#{command}", "case", command, "file", "", 0.0, Outcome.ACCEPTED, text
            )
        command, lines = line[len(_MARK) :].decode("utf-8", "replace").strip(), []
