"""``show ip route`` and ``show ipv6 route`` as people save them: rows with code letters.

Knows the columns of FRR 7 to 10. Refuses displays of a single prefix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.routes import RouteRow, RouteTable
from netops.platforms.answer import Answer, Parsed, Parser
from netops.platforms.frr.lines import Scan
from netops.platforms.frr.names import CODES, vrf_name
from netops.platforms.jsontext import as_address, as_network

_LEGEND = re.compile(r"(Codes:|\s{7}[A-Za-z>] - |\s{7}> - |\s+t - trapped)")
_VRF = re.compile(r"VRF (\S+?)(?: table (\d+))?:$")
_ROW = re.compile(
    r"(?P<code>[A-Za-z])(?:\[\d+\])?(?P<selected>[> ])(?P<fib>[*qrtob ]) ?"
    r"(?P<prefix>[0-9a-fA-F.:]+/\d{1,3}) "
    r"(?:\[(?P<distance>\d+)/(?P<metric>\d+)\] )?(?P<path>\S.*)$"
)
_NEXT = re.compile(
    r"  (?P<fib>[*qrtob ]) {1,90}(?P<path>(?:via|is directly|unreachable|blackhole)\b.*)$"
)
_PATH = re.compile(
    r"(?:via (?P<address>[0-9a-fA-F.:]+)|is directly connected)(?: \((?P<word>recursive)\))?"
    r"(?:, (?P<interface>[^\s,]+))?(?: \(vrf (?P<vrf>[^\s,)]+)\))?(?P<rest>.*)$"
)
_DROPPED = re.compile(r"unreachable(?: \([\w -]+\))?|blackhole")
_NOT_INTERFACES = frozenset({"weight", "label", "src"})


@dataclass(slots=True)
class _Table:
    """Rows as they come, and the row that continuation lines belong to."""

    scan: Scan
    family: int
    tables: dict[str, list[RouteRow]] = field(default_factory=dict)
    vpn: str = ""
    is_kernel_table: bool = False
    head: tuple[int, int, int, str, int, int] | None = None
    selected: bool = False
    column: int = 0

    def row(self, number: int, match: re.Match[str]) -> bool:
        """Begin a route with its first path."""
        network = as_network(match["prefix"])
        if network is None or network.version != self.family:
            return False
        self.head = (
            self.family,
            int(network.network_address),
            network.prefixlen,
            CODES.get(match["code"], match["code"].lower()),
            int(match["distance"] or 0),
            int(match["metric"] or 0),
        )
        self.selected = match["selected"] == ">"
        self.column = match.start("path")
        return self.path(number, match)

    def more(self, number: int, match: re.Match[str]) -> bool:
        """Add a further path; one that is indented deeper is how a recursive one resolves."""
        if self.head is None:
            return False
        return match.start("path") > self.column or self.path(number, match)

    def path(self, number: int, match: re.Match[str]) -> bool:
        """Add one path to the route that is open."""
        text, rejected = match["path"], match["fib"] == "r"
        dropped = _DROPPED.match(text)
        found = None if dropped else _PATH.match(text)
        if self.head is None or not (dropped or found):
            return False
        address = as_address(found["address"]) if found else None
        interface = found["interface"] or "" if found else ""
        if interface in _NOT_INTERFACES or (found and found["word"]):
            interface = ""
        if found and ((found["address"] and address is None) or not (address or interface)):
            return False
        leak = vrf_name(found["vrf"]) if found and found["vrf"] else None
        active = self.selected and not rejected and " inactive" not in text
        row = RouteRow(
            *self.head,
            "" if address is None else str(address).lower(),
            interface,
            active,
            dropped is not None,
            leak,
            number,
        )
        if not self.is_kernel_table:
            self.tables.setdefault(self.vpn, []).append(row)
        return True


def text_route_parser(family: int) -> Parser:
    """Make the parser of one family."""

    def parse(answer: Answer) -> Parsed:
        table = _Table(Scan(answer), family)
        for number, text in table.scan.lines():
            if _line(table, number, text):
                table.scan.hit()
            else:
                table.scan.miss(number, text)
        for vpn, rows in table.tables.items():
            table.scan.facts.append(RouteTable(vpn, family, tuple(rows), answer.observation))
        return table.scan.parsed()

    return parse


def _line(table: _Table, number: int, text: str) -> bool:
    if row := _ROW.match(text):
        return table.row(number, row)
    if more := _NEXT.match(text):
        return table.more(number, more)
    if vrf := _VRF.match(text):
        table.vpn, table.head = vrf_name(vrf[1]), None
        table.is_kernel_table = vrf[2] is not None
        if not table.is_kernel_table:
            table.tables.setdefault(table.vpn, [])
        return True
    if _LEGEND.match(text):
        if not table.tables:
            table.tables[""] = []
        return True
    return False
