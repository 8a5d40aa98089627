"""Routing tables printed as blocks of pairs: every IPv6 table, and the verbose ones.

The verbose display lists unselected routes too; they come out with ``active`` False.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from netops.facts.routes import PUBLIC, RouteRow, RouteTable, VpnRoute, prefix_of
from netops.platforms.addresses import read_network
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface
from netops.platforms.huawei_vrp.routes import PROTOCOLS, vpn_name, vpn_of_command
from netops.platforms.huawei_vrp.scan import Pairs, Scan, to_address, to_int

_PAIRS = Pairs(
    "Destination", "PrefixLength", "NextHop", "Neighbour", "Preference", "Cost", "Protocol",
    "Process ID", "ProcessID", "RelayNextHop", "RelyNextHop", "TunnelID", "Interface", "Flags",
    "State", "Age", "Tag", "Priority", "Label", "QoSInfo", "IndirectID", "Instance", "Entry ID",
    "EntryID", "Reference Cnt", "RouteColor", "RoutePolicyID", "BkNextHop", "BkInterface",
    "BkLabel", "BkTunnelID", "BkPETunnelID", "BkPESecTunnelID", "BkIndirectID", "SecTunnelID",
    "TunnelType", "LocalAddr", "Route Source",
)  # fmt: skip
_TITLE = re.compile(r"\s*(?:IPv6 )?Routing Tables?\s*:\s*(\S+)\s*$", re.IGNORECASE)
_TITLE_OF_PROTOCOL = re.compile(r"\s*(\S+) Routing Tables?\s*:\s*\S+\s*$", re.IGNORECASE)
_COUNTS = re.compile(r"\s*(?:Destinations\s*:\s*\d+\s+Routes|Summary Count)\s*:\s*(\d{1,9})\b")
_LEGEND = re.compile(
    r"\s*(?:Route Flags\s*:|[A-Z#] - \w[\w -]*(?:,|$)|\S+ routing table status\s*:)"
)


@dataclass(slots=True)
class _Table:
    vpn: str
    family: int
    rows: list[RouteRow] = field(default_factory=list)
    printed: int | None = None

    def fact(self, observation: str) -> RouteTable:
        complete = self.printed is not None and len(self.rows) >= self.printed
        return RouteTable(self.vpn, self.family, tuple(self.rows), observation, complete)


class _Blocks:
    """Collects pairs until the next destination begins, then makes a row of them."""

    def __init__(self, answer: Answer) -> None:
        self.scan = Scan(answer)
        self.tables: list[_Table] = []
        self._family = 6 if answer.command.startswith("display ipv6") else 4
        self._block: dict[str, str] = {}
        self._begin = (0, "")

    def take(self, number: int, line: str) -> None:
        pairs = _PAIRS.split(line)
        if pairs is None or not (self._block or "Destination" in pairs):
            if not self._heading(line):
                self.scan.skip(number, line)
            return
        if "Destination" in pairs:
            self.close()
            self._begin = (number, line)
        self._block.update(pairs)

    def _heading(self, line: str) -> bool:
        title = _TITLE.match(line) or _TITLE_OF_PROTOCOL.match(line)
        counts = _COUNTS.match(line)
        if title:
            self.close()
            self.tables.append(_Table(vpn_name(title[1]), self._family))
        elif counts:
            if not self.tables:
                vpn = vpn_of_command(self.scan.answer.command)
                self.tables.append(_Table(vpn, self._family))
            if self.tables[-1].printed is None:
                self.tables[-1].printed = int(counts[1])
        else:
            return _LEGEND.match(line) is not None
        return True

    def close(self) -> None:
        """End the block at hand."""
        if not self._block:
            return
        row = _row(self._block, self._begin[0])
        if row is None or not self.tables:
            self.scan.skip(*self._begin)
        else:
            table = self.tables[-1]
            table.family = row.family if not table.rows else table.family
            table.rows.append(row)
            self._labelled(table.vpn, row)
        self._block = {}

    def _labelled(self, vpn: str, row: RouteRow) -> None:
        """Keep the label of a private instance's route: it tells who exported it."""
        label, hop = self._block.get("Label", ""), to_address(row.next_hop)
        if vpn != PUBLIC and label.isdecimal() and hop is not None:
            source = self.scan.answer.at(row.line)
            self.scan.facts.append(
                VpnRoute("", prefix_of(row), hop, label, row.active, source, vpn)
            )


def _row(block: Mapping[str, str], line: int) -> RouteRow | None:
    prefix = _prefix(block.get("Destination", ""), block.get("PrefixLength", ""))
    preference, cost = to_int(block.get("Preference", "")), to_int(block.get("Cost", ""))
    protocol, interface = block.get("Protocol", ""), block.get("Interface", "")
    hop = to_address(block.get("NextHop", ""))
    if prefix is None or preference is None or cost is None or hop is None:
        return None
    if not protocol or "Flags" not in block:
        return None
    name = "" if interface.lower() == "unknown" else full_interface(interface)
    return RouteRow(
        family=prefix.version,
        network=int(prefix.network_address),
        length=prefix.prefixlen,
        protocol=PROTOCOLS.get(protocol.lower(), protocol.lower()),
        preference=preference,
        metric=cost,
        next_hop="" if hop.is_unspecified else str(hop),
        interface=name,
        active="active" in block.get("State", "Active").lower().split(),
        blackhole=name == "NULL0" or "B" in block["Flags"],
        line=line,
    )


def _prefix(destination: str, length: str) -> IPv4Network | IPv6Network | None:
    return read_network(f"{destination}/{length}" if length else destination)


def parse_route_blocks(answer: Answer) -> Parsed:
    """Read ``display ipv6 routing-table`` and every ``… routing-table verbose``."""
    blocks = _Blocks(answer)
    for number, line in blocks.scan.lines():
        blocks.take(number, line)
    blocks.close()
    scan = blocks.scan
    tables = [table.fact(answer.observation) for table in blocks.tables]
    scan.facts.extend(tables)
    short = [table.vpn or "public" for table in tables if not table.complete]
    detail = f"rows missing: {', '.join(short)}"[:200] if short else ""
    return scan.done(detail, understood=bool(blocks.tables))
