"""Proven, violated, suspected: what packets add to the model, and what they never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from ipaddress import ip_address, ip_network

import pytest
from exits_world import CITY, COUNTY, PROVINCE, TOWNSHIP, outside_line
from measured import (
    AT,
    CARRIERS,
    LINES,
    REFLECTOR,
    all_confirmed,
    build_world,
    egress,
    flow,
    measured,
    path,
)

from netops.facts.answers import UnreadLine
from netops.facts.device import Contact
from netops.facts.measurements import EgressState, VantagePoint
from netops.facts.source import Source


def test_a_whole_model_and_a_packet_of_each_family_that_counts_prove_a_department() -> None:
    seen = build_world().judge(active=all_confirmed())
    assert set(seen.strengths().values()) == {"proven"}
    assert seen.judged.findings == ()
    block = seen.row("D-C1").extra["evidence"]
    assert block["M"]["said"] == "consistent"
    assert block["M"]["complete"] is True
    assert block["T"]["said"] == "positive"
    assert block["T"]["exits"] == [f"E-{CITY}"]
    assert block["expires"] == "2026-06-08"
    assert block["unseen"] == ["filters"]


def test_without_measurements_nothing_is_proven_and_the_row_says_what_was_not_seen() -> None:
    seen = build_world().judge()
    assert set(seen.strengths().values()) == {"consistent"}
    block = seen.row("D-C1").extra["evidence"]
    assert (block["T"], block["F"]) == (None, None)
    assert block["unseen"] == ["filters", "packets"]


def test_one_department_without_a_packet_keeps_its_government_from_being_proven() -> None:
    seen = build_world().judge(active=measured(egress("C1", LINES["C1"])))
    assert seen.strength("D-C1") == "proven"
    assert seen.strength(CITY) == "proven"
    assert seen.strength("D-K1") == "consistent"
    assert seen.strength(COUNTY) == "consistent"


def test_floor_of_the_unit_rate_counts_what_is_proven() -> None:
    seen = build_world().judge(active=measured(egress("C1", LINES["C1"])))
    rates = {(r.id, r.scope): (r.floor, r.reported) for r in seen.judged.rates}
    assert rates[("exits.unit", "city")] == (1, 1)
    assert rates[("exits.unit", "county")] == (0, 1)


def test_seen_elsewhere_is_a_counterexample_although_the_model_was_in_order() -> None:
    seen = build_world().judge(active=measured(egress("K1", "192.0.2.77")))
    assert seen.strength("D-K1") == "violated"
    assert seen.strength(COUNTY) == "violated"
    assert seen.strength("D-C1") == "consistent"
    (finding,) = seen.findings("exits.measured")
    assert finding.observed["seen"] == "192.0.2.77"
    assert finding.affected == ("D-K1",)
    assert [e.observation for e in finding.evidence] == ["egress-K1"]
    assert seen.row("D-K1").reason == (finding.id,)


def test_one_counterexample_outweighs_any_number_of_positives() -> None:
    many = [egress("K1", LINES["K1"], protocol=p) for p in ("udp", "http", "icmp")]
    seen = build_world().judge(active=measured(*many, egress("K1", "192.0.2.77")))
    assert seen.strength("D-K1") == "violated"


def test_a_legal_exit_that_is_not_allowed_is_named_as_foreign() -> None:
    world = build_world()
    seen = world.judge(active=measured(egress("C1", LINES["K1"])))
    assert seen.strength("D-C1") == "violated"
    (finding,) = seen.findings("exits.foreign")
    assert finding.observed["exits"] == [f"E-{COUNTY}"]
    assert seen.findings("exits.measured") == []


def test_a_cheat_on_an_unread_device_is_found_by_the_packet_alone() -> None:
    world = build_world()
    pools = (ip_network("198.51.100.8/30"),)
    world.exits[f"E-{COUNTY}"] = replace(world.exits[f"E-{COUNTY}"], pools=pools)
    world.routers["K1"].contact = Contact.HUNG
    seen = world.judge(active=measured(egress("K1", "192.0.2.77")))
    assert seen.strength("D-K1") == "violated"


def test_a_latent_exit_that_packets_leave_by_is_one_in_use() -> None:
    world = build_world()
    world.routers["K1"].port("GigabitEthernet0/0/8", "198.51.100.34/30")
    seen = world.judge(active=measured(egress("K1", "198.51.100.34")))
    assert seen.strength("D-K1") == "violated"
    assert [f.observed["seen"] for f in seen.findings("exits.measured")] == ["198.51.100.34"]
    assert len(seen.findings("exits.latent")) == 1


@pytest.mark.parametrize(
    "state", [EgressState.UNREACHABLE, EgressState.SKEWED, EgressState.NOT_MEASURED]
)
def test_silence_and_a_wrong_clock_say_nothing(state: EgressState) -> None:
    seen = build_world().judge(active=measured(egress("C1", None, state=state)))
    assert seen.strength("D-C1") == "consistent"
    assert seen.row("D-C1").extra["evidence"]["T"]["said"] == "nothing"


@pytest.mark.parametrize("state", [EgressState.FORGED, EgressState.REPLAYED])
def test_a_forged_or_replayed_answer_is_suspicious_even_beside_a_good_one(
    state: EgressState,
) -> None:
    both = measured(egress("C1", LINES["C1"]), egress("C1", None, state=state, protocol="udp"))
    seen = build_world().judge(active=both)
    assert seen.strength("D-C1") == "suspected"
    (finding,) = seen.findings("exits.contradiction")
    assert finding.cause == state.value


def test_a_resolver_seen_elsewhere_says_nothing_of_the_source() -> None:
    seen = build_world().judge(active=measured(egress("C1", "192.0.2.77", protocol="dns")))
    assert seen.strength("D-C1") == "consistent"


def test_a_reflector_that_lies_is_not_believed_against_the_path_to_it() -> None:
    lie = egress("K1", "192.0.2.77")
    legal = path("K1", "10.3.0.1", CARRIERS["K1"], REFLECTOR)
    same = replace(legal, protocol="tcp")
    world = build_world()
    world.reflector("R1", REFLECTOR)
    seen = world.judge(active=measured(lie, same))
    assert seen.strength("D-K1") == "suspected"
    assert seen.findings("exits.contradiction")[0].cause == "answers_differ"


def test_measurements_of_one_question_that_deny_each_other_are_suspicious() -> None:
    later = egress("K1", "192.0.2.77", at=AT + timedelta(hours=1))
    seen = build_world().judge(active=measured(egress("K1", LINES["K1"]), later))
    assert seen.strength("D-K1") == "suspected"


def test_evidence_expires_at_the_end_of_its_last_day() -> None:
    world = build_world()
    assert world.judge(date(2026, 6, 8), all_confirmed()).strength("D-C1") == "proven"
    assert world.judge(date(2026, 6, 9), all_confirmed()).strength("D-C1") == "consistent"


def test_a_packet_of_the_future_proves_nothing() -> None:
    assert build_world().judge(date(2026, 5, 31), all_confirmed()).strength("D-C1") == "consistent"


def test_a_stale_model_proves_nothing_however_fresh_the_packet() -> None:
    fresh = measured(egress("C1", LINES["C1"], at=AT + timedelta(days=30)))
    seen = build_world().judge(date(2026, 7, 1), fresh)
    assert seen.strength("D-C1") == "consistent"
    assert seen.row("D-C1").extra["evidence"]["M"]["gaps"] == ["stale_model"]


def test_a_policy_without_a_term_lets_nothing_be_proven() -> None:
    world = build_world()
    world.policy["evidence_valid_for"] = None
    assert world.judge(active=all_confirmed()).strength("D-C1") == "consistent"


def test_a_department_without_subnets_stays_unknown_whatever_was_measured() -> None:
    world = build_world()
    world.departments["D-C1"] = replace(world.departments["D-C1"], subnets=())
    seen = world.judge(active=measured(egress("C1", LINES["C1"])))
    assert seen.strength("D-C1") == "unknown"


def test_a_line_that_was_not_understood_and_speaks_of_routes_keeps_from_proof() -> None:
    world = build_world()
    world.routers["C1"].facts["unread"] = [
        UnreadLine("ip route-something 0.0.0.0", Source("C1:display current-configuration", 3, 3))
    ]
    facts = world.facts()
    answers = tuple(
        replace(a, unread=1) if a.command == "display current-configuration" else a
        for a in facts["C1"].answers
    )
    world.facts = lambda: {**facts, "C1": replace(facts["C1"], answers=answers)}  # type: ignore[method-assign]
    seen = world.judge(active=all_confirmed())
    assert seen.strength("D-C1") == "consistent"
    assert seen.row("D-C1").extra["evidence"]["M"]["gaps"] == ["unread_lines:C1"]
    assert seen.strength("D-P1") == "proven"


def test_a_latent_way_round_keeps_a_department_from_being_proven() -> None:
    world = build_world()
    carrier = outside_line(world.routers["C1"], 8, "GigabitEthernet0/0/8")
    world.routers["C1"].static("0.0.0.0/0", carrier, "GigabitEthernet0/0/8", preference=200)
    seen = world.judge(active=all_confirmed())
    assert seen.strength("D-C1") == "consistent"
    assert seen.strength(CITY) == "suspected"
    assert seen.row("D-C1").extra["evidence"]["M"]["one_way"] is False


def test_an_unread_device_keeps_all_behind_it_unknown_and_unproven() -> None:
    world = build_world()
    world.routers["K1"].contact = Contact.HUNG
    seen = world.judge(active=all_confirmed())
    assert seen.strength("D-T1") == "unknown"
    assert seen.strength(TOWNSHIP) == "unknown"
    assert seen.row("D-T1").extra["evidence"]["T"]["why"] == ["exit_unread"]


def test_a_second_exit_of_ipv6_alone_is_never_covered_by_a_proof_of_ipv4() -> None:
    world = build_world()
    world.routers["C1"].port("Vlanif10", "2001:db8:2::1/64")
    seen = world.judge(active=all_confirmed())
    assert seen.strength("D-C1") == "consistent"
    assert "family:ipv6" in seen.row("D-C1").extra["evidence"]["unseen"]


def test_an_address_that_was_not_translated_tells_no_exit() -> None:
    world = build_world()
    world.plan.append("59.192.0.0/10")
    seen = world.judge(active=measured(egress("C1", "59.192.3.4")))
    assert seen.strength("D-C1") == "consistent"
    assert seen.row("D-C1").extra["evidence"]["T"]["why"] == ["not_translated"]


def test_class_a_seen_on_the_internet_is_suspected_and_elsewhere_violated() -> None:
    world = build_world()
    world.department("D-A", CITY, "A", "10.2.9.0/24")
    world.routers["C1"].port("Vlanif19", "10.2.9.1/24")
    world.routers["C1"].add("nat_rules")
    at_exit = egress("C1", LINES["C1"], source=ip_address("10.2.9.7"), vantage="V-A")
    seen = world.judge(active=measured(at_exit))
    assert seen.strength("D-A") == "suspected"
    elsewhere = egress("C1", "192.0.2.77", source=ip_address("10.2.9.7"), vantage="V-A")
    assert world.judge(active=measured(elsewhere)).strength("D-A") == "violated"


def test_a_private_area_seen_on_the_internet_is_violated_by_whatever_exit() -> None:
    world = build_world()
    world.department("D-V", CITY, "F", "10.2.8.0/24@fin")
    world.routers["C1"].port("Vlanif18", "10.2.8.1/24", vpn="fin")
    inside = egress("C1", LINES["C1"], source=ip_address("10.2.8.7"), vantage="V-V")
    seen = world.judge(active=measured(inside))
    assert seen.strength("D-V") == "violated"
    assert seen.findings("exits.measured")[0].cause == "private_area"


def test_packets_of_a_device_itself_speak_for_its_government() -> None:
    world = build_world()
    own = egress("C1", "192.0.2.77", source=ip_address("10.255.0.2"), vantage="V-own")
    found = measured(own)
    point = VantagePoint("V-own", "device", device="C1")
    seen = world.judge(active=replace(found, vantages={"V-own": point}))
    assert seen.strength(CITY) == "violated"
    assert seen.strength("D-C1") == "consistent"
    (finding,) = seen.findings("exits.measured")
    assert (finding.subject.id, finding.affected) == (CITY, ())
    assert seen.row(CITY).reason == (finding.id,)


def test_a_government_names_the_exit_point_elsewhere_by_which_its_department_was_seen() -> None:
    world = build_world()
    carrier = outside_line(world.routers["T1"], 9)
    world.routers["T1"].row("203.0.113.0/24", carrier, "GigabitEthernet0/0/9")
    seen = world.judge(active=measured(egress("C1", "198.51.100.38")))
    (point,) = seen.findings("exits.undeclared")
    assert seen.strength(CITY) == "violated"
    assert point.id in (seen.row(CITY).reason or ())
    assert "D-C1" in point.affected


# -- flows ---------------------------------------------------------------------------------------


def test_a_record_with_an_address_of_the_allowed_exit_proves() -> None:
    world = build_world()
    seen = world.judge(active=measured(flow("C1", "C1", LINES["C1"])))
    assert seen.strength("D-C1") == "proven"
    assert seen.row("D-C1").extra["evidence"]["F"]["exits"] == [f"E-{CITY}"]


def test_an_exporter_that_holds_the_declared_exit_and_no_other_proves() -> None:
    seen = build_world().judge(active=measured(flow("C1", "10.255.0.2")))
    assert seen.strength("D-C1") == "proven"


def test_an_exporter_on_the_legal_way_without_an_exit_says_nothing() -> None:
    seen = build_world().judge(active=measured(flow("T1", "T1")))
    assert seen.strength("D-T1") == "consistent"


def test_a_record_with_a_foreign_address_is_a_counterexample() -> None:
    seen = build_world().judge(active=measured(flow("C1", "C1", "192.0.2.9")))
    assert seen.strength("D-C1") == "violated"
    assert seen.findings("exits.measured")[0].observed["class"] == "F"


def test_a_record_of_another_governments_exit_is_a_counterexample() -> None:
    seen = build_world().judge(active=measured(flow("C1", "K1")))
    assert seen.strength("D-C1") == "violated"


def test_a_thousand_records_of_one_subnet_are_one_testimony_and_the_latest_counts() -> None:
    flows = [
        flow("C1", "C1", LINES["C1"], inside=ip_address(f"10.2.0.{n}"), end=AT + timedelta(hours=n))
        for n in range(1, 40)
    ]
    seen = build_world().judge(date(2026, 6, 9), measured(*flows))
    block = seen.row("D-C1").extra["evidence"]
    assert block["F"]["counts"]["positive"] == 1
    assert block["F"]["expires"] == "2026-06-10"


def test_a_second_exit_of_ipv6_alone_is_found_by_its_packet_while_ipv4_is_in_order() -> None:
    six = egress("C1", "2400:9::77", family=6, source=ip_address("2001:db8:2::7"), vantage="V-C1")
    seen = build_world().judge(active=measured(egress("C1", LINES["C1"]), six))
    assert seen.strength("D-C1") == "violated"
    assert seen.findings("exits.measured")[0].observed["family"] == "ipv6"


def test_flows_between_departments_say_nothing_of_exits() -> None:
    inside = flow("C1", "K1", destination=ip_address("10.3.0.9"))
    assert build_world().judge(active=measured(inside)).strength("D-C1") == "consistent"


def test_an_unregistered_exporter_proves_nothing() -> None:
    seen = build_world().judge(active=measured(flow("C1", "nobody", LINES["C1"])))
    assert seen.strength("D-C1") == "consistent"


# -- closure -------------------------------------------------------------------------------------


def test_the_parts_of_the_closure_are_told() -> None:
    world = build_world()
    world.routers["T1"].contact = Contact.UNREACHABLE
    closure = world.judge().judged.information["closure"]
    assert closure["devices"] == {"registered": 4, "collected": 3, "understood": 3}
    assert closure["edges"] == {"registered": 3, "both_ends_known": 2}
    assert closure["unknown_terminals"] == 1
    assert closure["oldest_fact"] == "2026-06-01T10:00:00+08:00"


def test_dominance_of_the_province_needs_its_own_packets_too() -> None:
    seen = build_world().judge(active=measured(egress("P1", LINES["P1"])))
    assert seen.strength(PROVINCE) == "proven"
    assert seen.row(PROVINCE).extra["evidence"]["departments"] == {"counted": 1, "proven": 1}


@pytest.mark.parametrize(
    ("state", "strength"),
    [
        (EgressState.SKEWED, "consistent"),
        (EgressState.UNREACHABLE, "consistent"),
        (EgressState.NOT_MEASURED, "proven"),
    ],
)
def test_a_path_proves_nothing_where_no_reflector_gave_a_fresh_answer(
    state: EgressState, strength: str
) -> None:
    legal = path("K1", "10.3.0.1", CARRIERS["K1"], REFLECTOR)
    assert build_world().judge(active=measured(legal)).strength("D-K1") == "proven"
    seen = build_world().judge(active=measured(legal, egress("K1", None, state=state)))
    assert seen.strength("D-K1") == strength
    resolver = egress("K1", None, state=state, protocol="dns")
    assert build_world().judge(active=measured(legal, resolver)).strength("D-K1") == "proven"
