"""The wall clock of questions and answers: whole milliseconds since 1970, in UTC."""

from __future__ import annotations

import time


def now_ms() -> int:
    """Return the milliseconds since 1970."""
    return time.time_ns() // 1_000_000
