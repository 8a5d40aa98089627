"""Gives privilege away: what stays is the capability for raw sockets and nothing else.

Knows Linux capabilities, user ids and the switches that make the loss final; refuses to gain
anything. For the small processes that need raw sockets, and only for them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NET_RAW: Final = 13
_NOBODY: Final = 65534
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 1, 4, 8
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 24, 38, 47
_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3: Final = 0x20080522
_MOST_CAPABILITIES: Final = 64


class _Head(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


_C = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if _C.prctl(option, *padded):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _capset(sets: int) -> None:
    words = (_Sets * 2)(_Sets(sets & 0xFFFFFFFF, sets & 0xFFFFFFFF, 0), _Sets(0, 0, 0))
    if _C.capset(ctypes.byref(_Head(_CAPABILITY_VERSION_3, 0)), words):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def keep_only_net_raw(environment: Mapping[str, str]) -> None:
    """Become the caller again (``SUDO_UID``; nobody, if root called), with CAP_NET_RAW alone.

    Nothing that is started later can regain what is given up, and no debugger of the same user
    may attach.

    Raises:
        OSError: the capability is not there to keep, or something could not be given up.
    """
    _drop_bounding_set()
    _prctl(_PR_SET_KEEPCAPS, 1)
    if os.getuid() == 0:
        _become(
            int(environment.get("SUDO_UID", "0")) or _NOBODY,
            int(environment.get("SUDO_GID", "0")) or _NOBODY,
        )
    _capset(1 << NET_RAW)
    _prctl(_PR_CAP_AMBIENT, _AMBIENT_CLEAR_ALL)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    held = capabilities()
    if held != {NET_RAW}:
        raise PermissionError(0, f"capabilities left: {sorted(held)}")


def _drop_bounding_set() -> None:
    for number in range(_MOST_CAPABILITIES):
        if number != NET_RAW:
            # Without CAP_SETPCAP, or past the last capability of this kernel: no loss, for
            # PR_SET_NO_NEW_PRIVS keeps later programs from gaining any.
            with contextlib.suppress(OSError):
                _prctl(_PR_CAPBSET_DROP, number)


def _become(user: int, group: int) -> None:
    try:
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
    except (PermissionError, OSError):
        # A namespace that knows root alone: its root is an ordinary user of the machine.
        if _maps_more_than_root():
            raise


def _maps_more_than_root() -> bool:
    lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    return len(lines) != 1 or lines[0].split()[2] != "1"


def capabilities() -> set[int]:
    """Return the capabilities that this process can use, take up or hand on."""
    words = (_Sets * 2)()
    if _C.capget(ctypes.byref(_Head(_CAPABILITY_VERSION_3, 0)), words):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    low, high = (word.effective | word.permitted | word.inheritable for word in words)
    held = low | high << 32
    return {number for number in range(_MOST_CAPABILITIES) if held >> number & 1}


def die_with_parent(signal_number: int) -> None:
    """Let the kernel send this signal to us when the process that started us ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)
