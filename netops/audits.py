"""Joins what reading yields with the judgements: one snapshot in, one result out.

The only place that knows both sides. It reads the snapshot, never a device.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from netops import __version__, connectivity, exits, inventory
from netops.errors import Place, Sentence, SnapshotError, UsageError
from netops.evidence import SnapshotReader
from netops.facts.device import Contact, DeviceFacts
from netops.facts.measurements import NOTHING_MEASURED, Measurements
from netops.findings import AuditResult, Judged, Provenance, overall
from netops.inventory.model import Inventory
from netops.policy.model import Policy
from netops.reading import FactCache, RouteFilter, collector_off, read_snapshot
from netops.reading.measurements import read_measurements

Judge = Callable[[Inventory, Mapping[str, DeviceFacts], Policy, date, Measurements], Judged]

AUDITS: dict[str, Judge] = {
    "connectivity": connectivity.judge_connectivity,
    "exits": exits.judge_exits,
}

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Opened:
    """What every case is opened from, whichever judgement it is for."""

    reader: SnapshotReader
    inventory: Inventory
    overridden: bool
    as_of: date


@dataclass(frozen=True, slots=True)
class Case(Opened):
    """Everything that an audit is made from.

    ``facts`` holds every registered device, ``active`` what the snapshot measured.
    """

    policy: Policy
    facts: Mapping[str, DeviceFacts]
    active: Measurements = NOTHING_MEASURED


@dataclass(frozen=True, slots=True)
class Sources:
    """Which files a case is opened from; None: what the snapshot itself holds."""

    reader: SnapshotReader
    policy: Policy
    inventory: Path | None = None
    as_of: date | None = None
    cache: Path | None = None


@collector_off()
def open_case(sources: Sources) -> Case:
    """Read inventory and facts; devices without a file in the snapshot were not asked."""
    reader = sources.reader
    refuse_unfinished(reader)
    folder = sources.inventory or reader.inventory_path
    registered = inventory.load(folder)
    keep = RouteFilter(registered.plan, _wanted(registered))
    cache = None if sources.cache is None else FactCache(sources.cache, reader.id)
    found = {facts.device: facts for facts in read_snapshot(reader, keep=keep, cache=cache)}
    # They live as long as the audit does: no later collection needs to walk over them.
    gc.freeze()
    facts = {
        name: found.get(name) or DeviceFacts(name, device.platform, Contact.NOT_ASKED)
        for name, device in registered.devices.items()
    }
    return Case(
        reader=reader,
        inventory=registered,
        overridden=sources.inventory is not None and registered.digest != reader.inventory_digest,
        policy=sources.policy,
        as_of=sources.as_of or day_of(reader),
        facts=facts,
        active=read_measurements(reader, registered),
    )


def refuse_unfinished(reader: SnapshotReader) -> None:
    """Raise where a snapshot has no manifest yet: nothing is judged on a part of it."""
    if not reader.is_complete:
        raise SnapshotError(
            Sentence("Snapshot {id} is unfinished.", id=reader.id),
            remedy=Sentence("Finish it first: netops snapshot take --resume {id}", id=reader.id),
            place=Place(str(reader.path)),
        )


def _wanted(registered: Inventory) -> Iterator[IPv4Address | IPv6Address]:
    """Addresses whose routes the judgements ask for: devices and applications."""
    for device in registered.devices.values():
        yield device.address
    for application in registered.applications.values():
        yield application.prefix.network_address + 1


def day_of(reader: SnapshotReader) -> date:
    """Return the day (Asia/Shanghai) on which the snapshot ended."""
    moment = datetime.fromisoformat(reader.end or reader.begin)
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked beside the verdicts: what if an exit went away, or any one thing failed."""

    withdraw: str | None = None
    against_failure: int = 0


NOTHING_ASKED = Asked()


def run_audit(name: str, case: Case, asked: Asked = NOTHING_ASKED) -> AuditResult:
    """Judge one audit over an opened case."""
    given = (case.inventory, case.facts, case.policy, case.as_of)
    # A judgement makes no cycles either, and of a nation each search for some takes seconds.
    with collector_off():
        if name == "connectivity" and asked.against_failure:
            judged = connectivity.judge_connectivity(*given, case.active, against_failure=True)
        else:
            judged = AUDITS[name](*given, case.active)
    information = judged.information
    if name == "exits" and asked.withdraw is not None:
        information = {**information, "what_if": _withdrawn(case, asked.withdraw)}
    return AuditResult(
        audit=name,
        provenance=provenance_of(case, case.policy.digest, case.policy.samples),
        coverage=judged.coverage,
        verdict=overall(judged.subjects, judged.rates, case.policy.tolerated_unknown),
        rates=judged.rates,
        subjects=judged.subjects,
        findings=judged.findings,
        information=information,
    )


def provenance_of(case: Opened, digest: str, samples: tuple[str, ...]) -> Provenance:
    """Return what a result was made from; ``digest`` and ``samples`` are those of its rules."""
    return Provenance(
        tool=f"netops {__version__}",
        as_of=case.as_of.isoformat(),
        snapshot_id=case.reader.id,
        snapshot_digest=case.reader.digest,
        begin=case.reader.begin,
        end=case.reader.end,
        inventory_digest=case.inventory.digest,
        inventory_overridden=case.overridden,
        policy_digest=digest,
        policy_samples=samples,
    )


def _withdrawn(case: Case, name: str) -> dict[str, Any]:
    """Return what the model says without an exit."""
    if name not in case.inventory.exits:
        raise UsageError(
            Sentence("There is no exit “{name}” in the inventory.", name=name),
            remedy="See `netops inventory show` for the declared exits.",
        )
    when = (case.policy, case.as_of)
    return exits.withdraw_exit(case.inventory, case.facts, when, name)
