"""``netops probe``: tables for people, one document for programs, codes for scripts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import SMALL, netops
from reflectors import KEY, free_port, honest

PROBING = """\
vantages:
  - {{id: here, kind: local, sources: [127.0.0.1]}}
reflectors:
  - {{id: R-1, addresses: [127.0.0.1], port: {port}, http_port: {http}, key: "file:secrets/key"}}
  - {{id: R-2, addresses: [127.0.0.1], port: 1, key: "file:secrets/none"}}
spoof_permits:
  - {{prefix: 10.2.0.0/24, owner: o, approval: a, end: 2020-01-01}}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SMALL, tmp_path / "site"))
    (folder / "secrets").mkdir()
    key = folder / "secrets" / "key"
    key.touch(mode=0o600)
    key.write_bytes(KEY)
    return folder


def fill(site: Path, port: int = 7, http: int = 8) -> None:
    (site / "probing.yaml").write_text(PROBING.format(port=port, http=http), encoding="utf-8")


def test_reach_needs_no_inventory_and_ends_0_where_all_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = netops("probe", "reach", "127.0.0.1", "--tcp", "9", "--format", "json")

    (result,) = json.loads(done.out)["results"]
    assert (done.code, result["state"], result["sent"]) == (0, "works", 3)
    assert (result["target"], result["port"], result["vantage"]) == ("127.0.0.1", 9, "local")


def test_what_could_not_be_measured_ends_3_and_says_why() -> None:
    done = netops("probe", "reach", "127.0.0.1", "--tcp", "9", "--source", "192.0.2.99")

    assert done.code == 3
    assert "not_measured" in done.out
    assert "192.0.2.99" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reach", "nowhere"), "neither an address nor a device"),
        (("reach", "127.0.0.1", "--from", "moon"), "no vantage point “moon”"),
        (("egress", "--reflector", "R-9"), "no reflector “R-9”"),
        (("spoofed", "10.2.0.5"), "off unless it is asked for"),
        (("spoofed", "10.2.0.5", "--spoofed-source", "127.0.0.1"), "ended on 2020-01-01"),
        (("spoofed", "10.3.0.5", "--spoofed-source", "127.0.0.1"), "No permit covers 10.3.0.5"),
        (("spoofed", "10.2.0.5", "--spoofed-source", "10.9.9.9"), "no address of a reflector"),
        (("spoofed", "10.2.0.5", "--token", "xyz"), "is not a token"),
    ],
)
def test_wrong_use_is_a_sentence_and_ends_2(site: Path, words: tuple[str, ...], said: str) -> None:
    fill(site)

    done = netops("probe", *words, "--inventory", site)

    assert done.code == 2
    assert said in done.err


def test_egress_is_told_for_each_protocol_and_a_gap_ends_3(site: Path) -> None:
    with honest() as served:
        fill(site, served.port, served.http_port or 0)
        one = netops("probe", "egress", "--inventory", site, "--from", "here",
                     "--reflector", "R-1", "--format", "json")  # fmt: skip
        both = netops("probe", "egress", "--inventory", site, "--protocol", "tcp")

    results = json.loads(one.out)["results"]
    assert one.code == 0
    assert [(r["protocol"], r["state"], r["seen"], r["source"]) for r in results] == [
        (protocol, "confirmed", "127.0.0.1", "127.0.0.1") for protocol in ("tcp", "udp", "http")
    ]
    assert both.code == 3
    assert "R-2: secrets/none" in both.err
    assert "the key of the reflector is not known" in both.out
    assert KEY.decode() not in one.out + one.err + both.out + both.err


def test_an_egress_that_nobody_confirms_ends_1(site: Path) -> None:
    fill(site, 1)

    done = netops("probe", "egress", "--inventory", site, "--reflector", "R-1", "--protocol", "tcp")

    assert done.code == 1
    assert "unreachable" in done.out
    assert "Connection refused" in done.out


def test_an_inventory_without_a_reflector_says_how_to_get_one(site: Path) -> None:
    done = netops("probe", "egress", "--inventory", site)

    assert (done.code, "netops probe reflector serve" in done.err) == (2, True)


def test_a_key_in_clear_or_a_zone_without_a_port_is_refused(tmp_path: Path) -> None:
    serve = ("probe", "reflector", "serve", "--listen", "127.0.0.1", "--id", "R", "--port", "7007")

    clear = netops(*serve, "--key", "Admin@123")
    zone = netops(*serve, "--key", f"file:{tmp_path}/none", "--zone", "x.example")

    assert (clear.code, zone.code) == (2, 2)
    assert "not given as a reference" in clear.err
    assert "Admin@123" not in clear.err
    assert "--zone and --dns-port" in zone.err


def test_a_served_reflector_answers_and_ends_with_its_counts(site: Path) -> None:
    port = free_port("127.0.0.1")
    fill(site, port)
    serve = [sys.executable, "-m", "netops", "probe", "reflector", "serve", "--listen",
             "127.0.0.1", "--id", "R-1", "--key", "file:secrets/key", "--port", str(port)]  # fmt: skip
    environment = {**os.environ, "NETOPS_LANG": "en"}
    with subprocess.Popen(
        serve, cwd=site, stderr=subprocess.PIPE, text=True, env=environment
    ) as running:
        assert running.stderr is not None
        assert "listens at 127.0.0.1" in running.stderr.readline()
        done = netops("probe", "egress", "--inventory", site, "--reflector", "R-1",
                      "--protocol", "udp")  # fmt: skip
        words = Path(f"/proc/{running.pid}/cmdline").read_bytes()
        kept = Path(f"/proc/{running.pid}/environ").read_bytes()
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
        ended = time.monotonic() + 20
        while running.poll() is None and time.monotonic() < ended:
            running.wait(20)

    assert (done.code, running.returncode) == (0, 0)
    assert "answered: 1" in rest
    assert KEY not in words + kept


def test_a_snapshot_without_a_vantage_point_refuses_to_be_active(site: Path) -> None:
    done = netops("snapshot", "take", "--active", "--inventory", site,
                  "--workspace", site / "ws")  # fmt: skip

    assert done.code == 2
    assert "names no vantage point" in done.err
    assert not (site / "ws").exists()


def test_doctor_tells_of_raw_packets_and_of_scapy() -> None:
    checks = {c["name"]: c["state"] for c in json.loads(netops("doctor", "--format", "json").out)["checks"]}  # fmt: skip

    assert checks["raw packets"] in {"good", "weak"}
    assert checks["extra [crafting]"] in {"good", "weak"}
