"""The invented address plan: which block a government has and what lies where in it.

Knows sizes and offsets only. Everything here is a sample and says so in the inventory.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from itertools import islice

from netops.addressing import AddressClass, PlannedPrefix
from netops.divisions import Level
from netops.errors import Sentence, SpecError
from netops.lab.build.divisions import Division
from netops.lab.build.net import Net, Seat
from netops.lab.spec_file import place_of

LOCAL = IPv4Network("10.0.0.0/8")
NATIONAL_LOW = IPv4Network("59.192.0.0/11")
"""Half of the national block is routed as one; the other half is the applications'."""
NATIONAL = IPv4Network("59.192.0.0/10")
CGN = IPv4Network("100.64.0.0/10")
PRIVATE = IPv4Network("172.16.0.0/12")
IPV6_PLAN = IPv6Network("240b:8000::/21")

AGGREGATES = (LOCAL, NATIONAL_LOW, CGN)
"""What every government learns from its superior."""

ANY4 = IPv4Network("0.0.0.0/0")
ANY6 = IPv6Network("::/0")

_CITY_BITS, _COUNTY_BITS, _TOWN_BITS = 13, 19, 26
_DIRECT_CITY = 31
"""Counties directly under the province live in the last city's block."""
_FIRST_TOWN = 16
_APPLICATIONS = int(IPv4Address("59.224.0.0"))
_CARRIERS = int(IPv4Address("198.18.0.0"))
_POOLS = int(IPv4Address("198.19.0.0"))
_ROGUES = int(IPv4Address("198.19.128.0"))

_SPACE = {
    Level.PROVINCE: (65_536, 24, 1_792),
    Level.CITY: (1_024, 26, 112),
    Level.COUNTY: (256, 28, 48),
    Level.TOWNSHIP: (16, 29, 6),
}
"""By level: where departments begin in the block, the length of a subnet, how many fit."""

PLAN: tuple[PlannedPrefix, ...] = (
    PlannedPrefix(LOCAL, AddressClass.LOCAL_PUBLIC, "province", "laboratory", "sample"),
    PlannedPrefix(NATIONAL, AddressClass.NATIONAL_PUBLIC, "centre", "GW 0207 (title)", "plan"),
    PlannedPrefix(CGN, AddressClass.CGN, "province", "laboratory", "sample"),
    PlannedPrefix(PRIVATE, AddressClass.PRIVATE, "departments", "laboratory", "sample"),
    PlannedPrefix(
        IPV6_PLAN,
        AddressClass.NATIONAL_PUBLIC,
        "centre",
        "public prefix list, unverified as the plan of the extranet",
        "sample",
    ),
)


def block_of(division: Division, parent: Division | None, block: IPv4Network | None) -> IPv4Network:
    """Return the block of a division inside that of its parent."""
    if parent is None or block is None:
        return LOCAL
    base = int(block.network_address)
    place = division.place
    if division.level is Level.CITY:
        return _slice(int(LOCAL.network_address), _CITY_BITS, place + 1, _DIRECT_CITY, division)
    if division.level is Level.COUNTY:
        if parent.level is Level.PROVINCE:
            base += _DIRECT_CITY << (32 - _CITY_BITS)
        return _slice(base, _COUNTY_BITS, place + 1, 64, division)
    return _slice(base, _TOWN_BITS, place + _FIRST_TOWN, 128, division)


def _slice(base: int, bits: int, place: int, room: int, division: Division) -> IPv4Network:
    if place >= room:
        raise SpecError(
            Sentence(
                "{code} is inferior number {place} of its superior; "
                "the laboratory's address plan has room for {room}.",
                code=division.code,
                place=place,
                room=room - 1,
            ),
            remedy="Use a smaller list of divisions.",
        )
    return IPv4Network((base + (place << (32 - bits)), bits))


def at(seat: Seat, offset: int) -> IPv4Address:
    """Return an address of a government's block."""
    return seat.block.network_address + offset


def loopback(seat: Seat, number: int) -> IPv4Address:
    """Return the model address of router ``number`` (1 or 2)."""
    return at(seat, number)


def wan_net(seat: Seat, number: int) -> IPv4Network:
    """Return the /30 of uplink ``number`` (from 0) of a government."""
    first = 4 if seat.level is Level.TOWNSHIP else 32
    return IPv4Network((int(at(seat, first + 4 * number)), 30))


def intra_net(seat: Seat) -> IPv4Network:
    """Return the /30 between the two routers of a government."""
    return IPv4Network((int(at(seat, 16)), 30))


def centre_net(seat: Seat) -> IPv4Network:
    """Return the net on which the province's application servers stand."""
    return IPv4Network((int(at(seat, 64)), 29))


def access_net(seat: Seat) -> IPv4Network:
    """Return the /30 between a router and a department's own device."""
    return IPv4Network((int(at(seat, 128)), 30))


def spare_net(seat: Seat, number: int) -> IPv4Network:
    """Return a small net for whatever an innocent needs inside the plan."""
    return IPv4Network((int(at(seat, 160 + 8 * number)), 29))


def department_net(net: Net, seat: Seat, number: int) -> IPv4Network:
    """Return the public subnet of department ``number`` (from 0)."""
    first, length, room = _SPACE[seat.level]
    if number >= room:
        raise SpecError(
            Sentence(
                "{number} departments are asked for at level {level}; there is room for {room}.",
                number=number + 1,
                level=seat.level,
                room=room,
            ),
            remedy="Ask for fewer.",
            place=place_of(net.spec, f"departments.{seat.level}"),
        )
    return IPv4Network((int(at(seat, first)) + (number << (32 - length)), length))


def department_net6(seat: Seat, number: int) -> IPv6Network:
    """Return the IPv6 subnet of department ``number``."""
    base = int(IPV6_PLAN.network_address) + (seat.number << 80) + ((number + 1) << 64)
    return IPv6Network((base, 64))


def private_net(number: int) -> IPv4Network:
    """Return the private subnet of the ``number``-th department that has one."""
    return IPv4Network((int(PRIVATE.network_address) + 16 * (number % 65_536), 28))


def application_net(number: int) -> IPv4Network:
    """Return the prefix of vertical application ``number``."""
    return IPv4Network((_APPLICATIONS + 256 * number, 24))


def carrier_net(number: int) -> IPv4Network:
    """Return the /30 of the declared line ``number``."""
    return IPv4Network((_CARRIERS + 4 * (number % 16_384), 30))


def carrier_net6(number: int) -> IPv6Network:
    """Return the IPv6 net of the declared line ``number``."""
    return IPv6Network((int(ip_network("2001:db8::").network_address) + (number << 64), 64))


def pool_net(number: int) -> IPv4Network:
    """Return the pool of translated addresses of exit ``number``."""
    return IPv4Network((_POOLS + 8 * (number % 4_096), 29))


def rogue_net(number: int) -> IPv4Network:
    """Return the /30 of an undeclared line."""
    return IPv4Network((_ROGUES + 4 * (number % 8_192), 30))


def rogue_net6(number: int) -> IPv6Network:
    """Return the IPv6 net of an undeclared line."""
    return carrier_net6(0x10000 + number)


def host(network: IPv4Network | IPv6Network, number: int) -> str:
    """Return ``address/length`` of host ``number`` of a net."""
    return f"{network.network_address + number}/{network.prefixlen}"


def hosts(network: IPv4Network, count: int) -> tuple[IPv4Address, ...]:
    """Return the first hosts of a net."""
    return tuple(islice(network.hosts(), count))
