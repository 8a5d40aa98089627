"""An SM2 signature and its two forms: DER in certificates, 64 octets at signing devices."""

from __future__ import annotations

from dataclasses import dataclass

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.curve import SIZE, N

_SHORTEST = 7


@dataclass(frozen=True, slots=True)
class Signature:
    """r and s, both from 1 to n − 1 (GB/T 32918.2-2016)."""

    r: int
    s: int

    def __post_init__(self) -> None:
        if not (0 < self.r < N and 0 < self.s < N):
            raise _unusable(Sentence("r or s is not between 1 and n − 1"))

    @classmethod
    def from_raw(cls, raw: bytes) -> Signature:
        """Read the 64 octets r‖s of token and device interfaces (GM/T 0018)."""
        if len(raw) != 2 * SIZE:
            raise _unusable(Sentence("it has {size} octets, not 64", size=len(raw)))
        return cls(int.from_bytes(raw[:SIZE]), int.from_bytes(raw[SIZE:]))

    @classmethod
    def from_der(cls, der: bytes) -> Signature:
        """Read SEQUENCE { r INTEGER, s INTEGER } (GM/T 0009-2012 §7.3), strictly."""
        # Where the parts lie in what we would write ourselves; strict, since it must be equal.
        middle = 4 + der[3] if len(der) > _SHORTEST else 0
        r, s = int.from_bytes(der[4:middle]), int.from_bytes(der[middle + 2 :])
        if 0 < r < N and 0 < s < N and _encoded(r, s) == der:
            return cls(r, s)
        return cls._refused_or_read(der)

    @classmethod
    def _refused_or_read(cls, der: bytes) -> Signature:
        """Read it part by part, to say what is wrong with it."""
        outer = asn1.Reader(der, Sentence("SM2 signature"))
        parts = outer.enter()
        outer.end()
        r, s = parts.take_integer(), parts.take_integer()
        parts.end()
        return cls(r, s)

    @property
    def raw(self) -> bytes:
        """r‖s, 64 octets."""
        return self.r.to_bytes(SIZE) + self.s.to_bytes(SIZE)

    @property
    def der(self) -> bytes:
        """SEQUENCE of two INTEGERs, 8 to 72 octets."""
        return _encoded(self.r, self.s)


def _encoded(r: int, s: int) -> bytes:
    return asn1.sequence(asn1.integer(r), asn1.integer(s))


def _unusable(reason: Sentence) -> CryptoError:
    return CryptoError(
        Sentence("The SM2 signature is malformed: {reason}.", reason=reason),
        remedy="Refuse what it is on; a signature is never mended.",
    )
