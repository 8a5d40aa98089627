"""TCP sweeps: connections that are opened and closed again, thousands at once within a bound.

Knows non-blocking connect and epoll; a refusal is an answer, because the target sent it. Refuses
to send a byte of data: nothing is asked of whoever listens.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import select
import socket
import struct
from collections import deque
from collections.abc import Sequence
from typing import Final

from netops.errors import Sentence
from netops.facts.measurements import Echoes
from netops.probing.datagrams import IPV4, IPV6, Address, socket_name
from netops.probing.icmp import LONGEST_POLL_S, in_short
from netops.probing.options import SweepOptions
from netops.probing.sockets import FAMILIES, bind_source
from netops.probing.tally import Tally, run_rounds

_C = ctypes.CDLL(None, use_errno=True)
_NOBODY: Final = bytes(16)
"""A name of no family: connecting to it resets the connection and frees the socket."""
_ABORT: Final = struct.pack("ii", 1, 0)
"""Linger for 0 s: closing sends a reset, so neither side keeps state of the probe."""
_NETWORK_SAID_NO: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPROTO})
_NO_ROOM: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_OTHERS_FILES = 64
"""Descriptors left for the rest of the process."""
_TOGETHER = 16
"""Connections begun at one moment: enough to spread the cost of the books."""
_KIND = socket.SOCK_STREAM | socket.SOCK_NONBLOCK
_DECIDED: Final = frozenset({0, errno.ECONNREFUSED})
_EVENTS = select.EPOLLOUT | select.EPOLLET
_BAD = select.EPOLLERR | select.EPOLLHUP


def tcp_sweep(
    targets: Sequence[tuple[Address, int]], options: SweepOptions | None = None
) -> list[Echoes]:
    """Open a connection to every address and port; return the series in the order given.

    Raises:
        ProbeError: the source address is none of this machine's.
    """
    options = options or SweepOptions()
    chosen = list(dict.fromkeys(targets))
    tally = Tally([address for address, _ in chosen], options, "tcp")
    ports = [port for _, port in chosen]
    with contextlib.closing(_Sweep(tally, ports, options)) as sweep:
        run_rounds(tally, options, sweep.send_round, sweep.listen)
    found = dict(zip(chosen, tally.results(ports), strict=True))
    return [found[target] for target in targets]


class _Sweep:
    """Connections under way by descriptor, oldest first; probes are numbers of the tally.

    A socket that has done its work is disconnected and used again: that spares the kernel half
    of what a connection costs. Each is registered with epoll once, edge-triggered, so that an
    idle one is silent.
    """

    def __init__(self, tally: Tally, ports: Sequence[int], options: SweepOptions) -> None:
        self._tally = tally
        self._options = options
        self._clock = options.clock
        self._epoll = select.epoll()
        self._open: dict[int, tuple[socket.SocketType, int]] = {}
        self._idle: dict[int, list[socket.SocketType]] = {IPV4: [], IPV6: []}
        self._ages: deque[tuple[float, int, int]] = deque()
        spare = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _OTHERS_FILES
        self._most = max(1, min(options.open_sockets, spare // len(self._idle)))
        self._names = [self._name(n, port) for n, port in enumerate(ports)]

    def _name(self, number: int, port: int) -> bytes:
        target, source = self._tally.targets[number], self._options.source
        if source is not None and source.version != target.version:
            self._tally.cannot(number, Sentence("the source is of the other family"))
        try:
            return socket_name(target, port)
        except OSError as error:
            self._tally.cannot(number, in_short(error))
            return b""

    def close(self) -> None:
        """Close everything, connected or idle."""
        for opened, _ in self._open.values():
            opened.close()
        for idle in self._idle.values():
            for opened in idle:
                opened.close()
        self._epoll.close()

    def send_round(self, numbers: Sequence[int]) -> None:
        """Begin a connection to each, within the pace and the bound of open sockets."""
        pace, at = self._options.pace, 0
        while at < len(numbers):
            room = min(self._most - len(self._open), _TOGETHER, len(numbers) - at)
            if not room:
                self.listen(self._options.timeout_s)
                continue
            granted = pace.take(room)
            if not granted:
                self.listen(pace.wait_s())
                continue
            closed = self._tally.closed
            batch = [number for number in numbers[at : at + granted] if number not in closed]
            at += granted
            now = self._clock()
            for probe, number in enumerate(batch, self._tally.send(batch, now)):
                self._begin(probe, number, now)
            self.listen(0)

    def _begin(self, probe: int, number: int, now: float) -> None:
        family = self._tally.targets[number].version
        try:
            opened = self._idle[family].pop() if self._idle[family] else self._new(family)
        except OSError as error:
            self._tally.take_back(probe, in_short(error))
            return
        descriptor, name = opened.fileno(), self._names[number]
        found = 0 if not _C.connect(descriptor, name, len(name)) else ctypes.get_errno()
        if found == errno.EINPROGRESS:
            self._open[descriptor] = (opened, probe)
            self._ages.append((now, descriptor, probe))
            return
        if found in _DECIDED:
            self._tally.answer(probe, self._clock())
        else:
            self._tally.take_back(probe, os.strerror(found))
        self._release(opened)

    def _new(self, family: int) -> socket.SocketType:
        opened = self._socket(FAMILIES[family])
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
            bind_source(opened, self._options.source)
            self._epoll.register(opened.fileno(), _EVENTS)
        except BaseException:
            opened.close()
            raise
        return opened

    def _socket(self, family: int) -> socket.SocketType:
        while True:
            try:
                return socket.SocketType(family, _KIND)
            except OSError as error:
                # The machine has no room: wait until something of ours has been decided.
                if error.errno not in _NO_ROOM or not self._open:
                    raise
                self.listen(self._options.timeout_s)

    def _release(self, opened: socket.SocketType) -> None:
        """Reset the connection; keep the socket, unless its source ties it to a port."""
        descriptor = opened.fileno()
        if self._options.source is None and not _C.connect(descriptor, _NOBODY, len(_NOBODY)):
            family = IPV4 if opened.family == socket.AF_INET else IPV6
            self._idle[family].append(opened)
        else:
            opened.close()

    def listen(self, seconds: float) -> None:
        """Take in what was decided; give up what is too old; return early if anything was."""
        oldest = self._ages[0][0] + self._options.timeout_s if self._ages else float("inf")
        wait = min(seconds, max(0.0, oldest - self._clock()), LONGEST_POLL_S)
        events = self._epoll.poll(wait, 2 * self._most)
        now = self._clock()
        for descriptor, event in events:
            if descriptor not in self._open:
                continue
            opened, probe = self._open.pop(descriptor)
            if event & _BAD:
                self._failed(probe, opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), now)
            else:
                self._tally.answer(probe, now)
            self._release(opened)
        self._give_up(now)

    def _failed(self, probe: int, error: int, now: float) -> None:
        if error in (0, errno.ECONNREFUSED, errno.ECONNRESET):
            self._tally.answer(probe, now)
        elif error in _NETWORK_SAID_NO:
            self._tally.refuse(probe, os.strerror(error))
        else:
            self._tally.lose(probe)

    def _give_up(self, now: float) -> None:
        ages, limit = self._ages, now - self._options.timeout_s
        while ages and ages[0][0] <= limit:
            _, descriptor, probe = ages.popleft()
            held = self._open.get(descriptor)
            if held is not None and held[1] == probe:
                del self._open[descriptor]
                self._tally.lose(probe)
                self._release(held[0])
