"""Reflectors on loopback for tests: an honest one, and liars that answer as they are told."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from netops.inventory.model import Reflector
from netops.probing.reflector.server import Listen, serving
from netops.probing.reflector.service import Service

KEY = b"a key of the tests, 32 octets..."
ZONE = "probe.example.org"


def free_port(host: str) -> int:
    """Return a port that is free for TCP and UDP at ``host``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as stream:
            stream.bind((host, 0))
            port = int(stream.getsockname()[1])
            with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
                try:
                    datagrams.bind((host, port))
                except OSError:
                    continue
                return port


@contextlib.contextmanager
def honest(host: str = "127.0.0.1", service: Service | None = None) -> Iterator[Reflector]:
    """Run a real reflector in a thread; yield it as an inventory would name it."""
    ports = [free_port(host) for _ in range(3)]
    chosen = service or Service("R-1", KEY, ZONE)
    listen = Listen((ip_address(host),), ports[0], ports[1], ports[2])
    loop = asyncio.new_event_loop()
    stop, ready = asyncio.Event(), threading.Event()

    async def serve() -> None:
        async with serving(chosen, listen):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield Reflector(
            id="R-1",
            addresses=(ip_address(host),),
            port=ports[0],
            key="env:NONE",
            http_port=ports[1],
            dns_port=ports[2],
            zone=ZONE,
        )
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


@contextlib.contextmanager
def tcp_liar(say: Callable[[socket.socket, bytes], None]) -> Iterator[Reflector]:
    """Run a server that takes 160 octets and then does what ``say`` does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            with contextlib.suppress(OSError):
                peer, _ = server.accept()
                with peer:
                    peer.settimeout(10)
                    got = b""
                    while len(got) < 160 and (piece := peer.recv(160 - len(got))):
                        got += piece
                    say(peer, got)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield _named(server)
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


@contextlib.contextmanager
def udp_liar(answers: Callable[[bytes], list[bytes]]) -> Iterator[Reflector]:
    """Run a server that answers each datagram by the ones that ``answers`` returns."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                data, peer = server.recvfrom(2048)
                if data == b"stop":
                    return
                for answer in answers(data):
                    server.sendto(answer, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield _named(server)
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"stop", server.getsockname())
            thread.join(10)


def _named(server: socket.socket) -> Reflector:
    return Reflector("R-1", (ip_address("127.0.0.1"),), server.getsockname()[1], "env:NONE")
