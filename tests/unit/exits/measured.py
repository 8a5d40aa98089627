"""Measurements for the tests of the exits audit, by hand: what a reflector, a path, a record said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from exits_world import World, build_world

from netops.facts.measurements import (
    Egress,
    EgressState,
    FlowRecord,
    Hop,
    Measurements,
    Path,
    VantagePoint,
)
from netops.facts.source import Source

AT = datetime.fromisoformat("2026-06-01T11:00:00+08:00")
REFLECTOR = "203.0.113.53"
LINES = {"P1": "198.51.100.2", "C1": "198.51.100.6", "K1": "198.51.100.10"}
"""Outside address of the declared line of each router."""
CARRIERS = {"P1": "198.51.100.1", "C1": "198.51.100.5", "K1": "198.51.100.9"}
SOURCES = {"P1": "10.1.0.7", "C1": "10.2.0.7", "K1": "10.3.0.7", "T1": "10.4.0.7"}
"""A host in the subnet of the department behind each router."""


def egress(router: str, seen: str | None, **more: Any) -> Egress:  # noqa: ANN401
    """Return what the reflector saw of a question from the department behind a router."""
    state = EgressState.CONFIRMED if seen is not None else EgressState.UNREACHABLE
    made = Egress(
        vantage=f"V-{router}",
        reflector="R1",
        family=4,
        protocol="tcp",
        state=state,
        at=AT,
        source=ip_address(SOURCES[router]),
        seen=None if seen is None else ip_address(seen),
        seen_port=None if seen is None else 4000,
        evidence=Source(f"egress-{router}", 1, 1),
    )
    return replace(made, **more)


def path(router: str, *hops: str, reached: bool = True, **more: Any) -> Path:  # noqa: ANN401
    """Return a traced path to the reflector; a hop may hold several addresses, or none."""
    made = tuple(
        Hop(ttl, tuple(ip_address(a) for a in hop.split())) for ttl, hop in enumerate(hops, start=1)
    )
    found = Path(
        vantage=f"V-{router}",
        target=ip_address(REFLECTOR),
        protocol="udp",
        flow=1,
        hops=made,
        reached=reached,
        at=AT,
        source=ip_address(SOURCES[router]),
        evidence=Source(f"path-{router}", 1, 1),
    )
    return replace(found, **more)


def flow(router: str, exporter: str, outside: str | None = None, **more: Any) -> FlowRecord:  # noqa: ANN401
    """Return a record of a connection from the department behind a router."""
    made = FlowRecord(
        exporter=exporter,
        inside=ip_address(SOURCES[router]),
        destination=ip_address("203.0.113.80"),
        begin=AT,
        end=AT,
        outside=None if outside is None else ip_address(outside),
        protocol=6,
    )
    return replace(made, **more)


def measured(*found: Egress | Path | FlowRecord) -> Measurements:
    """Return everything measured, with a vantage in each department."""
    vantages = {
        f"V-{router}": VantagePoint(
            f"V-{router}", "host", department=f"D-{router}", subnets=(ip_network(f"{source}/32"),)
        )
        for router, source in SOURCES.items()
    }
    digests = {item.evidence.observation: "sm3:" + "0" * 64 for item in found}
    return Measurements(
        paths=tuple(f for f in found if isinstance(f, Path)),
        egresses=tuple(f for f in found if isinstance(f, Egress)),
        flows=tuple(f for f in found if isinstance(f, FlowRecord)),
        vantages=vantages,
        digests=digests,
    )


def all_confirmed() -> Measurements:
    """Every department was seen to leave by its own government's line, the township by K1's."""
    return measured(*(egress(r, LINES["K1" if r == "T1" else r]) for r in SOURCES))


__all__ = ["World", "build_world"]
