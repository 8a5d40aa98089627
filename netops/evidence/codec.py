"""A device's record as bytes: gzip of one line of JSON, then the raw octets of all answers.

The line tells of each observation what it is, its size and its digest; the octets stand behind
it one after another, as they came. The same record gives the same bytes. Decoding believes
nothing: what is not whole raises ``SnapshotError``, and no more is unpacked than the line names.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator

from netops.errors import SnapshotError
from netops.evidence import first_form
from netops.evidence.first_form import Row
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.gm import sm3_hex

RECORD_SCHEMA = "netops/device/2"
_MAX_BYTES = 1 << 30
_MAX_LINE = 1 << 28
_FIRST = 1 << 16
"""Octets unpacked at first, to find the end of the line."""
_LEVEL = 1
_STEP = 64
_GZIP = 31
"""zlib's window bits for a gzip frame: a fixed header without time or name."""
_TEXTS = ("id", "command", "source", "at", "detail", "digest")
_REMEDY = "Restore the snapshot from a good copy, or take it again."
_DAMAGES = (zlib.error, ValueError, KeyError, TypeError, RecursionError)


def encode(record: DeviceRecord) -> bytes:
    """Return the bytes of a record."""
    line = json.dumps(_head(record), ensure_ascii=False) + "\n"
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    octets = b"".join([line.encode(), *(o.raw for o in record.observations)])
    return packer.compress(octets) + packer.flush()


def _head(record: DeviceRecord) -> Row:
    return {
        "schema": RECORD_SCHEMA,
        "device": record.device,
        "platform": record.platform,
        "contact": record.contact.value,
        "detail": record.detail,
        "began": record.began,
        "ended": record.ended,
        "notes": list(record.notes),
        "observations": [_row(observation) for observation in record.observations],
    }


def _row(observation: Observation) -> Row:
    return {
        "id": observation.id,
        "command": observation.command,
        "source": observation.source,
        "at": observation.at,
        "elapsed_s": observation.elapsed_s,
        "outcome": observation.outcome.value,
        "detail": observation.detail,
        "size": len(observation.raw),
        "digest": observation.digest,
    }


def decode(data: bytes, *, is_sealed: bool = False) -> DeviceRecord:
    """Return the record in ``data``, or raise ``SnapshotError``.

    ``is_sealed``: the digest of ``data`` fitted the manifest, so the digests in it hold.
    """
    try:
        head, rows = _unpack(data)
        return _record(head, rows, is_sealed=is_sealed)
    except _DAMAGES as error:
        raise SnapshotError("A device's file is damaged.", remedy=_REMEDY) from error


def stored_digests(data: bytes) -> tuple[str, ...]:
    """Return the digests of a readable file's observations as written in it (for ``verify``)."""
    return tuple(row["digest"] for row, _ in _unpack(data)[1])


def _unpack(data: bytes) -> tuple[Row, list[tuple[Row, bytes]]]:
    unpacker = zlib.decompressobj(_GZIP)
    line, begun = _first_line(unpacker, data)
    head = json.loads(line)
    is_first = head["schema"] == first_form.SCHEMA
    if not is_first and head["schema"] != RECORD_SCHEMA:
        raise ValueError("a form that is not known")
    size = _MAX_BYTES if is_first else _size(head)
    # One octet more than there may be: only behind the last one does the frame end.
    more = max(0, size - len(begun)) + 1
    body = begun + unpacker.decompress(unpacker.unconsumed_tail, more)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not one whole gzip frame, or not as long as it says")
    if is_first:
        return head, first_form.rows_of(head, body)
    if len(body) != size:
        raise ValueError("not as long as it says")
    return head, list(_cut(head, body))


def _first_line(unpacker: zlib._Decompress, data: bytes) -> tuple[bytes, bytes]:
    """Unpack as far as the end of the first line; return it, and what was unpacked behind it."""
    text = unpacker.decompress(data, _FIRST)
    while (end := text.find(b"\n")) < 0:
        more = unpacker.decompress(unpacker.unconsumed_tail, len(text)) if text else b""
        if not more or len(text) > _MAX_LINE:
            raise ValueError("no line")
        text += more
    return text[:end], text[end + 1 :]


def _size(head: Row) -> int:
    """Return how many octets all answers have together, as the head tells it."""
    sizes = [row["size"] for row in head["observations"]]
    if any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) > _MAX_BYTES:
        raise ValueError("sizes that cannot be")
    return sum(sizes)


def _cut(head: Row, body: bytes) -> Iterator[tuple[Row, bytes]]:
    at = 0
    for row in head["observations"]:
        end = at + row["size"]
        yield row, body[at:end]
        at = end


def first_damaged(data: bytes) -> str:
    """Name the first observation that a damaged file no longer gives as it was; "" if none can be.

    Whatever can still be unpacked before the damage is looked at.
    """
    line, _, body = _unpack_what_can_be(data).partition(b"\n")
    with contextlib.suppress(*_DAMAGES):
        head = json.loads(line)
        if head["schema"] == first_form.SCHEMA:
            return first_form.first_damaged(body, _fits)
        _size(head)
        return next((str(row["id"]) for row, raw in _cut(head, body) if not _fits(row, raw)), "")
    return ""


def _fits(row: Row, raw: bytes) -> bool:
    return bool(row["digest"] == f"sm3:{sm3_hex(raw)}")


def _unpack_what_can_be(data: bytes) -> bytes:
    """Unpack a few octets at a time, so that damage costs no more than what lies in it."""
    unpacker = zlib.decompressobj(_GZIP)
    pieces: list[bytes] = []
    left = _MAX_BYTES
    with contextlib.suppress(zlib.error):
        for at in range(0, len(data), _STEP):
            pieces.append(unpacker.decompress(data[at : at + _STEP]))
            left -= len(pieces[-1])
            if left < 0:
                break
    return b"".join(pieces)


def _record(head: Row, rows: list[tuple[Row, bytes]], *, is_sealed: bool) -> DeviceRecord:
    device = head["device"]
    return DeviceRecord(
        device=device,
        platform=head["platform"],
        contact=Contact(head["contact"]),
        detail=head["detail"],
        began=head["began"],
        ended=head["ended"],
        observations=tuple(_observation(device, *row, is_sealed=is_sealed) for row in rows),
        notes=tuple(head["notes"]),
    )


def _observation(device: str, row: Row, raw: bytes, *, is_sealed: bool) -> Observation:
    if not all(type(row[name]) is str for name in _TEXTS):
        raise TypeError("not a text")
    return Observation(
        id=row["id"],
        device=device,
        command=row["command"],
        source=row["source"],
        at=row["at"],
        elapsed_s=row["elapsed_s"],
        outcome=Outcome(row["outcome"]),
        raw=raw,
        detail=row["detail"],
        sealed=row["digest"] if is_sealed else "",
    )
