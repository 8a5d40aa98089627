"""SM2 signatures by the package gmssl-pyx: an optional, quicker signer for issuing keys only.

It takes the raw private key on every call, so a key passes through Python's memory: off unless an
authority's settings ask for it, and never for a root. All but the signature is libcrypto's.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version

from netops.errors import CryptoError
from netops.gm import pkcs8
from netops.gm.ciphertext import Ciphertext
from netops.gm.curve import Point
from netops.gm.evp import EvpKey, EvpProvider
from netops.gm.provider import Capabilities, KeyHandle
from netops.gm.signature import Signature

_PACKAGE, _MODULE = "gmssl-pyx", "gmssl_pyx"


class AcceleratedKey:
    """A private key in Python's memory, beside the same in libcrypto's."""

    def __init__(self, scalar: bytes, held: EvpKey) -> None:
        self.scalar = scalar
        self.held = held
        self.point = held.point

    def __repr__(self) -> str:
        return f"AcceleratedKey(point={self.point.raw.hex()[:16]}…)"


class AcceleratedProvider:
    """Signs by gmssl-pyx, does everything else by ``base``."""

    def __init__(self, base: EvpProvider) -> None:
        self._base = base
        try:
            self._sign = import_module(_MODULE).sm2_sign_sm3_digest
        except (ImportError, AttributeError) as error:
            raise CryptoError(
                "The package gmssl-pyx, which the settings ask for, cannot be loaded.",
                remedy="Install it (extra `fast`), or take `signer` out of ca.yaml.",
            ) from error

    @property
    def capabilities(self) -> Capabilities:
        """What this provider is and may be used for."""
        library = f"gmssl-pyx {version(_PACKAGE)} beside {self._base.capabilities.library}"
        return Capabilities("gmssl-pyx", library, may_hold_ca_keys=True, may_hold_root_keys=False)

    def generate(self) -> AcceleratedKey:
        """Make a key pair by libcrypto."""
        return self._taken(self._base.generate())

    def load(self, pkcs8_der: bytes) -> AcceleratedKey:
        """Take a private key as unencrypted PKCS#8 DER; libcrypto recomputes its public half."""
        return self._taken(self._base.load(pkcs8_der))

    def _taken(self, held: EvpKey) -> AcceleratedKey:
        scalar, _ = pkcs8.unwrap(self._base.export(held))
        return AcceleratedKey(scalar, held)

    def export(self, key: KeyHandle) -> bytes:
        """Give a private key as unencrypted PKCS#8 DER."""
        return self._base.export(_own(key).held)

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signature:
        """Sign e, 32 octets."""
        return Signature.from_der(self._sign(_own(key).scalar, digest))

    def verify_digest(self, point: Point, digest: bytes, signature: Signature) -> bool:
        """Whether ``signature`` over e is by the holder of ``point``."""
        return self._base.verify_digest(point, digest, signature)

    def encrypt(self, point: Point, message: bytes) -> Ciphertext:
        """Encrypt ``message`` to the holder of ``point``."""
        return self._base.encrypt(point, message)

    def decrypt(self, key: KeyHandle, ciphertext: Ciphertext) -> bytes:
        """Decrypt; libcrypto compares C3."""
        return self._base.decrypt(_own(key).held, ciphertext)


def _own(key: KeyHandle) -> AcceleratedKey:
    if not isinstance(key, AcceleratedKey):
        raise CryptoError("The key belongs to another provider.", remedy="Load it by this one.")
    return key
