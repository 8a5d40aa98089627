"""What packets showed: echoes, paths, egress addresses, flow records, each with its vantage.

Knows no socket and no clock: probing makes these values, a snapshot keeps them, judgement
weighs them beside what the configuration promises. A measurement that could not be made is a
value too (``detail`` says why); it is never taken for a failure of the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.facts.source import NOWHERE, Source

Address = IPv4Address | IPv6Address


class Reach(StrEnum):
    """Three-state answer of repeated probes; one ping decides nothing."""

    WORKS = "works"
    FLAPS = "flaps"
    FAILS = "fails"
    NOT_MEASURED = "not_measured"
    """The probes could not be sent, or the vantage point could not be used: says nothing."""


@dataclass(frozen=True, slots=True)
class Echoes:
    """A series of probes from one vantage to one target.

    ``protocol`` is ``icmp`` or ``tcp`` (then with ``port``; a refusal is an answer).
    ``round_trips_ms`` holds one value for each answer, in the order sent. ``source`` is the
    address probed from, None where the system chose it. ``at`` is when the first was sent, with
    zone.
    """

    vantage: str
    target: Address
    protocol: str
    sent: int
    round_trips_ms: tuple[float, ...]
    at: datetime
    source: Address | None = None
    port: int | None = None
    detail: str = ""
    evidence: Source = NOWHERE

    @property
    def received(self) -> int:
        """How many of the probes were answered."""
        return len(self.round_trips_ms)

    @property
    def reach(self) -> Reach:
        """All answered: works; none: fails; some: flaps; nothing sent: not measured."""
        if not self.sent:
            return Reach.NOT_MEASURED
        if self.received >= self.sent:
            return Reach.WORKS
        return Reach.FLAPS if self.received else Reach.FAILS


@dataclass(frozen=True, slots=True)
class Hop:
    """Everything that answered at one distance; no address: nothing answered there.

    Several addresses: equal-cost paths or a change while tracing.
    """

    ttl: int
    addresses: tuple[Address, ...] = ()
    round_trips_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A path traced with a constant flow identifier (RFC 2992 hashing keeps it on one way).

    ``flow`` tells traces of different flows to the same target apart. ``reached`` is True only
    when the target itself answered.
    """

    vantage: str
    target: Address
    protocol: str
    flow: int
    hops: tuple[Hop, ...]
    reached: bool
    at: datetime
    source: Address | None = None
    detail: str = ""
    evidence: Source = NOWHERE


class EgressState(StrEnum):
    """What became of an egress probe. Only CONFIRMED says where packets leave."""

    CONFIRMED = "confirmed"
    """The reflector's answer is authentic, fresh, and answers this very question."""
    UNREACHABLE = "unreachable"
    """No answer came in time."""
    FORGED = "forged"
    """An answer came whose authentication code is not the reflector's."""
    REPLAYED = "replayed"
    """An authentic answer to another question, or one seen before."""
    SKEWED = "skewed"
    """An authentic answer whose time is too far from the collector's."""
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Egress:
    """What a reflector on the internet side saw of one question.

    ``source`` is the inside address asked from, ``seen`` and ``seen_port`` where the question
    came from as the reflector saw it (None unless CONFIRMED). ``protocol`` is ``tcp``, ``udp``,
    ``http`` or ``dns`` (then ``seen`` is the resolver's address).
    """

    vantage: str
    reflector: str
    family: int
    protocol: str
    state: EgressState
    at: datetime
    source: Address | None = None
    seen: Address | None = None
    seen_port: int | None = None
    detail: str = ""
    evidence: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """One flow that an exit's own export recorded (NetFlow, IPFIX or a NAT log in a file).

    ``inside`` is the address before translation, ``outside`` after it (None where the record
    holds no translation), ``exporter`` the device that recorded it.
    """

    exporter: str
    inside: Address
    destination: Address
    begin: datetime
    end: datetime
    outside: Address | None = None
    protocol: int = 0
    octets: int = 0
    evidence: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class VantagePoint:
    """Where measurements were made from, as the snapshot recorded it.

    ``subnets`` are the prefixes for which it stands: those of its sources' department or device.
    """

    id: str
    kind: str
    device: str | None = None
    department: str | None = None
    subnets: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True)
class Measurements:
    """Everything active that one snapshot holds; empty when none was asked for.

    ``digests`` maps an observation's id to the digest of its raw bytes, for evidence.
    """

    echoes: tuple[Echoes, ...] = ()
    paths: tuple[Path, ...] = ()
    egresses: tuple[Egress, ...] = ()
    flows: tuple[FlowRecord, ...] = ()
    vantages: Mapping[str, VantagePoint] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured."""
        return not (self.echoes or self.paths or self.egresses or self.flows)


NOTHING_MEASURED = Measurements()
