"""Personalities for supervised laboratories in tests; ``SIZE`` in the folder says how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lab_serving import misbehaving, personality

from netops.lab.model import Personality


def personalities(directory: Path) -> Iterator[Personality]:
    """Yield routers r0 … at 127.8.x.y; r1 is down, r2 hangs before its banner."""
    size = int((directory / "SIZE").read_text(encoding="utf-8"))
    words = {1: "down", 2: "hang_before_banner"}
    for number in range(size):
        base = misbehaving(words[number]) if number in words else personality()
        address = f"127.8.{number // 250}.{number % 250 + 1}"
        yield replace(base, device=f"r{number}", address=address)


def broken(directory: Path) -> Iterator[Personality]:
    """Yield a device that cannot be played."""
    yield replace(next(personalities(directory)), address="192.0.2.1")
