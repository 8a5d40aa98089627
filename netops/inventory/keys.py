"""How a host key gets into ``known_hosts``: seen by a scan, then approved by a person."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from netops.errors import InventoryError, Place, UsageError
from netops.inventory.tables import Faults, read_text

KNOWN_HOSTS = "known_hosts"
PENDING = "known_hosts.pending"


@dataclass(frozen=True, slots=True)
class KeyDiff:
    """Lines of a scan held against the approved ones, by host name."""

    new: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    same: int


def compare_keys(approved: str, seen: Iterable[str]) -> KeyDiff:
    """Compare ``host type key`` lines; a host may have a key of each type."""
    known = {_slot(line): line for line in approved.splitlines() if _is_key(line)}
    hosts = {slot[0] for slot in known}
    new, changed, same = [], [], 0
    for line in seen:
        before = known.get(_slot(line))
        if before is None and _slot(line)[0] not in hosts:
            new.append(line)
        elif before == line:
            same += 1
        else:
            changed.append((before or "", line))
    return KeyDiff(tuple(new), tuple(changed), same)


def merge_keys(approved: str, lines: Iterable[str]) -> str:
    """Return ``known_hosts`` with ``lines`` in it; a key replaces all older ones of its host."""
    fresh = {_slot(line)[0]: line for line in lines}
    kept = [
        line for line in approved.splitlines() if not _is_key(line) or _slot(line)[0] not in fresh
    ]
    return "".join(f"{line}\n" for line in (*kept, *fresh.values()))


def pending_lines(folder: Path) -> tuple[str, ...]:
    """Return what the last scan saw."""
    text = _text(folder, PENDING)
    if text is None:
        raise UsageError(
            "There is no scan to compare with.",
            remedy="Run `netops inventory keys scan` first.",
            place=Place(str(folder / PENDING)),
        )
    return tuple(line for line in text.splitlines() if _is_key(line))


def approved_text(folder: Path) -> str:
    """Return ``known_hosts`` as it stands; empty where none was approved yet."""
    if not folder.is_dir():
        raise UsageError(
            "There is no such inventory folder.",
            remedy="Name the folder of an inventory.",
            place=Place(str(folder)),
        )
    return _text(folder, KNOWN_HOSTS) or ""


def write_keys(folder: Path, name: str, text: str) -> None:
    """Write a file of keys, whole or not at all."""
    path = folder / name
    temporary = path.with_name(f".{name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _text(folder: Path, name: str) -> str | None:
    if not (folder / name).exists():
        return None
    faults = Faults()
    text = read_text(folder / name, name, faults)
    if text is None:
        raise InventoryError(tuple(faults.found))
    return text


def _is_key(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _slot(line: str) -> tuple[str, str]:
    host, _, rest = line.partition(" ")
    return host, rest.partition(" ")[0]
