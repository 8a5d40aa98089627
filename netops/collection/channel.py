"""An SSH channel for a terminal, read and fed by one thread: no locks, no waking, no waiting.

Knows what is worth looking at. Who reads the packets is ``transport``'s.
"""

from __future__ import annotations

from collections.abc import Callable

import paramiko
from paramiko import common as words

_WINDOW = 1 << 21
_PACKET = 1 << 15
_ENOUGH = 1 << 20
_LINE_FEED = ord("\n")


class Inbox(paramiko.buffered_pipe.BufferedPipe):  # type: ignore[type-arg]  # in stubs only
    """What a channel has received. One thread feeds and reads."""

    def __init__(self) -> None:
        super().__init__()
        self._octets = bytearray()
        self.is_closed = False

    @property
    def is_worth_reading(self) -> bool:
        """Whether something came that does not end a line, or a lot, or the end.

        The echo of a command and the body of its answer end in a line feed, the prompt does
        not: looking once an answer and not once a packet spares much work.
        """
        held = self._octets
        return self.is_closed or (bool(held) and (held[-1] != _LINE_FEED or len(held) > _ENOUGH))

    def feed(self, data: bytes | str) -> None:
        """Take octets."""
        self._octets += data if isinstance(data, bytes) else data.encode()

    def read(self, nbytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - paramiko's form
        """Return what is there."""
        piece = bytes(self._octets[:nbytes])
        del self._octets[:nbytes]
        return piece

    def read_ready(self) -> bool:
        """Whether octets wait."""
        return bool(self._octets)

    def close(self) -> None:
        """Note that nothing more will come."""
        self.is_closed = True

    def __len__(self) -> int:
        return len(self._octets)


class TerminalChannel(paramiko.Channel):
    """A channel whose requests are sent without waiting for the answer of each.

    Where one is refused, the device closes the channel or paramiko does, and the reader sees it.
    """

    # Parts of paramiko 4.0 that its stubs leave out.
    _set_transport: Callable[[paramiko.Transport], None]
    _set_window: Callable[[int, int], None]

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.in_buffer: Inbox = Inbox()

    def offer(self, transport: paramiko.Transport) -> paramiko.Message:
        """Join a transport; return the message that asks for this channel."""
        self._set_transport(transport)
        self._set_window(_WINDOW, _PACKET)
        message = paramiko.Message()
        message.add_byte(words.cMSG_CHANNEL_OPEN)
        message.add_string("session")
        for value in (self.get_id(), _WINDOW, _PACKET):
            message.add_int(value)
        return message

    def _wait_for_event(self) -> None:
        """Go on."""
