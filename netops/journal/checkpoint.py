"""What the last writer of a journal left, so that the next one need not read all of it.

A checkpoint says which record was the last, and in which state the file was left by the file
system's own account (device, inode, size, times). It is signed like the head and believed for a
day. Nothing is proven by it: whoever verifies a journal reads every record.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

CHECKPOINT = "checkpoint.json"
SCHEMA = "netops/journal-checkpoint/1"
LASTS = timedelta(days=1)
"""So long after all was read an opening may read the last record only."""

_COARSE = 5
"""CLOCK_REALTIME_COARSE of Linux, which file times are taken from."""
_PATIENCE_S, _POLL_S = 0.05, 0.001

FileState = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which record was the last, how the file was left, and when all of it was read."""

    number: int
    digest: str
    state: FileState
    read_at: datetime
    signature: str = ""

    @property
    def message(self) -> bytes:
        """What is signed."""
        told = (SCHEMA, self.number, self.digest, *self.state, self.read_at.isoformat())
        return "".join(f"{part}\n" for part in told).encode()

    @property
    def size(self) -> int:
        """Where the last record ends."""
        return self.state[2]

    def holds(self, state: FileState, at: datetime) -> bool:
        """Whether nobody wrote to the file since, and all was read not long ago."""
        return self.state == state and timedelta() <= at - self.read_at <= LASTS


def is_past(state: FileState) -> bool:
    """Wait until a later change would bear another time; False where that does not come soon.

    File times are taken from a clock that stands still for some milliseconds: what was written
    while it showed the same as now could not be told from what is there.
    """
    until = time.monotonic() + _PATIENCE_S
    while time.clock_gettime_ns(_COARSE) <= state[-1]:
        if time.monotonic() > until:
            return False
        time.sleep(_POLL_S)
    return True


def state_of(handle: int) -> FileState:
    """Return what tells of any change of an open file."""
    found = os.fstat(handle)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the checkpoint in ``folder``; None where there is none that can be read."""
    try:
        told = json.loads((folder / CHECKPOINT).read_bytes())
        device, inode, size, modified, changed = map(int, told["state"])
        read_at = datetime.fromisoformat(told["read_at"]).astimezone(UTC)
        return Checkpoint(
            int(told["n"]), str(told["digest"]), (device, inode, size, modified, changed), read_at,
            str(told["signature"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def write_checkpoint(folder: Path, made: Checkpoint) -> None:
    """Write a checkpoint under its name as a whole; one that is lost costs time only."""
    document = {
        "schema": SCHEMA, "n": made.number, "digest": made.digest, "state": made.state,
        "read_at": made.read_at.isoformat(), "signature": made.signature,
    }  # fmt: skip
    temporary = folder / f"{CHECKPOINT}.part"
    temporary.write_bytes(json.dumps(document, sort_keys=True).encode() + b"\n")
    temporary.replace(folder / CHECKPOINT)
