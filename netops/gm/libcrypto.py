"""Bindings to libcrypto 3: the few functions we call, each with its argument types declared.

Loads the system's library or the one that ``NETOPS_LIBCRYPTO`` names (a site's Tongsuo, say).
Knows pointers and the error queue; refuses to know what a key is for.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ubyte, c_ulong, c_void_p
from functools import cache
from typing import Any

from netops.errors import CryptoError, Sentence

SETTING = "NETOPS_LIBCRYPTO"
_BY_NAME = "libcrypto.so.3"
_OLDEST = 3
_NAME, _OWN_NAME = 0, 10
"""What ``OpenSSL_version`` is asked: its own name Tongsuo tells only then."""

_OCTETS = POINTER(c_ubyte)
_SIZE = POINTER(c_size_t)

_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "OpenSSL_version": (c_char_p, (c_int,)),
    "OPENSSL_version_major": (c_int, ()),
    "OSSL_LIB_CTX_new": (c_void_p, ()),
    "ERR_get_error": (c_ulong, ()),
    "ERR_error_string_n": (None, (c_ulong, c_char_p, c_size_t)),
    "CRYPTO_free": (None, (c_void_p, c_char_p, c_int)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_dup": (c_void_p, (c_void_p,)),
    "EVP_PKEY_set1_encoded_public_key": (c_int, (c_void_p, c_char_p, c_size_t)),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
    "EVP_PKEY_get1_encoded_public_key": (c_size_t, (c_void_p, POINTER(c_void_p))),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new_from_pkey": (c_void_p, (c_void_p, c_void_p, c_char_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_generate": (c_int, (c_void_p, POINTER(c_void_p))),
    "EVP_PKEY_sign_init": (c_int, (c_void_p,)),
    "EVP_PKEY_sign": (c_int, (c_void_p, c_char_p, _SIZE, c_char_p, c_size_t)),
    "EVP_PKEY_verify_init": (c_int, (c_void_p,)),
    "EVP_PKEY_verify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "EVP_PKEY_encrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt": (c_int, (c_void_p, c_char_p, _SIZE, c_char_p, c_size_t)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, _SIZE, c_char_p, c_size_t)),
    "d2i_PUBKEY_ex": (c_void_p, (c_void_p, POINTER(c_char_p), c_long, c_void_p, c_char_p)),
    "d2i_AutoPrivateKey_ex": (c_void_p, (c_void_p, POINTER(c_char_p), c_long, c_void_p, c_char_p)),
    "EVP_PKEY2PKCS8": (c_void_p, (c_void_p,)),
    "PKCS8_PRIV_KEY_INFO_free": (None, (c_void_p,)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (c_void_p, POINTER(_OCTETS))),
}


class Libcrypto:
    """The loaded library with a context of its own, so that nobody else's settings reach us."""

    def __init__(self, path: str) -> None:
        self._functions: dict[str, Callable[..., Any]] = {}
        try:
            self._library = ctypes.CDLL(path)
            self._declare()
        except (OSError, AttributeError) as error:
            raise _unusable(path, Sentence("{reason}", reason=error)) from error
        if self.call("OPENSSL_version_major") < _OLDEST:
            raise _unusable(path, Sentence("it is older than version 3"))
        self.version = self._named()
        self.context = self.call("OSSL_LIB_CTX_new")
        if not self.context:
            raise _unusable(path, Sentence("it gives no context of its own"))

    def _named(self) -> str:
        name, own = (
            str(self.call("OpenSSL_version", what).decode("ascii", "replace"))
            for what in (_NAME, _OWN_NAME)
        )
        return f"{own} ({name})" if own.startswith("Tongsuo") else name

    def _declare(self) -> None:
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._library, name)
            function.restype = result
            function.argtypes = arguments
            self._functions[name] = function

    def call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - a pointer, a number, text
        """Call the function ``name``; its result is whatever the library's page says."""
        return self._functions[name](*arguments)

    def drain(self) -> str:
        """Empty this thread's error queue and return its first entry, "" when it was empty."""
        first = ""
        while code := self.call("ERR_get_error"):
            if not first:
                text = ctypes.create_string_buffer(256)
                self.call("ERR_error_string_n", code, text, len(text))
                first = text.value.decode("ascii", "replace")
        return first

    def free(self, pointer: object) -> None:
        """Give back memory that the library allocated for us."""
        self.call("CRYPTO_free", pointer, b"", 0)


def _unusable(path: str, reason: Sentence) -> CryptoError:
    return CryptoError(
        Sentence("The library {path} cannot be used: {reason}.", path=path, reason=reason),
        remedy=Sentence(
            "Install OpenSSL 3 (libcrypto.so.3), or name a library with {setting}.", setting=SETTING
        ),
    )


def library_path() -> str:
    """Return the library that is configured, else the system's."""
    return os.environ.get(SETTING) or ctypes.util.find_library("crypto") or _BY_NAME


@cache
def load_libcrypto(path: str) -> Libcrypto:
    """Load the library at ``path`` once."""
    return Libcrypto(path)
