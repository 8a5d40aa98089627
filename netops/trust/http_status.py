"""Serves a responder over HTTP (RFC 6960 appendix A), and beside it what is published.

POST and GET, connections kept alive.

Knows as much HTTP/1.1 as that takes. Sizes, times and the number of connections are bounded; a
request that is none gets a short refusal and the connection ends.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable

from netops.errors import AuthorityError, Sentence
from netops.gm.ocsp import LONGEST_REQUEST
from netops.trust.http_answer import Counter, Said

_MOST_HEADER = 16 * 1024
_MOST_CONNECTIONS = 2000
_IDLE_S = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)


class _Connection(asyncio.Protocol):
    """One client. Several requests may arrive at once; they are answered in order.

    A request has its time from the answer before, however slowly it trickles in; who does not take
    his answers is given no more of them.
    """

    def __init__(self, counter: Counter, open_ones: set[_Connection]) -> None:
        self._counter = counter
        self._open = open_ones
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._until = 0.0
        self._is_full = False
        self._left = 0

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
        self._answer()

    def pause_writing(self) -> None:
        self._is_full = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._is_full = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
            self._answer()

    def _answer(self) -> None:
        while self._buffer and not self._is_full and self._take_request():
            pass

    def _wait(self) -> None:
        """Begin the time that the next request may take; the timer that runs is left to run."""
        loop = asyncio.get_running_loop()
        self._until = loop.time() + _IDLE_S
        if self._timer is None:
            self._timer = loop.call_later(_IDLE_S, self._expire)

    def _expire(self) -> None:
        """End a connection whose time is over, unless it still takes what it was answered."""
        self._timer = None
        if self._transport is None:
            return
        loop = asyncio.get_running_loop()
        if (rest := self._until - loop.time()) > 0:
            self._timer = loop.call_later(rest, self._expire)
            return
        before, self._left = self._left, self._transport.get_write_buffer_size()
        if not self._left:
            self._transport.close()
        elif self._left < before or not before:
            self._wait()
        else:
            self._transport.abort()

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
            return self._reply(self._counter.get(words[1]), head, end + 4)
        if words[0] == b"POST":
            return self._post(head, end + 4)
        return self._end(405)

    def _post(self, head: bytes, begin: int) -> bool:
        told = _LENGTH.search(head)
        if told is None:
            return self._end(411)
        size = int(told[1])
        if size > LONGEST_REQUEST:
            return self._end(413)
        if len(self._buffer) < begin + size:
            return False
        body = bytes(self._buffer[begin : begin + size])
        return self._reply(self._counter.post(body), head, begin + size)

    def _reply(self, said: Said, head: bytes, size: int) -> bool:
        if said.status == 400:  # noqa: PLR2004 - what follows such a request is none either
            return self._end(400)
        del self._buffer[:size]
        # A name that is not there ends the connection: nobody guesses names on one of ours.
        closes = _is_last(head) or said.status != 200  # noqa: PLR2004 - HTTP's "OK"
        self._send(said, closes=closes)
        return not closes

    def _end(self, status: int) -> bool:
        self._buffer.clear()
        self._send(Said(status), closes=True)
        return False

    def _send(self, said: Said, *, closes: bool) -> None:
        if self._transport is None:
            return
        lines = (
            f"HTTP/1.1 {said.status} {_REASONS[said.status]}",
            f"Content-Type: {said.kind}",
            f"Content-Length: {len(said.body)}",
            f"Connection: {'close' if closes else 'keep-alive'}",
            *(f"{name}: {value}" for name, value in said.caching),
        )
        self._left = 0
        self._wait()
        self._transport.write("\r\n".join((*lines, "", "")).encode() + said.body)
        if closes:
            self._transport.close()


def _is_last(head: bytes) -> bool:
    """Whether the client wants the connection closed after this answer."""
    return _CLOSES.search(head) is not None or head.partition(b"\r\n")[0].endswith(b"1.0")


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


async def serve(counter: Counter, host: str, port: int) -> asyncio.Server:
    """Listen at ``host`` and ``port`` (0: any free one) and answer until the server is closed."""
    open_ones: set[_Connection] = set()
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: _Connection(counter, open_ones), host, port, backlog=512
    )


def _reason(error: OSError) -> str:
    """Return the system's own words: asyncio wraps them, names that do not resolve have others."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else error.strerror or str(error)


def run(counter: Counter, place: tuple[str, int], tell: Callable[[int], None]) -> None:
    """Serve at ``place`` until SIGINT or SIGTERM; ``tell`` is told the port once it listens."""
    asyncio.run(_until_stopped(counter, place, tell))


async def _until_stopped(
    counter: Counter, place: tuple[str, int], tell: Callable[[int], None]
) -> None:
    host, port = place
    try:
        server = await serve(counter, host, port)
    except OSError as error:
        raise AuthorityError(
            Sentence("Cannot listen at {host}:{port}: {reason}.", host=host, port=port,
                     reason=_reason(error)),
            remedy="Name a free address with --listen.",
        ) from error  # fmt: skip
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tell(int(server.sockets[0].getsockname()[1]))
    await stop.wait()
    server.close()
