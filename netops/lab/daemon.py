"""Leaving the caller behind, and never outliving a parent: what both backends' keepers do."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
from contextlib import suppress
from pathlib import Path

from netops.lab.state import state_directory

LOG = "supervisor.log"
LOCK = "lock"
BUSY = 3
"""Exit code of a keeper that found another one at work in the same folder."""
KEEP = b"k"
"""What ``lab up`` tells a keeper when it has seen the laboratory serve: from then on it may go."""

AGAIN = "again"
"""Said to a keeper that shall serve on the ports that the inventory names."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def take_lock(directory: Path) -> bool:
    """Take the laboratory's lock for as long as this process lives; False where it is taken."""
    lock = os.open(state_directory(directory) / LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return False
    return True


def become_daemon(directory: Path) -> None:
    """Leave the caller's session and close its streams; errors go to the log from now on."""
    if os.fork():
        os._exit(0)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    log = os.open(state_directory(directory) / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream, target in ((0, null), (1, null), (2, log)):
        os.dup2(target, stream)
    os.close(null)
    os.close(log)


def die_with_parent(parent: int) -> None:
    """Be killed when ``parent`` dies, also when that has happened already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def wait_for_all() -> None:
    """Return when no child is left; only for who has told them all to end."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
