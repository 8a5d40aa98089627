"""`netops baseline scan` of a real sshd with our own rules: planted weaknesses, by clause."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_line import SMALL, Ended, netops
from real_host import PASSWORD, RealHost, may_start

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "netops" / "reports" / "schema" / "audit-1.json"
GRADED = (
    'graded_objects:\n- {id: oa, name: 办公, government: "430102", s: 3, a: 3, devices: [H1]}\n'
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHost]:
    """Start a host on which root may log in and an account needs no password for sudo."""
    may_start()
    made = RealHost(tmp_path_factory.mktemp("host"))
    made.prepare()
    made.write("ssh/sshd_config", "PermitRootLogin yes\nMaxAuthTries 3\n")
    made.write("sudoers", "root ALL=(ALL) ALL\nlook ALL=(ALL) NOPASSWD: ALL\n")
    (made.etc / "sudoers").chmod(0o440)
    made.start()
    yield made
    made.stop()


def scanned(host: RealHost, folder: Path, *arguments: str) -> Ended:
    inventory = host.inventory(folder / "inventory", SMALL, "root")
    (inventory / "graded.yaml").write_text(GRADED, encoding="utf-8")
    return netops("baseline", "scan", "--inventory", inventory, "--workspace", folder / "ws",
                  "--policy", REPOSITORY / "policies", "--filter", "device=H1", "--format", "json",
                  "--quiet", *arguments, environ={"NETOPS_AUDIT": PASSWORD})  # fmt: skip


def test_a_scan_finds_what_was_planted_and_judging_again_gives_the_same_bytes(
    host: RealHost, tmp_path: Path
) -> None:
    ended = scanned(host, tmp_path)
    again = netops("baseline", "judge", "--inventory", tmp_path / "inventory", "--workspace",
                   tmp_path / "ws", "--policy", REPOSITORY / "policies", "--filter", "device=H1",
                   "--format", "json")  # fmt: skip

    assert ended.out, ended.err
    document: dict[str, Any] = json.loads(ended.out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert (ended.code, again.code) == (1, 1)
    assert again.out == ended.out
    failing = {f["rule"] for f in document["findings"] if f["verdict"] == "not_met"}
    assert {"linux-sshd-root-login", "linux-sudo-no-nopasswd"} <= failing
    assert "linux-sshd-max-auth-tries" not in failing
    rows = {row["id"]: row for row in document["subjects"]}
    assert rows["H1/8.1.4.2.d"]["verdict"] in ("not_met", "partly_met")
    assert rows["H1"]["family"] == "debian"
    assert document["information"]["conclusions"][0]["state"] == "not_yet"


def test_wrong_use_is_told_before_any_device_is_asked(host: RealHost, tmp_path: Path) -> None:
    ended = scanned(host, tmp_path, "--profile", "mlps-l9")

    assert ended.code == 2
    assert not (tmp_path / "ws").exists()
