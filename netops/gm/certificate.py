"""An X.509 certificate with an SM2 signature or key, read strictly and kept as it was signed.

Knows the structure (RFC 5280 §4.1); refuses to know trust. Values of extensions are read by
those who judge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.curve import Point
from netops.gm.extensions import Encodable, Extension
from netops.gm.signed import ALGORITHM, Signed
from netops.gm.spki import point_of_spki, spki_der

_V3 = 2
_VERSION_TAG, _EXTENSIONS_TAG = 0xA0, 0xA3
_UNIQUE_ID_TAGS = frozenset({0x81, 0x82, 0xA1, 0xA2})
_MOST_SERIAL = 20
_WRITTEN_V3 = asn1.context(0, asn1.integer(_V3))


@dataclass(frozen=True, slots=True)
class Fields:
    """What is certified: everything inside the signature but the algorithm.

    ``issuer`` and ``subject`` are encoded Names. Both moments are inside the validity.
    """

    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    point: Point
    extensions: tuple[Encodable, ...]

    @property
    def der(self) -> bytes:
        """The TBSCertificate, version 3."""
        return asn1.sequence(
            _WRITTEN_V3,
            asn1.integer(self.serial),
            ALGORITHM,
            self.issuer,
            _validity(self.not_before, self.not_after),
            self.subject,
            spki_der(self.point),
            asn1.context(3, asn1.sequence(*[e.der for e in self.extensions])),
        )


@lru_cache(maxsize=64)
def _validity(not_before: datetime, not_after: datetime) -> bytes:
    """Return Validity, encoded once for all that are issued in one second."""
    return asn1.sequence(asn1.moment(not_before), asn1.moment(not_after))


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was read: what it says, and the octets that were signed.

    ``spki`` is kept encoded, since the key need not be SM2's; ``point`` reads it as one.
    """

    signed: Signed
    version: int
    serial: int
    inner_algorithm: bytes
    issuer: bytes
    not_before: datetime
    not_after: datetime
    subject: bytes
    spki: bytes
    extensions: Mapping[str, Extension]

    @classmethod
    def from_der(cls, der: bytes) -> Certificate:
        """Read a certificate; raise ``CryptoError`` where it is not strict DER of that shape."""
        name = Sentence("certificate")
        signed = Signed.from_der(der, name)
        tbs = asn1.Reader(signed.contents, name).enter()
        version = 0
        if tbs.tag == _VERSION_TAG:
            version = _version(tbs.enter(_VERSION_TAG))
        serial = tbs.take_integer()
        inner = tbs.take_whole()
        issuer = tbs.take_whole()
        validity = tbs.enter()
        not_before, not_after = validity.take_moment(), validity.take_moment()
        validity.end()
        subject, spki = tbs.take_whole(), tbs.take_whole()
        while tbs.tag in _UNIQUE_ID_TAGS:
            tbs.take_whole()
        extensions = _extensions(tbs) if version == _V3 and tbs.tag == _EXTENSIONS_TAG else {}
        tbs.end()
        _check_serial(serial)
        return cls(
            signed, version + 1, serial, inner, issuer, not_before, not_after, subject, spki,
            MappingProxyType(extensions),
        )  # fmt: skip

    @property
    def der(self) -> bytes:
        """The whole certificate, octet for octet."""
        return self.signed.der

    @property
    def point(self) -> Point:
        """The certified SM2 key; ``CryptoError`` where it is another kind."""
        return point_of_spki(self.spki)

    @property
    def is_consistent(self) -> bool:
        """Whether the algorithm inside the signature is the one outside, octet for octet."""
        return self.inner_algorithm == self.signed.algorithm


def _version(told: asn1.Reader) -> int:
    """Read a version that is written out: 1 (v2) or 2 (v3), for DER leaves 0 (v1) away."""
    version = told.take_integer()
    told.end()
    if not 0 < version <= _V3:
        raise CryptoError(
            "The certificate is of an unknown version.", remedy="Refuse the certificate."
        )
    return version


def _check_serial(serial: int) -> None:
    if serial == 0 or serial.bit_length() > 8 * _MOST_SERIAL - 1:
        raise CryptoError(
            "The serial number of the certificate is 0 or longer than 20 octets.",
            remedy="Refuse the certificate.",
        )


def _extensions(tbs: asn1.Reader) -> dict[str, Extension]:
    wrapper = tbs.enter(_EXTENSIONS_TAG)
    listed = wrapper.enter()
    wrapper.end()
    return read_extensions(listed)


def read_extensions(listed: asn1.Reader) -> dict[str, Extension]:
    """Read Extensions; one that comes twice is refused (RFC 5280 §4.2)."""
    found: dict[str, Extension] = {}
    while not listed.is_at_end:
        one = listed.enter()
        oid = one.take_oid()
        critical = one.take_boolean() if one.tag == asn1.BOOLEAN else False
        value = one.take(asn1.OCTET_STRING)
        one.end()
        if oid in found:
            raise CryptoError(
                Sentence("The extension {oid} stands there twice.", oid=oid),
                remedy="Refuse what holds it.",
            )
        found[oid] = Extension(oid, value, critical)
    return found
