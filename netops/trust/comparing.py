"""Holds what a journal tells against what is on record, however many certificates there are.

Both are put into a scratch database of their own, which lies on the disk and is gone with this
process: neither is ever in memory as a whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Self

from sqlalchemy import select

from netops.errors import AuthorityError, Sentence
from netops.journal import Record
from netops.trust.authority import ROOT, SUB
from netops.trust.store import Store
from netops.trust.tables import CERTIFICATES, LISTS, State

_AT_ONCE = 10_000
_FEW = 1000
"""So many that are not on record are looked for once more: they may have come meanwhile."""
_SIZE = 20
"""Octets of the longest serial number."""
_TABLES = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA cache_size = -65536",
    "CREATE TABLE kept (serial BLOB PRIMARY KEY, state TEXT) WITHOUT ROWID",
    "CREATE TABLE told (serial BLOB PRIMARY KEY, certified INT, revoked INT) WITHOUT ROWID",
)
_KEEP = "INSERT OR REPLACE INTO kept VALUES (?, ?)"
_TELL = """
INSERT INTO told VALUES (?, ?, ?) ON CONFLICT (serial) DO UPDATE SET
    certified = max(certified, excluded.certified),
    revoked = CASE WHEN excluded.certified THEN revoked ELSE excluded.revoked END
"""
# What was abandoned may never have been signed: the journal tells of its end alone.
_NOT_LOGGED = """
FROM kept LEFT JOIN told USING (serial)
WHERE state <> 'intended' AND NOT coalesce(certified OR revoked, 0)
"""
_REVOCATION_NOT_LOGGED = """
FROM kept LEFT JOIN told USING (serial)
WHERE state IN ('revoked', 'held') AND NOT coalesce(revoked, 0)
"""
_NOT_KEPT = """
FROM told LEFT JOIN kept USING (serial) WHERE certified AND state IS NULL
"""
_REVOCATION_NOT_KEPT = """
FROM told JOIN kept USING (serial) WHERE revoked AND state = 'issued'
"""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many there are, and the lowest serial number among them."""

    count: int
    lowest: int


class Comparison:
    """What was taken in so far. First the record, then the journal, then ask what is missing.

    In this order all that is on record must be in the journal, which is written before it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._scratch = sqlite3.connect("", isolation_level=None)
        for statement in _TABLES:
            self._scratch.execute(statement)
        self._rows: list[tuple[bytes, int, int]] = []
        self._digests: set[str] = set()
        self.unreadable: list[int] = []
        """Records that do not say what they are about."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._scratch.close()

    def keep(self) -> None:
        """Take in what is on record, as it is at one moment."""
        with self._store.transaction(reads=True) as connection:
            asked = select(CERTIFICATES.c.serial, CERTIFICATES.c.state)
            found = connection.execute(asked.execution_options(yield_per=_AT_ONCE))
            for some in found.partitions():
                rows = [(bytes.fromhex(serial), state) for serial, state in some]
                self._write(_KEEP, sorted(rows))
            self._digests = set(connection.execute(select(LISTS.c.digest)).scalars())

    def tell(self, record: Record) -> None:
        """Take in one record of the journal."""
        try:
            self._rows += _changes(record)
            if record.act.name == "list":
                self._digests.discard(record.act.detail["digest"])
        except (KeyError, ValueError, TypeError, OverflowError):
            self.unreadable.append(record.number)
        if len(self._rows) >= _AT_ONCE:
            self._flush()

    def certificates_not_logged(self) -> Missing | None:
        """Return certificates on record that the journal does not tell of."""
        return self._missing(_NOT_LOGGED)

    def revocations_not_logged(self) -> Missing | None:
        """Return revocations on record that the journal does not tell of."""
        return self._missing(_REVOCATION_NOT_LOGGED)

    def certificates_not_kept(self) -> Missing | None:
        """Return certificates in the journal that are not on record."""
        return self._missing(_NOT_KEPT, frozenset(State))

    def revocations_not_kept(self) -> Missing | None:
        """Return revocations in the journal that are not on record."""
        return self._missing(_REVOCATION_NOT_KEPT, frozenset({State.REVOKED, State.HELD}))

    @property
    def lists_not_logged(self) -> int:
        """How many lists on record the journal does not tell of."""
        return len(self._digests)

    def _missing(self, source: str, good: frozenset[State] = frozenset()) -> Missing | None:
        """Return what is missing by ``source``, but what is in a ``good`` state by now."""
        self._flush()
        (count,) = self._scratch.execute(f"SELECT count(*) {source}").fetchone()
        few = self._scratch.execute(f"SELECT serial {source} ORDER BY serial LIMIT {_FEW}")
        serials = [int.from_bytes(serial) for (serial,) in few]
        if good and count <= _FEW:
            serials = [one for one in serials if not self._states(one) & good]
            count = len(serials)
        return Missing(count, serials[0]) if count else None

    def _states(self, serial: int) -> set[State]:
        found = (self._store.find(name, serial) for name in (SUB, ROOT))
        return {one.state for one in found if one is not None}

    def _flush(self) -> None:
        rows = sorted(self._rows, key=itemgetter(0))  # near together on the disk, in order each
        self._rows = []
        self._write(_TELL, rows)

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            self._scratch.execute("BEGIN")
            self._scratch.executemany(statement, rows)
            self._scratch.execute("COMMIT")
        except sqlite3.Error as error:
            raise AuthorityError(
                Sentence("The scratch file of the comparison refused: {reason}.", reason=error),
                remedy="Free the disk of the folder for temporary files (TMPDIR).",
            ) from error


def _changes(record: Record) -> list[tuple[bytes, int, int]]:
    """Return what a record tells: serial numbers, whether certified, whether revoked."""
    act, detail = record.act.name, record.act.detail
    if act in {"issue", "ceremony", "rollover"}:
        return [(_octets(detail["serial"]), 1, 0)]
    if act in {"revoke", "release"}:
        return [(_octets(detail["serial"]), 0, int(act == "revoke"))]
    if act == "abandon":
        return [(_octets(serial), 0, 1) for serial in detail["serials"]]
    return []


def _octets(serial: str) -> bytes:
    return int(serial, 16).to_bytes(_SIZE)
