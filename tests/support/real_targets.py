"""Real hosts to scan: Debian roots in namespaces, each with its own sshd and real services.

One root is made by debootstrap and kept; each host lays its own files over it. Traffic stays in
namespaces made here, and everything ends with the process that began it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.few_hosts import Host, write_hosts

PASSWORD = "made-up-4-tests"
PROGRAMS = ("debootstrap", "unshare", "nsenter", "setpriv", "ip", "chroot")
_HOSTS = Path(__file__).parents[1] / "targets" / "hosts"
_PACKAGES = (
    "openssh-server", "nginx", "redis-server", "mariadb-server", "postgresql",
    "postgresql-15-pgaudit", "tomcat10", "iproute2", "libpam-pwquality", "sudo", "procps",
)  # fmt: skip
JUDGES = (
    "rsyslog", "auditd", "nftables", "iptables", "chrony", "cron", "logrotate", "lynis",
    "openscap-scanner", "ssg-debian", "ssg-debderived",
)  # fmt: skip
"""What a host has besides where other tools scan it too: they, and what they ask about."""
_RELEASE = "bookworm"
_PLAIN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
"""What packages see that are installed: a TMPDIR of this machine is no folder of theirs."""
_BUILD_S, _START_S = 1800, 300


@dataclass(frozen=True, slots=True)
class Target:
    """One host: how it is set up (a script in ``hosts/``), where it is, who logs in."""

    name: str
    script: str
    address: str
    account: str = "root"


@dataclass(frozen=True, slots=True)
class Running:
    """Hosts that run: the words before a command that can reach them, and their roots."""

    inside: tuple[str, ...]
    roots: Mapping[str, Path]


def missing() -> list[str]:
    """Return what this machine lacks to have such hosts."""
    lacking = [program for program in PROGRAMS if shutil.which(program) is None]
    return lacking if os.geteuid() == 0 else [*lacking, "root"]


def _program(name: str) -> str:
    return shutil.which(name) or name


def root_folder(more: tuple[str, ...] = ()) -> Path:
    """Return the Debian root, made if it is not there yet (some minutes)."""
    packages = (*_PACKAGES, *more)
    named = hashlib.sha256(" ".join((_RELEASE, *packages)).encode()).hexdigest()[:12]
    kept = Path(tempfile.gettempdir()) / f"netops-targets-{os.geteuid()}"
    kept.mkdir(mode=0o700, exist_ok=True)
    if kept.is_symlink() or kept.stat().st_uid != os.geteuid():
        raise PermissionError(str(kept))
    root = kept / f"debian-{named}"
    if root.exists():
        return root
    making = Path(tempfile.mkdtemp(prefix="making-", dir=kept))
    making.chmod(0o755)
    try:
        subprocess.run(
            [_program("debootstrap"), "--variant=minbase", f"--include={','.join(packages)}",
             _RELEASE, str(making)],
            check=True, timeout=_BUILD_S, stdout=subprocess.DEVNULL, env=_PLAIN,
        )  # fmt: skip
        shutil.rmtree(making / "var/cache/apt/archives", ignore_errors=True)
        making.rename(root)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return root


@contextmanager
def running(targets: tuple[Target, ...], folder: Path) -> Iterator[Running]:
    """Run the hosts; they end with the block, or with this process."""
    root = root_folder()
    started: list[subprocess.Popen[bytes]] = []
    roots: dict[str, Path] = {}
    try:
        hub = _hub()
        started.append(hub)
        inside = ["nsenter", f"--net=/proc/{hub.pid}/ns/net"]
        for number, target in enumerate(targets):
            host = _host(root, folder / target.name, target)
            started.append(host)
            child = _wire(inside, number, host)
            roots[target.name] = Path(f"/proc/{child}/root")
        for target in targets:
            _wait(folder / target.name / "settled", target, started)
        yield Running(tuple(inside), roots)
    finally:
        for process in reversed(started):
            process.kill()
            process.communicate()


def _hub() -> subprocess.Popen[bytes]:
    """Start what holds the hosts' network: it ends when its standard input does."""
    lines = (
        "ip link set lo up; ip link add br0 type bridge; ip address add 192.0.2.1/24 dev br0;"
        " ip link set br0 up; echo up; exec cat >/dev/null"
    )
    hub = subprocess.Popen(
        [_program("unshare"), "--net", "sh", "-euc", lines],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    if hub.stdout is None or hub.stdout.readline() != b"up\n":
        hub.kill()
        raise RuntimeError("no network namespace")
    return hub


def _host(root: Path, own: Path, target: Target) -> subprocess.Popen[bytes]:
    own.mkdir()
    for name, source in (
        ("common.sh", "common"),
        ("settle.sh", target.script),
        ("start.sh", "start"),
    ):
        shutil.copy(_HOSTS / f"{source}.sh", own / name)
    with (own / "log").open("wb") as log:
        return subprocess.Popen(
            [_program("setpriv"), "--pdeathsig", "KILL", "unshare", "--net", "--mount", "--pid",
             "--uts", "--ipc", "--fork", "--kill-child", "sh", str(own / "start.sh"), str(root),
             str(own), target.name, target.address],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


def _wire(inside: list[str], number: int, host: subprocess.Popen[bytes]) -> str:
    """Give a host its line to the hub; return the number of its first process."""
    children = Path(f"/proc/{host.pid}/task/{host.pid}/children")
    deadline = time.monotonic() + _START_S
    while not (child := children.read_text().strip()):
        if host.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("no host namespace")
        time.sleep(0.02)
    line = f"ip link add host{number} type veth peer name eth0 netns {child}"
    subprocess.run([*inside, *line.split()], check=True)
    subprocess.run([*inside, *f"ip link set host{number} master br0 up".split()], check=True)
    return child


def _wait(settled: Path, target: Target, started: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _START_S
    while not settled.exists():
        if time.monotonic() > deadline or any(p.poll() is not None for p in started):
            log = (settled.parent / "log").read_text(errors="replace")
            raise RuntimeError(f"{target.name} did not start:\n{log[-3000:]}")
        time.sleep(0.1)


def write_inventory(folder: Path, targets: tuple[Target, ...]) -> None:
    """Write an inventory of the hosts: one graded object of level 3, password log-in."""
    key = " ".join((root_folder() / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()[:2])
    hosts = [
        Host(t.name, f"10.0.0.{n + 1}", t.address, 22, t.account) for n, t in enumerate(targets)
    ]
    known = [f"{t.address} {key}\n" for t in targets]
    write_hosts(folder, hosts, known, secret="env:NETOPS_TARGETS")


def netops(hosts: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line where it can reach the hosts."""
    environment: Mapping[str, str] = {
        **os.environ, "NETOPS_TARGETS": PASSWORD, "NETOPS_LANG": "en",
    }  # fmt: skip
    return subprocess.run(
        [*hosts.inside, sys.executable, "-m", "netops", *arguments],
        capture_output=True, text=True, timeout=300, env=environment, check=False,
    )  # fmt: skip
