"""Probing clients in Python, each a process of its own; prints what one sweep took as JSON.

Only the sweep itself is measured, so that the start of an interpreter weighs on nobody.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

from netops.probing.icmp import icmp_sweep
from netops.probing.options import SweepOptions
from netops.probing.pace import Pace
from netops.probing.tcp import tcp_sweep
from netops.probing.trace import TraceOptions
from netops.probing.trace import trace as traced


def _measured(count: int, work: Callable[[], int]) -> dict[str, float]:
    before, begin = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    answered = work()
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_us": cpu / count * 1e6, "rate": count / wall, "lost": count - answered}


def icmp(targets: list[str]) -> dict[str, float]:
    addresses = [IPv4Address(target) for target in targets]
    options = SweepOptions(rounds=1, retries=0, pace=Pace(0))
    return _measured(len(targets), lambda: sum(e.received for e in icmp_sweep(addresses, options)))


def tcp(targets: list[str], port: str) -> dict[str, float]:
    pairs = [(IPv4Address(target), int(port)) for target in targets]
    options = SweepOptions(rounds=1, retries=0, pace=Pace(0))
    return _measured(len(targets), lambda: sum(e.received for e in tcp_sweep(pairs, options)))


def asyncio_tcp(targets: list[str], port: str) -> dict[str, float]:
    async def one(target: str, gate: asyncio.Semaphore) -> int:
        async with gate:
            try:
                _, writer = await asyncio.wait_for(asyncio.open_connection(target, int(port)), 1)
            except (OSError, TimeoutError):
                return 0
            writer.close()
            return 1

    async def everybody() -> int:
        gate = asyncio.Semaphore(1000)
        return sum(await asyncio.gather(*(one(target, gate) for target in targets)))

    return _measured(len(targets), lambda: asyncio.run(everybody()))


def trace(targets: list[str], pace: str) -> dict[str, float]:
    addresses = [IPv4Address(target) for target in targets]
    options = TraceOptions(pace=Pace(int(pace)))
    return _measured(
        len(targets),
        lambda: sum(
            p.reached and all(h.addresses for h in p.hops) for p in traced(addresses, options)
        ),
    )


def scapy_icmp(targets: list[str], count: str) -> dict[str, float]:
    from scapy.all import ICMP, IP, conf, sr  # noqa: PLC0415 - the peer may be missing

    conf.verb = 0
    chosen = targets[: int(count)]
    packets = [IP(dst=target) / ICMP(seq=n) / (b"\0" * 56) for n, target in enumerate(chosen)]
    return _measured(len(chosen), lambda: len(sr(packets, timeout=1)[0]))


def scapy_trace(targets: list[str], count: str) -> dict[str, float]:
    from scapy.all import IP, UDP, conf, sr  # noqa: PLC0415 - the peer may be missing

    conf.verb = 0
    chosen = targets[: int(count)]
    packets = [
        IP(dst=target, ttl=ttl, id=n) / UDP(sport=40000 + ttl, dport=33434)
        for n, target in enumerate(chosen) for ttl in range(1, 5)
    ]  # fmt: skip
    return _measured(len(chosen), lambda: len(sr(packets, timeout=1)[0]) // 4)


def main() -> int:
    """Run the client that is named over the targets of a file."""
    client, path, *arguments = sys.argv[1:]
    targets = Path(path).read_text().split()
    sys.stdout.write(json.dumps(globals()[client](targets, *arguments)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
