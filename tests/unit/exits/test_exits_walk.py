"""How the walk goes: entries, policies, recursion, instances, loops, unknowns."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from exits_world import CITY, COUNTY, LINE, TOWNSHIP, Router, World, build_world

from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, SnmpFacts
from netops.facts.nat import NatKind, NatRule
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import VpnInstance, VpnRoute
from netops.facts.snmp import SnmpInterface, SnmpRoute

ISP = "203.0.113.1"
WAN = "GigabitEthernet0/0/8"
UP = "GigabitEthernet0/0/3"


def no_default(router: Router) -> Router:
    """Take the default routes of a router away."""
    for key, rows in router.rows.items():
        router.rows[key] = [r for r in rows if r.length]
    return router


def bad_line(router: Router) -> Router:
    """Give a router an undeclared line with a default on it."""
    router.port(WAN, "203.0.113.2/30")
    return no_default(router).row("0.0.0.0/0", ISP, WAN)


def twin(world: World, first: VrrpState | None, second: VrrpState | None) -> Router:
    """Let a second township router, with an undeclared exit, own the department's subnet too."""
    other = world.router("T2", TOWNSHIP)
    other.port("LoopBack0", f"{other.address}/32").port("Vlanif10", "10.4.0.2/24")
    for router, state in ((world.routers["T1"], first), (other, second)):
        if state is not None:
            router.add("vrrp", VrrpGroup("Vlanif10", 1, state, (ip_address("10.4.0.254"),)))
    return bad_line(other)


@pytest.mark.parametrize(
    ("first", "second", "strength"),
    [
        (VrrpState.MASTER, VrrpState.BACKUP, "consistent"),
        (VrrpState.BACKUP, VrrpState.MASTER, "violated"),
        (VrrpState.MASTER, VrrpState.MASTER, "violated"),
        (VrrpState.UNKNOWN, VrrpState.UNKNOWN, "violated"),
        (VrrpState.MASTER, VrrpState.INITIALIZE, "consistent"),
        (VrrpState.BACKUP, VrrpState.BACKUP, "unknown"),
        (None, None, "violated"),
    ],
)
def test_a_subnet_enters_at_the_master_or_wherever_nobody_can_tell(
    first: VrrpState | None, second: VrrpState | None, strength: str
) -> None:
    world = build_world()
    twin(world, first, second)

    assert world.judge().strength("D-T1") == strength


def test_a_waiting_entry_to_a_foreign_exit_makes_the_government_suspected() -> None:
    world = build_world()
    other = twin(world, VrrpState.MASTER, VrrpState.BACKUP)
    # The waiting router leads to the city's exit of another county's territory: no exit point
    # of its own, so only dominance can see it.
    world.government("430122")
    other.government = "430122"
    world.declare("E-430122", "430122", ("T2", WAN))

    seen = world.judge()

    assert seen.strength("D-T1") == "consistent"
    assert seen.strength(TOWNSHIP) == "suspected"
    finding = next(f for f in seen.findings("exits.bypass") if f.subject.id == TOWNSHIP)
    assert finding.observed["latent"] is True
    assert finding.observed["path"] == ["T2", WAN]


def test_a_subnet_that_nobody_owns_is_unknown() -> None:
    world = build_world()
    world.department("D-Z", COUNTY, "B", "10.99.0.0/24", exit=f"E-{COUNTY}")

    seen = world.judge()

    assert seen.strength("D-Z") == "unknown"
    assert seen.findings("exits.unknown")[0].cause == "no_owner:10.99.0.0/24"
    assert seen.strength(COUNTY) == "unknown"


def test_a_department_without_subnets_is_unknown() -> None:
    world = build_world()
    world.department("D-Z", COUNTY, "B", exit=f"E-{COUNTY}")

    seen = world.judge()

    assert seen.strength("D-Z") == "unknown"
    assert seen.strength(COUNTY) == "consistent"


def policed(world: World, acl: Acl | None, **more: object) -> None:
    """Send what an access list permits to an undeclared line."""
    router = world.routers["T1"]
    router.port(WAN, "203.0.113.2/30")
    if acl is not None:
        router.add("acls", acl)
    values: dict[str, object] = {
        "acl": "3000",
        "next_hops": (ip_address(ISP),),
        "interfaces": ("Vlanif10",),
        **more,
    }
    router.add("policy_routes", PolicyRoute("P", 5, **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "strength"),
    [
        ((AclRule(True, ip_network("10.4.0.0/16")),), "violated"),
        ((AclRule(True, ip_network("10.4.0.128/25")),), "violated"),
        ((AclRule(True, ip_network("10.5.0.0/16")),), "consistent"),
        ((AclRule(False, ip_network("10.4.0.0/16")), AclRule(True)), "consistent"),
        ((AclRule(True, opaque=True),), "violated"),
        ((AclRule(True, protocol="tcp"),), "violated"),
        ((AclRule(True, None, ip_network("10.0.0.0/8")),), "consistent"),
        ((AclRule(True, None, ip_network("8.8.8.0/24")),), "violated"),
        ((AclRule(False, opaque=True), AclRule(True)), "violated"),
        ((), "consistent"),
    ],
)
def test_a_policy_route_takes_the_sources_its_list_permits(
    rules: tuple[AclRule, ...], strength: str
) -> None:
    world = build_world()
    policed(world, Acl("3000", rules=rules))

    seen = world.judge()

    assert seen.strength("D-T1") == strength
    assert seen.points() == {("T1", "policy_route", "ipv4", False)}


def test_a_list_that_was_not_collected_may_match() -> None:
    world = build_world()
    policed(world, None)

    assert world.judge().strength("D-T1") == "violated"


def test_an_uncertain_match_goes_both_ways() -> None:
    world = build_world()
    policed(world, Acl("3000", rules=(AclRule(True, opaque=True),)))

    seen = world.judge()

    assert seen.row("D-T1").exit == f"E-{COUNTY}"
    assert seen.strength("D-T1") == "violated"


def test_a_policy_on_another_interface_or_on_none_takes_nothing() -> None:
    for interfaces in ((), ("GigabitEthernet0/0/7",)):
        world = build_world()
        policed(world, Acl("3000", rules=(AclRule(True),)), interfaces=interfaces)

        assert world.judge().strength("D-T1") == "consistent"


def test_a_denying_node_leaves_its_sources_to_the_table() -> None:
    world = build_world()
    policed(world, Acl("3000", rules=(AclRule(True),)))
    router = world.routers["T1"]
    router.facts["policy_routes"] = [
        PolicyRoute("P", 10, acl="3000", next_hops=(ip_address(ISP),), interfaces=("Vlanif10",)),
        PolicyRoute("P", 5, permit=False, acl="2999", interfaces=("Vlanif10",)),
    ]
    router.acl("2999", (True, "10.4.0.0/24"))

    assert world.judge().strength("D-T1") == "consistent"


def test_a_default_next_hop_yields_to_a_specific_route() -> None:
    world = build_world()
    policed(world, Acl("3000", rules=(AclRule(True),)), default_only=True)
    router = no_default(world.routers["T1"])
    router.row("0.0.0.0/1", "10.0.3.1", UP).row("128.0.0.0/1", "10.0.3.1", UP)

    assert world.judge().strength("D-T1") == "consistent"


def test_a_policy_further_on_sees_the_translated_source() -> None:
    world = build_world()
    pool = ((ip_address("10.4.9.1"), ip_address("10.4.9.4")),)
    world.routers["T1"].add("nat_rules", NatRule(NatKind.OUTBOUND, UP, pool=pool, active=True))
    router = world.routers["K1"]
    router.port(WAN, "203.0.113.2/30").acl("3000", (True, "10.4.9.0/24"))
    router.add(
        "policy_routes",
        PolicyRoute(
            "P", 5, acl="3000", next_hops=(ip_address(ISP),),
            interfaces=("GigabitEthernet0/1/3",),
        ),
    )  # fmt: skip

    seen = world.judge()

    assert seen.strength("D-T1") == "violated"
    assert seen.strength("D-K1") == "consistent"


def test_a_translated_source_is_no_more_taken_for_the_original() -> None:
    world = build_world()
    pool = ((ip_address("10.4.9.1"), ip_address("10.4.9.4")),)
    world.routers["T1"].add("nat_rules", NatRule(NatKind.OUTBOUND, UP, pool=pool, active=True))
    router = world.routers["K1"]
    router.port(WAN, "203.0.113.2/30")
    router.acl("3000", (False, "10.4.9.0/24"), (True, "10.4.0.0/16"))
    router.add(
        "policy_routes",
        PolicyRoute(
            "P", 5, acl="3000", next_hops=(ip_address(ISP),),
            interfaces=("GigabitEthernet0/1/3",),
        ),
    )  # fmt: skip

    assert world.judge().strength("D-T1") == "consistent"


def test_a_bgp_next_hop_is_followed_until_it_is_connected() -> None:
    world = build_world()
    router = no_default(world.routers["T1"])
    router.row("0.0.0.0/0", "10.255.0.3", UP, protocol="ibgp", preference=255)
    router.row("10.255.0.3/32", "10.0.3.1", UP, protocol="ospf", preference=10)

    seen = world.judge()

    assert seen.judged.findings == ()
    assert seen.row("D-T1").exit == f"E-{COUNTY}"


def test_a_providers_next_hop_kept_inside_is_an_exit_only_at_its_router() -> None:
    world = build_world()
    router = no_default(world.routers["T1"])
    router.row("0.0.0.0/0", "198.51.100.9", UP, protocol="ibgp", preference=255)
    router.row("198.51.100.8/30", "10.0.3.1", UP, protocol="ospf", preference=10)

    assert world.judge().judged.findings == ()


def test_an_unowned_next_hop_inside_the_plan_is_unknown() -> None:
    world = build_world()
    no_default(world.routers["T1"]).port(WAN, "10.66.0.2/30").row("0.0.0.0/0", "10.66.0.1", WAN)

    seen = world.judge()

    assert seen.strength("D-T1") == "unknown"
    assert seen.findings("exits.unknown")[0].cause == "unowned:10.66.0.1"
    assert seen.strength(TOWNSHIP) == "unknown"


def test_a_next_hop_on_a_silent_device_is_unknown_for_that_device() -> None:
    world = build_world()
    world.routers["K1"].contact = Contact.HUNG

    seen = world.judge()

    assert seen.strength("D-T1") == "unknown"
    assert seen.strength("D-K1") == "unknown"
    assert seen.strength(COUNTY) == "unknown"
    causes = {(f.cause, f.observed["device"]) for f in seen.findings("exits.unknown")}
    assert ("hung", "K1") in causes
    assert seen.judged.coverage.answered == 3


def test_a_refused_command_that_the_audit_needs_makes_the_device_unknown() -> None:
    world = build_world()
    refused = CommandAnswer("x", AnswerState.REFUSED, needed_by=frozenset({"exits"}))
    world.routers["K1"].answers.append(refused)

    seen = world.judge()

    assert seen.strength(COUNTY) == "unknown"
    assert seen.strength("D-K1") == "unknown"
    assert seen.judged.coverage.understood == 3
    assert seen.findings("exits.unknown")[0].observed["reason"] == "refused"


def test_a_refused_command_that_others_need_changes_nothing() -> None:
    world = build_world()
    refused = CommandAnswer("x", AnswerState.REFUSED, needed_by=frozenset({"connectivity"}))
    world.routers["K1"].answers.append(refused)

    assert world.judge().judged.findings == ()


def test_an_incomplete_table_is_unknown_but_a_violation_in_it_still_counts() -> None:
    world = build_world()
    world.routers["T1"].complete = False
    assert world.judge().strength(TOWNSHIP) == "unknown"

    bad_line(world.routers["T1"])
    assert world.judge().strength(TOWNSHIP) == "violated"


def test_a_loop_is_judged_as_dropped() -> None:
    world = build_world()
    no_default(world.routers["K1"]).row("0.0.0.0/0", "10.0.3.2", "GigabitEthernet0/1/3")

    seen = world.judge()

    assert seen.strength("D-T1") == "suspected"
    assert seen.findings("exits.class")[0].cause == "no_exit"
    assert seen.strength(TOWNSHIP) == "consistent"


def test_a_discarded_default_is_no_exit() -> None:
    world = build_world()
    no_default(world.routers["T1"]).row("0.0.0.0/0", "", "NULL0", blackhole=True)

    assert world.judge().strength("D-T1") == "suspected"


def test_every_equal_path_counts() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30").row("0.0.0.0/0", ISP, WAN)

    assert world.judge().strength("D-T1") == "violated"


def test_a_single_destination_that_is_dropped_is_listed_not_judged() -> None:
    world = build_world()
    world.routers["T1"].row("39.96.0.0/16", "", "NULL0", blackhole=True)

    seen = world.judge()

    assert seen.judged.findings == ()
    assert seen.judged.information["dropped"]["D-T1"] == ["39.96.0.0/16"]


def test_the_gateway_may_be_a_virtual_address() -> None:
    world = build_world()
    no_default(world.routers["T1"]).row("0.0.0.0/0", "10.0.3.9", UP)
    world.routers["T1"].port(UP, "10.0.3.10/28")
    world.routers["K1"].port("GigabitEthernet0/1/3", "10.0.3.11/28")
    group = VrrpGroup("GigabitEthernet0/1/3", 1, VrrpState.MASTER, (ip_address("10.0.3.9"),))
    world.routers["K1"].add("vrrp", group)

    assert world.judge().row("D-T1").exit == f"E-{COUNTY}"
    assert world.judge().judged.findings == ()


def test_departments_that_leave_by_a_neighbours_legal_exit_are_foreign() -> None:
    world = build_world()
    no_default(world.routers["P1"]).row("0.0.0.0/0", "10.0.1.2", "GigabitEthernet0/1/1")
    world.routers["P1"].interfaces.pop(LINE)
    world.exits.pop("E-430000")

    seen = world.judge()

    assert seen.strength("D-P1") == "violated"
    assert seen.strength("430000") == "violated"
    assert [f.affected for f in seen.findings("exits.foreign")] == [("D-P1",)]
    assert seen.findings("exits.bypass") == []


def test_a_superiors_exit_is_allowed_unless_the_policy_says_own() -> None:
    world = build_world()
    no_default(world.routers["C1"]).row("0.0.0.0/0", "10.0.1.1", "GigabitEthernet0/0/1")
    assert world.judge().judged.findings == ()

    world.policy["allowed_exits"] = "own"
    seen = world.judge()
    assert seen.strength("D-C1") == "violated"
    assert [f.subject.id for f in seen.findings("exits.foreign")] == [CITY, TOWNSHIP]


def fin(world: World, *names: str) -> None:
    """Give routers the private instance ``fin`` of the township's department."""
    world.department("D-V", TOWNSHIP, "D", "10.4.0.0/24", "10.90.0.0/24@fin", exit=f"E-{COUNTY}")
    world.routers["T1"].port("Vlanif90", "10.90.0.1/24", vpn="fin")
    for number, name in enumerate(names):
        world.routers[name].add(
            "vpn_instances", VpnInstance("fin", 4, f"{number}:1", ("9:1",), ("9:1",))
        )


def test_a_private_subnet_that_leads_nowhere_is_in_order() -> None:
    world = build_world()
    fin(world, "T1")

    assert world.judge().strength("D-V") == "consistent"
    assert world.judge().judged.findings == ()


def imported(world: World) -> None:
    """Let ``fin`` on T1 hold a default learnt from the PE K1."""
    fin(world, "T1", "K1")
    world.routers["T1"].row("0.0.0.0/0", "10.255.0.3", UP, vpn="fin", protocol="ibgp")
    world.routers["T1"].row("10.255.0.3/32", "10.0.3.1", UP, protocol="ospf")


def test_a_default_imported_from_an_instance_with_an_exit_is_a_leak_where_it_is_leaked() -> None:
    world = build_world()
    imported(world)
    world.routers["K1"].row("0.0.0.0/0", "198.51.100.9", LINE, vpn="fin", leak_vpn="")

    seen = world.judge()

    assert seen.points() == {("K1", "vpn_leak", "ipv4", False)}
    assert seen.strength("D-V") == "violated"
    assert seen.strength(COUNTY) == "violated"


def test_a_default_imported_from_a_sister_instance_by_target_is_a_leak_at_the_importer() -> None:
    world = build_world()
    fin(world, "T1")
    world.routers["T1"].facts["vpn_instances"] = [VpnInstance("fin", 4, "1:1", ("7:7",), ("9:1",))]
    world.routers["K1"].add("vpn_instances", VpnInstance("inet", 4, "2:2", (), ("7:7",)))
    world.routers["K1"].row("0.0.0.0/0", "198.51.100.9", LINE, vpn="inet", leak_vpn="")
    world.routers["T1"].row("0.0.0.0/0", "10.255.0.3", UP, vpn="fin", protocol="ibgp")
    world.routers["T1"].row("10.255.0.3/32", "10.0.3.1", UP, protocol="ospf")

    seen = world.judge()

    assert seen.points() == {("T1", "vpn_leak", "ipv4", False)}
    assert "undo vpn-target 7:7 import" in (seen.findings("exits.undeclared")[0].remedy or "").en  # type: ignore[union-attr]


def test_two_instances_that_may_have_exported_a_route_and_end_differently_are_unknown() -> None:
    world = build_world()
    imported(world)
    world.routers["K1"].add("vpn_instances", VpnInstance("other", 4, "8:8", (), ("9:1",)))
    world.routers["K1"].row("0.0.0.0/0", "", "NULL0", vpn="fin", blackhole=True)
    world.routers["K1"].row("0.0.0.0/0", "10.77.0.1", WAN, vpn="other")
    world.routers["K1"].port(WAN, "10.77.0.2/30", vpn="other")

    seen = world.judge()

    assert seen.strength("D-V") == "unknown"
    assert any(f.cause == "ambiguous_vpn:fin" for f in seen.findings("exits.unknown"))


def test_the_route_distinguisher_tells_the_exporting_instance() -> None:
    world = build_world()
    imported(world)
    world.routers["K1"].add("vpn_instances", VpnInstance("other", 4, "8:8", (), ("9:1",)))
    world.routers["K1"].row("0.0.0.0/0", "", "NULL0", vpn="fin", blackhole=True)
    world.routers["K1"].row("0.0.0.0/0", "10.77.0.1", WAN, vpn="other")
    world.routers["K1"].port(WAN, "10.77.0.2/30", vpn="other")
    world.routers["T1"].add(
        "vpn_routes", VpnRoute("1:1", ip_network("0.0.0.0/0"), ip_address("10.255.0.3"))
    )

    assert world.judge().strength("D-V") == "consistent"


def test_an_instance_that_only_hands_a_prefix_on_did_not_export_it() -> None:
    world = build_world()
    imported(world)
    world.routers["K1"].row("0.0.0.0/0", "", "NULL0", vpn="fin", blackhole=True)
    world.routers["K1"].add("vpn_instances", VpnInstance("other", 4, "8:8", (), ("9:1",)))

    assert world.judge().strength("D-V") == "consistent"


def test_a_next_hop_that_no_table_resolves_is_sought_at_the_far_end_of_its_line() -> None:
    world = build_world()
    router = no_default(world.routers["T1"])
    router.row("0.0.0.0/0", "10.123.0.1", UP, protocol="ibgp")

    assert world.judge().strength("D-T1") == "unknown"
    assert world.judge().findings("exits.unknown")[0].cause == "unowned:10.123.0.1"

    world.routers["K1"].port("LoopBack5", "10.123.0.1/32")
    assert world.judge().strength("D-T1") == "consistent"


def test_a_vpn_route_from_a_silent_pe_is_unknown() -> None:
    world = build_world()
    imported(world)
    world.routers["K1"].contact = Contact.UNREACHABLE

    assert world.judge().strength("D-V") == "unknown"


def test_ipv6_is_walked_apart() -> None:
    world = build_world()
    world.routers["T1"].port("Vlanif10", "2001:db8:4::1/64")
    world.routers["T1"].port(UP, "fe80::2/64")
    world.routers["K1"].port("GigabitEthernet0/1/3", "fe80::1/64")
    world.routers["T1"].row("::/0", "fe80::1", UP)
    world.routers["K1"].port(LINE, "2001:db8:f000::2/64")
    world.routers["K1"].row("::/0", "2001:db8:f000::1", LINE)

    assert world.judge().judged.findings == ()

    world.routers["K1"].port(WAN, "2001:db8:f001::2/64").row("::/0", "2001:db8:f001::1", WAN)
    seen = world.judge()
    assert seen.points() == {("K1", "ipv6_default", "ipv6", False)}
    assert seen.strength("D-T1") == "violated"
    assert seen.strength("D-K1") == "consistent"


def test_a_link_local_next_hop_without_a_known_far_end_is_unknown() -> None:
    world = build_world()
    world.routers["T1"].port("Vlanif10", "2001:db8:4::1/64").port(WAN, "fe80::9/64")
    world.routers["T1"].row("::/0", "fe80::1", WAN)

    assert world.judge().strength("D-T1") == "unknown"


def test_a_link_local_next_hop_on_a_carriers_line_is_an_exit() -> None:
    world = build_world()
    world.routers["T1"].port("Vlanif10", "2001:db8:4::1/64").port(WAN, "fe80::9/64")
    world.routers["T1"].row("::/0", "fe80::1", WAN)
    world.link(("T1", WAN), None, "internet")

    assert world.judge().points() == {("T1", "ipv6_default", "ipv6", False)}


def test_an_ipv6_address_without_ways_out_is_no_fault() -> None:
    world = build_world()
    world.routers["T1"].port("Vlanif10", "2001:db8:4::1/64")

    assert world.judge().judged.findings == ()


def test_the_second_source_can_refute_where_the_first_is_silent() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.contact = Contact.LOGIN_REFUSED
    route = SnmpRoute(ip_network("0.0.0.0/0"), ip_address(ISP), 4)
    agent = SnmpFacts(True, None, (SnmpInterface(4, WAN, True, True),), (route,))
    router.add("snmp", agent)

    seen = world.judge()

    assert seen.points() == {("T1", "static_default", "ipv4", False)}
    assert seen.strength(TOWNSHIP) == "violated"

    router.contact = Contact.HOST_KEY_CHANGED
    assert world.judge().points() == set()
    assert world.judge().strength(TOWNSHIP) == "unknown"


def test_a_declared_line_seen_by_the_second_source_alone_is_declared() -> None:
    world = build_world()
    router = world.routers["K1"]
    router.contact = Contact.LOGIN_REFUSED
    route = SnmpRoute(ip_network("0.0.0.0/0"), ip_address("198.51.100.9"), 4)
    router.add("snmp", SnmpFacts(True, None, (SnmpInterface(4, "GE0/0/9", True, True),), (route,)))

    seen = world.judge()

    assert seen.points() == set()
    assert seen.strength(COUNTY) == "unknown"


def test_a_shared_private_net_elsewhere_is_not_the_owner_of_a_home_router() -> None:
    world = build_world()
    world.routers["P1"].port(WAN, "192.168.1.1/24")
    router = no_default(world.routers["T1"])
    router.port(WAN, "192.168.1.2/24").row("0.0.0.0/0", "192.168.1.1", WAN)

    assert ("T1", "static_default", "ipv4", False) in world.judge().points()
