"""Echo requests and what comes back, in bytes: one socket, many probes, no bookkeeping.

Knows ICMP and ICMPv6 echoes on raw and datagram sockets; refuses to know targets and rounds.
Every probe carries 16 random bytes of its own: they name it, and nobody who did not see the
probe can answer for its target.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Sequence

from netops.probing.datagrams import CAPACITY, IPV4, Inbox, Outbox
from netops.probing.icmp_errors import ErrorQueue, IcmpError, parse_v4, parse_v6
from netops.probing.sockets import IcmpSocket

TOKEN = 16
SEQUENCES = 1 << 16
_REQUEST = {4: 8, 6: 128}
_REPLY = {4: 0, 6: 129}
_HEADER = struct.Struct(">BBHHH16s")
_ICMP_BYTES = 8
_PLAIN_IP = 0x45
_ONES = 0xFFFF
_ROOM = 160
"""An outer header with options, an ICMP header, and what a router quotes of ours."""
_PROTOCOL = {4: 1, 6: 58}
_BARE_WHOLE, _V4_WHOLE = 24, 44
"""Shorter ones bring no token; their slot still holds what came before them."""
_V4_REPLIES = struct.Struct(f"B11x4s4xB7x{TOKEN}s{_ROOM - _V4_WHOLE}x")
"""Of a slot with an IPv4 packet: version and header length, source, ICMP type, token."""
_BARE_REPLIES = struct.Struct(f"B7x{TOKEN}s{_ROOM - _BARE_WHOLE}x")
"""Of a slot without an IP header: ICMP type, token."""
_SOURCES = {4: struct.Struct("4x4s8x"), 6: struct.Struct("8x16s4x")}
"""Of a sockaddr: the address."""


Reply = tuple[bytes, bytes]
"""An echo reply: the token it brought and who sent it (packed)."""


class EchoWire:
    """Writes and reads echoes on one socket. Probes are named by growing numbers."""

    def __init__(self, icmp: IcmpSocket, payload: int) -> None:
        self.family = icmp.family
        self.socket = icmp.socket
        self._raw = icmp.is_raw
        self._padding = bytes(payload - TOKEN)
        self._base = secrets.randbelow(SEQUENCES)
        self._outbox = Outbox(icmp.family, _ICMP_BYTES + payload)
        self._inbox = Inbox(icmp.family, _ROOM)
        self._queue = ErrorQueue.of(icmp.family, _PROTOCOL[icmp.family], _ROOM)

    def load(self, first: int, tokens: Sequence[bytes], names: Sequence[bytes]) -> None:
        """Write the probes ``first``, ``first + 1`` …, with these tokens, to these names."""
        kind, base, pad = _REQUEST[self.family], self._base, self._padding
        pack = _HEADER.pack
        needs_checksum = self._raw and self.family == IPV4
        packets = []
        for number, token in enumerate(tokens, first):
            identity = (base + (number >> 16)) & _ONES
            sequence = number & _ONES
            checksum = 0
            if needs_checksum:
                # The one's complement sum of 16-bit words is the remainder by 65,535.
                total = (kind << 8) + identity + sequence + int.from_bytes(token, "big")
                checksum = _ONES - total % _ONES
            packets.append(pack(kind, 0, checksum, identity, sequence, token) + pad)
        self._outbox.load(packets, names)

    def send(self, first: int, end: int) -> int:
        """Send loaded probes, by their place in the load; return how many went."""
        return self._outbox.send(self.socket.fileno(), first, end)

    def receive(self) -> tuple[list[Reply], list[IcmpError]]:
        """Return what waits, without waiting: replies to anybody's echoes, errors likewise."""
        replies: list[Reply] = []
        errors: list[IcmpError] = []
        read = self._read_raw_v4 if self._raw and self.family == IPV4 else self._read_bare
        while count := self._inbox.receive(self.socket.fileno()):
            read(replies, errors)
            if count < CAPACITY:
                break
        if not self._raw:
            errors += self._queue.read(self.socket)
        return replies, errors

    def _read_raw_v4(self, replies: list[Reply], errors: list[IcmpError]) -> None:
        data, lengths = self._inbox.data, self._inbox.lengths
        for number, (head, source, kind, token) in enumerate(_V4_REPLIES.iter_unpack(data)):
            length = lengths[number]
            if head == _PLAIN_IP and kind == _REPLY[IPV4] and length >= _V4_WHOLE:
                replies.append((token, source))
                continue
            begin = number * _ROOM
            self._read_odd_v4(data[begin : begin + length], replies, errors)

    @staticmethod
    def _read_odd_v4(packet: bytes, replies: list[Reply], errors: list[IcmpError]) -> None:
        """Read an error, or a reply whose IP header has options."""
        head = (packet[0] & 15) * 4 if packet else 0
        if packet[head : head + 1] == bytes((_REPLY[IPV4],)):
            at = head + _ICMP_BYTES
            replies.append((packet[at : at + TOKEN], packet[12:16]))
            return
        error = parse_v4(packet)
        if error is not None:
            errors.append(error)

    def _read_bare(self, replies: list[Reply], errors: list[IcmpError]) -> None:
        data, names = self._inbox.data, self._inbox.names
        sources = _SOURCES[self.family].iter_unpack(names)
        for number, ((kind, token), (source,)) in enumerate(
            zip(_BARE_REPLIES.iter_unpack(data), sources, strict=True)
        ):
            length = self._inbox.lengths[number]
            if kind == _REPLY[self.family] and length >= _BARE_WHOLE:
                replies.append((token, source))
            elif self._raw:
                begin = number * _ROOM
                error = parse_v6(data[begin : begin + length], source)
                if error is not None:
                    errors.append(error)

    def candidates(self, error: IcmpError, sent: int) -> list[int]:
        """Return the probes, newest first, that the quote of an error can mean, of ``sent``."""
        quote = error.quote
        if error.protocol != _PROTOCOL[self.family] or len(quote) < _ICMP_BYTES:
            return []
        if quote[0] != _REQUEST[self.family]:
            return []
        identity, sequence = struct.unpack_from(">HH", quote, 4)
        if not self._raw:
            return list(range(sequence, sent, SEQUENCES))[::-1]
        number = (((identity - self._base) & _ONES) << 16) | sequence
        return [number] if number < sent else []

    @staticmethod
    def quoted_token(error: IcmpError) -> bytes:
        """Return the token that an error quotes; empty where the router quoted too little."""
        token = error.quote[_ICMP_BYTES : _ICMP_BYTES + TOKEN]
        return token if len(token) == TOKEN else b""
