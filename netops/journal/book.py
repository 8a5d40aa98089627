"""Writes the journal: whole records, on the disk before the act is acknowledged.

``journal.log`` holds a line a record, ``head.json`` the number and digest of the last one with a
signature. A crash between the two leaves records beyond the head: they are whole, so the next
writer seals them; a torn last line was never acknowledged and is dropped. Who opens a journal that
nobody wrote to since it was closed reads its last record (``checkpoint``), else all of them.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self

from netops.errors import JournalError, Place, Sentence
from netops.journal.checkpoint import (
    Checkpoint,
    FileState,
    is_past,
    read_checkpoint,
    state_of,
    write_checkpoint,
)
from netops.journal.records import BEFORE_FIRST, Act, Record, follows, read_line

LOG, HEAD = "journal.log", "head.json"
HEAD_SCHEMA = "netops/journal-head/1"
_LAST_OCTETS = 1 << 16
"""So much is read to find the last record; before a longer one all is read."""

Clock = Callable[[], datetime]
Check = Callable[[bytes, bytes], bool]
"""Whether a signature (second) over a message (first) is by a key that may sign the journal."""


class Signer(Protocol):
    """Whoever signs the head; ``name`` says with which key."""

    @property
    def name(self) -> str:
        """Which key signs."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature over ``message``."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last record that is sealed, and the signature over that."""

    number: int
    digest: str
    signer: str = ""
    signature: str = ""

    @property
    def message(self) -> bytes:
        """What is signed."""
        return f"{HEAD_SCHEMA}\n{self.number}\n{self.digest}\n".encode()

    def is_signed(self, check: Check) -> bool:
        """Whether its signature is one that ``check`` lets pass."""
        return is_signed(check, self.message, self.signature)


def is_signed(check: Check, message: bytes, signature: str) -> bool:
    """Whether a signature in hexadecimal digits is one that ``check`` lets pass."""
    try:
        return check(message, bytes.fromhex(signature))
    except ValueError:
        return False


def read_head(folder: Path) -> Head | None:
    """Return the head of the journal in ``folder``; None where there is none yet."""
    path = folder / HEAD
    try:
        told = json.loads(path.read_bytes())
        return Head(
            int(told["n"]), str(told["digest"]), str(told["signer"]), str(told["signature"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JournalError(
            "The head of the journal cannot be read.",
            remedy="Run `ca log verify`; restore the journal from its copy.",
            place=Place(str(path)),
        ) from error


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The journal in a folder, open for writing by this process alone.

    With ``check`` it must have been begun before, and its head signed by whom that lets pass:
    what somebody forged is refused here, and not sealed anew by the next act.
    """

    def __init__(
        self,
        folder: Path,
        signer: Signer | None = None,
        clock: Clock = _now,
        check: Check | None = None,
    ) -> None:
        self.folder = folder
        self._signer = signer
        self._clock = clock
        self._check = check
        if check is not None and not (folder / HEAD).exists():
            raise _forged(folder, Sentence("The journal is not here, or has lost its head."))
        folder.mkdir(parents=True, exist_ok=True)
        # Unbuffered: what a full disk refused must not be written later by surprise.
        self._stream = (folder / LOG).open("ab", buffering=0)
        try:
            self._hold()
            self._recover()
        except BaseException:
            self._stream.close()
            raise

    def _recover(self) -> None:
        """Refuse what was cut off or forged; drop a torn last line, seal what a crash left so."""
        head = read_head(self.folder)
        self._state: FileState | None = state_of(self._stream.fileno())
        self._known = self._checkpoint(head)
        if self._known is None:
            self._read_at = self._clock().astimezone(UTC)
            self._last, self._end = self._tail(head)
        else:
            self._read_at = self._known.read_at
            self._last, self._end = Head(self._known.number, self._known.digest), self._known.size
        if head is not None and head.number > self._last.number:
            raise _cut_off(self.folder, head)
        if head is not None and self._check is not None and not head.is_signed(self._check):
            cause = Sentence("The signature of the journal's head does not fit.")
            raise _forged(self.folder, cause)
        if self._end < self._stream.seek(0, os.SEEK_END):
            self._stream.truncate(self._end)
            self._state = None
        if head is None or head.number < self._last.number:
            self._seal()

    def _checkpoint(self, head: Head | None) -> Checkpoint | None:
        """Return what the last writer left, where nobody wrote since; None: all must be read."""
        found = read_checkpoint(self.folder)
        if found is None or head is None or self._check is None or self._state is None:
            return None
        is_the_head = (found.number, found.digest) == (head.number, head.digest)
        holds = is_the_head and found.holds(self._state, self._clock().astimezone(UTC))
        if not (holds and is_signed(self._check, found.message, found.signature)):
            return None
        return found if self._ends_with(found) else None

    def _ends_with(self, found: Checkpoint) -> bool:
        with (self.folder / LOG).open("rb") as stream:
            stream.seek(max(0, found.size - _LAST_OCTETS))
            *_, last = stream.read().splitlines(keepends=True) or [b""]
        with suppress(ValueError, KeyError, TypeError):
            record = read_line(last)
            return (record.number, last[:64]) == (found.number, found.digest.encode())
        return False

    def _hold(self) -> None:
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JournalError(
                "The journal is being written by another process.",
                remedy="Wait for it to end.",
                place=Place(str(self.folder / LOG)),
            ) from error

    def _tail(self, head: Head | None) -> tuple[Head, int]:
        """Return the last whole record as a head, and where it ends; hold all against ``head``."""
        last, end = Head(0, BEFORE_FIRST), 0
        with (self.folder / LOG).open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                if head is None or last.number >= head.number:
                    last = self._follow(last, line)
                elif follows(line, last.number, last.digest):  # sealed: its digest says it all
                    last = Head(last.number + 1, line[:64].decode())
                else:
                    raise _broken(self.folder, last.number + 1)
                end += len(line)
                if head is not None and last.number == head.number and last.digest != head.digest:
                    raise _broken(self.folder, last.number)
        return last, end

    def _follow(self, last: Head, line: bytes) -> Head:
        try:
            record = read_line(line)
        except (ValueError, KeyError, TypeError) as error:
            raise _broken(self.folder, last.number + 1) from error
        if (record.number, record.previous) != (last.number + 1, last.digest):
            raise _broken(self.folder, last.number + 1)
        return Head(record.number, record.digest)

    @property
    def last(self) -> int:
        """The number of the last record, 0 in an empty journal."""
        return self._last.number

    def append(self, acts: Iterable[Act]) -> tuple[Record, ...]:
        """Write ``acts`` as records; when this returns they survive a crash.

        Raises ``JournalError`` where they cannot be written: then nothing may be done that they
        would record.
        """
        records: list[Record] = []
        lines: list[bytes] = []
        last = self._last
        at = self._clock().astimezone(UTC).isoformat(timespec="milliseconds")
        for act in acts:
            record = Record(last.number + 1, at, act, last.digest)
            digest, line = record.written
            records.append(record)
            lines.append(line)
            last = Head(record.number, digest)
        if not records:
            return ()
        try:
            self._write(b"".join(lines))
            self._last = last
            self._seal()
        except OSError as error:
            raise JournalError(
                Sentence("The journal cannot be written: {reason}.", reason=error.strerror),
                remedy="Free the disk or mend its rights; nothing is done that is not on record.",
                place=Place(str(self.folder / LOG)),
            ) from error
        return tuple(records)

    def _write(self, data: bytes) -> None:
        """Write all of ``data`` to the disk, or leave nothing of it."""
        before, self._state = self._state, None
        is_ours = before == state_of(self._stream.fileno())
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._stream.write(rest) or 0 :]
            os.fsync(self._stream.fileno())
        except OSError:
            with suppress(OSError):
                self._stream.truncate(self._end)
            raise
        self._end += len(data)
        if is_ours:
            self._state = state_of(self._stream.fileno())

    def _seal(self) -> None:
        signer, signature = "", ""
        if self._signer is not None:
            signer = self._signer.name
            signature = self._signer.sign(self._last.message).hex()
        document: dict[str, Any] = {
            "schema": HEAD_SCHEMA,
            "n": self._last.number,
            "digest": self._last.digest,
            "signer": signer,
            "signature": signature,
        }
        temporary = self.folder / f"{HEAD}.part"
        with temporary.open("wb") as stream:
            stream.write(json.dumps(document, sort_keys=True).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self.folder / HEAD)

    def close(self) -> None:
        """Let go of the journal."""
        if not self._stream.closed:
            try:
                self._leave()
            finally:
                self._stream.close()

    def _leave(self) -> None:
        """Say how the journal was left, where nobody else wrote to it meanwhile."""
        state = self._state
        if self._signer is None or state is None or state != state_of(self._stream.fileno()):
            return
        made = Checkpoint(self._last.number, self._last.digest, state, self._read_at)
        if self._known is not None and self._known.message == made.message:
            return
        signature = self._signer.sign(made.message).hex()
        with suppress(OSError):  # it saves time and says nothing that is not in the journal
            if is_past(state) and state == state_of(self._stream.fileno()):
                write_checkpoint(self.folder, replace(made, signature=signature))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _broken(folder: Path, number: int) -> JournalError:
    return JournalError(
        Sentence("Record {number} of the journal was changed, removed or inserted.", number=number),
        remedy="Stop; find out who did it; restore the journal from its copy.",
        place=Place(str(folder / LOG), number),
    )


def _forged(folder: Path, cause: Sentence) -> JournalError:
    return JournalError(
        cause,
        remedy="Stop; find out who did it; restore the journal from its copy.",
        place=Place(str(folder / HEAD)),
    )


def _cut_off(folder: Path, head: Head) -> JournalError:
    return JournalError(
        Sentence("The journal is cut off: its head says {number} records.", number=head.number),
        remedy="Stop; find out who did it; restore the journal from its copy.",
        place=Place(str(folder / LOG)),
    )
