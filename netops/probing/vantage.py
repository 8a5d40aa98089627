"""From where is measured: what every vantage point can be asked, and how its answers are kept.

A vantage point returns evidence, never a verdict; what it could not do is evidence too. Knows
no socket; ``local``, ``host`` and ``device`` do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from netops.evidence import measurement
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.facts.measurements import Echoes, Path
from netops.probing.egress import Errand, not_measured

Address = IPv4Address | IPv6Address
PLATFORM = "probe"
SOURCE = "probe"


@dataclass(frozen=True, slots=True)
class ReachOrder:
    """Probe these targets from one source address (None: as the system chooses)."""

    targets: tuple[Address, ...]
    source: Address | None = None
    port: int | None = None
    """A TCP port; None: ICMP."""
    vpn: str = ""

    @property
    def protocol(self) -> str:
        """What is sent."""
        return "icmp" if self.port is None else "tcp"

    def command(self, target: Address) -> str:
        """The order for one target in words."""
        what = "icmp" if self.port is None else f"tcp/{self.port}"
        return f"reach {what} {target}{_origin(self.source)}"


@dataclass(frozen=True, slots=True)
class PathOrder:
    """Trace to these targets from one source address."""

    targets: tuple[Address, ...]
    source: Address | None = None
    vpn: str = ""

    def command(self, target: Address, flow: int = 0) -> str:
        """The order for one target in words."""
        more = f" flow {flow}" if flow else ""
        return f"path {target}{_origin(self.source)}{more}"


def _origin(source: Address | None) -> str:
    return "" if source is None else f" from {source}"


@dataclass(frozen=True, slots=True)
class Orders:
    """Everything to ask of one vantage point. ``notes`` say what was left out, and why."""

    reach: tuple[ReachOrder, ...] = ()
    paths: tuple[PathOrder, ...] = ()
    errands: tuple[Errand, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How to ask: probes a target, packets a second, seconds to wait, flows of a trace."""

    count: int = 3
    pace: int = 1000
    timeout_s: float = 1.0
    flows: int = 1


class VantagePoint(Protocol):
    """A place to measure from."""

    @property
    def id(self) -> str:
        """Its name in the inventory."""
        ...

    def measure(self, orders: Orders) -> DeviceRecord:
        """Do all of it; return what came as evidence. Raises nothing for what a network does."""
        ...


@dataclass(slots=True)
class Notebook:
    """Collects the observations of one vantage point."""

    vantage: str
    began: str = field(default_factory=lambda: now().isoformat(timespec="milliseconds"))
    observations: list[Observation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def keep(self, command: str, raw: bytes, at: datetime, elapsed_s: float = 0.0) -> None:
        """Keep a document of a measurement."""
        self._add(command, SOURCE, Outcome.ACCEPTED, raw, at.isoformat(), elapsed_s, "")

    def keep_answer(
        self, command: str, source: str, outcome: Outcome, raw: bytes, at: str, elapsed_s: float
    ) -> None:
        """Keep what a device printed."""
        self._add(command, source, outcome, raw, at, elapsed_s, "")

    def _add(  # noqa: PLR0913, PLR0917 - the fields of an observation
        self,
        command: str,
        source: str,
        outcome: Outcome,
        raw: bytes,
        at: str,
        elapsed_s: float,
        detail: str,
    ) -> None:
        number = len(self.observations) + 1
        self.observations.append(
            Observation(
                id=f"{self.vantage}#{number}",
                device=self.vantage,
                command=command,
                source=source,
                at=at,
                elapsed_s=elapsed_s,
                outcome=outcome,
                raw=raw,
                detail=detail,
            )
        )

    def keep_echoes(self, echoes: Echoes, order: ReachOrder) -> None:
        """Keep a series of probes."""
        self.keep(order.command(echoes.target), measurement.encode(echoes), echoes.at)

    def keep_path(self, path: Path, order: PathOrder) -> None:
        """Keep a trace."""
        self.keep(order.command(path.target, path.flow), measurement.encode(path), path.at)

    def keep_unmeasured(self, orders: Orders, reason: str) -> None:
        """Keep that none of ``orders`` could be carried out."""
        for echoes, reach in _unmeasured_echoes(orders, self.vantage, reason):
            self.keep_echoes(echoes, reach)
        for path, trace in _unmeasured_paths(orders, self.vantage, reason):
            self.keep_path(path, trace)
        for errand in orders.errands:
            egress, raw = not_measured(errand, self.vantage, reason)
            self.keep(errand.command, raw, egress.at)

    def record(self, contact: Contact = Contact.ANSWERED, detail: str = "") -> DeviceRecord:
        """Return all that was kept."""
        return DeviceRecord(
            device=self.vantage,
            platform=PLATFORM,
            contact=contact,
            detail=detail,
            began=self.began,
            ended=now().isoformat(timespec="milliseconds"),
            observations=tuple(self.observations),
            notes=tuple(self.notes),
        )


def now() -> datetime:
    """Return this moment, with zone."""
    return datetime.now(UTC)


def _unmeasured_echoes(
    orders: Orders, vantage: str, reason: str
) -> Iterator[tuple[Echoes, ReachOrder]]:
    for order in orders.reach:
        for target in order.targets:
            yield (
                Echoes(
                    vantage, target, order.protocol, 0, (), now(), order.source, order.port, reason
                ),
                order,
            )


def _unmeasured_paths(
    orders: Orders, vantage: str, reason: str
) -> Iterator[tuple[Path, PathOrder]]:
    for order in orders.paths:
        for target in order.targets:
            yield (
                Path(vantage, target, "udp", 0, (), False, now(), order.source, reason),
                order,
            )
