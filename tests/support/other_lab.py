"""The other laboratory of `.ci/routers full`: what is planned, and how it is asked.

Two files share one that is up: to bring it up costs as much as to ask it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from real_lab import Person

SPEC = """schema: netops/lab/1
seed: 4325
province: "430000"
scope: {cities: ["430900"]}
townships_per_county: 1
departments: {province: 1, city: 1, county: 1, township: 0}
platforms: {province: frr, city: frr, county: frr, township: frr}
uplinks: {city: 2, county: 2, township: 1}
probes: true
faults:
  - {kind: exit, mechanism: split_default, family: ipv6, at: "430902"}
  - {kind: exit, mechanism: policy_route, family: ipv6, at: "430903"}
  - {kind: exit, mechanism: specific_route, family: ipv6, at: 430981-R1}
  - {kind: exit, mechanism: dual_homed_host, at: "430900"}
  - {kind: exit, mechanism: static_default, at: 430903001-R1}
  - {kind: exit, mechanism: isp_bgp, at: 430902005-R1}
  - {kind: exit, mechanism: floating_static, at: 430922-R1}
  - {kind: exit, mechanism: ipv6_default, at: 430900-R2}
innocents: [ha_pair, two_carriers, exempt_department]
"""
INNOCENT = {"D-430000-01", "D-430921-01", "D-430923-01"}
VIOLATED = {"D-430900-01", "D-430902-01", "D-430903-01", "D-430981-01"}
WAITING = "D-430922-01"
"""Behind a router on which an exit waits."""


def planned(me: Person, backend: str) -> Path:
    """Plan the specification for a backend."""
    (me.home / "other.yaml").write_text(SPEC, encoding="utf-8")
    words = ("lab", "plan", "other.yaml", "--backend", backend, "--out", backend)
    done = me.run(*words)
    assert done.returncode == 0, done.stderr
    return me.home / backend


def key_of(lab: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((lab / "truth.json").read_text(encoding="utf-8"))
    return found


def take(me: Person, lab: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Take a snapshot from inside."""
    words = me.netops("snapshot", "take", *more, "--inventory", lab / "inventory")
    return me.run("lab", "exec", lab, "--", *words, within=400)


def audit(me: Person, what: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(me.run("audit", what, "--format", "json").stdout)
    return found


def strengths(me: Person) -> dict[str, str]:
    """Return the strength of every department in the newest snapshot."""
    rows = audit(me, "exits")["subjects"]
    return {row["id"]: row["strength"] for row in rows if row["kind"] == "department"}
