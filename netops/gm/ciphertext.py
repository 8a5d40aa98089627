"""An SM2 ciphertext and its DER form: SEQUENCE of x, y, C3, C2 (GM/T 0009-2012 §7.2)."""

from __future__ import annotations

from dataclasses import dataclass

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.curve import SIZE, P, Point


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """C1 (a point), C3 (SM3 over x₂‖M‖y₂, 32 octets), C2 (as long as the message)."""

    point: Point
    digest: bytes
    body: bytes

    def __post_init__(self) -> None:
        if len(self.digest) != SIZE or not self.body:
            raise _unusable(
                Sentence("The SM2 ciphertext has no C2, or its C3 is not 32 octets long.")
            )

    @classmethod
    def from_der(cls, der: bytes) -> Ciphertext:
        """Read the SEQUENCE, strictly; C1 must be a point of the curve."""
        outer = asn1.Reader(der, Sentence("SM2 ciphertext"))
        parts = outer.enter()
        outer.end()
        x, y = parts.take_integer(), parts.take_integer()
        digest, body = parts.take(asn1.OCTET_STRING), parts.take(asn1.OCTET_STRING)
        parts.end()
        if max(x, y) >= P:
            raise _unusable(Sentence("C1 of the SM2 ciphertext is no point of the curve."))
        return cls(Point(x.to_bytes(SIZE) + y.to_bytes(SIZE)), digest, body)

    @property
    def der(self) -> bytes:
        """The SEQUENCE."""
        return asn1.sequence(
            asn1.integer(self.point.x),
            asn1.integer(self.point.y),
            asn1.encode(asn1.OCTET_STRING, self.digest),
            asn1.encode(asn1.OCTET_STRING, self.body),
        )


def _unusable(cause: Sentence) -> CryptoError:
    return CryptoError(cause, remedy="Ask whoever encrypted it to do so again.")
