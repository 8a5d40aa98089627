"""Serves a responder over HTTP (RFC 6960 appendix A), and beside it what is published.

POST and GET, connections kept alive.

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
from netops.trust.publisher import Published
from netops.trust.responder import Given

_MOST_HEADER = 16 * 1024
_MOST_CONNECTIONS = 2000
_IDLE_S = 30.0
_RESPONSE = "application/ocsp-response"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)

Answer = Callable[[bytes], Given]
Find = Callable[[str], Published | None]


def _nothing(_name: str) -> None:
    return None


class _Connection(asyncio.Protocol):
    """One client. Several requests may arrive at once; they are answered in order."""

    def __init__(self, answer: Answer, find: Find, open_ones: set[_Connection]) -> None:
        self._answer = answer
        self._find = find
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
        name = target.rpartition(b"/")[2]
        if b"." in name:  # which no encoded question holds
            return self._publish(name.decode("ascii", "replace"), head, size)
        try:
            request = b64decode(unquote_to_bytes(target).lstrip(b"/"), validate=True)
        except (ValueError, NotBase64):
            return self._end(400)
        return self._reply(request, head, size)

    def _publish(self, name: str, head: bytes, size: int) -> bool:
        found = self._find(name)
        if found is None:
            return self._end(404)
        del self._buffer[:size]
        closes = _is_last(head)
        caching = _kept_until(found.body, found.made_at, found.until)
        self._send(200, found.body, *caching, closes=closes, kind=found.kind)
        return not closes

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
        closes = _is_last(head)
        caching = _caching(given) if head.startswith(b"GET ") else ()
        self._send(200, given.body, *caching, closes=closes)
        return not closes

    def _end(self, status: int) -> bool:
        self._buffer.clear()
        self._send(status, b"", closes=True)
        return False

    def _send(
        self, status: int, body: bytes, *more: str, closes: bool, kind: str = _RESPONSE
    ) -> None:
        if self._transport is None:
            return
        lines = (
            f"HTTP/1.1 {status} {_REASONS[status]}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
            f"Connection: {'close' if closes else 'keep-alive'}",
            *more,
        )
        self._transport.write("\r\n".join((*lines, "", "")).encode() + body)
        if closes:
            self._transport.close()


def _is_last(head: bytes) -> bool:
    """Whether the client wants the connection closed after this answer."""
    return _CLOSES.search(head) is not None or head.partition(b"\r\n")[0].endswith(b"1.0")


def _caching(given: Given) -> tuple[str, ...]:
    """Return what caches between are told (RFC 5019 §6.2): not longer than we keep it ourselves."""
    if given.made_at is None or given.until is None:
        return ("Cache-Control: no-store",)
    return _kept_until(given.body, given.made_at, given.until)


def _kept_until(body: bytes, made_at: datetime, until: datetime | None) -> tuple[str, ...]:
    now = datetime.now(UTC)
    told = (
        f"Date: {format_datetime(now, usegmt=True)}",
        f"Last-Modified: {format_datetime(made_at, usegmt=True)}",
        f'ETag: "{sm3_hex(body)}"',
    )
    if until is None:
        return (*told, "Cache-Control: no-cache")
    left = max(0, int((until - now).total_seconds()))
    return (
        *told,
        f"Expires: {format_datetime(until, usegmt=True)}",
        f"Cache-Control: max-age={left}, public, no-transform, must-revalidate",
    )


_REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


async def serve(answer: Answer, host: str, port: int, find: Find = _nothing) -> asyncio.Server:
    """Listen at ``host`` and ``port`` (0: any free one) and answer until the server is closed."""
    open_ones: set[_Connection] = set()
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: _Connection(answer, find, open_ones), host, port, backlog=512
    )


def run(answer: Answer, find: Find, place: tuple[str, int], tell: Callable[[int], None]) -> None:
    """Serve at ``place`` until SIGINT or SIGTERM; ``tell`` is told the port once it listens."""
    asyncio.run(_until_stopped(answer, find, place, tell))


async def _until_stopped(
    answer: Answer, find: Find, place: tuple[str, int], tell: Callable[[int], None]
) -> None:
    host, port = place
    try:
        server = await serve(answer, host, port, find)
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
