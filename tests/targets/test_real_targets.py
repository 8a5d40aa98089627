"""Real Debian hosts, as installed, hardened, weakened: scanned over SSH and judged as expected."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from real_targets import PASSWORD, Running, netops

ROOT = Path(__file__).parents[2]
EXPECTED: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "expected.yaml").read_text(encoding="utf-8")
)
COLUMNS = ("plain", "hard", "weak", "other", "ordinary")
WORDS = {"met": "+", "not_met": "-", "not_applicable": "0", "unknown": "?"}
SECRETS = (
    PASSWORD, "a-long-made-up-secret", "A-long-made-up-1", "foobared", "5c29a959abce4eda",
    'password="tomcat"',
)  # fmt: skip
KEPT = ("etc", "usr/local", "var/lib/tomcat10", "root")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan said, and the trees of the hosts before and after it."""

    result: dict[str, object]
    verdicts: dict[str, dict[str, str]]
    workspace: Path
    before: dict[str, list[str]]
    after: dict[str, list[str]]


def tree(root: Path) -> list[str]:
    """Return names, sizes, modes and times of what an audit could have changed."""
    paths = [path for folder in KEPT for path in sorted((root / folder).rglob("*"))]
    states = [(path.relative_to(root), path.lstat()) for path in paths]
    return [f"{path} {s.st_size} {s.st_mode:o} {s.st_mtime_ns}" for path, s in states]


@pytest.fixture(scope="session")
def scan(hosts: Running, inventory: Path, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Scan all hosts at once."""
    workspace = tmp_path_factory.mktemp("workspace")
    before = {name: tree(root) for name, root in hosts.roots.items()}
    said = netops(
        hosts, "baseline", "scan", "--inventory", str(inventory), "--workspace", str(workspace),
        "--policy", str(ROOT / "policies"), "--profile", "mlps-l3", "--format", "json", "--yes",
    )  # fmt: skip
    assert said.returncode == 1, said.stderr
    result = json.loads(said.stdout)
    verdicts: dict[str, dict[str, str]] = {}
    for row in result["subjects"]:
        for check in row["checks"] if row["kind"] == "item" else ():
            host = row["asset"].split("/")[0]
            verdicts.setdefault(check["check"], {})[host] = WORDS[check["verdict"]]
    after = {name: tree(root) for name, root in hosts.roots.items()}
    return Scan(result, verdicts, workspace, before, after)


@pytest.mark.parametrize("check", sorted(EXPECTED))
def test_every_check_tells_hardened_from_weakened_hosts(scan: Scan, check: str) -> None:
    found = scan.verdicts.get(check, {})
    assert " ".join(found.get(host, " ") for host in COLUMNS) == EXPECTED[check]


def test_every_check_of_databases_and_web_servers_has_an_expectation() -> None:
    folders = ("postgresql", "mariadb", "redis", "nginx", "tomcat")
    there = {p.name for name in folders for p in (ROOT / "policies/checks" / name).iterdir()}
    assert there <= set(EXPECTED)


def test_no_secret_of_a_host_is_in_its_evidence(scan: Scan) -> None:
    texts = [gzip.decompress(p.read_bytes()) for p in scan.workspace.rglob("*.jsonl.gz")]
    assert len(texts) == len(COLUMNS)
    for text in texts:
        assert b"requirepass" in text or b"redis" in text
        assert not [secret for secret in SECRETS if secret.encode() in text]


def test_evidence_of_a_host_with_five_services_is_small(scan: Scan) -> None:
    for path in scan.workspace.rglob("*.jsonl.gz"):
        assert len(gzip.decompress(path.read_bytes())) < 400_000


def test_a_scan_changes_nothing_on_a_host(scan: Scan) -> None:
    assert scan.before == scan.after


def test_judging_the_snapshot_twice_gives_the_same_bytes(
    hosts: Running, inventory: Path, scan: Scan
) -> None:
    def judged() -> str:
        said = netops(
            hosts, "baseline", "judge", "--inventory", str(inventory), "--workspace",
            str(scan.workspace), "--policy", str(ROOT / "policies"), "--profile", "mlps-l3",
            "--format", "json",
        )  # fmt: skip
        assert said.returncode == 1, said.stderr
        return said.stdout

    first, second = judged(), judged()
    assert first == second
    assert json.loads(first)["subjects"] == scan.result["subjects"]
