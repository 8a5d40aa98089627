"""The one process outside that holds a router laboratory, and takes everything with it.

Knows processes: it starts ``unshare``, which dies with it, and with which process 1 inside dies.
While the laboratory comes up it dies with ``lab up``, whose end of a pipe it watches.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from netops.errors import NetopsError
from netops.lab.daemon import (
    BUSY,
    KEEP,
    adopt_orphans,
    become_daemon,
    die_with_parent,
    take_lock,
    wait_for_all,
)
from netops.lab.plan import plan
from netops.lab.routers.fabric import weave
from netops.lab.routers.neighbours import start_warden
from netops.lab.routers.ready import endpoints
from netops.lab.spec_file import load_spec
from netops.lab.state import LabState, ProcessMark, write_state

_ARGUMENTS = 4
_TELL_S = 2.0
"""So much earlier than `lab up` does process 1 give up, and can say what was missing."""
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def unshare_words() -> list[str]:
    """Return how a process gets namespaces of its own, as root or as anybody."""
    words = ["unshare"]
    if os.geteuid() != 0:
        words += ["--map-root-user", "--map-auto"]
    return [*words, "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]


def hold(directory: Path, deadline_s: str, leash: int) -> None:
    """Start the laboratory and stay with it until a signal, its end, or a cut leash."""
    state = LabState(
        "starting", ProcessMark.of(os.getpid(), "supervisor"), began=_now(), backend="routers"
    )
    write_state(directory, state)
    stop = _stop_pipe()
    try:
        warden = _warden(directory)
    except NetopsError as error:
        write_state(directory, replace(state, phase="failed", cause=str(error)))
        raise
    # Process 1 outlives ``unshare`` for the moment that the kernel needs to end all the rest.
    adopt_orphans()
    me = os.getpid()
    inside_s = str(max(1.0, float(deadline_s) - _TELL_S))
    child = subprocess.Popen(
        [*unshare_words(), sys.executable, "-m", "netops.lab.routers.inside", str(directory),
         inside_s],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        preexec_fn=lambda: die_with_parent(me),  # noqa: PLW1509 - one thread only
    )  # fmt: skip
    try:
        marks = [ProcessMark.of(child.pid, "namespaces")]
        if warden is not None:
            marks.append(ProcessMark.of(warden.pid, "neighbours"))
        state = replace(state, servers=tuple(marks))
        write_state(directory, state)
        _Watch(directory, state, child, leash, stop).run()
    finally:
        child.kill()
        if warden is not None and warden.stdin is not None:
            warden.stdin.close()
        wait_for_all()


def _warden(directory: Path) -> subprocess.Popen[bytes] | None:
    """Make room in the neighbour table where a laboratory is as large as a province."""
    if not load_spec(directory / "spec.yaml").bare_townships:
        return None
    return start_warden(directory)


class _Watch:
    """Follows what process 1 tells, and when to stop."""

    def __init__(
        self, directory: Path, state: LabState, child: subprocess.Popen[bytes], leash: int,
        stop: int,
    ) -> None:  # fmt: skip
        self.directory = directory
        self.state = state
        self.child = child
        self.leash = leash
        self.stop = stop
        self.rest = b""
        self.is_kept = False

    def run(self) -> None:
        """Return when the laboratory has to end or has ended."""
        assert self.child.stdout is not None  # noqa: S101 - a pipe was asked for
        told = self.child.stdout.fileno()
        with selectors.DefaultSelector() as chosen:
            for place in (told, self.leash, self.stop):
                chosen.register(place, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in chosen.select()}
                if self.stop in ready:
                    return
                if told in ready and not self._hear(os.read(told, 65_536)):
                    return
                if self.leash in ready:
                    self.is_kept = os.read(self.leash, 1) == KEEP
                    if not self.is_kept:
                        return
                    chosen.unregister(self.leash)

    def _hear(self, octets: bytes) -> bool:
        """Take what process 1 says; False when it has ended."""
        *lines, self.rest = (self.rest + octets).split(b"\n")
        for line in lines:
            self._take(json.loads(line))
        if octets:
            return True
        if self.state.phase != "failed":
            code = self.child.wait()
            self._write(replace(self.state, phase="failed", cause=f"process 1 ended ({code})"))
        return False

    def _take(self, said: dict[str, str]) -> None:
        if "failed" in said:
            self._write(replace(self.state, phase="failed", cause=said["failed"]))
            return
        init = ProcessMark.of(_child_of(self.child.pid), "init")
        kept = tuple(mark for mark in self.state.servers if mark.role != "init")
        state = replace(self.state, servers=(kept[0], init, *kept[1:]))
        if said["phase"] == "serving":
            fabric = weave(plan(load_spec(self.directory / "spec.yaml")))
            state = replace(state, phase="serving", endpoints=endpoints(fabric))
        self._write(state)

    def _write(self, state: LabState) -> None:
        self.state = state
        write_state(self.directory, state)


def _child_of(parent: int) -> int:
    """Return the id of the only child of a process."""
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            with suppress(OSError):
                fields = (place / "stat").read_text(errors="replace").rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    return int(place.name)
    return 0


def _stop_pipe() -> int:
    """Return a file that can be read when a signal says to stop."""
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    for number in _STOPS:
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writing)
    return reading


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def main(arguments: list[str]) -> int:
    """Run as ``holder DIR DEADLINE LEASH``: returns at once, the daemon stays."""
    if len(arguments) != _ARGUMENTS:
        return 2
    directory = Path(arguments[1]).resolve()
    if not take_lock(directory):
        return BUSY
    become_daemon(directory)
    hold(directory, arguments[2], int(arguments[3]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
