"""Takes a snapshot: every device asked, each result on disk as it ends, resumable at any moment.

Knows Nornir and the order of a run. Refuses to know how a device is talked to.
"""

from __future__ import annotations

import contextlib
import gc
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import Hosts
from nornir.core.inventory import Inventory as NornirInventory
from nornir.core.processor import Processors
from nornir.core.task import Result, Task

from netops.collection.contact import Limits, Turn
from netops.collection.device_reader import Agent, collect, collect_baseline
from netops.collection.host_evidence import admit_programs
from netops.collection.nornir_inventory import NetopsInventory
from netops.collection.nornir_plugins import JOBS, PatientRunner, ToDisk
from netops.collection.pace import Pace
from netops.collection.session import Access
from netops.collection.snmp import SnmpAgent
from netops.errors import Sentence, UsageError
from netops.evidence.observation import DeviceRecord
from netops.evidence.workspace import Workspace
from netops.evidence.writer import SnapshotWriter
from netops.facts.device import Contact
from netops.inventory.model import Inventory
from netops.platforms.registry import platform as registered

_OPEN_FILES = 8192
_SWITCH_S = 0.05
"""Threads that wait for the interpreter wake at this interval: at Python's own 5 ms, a hundred
and fifty of them spend more on waking than on reading."""
_COLLECT_AFTER = 10_000
_WORTH_TELLING_S = 5.0
_BASELINE, _BASELINE_WITH_WALK = "baseline", "baseline and walk"


class Watcher(Protocol):
    """Whoever wants to see a run go on."""

    def begin(self, snapshot: str, total: int) -> None:
        """``total`` devices are going to be asked."""
        ...

    def advance(self, record: DeviceRecord) -> None:
        """One device has ended. Called from several threads."""
        ...


class Unwatched:
    """Nobody looks."""

    def begin(self, snapshot: str, total: int) -> None:
        """Nothing to do."""

    def advance(self, record: DeviceRecord) -> None:
        """Nothing to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to take a snapshot. ``devices`` None: all. Rates in log-ins a second, 0: no limit.

    ``jobs`` devices talk at once; beside them wait, up to a limit, those that say nothing.
    """

    devices: tuple[str, ...] | None = None
    jobs: int = JOBS
    snmp: bool = True
    rate: float = 0.0
    domain_rate: float = 0.0
    resume: str | None = None
    limits: Limits = field(default_factory=Limits)
    vantages: tuple[str, ...] = ()
    """Points to measure from after the devices; ``measure`` of ``run_snapshot`` does it."""
    baseline: bool = False
    """Ask only what a baseline needs: a host its program, a device its few commands."""
    walk: bool = False
    """With ``baseline``: hosts walk their file systems too."""

    @property
    def manner(self) -> str:
        """How devices are asked, as the snapshot keeps it for a resumed run."""
        if not self.baseline:
            return ""
        return _BASELINE_WITH_WALK if self.walk else _BASELINE


@dataclass(frozen=True, slots=True)
class SnapshotOutcome:
    """What a run came to."""

    id: str
    path: Path
    digest: str
    asked: int
    contacts: Mapping[Contact, int]
    faults: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()
    """What the reader of the snapshot should know of the run itself."""

    @property
    def answered(self) -> int:
        """Devices that gave at least one accepted answer."""
        return self.contacts.get(Contact.ANSWERED, 0)

    @property
    def is_full(self) -> bool:
        """Whether everybody who was asked answered."""
        return self.answered == self.asked and not self.faults


Measure = Callable[[SnapshotWriter], tuple[str, ...]]


def run_snapshot(
    inventory: Inventory,
    folder: Path,
    workspace: Workspace,
    options: Options | None = None,
    watcher: Watcher | None = None,
    measure: Measure | None = None,
) -> SnapshotOutcome:
    """Ask the devices of ``inventory`` (read from ``folder``) and write a snapshot.

    ``measure`` adds what is measured actively, and returns what it could not do.
    """
    chosen = options or Options()
    watching = watcher or Unwatched()
    _raise_open_files()
    if chosen.baseline:
        admit_programs(map(registered, {d.platform for d in inventory.devices.values()}))
    with _writer(inventory, folder, workspace, chosen) as writer:
        missing = writer.missing
        watching.begin(writer.id, len(missing))
        runner = PatientRunner(chosen.jobs)
        faults = _ask(inventory, folder, chosen, (runner, writer), watching)
        if measure is not None:
            faults += measure(writer)
        digest = writer.finish()
        return SnapshotOutcome(
            id=writer.id,
            path=writer.path,
            digest=digest,
            asked=len(writer.asked),
            contacts=Counter(writer.contacts.values()),
            faults=faults,
            notes=_notes(runner),
        )


def _notes(runner: PatientRunner) -> tuple[Sentence, ...]:
    lag, notes = runner.lag, []
    if lag.total >= _WORTH_TELLING_S:
        notes.append(
            Sentence(
                "This machine was too busy to listen for {total} s in all, {worst} s at a time; "
                "that was not held against devices.",
                total=f"{lag.total:.0f}",
                worst=f"{lag.worst:.1f}",
            )
        )
    if runner.held_back:
        notes.append(
            Sentence(
                "Log-ins were slow or this machine was late; devices begun later, with fewer "
                "sessions open: {count}.",
                count=runner.held_back,
            )
        )
    return tuple(notes)


def _writer(
    inventory: Inventory, folder: Path, workspace: Workspace, options: Options
) -> SnapshotWriter:
    if options.resume is not None:
        reader = workspace.resolve(options.resume)
        return SnapshotWriter.resume(reader.path, inventory.digest)
    asked = tuple(inventory.devices) if options.devices is None else options.devices
    if not asked:
        raise UsageError("No device was chosen.", remedy="Look at --filter and the inventory.")
    return SnapshotWriter.create(
        workspace.snapshots, folder, inventory.digest, asked, options.vantages, options.manner
    )


def _ask(
    inventory: Inventory,
    folder: Path,
    options: Options,
    ways: tuple[PatientRunner, SnapshotWriter],
    watcher: Watcher,
) -> tuple[str, ...]:
    """Ask all that is missing; return faults of ours that devices ran into."""
    runner, writer = ways
    if not writer.missing:  # killed after the last device: Nornir would warn of an empty task
        return ()
    faults: list[str] = []

    def keep(record: DeviceRecord) -> None:
        writer.add(record)
        faults.extend(f"{record.device}: {n}" for n in record.notes if n.startswith("internal"))
        watcher.advance(record)

    access = Access.of(inventory, folder, options.limits)
    pace = Pace(options.rate, options.domain_rate)
    hosts = NetopsInventory(folder, resolve_secrets=False, records=inventory).load()
    asks_all = not writer.manner
    agent = SnmpAgent(access.secrets, options.limits) if options.snmp and asks_all else None
    with contextlib.closing(access), _quiet_interpreter():
        nornir = Nornir(
            inventory=_only(hosts, writer.missing),
            config=Config(),
            processors=Processors([ToDisk(keep)]),
            runner=runner,
        )
        if asks_all:
            nornir.run(_collect, access=access, pace=pace, agent=agent)
        else:
            walk = writer.manner == _BASELINE_WITH_WALK
            nornir.run(_collect_baseline, access=access, pace=pace, walk=walk)
    return tuple(faults)


def _collect(task: Task, access: Access, pace: Pace, agent: Agent | None, turn: Turn) -> Result:
    device = access.inventory.devices[task.host.name]
    return Result(task.host, result=collect(device, access, turn, pace, agent))


def _collect_baseline(task: Task, access: Access, pace: Pace, walk: bool, turn: Turn) -> Result:  # noqa: FBT001 - Nornir hands every parameter by its name
    device = access.inventory.devices[task.host.name]
    return Result(task.host, result=collect_baseline(device, access, turn, pace, walk=walk))


@contextlib.contextmanager
def _quiet_interpreter() -> Iterator[None]:
    """Let threads wait longer for the interpreter, and its collector look less often.

    The inventory of a province is a million objects that stay: the collector need not look at
    them again and again for the little that sessions leave behind.
    """
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(_SWITCH_S)
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        sys.setswitchinterval(interval)


def _only(hosts: NornirInventory, wanted: tuple[str, ...]) -> NornirInventory:
    chosen = set(wanted)
    kept = {name: host for name, host in hosts.hosts.items() if name in chosen}
    return NornirInventory(Hosts(kept), hosts.groups, hosts.defaults)


def _raise_open_files() -> None:
    """Use the open files that the system allows: each session holds a socket."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
