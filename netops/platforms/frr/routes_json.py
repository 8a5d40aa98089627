"""``show ip route … json`` and ``show ipv6 route … json``: rows per VRF.

Knows FRR 7 to 10: one document a VRF (up to 8.4), or one document with an object a VRF.
Refuses to judge a route; a selected route that the kernel rejected is no active one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_pton
from typing import Any

from netops.facts.answers import UnreadLine
from netops.facts.routes import RouteRow, RouteTable, make_row
from netops.platforms.answer import Answer, Parsed, Parser
from netops.platforms.frr.names import DEFAULT_VRF, PROTOCOLS, vrf_name
from netops.platforms.frr.routes_pretty import ordinary_prefixes
from netops.platforms.jsontext import LineFinder, Page, json_parser, not_this

_V4 = 4
_FAMILIES = {4: (AF_INET, 32), 6: (AF_INET6, 128)}


@dataclass(slots=True)
class _Reader:
    """Collects the rows of one answer."""

    page: Page
    family: int
    tables: dict[str, list[RouteRow]] = field(default_factory=dict)
    unread: list[UnreadLine] = field(default_factory=list)
    hops: dict[str, str | None] = field(default_factory=dict)

    def facts(self) -> tuple[RouteTable, ...]:
        """Return what was read, a table for each instance."""
        return tuple(
            RouteTable(vpn, self.family, tuple(rows), self.page.answer.observation)
            for vpn, rows in self.tables.items()
        )

    def hop(self, text: str) -> str | None:
        """Return a next hop in lower case, None when it is no address."""
        if text not in self.hops:
            family = AF_INET6 if ":" in text else AF_INET
            try:
                inet_pton(family, text)
                self.hops[text] = text.lower()
            except (OSError, ValueError):
                self.hops[text] = None
        return self.hops[text]

    def vrf(self, name: str, prefixes: dict[str, Any], lines: LineFinder) -> None:
        """Read one VRF's object of prefixes."""
        self.tables.setdefault(vrf_name(name), [])
        for prefix, entries in prefixes.items():
            lines_of = lines.span_of(prefix)
            packed = _pack(prefix, self.family)
            if packed is None or not isinstance(entries, list):
                self.unread.append(self.page.quote({prefix: entries}, lines_of[0]))
                continue
            for entry in entries:
                if not self.entry(entry, packed, name, lines_of):
                    self.unread.append(self.page.quote({prefix: entry}, lines_of[0]))

    def entry(
        self, entry: object, packed: tuple[int, int], name: str, lines: tuple[int, int]
    ) -> bool:
        """Read one route of a prefix: all its paths. False when it is none of ours."""
        if not isinstance(entry, dict):
            return False
        get = entry.get
        protocol, hops = get("protocol"), get("nexthops")
        distance, metric, vrf = get("distance", 0), get("metric", 0), get("vrfName", name)
        if not (type(protocol) is str and type(hops) is list and hops and type(vrf) is str):
            return False
        if not (type(distance) is int and type(metric) is int):
            return False
        rows = self.tables.setdefault("" if vrf == DEFAULT_VRF else vrf, [])
        active = get("selected") is True and get("failed") is not True
        word = PROTOCOLS.get(protocol) or protocol.lower()
        head = (self.family, packed[0], packed[1], word, distance, metric)
        understood = True
        for hop in hops:
            tail = self.path(hop, active=active)
            if tail is None:
                understood = False
            elif tail:
                rows.append(make_row((*head, *tail, *lines)))
        return understood

    def path(self, hop: object, *, active: bool) -> tuple[Any, ...] | None:
        """Read one path: () for the resolution of a recursive one, None when not understood."""
        if not isinstance(hop, dict):
            return None
        get = hop.get
        if get("resolver"):
            return ()
        address, interface, leak = get("ip", ""), get("interfaceName", ""), get("vrf")
        if address:
            address = self.hop(address) if type(address) is str else None
        blackhole = get("unreachable") is True or get("blackhole") is True
        if address is None or type(interface) is not str or not (address or interface or blackhole):
            return None
        if get("recursive"):
            interface = ""
        leak_vpn = vrf_name(leak) if type(leak) is str else None
        return (address, interface, active and get("active") is True, blackhole, leak_vpn)


@lru_cache(maxsize=1 << 14)
def _pack(prefix: str, family: int) -> tuple[int, int] | None:
    kind, bits = _FAMILIES[family]
    address, slash, length_text = prefix.partition("/")
    try:
        number = int.from_bytes(inet_pton(kind, address))
        host_bits = bits - (int(length_text) if slash else bits)
    except (OSError, ValueError):
        return None
    if not 0 <= host_bits <= bits:
        return None
    return number >> host_bits << host_bits, bits - host_bits


def _tables_of(value: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]] | None:
    """Split one document into (VRF, prefixes); None when it is no route document."""
    if all("/" in key for key in value):
        return ((_vrf_of(value), value),)
    if all(isinstance(inner, dict) for inner in value.values()):
        return value.items()
    return None


def _vrf_of(prefixes: dict[str, Any]) -> str:
    for entries in prefixes.values():
        if isinstance(entries, list) and entries and isinstance(entries[0], dict):
            name = entries[0].get("vrfName")
            if isinstance(name, str):
                return name
    return DEFAULT_VRF


def route_parser(family: int) -> Parser:
    """Make the parser of one family."""

    def read(page: Page) -> Parsed:
        reader = _Reader(page, family)
        for document in page.documents:
            tables = _tables_of(document.value) if isinstance(document.value, dict) else None
            if tables is None:
                return not_this(page)
            lines = document.finder()
            for name, prefixes in tables:
                reader.vrf(name, prefixes, lines)
        return Parsed(reader.facts(), tuple(reader.unread))

    general = json_parser(read)

    def parse(answer: Answer) -> Parsed:
        """Take the short way where it leads to the end."""
        try:
            return Parsed(_ordinary(answer, family).facts())
        except (ValueError, RecursionError):
            return general(answer)

    return parse


def _ordinary(answer: Answer, family: int) -> _Reader:
    """Read an answer that holds nothing but ordinary routes; ``ValueError`` at any other."""
    page = Page(answer, (), ())
    reader = _Reader(page, family)

    def understand(entries: list[Any]) -> list[tuple[list[RouteRow], tuple[Any, ...]]]:
        """Read the routes of one prefix; say which rows any prefix with such routes has."""
        alone = _Reader(page, family)
        for entry in entries:
            name = entry.get("vrfName") if isinstance(entry, dict) else None
            if not (type(name) is str and alone.entry(entry, (0, 0), name, (0, 0))):
                raise ValueError
        tables = {vpn: reader.tables.setdefault(vpn, []) for vpn in alone.tables}
        return [(tables[vpn], row[3:-2]) for vpn, rows in alone.tables.items() for row in rows]

    for prefix, routes, first, last in ordinary_prefixes(answer.text, answer.numbers, understand):
        packed = _pack(prefix.replace("\\", ""), family)
        if packed is None:
            raise ValueError
        for rows, middle in routes:
            rows.append(make_row((family, *packed, *middle, first, last)))
    return reader
