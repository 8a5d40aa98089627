"""Paramiko's SSH without its thread: whoever waits for something reads the packets himself.

A thread beside each session doubles the threads of a run, wakes two for each answer, and makes
one of them call the other silent when it merely had no turn. What packets mean is paramiko's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import paramiko
from paramiko import common as words

from netops.collection.channel import TerminalChannel
from netops.collection.contact import ContactError, Limits, Silence, StoppedError, Turn
from netops.collection.wire import Packets, Wire
from netops.facts.device import Contact

SLICE_S = 0.5
_KEX = range(30, 42)
"""Numbers of messages whose meaning is the key exchange's own."""
_PASSED_OVER = frozenset({words.MSG_IGNORE, words.MSG_DEBUG})


def wait_for(
    wait: Callable[[float], bool],
    limit_s: float,
    turn: Turn,
    what: str,
    contact: Contact = Contact.UNREACHABLE,
) -> None:
    """Wait in slices until ``wait`` says that it happened, or raise ``ContactError``."""
    silence = Silence(turn, limit_s, SLICE_S)
    turn.step_aside()
    while not wait(silence.slice()):
        if silence.is_too_long():
            raise ContactError(contact, f"{what}: nothing came in {limit_s:g} s")
    turn.go_on()


def known_of(kind: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``wanted`` algorithms of a kind that paramiko would offer too."""
    known = getattr(paramiko.Transport, f"_preferred_{kind}")
    return tuple(one for one in wanted if one in known)


class Transport(paramiko.Transport):
    """One SSH connection, driven by the thread that uses it, until it is shared."""

    # Parts of paramiko 4.0 that its stubs leave out.
    kex_engine: Any
    auth_handler: Any
    _channels: Any
    _expected_packet: tuple[int, ...]
    _handler_table: Mapping[int, Callable[[paramiko.Message], None]]
    _channel_handler_table: Mapping[int, Callable[[paramiko.Channel, paramiko.Message], None]]
    _enforce_strict_kex: Callable[[int], None]
    _next_channel: Callable[[], int]
    _check_banner: Callable[[], None]
    _send_kex_init: Callable[[], None]
    _expect_packet: Callable[[int], None]
    _send_message: Callable[[paramiko.Message], None]

    def __init__(self, wire: Wire, limits: Limits, turn: Turn) -> None:
        super().__init__(
            wire,  # type: ignore[arg-type]  # all that it calls is there
            packetizer_class=Packets,
        )
        self.limits = limits
        self.turn = turn
        self._wire = wire
        self._is_shared = False
        self._offered: Mapping[str, tuple[str, ...]] = {}
        self._rest_by = 0.0
        """When the packet that has begun must be whole; 0 where none has."""

    def prefer(self, algorithms: Mapping[str, tuple[str, ...]]) -> None:
        """Offer these algorithms, by kind; see ``known_of``."""
        self._offered = algorithms

    def _filter_algorithm(self, type_: str) -> tuple[str, ...]:
        """Return what to offer; paramiko asks a dozen times for each connection."""
        return self._offered.get(type_) or getattr(self, f"_preferred_{type_}")

    def exchange_keys(self) -> None:
        """Agree on keys, or raise ``ContactError``; look at ``active`` for the rest."""
        self.active = True
        self._wire.more = self._wait_for_rest
        self.completion_event = done = threading.Event()
        try:
            self._greet()
        except (paramiko.SSHException, OSError, EOFError) as error:
            self._end(error)
        self.wait(done.is_set, "key exchange")

    def _greet(self) -> None:
        self.packetizer.write_all(f"{self.local_version}\r\n".encode())
        wait_for(self._version_came, self.limits.login_s, self.turn, "key exchange", Contact.HUNG)
        self._check_banner()
        self._send_kex_init()
        self._expect_packet(words.MSG_KEXINIT)

    def _version_came(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not self._wire.has_version:
            if not self._wire.fill(seconds) or time.monotonic() > end:
                return False
        return True

    def wait(self, happened: Callable[[], bool], what: str) -> None:
        """Read packets until something ``happened`` or the connection ended."""
        if happened() or not self.active:
            return
        wait_for(
            lambda seconds: self.listen(happened, seconds),
            self.limits.login_s, self.turn, what, Contact.HUNG,
        )  # fmt: skip

    def listen(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Read packets for about ``seconds``; return whether it happened, or all is over."""
        try:
            return self._read_until(happened, seconds)
        except (ContactError, StoppedError):
            self._end(None)
            raise
        except Exception as error:  # noqa: BLE001 - paramiko hands on whatever a peer's bytes raised
            self._end(error)
            return True

    def _read_until(self, happened: Callable[[], bool], seconds: float) -> bool:
        end = 0.0
        while self.active and not happened():
            if self._wire.has_held:
                self._take_packet()
            elif end and time.monotonic() > end:
                return False
            elif self._wire.fill(seconds):
                end = end or time.monotonic() + seconds
            else:
                return False
        return True

    def _end(self, error: Exception | None) -> None:
        self.saved_exception = error
        for channel in list(self._channels.values()):
            channel._unlink()  # noqa: SLF001 - as paramiko's own loop does
        self.active = False
        self.packetizer.close()
        if self.completion_event is not None:
            self.completion_event.set()
        if self.auth_handler is not None:
            self.auth_handler.abort()
        for event in tuple(self.channel_events.values()):
            event.set()

    def _take_packet(self) -> None:
        if self.packetizer.need_rekey() and not self.in_kex:
            self._send_kex_init()
        self._rest_by = 0.0
        kind, message = self.packetizer.read_message()
        if kind in _PASSED_OVER:
            self._enforce_strict_kex(kind)
            return
        if kind == words.MSG_DISCONNECT:
            raise EOFError
        if self._expected_packet:
            if kind not in self._expected_packet:
                raise paramiko.SSHException(f"message {kind} came out of order")
            self._expected_packet = ()
            if kind in _KEX:
                self.kex_engine.parse_next(kind, message)
                return
        self._hand_on(kind, message)

    def _hand_on(self, kind: int, message: paramiko.Message) -> None:
        """Give a packet to the part of paramiko whose it is."""
        of_login = self.auth_handler
        handlers = {} if of_login is None else of_login._handler_table  # noqa: SLF001 - as paramiko's own loop does
        if kind in self._handler_table:
            self._handler_table[kind](message)
        elif kind in self._channel_handler_table:
            self._for_channel(kind, message)
        elif kind in handlers:
            handlers[kind](message)
        elif kind != words.MSG_UNIMPLEMENTED:
            answer = paramiko.Message()
            answer.add_byte(words.cMSG_UNIMPLEMENTED)
            answer.add_int(message.seqno)
            self._send_message(answer)

    def _for_channel(self, kind: int, message: paramiko.Message) -> None:
        number = message.get_int()
        channel = self._channels.get(number)
        if channel is not None:
            self._channel_handler_table[kind](channel, message)
        elif number not in self.channels_seen:
            raise paramiko.SSHException("a message for a channel that never was")

    def _wait_for_rest(self) -> None:
        """Wait for more of a packet that has begun."""
        self._rest_by = self._rest_by or self.turn.now() + self.limits.answer_s
        if self.turn.now() > self._rest_by:
            raise ContactError(Contact.HUNG, "a packet did not end")
        wait_for(
            self._wire.fill, self.limits.silence_s, self.turn, "rest of a packet", Contact.HUNG
        )

    def _send_user_message(self, data: paramiko.Message) -> None:
        """Send, after the exchange of new keys that may be under way."""
        if self._is_shared:
            self._send_in_turn(data)
            return
        self.wait(self.clear_to_send.is_set, "new keys")
        if self.active:
            self._send_message(data)

    def _send_in_turn(self, data: paramiko.Message) -> None:
        while self.active and self.clear_to_send.wait(self.limits.login_s):
            with self.clear_to_send_lock:
                if self.clear_to_send.is_set():
                    self._send_message(data)
                    return
        raise paramiko.SSHException("the connection is over, or its new keys did not come")

    def open_terminal(self) -> TerminalChannel:
        """Open a channel for a terminal, or raise what paramiko would."""
        number = self._next_channel()
        channel = TerminalChannel(number)
        self._channels.put(number, channel)
        self.channels_seen[number] = True
        self.channel_events[number] = opened = threading.Event()
        self._send_user_message(channel.offer(self))
        self.wait(opened.is_set, "opening of a shell")
        if not self.active or self._channels.get(number) is None:
            raise self.get_exception() or EOFError()
        return channel

    def share(self) -> None:
        """Let a thread of its own read from now on, so that several threads can use it."""
        self._is_shared = True
        self._wire.more = self._wire.fill_at_leisure
        self.start()

    def run(self) -> None:
        """Read packets until the end, for those who share the connection."""
        while self.active:
            self.listen(lambda: False, SLICE_S)

    def close(self) -> None:
        """Close, whatever state it is in."""
        super().close()
        self.packetizer.close()

    def _log(self, level: int, msg: object, *args: object) -> None:
        """Keep silent: paramiko has a word about each packet, and errors reach who waits."""


class ShellChannel:
    """A terminal on the other side, read by the thread that waits for it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._channel = transport.open_terminal()
        self._inbox = self._channel.in_buffer
        self._patience = 0.0
        self._is_stalled = False

    def invoke_shell(self, width: int, height: int) -> None:
        """Ask for a wide terminal and a shell on it."""
        self._channel.get_pty("vt100", width, height)
        self._channel.invoke_shell()

    def send(self, data: bytes) -> int:
        """Send some octets; return how many were taken."""
        if not self._channel.out_window_size:
            self._transport.wait(lambda: self._channel.out_window_size > 0, "room to send")
        return self._channel.send(data)

    def recv(self, count: int) -> bytes:
        """Return octets, b"" at the end; TimeoutError where none came that are worth a look."""
        if not self._inbox.read_ready():
            if self._is_stalled:
                time.sleep(self._patience)
            if self._is_stalled or not self._listen(self._patience):
                raise TimeoutError
        return self._channel.recv(count) if self._inbox.read_ready() else b""

    def _listen(self, seconds: float) -> bool:
        try:
            return self._transport.listen(self._is_worth_reading, seconds)
        except ContactError:
            # The rest of a packet never came: from now on this is silence.
            self._is_stalled = True
            return False

    def _is_worth_reading(self) -> bool:
        return self._inbox.is_worth_reading

    def recv_ready(self) -> bool:
        """Whether octets wait, here or in the socket."""
        if not self._inbox.read_ready() and not self._is_stalled:
            self._listen(0)
        return self._inbox.read_ready()

    def settimeout(self, seconds: float) -> None:
        """Set how long ``recv`` waits."""
        self._patience = seconds

    def close(self) -> None:
        """Leave it to the connection: what closes that closes this, without a word typed."""
