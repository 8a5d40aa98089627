"""Whether a booted laboratory works: everybody answers, and every table holds what was planned.

Measures from the operations host's own network namespace. Knows the plan's routes as what must
have been learnt; a deadline, never a pause, ends the waiting.
"""

from __future__ import annotations

import asyncio
import ctypes
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar

from netops.divisions import Level
from netops.errors import LaboratoryError, Sentence
from netops.lab.build.net import Router
from netops.lab.build.reflectors import ADDRESSES, PORT, REFLECTOR
from netops.lab.plan import plan
from netops.lab.probe import silent
from netops.lab.routers.bare import is_bare
from netops.lab.routers.fabric import OPS, Fabric, weave
from netops.lab.spec_file import load_spec
from netops.lab.state import Endpoint

_AGAIN_S = 0.1
_CLONE_NEWNET = 0x40000000
_NAMED = 5
_UP = 1
_HOST = 32
_SHOWN = 3
_ANY = (0, 0)
_ARGUMENTS = 3

Route = tuple[int, int]
_T = TypeVar("_T")


def endpoints(fabric: Fabric) -> tuple[Endpoint, ...]:
    """Return where every registered device listens, and which of them should greet."""
    return tuple(
        Endpoint(r.id, str(r.loopback), 22, 161, greets=fabric.world.state.is_reached(r.id))
        for r in fabric.net.routers.values()
    )


def wait_until_ready(fabric: Fabric, end: float) -> None:
    """Return when every device in reach answers, has its planned routes, and greets."""
    reached = [r for r in fabric.net.routers.values() if fabric.world.state.is_reached(r.id)]
    _until(end, lambda: _unanswered(str(r.loopback) for r in reached), "do not answer a ping")
    routing = {r.id: expected_routes(fabric, r) for r in reached if _learns(fabric, r)}
    _until(end, lambda: _unlearnt(routing), "have not learnt their routes")
    missing = _in_ops(lambda: asyncio.run(silent(endpoints(fabric), _left(end))))
    if missing:
        raise _late([one.device for one in missing], "do not greet on SSH")
    _until(end, lambda: _in_ops(_deaf_reflectors), "do not listen")


def _learns(fabric: Fabric, router: Router) -> bool:
    """Whether a router runs daemons that have to learn; the others were told their routes."""
    return router.role != "host" and not is_bare(fabric.net, router)


def _until(end: float, ask: Callable[[], Sequence[str]], what: str) -> None:
    while True:
        missing = ask()
        if not missing:
            return
        if time.monotonic() > end:
            raise _late(missing, what)
        time.sleep(_AGAIN_S)


def _late(missing: Sequence[str], what: str) -> LaboratoryError:
    return LaboratoryError(
        Sentence(
            "At the deadline {count} devices {what} ({names} …).",
            count=len(missing),
            what=what,
            names=", ".join(missing[:_NAMED]),
        ),
        remedy="Give the laboratory more time (--deadline).",
    )


def _unanswered(addresses: Iterable[str]) -> list[str]:
    words = ["nsenter", f"--net=/run/netns/{OPS}", "fping", "-u", "-r", "0", "-t", "500", "-i", "1"]
    done = subprocess.run([*words, *addresses], capture_output=True, text=True, check=False)
    return done.stdout.split()


def expected_routes(fabric: Fabric, router: Router) -> frozenset[tuple[Route, str]]:
    """Return the planned IPv4 prefixes of a router, the default with its interfaces.

    A router's own address is no route of the kernel's main table, and OSPF brings a township's
    networks one by one where the plan has them as a block.
    """
    blocks = {
        (int(seat.block.network_address), seat.block.prefixlen)
        for seat in fabric.net.seats.values()
        if seat.level is Level.TOWNSHIP
    }
    rows = fabric.world.model(router.id).routes.get(("", 4), [])
    return frozenset(
        ((row.network, row.length), row.interface if row.length == 0 else "")
        for row in rows
        if (row.network, row.length) != (int(router.loopback), _HOST)
        and (row.network, row.length) not in blocks
    )


def _unlearnt(expected: dict[str, frozenset[tuple[Route, str]]]) -> list[str]:
    missing = []
    for node, routes in expected.items():
        lacking = _lacking(routes, kernel_routes(node))
        if lacking:
            missing.append(f"{node}: {' '.join(_text(route) for route in lacking[:_SHOWN])}")
    return missing


def _lacking(
    routes: frozenset[tuple[Route, str]], held: frozenset[tuple[Route, str]]
) -> list[tuple[Route, str]]:
    """Return planned routes that are not held; of several equal defaults one path is enough.

    ``/proc/net/route`` shows the first path of a shared route only.
    """
    defaults = {route for route in routes if route[0] == _ANY}
    lacking = sorted(routes - defaults - held)
    shown = {route for route in held if route[0] == _ANY}
    return (
        lacking
        if (not defaults and not shown) or defaults & shown
        else [*(defaults or shown), *lacking]
    )


def _text(route: tuple[Route, str]) -> str:
    (network, length), interface = route
    return f"{IPv4Address(network)}/{length}{f' by {interface}' if interface else ''}"


def kernel_routes(node: str) -> frozenset[tuple[Route, str]]:
    """Return what the kernel of a node forwards by, of IPv4."""
    pid = Path(f"/run/frr/{node}/zebra.pid").read_text(encoding="ascii").strip()
    found = set()
    for line in Path(f"/proc/{pid}/net/route").read_text(encoding="ascii").splitlines()[1:]:
        name, destination, _, flags, *_, mask, _, _, _ = line.split()
        if int(flags, 16) & _UP:
            network = int.from_bytes(bytes.fromhex(destination), "little")
            length = int(mask, 16).bit_count()
            found.add(((network, length), name if length == 0 else ""))
    return frozenset(found)


def _left(end: float) -> float:
    return max(0.0, end - time.monotonic())


def _deaf_reflectors() -> list[str]:
    """Return the reflector's addresses to which nobody can connect from here, of IPv4."""
    deaf = []
    for address in (one for one in ADDRESSES if ":" not in one):
        try:
            socket.create_connection((address, PORT), timeout=1).close()
        except OSError:
            deaf.append(f"{REFLECTOR} {address}")
    return deaf


def _in_ops(ask: Callable[[], Sequence[_T]]) -> Sequence[_T]:
    """Ask from a thread that has moved into the operations host's network."""
    with ThreadPoolExecutor(1, initializer=_move_to_ops) as pool:
        return pool.submit(ask).result()


def _move_to_ops() -> None:
    with open(f"/run/netns/{OPS}", "rb") as place:  # noqa: PTH123 - a file descriptor is needed
        if ctypes.CDLL(None).setns(place.fileno(), _CLONE_NEWNET):
            raise OSError(OPS)


def main(arguments: list[str]) -> int:
    """Run as ``ready DIR DEADLINE`` inside a laboratory: wait until it works as planned."""
    if len(arguments) != _ARGUMENTS:
        return 2
    fabric = weave(plan(load_spec(Path(arguments[1]) / "spec.yaml")))
    try:
        wait_until_ready(fabric, time.monotonic() + float(arguments[2]))
    except LaboratoryError as error:
        sys.stderr.write(f"{error.cause}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
