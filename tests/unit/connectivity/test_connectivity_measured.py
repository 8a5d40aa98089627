"""Echoes and paths beside the tables: what agrees, what denies, what is too slow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from ipaddress import ip_address
from typing import Any

import small_province as net

from netops.connectivity import judge_connectivity
from netops.connectivity.failure import find_failures
from netops.connectivity.network import Network
from netops.facts.device import Contact, DeviceFacts
from netops.facts.measurements import Echoes, Hop, Measurements, Path, VantagePoint
from netops.facts.source import Source
from netops.findings import Finding, Judged, Verdict
from netops.inventory.model import AccessClass, Department, Exit, ExitLine
from netops.policy.model import Policy, Quality, Segment

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
TOWN = "430102001"
LIMITS = tuple(
    Quality(segment=s, round_trip_ms=Fraction(10), jitter_ms=Fraction(2), loss=Fraction(1, 100))
    for s in Segment
)


def echoes(target: str, sent: int, *trips: float, vantage: str = "local") -> Echoes:
    """Return a series to a device, with its observation."""
    address = ip_address(net.DEVICES[target][1])
    source = Source(f"reach-{target}", 1, 1)
    return Echoes(vantage, address, "icmp", sent, trips, AT, evidence=source)


def path(target: str, *devices: str) -> Path:
    """Return a path from the operations host over devices; "" for one that hid itself."""
    hops = tuple(
        Hop(ttl, (ip_address(net.DEVICES[d][1]),) if d else ())
        for ttl, d in enumerate(devices, start=1)
    )
    return Path("local", ip_address(net.DEVICES[target][1]), "udp", 1, hops, reached=True, at=AT)


def judge(
    known: dict[str, DeviceFacts],
    *found: Echoes | Path,
    policy: Policy | None = None,
    **more: Any,  # noqa: ANN401
) -> Judged:
    """Judge with what was measured."""
    active = Measurements(
        echoes=tuple(f for f in found if isinstance(f, Echoes)),
        paths=tuple(f for f in found if isinstance(f, Path)),
        vantages={
            "local": VantagePoint("local", "local"),
            "V-t1": VantagePoint("V-t1", "device", device="t1"),
            "V-t2": VantagePoint("V-t2", "device", device="t2"),
        },
        digests={f.evidence.observation: "sm3:" + "1" * 64 for f in found},
    )
    day = date(2026, 11, 21)
    return judge_connectivity(net.inventory(), known, policy or net.policy(), day, active, **more)


def verdict(judged: Judged, code: str) -> Verdict:
    """Return the verdict on a government."""
    return next(r.verdict for r in judged.subjects if r.id == code and r.kind == "government")


def only(judged: Judged, rule: str) -> Finding:
    """Return the one finding of a rule."""
    (finding,) = [f for f in judged.findings if f.rule == rule]
    return finding


def test_answers_beside_good_tables_change_nothing_and_are_told() -> None:
    judged = judge(net.facts(), echoes("t1", 4, 1.0, 2.0, 3.0, 4.0))
    assert verdict(judged, TOWN) is Verdict.MET
    assert judged.findings == ()
    row = next(r for r in judged.subjects if r.id == TOWN)
    assert row.extra["measured"] == {
        "reach": "works", "sent": 4, "received": 4, "vantages": ["local"],
    }  # fmt: skip
    (series,) = judged.information["measured"]["echoes"]
    assert series["round_trip_ms"] == {"p50": 2.0, "p95": 4.0, "max": 4.0}


def test_without_measurements_no_row_speaks_of_them() -> None:
    judged = judge(net.facts())
    assert "measured" not in judged.information
    assert all("measured" not in row.extra for row in judged.subjects)


def test_met_by_the_tables_and_silent_to_every_echo_is_unknown_with_both_sides() -> None:
    judged = judge(net.facts(), echoes("t1", 5))
    assert verdict(judged, TOWN) is Verdict.UNKNOWN
    finding = only(judged, "connectivity.contradiction")
    assert (finding.observed["model"], finding.observed["measured"]) == ("met", "fails")
    assert finding.subject.id == TOWN
    assert [e.observation for e in finding.evidence] == ["reach-t1"]
    assert next(r.reason for r in judged.subjects if r.id == TOWN) == (finding.id,)
    rate = next(r for r in judged.rates if r.id == "connectivity.connected" and r.denominator == 2)
    assert (rate.floor, rate.ceiling) == (1, 2)


def test_one_answer_of_many_is_enough_to_work() -> None:
    judged = judge(net.facts(), echoes("t1", 5), echoes("t1", 5, 9.0, vantage="local"))
    assert verdict(judged, TOWN) is Verdict.MET


def test_probes_that_could_not_be_sent_say_nothing() -> None:
    assert verdict(judge(net.facts(), echoes("t1", 0)), TOWN) is Verdict.MET


def test_cut_by_the_tables_and_answering_is_unknown() -> None:
    known = net.facts()
    net.with_node_down(known, "t1")
    judged = judge(known, echoes("t1", 5, 1.0, 1.0, 1.0, 1.0, 1.0))
    assert verdict(judged, TOWN) is Verdict.UNKNOWN
    assert only(judged, "connectivity.contradiction").observed["model"] == "not_met"


def test_an_answer_from_the_root_of_a_cut_unsettles_all_behind_it() -> None:
    known = net.facts()
    for name in ("k1", "k2"):
        net.with_node_down(known, name)
    for name in ("t1", "t2"):
        net.with_contact(known, name, Contact.UNREACHABLE)
    judged = judge(known, echoes("k1", 3, 1.0, 1.0, 1.0))
    assert {verdict(judged, c) for c in ("430102", TOWN, "430102002")} == {Verdict.UNKNOWN}
    assert [f for f in judged.findings if f.rule == "connectivity.disconnected"] == []


def test_between_two_townships_nothing_is_said_of_the_way_to_the_core() -> None:
    judged = judge(net.facts(), echoes("t2", 5, vantage="V-t1"))
    assert verdict(judged, "430102002") is Verdict.MET


def test_a_device_that_does_not_reach_the_core_speaks_for_its_own_government() -> None:
    judged = judge(net.facts(), echoes("p1", 5, vantage="V-t1"))
    assert verdict(judged, TOWN) is Verdict.UNKNOWN
    assert verdict(judged, "430000") is Verdict.MET


def test_a_path_over_the_devices_of_the_tables_is_as_promised() -> None:
    judged = judge(net.facts(), path("t1", "p1", "c1", "k1", "t1"))
    (traced,) = judged.information["measured"]["paths"]
    assert traced["promised"] is True
    assert judged.findings == ()


def test_a_path_over_another_device_contradicts_the_tables() -> None:
    judged = judge(net.facts(), path("t1", "p1", "c1", "t2", "k1", "t1"))
    finding = only(judged, "connectivity.contradiction")
    assert finding.verdict is Verdict.PARTLY_MET
    assert finding.observed["devices"] == ["t2"]
    assert verdict(judged, TOWN) is Verdict.MET


def test_packets_of_a_host_may_pass_its_departments_own_router() -> None:
    made = net.inventory()
    town = made.devices["t1"]
    own = replace(town, id="d1", address=ip_address("10.255.3.9"), department="D-1")
    host = replace(own, id="h1", address=ip_address("10.255.3.10"))
    registered = replace(
        made,
        devices={**made.devices, "d1": own, "h1": host},
        departments={"D-1": Department("D-1", TOWN, "", AccessClass.C, None)},
    )
    hops = tuple(
        Hop(ttl, (ip_address(a),)) for ttl, a in enumerate((str(own.address), "10.255.3.1"), 1)
    )
    traced = Path("V-h1", town.address, "udp", 1, hops, reached=True, at=AT)
    active = Measurements(
        paths=(traced,), vantages={"V-h1": VantagePoint("V-h1", "host", "h1", "D-1")}
    )
    day = date(2026, 11, 21)
    judged = judge_connectivity(registered, net.facts(), net.policy(), day, active)
    assert [f for f in judged.findings if f.rule == "connectivity.contradiction"] == []


def test_a_hop_that_hides_contradicts_nothing() -> None:
    judged = judge(net.facts(), path("t1", "p1", "", "", "t1"))
    assert judged.findings == ()
    assert judged.information["measured"]["paths"][0]["hidden"] == 2


def test_a_path_beside_a_device_without_tables_is_compared_with_nothing() -> None:
    known = net.facts()
    net.with_contact(known, "c1", Contact.HUNG)
    judged = judge(known, path("t1", "p1", "t2", "t1"))
    assert judged.information["measured"]["paths"][0]["promised"] is None


def limited() -> Policy:
    """Return the policy with thresholds of 10 ms, 2 ms and 1 % a segment."""
    return net.policy().model_copy(update={"quality": LIMITS})


def test_a_way_over_three_segments_may_cost_their_sum() -> None:
    slow, good = (29.0,) * 5, (31.0,) * 5
    assert judge(net.facts(), echoes("t1", 5, *slow), policy=limited()).findings == ()
    finding = only(
        judge(net.facts(), echoes("t1", 5, *good), policy=limited()), "connectivity.quality"
    )
    assert finding.observed["exceeded"] == ["round_trip"]
    assert finding.observed["segments"] == ["county_township", "city_county", "province_city"]


def test_one_lost_packet_is_no_rate_of_loss_and_two_are() -> None:
    one = judge(net.facts(), echoes("c1", 10, *(1.0,) * 9), policy=limited())
    assert one.findings == ()
    two = judge(net.facts(), echoes("c1", 10, *(1.0,) * 8), policy=limited())
    assert only(two, "connectivity.quality").observed["exceeded"] == ["loss"]
    assert only(two, "connectivity.quality").observed["loss"] == 0.2


def test_jitter_is_the_middle_step_between_answers() -> None:
    judged = judge(net.facts(), echoes("c1", 5, 1.0, 4.0, 1.0, 4.0, 1.0), policy=limited())
    assert only(judged, "connectivity.quality").observed["jitter_ms"] == 3.0


def test_late_answers_that_are_the_lesser_part_accuse_nobody() -> None:
    late = echoes("c1", 5, 1.0, 1.0, 1.0, 400.0, 400.0)
    assert judge(net.facts(), late, policy=limited()).findings == ()


def test_fewer_than_five_answers_over_a_way_are_no_measure_of_its_time() -> None:
    few = echoes("c1", 3, 900.0, 900.0, 900.0)
    assert judge(net.facts(), few, policy=limited()).findings == ()
    more = echoes("c2", 3, 900.0, 900.0, 900.0)
    finding = only(judge(net.facts(), few, more, policy=limited()), "connectivity.quality")
    assert finding.observed["exceeded"] == ["round_trip"]


def test_one_slow_series_beside_fast_ones_over_the_same_way_accuses_nobody() -> None:
    slow, fast = echoes("c1", 3, 90.0, 90.0, 90.0), echoes("c2", 4, 1.0, 1.0, 1.0, 1.0)
    assert judge(net.facts(), slow, fast, policy=limited()).findings == ()


def test_a_policy_without_thresholds_judges_no_quality() -> None:
    assert judge(net.facts(), echoes("c1", 10, *(900.0,) * 5)).findings == ()


def test_single_failures_name_whom_they_cut_from_the_core() -> None:
    judged = judge(net.facts(), against_failure=True)
    points = {
        p["device_or_link"]: p["from_core"] for p in judged.information["against_failure"]["points"]
    }
    assert points == {
        "k1": [TOWN, "430102002"], "k1-t1": [TOWN], "k1-t2": ["430102002"],
    }  # fmt: skip
    assert judged.findings == ()


def test_where_a_second_path_is_asked_a_single_point_is_a_finding() -> None:
    known = net.facts()
    net.with_link_down(known, "p2-c2", at="c2")
    judged = judge(known, against_failure=True)
    found = {f.subject.id: f.affected for f in judged.findings if f.rule.endswith("single_point")}
    assert found["p1-c1"] == ("430100", "430102")
    assert found["p1"] == ("430100", "430102")


def test_what_is_cut_already_is_told_apart() -> None:
    known = net.facts()
    net.with_link_down(known, "k1-t1", at="k1")
    information = judge(known, against_failure=True).information["against_failure"]
    assert information["without_core"] == [TOWN]


def test_a_link_that_alone_leads_to_the_allowed_exits_cuts_from_them() -> None:
    made = net.inventory()
    line = ExitLine("c1", "to-carrier")
    exits = {"E": Exit("E", "430100", "E", (line,))}
    registered = replace(made, exits=exits)
    failures = find_failures(Network(registered, net.facts()), net.policy())
    points = {p.name: p.from_exit for p in failures.points}
    assert points["c1"] == ["430102", TOWN, "430102002"]
    assert points["k1"] == [TOWN, "430102002"]
    assert failures.without_exit == ("430000",)
