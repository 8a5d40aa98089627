"""Traced paths against the set of legal ways: divergence, hidden hops, equal-cost ways."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network

from exits_world import COUNTY, World, outside_line
from measured import CARRIERS, REFLECTOR, build_world, measured, path

from netops.facts.device import Contact
from netops.facts.measurements import VantagePoint

T1_WAY = ("10.4.0.1", "10.0.3.1", CARRIERS["K1"], REFLECTOR)
"""From the township by its router and the county's, whose line is the allowed exit."""


def strength(world: World, *hops: str, router: str = "T1", reached: bool = True) -> str:
    """Return the strength of a department of which this path was traced."""
    seen = world.judge(active=measured(path(router, *hops, reached=reached)))
    return seen.strength(f"D-{router}")


def why(world: World, *hops: str, reached: bool = True) -> list[str]:
    """Return what the path of the township's department said."""
    seen = world.judge(active=measured(path("T1", *hops, reached=reached)))
    return list(seen.row("D-T1").extra["evidence"]["T"]["why"])


def test_a_path_over_legal_hops_through_the_allowed_line_proves() -> None:
    seen = build_world().judge(active=measured(path("T1", *T1_WAY)))
    assert seen.strength("D-T1") == "proven"
    assert seen.row("D-T1").extra["evidence"]["T"]["exits"] == [f"E-{COUNTY}"]


def test_a_carrier_beyond_the_line_that_nobody_registered_is_past_the_exit() -> None:
    assert strength(build_world(), "10.4.0.1", "10.0.3.1", "192.0.2.1", REFLECTOR) == "proven"


def test_a_path_that_did_not_reach_the_target_proves_nothing() -> None:
    assert strength(build_world(), *T1_WAY[:3], reached=False) == "consistent"


def test_a_path_that_leaves_before_the_allowed_exit_is_a_counterexample() -> None:
    seen = build_world().judge(active=measured(path("T1", "10.4.0.1", "192.0.2.1", REFLECTOR)))
    assert seen.strength("D-T1") == "violated"
    (finding,) = seen.findings("exits.measured")
    assert finding.observed["word"] == "left_elsewhere"
    assert finding.observed["seen"] == "192.0.2.1"


def test_it_is_one_even_where_the_target_was_never_reached() -> None:
    assert strength(build_world(), "10.4.0.1", "192.0.2.1", reached=False) == "violated"


def test_a_path_that_leaves_at_the_first_hop_is_a_counterexample() -> None:
    assert strength(build_world(), "192.168.1.1", "192.0.2.1", REFLECTOR) == "violated"


def test_a_path_over_the_segment_of_an_undeclared_line_names_its_exit_point() -> None:
    world = build_world()
    carrier = outside_line(world.routers["T1"], 9)
    world.routers["T1"].row("203.0.113.0/24", carrier, "GigabitEthernet0/0/9")
    seen = world.judge(active=measured(path("T1", "10.4.0.1", carrier, REFLECTOR)))
    assert seen.strength("D-T1") == "violated"
    (point,) = seen.findings("exits.undeclared")
    assert point.id in (seen.row("D-T1").reason or ())
    assert seen.findings("exits.measured") == []


def test_a_hop_that_hides_is_no_divergence() -> None:
    assert strength(build_world(), "", "10.0.3.1", CARRIERS["K1"], REFLECTOR) == "proven"
    assert strength(build_world(), "10.4.0.1", "", CARRIERS["K1"], REFLECTOR) == "proven"


def test_after_a_hidden_hop_nobody_can_say_who_let_the_packet_out() -> None:
    assert why(build_world(), "10.4.0.1", "", "192.0.2.1", REFLECTOR) == ["hidden_hop"]
    assert strength(build_world(), "", "", "", REFLECTOR) == "consistent"


def test_equal_cost_ways_are_all_legal_and_one_bad_of_several_is_enough() -> None:
    world = build_world()
    world.router("K2", COUNTY)
    world.routers["K2"].port("LoopBack0", "10.255.0.5/32").port("G0", "10.0.8.1/30")
    world.routers["T1"].port("G8", "10.0.8.2/30")
    world.link(("K2", "G0"), ("T1", "G8"))
    world.routers["T1"].row("0.0.0.0/0", "10.0.8.1", "G8", protocol="ospf")
    world.routers["K2"].port("G1", "10.0.9.2/30").row("0.0.0.0/0", "10.0.9.1", "G1")
    world.routers["K1"].port("G9", "10.0.9.1/30")
    world.link(("K1", "G9"), ("K2", "G1"))
    way = ("10.4.0.1", "10.0.3.1 10.0.8.1", "10.0.9.1", CARRIERS["K1"], REFLECTOR)
    assert strength(world, *way) == "proven"
    bad = ("10.4.0.1", "10.0.3.1 192.0.2.1", CARRIERS["K1"], REFLECTOR)
    assert strength(world, *bad) == "violated"


def test_an_answer_from_another_interface_of_a_legal_device_is_legal() -> None:
    loopback = build_world().routers["K1"].address
    assert strength(build_world(), "10.4.0.1", loopback, CARRIERS["K1"], REFLECTOR) == "proven"


def test_a_device_of_ours_on_no_legal_way_is_suspicious() -> None:
    world = build_world()
    world.router("X1", COUNTY).port("G0", "10.99.0.1/24")
    assert strength(world, "10.4.0.1", "10.99.0.1", CARRIERS["K1"], REFLECTOR) == "suspected"


def test_a_path_along_the_models_way_that_ends_in_nothing_contradicts_nothing() -> None:
    """The county's line is gone: its router drops what comes, as the model says."""
    world = build_world()
    world.routers["K1"].rows[("", 4)] = [
        row for row in world.routers["K1"].rows[("", 4)] if row.length
    ]
    modelled = world.judge().strength("D-T1")
    assert modelled == "suspected"
    assert why(world, "10.4.0.1", "10.0.3.1", reached=False) == ["not_reached"]
    assert strength(world, "10.4.0.1", "10.0.3.1", reached=False) == modelled
    assert why(world, "10.4.0.1", "10.0.3.1", REFLECTOR) == ["left_elsewhere"]


def test_a_target_right_behind_a_device_without_an_exit_may_be_a_hop_that_does_not_count() -> None:
    seen = build_world().judge(active=measured(path("T1", "10.4.0.1", REFLECTOR)))
    assert seen.strength("D-T1") == "suspected"
    (finding,) = seen.findings("exits.contradiction")
    assert finding.observed["word"] == "left_elsewhere"
    world = build_world()
    outside_line(world.routers["T1"], 9)
    world.routers["T1"].row("203.0.113.0/24", "198.51.100.37", "GigabitEthernet0/0/9")
    assert strength(world, "10.4.0.1", REFLECTOR) == "violated"


def test_a_device_of_ours_with_an_undeclared_exit_is_a_counterexample() -> None:
    world = build_world()
    other = world.router("X1", COUNTY).port("G0", "10.99.0.1/24")
    other.row("0.0.0.0/0", outside_line(other, 12), "GigabitEthernet0/0/9")
    assert strength(world, "10.4.0.1", "10.99.0.1", reached=False) == "violated"


def test_an_address_inside_the_plan_that_nobody_has_cannot_be_mapped() -> None:
    assert strength(build_world(), "10.4.0.1", "10.77.0.1", REFLECTOR) == "suspected"


def test_beside_an_unread_device_such_an_address_says_nothing() -> None:
    world = build_world()
    world.routers["P1"].contact = Contact.UNREACHABLE
    assert why(world, "10.4.0.1", "10.77.0.1", REFLECTOR) == ["unread_device"]


def test_a_path_towards_an_exit_whose_device_was_not_read_says_nothing() -> None:
    world = build_world()
    world.routers["K1"].contact = Contact.HUNG
    seen = world.judge(active=measured(path("T1", *T1_WAY)))
    assert seen.strength("D-T1") == "unknown"
    assert seen.row("D-T1").extra["evidence"]["T"]["said"] == "nothing"


def test_the_way_of_ipv6_packets_proves_where_no_address_is_translated() -> None:
    world = build_world()
    k1 = world.routers["K1"]
    k1.port("Vlanif10", "2001:db8:3::1/64").port("GigabitEthernet0/0/9", "2400:1::2/64")
    k1.row("::/0", "2400:1::1", "GigabitEthernet0/0/9")
    subnets = (*world.departments["D-K1"].subnets,)
    more = replace(subnets[0], prefix=ip_network("2001:db8:3::/64"))
    world.departments["D-K1"] = replace(world.departments["D-K1"], subnets=(*subnets, more))
    four = path("K1", "10.3.0.1", CARRIERS["K1"], REFLECTOR)
    six = replace(
        path("K1", "2001:db8:3::1", "2400:1::1", "2400:9::53"),
        target=ip_address("2400:9::53"),
        source=ip_address("2001:db8:3::7"),
    )
    assert world.judge(active=measured(four)).strength("D-K1") == "consistent"
    assert world.judge(active=measured(four, six)).strength("D-K1") == "proven"


def test_a_routers_own_trace_stands_for_the_department_that_it_is_registered_for() -> None:
    world = build_world()
    own = replace(path("T1", *T1_WAY[1:]), vantage="V-own", source=None)
    found = measured(own)
    point = VantagePoint("V-own", "device", device="T1", department="D-T1")
    vantages = {**found.vantages, "V-own": point}
    seen = world.judge(active=replace(found, vantages=vantages))
    assert seen.strength("D-T1") == "proven"


def test_an_exits_own_trace_begins_on_it_and_may_reach_the_target_at_once() -> None:
    own = replace(path("K1", REFLECTOR), vantage="V-own", source=None)
    point = VantagePoint("V-own", "device", device="K1")
    found = replace(measured(own), vantages={"V-own": point})
    seen = build_world().judge(active=found)
    assert seen.strength(COUNTY) == "consistent"
    assert seen.row(COUNTY).extra["evidence"]["T"]["said"] == "positive"


def test_a_routers_own_trace_through_an_exit_that_is_told_already_makes_no_second_finding() -> None:
    world = build_world()
    carrier = outside_line(world.routers["T1"], 9)
    world.routers["T1"].row("203.0.113.0/24", carrier, "GigabitEthernet0/0/9")
    own = replace(path("T1", carrier, REFLECTOR), vantage="V-own", source=None)
    point = VantagePoint("V-own", "device", device="T1")
    seen = world.judge(active=replace(measured(own), vantages={"V-own": point}))
    assert seen.strength("430121100") == "violated"
    assert seen.findings("exits.measured") == []
    (told,) = seen.findings("exits.undeclared")
    assert told.id in (seen.row("430121100").reason or ())


def test_a_trace_to_an_address_inside_says_nothing_of_exits() -> None:
    inside = replace(path("T1", "10.4.0.1", "10.3.0.9"), target=ip_address("10.3.0.9"))
    seen = build_world().judge(active=measured(inside))
    assert seen.row("D-T1").extra["evidence"]["T"] is None
