"""What an authority has on record: authorities, certificates, lists, in one database.

SQLite in WAL mode with full synchronisation; the same SQLAlchemy Core runs on PostgreSQL. A
serial is on record before anything is signed under it (a lesson other authorities paid for), and
the database itself keeps serials unique.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, bindparam, case, func, select, update
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from netops.errors import AuthorityError, Sentence
from netops.gm.revocation import Reason
from netops.trust import database
from netops.trust.home import Home
from netops.trust.tables import (
    CERTIFICATES,
    LISTS,
    Barrier,
    Kept,
    KeptList,
    Revoked,
    State,
    bare,
    hex_serial,
    kept_of,
    row_of,
)

_AT_ONCE = 500
"""Serial numbers that one question names: databases bound how many."""
_THIS = update(CERTIFICATES).where(
    (CERTIFICATES.c.authority == bindparam("of")) & (CERTIFICATES.c.serial == bindparam("number"))
)
_VERSIONS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_current_snapshot()::text",
}
_COMPLETED = _THIS.values(der=bindparam("made"), state=State.ISSUED.value)


class Store:
    """The database of an authority. One ``transaction`` is one commit, on the disk when it ends."""

    def __init__(self, url: str | URL) -> None:
        self._engine = database.open_engine(url)

    @classmethod
    def at(cls, path: Path) -> Store:
        """Open (or make) the SQLite database at ``path``."""
        return cls.connected(database.address_of(path))

    @classmethod
    def of(cls, home: Home) -> Store:
        """Open the database of an authority: the one its settings name, else its own file."""
        url = home.settings().store or database.address_of(home.store)
        return cls.connected(url, may_be_new=False)

    @classmethod
    def connected(cls, url: str | URL, *, may_be_new: bool = True) -> Store:
        """Open a database by its address; make the tables of a new one, or refuse it."""
        store = cls(url)
        try:
            with store.transaction(reads=True) as connection:
                is_new = database.is_new(connection)
            if is_new and not may_be_new:
                database.refuse_lost()
            if is_new:
                with store.transaction() as connection:
                    database.make(connection)
        except BaseException:
            store.close()
            raise
        return store

    def migrate(self) -> str:
        """Bring an older store to today's form, whole or not at all; return the form it had."""
        with self.transaction() as connection:
            return database.migrate(connection)

    @contextmanager
    def transaction(self, *, reads: bool = False) -> Iterator[Connection]:
        """Open a transaction; a fault of the database becomes an ``AuthorityError``.

        One that only ``reads`` waits for nobody and holds nobody up.
        """
        try:
            with self._engine.execution_options(reads=reads).begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            is_damaged = type(error) is DatabaseError  # SQLite tells of a full disk otherwise
            reason = " ".join(str(getattr(error, "orig", error)).split())
            raise AuthorityError(
                Sentence("The store of the authority refused: {reason}.", reason=reason),
                remedy="Bring the database back from its copy."
                if is_damaged
                else "Free the disk or mend its rights; all that was handed out is on record.",
            ) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # -- certificates ------------------------------------------------------------------------

    def intend(self, kept: Sequence[Kept]) -> None:
        """Put serials on record before anything is signed under them."""
        with self.transaction() as connection:
            connection.execute(CERTIFICATES.insert(), [row_of(one) for one in kept])

    def complete(self, signed: Iterable[tuple[Kept, bytes]]) -> None:
        """Put signed certificates on record; from here on they may be handed out."""
        rows = [
            {"of": kept.authority, "number": hex_serial(kept.serial), "made": der}
            for kept, der in signed
        ]
        with self.transaction() as connection:
            connection.execute(_COMPLETED, rows)

    def revoke(self, authority: str, serials: Iterable[int], at: datetime, reason: Reason) -> None:
        """Mark certificates as revoked, or held; one that is revoked already keeps its date."""
        state = State.HELD if reason is Reason.certificateHold else State.REVOKED
        table, moment = CERTIFICATES.c, bare(at)
        since = case((table.state == State.REVOKED.value, table.revoked_at), else_=moment)
        values = {
            "state": state.value, "revoked_at": since, "reason": int(reason), "reason_at": moment
        }  # fmt: skip
        rows = [{"of": authority, "number": hex_serial(serial)} for serial in serials]
        if rows:
            with self.transaction() as connection:
                connection.execute(_THIS.values(**values), rows)

    def release(self, authority: str, serial: int, at: datetime) -> None:
        """Take a hold back."""
        values = {
            "state": State.ISSUED.value, "revoked_at": None, "reason": None, "reason_at": None,
            "released_at": bare(at),
        }  # fmt: skip
        with self.transaction() as connection:
            connection.execute(
                _THIS.values(**values), {"of": authority, "number": hex_serial(serial)}
            )

    def find(self, authority: str, serial: int) -> Kept | None:
        """Return the certificate of that serial number."""
        table = CERTIFICATES.c
        wanted = (table.authority == authority) & (table.serial == hex_serial(serial))
        found = self._whole(wanted)
        return found[0] if found else None

    def find_requests(self, requests: Sequence[str], profile: str) -> dict[str, Kept]:
        """Return, by request, the newest certificate in force that was issued on that very one."""
        table = CERTIFICATES.c
        wanted = (
            table.request.in_(requests)
            & (table.profile == profile)
            & (table.state == State.ISSUED.value)
        )
        found = sorted(self._whole(wanted), key=lambda one: one.intended_at)
        return {one.request: one for one in found}

    def barred(self, keys: Collection[str]) -> dict[str, Barrier]:
        """Return which of ``keys`` no certificate is given for: compromised, or else held.

        Whoever certified them, and on whatever request. What a root revokes as cACompromise is
        the key of an authority; of others that reason says nothing of the key.
        """
        table = CERTIFICATES.c
        compromised = (table.reason == int(Reason.keyCompromise)) | (
            (table.authority == "root") & (table.reason == int(Reason.cACompromise))
        )
        held = table.state == State.HELD.value
        asked = (
            select(table.key, table.state).distinct().where(table.key.in_(keys), compromised | held)
        )
        found: dict[str, Barrier] = {}
        with self.transaction(reads=True) as connection:
            for key, state in connection.execute(asked):
                if state != State.HELD.value:
                    found[key] = Barrier.COMPROMISED
                found.setdefault(key, Barrier.HELD)
        return found

    def in_force_beside(
        self, authority: str, serials: Sequence[int], at: datetime
    ) -> Iterator[Kept]:
        """Yield certificates of the same keys as those, neither revoked nor over at ``at``."""
        table = CERTIFICATES.c
        is_in_force = (table.state == State.ISSUED.value) & (table.not_after >= bare(at))
        for begin in range(0, len(serials), _AT_ONCE):
            some = [hex_serial(serial) for serial in serials[begin : begin + _AT_ONCE]]
            these = (table.authority == authority) & table.serial.in_(some)
            of_their_keys = table.key.in_(select(table.key).where(these))
            yield from self._select(of_their_keys & is_in_force & ~these)

    def in_state(self, authority: str, state: State) -> Iterator[Kept]:
        """Yield the certificates in ``state``, by serial number."""
        table = CERTIFICATES.c
        return self._select((table.authority == authority) & (table.state == state.value))

    def revoked(self, authority: str) -> Iterator[Revoked]:
        """Yield what a list of revoked certificates is made of, by serial number: no more of each.

        Certificates may be held or revoked by the million.
        """
        table = CERTIFICATES.c
        asked = [
            select(table.serial, table.revoked_at, table.reason, table.not_after)
            .where((table.authority == authority) & (table.state == state.value))
            .order_by(table.serial)
            .execution_options(yield_per=10_000)
            for state in (State.REVOKED, State.HELD)  # each in the order of an index
        ]
        with self.transaction(reads=True) as connection:
            found = merge(*map(connection.execute, asked), key=itemgetter(0))
            for serial, at, reason, not_after in found:
                yield Revoked(int(serial, 16), at, reason, not_after)

    def changed(self, authority: str, since: datetime) -> Iterator[Revoked]:
        """Yield what was revoked, held or released at ``since`` or later, by serial number.

        A hold that was taken back is told by the reason removeFromCRL.
        """
        table, moment = CERTIFICATES.c, bare(since)
        is_taken_back = (table.state == State.ISSUED.value) & (table.released_at >= moment)
        asked = (
            select(CERTIFICATES)
            .where((table.authority == authority) & ((table.reason_at >= moment) | is_taken_back))
            .order_by(table.serial)
        )
        with self.transaction(reads=True) as connection:
            for row in connection.execute(asked.execution_options(yield_per=1000)):
                serial, until = int(row.serial, 16), row.not_after
                if row.state == State.ISSUED.value:
                    yield Revoked(serial, row.released_at, Reason.removeFromCRL, until)
                else:
                    yield Revoked(serial, row.revoked_at, row.reason, until)

    def search(self, text: str = "", *, most: int = 1000) -> Iterator[Kept]:
        """Yield certificates whose subject or serial number holds ``text``, newest first."""
        table = CERTIFICATES.c
        like = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        wanted = table.subject_text.ilike(like, escape="\\") | table.serial.like(
            like.lower(), escape="\\"
        )
        return self._select(wanted, most=most)

    def counts(self) -> dict[tuple[str, State], int]:
        """Return how many certificates of each authority are in each state."""
        table = CERTIFICATES.c
        asked = select(table.authority, table.state, func.count()).group_by(
            table.authority, table.state
        )
        with self.transaction(reads=True) as connection:
            rows = connection.execute(asked).all()
        return {(authority, State(state)): count for authority, state, count in rows}

    def _select(self, wanted: Any, *, most: int | None = None) -> Iterator[Kept]:  # noqa: ANN401 - an SQL expression
        order = CERTIFICATES.c.serial if most is None else CERTIFICATES.c.intended_at.desc()
        asked = select(CERTIFICATES).where(wanted).order_by(order).limit(most)
        with self.transaction(reads=True) as connection:
            for row in connection.execute(asked.execution_options(yield_per=1000)):
                yield kept_of(row)

    def _whole(self, wanted: Any) -> list[Kept]:  # noqa: ANN401 - an SQL expression
        """Return the few that are wanted: a cursor on the server would cost more than they."""
        with self.transaction(reads=True) as connection:
            return [kept_of(row) for row in connection.execute(select(CERTIFICATES).where(wanted))]

    def latest_moment(self) -> datetime | None:
        """Return the newest moment on record: a clock that shows less was moved back."""
        asked = (
            select(func.max(CERTIFICATES.c.intended_at)),
            select(func.max(LISTS.c.this_update)),
        )
        with self.transaction(reads=True) as connection:
            found = [connection.execute(one).scalar() for one in asked]
        known = [moment for moment in found if moment is not None]
        return max(known).replace(tzinfo=UTC) if known else None

    def watcher(self, every_s: float = 0.5) -> Callable[[], bool]:
        """Return a question that says whether another process may have written since it was asked.

        It looks at most every ``every_s`` seconds; databases that cannot tell always may have.
        """
        last, looked = self._version(), time.monotonic()

        def changed() -> bool:
            nonlocal last, looked
            if time.monotonic() - looked < every_s:
                return False
            before, last, looked = last, self._version(), time.monotonic()
            return last is None or last != before

        return changed

    def _version(self) -> int | str | None:
        """Return what changes when another process commits, None where a database has no such.

        SQLite counts for one connection, which the pool keeps for this thread. Snapshots of
        PostgreSQL that are equal see the same rows.
        """
        asked = _VERSIONS.get(self._engine.dialect.name)
        if asked is None:
            return None
        with self.transaction(reads=True) as connection:
            found: int | str = connection.exec_driver_sql(asked).scalar_one()
        return found

    # -- lists -------------------------------------------------------------------------------

    def newest_list(self, authority: str, partition: int = 0) -> KeptList | None:
        """Return the newest whole list that was signed for a partition."""
        return self._newest(authority, partition, LISTS.c.base.is_(None))

    def newest_delta(self, authority: str, partition: int = 0) -> KeptList | None:
        """Return the newest delta list that was signed for a partition."""
        return self._newest(authority, partition, LISTS.c.base.is_not(None))

    def newest_number(self, authority: str, partition: int = 0) -> int:
        """Return the highest number of any list of a partition, 0 where there is none."""
        table = LISTS.c
        wanted = (table.authority == authority) & (table.partition == partition)
        with self.transaction(reads=True) as connection:
            found = connection.execute(select(func.max(table.number)).where(wanted)).scalar()
        return int(found or 0)

    def _newest(self, authority: str, partition: int, kind: Any) -> KeptList | None:  # noqa: ANN401 - an SQL expression
        table = LISTS.c
        asked = (
            select(LISTS)
            .where((table.authority == authority) & (table.partition == partition) & kind)
            .order_by(table.number.desc())
            .limit(1)
        )
        with self.transaction(reads=True) as connection:
            row = connection.execute(asked).first()
        if row is None:
            return None
        values = {**row._mapping}  # noqa: SLF001 - SQLAlchemy's own public name for it
        for name in ("this_update", "next_update"):
            values[name] = values[name].replace(tzinfo=UTC)
        return KeptList(**values)

    def keep_list(self, kept: KeptList) -> None:
        """Put a list on record; its number must be new."""
        values = {name: getattr(kept, name) for name in KeptList.__slots__}
        for name in ("this_update", "next_update"):
            values[name] = bare(values[name])
        with self.transaction() as connection:
            connection.execute(LISTS.insert().values(**values))
