"""``nfdump -o csv``: a heading of short names, then a line a flow; a summary may follow.

Columns are found by their names, which differ by release. The plain format holds no translated
address; custom formats may add it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime

from netops.facts.measurements import FlowRecord
from netops.platforms.answer import Parsed
from netops.reading.flows.context import LOCAL, Context, Harvest, address, lines_of, seconds

_NAMES: Mapping[str, tuple[str, ...]] = {
    "begin": ("ts", "firstseen", "first"),
    "end": ("te", "lastseen", "last"),
    "length": ("td", "duration"),
    "source": ("sa", "srcaddr"),
    "destination": ("da", "dstaddr"),
    "protocol": ("pr", "proto"),
    "octets": ("ibyt", "byt", "bytes"),
    "router": ("ra", "router"),
    "outside": ("xsa", "nsa", "srcxip", "xsrcip"),
}
"""Our word and the column names that mean it, the first present one counts."""

_PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "icmp6": 58, "ipv6-icmp": 58}
_SUMMARY = ("summary", "flows", "no matching flows", "ident:", "stat:")


def is_nfdump(head: str) -> bool:
    """Whether a text begins with the heading of the format."""
    return {"source", "destination"} <= set(_columns(head.lstrip("\ufeff\r\n ").partition("\n")[0]))


def _columns(heading: str) -> dict[str, int]:
    listed = [name.strip().casefold() for name in heading.split(",")]
    found: dict[str, int] = {}
    for word, names in _NAMES.items():
        at = next((listed.index(name) for name in names if name in listed), None)
        if at is not None:
            found[word] = at
    return found


def parse_nfdump(raw: bytes, context: Context) -> Parsed:
    """Read the flows; lines of the summary at the end are no flows."""
    harvest = Harvest()
    columns: dict[str, int] = {}
    for number, line in lines_of(raw):
        if not line.strip() or harvest.is_full:
            continue
        if not columns:
            columns = _columns(line.lstrip("\ufeff "))
            continue
        if line.casefold().startswith(_SUMMARY):
            break
        record = _record(_cells(line), columns, (context, number))
        if record is None:
            harvest.leave(line, context.at(number, number))
        else:
            harvest.records.append(record)
    return harvest.parsed()


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _record(
    cells: list[str], columns: Mapping[str, int], where: tuple[Context, int]
) -> FlowRecord | None:
    context, number = where

    def cell(word: str) -> str:
        at = columns.get(word, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    inside, destination = address(cell("source")), address(cell("destination"))
    begin = _moment(cell("begin"))
    end = _moment(cell("end")) or _later(begin, cell("length"))
    if inside is None or destination is None or begin is None or end is None:
        return None
    router = address(cell("router"))
    return FlowRecord(
        exporter=context.exporter if router is None else str(router),
        inside=inside,
        destination=destination,
        begin=begin,
        end=end,
        outside=address(cell("outside")),
        protocol=_protocol(cell("protocol")),
        octets=_number(cell("octets")),
        evidence=context.at(number, number),
    )


def _moment(text: str) -> datetime | None:
    """Read ``2026-11-21 08:00:01[.123]`` or seconds since 1970."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _since_1970(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=LOCAL)


def _since_1970(text: str) -> datetime | None:
    try:
        return seconds(float(text))
    except ValueError:
        return None


def _later(begin: datetime | None, length: str) -> datetime | None:
    try:
        more = float(length)
    except ValueError:
        return begin
    return None if begin is None else seconds(begin.timestamp() + max(more, 0.0))


def _protocol(text: str) -> int:
    number = _number(text)
    return number or _PROTOCOLS.get(text.casefold(), 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0  # noqa: PLR2004 - 64 bits
