"""Which interfaces offer themselves to hosts as routers of IPv6, by configuration and display."""

from __future__ import annotations

from ipaddress import IPv6Network

import pytest

from netops.facts.access import RouterAdvertisement
from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.registry import platform

PREFIX = IPv6Network("2001:db8:7::/64")

VRP = """\
#
sysname K1
#
interface Vlanif20
 ipv6 enable
 ipv6 address auto link-local
 undo ipv6 nd ra halt
 ipv6 nd ra prefix 2001:DB8:7:: 64 2592000 604800
#
interface Vlanif30
 ipv6 enable
 ipv6 nd ra prefix 2001:DB8:8::/64 2592000 604800
#
return
"""
COMWARE = """\
#
 version 7.1.064, Release 0424P22
#
 sysname K1
#
interface Vlan-interface20
 ipv6 address auto link-local
 undo ipv6 nd ra halt
 ipv6 nd ra prefix 2001:DB8:7::/64 2592000 604800
#
interface Vlan-interface30
 ipv6 nd ra halt
#
return
"""
FRR = """\
frr version 8.4.4
hostname k1
!
interface eth2
 no ipv6 nd suppress-ra
 ipv6 nd prefix 2001:db8:7::/64
exit
!
interface eth3
 ipv6 nd prefix 2001:db8:8::/64
exit
!
end
"""


def parse(name: str, command: str, text: str) -> Parsed:
    found = platform(name).command_for(command)
    assert found is not None
    return found.parse(Answer.of(text, command, "o"))


def senders(parsed: Parsed) -> list[tuple[str, tuple[IPv6Network, ...], int]]:
    found = [f for f in parsed.facts if isinstance(f, RouterAdvertisement)]
    return [(f.interface, f.prefixes, f.source.first) for f in found]


@pytest.mark.parametrize(
    ("name", "command", "text", "interface", "line"),
    [
        ("huawei_vrp", "display current-configuration", VRP, "Vlanif20", 7),
        ("h3c_comware", "display current-configuration", COMWARE, "Vlan-interface20", 8),
        ("frr", "show running-config", FRR, "eth2", 5),
    ],
)
def test_a_configuration_tells_who_advertises_and_what(
    name: str, command: str, text: str, interface: str, line: int
) -> None:
    assert senders(parse(name, command, text)) == [(interface, (PREFIX,), line)]


def test_frr_says_it_of_an_interface_too() -> None:
    text = (
        "Interface eth2 is up, line protocol is up\n"
        "  index 4 metric 0 mtu 1500 speed 0\n"
        "  inet6 fe80::2/64\n"
        "  ND advertised reachable time is 0 milliseconds\n"
        "  ND router advertisements are sent every 600 seconds\n"
        "  ND router advertisements lifetime tracks ra-interval\n"
        "  Hosts use stateless autoconfig for addresses.\n"
    )
    parsed = parse("frr", "show interface", text)
    assert (senders(parsed), parsed.unread) == ([("eth2", (), 1)], ())


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
def test_the_details_are_asked_only_of_a_device_that_has_ipv6(name: str) -> None:
    known = platform(name)
    brief = "display ipv6 interface brief"
    shown = {
        "huawei_vrp": "Interface   Physical  Protocol\nVlanif20    up        up\n"
        "[IPv6 Address] FE80::A2\n",
        "h3c_comware": "*down: administratively down\n(s): spoofing\n"
        "Interface          Physical Protocol IPv6 Address\n"
        "Vlan20             up       up       FE80::B2\n",
    }[name]
    nothing = {
        "huawei_vrp": Parsed(),
        "h3c_comware": parse(name, brief, shown.replace("FE80::B2", "Unassigned")),
    }[name]
    assert "display ipv6 interface" in known.followups({brief: parse(name, brief, shown)})
    assert "display ipv6 interface" not in known.followups({brief: nothing})


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
def test_a_device_without_ipv6_shows_nothing(name: str) -> None:
    command = platform(name).command_for("display ipv6 interface")
    assert command is not None
    assert command.may_be_empty


def test_a_line_that_nobody_knows_is_not_swallowed() -> None:
    text = "Vlanif20 current state : UP\n  Teleportation is enabled\n"
    parsed = parse("huawei_vrp", "display ipv6 interface", text)
    assert parsed.state is AnswerState.UNDERSTOOD
    assert [line.text.strip() for line in parsed.unread] == ["Teleportation is enabled"]
