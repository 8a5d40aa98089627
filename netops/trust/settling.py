"""Puts a rollover in force that was prepared whole: each step may be done again.

Old key and certificate stay beside the new under their serial number: they still verify what
they signed.
"""

from __future__ import annotations

from pathlib import Path

from netops.gm.certificate import Certificate
from netops.trust.home import Home, write_durably
from netops.trust.keys import CERTIFICATE, from_pem
from netops.trust.store import Store
from netops.trust.tables import State

READY = "ready"


def is_due(home: Home) -> bool:
    """Whether a rollover was prepared whole and is not in force yet."""
    return (home.next / READY).is_file()


def settle(home: Home, store: Store) -> None:
    """Put what is prepared on record and in its places."""
    which = (home.next / READY).read_text().strip()
    _keep(home, which)
    for path in sorted(home.next.glob("*.pem")):
        if path.stem != "chain":
            _complete(store, Certificate.from_der(from_pem(path.read_bytes(), CERTIFICATE)))
    # The certificate last: until then the old key and the old certificate fit each other.
    _put(home.next / f"{which}.key", home.key_file(which), 0o600)
    for path in sorted(home.next.glob("*.pem")):
        _put(path, home.public / path.name, 0o644)


def done(home: Home) -> None:
    """Forget the preparation."""
    (home.next / READY).unlink()
    for path in home.next.iterdir():
        path.unlink()
    home.next.rmdir()


def _keep(home: Home, which: str) -> None:
    old = home.certificate_file(which)
    if old.read_bytes() == (home.next / f"{which}.pem").read_bytes():
        return
    serial = Certificate.from_der(from_pem(old.read_bytes(), CERTIFICATE)).serial
    _put(old, home.public / f"{which}-{serial:x}.pem", 0o644)
    key = home.key_file(which)
    if key.exists() and key.read_bytes() != (home.next / f"{which}.key").read_bytes():
        _put(key, home.keys / f"{which}-{serial:x}.key", 0o600)


def _put(source: Path, target: Path, mode: int) -> None:
    write_durably(target, source.read_bytes(), mode)


def _complete(store: Store, made: Certificate) -> None:
    kept = store.find("root", made.serial)
    if kept is not None and kept.state is State.INTENDED:
        store.complete([(kept, made.der)])
