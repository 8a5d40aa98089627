"""The terminal line of a simulated device: echo, line input, pager, back-pressure.

Knows characters. Knows no command and no fault. The device itself echoes what it reads, as it
reads it; type-ahead waits and is echoed behind the next prompt, as on a real device.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Protocol

PAGE_LINES = 24

_FLUSH_OCTETS = 1 << 14
_LINE_LIMIT = 1024
_TYPE_AHEAD_LIMIT = 1 << 16
_INTERRUPT = 0x03
_ERASERS = (0x08, 0x7F)
_ENDS = (0x0D, 0x0A)
_ESCAPE = 0x1B
_FIRST_PRINTABLE = 0x20
_STOP_KEYS = (ord("q"), ord("Q"), _INTERRUPT)
_WRAP_COLUMN = 40
_WRAP = b" \x1b[1D"


class Channel(Protocol):
    """What the console needs of an SSH channel."""

    def write(self, data: bytes) -> None:
        """Queue octets."""

    def pause_reading(self) -> None:
        """Stop the peer from sending."""

    def resume_reading(self) -> None:
        """Let the peer send again."""


class Hangup(Exception):  # noqa: N818 - an event of the line, not a fault
    """The peer has gone."""


class Console:
    """One side of a terminal. ``wraps`` inserts ``ESC[1D`` breaks as some releases do.

    ``unix_lines`` is set where no terminal turns line feeds into returns and line feeds.
    """

    unix_lines = False

    def __init__(self, channel: Channel, *, wraps: bool = False) -> None:
        self._channel = channel
        self._wraps = wraps
        self._typed = bytearray()
        self._unsent = bytearray()
        self._has_input = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._has_ended = False
        self._after_return = False
        self._column = 0

    def feed(self, data: bytes) -> None:
        """Take what the peer typed."""
        self._typed += data
        if len(self._typed) > _TYPE_AHEAD_LIMIT:
            self._channel.pause_reading()
        self._has_input.set()

    def end_input(self) -> None:
        """Note that the peer will type no more."""
        self._has_ended = True
        self._has_input.set()

    def hold(self) -> None:
        """Note that the peer does not take what was written."""
        self._may_write.clear()

    def release(self) -> None:
        """Note that the peer takes octets again."""
        self._may_write.set()

    async def write(self, data: bytes) -> None:
        """Show octets; they leave in one piece when the device next waits."""
        self._unsent += data.replace(b"\r\n", b"\n") if self.unix_lines else data
        if len(self._unsent) >= _FLUSH_OCTETS:
            await self.flush()

    async def flush(self) -> None:
        """Send what was written, waiting while the peer does not take it."""
        if not self._unsent:
            return
        await self._may_write.wait()
        piece = bytes(self._unsent)
        self._unsent.clear()
        try:
            self._channel.write(piece)
        except OSError as error:
            raise Hangup from error
        if len(piece) >= _FLUSH_OCTETS:
            # Long answers give way, or one greedy reader would starve a thousand devices.
            await asyncio.sleep(0)

    async def prompt(self, text: str) -> str:
        """Show a prompt and return the line typed behind it, echoed."""
        self._column = 0
        await self.write(self._wrapped(text.encode()))
        line = bytearray()
        while True:
            key = await self._key()
            if key in _ENDS:
                await self.write(b"\r\n")
                return line.decode("utf-8", "replace")
            await self._edit(line, key)

    async def page(self, lines: Iterator[bytes], pager: str, erase: str, *, stops: bool) -> None:
        """Show lines a page at a time. ``stops``: q and Ctrl+C end the output."""
        room = PAGE_LINES
        for line in lines:
            if not room:
                await self.write(pager.encode())
                key = await self._pager_key()
                await self.write(erase.encode())
                if stops and key in _STOP_KEYS:
                    return
                room = 1 if key in _ENDS else PAGE_LINES
            await self.write(line)
            room -= 1

    async def _edit(self, line: bytearray, key: int) -> None:
        if key in _ERASERS:
            if line:
                del line[-1]
                await self.write(b"\x08 \x08")
        elif key == _INTERRUPT:
            line.clear()
            await self.write(b"^C\r\n")
        elif key >= _FIRST_PRINTABLE and key != _ESCAPE and len(line) < _LINE_LIMIT:
            line.append(key)
            await self.write(self._wrapped(bytes((key,))))

    def _wrapped(self, octets: bytes) -> bytes:
        if not self._wraps:
            return octets
        pieces = bytearray()
        for octet in octets:
            if self._column and self._column % _WRAP_COLUMN == 0:
                pieces += _WRAP
            pieces.append(octet)
            self._column += 1
        return bytes(pieces)

    async def _pager_key(self) -> int:
        known = (*_STOP_KEYS, *_ENDS, ord(" "))
        while True:
            key = await self._key()
            if key in known:
                return key

    async def _key(self) -> int:
        """Return the next key; the line feed of a carriage return and line feed is no key."""
        while True:
            while not self._typed:
                if self._has_ended:
                    raise Hangup
                await self.flush()
                if self._typed:
                    break
                self._has_input.clear()
                self._channel.resume_reading()
                await self._has_input.wait()
            key = self._typed.pop(0)
            is_pair = self._after_return and key == _ENDS[1]
            self._after_return = key == _ENDS[0]
            if not is_pair:
                return key
