"""``display ip routing-table`` in all its forms: whole, of an instance, of one protocol.

The inner loop is written for tables of hundreds of rows on thousands of devices: no address
objects, names of interfaces looked up once. A row may leave blank what it shares with the
row before (equal-cost paths); it then inherits it.
"""

from __future__ import annotations

import re

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.routes import RouteRow, RouteTable
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import vpn_of_command
from netops.platforms.transcript import is_pasted

PROTOCOLS = {
    "Direct": "direct",
    "Static": "static",
    "OSPF": "ospf",
    "O_INTRA": "ospf",
    "O_INTER": "ospf",
    "O_ASE": "ospf",
    "O_ASE1": "ospf",
    "O_ASE2": "ospf",
    "O_NSSA": "ospf",
    "O_NSSA1": "ospf",
    "O_NSSA2": "ospf",
    "O_SUM": "ospf",
    "OSPFv3": "ospf",
    "IS_L1": "isis",
    "IS_L2": "isis",
    "IS_SUM": "isis",
    "ISIS": "isis",
    "ISISv6": "isis",
    "RIP": "rip",
    "RIPng": "rip",
    "BGP": "bgp",
    "BGP4+": "bgp",
    "BGP4": "bgp",
    "IBGP": "ibgp",
    "EBGP": "ebgp",
}
"""The device's word → ours. A word that is not here stays, in lower case."""

_COUNTS = re.compile(r"\s*Destinations? *: *(\d+)\s+Routes? *: *(\d+)\s*", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*Summary count *: *(\d+)\s*", re.IGNORECASE)
_STATUS = re.compile(r"\s*.{0,40}Routing table Status *: *<(\w+)>\s*", re.IGNORECASE)
_TABLE_OF = re.compile(
    r"\s*(?:Routing Tables? *: *|VPN[- ]instance *(?:name)? *: *)(\S.{0,62}?)\s*", re.IGNORECASE
)
_HEADING = re.compile(r"\s*Destination/Mask\s+Proto", re.IGNORECASE)
_PUBLIC = frozenset({"public", "public network", "default-vrf", "_public_"})
NO_INTERFACE = "-"
"""Stands for the interface of an unselected route whose next hop nothing leads to."""
_MAX_LENGTH = 32
_FIELDS = 6
_FIELDS_SAME_PREFIX = 5
_FIELDS_SAME_ROUTE = 2


class _Table:
    """The table being read; ``fits`` compares its rows with the counts printed above it."""

    __slots__ = ("active", "broken", "heading", "paths", "prefixes", "rows", "told", "vpn")

    def __init__(self, vpn: str) -> None:
        self.vpn = vpn
        self.rows: list[RouteRow] = []
        self.prefixes: int | None = None
        self.paths: int | None = None
        self.heading = False
        self.broken = False
        self.active = True
        self.told = False

    def fits(self) -> bool:
        """Whether no row was lost, by the counts and by what was not understood."""
        if self.broken:
            return False
        if self.paths is not None and self.paths != len(self.rows):
            return False
        if self.prefixes is None:
            return True
        return self.prefixes == len({(row[1], row[2]) for row in self.rows})


class _Reader:
    """Reads lines into tables; one table a (instance, count line)."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.tables = [_Table(vpn_of_command(answer.command))]
        self.unread: list[UnreadLine] = []
        self.names: dict[str, str] = {}
        self.hops: dict[str, str] = {}
        self.last: tuple[int, int, str, int, int] | None = None
        self.lines = 0

    def interface(self, name: str) -> str:
        """Return the full name, looked up once per answer."""
        if name == NO_INTERFACE:
            return self.names.setdefault(name, "")
        if not is_interface(name):
            raise ValueError(name)
        full = self.names[name] = full_interface(name)
        return full

    def row(self, number: int, fields: list[str]) -> RouteRow:
        """Make a row of its fields; raises ValueError where they are none of a route."""
        count = len(fields)
        if count == _FIELDS:
            prefix, _, mask = fields[0].partition("/")
            length = int(mask)
            if length > _MAX_LENGTH:
                raise ValueError(mask)
            protocol = PROTOCOLS.get(fields[1]) or fields[1].lower()
            self.last = (_number(prefix), length, protocol, int(fields[2]), int(fields[3]))
        elif count == _FIELDS_SAME_PREFIX and "/" in fields[0]:
            if self.tables[-1].active:
                raise ValueError("a selected route names its interface")
            return self.row(number, [*fields, NO_INTERFACE])
        elif self.last is None:
            raise ValueError("nothing to inherit")
        elif count == _FIELDS_SAME_PREFIX:
            protocol = PROTOCOLS.get(fields[0]) or fields[0].lower()
            self.last = (*self.last[:2], protocol, int(fields[1]), int(fields[2]))
        elif count != _FIELDS_SAME_ROUTE:
            raise ValueError(count)
        network, length, protocol, preference, metric = self.last
        hop, name = fields[-2], fields[-1]
        if hop not in self.hops:
            self.hops[hop] = hop if _number(hop) else ""
        full = self.names.get(name)
        if full is None:
            full = self.interface(name)
        active, blackhole = self.tables[-1].active, full == "NULL0"
        return RouteRow(4, network, length, protocol, preference, metric, self.hops[hop], full,
                        active, blackhole, None, number)  # fmt: skip

    def other(self, number: int, line: str) -> None:
        """Read a line that is no row: a heading, a count, or nothing of ours."""
        table = self.tables[-1]
        if _HEADING.match(line):
            table.heading, self.last = True, None
        elif match := _COUNTS.fullmatch(line):
            self.fresh()
            self.tables[-1].prefixes, self.tables[-1].paths = int(match[1]), int(match[2])
        elif match := _STATUS.fullmatch(line):
            self.fresh()
            self.tables[-1].active = match[1].lower() == "active"
            self.tables[-1].told = True
        elif match := _SUMMARY.fullmatch(line):
            table.paths = int(match[1])
        elif match := _TABLE_OF.fullmatch(line):
            self.fresh()
            self.tables[-1].vpn = "" if match[1].lower() in _PUBLIC else match[1]
        elif is_pasted(line):
            self.lines -= 1
        elif line.strip("-= "):
            table.broken = True
            self.unread.append(UnreadLine(line, self.answer.at(number)))

    def fresh(self) -> None:
        """Begin another table when the one before has begun already."""
        table, self.last = self.tables[-1], None
        if table.rows or table.heading:
            self.tables.append(_Table(table.vpn))

    def read(self) -> None:
        """Read every line."""
        for number, line in self.answer.lines:
            fields = line.split()
            if not fields:
                continue
            self.lines += 1
            first = line[0]
            if first.isdecimal() or (first == " " and len(fields) in _INHERITING and self.last):
                try:
                    self.tables[-1].rows.append(self.row(number, fields))
                except ValueError:
                    self.other(number, line)
            else:
                self.other(number, line)


_INHERITING = frozenset({_FIELDS_SAME_ROUTE, _FIELDS_SAME_PREFIX, _FIELDS})


def _number(address: str) -> int:
    a, b, c, d = address.split(".")
    w, x, y, z = int(a), int(b), int(c), int(d)
    if (w | x | y | z) & ~255:
        raise ValueError(address)
    return w << 24 | x << 16 | y << 8 | z


def _read(answer: Answer) -> tuple[_Reader, Parsed | None]:
    reader = _Reader(answer)
    reader.read()
    known = any(t.heading or t.paths is not None for t in reader.tables)
    if not known or len(reader.unread) * 2 > reader.lines:
        detail = "this is no routing table" if reader.lines else "no line was printed"
        return reader, Parsed((), tuple(reader.unread), AnswerState.NOT_UNDERSTOOD, detail)
    return reader, None


def _merged(reader: _Reader, *, only_inactive: bool) -> tuple[RouteTable, ...]:
    rows: dict[str, list[RouteRow]] = {}
    complete: dict[str, bool] = {}
    for table in reader.tables:
        shown = [r for r in table.rows if not r.active] if only_inactive else table.rows
        rows.setdefault(table.vpn, []).extend(shown)
        complete[table.vpn] = complete.get(table.vpn, True) and table.fits()
    observation = reader.answer.observation
    return tuple(
        RouteTable(vpn, 4, tuple(found), observation, complete[vpn]) for vpn, found in rows.items()
    )


def _parsed(reader: _Reader, tables: tuple[RouteTable, ...]) -> Parsed:
    whole = all(table.complete for table in tables)
    state = AnswerState.UNDERSTOOD if whole else AnswerState.NOT_UNDERSTOOD
    return Parsed(tables, tuple(reader.unread), state, "" if whole else "rows are missing")


def parse_routes(answer: Answer) -> Parsed:
    """Parse a whole table: one ``RouteTable`` an instance."""
    reader, refused = _read(answer)
    return refused or _parsed(reader, _merged(reader, only_inactive=False))


def parse_protocol_routes(answer: Answer) -> Parsed:
    """Parse the routes of one protocol and keep those that are not selected.

    The selected ones stand in the whole table already; a floating static stands only here.
    """
    reader, refused = _read(answer)
    if refused:
        return refused
    tables = reader.tables
    if any(t.rows for t in tables) and not any(t.told for t in tables):
        detail = "the table does not say which routes are active"
        return Parsed((), tuple(reader.unread), AnswerState.NOT_UNDERSTOOD, detail)
    if len(tables) > 1 and tables[0].paths is not None and not tables[0].rows:
        whole = tables.pop(0)
        if whole.paths != sum(len(t.rows) for t in tables):
            tables[0].broken = True
    return _parsed(reader, _merged(reader, only_inactive=True))
