"""Every mechanism of an exit is found, named by the first that applies, and judged."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from exits_world import LINE, PROVINCE, World, build_world

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.interfaces import AddressOrigin
from netops.facts.nat import NatKind, NatRule, NatSessions
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import PolicyRoute
from netops.facts.routes import VpnInstance

ISP = "203.0.113.1"
WAN = "GigabitEthernet0/0/8"


def stray_line(world: World, name: str = "T1") -> None:
    """Give a router an outside line that nobody declared."""
    world.routers[name].port(WAN, "203.0.113.2/30")


def static_default(world: World) -> None:
    """Replace the township's default by one through the stray line."""
    stray_line(world)
    router = world.routers["T1"]
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", ISP, WAN)


def policy_route(world: World) -> None:
    stray_line(world)
    world.routers["T1"].acl("3000", (True, "10.4.0.0/24"))
    world.routers["T1"].add(
        "policy_routes",
        PolicyRoute("P", 5, acl="3000", next_hops=(ip_address(ISP),), interfaces=("Vlanif10",)),
    )


def split_default(world: World) -> None:
    stray_line(world)
    world.routers["T1"].row("0.0.0.0/1", ISP, WAN).row("128.0.0.0/1", ISP, WAN)


def specific_route(world: World) -> None:
    stray_line(world)
    world.routers["T1"].row("39.96.0.0/16", ISP, WAN)


def pppoe_dialer(world: World) -> None:
    router = world.routers["T1"]
    router.port("Dialer1", "203.0.113.9/32", origin=AddressOrigin.PPP)
    router.add("pppoe", PppoeSession("GigabitEthernet0/0/5", "Dialer1", is_up=True))
    router.add("dialers", Dialer("Dialer1", is_connected=True))
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "203.0.113.9", "Dialer1")


def cellular(world: World) -> None:
    router = world.routers["T1"]
    router.port("Cellular0/0/0", "203.0.113.9/32", origin=AddressOrigin.CELLULAR)
    router.add("cellular", Cellular("Cellular0/0/0", is_connected=True))
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "203.0.113.9", "Cellular0/0/0")


def tunnel(world: World) -> None:
    router = world.routers["T1"]
    router.port("Tunnel0/0/1", "172.31.0.1/30")
    router.add(
        "tunnels",
        Tunnel("Tunnel0/0/1", "gre", ip_address("10.255.0.4"), ip_address("203.0.113.77")),
    )
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "172.31.0.2", "Tunnel0/0/1")


def isp_bgp(world: World) -> None:
    stray_line(world)
    router = world.routers["T1"]
    router.add("bgp_peers", BgpPeer(ip_address(ISP), "64500", "established", local_as="64600"))
    router.row("20.0.0.0/8", ISP, WAN, protocol="ebgp", preference=255)


def ipv6_default(world: World) -> None:
    router = world.routers["T1"]
    router.port("Vlanif10", "2001:db8:4::1/64")
    router.port(WAN, "2001:db8:f000::2/64")
    router.row("::/0", "2001:db8:f000::1", WAN)


def floating_static(world: World) -> None:
    stray_line(world)
    world.routers["T1"].static("0.0.0.0/0", ISP, WAN, preference=200)
    router = world.routers["T1"]
    router.rows[("", 4)] = [
        r._replace(preference=10) if not r.length else r for r in router.rows[("", 4)]
    ]


def public_interface(world: World) -> None:
    stray_line(world)


def dual_homed_host(world: World) -> None:
    host = world.router("H1", "430121100", platform="linux_host", role="host", department="D-T1")
    host.port("eth0", "10.4.0.9/24").port("eth1", "203.0.113.50/24")
    host.row("0.0.0.0/0", ISP, "eth1")


def vpn_leak(world: World) -> None:
    world.department("D-V", "430121100", "D", "10.4.0.0/24", "10.90.0.0/24@fin", exit="E-430121")
    router = world.routers["T1"]
    router.port("Vlanif90", "10.90.0.1/24", vpn="fin")
    router.add("vpn_instances", VpnInstance("fin", 4, "1:1", ("1:1",), ("1:1",)))
    router.row("0.0.0.0/0", "10.0.3.1", "GigabitEthernet0/0/3", vpn="fin", leak_vpn="")


CASES: list[tuple[Callable[[World], None], str, str, bool, str]] = [
    (static_default, "static_default", "ipv4", False, "violated"),
    (policy_route, "policy_route", "ipv4", False, "violated"),
    (split_default, "split_default", "ipv4", False, "violated"),
    (specific_route, "specific_route", "ipv4", False, "violated"),
    (pppoe_dialer, "pppoe_dialer", "ipv4", False, "violated"),
    (cellular, "cellular", "ipv4", False, "violated"),
    (tunnel, "tunnel", "ipv4", False, "violated"),
    (isp_bgp, "isp_bgp", "ipv4", False, "violated"),
    (ipv6_default, "ipv6_default", "ipv6", False, "violated"),
    (floating_static, "floating_static", "ipv4", True, "consistent"),
    (public_interface, "public_interface", "ipv4", True, "consistent"),
]


@pytest.mark.parametrize(
    ("plant", "mechanism", "family", "latent", "department"),
    CASES,
    ids=[case[1] for case in CASES],
)
def test_a_mechanism_on_the_township_router_is_found(
    plant: Callable[[World], None],
    mechanism: str,
    family: str,
    latent: bool,  # noqa: FBT001 - a table of cases
    department: str,
) -> None:
    world = build_world()
    plant(world)

    seen = world.judge()

    assert seen.points() == {("T1", mechanism, family, latent)}
    assert seen.strength("430121100") == ("suspected" if latent else "violated")
    assert seen.strength("D-T1") == department
    assert seen.strength("D-K1") == "consistent"
    assert seen.strength(PROVINCE) == "consistent"


@pytest.mark.parametrize("case", CASES, ids=[case[1] for case in CASES])
def test_a_government_is_answerable_for_those_below_without_an_exit(
    case: tuple[Callable[[World], None], str, str, bool, str],
) -> None:
    world = build_world()
    case[0](world)

    seen = world.judge()

    assert seen.strength("430121") == ("suspected" if case[3] else "violated")
    assert seen.strength("430100") == "consistent"
    assert seen.row("430121").reason == seen.row("430121100").reason


def test_a_host_with_two_homes_violates_its_department() -> None:
    world = build_world()
    dual_homed_host(world)

    seen = world.judge()

    assert seen.points() == {("H1", "dual_homed_host", "ipv4", False)}
    assert seen.strength("D-T1") == "violated"
    assert "static_default" in seen.findings("exits.undeclared")[0].observed["also"]


def test_a_leaked_private_instance_is_an_exit_even_by_the_legal_one() -> None:
    world = build_world()
    vpn_leak(world)

    seen = world.judge()

    assert seen.points() == {("T1", "vpn_leak", "ipv4", False)}
    finding = seen.findings("exits.undeclared")[0]
    assert finding.observed["exit"] == "E-430121"
    assert finding.affected == ("D-V",)
    assert seen.strength("D-V") == "violated"
    assert seen.strength("D-T1") == "consistent"
    assert seen.strength("430121100") == "violated"


def test_other_signals_stand_beside_the_mechanism() -> None:
    world = build_world()
    policy_route(world)
    router = world.routers["T1"]
    router.add("nat_rules", NatRule(NatKind.OUTBOUND, WAN, acl="3000", easy_ip=True, active=True))
    router.add("nat_sessions", NatSessions(5))
    router.add("dhcp", DhcpLease(WAN, "bound", ip_address("203.0.113.2"), ip_address(ISP)))

    finding = world.judge().findings("exits.undeclared")[0]

    assert finding.observed["mechanism"] == "policy_route"
    assert finding.observed["also"] == ["dhcp_client", "nat", "nat_sessions", "public_interface"]


def test_a_dialer_without_a_session_is_latent_although_its_route_is_up() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port("Dialer1", spoofing=True)
    router.add("pppoe", PppoeSession("GigabitEthernet0/0/5", "Dialer1", is_up=False))
    router.row("39.96.0.0/16", "", "Dialer1")

    seen = world.judge()

    assert seen.points() == {("T1", "specific_route", "ipv4", True)}
    assert seen.strength("D-T1") == "consistent"
    assert seen.strength("430121100") == "suspected"


def test_an_unselected_static_that_lost_its_line_is_a_latent_default() -> None:
    world = build_world()
    stray_line(world)
    world.routers["T1"].static("0.0.0.0/0", ISP, WAN, preference=60)
    router = world.routers["T1"]
    router.rows[("", 4)] = [
        r._replace(preference=150) if not r.length else r for r in router.rows[("", 4)]
    ]

    assert world.judge().points() == {("T1", "static_default", "ipv4", True)}


def test_a_provider_session_that_is_down_is_latent() -> None:
    world = build_world()
    stray_line(world)
    world.routers["T1"].add("bgp_peers", BgpPeer(ip_address(ISP), "64500", "idle"))

    assert world.judge().points() == {("T1", "isp_bgp", "ipv4", True)}


def test_a_home_router_in_private_space_is_an_exit_too() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port(WAN, "192.168.1.2/24", origin=AddressOrigin.DHCP)
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "192.168.1.1", WAN)

    assert world.judge().points() == {("T1", "static_default", "ipv4", False)}


def test_two_mechanisms_on_one_device_are_two_findings() -> None:
    world = build_world()
    specific_route(world)
    world.routers["T1"].port("GigabitEthernet0/0/6", "192.0.2.2/30")

    assert world.judge().points() == {
        ("T1", "specific_route", "ipv4", False),
        ("T1", "public_interface", "ipv4", True),
    }


def test_a_finding_quotes_the_lines_and_proposes_a_remedy() -> None:
    world = build_world()
    specific_route(world)

    finding = world.judge().findings("exits.undeclared")[0]

    quoted = {(e.command, e.lines) for e in finding.evidence}
    rows = world.routers["T1"].rows[("", 4)]
    line = next(
        r.line for r in rows if r.network == int(ip_network("39.96.0.0/16").network_address)
    )
    assert ("display ip routing-table", (line, line)) in quoted
    assert finding.remedy is not None
    assert "undo ip route-static 39.96.0.0 255.255.0.0 203.0.113.1" in finding.remedy.en


def test_the_declared_line_is_no_finding_and_another_line_of_the_same_router_is() -> None:
    world = build_world()
    world.routers["K1"].port(WAN, "203.0.113.2/30").row("39.96.0.0/16", ISP, WAN)

    seen = world.judge()

    assert seen.points() == {("K1", "specific_route", "ipv4", False)}
    assert seen.strength("D-K1") == "violated"
    assert seen.row("D-K1").exit == "E-430121"
    assert LINE not in seen.findings("exits.undeclared")[0].observed["lines"]


def test_a_kernels_second_default_is_a_floating_static() -> None:
    world = build_world()
    stray_line(world)
    world.routers["T1"].row("0.0.0.0/0", ISP, WAN, active=False, preference=60)
    router = world.routers["T1"]
    router.rows[("", 4)] = [
        r._replace(preference=0) if not r.length and r.active else r for r in router.rows[("", 4)]
    ]

    assert world.judge().points() == {("T1", "floating_static", "ipv4", True)}


def test_a_modem_and_its_channel_are_one_line() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port("Eth-channel0/0:0", "203.0.113.9/32", origin=AddressOrigin.CELLULAR)
    router.add("cellular", Cellular("Cellular0/0", is_connected=True))
    router.rows[("", 4)] = [r for r in router.rows[("", 4)] if r.length]
    router.row("0.0.0.0/0", "203.0.113.9", "Eth-channel0/0:0")

    seen = world.judge()

    assert seen.points() == {("T1", "cellular", "ipv4", False)}
    assert seen.findings("exits.undeclared")[0].observed["lines"] == ["Eth-channel0/0:0"]


def test_a_leak_shows_in_the_tables_where_the_configuration_is_not_told() -> None:
    """The static default of the instance names a line that only the public table has."""
    world = build_world()
    vpn_leak(world)
    router = world.routers["T1"]
    rows = router.rows[("fin", 4)]
    router.rows[("fin", 4)] = [row._replace(leak_vpn=None) for row in rows]

    seen = world.judge()

    assert seen.points() == {("T1", "vpn_leak", "ipv4", False)}
    assert seen.findings("exits.undeclared")[0].observed["exit"] == "E-430121"
    assert seen.strength("D-V") == "violated"


def test_a_static_default_on_a_line_of_the_instance_itself_is_no_leak() -> None:
    world = build_world()
    world.department("D-V", "430121100", "D", "10.90.0.0/24@fin", exit="E-430121")
    router = world.routers["T1"]
    router.port("Vlanif90", "10.90.0.1/24", vpn="fin").port(WAN, "203.0.113.2/30", vpn="fin")
    router.add("vpn_instances", VpnInstance("fin", 4, "1:1", ("1:1",), ("1:1",)))
    router.row("0.0.0.0/0", ISP, WAN, vpn="fin")

    assert world.judge().points() == {("T1", "static_default", "ipv4", False)}
