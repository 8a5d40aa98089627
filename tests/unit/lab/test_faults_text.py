"""The lines of the device's text that carry each mechanism and each innocent.

The fragments are written from the vendors' references for the addresses of the world with
seed 7, where the first undeclared line is 198.19.128.0/30.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lab_worlds import make_world

from netops.lab.plan import World
from netops.lab.render import render_answers

CONFIGURATION = "display current-configuration"
VRP: Mapping[str, tuple[str, ...]] = {
    "policy_route": (
        " rule 0 permit source 10.8.225.0 0.0.0.15",
        " redirect ip-nexthop 198.19.128.1",
        " traffic-policy to-office inbound",
    ),
    "vpn_leak": ("ip route-static vpn-instance {vpn} 0.0.0.0 0.0.0.0 {carrier} public",),
    "split_default": (
        "ip route-static 0.0.0.0 128.0.0.0 {port} 198.19.128.1",
        "ip route-static 128.0.0.0 128.0.0.0 {port} 198.19.128.1",
    ),
    "specific_route": ("ip route-static 198.51.100.0 255.255.255.0 {port} 198.19.128.1",),
    "pppoe_dialer": (
        " pppoe-client dial-bundle-number 1",
        " ip address ppp-negotiate",
        "ip route-static 0.0.0.0 0.0.0.0 Dialer1",
    ),
    "cellular": ("interface Cellular0/0/0", "ip route-static 0.0.0.0 0.0.0.0 Cellular0/0/0"),
    "tunnel": (
        " tunnel-protocol gre",
        " destination 203.0.113.1",
        "ip route-static 0.0.0.0 0.0.0.0 Tunnel0/0/1",
    ),
    "isp_bgp": (" peer 198.19.128.1 as-number 64500", "  preference 50 255 255"),
    "ipv6_default": ("ipv6 route-static :: 0 {port} 2001:DB8:1::1",),
    "floating_static": ("ip route-static 0.0.0.0 0.0.0.0 {port} 198.19.128.1 preference 200",),
    "static_default": ("ip route-static 0.0.0.0 0.0.0.0 {port} 198.19.128.1",),
    "public_interface": (" ip address 198.19.128.2 255.255.255.252",),
}
COMWARE: Mapping[str, tuple[str, ...]] = {
    "policy_route": (
        "policy-based-route to-office permit node 10",
        " apply next-hop 198.19.128.1",
        " ip policy-based-route to-office",
    ),
    "vpn_leak": (" ip route-static vpn-instance {vpn} 0.0.0.0 0 {carrier} public",),
    "split_default": (
        " ip route-static 0.0.0.0 1 {port} 198.19.128.1",
        " ip route-static 128.0.0.0 1 {port} 198.19.128.1",
    ),
    "specific_route": (" ip route-static 198.51.100.0 24 {port} 198.19.128.1",),
    "pppoe_dialer": (" pppoe-client dial-bundle-number 1", " ip route-static 0.0.0.0 0 Dialer1"),
    "cellular": ("controller Cellular0/0", " ip route-static 0.0.0.0 0 Eth-channel0/0:0"),
    "tunnel": ("interface Tunnel1 mode gre", " ip route-static 0.0.0.0 0 Tunnel1"),
    "isp_bgp": (" peer 198.19.128.1 as-number 64500", "  preference 50 255 255"),
    "ipv6_default": (" ipv6 route-static :: 0 {port} 2001:db8:1::1",),
    "floating_static": (" ip route-static 0.0.0.0 0 {port} 198.19.128.1 preference 200",),
    "static_default": (" ip route-static 0.0.0.0 0 {port} 198.19.128.1",),
    "public_interface": (" ip address 198.19.128.2 255.255.255.252",),
}


def _text(world: World, device: str) -> list[str]:
    return render_answers(world.model(device))[CONFIGURATION].splitlines()


def _planted(platform: str, mechanism: str, by: str = "static") -> tuple[World, dict[str, str]]:
    more = f", by: {by}" if mechanism == "vpn_leak" else ""
    world = make_world(
        f"platforms: {{county: {platform}}}\n"
        f'faults: [{{kind: exit, mechanism: {mechanism}, at: "430121"{more}}}]'
    )
    router = world.net.routers["430121-R1"]
    rogue = [p.name for p in router.ports.values() if p.role == "rogue"]
    carrier = next(p for p in router.ports.values() if p.role == "carrier")
    private = world.net.departments["D-430121-01"].private
    return world, {
        "port": rogue[0] if rogue else "",
        "carrier": str(carrier.far),
        "vpn": private[0][1] if private else "",
    }


@pytest.mark.parametrize("mechanism", sorted(VRP))
@pytest.mark.parametrize("platform", ["huawei_vrp", "h3c_comware"])
def test_the_configuration_holds_the_lines_of_a_mechanism(platform: str, mechanism: str) -> None:
    world, words = _planted(platform, mechanism)
    text = _text(world, "430121-R1")
    clean = _text(make_world(f"platforms: {{county: {platform}}}\nfaults: []"), "430121-R1")
    for fragment in (VRP if platform == "huawei_vrp" else COMWARE)[mechanism]:
        line = fragment.format(**words)
        assert line in text
        assert line not in clean or line.startswith("  preference")


IMPORTED: Mapping[str, tuple[str, ...]] = {
    "huawei_vrp": (
        "ip vpn-instance internet-share",
        "  vpn-target 65000:900 export-extcommunity",
        "  vpn-target 65000:100 65000:900 import-extcommunity",
        "ip route-static vpn-instance internet-share 0.0.0.0 0.0.0.0 {carrier} public",
    ),
    "h3c_comware": (
        "ip vpn-instance internet-share",
        "  vpn-target 65000:900 export-extcommunity",
        "  vpn-target 65000:100 65000:900 import-extcommunity",
        " ip route-static vpn-instance internet-share 0.0.0.0 0 {carrier} public",
    ),
}
"""The department of this world is in the instance ``finance``, whose own target is 65000:100."""


@pytest.mark.parametrize("platform", sorted(IMPORTED))
def test_a_leak_by_route_target_shows_the_import_and_the_default_it_brings(platform: str) -> None:
    world, words = _planted(platform, "vpn_leak", "route_target")
    assert words["vpn"] == "finance"
    text = _text(world, "430121-R1")
    for line in IMPORTED[platform]:
        assert line.format(**words) in text
    table = "display ip routing-table vpn-instance finance"
    rows = render_answers(world.model("430121-R1"))[table].splitlines()
    (default,) = (row.split() for row in rows if row.split()[:1] == ["0.0.0.0/0"])
    assert default[1] in ("IBGP", "BGP")
    assert words["carrier"] in default


def test_a_host_shows_its_second_card_and_the_default_through_it() -> None:
    world = make_world('faults: [{kind: exit, mechanism: dual_homed_host, at: "430121"}]')
    answers = render_answers(world.model("D-430121-01-H1"))
    assert (
        '"dst":"default","gateway":"198.19.128.1","dev":"eth1"'
        in (answers["ip -4 -j route show table all"])
    )
    assert '"local":"198.19.128.2"' in answers["ip -j -d address show"]


INNOCENTS = (
    "platforms: {province: huawei_vrp, city: huawei_vrp, county: huawei_vrp}\n"
    "innocents: [ha_pair, two_carriers, public_block, nat_between_vpns, oob_card,"
    " exempt_department, cgn_in_plan]"
)


def _where(world: World, kind: str) -> str:
    return next(code for name, code in world.planted.innocents if name == kind)


def _defaults(lines: list[str]) -> int:
    return sum(line.startswith("ip route-static 0.0.0.0 0.0.0.0 ") for line in lines)


def test_innocents_show_the_lines_that_make_them_look_guilty() -> None:
    world = make_world(INNOCENTS)
    first = {kind: _text(world, f"{code}-R1") for kind, code in world.planted.innocents}
    assert _defaults(_text(world, "430000-R1")) == 1
    assert _defaults(_text(world, "430000-R2")) == 1
    assert _defaults(first["two_carriers"]) == 2
    assert any(line.startswith(" ip address 59.240.") for line in first["public_block"])
    assert any(line.startswith(" ip address 100.64.") for line in first["cgn_in_plan"])
    assert "interface Cellular0/0/0" in first["oob_card"]
    assert "ip route-static vpn-instance oob 0.0.0.0 0.0.0.0 Cellular0/0/0" in first["oob_card"]
    at = first["nat_between_vpns"].index(" ip binding vpn-instance finance")
    assert any(" nat outbound" in line for line in first["nat_between_vpns"][at : at + 5])


def test_an_exempt_department_has_a_router_with_a_default_of_its_own() -> None:
    world = make_world(INNOCENTS)
    department = world.net.exemptions[0].subject_id
    assert department.startswith(f"D-{_where(world, 'exempt_department')}-")
    assert _defaults(_text(world, f"{department}-R1")) == 1
