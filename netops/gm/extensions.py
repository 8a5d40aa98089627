"""Extensions of certificates and lists (RFC 5280 §4.2, §5.2; GB/T 20518-2018 §5.2).

Each function returns one encoded ``Extension`` value; what a kind of certificate carries is
profile data, not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1

SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
SUBJECT_ALT_NAME = "2.5.29.17"
BASIC_CONSTRAINTS = "2.5.29.19"
CRL_NUMBER = "2.5.29.20"
REASON_CODE = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
DELTA_CRL_INDICATOR = "2.5.29.27"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
EXTENDED_KEY_USAGE = "2.5.29.37"
AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1"
FRESHEST_CRL = "2.5.29.46"
OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"

ACCESS_OCSP, ACCESS_ISSUERS = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"

KEY_USAGE_BITS = {
    "digitalSignature": 0,
    "nonRepudiation": 1,
    "keyEncipherment": 2,
    "dataEncipherment": 3,
    "keyAgreement": 4,
    "keyCertSign": 5,
    "cRLSign": 6,
    "encipherOnly": 7,
    "decipherOnly": 8,
}

_URI, _DNS, _EMAIL, _IP = 6, 2, 1, 7


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: ``value`` is the DER inside its OCTET STRING."""

    oid: str
    value: bytes
    critical: bool = False

    @property
    def der(self) -> bytes:
        """The encoded Extension; a FALSE criticality is left out, as DER asks of defaults."""
        critical = asn1.boolean(True) if self.critical else b""
        return asn1.sequence(asn1.oid(self.oid), critical, asn1.octet_string(self.value))


class Encodable(Protocol):
    """Whatever has an encoding as an Extension."""

    @property
    def der(self) -> bytes:
        """The encoded Extension."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Extensions, one or several, that were encoded before."""

    der: bytes


def key_usage(names: Iterable[str]) -> Extension:
    """Return keyUsage, critical, of the RFC's bit names."""
    bits = (KEY_USAGE_BITS[name] for name in names)
    return Extension(KEY_USAGE, asn1.named_bits(*bits), critical=True)


def basic_constraints(*, path_length: int | None) -> Extension:
    """Return basicConstraints of an authority, critical. End entities carry none (GmSSL)."""
    length = b"" if path_length is None else asn1.integer(path_length)
    value = asn1.sequence(asn1.boolean(True), length)
    return Extension(BASIC_CONSTRAINTS, value, critical=True)


def subject_key_identifier(identifier: bytes) -> Extension:
    """Return subjectKeyIdentifier."""
    return Extension(SUBJECT_KEY_IDENTIFIER, asn1.octet_string(identifier))


def authority_key_identifier(identifier: bytes) -> Extension:
    """Return authorityKeyIdentifier with the key identifier alone."""
    value = asn1.sequence(asn1.context(0, identifier, constructed=False))
    return Extension(AUTHORITY_KEY_IDENTIFIER, value)


def extended_key_usage(purposes: Iterable[str], *, critical: bool = False) -> Extension:
    """Return extKeyUsage of purposes in dotted form."""
    value = asn1.sequence(*map(asn1.oid, purposes))
    return Extension(EXTENDED_KEY_USAGE, value, critical=critical)


def certificate_policies(policies: Iterable[str]) -> Extension:
    """Return certificatePolicies without qualifiers."""
    value = asn1.sequence(*(asn1.sequence(asn1.oid(policy)) for policy in policies))
    return Extension(CERTIFICATE_POLICIES, value)


def crl_distribution_points(addresses: Iterable[str]) -> Extension:
    """Return cRLDistributionPoints, one point an address."""
    return Extension(CRL_DISTRIBUTION_POINTS, _points(addresses))


def freshest_crl(addresses: Iterable[str]) -> Extension:
    """Return freshestCRL: where the delta lists stand that amend the whole ones."""
    return Extension(FRESHEST_CRL, _points(addresses))


def _points(addresses: Iterable[str]) -> bytes:
    points = (asn1.sequence(asn1.context(0, asn1.context(0, uri(a)))) for a in addresses)
    return asn1.sequence(*points)


def authority_information_access(ocsp: Iterable[str], issuers: Iterable[str]) -> Extension:
    """Return authorityInfoAccess: where status is answered, where the issuer's certificate is."""
    entries = [asn1.sequence(asn1.oid(ACCESS_OCSP), uri(address)) for address in ocsp]
    entries += [asn1.sequence(asn1.oid(ACCESS_ISSUERS), uri(address)) for address in issuers]
    return Extension(AUTHORITY_INFORMATION_ACCESS, asn1.sequence(*entries))


def subject_alt_name(names: Iterable[bytes], *, critical: bool = False) -> Extension:
    """Return subjectAltName of encoded general names."""
    return Extension(SUBJECT_ALT_NAME, asn1.sequence(*names), critical=critical)


def ocsp_no_check() -> Extension:
    """Return id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1)."""
    return Extension(OCSP_NO_CHECK, asn1.encode(asn1.NULL, b""))


def uri(address: str) -> bytes:
    """Return a general name: a URI, which is ASCII."""
    return _text(_URI, address)


def dns_name(name: str) -> bytes:
    """Return a general name: a DNS name in its ASCII form."""
    return _text(_DNS, name)


def email(address: str) -> bytes:
    """Return a general name: a mailbox."""
    return _text(_EMAIL, address)


def ip_address(address: IPv4Address | IPv6Address) -> bytes:
    """Return a general name: an address, 4 or 16 octets."""
    return asn1.context(_IP, address.packed, constructed=False)


def _text(number: int, text: str) -> bytes:
    if not text.isascii() or not text.isprintable() or not text:
        raise CryptoError(
            Sentence("{text!r} is no name of printable ASCII.", text=text),
            remedy="Write names in their ASCII form (xn--… for Chinese domain names).",
        )
    return asn1.context(number, text.encode("ascii"), constructed=False)
