"""How plain values print on a device: dotted quads, masks, ages, addresses of hardware.

Knows arithmetic and spelling that vendors share. Refuses to know any command.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from zlib import crc32

from netops.facts.routes import RouteRow

V4 = 4
_FULL = 0xFFFFFFFF
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86400, 604800


def dotted(value: int) -> str:
    """Return an IPv4 address given as an integer."""
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


MASKS = tuple(dotted(_FULL << (32 - length) & _FULL) for length in range(33))
WILDCARDS = (*(dotted(_FULL >> length) for length in range(32)), "0")
"""Index: prefix length. A host is written as a bare 0."""


def network_of(row: RouteRow, *, upper: bool = False) -> str:
    """Return the network of a packed row without its length."""
    if row.family == V4:
        return dotted(row.network)
    text = str(IPv6Address(row.network))
    return text.upper() if upper else text


def wildcard_match(network: IPv4Network | IPv6Network) -> str:
    """Return a network as an access list writes it: address and wildcard, or a v6 prefix."""
    if isinstance(network, IPv6Network):
        return str(network).upper()
    return f"{network.network_address} {WILDCARDS[network.prefixlen]}"


def natural(network: IPv4Network | IPv6Network) -> str:
    """Return a network as BGP tables print it: no length where the class already tells it."""
    if isinstance(network, IPv6Network):
        return str(network)
    first = int(network.network_address) >> 24
    classful = 8 if first < 128 else 16 if first < 192 else 24  # noqa: PLR2004 - classes A, B, C
    is_default = not network.prefixlen and not int(network.network_address)
    if is_default or network.prefixlen == classful:
        return str(network.network_address)
    return str(network)


def printed(address: IPv4Address | IPv6Address | None, absent: str = "") -> str:
    """Return an address as VRP prints it: IPv6 in capitals."""
    return absent if address is None else str(address).upper()


def mac_of(*seed: str) -> str:
    """Return a made-up, locally administered hardware address, always the same for a seed."""
    digits = f"{crc32('/'.join(seed).encode()):08x}"
    return f"0200-{digits[:4]}-{digits[4:]}"


def secret_of(*seed: str) -> str:
    """Return eight stable characters for the body of a made-up cipher text."""
    return f"{crc32('|'.join(seed).encode()):08X}"


def uptime_units(seconds: int, *, weeks: bool) -> tuple[tuple[int, str], ...]:
    """Split an uptime into the (number, unit) pairs that a version display lists."""
    days = (seconds % _WEEK if weeks else seconds) // _DAY
    units = (
        (days, "day"),
        (seconds % _DAY // _HOUR, "hour"),
        (seconds % _HOUR // _MINUTE, "minute"),
    )
    return ((seconds // _WEEK, "week"), *units) if weeks else units


def worded(units: tuple[tuple[int, str], ...], separator: str = ", ") -> str:
    """Return "3 days, 1 hour, 0 minute": the plural begins at two."""
    return separator.join(f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in units)


def trailing_number(name: str) -> str:
    """Return the digits at the end of a name ("Dialer1" → "1"), "0" where there are none."""
    head = name.rstrip("0123456789")
    return name[len(head) :] or "0"


def lines(*parts: str) -> str:
    """Join lines to an answer; nothing stays nothing."""
    return "\n".join(parts) + "\n" if parts else ""
