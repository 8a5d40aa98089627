"""The shape that certificates, requests and lists share: contents, algorithm, signature.

Keeps the exact octets that were signed; nothing is encoded again to be verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.curve import Point
from netops.gm.identity import DEFAULT_ID, signing_digest
from netops.gm.provider import KeyHandle, Provider
from netops.gm.signature import Signature
from netops.gm.spki import SM2_WITH_SM3

ALGORITHM = asn1.sequence(asn1.oid(SM2_WITH_SM3))
"""SM2 with SM3, parameters absent (GM/T 0092-2020 §6.2): what we write."""

_WITH_NULL = asn1.sequence(asn1.oid(SM2_WITH_SM3), asn1.encode(asn1.NULL, b""))
"""The same with NULL parameters, from older authorities: accepted, never written."""

ACCEPTED = frozenset({ALGORITHM, _WITH_NULL})


class Fit(StrEnum):
    """What a signature turned out to be."""

    GOOD = "good"
    OTHER_ID = "other_id"
    """Good under another identifier than the standard's: a finding of its own."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Signed:
    """SEQUENCE { contents, AlgorithmIdentifier, BIT STRING } with its octets kept.

    ``contents`` is what was signed, ``algorithm`` the outer AlgorithmIdentifier.
    """

    der: bytes
    contents: bytes
    algorithm: bytes
    signature: bytes

    @classmethod
    def from_der(cls, der: bytes, name: Sentence) -> Signed:
        """Cut ``der`` into its three parts; ``name`` says in errors what it is."""
        outer = asn1.Reader(der, name)
        parts = outer.enter()
        outer.end()
        found = cls.from_parts(der, parts)
        parts.end()
        return found

    @classmethod
    def from_parts(cls, der: bytes, parts: asn1.Reader) -> Signed:
        """Take the three parts from ``parts``; something may follow them (OCSP)."""
        return cls(der, parts.take_whole(), parts.take_whole(), parts.take_bits())

    def fit(self, provider: Provider, signer: Point) -> Fit:
        """Say whether ``signer`` signed it, trying the empty identifier to explain a failure."""
        if self.algorithm not in ACCEPTED:
            return Fit.BAD
        try:
            signature = Signature.from_der(self.signature)
        except CryptoError:
            return Fit.BAD
        for identifier, found in ((DEFAULT_ID, Fit.GOOD), (b"", Fit.OTHER_ID)):
            digest = signing_digest(signer, self.contents, identifier)
            if provider.verify_digest(signer, digest, signature):
                return found
        return Fit.BAD


def sign(provider: Provider, key: KeyHandle, contents: bytes) -> bytes:
    """Return the DER of ``contents`` signed with SM2 and SM3 under the standard identifier."""
    signature = provider.sign_digest(key, signing_digest(key.point, contents))
    return asn1.sequence(contents, ALGORITHM, asn1.bit_string(signature.der))
