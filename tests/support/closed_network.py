"""Runs a scene in network namespaces of its own: no packet of a test leaves this machine.

A scene is a function of a module beside the test that returns plain data. It runs in a child
process under ``unshare``; without root that needs unprivileged user namespaces.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from outside_judges import judge

_SUPPORT = Path(__file__).parent
_ROOT = _SUPPORT.parents[1]
_SCENES = _ROOT / "tests" / "unit" / "probing"
_DEADLINE_S = 120
_UNSHARE = ("unshare", "-nmpf", "--kill-child", "--mount-proc")


def play(module: str, scene: str, *arguments: object, root: bool = False) -> Any:  # noqa: ANN401 - a scene's own data
    """Play a scene and return what it returned; ``root``: as the machine's own root."""
    unshare = [*_UNSHARE, *([] if root else ["--map-root-user"])]
    _need_namespaces(*unshare)
    program = (
        f"import json, sys, {module}\n"
        f"json.dump({module}.{scene}(*json.loads(sys.argv[1])), sys.stdout)"
    )
    done = subprocess.run(
        [*unshare, sys.executable, "-c", program, json.dumps(arguments)],
        env={**os.environ, "PYTHONPATH": f"{_SCENES}:{_SUPPORT}:{_ROOT}"},
        capture_output=True, text=True, timeout=_DEADLINE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@functools.cache
def _need_namespaces(*unshare: str) -> None:
    words = [judge(unshare[0]), *unshare[1:], judge("ip"), "link"]
    tried = subprocess.run(words, capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"this machine allows no namespaces: {tried.stderr.decode().strip()}")


def ip(*words: str) -> None:
    """Configure the network by the words of one command of iproute2."""
    _run("ip", *" ".join(words).split())


def set_kernel(name: str, value: str, namespace: str = "") -> None:
    """Set a value below /proc/sys/net, in this namespace or a named one."""
    inside = ["ip", "netns", "exec", namespace] if namespace else []
    line = f"echo {value} > /proc/sys/net/{name}"
    subprocess.run([*inside, "sh", "-c", line], check=True)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def local_addresses() -> None:
    """Give this namespace 198.18.0.0/16 and 2001:db8::/64 as addresses of its own."""
    ip("link set lo up")
    ip("route add local 198.18.0.0/16 dev lo")
    ip("-6 route add local 2001:db8::/64 dev lo")
    set_kernel("ipv4/ping_group_range", "'0 0'")
    answer_all()


def answer_all(namespace: str = "") -> None:
    """Lift the kernel's own limits on the ICMP messages that it sends."""
    for setting, value in (
        ("ipv4/icmp_ratelimit", "0"),
        ("ipv6/icmp/ratelimit", "0"),
        ("ipv4/icmp_msgs_per_sec", "1000000"),
        ("ipv4/icmp_msgs_burst", "1000000"),
    ):
        set_kernel(setting, value, namespace)


def _own_names() -> None:
    _run("mount", "--make-rprivate", "/")
    _run("mount", "-t", "tmpfs", "netns", "/run")
    Path("/run/netns").mkdir()
    ip("link set lo up")
    set_kernel("ipv4/ping_group_range", "'0 0'")
    answer_all()


def peer() -> None:
    """Put one machine behind this namespace, named ``end``, that holds 198.18.0.0/16."""
    _own_names()
    _node("end")
    _link(1, "", "end")
    ip("-n end route add local 198.18.0.0/16 dev lo")


def _node(name: str) -> None:
    ip(f"netns add {name}")
    ip(f"-n {name} link set lo up")
    for setting in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        set_kernel(setting, "1", name)
    answer_all(name)


CHAIN = ("one", "two", "three", "end")


def chain() -> None:
    """Put three routers and a host behind this namespace, one behind the other."""
    _own_names()
    for name in CHAIN:
        _node(name)
    for number, name in enumerate(CHAIN, 1):
        _link(number, CHAIN[number - 2] if number > 1 else "", name)
    ip(f"-n {CHAIN[-1]} route add local 198.18.0.0/16 dev lo")


def _link(number: int, near: str, far: str) -> None:
    """Link a router to the one before it; far packets go on, those to us go back."""
    inside = f"-n {near}" if near else ""
    first, second = (f"192.0.2.{4 * number - 4 + host}" for host in (1, 2))
    wide = f"2001:db8:{number}:"
    ip(f"{inside} link add lower type veth peer name upper netns {far}")
    for command, device, address, host in (
        (inside, "lower", first, 1),
        (f"-n {far}", "upper", second, 2),
    ):
        ip(f"{command} addr add {address}/30 dev {device}")
        ip(f"{command} -6 addr add {wide}:{host}/64 dev {device} nodad")
        ip(f"{command} link set {device} up")
    ip(f"{inside} route add default via {second}")
    ip(f"{inside} -6 route add default via {wide}:2")
    if near:
        ip(f"-n {far} route add 192.0.2.0/30 via {first}")
        ip(f"-n {far} -6 route add 2001:db8:1::/64 via {wide}:1")
