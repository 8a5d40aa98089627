"""Serves many simulated devices from one process: SSH and SNMP, each at its own address.

One listener a device and address, so that a device that is down refuses the connection as a
real one does. It refuses every address outside 127/8, when it binds and again when a
connection comes in, before the banner. What a session says is ``session``'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from netops.errors import LaboratoryError, Sentence
from netops.lab.behaviours import QUIRKS, SSH_WORDS
from netops.lab.dialects import DIALECTS
from netops.lab.model import Personality
from netops.lab.snmp_agent import SnmpAgent
from netops.lab.snmp_mib import MibShelf
from netops.lab.ssh import Connection, Mute, is_loopback, options, read_host_key
from netops.lab.telnet import TelnetDoor

_BACKLOG = 128
_ACCEPTS_AT_ONCE = 64
_DATAGRAM = 65535
_DATAGRAMS_AT_ONCE = 64
_OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)
_REST_S = 0.2


@dataclass(slots=True)
class Station:
    """A device and the sockets it listens on; ``index`` is its place in the session counts."""

    personality: Personality
    index: int = 0
    ssh: socket.socket | None = None
    snmp: socket.socket | None = None

    @property
    def ssh_port(self) -> int | None:
        """Where SSH listens."""
        return _port(self.ssh)

    @property
    def snmp_port(self) -> int | None:
        """Where the SNMP agent listens."""
        return _port(self.snmp)

    def close(self) -> None:
        """Give the sockets back."""
        for sock in (self.ssh, self.snmp):
            if sock is not None:
                sock.close()


def bind(personality: Personality, index: int = 0, ports: tuple[int, int] = (0, 0)) -> Station:
    """Bind the sockets of a device on free ports that the kernel draws at its address.

    ``ports`` (SSH, SNMP) are taken again where they are free still, so that what was started
    once more is found where it was. A device that is ``down`` gets no socket.
    """
    check(personality)
    station = Station(personality, index)
    behaviour = personality.behaviour
    if behaviour.ssh == "down":
        return station
    station.ssh = bound(personality.address, socket.SOCK_STREAM, ports[0])
    station.ssh.listen(_BACKLOG)
    if personality.snmp_port is not None and behaviour.snmp != "no_snmp":
        station.snmp = bound(personality.address, socket.SOCK_DGRAM, ports[1])
    return station


def bound(address: str, kind: int, port: int = 0) -> socket.socket:
    """Bind a socket at a loopback address: on ``port`` if it is free, else on one that is drawn."""
    sock = socket.socket(socket.AF_INET, kind)
    try:
        sock.setblocking(False)
        if kind == socket.SOCK_STREAM:
            # Sessions that ended a moment ago keep no port from its next listener.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
    except OSError as error:
        sock.close()
        if port and error.errno == errno.EADDRINUSE:
            return bound(address, kind)
        raise LaboratoryError(
            Sentence(
                "Cannot listen at {address}: {reason}.", address=address, reason=error.strerror
            ),
            remedy="Raise the limit of open files (ulimit -n) or free the address.",
        ) from error
    return sock


def check(personality: Personality) -> None:
    """Refuse a personality that cannot be played, before anything listens."""
    cause = ""
    if not is_loopback(personality.address):
        cause = f"address {personality.address} is not in 127.0.0.0/8"
    elif personality.platform not in DIALECTS:
        cause = f"platform {personality.platform} is not known"
    elif personality.behaviour.ssh not in SSH_WORDS:
        cause = f"behaviour {personality.behaviour.ssh} is not known"
    elif unknown := set(personality.behaviour.quirks) - QUIRKS:
        cause = f"quirk {', '.join(sorted(unknown))} is not known"
    if cause:
        raise LaboratoryError(
            Sentence(
                "Device {device} cannot be played: {cause}.", device=personality.device, cause=cause
            ),
            remedy="Correct the laboratory's specification and plan it again.",
        )
    if "legacy_kex" in personality.behaviour.quirks:
        read_host_key(personality)


def _port(sock: socket.socket | None) -> int | None:
    if sock is None:
        return None
    port: int = sock.getsockname()[1]
    return port


@dataclass(slots=True)
class LabServer:
    """All devices of one process. ``count`` is called with a device's index at each log-in."""

    stations: list[Station]
    count: Callable[[int], None]
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _open: set[asyncio.Transport] = field(default_factory=set)

    @classmethod
    def of(
        cls, personalities: Iterable[Personality], count: Callable[[int], None] | None = None
    ) -> LabServer:
        """Bind every device of ``personalities``."""
        stations = [bind(personality, index) for index, personality in enumerate(personalities)]
        return cls(stations, count or (lambda _index: None))

    def start(self) -> None:
        """Answer from now on. To be called inside a running loop."""
        logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        shelf = MibShelf()
        for station in self.stations:
            if station.ssh is not None:
                loop.add_reader(station.ssh, self._accept, station, station.ssh)
            if station.snmp is not None:
                agent = SnmpAgent(station.personality, shelf)
                loop.add_reader(station.snmp, _answer_datagrams, station.snmp, agent)

    def close(self) -> None:
        """Stop answering and cut what is open."""
        loop = asyncio.get_running_loop()
        for station in self.stations:
            for sock in (station.ssh, station.snmp):
                if sock is not None:
                    loop.remove_reader(sock)
            station.close()
        for task in self._tasks:
            task.cancel()
        for transport in tuple(self._open):
            transport.abort()

    def _accept(self, station: Station, listener: socket.socket) -> None:
        for _ in range(_ACCEPTS_AT_ONCE):
            try:
                sock, _peer = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _OUT_OF_FILES:
                    self._rest(station, listener)
                return
            if not is_loopback(sock.getsockname()[0]):
                sock.close()
                continue
            sock.setblocking(False)
            task = asyncio.get_running_loop().create_task(self._serve(sock, station))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _rest(self, station: Station, listener: socket.socket) -> None:
        """Leave a listener alone for a moment: the peer waits, and we do not spin."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        loop.call_later(_REST_S, self._resume, station, listener)

    def _resume(self, station: Station, listener: socket.socket) -> None:
        if listener.fileno() >= 0:
            asyncio.get_running_loop().add_reader(listener, self._accept, station, listener)

    async def _serve(self, sock: socket.socket, station: Station) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            await loop.connect_accepted_socket(lambda: self._protocol(station), sock)

    def _protocol(self, station: Station) -> asyncio.Protocol:
        personality = station.personality
        if personality.behaviour.ssh == "hang_before_banner":
            return Mute(self._open)
        if "telnet" in personality.behaviour.quirks:
            return TelnetDoor(personality, lambda: self.count(station.index), self._open)
        return Connection(options(personality, lambda: self.count(station.index)), self._open)


def _answer_datagrams(sock: socket.socket, agent: SnmpAgent) -> None:
    for _ in range(_DATAGRAMS_AT_ONCE):
        try:
            datagram, peer = sock.recvfrom(_DATAGRAM)
        except OSError:
            return
        answer = agent.respond(datagram)
        if answer is not None:
            with contextlib.suppress(OSError):
                sock.sendto(answer, peer)
