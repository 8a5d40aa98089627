"""Keeps keys out of core dumps: this process leaves none, and others may not look into it.

Best effort: where the system knows no such call, nothing is lost but the protection.
"""

from __future__ import annotations

import ctypes
import resource

_PR_SET_DUMPABLE = 4


def forbid_core_dumps() -> bool:
    """Forbid this process to be dumped or traced by its own user; say whether that worked."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        return int(ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)) == 0
    except (AttributeError, OSError):
        return False
