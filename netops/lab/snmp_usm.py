"""The user-based security model of SNMP v3 (RFC 3414, 3826, 7860), agent side.

Knows keys, digests and privacy for one user. A laboratory device takes SHA-256 and SHA-1 from
the same passphrase and tells them apart by the length of the digest; real devices take the one
that is configured.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

DIGESTS = {12: "sha1", 24: "sha256"}
"""Length of the digest in a message (HMAC-96-SHA, HMAC-192-SHA-256) to its hash."""

_EXPANDED = 1 << 20
_AES_KEY = 16
_SALT = 8


@lru_cache(maxsize=64)
def password_key(password: str, digest: str) -> bytes:
    """Stretch a passphrase over one megabyte (RFC 3414 A.2); costly, so kept."""
    octets = password.encode()
    repeated = octets * (_EXPANDED // len(octets) + 1)
    return hashlib.new(digest, repeated[:_EXPANDED]).digest()


def localised_key(password: str, digest: str, engine: bytes) -> bytes:
    """Bind the key of ``password`` to one engine, so that it opens no other device."""
    key = password_key(password, digest)
    return hashlib.new(digest, key + engine + key).digest()


@dataclass(frozen=True, slots=True)
class UserKeys:
    """Localised keys of a user for one hash."""

    auth: bytes
    privacy: bytes
    digest: str

    @classmethod
    def derive(cls, passphrases: tuple[str, str], digest: str, engine: bytes) -> UserKeys:
        """Derive from the authentication and the privacy passphrase."""
        auth, privacy = (localised_key(text, digest, engine) for text in passphrases)
        return cls(auth, privacy[:_AES_KEY], digest)

    def sign(self, message: bytes, size: int) -> bytes:
        """Digest of a message whose digest field holds zeros."""
        return hmac.new(self.auth, message, self.digest).digest()[:size]

    def is_signed(self, message: bytes, digest_at: int, digest: bytes) -> bool:
        """Whether ``digest``, found at ``digest_at``, is that of ``message``."""
        end = digest_at + len(digest)
        blank = message[:digest_at] + bytes(len(digest)) + message[end:]
        return hmac.compare_digest(self.sign(blank, len(digest)), digest)

    def encrypt(self, text: bytes, boots: int, seconds: int) -> tuple[bytes, bytes]:
        """Encrypt a scoped PDU; return it with the salt that the message carries."""
        salt = next(_salts).to_bytes(_SALT, "big")
        cipher = self._cipher(boots, seconds, salt).encryptor()
        return cipher.update(text) + cipher.finalize(), salt

    def decrypt(self, text: bytes, boots: int, seconds: int, salt: bytes) -> bytes:
        """Decrypt a scoped PDU. A wrong key gives bytes that do not decode."""
        cipher = self._cipher(boots, seconds, salt).decryptor()
        return cipher.update(text) + cipher.finalize()

    def _cipher(self, boots: int, seconds: int, salt: bytes) -> Cipher[CFB]:
        vector = boots.to_bytes(4, "big") + seconds.to_bytes(4, "big") + salt
        return Cipher(AES(self.privacy), CFB(vector))


_salts = itertools.count(secrets.randbits(48))
