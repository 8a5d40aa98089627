"""Whatever of a router laboratory dies, nothing stays: no process, no namespace, no mount."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from real_lab import Person, comes_true, living_in, spaces_of

DIVISIONS = """code,name,level,parent,exits_allowed,status
430000,甲省,province,,1,government
430100,乙市,city,430000,1,government
"""
SPEC = """schema: netops/lab/1
seed: 3
province: "430000"
departments: {province: 0, city: 1, county: 0, township: 0}
platforms: {province: frr, city: frr, county: frr, township: frr}
divisions: divisions.csv
backend: routers
"""


@pytest.fixture
def me(tmp_path: Path) -> Person:
    return Person(tmp_path)


@pytest.fixture
def lab(me: Person) -> Path:
    """A planned laboratory of four routers and a host."""
    (me.home / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    (me.home / "tiny.yaml").write_text(SPEC, encoding="utf-8")
    planned = me.run("lab", "plan", "tiny.yaml", "--out", "L")
    assert planned.returncode == 0, planned.stderr
    return me.home / "L"


def state_of(lab: Path) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads((lab / "state" / "laboratory.json").read_text())
    except (OSError, ValueError):
        return {}
    return found


def pids_of(lab: Path) -> dict[str, int]:
    state = state_of(lab)
    marks = [state["supervisor"], *state["servers"]] if state else []  # type: ignore[misc]
    return {mark["role"]: mark["pid"] for mark in marks}


def host_view() -> tuple[list[str], str]:
    """Return what this machine shows of network namespaces and mounts."""
    names = sorted(place.name for place in Path("/run").glob("netns/*"))
    return names, Path("/proc/self/mounts").read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ["supervisor", "namespaces", "init"])
def test_killing_one_process_of_a_laboratory_ends_all(me: Person, lab: Path, role: str) -> None:
    before = host_view()
    up = me.run("lab", "up", lab, "--deadline", "90")
    assert up.returncode == 0, up.stderr
    pids = pids_of(lab)
    spaces = spaces_of(pids["init"])
    assert len(spaces) == 3
    assert len(living_in(spaces)) > 20

    os.kill(pids[role], signal.SIGKILL)

    assert comes_true(lambda: not living_in(spaces), within=10)
    assert comes_true(lambda: not Path(f"/proc/{pids['supervisor']}").exists(), within=10)
    assert host_view() == before
    assert me.run("lab", "status", lab).returncode == 3
    again = me.run("lab", "up", lab, "--deadline", "90")
    assert again.returncode == 0, again.stderr
    assert me.run("lab", "down", lab).returncode == 0


def test_killing_lab_up_while_it_boots_ends_all(me: Person, lab: Path) -> None:
    before = host_view()
    process = me.start("lab", "up", lab, "--deadline", "90")
    assert comes_true(lambda: "init" in pids_of(lab), within=60)
    pids = pids_of(lab)
    spaces = spaces_of(pids["init"])
    assert spaces

    process.kill()
    process.wait()

    assert comes_true(lambda: not living_in(spaces), within=10)
    assert comes_true(lambda: not Path(f"/proc/{pids['supervisor']}").exists(), within=10)
    assert host_view() == before


def test_down_may_be_said_twice_and_leaves_nothing(me: Person, lab: Path) -> None:
    before = host_view()
    assert me.run("lab", "up", lab, "--deadline", "90").returncode == 0
    spaces = spaces_of(pids_of(lab)["init"])
    assert me.run("lab", "down", lab).stderr == "The laboratory is down.\n"
    assert living_in(spaces) == []
    assert me.run("lab", "down", lab).stderr == "The laboratory was not up.\n"
    assert host_view() == before


def test_a_laboratory_that_misses_its_deadline_says_who_and_leaves_nothing(
    me: Person, lab: Path
) -> None:
    before = host_view()
    up = me.run("lab", "up", lab, "--deadline", "3")
    assert up.returncode == 2
    assert "At the deadline" in up.stderr or "the deadline has passed" in up.stderr
    assert state_of(lab) == {}
    assert host_view() == before
