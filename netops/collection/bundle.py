"""Runs one admitted program on a Linux host by SSH: sent on standard input, bounded, not stored.

No terminal, no shell line but the admitted one, nothing in arguments or environment.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

import paramiko

from netops.collection.contact import ContactError, Turn
from netops.collection.guard import AdmittedBundle
from netops.collection.session import Access, open_login
from netops.collection.shell import Reply
from netops.collection.transport import Transport
from netops.evidence.observation import Outcome
from netops.facts.device import Contact
from netops.inventory.model import Device

_MOST_OCTETS = 32 << 20
_CHUNK = 1 << 16
_LOOK_S = 1.0
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a program's answer ends in any case."""

    seconds: float
    octets: int = _MOST_OCTETS


def run_bundle(
    device: Device, access: Access, bundle: AdmittedBundle, bounds: Bounds, turn: Turn | None = None
) -> Reply:
    """Run ``bundle`` on ``device`` and return what it printed, or raise ``ContactError``."""
    began = time.monotonic()
    waiting = turn or Turn.alone()
    transport = open_login(device, access, waiting)
    try:
        # From here on one thread reads packets and this one waits, as behind a jump host.
        transport.share()
        channel = _run(transport, bundle, access.limits.login_s)
        outcome, raw, detail = _read(channel, bounds, began + bounds.seconds, waiting)
    finally:
        transport.close()
    return Reply(outcome, raw, round(time.monotonic() - began, 4), detail)


def _run(transport: Transport, bundle: AdmittedBundle, login_s: float) -> paramiko.Channel:
    try:
        channel = transport.open_session(timeout=login_s)
        channel.settimeout(login_s)
        channel.exec_command(bundle.line)
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise ContactError(Contact.DROPPED, "it would not run a program") from error
    with contextlib.suppress(OSError):
        # A host that ends early says why in what it printed.
        channel.sendall(bundle.text)
        channel.shutdown_write()
    return channel


def _read(
    channel: paramiko.Channel, bounds: Bounds, deadline: float, turn: Turn
) -> tuple[Outcome, bytes, str]:
    came, complaint = bytearray(), bytearray()
    channel.settimeout(_LOOK_S)
    while True:
        if time.monotonic() > deadline:
            return Outcome.TIMED_OUT, bytes(came), "it did not end in time"
        if len(came) > bounds.octets:
            return Outcome.TOO_LONG, bytes(came[: bounds.octets]), "the answer does not end"
        while channel.recv_stderr_ready() and len(complaint) < _CHUNK:
            complaint += channel.recv_stderr(_CHUNK)
        try:
            piece = channel.recv(_CHUNK)
        except TimeoutError:
            turn.waited(_LOOK_S)
            continue
        turn.go_on()
        if not piece:
            return _ended(channel, bytes(came), bytes(complaint), deadline)
        came += piece


def _ended(
    channel: paramiko.Channel, came: bytes, complaint: bytes, deadline: float
) -> tuple[Outcome, bytes, str]:
    channel.status_event.wait(max(0.0, min(_LOOK_S, deadline - time.monotonic())))
    if channel.recv_stderr_ready():
        complaint += channel.recv_stderr(_CHUNK)
    status = channel.exit_status
    if status == 0:
        return Outcome.ACCEPTED, came, ""
    last = complaint.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1][:_SHOWN]
    ended = f"it ended with status {status}"
    return Outcome.CLOSED, came, f"{ended}: {last}" if last else ended
