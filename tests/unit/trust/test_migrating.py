"""A store that an older netops made: refused until it is migrated, and then as any other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from authorities import ACTOR, BEFORE_KEYS, PASSPHRASE
from authority_stores import Stores
from command_line import netops
from sqlalchemy import Connection, create_engine, inspect

from netops.errors import AuthorityError
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.trust import database
from netops.trust.audit import verify_journal
from netops.trust.authority import opened
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.lists import make_deltas, make_lists
from netops.trust.revoking import Revocation, revoke
from netops.trust.store import Store
from netops.trust.tables import METADATA

PROVIDER = default_provider()
_T = TypeVar("_T")
_BEFORE_DELTAS = "ALTER TABLE certificates DROP COLUMN released_at"
_OLDER = (
    *BEFORE_KEYS,
    _BEFORE_DELTAS,
    "ALTER TABLE lists DROP COLUMN base",
    "DROP TABLE alembic_version",
)
_OLDER_NUMBER = "ALTER TABLE lists ALTER COLUMN number TYPE INTEGER"
"""SQLite has one width of integers."""


def _address(home: Home) -> str:
    return home.settings().store or f"sqlite+pysqlite:///{home.store}"


def _sql(home: Home, *statements: str) -> None:
    engine = create_engine(_address(home))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        if _BEFORE_DELTAS in statements and engine.dialect.name != "sqlite":
            connection.exec_driver_sql(_OLDER_NUMBER)
    engine.dispose()


def _asked(home: Home, question: Callable[[Connection], _T]) -> _T:
    store = Store(_address(home))
    with closing(store), store.transaction(reads=True) as connection:
        return question(connection)


def _difference(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), METADATA)


def _issue(home: Home) -> int:
    name = write_name((Attribute("C", "CN"), Attribute("CN", "a")))
    request = make_request(PROVIDER, PROVIDER.generate(), name)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        return issue(authority, authority.profile("device"), Job("a", request)).serial


def _passphrase(folder: Path) -> Path:
    path = folder / "P"
    path.touch(0o600)
    path.write_bytes(PASSPHRASE)
    return path


def test_an_older_store_is_refused_with_the_command_that_helps(home: Home) -> None:
    _sql(home, *_OLDER)
    ended = netops("ca", "list", "--home", home.path)
    assert ended.code == 2
    assert "older form (0001)" in ended.err
    assert "netops ca migrate" in ended.err
    with pytest.raises(AuthorityError, match="older form"):
        _issue(home)


def test_a_migrated_store_keeps_its_certificates_and_gives_delta_lists(
    home: Home, tmp_path: Path
) -> None:
    serial = _issue(home)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
    _sql(home, *_OLDER)
    words = ("ca", "migrate", "--home", home.path, "--passphrase-file", _passphrase(tmp_path))
    ended = netops(*words)
    assert ended.code == 0, ended.err
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        assert authority.store.find("sub", serial) is not None
        revoke(authority, [Revocation(serial, Reason.superseded)])
        (delta,) = make_deltas(authority)
    assert delta.entries == 1
    assert b'"act":"migrate"' in (home.journal / "journal.log").read_bytes()
    assert verify_journal(home) == ()
    assert _asked(home, _difference) == []
    if not home.settings().store:
        with closing(sqlite3.connect(home.path / "store.db.0001")) as copy:
            assert copy.execute("SELECT count(*) FROM certificates").fetchone() == (3,)
    again = netops(*words)
    assert (again.code, "is of today's form" in again.err) == (0, True)


@pytest.mark.parametrize("words", [("list",), ("crl",), ("migrate",), ("ocsp", "serve")])
def test_a_store_that_lost_its_tables_is_not_begun_anew(
    home: Home, tmp_path: Path, words: tuple[str, ...]
) -> None:
    _sql(home, *(f"DROP TABLE {name}" for name in ("certificates", "lists", "alembic_version")))
    secret = () if words == ("list",) else ("--passphrase-file", _passphrase(tmp_path))
    ended = netops("ca", *words, "--home", home.path, *secret)
    assert (ended.code, "record of the authority is not here" in ended.err) == (2, True), ended.err
    assert not (home.public / "sub.crl").exists()
    assert _asked(home, database.form_of) == ""


def test_a_newer_store_is_refused(home: Home) -> None:
    _sql(home, "UPDATE alembic_version SET version_num = '9999'")
    ended = netops("ca", "list", "--home", home.path)
    assert ended.code == 2
    assert "newer form (9999)" in ended.err


def test_the_migrations_lead_to_the_tables_of_the_code(tmp_path: Path, stores: Stores) -> None:
    store = Store(stores.fresh() or f"sqlite+pysqlite:///{tmp_path / 'empty 100%.db'}")
    with store.transaction() as connection:
        assert database.migrate(connection) == ""
    with store.transaction(reads=True) as connection:
        assert database.form_of(connection) == "0003"
        assert _difference(connection) == []
    store.close()


def test_a_migration_that_fails_changes_nothing(home: Home) -> None:
    _sql(home, *_OLDER, "ALTER TABLE lists ADD COLUMN base INTEGER")
    store = Store(_address(home))
    with closing(store), pytest.raises(AuthorityError, match="refused"):
        store.migrate()
    assert _asked(home, database.form_of) == "0001"
    columns = _asked(home, lambda connection: inspect(connection).get_columns("certificates"))
    assert "released_at" not in {column["name"] for column in columns}
