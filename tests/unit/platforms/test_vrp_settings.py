"""Effective settings of VRP devices: traps of text, defaults by release, live over written."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from netops.facts.answers import AnswerState
from netops.facts.settings import SettingsRead, Value
from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp.settings import BASELINE

CONFIGURATION = "display current-configuration"
S19 = "VRP (R) software, Version 5.170 (S5700 V200R019C10SPC500)\n"


def read(
    body: str,
    version: str = S19,
    *,
    first: str = "!Software Version V200R019C10SPC500",
    live: Mapping[str, str] | None = None,
) -> SettingsRead:
    text = f"{first}\n#\nsysname CITY07-R1\n#\n{body}\n#\nreturn\n"
    answers = {CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")}
    if version:
        answers["display version"] = Answer.of(version, "display version", "o2")
    for command, shown in (live or {}).items():
        answers[command] = Answer.of(shown, command, "o3")
    return BASELINE.read(answers)


def values(found: SettingsRead, name: str) -> dict[str, Value]:
    return {s.key: s.value for s in found.components[0].settings if s.name == name}


def value(found: SettingsRead, name: str) -> Value | None:
    return values(found, name).get("")


def test_the_later_of_two_lines_decides() -> None:
    assert value(read("telnet server enable\nundo telnet server enable"), "mgmt.telnet") is False
    assert value(read("undo telnet server enable\ntelnet server enable"), "mgmt.telnet") is True
    assert value(read("undo snmp-agent\nsnmp-agent"), "snmp.agent") is True


@pytest.mark.parametrize(
    ("version", "first", "telnet"),
    [
        (S19, "!Software Version V200R019C10SPC500", False),
        (S19, "!Software Version V200R019C10", False),
        (S19, "!Software Version V200R001C00SPC300", None),
        ("VRP (R) software, Version 5.110 (S5700 V200R001C00SPC300)",
         "!Software Version V200R001C00SPC300", True),
        ("VRP (R) software, Version 5.150 (S5700 V200R005C00SPC500)",
         "!Software Version V200R005C00SPC500", None),
        ("VRP (R) software, Version 5.170 (AR2200 V200R010C10SPC700)",
         "[V200R010C10SPC700]", None),
        ("", "!Software Version V200R019C10SPC500", None),
    ],
)  # fmt: skip
def test_a_missing_line_means_what_family_and_release_say(
    version: str, first: str, *, telnet: bool | None
) -> None:
    assert value(read("aaa", version, first=first), "mgmt.telnet") is telnet


def test_family_and_release_are_those_of_the_version_display() -> None:
    component = read("aaa").components[0]
    assert (component.component, component.family, component.version) == (
        "huawei_vrp", "s", "V200R019C10SPC500",
    )  # fmt: skip


def test_a_router_is_known_by_its_first_line() -> None:
    component = read("aaa", "", first="[V200R010C10SPC700]").components[0]
    assert (component.family, component.version) == ("ar", "V200R010C10SPC700")


def test_settings_name_the_lines_that_say_so() -> None:
    found = read("telnet server enable")
    setting = next(s for s in found.components[0].settings if s.name == "mgmt.telnet")
    assert (setting.source.observation, setting.source.first, setting.source.last) == ("o1", 5, 5)


def test_a_banner_hides_no_line_and_adds_none() -> None:
    body = 'header login information "Authorised use only.\n#\ntelnet server enable\nreturn\n"'
    found = read(body + "\n#\nundo telnet server enable\nftp server enable")
    assert value(found, "mgmt.telnet") is False
    assert value(found, "mgmt.ftp") is True
    assert value(found, "banner.present") is True


def test_a_banner_that_never_closes_hides_nothing() -> None:
    found = read('header login information "Authorised\n#\ntelnet server enable')
    assert value(found, "mgmt.telnet") is True


def test_a_remark_is_no_statement_and_parts_no_block() -> None:
    found = read("aaa\n#telnet server enable\n! ftp server enable\n local-user a1 service-type ssh")
    assert value(found, "mgmt.telnet") is False
    assert values(found, "account.services") == {"a1": ("ssh",)}


def test_parentless_lines_of_a_router_are_global() -> None:
    found = read("ospf 1\n area 0.0.0.0\n#\n telnet server enable\n stelnet server enable")
    assert value(found, "mgmt.telnet") is True
    assert value(found, "mgmt.ssh") is True


def test_full_width_characters_are_not_words_and_not_numbers() -> None:
    found = read("undo\u3000telnet server enable\nuser-interface vty 0 4\n idle-timeout ５ ０")
    assert value(found, "mgmt.telnet") is False  # the default of the release, not the odd line
    assert values(found, "vty.idle_timeout_s") == {"0-4": 600}


def test_a_row_of_full_width_is_joined_with_the_rest_of_its_statement() -> None:
    ciphers = "ssh server cipher aes256_gcm aes128_gcm aes256_ctr aes192_ctr aes128_ctr aes256_"
    assert len(ciphers) == 80
    found = read(f"{ciphers}\ncbc 3des_cbc")
    assert "aes256-cbc" in (value(found, "ssh.ciphers") or ())  # type: ignore[operator]


def test_lines_that_no_statement_names_stand_at_their_defaults() -> None:
    body = (
        "acl number 2000\n rule 5 permit source 192.0.2.0 0.0.0.255\n#\n"
        "user-interface maximum-vty 15\nuser-interface vty 0 4\n acl 2000 inbound"
    )
    assert values(read(body), "vty.acl_state") == {"0-4": "restricting", "5-14": "none"}


def test_one_line_of_a_range_may_be_set_otherwise() -> None:
    body = (
        "user-interface vty 0 4\n idle-timeout 5 0\n protocol inbound ssh\n"
        "user-interface vty 3\n idle-timeout 0 0"
    )
    found = read(body)
    assert values(found, "vty.idle_timeout_s") == {"0-2": 300, "3": 0, "4": 300}
    assert values(found, "vty.inbound") == {"0-2": ("ssh",), "3": ("ssh",), "4": ("ssh",)}


def test_the_console_is_no_terminal_line() -> None:
    found = read("user-interface con 0\n authentication-mode none\nuser-interface vty 0 4")
    assert values(found, "console.authentication") == {"0": "none"}
    assert values(found, "vty.authentication") == {"0-4": "unset"}


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        ("acl number 2000\n rule 5 permit source 192.0.2.0 0.0.0.255\n rule 10 deny", "restricting"),
        ("acl number 2000\n rule 5 deny source 192.0.2.9 0\n rule 10 permit", "open"),
        ("acl number 2000\n rule 5 permit source 0.0.0.0 255.255.255.255", "open"),
        ("acl number 2000\n rule 5 deny\n rule 10 permit", "restricting"),
        ("acl number 2000\n description none", "empty"),
        ("acl number 2001\n rule 5 permit source 192.0.2.0 0.0.0.255", "undefined"),
        ("acl name MGMT 2000\n rule 5 permit source 192.0.2.0 0.0.0.255", "restricting"),
        ("acl ipv6 number 2000\n rule 5 permit source 2001:DB8::/64", "undefined"),
    ],
)  # fmt: skip
def test_binding_a_list_achieves_what_the_list_holds(rules: str, state: str) -> None:
    found = read(f"{rules}\n#\nuser-interface vty 0 4\n acl 2000 inbound")
    assert values(found, "vty.acl_state") == {"0-4": state}


def test_a_live_display_outranks_the_text() -> None:
    shown = " TELNET IPv4 server                   :Enable\n"
    found = read("undo telnet server enable", live={"display telnet server status": shown})
    assert values(found, "mgmt.telnet") == {"": True}


def test_a_live_display_that_nobody_knows_is_not_understood() -> None:
    found = read("aaa", live={"display cpu-usage": "something else altogether\n"})
    assert found.states["display cpu-usage"][0] is AnswerState.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("!Software Version V200R019C10\n#\nsysname A\n#\n", "cut"),
        ("#\n version 7.1.070, Release 6312P02\n#\n sysname A\n#\nreturn\n", "Comware"),
        ("Last login: yesterday\n", "no configuration"),
        ("", "no configuration"),
    ],
)
def test_a_text_that_is_cut_or_another_gives_no_setting(text: str, detail: str) -> None:
    found = BASELINE.read({CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")})
    assert found.components[0].settings == ()
    state, why = found.states[CONFIGURATION]
    assert state is AnswerState.NOT_UNDERSTOOD
    assert detail in why


def test_no_secret_is_ever_a_value_a_key_or_a_name() -> None:
    body = """\
aaa
 local-user ops password cipher %^%#PLANTED1#%^%#
 local-user ops2 password simple PLANTED2
 local-user ops3 password PLANTED3
#
super password level 3 cipher PLANTED4
snmp-agent community read PLANTED5 acl 2000
snmp-agent community write cipher PLANTED6
snmp-agent usm-user v3 nms G authentication-mode md5 PLANTED7 privacy-mode des56 PLANTED8
snmp-agent target-host trap address udp-domain 192.0.2.1 params securityname PLANTED9
ntp-service authentication-keyid 1 authentication-mode md5 PLANTED10
ospf 1
 area 0.0.0.0
  authentication-mode md5 1 plain PLANTED11
bgp 64510
 peer 192.0.2.9 as-number 64501
 peer 192.0.2.9 password simple PLANTED12
interface Vlanif1
 vrrp vrid 1 authentication-mode md5 PLANTED13
 ospf authentication-mode simple plain PLANTED14
user-interface vty 0 4
 set authentication password cipher PLANTED15
"""
    assert "PLANTED" not in repr(read(body).components)


def test_forms_of_secrets_are_told() -> None:
    found = read(
        "aaa\n local-user a password irreversible-cipher $1a$x$y$\n"
        " local-user b password cipher %^%#x%^%#\n local-user c password simple x\n"
        " local-user d privilege level 1"
    )
    assert values(found, "account.secret") == {
        "a": "hash", "b": "reversible", "c": "plain", "d": "none",
    }  # fmt: skip


def test_a_list_is_used_where_any_other_line_holds_its_name() -> None:
    lists = "acl number 3000\n rule 5 permit ip\n#\nacl name SPARE 3100\n rule 5 permit ip\n#\n"
    found = read(lists + "firewall blacklist filter acl-number 3000\n#\nvlan 3100")
    assert values(found, "acl.unused") == {}
    assert values(read(lists), "acl.unused") == {"3000": True, "SPARE": True}


def test_an_area_with_authentication_covers_its_interfaces() -> None:
    link = "interface GigabitEthernet0/0/1\n ip address 192.0.2.1 255.255.255.252\n"
    area = "ospf 1\n area 0\n  network 192.0.2.0 0.0.0.3\n"
    bare = read(link + "#\n" + area)
    assert values(bare, "routing.authentication") == {
        "ospf 1 area 0.0.0.0 GigabitEthernet0/0/1": "none"
    }
    keyed = read(link + "#\n" + area + "  authentication-mode hmac-sha256 1 cipher x")
    assert values(keyed, "routing.authentication") == {"ospf 1 area 0.0.0.0": "hmac-sha256"}


def test_a_silent_interface_has_no_neighbour() -> None:
    found = read(
        "interface Vlanif10\n ip address 192.0.2.1 255.255.255.252\n#\n"
        "ospf 1\n silent-interface Vlanif10\n area 0\n  network 192.0.2.0 0.0.0.3"
    )
    assert "ospf 1 area 0.0.0.0 Vlanif10" not in values(found, "routing.authentication")


def test_what_is_not_known_of_one_line_is_not_made_up_for_by_the_others() -> None:
    router = "VRP (R) software, Version 5.170 (AR2200 V200R010C10SPC700)"
    body = "user-interface vty 0 2\n idle-timeout 5 0\nuser-interface vty 3 4\n authentication-mode aaa"
    found = read(body, router, first="[V200R010C10SPC700]")
    assert values(found, "vty.idle_timeout_s") == {"0-2": 300, "3-4": "unknown"}
    assert values(found, "vty.authentication") == {"0-2": ("unknown",), "3-4": "aaa"}


def test_rules_in_an_order_that_is_not_known_are_not_judged() -> None:
    rules = " rule 5 permit ip\n rule 10 deny tcp"
    found = read(f"acl number 3000 match-order auto\n{rules}\n#\nacl number 3001\n{rules}")
    assert values(found, "acl.shadowed") == {"3000": "unknown", "3001": ("10<5",)}


def test_lists_without_a_dead_rule_are_told_together() -> None:
    lists = "\n#\n".join(f"acl number {n}\n rule 5 permit ip" for n in (3000, 3001, 3002))
    assert values(read(lists), "acl.shadowed") == {"3000 … 3002 (3)": ()}
