"""What became of each question put to a device."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netops.facts.source import NOWHERE, Source

REGISTERED_LINKS = "inventory/links"
"""Stands where a command would for what the inventory registers; no device is asked."""


class AnswerState(StrEnum):
    """The different answers that must never be taken for one another."""

    UNDERSTOOD = "understood"
    """Parsed, with or without facts; lines not understood are listed apart."""
    NOT_SUPPORTED = "not_supported"
    """The device said that it knows no such command or feature: an answer."""
    REFUSED = "refused"
    """The device refused for lack of rights."""
    NOT_UNDERSTOOD = "not_understood"
    """It answered something that no parser knows (garbage, truncated, empty where not allowed)."""
    ERROR = "error"
    """No proper answer came: no prompt, time-out, flood."""
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """The state of one command on one device, with its count of lines.

    ``needed_by`` names the audits that cannot judge the device without it (from the platform's
    command), because judgement does not know platforms. ``first`` and ``last`` are the lines that
    the answer takes in its observation; 0 where no answer stands there.
    """

    command: str
    state: AnswerState
    observation: str = ""
    digest: str = ""
    lines: int = 0
    unread: int = 0
    detail: str = ""
    needed_by: frozenset[str] = frozenset()
    at: str = ""
    """When it was asked, ISO 8601 with zone; empty where nobody wrote it down."""
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that its parser did not understand."""

    text: str
    source: Source = NOWHERE
