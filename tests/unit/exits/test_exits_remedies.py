"""What would end an exit point, in the words of its platform."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from exits_world import build_world

from netops.exits.points import ExitPoint
from netops.exits.remedies import commands_for
from netops.exits.route_words import policy_words
from netops.exits.signals import Signal
from netops.exits.terms import Mechanism, PointKey
from netops.facts.policy_routes import PolicyRoute
from netops.facts.source import Source

KEY = PointKey("R", "GE0/0/8", 4)
STATIC = {"prefix": "0.0.0.0/0", "next_hop": "198.51.100.1", "protocol": "static", "vpn": ""}


def point(kind: str, what: dict[str, str], vpn: str = "", family: int = 4) -> ExitPoint:
    """Return an exit point with one signal."""
    key = KEY._replace(family=family)
    signal = Signal(key, kind, active=True, vpn=vpn, what=what)
    return ExitPoint(key, "430000", Mechanism.STATIC_DEFAULT, (), False, (signal,))


@pytest.mark.parametrize(
    ("platform", "kind", "what", "vpn", "expected"),
    [
        ("huawei_vrp", Mechanism.STATIC_DEFAULT, STATIC, "",
         "undo ip route-static 0.0.0.0 0.0.0.0 198.51.100.1"),
        ("huawei_vrp", Mechanism.VPN_LEAK, {**STATIC, "to_vpn": ""}, "fin",
         "undo ip route-static vpn-instance fin 0.0.0.0 0.0.0.0 198.51.100.1 public"),
        ("h3c_comware", Mechanism.VPN_LEAK, {**STATIC, "to_vpn": "inet"}, "fin",
         "undo ip route-static vpn-instance fin 0.0.0.0 0.0.0.0 vpn-instance inet 198.51.100.1"),
        ("frr", Mechanism.STATIC_DEFAULT, STATIC, "", "no ip route 0.0.0.0/0 198.51.100.1"),
        ("linux_host", Mechanism.STATIC_DEFAULT, {**STATIC, "interface": "eth1"}, "",
         "ip route del 0.0.0.0/0 via 198.51.100.1 dev eth1"),
        ("h3c_comware", Mechanism.POLICY_ROUTE, {"policy": "EXIT", "interface": "Vlan10"}, "",
         "interface Vlan10 ; undo ip policy-based-route EXIT"),
        ("huawei_vrp", Mechanism.PUBLIC_INTERFACE, {}, "", "interface GE0/0/8 ; shutdown"),
        ("huawei_vrp", Mechanism.TUNNEL, {"interface": "Tunnel0/0/1"}, "",
         "undo interface Tunnel0/0/1"),
        ("huawei_vrp", Mechanism.ISP_BGP, {"peer": "203.0.113.1", "as": "64600"}, "",
         "bgp 64600 ; undo peer 203.0.113.1"),
        ("huawei_vrp", Mechanism.STATIC_DEFAULT, {**STATIC, "protocol": "dhcp"}, "",
         "interface GE0/0/8 ; shutdown"),
        ("huawei_vrp", Mechanism.POLICY_ROUTE,
         {"policy": "P", "interface": "Vlanif10", "form": "traffic vlan"}, "",
         "vlan 10 ; undo traffic-policy inbound"),
        ("huawei_vrp", Mechanism.POLICY_ROUTE,
         {"policy": "P", "interface": "GE0/0/1", "form": "traffic global"}, "",
         "undo traffic-policy global inbound"),
        ("huawei_vrp", Mechanism.POLICY_ROUTE,
         {"policy": "gov 40", "interface": "GE0/0/1", "form": "traffic-redirect interface"}, "",
         "interface GE0/0/1 ; undo traffic-redirect inbound acl name gov"),
        ("huawei_vrp", Mechanism.POLICY_ROUTE, {"policy": "P", "interface": "", "form": "local"},
         "", "undo ip local policy-based-route P"),
        ("h3c_comware", Mechanism.POLICY_ROUTE, {"policy": "P", "interface": "G1", "form": "qos"},
         "", "interface G1 ; undo qos apply policy inbound"),
        ("linux_host", Mechanism.POLICY_ROUTE, {"policy": "ip rule", "node": "100"}, "",
         "ip rule del priority 100"),
    ],
)  # fmt: skip
def test_a_remedy_speaks_the_platforms_words(
    platform: str, kind: str, what: dict[str, str], vpn: str, expected: str
) -> None:
    assert commands_for(platform, point(kind, what, vpn)) == (expected,)


@pytest.mark.parametrize(
    ("platform", "form", "expected"),
    [
        ("huawei_vrp", "traffic interface",
         ("interface GigabitEthernet0/0/1 ; undo traffic-policy inbound",
          "interface GigabitEthernet0/0/2 ; undo traffic-policy inbound")),
        ("h3c_comware", None,
         ("interface GigabitEthernet0/0/1 ; undo ip policy-based-route OUT",
          "interface GigabitEthernet0/0/2 ; undo ip policy-based-route OUT")),
        ("frr", None,
         ("interface GigabitEthernet0/0/1 ; no pbr-policy OUT",
          "interface GigabitEthernet0/0/2 ; no pbr-policy OUT")),
        ("linux_host", None, ("ip rule del priority 10",)),
        ("huawei_vrp", "traffic global", ("undo traffic-policy global inbound",)),
        ("h3c_comware", "qos mixed", ()),
    ],
)  # fmt: skip
def test_a_policy_is_taken_off_each_interface_by_a_sequence_of_its_own(
    platform: str, form: str | None, expected: tuple[str, ...]
) -> None:
    places = ("GigabitEthernet0/0/1", "GigabitEthernet0/0/2")
    node = PolicyRoute("OUT", 10, interfaces=places, form=form)
    made = [
        Signal(KEY, Mechanism.POLICY_ROUTE, active=True, what=words) for words in policy_words(node)
    ]
    whole = ExitPoint(KEY, "430000", Mechanism.POLICY_ROUTE, (), False, tuple(made))

    assert commands_for(platform, whole) == expected


def test_a_policy_on_two_interfaces_is_proposed_line_by_line() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port("GigabitEthernet0/0/8", "203.0.113.2/30").port("GigabitEthernet0/0/7")
    places = ("GigabitEthernet0/0/7", "GigabitEthernet0/0/2")
    router.add(
        "policy_routes",
        PolicyRoute(
            "OUT", 1, next_hops=(ip_address("203.0.113.1"),), interfaces=places,
            form="traffic interface", source=Source("T1:display current-configuration", 7, 7),
        ),
    )  # fmt: skip

    remedy = world.judge().findings("exits.undeclared")[0].remedy

    assert remedy is not None
    assert remedy.en == (
        "Proposal, to be checked by a person first: "
        "interface GigabitEthernet0/0/2 ; undo traffic-policy inbound | "
        "interface GigabitEthernet0/0/7 ; undo traffic-policy inbound"
    )


def test_an_ipv6_route_is_spelled_with_its_length() -> None:
    what = {**STATIC, "prefix": "::/0", "next_hop": "2001:db8::1"}

    found = commands_for("huawei_vrp", point(Mechanism.IPV6_DEFAULT, what, family=6))

    assert found == ("undo ipv6 route-static :: 0 2001:db8::1",)


def test_a_platform_without_words_gets_no_remedy() -> None:
    assert commands_for("unheard_of", point(Mechanism.STATIC_DEFAULT, STATIC)) == ()


def test_the_line_is_shut_only_where_no_route_can_be_taken_away() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port("GigabitEthernet0/0/8", "203.0.113.2/30")
    router.row("39.96.0.0/16", "203.0.113.1", "GigabitEthernet0/0/8")

    remedy = world.judge().findings("exits.undeclared")[0].remedy

    assert remedy is not None
    assert "shutdown" not in remedy.en
