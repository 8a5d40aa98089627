"""The rows that a device shows by SNMP, in lexicographic order, encoded as they are asked.

Knows value types. Knows no protocol version and no view: every row is open to every user.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address

from netops.lab.model import Personality
from netops.lab.snmp_ber import OCTETS, Oid, integer, object_id, tlv

NO_SUCH_OBJECT = tlv(0x80, b"")
NO_SUCH_INSTANCE = tlv(0x81, b"")
END_OF_MIB_VIEW = tlv(0x82, b"")

_ENCODERS: dict[str, Callable[[str], bytes]] = {
    "int": lambda value: integer(int(value)),
    "str": lambda value: tlv(OCTETS, value.encode("utf-8", "surrogateescape")),
    "hex": lambda value: tlv(OCTETS, bytes.fromhex(value)),
    "oid": lambda value: object_id(parse_oid(value)),
    "ip": lambda value: tlv(0x40, IPv4Address(value).packed),
    "counter": lambda value: integer(int(value), 0x41),
    "gauge": lambda value: integer(int(value), 0x42),
    "ticks": lambda value: integer(int(value), 0x43),
    "counter64": lambda value: integer(int(value), 0x46),
}


def parse_oid(dotted: str) -> Oid:
    """Read ``1.3.6.1`` or ``.1.3.6.1``."""
    return tuple(int(arc) for arc in dotted.strip(".").split("."))


class Mib:
    """Ordered rows. Values stay text until they are asked: a walk asks few devices at a time."""

    def __init__(self, rows: Mapping[str, tuple[str, str]]) -> None:
        ordered = sorted((parse_oid(dotted), row) for dotted, row in rows.items())
        self._oids = [oid for oid, _ in ordered]
        self._rows = [row for _, row in ordered]

    def get(self, oid: Oid) -> bytes:
        """Return the encoded value of exactly ``oid``, or the exception that stands for it."""
        place = bisect_left(self._oids, oid)
        if place < len(self._oids) and self._oids[place] == oid:
            return self._value(place)
        return NO_SUCH_INSTANCE if self._has_below(oid[:-1]) else NO_SUCH_OBJECT

    def after(self, oid: Oid) -> tuple[Oid, bytes]:
        """Return the first row after ``oid``; past the last one, ``oid`` and the end mark."""
        place = bisect_right(self._oids, oid)
        if place == len(self._oids):
            return oid, END_OF_MIB_VIEW
        return self._oids[place], self._value(place)

    def _has_below(self, prefix: Oid) -> bool:
        place = bisect_left(self._oids, prefix)
        return place < len(self._oids) and self._oids[place][: len(prefix)] == prefix

    def _value(self, place: int) -> bytes:
        kind, value = self._rows[place]
        return _ENCODERS[kind](value)


class MibShelf:
    """The ordered rows of the devices asked last: a process serves more than it can hold."""

    def __init__(self, room: int = 256) -> None:
        self._room = room
        self._kept: dict[str, Mib] = {}

    def of(self, personality: Personality) -> Mib:
        """Return the rows of a device, ordering them when it is asked anew."""
        mib = self._kept.get(personality.device)
        if mib is None:
            mib = Mib(personality.snmp_rows)
            while len(self._kept) >= self._room:
                del self._kept[next(iter(self._kept))]
            self._kept[personality.device] = mib
        return mib
