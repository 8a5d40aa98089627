"""Compares two snapshots: devices, how contact ended, commands, lines, what probes came to.

Lines are compared as bags, in linear time: text from devices may be large and hostile, and an
edit script over it costs the square.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from netops.evidence import measurement
from netops.evidence.observation import DeviceRecord, Observation
from netops.evidence.reader import SnapshotReader
from netops.facts.measurements import Echoes, Path
from netops.text import decode, shown_lines, visible


@dataclass(frozen=True, slots=True)
class CommandDiff:
    """Lines of one answer that only one side holds; ``outcomes`` where these differ."""

    command: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    outcomes: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DeviceDiff:
    """What differs on one device that both snapshots hold."""

    device: str
    contacts: tuple[str, str] | None = None
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    commands: tuple[CommandDiff, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.contacts or self.only_before or self.only_after or self.commands)


@dataclass(frozen=True, slots=True)
class ProbeDiff:
    """A measurement that came out otherwise; "" where one side did not make it."""

    vantage: str
    command: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """What differs between two snapshots."""

    before: str
    after: str
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    devices: tuple[DeviceDiff, ...]
    probes: tuple[ProbeDiff, ...] = ()


def diff_snapshots(before: SnapshotReader, after: SnapshotReader) -> SnapshotDiff:
    """Compare two snapshots; devices without a difference are left out."""
    left, right = set(before.devices), set(after.devices)
    return SnapshotDiff(
        before=before.id,
        after=after.id,
        only_before=tuple(d for d in before.devices if d not in right),
        only_after=tuple(d for d in after.devices if d not in left),
        devices=tuple(_device_diffs(before, after, right)),
        probes=tuple(_probe_diffs(before, after)),
    )


def _probe_diffs(before: SnapshotReader, after: SnapshotReader) -> Iterator[ProbeDiff]:
    """Compare what measurements came to; times and ports differ always and say nothing."""
    for vantage in sorted({*before.vantages, *after.vantages}):
        left, right = _probed(before, vantage), _probed(after, vantage)
        for command in dict.fromkeys((*left, *right)):
            found = left.get(command, ""), right.get(command, "")
            if found[0] != found[1]:
                yield ProbeDiff(vantage, command, *found)


def _probed(reader: SnapshotReader, vantage: str) -> dict[str, str]:
    if vantage not in reader.vantages:
        return {}
    found = {}
    for observation in reader.read_probes(vantage).observations:
        with contextlib.suppress(ValueError):
            found[observation.command] = _came_to(measurement.decode(observation.raw))
    return found


def _came_to(value: measurement.Measurement) -> str:
    if isinstance(value, Echoes):
        return value.reach.value
    if isinstance(value, Path):
        hops = ["/".join(sorted(str(one) for one in hop.addresses)) or "*" for hop in value.hops]
        return " ".join([*hops, "reached" if value.reached else "not reached"])
    return value.state.value if value.seen is None else f"{value.state.value} {value.seen}"


def _device_diffs(
    before: SnapshotReader, after: SnapshotReader, wanted: set[str]
) -> Iterator[DeviceDiff]:
    for device in before.devices:
        if device in wanted:
            found = diff_records(before.read(device), after.read(device))
            if not found.is_empty:
                yield found


def diff_records(before: DeviceRecord, after: DeviceRecord) -> DeviceDiff:
    """Compare two records of one device."""
    left = {(o.source, o.command): o for o in before.observations}
    right = {(o.source, o.command): o for o in after.observations}
    pairs = [(left[key], right[key]) for key in left if key in right]
    same_contact = before.contact is after.contact
    return DeviceDiff(
        device=before.device,
        contacts=None if same_contact else (before.contact.value, after.contact.value),
        only_before=tuple(command for source, command in left if (source, command) not in right),
        only_after=tuple(command for source, command in right if (source, command) not in left),
        commands=tuple(d for a, b in pairs if (d := _command_diff(a, b)) is not None),
    )


def _command_diff(before: Observation, after: Observation) -> CommandDiff | None:
    if before.raw == after.raw and before.outcome is after.outcome:
        return None
    left, right = _bag(before.raw), _bag(after.raw)
    outcomes = None
    if before.outcome is not after.outcome:
        outcomes = (before.outcome.value, after.outcome.value)
    removed, added = tuple((left - right).elements()), tuple((right - left).elements())
    if not (removed or added or outcomes):
        return None
    return CommandDiff(before.command, removed, added, outcomes)


def _bag(raw: bytes) -> Counter[str]:
    return Counter(visible(line.rstrip()) for line in shown_lines(decode(raw)))
