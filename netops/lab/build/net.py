"""The planned network: governments, routers with their ports, links, departments, exits.

Holds what is configured and wired, whatever is up or down. Refuses to know routing (``state``)
and text.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface

from netops.addressing import Network
from netops.divisions import Level
from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.interfaces import AddressOrigin, InterfaceAddress
from netops.facts.nat import NatPool, NatRule
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.routes import StaticRoute, VpnInstance
from netops.inventory.model import Application, Exemption
from netops.lab.build.divisions import Division
from netops.lab.build.makes import Make
from netops.lab.spec import Spec

Address = IPv4Address | IPv6Address

_ONE_STATE = ("frr", "linux_host")
"""Platforms on which a port without line protocol cannot be told from one without light."""


@dataclass(slots=True)
class Port:
    """An interface. ``wire`` names the link it ends, ``far`` the address across it.

    ``state`` None: what the wire says, up where there is none; else (admin, link, protocol).
    ``tells_light`` False: the platform has one word for light and line protocol.
    """

    name: str
    role: str
    addresses: list[InterfaceAddress] = field(default_factory=list)
    vpn: str = ""
    description: str = ""
    wire: str | None = None
    far: Address | None = None
    state: tuple[bool, bool, bool] | None = None
    spoofing: bool = False
    tells_light: bool = True

    def give(
        self,
        text: str,
        origin: AddressOrigin = AddressOrigin.CONFIGURED,
        *,
        secondary: bool = False,
    ) -> None:
        """Put an address with its length on the port."""
        made = IPv6Interface(text) if ":" in text else IPv4Interface(text)
        self.addresses.append(InterfaceAddress(made, origin, secondary))

    def address(self, family: int) -> Address | None:
        """Return the first address of ``family``."""
        for item in self.addresses:
            if item.interface.version == family:
                return item.interface.ip
        return None


@dataclass(frozen=True, slots=True)
class Learned:
    """A route that a provider's session brings, valid while its port is up."""

    vpn: str
    prefix: Network
    protocol: str
    preference: int
    next_hop: Address
    interface: str


@dataclass(frozen=True, slots=True)
class Virtual:
    """A virtual router on a LAN port; the first router of the government is its master."""

    interface: str
    vrid: int
    address: Address


@dataclass(slots=True)
class Router:
    """A device of the net: a government's router, or a department's own device or host."""

    id: str
    government: str
    number: int
    role: str
    make: Make
    index: int
    loopback: IPv4Address
    department: str | None = None
    ports: dict[str, Port] = field(default_factory=dict)
    next_port: int = 0
    next_acl: int = 2000
    as_number: int = 0
    statics: list[StaticRoute] = field(default_factory=list)
    learned: list[Learned] = field(default_factory=list)
    vpn_instances: list[VpnInstance] = field(default_factory=list)
    policy_routes: list[PolicyRoute] = field(default_factory=list)
    acls: list[Acl] = field(default_factory=list)
    nat_rules: list[NatRule] = field(default_factory=list)
    nat_pools: list[NatPool] = field(default_factory=list)
    bgp_peers: list[BgpPeer] = field(default_factory=list)
    tunnels: list[Tunnel] = field(default_factory=list)
    dialers: list[Dialer] = field(default_factory=list)
    pppoe: list[PppoeSession] = field(default_factory=list)
    cellular: list[Cellular] = field(default_factory=list)
    dhcp: list[DhcpLease] = field(default_factory=list)
    virtuals: list[Virtual] = field(default_factory=list)
    nat_sessions: int = 0

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.make.platform

    @property
    def hostname(self) -> str:
        """The name that the prompt shows."""
        return f"HN-{self.id}"

    def new_port(self, role: str, description: str = "") -> Port:
        """Take the next physical port."""
        name = self.make.port_name(self.next_port)
        self.next_port += 1
        return self.named_port(name, role, description)

    def named_port(self, name: str, role: str, description: str = "") -> Port:
        """Make a port of a given name (loopback, tunnel, dialer …)."""
        port = Port(name, role, description=description)
        port.tells_light = self.platform not in _ONE_STATE
        self.ports[name] = port
        return port

    def new_acl_name(self) -> str:
        """Take the next number of a basic access list."""
        self.next_acl += 1
        return str(self.next_acl)

    def preference(self, protocol: str) -> int:
        """Return the preference of a protocol on this platform."""
        return self.make.preferences[protocol]


@dataclass(slots=True)
class Wire:
    """A link. ``child`` is the government whose uplink it is; ``b`` None for a carrier's line.

    ``fault``: "", ``down`` (no light at either end) or ``isolated`` (light, but no protocol).
    """

    id: str
    kind: str
    a: tuple[str, str]
    b: tuple[str, str] | None
    carrier: str = ""
    child: str | None = None
    capacity: int | None = None
    fault: str = ""


@dataclass(slots=True)
class PlannedDepartment:
    """A department. ``owners`` are the (router, port) pairs of its public subnets' gateways."""

    id: str
    government: str
    name: str
    access_class: str
    exit: str | None = None
    public: list[Network] = field(default_factory=list)
    private: list[tuple[Network, str]] = field(default_factory=list)
    owners: list[tuple[str, str]] = field(default_factory=list)
    private_owner: tuple[str, str] | None = None
    is_virtual: bool = False
    host: str | None = None


@dataclass(slots=True)
class PlannedExit:
    """A declared exit with its lines (router, port, carrier)."""

    id: str
    government: str
    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    pools: list[Network] = field(default_factory=list)
    department: str | None = None


@dataclass(slots=True)
class Seat:
    """A government with its place on the net. ``above`` is the next superior that has a node.

    ``wires`` are its uplinks and the link between its routers.
    ``is_recursive``: its second router learns from the first by iBGP, next hop the loopback.
    """

    division: Division
    number: int
    block: IPv4Network
    above: str | None
    below: list[str] = field(default_factory=list)
    routers: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    exit: str | None = None
    is_recursive: bool = False
    has_ipv6: bool = False
    disjoint_paths: int = 1

    @property
    def code(self) -> str:
        """The administrative code."""
        return self.division.code

    @property
    def level(self) -> Level:
        """The level."""
        return self.division.level


@dataclass(slots=True)
class Net:
    """Everything that was planned. Mappings keep the order in which things were made."""

    spec: Spec
    divisions: tuple[Division, ...] = ()
    seats: dict[str, Seat] = field(default_factory=dict)
    routers: dict[str, Router] = field(default_factory=dict)
    wires: dict[str, Wire] = field(default_factory=dict)
    departments: dict[str, PlannedDepartment] = field(default_factory=dict)
    exits: dict[str, PlannedExit] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    exemptions: list[Exemption] = field(default_factory=list)
    outside_lines: int = 0

    def dice(self, *what: str) -> random.Random:
        """Return dice that depend on the seed and on what they are thrown for."""
        return random.Random(":".join((str(self.spec.seed), *what)))  # noqa: S311 - a plan

    def first_router(self, code: str) -> Router:
        """Return the first router of a government."""
        return self.routers[self.seats[code].routers[0]]

    def owner_seat(self, code: str) -> Seat:
        """Return the government whose exit serves ``code``: itself or the nearest above."""
        seat = self.seats[code]
        while seat.exit is None and seat.above is not None:
            seat = self.seats[seat.above]
        return seat

    def levels(self) -> Mapping[Level, list[Seat]]:
        """Return the governments by level."""
        made: dict[Level, list[Seat]] = {level: [] for level in Level}
        for seat in self.seats.values():
            made[seat.level].append(seat)
        return made
