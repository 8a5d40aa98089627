"""The telnet side of a simulated device: options, log-in dialogue, then the same session as SSH.

Knows telnet (RFC 854) as far as devices use it. What a session says is ``session``'s.
"""

from __future__ import annotations

import asyncio
import re

from netops.lab.model import Personality
from netops.lab.session import DeviceSession
from netops.lab.ssh import CountLogin

_OFFERS = b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f"
"""Will echo, will suppress go-ahead, do window size."""
_COMMANDS = re.compile(rb"\xff(?:\xfa.*?\xff\xf0|[\xfb-\xfe].|[\xf1-\xf9])", re.DOTALL)
_BEGUN = re.compile(rb"\xff(?:\xfa[^\xf0]*|[\xfb-\xfe])?\Z", re.DOTALL)
"""A command whose end has not come."""
_END = re.compile(rb"\r\n|\r|\n")
_TRIES = 3
_MOST = 1 << 16
_GREETINGS = {
    "huawei_vrp": ("\r\nLogin authentication\r\n\r\n\r\nUsername:", "Error: Login failed.\r\n"),
    "h3c_comware": ("\r\nlogin: ", "AAA authentication failed.\r\n"),
}
_GREETING = ("\r\nlogin: ", "\r\nLogin incorrect\r\n")


class TelnetDoor(asyncio.Protocol):
    """One telnet connection to one device."""

    def __init__(
        self, personality: Personality, count: CountLogin, open_ones: set[asyncio.Transport]
    ) -> None:
        self._personality = personality
        self._count = count
        self._open_ones = open_ones
        self._pending = b""
        self._typed = bytearray()
        self._has_input = asyncio.Event()
        self._after_return = False
        self._session: DeviceSession | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Offer what a character terminal needs, and begin to ask."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._open_ones.add(transport)
            transport.write(_OFFERS)
            self._task = asyncio.get_running_loop().create_task(self._log_in())

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop whatever is being asked or printed."""
        self._open_ones.discard(self._transport)
        if self._task is not None:
            self._task.cancel()
        if self._session is not None:
            self._session.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what was typed, without telnet's commands; octets of 255 are nobody's text here."""
        data = _COMMANDS.sub(b"", self._pending + data)
        begun = _BEGUN.search(data)
        at = begun.start() if begun else len(data)
        self._pending = data[at:][:_MOST]
        text = data[:at].replace(b"\r\0", b"\r")
        if self._session is not None:
            self._session.data_received(text, None)
        elif len(self._typed) < _MOST:
            self._typed += text
            self._has_input.set()

    def pause_writing(self) -> None:
        """Stop printing: the peer does not read."""
        if self._session is not None:
            self._session.pause_writing()

    def resume_writing(self) -> None:
        """Print again."""
        if self._session is not None:
            self._session.resume_writing()

    async def _log_in(self) -> None:
        mine = self._personality
        question, refusal = _GREETINGS.get(mine.platform, _GREETING)
        for _ in range(_TRIES):
            self.write(question.encode())
            name = await self._line(echoed=True)
            self.write(b"Password:")
            password = await self._line(echoed=False)
            refuses = mine.behaviour.ssh == "refuse_login"
            if not refuses and (name, password) == (mine.username, mine.password):
                self._begin()
                return
            self.write(refusal.encode())
        self._transport.close()

    async def _line(self, *, echoed: bool) -> str:
        while True:
            if self._after_return and self._typed.startswith(b"\n"):
                del self._typed[0]
            if end := _END.search(self._typed):
                break
            self._has_input.clear()
            await self._has_input.wait()
        line = bytes(self._typed[: end.start()])
        self._after_return = end[0] == b"\r"
        del self._typed[: end.end()]
        self.write((line if echoed else b"") + b"\r\n")
        return line.decode("utf-8", "replace")

    def _begin(self) -> None:
        self._count()
        self._session = DeviceSession(self._personality)
        self._session.connection_made(self)  # type: ignore[arg-type]  # all that it calls is there
        self._session.pty_requested("vt100", (0, 0, 0, 0), {})
        self._session.session_started()
        if self._typed:
            self._session.data_received(bytes(self._typed), None)

    def write(self, data: bytes) -> None:
        """Send octets of text; what a peer that has gone would have read is dropped."""
        self._transport.write(data.replace(b"\xff", b"\xff\xff"))

    def pause_reading(self) -> None:
        """Stop the peer from sending."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Let the peer send again."""
        self._transport.resume_reading()

    def exit(self, status: int) -> None:  # noqa: ARG002 - telnet has no word for it
        """End the session."""
        self._transport.close()

    def get_connection(self) -> asyncio.Transport:
        """Return what can be cut."""
        return self._transport
