"""Planted exits carry packets as the answer key says: the walk over the models against truth."""

from __future__ import annotations

from functools import cache

import pytest
from lab_worlds import INTERNET, Sim, make_world

from netops.errors import SpecError

GOVERNMENT = "430121"
ACTIVE = (
    "static_default",
    "split_default",
    "specific_route",
    "pppoe_dialer",
    "cellular",
    "tunnel",
    "isp_bgp",
)
LATENT = ("floating_static", "public_interface")
LEAK = 'faults: [{kind: exit, mechanism: vpn_leak, at: "430121"}]'
SPECIFIC = ("198.51.100.77", "192.0.2.77")


@cache
def _sim(mechanism: str, extra: str = "", at: str = GOVERNMENT) -> Sim:
    tail = f'faults: [{{kind: exit, mechanism: {mechanism}, at: "{at}"{extra}}}]'
    return Sim(make_world(tail, seed=3))


def _declared(sim: Sim) -> set[str]:
    return {f"out {d}/{p}" for e in sim.world.net.exits.values() for d, p, _ in e.lines}


def _ends_of(sim: Sim, department: str) -> set[str]:
    made = sim.world.net.departments[department]
    device, port = made.owners[0]
    source = str(made.public[0].network_address + 9)
    return {
        end for target in (INTERNET, *SPECIFIC) for end in sim.enter(device, port, source, target)
    }


@pytest.mark.parametrize("mechanism", ACTIVE)
def test_an_active_exit_carries_what_passes_its_router(mechanism: str) -> None:
    sim = _sim(mechanism)
    truth = sim.world.truth
    assert truth["exits"][GOVERNMENT]["strength"] == "violated"
    assert truth["exits"][GOVERNMENT]["found"] == [
        {
            "mechanism": mechanism,
            "device": "430121-R1",
            "family": "ipv4",
            "latent": False,
            "observable": True,
        }
    ]
    for department in sim.world.net.seats[GOVERNMENT].departments:
        assert _ends_of(sim, department) - _declared(sim), department
        is_class_a = sim.world.net.departments[department].access_class == "A"
        wanted = "suspected" if is_class_a else "violated"
        assert truth["departments"][department]["strength"] == wanted


@pytest.mark.parametrize("mechanism", ACTIVE)
def test_townships_below_an_active_exit_are_violated_and_other_counties_are_not(
    mechanism: str,
) -> None:
    sim = _sim(mechanism)
    strengths = {c: row["strength"] for c, row in sim.world.truth["exits"].items()}
    bad = {c for c, strength in strengths.items() if strength == "violated"}
    assert bad == {GOVERNMENT, *sim.world.net.seats[GOVERNMENT].below}
    for code in sim.world.net.seats:
        router = sim.world.net.seats[code].routers[0]
        ends = {e for t in (INTERNET, *SPECIFIC) for e in sim.ends(router, t)}
        assert bool(ends - _declared(sim)) is (code in bad), code


@pytest.mark.parametrize("mechanism", LATENT)
def test_a_latent_exit_carries_nothing_and_makes_its_government_suspected(mechanism: str) -> None:
    sim = _sim(mechanism)
    truth = sim.world.truth
    assert truth["exits"][GOVERNMENT]["strength"] == "suspected"
    assert truth["exits"][GOVERNMENT]["found"][0]["latent"] is True
    assert {row["strength"] for row in truth["departments"].values()} == {"consistent"}
    for department in sim.world.net.seats[GOVERNMENT].departments:
        assert _ends_of(sim, department) <= _declared(sim)


@pytest.mark.parametrize(
    "mechanism",
    ["static_default", "split_default", "specific_route", "pppoe_dialer", "cellular", "tunnel",
     "isp_bgp"],
)  # fmt: skip
def test_any_exit_may_be_made_latent_and_then_carries_nothing(mechanism: str) -> None:
    sim = _sim(mechanism, ", latent: true")
    assert sim.world.truth["exits"][GOVERNMENT]["strength"] == "suspected"
    for department in sim.world.net.seats[GOVERNMENT].departments:
        assert _ends_of(sim, department) <= _declared(sim)


def test_a_policy_route_takes_all_departments_of_its_government_and_no_township() -> None:
    sim = _sim("policy_route")
    truth = sim.world.truth
    for department in sim.world.net.seats[GOVERNMENT].departments:
        assert not _ends_of(sim, department) & _declared(sim)
        assert truth["departments"][department]["strength"] in ("violated", "suspected")
    assert truth["exits"][GOVERNMENT]["strength"] == "violated"
    towns = sim.world.net.seats[GOVERNMENT].below
    assert {truth["exits"][c]["strength"] for c in towns} == {"consistent"}


def test_a_policy_route_for_one_department_leaves_the_others_alone() -> None:
    sim = _sim("policy_route", ", department: D-430121-02")
    strengths = {
        d: sim.world.truth["departments"][d]["strength"]
        for d in sim.world.net.seats[GOVERNMENT].departments
    }
    assert strengths.pop("D-430121-02") in ("violated", "suspected")
    assert set(strengths.values()) == {"consistent"}
    for department in strengths:
        assert _ends_of(sim, department) <= _declared(sim)


def test_a_leak_gives_a_private_network_a_way_out() -> None:
    sim = _sim("vpn_leak", ", by: static")
    made = sim.world.net.departments["D-430121-01"]
    assert made.access_class == "D"
    vpn = made.private[0][1]
    assert sim.ends("430121-R1", INTERNET, vpn) <= _declared(sim)
    assert sim.ends("430121-R1", INTERNET, vpn) != {"dropped"}
    assert sim.world.truth["departments"]["D-430121-01"]["strength"] == "violated"
    towns = sim.world.net.seats[GOVERNMENT].below
    assert {sim.world.truth["exits"][c]["strength"] for c in towns} == {"consistent"}


def test_a_leak_by_route_target_imports_what_a_sharing_instance_exports() -> None:
    sim = _sim("vpn_leak", ", by: route_target")
    vpn = sim.world.net.departments["D-430121-01"].private[0][1]
    model = sim.models["430121-R1"]
    instances = {v.name: v for v in model.vpn_instances}
    (target,) = instances["internet-share"].export_targets
    assert target in instances[vpn].import_targets
    assert target not in instances[vpn].export_targets
    (default,) = [r for r in model.routes[(vpn, 4)] if r.length == 0]
    carrier = {p.name: p for p in sim.world.net.routers["430121-R1"].ports.values()}
    assert (default.protocol, carrier[default.interface].role) == ("ibgp", "carrier")
    assert sim.ends("430121-R1", INTERNET, "internet-share") <= _declared(sim)
    assert sim.world.truth["departments"]["D-430121-01"]["strength"] == "violated"


def test_the_seed_draws_both_kinds_of_leak() -> None:
    kinds = {
        any(v.name == "internet-share" for v in world.net.routers["430121-R1"].vpn_instances)
        for seed in range(6)
        for world in [make_world(LEAK, seed=seed)]
    }
    assert kinds == {True, False}


def test_a_host_with_two_cards_leads_its_own_packets_out() -> None:
    sim = _sim("dual_homed_host")
    host = sim.models["D-430121-01-H1"]
    assert host.platform == "linux_host"
    assert sim.ends(host.id, INTERNET) - _declared(sim)
    core = str(sim.world.net.routers["430000-R1"].loopback)
    assert sim.ends(host.id, core) == {"at 430000-R1"}
    address = str(sim.world.net.routers[host.id].loopback)
    assert sim.ends("430000-R1", address) == {f"at {host.id}"}
    assert sim.world.truth["departments"]["D-430121-01"]["strength"] in ("violated", "suspected")
    assert sim.world.truth["coverage"]["registered"] == len(sim.world.net.routers)


def test_an_ipv6_default_concerns_only_departments_with_ipv6() -> None:
    sim = _sim("ipv6_default")
    found = sim.world.truth["exits"][GOVERNMENT]
    assert found["strength"] == "violated"
    assert found["found"][0]["family"] == "ipv6"
    for code in sim.world.net.seats[GOVERNMENT].departments:
        made = sim.world.net.departments[code]
        has_ipv6 = any(p.version == 6 for p in made.public)
        strength = sim.world.truth["departments"][code]["strength"]
        assert strength == ("violated" if has_ipv6 else "consistent")
        ends = sim.ends(made.owners[0][0], "2606:2800:220:1::1")
        assert ends - _declared(sim)


def test_an_exit_on_a_township_breaks_the_claim_of_its_county() -> None:
    code = "430121001"
    sim = _sim("static_default", at=code)
    strengths = {c: row["strength"] for c, row in sim.world.truth["exits"].items()}
    assert {c for c, s in strengths.items() if s == "violated"} == {code, "430121"}
    assert sim.ends(f"{code}-R1", INTERNET) - _declared(sim)


def test_an_exit_on_the_second_router_concerns_the_townships_that_hang_there() -> None:
    sim = _sim("static_default", at="430121-R2")
    below = sim.world.net.seats[GOVERNMENT].below
    strengths = [sim.world.truth["exits"][c]["strength"] for c in below]
    assert strengths == ["consistent", "violated", "consistent"]
    leaves = [bool(sim.ends(f"{c}-R1", INTERNET) - _declared(sim)) for c in below]
    assert leaves == [False, True, False]


@pytest.mark.parametrize("behaviour", ["hang", "drop", "garbage", "changed_host_key"])
def test_an_exit_on_an_unreadable_device_is_unknown_and_not_observable(behaviour: str) -> None:
    world = make_world(
        "faults:\n"
        f'  - {{kind: exit, mechanism: static_default, at: "{GOVERNMENT}"}}\n'
        f'  - {{kind: device, behaviour: {behaviour}, at: "{GOVERNMENT}"}}\n'
    )
    row = world.truth["exits"][GOVERNMENT]
    assert row["strength"] == "unknown"
    assert row["found"][0]["observable"] is False


@pytest.mark.parametrize("behaviour", ["refuse_login", "endless_pager", "flood"])
@pytest.mark.parametrize(
    ("mechanism", "latent", "shows"),
    [
        ("static_default", "false", [("static_default", True)]),
        ("isp_bgp", "false", [("isp_bgp", False), ("static_default", True)]),
        ("ipv6_default", "false", [("ipv6_default", True)]),
        ("static_default", "true", [("static_default", False)]),
        ("pppoe_dialer", "false", [("pppoe_dialer", False)]),
        ("specific_route", "false", [("specific_route", False)]),
    ],
)
def test_where_only_snmp_speaks_an_exit_shows_by_its_default_row(
    behaviour: str, mechanism: str, latent: str, shows: list[tuple[str, bool]]
) -> None:
    """A default row that leaves the plan counts against; packets are walked by nobody there."""
    world = make_world(
        "faults:\n"
        f'  - {{kind: exit, mechanism: {mechanism}, at: "{GOVERNMENT}", latent: {latent}}}\n'
        f'  - {{kind: device, behaviour: {behaviour}, at: "{GOVERNMENT}"}}\n'
    )
    row = world.truth["exits"][GOVERNMENT]
    assert [(found["mechanism"], found["observable"]) for found in row["found"]] == shows
    seen = any(observable for _, observable in shows)
    assert row["strength"] == ("violated" if seen else "unknown")
    own = [name for name in world.truth["departments"] if name.startswith(f"D-{GOVERNMENT}-")]
    assert {world.truth["departments"][name]["strength"] for name in own} == {"unknown"}


def test_an_agent_that_contradicts_is_believed_where_no_command_line_denies_it() -> None:
    world = make_world(
        "faults:\n"
        f'  - {{kind: snmp_contradicts, at: "{GOVERNMENT}-R1"}}\n'
        f'  - {{kind: device, behaviour: refuse_login, at: "{GOVERNMENT}-R1"}}\n'
    )
    row = world.truth["exits"][GOVERNMENT]
    assert row["strength"] == "violated"
    assert [(f["mechanism"], f["device"]) for f in row["found"]] == [
        ("static_default", f"{GOVERNMENT}-R1")
    ]


def test_a_policy_route_without_departments_is_refused_with_a_remedy() -> None:
    with pytest.raises(SpecError, match="has no department") as caught:
        _sim("policy_route", at="430121001")
    assert caught.value.place is not None
    assert caught.value.place.line == 8
    assert "another mechanism" in caught.value.remedy


def test_a_providers_session_on_a_second_router_wins_on_every_platform() -> None:
    for platform in ("frr", "h3c_comware"):
        for seed in range(4):
            world = make_world(
                f"platforms: {{county: {platform}}}\n"
                "faults: [{kind: exit, mechanism: isp_bgp, at: 430121-R2}]",
                seed=seed,
            )
            sim = Sim(world)
            ends = sim.ends("430121-R2", INTERNET)
            assert ends
            assert not ends & _declared(sim)
