"""Writes a snapshot's raw answers as plain files: ``device/command.txt``.

The same layout is what `snapshot import` takes, so a folder can travel and come back. What was
measured lies below ``probes/``; it is evidence of its moment and is not imported.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from netops.errors import Place, UsageError
from netops.evidence import layout
from netops.evidence.observation import Observation
from netops.evidence.reader import SnapshotReader

_MAX_NAME = 200


def command_file_name(command: str) -> str:
    """Return the file name of a command: blanks as ``_``, unsafe characters percent-encoded."""
    stem = quote(command.replace(" ", "_"), safe="_-@+,=.")
    return f"{stem[:_MAX_NAME]}.txt"


def export_snapshot(reader: SnapshotReader, folder: Path) -> int:
    """Write every answer of ``reader`` below the new folder ``folder``; return how many."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            "The folder to export to is not empty.",
            remedy="Name a new folder.",
            place=Place(str(folder)),
        )
    count = 0
    for record in reader:
        home = folder / layout.safe_name(record.device)
        home.mkdir(parents=True, exist_ok=True)
        for observation in record.observations:
            _write(home, observation)
            count += 1
    for record in reader.probes():
        home = folder / layout.PROBES / layout.safe_name(record.device)
        home.mkdir(parents=True, exist_ok=True)
        for number, observation in enumerate(record.observations, start=1):
            # Two questions may differ behind what a file's name can hold.
            _write(home, observation, f"{number:05}_")
            count += 1
    return count


def _write(home: Path, observation: Observation, prefix: str = "") -> None:
    name = prefix + command_file_name(observation.command)
    if observation.source in {"snmp", "probe"}:
        name = name.removesuffix(".txt") + ".json"
    (home / name).write_bytes(observation.raw)
