"""A device's record as bytes: gzip of JSON lines, the head first, then an observation a line.

The same record gives the same bytes. Decoding believes nothing: what is not whole raises
``SnapshotError``; what it holds is bounded.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import zlib
from typing import Any

from netops.errors import SnapshotError
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact

RECORD_SCHEMA = "netops/device/1"
_MAX_BYTES = 1 << 30
_LEVEL = 1
_STEP = 64
_GZIP = 31
"""zlib's window bits for a gzip frame: a fixed header without time or name."""
_REMEDY = "Restore the snapshot from a good copy, or take it again."


def encode(record: DeviceRecord) -> bytes:
    """Return the bytes of a record."""
    lines = [_head(record), *(_row(o) for o in record.observations)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(text.encode()) + packer.flush()


def _head(record: DeviceRecord) -> dict[str, Any]:
    return {
        "schema": RECORD_SCHEMA,
        "device": record.device,
        "platform": record.platform,
        "contact": record.contact.value,
        "detail": record.detail,
        "began": record.began,
        "ended": record.ended,
        "notes": list(record.notes),
        "observations": len(record.observations),
    }


def _row(observation: Observation) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": observation.id,
        "command": observation.command,
        "source": observation.source,
        "at": observation.at,
        "elapsed_s": observation.elapsed_s,
        "outcome": observation.outcome.value,
        "detail": observation.detail,
        "digest": observation.digest,
    }
    try:
        row["raw"] = observation.raw.decode("utf-8")
    except UnicodeDecodeError:
        row["base64"] = base64.b64encode(observation.raw).decode("ascii")
    return row


def decode(data: bytes, *, is_sealed: bool = False) -> DeviceRecord:
    """Return the record in ``data``, or raise ``SnapshotError``.

    ``is_sealed``: the digest of ``data`` fitted the manifest, so the digests in it hold.
    """
    try:
        head, rows = _unpack(data)
        observations = tuple(_observation(head["device"], row, is_sealed=is_sealed) for row in rows)
        return _record(head, observations)
    except (zlib.error, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SnapshotError("A device's file is damaged.", remedy=_REMEDY) from error


def stored_digests(data: bytes) -> dict[str, str]:
    """Return observation id → digest as written in the file (for ``verify``)."""
    _, rows = _unpack(data)
    return {str(row["id"]): str(row["digest"]) for row in rows}


def first_damaged(data: bytes) -> str:
    """Name the first observation that a damaged file no longer gives as it was; "" if none can be.

    Whatever can still be unpacked before the damage is looked at, a few octets at a time.
    """
    text = _unpack_what_can_be(data)
    last = ""
    for line in text.split(b"\n")[1:]:
        try:
            row = json.loads(line)
            observation = _observation("", row)
            if row["digest"] != observation.digest:
                return observation.id
        except (ValueError, KeyError, TypeError, binascii.Error):
            return _next_id(last)
        last = observation.id
    return ""


def _unpack_what_can_be(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    pieces: list[bytes] = []
    with contextlib.suppress(zlib.error):
        for at in range(0, len(data), _STEP):
            piece = unpacker.decompress(data[at : at + _STEP], _MAX_BYTES)
            pieces.append(piece)
    return b"".join(pieces)


def _next_id(last: str) -> str:
    """Return the id behind ``last``: observations are numbered as they came."""
    name, _, number = last.rpartition("#")
    return f"{name}#{int(number) + 1}" if number.isdecimal() else ""


def _unpack(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    unpacker = zlib.decompressobj(_GZIP)
    text = unpacker.decompress(data, _MAX_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not one whole gzip frame")
    head, *rows = (json.loads(line) for line in text.decode().split("\n") if line)
    if head["schema"] != RECORD_SCHEMA or head["observations"] != len(rows):
        raise ValueError("head and rows disagree")
    return head, rows


def _observation(device: str, row: dict[str, Any], *, is_sealed: bool = False) -> Observation:
    return Observation(
        id=row["id"],
        device=device,
        command=row["command"],
        source=row["source"],
        at=row["at"],
        elapsed_s=row["elapsed_s"],
        outcome=Outcome(row["outcome"]),
        raw=_raw(row),
        detail=row["detail"],
        sealed=str(row["digest"]) if is_sealed else "",
    )


def _raw(row: dict[str, Any]) -> bytes:
    if "base64" in row:
        return base64.b64decode(row["base64"], validate=True)
    return str(row["raw"]).encode()


def _record(head: dict[str, Any], observations: tuple[Observation, ...]) -> DeviceRecord:
    return DeviceRecord(
        device=head["device"],
        platform=head["platform"],
        contact=Contact(head["contact"]),
        detail=head["detail"],
        began=head["began"],
        ended=head["ended"],
        observations=observations,
        notes=tuple(head["notes"]),
    )
