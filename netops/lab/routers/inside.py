"""Process 1 of a router laboratory: builds the network, starts the nodes, then only stays.

Runs inside fresh mount, network and process namespaces; when it ends, the kernel ends all that
it started. Tells its keeper on standard output, a JSON object a line, how far it is.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from netops.errors import LaboratoryError, NetopsError, Sentence
from netops.lab.build.reflectors import (
    ADDRESSES,
    DNS_PORT,
    HTTP_PORT,
    PORT,
    REFLECTOR,
    REFLECTOR_SECRET,
    ZONE,
)
from netops.lab.keys import secret
from netops.lab.plan import plan
from netops.lab.routers.fabric import OPS, OUTSIDE, Fabric, Segment, is_lit, weave
from netops.lab.routers.machine import SYSTEM_PATH
from netops.lab.routers.mounts import cover
from netops.lab.routers.node_files import NodeFiles, files_of
from netops.lab.routers.own_nodes import ROOM
from netops.lab.routers.ready import wait_until_ready
from netops.lab.spec_file import load_spec

_AT_ONCE = 10
_BOOT_S = 120.0
_STAY_S = 1.0
_ARGUMENTS = 3


def build(fabric: Fabric) -> None:
    """Make every namespace, bridge and cable; a dead node's ends stay without light."""
    run_ip(
        [
            *(f"netns add {node}" for node in fabric.nodes),
            *(line for segment in fabric.segments for line in _segment_lines(fabric, segment)),
        ]
    )


def _segment_lines(fabric: Fabric, segment: Segment) -> Iterable[str]:
    yield f"link add {segment.bridge} type bridge forward_delay 0 mcast_snooping 0"
    yield f"link set {segment.bridge} up"
    for place, end in enumerate(segment.ends):
        plug = segment.plug(place)
        yield f"link add {end.port} netns {end.node} type veth peer name {plug}"
        up = "up" if is_lit(fabric, segment, place) else "down"
        yield f"link set {plug} master {segment.bridge} {up}"


def run_ip(lines: Iterable[str]) -> None:
    """Run lines of ip(8) in this process's own network namespace."""
    text = "".join(f"{line}\n" for line in lines)
    words = ["ip", "-batch", "-"]
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LaboratoryError(
            Sentence("The network could not be built: {reason}", reason=done.stderr.strip()),
            remedy="See docs/lab.md for what the kernel must have.",
        )


def place_files(files: NodeFiles) -> None:
    """Write the files of a node where its programs look for them."""
    room = Path(ROOM) / files.node
    (room / "snmp").mkdir(parents=True)
    for name, text in files.files.items():
        (room / name).write_text(text, encoding="utf-8")
        (room / name).chmod(0o600 if name == "host_key" else 0o644)
    (room / "start").write_text("set -e\n" + "\n".join(files.start) + "\n", encoding="utf-8")
    if files.frr:
        for place in (Path("/etc/frr") / files.node, Path("/run/frr") / files.node):
            place.mkdir(mode=0o755)
        config = Path("/etc/frr") / files.node
        (config / "frr.conf").write_text(files.frr, encoding="utf-8")
        (config / "vtysh.conf").write_text("", encoding="utf-8")
        (room / "frr.log").touch()
        owned = (config, Path("/run/frr") / files.node, room / "frr.log")
        words = ["chown", "-R", "frr:frr", *map(str, owned)]
        subprocess.run(words, check=True)


def start_node(node: str) -> None:
    """Run a node's script in its own network and name."""
    words = ["nsenter", f"--net=/run/netns/{node}", "unshare", "--uts"]
    log = Path(ROOM) / node / "start.log"
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [*words, "sh", f"{ROOM}/{node}/start"],
            stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False, timeout=_BOOT_S,
        )  # fmt: skip
    boot = Path(ROOM) / node / "boot"
    refused = _refused_lines(boot) if boot.exists() else ""
    if done.returncode or refused:
        said = refused or log.read_text(encoding="utf-8", errors="replace").strip()
        raise LaboratoryError(
            Sentence("{node} did not start: {reason}", node=node, reason=said[-500:]),
            remedy="See docs/lab.md for what must be installed.",
        )


def _refused_lines(boot: Path) -> str:
    """Return what vtysh did not take of a configuration; its exit status does not tell."""
    lines = boot.read_text(encoding="utf-8", errors="replace").splitlines()
    return "; ".join(line for line in lines if line.startswith(("%", "line ")) or "rror" in line)


def start_all(fabric: Fabric) -> None:
    """Start every living node but the outermost, a few at once."""
    living = [n for n in fabric.nodes if n != OUTSIDE and not fabric.is_dead(n)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(start_node, living))


def start_reflector(directory: Path) -> None:
    """Let the toolkit's own reflector stand on the internet side."""
    key = f"file:{directory}/inventory/secrets/{REFLECTOR_SECRET}"
    words = [sys.executable, "-m", "netops", "probe", "reflector", "serve", "--quiet"]
    words += ["--id", REFLECTOR, "--key", key, "--port", str(PORT), "--http-port", str(HTTP_PORT)]
    words += ["--dns-port", str(DNS_PORT), "--zone", ZONE]
    for address in ADDRESSES:
        words += ["--listen", address]
    with (Path(ROOM) / OUTSIDE / "reflector.log").open("w", encoding="utf-8") as file:
        entered = ["nsenter", f"--net=/run/netns/{OUTSIDE}", *words]
        subprocess.Popen(entered, stdin=subprocess.DEVNULL, stdout=file, stderr=file)


def start_resolvers(fabric: Fabric) -> None:
    """Let a resolver of its own stand on each living host, and at the operations host."""
    hosts = [r.id for r in fabric.net.routers.values() if r.role == "host"]
    nodes = [OPS, *(name for name in hosts if not fabric.is_dead(name))]
    words = [sys.executable, "-m", "netops.lab.routers.resolver", *nodes]
    with (Path(ROOM) / "resolver.log").open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file
        )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    if process.stdout.readline() != b"ready\n":
        said = (Path(ROOM) / "resolver.log").read_text(encoding="utf-8", errors="replace")
        raise LaboratoryError(
            Sentence("The resolvers did not start: {reason}", reason=said.strip()[-500:]),
            remedy="Check the installation: netops doctor.",
        )


def stay() -> None:
    """Reap what ends, until the keeper's end of our standard input closes."""
    while True:
        ready, _, _ = select.select([0], [], [], _STAY_S)
        if ready and not os.read(0, 1):
            return
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def tell(**what: object) -> None:
    """Say something to the keeper."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def run(directory: Path, deadline_s: float) -> None:
    """Bring everything up, tell, and stay."""
    end = time.monotonic() + deadline_s
    fabric = weave(plan(load_spec(directory / "spec.yaml")))
    cover(secret(fabric.world.spec.seed, "ssh"))
    build(fabric)
    for node in fabric.nodes:
        place_files(files_of(fabric, node))
    tell(phase="built")
    start_node(OUTSIDE)
    start_reflector(directory)
    start_all(fabric)
    start_resolvers(fabric)
    tell(phase="started")
    wait_until_ready(fabric, end)
    tell(phase="serving")
    stay()


def main(arguments: list[str]) -> int:
    """Run as ``inside DIR DEADLINE``."""
    if len(arguments) != _ARGUMENTS:
        return 2
    os.environ["PATH"] = SYSTEM_PATH
    try:
        run(Path(arguments[1]), float(arguments[2]))
    except NetopsError as error:
        tell(failed=str(error))
        return 1
    except Exception as error:
        tell(failed=f"{type(error).__name__}: {error}")
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
