"""How Linux spells plain values: hardware addresses, and JSON as iproute2 prints it.

Knows no command.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def compact(entries: Iterable[dict[str, Any]]) -> str:
    """Return a list as iproute2 prints it: one line, no blanks."""
    listed = list(entries)
    if not listed:
        return "[ ]\n"
    return json.dumps(listed, separators=(",", ":"), ensure_ascii=False) + "\n"


def colons(mac: str) -> str:
    """Return a hardware address as Linux writes it, however the model spells it."""
    digits = "".join(c for c in mac.lower() if c in "0123456789abcdef")
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def mac_of(seed: str) -> str:
    """Return a made-up, locally administered hardware address, always the same for a seed."""
    digits = f"{_hash(seed):010x}"
    return ":".join(["02", *(digits[i : i + 2] for i in range(0, 10, 2))])


def _hash(text: str) -> int:
    value = 0
    for byte in text.encode():
        value = (value * 16777619 + byte) % (1 << 40)
    return value
