"""The way to one device for NAPALM: optional arguments in, a guarded session out.

Every command passes the session of collection and its guard; host keys are pinned there and
held before a password is sent. Translates how contact ended into NAPALM's exceptions.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any, Protocol

from napalm.base.exceptions import (
    CommandErrorException,
    CommandTimeoutException,
    ConnectAuthError,
    ConnectionClosedException,
    ConnectionException,
    ConnectTimeoutError,
)

from netops.addressing import AddressPlan
from netops.collection.contact import ContactError, Limits
from netops.collection.credentials import Secrets
from netops.collection.hostkeys import HostKeys
from netops.collection.session import Access, Session, open_session
from netops.errors import GuardError, InputError
from netops.evidence.observation import Outcome
from netops.facts.device import Contact
from netops.inventory.model import Credential, Device, Inventory
from netops.platforms.registry import platform as registered
from netops.text import decode, one_line

_LOG = logging.getLogger(__name__)
_PORTS = {"ssh": 22, "telnet": 23}
_PORTS_END = 1 << 16
_KNOWN = frozenset(
    {"port", "known_hosts", "alt_key_file", "alt_host_keys", "ssh_strict", "legacy", "transport"}
)
_ANSWER_S = 120.0
_AUTH = frozenset({Contact.LOGIN_REFUSED, Contact.PASSWORD_EXPIRED, Contact.NO_CREDENTIALS})
_KEYS = frozenset({Contact.HOST_KEY_CHANGED, Contact.HOST_KEY_UNKNOWN})


class Line(Protocol):
    """Where a driver puts its questions; NAPALM's test doubles have the same form."""

    def send_command(self, command: str) -> str:
        """Return what the device answered to one read-only command."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """Where and how to connect, as NAPALM's caller said it."""

    host: str
    port: int
    transport: str = "ssh"
    legacy: bool = False
    strict: bool = True
    known_hosts: str | None = None

    @staticmethod
    def of(host: str, options: Mapping[str, Any]) -> Way:
        """Read ``optional_args``; those that mean nothing here are named in the log."""
        strange = sorted(set(options) - _KNOWN)
        if strange:
            _LOG.warning("optional_args without effect: %s", ", ".join(strange))
        transport = str(options.get("transport") or "ssh")
        if transport not in _PORTS:
            raise ConnectionException(f"transport is “ssh” or “telnet”, not “{transport}”.")
        port = str(options.get("port") or _PORTS[transport])
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < _PORTS_END):
            raise ConnectionException(f"port is a number from 1 to 65535, not “{port}”.")
        known_hosts = options.get("known_hosts") or options.get("alt_key_file")
        return Way(
            host=host,
            port=int(port),
            transport=transport,
            legacy=options.get("legacy") is True,
            strict=options.get("ssh_strict") is not False,
            known_hosts=None if known_hosts is None else str(known_hosts),
        )

    def keys(self) -> HostKeys:
        """Return the approved host keys; without any, no device is ever logged in to."""
        if not self.strict:
            if not _is_loopback(self.host):
                raise ConnectionException(
                    f"ssh_strict=False was refused for {self.host}: without a pinned host key the "
                    "password may go to a stranger. Give optional_args known_hosts instead; only "
                    "loopback addresses may do without."
                )
            return _AnyKey({})
        if self.known_hosts is None:
            return HostKeys({})
        try:
            return HostKeys.parse(Path(self.known_hosts).expanduser().read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            kind = type(error).__name__
            raise ConnectionException(
                f"The file of known host keys {self.known_hosts} cannot be read: {kind}."
            ) from error
        except InputError as error:
            raise ConnectionException(f"{self.known_hosts}: {error}") from error


class _AnyKey(HostKeys):
    """Takes whatever key is shown: for simulated devices on loopback addresses alone."""

    __slots__ = ()

    def check(self, host: str, port: int, kind: str, blob: bytes) -> None:
        """Approve."""


def _is_loopback(host: str) -> bool:
    """Whether ``host`` is a loopback address; a name is not, it may resolve to anything."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Given(Secrets):
    """The one account that NAPALM was given, never written anywhere."""

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._password = password

    def __repr__(self) -> str:
        return "the account given to NAPALM"

    def credential(self, name: str) -> Credential:
        """Return the account."""
        return Credential(name, "ssh", self._username, "given")

    def resolve(self, reference: str) -> str:  # noqa: ARG002 - there is but one
        """Return its password."""
        return self._password


class GuardedLine:
    """A session with a device. After an answer that is not whole it is closed."""

    def __init__(self, session: Session, host: str) -> None:
        self._session: Session | None = session
        self._host = host
        match = session.platform.prompt.fullmatch(session.shell.prompt)
        named = match is not None and "host" in match.re.groupindex
        self.prompt_host = match["host"] if match is not None and named else ""

    def send_command(self, command: str) -> str:
        """Ask one read-only command and return its whole answer, echo and prompt included."""
        if self._session is None:
            raise ConnectionClosedException(f"{self._host}: the session is closed.")
        try:
            reply = self._session.ask(command)
        except GuardError as error:
            raise CommandErrorException(f"{self._host}: {error}") from error
        if reply.outcome is Outcome.ACCEPTED:
            return decode(reply.raw)
        self.close()
        said = f"{self._host}: “{one_line(command)}”: {reply.detail or reply.outcome}."
        if reply.outcome is Outcome.TIMED_OUT:
            raise CommandTimeoutException(said)
        if reply.outcome is Outcome.CLOSED:
            raise ConnectionClosedException(said)
        raise CommandErrorException(said)

    def close(self) -> None:
        """End the session; twice is harmless."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def connect(way: Way, platform: str, account: tuple[str, str], timeout: float) -> GuardedLine:
    """Open a session, or raise a ``ConnectionException`` that says how contact ended."""
    limits = Limits(
        connect_s=timeout, login_s=timeout, silence_s=timeout, answer_s=max(timeout, _ANSWER_S)
    )
    device = Device(
        id=way.host,
        name=way.host,
        node="",
        government="",
        role="",
        platform=platform,
        address=IPv4Address(0),  # the address in the model: a lone device stands in none
        host=way.host,
        port=way.port,
        transport=way.transport,
        ssh="legacy" if way.legacy else "modern",
        credential="given",
    )
    access = Access(_nowhere(), _Given(*account), way.keys(), limits, platform_of=registered)
    try:
        return GuardedLine(open_session(device, access), way.host)
    except ContactError as error:
        raise _as_napalm(way, error) from error


def _nowhere() -> Inventory:
    """Return the inventory of a device that belongs to none."""
    return Inventory(
        province="",
        title="",
        governments={},
        nodes={},
        devices={},
        links={},
        departments={},
        exits={},
        plan=AddressPlan(()),
    )


def _as_napalm(way: Way, error: ContactError) -> Exception:
    said = f"{way.host} port {way.port}: {error.contact}: {error.detail}."
    if error.contact in _KEYS:
        remedy = (
            "No password was sent. Check the key, then pin it in the file that known_hosts names."
        )
        return ConnectionException(f"{said} {remedy}")  # type: ignore[no-any-return]
    if error.contact in _AUTH:
        return ConnectAuthError(said)  # type: ignore[no-any-return]
    if error.contact is Contact.HUNG:
        return ConnectTimeoutError(said)  # type: ignore[no-any-return]
    return ConnectionException(said)  # type: ignore[no-any-return]
