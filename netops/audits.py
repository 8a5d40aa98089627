"""Joins what reading yields with the judgements: one snapshot in, one result out.

The only place that knows both sides. It reads the snapshot, never a device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from zoneinfo import ZoneInfo

from netops import __version__, connectivity, exits, inventory
from netops.errors import Place, Sentence, SnapshotError
from netops.evidence import SnapshotReader
from netops.facts.device import Contact, DeviceFacts
from netops.findings import AuditResult, Judged, Provenance, overall
from netops.inventory.model import Inventory
from netops.policy.model import Policy
from netops.reading import FactCache, RouteFilter, read_snapshot

Judge = Callable[[Inventory, Mapping[str, DeviceFacts], Policy, date], Judged]

AUDITS: dict[str, Judge] = {
    "connectivity": connectivity.judge_connectivity,
    "exits": exits.judge_exits,
}

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that an audit is made from. ``facts`` holds every registered device."""

    reader: SnapshotReader
    inventory: Inventory
    overridden: bool
    policy: Policy
    as_of: date
    facts: Mapping[str, DeviceFacts]


@dataclass(frozen=True, slots=True)
class Sources:
    """Which files a case is opened from; None: what the snapshot itself holds."""

    reader: SnapshotReader
    policy: Policy
    inventory: Path | None = None
    as_of: date | None = None
    cache: Path | None = None


def open_case(sources: Sources) -> Case:
    """Read inventory and facts; devices without a file in the snapshot were not asked."""
    reader = sources.reader
    if not reader.is_complete:
        raise SnapshotError(
            Sentence("Snapshot {id} is unfinished.", id=reader.id),
            remedy=Sentence("Finish it first: netops snapshot take --resume {id}", id=reader.id),
            place=Place(str(reader.path)),
        )
    folder = sources.inventory or reader.inventory_path
    registered = inventory.load(folder)
    keep = RouteFilter(registered.plan, _wanted(registered))
    cache = None if sources.cache is None else FactCache(sources.cache)
    found = {facts.device: facts for facts in read_snapshot(reader, keep=keep, cache=cache)}
    facts = {
        name: found.get(name) or DeviceFacts(name, device.platform, Contact.NOT_ASKED)
        for name, device in registered.devices.items()
    }
    return Case(
        reader=reader,
        inventory=registered,
        overridden=sources.inventory is not None and registered.digest != reader.inventory_digest,
        policy=sources.policy,
        as_of=sources.as_of or _day_of(reader),
        facts=facts,
    )


def _wanted(registered: Inventory) -> Iterator[IPv4Address | IPv6Address]:
    """Addresses whose routes the judgements ask for: devices and applications."""
    for device in registered.devices.values():
        yield device.address
    for application in registered.applications.values():
        yield application.prefix.network_address + 1


def _day_of(reader: SnapshotReader) -> date:
    """Return the day (Asia/Shanghai) on which the snapshot ended."""
    moment = datetime.fromisoformat(reader.end or reader.begin)
    return moment.astimezone(SHANGHAI).date()


def run_audit(name: str, case: Case) -> AuditResult:
    """Judge one audit over an opened case."""
    judged = AUDITS[name](case.inventory, case.facts, case.policy, case.as_of)
    return AuditResult(
        audit=name,
        provenance=Provenance(
            tool=f"netops {__version__}",
            as_of=case.as_of.isoformat(),
            snapshot_id=case.reader.id,
            snapshot_digest=case.reader.digest,
            begin=case.reader.begin,
            end=case.reader.end,
            inventory_digest=case.inventory.digest,
            inventory_overridden=case.overridden,
            policy_digest=case.policy.digest,
            policy_samples=case.policy.samples,
        ),
        coverage=judged.coverage,
        verdict=overall(judged.subjects, judged.rates, case.policy.tolerated_unknown),
        rates=judged.rates,
        subjects=judged.subjects,
        findings=judged.findings,
        information=judged.information,
    )
