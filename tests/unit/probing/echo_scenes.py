"""Scenes of echo sweeps, played inside closed namespaces by test_icmp_sweep.py."""

from __future__ import annotations

import itertools
import os
import socket
import struct
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

from closed_network import ip, local_addresses, set_kernel

from netops.errors import ProbeError
from netops.facts.measurements import Echoes
from netops.probing.icmp import icmp_sweep
from netops.probing.options import SweepOptions
from netops.probing.pace import Pace
from netops.probing.sockets import Access

FAST = Pace(0)


def plain(found: list[Echoes]) -> list[list[Any]]:
    return [[str(e.target), e.sent, e.received, e.reach, e.detail] for e in found]


def thousands(access: str, family: int) -> dict[str, Any]:
    local_addresses()
    base = ip_address("198.18.0.0") if family == 4 else ip_address("2001:db8::")
    targets = [base + number for number in range(1, 3001)]
    options = SweepOptions(rounds=2, retries=0, interval_s=0, access=Access(access), pace=FAST)
    found = icmp_sweep(targets, options)
    return {
        "in order": [e.target for e in found] == targets,
        "received": sum(e.received for e in found),
        "sent": sum(e.sent for e in found),
        "times fit": all(0 < trip < 60_000 for e in found for trip in e.round_trips_ms),
    }


class Neighbourhood(threading.Thread):
    """Answers echoes as its hosts do, honest or not; the last number of an address says how."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.heard = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.seen: dict[str, int] = {}
        self.kept: list[bytes] = []
        self.start()

    def run(self) -> None:
        while True:
            packet = self.heard.recv(2048)
            if packet[20] == 8:
                self.answer(packet)

    def answer(self, packet: bytes) -> None:  # noqa: C901 - a line for each host
        asked = socket.inet_ntoa(packet[16:20])
        times = self.seen[asked] = self.seen.get(asked, 0) + 1
        echo = packet[20:]
        match packet[19]:
            case 1:
                self.reply(asked, echo)
            case 2:
                self.reply(asked, echo)
                self.reply(asked, echo)
            case 3:
                self.reply(asked, echo[:8] + os.urandom(16) + echo[24:])
            case 4:
                self.reply("198.18.0.99", echo)
            case 5 if times == 2:
                self.reply(asked, echo)
            case 6 if times == 1:
                self.kept.append(echo)
            case 6:
                self.reply(asked, echo)
                self.reply(asked, self.kept.pop())
            case 7:
                self.refuse("198.18.0.254", packet)
            case 8:
                self.refuse("198.18.0.254", packet[:28])
            case 9:
                self.refuse("198.18.0.254", packet[:26] + bytes(2) + packet[28:], wrong=True)

    @staticmethod
    def send(source: str, message: bytes) -> None:
        total = sum(struct.unpack(f">{len(message) // 2}H", message))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        whole = message[:2] + struct.pack(">H", total ^ 0xFFFF) + message[4:]
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as opened:
            opened.bind((source, 0))
            opened.sendto(whole, ("198.18.255.1", 0))

    def reply(self, source: str, echo: bytes) -> None:
        self.send(source, b"\0\0\0\0" + echo[4:])

    def refuse(self, source: str, quote: bytes, *, wrong: bool = False) -> None:
        if wrong:
            quote = quote[:24] + bytes(a ^ 0xFF for a in quote[24:28]) + quote[28:]
        self.send(source, b"\3\1\0\0\0\0\0\0" + quote)


def neighbourhood(access: str) -> list[list[Any]]:
    local_addresses()
    set_kernel("ipv4/icmp_echo_ignore_all", "1")
    Neighbourhood()
    targets = [IPv4Address(f"198.18.0.{n}") for n in range(1, 11)]
    options = SweepOptions(
        rounds=1, retries=1, timeout_s=0.5, access=Access(access), pace=FAST,
        source=IPv4Address("198.18.255.1"),
    )  # fmt: skip
    return plain(icmp_sweep(targets, options))


def cannot_send() -> list[list[Any]]:
    local_addresses()
    ip("route add prohibit 203.0.113.0/25")
    targets = ["192.0.2.1", "203.0.113.1", "fe80::1%nowhere", "::1", "198.18.0.1"]
    return plain(icmp_sweep([ip_address(t) for t in targets], SweepOptions(rounds=2, interval_s=0)))


def link_local() -> list[list[Any]]:
    local_addresses()
    ip("link add left type veth peer name right")
    for device, address in (("left", "fe80::1"), ("right", "fe80::2")):
        ip(f"-6 addr add {address}/64 dev {device} nodad")
        ip(f"link set {device} up")
    options = SweepOptions(rounds=1, retries=0, timeout_s=0.5)
    return plain(icmp_sweep([ip_address("fe80::1%left"), ip_address("fe80::7%left")], options))


def sources() -> dict[str, Any]:
    local_addresses()
    source = IPv4Address("198.18.7.7")
    found = icmp_sweep(
        [ip_address("198.18.0.1"), ip_address("::1")], SweepOptions(rounds=1, source=source)
    )
    try:
        icmp_sweep([ip_address("198.18.0.1")], SweepOptions(source=IPv4Address("192.0.2.9")))
        refused = ""
    except ProbeError as error:
        refused = error.cause
    return {"found": plain(found), "source": str(found[0].source), "refused": refused}


def stepping_clock() -> list[str]:
    """The wall clock goes back an hour each time that it is read."""
    local_addresses()
    days = (datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=n) for n in itertools.count())
    targets = [ip_address("198.18.0.1") + n for n in range(200)]
    found = icmp_sweep(targets, SweepOptions(rounds=1, wall=lambda: next(days), pace=FAST))
    return sorted({e.at.strftime("%Y-%m-%d %H") for e in found})


def interrupted() -> list[int]:
    """Somebody presses Ctrl-C while a sweep waits for those who do not answer."""
    local_addresses()
    set_kernel("ipv4/icmp_echo_ignore_all", "1")
    before = len(list(Path("/proc/self/fd").iterdir()))
    threading.Timer(0.3, lambda: os.kill(os.getpid(), 2)).start()
    try:
        icmp_sweep([ip_address("198.18.0.1")], SweepOptions(timeout_s=60))
    except KeyboardInterrupt:
        return [before, len(list(Path("/proc/self/fd").iterdir()))]
    return []


def no_privilege() -> str:
    """A fresh namespace lets no group open datagram ICMP."""
    ip("link set lo up")
    try:
        icmp_sweep([ip_address("127.0.0.1")], SweepOptions(access=Access.DATAGRAM))
    except ProbeError as error:
        return str(error)
    return ""
