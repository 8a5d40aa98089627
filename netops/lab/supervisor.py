"""The one process that stands behind a laboratory and takes everything with it.

``main`` makes itself a daemon, binds the sockets of each share of the devices, forks a server
process for it and then only waits. Servers die with it (``PR_SET_PDEATHSIG``). A server that
dies is written down, never started again in silence. Starting and ending one is ``control``'s.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from netops.errors import LaboratoryError, NetopsError, Sentence
from netops.lab.behaviours import NO_GREETING
from netops.lab.daemon import AGAIN, BUSY, become_daemon, die_with_parent, take_lock
from netops.lab.model import Personality
from netops.lab.ports import publish, published
from netops.lab.server import LabServer, Station, bind
from netops.lab.ssh import read_host_key
from netops.lab.state import (
    Endpoint,
    LabState,
    ProcessMark,
    SessionCounts,
    write_state,
)

_ARGUMENTS = 4
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_WATCHED = (*_STOPS, signal.SIGCHLD)

Source = Callable[[Path], Iterable[Personality]]


def run(directory: Path, source: str, processes: int, *, again: bool = False) -> None:
    """Serve the laboratory in ``directory`` until a signal says to stop.

    ``source`` names the function that gives its personalities. ``again``: on the same ports.
    """
    state = LabState("starting", ProcessMark.of(os.getpid(), "supervisor"), began=_now())
    write_state(directory, state)
    children: list[int] = []
    try:
        _raise_file_limit()
        personalities = list(find_source(source)(directory))
        # Until here a signal simply ends this process; from here on it has children to end.
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        serving = _Serving(directory, personalities, processes, again=again)
        state = _start(serving, state, children)
        write_state(directory, state)
        _watch(directory, state)
    except NetopsError as error:
        write_state(directory, replace(state, phase="failed", cause=str(error)))
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        write_state(directory, replace(state, phase="failed", cause=cause))
        raise
    finally:
        _end(children)


@dataclass(frozen=True, slots=True)
class _Serving:
    """What is to be served. ``again``: on the ports that the inventory names."""

    directory: Path
    personalities: list[Personality]
    processes: int
    again: bool


def _start(serving: _Serving, state: LabState, children: list[int]) -> LabState:
    """Fork a server a share and publish the ports; ``children`` grows as they start."""
    directory, personalities = serving.directory, serving.personalities
    processes = serving.processes
    # What was made so far never dies: kept out of the collector, its pages stay shared.
    gc.collect()
    gc.freeze()
    endpoints: list[Endpoint] = []
    marks: list[ProcessMark] = []
    had = published(directory / "inventory") if serving.again else {}
    shared = [(index, one) for index, one in enumerate(personalities)]
    with SessionCounts(directory, len(personalities)) as counts:
        for number in range(processes):
            share = shared[number::processes]
            stations = [bind(one, index, had.get(one.device, (0, 0))) for index, one in share]
            endpoints += map(_endpoint, stations)
            children.append(_fork(LabServer(stations, counts.count)))
            marks.append(ProcessMark.of(children[-1], "server", len(stations)))
            for station in stations:
                station.close()
    place = {one.device: index for index, one in shared}
    endpoints.sort(key=lambda endpoint: place[endpoint.device])
    publish(directory / "inventory", endpoints,
            lambda name: _pinned(personalities[place[name]]), again=serving.again)  # fmt: skip
    return replace(state, phase="serving", servers=tuple(marks), endpoints=tuple(endpoints))


def _endpoint(station: Station) -> Endpoint:
    mine = station.personality
    is_telnet = "telnet" in mine.behaviour.quirks
    greets = station.ssh is not None and mine.behaviour.ssh not in NO_GREETING and not is_telnet
    return Endpoint(mine.device, mine.address, station.ssh_port, station.snmp_port, greets)


def _pinned(personality: Personality) -> str:
    public = read_host_key(personality).export_public_key("openssh").decode()
    return " ".join(public.split()[:2])


def _fork(server: LabServer) -> int:
    """Start a process that serves ``server`` and dies with its parent."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        die_with_parent(parent)
        for number in _STOPS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        asyncio.run(_serve(server))
    except Exception:  # noqa: BLE001 - the last place that can tell of it
        traceback.print_exc()
    finally:
        os._exit(1)


async def _serve(server: LabServer) -> None:
    server.start()
    await asyncio.Event().wait()


def _watch(directory: Path, state: LabState) -> None:
    """Wait for the order to stop; write down every server that ends before it."""
    while True:
        if signal.sigwait(_WATCHED) != signal.SIGCHLD:
            return
        while ended := _ended_child():
            state = _without(state, *ended)
            write_state(directory, state)


def _ended_child() -> tuple[int, int] | None:
    """Return id and status of a child that has ended, if there is one."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _without(state: LabState, pid: int, status: int) -> LabState:
    code = os.waitstatus_to_exitcode(status)
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    servers = tuple(replace(mark, ended=how) if mark.pid == pid else mark for mark in state.servers)
    return replace(state, servers=servers)


def _end(children: Iterable[int]) -> None:
    """End the servers that this process started."""
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            continue


def _raise_file_limit() -> None:
    """A process holds two sockets a device, and a connection each session."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def find_source(name: str) -> Source:
    """Import ``module:function``, which gives the personalities of a laboratory's folder."""
    module, _, function = name.partition(":")
    try:
        found: Source = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise LaboratoryError(
            Sentence("The personalities of the laboratory cannot be made: {error}.", error=error),
            remedy="Check the installation.",
        ) from error
    return found


def main(arguments: list[str]) -> int:
    """Run as ``supervisor DIR SOURCE PROCESSES [again]``: returns at once, the daemon stays."""
    again = arguments[_ARGUMENTS:]
    if len(arguments) < _ARGUMENTS or again not in ([], [AGAIN]):
        return 2
    directory = Path(arguments[1]).resolve()
    if not take_lock(directory):
        return BUSY
    become_daemon(directory)
    run(directory, arguments[2], int(arguments[3]), again=bool(again))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
