"""Copies an authority into one file and back, whole or not at all.

The copy is a tar archive with SM3 of every file; keys in it stay encrypted. It is taken while
nobody acts. Restoring never overwrites.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from netops.errors import AuthorityError, Place, Sentence
from netops.gm.sm3 import sm3_hex_of
from netops.journal.checkpoint import CHECKPOINT
from netops.trust.home import Home, sync_folder, write_durably

SCHEMA = "netops/ca-backup/1"
_MANIFEST = "manifest.json"
_LARGEST = 1 << 34
_LARGEST_MANIFEST = 1 << 26
_PIECE = 1 << 20
_LEFT_OUT = ("lock", "store.db", "store.db-wal", "store.db-shm", f"journal/{CHECKPOINT}")


def back_up(home: Home, target: Path) -> int:
    """Write the authority in ``home`` to ``target``; return the number of files in it."""
    if home.settings().store:
        raise AuthorityError(
            "The store is a database of its own, which this copy would not hold.",
            remedy="While nobody acts, copy it with pg_dump, and this folder with tar.",
            place=Place(str(home.settings_file)),
        )
    if target.resolve().is_relative_to(home.path.resolve()):
        raise AuthorityError(
            "The copy would lie in the folder that it is of.",
            remedy="Name a file elsewhere, best on another machine's disk.",
            place=Place(str(target)),
        )
    with home.held(), tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        archive = Path(scratch) / "backup.tar"
        sums: dict[str, str] = {}
        with tarfile.open(archive, "w") as tar:
            for name, path in _files(home, Path(scratch)):
                with path.open("rb") as stream:
                    sums[name] = sm3_hex_of(_pieces(stream))
                    stream.seek(0)
                    _add(tar, name, stream, path.stat().st_size)
            told = json.dumps({"schema": SCHEMA, "files": sums}, sort_keys=True, indent=1).encode()
            _add(tar, _MANIFEST, io.BytesIO(told), len(told))
        archive.chmod(0o600)
        with archive.open("rb") as stream:
            os.fsync(stream.fileno())
        archive.replace(target)
        sync_folder(target.absolute().parent)
    return len(sums)


def _files(home: Home, scratch: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(home.path.rglob("*")):
        name = path.relative_to(home.path).as_posix()
        if path.is_file() and name not in _LEFT_OUT and not name.endswith(".part"):
            yield name, path
    copy = scratch / "store.db"
    source, target = sqlite3.connect(home.store), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    yield "store.db", copy


def _add(tar: tarfile.TarFile, name: str, stream: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, stream)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what a stream holds, little at a time: a record may have gigabytes."""
    while piece := stream.read(_PIECE):
        yield piece


def restore(source: Path, home: Home) -> int:
    """Make ``home`` anew from a backup; return the number of files. Refused where one lives."""
    if home.path.exists() and any(home.path.iterdir()):
        raise AuthorityError(
            "The folder is not empty; nothing is restored over what is there.",
            remedy="Name a new folder.",
            place=Place(str(home.path)),
        )
    try:
        with _opened(source) as tar:
            entries = _checked(source, tar)
            for folder in (home.path, home.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            last = home.settings_file.name
            for name in sorted(entries, key=lambda one: one == last):
                path = home.path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                mode = 0o600 if name.endswith(".key") else 0o644
                write_durably(path, _pieces(_content(tar, entries[name])), mode)
    except tarfile.TarError as error:
        raise _damaged(source, Sentence("it is no backup of an authority")) from error
    return len(entries)


def _opened(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, "r:")
    except OSError as error:
        reason = Sentence("it cannot be read, {reason}", reason=error.strerror)
        raise _damaged(source, reason) from error


def _checked(source: Path, tar: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    """Return what an archive holds, once each of it is what the manifest says."""
    try:
        entries = {entry.name: entry for entry in tar}
        sums = {name: sm3_hex_of(_pieces(_content(tar, one))) for name, one in entries.items()}
        manifest = json.loads(_content(tar, entries.pop(_MANIFEST)).read(_LARGEST_MANIFEST))
        del sums[_MANIFEST]
        told = dict(manifest["files"])
        is_ours = manifest["schema"] == SCHEMA and {"ca.yaml", "store.db"} <= told.keys()
    except OSError as error:
        reason = Sentence("it cannot be read, {reason}", reason=error.strerror)
        raise _damaged(source, reason) from error
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise _damaged(source, Sentence("it is no backup of an authority")) from error
    if not is_ours:
        raise _damaged(source, Sentence("it is no backup of an authority"))
    if sums != told:
        raise _damaged(source, Sentence("a file in it is not what its manifest says"))
    return entries


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    path = PurePosixPath(entry.name)
    is_plain = entry.isreg() and not entry.issparse() and entry.size <= _LARGEST
    if not is_plain or path.is_absolute() or ".." in path.parts:
        raise tarfile.TarError("an entry that no backup of ours holds")
    stream = tar.extractfile(entry)
    if stream is None:
        raise tarfile.TarError("an entry without contents")
    return stream


def _damaged(source: Path, reason: Sentence) -> AuthorityError:
    return AuthorityError(
        Sentence("The backup cannot be used: {reason}.", reason=reason),
        remedy="Take another backup.",
        place=Place(str(source)),
    )
