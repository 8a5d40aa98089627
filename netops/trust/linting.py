"""Looks at the exact octets that are about to be signed, once more and by other means.

What the draft meant is one thing; what stands in the octets is what relying parties get. Any
difference from the profile, or from what RFC 5280 asks, stops the issue.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.errors import AuthorityError, Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.signed import ALGORITHM
from netops.trust.profile import PURPOSES, Profile

_V3 = 3
_FEWEST_SERIAL_BITS = 65
_ANY_SIGNATURE = asn1.bit_string(b"\x30\x06\x02\x01\x01\x02\x01\x01")


def lint(tbs: bytes, profile: Profile) -> None:
    """Raise ``AuthorityError`` with the first fault of a TBSCertificate."""
    made = Certificate.from_der(asn1.sequence(tbs, ALGORITHM, _ANY_SIGNATURE))
    fault = next(_faults(made, profile), None)
    if fault is not None:
        raise AuthorityError(
            Sentence("The certificate would be faulty and was not signed: {fault}.", fault=fault),
            remedy="Report it; nothing was issued.",
        )


def _faults(made: Certificate, profile: Profile) -> Iterator[Sentence]:
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
    yield from _extension_faults(made, profile)


def _extension_faults(made: Certificate, profile: Profile) -> Iterator[Sentence]:
    told = made.extensions
    wanted = ext.key_usage(profile.key_usage)
    if told.get(ext.KEY_USAGE) != wanted:
        yield Sentence("its key usage is not the profile's")
    if (ext.BASIC_CONSTRAINTS in told) != (profile.kind == "authority"):
        yield Sentence("its basic constraints are not the profile's")
    if ext.SUBJECT_KEY_IDENTIFIER not in told or ext.AUTHORITY_KEY_IDENTIFIER not in told:
        yield Sentence("a key identifier is missing")
    purposes = [PURPOSES[name] for name in profile.extended_key_usage]
    usage = ext.extended_key_usage(purposes, critical=profile.extended_key_usage_critical)
    if told.get(ext.EXTENDED_KEY_USAGE) != (usage if purposes else None):
        yield Sentence("its extended key usage is not the profile's")
