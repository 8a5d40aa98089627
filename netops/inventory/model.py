"""The nouns of the inventory as frozen values.

Built by the loader after all checks, so nothing here checks again. Addresses are address
objects, codes are checked text, ids are text unique within their kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.addressing import AddressPlan
from netops.divisions import Level
from netops.inventory.graded import Confirmation, GradedObject


class GovernmentStatus(StrEnum):
    """Whether a division is a government of its own; only those count in rates."""

    GOVERNMENT = "government"
    FUNCTIONAL_DISTRICT = "functional_district"
    NOT_A_TOWNSHIP = "not_a_township"


class AccessClass(StrEnum):
    """How a department joins the net (Anhui DB34/T 3607-2020 §4)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Area(StrEnum):
    """Functional area of a subnet."""

    PUBLIC = "public"
    PRIVATE = "private"


class LinkKind(StrEnum):
    """What a link is for. INTERNET and LEASED and OOB have one end of ours and a carrier."""

    WAN = "wan"
    INTRA = "intra"
    ACCESS = "access"
    INTERNET = "internet"
    LEASED = "leased"
    OOB = "oob"


@dataclass(frozen=True, slots=True)
class Government:
    """A government 政府 by its code (GB/T 2260; township nine digits)."""

    code: str
    name: str
    level: Level
    parent: str | None
    exits_allowed: int
    status: GovernmentStatus = GovernmentStatus.GOVERNMENT


@dataclass(frozen=True, slots=True)
class Node:
    """A government's presence on the net; ``disjoint_paths`` is what the plan asks for."""

    id: str
    government: str
    site: str
    disjoint_paths: int = 1


@dataclass(frozen=True, slots=True)
class SnmpAccess:
    """How to ask a device by SNMP: version (v2c, v3), port, credential name."""

    version: str
    port: int
    credential: str


@dataclass(frozen=True, slots=True)
class Device:
    """A device 设备.

    ``address`` is its address on the net (model), ``host`` and ``port`` are where the collector
    connects (the same address in a real network).
    """

    id: str
    name: str
    node: str
    government: str
    role: str
    platform: str
    address: IPv4Address | IPv6Address
    host: str
    port: int = 22
    transport: str = "ssh"
    ssh: str = "modern"
    via: tuple[str, ...] = ()
    credential: str = ""
    snmp: SnmpAccess | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """One end of a link: device and full interface name."""

    device: str
    interface: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link 线路; ``b`` is None for a carrier's line (internet, leased, out of band)."""

    id: str
    kind: LinkKind
    a: LinkEnd
    b: LinkEnd | None
    carrier: str = ""
    capacity_mbps: int | None = None


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet of a department; ``vpn`` is "" in the public area."""

    department: str
    prefix: IPv4Network | IPv6Network
    area: Area = Area.PUBLIC
    vpn: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """A department 接入单位 with its access class, subnets and declared exit."""

    id: str
    government: str
    name: str
    access_class: AccessClass
    exit: str | None
    subnets: tuple[Subnet, ...] = ()


@dataclass(frozen=True, slots=True)
class ExitLine:
    """One line of an exit: the interface that carries it and the carrier."""

    device: str
    interface: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """An internet exit 互联网出口: exit points that are administratively one.

    ``department`` names the owner when it is a department's own (class C, E).
    """

    id: str
    government: str
    name: str
    lines: tuple[ExitLine, ...]
    pools: tuple[IPv4Network | IPv6Network, ...] = ()
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A vertical application 纵向应用 (extranet.md §9): where it is served, who must reach it."""

    id: str
    name: str
    tier: str
    prefix: IPv4Network | IPv6Network
    government: str
    levels: tuple[Level, ...]
    vpn: str = ""
    status: str = "sample"


@dataclass(frozen=True, slots=True)
class PrivateNetwork:
    """A department's private network and its state of merging into the extranet."""

    id: str
    name: str
    owner: str
    state: str
    sensitive: bool
    prefixes: tuple[IPv4Network | IPv6Network, ...] = ()
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exemption 例外: one form for exits, baseline and configuration.

    ``rule`` is a rule id or a clause, ``subject_kind``/``subject_id`` whom it relieves,
    ``exit`` the exit it allows. In force from ``begin`` to ``end``, both inclusive,
    Asia/Shanghai.
    """

    number: str
    rule: str
    subject_kind: str
    subject_id: str
    reason: str
    approver: str
    begin: date
    end: date
    relief: str | None = None
    exit: str | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether the exemption holds on ``day`` (Asia/Shanghai)."""
        return self.begin <= day <= self.end


@dataclass(frozen=True, slots=True)
class Credential:
    """How to log in: the user name, and references to secrets (never the secrets).

    ``kind`` is ``ssh``, ``snmp_v2c`` or ``snmp_v3``. References: ``env:NAME``,
    ``file:PATH`` (relative to the inventory, mode 0600), ``keyring:SERVICE/NAME``.
    """

    name: str
    kind: str
    username: str = ""
    secret: str = ""
    privacy: str = ""
    auth_protocol: str = ""
    privacy_protocol: str = ""


@dataclass(frozen=True, slots=True)
class Reflector:
    """A service of ours on the internet side that says from where it was asked.

    ``key`` is a reference to the secret that authenticates its answers; ``zone`` the DNS zone it
    answers for, "" where it serves no DNS.
    """

    id: str
    addresses: tuple[IPv4Address | IPv6Address, ...]
    port: int
    key: str
    http_port: int | None = None
    dns_port: int | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Vantage:
    """A place to measure from.

    ``kind`` is ``local`` (this machine), ``device`` (a device's own ping and tracert) or
    ``host`` (a Linux host reached by SSH); the latter two name a ``device`` of the inventory.
    ``sources`` are the addresses to probe from, none: as the system chooses. ``department`` is
    whose subnets it stands for, None: those of its sources.
    """

    id: str
    kind: str
    device: str | None = None
    department: str | None = None
    sources: tuple[IPv4Address | IPv6Address, ...] = ()


@dataclass(frozen=True, slots=True)
class SpoofPermit:
    """Addresses whose owner allows the spoofed-source check, until ``end`` (inclusive)."""

    prefix: IPv4Network | IPv6Network
    owner: str
    approval: str
    end: date


@dataclass(frozen=True, slots=True)
class Probing:
    """``probing.yaml``: from where to measure, against which reflectors, how fast.

    ``pace`` is packets a second of one site (vantage).
    """

    vantages: Mapping[str, Vantage] = field(default_factory=dict)
    reflectors: Mapping[str, Reflector] = field(default_factory=dict)
    spoof_permits: tuple[SpoofPermit, ...] = ()
    pace: int = 1000


@dataclass(frozen=True)
class Inventory:
    """A checked inventory. Mappings keep the order of the files."""

    province: str
    title: str
    governments: Mapping[str, Government]
    nodes: Mapping[str, Node]
    devices: Mapping[str, Device]
    links: Mapping[str, Link]
    departments: Mapping[str, Department]
    exits: Mapping[str, Exit]
    plan: AddressPlan
    applications: Mapping[str, Application] = field(default_factory=dict)
    private_networks: Mapping[str, PrivateNetwork] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    known_hosts: str = ""
    digest: str = ""
    invented: bool = False
    probing: Probing = field(default_factory=Probing)
    graded: Mapping[str, GradedObject] = field(default_factory=dict)
    confirmations: tuple[Confirmation, ...] = ()

    @cached_property
    def devices_of(self) -> Mapping[str, tuple[Device, ...]]:
        """Devices by government code."""
        found: dict[str, list[Device]] = {}
        for device in self.devices.values():
            found.setdefault(device.government, []).append(device)
        return {code: tuple(devices) for code, devices in found.items()}

    @cached_property
    def departments_of(self) -> Mapping[str, tuple[Department, ...]]:
        """Departments by government code."""
        found: dict[str, list[Department]] = {}
        for department in self.departments.values():
            found.setdefault(department.government, []).append(department)
        return {code: tuple(items) for code, items in found.items()}

    @cached_property
    def links_of(self) -> Mapping[str, tuple[Link, ...]]:
        """Links by device id."""
        found: dict[str, list[Link]] = {}
        for link in self.links.values():
            for end in (link.a, link.b):
                if end is not None:
                    found.setdefault(end.device, []).append(link)
        return {device: tuple(links) for device, links in found.items()}

    @cached_property
    def graded_of(self) -> Mapping[str, tuple[GradedObject, ...]]:
        """Graded objects by the id of a device that serves them, itself or by its department."""
        found: dict[str, list[GradedObject]] = {}
        for item in self.graded.values():
            served = set(item.departments)
            by_department = (d.id for d in self.devices.values() if d.department in served)
            for name in dict.fromkeys((*item.devices, *by_department)):
                found.setdefault(name, []).append(item)
        return {device: tuple(items) for device, items in found.items()}

    def registered(self, level: Level) -> tuple[Government, ...]:
        """Return the governments of ``level`` that count in rates."""
        return tuple(
            g
            for g in self.governments.values()
            if g.level is level and g.status is GovernmentStatus.GOVERNMENT
        )

    def superiors(self, code: str) -> tuple[str, ...]:
        """Return the superiors of a government, nearest first, by the inventory's parents."""
        found: list[str] = []
        above = self.governments[code].parent
        while above is not None and above not in found:
            found.append(above)
            above = self.governments[above].parent if above in self.governments else None
        return tuple(found)
