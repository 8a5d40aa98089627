"""What walks are worth: classes of departments, dominance, destination classes, rates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest
from exits_world import CITY, COUNTY, DAY, LINE, PROVINCE, TOWNSHIP, World, build_world

from netops.exits.terms import Mechanism
from netops.facts.access import Tunnel
from netops.facts.device import Contact
from netops.facts.nat import NatKind, NatRule
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import PolicyRoute
from netops.findings import Rate, Strength

ISP = "203.0.113.1"
WAN = "GigabitEthernet0/0/8"
UP = "GigabitEthernet0/0/3"


def with_class(world: World, access_class: str) -> None:
    """Make the county's department one of another class."""
    world.department("D-K1", COUNTY, access_class, "10.3.0.0/24", exit=f"E-{COUNTY}")


def excluding(world: World, *rules: tuple[bool, str | None], **more: object) -> None:
    """Translate at the county's exit whom an access list permits."""
    values: dict[str, object] = {"acl": "2000", "easy_ip": True, **more}
    world.routers["K1"].acl("2000", *rules)
    world.routers["K1"].add("nat_rules", NatRule(NatKind.OUTBOUND, LINE, **values))  # type: ignore[arg-type]


def test_class_a_that_every_translation_excludes_is_in_order() -> None:
    world = build_world()
    with_class(world, "A")
    excluding(world, (False, "10.3.0.0/24"), (True, "10.0.0.0/8"))

    seen = world.judge()

    assert seen.strength("D-K1") == "consistent"
    assert seen.row("D-K1").exit is None
    assert seen.judged.findings == ()


@pytest.mark.parametrize(
    "rules",
    [
        ((True, "10.0.0.0/8"),),
        ((False, "10.3.0.0/25"), (True, "10.0.0.0/8")),
        ((True, None),),
    ],
)
def test_class_a_that_some_translation_lets_out_is_suspected(
    rules: tuple[tuple[bool, str | None], ...],
) -> None:
    world = build_world()
    with_class(world, "A")
    excluding(world, *rules)

    seen = world.judge()

    assert seen.strength("D-K1") == "suspected"
    finding = seen.findings("exits.class")[0]
    assert (finding.cause, finding.subject.id) == ("class", "D-K1")
    assert seen.strength(COUNTY) == "consistent"


def test_class_a_without_any_translation_at_the_exit_is_suspected() -> None:
    world = build_world()
    with_class(world, "A")

    assert world.judge().strength("D-K1") == "suspected"


def test_a_mapping_of_one_inside_address_lets_class_a_out() -> None:
    world = build_world()
    with_class(world, "A")
    excluding(world, (False, "10.3.0.0/24"), (True, "10.0.0.0/8"))
    inside = ip_address("10.3.0.7")
    world.routers["K1"].add("nat_rules", NatRule(NatKind.STATIC, LINE, inside=inside))

    assert world.judge().strength("D-K1") == "suspected"


def test_class_b_is_not_excused_by_the_translation() -> None:
    world = build_world()
    excluding(world, (False, "10.3.0.0/24"), (True, "10.0.0.0/8"))

    assert world.judge().strength("D-K1") == "consistent"


def test_class_a_with_no_way_out_is_in_order_and_class_b_is_not() -> None:
    for access_class, strength in (("A", "consistent"), ("B", "suspected"), ("F", "suspected")):
        world = build_world()
        with_class(world, access_class)
        router = world.routers["K1"]
        router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]

        assert world.judge().strength("D-K1") == strength


@pytest.mark.parametrize("access_class", ["C", "E"])
def test_an_own_exit_without_any_exemption_is_violated(access_class: str) -> None:
    world = build_world()
    with_class(world, access_class)

    seen = world.judge()

    assert seen.strength("D-K1") == "violated"
    assert seen.findings("exits.class")[0].cause == "no_exemption_in_force"


def test_an_exempt_department_that_reaches_another_exit_too_is_violated() -> None:
    world = build_world()
    with_class(world, "C")
    world.exempt("D-K1", "E-OWN", date(2026, 1, 1), DAY)

    seen = world.judge()

    assert seen.strength("D-K1") == "violated"
    assert [f.affected for f in seen.findings("exits.foreign")] == [("D-K1",)]


def test_class_e_stays_exempt_although_its_private_part_is_in_order() -> None:
    world = build_world()
    world.department("D-K1", COUNTY, "E", "10.8.0.0/24", "10.91.0.0/24@fin", exit="E-X")
    router = world.router("X1", COUNTY, department="D-K1")
    router.port("Vlanif1", "10.8.0.1/24").port(WAN, "203.0.113.2/30")
    router.row("0.0.0.0/0", ISP, WAN)
    world.routers["K1"].port("Vlanif91", "10.91.0.1/24", vpn="fin")
    world.declare("E-X", COUNTY, ("X1", WAN), department="D-K1")
    world.exempt("D-K1", "E-X", date(2026, 1, 1), DAY)

    seen = world.judge()

    assert seen.strength("D-K1") == "exempt"
    assert seen.judged.findings == ()


def test_an_exit_declared_for_a_government_that_may_have_none_is_undeclared() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)
    world.declare("E-T", TOWNSHIP, ("T1", WAN))

    finding = world.judge().findings("exits.undeclared")[0]

    assert finding.cause == "no_exit_allowed"
    assert finding.observed["exit"] == "E-T"


def test_more_declared_exits_than_allowed_are_information() -> None:
    world = build_world()
    world.routers["K1"].port(WAN, "203.0.113.2/30").row("0.0.0.0/0", ISP, WAN)
    world.declare("E-2", COUNTY, ("K1", WAN))

    surplus = world.judge().judged.information["surplus_exits"]

    assert surplus == [{"government": COUNTY, "exits": [f"E-{COUNTY}", "E-2"], "allowed": 1}]


def test_a_more_specific_route_is_found_between_the_anchors() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30")
    world.routers["T1"].row("5.6.7.0/30", ISP, WAN)

    seen = world.judge()

    assert seen.strength("D-T1") == "violated"
    assert seen.judged.information["classes"]["ipv4"]["walked"] == 2


def test_classes_that_all_devices_match_alike_are_one() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30")
    for number in range(30):
        world.routers["T1"].row(f"5.6.{number}.0/24", ISP, WAN)

    classes = world.judge().judged.information["classes"]["ipv4"]

    assert classes == {"found": 34, "walked": 2}


def test_a_full_table_of_a_declared_provider_makes_no_classes() -> None:
    world = build_world()
    router = world.routers["K1"]
    router.add("bgp_peers", BgpPeer(ip_address("198.51.100.9"), "64500", "established"))
    for number in range(20):
        router.row(f"8.{number}.0.0/16", "198.51.100.9", LINE, protocol="ebgp")
        world.routers["T1"].row(f"8.{number}.0.0/16", "10.0.3.1", UP, protocol="ibgp")

    seen = world.judge()

    assert seen.judged.findings == ()
    # The two halves and the two anchors, none for the twenty prefixes.
    assert seen.judged.information["classes"]["ipv4"] == {"found": 4, "walked": 1}


def test_a_full_table_without_a_default_still_carries_the_anchors() -> None:
    world = build_world()
    router = world.routers["K1"]
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    for prefix in ("8.8.8.0/24", "114.114.0.0/16"):
        router.row(prefix, "198.51.100.9", LINE, protocol="ebgp")

    seen = world.judge()

    assert seen.strength("D-T1") == "consistent"
    assert seen.row("D-T1").exit == f"E-{COUNTY}"


def test_the_same_prefix_from_an_undeclared_provider_is_a_class() -> None:
    world = build_world()
    world.routers["K1"].row("8.0.0.0/8", "198.51.100.9", LINE, protocol="ebgp")
    world.routers["T1"].port(WAN, "203.0.113.2/30")
    world.routers["T1"].row("8.0.0.0/8", ISP, WAN, protocol="ebgp")

    seen = world.judge()

    assert seen.points() == {("T1", "isp_bgp", "ipv4", False)}
    assert seen.strength("D-T1") == "violated"


def test_dominance_fails_by_a_latent_edge_only_as_suspected() -> None:
    world = build_world()
    world.routers["T1"].static("0.0.0.0/0", "10.0.9.2", "GigabitEthernet0/0/9", preference=200)
    world.routers["T1"].port("GigabitEthernet0/0/9", "10.0.9.1/30")
    world.government("430122")
    far = world.router("Q1", "430122")
    far.port("GigabitEthernet0/0/9", "10.0.9.2/30").port(WAN, "203.0.113.2/30")
    far.row("0.0.0.0/0", ISP, WAN)
    world.declare("E-430122", "430122", ("Q1", WAN))

    seen = world.judge()

    assert seen.strength("D-T1") == "consistent"
    assert seen.strength(TOWNSHIP) == "suspected"
    assert seen.strength(COUNTY) == "suspected"
    assert seen.strength(CITY) == "consistent"
    findings = seen.findings("exits.bypass")
    assert [f.subject.id for f in findings] == [TOWNSHIP]
    assert findings[0].observed["path"] == ["T1", "Q1", WAN]
    assert seen.row(COUNTY).reason == (findings[0].id,)


def test_a_latent_static_to_an_undeclared_line_suspects_all_that_lead_through_it() -> None:
    world = build_world()
    world.routers["K1"].port(WAN, "203.0.113.2/30")
    world.routers["K1"].static("0.0.0.0/0", ISP, WAN, preference=200)

    seen = world.judge()

    assert seen.points() == {("K1", "floating_static", "ipv4", True)}
    assert seen.strength(COUNTY) == "suspected"
    assert seen.strength(TOWNSHIP) == "suspected"
    assert seen.strength(CITY) == "consistent"
    assert seen.strength("D-T1") == "consistent"


def test_a_silent_device_below_makes_the_claim_unknown_unless_a_bypass_is_found() -> None:
    world = build_world()
    world.routers["T1"].contact = Contact.UNREACHABLE
    assert world.judge().strength(COUNTY) == "unknown"
    assert world.judge().strength(CITY) == "consistent"

    world.routers["K1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)
    assert world.judge().strength(COUNTY) == "violated"


def test_every_government_and_department_has_a_row() -> None:
    world = build_world()

    rows = {(r.kind, r.id) for r in world.judge().judged.subjects}

    assert rows == {
        *(("government", code) for code in (PROVINCE, CITY, COUNTY, TOWNSHIP)),
        *(("department", f"D-{name}") for name in ("P1", "C1", "K1", "T1")),
    }


def test_a_row_that_is_not_met_names_its_findings() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)

    seen = world.judge()
    finding = seen.findings("exits.undeclared")[0]

    assert seen.row("D-T1").reason == (finding.id,)
    assert seen.row(TOWNSHIP).reason == (finding.id,)
    assert finding.subject.id == TOWNSHIP
    assert finding.affected == ("D-T1",)


def rate(world: World, name: str, scope: str) -> Rate:
    """Return one rate of the judgement."""
    return next(r for r in world.judge().judged.rates if (r.id, r.scope) == (name, scope))


def test_rates_count_subjects_by_strength() -> None:
    world = build_world()
    for number, access_class in enumerate("BBC"):
        world.department(f"D-{number}", COUNTY, access_class, f"10.30.{number}.0/24", exit="E")
    for number in (0, 2):
        world.routers["K1"].port(f"Vlanif3{number}", f"10.30.{number}.1/24")
    world.exempt("D-2", f"E-{COUNTY}", date(2026, 1, 1), DAY)

    found = rate(world, "exits.unit", "county")

    # D-K1 and D-0 are in order, D-1 has no owner, D-2 is exempt.
    assert (found.denominator, found.floor, found.reported, found.ceiling) == (4, 0, 2, 3)
    assert (found.exempt, found.declared) == (1, 3)
    assert found.verdict.value == "unknown"
    assert found.lists["unknown"] == ("D-1",)
    assert found.formula is not None


def test_a_rate_in_order_is_met_and_a_violation_is_not_met() -> None:
    world = build_world()
    assert rate(world, "exits.unit", "township").verdict.value == "met"
    assert rate(world, "exits.single", "county").verdict.value == "met"

    world.routers["T1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)
    assert rate(world, "exits.unit", "township").verdict.value == "not_met"
    assert rate(world, "exits.single", "county").verdict.value == "not_met"
    assert rate(world, "exits.single", "township").denominator == 0
    assert rate(world, "exits.single", "township").verdict.value == "not_applicable"


def test_closure_below_the_policy_keeps_a_rate_from_being_met() -> None:
    world = build_world()
    world.router("K9", COUNTY, contact=Contact.UNREACHABLE)

    found = rate(world, "exits.unit", "county")

    assert found.closure == Fraction(1, 2)
    assert (found.reported, found.verdict.value) == (1, "unknown")


def test_a_policy_that_asks_for_proof_counts_nothing_as_reported() -> None:
    world = build_world()
    world.policy["minimum_strength"] = Strength.PROVEN

    assert rate(world, "exits.unit", "county").reported == 0


def test_a_rate_without_a_target_is_information() -> None:
    world = build_world()
    world.policy["targets"] = ()

    assert rate(world, "exits.unit", "county").verdict.value == "not_applicable"


def test_the_exit_rate_counts_undeclared_among_found() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)

    found = world.judge().judged.information["exit_rate"]

    assert (found["found"], found["undeclared"]) == (4, 1)


def test_a_tunnel_to_an_inside_peer_is_followed() -> None:
    world = build_world()
    near, far = ip_address("10.255.0.4"), ip_address("10.255.0.3")
    for name, own, other, address in (("T1", near, far, 1), ("K1", far, near, 2)):
        world.routers[name].port("Tunnel0/0/1", f"172.31.0.{address}/30")
        world.routers[name].add("tunnels", Tunnel("Tunnel0/0/1", "gre", own, other))
    router = world.routers["T1"]
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "172.31.0.2", "Tunnel0/0/1")

    seen = world.judge()

    assert seen.judged.findings == ()
    assert seen.row("D-T1").exit == f"E-{COUNTY}"


def test_a_rule_of_a_hosts_kernel_is_a_policy() -> None:
    world = build_world()
    host = world.router("H1", TOWNSHIP, platform="linux_host", role="host", department="D-T1")
    host.port("eth0", "10.4.0.9/24").port("eth1", "203.0.113.50/24")
    host.row("0.0.0.0/0", "10.4.0.1", "eth0")
    host.row("0.0.0.0/0", ISP, "eth1", vpn="table 100")
    host.add(
        "policy_routes",
        PolicyRoute(
            "ip rule", 100, sources=(ip_network("10.4.0.9/32"),), vpn="table 100", table="100"
        ),
    )

    seen = world.judge()

    assert seen.points() == {("H1", "dual_homed_host", "ipv4", False)}
    assert "policy_route" in seen.findings("exits.undeclared")[0].observed["also"]
    assert seen.strength("D-T1") == "violated"


def test_a_host_that_only_has_its_gateway_is_innocent() -> None:
    world = build_world()
    host = world.router("H1", TOWNSHIP, platform="linux_host", role="host", department="D-T1")
    host.port("eth0", "10.4.0.9/24").row("0.0.0.0/0", "10.4.0.1", "eth0")

    assert world.judge().judged.findings == ()


def test_mechanisms_stand_in_the_order_in_which_the_first_that_applies_names_an_exit() -> None:
    order = [m.value for m in Mechanism]

    assert order[0] == "dual_homed_host"
    assert order[-1] == "public_interface"
    wanted = ["policy_route", "vpn_leak", "specific_route", "isp_bgp", "floating_static"]
    assert all(order.index(a) < order.index(b) for a, b in pairwise(wanted))


def test_findings_are_the_same_in_every_run() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)

    first = [f.to_json() for f in world.judge().judged.findings]
    second = [f.to_json() for f in world.judge().judged.findings]

    assert first == second
