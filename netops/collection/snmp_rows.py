"""The rows of a response as columns: names as octets, kinds, values. Fast, and strict.

Walks one buffer by offsets; no object is made for an element that is only passed. Names stay as
they were sent, since octets are enough to compare them; ``dotted`` is for people and files.
Knows no message around the rows and no protocol version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address
from operator import lt

from netops.text import decode

Row = tuple[str, str, str]
"""OID, type (str, int, ip, oid, ticks, none), value."""
Value = int | bytes | None
"""A number; the octets of a string, an address or an object identifier; nothing."""

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP, COUNTER, GAUGE, TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_OBJECT, NO_INSTANCE, END = 0x80, 0x81, 0x82
_NUMBERS = frozenset((INTEGER, COUNTER, GAUGE, TICKS, COUNTER64))
_NOTHING = frozenset((NULL, NO_OBJECT, NO_INSTANCE, END))
_LONG = 0x80
_WIDEST_LENGTH = 4
_WIDEST_NUMBER = 9
_IP_OCTETS = 4
_MOST_ROWS = 10_000
_WIDE = re.compile(rb"[\x80-\xff]{2}")
"""In names: a number of three octets or more, whose order is not that of its octets."""
_BAD = re.compile(rb"(?:^|[\x00-\x7f])\x80|[\x80-\xff]{5}")
"""In names: a number with a leading zero, or one of more than 35 bits."""


_ARC = re.compile(rb"[\x80-\xff]*[\x00-\x7f]")
_DOT = tuple(f".{n}" for n in range(_LONG))
_FIRST = tuple(f"{min(n // 40, 2)}.{n - min(n // 40, 2) * 40}" for n in range(_LONG))


class MessageError(ValueError):
    """A datagram that is no SNMP message of ours."""


@dataclass(slots=True)
class Varbinds:
    """Rows as they came, column by column: row n is ``names[n]``, ``kinds[n]``, ``values[n]``."""

    names: list[bytes] = field(default_factory=list)
    kinds: bytearray = field(default_factory=bytearray)
    values: list[Value] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.names)

    def part(self, begin: int, end: int | None = None, step: int = 1) -> Varbinds:
        """Return some of the rows, as a slice does."""
        of = slice(begin, end, step)
        return Varbinds(self.names[of], self.kinds[of], self.values[of])

    def extend(self, more: Varbinds) -> None:
        """Append rows."""
        self.names += more.names
        self.kinds += more.kinds
        self.values += more.values

    def texts(self) -> Iterator[Row]:
        """Yield the rows in words, as evidence keeps them."""
        return map(_text, self.names, self.kinds, self.values)


def read(data: bytes, at: int, end: int) -> Varbinds:
    """Read the rows that fill ``data`` from ``at`` to ``end``, or raise ``MessageError``."""
    try:
        rows = _read(data, at, end)
    except IndexError as error:
        raise MessageError("ends before an element") from error
    if not all(rows.names):
        raise MessageError("object identifier")
    joined = b"".join(rows.names)
    if not joined.isascii() and _BAD.search(joined):
        raise MessageError("object identifier")
    return rows


def _read(data: bytes, at: int, end: int) -> Varbinds:
    """Take the rows apart. One loop without calls: it runs once for each row of a province."""
    rows = Varbinds()
    add_name, add_kind, add_value = rows.names.append, rows.kinds.append, rows.values.append
    while at < end:
        size, begin = data[at + 1], at + 2
        if size & _LONG:
            size, begin = _long(data, at)
        stop = begin + size
        length, name = data[begin + 1], begin + 2
        if length & _LONG:
            length, name = _long(data, begin)
        over = name + length
        kind, size, first = data[over], data[over + 1], over + 2
        if size & _LONG:
            size, first = _long(data, over)
        # What lies inside ends where its holder ends: this bounds every offset above.
        is_framed = data[at] == SEQUENCE and data[begin] == OID and data[over - 1] < _LONG
        if not is_framed or first + size != stop or stop > end:
            raise MessageError("a row that is none")
        add_name(data[name:over])
        add_kind(kind)
        if kind == OCTETS or (kind == IP and size == _IP_OCTETS):
            add_value(data[first:stop])
        elif size == 1 and kind in _NUMBERS and data[first] < _LONG:
            add_value(data[first])
        else:
            add_value(_value(kind, data[first:stop]))
        at = stop
    if len(rows) > _MOST_ROWS:
        raise MessageError("too many rows")
    return rows


def _value(kind: int, content: bytes) -> Value:
    if kind in _NUMBERS:
        if 1 <= len(content) <= _WIDEST_NUMBER:
            if kind == INTEGER and content[0] & _LONG:
                return int.from_bytes(content, "big", signed=True)
            return int.from_bytes(content, "big")
    elif kind == OID:
        if content and not content[-1] & _LONG and not _BAD.search(content):
            return content
    elif kind == OPAQUE:
        return content
    elif kind in _NOTHING and not content:
        return None
    raise MessageError(f"type {kind:#x} of a value")


def _long(data: bytes, at: int) -> tuple[int, int]:
    """Return size and begin of the content of an element whose length is in the long form."""
    width, begin = data[at + 1] & 0x7F, at + 2
    if not 1 <= width <= _WIDEST_LENGTH:
        raise MessageError("length of a length")
    return int.from_bytes(data[begin : begin + width], "big"), begin + width


def increases(after: bytes, names: Sequence[bytes], common: int) -> bool:
    """Whether each name comes after the one before it; they share so many octets.

    Octets have the order of the numbers they stand for as long as no number takes three.
    """
    tails = [after[common:], *(name[common:] for name in names)]
    if _WIDE.search(b"".join(tails)):
        arcs = [list(map(_number, _ARC.findall(tail))) for tail in tails]
        return all(map(lt, arcs, arcs[1:]))
    return all(map(lt, tails, tails[1:]))


def dotted(name: bytes) -> str:
    """Return a name that ``read`` let in as numbers with dots."""
    if name.isascii():
        return _FIRST[name[0]] + "".join([_DOT[octet] for octet in name[1:]])
    first, *arcs = _ARC.findall(name)
    number = _number(first)
    group = min(number // 40, 2)
    return f"{group}.{number - group * 40}" + "".join(map(_dot, arcs))


@lru_cache(maxsize=16_384)
def _dot(arc: bytes) -> str:
    return f".{_number(arc)}"


def _number(arc: bytes) -> int:
    number = 0
    for octet in arc:
        number = number << 7 | octet & 0x7F
    return number


@lru_cache(maxsize=4096)
def encoded(oid: str) -> bytes:
    """Return the octets of a name written with dots."""
    first, second, *arcs = map(int, oid.split("."))
    return b"".join(map(_arc, (first * 40 + second, *arcs)))


def _arc(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | _LONG)
    return bytes(reversed(groups))


def _text(name: bytes, kind: int, value: Value) -> Row:
    if kind in _NOTHING:
        return (dotted(name) if kind == NULL else ""), "none", ""
    if isinstance(value, bytes):
        if kind == IP:
            return dotted(name), "ip", str(IPv4Address(value))
        return (dotted(name), "oid", dotted(value)) if kind == OID else (
            dotted(name), "str", decode(value)
        )  # fmt: skip
    return dotted(name), "ticks" if kind == TICKS else "int", str(value)
