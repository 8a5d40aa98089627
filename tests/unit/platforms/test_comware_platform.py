"""How a Comware device talks, which commands it is asked, and what its names mean."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from netops.facts.access import Dialer
from netops.facts.answers import AnswerState
from netops.facts.interfaces import Interface
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnInstance
from netops.platforms.answer import Parsed
from netops.platforms.h3c_comware import PLATFORM


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("GE1/0/1", "GigabitEthernet1/0/1"),
        ("GE0/1.3647", "GigabitEthernet0/1.3647"),
        ("XGE1/0/49:1", "Ten-GigabitEthernet1/0/49:1"),
        ("XGE1/0/0/1", "Ten-GigabitEthernet1/0/0/1"),
        ("25GE1/0/1", "Twenty-FiveGigE1/0/1"),
        ("WGE1/0/1", "Twenty-FiveGigE1/0/1"),
        ("FGE1/0/53", "FortyGigE1/0/53"),
        ("HGE1/0/25", "HundredGigE1/0/25"),
        ("Eth1/0", "Ethernet1/0"),
        ("M-GE0/0/0", "M-GigabitEthernet0/0/0"),
        ("MGE0/0/0", "M-GigabitEthernet0/0/0"),
        ("BAGG10", "Bridge-Aggregation10"),
        ("RAGG1.4", "Route-Aggregation1.4"),
        ("E-Ch2/0:0", "Eth-channel2/0:0"),
        ("Echannel2/4/0:0", "Eth-channel2/4/0:0"),
        ("Vlan111", "Vlan-interface111"),
        ("Vlan-interface111", "Vlan-interface111"),
        ("Loop0", "LoopBack0"),
        ("InLoop0", "InLoopBack0"),
        ("NULL0", "NULL0"),
        ("Dia0", "Dialer0"),
        ("VA0", "Virtual-Access0"),
        ("VT1", "Virtual-Template1"),
        ("Tun100", "Tunnel100"),
        ("MP1", "MP-group1"),
        ("Ser1/0", "Serial1/0"),
        ("REG0", "Register-Tunnel0"),
        ("Cellular0/0", "Cellular0/0"),
        ("GigabitEthernet1/0/1", "GigabitEthernet1/0/1"),
        ("Ten-GigabitEthernet1/0/1", "Ten-GigabitEthernet1/0/1"),
        ("Unheard-Of7", "Unheard-Of7"),
        ("--", "--"),
    ],
)
def test_short_names_become_full_names(short: str, full: str) -> None:
    assert PLATFORM.full_interface(short) == full
    assert PLATFORM.full_interface(full) == full


@pytest.mark.parametrize("host", ["CITY-RT-01", "H3C 1920", "岳麓区-SW_1.a", "a"])
def test_the_prompt_of_the_user_view_names_the_host(host: str) -> None:
    for text in (f"<{host}>", f"\0<{host}>", f"<{host}>\x07", f"RBM_P<{host}>"):
        match = PLATFORM.prompt.fullmatch(text)
        assert match is not None, text
        assert match["host"] == host


@pytest.mark.parametrize("text", ["[CITY]", "<>", "10.1.1.1 <mail>x", "CITY#"])
def test_other_lines_are_no_prompt(text: str) -> None:
    assert PLATFORM.prompt.fullmatch(text) is None


def test_the_pause_is_known_in_both_spellings() -> None:
    assert PLATFORM.pager.fullmatch("  ---- More ----")
    assert PLATFORM.pager.fullmatch("----more----")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (" % Unrecognized command found at '^' position.", AnswerState.NOT_SUPPORTED),
        (" % Wrong parameter found at '^' position.", AnswerState.NOT_SUPPORTED),
        (" % Too many parameters found at '^' position.", AnswerState.NOT_SUPPORTED),
        (" % Incomplete command found at '^' position.", AnswerState.ERROR),
        ("Permission denied.", AnswerState.REFUSED),
    ],
)
def test_a_refusal_is_classified(text: str, state: AnswerState) -> None:
    found = [s for pattern, s in PLATFORM.refusals if pattern.search(text)]
    assert found[:1] == [state]


def test_a_missing_part_is_no_refusal_of_the_command() -> None:
    text = "The operation is not supported on the specified fan."
    assert not any(pattern.search(text) for pattern, _ in PLATFORM.refusals)


@pytest.mark.parametrize(
    "text",
    ["Change now? [Y/N]:", "old password:", " Press Y or ENTER to continue, N to exit.",
     "Please enter your password:"],
)  # fmt: skip
def test_a_login_question_is_recognised(text: str) -> None:
    assert any(pattern.fullmatch(text) for pattern in PLATFORM.questions)


def test_an_asynchronous_log_line_is_noise() -> None:
    line = "%Mar  5 03:17:02:114 2024 CITY-RT OSPF/5/OSPF_NBR_CHG: OSPF 1 Neighbor 10.1.1.2"
    assert any(pattern.match(line) for pattern in PLATFORM.line_noise)
    assert not any(pattern.match(" % Wrong parameter") for pattern in PLATFORM.line_noise)


def test_every_command_reads_and_nothing_else_is_admitted() -> None:
    assert all(command.text.startswith("display ") for command in PLATFORM.commands)
    assert len({command.text for command in PLATFORM.commands}) == len(PLATFORM.commands)
    assert PLATFORM.admits("screen-length disable")
    assert PLATFORM.admits("display ip routing-table vpn-instance OFFICE")
    for line in ("system-view", "save force", "display ip routing-table vpn-instance A;reboot",
                 "display current-configuration | begin x", "display version\nreset"):  # fmt: skip
        assert not PLATFORM.admits(line), line


def test_the_audits_name_what_they_cannot_do_without() -> None:
    needed = {name: {c.text for c in PLATFORM.commands if name in c.needed_by}
              for name in ("exits", "connectivity")}  # fmt: skip
    assert needed["connectivity"] == {"display ip interface brief", "display ip routing-table"}
    assert {"display nat all", "display current-configuration"} <= needed["exits"]
    assert all(c.bulk for c in PLATFORM.commands if c.needed_by)


def test_further_commands_follow_from_what_was_found() -> None:
    first = Parsed(
        (
            VpnInstance("OFFICE"),
            VpnInstance("odd name"),
            Interface("Dialer0"),
            Interface("GigabitEthernet0/0", vpn="OFFICE"),
            Interface("Eth-channel0/0:0"),
            Dialer("Dialer0"),
            BgpPeer(ip_address("10.20.0.7"), "65003", "configured", vpn="OFFICE"),
        )
    )
    found = PLATFORM.followups({"display ip vpn-instance": first})
    assert found == (
        "display ip routing-table vpn-instance OFFICE",
        "display ipv6 routing-table vpn-instance OFFICE",
        "display ip routing-table vpn-instance OFFICE protocol static",
        "display bgp peer ipv4 vpn-instance OFFICE",
        "display interface Dialer0",
        "display interface Eth-channel0/0:0",
    )
    assert all(PLATFORM.admits(line) for line in found)


def test_defaults_differ_by_release() -> None:
    assert PLATFORM.defaults["5"]["bgp.ipv4_unicast"] == "enabled"
    assert PLATFORM.defaults["7"]["bgp.ipv4_unicast"] == "disabled"
