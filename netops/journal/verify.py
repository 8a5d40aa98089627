"""Finds any change made to a journal and names the record.

Kinds of faults: ``changed`` (the record is not what its digest says), ``broken`` (it does not
follow the one before: a record was removed, inserted or moved), ``cut_off`` (the head names more
records), ``torn`` (a last line without end), ``head`` (missing, or other than the log),
``signature`` (the head's does not fit). Every record is read, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from netops.errors import Fault, JournalError, Place, Sentence
from netops.journal.book import HEAD, LOG, Check, Head, read_head
from netops.journal.records import BEFORE_FIRST, Record, follows, read_body, read_line

_RESTORE = Sentence("Find out who did it; restore the journal from its copy.")
_MEND = Sentence("The next act of the authority seals it; nothing that was acknowledged is lost.")

Take = Callable[[Record], None]


def _nothing(_record: Record) -> None:
    return


def verify(folder: Path, check: Check | None = None, take: Take = _nothing) -> tuple[Fault, ...]:
    """Hold the journal in ``folder`` against its chain and its signed head, every fault at once.

    ``take`` is given each record that can be read. Records that are added meanwhile are no fault.
    """
    path = folder / LOG
    path, found = folder / LOG, _Head.read(folder)
    chain = _Chain(path, found.number)
    try:
        with path.open("rb") as lines:
            for line in lines:
                record = chain.add(line)
                if record is not None:
                    take(record)
    except OSError:
        return (
            Fault("missing", Place(str(path)), Sentence("There is no journal here."), _RESTORE),
        )
    if found.number < chain.count:
        found = _Head.read(folder)  # which has moved on, where somebody acted meanwhile
    return (*chain.faults, *_head_faults(found, chain, check))


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a journal as it was found, or why there is none."""

    place: Place
    head: Head | None
    cause: Sentence

    @classmethod
    def read(cls, folder: Path) -> _Head:
        place = Place(str(folder / HEAD))
        try:
            return cls(place, read_head(folder), Sentence("The journal has no head."))
        except JournalError as error:
            return cls(place, None, error.sentence)

    @property
    def number(self) -> int:
        return 0 if self.head is None else self.head.number


def records(folder: Path) -> Iterator[Record]:
    """Yield every record of a journal that can be read, in order."""
    with (folder / LOG).open("rb") as lines:
        for line in lines:
            if (record := _read(line)) is not None:
                yield record


@dataclass(slots=True)
class _Chain:
    """The records read so far, and what is wrong with them."""

    path: Path
    sealed: int
    """How many the head named when reading began."""
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    _number: int = 0
    _digests: dict[int, str] = field(default_factory=lambda: {0: BEFORE_FIRST})
    """Of the last record, and of those that some head may name: never all of them."""

    def add(self, line: bytes) -> Record | None:
        """Follow the chain by a line; return its record where that can be read."""
        position, previous = self.count + 1, self._digests[self.count]
        place = Place(str(self.path), position)
        if not line.endswith(b"\n"):
            cause = Sentence("The last line is torn: a crash cut it off.")
            self.faults.append(Fault("torn", place, cause, _MEND, warning=True))
            return None
        # What the head seals is as it was written where its digest and its place are right.
        is_sealed = self.count < self.sealed and follows(line, self._number, previous)
        record = _read(line, read_body if is_sealed else read_line)
        if record is None:
            cause = Sentence("Record {number} was changed.", number=self._number + 1)
            self.faults.append(Fault("changed", place, cause, _RESTORE))
            digest, self._number = line[:64].decode("ascii", "replace"), self._number + 1
        else:
            if (record.previous, record.number) != (previous, self._number + 1):
                self.faults.append(Fault("broken", place, _broken(record, self._number), _RESTORE))
            digest, self._number = line[:64].decode(), record.number  # as it was read
        if self.count < self.sealed:
            del self._digests[self.count]
        self._digests[position], self.count = digest, position
        return record

    def digest(self, number: int) -> str | None:
        """Return the digest of a record from ``sealed`` on; None where there is none."""
        return self._digests.get(number)


def _read(line: bytes, how: Callable[[bytes], Record] = read_line) -> Record | None:
    try:
        return how(line)
    except (ValueError, KeyError, TypeError):
        return None


def _broken(record: Record, number: int) -> Sentence:
    if record.number > number + 1:
        first, last = number + 1, record.number - 1
        return Sentence("Records {first} to {last} were removed.", first=first, last=last)
    if record.number <= number:
        return Sentence("A record was inserted or moved before record {n}.", n=record.number)
    return Sentence("Record {n} does not follow the one before it.", n=record.number)


def _head_faults(found: _Head, chain: _Chain, check: Check | None) -> Iterator[Fault]:
    place, head = found.place, found.head
    if head is None:
        yield Fault("head", place, found.cause, _RESTORE)
        return
    if head.number > chain.count:
        cause = Sentence(
            "The journal is cut off after record {last}; its head names {number}.",
            last=chain.count,
            number=head.number,
        )
        yield Fault("cut_off", Place(str(chain.path)), cause, _RESTORE)
    elif head.digest != chain.digest(head.number):
        cause = Sentence("The head names another record than the journal has.")
        yield Fault("head", place, cause, _RESTORE)
    elif head.number < chain.count:
        cause = Sentence("Records after {number} are not sealed yet.", number=head.number)
        yield Fault("head", place, cause, _MEND, warning=True)
    if check is not None and not head.is_signed(check):
        cause = Sentence("The signature of the head does not fit.")
        yield Fault("signature", place, cause, _RESTORE)
