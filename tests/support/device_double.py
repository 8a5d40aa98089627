"""A double of a signing device: it keeps the key, takes 32 octets and gives r and s.

It is no device: it stands for one in tests, with the narrow interface that one has (GM/T 0018:
a key is an index, private keys never come out), and counts what it was asked.
"""

from __future__ import annotations

from netops.errors import CryptoError
from netops.gm.ciphertext import Ciphertext
from netops.gm.curve import Point
from netops.gm.evp import EvpKey, EvpProvider
from netops.gm.provider import Capabilities, KeyHandle
from netops.gm.signature import Signature


class DeviceKey:
    """A handle: an index in the device and the public key."""

    def __init__(self, index: int, point: Point) -> None:
        self.index = index
        self.point = point


class SigningDevice:
    """Stands for a device. Keys are made inside it or (as a test may) put into it."""

    def __init__(self) -> None:
        self._inside = EvpProvider()
        self._keys: list[EvpKey] = []
        self.digests: list[bytes] = []

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            "device", "a double of a signing device, for tests", may_hold_ca_keys=True
        )

    def generate(self) -> DeviceKey:
        return self._kept(self._inside.generate())

    def load(self, pkcs8_der: bytes) -> DeviceKey:
        return self._kept(self._inside.load(pkcs8_der))

    def _kept(self, key: EvpKey) -> DeviceKey:
        self._keys.append(key)
        return DeviceKey(len(self._keys) - 1, key.point)

    def export(self, key: KeyHandle) -> bytes:  # noqa: ARG002 - refused whatever the key
        raise CryptoError("The device gives no private key out.", remedy="Keep it there.")

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signature:
        self.digests.append(digest)
        raw = self._inside.sign_digest(self._own(key), digest).raw
        return Signature.from_raw(raw)

    def verify_digest(self, point: Point, digest: bytes, signature: Signature) -> bool:
        return self._inside.verify_digest(point, digest, signature)

    def encrypt(self, point: Point, message: bytes) -> Ciphertext:
        return self._inside.encrypt(point, message)

    def decrypt(self, key: KeyHandle, ciphertext: Ciphertext) -> bytes:
        return self._inside.decrypt(self._own(key), ciphertext)

    def _own(self, key: KeyHandle) -> EvpKey:
        if not isinstance(key, DeviceKey):
            raise CryptoError("The key belongs to another provider.", remedy="Load it by this one.")
        return self._keys[key.index]
