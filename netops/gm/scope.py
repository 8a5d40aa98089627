"""Whether a revocation list speaks of a certificate, alone or with another (RFC 5280 §5.2, §6.3.3).

A part of the lists that is for others, or one with a critical extension that we cannot read, is
silent about a certificate: that it is not named there proves nothing. A delta speaks only together
with a whole list of the same part that it amends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from netops.errors import Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.revocation import Entry, Reason, RevocationList

_READ = frozenset({ext.ISSUING_DISTRIBUTION_POINT, ext.DELTA_CRL_INDICATOR})
_POINT, _FULL_NAME, _URI = 0xA0, 0xA0, 0x86
_USERS_ONLY, _AUTHORITIES_ONLY = 0x81, 0x82


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the lists at hand say of one certificate: ``whole`` is the newest that covers it.

    ``delta`` is the newest that amends that one; ``named_by`` are all whose word counts where they
    name the certificate, newest first.
    """

    whole: RevocationList | None
    delta: RevocationList | None
    named_by: tuple[RevocationList, ...]

    @classmethod
    def of(cls, lists: Sequence[RevocationList], one: Certificate, at: datetime) -> Spoken:
        """Sort ``lists``, each signed by the issuer of ``one``, for the moment ``at``."""
        whole = _newest([found for found in lists if covers(found, one)], at)
        if whole is None:
            ordered = sorted(lists, key=_age, reverse=True)
            return cls(None, None, tuple(ordered))
        amending = [found for found in lists if amends(found, whole)]
        delta = _newest(amending, at)
        # What is older than the newest whole list it has replaced, and a delta the deltas before.
        counted = [
            found
            for found in lists
            if found.this_update >= whole.this_update and (found not in amending or found is delta)
        ]
        ordered = sorted(counted, key=_age, reverse=True)
        return cls(whole, delta, tuple(ordered))

    def entry(self, serial: int) -> Entry | None:
        """Return why the certificate is revoked; None where it is not, or no longer."""
        for found in self.named_by:
            entry = found.entries.get(serial)
            if entry is None:
                continue
            if entry.reason is not Reason.removeFromCRL:
                return entry
            if found is self.delta:
                return None
        return None

    def is_current(self, at: datetime) -> bool:
        """Whether what is known holds at ``at``: the whole list, or both as one of the delta's."""
        held = [found for found in (self.whole, self.delta) if found is not None]
        return any(f.next_update is not None and f.this_update <= at <= f.next_update for f in held)


def _age(found: RevocationList) -> tuple[datetime, int]:
    """Order lists by their time; those of one second, by their numbers."""
    return found.this_update, found.number or 0


def _newest(lists: Sequence[RevocationList], at: datetime) -> RevocationList | None:
    """Return the newest; one that is to come only where there is no other."""
    known = [found for found in lists if found.this_update <= at] or lists
    return max(known, key=_age, default=None)


def covers(found: RevocationList, one: Certificate) -> bool:
    """Whether ``found`` would name ``one`` if that were revoked; a delta alone never does."""
    if _is_beyond_us(found) or found.base is not None:
        return False
    point = found.extensions.get(ext.ISSUING_DISTRIBUTION_POINT)
    return point is None or _is_in_part(point.value, one)


def amends(delta: RevocationList, whole: RevocationList) -> bool:
    """Whether both together are a whole list of the delta's time (RFC 5280 §5.2.4, §6.3.3 c).

    They must be of one scope and one key; the delta must be the later, and begin at ``whole`` or
    before it.
    """
    base, number, later = delta.base, whole.number, delta.number
    if _is_beyond_us(delta) or base is None or number is None or later is None:
        return False
    alike = (ext.ISSUING_DISTRIBUTION_POINT, ext.AUTHORITY_KEY_IDENTIFIER)
    return base <= number < later and all(
        delta.extensions.get(oid) == whole.extensions.get(oid) for oid in alike
    )


def _is_beyond_us(found: RevocationList) -> bool:
    return bool({oid for oid, each in found.extensions.items() if each.critical} - _READ)


def _is_in_part(value: bytes, one: Certificate) -> bool:
    parts = asn1.parts_of(value, Sentence("issuing distribution point"))
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
    listed = asn1.parts_of(found.value, Sentence("distribution points of lists"))
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
