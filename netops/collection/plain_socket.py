"""A TCP socket as paramiko likes it best: read in large pieces, quiet while nothing comes.

Paramiko reads each packet in two small calls, each behind a poll, and wakes ten times a second
in between; a hundred and fifty sessions spend more on that than on what devices say.
"""

from __future__ import annotations

import contextlib
import socket
import struct

_PIECE = 1 << 16
_PATIENCE_S = 5
"""How long one read blocks. Deadlines are kept by those who wait, who then close the socket."""


class PlainSocket:
    """What ``paramiko.Transport`` needs of a socket. One thread reads, others may close."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = b""
        self._at = 0
        self._closed = False
        """Paramiko looks at this name."""
        sock.setblocking(True)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", _PATIENCE_S, 0))

    def recv(self, count: int) -> bytes:
        """Return up to ``count`` octets, b"" at the end; TimeoutError where none came."""
        if self._at >= len(self._held):
            try:
                self._held = self._sock.recv(_PIECE)
            except BlockingIOError as error:
                raise TimeoutError from error
            self._at = 0
        piece = self._held[self._at : self._at + count]
        self._at += count
        return piece

    def send(self, data: bytes) -> int:
        """Send some octets; return how many were taken."""
        try:
            return self._sock.send(data)
        except BlockingIOError as error:
            raise TimeoutError from error

    def settimeout(self, seconds: float | None) -> None:
        """Leave the time of one read as it is: nobody waits for it to pass."""

    def getpeername(self) -> object:
        """Return the other end."""
        return self._sock.getpeername()

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._sock.fileno()

    def close(self) -> None:
        """Close, and wake whoever reads."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
