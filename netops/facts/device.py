"""All facts of one device, as an audit receives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netops.facts.access import (
    AdvertisedDefault,
    Cellular,
    DhcpLease,
    Dialer,
    PppoeSession,
    RouterAdvertisement,
    Tunnel,
)
from netops.facts.answers import AnswerState, CommandAnswer, UnreadLine
from netops.facts.interfaces import Interface, StackMember
from netops.facts.nat import NatPool, NatRule, NatSessions
from netops.facts.neighbours import BgpPeer, LldpNeighbour, Neighbour
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.redundancy import VrrpGroup
from netops.facts.routes import RouteTable, StaticRoute, VpnInstance, VpnRoute
from netops.facts.snmp import SnmpInterface, SnmpRoute, SnmpSystem
from netops.facts.system import (
    Component,
    Configuration,
    Identity,
    LocalUser,
    NtpServer,
    NtpStatus,
    SnmpAgent,
)


class Contact(StrEnum):
    """How the attempt to read a device ended; ANSWERED says nothing about single commands."""

    ANSWERED = "answered"
    """SSH gave at least one accepted answer."""
    UNREACHABLE = "unreachable"
    """Nothing answered at the address (refused, no route, connect time-out)."""
    LOGIN_REFUSED = "login_refused"
    HOST_KEY_CHANGED = "host_key_changed"
    HOST_KEY_UNKNOWN = "host_key_unknown"
    HUNG = "hung"
    """It accepted the connection and then gave nothing in time."""
    DROPPED = "dropped"
    """It closed the session before any answer was accepted."""
    UNUSABLE = "unusable"
    """It talked, but no answer could be accepted (garbage, endless pager, flood)."""
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - a state, not a secret
    NO_CREDENTIALS = "no_credentials"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class SnmpFacts:
    """The second source. ``answered`` False: the agent gave nothing."""

    answered: bool
    system: SnmpSystem | None = None
    interfaces: tuple[SnmpInterface, ...] = ()
    default_routes: tuple[SnmpRoute, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """Everything understood of one device in one snapshot.

    ``routes`` is keyed by (instance, family). ``answers`` has a row for every command asked.
    ``statics`` come from the configuration: selected or not.
    """

    device: str
    platform: str
    contact: Contact = Contact.NOT_ASKED
    detail: str = ""
    identity: Identity | None = None
    interfaces: tuple[Interface, ...] = ()
    routes: Mapping[tuple[str, int], RouteTable] = field(default_factory=dict)
    statics: tuple[StaticRoute, ...] = ()
    vpn_instances: tuple[VpnInstance, ...] = ()
    vpn_routes: tuple[VpnRoute, ...] = ()
    policy_routes: tuple[PolicyRoute, ...] = ()
    acls: tuple[Acl, ...] = ()
    nat_rules: tuple[NatRule, ...] = ()
    nat_pools: tuple[NatPool, ...] = ()
    nat_sessions: tuple[NatSessions, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    lldp: tuple[LldpNeighbour, ...] = ()
    bgp_peers: tuple[BgpPeer, ...] = ()
    vrrp: tuple[VrrpGroup, ...] = ()
    pppoe: tuple[PppoeSession, ...] = ()
    dialers: tuple[Dialer, ...] = ()
    cellular: tuple[Cellular, ...] = ()
    dhcp: tuple[DhcpLease, ...] = ()
    tunnels: tuple[Tunnel, ...] = ()
    advertised: tuple[AdvertisedDefault, ...] = ()
    advertising: tuple[RouterAdvertisement, ...] = ()
    stack: tuple[StackMember, ...] = ()
    components: tuple[Component, ...] = ()
    ntp: tuple[NtpStatus, ...] = ()
    ntp_servers: tuple[NtpServer, ...] = ()
    snmp_agent: tuple[SnmpAgent, ...] = ()
    users: tuple[LocalUser, ...] = ()
    configuration: Configuration | None = None
    snmp: SnmpFacts | None = None
    answers: tuple[CommandAnswer, ...] = ()
    unread: tuple[UnreadLine, ...] = ()

    @property
    def has_answered(self) -> bool:
        """Whether SSH gave at least one accepted answer."""
        return self.contact is Contact.ANSWERED

    def understood(self, commands: frozenset[str]) -> bool:
        """Whether every one of ``commands`` parsed or was answered "not supported"."""
        good = {AnswerState.UNDERSTOOD, AnswerState.NOT_SUPPORTED}
        states = {answer.command: answer.state for answer in self.answers}
        return self.has_answered and all(states.get(name) in good for name in commands)
