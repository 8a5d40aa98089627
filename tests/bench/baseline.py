"""Baselines: what a scan costs the host, beside Lynis and OpenSCAP; a thousand hosts; judging.

The peers run as root on this machine, as their users run them. OpenSCAP has no content for Debian
12 with CIS profiles, so the content for Ubuntu 22.04 is used with its platform condition taken
out; rules that walk over the file system are skipped, for ours does not walk either.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.hosts import PASSWORD
from tests.bench.measuring import ROOT, Figure, Ran, measured, netops
from tests.support.real_targets import Target, missing, running

_CONTENT = Path("/usr/share/xml/scap/ssg/content/ssg-ubuntu2204-ds.xml")
PROFILE = "xccdf_org.ssgproject.content_profile_cis_level2_server"
RULE = "xccdf_org.ssgproject.content_rule_"
WALKS = (
    "dir_perms_world_writable_sticky_bits",
    "file_permissions_unauthorized_world_writable",
    "no_files_unowned_by_user",
    "file_permissions_ungroupowned",
    "file_permissions_unauthorized_suid",
    "file_permissions_unauthorized_sgid",
    "accounts_user_dot_group_ownership",
    "accounts_user_dot_user_ownership",
    "file_permissions_home_directories",
)
PLATFORM = re.compile(r'<(?:xccdf-1\.2:)?platform idref="[^"]*"/>')
_DEADLINE_S = 120.0


def one_host(runs: int) -> list[Figure]:
    """Scan this machine with our program, Lynis and OpenSCAP in turn."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        program = collector_program(folder)
        content = _content(folder)
        ours: list[Ran] = []
        lynis: list[Ran] = []
        oscap: list[Ran] = []
        for _ in range(runs):
            ours.append(measured(["/bin/sh", str(program)]))
            if shutil.which("lynis"):
                lynis.append(measured(_lynis(folder)))
            if content is not None:
                oscap.append(measured(_oscap(content)))
        octets = len(subprocess.run(["/bin/sh", program], capture_output=True, check=True).stdout)
    return [
        Figure("baseline-host", "CPU on the host", _cpu(ours), "s", "<= 0.5", lambda v: v <= 0.5),
        Figure("baseline-host", "wall on the host", _wall(ours), "s"),
        Figure("baseline-host", "evidence", (octets / 1000,), "kB", "<= 250", lambda v: v <= 250),
        *_against("Lynis --quick", ours, lynis, 20),
        *_against("OpenSCAP CIS 2, no walks", ours, oscap, 10),
    ]


def five_products(runs: int) -> list[Figure]:
    """Run the program on a host with PostgreSQL, MariaDB, Redis, nginx and Tomcat, as root."""
    if missing():
        return []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        program = collector_program(folder).read_bytes()
        with running((Target("plain", "plain", "192.0.2.11"),), folder) as hosts:
            root = hosts.roots["plain"]
            (root / "tmp/collect.sh").write_bytes(program)
            namespaces = [shutil.which("nsenter") or "nsenter", "-t", root.parts[2], "-m", "-p", "-n",
                          "-u", "-i", "-r", "-w", "--"]  # fmt: skip
            line = [*namespaces, "/bin/sh", "/tmp/collect.sh"]  # noqa: S108 - of the host made here
            ours = [measured(line) for _ in range(runs)]
            octets = len(subprocess.run(line, capture_output=True, check=True).stdout)
    bench = "baseline-products"
    return [
        Figure(bench, "CPU on the host", _cpu(ours), "s", "<= 0.5", lambda v: v <= 0.5),
        Figure(bench, "wall on the host", _wall(ours), "s"),
        Figure(bench, "evidence", (octets / 1000,), "kB", "<= 250", lambda v: v <= 250),
    ]


def collector_program(folder: Path) -> Path:
    """Write the program for hosts into a folder."""
    program = folder / "collect.sh"
    made = subprocess.run(
        [sys.executable, "-m", "netops", "baseline", "collector", "--platform", "linux"],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    program.write_bytes(made.stdout)
    return program


def _content(folder: Path) -> Path | None:
    if not (_CONTENT.exists() and shutil.which("oscap")):
        return None
    made = folder / "content.xml"
    made.write_text(PLATFORM.sub("", _CONTENT.read_text(encoding="utf-8")), encoding="utf-8")
    return made


def _lynis(folder: Path) -> list[str]:
    logs = ["--logfile", str(folder / "lynis.log"), "--report-file", str(folder / "lynis.dat")]
    return ["lynis", "audit", "system", "--quick", "--quiet", "--no-colors", *logs]


def _oscap(content: Path) -> list[str]:
    skipped = [word for rule in WALKS for word in ("--skip-rule", RULE + rule)]
    return ["oscap", "xccdf", "eval", "--profile", PROFILE, *skipped, str(content)]


def _cpu(ran: list[Ran]) -> tuple[float, ...]:
    return tuple(one.cpu_s for one in ran)


def _wall(ran: list[Ran]) -> tuple[float, ...]:
    return tuple(one.wall_s for one in ran)


def _against(peer: str, ours: list[Ran], theirs: list[Ran], times: int) -> Iterator[Figure]:
    if not theirs:
        return
    yield Figure("baseline-host", f"wall of {peer}", _wall(theirs), "s")
    ratios = tuple(t.wall_s / o.wall_s for o, t in zip(ours, theirs, strict=True))
    yield Figure(
        "baseline-host", f"faster than {peer}", ratios, "x", f">= {times}", lambda v: v >= times
    )


def many_hosts(runs: int, count: int = 2000) -> list[Figure]:
    """Scan ``count`` simulated hosts over real SSH from end to end: ask, read, judge, print."""
    walls, cpus, memories, judged = [], [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as scratch, _hosts(Path(scratch), count) as inventory:
            place = ["--workspace", str(Path(scratch) / "workspace")]
            scan = netops("baseline", "scan", "--inventory", inventory, "--profile", "mlps-l3",
                          "--format", "json", "--output", Path(scratch) / "r.json", *place)  # fmt: skip
            again = netops("baseline", "judge", "--snapshot", "latest", "--profile", "mlps-l3",
                           "--format", "json", "--output", Path(scratch) / "s.json", *place)  # fmt: skip
            answered = _answered(Path(scratch) / "r.json")
            if answered != count:
                raise RuntimeError(f"{answered} of {count} hosts answered")
        walls.append(scan.wall_s)
        cpus.append(scan.cpu_s / count * 1000)
        memories.append(scan.rss_mb)
        judged.append(again.cpu_s / count * 1000)
    bench = f"baseline-{count}"
    return [
        Figure(bench, "scan from end to end", tuple(walls), "s"),
        Figure(bench, "client CPU a host", tuple(cpus), "ms"),
        Figure(bench, "largest resident memory", tuple(memories), "MB"),
        Figure(bench, "reading and judging alone, CPU a host", tuple(judged), "ms"),
    ]


def _answered(document: Path) -> int:
    """Return how many answered, from the head of the document.

    The whole of it would make this process large, and a child's peak begins at its parent's size.
    """
    with document.open(encoding="utf-8") as stream:
        found = re.search(r'"answered": (\d+)', stream.read(4096))
    return int(found[1]) if found else 0


@contextmanager
def _hosts(folder: Path, count: int) -> Iterator[Path]:
    evidence = folder / "evidence.txt"
    program = collector_program(folder)
    made = subprocess.run(["/bin/sh", program], capture_output=True, check=True)
    evidence.write_bytes(made.stdout)
    inventory = folder / "inventory"
    command = [sys.executable, "-m", "tests.bench.hosts", inventory, str(count), evidence]
    os.environ["NETOPS_BENCH"] = PASSWORD
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            _await(server)
            yield inventory
        finally:
            server.communicate()


def _await(server: subprocess.Popen[str]) -> None:
    """Return when both processes listen."""
    began = time.monotonic()
    for _ in range(2):
        line = server.stdout.readline() if server.stdout else ""
        if line != "ready\n" or time.monotonic() - began > _DEADLINE_S:
            raise RuntimeError("the simulated hosts do not listen")
