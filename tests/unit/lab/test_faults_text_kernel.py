"""The lines of FRR's and Linux's text that carry each mechanism and each innocent.

Written from FRR's and iproute2's manuals for the addresses of the world with seed 7, where the
first undeclared line is 198.19.128.0/30 and the declared one's far end is 198.18.0.37.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lab_worlds import make_world

from netops.lab.render import render_answers

FRR: Mapping[str, tuple[str, ...]] = {
    "policy_route": (
        "pbr-map to-office seq 10",
        " match src-ip 10.8.225.0/28",
        " set nexthop 198.19.128.1",
        " pbr-policy to-office",
    ),
    "vpn_leak": (" ip route 0.0.0.0/0 198.18.0.37 nexthop-vrf default",),
    "split_default": (
        "ip route 0.0.0.0/1 198.19.128.1 eth9",
        "ip route 128.0.0.0/1 198.19.128.1 eth9",
    ),
    "specific_route": ("ip route 198.51.100.0/24 198.19.128.1 eth9",),
    "pppoe_dialer": ("ip route 0.0.0.0/0 ppp0",),
    "cellular": ("ip route 0.0.0.0/0 wwan0",),
    "tunnel": ("ip route 203.0.113.1/32 198.18.0.37 eth4", "ip route 0.0.0.0/0 gre1"),
    "isp_bgp": (
        " neighbor 198.19.128.1 remote-as 64500",
        "ip route 0.0.0.0/0 198.18.0.37 eth4 30",
    ),
    "ipv6_default": ("ipv6 route ::/0 2001:db8:1::1 eth9",),
    "floating_static": ("ip route 0.0.0.0/0 198.19.128.1 eth9 250",),
    "static_default": ("ip route 0.0.0.0/0 198.19.128.1 eth9",),
    "public_interface": (" ip address 198.19.128.2/30",),
}
BY_IMPORT = ("  rt vpn import 65000:100 65000:900", "  rt vpn export 65000:900")
DECLARED = '"gateway":"198.18.0.37","dev":"eth4"'
SHARED = (
    '{"dst":"default","protocol":"static","flags":[],"nexthops":[{'
    + DECLARED
    + ',"weight":1,"flags":[]},'
)
LINUX: Mapping[str, tuple[str, ...]] = {
    "policy_route": (
        '{"priority":10,"src":"10.8.225.0","srclen":28,"iif":"eth5","table":"100"}',
        '{"dst":"default","gateway":"198.19.128.1","dev":"eth9","table":"100","flags":[]}',
    ),
    "vpn_leak": ('{"dst":"default",' + DECLARED + ',"table":"1001","protocol":"static",',),
    "split_default": (
        '{"dst":"0.0.0.0/1","gateway":"198.19.128.1","dev":"eth9","protocol":"static","flags":[]}',
        '{"dst":"128.0.0.0/1","gateway":"198.19.128.1","dev":"eth9","protocol":"static",',
    ),
    "specific_route": ('{"dst":"198.51.100.0/24","gateway":"198.19.128.1","dev":"eth9",',),
    "pppoe_dialer": (SHARED + '{"dev":"ppp0","weight":1,"flags":[]}]}', '"info_kind":"ppp"'),
    "cellular": (SHARED + '{"dev":"wwan0","weight":1,"flags":[]}]}', '"info_kind":"wwan"'),
    "tunnel": (SHARED + '{"dev":"gre1","weight":1,"flags":[]}]}', '"remote":"203.0.113.1"'),
    "isp_bgp": (
        '{"dst":"default","gateway":"198.19.128.1","dev":"eth9","protocol":"bgp","flags":[]}',
        '{"dst":"default",' + DECLARED + ',"protocol":"static","metric":30,"flags":[]}',
    ),
    "ipv6_default": ('{"dst":"default","gateway":"2001:db8:1::1","dev":"eth9",',),
    "floating_static": (
        '{"dst":"default",' + DECLARED + ',"protocol":"static","flags":[]}',
        '{"dst":"default","gateway":"198.19.128.1","dev":"eth9","protocol":"static","metric":250,',
    ),
    "static_default": (SHARED + '{"gateway":"198.19.128.1","dev":"eth9","weight":1,"flags":[]}]}',),
    "public_interface": ('"local":"198.19.128.2","prefixlen":30',),
}


def _text(platform: str, tail: str, device: str = "430121-R1") -> str:
    world = make_world(f"platforms: {{county: {platform}, city: {platform}}}\n{tail}")
    return "\n".join(render_answers(world.model(device)).values())


def _fault(mechanism: str, more: str = "") -> str:
    return f'faults: [{{kind: exit, mechanism: {mechanism}, at: "430121"{more}}}]'


@pytest.mark.parametrize("mechanism", sorted(FRR))
def test_frr_shows_the_lines_of_a_mechanism(mechanism: str) -> None:
    more = ", by: static" if mechanism == "vpn_leak" else ""
    text = _text("frr", _fault(mechanism, more)).splitlines()
    clean = _text("frr", "faults: []").splitlines()
    assert [line for line in FRR[mechanism] if line not in text] == []
    assert [line for line in FRR[mechanism] if line in clean] == []


def test_frr_shows_a_leak_by_route_target_where_it_imports_and_exports() -> None:
    text = _text("frr", _fault("vpn_leak", ", by: route_target")).splitlines()
    assert [line for line in BY_IMPORT if line not in text] == []


@pytest.mark.parametrize("mechanism", sorted(LINUX))
def test_linux_shows_the_entries_of_a_mechanism(mechanism: str) -> None:
    text = _text("linux_host", _fault(mechanism))
    clean = _text("linux_host", "faults: []")
    assert [entry for entry in LINUX[mechanism] if entry not in text] == []
    assert not all(entry in clean for entry in LINUX[mechanism])


def test_a_kernel_keeps_the_routes_of_a_port_without_carrier_and_marks_them() -> None:
    """As iproute2 6.1 printed it when the far end of a pair was shut."""
    text = _text("linux_host", _fault("static_default", ", latent: true"))
    assert (
        '{"dst":"default","gateway":"198.19.128.1","dev":"eth9","protocol":"static",'
        '"flags":["linkdown"]}'
    ) in text
    assert (
        '{"dst":"198.19.128.0/30","dev":"eth9","protocol":"kernel","scope":"link",'
        '"flags":["linkdown"]}'
    ) in text


INNOCENTS = "innocents: [ha_pair, two_carriers, public_block, oob_card, cgn_in_plan]"
SIGNS: Mapping[str, Mapping[str, str]] = {
    "frr": {
        "two_carriers": "ip route 0.0.0.0/0 198.18.",
        "public_block": " ip address 59.240.",
        "oob_card": "vrf oob",
        "cgn_in_plan": " ip address 100.64.",
    },
    "linux_host": {
        "two_carriers": '{"dst":"default","protocol":"static","flags":[],"nexthops":[',
        "public_block": '"local":"59.240.',
        "oob_card": '"master":"oob"',
        "cgn_in_plan": '"local":"100.64.',
    },
    "h3c_comware": {
        "two_carriers": " ip route-static 0.0.0.0 0 GigabitEthernet",
        "public_block": " ip address 59.240.",
        "oob_card": " ip route-static vpn-instance oob 0.0.0.0 0 Eth-channel0/0:0",
        "cgn_in_plan": " ip address 100.64.",
    },
}


@pytest.mark.parametrize("platform", sorted(SIGNS))
def test_an_innocent_shows_the_line_that_makes_it_look_guilty(platform: str) -> None:
    world = make_world(f"platforms: {{county: {platform}, city: {platform}}}\n{INNOCENTS}")
    places = dict(world.planted.innocents)
    for kind, sign in SIGNS[platform].items():
        text = "\n".join(render_answers(world.model(f"{places[kind]}-R1")).values())
        wanted = 2 if kind == "two_carriers" and platform != "linux_host" else 1
        assert text.count(sign) >= wanted, kind


def test_a_translation_between_instances_stands_on_a_port_of_a_private_instance() -> None:
    world = make_world("platforms: {county: h3c_comware, city: h3c_comware}\n"
                       "innocents: [nat_between_vpns]")  # fmt: skip
    ((_, code),) = world.planted.innocents
    lines = render_answers(world.model(f"{code}-R1"))["display current-configuration"].splitlines()
    at = lines.index(" ip binding vpn-instance finance")
    assert any(" nat outbound" in line for line in lines[at : at + 6])
