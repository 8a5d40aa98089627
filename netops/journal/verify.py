"""Finds any change made to a journal and names the record.

Kinds of faults: ``changed`` (the record is not what its digest says), ``broken`` (it does not
follow the one before: a record was removed, inserted or moved), ``cut_off`` (the head names more
records), ``torn`` (a last line without end), ``head`` (missing, or other than the log),
``signature`` (the head's does not fit).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from netops.errors import Fault, JournalError, Place, Sentence
from netops.journal.book import HEAD, LOG, Check, read_head
from netops.journal.records import BEFORE_FIRST, Record, read_line

_RESTORE = Sentence("Find out who did it; restore the journal from its copy.")
_MEND = Sentence("The next act of the authority seals it; nothing that was acknowledged is lost.")


def verify(folder: Path, check: Check | None = None) -> tuple[Fault, ...]:
    """Hold the journal in ``folder`` against its chain and its signed head, every fault at once."""
    path = folder / LOG
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return (
            Fault("missing", Place(str(path)), Sentence("There is no journal here."), _RESTORE),
        )
    faults: list[Fault] = []
    digests = _follow(path, lines, faults)
    faults += _head_faults(folder, digests, check)
    return tuple(faults)


def records(folder: Path) -> Iterator[Record]:
    """Yield every record of a journal that can be read, in order."""
    with (folder / LOG).open("rb") as lines:
        for line in lines:
            if (record := _read(line)) is not None:
                yield record


def _follow(path: Path, lines: list[bytes], faults: list[Fault]) -> list[str]:
    """Follow the chain; return the digest of each line, as it should stand after it."""
    digests: list[str] = []
    previous, number = BEFORE_FIRST, 0
    for position, line in enumerate(lines, start=1):
        place = Place(str(path), position)
        if not line.endswith(b"\n"):
            cause = Sentence("The last line is torn: a crash cut it off.")
            faults.append(Fault("torn", place, cause, _MEND, warning=True))
            break
        record = _read(line)
        if record is None:
            cause = Sentence("Record {number} was changed.", number=number + 1)
            faults.append(Fault("changed", place, cause, _RESTORE))
            previous, number = line[:64].decode("ascii", "replace"), number + 1
        else:
            if (record.previous, record.number) != (previous, number + 1):
                faults.append(Fault("broken", place, _broken(record, number), _RESTORE))
            previous, number = record.digest, record.number
        digests.append(previous)
    return digests


def _read(line: bytes) -> Record | None:
    try:
        return read_line(line)
    except (ValueError, KeyError, TypeError):
        return None


def _broken(record: Record, number: int) -> Sentence:
    if record.number > number + 1:
        first, last = number + 1, record.number - 1
        return Sentence("Records {first} to {last} were removed.", first=first, last=last)
    if record.number <= number:
        return Sentence("A record was inserted or moved before record {n}.", n=record.number)
    return Sentence("Record {n} does not follow the one before it.", n=record.number)


def _head_faults(folder: Path, digests: list[str], check: Check | None) -> Iterator[Fault]:
    place = Place(str(folder / HEAD))
    try:
        head = read_head(folder)
    except JournalError as error:
        yield Fault("head", place, error.cause, _RESTORE)
        return
    if head is None:
        yield Fault("head", place, Sentence("The journal has no head."), _RESTORE)
        return
    if head.number > len(digests):
        cause = Sentence(
            "The journal is cut off after record {last}; its head names {number}.",
            last=len(digests),
            number=head.number,
        )
        yield Fault("cut_off", Place(str(folder / LOG)), cause, _RESTORE)
    elif head.digest != (digests[head.number - 1] if head.number else BEFORE_FIRST):
        yield Fault(
            "head", place, Sentence("The head names another record than the journal has."), _RESTORE
        )
    elif head.number < len(digests):
        cause = Sentence("Records after {number} are not sealed yet.", number=head.number)
        yield Fault("head", place, cause, _MEND, warning=True)
    if check is not None and not head.is_signed(check):
        yield Fault(
            "signature", place, Sentence("The signature of the head does not fit."), _RESTORE
        )
