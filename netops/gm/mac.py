"""HMAC with SM3 (RFC 2104, GM/T 0042): authenticates a text under a shared key."""

from __future__ import annotations

import hmac

from netops.gm.sm3 import sm3

_BLOCK = 64
"""Octets that SM3 takes at once (GB/T 32905)."""
MAC_OCTETS = 32


def hmac_sm3(key: bytes, text: bytes) -> bytes:
    """Return the authentication code of ``text``."""
    short = sm3(key) if len(key) > _BLOCK else key
    block = short.ljust(_BLOCK, b"\0")
    inner = sm3(bytes(octet ^ 0x36 for octet in block) + text)
    return sm3(bytes(octet ^ 0x5C for octet in block) + inner)


def is_right_mac(key: bytes, text: bytes, code: bytes) -> bool:
    """Whether ``code`` belongs to ``text``; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(hmac_sm3(key, text), code)
