"""Opens the database of an authority's record, and knows in which form its tables are.

A new one gets today's tables; one of another form is refused until it is migrated by a command
of its own, never in passing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from netops.errors import AuthorityError, Sentence
from netops.trust import migrations
from netops.trust.tables import CERTIFICATES, METADATA

_SQLITE = "sqlite+pysqlite"
_VERSIONS = "alembic_version"


def address_of(file: Path) -> URL:
    """Return the address of an SQLite database, whatever signs its path holds."""
    return URL.create(_SQLITE, database=os.fspath(file))


def address_for_reading(file: Path, *, at_rest: bool) -> URL:
    """Return the address of an SQLite database that is not written, nor anything beside it.

    ``at_rest``: nobody else writes it either, and what lies beside it is not looked at.
    """
    how = {"mode": "ro", "uri": "true"} | ({"immutable": "1"} if at_rest else {})
    path = quote(os.fsencode(file.absolute()))
    return URL.create(_SQLITE, database=f"file:{path}", query=how)


def open_engine(url: str | URL) -> Engine:
    """Return the engine of a database by its address."""
    try:
        engine = create_engine(url)
    except (SQLAlchemyError, ImportError) as error:
        raise AuthorityError(
            "The store of the authority cannot be opened.",
            remedy="Name it as postgresql+psycopg://USER@HOST/DATABASE; PostgreSQL needs the "
            "package psycopg.",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    # The driver's habit of opening transactions late would let two writers both read first.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def form_of(connection: Connection) -> str:
    """Return the form of the tables, "" where there are none yet."""
    found = inspect(connection)
    if found.has_table(_VERSIONS):
        told = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar()  # noqa: S608 - our own name
        return str(told or "")
    return migrations.FIRST if found.has_table(CERTIFICATES.name) else ""


def is_new(connection: Connection) -> bool:
    """Whether there are no tables yet; tables of another form than today's are refused."""
    form = form_of(connection)
    if form and form < migrations.HEAD:
        raise AuthorityError(
            Sentence("The store of the authority is of an older form ({form}).", form=form),
            remedy="Migrate it: netops ca migrate --home DIR --passphrase-file FILE.",
        )
    if form > migrations.HEAD:
        raise _newer(form)
    return not form


def _newer(form: str) -> AuthorityError:
    return AuthorityError(
        Sentence("The store of the authority is of a newer form ({form}).", form=form),
        remedy="Use the version of netops that made it, or a newer one.",
    )


def refuse_lost() -> NoReturn:
    """Refuse a database without tables where an authority lives already.

    A record is never begun anew in its place: its revocations would be forgotten.
    """
    raise AuthorityError(
        "The record of the authority is not here.",
        remedy="Bring the database back from its copy.",
    )


def make(connection: Connection) -> None:
    """Make today's tables, where no other process did so meanwhile."""
    if not form_of(connection):
        METADATA.create_all(connection)
        _stamp(connection)


def _stamp(connection: Connection) -> None:
    connection.execute(text(f"CREATE TABLE {_VERSIONS} (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(
        text(f"INSERT INTO {_VERSIONS} VALUES (:form)"),  # noqa: S608 - our own name
        {"form": migrations.HEAD},
    )


def migrate(connection: Connection) -> str:
    """Bring tables of an older form to today's in one transaction; return the form they had."""
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    form = form_of(connection)
    if form > migrations.HEAD:
        raise _newer(form)
    config = Config()
    folder = str(Path(migrations.__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if form and not inspect(connection).has_table(_VERSIONS):
        command.stamp(config, migrations.FIRST)
    command.upgrade(config, migrations.HEAD)
    return form
