"""Turns observations into facts: picks the parser, counts what was understood, merges."""

from netops.reading.cache import FactCache
from netops.reading.device import read_device
from netops.reading.reduction import RouteFilter, RouteKeep
from netops.reading.snapshot import collector_off, read_snapshot

__all__ = [
    "FactCache", "RouteFilter", "RouteKeep", "collector_off", "read_device", "read_snapshot",
]  # fmt: skip
