"""Looks at the exact octets that are about to be signed, once more and by other means.

What the draft meant is one thing; what stands in the octets is what relying parties get. They are
read by a second parser (that of the package cryptography) and by our own strict one. Any
difference from the draft, from the profile, or from what RFC 5280 asks, stops the issue.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cryptography import x509

from netops.errors import AuthorityError, Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate, Fields
from netops.gm.extensions import Extension
from netops.gm.signed import ALGORITHM
from netops.gm.spki import SM2_WITH_SM3, spki_der
from netops.trust.profile import PURPOSES, Profile

_V3 = 3
_FEWEST_SERIAL_BITS = 65
_ANY_SIGNATURE = asn1.bit_string(b"\x30\x06\x02\x01\x01\x02\x01\x01")


def lint(tbs: bytes, meant: Fields, profile: Profile) -> None:
    """Raise ``AuthorityError`` with the first fault of a TBSCertificate that was ``meant`` so."""
    der = asn1.sequence(tbs, ALGORITHM, _ANY_SIGNATURE)
    fault = next(_faults(Certificate.from_der(der), meant, profile), None)
    if fault is None:
        fault = next(_faults_elsewhere(der, tbs, meant), None)
    if fault is not None:
        raise AuthorityError(
            Sentence("The certificate would be faulty and was not signed: {fault}.", fault=fault),
            remedy="Report it; nothing was issued.",
        )


def _faults(made: Certificate, meant: Fields, profile: Profile) -> Iterator[Sentence]:
    if made.version != _V3:
        yield Sentence("it is not of version 3")
    if made.serial.bit_length() < _FEWEST_SERIAL_BITS:
        yield Sentence("its serial number holds fewer than 64 random bits")
    if made.inner_algorithm != ALGORITHM:
        yield Sentence("its inner algorithm is another")
    if made.not_after <= made.not_before:
        yield Sentence("it ends before it begins")
    if made.not_after - made.not_before > profile.validity:
        yield Sentence("it is valid for longer than the profile allows")
    if (made.issuer, made.subject) != (meant.issuer, meant.subject):
        yield Sentence("a name in it is another")
    if made.spki != spki_der(meant.point):
        yield Sentence("the key in it is another")
    yield from _extension_faults(made, profile)


@lru_cache(maxsize=64)
def _usages(
    usage: tuple[str, ...], purposes: tuple[str, ...], *, critical: bool
) -> tuple[Extension, Extension | None]:
    extended = ext.extended_key_usage([PURPOSES[one] for one in purposes], critical=critical)
    return ext.key_usage(usage), extended if purposes else None


def _extension_faults(made: Certificate, profile: Profile) -> Iterator[Sentence]:
    told = made.extensions
    usage, extended = _usages(
        profile.key_usage, profile.extended_key_usage, critical=profile.extended_key_usage_critical
    )
    if told.get(ext.KEY_USAGE) != usage:
        yield Sentence("its key usage is not the profile's")
    if (ext.BASIC_CONSTRAINTS in told) != (profile.kind == "authority"):
        yield Sentence("its basic constraints are not the profile's")
    if ext.SUBJECT_KEY_IDENTIFIER not in told or ext.AUTHORITY_KEY_IDENTIFIER not in told:
        yield Sentence("a key identifier is missing")
    if (ext.CERTIFICATE_POLICIES in told) != bool(profile.policies):
        yield Sentence("its policies are not the profile's")
    if told.get(ext.EXTENDED_KEY_USAGE) != extended:
        yield Sentence("its extended key usage is not the profile's")


def _faults_elsewhere(der: bytes, tbs: bytes, meant: Fields) -> Iterator[Sentence]:
    """Yield what the second parser sees otherwise."""
    try:
        read = x509.load_der_x509_certificate(der)
        extensions = read.extensions
    except ValueError as error:
        yield Sentence("another reader refuses it: {reason}", reason=error)
        return
    seen = (read.serial_number, read.not_valid_before_utc, read.not_valid_after_utc)
    if seen != (meant.serial, meant.not_before, meant.not_after):
        yield Sentence("another reader sees another serial number or other dates")
    if read.tbs_certificate_bytes != tbs:
        yield Sentence("another reader sees other octets")
    if read.signature_algorithm_oid.dotted_string != SM2_WITH_SM3:
        yield Sentence("another reader sees another algorithm")
    if len({one.oid for one in extensions}) != len(extensions):
        yield Sentence("another reader sees an extension twice")
