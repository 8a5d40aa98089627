"""Writes a snapshot as its devices end: each device's file is whole or absent at any moment.

Safe under ``kill -9``: a file gets its name only after its bytes are on the disk, and the
manifest, written last, is what makes a snapshot complete. Secrets never enter.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from netops import __version__
from netops.errors import Place, Sentence, SnapshotError, UsageError
from netops.evidence import codec, layout
from netops.evidence.observation import DeviceRecord
from netops.facts.device import Contact
from netops.gm import sm3_hex

_COPIED = ("*.csv", "*.yaml", "known_hosts")


class SnapshotWriter:
    """One snapshot being written. ``add`` may be called from several threads."""

    def __init__(self, path: Path, meta: Mapping[str, Any]) -> None:
        self.path = path
        self.id: str = str(meta["id"])
        self.asked: tuple[str, ...] = tuple(meta["asked"])
        self.vantages: tuple[str, ...] = tuple(meta.get("vantages", ()))
        self.manner: str = str(meta.get("manner", ""))
        self._meta = meta
        self._lock = threading.Lock()
        self._holder = _hold(path)
        self._sums: dict[str, dict[str, Any]] = {}
        """Of what this process wrote: the manifest tells what was meant, not what a disk kept."""
        devices = _record_files(path, layout.DEVICES)
        self._done = {layout.device_of(p.name): _contact(p) for p in devices}
        self._probed = {layout.device_of(p.name) for p in _record_files(path, layout.PROBES)}

    @classmethod
    def create(
        cls,
        snapshots: Path,
        inventory: Path,
        digest: str,
        asked: Iterable[str],
        vantages: Iterable[str] = (),
        manner: str = "",
    ) -> SnapshotWriter:
        """Begin a snapshot in the folder ``snapshots`` with a copy of the inventory.

        ``digest`` is the inventory's; ``asked`` names the devices that will be asked,
        ``vantages`` the points that will be measured from, ``manner`` what they are asked where
        it is not all.
        """
        path, begin = _new_folder(snapshots)
        _copy_inventory(inventory, path / layout.INVENTORY)
        (path / layout.DEVICES).mkdir()
        meta = {
            "schema": layout.META_SCHEMA,
            "id": path.name,
            "begin": begin.isoformat(timespec="seconds"),
            "tool": f"netops {__version__}",
            "inventory": digest,
            "asked": list(asked),
        }
        points = list(vantages)
        if points:
            meta["vantages"] = points
        if manner:
            meta["manner"] = manner
        _write(path / layout.META, layout.dump(meta))
        return cls(path, meta)

    @classmethod
    def resume(cls, path: Path, digest: str) -> SnapshotWriter:
        """Go on with a snapshot that was cut short, with the same inventory."""
        meta = layout.load(path / layout.META)
        if (path / layout.MANIFEST).exists():
            raise UsageError(
                Sentence("Snapshot {id} is complete; there is nothing to resume.", id=path.name),
                remedy="Take a new snapshot.",
            )
        if meta["inventory"] != digest:
            raise SnapshotError(
                Sentence("Snapshot {id} was begun with another inventory.", id=path.name),
                remedy="Resume with the same inventory, or take a new snapshot.",
                place=Place(str(path / layout.META), field="inventory"),
            )
        for folder in (layout.DEVICES, layout.PROBES):
            for leftover in (path / folder).glob(f"*{layout.TEMPORARY}"):
                leftover.unlink()
        return cls(path, meta)

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """How contact with each device that is done ended."""
        return dict(self._done)

    @property
    def missing(self) -> tuple[str, ...]:
        """Devices asked that have no file yet."""
        return tuple(device for device in self.asked if device not in self._done)

    @property
    def missing_vantages(self) -> tuple[str, ...]:
        """Vantage points to measure from that have no file yet."""
        with self._lock:
            return tuple(one for one in self.vantages if one not in self._probed)

    def add(self, record: DeviceRecord) -> None:
        """Write one device's record; after return it survives ``kill -9``."""
        self._keep(layout.DEVICES, record)
        with self._lock:
            self._done[record.device] = record.contact

    def add_probes(self, record: DeviceRecord) -> None:
        """Write what was measured from one vantage point (``record.device`` is its id)."""
        (self.path / layout.PROBES).mkdir(exist_ok=True)
        self._keep(layout.PROBES, record)
        with self._lock:
            self._probed.add(record.device)

    def _keep(self, folder: str, record: DeviceRecord) -> None:
        data = codec.encode(record)
        name = layout.file_name(record.device)
        _write(self.path / folder / name, data)
        with self._lock:
            self._sums[f"{folder}/{name}"] = _sum(data)

    def finish(self) -> str:
        """Write the manifest and return the snapshot's digest."""
        files = {
            name: self._sums.get(name) or _sum(path.read_bytes())
            for name, path in _contents(self.path)
        }
        contacts = Counter(contact.value for contact in self._done.values())
        manifest: dict[str, Any] = {
            "schema": layout.MANIFEST_SCHEMA,
            "id": self.id,
            "begin": self._meta["begin"],
            "end": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": files,
            "counts": {"asked": len(self.asked), "contacts": dict(contacts)},
        }
        if self._probed:
            manifest["counts"]["vantages"] = len(self._probed)
        manifest["seal"] = sm3_hex(layout.dump(manifest))
        data = layout.dump(manifest)
        _sync_folder(self.path / layout.DEVICES)
        if self._probed:
            _sync_folder(self.path / layout.PROBES)
        _write(self.path / layout.MANIFEST, data)
        _sync_folder(self.path)
        self.close()
        return "sm3:" + sm3_hex(data)

    def close(self) -> None:
        """Let go of the snapshot, finished or not."""
        if self._holder >= 0:
            os.close(self._holder)
            self._holder = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _hold(path: Path) -> int:
    """Take the lock of a snapshot: two writers would each think the other's devices missing."""
    holder = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(holder)
        raise UsageError(
            Sentence("Snapshot {id} is being written by another process.", id=path.name),
            remedy="Wait for it to end.",
        ) from error
    return holder


def _new_folder(snapshots: Path) -> tuple[Path, datetime]:
    snapshots.mkdir(parents=True, exist_ok=True)
    begin = datetime.now(UTC)
    stem = layout.new_id(begin)
    for number in range(1000):
        path = snapshots / (stem if number == 0 else f"{stem}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path, begin
    raise SnapshotError(
        "No free name for a snapshot.", remedy="Try again.", place=Place(str(snapshots))
    )


def _copy_inventory(source: Path, target: Path) -> None:
    """Copy the inventory's own files and nothing else that may lie beside them."""
    target.mkdir()
    for pattern in _COPIED:
        for path in sorted(source.glob(pattern)):
            if path.is_file():
                shutil.copyfile(path, target / path.name)


def _record_files(path: Path, folder: str) -> Iterable[Path]:
    return (path / folder).glob(f"*{layout.SUFFIX}")


def _contact(path: Path) -> Contact:
    return codec.decode(path.read_bytes()).contact


def _contents(path: Path) -> Iterable[tuple[str, Path]]:
    for found in sorted(path.rglob("*")):
        if found.is_file() and found.name != layout.MANIFEST:
            yield found.relative_to(path).as_posix(), found


def _sum(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sm3": sm3_hex(data)}


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(path.name + layout.TEMPORARY)
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
