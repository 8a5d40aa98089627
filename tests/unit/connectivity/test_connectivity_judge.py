"""Connectivity judged on a small province made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from ipaddress import ip_address, ip_network

import pytest
import small_province as net

from netops.connectivity import judge_connectivity
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, SnmpFacts
from netops.facts.routes import RouteRow, RouteTable
from netops.facts.snmp import SnmpInterface, SnmpRoute
from netops.findings import Judged, Verdict


def judge(known: dict) -> Judged:
    return judge_connectivity(net.inventory(), known, net.policy(), date(2026, 11, 21))


def verdicts(judged: Judged) -> dict[str, Verdict]:
    return {row.id: row.verdict for row in judged.subjects if row.kind == "government"}


def rate(judged: Judged, name: str, scope: str) -> tuple[int, int, int, int]:
    found = next(r for r in judged.rates if r.id == name and r.scope == scope)
    return found.denominator, found.floor, found.reported, found.ceiling


def test_a_healthy_network_is_met_throughout_without_a_finding() -> None:
    judged = judge(net.facts())

    assert set(verdicts(judged).values()) == {Verdict.MET}
    assert judged.findings == ()
    assert rate(judged, "connectivity.connected", "township") == (2, 2, 2, 2)
    assert rate(judged, "connectivity.redundant", "county") == (1, 1, 1, 1)


def test_a_dead_township_is_not_met_and_nothing_else_is_touched() -> None:
    known = net.facts()
    net.with_node_down(known, "t1")

    judged = judge(known)

    assert verdicts(judged)["430102001"] is Verdict.NOT_MET
    assert verdicts(judged)["430102002"] is Verdict.MET
    found = next(f for f in judged.findings if f.rule == "connectivity.disconnected")
    assert found.subject.id == "430102001"
    assert [item.device for item in found.evidence] == ["k1"]
    assert rate(judged, "connectivity.connected", "township") == (2, 1, 1, 1)


def test_everything_behind_a_dead_county_stands_once_under_its_cause() -> None:
    known = net.facts()
    for name in ("k1", "k2"):
        net.with_node_down(known, name)
    for name in ("t1", "t2"):
        net.with_contact(known, name, Contact.UNREACHABLE)

    judged = judge(known)

    cut = [f for f in judged.findings if f.rule == "connectivity.disconnected"]
    assert [(f.subject.id, f.affected) for f in cut] == [("430102", ("430102001", "430102002"))]
    assert verdicts(judged)["430102001"] is Verdict.NOT_MET
    assert not [f for f in judged.findings if f.rule == "connectivity.link_down"]


def test_silence_alone_is_unknown_while_the_other_end_sees_the_link_up() -> None:
    known = net.facts()
    net.with_contact(known, "t1", Contact.UNREACHABLE)

    assert verdicts(judge(known))["430102001"] is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "contact", [Contact.HUNG, Contact.LOGIN_REFUSED, Contact.HOST_KEY_CHANGED, Contact.UNUSABLE]
)
def test_a_device_that_is_there_but_gives_nothing_is_unknown(contact: Contact) -> None:
    known = net.facts()
    net.with_contact(known, "t2", contact)
    net.with_link_down(known, "k1-t2", at="k1")

    judged = judge(known)

    assert verdicts(judged)["430102002"] is Verdict.UNKNOWN
    found = next(f for f in judged.findings if f.rule == "connectivity.unknown")
    assert found.cause == contact.value


def test_townships_behind_an_unreadable_county_are_met_by_their_in_band_answer() -> None:
    known = net.facts()
    for name in ("k1", "k2"):
        net.with_contact(known, name, Contact.HOST_KEY_CHANGED)

    judged = judge(known)

    assert verdicts(judged)["430102"] is Verdict.UNKNOWN
    assert verdicts(judged)["430102001"] is Verdict.MET
    row = next(r for r in judged.subjects if r.id == "430102001")
    assert row.note is not None
    assert "k1" in row.note.en


def test_an_answer_without_tables_is_never_the_ground_of_met() -> None:
    known = net.facts()
    known["t1"] = replace(known["t1"], routes={})

    assert verdicts(judge(known))["430102001"] is Verdict.UNKNOWN


def test_one_answer_of_two_devices_is_enough_but_lowers_redundancy() -> None:
    known = net.facts()
    net.with_contact(known, "k2", Contact.HUNG)

    judged = judge(known)

    assert verdicts(judged)["430102"] is Verdict.MET
    assert rate(judged, "connectivity.redundant", "county") == (1, 0, 0, 1)


def test_a_missing_return_route_is_not_met_by_the_forward_one() -> None:
    known = net.facts()
    for core in ("p1", "p2"):
        table = known[core].routes[("", 4)]
        rows = tuple(r for r in table.rows if r.network != int(net.ip_address("10.255.3.1")))
        known[core] = replace(known[core], routes={("", 4): RouteTable("", 4, rows, "x")})

    assert verdicts(judge(known))["430102001"] is Verdict.UNKNOWN


def test_a_link_down_at_one_end_is_a_finding_while_the_government_stays_met() -> None:
    known = net.facts()
    net.with_link_down(known, "c2-k2", at="c2")

    judged = judge(known)

    assert verdicts(judged)["430102"] is Verdict.MET
    assert [f.subject.id for f in judged.findings] == ["c2-k2"]
    assert rate(judged, "connectivity.redundant", "county") == (1, 0, 0, 0)


def test_snmp_alone_refutes_but_never_confirms() -> None:
    known = net.facts()
    net.with_contact(known, "t1", Contact.UNREACHABLE)
    row = SnmpInterface(1, "to-t1", admin_up=True, oper_up=False)
    known["k1"] = replace(
        known["k1"], contact=Contact.HUNG, interfaces=(), routes={}, answers=(),
        snmp=SnmpFacts(answered=True, interfaces=(row,)),
    )  # fmt: skip

    assert verdicts(judge(known))["430102001"] is Verdict.NOT_MET

    up = replace(row, oper_up=True)
    known["k1"] = replace(known["k1"], snmp=SnmpFacts(answered=True, interfaces=(up,)))
    assert verdicts(judge(known))["430102001"] is Verdict.UNKNOWN


def test_command_line_and_snmp_that_contradict_are_a_finding() -> None:
    known = net.facts()
    row = SnmpInterface(1, "to-t1", admin_up=True, oper_up=False)
    known["k1"] = replace(known["k1"], snmp=SnmpFacts(answered=True, interfaces=(row,)))

    found = [f.subject.id for f in judge(known).findings]

    assert found == ["k1"]


def test_an_application_without_a_route_is_not_met_for_each_government() -> None:
    known = net.facts()
    for core in ("p1", "p2"):
        table = known[core].routes[("", 4)]
        rows = tuple(r for r in table.rows if r.protocol != "direct")
        known[core] = replace(known[core], routes={("", 4): RouteTable("", 4, rows, "x")})

    judged = judge(known)

    rows = {r.government: r.verdict for r in judged.subjects if r.kind == "application"}
    assert rows == {"430100": Verdict.NOT_MET, "430102": Verdict.NOT_MET}
    found = next(f for f in judged.findings if f.rule == "connectivity.application")
    assert found.affected == ("430100", "430102")


TABLE = "show ip route"


def asked(known: dict, name: str, observation: str) -> None:
    """Let a device have answered the question for its table, on lines 2 to 30."""
    answer = CommandAnswer(
        TABLE, AnswerState.UNDERSTOOD, observation, f"sm3:{name}", first=2, last=30
    )
    known[name] = replace(known[name], answers=(*known[name].answers, answer))


def missed(known: dict) -> list[tuple[str, str, str, tuple[int, int]]]:
    found = next(f for f in judge(known).findings if f.rule == "connectivity.application")
    return [(e.device, e.command, e.digest, e.lines) for e in found.evidence]


def test_a_missing_application_names_the_route_that_decides_where_its_ways_end() -> None:
    known = net.facts()
    discard = RouteRow(4, int(ip_address("10.9.0.0")), 24, "static", 60, 0, "", "Null0",
                       blackhole=True, line=17)  # fmt: skip
    table = known["c1"].routes[("", 4)]
    known["c1"] = replace(
        known["c1"], routes={("", 4): replace(table, rows=(*table.rows, discard))}
    )
    table = known["c2"].routes[("", 4)]
    known["c2"] = replace(
        known["c2"], routes={("", 4): replace(table, rows=(*table.rows, discard))}
    )
    for name in ("c1", "c2", "k1", "k2"):
        asked(known, name, f"{name}/rt")

    assert missed(known) == [
        ("c1", TABLE, "sm3:c1", (17, 17)),
        ("c2", TABLE, "sm3:c2", (17, 17)),
    ]


def test_where_no_route_decides_the_whole_table_without_one_is_named() -> None:
    known = net.facts()
    for name in ("c1", "c2"):
        rows = tuple(r for r in known[name].routes[("", 4)].rows if r.length != 8)
        known[name] = replace(known[name], routes={("", 4): RouteTable("", 4, rows, f"{name}/rt")})
        asked(known, name, f"{name}/rt")

    assert missed(known) == [
        ("c1", TABLE, "sm3:c1", (2, 30)),
        ("c2", TABLE, "sm3:c2", (2, 30)),
    ]


def test_ways_that_only_lead_round_in_a_circle_name_the_first_route() -> None:
    known = net.facts()
    for name, other in (("c1", "c2"), ("c2", "c1")):
        hop = net.DEVICES[other][1]
        rows = [r for r in known[name].routes[("", 4)].rows if r.length != 8]
        rows.append(RouteRow(4, int(ip_address("10.0.0.0")), 8, "ospf", 10, 1, hop,
                             f"to-{other}", line=5))  # fmt: skip
        known[name] = replace(
            known[name], routes={("", 4): RouteTable("", 4, tuple(rows), f"{name}/rt")}
        )
        asked(known, name, f"{name}/rt")

    assert ("c1", TABLE, "sm3:c1", (5, 5)) in missed(known)


def test_single_points_name_what_townships_hang_on() -> None:
    points = judge(net.facts()).information["single_points"]

    assert {"device_or_link": "k1", "townships": 2} in points
    assert {"device_or_link": "k1-t1", "townships": 1} in points
    assert not [p for p in points if p["device_or_link"] == "p1"]


def test_a_rate_is_not_met_when_even_its_ceiling_misses_the_target() -> None:
    known = net.facts()
    net.with_node_down(known, "t1")

    found = {r.scope: r.verdict for r in judge(known).rates if r.target is not None}

    assert found["township"] is Verdict.NOT_MET
    assert found["city"] is Verdict.MET


def test_a_default_route_that_only_snmp_shows_is_a_contradiction() -> None:
    known = net.facts()
    stranger = SnmpRoute(ip_network("0.0.0.0/0"), ip_address("203.0.113.254"), 3)
    known["k1"] = replace(known["k1"], snmp=SnmpFacts(answered=True, default_routes=(stranger,)))

    found = judge(known).findings

    assert [f.subject.id for f in found] == ["k1"]
    assert found[0].observed == {"contradictions": ["0.0.0.0/0 via 203.0.113.254"]}


def test_a_default_route_that_both_show_contradicts_nothing() -> None:
    known = net.facts()
    same = SnmpRoute(ip_network("0.0.0.0/0"), ip_address("10.255.1.1"), 3)
    known["k1"] = replace(known["k1"], snmp=SnmpFacts(answered=True, default_routes=(same,)))

    assert judge(known).findings == ()


def bad_rows(judged: Judged) -> dict[tuple[str, str], tuple[str, ...] | None]:
    """Return the reasons of rows that are not met, by kind and government."""
    good = (Verdict.MET, Verdict.NOT_APPLICABLE)
    return {(r.kind, r.government): r.reason for r in judged.subjects if r.verdict not in good}


def test_rows_of_what_is_cut_off_name_the_finding_of_the_cut() -> None:
    known = net.facts()
    for name in ("k1", "k2"):
        net.with_node_down(known, name)
    for name in ("t1", "t2"):
        net.with_contact(known, name, Contact.UNREACHABLE)

    judged = judge(known)

    (cut,) = [f for f in judged.findings if f.rule == "connectivity.disconnected"]
    rows = bad_rows(judged)
    assert rows["application", "430102"] == rows["government", "430102001"] == (cut.id,)
    causes = {r.extra["cause"] for r in judged.subjects if r.kind == "application"}
    assert causes == {None, "node_down:430102"}


def test_rows_of_what_nobody_could_ask_name_the_unknown_of_their_government() -> None:
    known = net.facts()
    for name in ("k1", "k2"):
        net.with_contact(known, name, Contact.LOGIN_REFUSED)

    judged = judge(known)

    found = next(f for f in judged.findings if f.subject.id == "430102")
    assert found.rule == "connectivity.unknown"
    assert bad_rows(judged)["application", "430102"] == (found.id,)


def test_a_device_on_the_way_without_tables_is_one_finding_for_all_it_hides() -> None:
    known = net.facts()
    for name in ("c1", "c2"):
        net.with_contact(known, name, Contact.HUNG)

    judged = judge(known)

    hidden = [f for f in judged.findings if f.rule == "connectivity.application_unknown"]
    assert {f.subject.id for f in hidden} <= {"c1", "c2"}
    assert {f.verdict for f in hidden} == {Verdict.UNKNOWN}
    assert {f.affected for f in hidden} == {("430102",)}
    assert "1 government reaches 1 vertical application is not known" in hidden[0].message.en
    assert bad_rows(judged)["application", "430102"] == tuple(f.id for f in hidden)


def test_every_row_that_is_not_met_names_findings_that_there_are() -> None:
    known = net.facts()
    net.with_node_down(known, "t1")
    net.with_contact(known, "k1", Contact.HUNG)
    net.with_contact(known, "t2", Contact.UNREACHABLE)

    judged = judge(known)

    ids = {finding.id for finding in judged.findings}
    rows = bad_rows(judged)
    assert rows
    assert [key for key, reason in rows.items() if not reason or not set(reason) <= ids] == []
