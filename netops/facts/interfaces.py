"""Interfaces, their addresses, aggregated links and stack members."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Interface, IPv6Interface

from netops.facts.source import NOWHERE, Source


class AddressOrigin(StrEnum):
    """How an interface came by an address."""

    CONFIGURED = "configured"
    DHCP = "dhcp"
    PPP = "ppp"
    CELLULAR = "cellular"
    UNNUMBERED = "unnumbered"
    AUTOCONF = "autoconf"


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """One address on an interface, with its prefix length."""

    interface: IPv4Interface | IPv6Interface
    origin: AddressOrigin = AddressOrigin.CONFIGURED
    secondary: bool = False


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface; several commands may each tell a part, ``reading`` joins them by name.

    ``name`` is the full name of the platform (``GigabitEthernet0/0/1``). ``vpn`` is ``""`` in
    the public instance, None where the command does not tell. ``link_up`` is the physical
    state, ``spoofing`` marks a protocol state that proves nothing (dialer, NULL0).
    """

    name: str
    admin_up: bool | None = None
    link_up: bool | None = None
    protocol_up: bool | None = None
    spoofing: bool = False
    addresses: tuple[InterfaceAddress, ...] | None = None
    vpn: str | None = None
    description: str | None = None
    mac: str | None = None
    mtu: int | None = None
    speed_mbps: float | None = None
    aggregate: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class StackMember:
    """A member of a stack (iStack, CSS, IRF)."""

    member: int
    role: str
    priority: int | None = None
    mac: str | None = None
    source: Source = NOWHERE
