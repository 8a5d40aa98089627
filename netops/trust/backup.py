"""Copies an authority into one file and back, whole or not at all.

The copy is a tar archive with SM3 of every file; keys in it stay encrypted. It is taken while
nobody acts. Restoring never overwrites.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from netops.errors import AuthorityError, Place, Sentence
from netops.gm.sm3 import sm3_hex
from netops.trust.home import Home, write_durably

SCHEMA = "netops/ca-backup/1"
_MANIFEST = "manifest.json"
_LARGEST = 1 << 34
_LEFT_OUT = ("lock", "store.db", "store.db-wal", "store.db-shm")


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
                data = path.read_bytes()
                sums[name] = sm3_hex(data)
                _add(tar, name, data)
            manifest = {"schema": SCHEMA, "files": sums}
            _add(tar, _MANIFEST, json.dumps(manifest, sort_keys=True, indent=1).encode())
        write_durably(target, archive.read_bytes(), 0o600)
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


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))


def restore(source: Path, home: Home) -> int:
    """Make ``home`` anew from a backup; return the number of files. Refused where one lives."""
    if home.path.exists() and any(home.path.iterdir()):
        raise AuthorityError(
            "The folder is not empty; nothing is restored over what is there.",
            remedy="Name a new folder.",
            place=Place(str(home.path)),
        )
    contents = _read(source)
    for folder in (home.path, home.keys):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    last = home.settings_file.name
    for name in sorted(contents, key=lambda one: one == last):
        path = home.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, contents[name], 0o600 if name.endswith(".key") else 0o644)
    return len(contents)


def _read(source: Path) -> dict[str, bytes]:
    try:
        with tarfile.open(source, "r:") as tar:
            contents = {entry.name: _content(tar, entry) for entry in tar}
        manifest = json.loads(contents.pop(_MANIFEST))
        sums = dict(manifest["files"])
    except OSError as error:
        reason = Sentence("it cannot be read, {reason}", reason=error.strerror)
        raise _damaged(source, reason) from error
    except (tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise _damaged(source, Sentence("it is no backup of an authority")) from error
    if manifest.get("schema") != SCHEMA or not {"ca.yaml", "store.db"} <= sums.keys():
        raise _damaged(source, Sentence("it is no backup of an authority"))
    if {name: sm3_hex(data) for name, data in contents.items()} != sums:
        raise _damaged(source, Sentence("a file in it is not what its manifest says"))
    return contents


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    path = PurePosixPath(entry.name)
    if not entry.isreg() or path.is_absolute() or ".." in path.parts or entry.size > _LARGEST:
        raise tarfile.TarError("an entry that no backup of ours holds")
    stream = tar.extractfile(entry)
    if stream is None:
        raise tarfile.TarError("an entry without contents")
    return stream.read()


def _damaged(source: Path, reason: Sentence) -> AuthorityError:
    return AuthorityError(
        Sentence("The backup cannot be used: {reason}.", reason=reason),
        remedy="Take another backup.",
        place=Place(str(source)),
    )
