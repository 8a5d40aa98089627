"""The one model of a simulated device, from which all four platforms' text is rendered.

It uses the vocabulary of ``netops.facts``: a device is a bag of true facts. The renderers turn
them into the platform's text; nothing here knows how an audit reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.interfaces import Interface
from netops.facts.nat import NatPool, NatRule
from netops.facts.neighbours import BgpPeer, LldpNeighbour, Neighbour
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.redundancy import VrrpGroup
from netops.facts.routes import RouteRow, StaticRoute, VpnInstance, VpnRoute
from netops.facts.system import Identity, NtpServer, NtpStatus


@dataclass(slots=True)
class DeviceModel:
    """What is true on one device. Lists are in the order that the device prints them.

    ``routes`` is keyed by (instance, family) and holds only selected routes (``active``), one
    row a path; floating statics and the like stand in ``statics`` only. ``is_up`` False: the
    device is down or cut off and does not answer.
    """

    id: str
    platform: str
    identity: Identity
    interfaces: list[Interface] = field(default_factory=list)
    routes: dict[tuple[str, int], list[RouteRow]] = field(default_factory=dict)
    statics: list[StaticRoute] = field(default_factory=list)
    vpn_instances: list[VpnInstance] = field(default_factory=list)
    vpn_routes: list[VpnRoute] = field(default_factory=list)
    policy_routes: list[PolicyRoute] = field(default_factory=list)
    acls: list[Acl] = field(default_factory=list)
    nat_rules: list[NatRule] = field(default_factory=list)
    nat_pools: list[NatPool] = field(default_factory=list)
    nat_sessions: int = 0
    neighbours: list[Neighbour] = field(default_factory=list)
    lldp: list[LldpNeighbour] = field(default_factory=list)
    bgp_peers: list[BgpPeer] = field(default_factory=list)
    vrrp: list[VrrpGroup] = field(default_factory=list)
    pppoe: list[PppoeSession] = field(default_factory=list)
    dialers: list[Dialer] = field(default_factory=list)
    cellular: list[Cellular] = field(default_factory=list)
    dhcp: list[DhcpLease] = field(default_factory=list)
    tunnels: list[Tunnel] = field(default_factory=list)
    ntp: NtpStatus | None = None
    ntp_servers: list[NtpServer] = field(default_factory=list)
    is_up: bool = True


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """An SNMP v3 authPriv user (SHA-256, AES-128) or a v2c community."""

    version: str
    name: str
    auth_key: str = ""
    priv_key: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a device misbehaves. ``ssh``/``snmp`` name a fault of docs/lab.md or are empty."""

    ssh: str = ""
    snmp: str = ""
    delay_s: float = 0.0
    quirks: tuple[str, ...] = ()
    """password_expiry, tricky_banner, paging_refused, wrapped_prompt, legacy_kex, telnet."""


@dataclass(frozen=True, slots=True)
class Personality:
    """All that the server needs to play one device at one loopback address.

    ``answers`` maps a whole command line to the text that the device prints (without echo
    and prompt); any other line gets the platform's "unrecognized command" text.
    ``snmp_rows`` maps dotted OIDs to (type, value) with type one of int, str, oid, ip, ticks,
    gauge, counter64.
    """

    device: str
    platform: str
    hostname: str
    address: str
    ssh_port: int
    snmp_port: int | None
    username: str
    password: str
    host_key_pem: str
    answers: dict[str, str]
    snmp_rows: dict[str, tuple[str, str]]
    snmp_user: SnmpUser | None
    behaviour: Behaviour = Behaviour()
