"""Whether a revocation list speaks of a certificate at all (RFC 5280 §5.2.5, §6.3.3).

A part of the lists that is for others, or one with a critical extension that we cannot read, is
silent about a certificate: that it is not named there proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.errors import Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.revocation import RevocationList

_READ = frozenset({ext.ISSUING_DISTRIBUTION_POINT, ext.DELTA_CRL_INDICATOR})
_POINT, _FULL_NAME, _URI = 0xA0, 0xA0, 0x86
_USERS_ONLY, _AUTHORITIES_ONLY = 0x81, 0x82


def covers(found: RevocationList, one: Certificate) -> bool:
    """Whether ``found`` would name ``one`` if that were revoked; a delta alone never does."""
    unread = {oid for oid, each in found.extensions.items() if each.critical} - _READ
    if unread or found.base is not None:
        return False
    point = found.extensions.get(ext.ISSUING_DISTRIBUTION_POINT)
    return point is None or _is_in_part(point.value, one)


def _is_in_part(value: bytes, one: Certificate) -> bool:
    parts = asn1.Reader(value, Sentence("issuing distribution point")).enter()
    if parts.tag == _POINT and not set(_addresses(parts.enter(_POINT))) & set(_points(one)):
        return False
    is_authority = ext.BASIC_CONSTRAINTS in one.extensions
    # Other parts (some reasons only, indirect, attributes) never speak of all of a certificate.
    allowed = _AUTHORITIES_ONLY if is_authority else _USERS_ONLY
    while not parts.is_at_end:
        tag = parts.tag
        parts.take_whole()
        if tag != allowed:
            return False
    return True


def _points(one: Certificate) -> Iterator[bytes]:
    """Yield the addresses of the lists that a certificate names."""
    found = one.extensions.get(ext.CRL_DISTRIBUTION_POINTS)
    if found is None:
        return
    listed = asn1.Reader(found.value, Sentence("distribution points of lists")).enter()
    while not listed.is_at_end:
        point = listed.enter()
        if point.tag == _POINT:
            yield from _addresses(point.enter(_POINT))


def _addresses(name: asn1.Reader) -> Iterator[bytes]:
    """Yield the URIs of a DistributionPointName; one relative to the issuer has none."""
    if name.tag != _FULL_NAME:
        return
    names = name.enter(_FULL_NAME)
    while not names.is_at_end:
        if names.tag == _URI:
            yield names.take(_URI)
        else:
            names.take_whole()
