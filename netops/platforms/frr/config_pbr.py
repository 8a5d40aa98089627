"""Policy maps (``pbr-map``), next-hop groups and the interfaces that use them.

A row that sets nothing, or a next-hop group that nobody defined, is not installed by pbrd: the
packet goes on to the next row, so it is no policy route. A match that is more than source and
destination prefixes makes its access list opaque.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.system import ConfigLine
from netops.platforms.answer import Answer
from netops.platforms.frr.names import vrf_name
from netops.platforms.frr.session_json import acl_name
from netops.platforms.jsontext import as_address, as_network

_ROW = re.compile(r"pbr-map (\S+) seq (\d+)$")
_GROUP = re.compile(r"nexthop-group (\S+)$")
_HOP = re.compile(
    r"(?:set )?nexthop (\S+)(?: (?!nexthop-vrf|weight|label)(\S+))?(?: nexthop-vrf (\S+))?"
)
_NARROWING = re.compile(r"match (src-port|dst-port|ip-protocol|dscp|ecn|mark|pcp|vlan)\b")
_V4 = 4


@dataclass(slots=True)
class _Row:
    """One sequence of a policy map."""

    name: str
    node: int
    first: int
    last: int
    source: IPv4Network | IPv6Network | None = None
    destination: IPv4Network | IPv6Network | None = None
    opaque: bool = False
    hops: list[IPv4Address | IPv6Address] = field(default_factory=list)
    out_interface: str | None = None
    vpn: str | None = None
    group: str | None = None
    table: str | None = None
    is_exempt: bool = False

    @property
    def has_target(self) -> bool:
        """Whether something is set that needs no next hop."""
        return self.is_exempt or any(
            value is not None for value in (self.vpn, self.out_interface, self.table)
        )


@dataclass(slots=True)
class PbrReader:
    """Gathers policy maps and closes them when all lines are known."""

    answer: Answer
    rows: dict[tuple[str, int], _Row] = field(default_factory=dict)
    groups: dict[str, list[IPv4Address | IPv6Address]] = field(default_factory=dict)
    interfaces: dict[str, list[str]] = field(default_factory=dict)

    def apply(self, policy: str, interface: str) -> None:
        """Note that an interface uses a policy on what it receives."""
        self.interfaces.setdefault(policy, []).append(interface)

    def line(self, line: ConfigLine, top: str) -> bool:
        """Take a line of a policy map or a next-hop group."""
        if group := _GROUP.match(top):
            return self._group(group[1], line)
        match = _ROW.match(top)
        if match is None:
            return False
        key = (match[1], int(match[2][:8]))
        row = self.rows.setdefault(key, _Row(*key, line.line, line.line))
        row.last = line.line
        return not line.parents or _take(row, line.text)

    def _group(self, name: str, line: ConfigLine) -> bool:
        hops = self.groups.setdefault(name, [])
        match = _HOP.match(line.text)
        if not line.parents or match is None:
            return not line.parents or line.text.startswith(("resilient", "backup-group"))
        address = as_address(match[1])
        if address is not None:
            hops.append(address)
        return address is not None

    def facts(self) -> list[Any]:
        """Return the policy routes, and an access list for each match that needs one."""
        found: list[Any] = []
        for row in self.rows.values():
            hops = tuple(row.hops) or tuple(self.groups.get(row.group or "", ()))
            if hops or row.has_target:
                found.extend(self._row(row, hops))
        return found

    def _row(self, row: _Row, hops: tuple[IPv4Address | IPv6Address, ...]) -> list[Any]:
        source = self.answer.at(row.first, row.last)
        known = row.source or row.destination or (hops[0] if hops else None)
        family = known.version if known is not None else _V4
        needs_acl = row.destination is not None or row.opaque
        acl = acl_name(row.name, row.node) if needs_acl else None
        route = PolicyRoute(
            row.name,
            row.node,
            permit=not row.is_exempt,
            acl=acl,
            sources=None if row.source is None else (row.source,),
            next_hops=hops,
            out_interface=row.out_interface,
            vpn=row.vpn,
            table=row.table,
            interfaces=tuple(self.interfaces.get(row.name, ())),
            family=family,
            source=source,
        )
        if acl is None:
            return [route]
        rule = AclRule(
            permit=True,
            source=row.source,
            destination=row.destination,
            opaque=row.opaque,
            at=source,
        )
        return [route, Acl(acl, family, (rule,), source)]


def _take(row: _Row, text: str) -> bool:
    """Take one match or set line; False when it is unknown."""
    words = text.split()
    if text.startswith("match src-ip ") and (network := as_network(words[-1])):
        row.source = network
    elif text.startswith("match dst-ip ") and (network := as_network(words[-1])):
        row.destination = network
    elif _NARROWING.match(text):
        row.opaque = True
    elif text.startswith("set nexthop-group "):
        row.group = words[-1]
    elif text.startswith("set nexthop "):
        return _set_hop(row, text)
    elif text == "set vrf unchanged":
        row.is_exempt = True
    elif text.startswith("set table ") and words[-1].isdecimal():
        row.table = words[-1]
    elif text.startswith("set vrf "):
        row.vpn = vrf_name(words[-1])
    else:
        return text.startswith(("set queue-id", "set dscp", "set ecn", "set pcp", "set vlan"))
    return True


def _set_hop(row: _Row, text: str) -> bool:
    match = _HOP.match(text)
    if match is None:
        return False
    address = as_address(match[1])
    if address is not None:
        row.hops.append(address)
    else:
        row.out_interface = match[1]
    if match[2]:
        row.out_interface = match[2]
    if match[3]:
        row.vpn = vrf_name(match[3])
    return True
