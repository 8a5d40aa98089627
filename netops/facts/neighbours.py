"""Who is on the other side: ARP, IPv6 neighbours, LLDP, BGP peers."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netops.facts.source import NOWHERE, Source


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An ARP or neighbour-discovery entry; ``mac`` None while unresolved.

    ``own`` marks the device's own address (VRP type ``I``); ``router`` an IPv6 router flag.
    """

    address: IPv4Address | IPv6Address
    mac: str | None
    interface: str
    vpn: str = ""
    own: bool = False
    router: bool | None = None
    age_s: float | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class LldpNeighbour:
    """A neighbour seen by LLDP on a local interface (full name)."""

    interface: str
    system: str | None
    port: str | None
    chassis: str | None = None
    port_description: str | None = None
    system_description: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class BgpPeer:
    """A BGP peer. ``state`` is the device's word in lower case; ``received`` prefixes."""

    address: IPv4Address | IPv6Address
    remote_as: str
    state: str
    vpn: str = ""
    local_as: str | None = None
    router_id: str | None = None
    received: int | None = None
    uptime: str | None = None
    address_family: str = "ipv4"
    enabled: bool = True
    description: str | None = None
    source: Source = NOWHERE

    @property
    def is_established(self) -> bool:
        """Whether the session is up."""
        return self.state == "established"
