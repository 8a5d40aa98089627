"""Ways to dial or be given a way out: PPPoE, dialer, cellular, DHCP, IPv6 routers, tunnels."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from netops.facts.source import NOWHERE, Source


@dataclass(frozen=True, slots=True)
class PppoeSession:
    """A PPPoE client session on a physical interface; ``dialer`` is the dialer interface."""

    interface: str
    dialer: str | None
    is_up: bool
    state: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Dialer:
    """A dialer interface; ``is_connected`` by its own sub-block, never by UP (spoofing)."""

    name: str
    is_connected: bool | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Cellular:
    """A mobile modem; ``is_connected`` when it holds a packet session."""

    name: str
    is_connected: bool | None = None
    network: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class DhcpLease:
    """What a DHCP client on an interface holds; ``state`` in the device's word, lower case."""

    interface: str
    state: str
    address: IPv4Address | IPv6Address | None = None
    gateway: IPv4Address | IPv6Address | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class AdvertisedDefault:
    """An interface on which the device takes its IPv6 default from routers that advertise one.

    ``router`` is the one it follows now; None where it waits for one, or that is not told.
    """

    interface: str
    router: IPv6Address | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class RouterAdvertisement:
    """An interface by which the device offers itself to hosts as a router of IPv6.

    ``prefixes`` are those that it is told to advertise beside its own networks.
    """

    interface: str
    prefixes: tuple[IPv6Network, ...] = ()
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A tunnel interface; ``mode`` in lower case (gre, ipip, ipsec, vxlan, wireguard …)."""

    name: str
    mode: str
    local: IPv4Address | IPv6Address | None = None
    peer: IPv4Address | IPv6Address | None = None
    vpn: str = ""
    source: Source = NOWHERE
