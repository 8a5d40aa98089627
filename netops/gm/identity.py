"""What an SM2 signature is computed over: the signer's identifier, key and message.

Computed here, not in a provider, so that every provider signs 32 octets and the identifier
cannot differ between them (OpenSSL takes an empty one unless told).
"""

from __future__ import annotations

from functools import lru_cache

from netops.errors import CryptoError, Sentence
from netops.gm.curve import GX, GY, SIZE, A, B, Point
from netops.gm.sm3 import sm3

DEFAULT_ID = b"1234567812345678"
"""The identifier where nothing else is agreed (GM/T 0009-2012 §10)."""

_LONGEST_ID = 0xFFFF // 8
_PARAMETERS = b"".join(number.to_bytes(SIZE) for number in (A, B, GX, GY))


@lru_cache(maxsize=1024)
def z_value(point: Point, identifier: bytes = DEFAULT_ID) -> bytes:
    """Return Z, 32 octets (GB/T 32918.2-2016): identifier, curve and public key hashed."""
    if len(identifier) > _LONGEST_ID:
        raise CryptoError(
            Sentence(
                "The signer's identifier has {size} octets; at most {most} fit.",
                size=len(identifier),
                most=_LONGEST_ID,
            ),
            remedy="Use the identifier 1234567812345678 (GM/T 0009).",
        )
    length = (8 * len(identifier)).to_bytes(2)
    return sm3(length + identifier + _PARAMETERS + point.raw)


def signing_digest(point: Point, message: bytes, identifier: bytes = DEFAULT_ID) -> bytes:
    """Return e = SM3(Z ‖ M), the 32 octets that are signed (GM/T 0009-2012 §8.2)."""
    return sm3(z_value(point, identifier) + message)
