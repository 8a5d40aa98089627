"""What a misbehaving device does to an answer, by the word in ``Behaviour.ssh``.

Pure: turns the text of an answer into a plan of pieces to send. It knows no session; what
concerns the connection (refusing, hanging, another key) is asked of ``CONNECTION`` words.
"""

from __future__ import annotations

import io
import itertools
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from netops.lab.dialects import Dialect
from netops.lab.model import Behaviour
from netops.lab.spec import ANSWERING

SSH_WORDS = ANSWERING | {"", "hang_before_banner", "down"}
"""Every word the server knows. ``down`` has no listener at all."""

NO_GREETING = frozenset({"down", "hang_before_banner"})
"""Devices from which no version line comes: nobody waits for it."""

QUIRKS = frozenset(
    {
        "password_expiry",
        "tricky_banner",
        "paging_refused",
        "wrapped_prompt",
        "legacy_kex",
        "telnet",
    }
)

FLOOD_OCTETS = 1 << 30
"""What ``flood`` sends at most; made as the reader takes it, never held."""

_SLOW_S = 1.0
_FLOOD_PIECE = 1 << 15
_GARBAGE_OCTETS = 4096
_TRUNCATED_SHARE = 0.6
_HOSTILE = (
    b"\x1b]0;owned\x07",
    b"\x9b31m",
    b"\x1b[2J\x1b[1;1H",
    b"\x00\x00",
    "\u202etxt.exe".encode(),
    "描述".encode("gbk"),
    b"\xff\xfe\xc3\x28\r\n",
)


@dataclass(frozen=True, slots=True)
class Play:
    """How to send one answer: lines, whether they page, and what follows them.

    ``paging``: None leaves it to the session's setting; True pages even when that is off;
    False never pages. ``ends_in_drop``: the connection is cut after the last line.
    """

    lines: Iterator[bytes]
    paging: bool | None = None
    may_stop: bool = True
    ends_in_drop: bool = False


def delay_of(behaviour: Behaviour) -> float:
    """Return the seconds before each answer."""
    if behaviour.ssh == "slow":
        return behaviour.delay_s or _SLOW_S
    return behaviour.delay_s


def is_refused(behaviour: Behaviour, dialect: Dialect, line: str) -> bool:
    """Whether the account of this session lacks the right to ``line``."""
    return behaviour.ssh == "low_privilege" and line.startswith(dialect.privileged)


def play(behaviour: Behaviour, text: str, seed: str) -> Play:
    """Plan the answer ``text``; ``seed`` makes garbage the same in every run."""
    match behaviour.ssh:
        case "drop":
            return Play(_lines(_encoded(text)[: max(1, len(text) // 2)]), ends_in_drop=True)
        case "garbage":
            return Play(_lines(_garbage(seed)))
        case "truncated":
            return Play(_lines(_cut(_encoded(text))))
        case "endless_pager":
            return Play(_endless(_encoded(text)), paging=True, may_stop=False)
        case "flood":
            return Play(_flood(_encoded(text)), paging=False, may_stop=False)
    return Play(_lines(_encoded(text)))


def _encoded(text: str) -> bytes:
    """Return octets as the device sends them; a lone surrogate stands for a raw octet."""
    if text and not text.endswith("\n"):
        text += "\n"
    octets = text.encode("utf-8", "surrogateescape")
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _lines(octets: bytes) -> Iterator[bytes]:
    """Split at line feeds alone: after a lone return the pager would stand within a line."""
    return io.BytesIO(octets)


def _cut(octets: bytes) -> bytes:
    """Keep the first part, ending in the middle of a line as a full buffer does."""
    kept = octets[: int(len(octets) * _TRUNCATED_SHARE)].rstrip(b"\r\n")
    return kept + b"\r\n" if kept else b""


def _garbage(seed: str) -> bytes:
    dice = random.Random(zlib.crc32(seed.encode()))  # noqa: S311 - noise, not a secret
    pieces = [dice.randbytes(dice.randint(1, 200)) for _ in range(_GARBAGE_OCTETS // 100)]
    mixed = itertools.chain.from_iterable(zip(pieces, itertools.cycle(_HOSTILE), strict=False))
    return b"".join(mixed) + b"\r\n"


def _endless(octets: bytes) -> Iterator[bytes]:
    lines = octets.splitlines(keepends=True) or [b"\r\n"]
    return itertools.cycle(lines)


def _flood(octets: bytes) -> Iterator[bytes]:
    line = octets or b"0123456789abcdef\r\n"
    piece = line * (_FLOOD_PIECE // len(line) + 1)
    return itertools.repeat(piece, FLOOD_OCTETS // len(piece))
