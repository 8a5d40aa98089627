"""SM2 by libcrypto's EVP interface: the provider that signs.

Private keys stay in the library's memory; Python sees a pointer. Signs digests, so that the
library's own idea of the signer's identifier (an empty one) never matters.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from netops.errors import CryptoError, Sentence
from netops.gm import pkcs8
from netops.gm.ciphertext import Ciphertext
from netops.gm.curve import GX, GY, SIZE, N, Point
from netops.gm.libcrypto import Libcrypto, library_path, load_libcrypto
from netops.gm.provider import Capabilities, KeyHandle
from netops.gm.signature import Signature
from netops.gm.spki import spki_der

_SM2 = b"SM2"
_LONGEST_SIGNATURE = 72
_GENERATOR = GX.to_bytes(SIZE) + GY.to_bytes(SIZE)
LONGEST_MESSAGE = 4096


class _Desk:
    """A context ready to sign with one key, and the memory that it signs into."""

    __slots__ = ("context", "given", "signature", "size")

    def __init__(self, context: int) -> None:
        self.context = context
        self.signature = ctypes.create_string_buffer(_LONGEST_SIGNATURE)
        self.size = ctypes.c_size_t()
        self.given = (context, self.signature, ctypes.byref(self.size))


class EvpKey:
    """A private key in libcrypto's memory, freed with this object."""

    def __init__(self, library: Libcrypto, pointer: int) -> None:
        self.pointer = pointer
        self.desks: list[_Desk] = []
        """Signing contexts that no thread uses at the moment, last used last."""
        self._freed = weakref.finalize(self, _free, library, pointer, self.desks)
        self.point = _point_of(library, pointer)

    def __repr__(self) -> str:
        return f"EvpKey(point={self.point.raw.hex()[:16]}…)"


class NoSm2Error(CryptoError):
    """The library is sound and cannot compute with SM2."""


class EvpProvider:
    """SM2 by libcrypto ≥ 3. One object may be used by several threads."""

    def __init__(self, path: str | None = None) -> None:
        self._library = load_libcrypto(path or library_path())
        if not self._has_sm2():
            raise NoSm2Error(
                Sentence("{library} has no SM2.", library=self._library.version),
                remedy="Name a library that has it with NETOPS_LIBCRYPTO; see `netops doctor`.",
            )
        # Reading a key from DER costs more than half a verification; copying one costs nothing.
        self._template = self._decode("d2i_PUBKEY_ex", spki_der(Point(_GENERATOR)))

    def _has_sm2(self) -> bool:
        made = self._library.call("EVP_PKEY_CTX_new_from_name", self._library.context, _SM2, None)
        self._library.call("EVP_PKEY_CTX_free", made)
        self._library.drain()
        return bool(made)

    @property
    def capabilities(self) -> Capabilities:
        """What this provider is and may be used for."""
        return Capabilities("evp", self._library.version, may_hold_ca_keys=True)

    def generate(self) -> EvpKey:
        """Make a key pair by libcrypto's random generator."""
        made = self._library.call("EVP_PKEY_CTX_new_from_name", self._library.context, _SM2, None)
        pointer = ctypes.c_void_p()
        try:
            self._must(self._library.call("EVP_PKEY_keygen_init", made))
            self._must(self._library.call("EVP_PKEY_generate", made, ctypes.byref(pointer)))
        finally:
            self._library.call("EVP_PKEY_CTX_free", made)
        return EvpKey(self._library, pointer.value or 0)

    def load(self, pkcs8_der: bytes) -> EvpKey:
        """Take a private key as unencrypted PKCS#8 DER."""
        scalar, told = pkcs8.unwrap(pkcs8_der)
        if not 0 < int.from_bytes(scalar) < N - 1:
            raise CryptoError(
                "The private key is not between 1 and n − 2.", remedy="Make a new key."
            )
        # Without the public half libcrypto computes it; a stated one it would believe.
        bare = pkcs8.wrap(scalar)
        key = EvpKey(self._library, self._decode("d2i_AutoPrivateKey_ex", bare))
        pkcs8.check_fits(told, key.point)
        return key

    def export(self, key: KeyHandle) -> bytes:
        """Give a private key as unencrypted PKCS#8 DER, in the form that GmSSL reads too."""
        own = self._own(key)
        scalar, _ = pkcs8.unwrap(self._written(own))
        return pkcs8.wrap(scalar, own.point)

    def _written(self, key: EvpKey) -> bytes:
        """Return the key as libcrypto writes it: without naming the curve inside."""
        info = self._library.call("EVP_PKEY2PKCS8", key.pointer)
        self._must(info)
        octets = ctypes.POINTER(ctypes.c_ubyte)()
        try:
            size = self._library.call("i2d_PKCS8_PRIV_KEY_INFO", info, ctypes.byref(octets))
            self._must(size)
            return bytes(octets[:size])
        finally:
            if octets:
                ctypes.memset(octets, 0, max(size, 0))
                self._library.free(octets)
            self._library.call("PKCS8_PRIV_KEY_INFO_free", info)

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signature:
        """Sign e, 32 octets. Each thread takes a context that is free, or makes one."""
        _check_digest(digest)
        own = self._own(key)
        try:
            desk = own.desks.pop()
        except IndexError:
            desk = self._desk(own.pointer)
        desk.size.value = _LONGEST_SIGNATURE
        if self._library.call("EVP_PKEY_sign", *desk.given, digest, SIZE) != 1:
            self._library.call("EVP_PKEY_CTX_free", desk.context)
            self._must(None)
        made = desk.signature.raw[: desk.size.value]
        own.desks.append(desk)
        return Signature.from_der(made)

    def _desk(self, pointer: int) -> _Desk:
        made = self._library.call(
            "EVP_PKEY_CTX_new_from_pkey", self._library.context, pointer, None
        )
        self._must(made)
        self._must(self._library.call("EVP_PKEY_sign_init", made))
        return _Desk(made)

    def verify_digest(self, point: Point, digest: bytes, signature: Signature) -> bool:
        """Whether ``signature`` over e is by the holder of ``point``."""
        _check_digest(digest)
        der = signature.der
        with (
            self._public(point) as pointer,
            self._operation("EVP_PKEY_verify_init", pointer) as context,
        ):
            found = self._library.call("EVP_PKEY_verify", context, der, len(der), digest, SIZE)
        self._library.drain()
        return bool(found == 1)

    def encrypt(self, point: Point, message: bytes) -> Ciphertext:
        """Encrypt ``message`` to the holder of ``point``."""
        if not 0 < len(message) <= LONGEST_MESSAGE:
            raise CryptoError(
                Sentence("SM2 encrypts 1 to {most} octets at once.", most=LONGEST_MESSAGE),
                remedy="Encrypt a symmetric key, and the data with that.",
            )
        with self._public(point) as pointer:
            der = self._transform("EVP_PKEY_encrypt", pointer, message)
        return Ciphertext.from_der(der)

    def decrypt(self, key: KeyHandle, ciphertext: Ciphertext) -> bytes:
        """Decrypt; libcrypto compares C3."""
        return self._transform("EVP_PKEY_decrypt", self._own(key).pointer, ciphertext.der)

    def _transform(self, name: str, pointer: int, data: bytes) -> bytes:
        size = ctypes.c_size_t()
        with self._operation(f"{name}_init", pointer) as context:
            arguments = (ctypes.byref(size), data, len(data))
            self._must(self._library.call(name, context, None, *arguments))
            result = ctypes.create_string_buffer(size.value)
            self._must(self._library.call(name, context, result, *arguments))
        made = result.raw[: size.value]
        ctypes.memset(result, 0, len(result))
        return made

    @contextmanager
    def _operation(self, name: str, pointer: int) -> Iterator[int]:
        """Open a context on a key, begin the operation, and free the context in any case."""
        made = self._library.call(
            "EVP_PKEY_CTX_new_from_pkey", self._library.context, pointer, None
        )
        try:
            self._must(made)
            self._must(self._library.call(name, made))
            yield made
        finally:
            self._library.call("EVP_PKEY_CTX_free", made)

    @contextmanager
    def _public(self, point: Point) -> Iterator[int]:
        pointer = self._library.call("EVP_PKEY_dup", self._template)
        try:
            self._must(pointer)
            octets = point.octets
            self._must(
                self._library.call("EVP_PKEY_set1_encoded_public_key", pointer, octets, len(octets))
            )
            yield pointer
        finally:
            self._library.call("EVP_PKEY_free", pointer)

    def _decode(self, name: str, der: bytes) -> int:
        start = ctypes.c_char_p(der)
        context = self._library.context
        found = self._library.call(name, None, ctypes.byref(start), len(der), context, None)
        self._must(found)
        if not self._library.call("EVP_PKEY_is_a", found, _SM2):
            self._library.call("EVP_PKEY_free", found)
            raise CryptoError(
                "The key is not on the SM2 curve.",
                remedy="Give a key on the curve 1.2.156.10197.1.301.",
            )
        return int(found)

    def _own(self, key: KeyHandle) -> EvpKey:
        if not isinstance(key, EvpKey):
            raise CryptoError("The key belongs to another provider.", remedy="Load it by this one.")
        return key

    def _must(self, result: Any) -> None:  # noqa: ANN401 - a pointer or a count
        """Raise where the library failed; its own words are part of the error, never secrets."""
        if result is None or result <= 0:
            reason = self._library.drain() or "unknown"
            raise CryptoError(
                Sentence("libcrypto refused: {reason}.", reason=reason),
                remedy="Check the key or the data; `netops doctor` names the library.",
            )


def _free(library: Libcrypto, pointer: int, desks: list[_Desk]) -> None:
    for desk in desks:
        library.call("EVP_PKEY_CTX_free", desk.context)
    library.call("EVP_PKEY_free", pointer)


def _point_of(library: Libcrypto, pointer: int) -> Point:
    octets = ctypes.c_void_p()
    size = library.call("EVP_PKEY_get1_encoded_public_key", pointer, ctypes.byref(octets))
    try:
        return Point.from_octets(ctypes.string_at(octets, size))
    finally:
        library.free(octets)


def _check_digest(digest: bytes) -> None:
    if len(digest) != SIZE:
        raise CryptoError(
            Sentence("SM2 signs digests of 32 octets, not {size}.", size=len(digest)),
            remedy="Hash the message first (identity.signing_digest).",
        )
