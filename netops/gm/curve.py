"""The recommended curve of SM2 (GB/T 32918.5-2017, sm2p256v1) and points on it.

Knows the numbers and what a public key may be. Refuses to compute: arithmetic on secrets
belongs to a provider.
"""

from __future__ import annotations

from dataclasses import dataclass

from netops.errors import CryptoError, Sentence

P = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
A = P - 3
B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
GX = 0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7
GY = 0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0

SIZE = 32
"""Octets of a coordinate, of a scalar and of a digest."""

_UNCOMPRESSED = 0x04


@dataclass(frozen=True, slots=True)
class Point:
    """A public key: 64 octets x‖y (GM/T 0009-2012 §5.1) that lie on the curve."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 2 * SIZE:
            raise _no_point(Sentence("it has {size} octets, not 64", size=len(self.raw)))
        if self.x >= P or self.y >= P:
            raise _no_point(Sentence("a coordinate is not below the field's prime"))
        if (self.y * self.y - (self.x * self.x + A) * self.x - B) % P:
            raise _no_point(Sentence("it does not lie on the curve"))

    @classmethod
    def from_octets(cls, octets: bytes) -> Point:
        """Read the uncompressed form 04‖x‖y (GM/T 0009-2012 §7.1); no other is accepted."""
        if len(octets) != 2 * SIZE + 1 or octets[0] != _UNCOMPRESSED:
            raise _no_point(Sentence("it is not in the uncompressed form 04‖x‖y"))
        return cls(octets[1:])

    @property
    def octets(self) -> bytes:
        """The uncompressed form, 65 octets."""
        return b"\x04" + self.raw

    @property
    def x(self) -> int:
        """The first coordinate."""
        return int.from_bytes(self.raw[:SIZE])

    @property
    def y(self) -> int:
        """The second coordinate."""
        return int.from_bytes(self.raw[SIZE:])


def _no_point(reason: Sentence) -> CryptoError:
    return CryptoError(
        Sentence("The public key is no point of the SM2 curve: {reason}.", reason=reason),
        remedy="Ask whoever made the key for one on the recommended curve.",
    )
