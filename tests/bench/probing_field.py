"""Runs probing clients in turn inside namespaces: ``python -m tests.bench.probing_field``.

To be started under unshare(1) by tests/bench/probing.py; prints one JSON list, a row a run.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from closed_network import chain, peer, set_kernel

TARGETS = 10_000
TRACES = 2_000
XARGS_TRACES = 400
SCAPY_TARGETS = TARGETS
SCAPY_TRACES = 100
PORT = 8000
PACE = 10_000
"""Packets a second for both: the most that scamper takes."""

Row = dict[str, dict[str, float]]
ADDRESSES = [f"198.18.{1 + n // 250}.{1 + n % 250}" for n in range(TARGETS)]


def _timed(command: Sequence[str] | str, sink: Path) -> tuple[float, float]:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with sink.open("w") as stream:
        subprocess.run(
            command, stdout=stream, stderr=subprocess.DEVNULL, check=False,
            shell=isinstance(command, str),
        )  # fmt: skip
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def _client(name: str, python: str, *arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [python, str(Path(__file__).with_name("probing_clients.py")), name, *arguments],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _scapy_python() -> str | None:
    """The interpreter that has scapy: ours, or the one that BENCH_SCAPY_PYTHON names."""
    for python in (sys.executable, os.environ.get("BENCH_SCAPY_PYTHON", "")):
        if not python:
            continue
        tried = subprocess.run([python, "-c", "import scapy"], capture_output=True, check=False)
        if tried.returncode == 0:
            return python
    return None


def _icmp_run(folder: Path) -> Row:
    targets, sink = folder / "targets", folder / "out"
    row: Row = {"ours": _client("icmp", sys.executable, str(targets))}
    commands = {
        "fping -a": ["fping", "-a", "-r", "0", "-i", "0", "-f", str(targets)],
        "fping -C": ["fping", "-q", "-C", "1", "-i", "0", "-f", str(targets)],
        "nmap": ["nmap", "-sn", "-n", "-PE", "-T5", "-iL", str(targets), "-oG", "-"],
    }
    for name, command in commands.items():
        if shutil.which(command[0]):
            row[name] = {"cpu_us": _timed(command, sink)[1] / TARGETS * 1e6}
    python = _scapy_python()
    if python:
        row["scapy"] = _client("scapy_icmp", python, str(targets), str(SCAPY_TARGETS))
    return row


def _tcp_run(folder: Path) -> Row:
    targets, sink = folder / "targets", folder / "out"
    row: Row = {
        "ours": _client("tcp", sys.executable, str(targets), str(PORT)),
        "asyncio": _client("asyncio_tcp", sys.executable, str(targets), str(PORT)),
    }
    if shutil.which("nmap"):
        command = ["nmap", "-sT", "-n", "-Pn", "-T5", "--min-parallelism", "300",
                   "-p", str(PORT), "-iL", str(targets), "-oG", "-"]  # fmt: skip
        wall, cpu = _timed(command, sink)
        found = sink.read_text().count(f"{PORT}/open")
        row["nmap"] = {
            "rate": TARGETS / wall, "lost": TARGETS - found, "cpu_us": cpu / TARGETS * 1e6,
        }  # fmt: skip
    return row


def _trace_run(folder: Path) -> Row:
    targets, sink = folder / "some", folder / "out"
    row: Row = {
        "ours": _client("trace", sys.executable, str(targets), "0"),
        "ours paced": _client("trace", sys.executable, str(targets), str(PACE)),
    }
    if shutil.which("scamper"):
        command = ["scamper", "-p", str(PACE), "-w", "1000", "-c", "trace -P udp-paris -q 1 -w 1",
                   "-O", "warts", "-o", str(folder / "warts"), "-f", str(targets)]  # fmt: skip
        row["scamper"] = {"rate": TRACES / _timed(command, sink)[0]}
    if shutil.which("traceroute"):
        line = f"head -{XARGS_TRACES} {targets} | xargs -P 16 -n 1 traceroute -n -q 1 -N 16 -w 1"
        row["traceroute"] = {"rate": XARGS_TRACES / _timed(line, sink)[0]}
    python = _scapy_python()
    if python:
        row["scapy"] = _client("scapy_trace", python, str(targets), str(SCAPY_TRACES))
    return row


def _serve() -> None:
    """Accept and close for ever, in the namespace of the targets."""
    program = (
        f"import socket\ns = socket.create_server(('', {PORT}), backlog=65535)\n"
        "while True: s.accept()[0].close()"
    )
    enter = ["ip", "netns", "exec", "end", sys.executable, "-c", program]
    os.execvp(enter[0], enter)  # noqa: S606 - no shell is meant


def _await_server() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection((ADDRESSES[0], PORT), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server of the bench did not start")


def main() -> int:
    """Build the field of a scene, run its clients in turn so many times, print what they took."""
    scene, runs = sys.argv[1], int(sys.argv[2])
    clients: dict[str, Callable[[Path], Row]] = {
        "icmp": _icmp_run, "tcp": _tcp_run, "traceroute": _trace_run,
    }  # fmt: skip
    (chain if scene == "traceroute" else peer)()
    if scene == "tcp":
        set_kernel("core/somaxconn", "65535", "end")
        if os.fork() == 0:
            _serve()
        _await_server()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "targets").write_text("\n".join(ADDRESSES) + "\n")
        (folder / "some").write_text("\n".join(ADDRESSES[:TRACES]) + "\n")
        rows = [clients[scene](folder) for _ in range(runs)]
    sys.stdout.write(json.dumps(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
