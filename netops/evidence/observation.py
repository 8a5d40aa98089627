"""One raw artefact: what a device answered to one question, where, how and when.

``raw`` is what came over the wire, before any cleaning; its SM3 digest seals it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netops.facts.device import Contact
from netops.gm import sm3_hex


class Outcome(StrEnum):
    """What the collector can say of an answer without understanding it."""

    ACCEPTED = "accepted"
    """It held the echoed command and ended in exactly one prompt (SNMP: a full response)."""
    NO_PROMPT = "no_prompt"
    TIMED_OUT = "timed_out"
    TOO_LONG = "too_long"
    CLOSED = "closed"
    NO_ECHO = "no_echo"


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer. ``at`` is ISO 8601 with zone; ``source`` is ``ssh``, ``snmp`` or ``file``.

    For SNMP, ``command`` names the table asked and ``raw`` is a JSON document of the rows.
    """

    id: str
    device: str
    command: str
    source: str
    at: str
    elapsed_s: float
    outcome: Outcome
    raw: bytes
    detail: str = ""
    sealed: str = field(default="", repr=False, compare=False)
    """The digest as stored, where the whole file fitted the manifest; else empty."""

    @property
    def digest(self) -> str:
        """``sm3:`` and 64 hexadecimal digits over ``raw``."""
        return "sm3:" + sm3_hex(self.raw)


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """All that one run got from one device: how the contact ended, and the observations."""

    device: str
    platform: str
    contact: Contact
    detail: str = ""
    began: str = ""
    ended: str = ""
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = field(default=())
