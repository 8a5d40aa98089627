"""Reads a host for a baseline: one program by SSH in one round trip, split into observations.

The same splitting serves the output that a colleague sent. A section that was broken off is kept
as such; what never came stays not asked. Nothing here knows what a section means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netops.collection.artefact import Artefact, now
from netops.collection.bundle import Bounds, run_bundle
from netops.collection.contact import ContactError, Turn
from netops.collection.guard import admit_collector
from netops.collection.pace import Pace
from netops.collection.session import Access
from netops.collection.shell import Reply
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.inventory.model import Device
from netops.platforms.base import Platform
from netops.platforms.settings import Baseline
from netops.platforms.stream import Stream, split
from netops.text import decode, one_line

_OCTETS = 4 << 20
"""Many times what the program prints at most; a host that prints more runs something else."""
_SECONDS = 90.0
_WALK_SECONDS = 60.0
_SHOWN = 120
_EXPIRED = re.compile(r"password change required|password has expired", re.IGNORECASE)
_ENDED = {
    Outcome.TIMED_OUT: Contact.HUNG,
    Outcome.CLOSED: Contact.DROPPED,
}


def admit_programs(platforms: Iterable[Platform]) -> None:
    """Let the guard see every program before anybody is asked, or raise ``GuardError``."""
    for platform in platforms:
        if platform.baseline is not None and platform.baseline.program is not None:
            admit_collector(platform.baseline.program())


def collect_host(
    device: Device, access: Access, turn: Turn, pace: Pace, *, walk: bool = False
) -> DeviceRecord:
    """Run the platform's program on a host. Raises only ``StoppedError``."""
    began = now()
    baseline = access.platform_of(device.platform).baseline
    if baseline is None or baseline.program is None:
        raise ValueError(f"{device.platform} has no program")
    try:
        pace.wait(device.credential, turn)
        bundle = admit_collector(baseline.program(), walk=walk)
        bounds = Bounds(_SECONDS + (_WALK_SECONDS if walk else 0.0), _OCTETS)
        reply = run_bundle(device, access, bundle, bounds, turn)
    except ContactError as error:
        return _record(device, began, error.contact, error.detail)
    stream = split(reply.raw)
    pieces = list(artefacts(stream, sections_of(baseline), reply.outcome, reply.elapsed_s))
    contact, detail = _contact(reply, stream, pieces)
    notes = () if stream.whole else (f"the evidence is not whole: {reply.detail or 'cut'}",)
    return _record(device, began, contact, detail, observations(device, pieces, "ssh"), notes)


def artefacts(
    stream: Stream, known: set[str], outcome: Outcome = Outcome.CLOSED, elapsed_s: float = 0.0
) -> Iterator[Artefact]:
    """Yield what each section came to; sections that are none of ours are left out."""
    at = now()
    for name, raw in stream.sections.items():
        if name in known:
            yield Artefact(f"baseline/{name}", Outcome.ACCEPTED, raw, at, elapsed_s)
    for name, raw in stream.cut.items():
        if name in known:
            how = Outcome.CLOSED if outcome is Outcome.ACCEPTED else outcome
            yield Artefact(f"baseline/{name}", how, raw, at, elapsed_s, "the section is cut")


def observations(device: Device, pieces: list[Artefact], source: str) -> tuple[Observation, ...]:
    """Return the observations of a device made of its pieces."""
    return tuple(
        Observation(
            id=f"{device.id}#{number}",
            device=device.id,
            command=piece.command,
            source=source,
            at=piece.at,
            elapsed_s=piece.elapsed_s,
            outcome=piece.outcome,
            raw=piece.raw,
            detail=piece.detail,
        )
        for number, piece in enumerate(pieces, start=1)
    )


def _contact(reply: Reply, stream: Stream, pieces: list[Artefact]) -> tuple[Contact, str]:
    if any(piece.outcome is Outcome.ACCEPTED for piece in pieces):
        return Contact.ANSWERED, "" if stream.whole else f"cut: {reply.detail}"
    if stream.failure:
        return Contact.UNUSABLE, stream.failure
    if _EXPIRED.search(reply.detail):
        return Contact.PASSWORD_EXPIRED, reply.detail
    contact = _ENDED.get(reply.outcome, Contact.UNUSABLE) if not reply.raw else Contact.UNUSABLE
    said = one_line(decode(reply.raw[:400]).strip())[:_SHOWN]
    detail = f"it did not run the program ({reply.detail or 'it ran something else'})"
    return contact, f"{detail}: {said}" if said else detail


def _record(
    device: Device,
    began: str,
    contact: Contact,
    detail: str,
    found: tuple[Observation, ...] = (),
    notes: tuple[str, ...] = (),
) -> DeviceRecord:
    return DeviceRecord(
        device=device.id,
        platform=device.platform,
        contact=contact,
        detail=one_line(detail)[:300],
        began=began,
        ended=now(),
        observations=found,
        notes=notes,
    )


def sections_of(baseline: Baseline) -> set[str]:
    """Return the names of the sections that a platform's program has."""
    return {section.name for section in baseline.sections}


def commands_of(baseline: Baseline) -> set[str]:
    """Return the commands that observations of sections bear."""
    return {section.command for section in baseline.sections}
