"""How a snapshot lies on disk: names of its files, and their JSON.

``<id>/meta.json`` (begun when, with which inventory, whom to ask), ``<id>/inventory/`` (without
secrets), ``<id>/devices/X.jsonl.gz`` (one a device, whole or absent), ``<id>/probes/X.jsonl.gz``
(the same of vantage points, where something was measured), ``<id>/manifest.json`` (SM3 of every
file; written last; its own digest is the snapshot's). What is in X, ``codec`` knows; the suffix is
that of its first form.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from netops.errors import Place, Sentence, SnapshotError

META = "meta.json"
MANIFEST = "manifest.json"
INVENTORY = "inventory"
DEVICES = "devices"
PROBES = "probes"
SUFFIX = ".jsonl.gz"
META_SCHEMA = "netops/snapshot/1"
MANIFEST_SCHEMA = "netops/manifest/1"
TEMPORARY = ".part"

_ID = re.compile(r"\d{8}T\d{9}Z(?:-\d{1,3})?")


def new_id(moment: datetime) -> str:
    """Return an id that sorts by time and is safe as the name of a folder."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y%m%dT%H%M%S}{utc.microsecond // 1000:03d}Z"


def is_id(name: str) -> bool:
    """Whether ``name`` has the form of a snapshot id."""
    return _ID.fullmatch(name) is not None


def safe_name(device: str) -> str:
    """Return a name for files and folders of a device; any id makes a safe one."""
    # An octet of the command line that is no UTF-8 is not in any id; it makes a name all the same.
    safe = quote(device, safe="-_ ()+,=@", errors="surrogateescape").replace("~", "%7E")
    return f"%2E{safe[1:]}" if safe.startswith(".") else safe


def file_name(device: str) -> str:
    """Return the name of a device's file."""
    return safe_name(device) + SUFFIX


def device_of(name: str) -> str:
    """Return the device whose file is called ``name``."""
    return unquote(name.removesuffix(SUFFIX))


def dump(document: Any) -> bytes:  # noqa: ANN401 - any JSON document
    """Encode a JSON document in the one form that we write."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def load(path: Path) -> dict[str, Any]:
    """Read a JSON object of ours, or raise ``SnapshotError`` naming the file."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise SnapshotError(
            Sentence("{file} is missing.", file=path.name),
            remedy=_REMEDIES.get(path.name, Sentence("Name a snapshot's folder.")),
            place=Place(str(path)),
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise SnapshotError(
            Sentence("{file} cannot be read.", file=path.name),
            remedy="Restore the snapshot from a good copy.",
            place=Place(str(path)),
        ) from error
    if not isinstance(document, dict):
        raise SnapshotError(
            Sentence("{file} is not a JSON object.", file=path.name),
            remedy="Restore the snapshot from a good copy.",
            place=Place(str(path)),
        )
    return document


_REMEDIES = {
    META: Sentence(
        "Name a snapshot's folder. One that was cut short before this file was written asked "
        "nobody yet: take a new snapshot."
    ),
    MANIFEST: Sentence("Name a snapshot's folder; one that was cut short ends with --resume."),
}
"""What helps where a file of a snapshot is missing."""

META_SHAPE: dict[str, type] = {
    "schema": str,
    "id": str,
    "begin": str,
    "asked": list,
    "inventory": str,
}
MANIFEST_SHAPE: dict[str, type] = {"schema": str, "end": str, "files": dict}


def load_shaped(path: Path, shape: dict[str, type]) -> dict[str, Any]:
    """Read a JSON object of ours that must hold the fields of ``shape``."""
    document = load(path)
    for name, kind in shape.items():
        if not isinstance(document.get(name), kind):
            raise SnapshotError(
                Sentence("The field “{name}” is missing or of another kind.", name=name),
                remedy="Restore the snapshot from a good copy.",
                place=Place(str(path), field=name),
            )
    return document
