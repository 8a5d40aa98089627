"""``display ipv6 routing-table``: records of three lines, not a table.

Knows the keys of a record by name; their order may change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv6Address

from netops.facts.answers import AnswerState
from netops.facts.routes import RouteRow, RouteTable
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.routes import PROTOCOLS
from netops.platforms.h3c_comware.sheet import Sheet, vpn_of_command

_COUNTS = re.compile(r"\s*Destinations? *: *(\d+)\s+Routes? *: *(\d+)\s*", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*Summary count *: *(\d+)\s*", re.IGNORECASE)
_STATUS = re.compile(r"\s*.{0,40}Routing table Status *: *<(\w+)>\s*", re.IGNORECASE)
_TABLE_OF = re.compile(
    r"\s*(?:Routing Tables? *: *|VPN[- ]instance *(?:name)? *: *)(\S.{0,62}?)\s*", re.IGNORECASE
)
_PAIR = re.compile(r"\b([A-Za-z]{1,20}) *: +(\S+)")
_REST = re.compile(r"(?:\s*[A-Za-z]+ *:(?: +\S+| *$))+\s*")
_KEYS = frozenset(
    {"destination", "protocol", "nexthop", "preference", "interface", "cost", "prefixlength"}
)
_MAX_LENGTH = 128


@dataclass(slots=True)
class _Table:
    vpn: str
    rows: list[RouteRow] = field(default_factory=list)
    expected: int | None = None
    seen: bool = False
    active: bool = True


class _Records:
    """Joins lines into records; a record begins with its destination."""

    def __init__(self, answer: Answer) -> None:
        self.sheet = Sheet(answer)
        self.tables = [_Table(vpn_of_command(answer.command))]
        self.record: dict[str, str] = {}
        self.begin = 0
        self.lost = False

    def fresh(self) -> None:
        """End the record; begin a table of its own when this one has begun."""
        self.flush()
        table = self.tables[-1]
        if table.seen:
            self.tables.append(_Table(table.vpn))
        self.tables[-1].seen = True

    def heading(self, line: str) -> bool:
        """Read a count, a status or the name of an instance."""
        if match := _COUNTS.fullmatch(line):
            self.fresh()
            self.tables[-1].expected = int(match[2])
        elif match := _STATUS.fullmatch(line):
            self.fresh()
            self.tables[-1].active = match[1].lower() == "active"
        elif match := _SUMMARY.fullmatch(line):
            self.tables[-1].seen = True
            self.tables[-1].expected = int(match[1])
        elif match := _TABLE_OF.fullmatch(line):
            self.flush()
            name = "" if match[1].lower() in {"public", "default-vrf"} else match[1]
            if self.tables[-1].seen:
                self.tables.append(_Table(name))
            self.tables[-1].vpn = name
        else:
            return False
        return True

    def line(self, number: int, line: str) -> None:
        """Read one line."""
        if self.heading(line):
            return
        found = {k.lower(): v for k, v in _PAIR.findall(line)}
        if not found or not _KEYS.issuperset(found) or not _REST.fullmatch(line):
            self.sheet.miss(number, line)
            self.lost = True
            return
        if "destination" in found or not self.record:
            self.flush()
            self.begin = number
        self.record.update(found)

    def flush(self) -> None:
        """Turn the record that is open into a row."""
        record, self.record = self.record, {}
        if not record:
            return
        row = _row(record, self.begin, active=self.tables[-1].active)
        if row is None:
            self.lost = True
            self.sheet.miss(self.begin, record.get("destination", ""))
        else:
            self.tables[-1].rows.append(row)


def _row(record: dict[str, str], line: int, *, active: bool) -> RouteRow | None:
    address, _, mask = record.get("destination", "").partition("/")
    try:
        network = int(IPv6Address(address))
        length = int(mask or record.get("prefixlength", ""))
        preference, cost = int(record.get("preference", "")), int(record.get("cost", ""))
        hop = record.get("nexthop", "").lower()
        IPv6Address(hop)
    except ValueError:
        return None
    if length > _MAX_LENGTH or "protocol" not in record:
        return None
    name = full_interface(record.get("interface", ""))
    word = record["protocol"]
    protocol = PROTOCOLS.get(word) or word.lower()
    return RouteRow(6, network, length, protocol, preference, cost, hop, name,
                    active, name == "NULL0", None, line)  # fmt: skip


def _read(answer: Answer) -> _Records:
    records = _Records(answer)
    for number, line in records.sheet.rows():
        records.line(number, line)
    records.flush()
    return records


def parse_routes6(answer: Answer) -> Parsed:
    """Parse a whole IPv6 table: one ``RouteTable`` an instance."""
    records = _read(answer)
    if not any(table.seen for table in records.tables):
        unread = tuple(records.sheet.unread)
        return Parsed((), unread, AnswerState.NOT_UNDERSTOOD, "this is no routing table")
    rows: dict[str, list[RouteRow]] = {}
    whole: dict[str, bool] = {}
    for table in records.tables:
        rows.setdefault(table.vpn, []).extend(table.rows)
        fits = table.expected is None or table.expected == len(table.rows)
        whole[table.vpn] = whole.get(table.vpn, True) and fits and not records.lost
    for vpn, found in rows.items():
        table_fact = RouteTable(vpn, 6, tuple(found), answer.observation, whole[vpn])
        records.sheet.facts.append(table_fact)
    return records.sheet.done(cut="" if all(whole.values()) else "rows are missing")
