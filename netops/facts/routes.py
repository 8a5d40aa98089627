"""Routes per VPN instance, configured static routes, VPN instances and VPNv4 routes.

Tables are large (hundreds of rows on each of two thousand devices), so rows are packed
tuples of small values; ``Route`` objects are built on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from itertools import groupby
from typing import Any, NamedTuple

from netops.facts.source import NOWHERE, Source

PUBLIC = ""
"""Name of the public (global) instance."""


class RouteRow(NamedTuple):
    """One path of one route as a table shows it; equal-cost paths are rows of their own.

    ``network`` is the prefix as an integer, ``next_hop`` the address as printed in lower case
    ("" where none is printed), ``interface`` the full name ("" where none). ``protocol`` is
    one of direct, static, ospf, isis, rip, bgp, ibgp, ebgp, dhcp, unr, kernel or the device's
    own word in lower case. ``active`` is False for a row that is shown but not selected.
    ``blackhole`` marks NULL0, blackhole and reject routes. ``leak_vpn`` names the instance
    that the next hop is looked up in, None for the route's own. ``last`` is the last line of a
    row that takes several, 0 where ``line`` is all of it.
    """

    family: int
    network: int
    length: int
    protocol: str
    preference: int
    metric: int
    next_hop: str
    interface: str
    active: bool = True
    blackhole: bool = False
    leak_vpn: str | None = None
    line: int = 0
    last: int = 0

    def source(self, observation: str) -> Source:
        """Return the lines of this row in the observation of its table."""
        return Source(observation, self.line, self.last or self.line)


make_row: Callable[[tuple[Any, ...]], RouteRow] = partial(tuple.__new__, RouteRow)
"""What ``RouteRow._make`` does, unchecked and three times as fast: a province has millions."""


@dataclass(frozen=True, slots=True)
class NextHop:
    """One way on: an address, an interface, or both; ``vpn`` where looked up elsewhere."""

    address: IPv4Address | IPv6Address | None
    interface: str | None
    vpn: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One prefix with all its equal paths."""

    vpn: str
    prefix: IPv4Network | IPv6Network
    protocol: str
    preference: int
    metric: int
    next_hops: tuple[NextHop, ...]
    active: bool = True
    blackhole: bool = False
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The rows of one family of one instance of one device.

    ``complete`` is False when the device printed a count that the rows do not reach.
    """

    vpn: str
    family: int
    rows: tuple[RouteRow, ...]
    observation: str = ""
    complete: bool = True

    def routes(self) -> Iterator[Route]:
        """Yield the rows as ``Route`` objects, equal paths of a prefix joined."""
        ordered = sorted(self.rows, key=_route_key)
        for (_, _, active, _), rows in groupby(ordered, key=_route_key):
            yield build_route(self.vpn, tuple(rows), self.observation, active=active)


def _route_key(row: RouteRow) -> tuple[int, int, bool, str]:
    return (row.network, row.length, row.active, row.protocol)


def prefix_of(row: RouteRow) -> IPv4Network | IPv6Network:
    """Return the prefix of a packed row."""
    if row.family == 4:  # noqa: PLR2004 - the IP version
        return IPv4Network((row.network, row.length))
    return IPv6Network((row.network, row.length))


def build_route(vpn: str, rows: tuple[RouteRow, ...], observation: str, *, active: bool) -> Route:
    """Join equal paths of one prefix into one ``Route``."""
    first = rows[0]
    lines = [row.line for row in rows]
    return Route(
        vpn=vpn,
        prefix=prefix_of(first),
        protocol=first.protocol,
        preference=first.preference,
        metric=first.metric,
        next_hops=tuple(
            NextHop(ip_address(r.next_hop) if r.next_hop else None, r.interface or None, r.leak_vpn)
            for r in rows
        ),
        active=active,
        blackhole=first.blackhole,
        source=Source(observation, min(lines), max(*lines, *(row.last for row in rows))),
    )


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A static route as configured, selected or not.

    ``to_vpn`` names the instance of the next hop where it differs; ``vpn`` and ``to_vpn`` are
    ``""`` for the public instance.
    """

    vpn: str
    prefix: IPv4Network | IPv6Network
    next_hop: IPv4Address | IPv6Address | None
    interface: str | None = None
    to_vpn: str | None = None
    preference: int = 60
    blackhole: bool = False
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class VpnInstance:
    """A VPN instance (VRF) with its route distinguisher and targets of one family."""

    name: str
    family: int = 4
    rd: str | None = None
    import_targets: tuple[str, ...] = ()
    export_targets: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class VpnRoute:
    """A route of the VPNv4/VPNv6 table: which distinguisher, next hop (PE) and labels.

    ``rd`` is ``""`` where the part of an instance names none; ``vpn`` is the instance whose part
    it is, None in the part of a distinguisher that no instance of the device has. ``label`` is
    the one that the next hop gave it, ``in_label`` the one that this device gave it.
    """

    rd: str
    prefix: IPv4Network | IPv6Network
    next_hop: IPv4Address | IPv6Address
    label: str | None = None
    best: bool = True
    source: Source = NOWHERE
    vpn: str | None = None
    in_label: str | None = None
