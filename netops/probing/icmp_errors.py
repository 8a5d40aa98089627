"""ICMP errors: who refused which of our packets, from raw packets or the kernel's error queue.

Knows the formats of ICMP and ICMPv6 errors and of a socket's error queue; refuses to know which
probe was meant. What routers send is hostile: anything too short is dropped.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from typing import NamedTuple

from netops.errors import Sentence
from netops.probing.datagrams import CAPACITY, IPV4, IPV6, NATIVE, Address, Inbox
from netops.probing.sockets import IP_RECVERR


class IcmpError(NamedTuple):
    """``router`` refused a packet of ours to ``destination`` (packed addresses).

    ``quote`` is what it quoted, from the transport header on; from the error queue of a UDP
    socket only what followed that header.
    """

    router: bytes
    kind: int
    code: int
    destination: bytes
    protocol: int
    quote: bytes


EXPIRED = {IPV4: 11, IPV6: 3}
UNREACHABLE = {IPV4: 3, IPV6: 1}
PORT_UNREACHABLE = {IPV4: 3, IPV6: 4}
"""The code by which a host that was reached says that nobody listens there."""

_ICMP_BYTES = 8
_V4_BYTES, _V6_BYTES = 20, 40


def parse_v4(packet: bytes) -> IcmpError | None:
    """Read an IPv4 packet that holds an ICMP error; None if it is none or cut short."""
    outer = (packet[0] & 15) * 4 if packet else 0
    inner = outer + _ICMP_BYTES
    if outer < _V4_BYTES or len(packet) < inner + _V4_BYTES:
        return None
    transport = inner + (packet[inner] & 15) * 4
    if transport < inner + _V4_BYTES:
        return None
    return IcmpError(
        packet[12:16],
        packet[outer],
        packet[outer + 1],
        packet[inner + 16 : inner + 20],
        packet[inner + 9],
        packet[transport:],
    )


def parse_v6(packet: bytes, router: bytes) -> IcmpError | None:
    """Read an ICMPv6 error as a raw socket gives it, without its IPv6 header."""
    transport = _ICMP_BYTES + _V6_BYTES
    if len(packet) < transport:
        return None
    return IcmpError(
        router,
        packet[0],
        packet[1],
        packet[_ICMP_BYTES + 24 : transport],
        packet[_ICMP_BYTES + 6],
        packet[transport:],
    )


_CONTROL_SLOT = 128
_HEAD = 16
"""Of a control message: length, level, type."""
_EXTENDED = 16
"""``sizeof`` of struct sock_extended_err; the offender's sockaddr follows."""
_ORIGIN_ICMP = (2, 3)
_ADDRESS_AT = {IPV4: slice(4, 8), IPV6: slice(8, 24)}


@dataclass(frozen=True, slots=True)
class ErrorQueue:
    """Reads what the kernel kept for one socket. One reader serves many sockets of a family."""

    family: int
    protocol: int
    inbox: Inbox

    @classmethod
    def of(cls, family: int, protocol: int, size: int) -> ErrorQueue:
        """Make a reader that keeps ``size`` bytes of each quote."""
        return cls(family, protocol, Inbox(family, size, _CONTROL_SLOT))

    def read(self, opened: socket.socket) -> list[IcmpError]:
        """Return the errors that wait at a socket and clear its pending error."""
        found: list[IcmpError] = []
        while count := self.inbox.receive(opened.fileno(), socket.MSG_ERRQUEUE):
            for number in range(count):
                error = self._at(number)
                if error is not None:
                    found.append(error)
            if count < CAPACITY:
                break
        with contextlib.suppress(OSError):
            opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return found

    def _at(self, number: int) -> IcmpError | None:
        control = self.inbox.controls[number * _CONTROL_SLOT : (number + 1) * _CONTROL_SLOT]
        level, option = (int.from_bytes(control[at : at + 4], NATIVE) for at in (8, 12))
        extended = control[_HEAD : _HEAD + _EXTENDED]
        if (level, option) != IP_RECVERR[self.family] or extended[4] not in _ORIGIN_ICMP:
            return None
        where = _ADDRESS_AT[self.family]
        name = self.inbox.names[number * self.inbox.name_slot :]
        begin = number * self.inbox.slot
        return IcmpError(
            control[_HEAD + _EXTENDED :][where],
            extended[5],
            extended[6],
            name[where],
            self.protocol,
            self.inbox.data[begin : begin + self.inbox.lengths[number]],
        )


_WORDS = {
    (IPV4, 3, 0): Sentence("network unreachable"),
    (IPV4, 3, 1): Sentence("host unreachable"),
    (IPV4, 3, 2): Sentence("protocol unreachable"),
    (IPV4, 3, 3): Sentence("port unreachable"),
    (IPV4, 3, 4): Sentence("packet too big"),
    (IPV4, 3, 9): Sentence("prohibited by a filter"),
    (IPV4, 3, 10): Sentence("prohibited by a filter"),
    (IPV4, 3, 13): Sentence("prohibited by a filter"),
    (IPV6, 1, 0): Sentence("network unreachable"),
    (IPV6, 1, 1): Sentence("prohibited by a filter"),
    (IPV6, 1, 3): Sentence("host unreachable"),
    (IPV6, 1, 4): Sentence("port unreachable"),
    (IPV6, 1, 5): Sentence("prohibited by a filter"),
    (IPV6, 1, 6): Sentence("network unreachable"),
    (IPV6, 2, 0): Sentence("packet too big"),
}
_LOOP = Sentence("time to live exceeded on the way")


def in_words(error: IcmpError, router: Address) -> Sentence:
    """Say what the error means and who sent it."""
    return Sentence("{what}, says {router}", what=_what(router.version, error), router=router)


def _what(family: int, error: IcmpError) -> Sentence:
    if error.kind == EXPIRED[family]:
        return _LOOP
    known = _WORDS.get((family, error.kind, error.code))
    return known or Sentence("ICMP type {kind} code {code}", kind=error.kind, code=error.code)
