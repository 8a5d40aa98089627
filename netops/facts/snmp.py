"""What a device says of itself by SNMP: the second source, which can refute, never confirm."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.facts.source import NOWHERE, Source


@dataclass(frozen=True, slots=True)
class SnmpSystem:
    """sysName, sysDescr and sysUpTime (seconds)."""

    name: str
    description: str
    uptime_s: float
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class SnmpInterface:
    """A row of ifTable/ifXTable with the addresses of ipAddrTable on it."""

    index: int
    name: str
    admin_up: bool
    oper_up: bool
    addresses: tuple[IPv4Address | IPv6Address, ...] = ()
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class SnmpRoute:
    """A default-route row of inetCidrRouteTable or ipCidrRouteTable."""

    prefix: IPv4Network | IPv6Network
    next_hop: IPv4Address | IPv6Address
    if_index: int
    source: Source = NOWHERE
