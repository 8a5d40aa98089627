"""SM3 (GB/T 32905-2016): libcrypto where it has it, the gmssl package where it has not.

Some distributions build OpenSSL without SM3; evidence must be sealed there too, only slower.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache


@cache
def _libcrypto_has_sm3() -> bool:
    try:
        hashlib.new("sm3", usedforsecurity=False)
    except ValueError:
        return False
    return True


def provider() -> str:
    """Name what computes SM3 here: ``libcrypto`` or ``gmssl``."""
    return "libcrypto" if _libcrypto_has_sm3() else "gmssl"


def sm3(data: bytes) -> bytes:
    """Return the SM3 digest of ``data``, 32 octets."""
    if _libcrypto_has_sm3():
        return hashlib.new("sm3", data).digest()
    return bytes.fromhex(sm3_by_gmssl(data))


def sm3_hex(data: bytes) -> str:
    """Return the SM3 digest of ``data`` as 64 lower-case hexadecimal digits."""
    return sm3(data).hex()


def sm3_hex_of(pieces: Iterable[bytes]) -> str:
    """Return the digest of what comes in pieces, as 64 lower-case hexadecimal digits."""
    if not _libcrypto_has_sm3():
        return sm3_by_gmssl(b"".join(pieces))
    state = hashlib.new("sm3")
    for piece in pieces:
        state.update(piece)
    return state.hexdigest()


def sm3_by_gmssl(data: bytes) -> str:
    """Return the same digest by the pure Python implementation: slow, and the oracle in tests."""
    from gmssl import sm3 as pure  # noqa: PLC0415 - loaded only where libcrypto lacks SM3

    return str(pure.sm3_hash(list(data)))
