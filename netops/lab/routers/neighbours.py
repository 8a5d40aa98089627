"""The kernel's neighbour table, which all namespaces share: room for a province, and given back.

A process of its own raises the thresholds, waits for its keeper's end and puts back what was
there, however the keeper ends. What was there stands in the laboratory's folder meanwhile, for
``lab up`` and ``lab down`` to put back if that process was killed as well.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from netops.errors import LaboratoryError
from netops.lab.state import state_directory

WANTED = {"gc_thresh1": 32_768, "gc_thresh2": 65_536, "gc_thresh3": 131_072}
_PLACES = tuple(Path(f"/proc/sys/net/{family}/neigh/default") for family in ("ipv4", "ipv6"))
_LOCK = Path("/run/lock/netops-neighbours")
_FILE = "neighbours.json"
_ARGUMENTS = 2
_BUSY = 3


def check_right() -> None:
    """Raise LaboratoryError for anybody who may not change the table's thresholds."""
    if os.geteuid() != 0 or not os.access(_PLACES[0] / "gc_thresh3", os.W_OK):
        raise LaboratoryError(
            "A laboratory with bare_townships needs root: it raises the thresholds of the "
            "neighbour table, which is the whole machine's.",
            remedy="Run it as root, or leave bare_townships out and plan fewer townships.",
        )


def start_warden(directory: Path) -> subprocess.Popen[bytes]:
    """Start the process that raises the thresholds, and return when they are raised.

    It puts them back when this process ends or closes the pipe that it holds.
    """
    words = [sys.executable, "-m", "netops.lab.routers.neighbours", str(directory)]
    warden = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert warden.stdout is not None  # noqa: S101 - a pipe was asked for
    if warden.stdout.readline() != b"raised\n":
        raise LaboratoryError(
            "The thresholds of the neighbour table could not be raised.",
            remedy="Another laboratory may hold them: take it down first (netops lab down DIR).",
        )
    return warden


def put_back(directory: Path) -> bool:
    """Put back what a warden that was killed left raised; return whether there was anything."""
    place = state_directory(directory) / _FILE
    try:
        before = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    with _LOCK.open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False  # its warden lives, or another laboratory's: that one puts back
        _write(before)
        place.unlink(missing_ok=True)
    return True


def _read() -> dict[str, int]:
    return {
        str(place / name): int((place / name).read_text(encoding="ascii"))
        for place in _PLACES
        if place.is_dir()
        for name in WANTED
    }


def _write(values: dict[str, int]) -> None:
    for name, value in values.items():
        with suppress(OSError):
            Path(name).write_text(str(value), encoding="ascii")


def _watch(directory: Path) -> int:
    """Raise, say so, wait for the end of standard input, put back."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with _LOCK.open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return _BUSY
        before = _read()
        place = state_directory(directory) / _FILE
        place.write_text(json.dumps(before), encoding="utf-8")
        try:
            _write({name: max(value, WANTED[Path(name).name]) for name, value in before.items()})
            sys.stdout.write("raised\n")
            sys.stdout.flush()
            sys.stdin.buffer.read()
        finally:
            _write(before)
            place.unlink(missing_ok=True)
    return 0


def main(arguments: list[str]) -> int:
    """Run as ``neighbours DIR``."""
    return _watch(Path(arguments[1])) if len(arguments) == _ARGUMENTS else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv))
