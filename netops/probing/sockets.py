"""Opens the sockets that probes need, by the least privilege that this machine grants.

Knows datagram ICMP, raw ICMP and the helper process, in that order; refuses to fall back
silently to anything that would measure something else.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address
from types import TracebackType
from typing import Protocol, Self

from netops.errors import ProbeError, Sentence
from netops.probing.datagrams import IPV4, IPV6, Address, zone_index


class Access(StrEnum):
    """How a socket for ICMP was come by."""

    DATAGRAM = "datagram"
    RAW = "raw"
    HELPER = "helper"


class SocketGiver(Protocol):
    """Somebody with the privilege that we lack: the helper process."""

    def icmp_socket(self, family: int) -> socket.socket:
        """Return a raw ICMP socket of family 4 or 6."""


FAMILIES = {IPV4: socket.AF_INET, IPV6: socket.AF_INET6}
_PROTOCOLS = {IPV4: socket.IPPROTO_ICMP, IPV6: socket.IPPROTO_ICMPV6}
_BUFFER = 4 << 20
_SO_RCVBUFFORCE = 33

IP_RECVERR = {IPV4: (socket.IPPROTO_IP, 11), IPV6: (socket.IPPROTO_IPV6, 25)}
"""Level and option that ask the kernel to keep ICMP errors for the socket (linux/in.h, in6.h)."""

_ICMP_FILTER = 1
_SOL_RAW = 255
_WANTED_V4 = (0, 3, 11)
_WANTED_V6 = (1, 2, 3, 4, 129)


@dataclass(frozen=True, slots=True)
class IcmpSocket:
    """An open ICMP socket of one family; closes itself as a context manager."""

    family: int
    access: Access
    socket: socket.socket

    @property
    def is_raw(self) -> bool:
        """Whether packets come with all headers, other people's too."""
        return self.access is not Access.DATAGRAM

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()


def open_icmp(
    family: int,
    access: Access | None = None,
    helper: SocketGiver | None = None,
    source: Address | None = None,
) -> IcmpSocket:
    """Open an ICMP socket: as ``access`` says, else by the least privilege that works.

    Raises:
        ProbeError: this machine allows none of the ways, or lacks the family or the source.
    """
    ways = [access] if access else [Access.DATAGRAM, Access.RAW, Access.HELPER]
    for way in ways:
        opened = _open(family, way, helper)
        if opened is not None:
            return _prepared(IcmpSocket(family, way, opened), source)
    raise ProbeError(
        Sentence("This user may not open ICMP sockets for IPv{family}.", family=family),
        remedy=Sentence(
            "Let net.ipv4.ping_group_range hold the user's group, install the probe helper and "
            "name it in NETOPS_PROBE_HELPER, or probe by TCP."
        ),
    )


def _open(family: int, way: Access, helper: SocketGiver | None) -> socket.socket | None:
    if way is Access.HELPER:
        return helper.icmp_socket(family) if helper else None
    kind = socket.SOCK_DGRAM if way is Access.DATAGRAM else socket.SOCK_RAW
    try:
        return socket.socket(FAMILIES[family], kind, _PROTOCOLS[family])
    except PermissionError:
        return None
    except OSError as error:
        raise ProbeError(
            Sentence("IPv{family} cannot be used here: {why}.", family=family, why=error.strerror),
            remedy=Sentence("Ask only for the other family, or probe from another vantage."),
        ) from error


def _prepared(opened: IcmpSocket, source: Address | None) -> IcmpSocket:
    try:
        opened.socket.setblocking(False)
        enlarge(opened.socket)
        if opened.is_raw:
            want_only_answers(opened.socket, opened.family)
        else:
            opened.socket.setsockopt(*IP_RECVERR[opened.family], 1)
        bind_source(opened.socket, source)
    except BaseException:
        opened.socket.close()
        raise
    return opened


def enlarge(opened: socket.socket) -> None:
    """Ask for receive space for a burst of answers; by privilege if there is some."""
    try:
        opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    except PermissionError:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)


def want_only_answers(opened: socket.socket, family: int) -> None:
    """Let the kernel drop ICMP that answers no probe: it would only cost us time."""
    if family == IPV4:
        mask = ~sum(1 << kind for kind in _WANTED_V4) & 0xFFFFFFFF
        opened.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", mask))
        return
    words = [0xFFFFFFFF] * 8
    for kind in _WANTED_V6:
        words[kind >> 5] &= ~(1 << (kind & 31)) & 0xFFFFFFFF
    opened.setsockopt(socket.IPPROTO_ICMPV6, _ICMP_FILTER, struct.pack("=8I", *words))


def bind_source(opened: socket.SocketType, source: Address | None, port: int = 0) -> None:
    """Send from this address and port; None and 0 leave the choice to the system.

    Raises:
        ProbeError: it is none of this machine's.
    """
    if source is None and not port:
        return
    try:
        opened.bind(_bindable(opened, source, port))
    except OSError as error:
        raise ProbeError(
            Sentence("Cannot probe from {source}: {why}.", source=source, why=error.strerror),
            remedy=Sentence("Name an address of this machine, or leave the source out."),
        ) from error


def _bindable(
    opened: socket.SocketType, source: Address | None, port: int
) -> tuple[str, int] | tuple[str, int, int, int]:
    if source is None:
        return ("" if opened.family == socket.AF_INET else "::", port)
    if isinstance(source, IPv4Address):
        return (str(source), port)
    return (str(source).partition("%")[0], port, 0, zone_index(source))


def allowed() -> dict[int, tuple[Access, ...]]:
    """Return, by family, which ways this user has without the helper."""
    return {
        family: tuple(way for way in (Access.DATAGRAM, Access.RAW) if _is_allowed(family, way))
        for family in FAMILIES
    }


def _is_allowed(family: int, way: Access) -> bool:
    with contextlib.suppress(ProbeError):
        opened = _open(family, way, None)
        if opened is not None:
            opened.close()
            return True
    return False
