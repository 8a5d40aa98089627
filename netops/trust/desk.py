"""Sets up where an authority answers for status and gives out what it publishes."""

from __future__ import annotations

import os
from pathlib import Path

from netops.gm.memory import forbid_core_dumps
from netops.trust.authority import Actor, Authority, opened
from netops.trust.home import Home
from netops.trust.http_answer import Counter
from netops.trust.keys import read_passphrase
from netops.trust.publisher import Publisher
from netops.trust.responder import Desk, Responder, appoint, former_desks
from netops.trust.store import Store


def counter_of(authority: Authority, passphrase: bytes) -> tuple[Counter, list[str]]:
    """Return the counter of an opened authority, and the former keys that it cannot answer for."""
    own = Desk(authority.certificate, appoint(authority))
    former, silent = former_desks(authority, passphrase)
    store = Store.of(authority.home)
    responder = Responder(
        authority.name,
        (own, *former),
        authority.provider,
        store,
        store.watcher(),
        ignores_nonces=authority.settings.ignore_nonces,
    )
    return Counter(responder.give, Publisher(authority.home.public).find), silent


def open_counter(folder: Path, passphrase_file: Path) -> Counter:
    """Open the authority of ``folder``, appoint who signs, and return its counter.

    The authority is open only meanwhile; the acts are those of the system's user.
    """
    home = Home(folder)
    passphrase = read_passphrase(passphrase_file)
    name = "root" if home.settings().kind == "root_only" else "sub"
    forbid_core_dumps()
    with opened(home, name, passphrase, Actor(f"uid {os.getuid()}")) as authority:
        counter, _ = counter_of(authority, passphrase)
    return counter
