"""BGP peers and the VPNv4 table as displayed."""

from __future__ import annotations

import re
from dataclasses import replace

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnRoute
from netops.facts.source import Source
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.config.words import network_of
from netops.platforms.h3c_comware.sheet import Sheet, address_of, vpn_of_command

_ROUTER = re.compile(r"\s*BGP local router ID *(?::|is) *(\S+)", re.IGNORECASE)
_LOCAL_AS = re.compile(r"\s*Local AS number *: *([\d.]+)", re.IGNORECASE)
_TOTAL = re.compile(
    r"\s*Total number of peers *: *(\d+)\s+Peers in established state *: *(\d+).*", re.IGNORECASE
)
_HEADING = re.compile(r"\s*Peer\s+(?:V\s+)?AS\s+MsgRcvd.*", re.IGNORECASE)
_LEGEND = re.compile(r"\s*\* - Dynamically created peer\s*|\s*VPN[- ]instance.*", re.IGNORECASE)
_NUMBERS = re.compile(
    r"\s*([\d.]+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+([A-Za-z]\S*(?: \S+)?)\s*"
)
_FAMILY = re.compile(r"display bgp peer (vpnv4|vpnv6|ipv4|ipv6)")


class _Peers:
    def __init__(self, sheet: Sheet, command: str) -> None:
        self.sheet = sheet
        self.vpn = vpn_of_command(command)
        match = _FAMILY.match(command)
        self.family = match[1] if match else ""
        self.router: str | None = None
        self.local: str | None = None
        self.expected: int | None = None
        self.held: tuple[int, str] | None = None

    def line(self, number: int, line: str) -> bool:
        if self.held is not None:
            (first, text), self.held = self.held, None
            if self.peer(first, f"{text} {line}"):
                return True
            self.sheet.miss(first, text)
        if match := _ROUTER.fullmatch(line):
            self.router = match[1]
        elif match := _LOCAL_AS.fullmatch(line):
            self.local = match[1]
        elif match := _TOTAL.fullmatch(line):
            self.expected = (self.expected or 0) + int(match[1])
        elif not _HEADING.fullmatch(line) and not _LEGEND.fullmatch(line):
            return self.peer(number, line) or self.hold(number, line)
        return True

    def hold(self, number: int, line: str) -> bool:
        """Keep a long address that stands alone; its numbers follow on the next line."""
        if address_of(line.strip(" *")) is None:
            return False
        self.held = (number, line)
        return True

    def peer(self, number: int, line: str) -> bool:
        name, _, rest = line.strip(" *").partition(" ")
        address, match = address_of(name), _NUMBERS.fullmatch(rest)
        if address is None or match is None:
            return False
        state = match[7].lower()
        self.sheet.facts.append(
            BgpPeer(
                address=address,
                remote_as=match[1],
                state=state.partition("(")[0].strip(),
                vpn=self.vpn,
                local_as=self.local,
                router_id=self.router,
                received=int(match[5]),
                uptime=match[6],
                address_family=self.family or f"ipv{address.version}",
                enabled="admin" not in state,
                source=self.sheet.at(number),
            )
        )
        return True


def parse_bgp_peers(answer: Answer) -> Parsed:
    """Parse ``display bgp peer`` of any family; the family is that of the command."""
    sheet = Sheet(answer)
    peers = _Peers(sheet, answer.command)
    for number, line in sheet.rows():
        if not peers.line(number, line):
            sheet.miss(number, line)
    if peers.held is not None:
        sheet.miss(*peers.held)
    cut = ""
    if peers.expected is not None and peers.expected != len(sheet.facts):
        cut = "peers are missing"
    elif peers.expected is None and peers.router is None:
        cut = "no heading was seen"
    return sheet.done(silent=True, cut=cut)


_DISTINGUISHER = re.compile(
    r"\s*Route distinguisher *: *(\d[\d.]*:\d+) *(?:\(([^)]*)\))?\s*", re.IGNORECASE
)
_TABLE_FURNITURE = re.compile(
    r"\s*(?:Total number of routes.*|BGP local router ID.*|Local AS number.*|Status codes *:.*"
    r"|s - suppressed.*|a - additional.*|Origin *:.*|Network\s+NextHop.*|In/Out Label.*)",
    re.IGNORECASE,
)
_LABEL_HEADING = re.compile(
    r"\s*Network\s+NextHop\s+(?P<out>Out ?Label)?\s*(?P<in>In ?Label)?\s*", re.IGNORECASE
)
_LABEL = re.compile(r"\d{1,7}|NULL|-+", re.IGNORECASE)
_ROW = re.compile(
    r"(?P<flags>[ *>dhsSiea|b-]{4,6})(?P<network>\d[\d.]*(?:/\d+)?)?"
    r"\s+(?P<hop>\d[\d.]+)(?P<rest>.*)"
)
_REST = re.compile(r"[\s\d./?ie{}(),NULLnull-]*")


def parse_vpn_routes(answer: Answer) -> Parsed:
    """Parse ``display bgp routing-table vpnv4 [inlabel | outlabel]``.

    Unverified: the form is taken from reference.
    """
    sheet = Sheet(answer)
    rd = network = ""
    vpn: str | None = None
    columns: tuple[str, ...] = ()
    seen = False
    for number, line in sheet.rows():
        if match := _DISTINGUISHER.fullmatch(line):
            rd, vpn, network, seen = match[1], match[2], "", True
        elif match := _LABEL_HEADING.fullmatch(line):
            columns = tuple(name for name in ("out", "in") if match[name])
        elif _TABLE_FURNITURE.fullmatch(line):
            seen = True
        elif (row := _ROW.fullmatch(line)) and (row["network"] or network) and rd:
            network = row["network"] or network
            fact = _vpn_route(sheet.at(number), rd, network, row)
            if fact is None:
                sheet.miss(number, line)
            else:
                labels = _labels(columns, row["rest"].split())
                given, told = labels.get("in"), labels.get("out")
                sheet.facts.append(replace(fact, vpn=vpn, label=told, in_label=given))
        else:
            sheet.miss(number, line)
    return sheet.done(silent=True, cut="" if seen else "no heading was seen")


def _labels(columns: tuple[str, ...], words: list[str]) -> dict[str, str]:
    """Return the labels of a row under the columns that the heading named."""
    if len(words) != len(columns) or not all(map(_LABEL.fullmatch, words)):
        return {}
    pairs = zip(columns, words, strict=True)
    return {column: word for column, word in pairs if word.isdecimal()}


def _vpn_route(source: Source, rd: str, network: str, row: re.Match[str]) -> VpnRoute | None:
    address, _, mask = network.partition("/")
    prefix = network_of(address, mask or natural_length(address))
    hop = address_of(row["hop"])
    if prefix is None or hop is None or not _REST.fullmatch(row["rest"]):
        return None
    if str(prefix.network_address) != address:
        return None  # a table that leaves lengths out altogether does not tell this one
    return VpnRoute(rd, prefix, hop, best=">" in row["flags"], source=source)


def natural_length(address: str) -> str:
    """Return the length that a network printed without one has by its class."""
    first = int(address.partition(".")[0] or "0")
    if address == "0.0.0.0":  # noqa: S104 - the default route, not a socket
        return "0"
    return "8" if first < 128 else "16" if first < 192 else "24"  # noqa: PLR2004 - classes
