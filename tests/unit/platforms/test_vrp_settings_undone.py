"""What a later line takes back, and what only looks like an account, a community or a list."""

from __future__ import annotations

import pytest
from test_vrp_settings import CONFIGURATION, read, value, values

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp.settings import BASELINE

USG5 = "VRP (R) software, Version 5.160 (USG6300 V500R001C60SPC500)\n"


def test_a_rule_for_firewall_accounts_is_no_account() -> None:
    body = (
        "aaa\n manager-user password-modify enable\n manager-user password valid-days 90\n"
        " manager-user admin\n  password cipher $1a$AAAA$BBBB$\n  service-type web ssh\n  level 15"
    )
    found = read(body, USG5, first="!Software Version V500R001C60SPC500")
    assert values(found, "account.secret") == {"admin": "hash"}


def test_the_complexity_check_of_communities_is_no_community() -> None:
    found = read("snmp-agent\nsnmp-agent community complexity-check disable")
    assert values(found, "snmp.community_form") == {}


def test_what_a_later_undo_takes_away_is_gone() -> None:
    body = (
        "snmp-agent\nsnmp-agent sys-info version all\nundo snmp-agent sys-info version v1 v2c\n"
        "info-center loghost 192.0.2.1\ninfo-center loghost 192.0.2.3\n"
        "undo info-center loghost 192.0.2.1\nntp-service unicast-server 192.0.2.2\n"
        "undo ntp-service unicast-server 192.0.2.2\nhttp server enable\n"
        "aaa\n local-user old password cipher x\n undo local-user old"
    )
    found = read(body)
    assert value(found, "snmp.versions") == ("v3",)
    assert value(found, "log.hosts") == ("192.0.2.3",)
    assert value(found, "ntp.servers") == ()
    assert values(found, "account.name") == {}


def test_a_web_service_that_was_switched_off_again_is_off() -> None:
    found = read(" web-manager enable\n web-manager security enable\n undo web-manager enable", USG5,
                 first="!Software Version V500R001C60SPC500")  # fmt: skip
    assert (value(found, "mgmt.http"), value(found, "mgmt.https")) == (False, True)


def test_a_key_that_is_trusted_no_more_proves_nothing() -> None:
    keys = (
        "ntp-service authentication enable\n"
        "ntp-service authentication-keyid 7 authentication-mode hmac-sha256 cipher %^%#x%^%#\n"
        "ntp-service reliable authentication-keyid 7\n"
        "ntp-service unicast-server 192.0.2.2 authentication-keyid 7\n"
    )
    place = {"192.0.2.2": True}
    assert values(read(keys), "ntp.server_authenticated") == place
    later = keys + "undo ntp-service reliable authentication-keyid 7"
    assert values(read(later), "ntp.server_authenticated") == {"192.0.2.2": False}


def test_lines_whose_shell_is_switched_off_let_nobody_in() -> None:
    body = (
        "user-interface maximum-vty 15\nuser-interface vty 0 4\n authentication-mode aaa\n"
        "user-interface vty 5 14\n undo shell"
    )
    assert values(read(body), "vty.authentication") == {"0-4": "aaa"}
    again = body + "\nuser-interface vty 5 14\n shell"
    assert values(read(again), "vty.authentication") == {"0-4": "aaa", "5-14": "unset"}


def test_a_banner_without_marks_hides_nothing() -> None:
    body = "header login information Authorised use only\n#\ntelnet server enable\n#\nAlways"
    found = read(body)
    assert value(found, "mgmt.telnet") is True
    assert value(found, "banner.present") is True


@pytest.mark.parametrize(
    "line",
    [
        "info-center source default channel 2 log state off",
        "info-center source default channel loghost log state off trap state off",
    ],
)
def test_hosts_that_no_log_is_sent_to_are_no_log_hosts(line: str) -> None:
    assert value(read(f"{line}\ninfo-center loghost 192.0.2.1"), "log.hosts") == ()
    traps = "info-center source default channel 2 trap state off\ninfo-center loghost 192.0.2.1"
    assert value(read(traps), "log.hosts") == ("192.0.2.1",)


def test_the_domain_of_administrators_may_be_chosen_system_wide() -> None:
    body = (
        "domain gov admin\naaa\n authentication-scheme tac\n  authentication-mode hwtacacs local\n"
        " domain gov\n  authentication-scheme tac\n domain default_admin"
    )
    assert value(read(body), "aaa.authentication") == ("hwtacacs", "local")


_HALVES = (
    "acl 2000\n rule 5 permit source 0.0.0.0 127.255.255.255\n"
    " rule 10 permit source 128.0.0.0 127.255.255.255\n#\n"
    "user-interface vty 0 4\n acl 2000 inbound"
)


def test_a_list_that_lets_everybody_in_by_halves_is_open() -> None:
    assert values(read(_HALVES), "vty.acl_state") == {"0-4": "open"}
    quarter = _HALVES.replace("128.0.0.0 127.255.255.255", "128.0.0.0 63.255.255.255")
    assert values(read(quarter), "vty.acl_state") == {"0-4": "restricting"}


def test_a_rule_that_was_taken_away_admits_nobody() -> None:
    body = _HALVES.replace("\n#\nuser", "\n undo rule 10\n#\nuser")
    assert values(read(body), "vty.acl_state") == {"0-4": "restricting"}
    body = body.replace("\n undo rule 10", "\n undo rule 10\n undo rule 5")
    assert values(read(body), "vty.acl_state") == {"0-4": "empty"}


def test_the_auxiliary_line_is_not_the_console() -> None:
    body = (
        "user-interface con 0\n authentication-mode none\n"
        "user-interface aux 0\n authentication-mode aaa"
    )
    assert values(read(body), "console.authentication") == {"0": "none", "aux 0": "aaa"}


def test_what_a_server_was_told_and_told_no_more_is_forgotten() -> None:
    body = "ssh server cipher aes256_gcm\nundo ssh server cipher\nssh server acl 2000\n"
    assert value(read(body), "ssh.acl_state") == "undefined"
    found = read(body + "undo ssh server acl")
    assert (value(found, "ssh.ciphers"), value(found, "ssh.acl_state")) == (None, None)


def test_one_group_name_with_two_levels_is_two_groups() -> None:
    found = read("snmp-agent\nsnmp-agent group v3 g\nsnmp-agent group v3 g privacy")
    assert values(found, "snmp.group_security") == {"g": "none", "g privacy": "privacy"}


def test_the_device_itself_is_no_log_host() -> None:
    assert value(read("info-center loghost 127.0.0.1"), "log.hosts") == ()


def test_rules_for_locking_accounts_are_no_account() -> None:
    assert values(read("aaa\n local-user authentication lock times 3 5"), "account.name") == {}


def test_a_port_that_was_opened_again_is_open() -> None:
    port = "interface GigabitEthernet0/0/1\n shutdown"
    assert values(read(port), "interface.open_unused") == {}
    opened = values(read(port + "\n undo shutdown"), "interface.open_unused")
    assert opened == {"GigabitEthernet0/0/1": True}


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ("permit time-range work", "open"),
        ("permit source 192.0.2.0 0.0.0.255 time-range work", "restricting"),
        ("permit vpn-instance mgmt time-range work", "restricting"),
        ("deny time-range work", "restricting"),
    ],
)
def test_a_rule_that_admits_everybody_at_times_restricts_nobody(rule: str, state: str) -> None:
    body = f"acl 2000\n rule 5 {rule}\n#\nuser-interface vty 0 4\n acl 2000 inbound"
    assert values(read(body), "vty.acl_state") == {"0-4": state}


def test_a_display_that_names_no_interface_does_not_say_that_none_is_down() -> None:
    brief = "display interface brief"
    found = read("telnet server enable", live={brief: "CPU Usage Stat. Cycle: 60 (Second)\n"})
    assert values(found, "interface.down") == {}
    assert found.states[brief][0] is AnswerState.NOT_UNDERSTOOD
    row = "Interface PHY Protocol InUti OutUti inErrors outErrors\nGigabitEthernet0/0/1 up up 0% 0% 0 0\n"
    assert value(read("aaa", live={brief: row}), "interface.down") == ()


_WHOLE = "!Software Version V200R019C10SPC500\n#\nsysname A\n#\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (_WHOLE + "telnet server enable\n#\nreturn\n", ""),
        ("#\nsysname A\n#\nreturn\n", ""),
        ("#\nuser-interface vty 0 4\n protocol inbound ssh\n#\nreturn\n", "a part of"),
        ("[V200R010C10SPC700]\n#\nacl number 3000\n rule 5 permit ip\n#\nreturn\n", "a part of"),
        ("[V200R003C00]\n#\naaa\n#\nuser-interface con 0\n#\nreturn\n", ""),
        (_WHOLE + "#\nreturn\n" + _WHOLE + "#\nreturn\n", "several"),
        (_WHOLE + "#\nreturn\n#\nswitch vsys a\n#\naaa\n#\nreturn\n", ""),
        (_WHOLE + "user-interface vty 0 4\nprotocol inbound ssh\n#\nreturn\n", "the indentation"),
        (_WHOLE + "user-interface con 0\nuser-interface vty 0 4\n#\nreturn\n", ""),
    ],
)
def test_a_part_two_texts_and_lost_indentation_are_no_configuration(text: str, fault: str) -> None:
    found = BASELINE.read({CONFIGURATION: Answer.of(text, CONFIGURATION, "o1")})
    state = found.states.get(CONFIGURATION)
    assert ("" if state is None else state[1])[: len(fault)] == fault
    assert bool(found.components[0].settings) is (state is None)


def test_a_full_row_is_not_joined_with_the_statement_below_it() -> None:
    row = "ip route-static 192.0.2.0 255.255.255.0 198.51.100.1 description ".ljust(80, "x")
    found = read(f"{row}\nntp-service unicast-server 192.0.2.2\n{row}\nradius-server template t")
    assert value(found, "ntp.servers") == ("192.0.2.2",)


def test_an_account_may_have_an_idle_timeout_of_its_own() -> None:
    found = read("aaa\n local-user a password cipher x\n local-user a idle-timeout 0 0\n"
                 " local-user b password cipher x")  # fmt: skip
    assert values(found, "account.idle_timeout_s") == {"a": 0}


_SCHEME = (
    "hwtacacs-server template t\n{}#\naaa\n authentication-scheme c\n"
    "  authentication-mode hwtacacs local\n domain default_admin\n  authentication-scheme c\n{}"
)


@pytest.mark.parametrize(
    ("template", "bound", "state"),
    [
        (" hwtacacs-server authentication 192.0.2.3\n hwtacacs-server shared-key cipher x\n",
         "  hwtacacs-server t\n", "keyed"),
        (" hwtacacs-server authentication 192.0.2.3\n", "  hwtacacs-server t\n", "open"),
        (" hwtacacs-server shared-key cipher x\n", "  hwtacacs-server t\n", "none"),
        (" hwtacacs-server authorization 192.0.2.3\n hwtacacs-server shared-key cipher x\n",
         "  hwtacacs-server t\n", "none"),
        (" hwtacacs-server authentication 192.0.2.3\n", "  hwtacacs-server other\n", "none"),
        (" hwtacacs-server authentication 192.0.2.3\n", "", None),
    ],
)  # fmt: skip
def test_a_login_is_central_where_its_template_holds_a_server_and_a_key(
    template: str, bound: str, state: str | None
) -> None:
    assert value(read(_SCHEME.format(template, bound)), "aaa.central_server") == state


def test_newer_words_name_the_same_servers() -> None:
    text = _SCHEME.format("", "  hwtacacs server t\n").replace(
        "hwtacacs-server template t\n",
        "hwtacacs server template t\n hwtacacs server 2001:db8::3 shared-key cipher x\n",
    )
    assert value(read("hwtacacs enable\n" + text), "aaa.central_server") == "keyed"
    assert value(read(text), "aaa.central_server") is None


def test_a_filter_between_zones_acts_where_it_is_enabled_and_leaves_the_rest_open() -> None:
    body = (
        "acl number 3001\n rule 5 permit tcp\n#\nfirewall interzone a b\n{} packet-filter 3001"
        " inbound\n"
    )
    on, off = read(body.format(" firewall enable\n")), read(body.format(""))
    assert values(on, "acl.ends_in_deny") == {"3001": "unknown"}
    assert values(on, "acl.binding") == {"interzone a b inbound: 3001": "defined"}
    assert values(off, "acl.ends_in_deny") == {}
    assert values(off, "acl.binding") == {"interzone a b inbound: 3001": "idle"}


def test_the_default_domain_of_ce_decides_about_administrators() -> None:
    body = (
        "aaa\n default-domain admin gov\n #\n authentication-scheme tac\n"
        "  authentication-mode hwtacacs local\n #\n domain default_admin\n #\n domain gov\n"
        "  authentication-scheme tac\n  hwtacacs server ht"
    )
    assert value(read(body), "aaa.authentication") == ("hwtacacs", "local")
    assert value(read(body.replace(" default-domain admin gov\n", "")), "aaa.authentication") == (
        "local",
    )


def test_switches_of_the_web_pages_do_not_switch_the_web_off() -> None:
    found = read(
        " web-manager enable\n web-manager security enable port 8443\n"
        " undo web-manager config-guide enable",
        USG5, first="!Software Version V500R001C60SPC500",
    )  # fmt: skip
    assert (value(found, "mgmt.http"), value(found, "mgmt.https")) == (True, True)
    assert value(read("http secure-server ssl-policy p"), "mgmt.https") is None


def test_newer_switches_speak_https_at_the_port_that_they_print() -> None:
    found = read("web-manager enable port 443")
    assert (value(found, "mgmt.http"), value(found, "mgmt.https")) == (None, True)
    assert value(read("web-manager enable port 8080"), "mgmt.http") is True


_IDLE = ("snmp-agent session history-max-number enable\nsnmp-agent session trap threshold 9",
         "snmp-agent sys-info version v3\nundo snmp-agent protocol source-status all-interface")  # fmt: skip


@pytest.mark.parametrize("lines", _IDLE)
def test_lines_that_stand_there_without_an_agent_start_none(lines: str) -> None:
    assert value(read(lines), "snmp.agent") is False
    assert value(read(lines + "\nsnmp-agent"), "snmp.agent") is True
    assert value(read(lines + "\nsnmp-agent community read cipher %@%#x%@%#"), "snmp.agent") is True


_ROLE = "aaa\n manager-user audit\n  password cipher @%@%x@%@%\n  level 15\n{}"


_BIND = " bind manager-user audit role audit-admin"


@pytest.mark.parametrize("bound", [_BIND, "role audit-admin\n description x\n" + _BIND])
def test_a_role_stands_over_the_level_wherever_it_is_printed(bound: str) -> None:
    assert values(read(_ROLE.format("")), "account.administrator") == {"audit": True}
    assert values(read(_ROLE.format(bound)), "account.administrator") == {"audit": False}


def test_an_account_with_a_scheme_of_its_own_is_asked_by_that() -> None:
    user = "aaa\n manager-user a\n  service-type ssh\n  authentication-scheme {}"
    assert value(read(user.format("admin_local")), "aaa.authentication") == ("local",)
    assert value(read(user.format("admin_radius")), "aaa.authentication") == "unknown"


@pytest.mark.parametrize(
    ("body", "means"),
    [
        ("stack\n#\ninterface Stack-Port1/1\n shutdown", ()),
        ("stack\n #\n stack member 1 domain 10\n stack member 1 priority 150", ()),
        ("stack\n stack member 1 domain 10\n #\n stack member 2 domain 10", ("stack",)),
        ("interface GigabitEthernet0/0/1\n#\ninterface GigabitEthernet1/0/1", ("stack",)),
        ("interface MEth0/0/1\n#\ninterface GigabitEthernet1/0/1", ()),
        ("hrp mirror session enable", ()),
        ("hrp enable\nhrp interface Eth-Trunk1", ("hrp",)),
    ],
)
def test_a_block_that_stands_on_every_device_is_no_redundancy(
    body: str, means: tuple[str, ...]
) -> None:
    assert value(read(body), "redundancy.means") == means


@pytest.mark.parametrize(
    ("name", "below", "asks"),
    [
        ("p1", " dot1x-access-profile d", True),
        ("p1", " mac-access-profile m", True),
        ("p1", " authentication mode multi-authen max-user 9", False),
        ("dot1x_authen_profile", " authentication mode multi-authen", "unknown"),
        ("p2", " dot1x-access-profile d", "unknown"),
    ],
)
def test_a_profile_of_admission_counts_where_it_asks_hosts_in_some_way(
    name: str, below: str, asks: object
) -> None:
    used = "p1" if name == "p2" else name
    found = read(
        f"authentication-profile name {name}\n{below}\n#\ninterface GigabitEthernet0/0/1\n"
        f" port link-type access\n authentication-profile {used}"
    )
    assert values(found, "access_port.admission") == {"GigabitEthernet0/0/1": asks}
