"""``kill -9`` in the middle of a snapshot, over real processes and sockets: nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole_line import DEADLINE_S, Line

THREE_HUNDRED = """\
schema: netops/lab/1
seed: 11
province: "430000"
scope: {cities: ["430100", "430200"]}
departments: {province: 0, city: 0, county: 0, township: 0}
platforms:
  province: huawei_vrp
  city: h3c_comware
  county: huawei_vrp
  township: {frr: 0.9, linux_host: 0.1}
routes_per_device: 5
answers: {delay: 0.02, slow_share: 0.0, slow_delay: 0.2}
faults: []
"""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Bring some three hundred good devices up."""
    made = Line(tmp_path_factory.mktemp("resume"))
    made.plan(THREE_HUNDRED)
    made.up()
    try:
        yield made
    finally:
        made.down()


def sessions(line: Line) -> dict[str, int]:
    """Return how often each device was logged in to."""
    status = json.loads(line.run("lab", "status", line.lab, "--format", "json").stdout)
    return {device["device"]: device["sessions"] for device in status["devices"]}


def done_devices(snapshots: Path) -> set[str]:
    """Return the devices that have a whole file in the one snapshot there is."""
    return {path.name for path in snapshots.glob("*/devices/*.jsonl.gz")}


def killed_after(line: Line, count: int) -> Path:
    """Take a snapshot and kill it when so many devices are done; return its folder."""
    snapshots = line.folder / "workspace" / "snapshots"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(line.folder), "NETOPS_LANG": "en",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "NETOPS_WORKSPACE": str(line.folder / "workspace"),
    }  # fmt: skip
    command = [sys.executable, "-m", "netops", "snapshot", "take", "--quiet",
               "--inventory", str(line.lab / "inventory")]  # fmt: skip
    with subprocess.Popen(command, cwd=line.folder, env=environment) as process:
        deadline = time.monotonic() + DEADLINE_S
        while len(done_devices(snapshots)) < count:
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
    (folder,) = snapshots.iterdir()
    return folder


def test_a_killed_snapshot_is_resumed_with_exactly_what_is_missing(line: Line) -> None:
    folder = killed_after(line, 100)
    done = len(done_devices(folder.parent))
    before = sessions(line)
    total = len(before)
    assert total > 300
    assert 100 <= done < total

    resumed = line.run(
        "snapshot", "take", "--inventory", line.lab / "inventory", "--resume", folder.name, "--quiet"
    )  # fmt: skip

    assert resumed.returncode == 0, resumed.stderr
    after = sessions(line)
    again = {name: after[name] - before[name] for name in after}
    assert sum(again.values()) == total - done
    assert set(again.values()) == {0, 1}
    assert len(done_devices(folder.parent)) == total
    assert line.run("snapshot", "verify", folder.name).returncode == 0


def test_one_flipped_byte_is_named_with_its_file_and_answer(line: Line) -> None:
    (folder,) = (line.folder / "workspace" / "snapshots").iterdir()
    victim = sorted((folder / "devices").iterdir())[7]
    good = victim.read_bytes()
    bad = bytearray(good)
    bad[len(bad) // 2] ^= 0x10
    victim.write_bytes(bytes(bad))

    found = line.run("snapshot", "verify", folder.name)

    victim.write_bytes(good)
    device = victim.name.removesuffix(".jsonl.gz")
    assert found.returncode != 0
    told = found.stdout + found.stderr
    assert victim.name in told
    assert f"{device}#" in told, "the answer in which the damage lies"
