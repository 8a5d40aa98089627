"""Serves a responder over HTTP (RFC 6960 appendix A): POST and GET, connections kept alive.

Knows as much HTTP/1.1 as that takes. Sizes, times and the number of connections are bounded; a
request that is none gets a short refusal and the connection ends.
"""

from __future__ import annotations

import asyncio
import re
import signal
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import unquote_to_bytes

from netops.errors import AuthorityError, Sentence
from netops.gm.ocsp import LONGEST_REQUEST
from netops.gm.sm3 import sm3_hex
from netops.trust.responder import Given

_MOST_HEADER = 16 * 1024
_MOST_CONNECTIONS = 2000
_IDLE_S = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)

Answer = Callable[[bytes], Given]


class _Connection(asyncio.Protocol):
    """One client. Several requests may arrive at once; they are answered in order."""

    def __init__(self, answer: Answer, open_ones: set[_Connection]) -> None:
        self._answer = answer
        self._open = open_ones
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # asyncio types the base only
        self._open.add(self)
        if len(self._open) > _MOST_CONNECTIONS:
            self._end(503)
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's form
        self._open.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._buffer and self._take_request():
            pass
        self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        transport = self._transport
        if transport is not None and not transport.is_closing():
            self._timer = asyncio.get_running_loop().call_later(_IDLE_S, transport.close)

    def _take_request(self) -> bool:
        """Answer one whole request; return whether there may be another."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return self._end(431) if len(self._buffer) > _MOST_HEADER else False
        head = bytes(self._buffer[: end + 2])
        line, _, _ = head.partition(b"\r\n")
        words = line.split(b" ")
        if len(words) != 3 or not words[2].startswith(b"HTTP/1."):  # noqa: PLR2004 - method, target, version
            return self._end(400)
        if words[0] == b"GET":
            return self._get(words[1], head, end + 4)
        if words[0] == b"POST":
            return self._post(head, end + 4)
        return self._end(405)

    def _get(self, target: bytes, head: bytes, size: int) -> bool:
        try:
            request = b64decode(unquote_to_bytes(target).lstrip(b"/"), validate=True)
        except (ValueError, NotBase64):
            return self._end(400)
        return self._reply(request, head, size)

    def _post(self, head: bytes, begin: int) -> bool:
        told = _LENGTH.search(head)
        if told is None:
            return self._end(411)
        size = int(told[1])
        if size > LONGEST_REQUEST:
            return self._end(413)
        if len(self._buffer) < begin + size:
            return False
        return self._reply(bytes(self._buffer[begin : begin + size]), head, begin + size)

    def _reply(self, request: bytes, head: bytes, size: int) -> bool:
        del self._buffer[:size]
        given = self._answer(request)
        closes = _CLOSES.search(head) is not None or head.partition(b"\r\n")[0].endswith(b"1.0")
        caching = _caching(given) if head.startswith(b"GET ") else ()
        self._send(200, given.body, *caching, closes=closes)
        return not closes

    def _end(self, status: int) -> bool:
        self._buffer.clear()
        self._send(status, b"", closes=True)
        return False

    def _send(self, status: int, body: bytes, *more: str, closes: bool) -> None:
        if self._transport is None:
            return
        lines = (
            f"HTTP/1.1 {status} {_REASONS[status]}",
            "Content-Type: application/ocsp-response",
            f"Content-Length: {len(body)}",
            f"Connection: {'close' if closes else 'keep-alive'}",
            *more,
        )
        self._transport.write("\r\n".join((*lines, "", "")).encode() + body)
        if closes:
            self._transport.close()


def _caching(given: Given) -> tuple[str, ...]:
    """Return what caches between are told (RFC 5019 §6.2): not longer than we keep it ourselves."""
    if given.made_at is None or given.until is None:
        return ("Cache-Control: no-store",)
    now = datetime.now(UTC)
    left = max(0, int((given.until - now).total_seconds()))
    return (
        f"Date: {format_datetime(now, usegmt=True)}",
        f"Last-Modified: {format_datetime(given.made_at, usegmt=True)}",
        f"Expires: {format_datetime(given.until, usegmt=True)}",
        f'ETag: "{sm3_hex(given.body)}"',
        f"Cache-Control: max-age={left}, public, no-transform, must-revalidate",
    )


_REASONS = {
    200: "OK",
    400: "Bad Request",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


async def serve(answer: Answer, host: str, port: int) -> asyncio.Server:
    """Listen at ``host`` and ``port`` (0: any free one) and answer until the server is closed."""
    open_ones: set[_Connection] = set()
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(answer, open_ones), host, port, backlog=512)


def run(answer: Answer, host: str, port: int, tell: Callable[[int], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``tell`` is told the port once it listens."""
    asyncio.run(_until_stopped(answer, host, port, tell))


async def _until_stopped(answer: Answer, host: str, port: int, tell: Callable[[int], None]) -> None:
    try:
        server = await serve(answer, host, port)
    except OSError as error:
        raise AuthorityError(
            Sentence("Cannot listen at {host}:{port}: {reason}.", host=host, port=port,
                     reason=error.strerror),
            remedy="Name a free address with --listen.",
        ) from error  # fmt: skip
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tell(int(server.sockets[0].getsockname()[1]))
    await stop.wait()
    server.close()
