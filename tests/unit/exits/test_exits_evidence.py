"""What a finding rests on: the lines that let somebody out, and what is missing where it is not."""

from __future__ import annotations

from dataclasses import replace

from exits_world import CITY, COUNTY, LINE, PROVINCE, TOWNSHIP, World, build_world, join

from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, SnmpFacts
from netops.facts.nat import NatKind, NatRule
from netops.facts.source import Source
from netops.findings import Evidence, Finding

TABLE = "display ip routing-table"
CONFIGURATION = "display current-configuration"


def lines_of(finding: Finding) -> list[tuple[str, str, tuple[int, int]]]:
    """Return device, command and lines of the evidence."""
    return [(e.device, e.command, e.lines) for e in finding.evidence]


def class_a() -> World:
    """Make the county's department one that must not reach the internet."""
    world = build_world()
    world.department("D-K1", COUNTY, "A", "10.3.0.0/24", exit=f"E-{COUNTY}")
    return world


def test_class_a_names_the_translation_and_the_route_that_let_it_out() -> None:
    world = class_a()
    router = world.routers["K1"]
    router.acl("2000", (True, "10.0.0.0/8")).acl("2001", (False, "10.3.0.0/24"))
    for line, acl in ((41, "2001"), (42, "2000")):
        source = Source(f"K1:{CONFIGURATION}", line, line)
        router.add(
            "nat_rules", NatRule(NatKind.OUTBOUND, LINE, acl=acl, easy_ip=True, source=source)
        )

    (found,) = world.judge().findings("exits.class")

    seen = lines_of(found)
    assert seen[0] == ("K1", CONFIGURATION, (42, 42))
    assert ("K1", TABLE, (6, 6)) in seen
    assert ("K1", CONFIGURATION, (41, 41)) not in seen


def with_lists(world: World, name: str) -> None:
    """Let the access list of a router name the lines that it stands on."""
    known = world.routers[name].facts["acls"]
    source = Source(f"{name}:{CONFIGURATION}", 11, 12)
    world.routers[name].facts["acls"] = [replace(acl, source=source) for acl in known]


def test_the_access_list_behind_the_translation_is_quoted_too() -> None:
    world = class_a()
    router = world.routers["K1"].acl("2000", (True, "10.0.0.0/8"))
    with_lists(world, "K1")
    source = Source(f"K1:{CONFIGURATION}", 42, 42)
    router.add(
        "nat_rules", NatRule(NatKind.OUTBOUND, LINE, acl="2000", easy_ip=True, source=source)
    )

    (found,) = world.judge().findings("exits.class")

    seen = lines_of(found)
    assert ("K1", CONFIGURATION, (42, 42)) in seen
    assert ("K1", CONFIGURATION, (11, 12)) in seen


def test_an_exit_point_quotes_the_access_lists_of_its_translation_and_policy() -> None:
    world = build_world()
    router = world.routers["T1"].acl("3000", (True, "10.4.0.0/24"))
    with_lists(world, "T1")
    router.port("GigabitEthernet0/0/8", "203.0.113.2/30")
    at = Source(f"T1:{CONFIGURATION}", 42, 42)
    rule = NatRule(NatKind.OUTBOUND, "GigabitEthernet0/0/8", acl="3000", easy_ip=True, source=at)
    router.add("nat_rules", rule)

    (found,) = world.judge().findings("exits.latent")

    assert ("T1", CONFIGURATION, (42, 42)) in lines_of(found)
    assert ("T1", CONFIGURATION, (11, 12)) in lines_of(found)


def test_what_names_the_mechanism_is_quoted_before_what_stands_beside_it() -> None:
    world = build_world()
    router = world.routers["T1"].port("GigabitEthernet0/0/8", "203.0.113.2/30")
    at = Source(f"T1:{CONFIGURATION}", 42, 42)
    rule = NatRule(NatKind.OUTBOUND, "GigabitEthernet0/0/8", easy_ip=True, source=at)
    router.add("nat_rules", rule)
    router.static("0.0.0.0/0", "203.0.113.1", preference=200)

    (found,) = world.judge().findings("exits.latent")

    assert found.observed["mechanism"] == "floating_static"
    assert lines_of(found)[0] == ("T1", CONFIGURATION, (7, 7))


def test_class_a_without_any_translation_names_the_route() -> None:
    (found,) = class_a().judge().findings("exits.class")

    assert ("K1", TABLE, (6, 6)) in lines_of(found)


def test_a_department_whose_packets_are_dropped_names_the_route_that_drops_them() -> None:
    world = build_world()
    world.routers["T1"].rows["", 4].pop()
    world.routers["T1"].row("0.0.0.0/0", "", "NULL0", blackhole=True)

    (found,) = world.judge().findings("exits.class")

    assert (found.cause, found.subject.id) == ("no_exit", "D-T1")
    assert lines_of(found) == [("T1", TABLE, (4, 4))]


def test_without_any_default_route_the_whole_table_is_named() -> None:
    world = build_world()
    world.routers["T1"].rows["", 4].pop()

    (found,) = world.judge().findings("exits.class")

    assert lines_of(found) == [("T1", TABLE, (0, 0))]


def test_a_refused_command_is_named_with_the_lines_of_the_refusal() -> None:
    world = build_world()
    refused = CommandAnswer(
        "display nat outbound", AnswerState.REFUSED, "obs-7", "sm3:7",
        needed_by=frozenset({"exits"}), first=2, last=3,
    )  # fmt: skip
    world.routers["K1"].answers.append(refused)

    (found,) = world.judge().findings("exits.unknown")

    assert found.evidence == (Evidence("obs-7", "sm3:7", "K1", "display nat outbound", (2, 3)),)
    assert found.observed["contact"] == "answered"


def test_a_next_hop_that_nobody_owns_names_the_route_to_it() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.rows["", 4].pop()
    router.port("GigabitEthernet0/0/8", "10.66.0.2/30")
    router.row("0.0.0.0/0", "10.66.0.1", "GigabitEthernet0/0/8")

    (found,) = world.judge().findings("exits.unknown")

    assert lines_of(found) == [("T1", TABLE, (5, 5))]


def test_a_device_without_an_answer_has_no_lines_but_its_contact() -> None:
    world = build_world()
    world.routers["T1"].contact = Contact.LOGIN_REFUSED

    (found,) = world.judge().findings("exits.unknown")

    assert found.evidence == ()
    assert (found.observed["device"], found.observed["contact"]) == ("T1", "login_refused")


def silent(world: World, *names: str) -> None:
    """Let devices be out of reach."""
    for name in names:
        world.routers[name].contact = Contact.UNREACHABLE


def test_what_a_cut_leaves_unread_is_one_finding_under_its_root() -> None:
    world = build_world()
    silent(world, "K1", "T1")

    seen = world.judge()

    (found,) = seen.findings("exits.unknown")
    assert (found.subject.id, found.cause) == (COUNTY, "unreachable")
    assert found.observed["devices"] == ["K1", "T1"]
    assert set(found.affected) >= {"K1", "T1", "D-K1", "D-T1"}
    assert "K1 and 1 more device cannot be judged" in found.message.en
    for name in (COUNTY, TOWNSHIP, "D-K1", "D-T1"):
        assert seen.row(name).reason == (found.id,)


def test_a_silent_device_beside_one_that_answers_is_a_cut_of_its_own() -> None:
    world = build_world()
    world.government("430122", 0)
    world.router("K2", "430122").port("LoopBack0", "10.255.0.5/32")
    join(world, "C1", "K2", 9)
    join(world, "K2", "T1", 8)
    silent(world, "K1", "T1")

    found = world.judge().findings("exits.unknown")

    assert {f.subject.id for f in found if f.cause == "unreachable"} == {COUNTY, TOWNSHIP}


def test_where_nothing_answers_the_highest_device_is_the_root() -> None:
    world = build_world()
    silent(world, "P1", "C1", "K1", "T1")

    (found,) = world.judge().findings("exits.unknown")

    assert found.subject.id == PROVINCE
    assert found.observed["devices"] == ["P1", "C1", "K1", "T1"]


def test_devices_of_a_government_with_one_kind_of_refusal_are_one_finding() -> None:
    world = build_world()
    second = world.router("C2", CITY)
    join(world, "P1", "C2", 7)
    for router in (second, world.routers["C1"]):
        router.contact = Contact.LOGIN_REFUSED

    found = [f for f in world.judge().findings("exits.unknown") if f.cause == "login_refused"]

    assert [(f.subject.id, f.observed["devices"]) for f in found] == [(CITY, ["C1", "C2"])]


def test_a_second_source_that_answers_is_no_cut() -> None:
    world = build_world()
    silent(world, "K1", "T1")
    world.routers["T1"].add("snmp", SnmpFacts(answered=True))

    found = world.judge().findings("exits.unknown")

    assert {f.subject.id for f in found if f.cause == "unreachable"} == {COUNTY, TOWNSHIP}


def test_every_row_that_is_not_met_names_findings_that_there_are() -> None:
    for spoil in (lambda w: silent(w, "K1"), lambda w: w.routers["T1"].rows["", 4].pop()):
        world = class_a()
        spoil(world)

        judged = world.judge().judged

        known = {finding.id for finding in judged.findings}
        bad = [row for row in judged.subjects if row.verdict not in ("met", "not_applicable")]
        assert bad
        assert [row.id for row in bad if not row.reason or not set(row.reason) <= known] == []


def test_a_subnet_without_an_owner_is_told_once_and_not_again_for_every_superior() -> None:
    world = build_world()
    world.department("D-Z", TOWNSHIP, "B", "10.99.0.0/24", exit=f"E-{COUNTY}")

    found = world.judge().findings("exits.unknown")

    assert [(f.subject.id, f.cause) for f in found] == [(TOWNSHIP, "no_owner:10.99.0.0/24")]
