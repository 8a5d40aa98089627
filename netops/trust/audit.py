"""Holds the journal of an authority against its chain, its signed head, and what is on record."""

from __future__ import annotations

from netops.errors import CryptoError, Fault, NetopsError
from netops.gm.choice import default_provider
from netops.gm.curve import Point
from netops.gm.identity import signing_digest
from netops.gm.signature import Signature
from netops.journal import verify
from netops.trust.authority import ROOT, SUB, read_certificate
from netops.trust.home import Home


def verify_journal(home: Home) -> tuple[Fault, ...]:
    """Return every fault of the journal; its head must be signed by a key of this authority."""
    points = _points(home)

    def is_ours(message: bytes, signature: bytes) -> bool:
        return any(_fits(point, message, signature) for point in points)

    return verify(home.journal, is_ours)


def _points(home: Home) -> list[Point]:
    found: list[Point] = []
    for name in (SUB, ROOT):
        try:
            found.append(read_certificate(home, name).point)
        except NetopsError:
            continue
    return found


def _fits(point: Point, message: bytes, signature: bytes) -> bool:
    try:
        told = Signature.from_der(signature)
    except CryptoError:
        return False
    return default_provider().verify_digest(point, signing_digest(point, message), told)
