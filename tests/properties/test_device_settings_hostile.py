"""Whatever stands in a configuration, reading its settings ends, and says nothing of secrets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer
from netops.platforms.registry import platform

FRAMES = {
    "huawei_vrp": ("display current-configuration", "[V200R010C10]\n#\nsysname A\n#\n", "\n#\nreturn\n"),
    "h3c_comware": (
        "display current-configuration", "#\n version 7.1.070, Release 1\n#\n sysname A\n#\n",
        "\n#\nreturn\n",
    ),
    "frr": ("show running-config", "frr version 8.4.4\n!\n", "\n!\nend\n"),
}  # fmt: skip
WORDS = ["undo", "no", "aaa", "acl", "ipv6", "number", "name", "basic", "advanced", "2000", "3000", "rule", "5", "permit", "deny", "tcp", "ip", "source", "any", "destination", "192.0.2.0", "0.0.0.255", "2001:DB8::/64", "destination-port", "eq", "ssh", "range", "user-interface", "line", "class", "vty", "con", "0", "4", "99999999999999999999", "maximum-vty", "idle-timeout", "authentication-mode", "protocol", "inbound", "all", "snmp-agent", "community", "read", "cipher", "group", "v3", "privacy", "usm-user", "sys-info", "version", "target-host", "udp-domain", "ntp-service", "authentication-keyid", "unicast-server", "info-center", "loghost", "header", "login", "information", '"', "%", "interface", "GigabitEthernet0/0/1", "port", "link-type", "access", "ospf", "1", "area", "network", "bgp", "64510", "peer", "as-number", "password", "group", "isis", "vrrp", "vrid", "router", "neighbor", "remote-as", "local-user", "service-type", "privilege", "level", "password-control", "enable", "composition", "type-number", "login-attempt", "exceed", "lock-time", "local-aaa-user", "wrong-password", "retry-time", "super", "domain", "default", "access-list", "seq", "prefix-list", "route-map", "match", "address", "log", "syslog", "exec-timeout", "access-class", "security-policy", "action", "telnet", "server", "ssh", "ftp", "#", "!", "return", "end", "５", "\u3000", "\t", "\x00", "�", "密码"]  # fmt: skip
OPENERS = [
    "interface G0/0/1", "rip 1", "isis 1", "mpls ldp", "ospfv3 1", "router rip", "router isis x",
    "router bgp 1", "policy interzone a b outbound", "security-policy", "object-policy ip x",
    "object-group ip address x", "ip address-set x type object", "zone-pair security a b",
    "nat-policy", "cpu-defend policy p", "slot 3", "aaa", "vlan 10", "acl 2000", "undo acl", "line vty",
    "user-interface vty 0 4", "dhcp snooping enable vlan", "ip route-static", "ip route", "frr defaults",
    " isis authentication-mode", " isis circuit-level", " rip authentication-mode", " mpls ldp",
    " ospfv3 1 area", " port hybrid", " nat", " ip urpf loose", " network", " is-level", " policy 1",
    " area-authentication-mode", " domain-password", " md5-password cipher", " user-block", " address 0",
    " lock-authentication", " undo user-block", " local-user u state block", " recording-scheme r",
    " rule 0", " rule name x", "  action", "  policy source", "  source-address", "  source-ip", " set",
    " command", " cpu-defend-policy", " object-policy apply", " bgp listen range", " neighbor a",
]  # fmt: skip
"""Beginnings of statements that have readers of their own; what follows them is drawn."""

lines = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
indented = st.tuples(st.integers(0, 4), lines).map(lambda pair: " " * pair[0] + pair[1])
begun = st.tuples(st.sampled_from(OPENERS), lines).map(" ".join)
bodies = st.lists(st.one_of(indented, begun, st.text(max_size=30)), max_size=40).map("\n".join)


@pytest.mark.parametrize("name", FRAMES)
@given(body=bodies)
@settings(max_examples=150)
def test_any_body_is_read_to_an_end(name: str, body: str) -> None:
    baseline = platform(name).baseline
    assert baseline is not None
    command, head, tail = FRAMES[name]
    found = baseline.read({command: Answer.of(head + body + tail, command, "o")})
    assert len(found.components) == 1
    for setting in found.components[0].settings:
        assert setting.name
        assert setting.source.observation == "o"


@pytest.mark.parametrize("name", FRAMES)
@given(text=st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_as_any_answer_is_read_to_an_end(name: str, text: str) -> None:
    baseline = platform(name).baseline
    assert baseline is not None
    answers = {command: Answer.of(text, command, "o") for command in baseline.commands}
    found = baseline.read(answers)
    assert all(isinstance(state, AnswerState) for state, _ in found.states.values())


@pytest.mark.parametrize("name", FRAMES)
@given(
    before=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    form=st.sampled_from(("cipher", "simple", "hash", "irreversible-cipher", "plain")),
)
@settings(max_examples=100)
def test_what_follows_a_form_of_secret_is_never_told(name: str, before: str, form: str) -> None:
    baseline = platform(name).baseline
    assert baseline is not None
    command, head, tail = FRAMES[name]
    body = f"aaa\n local-user u password {form} Planted-Secret-1\n {before} {form} Planted-Secret-2"
    found = baseline.read({command: Answer.of(head + body + tail, command, "o")})
    assert "Planted-Secret-1" not in repr(found.components)


@pytest.mark.parametrize("name", FRAMES)
def test_a_flood_of_one_line_is_read_in_one_pass(name: str) -> None:
    baseline = platform(name).baseline
    assert baseline is not None
    command, head, tail = FRAMES[name]
    for line in ("user-interface vty 0 4", "acl number 3000", "interface X1", "rule permit ip", " " * 9 + "a",
                 'header login information "', "router bgp 1", "ip prefix-list A permit any"):  # fmt: skip
        body = f"{line}\n" * 20_000
        found = baseline.read({command: Answer.of(head + body + tail, command, "o")})
        assert len(found.components) == 1
