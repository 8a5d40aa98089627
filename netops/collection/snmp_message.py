"""SNMP messages as octets: GETBULK out, responses in. v2c whole; of v3 the frame, not the keys.

Small and one-way on purpose: no request that sets can be written here. Pysnmp's general codec
takes some milliseconds for one response, which for a whole province is most of the budget.
What comes in is hostile; whatever is wrong with it ends in ``MessageError``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address

from netops.text import decode

Row = tuple[str, str, str]
"""OID, type (str, int, ip, oid, ticks, none), value."""

V2C, V3 = 1, 3
RESPONSE, REPORT = 0xA2, 0xA8
AUTHENTICATED, PRIVATE, REPORTABLE = 1, 2, 4
_GET_NEXT, _GET_BULK = 0xA1, 0xA5
_USM = 3
_LARGEST = 65_507
_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_IP, _COUNTER, _GAUGE, _TICKS, _OPAQUE, _COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
_NO_VALUE = frozenset((0x80, 0x81, 0x82))
_LONG = 0x80
_MOST_ROWS = 10_000


class MessageError(ValueError):
    """A datagram that is no SNMP message of ours."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """What an agent said."""

    kind: int
    number: int
    status: int
    rows: tuple[Row, ...]


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


def bulk(number: int, once: Iterable[str], columns: Iterable[str], repetitions: int) -> bytes:
    """Write a GETBULK: the rows after ``once``, and so many after each of ``columns``."""
    single, repeated = tuple(once), tuple(columns)
    names = b"".join(_unbound(oid) for oid in single + repeated)
    parts = (_integer(number), _integer(len(single)), _integer(repetitions))
    return _tlv(_GET_BULK, b"".join(parts) + _tlv(_SEQUENCE, names))


def discovery(number: int) -> bytes:
    """Write the empty question that makes an engine tell its name and time."""
    pdu = _tlv(_GET_NEXT, _integer(number) + _integer(0) * 2 + _tlv(_SEQUENCE, b""))
    return scoped(b"", pdu)


def community(name: bytes, pdu: bytes) -> bytes:
    """Write a v2c message."""
    return _tlv(_SEQUENCE, _integer(V2C) + _tlv(_OCTETS, name) + pdu)


def scoped(engine: bytes, pdu: bytes) -> bytes:
    """Write the part of a v3 message that is encrypted."""
    return _tlv(_SEQUENCE, _tlv(_OCTETS, engine) + _tlv(_OCTETS, b"") + pdu)


def framed(frame: Frame) -> bytes:
    """Write a v3 message; ``data`` is written as it is, encrypted or not."""
    head = _tlv(
        _SEQUENCE,
        _integer(frame.number) + _integer(_LARGEST) + _tlv(_OCTETS, bytes((frame.flags,)))
        + _integer(_USM),
    )  # fmt: skip
    security = _tlv(
        _SEQUENCE,
        _tlv(_OCTETS, frame.engine) + _integer(frame.boots) + _integer(frame.seconds)
        + _tlv(_OCTETS, frame.user) + _tlv(_OCTETS, frame.digest) + _tlv(_OCTETS, frame.salt),
    )  # fmt: skip
    data = _tlv(_OCTETS, frame.data) if frame.flags & PRIVATE else frame.data
    return _tlv(_SEQUENCE, _integer(V3) + head + _tlv(_OCTETS, security) + data)


def version(datagram: bytes) -> int:
    """Return the version that a message names."""
    begin, end = _enter(datagram, 0, len(datagram), _SEQUENCE)
    return _read_integer(datagram, begin, end)[0]


def read_community(datagram: bytes) -> tuple[bytes, Pdu]:
    """Read a v2c message."""
    at, end = _enter(datagram, 0, len(datagram), _SEQUENCE)
    _, at = _read_integer(datagram, at, end)
    name, at = _read_octets(datagram, at, end)
    return name, _pdu(datagram, at, end)


def read_frame(datagram: bytes) -> Frame:
    """Read the outside of a v3 message."""
    at, end = _enter(datagram, 0, len(datagram), _SEQUENCE)
    _, at = _read_integer(datagram, at, end)
    _, inner, stop, at = _element(datagram, at, end)
    number, inner = _read_integer(datagram, inner, stop)
    _, inner = _read_integer(datagram, inner, stop)
    flags, inner = _read_octets(datagram, inner, stop)
    model, _ = _read_integer(datagram, inner, stop)
    if model != _USM or len(flags) != 1:
        raise MessageError("security model")
    inner, stop = _enter(datagram, at, end, _OCTETS)
    at = stop
    inner, stop = _enter(datagram, inner, stop, _SEQUENCE)
    engine, inner = _read_octets(datagram, inner, stop)
    boots, inner = _read_integer(datagram, inner, stop)
    seconds, inner = _read_integer(datagram, inner, stop)
    user, inner = _read_octets(datagram, inner, stop)
    digest, inner = _read_octets(datagram, inner, stop)
    digest_at = inner - len(digest)
    salt, _ = _read_octets(datagram, inner, stop)
    tag, inner, stop, _ = _element(datagram, at, end)
    data = datagram[inner:stop] if tag == _OCTETS else datagram[at:stop]
    return Frame(
        number, flags[0], engine, boots, seconds, user, digest, salt, data, digest_at
    )  # fmt: skip


def read_scoped(data: bytes) -> Pdu:
    """Read the part of a v3 message that was encrypted. A wrong key gives no such thing."""
    at, end = _enter(data, 0, len(data), _SEQUENCE)
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
    at, end = _enter(data, at, end, _SEQUENCE)
    rows: list[Row] = []
    while at < end and len(rows) < _MOST_ROWS:
        inner, stop = _enter(data, at, end, _SEQUENCE)
        begin, over = _enter(data, inner, stop, _OID)
        tag, first, last, _ = _element(data, over, stop)
        rows.append(_row(data[begin:over], tag, data[first:last]))
        at = stop
    return Pdu(kind, number, status, tuple(rows))


def _row(name: bytes, tag: int, value: bytes) -> Row:
    if tag in _NO_VALUE:
        return "", "none", ""
    oid = _read_oid(name)
    if tag in (_OCTETS, _OPAQUE):
        return oid, "str", decode(value)
    if tag == _IP and len(value) == 4:  # noqa: PLR2004 - octets of an IPv4 address
        return oid, "ip", str(IPv4Address(value))
    if tag == _OID:
        return oid, "oid", _read_oid(value)
    if tag == _NULL:
        return oid, "none", ""
    if tag not in (_INTEGER, _COUNTER, _GAUGE, _TICKS, _COUNTER64) or not value:
        raise MessageError(f"type {tag:#x} of a value")
    number = int.from_bytes(value, "big", signed=tag == _INTEGER)
    return oid, "ticks" if tag == _TICKS else "int", str(number)


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


@lru_cache(maxsize=1024)
def _integer(value: int) -> bytes:
    return _tlv(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


@lru_cache(maxsize=4096)
def _unbound(oid: str) -> bytes:
    """Write an OID bound to nothing."""
    first, second, *arcs = map(int, oid.split("."))
    content = b"".join(map(_arc, (first * 40 + second, *arcs)))
    return _tlv(_SEQUENCE, _tlv(_OID, content) + _tlv(_NULL, b""))


def _arc(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | _LONG)
    return bytes(reversed(groups))


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
    begin, stop = _enter(data, at, end, _INTEGER)
    if not 1 <= stop - begin <= 9:  # noqa: PLR2004 - octets of a 64-bit number
        raise MessageError("size of a number")
    return int.from_bytes(data[begin:stop], "big", signed=True), stop


def _read_octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    begin, stop = _enter(data, at, end, _OCTETS)
    return data[begin:stop], stop


@lru_cache(maxsize=16_384)
def _read_oid(content: bytes) -> str:
    """Return dotted numbers; the same names come from every device."""
    if not content or content[-1] & _LONG:
        raise MessageError("object identifier")
    arcs: list[int] = []
    arc = 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if not octet & _LONG:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - first * 40, *arcs[1:])))
