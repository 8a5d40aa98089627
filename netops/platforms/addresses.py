"""Addresses as devices print them, read once however often they stand there.

A device names few next hops many times, and its neighbours name them again. Knows no notation
of a vendor; gives None for what is no address.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)

_REMEMBERED = 1 << 13
"""A few megabytes; a table of more prefixes gains nothing and loses little."""


@lru_cache(maxsize=_REMEMBERED)
def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; None for anything else."""
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=_REMEMBERED)
def read_network(text: str) -> IPv4Network | IPv6Network | None:
    """Read a prefix, host bits cut; None for anything else."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=_REMEMBERED)
def read_interface(text: str) -> IPv4Interface | IPv6Interface | None:
    """Read an address with its length; None for anything else."""
    try:
        return ip_interface(text)
    except ValueError:
        return None
