"""SM2 by the pure Python package gmssl: the independent second implementation.

It verifies what another provider signed, and stands in where libcrypto has no SM2.
Its arithmetic is not constant in time and keys pass through Python, so it never holds a key of
an authority. Around six defects of gmssl 3.2.2:

1. leading 0 and 4 nibbles of a public key are stripped: the key is set after construction;
2. the nonce of a signature comes from a predictable generator: ours is handed in;
3. decryption ignores C3: it is compared here;
4. points are not checked: ``Point`` refuses those off the curve;
5. malformed signatures crash or pass: ``Signature`` is strict, and crashes count as "no";
6. the signer's identifier is fixed: only digests are handed in.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from netops.errors import CryptoError
from netops.gm import pkcs8
from netops.gm.ciphertext import Ciphertext
from netops.gm.curve import GX, GY, SIZE, N, Point
from netops.gm.provider import Capabilities, KeyHandle
from netops.gm.signature import Signature
from netops.gm.sm3 import sm3

if TYPE_CHECKING:
    from gmssl.sm2 import CryptSM2

_GENERATOR = f"{GX:064x}{GY:064x}"


class SoftwareKey:
    """A private key in Python's memory."""

    def __init__(self, scalar: int) -> None:
        if not 0 < scalar < N - 1:
            raise CryptoError(
                "The private key is not between 1 and n − 2.", remedy="Make a new key."
            )
        self.scalar = scalar
        self.point = Point(bytes.fromhex(_multiply(scalar, _GENERATOR)))

    def __repr__(self) -> str:
        return f"SoftwareKey(point={self.point.raw.hex()[:16]}…)"


class GmsslProvider:
    """SM2 by gmssl behind an adapter; slow (about 80 verifications a second)."""

    @property
    def capabilities(self) -> Capabilities:
        """What this provider is and may be used for."""
        from importlib.metadata import version  # noqa: PLC0415 - seldom asked

        return Capabilities(
            "gmssl",
            f"gmssl {version('gmssl')}",
            may_hold_ca_keys=False,
            may_hold_root_keys=False,
        )

    def generate(self) -> SoftwareKey:
        """Make a key pair by the system's random source."""
        return SoftwareKey(secrets.randbelow(N - 2) + 1)

    def load(self, pkcs8_der: bytes) -> SoftwareKey:
        """Take a private key as unencrypted PKCS#8 DER."""
        scalar, told = pkcs8.unwrap(pkcs8_der)
        key = SoftwareKey(int.from_bytes(scalar))
        pkcs8.check_fits(told, key.point)
        return key

    def export(self, key: KeyHandle) -> bytes:
        """Give a private key as unencrypted PKCS#8 DER."""
        own = _own(key)
        return pkcs8.wrap(own.scalar.to_bytes(SIZE), own.point)

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signature:
        """Sign e, 32 octets."""
        machine = _machine(scalar=_own(key).scalar)
        while True:
            nonce = secrets.randbelow(N - 1) + 1
            found = machine.sign(digest, f"{nonce:064x}")
            if found is not None:
                return Signature.from_raw(bytes.fromhex(found))

    def verify_digest(self, point: Point, digest: bytes, signature: Signature) -> bool:
        """Whether ``signature`` over e is by the holder of ``point``."""
        machine = _machine(point=point)
        try:
            return bool(machine.verify(signature.raw.hex(), digest))
        except (TypeError, ValueError):
            # A sum that is the point at infinity has no coordinates; gmssl then trips.
            return False

    def encrypt(self, point: Point, message: bytes) -> Ciphertext:
        """Encrypt ``message`` to the holder of ``point`` (GB/T 32918.4-2016)."""
        if not message:
            raise CryptoError("There is nothing to encrypt.", remedy="Give at least one octet.")
        while True:
            nonce = secrets.randbelow(N - 1) + 1
            shared = bytes.fromhex(_multiply(nonce, point.raw.hex()))
            stream = _stream(shared, len(message))
            if any(stream):
                break
        body = bytes(a ^ b for a, b in zip(message, stream, strict=True))
        first = Point(bytes.fromhex(_multiply(nonce, _GENERATOR)))
        return Ciphertext(first, _binding(shared, message), body)

    def decrypt(self, key: KeyHandle, ciphertext: Ciphertext) -> bytes:
        """Decrypt and compare C3 (GB/T 32918.4-2016)."""
        shared = bytes.fromhex(_multiply(_own(key).scalar, ciphertext.point.raw.hex()))
        stream = _stream(shared, len(ciphertext.body))
        message = bytes(a ^ b for a, b in zip(ciphertext.body, stream, strict=True))
        if not any(stream) or not hmac.compare_digest(_binding(shared, message), ciphertext.digest):
            raise CryptoError(
                "The SM2 ciphertext does not fit its C3: it was changed, or is for another key.",
                remedy="Ask whoever encrypted it to do so again.",
            )
        return message


def _machine(scalar: int = 1, point: Point | None = None) -> CryptSM2:
    from gmssl.sm2 import CryptSM2  # noqa: PLC0415 - loaded where it is used

    machine = CryptSM2(private_key=f"{scalar:064x}", public_key="")
    if point is not None:
        machine.public_key = point.raw.hex()
    return machine


def _multiply(scalar: int, point: str) -> str:
    """Return scalar × point as 128 hexadecimal digits."""
    return str(_machine()._kg(scalar, point))  # noqa: SLF001 - gmssl has no public name for it


def _own(key: KeyHandle) -> SoftwareKey:
    if not isinstance(key, SoftwareKey):
        raise CryptoError("The key belongs to another provider.", remedy="Load it by this one.")
    return key


def _stream(shared: bytes, size: int) -> bytes:
    """Derive ``size`` octets from x₂‖y₂ (GB/T 32918.4-2016)."""
    blocks = range(1, -(-size // SIZE) + 1)
    return b"".join(sm3(shared + block.to_bytes(4)) for block in blocks)[:size]


def _binding(shared: bytes, message: bytes) -> bytes:
    """Return C3 = SM3(x₂ ‖ M ‖ y₂)."""
    return sm3(shared[:SIZE] + message + shared[SIZE:])
