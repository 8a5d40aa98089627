"""Routing tables of IPv4 as rows: the plain display, and the one of static routes.

A province has a million rows, so one split a row and no address objects. Knows nothing of
the block layout (see ``route_blocks``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network, ip_address
from socket import AF_INET, inet_pton

from netops.facts.routes import RouteRow, RouteTable, StaticRoute
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan

PROTOCOLS = {
    "direct": "direct", "static": "static", "rip": "rip", "ripng": "rip",
    "ospf": "ospf", "ospfv3": "ospf", "o_ase": "ospf", "o_nssa": "ospf", "o_ase2": "ospf",
    "o_nssa2": "ospf", "ospfv3ase": "ospf", "ospfv3nssa": "ospf",
    "isis": "isis", "isis-l1": "isis", "isis-l2": "isis", "is-is": "isis",
    "bgp": "bgp", "ebgp": "ebgp", "ibgp": "ibgp", "unr": "unr", "dhcp": "dhcp",
    "arp": "arp", "vlink": "vlink", "snpr": "snpr", "guard": "guard", "nat64": "nat64",
}  # fmt: skip
"""The device's word in lower case → the word of ``RouteRow``."""

_PUBLIC = {"public": "", "_public_": ""}
NO_HOP = "0.0.0.0"  # noqa: S104 - what a route without next hop prints
_MASKS = tuple((0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF for length in range(33))
_FLAGS = frozenset("RDTB")

_TITLE = re.compile(r"\s*Routing Tables?\s*:\s*(\S+)\s*$", re.IGNORECASE)
_TITLE_OF_PROTOCOL = re.compile(r"\s*(\S+) Routing Tables?\s*:\s*\S+\s*$", re.IGNORECASE)
_STATUS = re.compile(r"\s*\S+ routing table status\s*:\s*<(Active|Inactive)>", re.IGNORECASE)
_COUNTS = re.compile(r"\s*(?:Destinations\s*:\s*\d+\s+Routes|Summary Count)\s*:\s*(\d{1,9})\b")
_LEGEND = re.compile(
    r"\s*(?:Route Flags\s*:|Proto\s*:\s*Protocol|Destination/Mask\s+Proto"
    r"|[A-Z#] - \w[\w -]*(?:,|$)|Pre\s*:\s*Preference)"
)
_VPN_OF_COMMAND = re.compile(r"\bvpn-instance (\S+)")


def vpn_name(title: str) -> str:
    """Return the instance of a title; the public one has several names."""
    return _PUBLIC.get(title.lower(), title)


def vpn_of_command(command: str) -> str:
    """Return the instance that the command asked for."""
    found = _VPN_OF_COMMAND.search(command)
    return found[1] if found else ""


@dataclass(slots=True)
class _Table:
    vpn: str
    rows: list[RouteRow] = field(default_factory=list)
    printed: int | None = None
    active: bool = True

    @property
    def complete(self) -> bool:
        return self.printed is not None and len(self.rows) >= self.printed


class _Rows:
    """Turns split rows into packed ones; remembers the last destination for equal paths."""

    __slots__ = ("_hops", "_interfaces", "_length", "_network", "leaking")

    def __init__(self) -> None:
        self._network = self._length = -1
        self._hops: dict[str, str] = {}
        self._interfaces: dict[str, str] = {}
        self.leaking: set[int] = set()
        """Lines flagged ``T``: the next hop is looked up in an instance that is not named."""

    def forget(self) -> None:
        """Begin another table: a row without destination has nothing to lean on."""
        self._network = self._length = -1

    def row(self, parts: list[str], line: int, active: bool) -> RouteRow:  # noqa: FBT001 - hot path
        """Return the row of 5 to 7 fields; ValueError or OSError when it is none."""
        network, length, at = self._network, self._length, 0
        destination, slash, bits = parts[0].partition("/")
        if slash:
            length, at = int(bits), 1
            if length < 0:
                raise ValueError
            network = int.from_bytes(inet_pton(AF_INET, destination), "big") & _MASKS[length]
        elif length < 0:
            raise ValueError
        protocol = PROTOCOLS.get(parts[at].lower()) or _own_word(parts[at])
        flags = ""
        if len(parts) == at + 6:
            flags = parts[at + 3]
            if not _FLAGS.issuperset(flags):
                raise ValueError
            if "T" in flags:
                self.leaking.add(line)
        elif len(parts) != at + 5:
            raise ValueError
        interface = self._interfaces.get(parts[-1])
        if interface is None:
            interface = self._interface(parts[-1])
        hop = self._hops.get(parts[-2]) or self._hop(parts[-2])
        made = tuple.__new__(
            RouteRow,
            (4, network, length, protocol, int(parts[at + 1]), int(parts[at + 2]), hop,
             interface, active, "B" in flags or interface == "NULL0", None, line, 0),
        )  # fmt: skip
        self._network, self._length = network, length
        return made

    def _interface(self, word: str) -> str:
        if word.lower() == "unknown":  # an unselected route whose next hop nothing leads to
            return self._interfaces.setdefault(word, "")
        if not is_interface(word):
            raise ValueError
        return self._interfaces.setdefault(word, full_interface(word))

    def _hop(self, word: str) -> str:
        inet_pton(AF_INET, word)
        return self._hops.setdefault(word, "" if word == NO_HOP else word)


def _own_word(word: str) -> str:
    if not word[0].isalpha() or len(word) > 16:  # noqa: PLR2004 - no protocol word is longer
        raise ValueError
    return word.lower()


_COMWARE = re.compile(r"\s*Destination/Mask\s+Proto\s+Pre\s+Cost\s+NextHop\b", re.IGNORECASE)
"""The heading of the other vendor's table, which has no flags: black holes would be missed."""


_NARROW = 79
"""A terminal of eighty columns breaks the interface: ``GigabitEthernet`` / ``0/0/1``."""


def _unwrapped(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join a row that reaches the edge of a terminal with the word that fell onto the next line."""
    held: tuple[int, str] | None = None
    for number, line in lines:
        if held is not None:
            number_held, text = held
            held = None
            if line[0] != " " and " " not in line:
                yield number_held, text + line
                continue
            yield number_held, text
        if len(line) in {_NARROW, _NARROW + 1}:
            held = (number, line)
        else:
            yield number, line
    if held is not None:
        yield held


def _read(answer: Answer) -> tuple[list[_Table], _Rows, Scan]:
    scan = Scan(answer)
    rows = _Rows()
    tables: list[_Table] = []
    for number, line in _unwrapped(scan.lines()):
        parts = line.split(None, 8)
        if tables and 4 < len(parts) < 8:  # noqa: PLR2004 - five to seven columns
            table = tables[-1]
            try:
                table.rows.append(rows.row(parts, number, table.active))
            except (ValueError, OSError, IndexError):
                pass
            else:
                continue
        if not _heading(line, tables, rows, answer.command):
            scan.skip(number, line)
    return tables, rows, scan


def _heading(line: str, tables: list[_Table], rows: _Rows, command: str) -> bool:
    title = _TITLE.match(line) or _TITLE_OF_PROTOCOL.match(line)
    counts = _COUNTS.match(line)
    status = _STATUS.match(line)
    if status and tables:
        tables[-1].active = status[1].lower() == "active"
        rows.forget()
    elif title:
        tables.append(_Table(vpn_name(title[1])))
        rows.forget()
    elif counts:
        if not tables:
            tables.append(_Table(vpn_of_command(command)))
        if tables[-1].printed is None:
            tables[-1].printed = int(counts[1])
    elif _COMWARE.match(line):
        tables.clear()
        return False
    else:
        return _LEGEND.match(line) is not None
    return True


def parse_routes(answer: Answer) -> Parsed:
    """Read ``display ip routing-table``, of one instance or of several."""
    tables, _, scan = _read(answer)
    scan.facts.extend(
        RouteTable(t.vpn, 4, tuple(t.rows), answer.observation, t.complete) for t in tables
    )
    return scan.done(_gap(tables), understood=bool(tables))


def parse_static_routes(answer: Answer) -> Parsed:
    """Read ``display ip routing-table protocol static``: selected or standby, as routes set.

    They are ``StaticRoute`` facts, since a part of a table must never be taken for the table.
    Routes into another instance are left to the configuration, which names it.
    """
    tables, rows, scan = _read(answer)
    texts = dict(answer.lines)
    for table in tables:
        for row in table.rows:
            if row.protocol != "static":
                scan.skip(row.line, texts[row.line])
            elif row.line not in rows.leaking:
                scan.facts.append(_static(table.vpn, row, answer))
    return scan.done(_gap(tables), understood=bool(tables))


def _static(vpn: str, row: RouteRow, answer: Answer) -> StaticRoute:
    return StaticRoute(
        vpn=vpn,
        prefix=IPv4Network((row.network, row.length)),
        next_hop=ip_address(row.next_hop) if row.next_hop and not row.blackhole else None,
        interface=row.interface or None,
        preference=row.preference,
        blackhole=row.blackhole,
        source=answer.at(row.line),
    )


def _gap(tables: list[_Table]) -> str:
    """Say what is wrong with tables that cannot be whole."""
    if not tables:
        return "no routing table title"
    short = [t.vpn or "public" for t in tables if not t.complete]
    return f"rows missing: {', '.join(short)}"[:200] if short else ""
