"""Session and translation logs in syslog text: H3C numbered keys, Huawei USG keyword and value.

Knows the keys of both, as data. A line of another kind is passed over without a word only where
it is plainly no session log; a session log without its addresses was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from netops.facts.measurements import FlowRecord
from netops.platforms.answer import Parsed
from netops.reading.flows.context import LOCAL, Context, Harvest, address, lines_of, seconds

_SESSION = re.compile(
    r"(?:session/6/SESSION_IPV[46]_FLOW|NAT/6/NAT_\w{0,20}FLOW|SECLOG/6/SESSION_(?:BUILT|TEARDOWN|PERIODICALLY))",
    re.IGNORECASE,
)
_HOST = re.compile(r"(\S{1,64}) {1,2}%% ?(?:\d\d|:)")
_PAIR = re.compile(r"([A-Za-z_]{2,32})(?:\(\d{4}\))?=([^;,]{0,128})")

_NAMES: Mapping[str, str] = {
    "srcipaddr": "source",
    "sourceip": "source",
    "srcipv6addr": "source",
    "natsrcipaddr": "outside",
    "natsrcipv6addr": "outside",
    "sourcenatip": "outside",
    "srcnatip": "outside",
    "dstipaddr": "destination",
    "destinationip": "destination",
    "dstipv6addr": "destination",
    "protocol": "protocol",
    "begintime_e": "begin",
    "begintime": "begin",
    "endtime_e": "end",
    "endtime": "end",
    "initbytecount": "octets",
    "sendbytes": "octets",
}
"""Keys of the vendors, lower case, and our word for each; the first of a line counts."""

_PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}


def is_nat_log(head: str) -> bool:
    """Whether one of the first lines is a session log."""
    return _SESSION.search(head) is not None


def parse_nat_log(raw: bytes, context: Context) -> Parsed:
    """Read the session logs of a text."""
    harvest = Harvest()
    for number, line in lines_of(raw):
        found = _SESSION.search(line)
        if found is None or harvest.is_full:
            continue
        record = _record(line, found.end(), (context, number))
        if record is None:
            harvest.leave(line, context.at(number, number))
        else:
            harvest.records.append(record)
    return harvest.parsed()


def _record(line: str, start: int, where: tuple[Context, int]) -> FlowRecord | None:
    context, number = where
    words: dict[str, str] = {}
    for word, value in _pairs(line, start):
        words.setdefault(word, value)
    inside, destination = address(words.get("source", "")), address(words.get("destination", ""))
    begin = _moment(words.get("begin", ""))
    if inside is None or destination is None or begin is None:
        return None
    head = _HOST.search(line[:start])
    return FlowRecord(
        exporter=context.exporter if head is None else head[1],
        inside=inside,
        destination=destination,
        begin=begin,
        end=_moment(words.get("end", "")) or begin,
        outside=address(words.get("outside", "")),
        protocol=_protocol(words.get("protocol", "")),
        octets=_number(words.get("octets", "")),
        evidence=context.at(number, number),
    )


def _pairs(line: str, start: int) -> Iterator[tuple[str, str]]:
    for key, value in _PAIR.findall(line, start):
        word = _NAMES.get(key.casefold())
        if word is not None:
            yield word, value.strip().rstrip(".")


def _moment(text: str) -> datetime | None:
    """Read ``MMDDYYYYhhmmss`` in local time (H3C), or seconds since 1970 (Huawei)."""
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == len("11212026081051"):
        try:
            return datetime.strptime(text, "%m%d%Y%H%M%S").replace(tzinfo=LOCAL)
        except ValueError:
            return None
    return seconds(int(text)) if len(text) <= len("9999999999") else None


def _protocol(text: str) -> int:
    return _PROTOCOLS.get(text.casefold(), _number(text) % 256)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0  # noqa: PLR2004 - 64 bits
