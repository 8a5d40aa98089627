"""What a later line takes back, and what only looks like an account, a community or a list."""

from __future__ import annotations

import pytest
from test_vrp_settings import read, value, values

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
        "snmp-agent sys-info version all\nundo snmp-agent sys-info version v1 v2c\n"
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
