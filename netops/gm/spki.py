"""A public key as SubjectPublicKeyInfo (RFC 5280 §4.1; GB/T 20518-2018 §5.2)."""

from __future__ import annotations

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.curve import SIZE, Point

ID_EC_PUBLIC_KEY = "1.2.840.10045.2.1"
SM2_CURVE = "1.2.156.10197.1.301"
SM2_WITH_SM3 = "1.2.156.10197.1.501"

ALGORITHM = asn1.sequence(asn1.oid(ID_EC_PUBLIC_KEY), asn1.oid(SM2_CURVE))
"""AlgorithmIdentifier of an SM2 key: id-ecPublicKey with the named curve."""


_HEAD = asn1.sequence(ALGORITHM, asn1.bit_string(bytes(1 + 2 * SIZE)))[: -2 * SIZE - 1]
"""What stands before the point: alike for all keys, since points are of one size."""


def spki_der(point: Point) -> bytes:
    """Return the SubjectPublicKeyInfo of a public key."""
    return _HEAD + point.octets


def point_of_spki(der: bytes) -> Point:
    """Read a SubjectPublicKeyInfo that must hold an SM2 key."""
    outer = asn1.Reader(der, Sentence("public key"))
    parts = outer.enter()
    outer.end()
    algorithm = asn1.encode(asn1.SEQUENCE, parts.take(asn1.SEQUENCE))
    octets = parts.take_bits()
    parts.end()
    if algorithm != ALGORITHM:
        raise CryptoError(
            "The public key is not an SM2 key.",
            remedy="Give a key of id-ecPublicKey on the curve 1.2.156.10197.1.301.",
        )
    return Point.from_octets(octets)
