"""Who may have signed the head of an authority's journal: its keys of today, and former ones.

A head by anybody else was forged: the authority refuses to go on, instead of signing anew what
it finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from netops.errors import CryptoError
from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.curve import Point
from netops.gm.identity import signing_digest
from netops.gm.request import Request
from netops.gm.signature import Signature
from netops.journal import Check
from netops.trust.home import Home
from netops.trust.keys import CERTIFICATE, REQUEST, from_pem
from netops.trust.store import Store


def seal_check(home: Home, store: Store | None) -> Check:
    """Return what decides whether a head was signed by a key of the authority in ``home``."""
    points = tuple(_points(home, store))

    def is_ours(message: bytes, signature: bytes) -> bool:
        return any(_fits(point, message, signature) for point in points)

    return is_ours


def _points(home: Home, store: Store | None) -> Iterator[Point]:
    # An external root's certificate lies here too; it signs no journal of ours.
    names = ("sub",) if home.settings().kind == "external_root" else ("sub", "root")
    for name in names:
        yield from _read(home.certificate_file(name))
        for path in sorted(home.public.glob(f"{name}-*.pem")):
            yield from _former(path, store)
    request = home.public / "sub.csr"
    if request.exists():  # until an external root's answer is installed there is no certificate
        try:
            yield Request.from_der(from_pem(request.read_bytes(), REQUEST)).point
        except CryptoError:
            return


def _former(path: Path, store: Store | None) -> Iterator[Point]:
    """Yield the key of a certificate that a rollover replaced: those are on record."""
    try:
        found = Certificate.from_der(from_pem(path.read_bytes(), CERTIFICATE))
    except CryptoError:
        return
    kept = None if store is None else store.find("root", found.serial)
    if kept is not None and kept.der == found.der:
        yield found.point


def _read(path: Path) -> Iterator[Point]:
    try:
        yield Certificate.from_der(from_pem(path.read_bytes(), CERTIFICATE)).point
    except (OSError, CryptoError):
        return


def _fits(point: Point, message: bytes, signature: bytes) -> bool:
    try:
        told = Signature.from_der(signature)
    except CryptoError:
        return False
    return default_provider().verify_digest(point, signing_digest(point, message), told)
