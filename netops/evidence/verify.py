"""Finds any change made to a complete snapshot, and names it.

Kinds of faults: ``manifest`` (missing, damaged or edited), ``missing``, ``extra`` and
``changed`` files, ``damaged`` device files, ``observation`` (its digest does not fit).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netops.errors import Fault, Place, Sentence, SnapshotError
from netops.evidence import codec, layout
from netops.gm import sm3_hex

_RESTORE = "Restore the snapshot from a good copy, or take it again."


def verify(path: Path) -> tuple[Fault, ...]:
    """Hold every file of the snapshot at ``path`` against its manifest."""
    manifest_path = path / layout.MANIFEST
    try:
        manifest = layout.load(manifest_path)
    except SnapshotError as error:
        return (Fault("manifest", Place(str(manifest_path)), error.cause, _RESTORE),)
    faults = [*_seal_faults(manifest_path, manifest), *_file_faults(path, manifest)]
    return tuple(faults)


def _seal_faults(path: Path, manifest: dict[str, Any]) -> Iterator[Fault]:
    sealed = {key: value for key, value in manifest.items() if key != "seal"}
    right = sm3_hex(layout.dump(sealed)) == manifest.get("seal")
    if not right or layout.dump(manifest) != path.read_bytes():
        yield Fault("manifest", Place(str(path)), "The manifest was changed.", _RESTORE)


def _file_faults(path: Path, manifest: dict[str, Any]) -> Iterator[Fault]:
    files = manifest.get("files")
    listed: dict[str, Any] = files if isinstance(files, dict) else {}
    present = {
        found.relative_to(path).as_posix()
        for found in path.rglob("*")
        if not found.is_dir() and found != path / layout.MANIFEST
    }
    for name in sorted(present | set(listed)):
        place = Place(str(path / name))
        if name not in present:
            yield Fault("missing", place, "The file is missing.", _RESTORE)
        elif name not in listed:
            yield Fault("extra", place, "The manifest knows no such file.", "Remove it.")
        else:
            yield from _content_faults(path / name, listed[name])


def _content_faults(path: Path, entry: Any) -> Iterator[Fault]:  # noqa: ANN401 - foreign JSON
    place = Place(str(path))
    data = path.read_bytes()
    if not isinstance(entry, dict) or sm3_hex(data) != entry.get("sm3"):
        cause = Sentence("The file is not what the manifest says (SM3 differs).")
        yield Fault("changed", place, cause, _RESTORE)
    if path.parent.name in {layout.DEVICES, layout.PROBES} and path.name.endswith(layout.SUFFIX):
        yield from _observation_faults(place, data)


def _observation_faults(place: Place, data: bytes) -> Iterator[Fault]:
    try:
        record = codec.decode(data)
        stored = codec.stored_digests(data)
    except SnapshotError:
        at = Place(place.file, field=codec.first_damaged(data) or None)
        yield Fault("damaged", at, "The device's file cannot be unpacked.", _RESTORE)
        return
    for observation, digest in zip(record.observations, stored, strict=True):
        if digest != observation.digest:
            cause = Sentence(
                "The answer to {command!r} does not fit its digest.", command=observation.command
            )
            at = Place(place.file, field=observation.id)
            yield Fault("observation", at, cause, _RESTORE)
