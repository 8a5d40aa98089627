"""Two SNMP agents for the bench, each in a process of its own: the simulator's and net-snmp's.

Both show a few thousand rows of every type. Knows no client.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netops.lab.model import Personality, SnmpUser
from netops.lab.snmp_agent import SnmpAgent
from netops.lab.snmp_mib import MibShelf

COMMUNITY = "bench-made-up"
_HERE = "127.0.0.1"
_INTERFACES, _ROUTES, _OVERRIDES = 400, 500, 1_000
_IF, _IF_X, _CIDR = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.4.24.4.1"
_OWN = "1.3.6.1.4.1.8072.9999.9999"
_READY_S = 20.0


@dataclass(frozen=True)
class Agent:
    """An agent that listens, and the tables to walk there."""

    name: str
    port: int
    subtrees: tuple[str, ...]


@contextlib.contextmanager
def simulated() -> Iterator[Agent]:
    """Serve a device of the simulator."""
    device = Personality(
        "bench", "huawei_vrp", "R1", _HERE, 0, 0, "", "", "", {}, _rows(),
        SnmpUser("v2c", COMMUNITY, "", ""),
    )  # fmt: skip
    agent = SnmpAgent(device, MibShelf())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((_HERE, 0))
        child = os.fork()
        if not child:
            while True:
                datagram, place = listening.recvfrom(1 << 16)
                if answer := agent.respond(datagram):
                    listening.sendto(answer, place)
        try:
            yield Agent("simulator", listening.getsockname()[1], (_IF, _IF_X, _CIDR))
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _rows() -> dict[str, tuple[str, str]]:
    rows: dict[str, tuple[str, str]] = {}
    for n in range(1, _INTERFACES + 1):
        name = f"GigabitEthernet0/0/{n}"
        rows |= {
            f"{_IF}.1.{n}": ("int", str(n)),
            f"{_IF}.2.{n}": ("str", name),
            f"{_IF}.5.{n}": ("gauge", "1000000000"),
            f"{_IF}.6.{n}": ("hex", f"00e0fc{n:06x}"),
            f"{_IF}.8.{n}": ("int", str(1 + n % 2)),
            f"{_IF}.9.{n}": ("ticks", str(n * 100_003)),
            f"{_IF}.22.{n}": ("oid", "0.0"),
            f"{_IF_X}.1.{n}": ("str", name),
            f"{_IF_X}.6.{n}": ("counter64", str(n * 9_999_999_999_999)),
            f"{_IF_X}.18.{n}": ("str", f"到 {n} 号乡镇"),
        }
    for n in range(_ROUTES):
        index = f"10.{n // 200}.{n % 200}.0.255.255.255.0.0.192.0.2.{1 + n % 3}"
        rows[f"{_CIDR}.1.{index}"] = ("ip", f"10.{n // 200}.{n % 200}.0")
        rows[f"{_CIDR}.4.{index}"] = ("ip", f"192.0.2.{1 + n % 3}")
        rows[f"{_CIDR}.7.{index}"] = ("int", "14")
    return rows


@contextlib.contextmanager
def net_snmp() -> Iterator[Agent]:
    """Serve net-snmp's snmpd with rows of its own configuration and the installed packages."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        configuration = folder / "snmpd.conf"
        configuration.write_text(_configuration(), encoding="utf-8")
        environment = {**os.environ, "SNMP_PERSISTENT_DIR": name, "MIBS": ""}
        command = ["snmpd", "-f", "-Lf", str(folder / "log"), "-C", "-c", str(configuration)]
        with subprocess.Popen([*command, f"udp:{_HERE}:{port}"], env=environment) as process:
            try:
                _wait_for(port)
                yield Agent("snmpd", port, (_OWN, "1.3.6.1.2.1.1.9", "1.3.6.1.2.1.25.6.3"))
            finally:
                process.terminate()


def _configuration() -> str:
    lines = [f"rocommunity {COMMUNITY} {_HERE}"]
    for n in range(_OVERRIDES):
        lines += (
            f'override {_OWN}.1.{n} octet_str "GigabitEthernet0/0/{n}"',
            f"override {_OWN}.2.{n} integer {n * 40_009 - 7_000_000}",
            f"override {_OWN}.3.{n * 131} uinteger {n * 4_000_003}",
        )
    return "\n".join(lines) + "\n"


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((_HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    """Wait until the agent answers a question."""
    from netops.collection import snmp_message as message  # noqa: PLC0415 - as the clients do
    from netops.collection.snmp_rows import encoded  # noqa: PLC0415

    ask = message.community(COMMUNITY.encode(), message.bulk(1, (encoded("1.3.6.1.2.1.1"),), (), 0))
    until = time.monotonic() + _READY_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((_HERE, port))
        asking.settimeout(0.2)
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                asking.send(ask)
                asking.recv(1 << 16)
                return
    raise RuntimeError("snmpd does not answer")
