"""The answer key of worlds small enough to be written down by hand."""

from __future__ import annotations

from typing import Any

import pytest
from lab_worlds import HEAD, clean_world, make_world, plan_text

from netops.lab.plan import World


def _truth(tail: str, *, township: int = 0, seed: int = 7) -> dict[str, Any]:
    return make_world(tail, township=township, seed=seed).truth


def _rate(truth: dict[str, Any], name: str, scope: str) -> tuple[int, int, int, int]:
    row = next(r for r in truth["rates"] if (r["id"], r["scope"]) == (name, scope))
    return row["denominator"], row["floor"], row["reported"], row["ceiling"]


def test_without_faults_everything_is_met() -> None:
    truth = clean_world().truth
    assert {r["verdict"] for r in truth["connectivity"].values()} == {"met"}
    assert {r["world"] for r in truth["connectivity"].values()} == {"connected"}
    assert {r["strength"] for r in truth["exits"].values()} == {"consistent"}
    assert {r["strength"] for r in truth["departments"].values()} == {"consistent"}
    assert {r["verdict"] for r in truth["applications"]} == {"met"}
    assert truth["coverage"]["registered"] == truth["coverage"]["answered"]
    assert _rate(truth, "connectivity.connected", "county") == (18, 18, 18, 18)
    assert _rate(truth, "exits.single", "county") == (18, 0, 18, 18)
    assert _rate(truth, "exits.single", "township") == (0, 0, 0, 0)


def test_every_innocent_leaves_everything_met_and_the_exempt_one_exempt() -> None:
    truth = _truth(
        "innocents: [ha_pair, two_carriers, public_block, nat_between_vpns, oob_card,"
        " exempt_department, cgn_in_plan]"
    )
    assert {r["strength"] for r in truth["exits"].values()} == {"consistent"}
    strengths = [r["strength"] for r in truth["departments"].values()]
    assert strengths.count("exempt") == 1
    assert set(strengths) == {"consistent", "exempt"}
    total, floor, reported, ceiling = _rate(truth, "exits.unit", "county")
    assert (floor, total - reported, total - ceiling) == (0, 1, 1)
    assert {i["kind"] for i in truth["innocents"]} == {
        "ha_pair",
        "two_carriers",
        "public_block",
        "nat_between_vpns",
        "oob_card",
        "exempt_department",
        "cgn_in_plan",
    }
    assert {"kind": "ha_pair", "at": "430000"} in truth["innocents"]


def test_a_county_with_an_exempt_department_counts_it() -> None:
    world = make_world("innocents: [exempt_department]")
    (exemption,) = world.net.exemptions
    department = world.net.departments[exemption.subject_id]
    assert (department.access_class, department.exit) == ("C", exemption.exit)
    assert world.truth["departments"][department.id] == {
        "strength": "exempt",
        "exit": f"E-{department.id}",
    }


def test_a_dead_county_cuts_its_townships_off_under_one_cause() -> None:
    truth = _truth('faults: [{kind: node_down, at: "430121"}]')
    assert truth["connectivity"]["430121"] == {
        "world": "down",
        "verdict": "not_met",
        "cause": "node_down:430121",
    }
    assert truth["connectivity"]["430121001"] == {
        "world": "cut_off",
        "verdict": "not_met",
        "cause": "node_down:430121",
    }
    assert truth["exits"]["430121"]["strength"] == "unknown"
    assert truth["departments"]["D-430121-01"] == {"strength": "unknown", "exit": None}
    assert _rate(truth, "connectivity.connected", "county") == (18, 17, 17, 17)
    assert _rate(truth, "connectivity.connected", "township") == (54, 51, 51, 51)
    assert truth["coverage"]["registered"] - truth["coverage"]["answered"] == 5


def test_the_figures_of_the_issue_hold_for_one_city() -> None:
    text = HEAD.format(seed=7, township=0).replace('"430100", "430200"', '"430100"')
    truth = plan_text(
        text + "faults:\n"
        '  - {kind: node_down, at: "430121"}\n'
        '  - {kind: device, behaviour: changed_host_key, at: "430181"}\n'
    ).truth
    assert truth["connectivity"]["430181"] == {
        "world": "connected",
        "verdict": "unknown",
        "cause": "changed_host_key",
    }
    assert _rate(truth, "connectivity.connected", "county") == (9, 7, 7, 8)


@pytest.mark.parametrize("kind", ["isolated", "uplink_down"])
def test_a_cut_names_what_was_planted(kind: str) -> None:
    extra = ", all: true" if kind == "uplink_down" else ""
    truth = _truth(f'faults: [{{kind: {kind}, at: "430200"{extra}}}]')
    row = truth["connectivity"]["430200"]
    assert row == {"world": "cut_off", "verdict": "not_met", "cause": f"{kind}:430200"}
    assert truth["connectivity"]["430211"]["cause"] == f"{kind}:430200"
    assert truth["exits"]["430211"]["strength"] == "unknown"


def test_one_lost_uplink_costs_only_the_redundancy_of_all_below() -> None:
    truth = _truth('faults: [{kind: uplink_down, at: "430200"}]')
    assert {r["verdict"] for r in truth["connectivity"].values()} == {"met"}
    assert _rate(truth, "connectivity.redundant", "city") == (2, 1, 1, 1)
    # Zhuzhou's nine counties share its last uplink.
    assert _rate(truth, "connectivity.redundant", "county") == (18, 9, 9, 9)
    assert _rate(truth, "connectivity.redundant", "township") == (54, 54, 54, 54)


def test_a_silent_second_router_costs_sureness_but_not_the_connection() -> None:
    truth = _truth("faults: [{kind: device, behaviour: hang, at: 430121-R2}]")
    assert truth["connectivity"]["430121"]["verdict"] == "met"
    assert _rate(truth, "connectivity.redundant", "county") == (18, 17, 17, 18)
    assert truth["exits"]["430121"]["strength"] == "unknown"
    assert {truth["departments"][f"D-430121-0{n}"]["strength"] for n in range(1, 5)} == {
        "consistent"
    }


def test_a_cut_that_nobody_sees_is_unknown() -> None:
    truth = _truth(
        "faults:\n"
        '  - {kind: uplink_down, at: "430121", all: true}\n'
        "  - {kind: device, behaviour: hang, at: 430100-R2}\n"
    )
    row = truth["connectivity"]["430121"]
    assert (row["world"], row["verdict"]) == ("cut_off", "unknown")


def test_snmp_alone_may_show_a_port_without_light_but_no_missing_protocol() -> None:
    unreadable = "  - {kind: device, behaviour: refuse_login, at: '430100'}\n"
    dark = _truth("faults:\n  - {kind: node_down, at: '430121'}\n" + unreadable)
    mute = _truth("faults:\n  - {kind: isolated, at: '430121'}\n" + unreadable)
    assert dark["connectivity"]["430121"]["verdict"] == "not_met"
    assert mute["connectivity"]["430121"]["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("behaviour", "connected", "exits", "answered"),
    [
        ("slow", "met", "consistent", True),
        ("no_snmp", "met", "consistent", True),
        ("low_privilege", "met", "unknown", True),
        ("truncated", "unknown", "unknown", True),
        ("garbage", "unknown", "unknown", True),
        ("endless_pager", "unknown", "unknown", False),
        ("flood", "unknown", "unknown", False),
        ("refuse_login", "unknown", "unknown", False),
        ("hang", "unknown", "unknown", False),
        ("drop", "unknown", "unknown", False),
        ("changed_host_key", "unknown", "unknown", False),
    ],
)
def test_each_behaviour_leaves_what_an_honest_audit_can_say(
    behaviour: str, connected: str, exits: str, *, answered: bool
) -> None:
    code = "430121001"
    truth = _truth(f'faults: [{{kind: device, behaviour: {behaviour}, at: "{code}"}}]')
    assert truth["connectivity"][code]["verdict"] == connected
    assert truth["connectivity"][code]["cause"] == (behaviour if connected == "unknown" else None)
    assert truth["exits"][code]["strength"] == exits
    assert truth["exits"]["430121"]["strength"] == exits
    missing = truth["coverage"]["registered"] - truth["coverage"]["answered"]
    assert missing == (0 if answered else 1)


def test_a_withdrawn_application_is_missed_there_and_below() -> None:
    truth = _truth('faults: [{kind: app_route, at: "430200", application: "A-30"}]')
    missed = {r["government"] for r in truth["applications"] if r["verdict"] == "not_met"}
    assert missed == {"430200", *(c for c in truth["exits"] if len(c) == 6 and c[:4] == "4302")}
    assert {r["id"] for r in truth["applications"] if r["verdict"] == "not_met"} == {"A-30"}


def test_pairs_are_as_many_as_the_levels_ask_for() -> None:
    truth = clean_world().truth
    assert len(truth["applications"]) == 26 * 2 + 14 * (2 + 18)


def test_single_points_are_lines_and_routers_that_townships_hang_on() -> None:
    points = {p["device_or_link"]: p["townships"] for p in clean_world().truth["single_points"]}
    # Of three townships, the first and third hang on the first router, the second on the other.
    assert points["430121-R1"] == 2
    assert points["430121-R2"] == 1
    assert points["W-430121001-1"] == 1
    assert "430100-R1" not in points
    assert "430121001-R1" not in points
    assert len(points) == 18 * 2 + 54


def test_a_dead_first_router_leaves_its_second_without_a_way_out() -> None:
    world = make_world('faults: [{kind: node_down, at: "430121-R1"}]', township=1)
    truth = world.truth
    shared = [d for d in world.net.departments.values()
              if d.government == "430121" and d.is_virtual]  # fmt: skip
    for department in shared:
        wanted = "consistent" if department.access_class == "A" else "suspected"
        if not department.private and all(p.version == 4 for p in department.public):
            assert truth["departments"][department.id]["strength"] == wanted
    towns = [truth["connectivity"][f"43012100{n}"] for n in range(1, 4)]
    assert [t["verdict"] for t in towns] == ["unknown", "met", "unknown"]


def _places(world: World) -> set[str]:
    return {code for _, code in world.planted.innocents}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_faults_stay_away_from_each_other_and_from_innocents(seed: int) -> None:
    world = make_world(
        "faults: [{kind: node_down, at: '430121'}]\n"
        "random_faults: {exits: 8, nodes: 5, devices: 4}\n"
        "innocents: [ha_pair, two_carriers, public_block, exempt_department]\n",
        seed=seed,
    )
    exits = [e.government for e in world.planted.exits]
    unread = {world.net.routers[d].government for d in world.planted.behaviours}
    assert len(exits) == len(set(exits)) == 8
    assert len({e.mechanism for e in world.planted.exits}) == 8
    assert unread.isdisjoint(exits)
    assert len(unread) == 4
    assert _places(world).isdisjoint({*exits, *unread})
    for code in (*exits, *_places(world)):
        assert all(world.state.is_reached(r) for r in world.net.seats[code].routers), code
    assert all(e["observable"] for row in world.truth["exits"].values() for e in row["found"])


def test_an_agent_that_contradicts_is_listed_and_changes_no_verdict() -> None:
    truth = _truth('faults: [{kind: snmp_contradicts, at: "430121"}]')
    assert truth["contradictions"] == ["430121-R1", "430121-R2"]
    assert truth["connectivity"]["430121"]["verdict"] == "met"
