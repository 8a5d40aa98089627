"""The narrow interface to whoever computes with SM2 keys: a library, the fallback, a device.

Everything above it (digests, DER, certificates) is ours and the same for all of them. A signing
device gets a key handle and 32 octets, and returns r and s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from netops.gm.ciphertext import Ciphertext
from netops.gm.curve import Point
from netops.gm.signature import Signature


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider is and may be used for.

    ``library`` names it with its version. ``may_hold_ca_keys`` is False where secrets are
    computed with in variable time, ``may_hold_root_keys`` where they pass through Python.
    """

    name: str
    library: str
    may_hold_ca_keys: bool
    may_hold_root_keys: bool = True


class KeyHandle(Protocol):
    """A private key that a provider holds; only its public half is seen."""

    @property
    def point(self) -> Point:
        """The public key."""


class Provider(Protocol):
    """Computes with SM2 keys. Raises ``CryptoError`` where it cannot, never returns a guess."""

    @property
    def capabilities(self) -> Capabilities:
        """What this provider is and may be used for."""

    def generate(self) -> KeyHandle:
        """Make a key pair, d from 1 to n − 2, by a cryptographic random source."""

    def load(self, pkcs8_der: bytes) -> KeyHandle:
        """Take a private key as unencrypted PKCS#8 DER; its public half is recomputed."""

    def export(self, key: KeyHandle) -> bytes:
        """Give a private key as unencrypted PKCS#8 DER; a device refuses."""

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signature:
        """Sign e, 32 octets (``identity.signing_digest``)."""

    def verify_digest(self, point: Point, digest: bytes, signature: Signature) -> bool:
        """Whether ``signature`` over e is by the holder of ``point``."""

    def encrypt(self, point: Point, message: bytes) -> Ciphertext:
        """Encrypt 1 to 4,096 octets to the holder of ``point``."""

    def decrypt(self, key: KeyHandle, ciphertext: Ciphertext) -> bytes:
        """Decrypt; a ciphertext of which C3 does not fit raises ``CryptoError``."""
