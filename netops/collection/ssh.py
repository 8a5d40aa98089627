"""SSH by paramiko: connects, holds the host key against the pinned ones, only then logs in.

Modern algorithms only; ``ssh: legacy`` of one device opens the old ones for it alone. Jump
hosts are chained, each held against its own pinned key. Every wait is sliced, so that a silent
peer gives back its turn.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import paramiko

from netops.collection.contact import ContactError, Limits, Turn
from netops.collection.hostkeys import HostKeys
from netops.collection.transport import ShellChannel, Transport, known_of, wait_for
from netops.collection.wire import Wire
from netops.facts.device import Contact

WIDTH, HEIGHT = 400, 1000

_MODERN_KEX = (
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512",
    "diffie-hellman-group-exchange-sha256", "diffie-hellman-group14-sha256",
)  # fmt: skip
_LEGACY_KEX = (
    "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1",
    "diffie-hellman-group1-sha1",
)  # fmt: skip
_MODERN_KEYS = (
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "rsa-sha2-512", "rsa-sha2-256",
)  # fmt: skip
_LEGACY_KEYS = ("ssh-rsa",)
_MODERN_CIPHERS = (
    "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr",
)  # fmt: skip
_LEGACY_CIPHERS = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")
_MODERN_MACS = (
    "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256",
    "hmac-sha2-512",
)  # fmt: skip
_LEGACY_MACS = ("hmac-sha1", "hmac-sha1-96")
_SIGNATURES = {"rsa-sha2-512": "ssh-rsa", "rsa-sha2-256": "ssh-rsa"}
"""Signature algorithm → type of the key, where they differ."""

logging.getLogger("paramiko").addHandler(logging.NullHandler())


def open_socket(host: str, port: int, limits: Limits, turn: Turn) -> socket.socket:
    """Connect by TCP, or raise ``ContactError``."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(kind, socket.SOCK_STREAM)
    except OSError as error:
        raise ContactError(Contact.UNREACHABLE, f"no such place: {error}") from error
    try:
        _connect(sock, address, limits, turn)
    except BaseException:
        sock.close()
        raise
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _connect(sock: socket.socket, address: tuple[object, ...], limits: Limits, turn: Turn) -> None:
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        try:
            sock.connect(address)
        except BlockingIOError:
            raise
        except OSError as error:
            raise _unreachable(error) from error
    poller = select.poll()
    poller.register(sock, select.POLLOUT)
    wait_for(lambda seconds: bool(poller.poll(seconds * 1000)), limits.connect_s, turn, "TCP")
    fault = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if fault:
        raise _unreachable(OSError(fault, ""))
    sock.setblocking(True)


def _unreachable(error: OSError) -> ContactError:
    name = "refused" if isinstance(error, ConnectionRefusedError) else f"errno {error.errno}"
    refused = error.errno == 111  # noqa: PLR2004 - ECONNREFUSED on Linux
    return ContactError(Contact.UNREACHABLE, "connection refused" if refused else name)


def open_transport(
    sock: socket.socket | paramiko.Channel,
    pinned: Sequence[str],
    limits: Limits,
    turn: Turn,
    *,
    legacy: bool,
) -> Transport:
    """Prepare a transport: algorithms chosen, the pinned kinds of host key first."""
    transport = Transport(Wire(sock), limits, turn)
    transport.prefer(_algorithms(tuple(pinned), legacy=legacy))
    return transport


@lru_cache
def _algorithms(pinned: tuple[str, ...], *, legacy: bool) -> Mapping[str, tuple[str, ...]]:
    """Return what to offer, in paramiko's words, of that which paramiko knows."""
    chosen = {
        "kex": (_MODERN_KEX, _LEGACY_KEX),
        "ciphers": (_MODERN_CIPHERS, _LEGACY_CIPHERS),
        "macs": (_MODERN_MACS, _LEGACY_MACS),
        "keys": (_by_pinned(pinned, _MODERN_KEYS), _LEGACY_KEYS),
    }
    return {
        kind: known_of(kind, (*modern, *old) if legacy else modern)
        for kind, (modern, old) in chosen.items()
    }


def _by_pinned(pinned: Sequence[str], kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(kinds, key=lambda kind: _SIGNATURES.get(kind, kind) not in pinned))


class Door:
    """One SSH host: where it is and which keys are approved for it."""

    def __init__(self, host: str, port: int, keys: HostKeys, *, legacy: bool = False) -> None:
        self.host = host
        self.port = port
        self._keys = keys
        self._legacy = legacy

    def enter(
        self, sock: socket.socket | paramiko.Channel, limits: Limits, turn: Turn
    ) -> Transport:
        """Exchange keys and check the host's; no password has been sent when this returns."""
        pinned = tuple(self._keys.of(self.host, self.port))
        transport = open_transport(sock, pinned, limits, turn, legacy=self._legacy)
        try:
            key = host_key(transport)
            self._keys.check(self.host, self.port, key.get_name(), key.asbytes())
        except BaseException:
            transport.close()
            raise
        return transport


def host_key(transport: Transport) -> paramiko.PKey:
    """Exchange keys and return what the host shows; nothing else has been sent."""
    transport.exchange_keys()
    if not transport.is_active():
        raise _broken(transport.get_exception())
    return transport.get_remote_server_key()


def _broken(error: Exception | None) -> ContactError:
    if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
        detail = f"no algorithm in common ({error}); old devices want `ssh: legacy`"
        return ContactError(Contact.UNUSABLE, detail)
    said = str(error).lower()
    if isinstance(error, paramiko.SSHException) and ("banner" in said or "protocol" in said):
        return ContactError(Contact.DROPPED, "no SSH version line came")
    return ContactError(Contact.DROPPED, f"key exchange broke: {type(error).__name__}")


def log_in(transport: Transport, username: str, password: str) -> None:
    """Log in by password, once; a refusal is never followed by another try."""
    failure = _try(transport, lambda done: transport.auth_password(username, password, done))
    if isinstance(failure, paramiko.BadAuthenticationType) and (
        "keyboard-interactive" in failure.allowed_types
    ):
        failure = _try(transport, lambda done: _dialogue(transport, username, password, done))
    if transport.is_authenticated():
        return
    if isinstance(failure, paramiko.SSHException) and not isinstance(
        failure, paramiko.AuthenticationException
    ):
        raise ContactError(Contact.DROPPED, "it closed the connection at log-in")
    if failure is None and not transport.is_active():
        raise ContactError(Contact.DROPPED, "it closed the connection at log-in")
    raise ContactError(Contact.LOGIN_REFUSED, "the device refused the log-in")


def _try(transport: Transport, begin: Callable[[threading.Event], object]) -> Exception | None:
    done = threading.Event()
    try:
        begin(done)
        transport.wait(done.is_set, "log-in")
    except (paramiko.SSHException, OSError) as error:
        return error
    return transport.get_exception()


def _dialogue(transport: Transport, username: str, password: str, done: threading.Event) -> None:
    """Answer one question by the password; more questions are somebody's second factor."""

    def answer(_title: str, _text: str, prompts: Sequence[tuple[str, bool]]) -> list[str]:
        return [password] if len(prompts) == 1 and not prompts[0][1] else [""] * len(prompts)

    handler = paramiko.auth_handler.AuthHandler(transport)
    transport.auth_handler = handler
    handler.auth_interactive(username, answer, done)


def open_shell(transport: Transport) -> ShellChannel:
    """Open an interactive shell on a wide terminal."""
    try:
        channel = ShellChannel(transport)
        channel.invoke_shell(WIDTH, HEIGHT)
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise ContactError(Contact.DROPPED, "it gave no shell") from error
    return channel


class JumpHosts:
    """Transports to jump hosts, opened once a run and shared by the devices behind them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[tuple[str, ...], threading.Lock] = {}
        self._open: dict[tuple[str, ...], Transport] = {}
        self._failed: dict[tuple[str, ...], ContactError] = {}

    def transport(self, chain: tuple[str, ...], connect: Callable[[], Transport]) -> Transport:
        """Return the open transport of a chain, or open it by ``connect``.

        A chain that failed once has failed for the run: its account is not tried again for
        every device behind it, and those devices do not each wait for it.
        """
        with self._lock:
            lock = self._locks.setdefault(chain, threading.Lock())
        with lock:
            known = self._open.get(chain)
            if known is not None and known.is_active():
                return known
            if chain in self._failed:
                raise self._failed[chain]
            try:
                self._open[chain] = connect()
            except ContactError as error:
                self._failed[chain] = error
                raise
            return self._open[chain]

    def close(self) -> None:
        """Close them all, the innermost first."""
        for chain in sorted(self._open, key=len, reverse=True):
            self._open[chain].close()
        self._open.clear()


def open_through(jump: Transport, host: str, port: int, limits: Limits) -> paramiko.Channel:
    """Open a way to ``host`` through a jump host."""
    try:
        return jump.open_channel(
            "direct-tcpip", (host, port), ("127.0.0.1", 0), timeout=limits.connect_s
        )
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise ContactError(Contact.UNREACHABLE, "the jump host cannot reach it") from error
