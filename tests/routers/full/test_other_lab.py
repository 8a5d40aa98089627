"""Another laboratory than the small one: every exit elsewhere, IPv6 where it can be, and faults.

Longer than a minute: `.ci/run full` runs it. Whatever is broken or hidden, nobody innocent is
accused, and what is not in order is never proven.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from answer_key import differences
from other_lab import INNOCENT, VIOLATED, WAITING, audit, key_of, planned, strengths, take
from real_lab import Person, comes_true

TABLE = "table inet fault"
HIDE_TTL = "icmp type time-exceeded drop"
HIDE_TTL6 = "icmpv6 type time-exceeded drop"
DEAF = "meta l4proto {tcp, udp} drop"
RATE = "icmp type {time-exceeded, destination-unreachable} limit rate over 5/second drop"


def rule(me: Person, lab: Path, at: str, *rules: str) -> None:
    """Let a node's kernel drop some of what it would send or take."""
    lines = [f"add {TABLE}"]
    for hook in ("input", "output"):
        chain = f"add chain inet fault {hook} {{ type filter hook {hook} priority 0; }}"
        lines += [chain, *(f"add rule inet fault {hook} {one}" for one in rules)]
    done = me.run("lab", "exec", lab, "--at", at, "--", "nft", "-f", "-", typed="\n".join(lines))
    assert done.returncode == 0, done.stderr


def forget(me: Person, lab: Path, at: str) -> None:
    """Take the rules away again."""
    assert (
        me.run("lab", "exec", lab, "--at", at, "--", "nft", "delete", *TABLE.split()).returncode
        == 0
    )


@pytest.mark.parametrize("more", [(), ("--active",)])
def test_audits_agree_with_the_answer_key(me: Person, lab: Path, more: tuple[str, ...]) -> None:
    taken = take(me, lab, *more)
    assert taken.returncode == 0, taken.stderr
    key = key_of(lab)
    assert sum(len(row["found"]) for row in key["exits"].values()) == 8
    assert differences(key, audit(me, "exits")) == []
    assert differences(key, audit(me, "connectivity")) == []
    found = strengths(me)
    proven = {name for name, strength in found.items() if strength == "proven"}
    assert proven == (INNOCENT if more else set())
    assert {name for name, strength in found.items() if strength == "violated"} == VIOLATED


def test_simulated_devices_tell_the_same_of_the_same_specification(me: Person, lab: Path) -> None:
    simulated = planned(me, "simulated")
    real, played = key_of(lab), key_of(simulated)
    for part in ("exits", "connectivity", "applications", "single_points"):
        assert real[part] == played[part]
    assert me.run("lab", "up", simulated).returncode == 0
    try:
        taken = me.run("snapshot", "take", "--inventory", simulated / "inventory")
        assert taken.returncode == 0, taken.stderr
    finally:
        me.run("lab", "down", simulated)
    assert differences(played, audit(me, "exits")) == []
    assert differences(played, audit(me, "connectivity")) == []


def test_an_exit_that_waits_takes_over_and_goes_back(me: Person, lab: Path) -> None:
    def source() -> str:
        words = ("lab", "exec", lab, "--at", "430922-R1", "--")
        return me.run(*words, "ip", "route", "get", "203.0.113.10").stdout

    assert me.run("lab", "break", lab, "--exit", "E-430922").returncode == 0
    try:
        assert comes_true(lambda: " src 198.19.128.26 " in source(), within=30)
        assert take(me, lab, "--active").returncode == 0
        judged = audit(me, "exits")
    finally:
        mended = me.run("lab", "mend", lab, "--deadline", "90", within=120)
    assert mended.returncode == 0, mended.stderr
    row = next(row for row in judged["subjects"] if row["id"] == WAITING)
    assert row["strength"] == "violated"
    assert row["evidence"]["T"]["said"] == "counterexample"
    assert [f for f in judged["findings"] if f["rule"] == "exits.contradiction"] == []
    assert take(me, lab).returncode == 0
    assert differences(key_of(lab), audit(me, "exits")) == []


def test_an_internet_side_that_answers_nothing_proves_nothing(me: Person, lab: Path) -> None:
    rule(me, lab, "outside", DEAF)
    try:
        assert take(me, lab, "--active").returncode in (0, 3)
    finally:
        forget(me, lab, "outside")
    found = strengths(me)
    assert "proven" not in found.values()
    assert {name for name, strength in found.items() if strength == "violated"} == VIOLATED


@pytest.mark.parametrize("rules", [(HIDE_TTL, HIDE_TTL6), (RATE,)])
def test_carriers_that_hide_or_thin_out_their_errors_accuse_nobody(
    me: Person, lab: Path, rules: tuple[str, ...]
) -> None:
    for at in ("inet", "430921-R1"):
        rule(me, lab, at, *rules)
    try:
        assert take(me, lab, "--active").returncode == 0
    finally:
        for at in ("inet", "430921-R1"):
            forget(me, lab, at)
    judged = audit(me, "exits")
    found = {row["id"]: row["strength"] for row in judged["subjects"]}
    assert {name for name in VIOLATED if found[name] == "violated"} == VIOLATED
    assert {found[name] for name in INNOCENT} <= {"proven", "consistent"}
    assert {found[code] for code in ("430000", "430921", "430923")} <= {"proven", "consistent"}
    assert found[WAITING] == "consistent"


def test_a_router_that_dies_before_it_is_measured_proves_nothing(me: Person, lab: Path) -> None:
    """It was read and found in order; then it is gone, with the department behind it.

    Another one that takes no session holds the measurements up until then.
    """
    rule(me, lab, "430972005-R1", "tcp dport 22 drop")
    shots = me.home / ".netops" / "snapshots"
    before = set(shots.glob("*"))
    words = me.netops("snapshot", "take", "--active", "--inventory", lab / "inventory")
    process = me.start("lab", "exec", lab, "--", *words)
    try:
        assert comes_true(
            lambda: any(
                (shot / "devices" / "430921-R1.jsonl.gz").exists()
                for shot in set(shots.glob("*")) - before
            ),
            within=120,
        )
        assert me.run("lab", "break", lab, "--node", "430921-R1").returncode == 0
        process.wait(timeout=400)
    finally:
        process.kill()
        process.wait()
        forget(me, lab, "430972005-R1")
        assert me.run("lab", "mend", lab, "--deadline", "90", within=120).returncode == 0
    found = strengths(me)
    assert {name for name, strength in found.items() if strength == "violated"} == VIOLATED
    assert found["D-430921-01"] in ("consistent", "unknown", "suspected")
    proven = {name for name, strength in found.items() if strength == "proven"}
    assert proven <= INNOCENT - {"D-430921-01"}
