"""What judging costs of Python: from a host's recorded evidence to its rows and findings.

Measured inside one process, without its start and without loading the rules, which a scan of
many hosts pays once.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from netops.baseline import Choice
from netops.baselines import BaselineSources, open_baseline, run_baseline
from netops.evidence import SnapshotReader
from netops.evidence.workspace import Workspace
from netops.findings import AuditResult
from netops.policy.baseline import RuleSet, load_rules
from netops.reading import collector_off
from netops.reading.settings import read_settings
from tests.bench.baseline import collector_program
from tests.bench.hosts import write_inventory
from tests.bench.measuring import ROOT, Figure, netops

_HOSTS = 20
_ROUNDS = 5
_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8B0000000000000000000000000000000000000000"
_PROFILE = "mlps-l3"


def one_host(runs: int) -> list[Figure]:
    """Read and judge this machine's evidence, as that of a few hosts, again and again."""
    rules = load_rules(ROOT / "policies")
    with tempfile.TemporaryDirectory() as scratch:
        reader = _snapshot(Path(scratch))
        found = [_round(reader, rules) for _ in range(runs * _ROUNDS)]
        checks = _checks(_judged(reader, rules)) / _HOSTS
    read = tuple(one for one, _ in found)
    judged = tuple(one for _, one in found)
    share = 100 / checks
    both = tuple((r + j) * share for r, j in found)
    return [
        Figure("baseline-judge", "checks a host", (checks,)),
        Figure("baseline-judge", "evidence to settings, CPU a host", read, "ms"),
        Figure("baseline-judge", "settings to findings, CPU a host", judged, "ms"),
        Figure("baseline-judge", "judging alone, CPU for 100 checks",
               tuple(one * share for one in judged), "ms", "<= 10", lambda v: v <= 10),
        Figure("baseline-judge", "reading and judging, CPU for 100 checks", both, "ms",
               "<= 10", lambda v: v <= 10),
    ]  # fmt: skip


def _round(reader: SnapshotReader, rules: RuleSet) -> tuple[float, float]:
    """Return milliseconds a host of reading and of judging."""
    names = list(reader.devices)

    def read() -> None:
        with collector_off():
            for name in names:
                read_settings(reader.read(name))

    case = open_baseline(BaselineSources(reader, rules))
    judged = _timed(lambda: run_baseline(case, Choice(profile=_PROFILE)))
    return _timed(read), judged


def _timed(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return (process_time() - began) / _HOSTS * 1000


def _judged(reader: SnapshotReader, rules: RuleSet) -> AuditResult:
    return run_baseline(open_baseline(BaselineSources(reader, rules)), Choice(profile=_PROFILE))


def _checks(result: AuditResult) -> int:
    """Return how many checks were judged: one of several items counts once."""
    judged = {
        (row.extra["asset"], check["check"])
        for row in result.subjects
        if row.kind == "item"
        for check in row.extra["checks"]
    }
    return len(judged)


def _snapshot(folder: Path) -> SnapshotReader:
    made = subprocess.run(["/bin/sh", collector_program(folder)], capture_output=True, check=True)
    write_inventory(folder / "inventory", _HOSTS, _KEY)
    for number in range(_HOSTS):
        sent = folder / "sent" / f"H{number}"
        sent.mkdir(parents=True)
        (sent / "evidence.txt").write_bytes(made.stdout)
    ended = netops("snapshot", "import", folder / "sent", "--inventory", folder / "inventory",
                   "--workspace", folder / "workspace")  # fmt: skip
    if ended.code:
        raise RuntimeError("the evidence was not imported")
    return Workspace(folder / "workspace").resolve("latest")
