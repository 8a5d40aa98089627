"""Many datagrams in one system call: sendmmsg and recvmmsg over buffers that are laid out once.

Knows the memory that the kernel reads and fills; refuses to know what the bytes mean. Python's
own socket calls cost more per packet than the kernel's whole work for it.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address

CAPACITY = 128
"""Datagrams in one call: enough to spread its cost, few enough that times stay true."""

IPV4, IPV6 = 4, 6
_V4_BYTES = 4
NATIVE = sys.byteorder

NAME_BYTES = {IPV4: 16, IPV6: 28}
"""``sizeof`` of sockaddr_in and sockaddr_in6."""


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    _fields_ = (("header", _Header), ("length", ctypes.c_uint32))


_C = ctypes.CDLL(None, use_errno=True)
_WORD = ctypes.sizeof(ctypes.c_uint32)
_STRIDE = ctypes.sizeof(_Message) // _WORD
_LENGTH_AT = _Message.length.offset // _WORD


def socket_name(address: Address, port: int = 0) -> bytes:
    """Return the kernel's name (sockaddr) of an address.

    Raises:
        OSError: the zone of a link-local address is no interface of this machine.
    """
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    head = family.to_bytes(2, NATIVE) + port.to_bytes(2, "big")
    if isinstance(address, IPv4Address):
        return head + address.packed + bytes(8)
    return head + bytes(4) + address.packed + zone_index(address).to_bytes(4, NATIVE)


def socket_names(packed: Sequence[bytes]) -> list[bytes]:
    """Return the names of many packed addresses of one family, without port or zone."""
    is_v4 = not packed or len(packed[0]) == _V4_BYTES
    family = socket.AF_INET if is_v4 else socket.AF_INET6
    head = family.to_bytes(2, NATIVE) + bytes(2 if is_v4 else 6)
    tail = bytes(8 if is_v4 else 4)
    return [head + address + tail for address in packed]


def zone_index(address: IPv6Address) -> int:
    """Return the number of the interface that a link-local address names, 0 for none."""
    zone = address.scope_id
    if not zone:
        return 0
    return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)


class _Buffers:
    """``CAPACITY`` messages whose data, names and control areas lie in three rows of slots."""

    def __init__(self, family: int, data: int, control: int = 0) -> None:
        self.slot = data
        self.name_slot = NAME_BYTES[family]
        self.control_slot = control
        self.data = bytearray(CAPACITY * data)
        self.names = bytearray(CAPACITY * self.name_slot)
        self.controls = bytearray(max(1, CAPACITY * control))
        self._pinned = [_pin(row) for row in (self.data, self.names, self.controls)]
        self.vectors = (_Vector * CAPACITY)()
        self.messages = (_Message * CAPACITY)()
        for number in range(CAPACITY):
            self._lay_out(number)
        self.lengths = memoryview(self.vectors).cast("B").cast("L")[1::2]
        self.pointer = ctypes.addressof(self.messages)

    def _lay_out(self, number: int) -> None:
        data, names, controls = (ctypes.addressof(pin) for pin in self._pinned)
        self.vectors[number] = _Vector(data + number * self.slot, self.slot)
        self.messages[number].header = _Header(
            names + number * self.name_slot,
            self.name_slot,
            ctypes.addressof(self.vectors) + number * ctypes.sizeof(_Vector),
            1,
            controls + number * self.control_slot if self.control_slot else None,
            self.control_slot,
            0,
        )


def _pin(row: bytearray) -> ctypes.Array[ctypes.c_char]:
    return (ctypes.c_char * len(row)).from_buffer(row)


_HOPS_LEVEL = {IPV4: (socket.IPPROTO_IP, socket.IP_TTL), IPV6: (socket.IPPROTO_IPV6, 52)}
"""Level and type of the control message that sets one datagram's TTL (IPV6_HOPLIMIT is 52)."""
_CONTROL_HEAD = ctypes.sizeof(ctypes.c_size_t) + 8
_HOPS_SLOT = _CONTROL_HEAD + 8


class Outbox:
    """Datagrams on their way out. ``size`` is the longest; with ``hops`` each has its own TTL."""

    def __init__(self, family: int, size: int, *, hops: bool = False) -> None:
        self._buffers = _Buffers(family, size, _HOPS_SLOT if hops else 0)
        self._hops_head = b""
        if hops:
            level, kind = _HOPS_LEVEL[family]
            length = (_CONTROL_HEAD + 4).to_bytes(ctypes.sizeof(ctypes.c_size_t), NATIVE)
            self._hops_head = length + level.to_bytes(4, NATIVE) + kind.to_bytes(4, NATIVE)

    def load(self, packets: Sequence[bytes], names: Sequence[bytes]) -> None:
        """Lay in up to ``CAPACITY`` datagrams of the full size with the names they go to."""
        data, addresses = b"".join(packets), b"".join(names)
        self._buffers.data[: len(data)] = data
        self._buffers.names[: len(addresses)] = addresses

    def load_uneven(
        self, packets: Sequence[bytes], names: Sequence[bytes], hops: Sequence[int]
    ) -> None:
        """Lay in datagrams of different lengths, each with its own TTL."""
        self.load([packet.ljust(self._buffers.slot, b"\0") for packet in packets], names)
        for number, packet in enumerate(packets):
            self._buffers.lengths[number] = len(packet)
        controls = b"".join(self._hops_head + ttl.to_bytes(4, NATIVE) + bytes(4) for ttl in hops)
        self._buffers.controls[: len(controls)] = controls

    def send(self, descriptor: int, first: int, end: int) -> int:
        """Send the datagrams ``first`` to ``end`` (exclusive); return how many went.

        Raises:
            OSError: the kernel did not take the first of them, and why.
        """
        at = self._buffers.pointer + first * ctypes.sizeof(_Message)
        sent = int(_C.sendmmsg(descriptor, ctypes.c_void_p(at), end - first, 0))
        if sent < 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))
        return sent


class Inbox:
    """Datagrams that came, up to ``CAPACITY`` at once; longer ones are cut to ``size``."""

    def __init__(self, family: int, size: int, control: int = 0) -> None:
        self._buffers = _Buffers(family, size, control)
        self._fresh = bytes(self._buffers.messages)
        self._words = memoryview(self._buffers.messages).cast("B").cast("I")
        self.slot = size
        self.name_slot = self._buffers.name_slot
        self.control_slot = control
        self.data = self.names = self.controls = b""
        self.lengths: list[int] = []

    def receive(self, descriptor: int, flags: int = 0) -> int:
        """Take what waits; return how many. The attributes then hold it, slot beside slot."""
        buffers = self._buffers
        ctypes.memmove(buffers.pointer, self._fresh, len(self._fresh))
        count = int(
            _C.recvmmsg(
                descriptor,
                ctypes.c_void_p(buffers.pointer),
                CAPACITY,
                flags | socket.MSG_DONTWAIT,
                None,
            )
        )
        if count <= 0:
            return 0
        self.data = bytes(memoryview(buffers.data)[: count * self.slot])
        self.names = bytes(memoryview(buffers.names)[: count * self.name_slot])
        if self.control_slot:
            self.controls = bytes(memoryview(buffers.controls)[: count * self.control_slot])
        self.lengths = self._words[_LENGTH_AT : count * _STRIDE : _STRIDE].tolist()
        return count
