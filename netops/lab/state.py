"""What a running laboratory writes down: processes, ports, counts of sessions.

``DIR/state/laboratory.json`` is replaced as a whole; ``DIR/state/sessions.counts`` is a table
of counters that every server process writes in place. A process is known by its id *and* its
start time, so that a state left behind is never taken for a living one.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SCHEMA = "netops/lab-state/1"

_STATE = "laboratory.json"
_COUNTS = "sessions.counts"
_DEAD = frozenset("ZXx")
_STATE_FIELD, _START_FIELD = 0, 19
_COUNTER = 8


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process, and in ``ended`` how it ended before it was told to."""

    pid: int
    started: int
    role: str
    devices: int = 0
    ended: str = ""

    @classmethod
    def of(cls, pid: int, role: str, devices: int = 0) -> ProcessMark:
        """Mark a process that runs now."""
        return cls(pid, _start_time(pid) or 0, role, devices)

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return self.started != 0 and _start_time(self.pid) == self.started

    def send(self, number: signal.Signals) -> None:
        """Signal the process, if it is still the one."""
        if self.is_alive:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one device listens. A port is None where nothing does; ``greets``: SSH answers."""

    device: str
    address: str
    ssh_port: int | None
    snmp_port: int | None
    greets: bool = True


@dataclass(frozen=True, slots=True)
class LabState:
    """The state of a laboratory. ``phase`` is starting, serving or failed (then ``cause``)."""

    phase: str
    supervisor: ProcessMark
    servers: tuple[ProcessMark, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    cause: str = ""
    began: str = ""
    backend: str = "simulated"

    @property
    def processes(self) -> tuple[ProcessMark, ...]:
        """All processes, the supervisor first."""
        return (self.supervisor, *self.servers)


def state_directory(directory: Path) -> Path:
    """Return where a laboratory keeps its state."""
    return directory / "state"


def write_state(directory: Path, state: LabState) -> None:
    """Replace the state; a reader sees the old one or the new one."""
    place = state_directory(directory) / _STATE
    draft = place.with_suffix(".new")
    draft.write_text(json.dumps({"schema": SCHEMA, **asdict(state)}), encoding="utf-8")
    draft.replace(place)


def read_state(directory: Path) -> LabState | None:
    """Return the state that was left in ``directory``, or None where none can be read."""
    try:
        text = (state_directory(directory) / _STATE).read_text(encoding="utf-8")
        data: dict[str, Any] = json.loads(text)
        if data.pop("schema") != SCHEMA:
            return None
        supervisor = ProcessMark(**data.pop("supervisor"))
        servers = tuple(ProcessMark(**mark) for mark in data.pop("servers"))
        endpoints = tuple(Endpoint(**endpoint) for endpoint in data.pop("endpoints"))
        return LabState(supervisor=supervisor, servers=servers, endpoints=endpoints, **data)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget_state(directory: Path) -> None:
    """Remove what a laboratory wrote."""
    for name in (_STATE, _COUNTS):
        (state_directory(directory) / name).unlink(missing_ok=True)


def read_sessions(directory: Path, devices: Sequence[str]) -> dict[str, int]:
    """Return how often each device was logged in to since the laboratory came up."""
    try:
        octets = (state_directory(directory) / _COUNTS).read_bytes()
    except OSError:
        octets = b""
    octets = octets.ljust(len(devices) * _COUNTER, b"\0")
    return {
        device: int.from_bytes(octets[at * _COUNTER : (at + 1) * _COUNTER], "little")
        for at, device in enumerate(devices)
    }


class SessionCounts:
    """The table of counters, shared by mapping one file. Each device has one writer."""

    def __init__(self, directory: Path, devices: int) -> None:
        place = state_directory(directory) / _COUNTS
        place.write_bytes(bytes(max(1, devices) * _COUNTER))
        with place.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)

    def count(self, index: int) -> None:
        """Add one log-in to the device at ``index``."""
        place = slice(index * _COUNTER, (index + 1) * _COUNTER)
        value = int.from_bytes(self._map[place], "little") + 1
        self._map[place] = value.to_bytes(_COUNTER, "little")

    def close(self) -> None:
        """Give the mapping back."""
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def living(marks: Iterable[ProcessMark]) -> tuple[ProcessMark, ...]:
    """Return the processes that still run."""
    return tuple(mark for mark in marks if mark.is_alive)


def _start_time(pid: int) -> int | None:
    """Return when a process started, in ticks since boot; None if it does not run."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[_STATE_FIELD] in _DEAD else int(fields[_START_FIELD])
