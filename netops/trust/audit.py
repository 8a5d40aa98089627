"""Holds the journal of an authority against its chain, its signed head, and what is on record.

Chain and head find what was changed; the record finds what they cannot: journal and head put
back together to an older copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from netops.errors import AuthorityError, Fault, Place, Sentence
from netops.journal import LOG, verify
from netops.trust.comparing import Comparison
from netops.trust.home import Home
from netops.trust.record import read_record
from netops.trust.sealing import seal_check

NOT_COMPARED = "record"
"""The kind of fault that says that the record could not be read."""
_RESTORE = Sentence("Find out who did it; restore the journal from its copy.")
_RECORD = Sentence("Find out who did it; restore the record from its copy.")
_AGAIN = Sentence("Revoke them again, and publish a new list.")


def verify_journal(home: Home) -> tuple[Fault, ...]:
    """Return every fault of the journal; its head must be signed by a key of this authority.

    What looks like a fault may be an act in progress: it is looked at again while nobody acts.
    """
    found = _look(home)
    if all(fault.kind == NOT_COMPARED for fault in found):
        return found
    # It cannot be held where nothing may be written, or while a long batch goes on.
    with suppress(OSError, AuthorityError), home.held():
        return _look(home)
    return found


def _look(home: Home) -> tuple[Fault, ...]:
    try:
        with read_record(home) as store, Comparison(store) as comparison:
            comparison.keep()
            faults = verify(home.journal, seal_check(home, store), comparison.tell)
            if any(not fault.warning for fault in faults):
                return faults
            return (*faults, *_differences(home, comparison))
    except AuthorityError as error:
        cause = Sentence(
            "The journal cannot be held against the record: {cause}", cause=error.sentence
        )
        place = Place(str(home.path))
        told = Fault(NOT_COMPARED, place, cause, error.remedy, warning=True)
        return (*verify(home.journal, seal_check(home, None)), told)


def _differences(home: Home, found: Comparison) -> Iterator[Fault]:
    """Yield what the journal and the record do not both tell."""
    place = Place(str(home.journal))
    for missing, remedy, what in (
        (found.certificates_not_logged(), _RESTORE,
         Sentence("Certificates on record are not in the journal")),
        (found.revocations_not_logged(), _RESTORE,
         Sentence("Revocations on record are not in the journal")),
        (found.certificates_not_kept(), _RECORD,
         Sentence("Certificates in the journal are not on record")),
        (found.revocations_not_kept(), _AGAIN,
         Sentence("Revocations in the journal are not on record")),
    ):  # fmt: skip
        if missing is not None:
            cause = Sentence(
                "{what}: {count}, {serial:x} among them.",
                what=what, count=missing.count, serial=missing.lowest,
            )  # fmt: skip
            yield Fault("unlogged", place, cause, remedy)
    if count := found.lists_not_logged:
        cause = Sentence("Lists on record are not in the journal: {count}.", count=count)
        yield Fault("unlogged", place, cause, _RESTORE)
    for number in found.unreadable:
        cause = Sentence("Record {number} does not say what it is about.", number=number)
        yield Fault("unlogged", Place(str(home.journal / LOG), number), cause, _RESTORE)
