"""First-hop redundancy: VRRP groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from netops.facts.source import NOWHERE, Source


class VrrpState(StrEnum):
    """State of one router in a group; UNKNOWN where only the configuration was read."""

    MASTER = "master"
    BACKUP = "backup"
    INITIALIZE = "initialize"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class VrrpGroup:
    """One virtual router on one interface (RFC 5798)."""

    interface: str
    vrid: int
    state: VrrpState
    addresses: tuple[IPv4Address | IPv6Address, ...] = ()
    priority: int | None = None
    source: Source = NOWHERE
