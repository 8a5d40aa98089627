"""The small laboratory from end to end: up, snapshot, audits against the answer key, broken, down.

Expected outside addresses are written by hand from the address plan: undeclared line n has
198.19.128.0 + 4n, its router the second address; declared lines lie in 198.18.0.0/15.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answer_key import differences
from real_lab import REPOSITORY, Person, comes_true

SPEC = REPOSITORY / "playbooks" / "specs" / "routers-small.yaml"
PORT = 9099
ECHO = """
import socket, threading
def serve(family, address):
    s = socket.socket(family); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((address, 9099)); s.listen(50)
    while True:
        c, peer = s.accept(); c.sendall(peer[0].encode()); c.close()
threading.Thread(target=serve, args=(socket.AF_INET6, "::"), daemon=True).start()
print("ready", flush=True)
serve(socket.AF_INET, "0.0.0.0")
"""
ASK = """
import socket, sys
source, target = sys.argv[1:3]
c = socket.create_connection((target, 9099), 3, (source, 0))
print(c.recv(100).decode())
"""


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def lab(me: Person) -> Iterator[Path]:
    """The small laboratory, up."""
    folder = me.home / "L"
    planned = me.run("lab", "plan", SPEC, "--out", folder)
    assert planned.returncode == 0, planned.stderr
    try:
        up = me.run("lab", "up", folder, "--deadline", "120", within=150)
        assert up.returncode == 0, up.stderr
        yield folder
    finally:
        me.run("lab", "down", folder)


@pytest.fixture(scope="module")
def outside(me: Person, lab: Path) -> Iterator[None]:
    """A plain service on the internet side that tells callers their address."""
    words = me.netops("lab", "exec", lab, "--at", "outside", "--", me.python, "-c", ECHO)
    process = subprocess.Popen(
        words, cwd=me.home, env=me.environ(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield
    process.kill()
    process.communicate(timeout=20)


def seen_from(me: Person, lab: Path, at: str, source: str, target: str) -> str:
    """Return the address behind which a source leaves, as the internet side sees it."""
    done = me.run("lab", "exec", lab, "--at", at, "--", me.python, "-c", ASK, source, target)
    return done.stdout.strip()


def audit(me: Person, what: str, *more: str) -> dict[str, Any]:
    done = me.run("audit", what, "--format", "json", *more)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def silent_governments(me: Person, lab: Path) -> set[str]:
    """Return the governments of which no router answers the operations host's probes."""
    rows = (lab / "inventory" / "devices.csv").read_text(encoding="utf-8").splitlines()
    places = {
        row["address"]: row["node"].removeprefix("N-")
        for row in csv.DictReader(line for line in rows if not line.startswith("#"))
        if not row["department"]
    }
    words = ("probe", "reach", "--inventory", lab / "inventory", "--wait", "0.5", "-f", "json")
    done = me.run("lab", "exec", lab, "--", *me.netops(*words, *places))
    heard = {one["target"] for one in json.loads(done.stdout)["results"] if one["round_trips_ms"]}
    return set(places.values()) - {code for address, code in places.items() if address in heard}


@pytest.mark.usefixtures("lab")
def test_audits_of_real_routers_agree_with_the_answer_key(me: Person, lab: Path) -> None:
    taken = me.run("lab", "exec", lab, "--", *me.netops("snapshot", "take"), "--inventory",
                   lab / "inventory")  # fmt: skip
    assert taken.returncode == 0, taken.stderr
    truth = json.loads((lab / "truth.json").read_text(encoding="utf-8"))
    assert sum(len(row["found"]) for row in truth["exits"].values()) == 8
    assert differences(truth, audit(me, "exits")) == []
    assert differences(truth, audit(me, "connectivity")) == []


@pytest.fixture(scope="module")
def measured(me: Person, lab: Path) -> str:
    """Take a snapshot with packets and return its id."""
    taken = me.run("lab", "exec", lab, "--", *me.netops("snapshot", "take"), "--active",
                   "--inventory", lab / "inventory", within=400)  # fmt: skip
    assert taken.returncode == 0, taken.stderr
    return taken.stdout.strip()


def test_packets_prove_exactly_what_the_key_says(me: Person, lab: Path, measured: str) -> None:
    truth = json.loads((lab / "truth.json").read_text(encoding="utf-8"))
    audited = audit(me, "exits", "--snapshot", measured)
    expected = {name: row["strength_active"] for name, row in truth["departments"].items()}
    found = {row["id"]: row["strength"] for row in audited["subjects"]
             if row["kind"] == "department"}  # fmt: skip
    assert set(expected.values()) == {"proven", "violated"}
    assert found == expected
    points = {
        (item["device"], item["mechanism"])
        for row in truth["exits"].values()
        for item in row["found"]
    }
    reported = {
        (finding["observed"]["device"], finding["observed"]["mechanism"])
        for finding in audited["findings"]
        if "mechanism" in finding["observed"]
    }
    assert reported == points


@pytest.mark.parametrize(
    ("department", "expected"),
    [
        ("D-430000-01", r"198\.1[89]\.0\.\d+"),  # legal
        ("D-431321-01", r"198\.19\.128\.6"),  # split_default
        ("D-431322-01", r"198\.19\.128\.10"),  # policy_route
        ("D-431381-01", r"198\.19\.128\.14"),  # dual_homed_host
        ("D-431382-01", r"198\.1[89]\.0\.\d+"),  # specific_route, not to the zone's server
    ],
)
def test_the_way_of_a_departments_resolver_is_evidence(
    me: Person, measured: str, department: str, expected: str
) -> None:
    """The reflector itself says, sealed, from where the resolver's question reached it."""
    asked = "egress reflector-1 dns ipv4"
    shown = me.run("snapshot", "show", measured, "--device", f"V-{department}", "--command", asked)
    assert shown.returncode == 0, shown.stderr
    told = json.loads(shown.stdout[shown.stdout.index("{") :])
    assert (told["kind"], told["protocol"], told["state"]) == ("egress", "dns", "confirmed")
    assert re.fullmatch(expected, told["seen"])


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("at", "source", "target", "expected"),
    [
        ("431302001-R1", "10.104.36.1", "203.0.113.10", "198.19.128.2"),  # static_default
        ("D-431321-01-H1", "10.104.65.5", "203.0.113.10", "198.19.128.6"),  # split_default
        ("D-431322-01-H1", "10.104.97.5", "203.0.113.10", "198.19.128.10"),  # policy_route
        ("D-431381-01-H1", "198.19.128.14", "203.0.113.10", "198.19.128.14"),  # dual_homed_host
        ("D-431382-01-H1", "10.104.161.5", "198.51.100.10", "198.19.128.18"),  # specific_route
        ("431321001-R1", "10.104.68.1", "203.0.113.10", "198.19.128.22"),  # isp_bgp
    ],
)
def test_planted_exits_carry_packets(
    me: Person, lab: Path, at: str, source: str, target: str, expected: str
) -> None:
    assert seen_from(me, lab, at, source, target) == expected


@pytest.mark.usefixtures("outside")
def test_an_exit_for_one_prefix_leaves_the_rest_legal(me: Person, lab: Path) -> None:
    seen = seen_from(me, lab, "D-431382-01-H1", "10.104.161.5", "203.0.113.10")
    assert re.fullmatch(r"198\.1[89]\.0\.\d+", seen)


@pytest.mark.usefixtures("outside")
def test_a_second_exit_of_ipv6_carries_packets(me: Person, lab: Path) -> None:
    seen = seen_from(me, lab, "431300-R2", "::", "2001:db8:ffff::10")
    assert seen == "2001:db8:1:7::2"


@pytest.mark.usefixtures("outside")
def test_the_floating_exit_takes_over_when_the_legal_one_fails(me: Person, lab: Path) -> None:
    def seen() -> str:
        return seen_from(me, lab, "431322001-R1", "10.104.100.1", "203.0.113.10")

    assert re.fullmatch(r"198\.1[89]\.0\.\d+", seen())
    assert me.run("lab", "break", lab, "--exit", "E-431322").returncode == 0
    assert comes_true(lambda: seen() == "198.19.128.26", within=30)
    assert me.run("lab", "mend", lab, "--deadline", "60").returncode == 0
    assert re.fullmatch(r"198\.1[89]\.0\.\d+", seen())


def test_one_broken_core_router_cuts_nobody_off(me: Person, lab: Path) -> None:
    def answers() -> bool:
        words = ("ping", "-c", "1", "-W", "1", "10.104.36.1")
        return me.run("lab", "exec", lab, "--", *words).returncode == 0

    assert answers()
    assert me.run("lab", "break", lab, "--node", "430000-R1").returncode == 0
    assert comes_true(answers, within=40)
    mended = me.run("lab", "mend", lab)
    assert mended.returncode == 0, mended.stderr


@pytest.mark.parametrize(
    ("option", "name", "cut"),
    [("--link", "W-431302001-1", {"431302001"}), ("--node", "431321-R1", {"431321001"})],
)
def test_a_failure_cuts_whom_the_audit_foretells(
    me: Person, lab: Path, option: str, name: str, cut: set[str]
) -> None:
    """Of every government that is foretold to be cut no router answers, of every other one does."""
    done = me.run("audit", "connectivity", "--against-failure", "1", "--format", "json")
    points = json.loads(done.stdout)["information"]["against_failure"]["points"]
    foretold = {point["device_or_link"]: set(point["from_core"]) for point in points}
    assert foretold[name] == cut
    assert silent_governments(me, lab) == set()
    assert me.run("lab", "break", lab, option, name).returncode == 0
    assert comes_true(lambda: silent_governments(me, lab) == cut, within=40)
    assert me.run("lab", "mend", lab, "--deadline", "60").returncode == 0
    assert comes_true(lambda: not silent_governments(me, lab), within=40)


@pytest.mark.parametrize(
    ("option", "name", "verdict", "found"),
    [
        ("--link", "W-431302001-1", "not_met", {("static_default", False)}),
        ("--exit", "E-431322", "met", {("static_default", False)}),
    ],
)
def test_what_is_left_is_audited_as_its_own_key_has_it(
    me: Person, lab: Path, option: str, name: str, verdict: str, found: set[tuple[str, bool]]
) -> None:
    """A link breaks before a township, or the exit whose floating default waits at another."""
    place = "431302001" if option == "--link" else "431322001"
    words = ("lab", "exec", lab, "--", *me.netops("snapshot", "take", "--inventory",
             lab / "inventory"))  # fmt: skip
    assert me.run("lab", "break", lab, option, name).returncode == 0
    try:
        now = json.loads((lab / "truth-now.json").read_text(encoding="utf-8"))
        assert now["connectivity"][place]["verdict"] == verdict
        planted = now["exits"][place]["found"]
        assert {(item["mechanism"], item["latent"]) for item in planted} == found
        wrong: list[str] = []

        def agrees() -> bool:
            assert me.run(*words).returncode == (3 if verdict == "not_met" else 0)
            wrong[:] = [*differences(now, audit(me, "exits")),
                        *differences(now, audit(me, "connectivity"))]  # fmt: skip
            return not wrong

        assert comes_true(agrees, within=60), wrong
    finally:
        assert me.run("lab", "mend", lab, "--deadline", "60").returncode == 0
    assert not (lab / "truth-now.json").exists()


def test_an_isolated_government_is_cut_off_until_it_is_mended(me: Person, lab: Path) -> None:
    faults = me.home / "faults.yaml"
    faults.write_text('faults:\n  - {kind: isolated, at: "431302"}\n', encoding="utf-8")
    ping = ("lab", "exec", lab, "--", "ping", "-c", "1", "-W", "1", "10.104.32.1")
    assert me.run("lab", "break", lab, faults).returncode == 0
    assert comes_true(lambda: me.run(*ping).returncode != 0, within=30)
    assert me.run("lab", "mend", lab).returncode == 0
    assert me.run(*ping).returncode == 0


def test_exec_keeps_folder_home_streams_and_exit_code(me: Person, lab: Path) -> None:
    done = me.run("lab", "exec", lab, "--", "sh", "-c", "pwd; echo $HOME; cat; exit 7", typed="in")
    assert done.stdout == f"{me.home}\n{me.home}\nin"
    assert done.returncode == 7


def test_a_killed_exec_takes_its_command_along(me: Person, lab: Path) -> None:
    process = subprocess.Popen(
        me.netops("lab", "exec", lab, "--", "sh", "-c", "echo here; exec sleep 60"),
        cwd=me.home, env=me.environ(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.kill()
    assert process.communicate(timeout=20) == ("", None)


def test_the_operations_host_reaches_nothing_of_this_machine(me: Person, lab: Path) -> None:
    done = me.run("lab", "exec", lab, "--", "ip", "-json", "link", "show")
    assert [link["ifname"] for link in json.loads(done.stdout)] == ["lo", "eth0"]


def test_a_living_laboratory_is_neither_started_nor_planned_again(me: Person, lab: Path) -> None:
    assert me.run("lab", "up", lab).returncode == 2
    assert me.run("lab", "plan", SPEC, "--out", lab).returncode == 2
    assert me.run("lab", "status", lab).returncode == 0
