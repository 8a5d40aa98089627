"""Opens the record of an authority for commands that only read, also where nothing can be written.

SQLite writes beside a database even to read it. A copy on a read-only or full disk, or in a
folder of somebody else, is opened in other ways: never so that changes which lie beside it are
passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from netops.errors import AuthorityError, Place
from netops.trust.database import address_for_reading
from netops.trust.home import Home
from netops.trust.store import Store

_LATEST, _INDEX = "store.db-wal", "store.db-shm"


@contextmanager
def read_record(home: Home) -> Iterator[Store]:
    """Open the record; what was read while somebody changed it is refused when this ends."""
    usual = _as_usual(home)
    if usual is not None:
        with closing(usual) as store:
            yield store
    elif _state(home.path / _LATEST):
        with closing(_with_latest(home)) as store:
            yield store
    else:
        before = _states(home)
        with closing(_opened(home, at_rest=True)) as store:
            yield store
        if _states(home) != before:
            raise AuthorityError(
                "The record was changed while it was read.",
                remedy="Ask again, or read a copy of the folder.",
                place=Place(str(home.store)),
            )


def _as_usual(home: Home) -> Store | None:
    """Open the record as for writing; None where nothing may be written, or the disk is full."""
    if home.settings().store:
        return Store.of(home)
    if not (os.access(home.store, os.W_OK) and os.access(home.path, os.W_OK)):
        return None
    with suppress(AuthorityError):  # whatever else is wrong is found again in the other way
        return Store.of(home)
    return None


def _with_latest(home: Home) -> Store:
    """Open a record whose latest changes lie beside it: SQLite finds them by their index alone."""
    if not (home.path / _INDEX).exists():
        raise AuthorityError(
            "The latest changes of the record lie beside it, and cannot be read where nothing may "
            "be written.",
            remedy="Copy the folder to where you may write, and ask there.",
            place=Place(str(home.path / _LATEST)),
        )
    return _opened(home, at_rest=False)


def _opened(home: Home, *, at_rest: bool) -> Store:
    return Store.connected(address_for_reading(home.store, at_rest=at_rest), may_be_new=False)


def _states(home: Home) -> tuple[object, ...]:
    return _state(home.store), _state(home.path / _LATEST)


def _state(path: Path) -> tuple[int, ...]:
    """Return what tells of any change of a file; nothing of one that is empty or not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    told = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return told if found.st_size else ()
