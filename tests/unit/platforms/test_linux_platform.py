"""A Linux host as a partner in a dialogue, and the corners of its JSON that recordings lack."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netops.facts.access import AdvertisedDefault, DhcpLease, Dialer, Tunnel
from netops.facts.answers import AnswerState
from netops.facts.interfaces import AddressOrigin, Interface
from netops.facts.nat import NatRule
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.routes import RouteTable, VpnInstance
from netops.facts.system import LocalUser, NtpStatus
from netops.platforms.answer import Answer, Parsed
from netops.platforms.linux_host import PLATFORM


def _parse(command: str, value: object) -> Parsed:
    known = PLATFORM.command_for(command)
    assert known is not None
    text = value if isinstance(value, str) else json.dumps(value)
    return known.parse(Answer.of(text, command))


def _of(parsed: Parsed, kind: type) -> list[Any]:
    return [fact for fact in parsed.facts if isinstance(fact, kind)]


@pytest.mark.parametrize(
    "line",
    ["audit@host-1:~$ ", "host-1# ", "[root@host-1 ~]# ", "root@host-1:/etc/frr# ", "host-1$"],
)
def test_a_prompt_names_the_host(line: str) -> None:
    match = PLATFORM.prompt.fullmatch(line)
    assert match is not None
    assert match["host"] == "host-1"


@pytest.mark.parametrize("line", ["#", "$", '{"a": 1}', "some words without an end"])
def test_what_is_no_prompt_is_none(line: str) -> None:
    assert PLATFORM.prompt.fullmatch(line) is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("-bash: nft -j list ruleset: command not found", AnswerState.NOT_SUPPORTED),
        ("bash: line 1: wg: command not found", AnswerState.NOT_SUPPORTED),
        ("sh: 1: nft: not found", AnswerState.NOT_SUPPORTED),
        ("cat: /proc/x: No such file or directory", AnswerState.NOT_SUPPORTED),
        ('Object "vrfs" is unknown, try "ip help".', AnswerState.NOT_SUPPORTED),
        ("Operation not permitted (you must be root)", AnswerState.REFUSED),
        ("netlink: Error: cache initialization failed: Operation not permitted",
         AnswerState.REFUSED),
        ("cat: /etc/x: Permission denied", AnswerState.REFUSED),
        ("sudo: a password is required", AnswerState.REFUSED),
        ("506 Cannot talk to daemon", AnswerState.NOT_SUPPORTED),
    ],
)  # fmt: skip
def test_the_first_refusal_that_fits_is_the_right_one(text: str, state: AnswerState) -> None:
    assert next(s for pattern, s in PLATFORM.refusals if pattern.search(text)) is state


def test_a_description_with_the_words_of_a_refusal_is_none() -> None:
    line = '[{"ifname":"eth0","ifalias":"Permission denied"}]'
    assert not any(pattern.search(line) for pattern, _ in PLATFORM.refusals)


@pytest.mark.parametrize(
    "line",
    ["ip link set eth0 down", "nft flush ruleset", "hostname evil", "ip -j rule show; id",
     "cat /etc/shadow", "ip -j rule show | sh", "wg show all private-key", "uname -a && id"],
)  # fmt: skip
def test_the_guard_admits_no_other_line(line: str) -> None:
    assert not PLATFORM.admits(line)


def test_no_command_holds_a_shell_operator() -> None:
    for command in PLATFORM.commands:
        assert not set(command.text) & set(";|&<>`$()*?'\"\\\n")


def _link(name: str, kind: str = "", **more: object) -> dict[str, object]:
    link = {"ifname": name, "flags": ["UP", "LOWER_UP"], "operstate": "UP", "link_type": "ether"}
    return link | ({"linkinfo": {"info_kind": kind}} if kind else {}) | more


def test_a_slave_of_a_vrf_belongs_to_it_and_a_slave_of_a_bond_to_the_bond() -> None:
    links = [_link("gov", "vrf"), _link("eth1", master="gov"), _link("bond0", "bond"),
             _link("eth2", master="bond0"), _link("br0", "bridge"), _link("eth3", master="br0")]  # fmt: skip
    parsed = _parse("ip -j -d address show", links)
    found = {i.name: (i.vpn, i.aggregate) for i in _of(parsed, Interface)}
    assert found["eth1"] == ("gov", None)
    assert found["eth2"] == ("", "bond0")
    assert found["eth3"] == ("", None)
    (vrf,) = _of(parsed, VpnInstance)
    assert (vrf.name, vrf.interfaces) == ("gov", ("eth1",))
    routes = PLATFORM.followups({"ip -j -d address show": parsed})
    assert routes == ("ip -4 -j route show vrf gov", "ip -6 -j route show vrf gov")
    assert all(PLATFORM.admits(line) for line in routes)


def test_the_origin_of_an_address_is_told_by_the_link_and_the_lease() -> None:
    leased = {"local": "192.0.2.7", "prefixlen": 24, "dynamic": True}
    router = {"local": "2001:db8::7", "prefixlen": 64, "dynamic": True}
    fixed = {"local": "192.0.2.9", "prefixlen": 32}
    links = [_link("eth0", addr_info=[leased, router]), _link("ppp0", "ppp", addr_info=[fixed])]
    parsed = _parse("ip -j -d address show", links)
    origins = [a.origin for i in _of(parsed, Interface) for a in i.addresses]
    assert origins == [AddressOrigin.DHCP, AddressOrigin.AUTOCONF, AddressOrigin.PPP]
    assert [lease.interface for lease in _of(parsed, DhcpLease)] == ["eth0"]
    assert [d.is_connected for d in _of(parsed, Dialer)] == [True]


def test_a_tunnel_without_an_end_has_none_and_the_kernels_own_are_no_tunnels() -> None:
    anywhere = {"info_kind": "gre", "info_data": {"local": "0.0.0.0", "remote": "192.0.2.8"}}  # noqa: S104 - no end given
    links = [_link("gre1", linkinfo=anywhere), _link("tunl0", "ipip", flags=["NOARP"])]
    (tunnel,) = _of(_parse("ip -j -d address show", links), Tunnel)
    assert (tunnel.name, tunnel.local, str(tunnel.peer)) == ("gre1", None, "192.0.2.8")


def test_only_the_lowest_metric_of_a_prefix_is_used() -> None:
    routes = [{"dst": "default", "gateway": "192.0.2.1", "dev": "eth0", "metric": 100},
              {"dst": "default", "gateway": "192.0.2.9", "dev": "eth1", "metric": 50},
              {"dst": "default", "gateway": "192.0.2.5", "dev": "eth2", "flags": ["dead"]}]  # fmt: skip
    (table,) = _of(_parse("ip -4 -j route show table all", routes), RouteTable)
    assert [(r.interface, r.active) for r in table.rows] == [
        ("eth0", False), ("eth1", True), ("eth2", False),
    ]  # fmt: skip


def test_an_ipv4_route_by_an_ipv6_gateway_keeps_its_family() -> None:
    routes = [{"dst": "10.0.0.0/8", "via": {"family": "inet6", "host": "fe80::1"}, "dev": "eth0"}]
    (table,) = _of(_parse("ip -4 -j route show table all", routes), RouteTable)
    assert [(r.family, r.next_hop) for r in table.rows] == [(4, "fe80::1")]


def test_a_vrf_table_is_named_by_the_command_that_asked_it() -> None:
    routes = [{"dst": "default", "gateway": "192.0.2.1", "dev": "eth1"}]
    (table,) = _of(_parse("ip -4 -j route show vrf gov", routes), RouteTable)
    assert (table.vpn, table.family, len(table.rows)) == ("gov", 4, 1)


def test_an_empty_table_of_all_tables_is_not_understood() -> None:
    parsed = _parse("ip -4 -j route show table all", "")
    assert parsed.state is AnswerState.NOT_UNDERSTOOD


def test_rules_of_one_priority_keep_lists_of_their_own() -> None:
    rules = [{"priority": 9, "src": "10.0.0.1", "dst": "10.1.0.0", "dstlen": 16, "table": "7"},
             {"priority": 9, "src": "10.0.0.1", "dst": "10.2.0.0", "dstlen": 16, "table": "7"}]  # fmt: skip
    parsed = _parse("ip -j rule show", rules)
    names = [acl.name for acl in _of(parsed, Acl)]
    assert len(set(names)) == 2
    assert [p.acl for p in _of(parsed, PolicyRoute)] == names


def test_a_rule_that_jumps_is_not_understood_and_one_that_drops_is_left_out() -> None:
    rules = [{"priority": 5, "src": "all", "goto": 100}, {"priority": 6, "src": "10.0.0.0",
             "srclen": 8, "action": "prohibit"}]  # fmt: skip
    parsed = _parse("ip -j rule show", rules)
    assert parsed.facts == ()
    assert len(parsed.unread) == 1


def _rule(*expressions: object) -> dict[str, object]:
    rule = {"family": "ip", "table": "nat", "chain": "POSTROUTING", "handle": 3}
    return {"nftables": [{"rule": rule | {"expr": list(expressions)}}]}


def test_a_target_of_older_iptables_is_a_translation() -> None:
    match = {"match": {"op": "==", "left": {"meta": {"key": "oifname"}}, "right": "eth1"}}
    xt = {"xt": {"type": "target", "name": "MASQUERADE"}}
    (rule,) = _of(_parse("nft -j list ruleset", _rule(match, xt)), NatRule)
    assert (rule.interface, rule.easy_ip, rule.acl) == ("eth1", True, None)


def test_an_interface_pattern_or_an_unknown_set_makes_the_match_narrower() -> None:
    payload = {"payload": {"protocol": "ip", "field": "saddr"}}
    for left, right in (({"meta": {"key": "oifname"}}, "ppp*"), (payload, "@nobody")):
        match = {"match": {"op": "==", "left": left, "right": right}}
        parsed = _parse("nft -j list ruleset", _rule(match, {"masquerade": None}))
        (rule,), (acl,) = _of(parsed, NatRule), _of(parsed, Acl)
        assert (rule.interface, rule.acl) == (None, acl.name)
        assert [line.opaque for line in acl.rules] == [True]


def test_an_excluded_source_is_denied_before_the_rest_is_permitted() -> None:
    payload = {"payload": {"protocol": "ip", "field": "saddr"}}
    match = {"match": {"op": "!=", "left": payload,
                       "right": {"prefix": {"addr": "10.0.0.0", "len": 8}}}}  # fmt: skip
    (acl,) = _of(_parse("nft -j list ruleset", _rule(match, {"masquerade": None})), Acl)
    assert [(r.permit, str(r.source)) for r in acl.rules] == [
        (False, "10.0.0.0/8"), (True, "None"),
    ]  # fmt: skip


def test_a_clock_that_follows_itself_follows_nobody() -> None:
    text = "Reference ID    : 7F7F0101 ()\nStratum         : 10\nLeap status     : Normal\n"
    (status,) = _of(_parse("chronyc -n tracking", text), NtpStatus)
    assert status.synchronized is False


def test_endpoints_of_wireguard_are_peers_and_no_key_is_kept() -> None:
    key = "k" * 43 + "="
    parsed = _parse(
        "wg show all endpoints", f"wg0\t{key}\t[2001:db8::9]:51820\nwg1\t{key}\t(none)\n"
    )
    assert [(t.name, t.mode, str(t.peer)) for t in _of(parsed, Tunnel)] == [
        ("wg0", "wireguard", "2001:db8::9")
    ]
    assert key not in str(parsed)


def test_a_default_that_a_router_advertised_names_the_router_and_its_line() -> None:
    text = """[{"dst":"2001:db8:12::/64","dev":"eth1","protocol":"kernel","metric":256},
{"dst":"default","gateway":"fe80::1","dev":"eth1","protocol":"ra","metric":1024,"pref":"medium"}]
"""
    found = _of(_parse("ip -6 -j route show table all", text), AdvertisedDefault)
    assert [(f.interface, str(f.router)) for f in found] == [("eth1", "fe80::1")]


def test_accounts_with_a_shell_are_told_and_who_may_become_root() -> None:
    accounts = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
toor:x:0:0::/root:/bin/sh
duty:x:1000:1000:\u503c\u73ed,,,:/home/duty:/bin/bash
this is no account
"""
    parsed = _parse("getent passwd", accounts)
    users = [(user.name, user.role) for user in _of(parsed, LocalUser)]
    assert users == [("root", "root"), ("toor", "root"), ("duty", None)]
    assert [line.text for line in parsed.unread] == ["this is no account"]
    groups = _parse("getent group", "root:x:0:\nwheel:x:10:duty,chief\nvideo:x:44:other\n")
    found = [(user.name, user.role) for user in _of(groups, LocalUser)]
    assert found == [("duty", "administrator"), ("chief", "administrator")]


def test_something_else_is_no_list_of_accounts() -> None:
    assert _parse("getent passwd", "getent: \u4e0d\u5b58\u5728").state is AnswerState.NOT_UNDERSTOOD
