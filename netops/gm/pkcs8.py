"""Private keys as PKCS#8 (RFC 5208), plain and encrypted under a passphrase (PBES2, RFC 8018).

Writes two encrypted forms: ``gm`` (PBKDF2 with HMAC-SM3, SM4-CBC, which GmSSL reads) and
``openssl`` (PBKDF2 with HMAC-SHA256, AES-256-CBC, which OpenSSL reads); reads both and SM4-CBC
under HMAC-SHA256. Octets go through here, never numbers; nothing of them reaches an error.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.curve import SIZE, Point
from netops.gm.spki import ALGORITHM, ID_EC_PUBLIC_KEY, SM2_CURVE

Form = Literal["gm", "openssl"]

_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_HMAC_SHA1 = "1.2.840.113549.2.7"
_HMAC_SHA256 = "1.2.840.113549.2.9"
_HMAC_SM3 = "1.2.156.10197.1.401.2"
_SM4_CBC = "1.2.156.10197.1.104.2"
_AES256_CBC = "2.16.840.1.101.3.4.1.42"

_PARAMETERS_TAG, _PUBLIC_TAG = 0xA0, 0xA1
_BOTAN_SM2 = "1.2.156.10197.1.301.1"
"""Botan's name of the algorithm: accepted, never written."""

_BLOCK = 16
_SALT = 16
_FEWEST_ROUNDS, _MOST_ROUNDS = 1000, 10_000_000
"""Below, a passphrase is no protection; above, reading a key would be a way to stall us."""


class UnknownProtectionError(CryptoError):
    """The key may be sound: how it is protected is not known here, or not strong enough."""


@dataclass(frozen=True, slots=True)
class _Scheme:
    prf: str
    cipher: str
    rounds: int


_SCHEMES: dict[Form, _Scheme] = {
    "gm": _Scheme(_HMAC_SM3, _SM4_CBC, 65_536),
    "openssl": _Scheme(_HMAC_SHA256, _AES256_CBC, 600_000),
}
_PARAMETERS = {_HMAC_SM3: b"", _HMAC_SHA256: asn1.encode(asn1.NULL, b"")}
"""Of the HMAC: GmSSL refuses any, and RFC 8018 asks for NULL."""

_HASHES = {asn1.oid(_HMAC_SM3): hashes.SM3, asn1.oid(_HMAC_SHA256): hashes.SHA256}
_CIPHERS = {asn1.oid(_SM4_CBC): (algorithms.SM4, 16), asn1.oid(_AES256_CBC): (algorithms.AES, 32)}


def wrap(scalar: bytes, point: Point | None = None) -> bytes:
    """Return PrivateKeyInfo of d (32 octets), the curve named inside too, as GmSSL asks.

    Without ``point`` a reader has to compute the public key, and cannot trust a wrong one.
    """
    public = b"" if point is None else asn1.encode(_PUBLIC_TAG, asn1.bit_string(point.octets))
    private = asn1.sequence(
        asn1.integer(1),
        asn1.encode(asn1.OCTET_STRING, scalar),
        asn1.encode(_PARAMETERS_TAG, asn1.oid(SM2_CURVE)),
        public,
    )
    return asn1.sequence(asn1.integer(0), ALGORITHM, asn1.encode(asn1.OCTET_STRING, private))


def unwrap(der: bytes) -> tuple[bytes, Point | None]:
    """Return d as 32 octets and the public key where the PrivateKeyInfo holds it."""
    outer = asn1.Reader(der, Sentence("private key"))
    info = outer.enter()
    outer.end()
    info.take_integer()
    _check_algorithm(info.enter())
    return _private(info.take(asn1.OCTET_STRING), is_curve_told=True)


def unwrap_bare(der: bytes) -> tuple[bytes, Point | None]:
    """Return the same of an ECPrivateKey without PKCS#8 around it (RFC 5915), as OpenSSL writes."""
    return _private(der, is_curve_told=False)


def _private(der: bytes, *, is_curve_told: bool) -> tuple[bytes, Point | None]:
    inner = asn1.Reader(der, Sentence("private key"))
    private = inner.enter()
    inner.end()
    private.take_integer()
    scalar = private.take(asn1.OCTET_STRING)
    if private.tag == _PARAMETERS_TAG:
        if private.take(_PARAMETERS_TAG) != asn1.oid(SM2_CURVE):
            raise _not_sm2()
    elif not is_curve_told:
        raise _not_sm2()
    told = None
    if private.tag == _PUBLIC_TAG:
        told = Point.from_octets(private.enter(_PUBLIC_TAG).take_bits())
    if len(scalar) > SIZE:
        raise _not_sm2()
    return scalar.rjust(SIZE, b"\x00"), told


def check_fits(told: Point | None, point: Point) -> None:
    """Refuse a key file whose public half is that of another key."""
    if told is not None and told != point:
        raise CryptoError(
            "The private key does not fit the public key beside it.",
            remedy="Restore the key from a good copy.",
        )


def _check_algorithm(algorithm: asn1.Reader) -> None:
    name = asn1.encode(asn1.OBJECT_IDENTIFIER, algorithm.take(asn1.OBJECT_IDENTIFIER))
    if name == asn1.oid(_BOTAN_SM2):
        return
    curve = b"" if algorithm.is_at_end else algorithm.take(asn1.OBJECT_IDENTIFIER)
    if name != asn1.oid(ID_EC_PUBLIC_KEY) or not asn1.oid(SM2_CURVE).endswith(curve) or not curve:
        raise _not_sm2()


def encrypt(plain: bytes, passphrase: bytes, form: Form = "gm") -> bytes:
    """Return EncryptedPrivateKeyInfo of an unencrypted PKCS#8 key."""
    if not passphrase:
        raise CryptoError(
            "The passphrase is empty.", remedy="Give one; a key is never stored without."
        )
    scheme = _SCHEMES[form]
    salt, vector = secrets.token_bytes(_SALT), secrets.token_bytes(_BLOCK)
    algorithm, size = _CIPHERS[asn1.oid(scheme.cipher)]
    key = _derive(passphrase, salt, scheme.rounds, asn1.oid(scheme.prf), size)
    encryptor = Cipher(algorithm(key), modes.CBC(vector)).encryptor()
    fill = _BLOCK - len(plain) % _BLOCK
    body = encryptor.update(plain + bytes((fill,)) * fill) + encryptor.finalize()
    derivation = asn1.sequence(
        asn1.oid(_PBKDF2),
        asn1.sequence(
            asn1.encode(asn1.OCTET_STRING, salt),
            asn1.integer(scheme.rounds),
            asn1.sequence(asn1.oid(scheme.prf), _PARAMETERS[scheme.prf]),
        ),
    )
    cipher = asn1.sequence(asn1.oid(scheme.cipher), asn1.encode(asn1.OCTET_STRING, vector))
    parameters = asn1.sequence(asn1.oid(_PBES2), asn1.sequence(derivation, cipher))
    return asn1.sequence(parameters, asn1.encode(asn1.OCTET_STRING, body))


def decrypt(der: bytes, passphrase: bytes) -> bytes:
    """Return the unencrypted PKCS#8 key inside an EncryptedPrivateKeyInfo."""
    outer = asn1.Reader(der, Sentence("private key"))
    info = outer.enter()
    outer.end()
    parameters = info.enter()
    body = info.take(asn1.OCTET_STRING)
    scheme = _name(parameters)
    if scheme != asn1.oid(_PBES2):
        raise _unknown_scheme(scheme)
    schemes = parameters.enter()
    salt, rounds, prf = _derivation(schemes.enter())
    cipher = schemes.enter()
    name = _name(cipher)
    if name not in _CIPHERS:
        raise _unknown_scheme(name)
    vector = cipher.take(asn1.OCTET_STRING)
    if len(vector) != _BLOCK or not body or len(body) % _BLOCK:
        raise _unknown_scheme(name)
    algorithm, size = _CIPHERS[name]
    key = _derive(passphrase, salt, rounds, prf, size)
    decryptor = Cipher(algorithm(key), modes.CBC(vector)).decryptor()
    return _without_fill(decryptor.update(body) + decryptor.finalize())


def _derivation(reader: asn1.Reader) -> tuple[bytes, int, bytes]:
    scheme = _name(reader)
    if scheme != asn1.oid(_PBKDF2):
        raise _unknown_scheme(scheme)
    parameters = reader.enter()
    salt, rounds = parameters.take(asn1.OCTET_STRING), parameters.take_integer()
    if parameters.tag == asn1.INTEGER:
        parameters.take_integer()
    if parameters.is_at_end:  # the default, HMAC with SHA-1, protects nothing today
        raise _unknown_scheme(asn1.oid(_HMAC_SHA1))
    prf = _name(parameters.enter())
    if prf not in _HASHES:
        raise _unknown_scheme(prf)
    if not _FEWEST_ROUNDS <= rounds <= _MOST_ROUNDS:
        raise UnknownProtectionError(
            Sentence("The private key is protected by {rounds} rounds.", rounds=rounds),
            remedy=Sentence(
                "Protect it anew by {least} to {most}.", least=_FEWEST_ROUNDS, most=_MOST_ROUNDS
            ),
        )
    return salt, rounds, prf


def _name(reader: asn1.Reader) -> bytes:
    return asn1.encode(asn1.OBJECT_IDENTIFIER, reader.take(asn1.OBJECT_IDENTIFIER))


def _derive(passphrase: bytes, salt: bytes, rounds: int, prf: bytes, size: int) -> bytes:
    return PBKDF2HMAC(_HASHES[prf](), size, salt, rounds).derive(passphrase)


def _without_fill(padded: bytes) -> bytes:
    """Take the fill away; whatever is wrong, the answer is the same: no oracle here."""
    fill = padded[-1]
    plain = padded[:-fill]
    right = 0 < fill <= _BLOCK and padded.endswith(bytes((fill,)) * fill) and _is_one(plain)
    if not right:
        raise CryptoError(
            "The private key cannot be decrypted: the passphrase is wrong, or the file is damaged.",
            remedy="Check the passphrase; restore the key from a good copy.",
        )
    return plain


def _is_one(plain: bytes) -> bool:
    """Whether the octets are one SEQUENCE: a random fill of one octet passes once in 256."""
    reader = asn1.Reader(plain, Sentence("private key"))
    try:
        reader.enter()
    except CryptoError:
        return False
    return reader.is_at_end


def _unknown_scheme(name: bytes) -> UnknownProtectionError:
    oid = asn1.Reader(name, Sentence("private key")).take_oid()
    return UnknownProtectionError(
        Sentence("The private key is protected in a way that is not read here ({oid}).", oid=oid),
        remedy="Protect it anew by PBES2 with PBKDF2 (HMAC-SM3 or HMAC-SHA256) and SM4 or AES-256.",
    )


def _not_sm2() -> CryptoError:
    return CryptoError(
        "The private key is not an SM2 key.",
        remedy="Give a key of id-ecPublicKey on the curve 1.2.156.10197.1.301.",
    )
