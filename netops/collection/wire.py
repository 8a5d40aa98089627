"""The octets of one connection, read in large pieces, and the packets of SSH in them.

Paramiko reads each packet in two small calls, each behind a poll; hundreds of sessions spend
more on that than on what devices say. Knows nothing of what packets mean.
"""

from __future__ import annotations

import contextlib
import math
import socket
import struct
from collections.abc import Callable

import paramiko

_PIECE = 1 << 16
_PACKET = 1 << 20
"""No packet is longer; what claims to be is no SSH."""
_VERSION_WITHIN = 1 << 16
_SEND_S = 5


class Wire:
    """What ``paramiko.Transport`` needs of a socket. One thread reads, others may close.

    ``more`` is called where a packet has begun and its rest is not there; it fills, or raises.
    """

    def __init__(self, sock: socket.socket | paramiko.Channel) -> None:
        self._sock = sock
        self._held = b""
        self._at = 0
        self._patience = math.nan
        self.more: Callable[[], None] = self.fill_at_leisure
        self._closed = False
        """Paramiko looks at this name."""
        if isinstance(sock, socket.socket):
            sock.setblocking(True)
            self._set_timeout(socket.SO_SNDTIMEO, _SEND_S)

    @property
    def has_held(self) -> bool:
        """Whether octets were read that nobody took yet."""
        return self._at < len(self._held)

    @property
    def has_version(self) -> bool:
        """Whether a whole SSH version line was read, or so much that there will be none."""
        held = self._held[self._at :]
        mark = held.find(b"SSH-") if held.startswith(b"SSH-") else held.find(b"\nSSH-")
        return held.find(b"\n", mark + 1) >= 0 if mark >= 0 else len(held) > _VERSION_WITHIN

    def fill(self, seconds: float) -> bool:
        """Wait up to ``seconds`` for octets and hold them; EOFError where the peer closed."""
        try:
            if isinstance(self._sock, socket.socket):
                piece = self._receive(self._sock, seconds)
            else:
                self._sock.settimeout(seconds)
                piece = self._sock.recv(_PIECE)
        except (BlockingIOError, TimeoutError):
            return False
        if not piece:
            raise EOFError
        self._held = self._held[self._at :] + piece
        self._at = 0
        return True

    def _receive(self, sock: socket.socket, seconds: float) -> bytes:
        if seconds <= 0:
            return sock.recv(_PIECE, socket.MSG_DONTWAIT)
        if seconds != self._patience:
            self._set_timeout(socket.SO_RCVTIMEO, seconds)
            self._patience = seconds
        return sock.recv(_PIECE)

    def _set_timeout(self, option: int, seconds: float) -> None:
        whole = int(seconds)
        value = struct.pack("ll", whole, max(int((seconds - whole) * 1e6), 0 if whole else 1000))
        if isinstance(self._sock, socket.socket):
            self._sock.setsockopt(socket.SOL_SOCKET, option, value)

    def fill_at_leisure(self) -> None:
        """Wait for octets for as long as the connection is open."""
        while not self.fill(_SEND_S):
            if self._closed:
                raise EOFError

    def take(self, count: int) -> bytes:
        """Return exactly ``count`` octets."""
        if count > _PACKET:
            raise paramiko.SSHException("a packet is too long")
        end = self._at + count
        while end > len(self._held):
            self.more()
            end = self._at + count
        piece = self._held[self._at : end]
        self._at = end
        return piece

    def take_line(self) -> str:
        """Return a line without its end."""
        while (end := self._held.find(b"\n", self._at)) < 0:
            if len(self._held) - self._at > _VERSION_WITHIN:
                raise paramiko.SSHException("a line is too long")
            self.more()
        return self.take(end + 1 - self._at).rstrip(b"\r\n").decode()

    def send(self, data: bytes) -> int:
        """Send some octets; return how many were taken."""
        try:
            return self._sock.send(data)
        except BlockingIOError as error:
            raise ConnectionAbortedError("it takes nothing more") from error

    def settimeout(self, seconds: float | None) -> None:
        """Leave the time of one read as it is: each ``fill`` names its own."""

    def getpeername(self) -> object:
        """Return the other end."""
        return self._sock.getpeername()

    def close(self) -> None:
        """Close, and wake whoever reads."""
        self._closed = True
        if isinstance(self._sock, socket.socket):
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


class Packets(paramiko.packet.Packetizer):
    """Paramiko's packets over a ``Wire``, without the thread that times each handshake."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)  # type: ignore[arg-type]  # all that it calls is there
        self._wire = wire

    def start_handshake(self, timeout: float) -> None:
        """Leave the time to those who wait."""

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - paramiko's form
        """Return ``n`` octets."""
        return self._wire.take(n)

    def write_all(self, out: bytes) -> None:  # type: ignore[override]  # only octets come
        """Send it all; OSError where the peer takes nothing more."""
        rest = out
        while rest:
            rest = rest[self._wire.send(rest) :]

    def readline(self, timeout: float) -> str:  # noqa: ARG002 - paramiko's form
        """Return a line of what precedes the packets."""
        return self._wire.take_line()
