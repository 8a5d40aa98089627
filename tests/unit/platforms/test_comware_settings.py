"""Effective settings of Comware devices: what acts, what only stands there, what is not known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from netops.facts.answers import AnswerState
from netops.facts.settings import SettingsRead, Value
from netops.platforms.answer import Answer
from netops.platforms.h3c_comware.settings import BASELINE

CONFIGURATION = "display current-configuration"


def read(
    body: str, version: str = "7.1.070", shown: str = "", live: Mapping[str, str] | None = None
) -> SettingsRead:
    text = f"#\n version {version}, Release 6312P02\n#\n sysname CITY07-S1\n#\n{body}\n#\nreturn\n"
    answers = {CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")}
    if shown:
        line = f"H3C Comware Software, Version {shown}, Release 6312P02\n"
        answers["display version"] = Answer.of(line, "display version", "o2")
    for command, printed in (live or {}).items():
        answers[command] = Answer.of(printed, command, "o3")
    return BASELINE.read(answers)


def values(found: SettingsRead, name: str) -> dict[str, Value]:
    return {s.key: s.value for s in found.components[0].settings if s.name == name}


def value(found: SettingsRead, name: str) -> Value | None:
    return values(found, name).get("")


@pytest.mark.parametrize(
    ("version", "telnet"), [("7.1.070", False), ("9.1.081", False), ("5.20.106", None)]
)
def test_a_missing_line_means_what_the_major_version_says(
    version: str, *, telnet: bool | None
) -> None:
    assert value(read(" ssh server enable", version), "mgmt.telnet") is telnet


def test_versions_that_contradict_each_other_give_no_default() -> None:
    found = read(" ssh server enable", "7.1.070", "5.20.106")
    assert value(found, "mgmt.telnet") is None
    assert value(found, "mgmt.ssh") is True
    assert found.components[0].version == ""


def test_nothing_below_password_control_acts_before_it_is_enabled() -> None:
    off = read(" password-control length 12\n password-control login-attempt 3 exceed lock")
    assert value(off, "password.policy") is False
    assert value(off, "password.min_length") is None
    assert value(off, "lockout.enabled") is False
    on = read(" password-control enable\n password-control length 12")
    assert value(on, "password.min_length") == 12
    assert value(on, "password.history") == 4
    assert value(on, "password.min_kinds") is None  # one kind or two, by release


def test_an_undone_part_of_password_control_does_not_act() -> None:
    found = read(" password-control enable\n undo password-control aging enable")
    assert value(found, "password.max_age_days") == 0


def test_the_live_display_says_what_is_enforced() -> None:
    printed = (
        " Password control:                     Disabled\n"
        " Password length:                      Enabled (12 characters)\n"
    )
    found = read(" password-control enable", live={"display password-control": printed})
    assert value(found, "password.policy") is False
    assert value(found, "lockout.enabled") is False


def test_a_line_inherits_what_its_class_sets_and_overrules_it() -> None:
    found = read(
        "line class vty\n authentication-mode scheme\n idle-timeout 5 0\n#\n"
        "line vty 0 63\n idle-timeout 0 0"
    )
    assert values(found, "vty.authentication") == {"0-63": "aaa"}
    assert values(found, "vty.idle_timeout_s") == {"0-63": 0}


def test_lines_that_no_statement_names_stand_at_their_defaults() -> None:
    found = read("line vty 0 4\n authentication-mode scheme\n protocol inbound ssh")
    assert values(found, "vty.inbound") == {"0-4": ("ssh",), "5-63": ("pad", "ssh", "telnet")}


def test_names_of_lists_are_equal_whatever_their_case() -> None:
    found = read("acl basic name Mgmt\n rule 0 permit source 192.0.2.0 0.0.0.255\n#\n"
                 " ssh server acl name MGMT")  # fmt: skip
    assert value(found, "ssh.acl_state") == "restricting"


def test_a_v5_device_with_password_control_shows_no_password_and_none_is_missing() -> None:
    body = " password-control enable\n#\nlocal-user ops\n service-type ssh"
    assert values(read(body, "5.20.106"), "account.secret") == {"ops": ("unknown",)}
    assert values(read("local-user ops class manage\n service-type ssh"), "account.secret") == {
        "ops": "none"
    }


def test_a_network_user_manages_nothing() -> None:
    found = read("local-user jj class network\n password cipher $c$3$x==\n service-type lan-access")
    assert values(found, "account.secret") == {}
    assert values(found, "network_account.secret") == {"jj": "reversible"}


def test_a_banner_may_be_marked_by_any_character() -> None:
    found = read(" header legal #Authorised.\ntelnet server enable\nend#\n#\n ftp server enable")
    assert value(found, "mgmt.telnet") is False
    assert value(found, "mgmt.ftp") is True


def test_an_access_port_is_one_that_is_bridged_and_no_trunk() -> None:
    found = read(
        " dot1x\n#\ninterface GigabitEthernet1/0/1\n port link-mode bridge\n port access vlan 10\n dot1x\n#\n"
        "interface GigabitEthernet1/0/2\n port link-mode bridge\n port link-type trunk\n#\n"
        "interface GigabitEthernet1/0/3\n port link-mode bridge\n shutdown"
    )
    assert values(found, "access_port.admission") == {"GigabitEthernet1/0/1": True}


def test_a_policy_rule_without_an_action_drops() -> None:
    found = read("security-policy ip\n rule 1 name a\n rule 2 name b\n  action pass")
    assert value(found, "security_policy.any_any") == ("b",)


@pytest.mark.parametrize(
    "text",
    ["", "#\n version 7.1.070, Release 1\n#\n sysname A\n", "!Software Version V200R019C10\n#\nreturn\n"],
)  # fmt: skip
def test_a_text_that_is_cut_or_another_gives_no_setting(text: str) -> None:
    found = BASELINE.read({CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")})
    assert found.components[0].settings == ()
    assert found.states[CONFIGURATION][0] is AnswerState.NOT_UNDERSTOOD


def test_no_secret_is_ever_a_value_a_key_or_a_name() -> None:
    body = """\
local-user ops class manage
 password simple PLANTED1
 service-type ssh
local-user ops2 class manage
 password hash PLANTED2
#
 super password role network-admin simple PLANTED3
 snmp-agent community read PLANTED4
 snmp-agent community write simple PLANTED5 acl 2000
 snmp-agent usm-user v3 n G simple authentication-mode sha PLANTED6 privacy-mode aes128 PLANTED7
 ntp-service authentication-keyid 1 authentication-mode md5 simple PLANTED8
#
bgp 64510
 peer 192.0.2.9 as-number 1
 peer 192.0.2.9 password simple PLANTED9
#
interface Vlan-interface10
 ospf authentication-mode simple plain PLANTED10
 vrrp vrid 1 virtual-ip 192.0.2.1
 vrrp vrid 1 authentication-mode simple PLANTED11
"""
    assert "PLANTED" not in repr(read(body).components)


def test_the_methods_of_a_domain_for_everything_count_for_logins() -> None:
    every = "domain system\n authentication default hwtacacs-scheme tac local"
    assert value(read(every), "aaa.authentication") == ("hwtacacs", "local")
    own = every + "\n authentication login local"
    assert value(read(own), "aaa.authentication") == ("local",)
    assert value(read(own.replace("default", "lan-access")), "aaa.authentication") == ("local",)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_rule_that_is_switched_off_stays_off_whatever_its_number(order: tuple[int, int]) -> None:
    lines = (" undo password-control aging enable\n", " password-control aging 60\n")
    body = " password-control enable\n" + lines[order[0]] + lines[order[1]]
    assert value(read(body), "password.max_age_days") == 0
    assert value(read(body + " password-control aging enable\n"), "password.max_age_days") == 60


def test_password_control_of_network_users_guards_no_administrator() -> None:
    found = read(" password-control enable network-class")
    assert value(found, "password.policy") is False
    assert value(found, "lockout.enabled") is False


def test_the_weakest_rule_of_an_account_that_manages_decides() -> None:
    body = (
        " password-control enable\n password-control length 12\n password-control aging 60\n"
        "#\nlocal-user weak class manage\n password-control length 4\n password-control aging 300\n"
        " password-control login-attempt 10 exceed unlock\n service-type ssh\n"
        "#\nlocal-user strict class manage\n password-control length 20\n service-type ssh\n"
        "#\nlocal-user guest class network\n password-control length 4"
    )
    found = read(body)
    assert value(found, "password.min_length") == 4
    assert value(found, "password.max_age_days") == 300
    assert (value(found, "lockout.tries"), value(found, "lockout.duration_s")) == (10, 0)
    strict = read(body.replace("weak class manage", "weak class network"))
    assert value(strict, "password.min_length") == 12
    assert value(strict, "lockout.tries") == 3


def test_a_community_with_the_role_of_an_administrator_writes() -> None:
    line = " snmp-agent\n snmp-agent community cipher $c$3$x user-role {} acl name mgmt\n"
    lists = "#\nacl basic name mgmt\n rule 5 permit source 192.0.2.7 0"
    found = read(line.format("network-admin") + lists)
    assert values(found, "snmp.community_access") == {"1": "write"}
    assert values(found, "snmp.acl_state") == {"community 1": "restricting"}
    found = read(line.format("network-operator") + lists)
    assert values(found, "snmp.community_access") == {"1": "read"}


def test_an_account_written_twice_is_one_account() -> None:
    body = (
        "local-user a class manage\n password hash $h$6$x\n service-type ssh\n"
        "#\nlocal-user a class manage\n service-type telnet"
    )
    found = read(body)
    assert values(found, "account.secret") == {"a": "hash"}
    assert values(found, "account.services") == {"a": ("ssh", "telnet")}


def test_hosts_that_the_default_rule_denies_logs_are_no_log_hosts() -> None:
    body = " info-center source default loghost deny\n info-center loghost 192.0.2.1"
    assert value(read(body), "log.hosts") == ()
    body = " info-center source default loghost level warning\n info-center loghost 192.0.2.1"
    assert value(read(body), "log.hosts") == ("192.0.2.1",)


def test_a_console_that_no_line_names_stands_at_its_defaults() -> None:
    assert values(read(" ssh server enable"), "console.authentication") == {"0": "none"}
    inherited = read("line class console\n authentication-mode scheme")
    assert values(inherited, "console.authentication") == {"0": "aaa"}
    assert values(read(" ssh server enable", "9.1.081"), "console.authentication") == {}


def test_a_class_of_auxiliary_lines_says_nothing_of_the_console() -> None:
    body = "line class aux\n authentication-mode scheme\nline con 0\n user-role network-admin"
    assert values(read(body), "console.authentication") == {"0": "none"}


def test_a_list_that_was_unbound_restricts_nobody() -> None:
    bound = " ssh server acl 2000\n#\nacl basic 2000\n rule 0 permit source 192.0.2.0 0.0.0.255"
    assert value(read(bound), "ssh.acl_state") == "restricting"
    assert value(read(f"{bound}\n#\n undo ssh server acl"), "ssh.acl_state") == "none"


def test_a_list_of_one_family_says_nothing_of_the_other() -> None:
    line = " snmp-agent\n snmp-agent community read cipher $c$3$x {}\n#\n"
    lists = (
        "acl basic 2001\n rule 5 permit source 192.0.2.7 0\n#\n"
        "acl ipv6 basic 2002\n rule 5 permit source 2001:db8::/64"
    )
    both = read(line.format("acl 2001 acl ipv6 name 2002") + lists)
    assert values(both, "snmp.acl_state") == {"community 1": "restricting"}
    assert set(values(both, "acl.binding").values()) == {"defined"}
    six = read(line.format("acl ipv6 2002") + lists)
    assert values(six, "snmp.acl_state") == {"community 1": ("unknown",)}
    gone = read(line.format("acl 2009 acl ipv6 2002") + lists)
    assert values(gone, "snmp.acl_state") == {"community 1": "undefined"}


def test_a_domain_that_asks_nobody_beside_the_default_leaves_logins_open() -> None:
    weak = " domain weak\n  authentication login none\n{}"
    assert value(read(weak.format("")), "aaa.others_ask") == "unknown"
    assert value(read(weak.format("  state block\n")), "aaa.others_ask") is True
    assert value(read(weak.format(" domain default enable weak\n")), "aaa.others_ask") is True
    assert value(read(" ssh server enable"), "aaa.others_ask") is True


def test_a_firewall_of_version_5_filters_where_it_is_switched_on() -> None:
    body = (
        "{}acl number 3001\n rule 0 deny ip\n#\ninterface GigabitEthernet0/0\n"
        " firewall packet-filter 3001 inbound\n"
    )
    off, on = read(body.format("")), read(body.format(" firewall enable\n#\n"))
    assert values(off, "acl.binding") == {"GigabitEthernet0/0 inbound: 3001": "idle"}
    assert values(off, "acl.ends_in_deny") == {}
    assert values(on, "acl.binding") == {"GigabitEthernet0/0 inbound: 3001": "defined"}
    assert values(on, "acl.ends_in_deny") == {"3001": True}
    six = read(body.format(" firewall enable\n firewall ipv6 default deny\n#\n"))
    assert value(six, "acl.default_deny") is False
    four = read(body.format(" firewall enable\n firewall default deny\n#\n"))
    assert value(four, "acl.default_deny") is True


def test_a_simple_clock_client_is_one() -> None:
    found = read(" sntp enable\n sntp unicast-server 192.0.2.2")
    assert (value(found, "ntp.enabled"), value(found, "ntp.servers")) == (True, ("192.0.2.2",))


def test_a_host_that_is_sent_another_channel_may_hear_nothing() -> None:
    other = " info-center loghost 192.0.2.7 channel 5\n"
    assert value(read(other), "log.hosts") == "unknown"
    usual = other + " info-center loghost 192.0.2.8 channel 2\n"
    assert value(read(usual), "log.hosts") == ("192.0.2.7", "192.0.2.8")
    assert value(read(other.replace("5", "loghost")), "log.hosts") == ("192.0.2.7",)


def test_the_web_may_be_bound_to_a_list_of_version_6() -> None:
    body = " ip https acl ipv6 advanced 3800\nacl ipv6 advanced 3800\n rule 0 deny ipv6"
    assert values(read(body), "acl.binding") == {"ip https: 3800": "defined"}
    assert values(read(body.replace("ipv6 advanced 3800\n r", "advanced 3800\n r")),
                  "acl.binding") == {"ip https: 3800": "undefined"}  # fmt: skip
