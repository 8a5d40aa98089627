"""One answer before it is an observation: what was asked, what came, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from netops.evidence.observation import Outcome


@dataclass(frozen=True, slots=True)
class Artefact:
    """What came back for one command or one SNMP table."""

    command: str
    outcome: Outcome
    raw: bytes
    at: str
    elapsed_s: float
    detail: str = ""


def now() -> str:
    """Return the time as evidence writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
