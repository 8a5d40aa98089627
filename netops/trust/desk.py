"""Sets up where an authority answers for status and gives out what it publishes."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from netops.errors import NetopsError
from netops.gm.memory import forbid_core_dumps
from netops.i18n import told
from netops.trust.appointing import Appointer, desks_of
from netops.trust.authority import Actor, Authority, opened
from netops.trust.home import Home
from netops.trust.http_answer import Counter
from netops.trust.keys import read_passphrase
from netops.trust.publisher import Publisher
from netops.trust.responder import Appointing, Responder
from netops.trust.store import Store


def counter_of(
    authority: Authority, passphrase: bytes, appointing: Appointing | None = None
) -> tuple[Counter, list[str]]:
    """Return the counter of an opened authority, and the former keys that it cannot answer for."""
    desks, silent = desks_of(authority, passphrase)
    store = Store.of(authority.home)
    responder = Responder(
        authority.name,
        desks,
        authority.provider,
        store,
        store.watcher(),
        ignores_nonces=authority.settings.ignore_nonces,
        appointing=appointing,
    )
    path = urlsplit(authority.settings.addresses.ocsp).path.rstrip("/").encode()
    find = Publisher(authority.home.public).find
    return Counter(responder.give, find, store.close, path), silent


def open_counter(folder: Path, passphrase_file: Path) -> Counter:
    """Open the authority of ``folder``, appoint who signs, and return its counter.

    The authority is open only meanwhile; the acts are those of the system's user.
    """
    home = Home(folder)
    passphrase = read_passphrase(passphrase_file)
    name = "root" if home.settings().kind == "root_only" else "sub"
    forbid_core_dumps()

    def again() -> AbstractContextManager[Authority]:
        return opened(home, name, read_passphrase(passphrase_file), Actor(f"uid {os.getuid()}"))

    def tell(error: Exception) -> None:
        sys.stderr.write(f"{told(error) if isinstance(error, NetopsError) else error}\n")

    appointer = Appointer(home.certificate_file(name), again, passphrase_file, tell)
    with again() as authority:
        counter, _ = counter_of(authority, passphrase, appointer)
    return counter
