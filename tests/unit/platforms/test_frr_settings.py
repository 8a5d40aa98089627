"""Effective settings of FRR routers."""

from __future__ import annotations

import pytest

from netops.facts.answers import AnswerState
from netops.facts.settings import SettingsRead, Value
from netops.platforms.answer import Answer
from netops.platforms.frr.settings import BASELINE

CONFIGURATION = "show running-config"


def read(body: str) -> SettingsRead:
    text = f"Building configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\n{body}\n!\nend\n"
    return BASELINE.read({CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")})


def values(found: SettingsRead, name: str) -> dict[str, Value]:
    return {s.key: s.value for s in found.components[0].settings if s.name == name}


def test_the_version_is_that_of_the_text_where_nothing_else_tells() -> None:
    assert read("hostname a").components[0].version == "8.4.4"


def test_a_member_has_what_its_group_has() -> None:
    found = read(
        "router bgp 64510\n neighbor CORE peer-group\n neighbor CORE remote-as 64501\n"
        " neighbor CORE password x\n neighbor 192.0.2.9 peer-group CORE\n"
        " neighbor 192.0.2.13 remote-as 64502\n !\n address-family ipv4 unicast\n"
        "  neighbor CORE maximum-prefix 10\n exit-address-family\nexit"
    )
    assert values(found, "routing.authentication") == {
        "bgp 192.0.2.9": "md5", "bgp 192.0.2.13": "none",
    }  # fmt: skip
    assert values(found, "bgp.prefix_limit") == {"192.0.2.9": True, "192.0.2.13": False}


def test_an_inside_neighbour_needs_no_hop_count() -> None:
    found = read(
        "router bgp 64510\n neighbor 192.0.2.9 remote-as 64510\n"
        " neighbor 192.0.2.13 remote-as internal\nexit"
    )
    assert values(found, "bgp.ttl_security") == {}


def test_ospf_is_spoken_where_a_network_or_an_area_says_so_and_nobody_made_it_passive() -> None:
    found = read(
        "interface eth1\n ip address 192.0.2.1/30\nexit\n!\n"
        "interface eth2\n ip address 198.51.100.1/30\n ip ospf area 0\n"
        " ip ospf authentication message-digest\nexit\n!\n"
        "interface eth3\n ip address 192.0.2.9/30\n ip ospf passive\nexit\n!\n"
        "router ospf\n network 192.0.2.0/24 area 0\nexit"
    )
    assert values(found, "routing.authentication") == {
        "ospf area 0.0.0.0 eth1": "none", "ospf area 0.0.0.0 eth2": "md5",
    }  # fmt: skip


def test_a_list_that_is_bound_and_not_there_is_told() -> None:
    found = read("line vty\n access-class mgmt\nexit")
    assert values(found, "vty.acl_state") == {"vty": "undefined"}
    assert values(found, "acl.binding") == {"vty: mgmt": "undefined"}


@pytest.mark.parametrize(
    ("line", "form"),
    [("password 8 abc", "hash"), ("password abc", "plain"), ("no password", "none"), ("!", "none")],
)
def test_the_form_of_the_terminal_password_is_told_and_nothing_else(line: str, form: str) -> None:
    assert values(read(line), "vty.secret") == {"": form}


@pytest.mark.parametrize("text", ["", "hello\n", "frr version 8.4.4\nhostname a\n"])
def test_a_text_that_is_cut_or_another_gives_no_setting(text: str) -> None:
    found = BASELINE.read({CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")})
    assert found.components[0].settings == ()
    assert found.states[CONFIGURATION][0] is AnswerState.NOT_UNDERSTOOD


def test_no_secret_is_ever_a_value_a_key_or_a_name() -> None:
    found = read(
        "password PLANTED1\nenable password PLANTED2\n!\ninterface eth1\n"
        " ip ospf message-digest-key 1 md5 PLANTED3\n ip ospf authentication-key PLANTED4\n"
        " isis password clear PLANTED5\nexit\n!\nrouter bgp 1\n neighbor 192.0.2.9 remote-as 2\n"
        " neighbor 192.0.2.9 password PLANTED6\nexit"
    )
    assert "PLANTED" not in repr(found.components)


def test_what_a_later_no_takes_from_a_neighbour_is_gone() -> None:
    body = (
        "router bgp 64510\n neighbor 192.0.2.9 remote-as 64501\n neighbor 192.0.2.9 password x\n"
        " neighbor 192.0.2.9 ttl-security hops 1\n no neighbor 192.0.2.9 ttl-security hops 1\n"
        " no neighbor 192.0.2.9 password x\n neighbor 192.0.2.13 remote-as 64502\n"
        " no neighbor 192.0.2.13\nexit"
    )
    found = read(body)
    assert values(found, "bgp.ttl_security") == {"192.0.2.9": False}
    assert values(found, "routing.authentication") == {"bgp 192.0.2.9": "none"}


def test_a_password_that_nobody_is_asked_for_guards_nothing() -> None:
    body = "password 8 abcdefgh\nline vty\n no login\nexit"
    assert values(read(body), "vty.secret") == {"": "not_asked"}
    again = values(read(body.replace(" no login", " no login\n login")), "vty.secret")
    assert again == {"": "hash"}


def test_a_network_whose_address_the_system_gave_is_unknown_unless_its_area_asks_for_keys() -> None:
    body = (
        "interface eth1\n ip address 192.0.2.1/30\nexit\nrouter ospf\n network 192.0.2.0/30 area 0\n"
        " network 198.51.100.0/24 area 0\n network 203.0.113.0/24 area 1\n"
        " area 1 authentication message-digest\nexit\n"
        "router rip\n network 198.51.100.0/24\n network eth2\n network lo\nexit"
    )
    assert values(read(body), "routing.authentication") == {
        "ospf area 0.0.0.0 eth1": "none",
        "ospf area 0.0.0.0 198.51.100.0/24": ("unknown",),
        "ospf area 0.0.0.1 203.0.113.0/24": "md5",
        "rip 198.51.100.0/24": ("unknown",),
        "rip eth2": "none",
    }


@pytest.mark.parametrize(
    ("process", "line", "found"),
    [
        ("passive-interface default", "", {}),
        (
            "passive-interface default\n no passive-interface eth1",
            "",
            {"ospf area 0.0.0.0 eth1": "none"},
        ),
        ("passive-interface default", "no ip ospf passive", {"ospf area 0.0.0.0 eth1": "none"}),
        ("passive-interface eth1", "", {}),
    ],
)
def test_a_line_may_be_taken_out_of_passive_default(
    process: str, line: str, found: dict[str, Value]
) -> None:
    body = (
        f"interface eth1\n ip address 192.0.2.1/30\n {line or 'no shutdown'}\nexit\n"
        f"router ospf\n {process}\n network 192.0.2.0/24 area 0\nexit"
    )
    assert values(read(body), "routing.authentication") == found
