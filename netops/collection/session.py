"""Opens a command line on a device of the inventory, whatever the way to it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import paramiko

from netops.collection.contact import ContactError, Limits, Turn
from netops.collection.credentials import Secrets
from netops.collection.guard import ReadOnlyGuard
from netops.collection.hostkeys import HostKeys
from netops.collection.shell import Reply, Shell
from netops.collection.ssh import (
    Door,
    JumpHosts,
    log_in,
    open_shell,
    open_socket,
    open_through,
)
from netops.collection.telnet import TelnetChannel, TelnetLogin
from netops.collection.transport import Transport
from netops.errors import GuardError, SecretError
from netops.evidence.observation import Outcome
from netops.facts.device import Contact
from netops.inventory.model import Device, Inventory
from netops.platforms.base import Platform
from netops.platforms.registry import platform as registered
from netops.text import decode, shown_lines

_ENDED = {Outcome.TIMED_OUT: Contact.HUNG, Outcome.CLOSED: Contact.DROPPED}


@dataclass(frozen=True)
class Access:
    """What it takes to reach the devices of one inventory."""

    inventory: Inventory
    secrets: Secrets
    keys: HostKeys
    limits: Limits = field(default_factory=Limits)
    jumps: JumpHosts = field(default_factory=JumpHosts)
    platform_of: Callable[[str], Platform] = registered

    @staticmethod
    def of(inventory: Inventory, folder: Path, limits: Limits | None = None) -> Access:
        """Make it from an inventory and the folder it was read from."""
        keys = HostKeys.parse(inventory.known_hosts)
        return Access(inventory, Secrets(inventory, folder), keys, limits or Limits())

    def close(self) -> None:
        """Let go of the jump hosts."""
        self.jumps.close()


class Session:
    """A read-only command line on one device. Every line passes the guard."""

    def __init__(
        self, platform: Platform, shell: Shell, release: Callable[[], None] = lambda: None
    ) -> None:
        self.platform = platform
        self.shell = shell
        self.paging_refused = False
        self._guard = ReadOnlyGuard(platform)
        self._release = release

    def start(self) -> Self:
        """Wait for the prompt and turn paging off; a refusal means that the pager is answered."""
        self.shell.start()
        for line in self.platform.paging_off:
            reply = self.ask(line)
            if reply.outcome is not Outcome.ACCEPTED:
                contact = _ENDED.get(reply.outcome, Contact.UNUSABLE)
                raise ContactError(contact, f"at the first command: {reply.detail}")
            said = shown_lines(decode(reply.raw))
            if any(p.search(one) for p, _ in self.platform.refusals for one in said):
                self.paging_refused = True
        return self

    def ask(self, line: str) -> Reply:
        """Send one read-only command and return its answer; ``GuardError`` for any other line."""
        return self.shell.ask(self._guard.admit(line))

    def admits(self, line: str) -> bool:
        """Whether the guard lets ``line`` pass."""
        try:
            self._guard.admit(line)
        except GuardError:
            return False
        return True

    def close(self) -> None:
        """End the session by closing its connection; nothing is typed for it."""
        self.shell.close()
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def open_session(
    device: Device,
    access: Access,
    turn: Turn | None = None,
    on_verified: Callable[[], None] = lambda: None,
) -> Session:
    """Open a session, or raise ``ContactError``.

    ``on_verified`` is called once the host key was found right (telnet: has none).
    """
    waiting = turn or Turn.alone()
    platform = access.platform_of(device.platform)
    username, password = _account(device, access)
    if device.transport == "telnet":
        on_verified()
        return _telnet(device, access, waiting, platform, (username, password))
    transport = _verified(device, access, waiting)
    try:
        on_verified()
        log_in(transport, username, password)
        shell = Shell(open_shell(transport), platform, access.limits, waiting)
        return Session(platform, shell, transport.close).start()
    except BaseException:
        transport.close()
        raise


def open_login(device: Device, access: Access, turn: Turn | None = None) -> Transport:
    """Open a logged-in SSH connection without a command line, or raise ``ContactError``."""
    waiting = turn or Turn.alone()
    account = _account(device, access)
    if device.transport != "ssh":
        raise ContactError(Contact.UNUSABLE, "a probe host is reached by SSH alone")
    transport = _verified(device, access, waiting)
    try:
        log_in(transport, *account)
    except BaseException:
        transport.close()
        raise
    return transport


def _account(device: Device, access: Access) -> tuple[str, str]:
    """Resolve the log-in before anything is connected; a secret that is not there is a result."""
    try:
        credential = access.secrets.credential(device.credential)
        return credential.username, access.secrets.resolve(credential.secret)
    except SecretError as error:
        raise ContactError(Contact.NO_CREDENTIALS, str(error)) from error


def reach(device: Device, access: Access, turn: Turn) -> socket.socket | paramiko.Channel:
    """Connect, through jump hosts if named; nothing secret is sent to the device itself."""
    if not device.via:
        return open_socket(device.host, device.port, access.limits, turn)
    jump = _jump(device.via, access, turn)
    return open_through(jump, device.host, device.port, access.limits)


def _verified(device: Device, access: Access, turn: Turn) -> Transport:
    """Connect and check the host key; nothing secret is sent."""
    door = Door(device.host, device.port, access.keys, legacy=device.ssh == "legacy")
    return door.enter(reach(device, access, turn), access.limits, turn)


def _jump(chain: tuple[str, ...], access: Access, turn: Turn) -> Transport:
    """Return a logged-in transport to the last host of ``chain``."""

    def connect() -> Transport:
        name = chain[-1]
        host = access.inventory.devices.get(name)
        if host is None:
            raise ContactError(Contact.UNREACHABLE, f"jump host {name} is not in the inventory")
        try:
            transport = _verified(replace(host, via=chain[:-1]), access, turn)
            log_in(transport, *_account(host, access))
            transport.share()
        except ContactError as error:
            detail = f"jump host {name}: {error.contact}: {error.detail}"
            raise ContactError(Contact.UNREACHABLE, detail) from error
        return transport

    return access.jumps.transport(chain, connect)


def _telnet(
    device: Device, access: Access, turn: Turn, platform: Platform, account: tuple[str, str]
) -> Session:
    sock = open_socket(device.host, device.port, access.limits, turn)
    try:
        channel = TelnetChannel(sock)
        TelnetLogin(channel, access.limits, turn).log_in(*account)
        return Session(platform, Shell(channel, platform, access.limits, turn, "\r\n")).start()
    except BaseException:
        sock.close()
        raise
