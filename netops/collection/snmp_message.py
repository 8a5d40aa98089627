"""SNMP messages as octets: GETBULK out, responses in. v2c whole; of v3 the frame, not the keys.

Small and one-way on purpose: no request that sets can be written here. Pysnmp's general codec
takes some milliseconds for one response, which for a whole province is most of the budget.
What comes in is hostile; whatever is wrong with it ends in ``MessageError``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from netops.collection import snmp_rows
from netops.collection.snmp_rows import (
    INTEGER,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    MessageError,
    Varbinds,
)

V2C, V3 = 1, 3
RESPONSE, REPORT = 0xA2, 0xA8
AUTHENTICATED, PRIVATE, REPORTABLE = 1, 2, 4
_GET_NEXT, _GET_BULK = 0xA1, 0xA5
_USM = 3
_LARGEST = 65_507
_LONG = 0x80


@dataclass(frozen=True, slots=True)
class Pdu:
    """What an agent said."""

    kind: int
    number: int
    status: int
    rows: Varbinds


@dataclass(frozen=True, slots=True)
class Frame:
    """The outside of a v3 message. ``digest_at`` is where its digest stands in the datagram."""

    number: int
    flags: int
    engine: bytes
    boots: int
    seconds: int
    user: bytes
    digest: bytes = b""
    salt: bytes = b""
    data: bytes = b""
    digest_at: int = 0


def bulk(number: int, once: Iterable[bytes], columns: Iterable[bytes], repetitions: int) -> bytes:
    """Write a GETBULK: the rows after ``once``, and so many after each of ``columns``."""
    single, repeated = tuple(once), tuple(columns)
    names = b"".join(map(_unbound, single + repeated))
    parts = (_integer(number), _integer(len(single)), _integer(repetitions))
    return _tlv(_GET_BULK, b"".join(parts) + _tlv(SEQUENCE, names))


def discovery(number: int) -> bytes:
    """Write the empty question that makes an engine tell its name and time."""
    pdu = _tlv(_GET_NEXT, _integer(number) + _integer(0) * 2 + _tlv(SEQUENCE, b""))
    return scoped(b"", pdu)


def community(name: bytes, pdu: bytes) -> bytes:
    """Write a v2c message."""
    return _tlv(SEQUENCE, _integer(V2C) + _tlv(OCTETS, name) + pdu)


def scoped(engine: bytes, pdu: bytes) -> bytes:
    """Write the part of a v3 message that is encrypted."""
    return _tlv(SEQUENCE, _tlv(OCTETS, engine) + _tlv(OCTETS, b"") + pdu)


def framed(frame: Frame) -> bytes:
    """Write a v3 message; ``data`` is written as it is, encrypted or not."""
    head = _tlv(
        SEQUENCE,
        _integer(frame.number) + _integer(_LARGEST) + _tlv(OCTETS, bytes((frame.flags,)))
        + _integer(_USM),
    )  # fmt: skip
    security = _tlv(
        SEQUENCE,
        _tlv(OCTETS, frame.engine) + _integer(frame.boots) + _integer(frame.seconds)
        + _tlv(OCTETS, frame.user) + _tlv(OCTETS, frame.digest) + _tlv(OCTETS, frame.salt),
    )  # fmt: skip
    data = _tlv(OCTETS, frame.data) if frame.flags & PRIVATE else frame.data
    return _tlv(SEQUENCE, _integer(V3) + head + _tlv(OCTETS, security) + data)


def version(datagram: bytes) -> int:
    """Return the version that a message names."""
    begin, end = _enter(datagram, 0, len(datagram), SEQUENCE)
    return _read_integer(datagram, begin, end)[0]


def read_community(datagram: bytes) -> tuple[bytes, Pdu]:
    """Read a v2c message."""
    at, end = _enter(datagram, 0, len(datagram), SEQUENCE)
    if end != len(datagram):
        raise MessageError("something behind the message")
    _, at = _read_integer(datagram, at, end)
    name, at = _read_octets(datagram, at, end)
    return name, _pdu(datagram, at, end)


def read_frame(datagram: bytes) -> Frame:
    """Read the outside of a v3 message."""
    at, end = _enter(datagram, 0, len(datagram), SEQUENCE)
    _, at = _read_integer(datagram, at, end)
    _, inner, stop, at = _element(datagram, at, end)
    number, inner = _read_integer(datagram, inner, stop)
    _, inner = _read_integer(datagram, inner, stop)
    flags, inner = _read_octets(datagram, inner, stop)
    model, _ = _read_integer(datagram, inner, stop)
    if model != _USM or len(flags) != 1:
        raise MessageError("security model")
    inner, stop = _enter(datagram, at, end, OCTETS)
    at = stop
    inner, stop = _enter(datagram, inner, stop, SEQUENCE)
    engine, inner = _read_octets(datagram, inner, stop)
    boots, inner = _read_integer(datagram, inner, stop)
    seconds, inner = _read_integer(datagram, inner, stop)
    user, inner = _read_octets(datagram, inner, stop)
    digest, inner = _read_octets(datagram, inner, stop)
    digest_at = inner - len(digest)
    salt, _ = _read_octets(datagram, inner, stop)
    tag, inner, stop, _ = _element(datagram, at, end)
    data = datagram[inner:stop] if tag == OCTETS else datagram[at:stop]
    return Frame(
        number, flags[0], engine, boots, seconds, user, digest, salt, data, digest_at
    )  # fmt: skip


def read_scoped(data: bytes) -> Pdu:
    """Read the part of a v3 message that was encrypted. A wrong key gives no such thing."""
    at, end = _enter(data, 0, len(data), SEQUENCE)
    _, at = _read_octets(data, at, end)
    _, at = _read_octets(data, at, end)
    return _pdu(data, at, end)


def _pdu(data: bytes, at: int, end: int) -> Pdu:
    kind, at, end, _ = _element(data, at, end)
    if kind not in (RESPONSE, REPORT):
        raise MessageError("not a response")
    number, at = _read_integer(data, at, end)
    status, at = _read_integer(data, at, end)
    _, at = _read_integer(data, at, end)
    at, end = _enter(data, at, end, SEQUENCE)
    return Pdu(kind, number, status, snmp_rows.read(data, at, end))


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


@lru_cache(maxsize=1024)
def _integer(value: int) -> bytes:
    return _tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _unbound(name: bytes) -> bytes:
    """Write a name bound to nothing."""
    return _tlv(SEQUENCE, _tlv(OID, name) + _tlv(NULL, b""))


def _element(data: bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """Return tag, begin and end of the content, and where the next element begins."""
    if at + 2 > end:
        raise MessageError("ends before an element")
    size, begin = data[at + 1], at + 2
    if size & _LONG:
        width = size & 0x7F
        if not 1 <= width <= 4 or begin + width > end:  # noqa: PLR2004 - octets of a length
            raise MessageError("length of a length")
        size = int.from_bytes(data[begin : begin + width], "big")
        begin += width
    if begin + size > end:
        raise MessageError("an element is longer than what holds it")
    return data[at], begin, begin + size, begin + size


def _enter(data: bytes, at: int, end: int, wanted: int) -> tuple[int, int]:
    tag, begin, stop, _ = _element(data, at, end)
    if tag != wanted:
        raise MessageError(f"tag {tag:#x} instead of {wanted:#x}")
    return begin, stop


def _read_integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    begin, stop = _enter(data, at, end, INTEGER)
    if not 1 <= stop - begin <= 9:  # noqa: PLR2004 - octets of a 64-bit number
        raise MessageError("size of a number")
    return int.from_bytes(data[begin:stop], "big", signed=True), stop


def _read_octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    begin, stop = _enter(data, at, end, OCTETS)
    return data[begin:stop], stop
