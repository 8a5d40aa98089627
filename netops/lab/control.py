"""Brings a planned laboratory up, tells how it is, and takes it down.

Works from outside on what the supervisor writes down. It never signals a process of which the
start time is not the one that was written.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from netops.errors import LaboratoryError, Place, Sentence
from netops.lab.broken import NOTHING_BROKEN, forget_key, write_broken
from netops.lab.daemon import AGAIN, BUSY, KEEP
from netops.lab.probe import silent
from netops.lab.routers.entry import words_into
from netops.lab.routers.machine import check_machine
from netops.lab.routers.neighbours import put_back
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
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Start:
    """How to bring a laboratory up. ``source`` is ``module:function`` of its personalities.

    ``again``: it was up a moment ago; what was broken stays so, and ports stay what they were.
    """

    processes: int = 2
    deadline_s: float = 300.0
    source: str = "netops.lab.personalities:personalities"
    backend: str = "simulated"
    again: bool = False


@dataclass(frozen=True, slots=True)
class LabStatus:
    """How a laboratory is: ``down``, ``starting``, ``up``, ``degraded``, ``failed``, ``stale``.

    ``degraded``: a server process ended by itself. ``stale``: a state was left behind and the
    supervisor runs no more. ``sessions`` counts accepted log-ins of each device.
    """

    condition: str
    state: LabState | None
    sessions: dict[str, int]


def located(directory: Path) -> Path:
    """Return the folder of a laboratory by its whole path; raise where there is none."""
    try:
        found = directory.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        # Up to Python 3.12 a circle of links is a RuntimeError.
        reason = getattr(error, "strerror", None) or os.strerror(errno.ELOOP)
        raise LaboratoryError(
            Sentence("The folder cannot be opened: {reason}.", reason=reason),
            remedy="Name the folder of a laboratory: `netops lab plan SPEC --out DIR` makes one.",
            place=Place(str(directory)),
        ) from error
    if not found.is_dir():
        raise LaboratoryError(
            "This is not a folder.",
            remedy="Name the folder of a laboratory: `netops lab plan SPEC --out DIR` makes one.",
            place=Place(str(directory)),
        )
    return found


def up(directory: Path, start: Start | None = None) -> LabStatus:
    """Start the laboratory; return when every device that should answer does.

    What was broken by hand is whole again, unless it is started ``again``.
    """
    start = start or Start()
    directory = located(directory)
    _check_may_start(directory)
    if start.backend == "routers":
        check_machine()
        put_back(directory)
    if not start.again:
        write_broken(directory, NOTHING_BROKEN)
        forget_key(directory)
    end = time.monotonic() + start.deadline_s
    leash, held = os.pipe()
    try:
        _launch(directory, start, leash)
        try:
            state = _serving(directory, end)
            if state.backend == "simulated":
                _wait_for_greetings(state, end)
        except BaseException:
            down(directory)
            raise
        os.write(held, KEEP)
    finally:
        os.close(leash)
        os.close(held)
    return status(directory)


def down(directory: Path) -> bool:
    """End every process of the laboratory. Return whether any was running."""
    directory = located(directory)
    state = read_state(directory)
    if state is None:
        return put_back(directory)
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
    put_back(directory)
    forget_state(directory)
    return was_running


def status(directory: Path) -> LabStatus:
    """Tell how the laboratory is now."""
    directory = located(directory)
    state = read_state(directory)
    if state is None:
        return LabStatus("down", None, {})
    sessions = read_sessions(directory, [endpoint.device for endpoint in state.endpoints])
    return LabStatus(_condition(state), state, sessions)


def execute(directory: Path, command: Sequence[str], at: str) -> NoReturn:
    """Become ``command`` at the operations host, or at node ``at``.

    Simulated devices live on this machine's loopback: there the operations host is here.
    """
    state = read_state(located(directory))
    if state is None:
        raise LaboratoryError(
            "The laboratory is not up.", remedy="Start it first: netops lab up DIR."
        )
    words = list(command)
    if state.backend == "routers":
        words = [*words_into(state, at), *words]
    elif at:
        raise LaboratoryError(
            "A simulated device has no shell of its own.",
            remedy="Leave --at out, or use the routers backend.",
        )
    try:
        os.execvp(words[0], words)  # noqa: S606 - the user's own command
    except OSError as error:
        raise LaboratoryError(
            Sentence("{name} cannot be run: {reason}.", name=words[0], reason=error.strerror),
            remedy="Check the name of the command.",
        ) from error


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


def _launch(directory: Path, start: Start, leash: int) -> None:
    """Start the supervisor, which leaves this process and its streams behind."""
    state_directory(directory).mkdir(mode=0o700, exist_ok=True)
    if start.backend == "routers":
        words = ["netops.lab.routers.holder", str(directory), str(start.deadline_s), str(leash)]
    else:
        words = ["netops.lab.supervisor", str(directory), start.source, str(start.processes)]
        words += [AGAIN] if start.again else []
    forget_state(directory)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        pass_fds=(leash,) if start.backend == "routers" else (),
    )
    if done.returncode == BUSY:
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
                "Devices that did not answer before the deadline: {count} ({names} …).",
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
