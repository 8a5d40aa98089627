"""The reflector's sockets: TCP, UDP, HTTP/1.1 and DNS on the addresses named.

Connections, their time and what they may send are bounded; nothing about a caller is written
down but counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

from netops.errors import ProbeError, Sentence
from netops.probing.messages import SIZE
from netops.probing.reflector.service import Service

Address = IPv4Address | IPv6Address
_MOST_CONNECTIONS = 256
_PATIENCE_S = 5.0
_MOST_HEAD = 4096
_MOST_DNS = 512
_BACKLOG = 128

Handler = Callable[[asyncio.StreamReader, Address, int], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to stand. Port None: that service is not offered."""

    addresses: tuple[Address, ...]
    port: int
    http_port: int | None = None
    dns_port: int | None = None


class _Door:
    """Counts the connections of all services together and bounds each."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._open = 0

    async def serve(
        self, handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take one question of one connection, answer it and close."""
        if self._open >= _MOST_CONNECTIONS:
            self._service.counts["too many connections"] += 1
            writer.transport.abort()
            return
        self._open += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(_PATIENCE_S):
                    await self._answer(handler, reader, writer)
        finally:
            self._open -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(
        self, handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        name = writer.get_extra_info("peername")
        source, port = _address(name[0]), int(name[1])
        if not self._service.admits(source):
            return
        answer = await handler(reader, source, port)
        if answer is not None:
            writer.write(answer)
            await writer.drain()


def _address(text: str) -> Address:
    return ip_address(text.partition("%")[0])


async def _plain(
    service: Service, reader: asyncio.StreamReader, source: Address, port: int
) -> bytes | None:
    return service.answer(await reader.readexactly(SIZE), source, port)


async def _http(
    service: Service, reader: asyncio.StreamReader, source: Address, port: int
) -> bytes | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return _http_answer(b"431 Request Header Fields Too Large", b"")
    if not head.startswith((b"POST /reflect HTTP/1.1\r\n", b"POST /reflect HTTP/1.0\r\n")):
        return _http_answer(b"404 Not Found", b"")
    if b"\r\ncontent-length: %d\r\n" % SIZE not in head.lower():
        return _http_answer(b"400 Bad Request", b"")
    answer = service.answer(await reader.readexactly(SIZE), source, port)
    if answer is None:
        return _http_answer(b"403 Forbidden", b"")
    return _http_answer(b"200 OK", answer)


def _http_answer(status: bytes, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n"
        b"Cache-Control: no-store\r\nConnection: close\r\n\r\n%s" % (status, len(body), body)
    )


async def _dns(
    service: Service, reader: asyncio.StreamReader, source: Address, port: int
) -> bytes | None:
    length = int.from_bytes(await reader.readexactly(2), "big")
    if length > _MOST_DNS:
        return None
    answer = service.answer_dns(await reader.readexactly(length), source, port, stream=True)
    return None if answer is None else len(answer).to_bytes(2, "big") + answer


class _Datagrams(asyncio.DatagramProtocol):
    """Answers datagrams; what would be longer than its question is not sent."""

    def __init__(
        self, service: Service, answer: Callable[[bytes, Address, int], bytes | None]
    ) -> None:
        self._service = service
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        # asyncio's own datagram transport is no subclass of the class that its docs name.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one datagram, or be silent."""
        source = _address(addr[0])
        if not self._service.admits(source):
            return
        answer = self._answer(data, source, addr[1])
        if answer is not None and len(answer) <= len(data):
            self._transport.sendto(answer, addr)


@contextlib.asynccontextmanager
async def serving(service: Service, listen: Listen) -> AsyncIterator[None]:
    """Listen everywhere or nowhere; close all at the end."""
    async with contextlib.AsyncExitStack() as stack:
        door = _Door(service)
        for address in listen.addresses:
            await _open(service, door, address, listen, stack)
        yield


async def _open(
    service: Service,
    door: _Door,
    address: Address,
    listen: Listen,
    stack: contextlib.AsyncExitStack,
) -> None:
    streams: list[tuple[int | None, Handler]] = [
        (listen.port, partial(_plain, service)),
        (listen.http_port, partial(_http, service)),
        (listen.dns_port, partial(_dns, service)),
    ]
    for port, handler in streams:
        if port is not None:
            sock = _bound(address, port, socket.SOCK_STREAM)
            server = await asyncio.start_server(
                partial(door.serve, handler), sock=sock, limit=_MOST_HEAD, backlog=_BACKLOG
            )
            stack.callback(server.close)
    datagrams: list[tuple[int | None, Callable[[bytes, Address, int], bytes | None]]] = [
        (listen.port, service.answer),
        (listen.dns_port, partial(service.answer_dns, stream=False)),
    ]
    for port, answer in datagrams:
        if port is not None:
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                partial(_Datagrams, service, answer), sock=_bound(address, port, socket.SOCK_DGRAM)
            )
            stack.callback(transport.close)


def _bound(address: Address, port: int, kind: socket.SocketKind) -> socket.socket:
    """Return a socket at exactly this address, so that answers leave from where was asked."""
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    sock = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((str(address), port))
    except OSError as error:
        sock.close()
        raise ProbeError(
            Sentence(
                "The reflector cannot listen at {address} port {port}: {reason}.",
                address=address,
                port=port,
                reason=error.strerror,
            ),
            remedy="Name an address of this machine and a free port; below 1024 needs privilege.",
        ) from error
    return sock


def run(service: Service, listen: Listen, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called when all doors are open."""
    asyncio.run(_run(service, listen, ready))


async def _run(service: Service, listen: Listen, ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(service, listen):
        ready()
        await stop.wait()
