"""Holds the journal of an authority against its chain, its signed head, and what is on record.

Chain and head find what was changed; the record finds what they cannot: journal and head put
back together to an older copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from sqlalchemy import select

from netops.errors import AuthorityError, Fault, Place, Sentence
from netops.journal import Record, records, verify
from netops.trust.home import Home
from netops.trust.sealing import seal_check
from netops.trust.store import Store
from netops.trust.tables import CERTIFICATES, LISTS, State

NOT_COMPARED = "record"
"""The kind of fault that says that the record could not be read."""
_RESTORE = Sentence("Find out who did it; restore the journal from its copy.")
_RECORD = Sentence("Find out who did it; restore the record from its copy.")
_AGAIN = Sentence("Revoke them again, and publish a new list.")


def verify_journal(home: Home) -> tuple[Fault, ...]:
    """Return every fault of the journal; its head must be signed by a key of this authority."""
    try:
        with closing(Store.of(home)) as store:
            faults = verify(home.journal, seal_check(home, store))
            if any(not fault.warning for fault in faults):
                return faults
            return (*faults, *_differences(home, store))
    except AuthorityError as error:
        cause = Sentence(
            "The journal cannot be held against the record: {cause}", cause=error.sentence
        )
        place = Place(str(home.path))
        told = Fault(NOT_COMPARED, place, cause, error.remedy, warning=True)
        return (*verify(home.journal, seal_check(home, None)), told)


@dataclass(slots=True)
class _Told:
    """What a journal tells of: serial numbers certified and revoked, digests of lists."""

    certified: set[int] = field(default_factory=set)
    revoked: set[int] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)

    def take(self, record: Record) -> None:
        """Add what one record tells."""
        act, detail = record.act.name, record.act.detail
        if act in {"issue", "ceremony", "rollover"}:
            self.certified.add(int(detail["serial"], 16))
        elif act == "revoke":
            self.revoked.add(int(detail["serial"], 16))
        elif act == "release":
            self.revoked.discard(int(detail["serial"], 16))
        elif act == "abandon":
            self.revoked.update(int(serial, 16) for serial in detail["serials"])
        elif act == "list":
            self.lists.add(detail["digest"])


def _differences(home: Home, store: Store) -> Iterator[Fault]:
    """Yield what the journal and the record do not both tell."""
    told = _Told()
    for record in records(home.journal):
        told.take(record)
    kept: dict[int, State] = {}
    with store.transaction(reads=True) as connection:
        asked = select(CERTIFICATES.c.serial, CERTIFICATES.c.state)
        for serial, state in connection.execute(asked.execution_options(yield_per=10_000)):
            kept[int(serial, 16)] = State(state)
        digests = set(connection.execute(select(LISTS.c.digest)).scalars())
    # What was abandoned may never have been signed: the journal tells of its end alone.
    signed = {serial for serial, state in kept.items() if state is not State.INTENDED}
    ended = {serial for serial in signed if kept[serial] in {State.REVOKED, State.HELD}}
    yield from _fault(
        home, signed - told.certified - told.revoked, _RESTORE,
        Sentence("Certificates on record are not in the journal"),
    )  # fmt: skip
    yield from _fault(
        home, ended - told.revoked, _RESTORE,
        Sentence("Revocations on record are not in the journal"),
    )  # fmt: skip
    yield from _fault(
        home, told.certified - kept.keys(), _RECORD,
        Sentence("Certificates in the journal are not on record"),
    )  # fmt: skip
    yield from _fault(
        home, (told.revoked & signed) - ended, _AGAIN,
        Sentence("Revocations in the journal are not on record"),
    )  # fmt: skip
    if missing := len(digests - told.lists):
        cause = Sentence("Lists on record are not in the journal: {count}.", count=missing)
        yield Fault("unlogged", Place(str(home.journal)), cause, _RESTORE)


def _fault(home: Home, serials: set[int], remedy: Sentence, what: Sentence) -> Iterator[Fault]:
    if serials:
        cause = Sentence(
            "{what}: {count}, {serial:x} among them.",
            what=what, count=len(serials), serial=min(serials),
        )  # fmt: skip
        yield Fault("unlogged", Place(str(home.journal)), cause, remedy)
