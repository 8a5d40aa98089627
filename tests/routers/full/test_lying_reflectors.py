"""A reflector that is not what it seems, on real routers: whatever it says, nothing wrong is proven.

The laboratory's own reflector stays; what is sent to it is turned to another one beside it.
Longer than half a minute: `.ci/run full` runs it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from other_lab import INNOCENT, VIOLATED, WAITING, audit, strengths, take
from real_lab import Person

LIAR = """
import asyncio, sys, time
from ipaddress import ip_address
from netops.lab.build.reflectors import ADDRESSES, REFLECTOR, ZONE
from netops.probing.reflector.server import Listen, serving
from netops.probing.reflector.service import Service
mode, key = sys.argv[1], open(sys.argv[2]).read().strip().encode()
class Liar(Service):
    first = None
    def _seal(self, nonce, source, port):
        if mode == "always_legal" and source.version == 4:
            source = ip_address("198.18.0.2")  # the first declared line's own address
        if mode == "replays":
            Liar.first = Liar.first or Service._seal(self, nonce, source, port)
            return Liar.first
        return Service._seal(self, nonce, source, port)
if mode == "forges":
    key = bytes(reversed(key))
    Liar.answer = lambda self, data, source, port: self._seal(data[5:21], source, port)
late = 3600_000 if mode == "is_late" else 0
liar = Liar(REFLECTOR, key, ZONE, clock=lambda: time.time_ns() // 1_000_000 - late)
async def serve():
    listen = Listen(tuple(map(ip_address, ADDRESSES)), 7070, 8090, 5353)
    async with serving(liar, listen):
        print("ready", flush=True)
        await asyncio.Event().wait()
asyncio.run(serve())
"""
TURN = """add table inet turn
add chain inet turn first { type nat hook prerouting priority dstnat; }
add rule inet turn first meta l4proto { tcp, udp } th dport 7007 redirect to :7070
add rule inet turn first tcp dport 8080 redirect to :8090
add rule inet turn first meta l4proto { tcp, udp } th dport 53 redirect to :5353
"""


@contextmanager
def liar(me: Person, lab: Path, mode: str) -> Iterator[None]:
    """Let another reflector answer in the place of the honest one."""
    at = ("lab", "exec", lab, "--at", "outside", "--")
    key = lab / "inventory" / "secrets" / "reflector"
    words = [*me.netops(*at), me.python, "-c", LIAR, mode, str(key)]
    process = subprocess.Popen(
        words, cwd=me.home, env=me.environ(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        turned = me.run(*at, "nft", "-f", "-", typed=TURN)
        assert turned.returncode == 0, turned.stderr
        yield
    finally:
        me.run(*at, "nft", "delete", "table", "inet", "turn")
        process.kill()
        process.communicate(timeout=20)


def states(me: Person, vantage: str) -> set[str]:
    """Return what the egress questions of a vantage point came to, by the newest snapshot."""
    shown = me.run("snapshot", "show", "latest", "--device", vantage, "--format", "json").stdout
    words = ("confirmed", "forged", "replayed", "skewed", "unreachable")
    return {word for word in words if word in shown}


@pytest.mark.parametrize(
    ("mode", "allowed"),
    [
        ("forges", {"consistent", "suspected", "unknown"}),
        ("replays", {"consistent", "suspected", "unknown"}),
        ("is_late", {"consistent", "suspected", "unknown"}),
    ],
)
def test_answers_that_are_not_fresh_and_authentic_prove_nothing(
    me: Person, lab: Path, mode: str, allowed: set[str]
) -> None:
    with liar(me, lab, mode):
        assert take(me, lab, "--active").returncode in (0, 3)
    found = strengths(me)
    assert {found[name] for name in INNOCENT} <= allowed
    assert {name for name, strength in found.items() if strength == "violated"} == VIOLATED
    assert "proven" not in found.values()


def test_a_liar_with_the_key_acquits_nobody(me: Person, lab: Path) -> None:
    """It names the address of an allowed exit to everybody, those behind cheats included."""
    with liar(me, lab, "always_legal"):
        assert take(me, lab, "--active").returncode == 0
    found = strengths(me)
    assert {name for name in VIOLATED if found[name] == "violated"} == VIOLATED
    assert found[WAITING] != "proven"
    assert {f["rule"] for f in audit(me, "exits")["findings"]} >= {"exits.undeclared"}


def test_the_honest_reflector_proves_again_what_is_in_order(me: Person, lab: Path) -> None:
    assert take(me, lab, "--active").returncode == 0
    found = strengths(me)
    assert {name for name, strength in found.items() if strength == "proven"} == INNOCENT
