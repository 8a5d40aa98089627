"""Reads the settings of many devices in as many processes as there are processors.

Parsing a thousand configurations is nearly all the time that a baseline of them takes, and a
device needs nothing of another. Few devices are read here: a process costs more than they do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from netops.evidence.reader import SnapshotReader
from netops.facts.settings import AssetFacts
from netops.reading.settings import read_settings
from netops.reading.snapshot import collector_off

FEW = 100
"""Devices up to which one process is faster."""
_BATCH = 16


def read_many(
    reader: SnapshotReader, names: Sequence[str], *, processes: int | None = None
) -> Iterator[AssetFacts]:
    """Yield the settings of each device named, in that order.

    Where processes cannot be had, or one of them dies, the rest is read in this one: what is
    wrong with the snapshot is then said here, with its place.
    """
    wanted = processes or len(os.sched_getaffinity(0))
    done = 0
    if wanted > 1 and len(names) > FEW:
        try:
            for facts in _in_processes(reader.path, names, wanted):
                yield facts
                done += 1
        except Exception:  # noqa: BLE001, S110 - read again below, where a fault has its place
            pass
    for name in names[done:]:
        with collector_off():
            facts = read_settings(reader.read(name))
        yield facts


def _in_processes(path: Path, names: Sequence[str], wanted: int) -> Iterator[AssetFacts]:
    pool = ProcessPoolExecutor(wanted, get_context("spawn"), _open, (path,))
    with collector_off(), pool:
        yield from pool.map(_read, names, chunksize=_BATCH)


_READER: list[SnapshotReader] = []
"""The snapshot that this process reads; opened once, when the process begins."""


def _open(path: Path) -> None:
    _READER[:] = [SnapshotReader(path)]


def _read(name: str) -> AssetFacts:
    with collector_off():
        return read_settings(_READER[0].read(name))
