"""How VRP talks: prompts, pager, refusals, questions, noise, commands that follow."""

from __future__ import annotations

import pytest

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp import PLATFORM
from netops.platforms.huawei_vrp.defaults import default_of
from netops.platforms.huawei_vrp.masking import mask


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("<R1>", "R1"),
        ("<CITY07-PE.R01/a:2> ", "CITY07-PE.R01/a:2"),
        ("[~R1]", "R1"),
        ("[*R1]", "R1"),
        ("HRP_M<FW1>", "FW1"),
        ("HRP_S[FW1]", "FW1"),
        ("<长沙-R1>", "长沙-R1"),
    ],
)
def test_a_prompt_gives_the_host(line: str, host: str) -> None:
    found = PLATFORM.prompt.fullmatch(line)
    assert found is not None
    assert found["host"] == host


@pytest.mark.parametrize(
    "line",
    ["[V200R009C00SPC500]", "<R1> display version", "cipher %^%#ab<x>", "", "<>", "<R1]", "R1>"],
)
def test_what_is_no_prompt(line: str) -> None:
    assert PLATFORM.prompt.fullmatch(line) is None


def test_the_pager_is_known_in_its_forms() -> None:
    assert PLATFORM.pager.search("\r\n  ---- More ----")
    assert PLATFORM.pager.search("---- More (Press 'Q' to break) ----")
    assert not PLATFORM.pager.search("----------------------------------")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("   ^\nError: Unrecognized command found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("Error[1]: Unrecognized command found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("% Unrecognized command found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("Error[2]: Incomplete command found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("Error: Wrong parameter found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("Error:Too many parameters found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("Error:Ambiguous command found at '^' position.", AnswerState.NOT_SUPPORTED),
        ("Error: You do not have permission to run the command or the command is incomplete.",
         AnswerState.REFUSED),
        ("Error: No permission to run the command.", AnswerState.REFUSED),
        ("Error: Failed to pass the authorization.", AnswerState.REFUSED),
        ("Error: SNMP agent is not enabled.", AnswerState.NOT_SUPPORTED),
        ("Error: Invalid file name log.", AnswerState.ERROR),
    ],
)  # fmt: skip
def test_a_refusal_has_its_state(text: str, state: AnswerState) -> None:
    found = [kind for pattern, kind in PLATFORM.refusals if pattern.search(text)]
    assert found[0] is state


def test_a_description_that_speaks_of_errors_is_no_refusal() -> None:
    text = "interface Vlanif1\n description Error: Unrecognized command\n#\nreturn"
    assert not any(pattern.search(text) for pattern, _ in PLATFORM.refusals)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Warning: The initial password poses security risks.\n"
            "The password needs to be changed. Change now? [Y/N]:"
        ),
        "Warning: The password is already expired.",
        "Do you want to stop Auto-Config? [y/n]:",
        "Please choose",
        "Continue? [Y/N]",
    ],
)
def test_a_question_at_login_is_seen(text: str) -> None:
    assert any(pattern.search(text) for pattern in PLATFORM.questions)


def test_log_lines_are_noise_and_routes_are_not() -> None:
    noise = (
        "%Sep 12 2024 10:00:00 R1 IFNET/4/IF_STATE: Interface turned down",
        "%%01IFNET/4/LINK_STATE(l)[0]:The line protocol changed.",
        "#May  1 2024 06:20:11 R1 SRM_BASE/1/ENTITYTRAP",
        "Info: The configuration takes effect on the current user terminal interface only.",
    )
    for line in noise:
        assert any(pattern.fullmatch(line) for pattern in PLATFORM.line_noise), line
    for line in ("#", " 0.0.0.0/0  Static  60   0  D  192.0.2.1  Dialer1", "% Incomplete"):
        assert not any(pattern.fullmatch(line) for pattern in PLATFORM.line_noise), line


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("GE0/0/1", "GigabitEthernet0/0/1"),
        ("XGE0/0/1.30", "XGigabitEthernet0/0/1.30"),
        ("Eth-Trunk1", "Eth-Trunk1"),
        ("InLoop0", "InLoopBack0"),
        ("Loop0", "LoopBack0"),
        ("100GE1/0/1:1", "100GE1/0/1:1"),
        ("GigabitEthernet10/0/12.2001(10G)", "GigabitEthernet10/0/12.2001"),
        ("Vlanif30", "Vlanif30"),
        ("NULL0", "NULL0"),
        ("Tun0/0/1", "Tunnel0/0/1"),
        ("MEth0/0/0", "MEth0/0/0"),
        ("something odd", "something odd"),
    ],
)
def test_short_names_become_full_ones(short: str, full: str) -> None:
    assert PLATFORM.full_interface(short) == full
    assert PLATFORM.full_interface(full) == full


def test_every_command_only_displays() -> None:
    assert all(command.text.startswith("display ") for command in PLATFORM.commands)
    texts = [command.text for command in PLATFORM.commands]
    assert len(texts) == len(set(texts))
    assert not PLATFORM.admits("display version | include x")
    assert not PLATFORM.admits("system-view")
    assert not PLATFORM.admits("display interface GE0/0/1\nreboot")


def test_the_literal_command_wins_over_the_one_with_an_argument() -> None:
    for line in ("display interface brief", "display interface description"):
        command = PLATFORM.command_for(line)
        assert command is not None
        assert command.text == line


def test_tables_of_seen_instances_and_dialers_follow() -> None:
    texts = {
        "display ip vpn-instance": (
            "  VPN-Instance Name               RD                    Address-family\n"
            "  gov-ext                         64510:12              IPv4\n"
            "  gov-ext                         64510:12              IPv6\n"
            "  mgmt                                                  IPv4\n"
            "  _management_vpn_                                      IPv4\n"
        ),
        "display interface brief": (
            "Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors\n"
            "Dialer1                     up    up(s)        --     --          0          0\n"
            "Cellular0/0/0               down  down         0%     0%          0          0\n"
        ),
    }
    answers = {}
    for line, text in texts.items():
        command = PLATFORM.command_for(line)
        assert command is not None
        answers[line] = command.parse(Answer.of(text, line))
    following = PLATFORM.followups(answers)
    assert set(following) == {
        "display ip routing-table vpn-instance gov-ext",
        "display ipv6 routing-table vpn-instance gov-ext",
        "display ip routing-table vpn-instance mgmt",
        "display bgp vpnv4 all routing-table label",
        "display interface Dialer1",
        "display interface Cellular0/0/0",
    }
    assert all(PLATFORM.admits(line) for line in following)


def test_a_name_that_no_command_takes_is_not_asked() -> None:
    command = PLATFORM.command_for("display ip vpn-instance")
    assert command is not None
    text = "  a|b                         64510:12              IPv4\n"
    answers = {command.text: command.parse(Answer.of(text, command.text))}
    assert PLATFORM.followups(answers) == ()


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("local-user u password irreversible-cipher $1a$x$y$",
         "local-user u password irreversible-cipher ******"),
        ("peer 192.0.2.1 password simple Gov@2024", "peer 192.0.2.1 password simple ******"),
        ("peer 192.0.2.1 password cipher %#%#a b%#%#", "peer 192.0.2.1 password cipher ******"),
        ("snmp-agent community read public", "snmp-agent community read ******"),
        ("snmp-agent community write cipher %^%#ab%^%# acl 2000",
         "snmp-agent community write cipher ****** acl 2000"),
        ("snmp-agent community read cipher %@%#a b%@%# acl 2000",
         "snmp-agent community read cipher ****** acl 2000"),
        ("radius-server shared-key cipher %@%@ab%@%@", "radius-server shared-key cipher ******"),
        ("ntp-service authentication-keyid 1 authentication-mode md5 Key1",
         "ntp-service authentication-keyid 1 authentication-mode md5 ******"),
        ("vrrp vrid 1 authentication-mode md5 plain K", "vrrp vrid 1 authentication-mode md5 plain ******"),
        ("ospf authentication-mode md5 1 cipher abc", "ospf authentication-mode md5 1 cipher ******"),
        ("pre-shared-key simple abc", "pre-shared-key simple ******"),
        ("set authentication password hunter", "set authentication password ******"),
        ("snmp-agent target-host trap address udp-domain 192.0.2.5 params securityname comm v2c",
         "snmp-agent target-host trap address udp-domain 192.0.2.5 params securityname ****** v2c"),
    ],
)  # fmt: skip
def test_secrets_are_masked(line: str, masked: str) -> None:
    assert mask(line) == masked


@pytest.mark.parametrize(
    "line",
    [
        "ssh server cipher aes256_ctr aes128_ctr",
        "local-aaa-user password policy administrator",
        "password history record number 5",
        "authentication-mode aaa",
        "ip route-static 0.0.0.0 0.0.0.0 192.0.2.1",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert mask(line) == line


def test_a_default_is_known_by_family_and_release_only() -> None:
    assert default_of("telnet_server", "S5735-S48T4X", "V200R022C00SPC500") is False
    assert default_of("telnet_server", "S5700-28C-EI", "V200R001C00SPC300") is True
    assert default_of("telnet_server", "S5700-28C-EI", "V200R005C00") is None
    assert default_of("telnet_server", "AR617VW", "V300R019C13SPC200") is None
    assert default_of("snmp_agent", "unheard of", "V300R019C13") is None
