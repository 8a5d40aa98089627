"""IPFIX messages in a file (RFC 7011, RFC 5655): templates, then records of whatever shape.

Knows the information elements that name addresses, times, protocol and octets. Every length in
the file is a claim: none is believed beyond the bytes that are there.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from netops.facts.measurements import Address, FlowRecord
from netops.platforms.answer import Parsed
from netops.reading.flows.context import Context, Harvest, seconds

_HEADER = struct.Struct("!HHIII")
_SET = struct.Struct("!HH")
_VERSION = 10
_TEMPLATE, _OPTIONS, _FIRST_DATA = 2, 3, 256
_VARIABLE = 65_535
_LONG = 255
_MOST_FIELDS = 512
_MOST_TEMPLATES = 4_096
_ENTERPRISE = 0x8000
_NTP_1970 = 2_208_988_800
_OCTETS_V4, _OCTETS_V6 = 4, 16

_SOURCE = (8, 27)
_DESTINATION = (12, 28)
_OUTSIDE = (225, 281)
_EXPORTER = (130, 131)
_OCTETS = (1, 85, 231, 232)
_PROTOCOL = 4
_BEGINS = {150: "s", 152: "ms", 154: "ntp", 156: "ntp", 323: "ms", 322: "s"}
_ENDS = {151: "s", 153: "ms", 155: "ntp", 157: "ntp"}
_KNOWN = frozenset(
    {*_SOURCE, *_DESTINATION, *_OUTSIDE, *_EXPORTER, *_OCTETS, _PROTOCOL, *_BEGINS, *_ENDS}
)


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a template; ``element`` is 0 for an enterprise's own."""

    element: int
    length: int


@dataclass(slots=True)
class _Reader:
    """Reads one file. ``templates`` are kept by observation domain and id."""

    context: Context
    harvest: Harvest = field(default_factory=Harvest)
    templates: dict[tuple[int, int], tuple[_Field, ...]] = field(default_factory=dict)
    number: int = 0
    cut: str = ""


def parse_ipfix(raw: bytes, context: Context) -> Parsed:
    """Read every message of a file."""
    reader = _Reader(context)
    at = 0
    while at < len(raw) and not reader.harvest.is_full:
        if at + _HEADER.size > len(raw):
            reader.cut = "the file ends within a message"
            break
        version, length, exported, _, domain = _HEADER.unpack_from(raw, at)
        if version != _VERSION or length < _HEADER.size:
            reader.cut = f"no message begins at octet {at}"
            break
        if at + length > len(raw):
            reader.cut = "the file ends within a message"
        body = memoryview(raw)[at + _HEADER.size : at + length]
        _message(reader, body, (domain, exported))
        at += length
    return reader.harvest.parsed(cut=reader.cut)


def _message(reader: _Reader, body: memoryview, head: tuple[int, int]) -> None:
    at = 0
    while at + _SET.size <= len(body):
        number, length = _SET.unpack_from(body, at)
        if length < _SET.size or at + length > len(body):
            reader.harvest.leave(f"set {number} of {length} octets", reader.context.at(0, 0))
            return
        content = body[at + _SET.size : at + length]
        if number == _TEMPLATE:
            _templates(reader, content, head[0])
        elif number >= _FIRST_DATA:
            _data(reader, content, (number, *head))
        at += length


def _templates(reader: _Reader, content: memoryview, domain: int) -> None:
    at = 0
    while at + _SET.size <= len(content):
        number, count = _SET.unpack_from(content, at)
        at += _SET.size
        if number < _FIRST_DATA:
            return  # padding
        if count == 0:
            reader.templates.pop((domain, number), None)
            continue
        fields, at = _fields(content, at, count)
        if fields is None or len(reader.templates) >= _MOST_TEMPLATES:
            reader.harvest.leave(f"template {number}", reader.context.at(0, 0))
            return
        reader.templates[(domain, number)] = fields


def _fields(content: memoryview, at: int, count: int) -> tuple[tuple[_Field, ...] | None, int]:
    found: list[_Field] = []
    if count > _MOST_FIELDS:
        return None, at
    for _ in range(count):
        if at + _SET.size > len(content):
            return None, at
        element, length = _SET.unpack_from(content, at)
        at += _SET.size
        if element & _ENTERPRISE:
            at += 4
            element = 0
        found.append(_Field(element, length))
    # A record of no octets at all would never end.
    return (tuple(found) if any(f.length for f in found) else None), at


def _data(reader: _Reader, content: memoryview, head: tuple[int, int, int]) -> None:
    number, domain, exported = head
    fields = reader.templates.get((domain, number))
    if fields is None:
        reader.harvest.leave(f"data without template {number}", reader.context.at(0, 0))
        return
    least = sum(1 if f.length == _VARIABLE else f.length for f in fields)
    at = 0
    while len(content) - at >= least and not reader.harvest.is_full:
        values, at = _values(content, at, fields)
        reader.number += 1
        if values is None:
            reader.harvest.leave(f"record {reader.number}", reader.context.at(0, 0))
            return
        record = _record(reader, values, exported)
        if record is not None:
            reader.harvest.records.append(record)


def _values(
    content: memoryview, at: int, fields: tuple[_Field, ...]
) -> tuple[dict[int, bytes] | None, int]:
    found: dict[int, bytes] = {}
    for item in fields:
        length = item.length
        if length == _VARIABLE:
            length, at = _variable(content, at)
        if length < 0 or at + length > len(content):
            return None, at
        if item.element in _KNOWN:
            found.setdefault(item.element, bytes(content[at : at + length]))
        at += length
    return found, at


def _variable(content: memoryview, at: int) -> tuple[int, int]:
    """Return the length of a field of variable length, and where it begins."""
    if at >= len(content):
        return -1, at
    if content[at] < _LONG:
        return content[at], at + 1
    if at + 3 > len(content):
        return -1, at
    return int.from_bytes(content[at + 1 : at + 3]), at + 3


def _record(reader: _Reader, values: Mapping[int, bytes], exported: int) -> FlowRecord | None:
    """Return a flow; None for a record that tells of no packets from here to there."""
    inside, destination = _address(values, _SOURCE), _address(values, _DESTINATION)
    if inside is None or destination is None:
        return None
    default = seconds(exported)
    begin = _moment(values, _BEGINS) or default
    end = _moment(values, _ENDS) or begin
    if begin is None or end is None:
        return None
    exporter = _address(values, _EXPORTER)
    return FlowRecord(
        exporter=reader.context.exporter if exporter is None else str(exporter),
        inside=inside,
        destination=destination,
        begin=begin,
        end=end,
        outside=_address(values, _OUTSIDE),
        protocol=int.from_bytes(values.get(_PROTOCOL, b"")[:1]),
        octets=next((int.from_bytes(values[e][:8]) for e in _OCTETS if e in values), 0),
        evidence=reader.context.at(0, 0),
    )


def _address(values: Mapping[int, bytes], elements: tuple[int, int]) -> Address | None:
    short, long = (values.get(element, b"") for element in elements)
    found: Address | None = None
    if len(short) == _OCTETS_V4:
        found = IPv4Address(short)
    elif len(long) == _OCTETS_V6:
        found = IPv6Address(long)
    return None if found is None or found.is_unspecified else found


def _moment(values: Mapping[int, bytes], elements: Mapping[int, str]) -> datetime | None:
    for element, unit in elements.items():
        raw = values.get(element)
        if raw is None or len(raw) not in (4, 8):
            continue
        number = int.from_bytes(raw)
        if unit == "ntp":
            found = seconds((number >> 32) - _NTP_1970 + (number & 0xFFFFFFFF) / (1 << 32))
        else:
            found = seconds(number / 1000 if unit == "ms" else number)
        if found is not None:
            return found
    return None
