"""The SSH side of a simulated device: algorithms, host key, log-in, forwarding.

Knows asyncssh. Decides who is let in; what a session says is ``session``'s.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address

import asyncssh
from asyncssh.constants import MSG_IGNORE
from asyncssh.packet import SSHPacketLogger

from netops.errors import LaboratoryError, Sentence
from netops.lab.model import Personality
from netops.lab.session import DeviceSession

_LEGACY_KEX = ("diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1")
_MODERN_KEX = (
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
)
_LOGIN_TIMEOUT_S = 120
_VERSIONS = {"huawei_vrp": "HUAWEI-1.5", "h3c_comware": "Comware-7.1.064"}
_JUMP_HOST = "linux_host"

CountLogin = Callable[[], None]


def is_loopback(address: str) -> bool:
    """Whether ``address`` is in 127/8."""
    try:
        return IPv4Address(address).is_loopback
    except ValueError:
        return False


def read_host_key(personality: Personality) -> asyncssh.SSHKey:
    """Read the device's pinned host key."""
    try:
        key = asyncssh.import_private_key(personality.host_key_pem)
    except (asyncssh.KeyImportError, ValueError) as error:
        raise LaboratoryError(
            Sentence("The host key of device {device} cannot be read.", device=personality.device),
            remedy="Plan the laboratory again.",
        ) from error
    if "legacy_kex" in personality.behaviour.quirks and key.algorithm != b"ssh-rsa":
        raise LaboratoryError(
            Sentence(
                "Device {device} offers only ssh-rsa but its host key is no RSA key.",
                device=personality.device,
            ),
            remedy="Give devices with the quirk legacy_kex an RSA host key.",
        )
    return key


@lru_cache(maxsize=64)
def _another_key(_device: str, algorithm: str) -> asyncssh.SSHKey:
    """Make the key of a device whose key was changed: the same for as long as it is up."""
    return asyncssh.generate_private_key(algorithm)


def options(personality: Personality, count: CountLogin) -> asyncssh.SSHServerConnectionOptions:
    """Return how this device speaks SSH."""
    behaviour = personality.behaviour
    is_legacy = "legacy_kex" in behaviour.quirks
    key = read_host_key(personality)
    if behaviour.ssh == "changed_host_key":
        key = _another_key(personality.device, key.algorithm.decode())
    made = asyncssh.SSHServerConnectionOptions(
        server_factory=lambda: Door(personality, count),
        server_version=_VERSIONS.get(personality.platform, "OpenSSH_9.2p1"),
        server_host_keys=[key],
        gss_host=None,
        kex_algs=_LEGACY_KEX if is_legacy else _MODERN_KEX,
        line_editor=False,
        encoding=None,
        login_timeout=_LOGIN_TIMEOUT_S,
        keepalive_interval=0,
        public_key_auth=False,
        agent_forwarding=False,
    )
    if is_legacy:
        pair = made.server_host_keys[b"ssh-rsa"]
        pair.set_sig_algorithm(b"ssh-rsa")
        made.server_host_keys = OrderedDict([(b"ssh-rsa", pair)])
    return made


class Door(asyncssh.SSHServer):
    """Lets in who has the password."""

    def __init__(self, personality: Personality, count: CountLogin) -> None:
        self._personality = personality
        self._count = count

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - asyncssh's form
        """Ask everybody for a password."""
        return True

    def password_auth_supported(self) -> bool:
        """Only passwords."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Compare with the one account of the device."""
        mine = self._personality
        if mine.behaviour.ssh == "refuse_login":
            return False
        return (username, password) == (mine.username, mine.password)

    def auth_completed(self) -> None:
        """Count the log-in."""
        self._count()

    def session_requested(self) -> DeviceSession:
        """Open a session."""
        return DeviceSession(self._personality)

    def connection_requested(
        self,
        dest_host: str,
        dest_port: int,  # noqa: ARG002 - asyncssh's form
        orig_host: str,  # noqa: ARG002 - as above
        orig_port: int,  # noqa: ARG002 - as above
    ) -> bool:
        """Let a Linux host serve as jump host, to devices of the laboratory only."""
        return self._personality.platform == _JUMP_HOST and is_loopback(dest_host)


class Connection(asyncssh.SSHServerConnection):
    """A connection that the server made itself from an accepted socket."""

    def __init__(
        self, made: asyncssh.SSHServerConnectionOptions, open_ones: set[asyncio.Transport]
    ) -> None:
        super().__init__(asyncio.get_running_loop(), made)
        self._open_ones = open_ones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport, so that closing the laboratory can cut it."""
        if isinstance(transport, asyncio.Transport):
            self._mine = transport
            self._open_ones.add(transport)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None = None) -> None:
        """Forget the transport."""
        self._open_ones.discard(self._mine)
        super().connection_lost(exc)

    def send_packet(
        self, pkttype: int, *args: bytes, handler: SSHPacketLogger | None = None
    ) -> None:
        """Leave out the ignored message that asyncssh slips in before each: no device does that."""
        if pkttype != MSG_IGNORE:
            super().send_packet(pkttype, *args, handler=handler)

    async def reload_config(self) -> None:
        """Keep the options: there is no configuration file, and a thread a log-in is dear."""


class Mute(asyncio.Protocol):
    """Accepts the connection and never says a word, not even the version line."""

    def __init__(self, open_ones: set[asyncio.Transport]) -> None:
        self._open_ones = open_ones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        if isinstance(transport, asyncio.Transport):
            self._mine = transport
            self._open_ones.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's form
        """Forget the transport."""
        self._open_ones.discard(self._mine)
