"""Benches of collection against peers, the peers interleaved in one run over the same devices."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netops.platforms.registry import platform
from tests.bench.measuring import ROOT, Figure

_READY_S = 60.0
THREE = {
    "huawei_vrp": ("display version", "display current-configuration", "display interface"),
    "frr": ("show version", "show running-config", "show interface vrf all json"),
}
EIGHT = (
    "display version", "display interface brief", "display ip interface brief",
    "display ip routing-table", "display current-configuration", "display arp all",
    "display lldp neighbor", "display vrrp brief",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """Devices to play: how many, what they answer, how slowly."""

    platform: str
    commands: tuple[str, ...]
    octets: int
    count: int
    delay_s: float = 0.0
    hanging: int = 0


@contextlib.contextmanager
def served(played: Field) -> Iterator[dict[str, Any]]:
    """Play the devices in their own processes; yield the job that a client is given."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "devices.json"
        path.write_text(json.dumps(vars(played)))
        with subprocess.Popen(
            [sys.executable, "-m", "tests.bench.devices", str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
        ) as process:
            ready = path.with_suffix(".ready")
            deadline = time.monotonic() + _READY_S
            while not ready.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the devices of the bench did not start")
                time.sleep(0.05)
            try:
                yield {**vars(played), **json.loads(ready.read_text())}
            finally:
                process.communicate()


def run(client: str, job: dict[str, Any]) -> dict[str, float]:
    """Let a client read the devices of a job; return what it took."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as stream:
        json.dump(job, stream)
        stream.flush()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.peers", client, stream.name],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _interleaved(played: Field, peer: str, runs: int) -> list[tuple[dict[str, float], ...]]:
    with served(played) as job:
        return [(run("ours", job), run(peer, job)) for _ in range(runs)]


def _each(found: list[tuple[dict[str, float], ...]], name: str, at: int = 0) -> tuple[float, ...]:
    return tuple(pair[at][name] for pair in found)


def _rate(result: dict[str, float]) -> float:
    return result["whole"] / result["wall_s"]


def _cpu_ms(result: dict[str, float]) -> float:
    return 1000 * result["cpu_s"] / result["devices"]


def against_nornir_netmiko(devices: int, runs: int) -> list[Figure]:
    """Three commands of 10 kB, fast devices and three times as many slow ones, each platform."""
    return [
        figure for platform in THREE for figure in _against_nornir_netmiko(platform, devices, runs)
    ]


def _against_nornir_netmiko(kind: str, devices: int, runs: int) -> list[Figure]:
    bench = f"nornir-netmiko, {kind}"
    # Slow devices spend their time waiting: so many that beginning and end do not weigh most.
    fast, slow = (
        _interleaved(Field(kind, THREE[kind], 10_000, count, s), "nornir-netmiko", runs)
        for s, count in ((0.0, devices), (0.3, 3 * devices))
    )
    return [
        Figure(bench, "ours, CPU a device", tuple(_cpu_ms(a) for a, _ in fast), "ms"),
        Figure(bench, "peer, CPU a device", tuple(_cpu_ms(b) for _, b in fast), "ms"),
        Figure(bench, "CPU ratio, fast", tuple(a["cpu_s"] / b["cpu_s"] for a, b in fast), "",
               "<= 0.55", lambda v: v <= 0.55),
        Figure(bench, "ours, fast", tuple(_rate(a) for a, _ in fast), "devices/s"),
        Figure(bench, "wall ratio, fast", tuple(b["wall_s"] / a["wall_s"] for a, b in fast), "x",
               ">= 1.3", lambda v: v >= 1.3),
        Figure(bench, "ours, slow 0.3 s", tuple(_rate(a) for a, _ in slow), "devices/s"),
        Figure(bench, "peer, slow 0.3 s", tuple(_rate(b) for _, b in slow), "devices/s"),
        Figure(bench, "devices/s ratio, slow", tuple(_ratio(a, b) for a, b in slow), "x",
               ">= 5", lambda v: v >= 5),
        *_losses(bench, "slow", slow),
    ]  # fmt: skip


def _ratio(mine: dict[str, float], other: dict[str, float]) -> float:
    return _rate(mine) / _rate(other) if other["whole"] else float("inf")


def _losses(bench: str, kind: str, found: list[tuple[dict[str, float], ...]]) -> list[Figure]:
    return [
        Figure(bench, f"ours, failed, {kind}", _each(found, "failed"), "", "0", lambda v: v == 0),
        Figure(bench, f"ours, silently empty, {kind}", _each(found, "silently_empty"), "",
               "0", lambda v: v == 0),
        Figure(bench, f"peer, failed, {kind}", _each(found, "failed", 1)),
        Figure(bench, f"peer, silently empty, {kind}", _each(found, "silently_empty", 1)),
    ]  # fmt: skip


def against_netmiko(devices: int, runs: int) -> list[Figure]:
    """Eight commands of 5 kB against stock netmiko's ``huawei``."""
    bench = "netmiko huawei"
    found = _interleaved(Field("huawei_vrp", EIGHT, 5_000, devices), "netmiko", runs)
    return [
        Figure(bench, "ours", tuple(_rate(a) for a, _ in found), "devices/s"),
        Figure(bench, "peer", tuple(_rate(b) for _, b in found), "devices/s"),
        Figure(bench, "devices/s ratio", tuple(_ratio(a, b) for a, b in found), "x",
               ">= 5", lambda v: v >= 5),
        Figure(bench, "ours, CPU a device", tuple(_cpu_ms(a) for a, _ in found), "ms"),
        Figure(bench, "peer, CPU a device", tuple(_cpu_ms(b) for _, b in found), "ms"),
        Figure(bench, "CPU ratio", tuple(a["cpu_s"] / b["cpu_s"] for a, b in found), "",
               "<= 0.4", lambda v: v <= 0.4),
        *_losses(bench, "fast", found),
    ]  # fmt: skip


def hanging(devices: int, runs: int) -> list[Figure]:
    """The same good devices, alone and with others that hang spread among them: 50 of 500.

    Each is asked what a snapshot asks of a router.
    """
    asked = tuple(command.text for command in platform("huawei_vrp").first_commands())
    bad = max(devices, 500) // 10
    good = 9 * bad
    with served(Field("huawei_vrp", asked, 2_000, good, hanging=bad)) as job:
        places = {name: [name, *rest] for name, *rest in job["devices"]}
        alone = [places[f"d{n}"] for n in range(good)]
        spread = list(alone)
        for n in range(bad):
            spread.insert(n * (good // bad) + n, places[f"d{good + n}"])
        found = [
            (run("ours", {**job, "devices": alone}), run("ours", {**job, "devices": spread}))
            for _ in range(runs)
        ]
    return [
        Figure("hanging devices", f"last of {good} good, alone", _each(found, "last_good_s"), "s"),
        Figure("hanging devices", f"the same, {bad} hang", _each(found, "last_good_s", 1), "s"),
        Figure("hanging devices", "ratio",
               tuple(b["last_good_s"] / a["last_good_s"] for a, b in found), "x",
               "<= 1.1", lambda v: v <= 1.1),
        Figure("hanging devices", "good ones read", _each(found, "whole", 1), "",
               str(good), lambda v: v == good),
    ]  # fmt: skip
