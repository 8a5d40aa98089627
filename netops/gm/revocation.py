"""Revocation lists (RFC 5280 §5, GM/T 0015-2012 §5.3): written in one pass, read strictly.

A list of a million entries is a few dozen octets each, joined once; nothing is kept beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from types import MappingProxyType

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.certificate import read_extensions
from netops.gm.extensions import (
    CRL_NUMBER,
    DELTA_CRL_INDICATOR,
    INVALIDITY_DATE,
    ISSUING_DISTRIBUTION_POINT,
    REASON_CODE,
    Extension,
    uri,
)
from netops.gm.signed import ALGORITHM, Signed

_V2 = 1
_EXTENSIONS_TAG = 0xA0
_READ = frozenset({REASON_CODE, INVALIDITY_DATE})
_TIMES = frozenset({asn1.UTC_TIME, asn1.GENERALIZED_TIME})


class Reason(IntEnum):
    """Why a certificate is revoked (RFC 5280 §5.3.1). 7 is not used."""

    unspecified = 0
    keyCompromise = 1  # noqa: N815 - the RFC's own name, as operators type it
    cACompromise = 2  # noqa: N815
    affiliationChanged = 3  # noqa: N815
    superseded = 4
    cessationOfOperation = 5  # noqa: N815
    certificateHold = 6  # noqa: N815
    removeFromCRL = 8  # noqa: N815
    privilegeWithdrawn = 9  # noqa: N815
    aACompromise = 10  # noqa: N815


@dataclass(frozen=True, slots=True)
class Entry:
    """One revoked certificate."""

    serial: int
    at: datetime
    reason: Reason = Reason.unspecified

    @property
    def der(self) -> bytes:
        """The entry of revokedCertificates."""
        return entry_der(self.serial, self.at, self.reason)


def _reason_extension(reason: Reason) -> bytes:
    value = asn1.encode(asn1.ENUMERATED, bytes((reason,)))
    return asn1.sequence(Extension(REASON_CODE, value).der)


_REASONS = {reason: _reason_extension(reason) if reason else b"" for reason in Reason}
"""Encoded entry extensions; value 0 is never written (RFC 5280 §5.3.1)."""


@lru_cache(maxsize=4096)
def _why(at: datetime, reason: int) -> bytes:
    """Encode what follows the serial number once: many entries of a list share it."""
    return asn1.moment(at) + _REASONS[Reason(reason)]


def entry_der(serial: int, at: datetime, reason: int = Reason.unspecified) -> bytes:
    """Return one entry of revokedCertificates."""
    return asn1.encode(asn1.SEQUENCE, asn1.integer(serial) + _why(at, reason))


@dataclass(frozen=True, slots=True)
class ListFields:
    """What a list says beside its entries. ``next_update`` is always given."""

    issuer: bytes
    this_update: datetime
    next_update: datetime
    extensions: tuple[Extension, ...]


def list_der(fields: ListFields, entries: Iterable[bytes]) -> bytes:
    """Return the TBSCertList of encoded ``entries`` (``entry_der``), version 2."""
    body = b"".join(entries)
    return asn1.sequence(
        asn1.integer(_V2),
        ALGORITHM,
        fields.issuer,
        asn1.moment(fields.this_update),
        asn1.moment(fields.next_update),
        asn1.encode(asn1.SEQUENCE, body) if body else b"",
        asn1.context(0, asn1.sequence(*(e.der for e in fields.extensions))),
    )


def crl_number(number: int) -> Extension:
    """Return cRLNumber."""
    return Extension(CRL_NUMBER, asn1.integer(number))


def delta_indicator(base: int) -> Extension:
    """Return deltaCRLIndicator, critical, naming the base list."""
    return Extension(DELTA_CRL_INDICATOR, asn1.integer(base), critical=True)


def issuing_distribution_point(address: str, *, authorities_only: bool = False) -> Extension:
    """Return issuingDistributionPoint, critical: which part of the certificates is covered."""
    point = asn1.context(0, asn1.context(0, uri(address)))
    only = asn1.context(2, b"\xff", constructed=False) if authorities_only else b""
    return Extension(ISSUING_DISTRIBUTION_POINT, asn1.sequence(point, only), critical=True)


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list as it was read. ``entries`` maps serial numbers to entries."""

    signed: Signed
    inner_algorithm: bytes
    issuer: bytes
    this_update: datetime
    next_update: datetime | None
    entries: Mapping[int, Entry]
    extensions: Mapping[str, Extension]

    @classmethod
    def from_der(cls, der: bytes, *, heading_only: bool = False) -> RevocationList:
        """Read a list; raise ``CryptoError`` where it is not strict DER of that shape.

        ``heading_only`` leaves its entries out: there may be a million.
        """
        name = Sentence("revocation list")
        signed = Signed.from_der(der, name)
        tbs = asn1.Reader(signed.contents, name).enter()
        if tbs.tag == asn1.INTEGER:
            tbs.take_integer()
        inner, issuer = tbs.take_whole(), tbs.take_whole()
        this_update = tbs.take_moment()
        next_update = tbs.take_moment() if tbs.tag in _TIMES else None
        listed = tbs.enter() if tbs.tag == asn1.SEQUENCE else None
        entries = {} if listed is None or heading_only else _entries(listed)
        extensions = _extensions(tbs) if tbs.tag == _EXTENSIONS_TAG else {}
        tbs.end()
        return cls(
            signed, inner, issuer, this_update, next_update,
            MappingProxyType(entries), MappingProxyType(extensions),
        )  # fmt: skip

    @property
    def number(self) -> int | None:
        """The list's number, None where it has none."""
        return self._number(CRL_NUMBER)

    @property
    def base(self) -> int | None:
        """The number of the list that this one only amends, None for a full list."""
        return self._number(DELTA_CRL_INDICATOR)

    def _number(self, oid: str) -> int | None:
        found = self.extensions.get(oid)
        if found is None:
            return None
        reader = asn1.Reader(found.value, Sentence("number of a revocation list"))
        number = reader.take_integer()
        reader.end()
        return number


def _extensions(tbs: asn1.Reader) -> dict[str, Extension]:
    wrapper = tbs.enter(_EXTENSIONS_TAG)
    listed = wrapper.enter()
    wrapper.end()
    return read_extensions(listed)


def _entries(listed: asn1.Reader) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    while not listed.is_at_end:
        one = listed.enter()
        serial, at = one.take_integer(), one.take_moment()
        told = {} if one.is_at_end else read_extensions(one.enter())
        one.end()
        if serial in found:
            raise CryptoError(
                Sentence("The serial number {serial:x} is on the list twice.", serial=serial),
                remedy="Refuse the list.",
            )
        _check_critical(told)
        found[serial] = Entry(serial, at, _reason(told))
    return found


def _check_critical(told: Mapping[str, Extension]) -> None:
    """Refuse a list that says something of an entry which must be understood and is not."""
    for oid, each in told.items():
        if each.critical and oid not in _READ:
            raise CryptoError(
                Sentence("An entry's critical extension {oid} is not known.", oid=oid),
                remedy="Refuse the list.",
            )


def _reason(told: Mapping[str, Extension]) -> Reason:
    if REASON_CODE not in told:
        return Reason.unspecified
    content = asn1.content_of(told[REASON_CODE].value, asn1.ENUMERATED, Sentence("reason"))
    try:
        return Reason(int.from_bytes(content))
    except ValueError as error:
        raise CryptoError(
            Sentence("The reason {value} of a revocation is unknown.", value=content.hex()),
            remedy="Refuse the list.",
        ) from error
