"""Brings a planned laboratory up, tells how it is, and takes it down.

Works from outside on what the supervisor writes down. It never signals a process of which the
start time is not the one that was written.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from netops.errors import LaboratoryError, Sentence
from netops.lab.probe import silent
from netops.lab.state import (
    LabState,
    ProcessMark,
    forget_state,
    living,
    read_sessions,
    read_state,
    state_directory,
)

_LOG = "supervisor.log"
_LOG_TAIL = 2000
_POLL_S = 0.02
_FIRST_STATE_S = 30.0
_GRACE_S = 10.0
_BUSY = 3
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Start:
    """How to bring a laboratory up. ``source`` is ``module:function`` of its personalities."""

    processes: int = 2
    deadline_s: float = 300.0
    source: str = "netops.lab.personalities:personalities"


@dataclass(frozen=True, slots=True)
class LabStatus:
    """How a laboratory is: ``down``, ``starting``, ``up``, ``degraded``, ``failed``, ``stale``.

    ``degraded``: a server process ended by itself. ``stale``: a state was left behind and the
    supervisor runs no more. ``sessions`` counts accepted log-ins of each device.
    """

    condition: str
    state: LabState | None
    sessions: dict[str, int]


def up(directory: Path, start: Start | None = None) -> LabStatus:
    """Start the laboratory; return when every device that should answer does."""
    start = start or Start()
    directory = directory.resolve()
    _check_may_start(directory)
    end = time.monotonic() + start.deadline_s
    _launch(directory, start)
    try:
        state = _serving(directory, end)
        _wait_for_greetings(state, end)
    except BaseException:
        down(directory)
        raise
    return status(directory)


def down(directory: Path) -> bool:
    """End every process of the laboratory. Return whether any was running."""
    directory = directory.resolve()
    state = read_state(directory)
    if state is None:
        return False
    marks = state.processes
    was_running = bool(living(marks))
    state.supervisor.send(signal.SIGTERM)
    # Without a supervisor nobody else ends the servers; with one, a first signal is enough.
    if not _wait_for_end(marks if state.supervisor.is_alive else ()):
        state.supervisor.send(signal.SIGKILL)
    latest = read_state(directory) or state
    for mark in latest.processes:
        mark.send(signal.SIGKILL)
    _wait_for_end(latest.processes)
    forget_state(directory)
    return was_running


def status(directory: Path) -> LabStatus:
    """Tell how the laboratory is now."""
    directory = directory.resolve()
    state = read_state(directory)
    if state is None:
        return LabStatus("down", None, {})
    sessions = read_sessions(directory, [endpoint.device for endpoint in state.endpoints])
    return LabStatus(_condition(state), state, sessions)


def _condition(state: LabState) -> str:
    if state.phase == "failed":
        return "failed"
    if not state.supervisor.is_alive:
        return "stale"
    if state.phase != "serving":
        return state.phase
    return "up" if all(mark.is_alive for mark in state.servers) else "degraded"


def _check_may_start(directory: Path) -> None:
    if not (directory / "inventory" / "devices.csv").is_file():
        raise LaboratoryError(
            Sentence("{directory} holds no planned laboratory.", directory=directory),
            remedy="Plan one first: netops lab plan SPEC --out DIR.",
        )
    refuse_while_up(directory)


def refuse_while_up(directory: Path) -> None:
    """Raise when the laboratory in ``directory`` lives: its folder must not change now."""
    state = read_state(directory)
    if state is not None and living(state.processes):
        raise _already_up(directory)


def _already_up(directory: Path) -> LaboratoryError:
    return LaboratoryError(
        Sentence("The laboratory in {directory} is up or coming up already.", directory=directory),
        remedy="Take it down first: netops lab down DIR.",
    )


def _launch(directory: Path, start: Start) -> None:
    """Start the supervisor, which leaves this process and its streams behind."""
    state_directory(directory).mkdir(mode=0o700, exist_ok=True)
    words = ["-m", "netops.lab.supervisor", str(directory), start.source, str(start.processes)]
    forget_state(directory)
    done = subprocess.run(
        [sys.executable, *words], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode == _BUSY:
        raise _already_up(directory)
    if done.returncode:
        raise LaboratoryError(
            Sentence(
                "The supervisor did not start: {reason}.",
                reason=done.stderr.decode(errors="replace").strip(),
            ),
            remedy="Check the installation: netops doctor.",
        )


def _serving(directory: Path, end: float) -> LabState:
    """Wait until the supervisor has bound every port and started every server."""
    first = min(end, time.monotonic() + _FIRST_STATE_S)
    while time.monotonic() < end:
        state = read_state(directory)
        if state is None and time.monotonic() > first:
            break
        if state is not None:
            if state.phase == "serving":
                return state
            if state.phase == "failed" or not state.supervisor.is_alive:
                break
        time.sleep(_POLL_S)
    state = read_state(directory)
    cause = state.cause if state is not None and state.cause else _log_tail(directory)
    raise LaboratoryError(
        Sentence(
            "The laboratory did not come up: {cause}",
            cause=cause or Sentence("the deadline has passed."),
        ),
        remedy=Sentence("See {path}.", path=state_directory(directory) / _LOG),
    )


def _wait_for_greetings(state: LabState, end: float) -> None:
    missing = asyncio.run(silent(state.endpoints, max(0.0, end - time.monotonic())))
    if missing:
        names = ", ".join(endpoint.device for endpoint in missing[:_NAMED])
        raise LaboratoryError(
            Sentence(
                "{count} devices did not answer before the deadline ({names} …).",
                count=len(missing),
                names=names,
            ),
            remedy="Give the laboratory more time (--deadline) or processes (--processes).",
        )


def _log_tail(directory: Path) -> str:
    try:
        text = (state_directory(directory) / _LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text[-_LOG_TAIL:].strip().rpartition("\n")[2]


def _wait_for_end(marks: tuple[ProcessMark, ...]) -> bool:
    end = time.monotonic() + _GRACE_S
    while living(marks):
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_S)
    return True
