"""Townships without routing daemons: read as any other, and the machine's table is given back.

Needs root of the machine, whose neighbour table's thresholds are raised. `.ci/run full` runs it.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answer_key import differences
from real_lab import Person, comes_true, living_in, spaces_of

THRESHOLD = Path("/proc/sys/net/ipv4/neigh/default/gc_thresh3")
SPEC = """schema: netops/lab/1
seed: 53
province: "430000"
scope: {cities: ["431300"]}
townships_per_county: 3
departments: {province: 1, city: 1, county: 1, township: 0}
platforms: {province: frr, city: frr, county: frr, township: frr}
uplinks: {city: 2, county: 2, township: 1}
backend: routers
bare_townships: true
faults:
  - {kind: exit, mechanism: static_default, at: "431302001"}
  - {kind: exit, mechanism: policy_route, at: "431321"}
  - {kind: exit, mechanism: isp_bgp, at: "431322001"}
  - {kind: device, behaviour: refuse_login, at: "431381001"}
  - {kind: uplink_down, at: "431382001", all: true}
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may raise the thresholds")


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def before() -> int:
    return int(THRESHOLD.read_text())


@pytest.fixture
def lab(me: Person, before: int) -> Iterator[Path]:
    """The laboratory, up."""
    (me.home / "bare.yaml").write_text(SPEC, encoding="utf-8")
    assert me.run("lab", "plan", "bare.yaml", "--out", "L").returncode == 0
    folder = me.home / "L"
    try:
        up = me.run("lab", "up", folder, "--deadline", "120", within=150)
        assert up.returncode == 0, up.stderr
        assert int(THRESHOLD.read_text()) > before
        yield folder
    finally:
        me.run("lab", "down", folder)
        assert int(THRESHOLD.read_text()) == before


def marks(lab: Path) -> dict[str, int]:
    state = json.loads((lab / "state" / "laboratory.json").read_text(encoding="utf-8"))
    return {mark["role"]: mark["pid"] for mark in (state["supervisor"], *state["servers"])}


def audit(me: Person, what: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(me.run("audit", what, "--format", "json").stdout)
    return found


def test_bare_townships_are_read_and_judged_as_the_key_has_it(me: Person, lab: Path) -> None:
    daemons = me.run("lab", "exec", lab, "--", "ls", "/run/frr").stdout.split()
    assert "431302-R1" in daemons
    assert "431302001-R1" not in daemons
    words = me.netops("snapshot", "take", "--active", "--inventory", lab / "inventory")
    assert me.run("lab", "exec", lab, "--", *words, within=300).returncode in (0, 3)
    key = json.loads((lab / "truth.json").read_text(encoding="utf-8"))
    assert sum(len(row["found"]) for row in key["exits"].values()) == 3
    assert differences(key, audit(me, "exits")) == []
    assert differences(key, audit(me, "connectivity")) == []


@pytest.mark.parametrize("killed", [("supervisor",), ("neighbours", "supervisor")])
def test_the_thresholds_are_put_back_whatever_is_killed(
    me: Person, lab: Path, before: int, killed: tuple[str, ...]
) -> None:
    pids = marks(lab)
    spaces = spaces_of(pids["init"])
    for role in killed:
        os.kill(pids[role], signal.SIGKILL)

    assert comes_true(lambda: not living_in(spaces), within=20)
    if "neighbours" in killed:
        assert int(THRESHOLD.read_text()) > before
        assert me.run("lab", "down", lab).returncode == 0
    assert comes_true(lambda: int(THRESHOLD.read_text()) == before, within=10)


def test_a_second_laboratory_of_that_kind_is_refused_while_one_is_up(me: Person, lab: Path) -> None:
    assert me.run("lab", "plan", "bare.yaml", "--out", "second").returncode == 0
    up = me.run("lab", "up", "second")
    assert up.returncode == 2
    assert "neighbour table" in up.stderr
    assert me.run("lab", "status", lab).returncode == 0
