"""Telnet to a fake VRP device, played by a socket server that says it is a fake."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from simulated_net import FAST, VERSION, Start, personality

from netops.collection.contact import Turn
from netops.collection.device_reader import collect
from netops.collection.pace import Pace
from netops.collection.session import Access
from netops.collection.telnet import TelnetChannel
from netops.evidence import DeviceRecord
from netops.facts.device import Contact

IAC_OFFERS = b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f\xff\xfd\x18"
"""Will echo, will suppress go-ahead, do window size, do terminal type."""


@dataclass
class FakeTelnet:
    """Asks for user and password, then echoes each line and answers it."""

    password: bytes = b"made-up"
    question: bytes = b""
    heard: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with sock, sock.makefile("rb") as lines:
                sock.sendall(IAC_OFFERS + b"\r\nthis is a fake\r\nUsername:")
                self.heard.append(self.line(lines))
                sock.sendall(b"\r\nPassword:")
                if self.line(lines) != self.password:
                    sock.sendall(b"\r\nError: Authentication fail\r\n\r\nUsername:")
                    lines.readline()
                    continue
                sock.sendall(b"\r\n" + (self.question or b"<R1>"))
                while word := self.line(lines):
                    self.heard.append(word)
                    body = VERSION if word == b"display version" else ""
                    text = body.replace("\n", "\r\n").encode()
                    sock.sendall(word + b"\r\n" + text + b"<R1>")

    @staticmethod
    def line(lines: object) -> bytes:
        raw: bytes = lines.readline()  # type: ignore[attr-defined]
        clean = bytearray()
        at = 0
        while at < len(raw):
            if raw[at] == 255:
                end = raw.find(b"\xff\xf0", at)
                at = end + 2 if raw[at + 1] == 250 else at + 3
            else:
                clean.append(raw[at])
                at += 1
        return bytes(clean).strip()


@pytest.fixture
def fake() -> Iterator[FakeTelnet]:
    device = FakeTelnet()
    yield device
    device.listener.close()


def read(start_net: Start, device: FakeTelnet) -> DeviceRecord:
    net = start_net(personality("d", 1))
    inventory = net.inventory()
    one = replace(inventory.devices["d"], transport="telnet", host="127.0.0.1", port=device.port)
    inventory = replace(inventory, devices={"d": one})
    return collect(one, Access.of(inventory, net.folder, FAST), Turn.alone(), Pace())


def test_a_device_is_read_by_telnet(start_net: Start, fake: FakeTelnet) -> None:
    record = read(start_net, fake)

    assert record.contact is Contact.ANSWERED
    version = next(o for o in record.observations if o.command == "display version")
    assert version.source == "telnet"
    assert version.raw.decode().replace("\r\n", "\n") == f"display version\n{VERSION}<R1>"
    assert fake.heard[:2] == [b"reader", b"screen-length 0 temporary"]


def test_a_refused_telnet_log_in_is_tried_once(start_net: Start, fake: FakeTelnet) -> None:
    fake.password = b"another"

    assert read(start_net, fake).contact is Contact.LOGIN_REFUSED
    assert fake.heard == [b"reader"]


def test_a_telnet_device_that_wants_a_new_password_gets_none(
    start_net: Start, fake: FakeTelnet
) -> None:
    fake.question = b"Your password has expired.\r\nOld password:"

    assert read(start_net, fake).contact is Contact.PASSWORD_EXPIRED
    assert fake.heard == [b"reader"]


def test_telnet_commands_split_over_packets_leave_no_trace_in_text() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = TelnetChannel(ours)
        for piece in (b"ab\xff", b"\xfb", b"\x05c\xff\xfad", b"ata\xff\xf0d\xff\xffe"):
            theirs.sendall(piece)
        seen = b""
        while len(seen) < 6:
            seen += channel.recv(3)

        assert seen == b"abcd\xffe"
        assert theirs.recv(10) == b"\xff\xfe\x05"
