"""Host keys and secrets of a laboratory, all derived from its seed.

They protect nothing: the laboratory listens on 127.0.0.0/8 only, and anybody who has the
specification can make them again. Never use this module for anything real.
"""

from __future__ import annotations

import hashlib
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

_EXPONENT = 65537
_PRIME_BITS = 1024
_SMALL = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2)))
_WITNESSES = 12

HostKey = Ed25519PrivateKey | RSAPrivateKey


def secret(seed: int, name: str) -> str:
    """Return a made-up secret of 20 characters."""
    return hashlib.sha256(f"{seed}:secret:{name}".encode()).hexdigest()[:20]


def host_key(seed: int, device: str, *, is_rsa: bool) -> HostKey:
    """Return the host key of a device: Ed25519, or RSA for devices that know nothing newer."""
    if is_rsa:
        return _rsa(random.Random(f"{seed}:rsa:{device}"))  # noqa: S311 - made-up on purpose
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(f"{seed}:ed25519:{device}".encode()).digest()
    )


def private_pem(key: HostKey) -> str:
    """Return a private key as PEM text."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_line(key: HostKey) -> str:
    """Return ``type base64`` of the public half, as known_hosts has it."""
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _rsa(dice: random.Random) -> RSAPrivateKey:
    p, q = _prime(dice), _prime(dice)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    return RSAPrivateNumbers(
        p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q),
        RSAPublicNumbers(_EXPONENT, p * q),
    ).private_key()  # fmt: skip


def _prime(dice: random.Random) -> int:
    top = 3 << (_PRIME_BITS - 2)
    while True:
        number = dice.getrandbits(_PRIME_BITS) | top | 1
        if not (number - 1) % _EXPONENT or not all(number % small for small in _SMALL):
            continue
        if _is_prime(number, dice):
            return number


def _is_prime(number: int, dice: random.Random) -> bool:
    """Miller and Rabin's test."""
    odd, twos = number - 1, 0
    while not odd & 1:
        odd >>= 1
        twos += 1
    return all(_passes(number, dice.randrange(2, number - 1), odd, twos) for _ in range(_WITNESSES))


def _passes(number: int, witness: int, odd: int, twos: int) -> bool:
    value = pow(witness, odd, number)
    if value in (1, number - 1):
        return True
    for _ in range(twos - 1):
        value = value * value % number
        if value == number - 1:
            return True
    return False
