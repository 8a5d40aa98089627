"""The address plan: which prefix is of which class, and so what lies outside the extranet.

Classes are data of a site (the inventory's ``address_plan.yaml``), never constants: where a
prefix is a sample, its entry says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_network,
)
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class AddressClass(StrEnum):
    """Classes of extranet addresses (extranet.md §3)."""

    NATIONAL_PUBLIC = "national_public"
    LOCAL_PUBLIC = "local_public"
    PRIVATE = "private"
    MANAGEMENT = "management"
    CGN = "cgn"


@dataclass(frozen=True, slots=True)
class PlannedPrefix:
    """One prefix of the plan, with who owns it and how sure the entry is."""

    prefix: IPv4Network | IPv6Network
    kind: AddressClass
    owner: str = ""
    source: str = ""
    status: str = "site"


PRIVATE_USE = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""Private use by RFC 1918, RFC 6598 and RFC 4193: no place on the internet."""

_NEVER_OUTSIDE = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/3",
        "::/127",
        "fe80::/10",
        "ff00::/8",
    )
)
"""This host, loopback, link-local, multicast and reserved: neither inside nor outside."""


class _Ranges:
    """Membership in a fixed set of prefixes by binary search, for one family each."""

    def __init__(self, prefixes: Iterable[IPv4Network | IPv6Network]) -> None:
        listed = tuple(prefixes)
        v4 = sorted(collapse_addresses(p for p in listed if isinstance(p, IPv4Network)))
        v6 = sorted(collapse_addresses(p for p in listed if isinstance(p, IPv6Network)))
        self._begin = {
            4: [int(p.network_address) for p in v4],
            6: [int(p.network_address) for p in v6],
        }
        self._end = {
            4: [int(p.broadcast_address) for p in v4],
            6: [int(p.broadcast_address) for p in v6],
        }

    def covers(self, family: int, first: int, last: int) -> bool:
        """Whether one of the prefixes holds the whole range."""
        at = bisect_right(self._begin[family], first) - 1
        return at >= 0 and last <= self._end[family][at]

    def touches(self, family: int, first: int, last: int) -> bool:
        """Whether one of the prefixes shares an address with the range."""
        at = bisect_right(self._begin[family], last) - 1
        return at >= 0 and self._end[family][at] >= first


class AddressPlan:
    """The prefixes of the extranet. "Inside" means: registered here."""

    def __init__(self, prefixes: tuple[PlannedPrefix, ...]) -> None:
        self.prefixes = prefixes
        self._inside = _Ranges(p.prefix for p in prefixes)
        self._special = _Ranges(_NEVER_OUTSIDE)
        self._private_use = _Ranges(PRIVATE_USE)

    def is_inside(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether ``address`` is registered as the extranet's own."""
        number = int(address)
        return self._inside.covers(address.version, number, number)

    def is_outside(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether ``address`` is a unicast address that is not of the extranet."""
        number = int(address)
        special = self._special.covers(address.version, number, number)
        return not special and not self.is_inside(address)

    def is_private_line(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether ``address`` is private-use space outside the plan (a leased line to a bank)."""
        number = int(address)
        private = self._private_use.covers(address.version, number, number)
        return private and not self.is_inside(address)

    def holds(self, prefix: IPv4Network | IPv6Network) -> bool:
        """Whether the whole of ``prefix`` is inside."""
        first, last = int(prefix.network_address), int(prefix.broadcast_address)
        return self._inside.covers(prefix.version, first, last)

    def reaches_outside(self, family: int, first: int, last: int) -> bool:
        """Whether the range holds at least one unicast address outside the plan.

        Takes plain integers because it is asked of every row of every routing table.
        """
        if self._inside.covers(family, first, last):
            return False
        return not self._special.covers(family, first, last)

    def class_of(self, address: IPv4Address | IPv6Address) -> AddressClass | None:
        """Return the class of the most specific prefix that holds ``address``."""
        found = [
            p for p in self.prefixes if p.prefix.version == address.version and address in p.prefix
        ]
        return max(found, key=lambda p: p.prefix.prefixlen).kind if found else None
