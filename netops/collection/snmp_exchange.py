"""One question, one answer by SNMP: who waits for which datagram, how long, how often.

An answer counts only if it comes from the address that was asked and fits the question;
whatever else arrives is passed over as if it had not come.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from netops.collection import snmp_message as message
from netops.collection.contact import PATIENCE_S, Limits, Turn
from netops.collection.snmp_message import Frame, Pdu
from netops.collection.snmp_rows import MessageError, Varbinds
from netops.collection.snmp_security import (
    Engine,
    OutOfTimeError,
    RefusedError,
    StrangerError,
    User,
    ask_name,
)
from netops.evidence.observation import Outcome

_T = TypeVar("_T")
_NUMBER_BITS = 31
_DATAGRAM = 1 << 16


class SnmpError(Exception):
    """The agent gave no usable answer; becomes the outcome of a table."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


class Conversation(Protocol):
    """One agent that can be asked."""

    def bulk(self, once: Sequence[bytes], columns: Sequence[bytes], repetitions: int) -> Varbinds:
        """Send one GETBULK; return its rows, or raise ``SnmpError``."""
        ...


class Post:
    """A socket to one agent: datagrams from any other place do not come in."""

    def __init__(self, host: str, port: int, limits: Limits, turn: Turn) -> None:
        self._limits = limits
        self._turn = turn
        try:
            kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(kind, socket.SOCK_DGRAM)
        except OSError as error:
            raise SnmpError(Outcome.CLOSED, "no such place") from error
        try:
            self._socket.connect(address)
        except OSError as error:
            self._socket.close()
            raise SnmpError(Outcome.CLOSED, "no way to it") from error

    def ask(self, datagram: bytes, read: Callable[[bytes], _T]) -> _T:
        """Send, again if need be, and wait for what ``read`` makes of an answer.

        ``read`` raises ``StrangerError`` or ``MessageError`` for what is no answer to this.
        """
        for _ in range(self._limits.snmp_retries + 1):
            try:
                self._socket.send(datagram)
                for data in self._arrivals():
                    with contextlib.suppress(StrangerError, MessageError):
                        return read(data)
            except OSError as error:
                raise SnmpError(Outcome.CLOSED, "nobody listens there") from error
        raise SnmpError(Outcome.TIMED_OUT, "no answer came")

    def _arrivals(self) -> Iterator[bytes]:
        """Yield what arrives until the time for an answer is over."""
        begin = time.monotonic()
        while (left := self._limits.snmp_s - (time.monotonic() - begin)) > 0:
            self._turn.step_aside()
            self._socket.settimeout(min(PATIENCE_S, left))
            try:
                data = self._socket.recv(_DATAGRAM)
            except TimeoutError:
                self._turn.waited(time.monotonic() - begin)
                continue
            self._turn.go_on()
            yield data

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


@dataclass(frozen=True, slots=True)
class Plain:
    """An agent that is asked by v2c, where the inventory declares that."""

    post: Post
    community: bytes

    def bulk(self, once: Sequence[bytes], columns: Sequence[bytes], repetitions: int) -> Varbinds:
        """Send one GETBULK; return its rows, or raise ``SnmpError``."""
        number = _number()
        datagram = message.community(
            self.community, message.bulk(number, once, columns, repetitions)
        )  # fmt: skip

        def read(data: bytes) -> Pdu:
            if message.version(data) != message.V2C:
                raise StrangerError
            name, pdu = message.read_community(data)
            if name != self.community or pdu.number != number or pdu.kind != message.RESPONSE:
                raise StrangerError
            return pdu

        return _rows(self.post.ask(datagram, read))


@dataclass(slots=True)
class Secure:
    """An agent that is asked by v3 with authentication and privacy, and in no other way."""

    post: Post
    user: User
    engine: Engine | None = None

    def bulk(self, once: Sequence[bytes], columns: Sequence[bytes], repetitions: int) -> Varbinds:
        """Send one GETBULK; return its rows, or raise ``SnmpError``."""
        pdu_number = _number()
        pdu = message.bulk(pdu_number, once, columns, repetitions)
        try:
            engine = self.engine = self.engine or self._discover()
            try:
                return _rows(self._ask(engine, pdu_number, pdu))
            except OutOfTimeError:
                # The agent has signed its true time; with it the question is asked once more.
                return _rows(self._ask(engine, pdu_number, pdu))
        except OutOfTimeError as error:
            raise SnmpError(Outcome.CLOSED, "the agent's clock does not hold") from error
        except RefusedError as error:
            raise SnmpError(Outcome.CLOSED, str(error)) from error

    def _ask(self, engine: Engine, pdu_number: int, pdu: bytes) -> Pdu:
        number = _number()

        def read(data: bytes) -> Pdu:
            answered = engine.open(data, _frame(data, number))
            if answered.number != pdu_number:
                raise StrangerError
            return answered

        return self.post.ask(engine.seal(number, pdu), read)

    def _discover(self) -> Engine:
        number = _number()

        def read(data: bytes) -> Engine:
            return Engine.of(self.user, _frame(data, number))

        return self.post.ask(ask_name(number), read)


def _frame(data: bytes, number: int) -> Frame:
    if message.version(data) != message.V3:
        raise StrangerError
    frame = message.read_frame(data)
    if frame.number != number:
        raise StrangerError
    return frame


def _number() -> int:
    return secrets.randbits(_NUMBER_BITS)


def _rows(pdu: Pdu) -> Varbinds:
    if pdu.status:
        raise SnmpError(Outcome.CLOSED, f"error status {pdu.status}")
    return pdu.rows
