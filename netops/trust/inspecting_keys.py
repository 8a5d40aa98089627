"""Says of a key file what it is and whether it is a whole SM2 key; shows its public half alone.

Forms of other makers are read: SubjectPublicKeyInfo, PKCS#8 plain and under a passphrase, and
the bare ECPrivateKey that OpenSSL writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm import pkcs8
from netops.gm.chain import Standing
from netops.gm.curve import Point
from netops.gm.provider import Provider
from netops.gm.sm3 import sm3_hex
from netops.gm.spki import point_of_spki, spki_der
from netops.trust.keys import ENCRYPTED_KEY, from_pem

PUBLIC, PRIVATE, BARE = "PUBLIC KEY", "PRIVATE KEY", "EC PRIVATE KEY"

_VERSIONS = (asn1.integer(0), asn1.integer(1))

Found = tuple[str, Standing, dict[str, Any], tuple[tuple[str, int, Sentence], ...]]


def inspect_key(provider: Provider, raw: bytes, label: str, passphrase: bytes | None) -> Found:
    """Judge the first key of ``raw``, which is a ``label``: kind, standing, facts, problems."""
    readers: dict[str, Callable[[bytes], Point]] = {
        PUBLIC: point_of_spki,
        PRIVATE: lambda der: provider.load(der).point,
        BARE: lambda der: provider.load(pkcs8.wrap(*pkcs8.unwrap_bare(der))).point,
        ENCRYPTED_KEY: lambda der: provider.load(pkcs8.decrypt(der, passphrase or b"")).point,
    }
    kind = "public key" if label == PUBLIC else "private key"
    is_protected = label == ENCRYPTED_KEY or b"Proc-Type: 4,ENCRYPTED" in raw
    facts: dict[str, Any] = {} if label == PUBLIC else {"protected": is_protected}
    if label == ENCRYPTED_KEY and passphrase is None:
        cause = Sentence("It is under a passphrase: name its file with --passphrase-file.")
        return kind, Standing.UNKNOWN, facts, (("passphrase", 0, cause),)
    try:
        if label == BARE and is_protected:
            raise _old_protection()
        point = readers[label](from_pem(raw, label))
    except pkcs8.UnknownProtectionError as error:
        cause = error.sentence
        return kind, Standing.UNKNOWN, facts, (("protection", 0, cause),)
    except CryptoError as error:
        cause = error.sentence
        return kind, Standing.INVALID, facts, (("key", 0, cause),)
    facts |= {"point": point.raw.hex(), "sm3": sm3_hex(spki_der(point))}
    return kind, Standing.VALID, facts, ()


def key_label(raw: bytes) -> str:
    """Return which kind of key ``raw`` holds, PEM or DER; "" where it holds none."""
    if b"-----BEGIN " in raw:
        kinds = (PUBLIC, PRIVATE, BARE, ENCRYPTED_KEY)
        return next((one for one in kinds if f"-----BEGIN {one}-----".encode() in raw), "")
    try:
        parts = asn1.Reader(raw, Sentence("key")).enter()
        first, version, second = parts.tag, parts.take_whole(), parts.tag
        parts.take_whole()
    except CryptoError:
        return ""
    if first == asn1.INTEGER:
        if version not in _VERSIONS:
            return ""  # PKCS#12 begins so, too
        return PRIVATE if second == asn1.SEQUENCE else BARE
    if first != asn1.SEQUENCE or not parts.is_at_end:
        return ""
    return {asn1.BIT_STRING: PUBLIC, asn1.OCTET_STRING: ENCRYPTED_KEY}.get(second or 0, "")


def _old_protection() -> CryptoError:
    return pkcs8.UnknownProtectionError(
        "The key is protected in the old way of PEM, which is too weak.",
        remedy="Protect it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256.",
    )
