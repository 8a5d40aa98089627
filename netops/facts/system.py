"""The device itself: version, serial, clock, management, configuration."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netops.facts.source import NOWHERE, Source


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the device says it is. ``uptime_s`` in seconds."""

    hostname: str | None = None
    vendor: str | None = None
    model: str | None = None
    os_version: str | None = None
    release: str | None = None
    serial: str | None = None
    uptime_s: int | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Component:
    """A board, power unit or fan as the device lists it."""

    slot: str
    kind: str | None = None
    serial: str | None = None
    status: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class NtpStatus:
    """Whether the clock follows somebody. A clock that follows itself is not synchronised."""

    synchronized: bool
    stratum: int | None = None
    reference: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class NtpServer:
    """A configured time server."""

    address: IPv4Address | IPv6Address | str
    vpn: str = ""
    authenticated: bool | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class SnmpAgent:
    """What the configuration says of the SNMP agent; community names are never kept."""

    enabled: bool
    versions: tuple[str, ...] = ()
    contact: str | None = None
    location: str | None = None
    communities: int = 0
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class LocalUser:
    """A local account and its level; never its password."""

    name: str
    level: int | None = None
    services: tuple[str, ...] = ()
    role: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """A line of the configuration under its parent lines, secrets masked."""

    text: str
    parents: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Configuration:
    """The running configuration as a list of lines; ``complete`` when its end was seen."""

    lines: tuple[ConfigLine, ...]
    complete: bool
    source: Source = NOWHERE
