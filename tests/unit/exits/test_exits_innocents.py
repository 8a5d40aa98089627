"""What looks like an exit and is none must not be reported."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address

from exits_world import COUNTY, DAY, LINE, TOWNSHIP, Router, World, build_world

from netops.facts.access import Cellular
from netops.facts.interfaces import AddressOrigin
from netops.facts.nat import NatKind, NatRule, NatSessions
from netops.facts.redundancy import VrrpGroup, VrrpState

WAN = "GigabitEthernet0/0/8"


def assert_clean(world: World) -> None:
    """Assert that nothing at all is found."""
    seen = world.judge()

    assert seen.judged.findings == ()
    assert "violated" not in seen.strengths().values()
    assert "suspected" not in seen.strengths().values()


def test_two_carriers_of_one_declared_exit_are_one() -> None:
    world = build_world()
    router = world.routers["K1"]
    router.port(WAN, "203.0.113.2/30").row("0.0.0.0/0", "203.0.113.1", WAN)
    world.declare(f"E-{COUNTY}", COUNTY, ("K1", LINE), ("K1", WAN))

    assert_clean(world)
    assert world.judge().judged.information["exit_rate"]["found"] == 3


def pair(world: World) -> Router:
    """Make the county's exit a pair of routers with a virtual address on the outside."""
    second = world.router("K2", COUNTY)
    second.port("LoopBack0", f"{second.address}/32")
    for router, own in ((world.routers["K1"], 3), (second, 4)):
        router.port(WAN, f"203.0.113.{own}/29")
        state = VrrpState.MASTER if own == 3 else VrrpState.BACKUP
        router.add("vrrp", VrrpGroup(WAN, 7, state, (ip_address("203.0.113.2"),)))
        router.row("0.0.0.0/0", "203.0.113.1", WAN)
    return second


def test_the_other_member_of_a_declared_pair_is_the_same_exit() -> None:
    world = build_world()
    pair(world)
    world.declare(f"E-{COUNTY}", COUNTY, ("K1", LINE), ("K1", WAN))

    assert_clean(world)


def test_a_pair_of_another_government_is_not_covered_by_the_declaration() -> None:
    world = build_world()
    pair(world)
    world.routers["K2"].government = TOWNSHIP
    world.declare(f"E-{COUNTY}", COUNTY, ("K1", LINE), ("K1", WAN))

    assert {p[0] for p in world.judge().points()} == {"K2"}


def test_the_extranets_own_public_block_is_inside() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "59.200.1.1/30").row("59.192.0.0/16", "59.200.1.2", WAN)

    assert_clean(world)


def test_carrier_grade_addresses_inside_the_plan_are_inside() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "100.64.3.2/30")

    assert_clean(world)


def test_a_declared_line_numbered_inside_the_plan_is_still_the_exit() -> None:
    world = build_world()
    router = world.routers["K1"]
    router.interfaces.pop(LINE)
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.interface != LINE]
    router.port(LINE, "100.64.3.2/30").row("0.0.0.0/0", "100.64.3.1", LINE)

    assert_clean(world)
    assert world.judge().row("D-K1").exit == f"E-{COUNTY}"


def test_translation_between_vpns_is_innocent() -> None:
    world = build_world()
    pool = ((ip_address("10.77.0.1"), ip_address("10.77.0.9")),)
    world.routers["T1"].add(
        "nat_rules", NatRule(NatKind.OUTBOUND, "GigabitEthernet0/0/3", pool=pool, vpn="fin")
    )
    world.routers["T1"].add("nat_sessions", NatSessions(40))

    assert_clean(world)


def test_easy_ip_on_an_inside_interface_is_innocent() -> None:
    world = build_world()
    world.routers["T1"].add(
        "nat_rules", NatRule(NatKind.OUTBOUND, "GigabitEthernet0/0/3", easy_ip=True)
    )

    assert_clean(world)


def test_an_out_of_band_card_is_no_exit() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port("Cellular0/0/0", "203.0.113.9/32", vpn="mgmt", origin=AddressOrigin.CELLULAR)
    router.add("cellular", Cellular("Cellular0/0/0", is_connected=True))
    router.row("0.0.0.0/0", "203.0.113.9", "Cellular0/0/0", vpn="mgmt")
    world.link(("T1", "Cellular0/0/0"), None, "oob")

    assert_clean(world)
    lines = world.judge().judged.information["out_of_band"]
    assert [line["line"] for line in lines] == ["Cellular0/0/0"]


def test_an_out_of_band_card_that_carries_departments_is_one() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port("Cellular0/0/0", "203.0.113.9/32", origin=AddressOrigin.CELLULAR)
    router.add("cellular", Cellular("Cellular0/0/0", is_connected=True))
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "203.0.113.9", "Cellular0/0/0")
    world.link(("T1", "Cellular0/0/0"), None, "oob")

    seen = world.judge()

    assert seen.points() == {("T1", "cellular", "ipv4", False)}
    assert seen.findings("exits.undeclared")[0].cause == "out_of_band_used"
    assert seen.strength("D-T1") == "violated"


def own_exit(world: World) -> None:
    """Give the township a class C department with its own router and line."""
    world.department("D-X", TOWNSHIP, "C", "10.8.0.0/24", exit="E-X")
    router = world.router("X1", TOWNSHIP, department="D-X")
    router.port("Vlanif1", "10.8.0.1/24").port(WAN, "203.0.113.2/30")
    router.row("0.0.0.0/0", "203.0.113.1", WAN)
    world.declare("E-X", TOWNSHIP, ("X1", WAN), department="D-X")


def test_an_exempt_department_in_date_is_listed_and_not_reported() -> None:
    world = build_world()
    own_exit(world)
    world.exempt("D-X", "E-X", date(2026, 1, 1), DAY)

    seen = world.judge()

    assert seen.judged.findings == ()
    assert seen.strength("D-X") == "exempt"
    assert seen.row("D-X").exit == "E-X"
    assert seen.strength(TOWNSHIP) == "consistent"
    assert seen.strength(COUNTY) == "consistent"
    exempt = seen.judged.information["exempt_points"]
    assert [(p["device"], p["exemption"]) for p in exempt] == [("X1", "X-1")]


def test_an_exemption_that_has_ended_excuses_nothing() -> None:
    world = build_world()
    own_exit(world)
    world.exempt("D-X", "E-X", date(2026, 1, 1), date(2026, 5, 31))

    seen = world.judge()

    assert seen.strength("D-X") == "violated"
    assert seen.strength(TOWNSHIP) == "violated"
    finding = seen.findings("exits.undeclared")[0]
    assert finding.cause == "no_exemption_in_force"
    assert finding.observed["exit"] == "E-X"


def test_an_exempt_exit_does_not_excuse_another_department() -> None:
    world = build_world()
    own_exit(world)
    world.exempt("D-X", "E-X", date(2026, 1, 1), DAY)
    world.department("D-Y", TOWNSHIP, "B", "10.8.1.0/24", exit=f"E-{COUNTY}")
    world.routers["X1"].port("Vlanif2", "10.8.1.1/24")

    seen = world.judge()

    assert seen.strength("D-Y") == "violated"
    assert [f.affected for f in seen.findings("exits.foreign")] == [("D-Y",)]


def test_a_leased_line_to_a_bank_is_information() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port(WAN, "172.20.0.2/30").row("172.21.0.0/16", "172.20.0.1", WAN)
    world.link(("T1", WAN), None, "leased")

    assert_clean(world)
    assert world.judge().judged.information["private_lines"] == [
        {"device": "T1", "line": WAN, "prefix": "172.21.0.0/16"}
    ]


def test_public_addresses_between_two_of_our_own_devices_are_no_line() -> None:
    world = build_world()
    world.routers["K1"].port("GigabitEthernet0/2/1", "203.0.113.1/30")
    world.routers["T1"].port("GigabitEthernet0/2/1", "203.0.113.2/30")
    world.link(("K1", "GigabitEthernet0/2/1"), ("T1", "GigabitEthernet0/2/1"), "intra")
    world.routers["T1"].row("39.96.0.0/16", "203.0.113.1", "GigabitEthernet0/2/1")

    assert_clean(world)
