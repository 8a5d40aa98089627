"""Traceroute probes in bytes: everything of one flow looks alike to a router that balances load.

Knows how a probe's number survives in the few bytes that routers quote (the length of a UDP
datagram, the sequence of an echo); refuses to know paths. Works on raw sockets, or without any
privilege on the kernel's error queue.
"""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from netops.errors import ProbeError
from netops.probing.datagrams import CAPACITY, IPV4, Address, Inbox, Outbox
from netops.probing.icmp_errors import (
    PORT_UNREACHABLE,
    UNREACHABLE,
    ErrorQueue,
    IcmpError,
    parse_v4,
    parse_v6,
)
from netops.probing.sockets import (
    FAMILIES,
    IP_RECVERR,
    Access,
    IcmpSocket,
    SocketGiver,
    bind_source,
    enlarge,
    open_icmp,
)

TOKEN = 16
MOST_NUMBERS = 240
"""Probes of one flow to one target: their numbers must fit a byte and a small datagram."""
PORT = 33434
_SOURCE_PORT = 40000
_ROOM = 192
_HEADER_BYTES = 8
_ONES = 0xFFFF
_UDP, _ICMP = 17, {4: 1, 6: 58}
_REQUEST, _REPLY = {4: 8, 6: 128}, {4: 0, 6: 129}
_ADDRESS_AT = {4: slice(4, 8), 6: slice(8, 24)}


class Heard(NamedTuple):
    """An answer to a probe of ``flow`` to ``destination``.

    ``number`` is None where the router quoted too little to tell; ``token`` is empty then, or
    where it was not quoted. ``error`` is None for the target's own answer.
    """

    flow: int
    destination: bytes
    number: int | None
    token: bytes
    router: bytes
    error: IcmpError | None


class Wire(ABC):
    """Sends numbered probes of several flows of one family and hears what became of them."""

    sockets: list[socket.socket]
    port = 0
    """To which port of the target the probes go."""

    def __init__(self, family: int, flows: int) -> None:
        self.family = family
        self.flows = flows
        self.sockets = []
        self.is_raw = True
        self._outbox = Outbox(family, _HEADER_BYTES + TOKEN + MOST_NUMBERS, hops=True)
        self._inbox = Inbox(family, _ROOM)

    def close(self) -> None:
        """Close every socket."""
        for opened in self.sockets:
            opened.close()

    def load(self, flow: int, probes: Sequence[tuple[int, bytes, bytes, int]]) -> None:
        """Write probes of a flow: number, token, name of the target, TTL."""
        packets = [self._packet(flow, number, token) for number, token, _, _ in probes]
        names = [name for _, _, name, _ in probes]
        self._outbox.load_uneven(packets, names, [ttl for _, _, _, ttl in probes])

    @abstractmethod
    def _packet(self, flow: int, number: int, token: bytes) -> bytes: ...

    def send(self, flow: int, first: int, end: int) -> int:
        """Send loaded probes; return how many went."""
        return self._outbox.send(self.sockets[flow].fileno(), first, end)

    @abstractmethod
    def receive(self) -> list[Heard]:
        """Return what waits, without waiting."""

    def _raw_errors(self, opened: socket.socket, heard: list[Heard]) -> None:
        inbox, where = self._inbox, _ADDRESS_AT[self.family]
        while count := inbox.receive(opened.fileno()):
            for number in range(count):
                begin = number * _ROOM
                packet = inbox.data[begin : begin + min(_ROOM, inbox.lengths[number])]
                source = inbox.names[number * inbox.name_slot :][where]
                self._raw_packet(packet, source, heard)
            if count < CAPACITY:
                break

    def _raw_packet(self, packet: bytes, source: bytes, heard: list[Heard]) -> None:
        error = parse_v4(packet) if self.family == IPV4 else parse_v6(packet, source)
        known = self._quoted(error) if error is not None else None
        if known is not None:
            heard.append(known)

    @abstractmethod
    def _quoted(self, error: IcmpError) -> Heard | None: ...


class UdpWire(Wire):
    """UDP to a port that nobody uses; a probe's number is how much longer it is than the least."""

    port = PORT

    def __init__(self, family: int, flows: int, source: Address | None) -> None:
        super().__init__(family, flows)
        self._icmp: IcmpSocket | None = None
        self._ports: dict[int, int] = {}
        self._queue = ErrorQueue.of(family, _UDP, _ROOM)
        try:
            for flow in range(flows):
                self._open(flow, source)
        except BaseException:
            self.close()
            raise

    def _open(self, flow: int, source: Address | None) -> None:
        opened = socket.socket(FAMILIES[self.family], socket.SOCK_DGRAM)
        self.sockets.append(opened)
        opened.setblocking(False)
        self._bind(opened, _SOURCE_PORT + flow, source)
        self._ports[opened.getsockname()[1]] = flow

    @staticmethod
    def _bind(opened: socket.socket, port: int, source: Address | None) -> None:
        try:
            bind_source(opened, source, port)
        except ProbeError as error:
            # Somebody traces beside us: any port does, only the choice among equals may differ.
            cause = error.__cause__
            if not isinstance(cause, OSError) or cause.errno != errno.EADDRINUSE:
                raise
            bind_source(opened, source, 0)

    def hear_raw(self, icmp: IcmpSocket) -> None:
        """Hear errors on a raw socket: it shows the length even where a router quotes little."""
        self._icmp = icmp
        self.sockets.append(icmp.socket)

    def hear_queue(self) -> None:
        """Hear errors from the kernel's queue of each flow's own socket."""
        self.is_raw = False
        for opened in self.sockets:
            enlarge(opened)
            opened.setsockopt(*IP_RECVERR[self.family], 1)

    def _packet(self, flow: int, number: int, token: bytes) -> bytes:  # noqa: ARG002 - the socket is the flow
        return token + bytes((number,)) + bytes(number)

    def receive(self) -> list[Heard]:
        """Return what waits, without waiting."""
        heard: list[Heard] = []
        if self._icmp is not None:
            self._raw_errors(self._icmp.socket, heard)
        else:
            for flow, opened in enumerate(self.sockets):
                heard += (self._queued(flow, error) for error in self._queue.read(opened))
        for opened in self.sockets[: self.flows]:
            self._discard(opened)
        return heard

    @staticmethod
    def _discard(opened: socket.socket) -> None:
        with contextlib.suppress(OSError):
            opened.recv(1)

    @staticmethod
    def _queued(flow: int, error: IcmpError) -> Heard:
        token, number = error.quote[:TOKEN], error.quote[TOKEN : TOKEN + 1]
        if not number:
            return Heard(flow, error.destination, None, b"", error.router, error)
        return Heard(flow, error.destination, number[0], token, error.router, error)

    def _quoted(self, error: IcmpError) -> Heard | None:
        quote = error.quote
        if error.protocol != _UDP or len(quote) < _HEADER_BYTES:
            return None
        source, port, length = struct.unpack_from(">HHH", quote)
        flow, number = self._ports.get(source), length - _HEADER_BYTES - TOKEN - 1
        if flow is None or port != PORT or not 0 <= number <= MOST_NUMBERS:
            return None
        token = quote[_HEADER_BYTES : _HEADER_BYTES + TOKEN]
        token = token if len(token) == TOKEN else b""
        return Heard(flow, error.destination, number, token, error.router, error)


class EchoTraceWire(Wire):
    """Echo requests; the number is the sequence, and a balancing word keeps the checksum equal."""

    def __init__(self, family: int, flows: int, opened: Sequence[IcmpSocket]) -> None:
        super().__init__(family, flows)
        self.is_raw = opened[0].is_raw
        self.sockets = [icmp.socket for icmp in opened]
        self._queue = ErrorQueue.of(family, _ICMP[family], _ROOM)
        base = secrets.randbelow(1 << 16)
        self._identities = [(base + flow) & _ONES for flow in range(flows)]
        if not self.is_raw:
            for flow, icmp in enumerate(self.sockets):
                if not icmp.getsockname()[1]:
                    icmp.bind(("", 0) if family == IPV4 else ("::", 0))
                self._identities[flow] = icmp.getsockname()[1]
        self._flow_of = {identity: flow for flow, identity in enumerate(self._identities)}

    def send(self, flow: int, first: int, end: int) -> int:
        """Send loaded probes; one raw socket serves all flows."""
        return super().send(0 if self.is_raw else flow, first, end)

    def _packet(self, flow: int, number: int, token: bytes) -> bytes:
        kind, identity = _REQUEST[self.family], self._identities[flow]
        checksum = PORT + flow
        total = (kind << 8) + checksum + identity + number + int.from_bytes(token, "big")
        balance = _ONES - total % _ONES
        head = struct.pack(">BBHHH", kind, 0, checksum, identity, number)
        return head + token + balance.to_bytes(2, "big")

    def receive(self) -> list[Heard]:
        """Return what waits, without waiting."""
        heard: list[Heard] = []
        for flow, opened in enumerate(self.sockets):
            self._raw_errors(opened, heard)
            if not self.is_raw:
                heard += self._queued_errors(flow, opened)
        return heard

    def _queued_errors(self, flow: int, opened: socket.socket) -> Iterator[Heard]:
        for error in self._queue.read(opened):
            known = self._of_flow(flow, error.quote, error.destination, error)
            if known is not None:
                yield known

    def _raw_packet(self, packet: bytes, source: bytes, heard: list[Heard]) -> None:
        has_header = self.is_raw and self.family == IPV4
        head = (packet[0] & 15) * 4 if has_header and packet else 0
        if packet[head : head + 1] != bytes((_REPLY[self.family],)):
            super()._raw_packet(packet, source, heard)
            return
        flow = self._flow_of.get(int.from_bytes(packet[head + 4 : head + 6], "big"))
        known = None if flow is None else self._of_flow(flow, packet[head:], source, None)
        if known is not None:
            heard.append(known)

    def _quoted(self, error: IcmpError) -> Heard | None:
        quote = error.quote
        if error.protocol != _ICMP[self.family] or quote[:1] != bytes((_REQUEST[self.family],)):
            return None
        flow = self._flow_of.get(int.from_bytes(quote[4:6], "big"))
        return None if flow is None else self._of_flow(flow, quote, error.destination, error)

    @staticmethod
    def _of_flow(
        flow: int, echo: bytes, destination: bytes, error: IcmpError | None
    ) -> Heard | None:
        if len(echo) < _HEADER_BYTES:
            return None
        number = int.from_bytes(echo[6:8], "big")
        token = echo[_HEADER_BYTES : _HEADER_BYTES + TOKEN]
        if len(token) < TOKEN:
            if error is None:
                return None
            token = b""
        router = destination if error is None else error.router
        return Heard(flow, destination, number, token, router, error)


def is_arrival(heard: Heard, family: int) -> bool:
    """Whether the target itself answered: an echo reply, or that the port is closed."""
    if heard.error is None:
        return True
    said = (heard.error.kind, heard.error.code)
    closed = (UNREACHABLE[family], PORT_UNREACHABLE[family])
    return said == closed and heard.router == heard.destination


def open_wire(
    protocol: str,
    family: int,
    flows: int,
    access: Access | None,
    helper: SocketGiver | None,
    source: Address | None,
) -> Wire:
    """Open what a trace needs: raw where allowed, for it sees most; else without privilege.

    Raises:
        ProbeError: no way is open, or the source address is none of this machine's.
    """
    if protocol == "udp":
        return _open_udp(family, flows, access, helper, source)
    ways = [access] if access else [Access.RAW, Access.HELPER, Access.DATAGRAM]
    first = _first_open(family, ways, helper, source)
    opened = [first]
    if not first.is_raw:
        opened += (open_icmp(family, Access.DATAGRAM, None, source) for _ in range(1, flows))
    return EchoTraceWire(family, flows, opened)


def _first_open(
    family: int, ways: Sequence[Access], helper: SocketGiver | None, source: Address | None
) -> IcmpSocket:
    for way in ways[:-1]:
        with contextlib.suppress(ProbeError):
            return open_icmp(family, way, helper, source)
    return open_icmp(family, ways[-1], helper, source)


def _open_udp(
    family: int,
    flows: int,
    access: Access | None,
    helper: SocketGiver | None,
    source: Address | None,
) -> UdpWire:
    wire = UdpWire(family, flows, source)
    try:
        if access is Access.DATAGRAM:
            wire.hear_queue()
        elif access is not None:
            wire.hear_raw(open_icmp(family, access, helper))
        else:
            try:
                wire.hear_raw(_first_open(family, [Access.RAW, Access.HELPER], helper, None))
            except ProbeError:
                wire.hear_queue()
    except BaseException:
        wire.close()
        raise
    return wire
