"""Basic encoding rules, as much of them as SNMP needs.

Knows tags, lengths, integers and object identifiers. Knows nothing of what a message means.
Datagrams come from anybody: whatever is wrong with one ends in ``BerError``, never a crash.

The collector decodes by itself (``collection/snmp_message.py``), and that stays so: a mistake
that both sides shared would never show between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

Oid = tuple[int, ...]

INTEGER = 0x02
OCTETS = 0x04
NULL = 0x05
OBJECT_ID = 0x06
SEQUENCE = 0x30

_LONG = 0x80
_LONGEST_LENGTH = 4
_LONGEST_INTEGER = 9
_FIRST_ARC = 40


class BerError(ValueError):
    """A datagram that is not what it says it is."""


def tlv(tag: int, content: bytes) -> bytes:
    """Put tag and length before ``content``."""
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Encode a signed integer, or an unsigned one under its application tag."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(tag, value.to_bytes(size, "big", signed=True))


@lru_cache(maxsize=4096)
def object_id(oid: Oid) -> bytes:
    """Encode an object identifier."""
    content = bytearray(_arc(oid[0] * _FIRST_ARC + oid[1]))
    for arc in oid[2:]:
        content += _arc(arc)
    return tlv(OBJECT_ID, bytes(content))


def _arc(value: int) -> bytes:
    groups = [value & 0x7F]
    value >>= 7
    while value:
        groups.append(value & 0x7F | _LONG)
        value >>= 7
    return bytes(reversed(groups))


@dataclass(slots=True)
class Reader:
    """A cursor over one buffer. Nested readers share the buffer, so offsets stay absolute."""

    data: bytes
    at: int
    end: int

    @classmethod
    def of(cls, data: bytes) -> Reader:
        """Start at the first octet of ``data``."""
        return cls(data, 0, len(data))

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= self.end

    def enter(self, *tags: int) -> Reader:
        """Return a reader of the next element's content; its tag must be one of ``tags``."""
        tag, inner = self.element()
        if tag not in tags:
            raise BerError(f"tag {tag:#x}, expected one of {tags}")
        return inner

    def element(self) -> tuple[int, Reader]:
        """Step over the next element; return its tag and a reader of its content."""
        if self.at + 2 > self.end:
            raise BerError("ends before an element")
        tag, size = self.data[self.at], self.data[self.at + 1]
        begin = self.at + 2
        if size & _LONG:
            width = size & 0x7F
            if not 1 <= width <= _LONGEST_LENGTH or begin + width > self.end:
                raise BerError("length of a length")
            size = int.from_bytes(self.data[begin : begin + width], "big")
            begin += width
        if begin + size > self.end:
            raise BerError("element longer than what holds it")
        self.at = begin + size
        return tag, Reader(self.data, begin, begin + size)

    def integer(self) -> int:
        """Read a signed integer."""
        content = self.enter(INTEGER).rest()
        if not 1 <= len(content) <= _LONGEST_INTEGER:
            raise BerError("size of an integer")
        return int.from_bytes(content, "big", signed=True)

    def octets(self) -> bytes:
        """Read an octet string."""
        return self.enter(OCTETS).rest()

    def object_id(self) -> Oid:
        """Read an object identifier."""
        content = self.enter(OBJECT_ID).rest()
        if not content or content[-1] & _LONG:
            raise BerError("object identifier")
        arcs: list[int] = []
        arc = 0
        for octet in content:
            arc = arc << 7 | octet & 0x7F
            if not octet & _LONG:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // _FIRST_ARC, 2)
        return (first, arcs[0] - first * _FIRST_ARC, *arcs[1:])

    def rest(self) -> bytes:
        """Return what is left of the content."""
        return self.data[self.at : self.end]
