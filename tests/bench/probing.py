"""Benches of probing against its peers, in namespaces of their own, peers interleaved.

Ten thousand addresses of another namespace answer echoes and TCP; for traceroutes they stand
behind three routers. The field is built and measured by tests/bench/probing_field.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

from tests.bench.measuring import ROOT, Figure

_Row = dict[str, dict[str, float]]


def _field(scene: str, runs: int) -> list[_Row]:
    unshare = ["unshare", "-nmpf", "--kill-child", "--mount-proc"]
    if os.getuid():
        unshare.append("--map-root-user")
    done = subprocess.run(
        [*unshare, sys.executable, "-m", "tests.bench.probing_field", scene, str(runs)],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    rows: list[_Row] = json.loads(done.stdout.splitlines()[-1])
    return rows


def _values(rows: list[_Row], client: str, name: str) -> tuple[float, ...]:
    return tuple(row[client][name] for row in rows if client in row)


def _ratio(rows: list[_Row], name: str, over: str, under: str) -> tuple[float, ...]:
    return tuple(row[over][name] / row[under][name] for row in rows if {over, under} <= set(row))


def _compared(bench: str, words: str, values: tuple[float, ...], target: str,
              meets: Callable[[float], bool]) -> list[Figure]:  # fmt: skip
    if not values:
        sys.stderr.write(f"{bench}: {words}: the peer is not installed\n")
        return []
    return [Figure(bench, words, values, "x", target, meets)]


def icmp(runs: int) -> list[Figure]:
    """Ten thousand echoes; processor time a target, whole processes of the peers."""
    rows, bench = _field("icmp", runs), "icmp sweep"
    figures = [
        Figure(bench, f"{client}, CPU a target", _values(rows, client, "cpu_us"), "us")
        for client in rows[0]
    ]
    figures.append(
        Figure(bench, "ours, lost of 10,000", _values(rows, "ours", "lost"), "",
               "= 0", lambda v: v == 0))  # fmt: skip
    for peer, limit in (("scapy", 1 / 100), ("nmap", 1 / 3), ("fping -a", 1.3), ("fping -C", 1.3)):
        figures += _compared(bench, f"CPU, ours / {peer}", _ratio(rows, "cpu_us", "ours", peer),
                             f"<= {limit:.3g}", lambda v, limit=limit: v <= limit)  # type: ignore[misc]  # fmt: skip
    return figures


def tcp(runs: int) -> list[Figure]:
    """Ten thousand connections to one open port each; wall time, and the sturdier processor time."""
    rows, bench = _field("tcp", runs), "tcp sweep"
    figures = [
        Figure(bench, f"{client}, targets", _values(rows, client, "rate"), "/s")
        for client in rows[0]
    ]
    figures.append(
        Figure(bench, "ours, lost of 10,000", _values(rows, "ours", "lost"), "", "= 0",
               lambda v: v == 0))  # fmt: skip
    for peer, least in (("asyncio", 4.0), ("nmap", 1.3)):
        figures += _compared(bench, f"targets/s, ours / {peer}", _ratio(rows, "rate", "ours", peer),
                             f">= {least}", lambda v, least=least: v >= least)  # type: ignore[misc]  # fmt: skip
    figures += [
        Figure(bench, f"{client}, CPU a target", _values(rows, client, "cpu_us"), "us")
        for client in rows[0]
    ]
    return figures


def traceroute(runs: int) -> list[Figure]:
    """Traces through three routers; wall time, and equal packets a second for scamper."""
    rows, bench = _field("traceroute", runs), "traceroute"
    figures = [
        Figure(bench, f"{client}, traces", _values(rows, client, "rate"), "/s")
        for client in rows[0]
    ]
    for over, peer, least in (
        ("ours", "scapy", 10.0), ("ours", "traceroute", 2.0), ("ours paced", "scamper", 1.0),
    ):  # fmt: skip
        figures += _compared(bench, f"traces/s, {over} / {peer}", _ratio(rows, "rate", over, peer),
                             f">= {least}", lambda v, least=least: v >= least)  # type: ignore[misc]  # fmt: skip
    return figures
