"""Named records in one file, appended as they come: a file each cost five times as much.

Knows nothing of what the records hold, and vouches for none: who reads one must check it. Safe
under ``kill -9``: what is torn at the end is not seen, and cut off by the next writer. One
process writes at a time; another one's records are lost, which costs time only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import weakref
from collections.abc import Iterator
from pathlib import Path

_HEAD = struct.Struct(">4s32sQ")
"""A mark, the name, how many octets follow."""
_MARK = b"NOR1"


class Pack:
    """A file of records; one that cannot be opened is empty and keeps nothing."""

    def __init__(self, path: Path) -> None:
        self._places: dict[bytes, tuple[int, int]] = {}
        self._end = 0
        self._may_write: bool | None = None
        self._handle = -1
        with contextlib.suppress(OSError):
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            weakref.finalize(self, os.close, self._handle)
            self._look()

    def get(self, name: bytes) -> bytes:
        """Return the record of that name (32 octets), empty where there is none."""
        size, at = self._places.get(name, (0, 0))
        try:
            return os.pread(self._handle, size, at) if size else b""
        except OSError:
            return b""

    def put(self, name: bytes, data: bytes) -> None:
        """Append a record, or let it be where that cannot be done."""
        if self._may_write is None:
            self._may_write = self._take_hold()
        if not self._may_write:
            return
        record = _HEAD.pack(_MARK, name, len(data)) + data
        try:
            self._may_write = os.pwrite(self._handle, record, self._end) == len(record)
        except OSError:
            self._may_write = False
        if self._may_write:
            self._places[name] = len(data), self._end + _HEAD.size
            self._end += len(record)

    def _take_hold(self) -> bool:
        """Become the writer, and cut off what an earlier one left torn."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._look()
            os.ftruncate(self._handle, self._end)
        except (OSError, ValueError):  # taken, or no file at all
            return False
        return True

    def _look(self) -> None:
        """Note the records behind those that are known."""
        for name, size in self._heads(os.fstat(self._handle).st_size):
            self._places[name] = size, self._end + _HEAD.size
            self._end += _HEAD.size + size

    def _heads(self, whole: int) -> Iterator[tuple[bytes, int]]:
        while self._end + _HEAD.size <= whole:
            head = os.pread(self._handle, _HEAD.size, self._end)
            if len(head) < _HEAD.size:
                return
            mark, name, size = _HEAD.unpack(head)
            if mark != _MARK or self._end + _HEAD.size + size > whole:
                return
            yield name, size
