"""Scenes of traceroutes, played inside closed namespaces by test_traceroute.py."""

from __future__ import annotations

import socket
import struct
import threading
from ipaddress import IPv4Address, ip_address
from typing import Any

from closed_network import chain, ip, local_addresses

from netops.facts.measurements import Path
from netops.probing.options import SweepOptions
from netops.probing.pace import Pace
from netops.probing.sockets import Access
from netops.probing.tcp import tcp_sweep
from netops.probing.trace import TraceOptions, trace
from netops.probing.trace_wire import PORT

FAST = Pace(0)


def plain(path: Path) -> list[Any]:
    """The hops as words, the end, what was said."""
    hops = [" ".join(str(a) for a in hop.addresses) for hop in path.hops]
    return [hops, path.reached, path.detail]


def through_routers() -> dict[str, list[Any]]:
    """Every protocol by every access, two flows to each target."""
    chain()
    targets = [ip_address("192.0.2.14"), ip_address("2001:db8:4::2"), ip_address("192.0.2.6")]
    found = {}
    for protocol in ("udp", "icmp"):
        for access in (Access.RAW, Access.DATAGRAM):
            options = TraceOptions(protocol=protocol, access=access, flows=2)
            paths = trace(targets, options)
            found[f"{protocol} {access}"] = [[p.flow, *plain(p)] for p in paths]
    return found


def around_a_silent_router() -> list[Any]:
    """The second router forwards, but nothing that it says itself leaves it."""
    chain()
    ip("-n two rule add iif lo pref 1 blackhole")
    options = TraceOptions(timeout_s=0.4, retries=1)
    return plain(trace([IPv4Address("192.0.2.14")], options)[0])


def tcp_refusals() -> list[Any]:
    chain()
    ip("-n two route add unreachable 203.0.113.0/24")
    ip("route add unreachable 198.51.100.0/24")
    ip("route del default")
    ip("route add 203.0.113.0/24 via 192.0.2.2")
    targets = [(ip_address("192.0.2.77"), 80), (ip_address("203.0.113.5"), 80)]
    found = tcp_sweep(targets, SweepOptions(rounds=1, retries=0, timeout_s=2))
    return [[e.sent, e.received, e.reach, e.detail] for e in found]


class Routers(threading.Thread):
    """Plays the routers between us and hosts of 198.18.0.0/16, who all are this machine.

    The last number of a target says what its routers do. Each hop at distance N answers as
    198.18.200.N; targets are four hops away.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.hosts = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.hosts.bind(("", PORT))
        self.heard = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        self.heard.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.asked: dict[tuple[int, int], int] = {}
        self.start()

    def run(self) -> None:
        while True:
            packet = self.heard.recv(2048)
            if int.from_bytes(packet[22:24], "big") == PORT:
                self.answer(packet)

    def answer(self, packet: bytes) -> None:  # noqa: C901 - a line for each case
        ttl, case = packet[8], packet[19]
        target = socket.inet_ntoa(packet[16:20])
        times = self.asked[case, ttl] = self.asked.get((case, ttl), 0) + 1
        router, quote, said = f"198.18.200.{ttl}", packet, (11, 0)
        if ttl >= 4:
            router, said = target, (3, 3)
        match case, ttl:
            case (20, _):
                quote = packet[:28]
            case (21, 2):
                return
            case (22, 2) if times == 1:
                return
            case (23, 2):
                quote = packet[:30] + bytes(14) + packet[44:]
            case (24, _) if ttl >= 3:
                router, said = "198.18.200.3", (3, 13)
            case (25, 2) if int.from_bytes(packet[20:22], "big") % 2:
                router = "198.18.201.2"
            case (26, _):
                router, said = f"198.18.200.{ttl % 2 + 1}", (11, 0)
            case (27, _) if ttl >= 4:
                router = "198.18.201.4"
            case (28, _):
                return
            case (29, _) if ttl >= 4:
                return
        self.say(router, said, quote)

    @staticmethod
    def say(router: str, said: tuple[int, int], quote: bytes) -> None:
        quote += bytes(len(quote) % 2)
        message = bytes(said) + bytes(6) + quote
        total = sum(struct.unpack(f">{len(message) // 2}H", message))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        whole = message[:2] + struct.pack(">H", total ^ 0xFFFF) + message[4:]
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as opened:
            opened.bind((router, 0))
            opened.sendto(whole, ("198.18.255.1", 0))


def staged(access: str, cases: list[int], flows: int) -> dict[str, list[Any]]:
    """Trace all cases at once; return by case the path of each flow."""
    local_addresses()
    Routers()
    options = TraceOptions(
        access=Access(access), timeout_s=0.3, retries=2, flows=flows, pace=FAST,
        max_hops=24, source=IPv4Address("198.18.255.1"),
    )  # fmt: skip
    found: dict[str, list[Any]] = {}
    for path in trace([IPv4Address(f"198.18.0.{case}") for case in cases], options):
        found.setdefault(str(path.target).rpartition(".")[2], []).append(plain(path))
    return found


def many(access: str) -> list[Any]:
    """A few hundred targets at once behind the same routers."""
    local_addresses()
    Routers()
    options = TraceOptions(
        access=Access(access), pace=FAST, timeout_s=2, source=IPv4Address("198.18.255.1")
    )
    targets = [IPv4Address("198.18.1.100") + 256 * n for n in range(150)]
    found = trace(targets, options)
    hops = [f"198.18.200.{n}" for n in (1, 2, 3)]
    whole = [plain(p) == [[*hops, str(p.target)], True, ""] for p in found]
    return [[p.target for p in found] == targets, sum(whole)]
