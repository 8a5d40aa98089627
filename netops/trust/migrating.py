"""Brings the store of an authority that an older netops made to today's form: one command.

The act is in the journal before anything is changed; what changes is one transaction.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from netops.journal import Journal
from netops.trust import database, migrations
from netops.trust.authority import Actor, ca_provider
from netops.trust.home import Home
from netops.trust.keys import KeySigner, load_key
from netops.trust.sealing import seal_check
from netops.trust.store import Store


def migrate(home: Home, name: str, passphrase: bytes, actor: Actor) -> str:
    """Migrate the store of ``home``, signing the journal as ``name``; return the form it had.

    A store in a file is copied beside itself first. One of today's form is left alone.
    """
    settings, provider = home.settings(), ca_provider()
    with home.held():
        key = load_key(home.key_file(name), provider, passphrase)
        with closing(Store(settings.store or database.address_of(home.store))) as store:
            with store.transaction(reads=True) as connection:
                form = database.form_of(connection)
            if not form:
                database.refuse_lost()
            if form == migrations.HEAD:
                return form
            if not settings.store:
                _copy(home.store, home.path / f"store.db.{form}")
            check = seal_check(home, None)
            with Journal(home.journal, KeySigner(provider, key, name), check=check) as journal:
                journal.append([actor.act("migrate", **{"from": form, "to": migrations.HEAD})])
            return store.migrate()


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
