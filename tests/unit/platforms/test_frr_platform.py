"""FRR as a partner in a dialogue: prompts, refusals, admitted lines, followups, newer shapes."""

from __future__ import annotations

import json
import re

import pytest

from netops.facts.answers import AnswerState
from netops.facts.policy_routes import UNSEEN_RULE, PolicyRoute
from netops.facts.routes import RouteTable, StaticRoute
from netops.platforms.answer import Answer, Parsed
from netops.platforms.frr import PLATFORM
from netops.platforms.frr.config import parse_config
from netops.platforms.frr.config_tree import masked
from netops.platforms.frr.routes_json import route_parser
from netops.platforms.frr.routes_text import text_route_parser


@pytest.mark.parametrize("line", ["edge-1# ", "edge-1#", "edge-1> ", "长沙-1# "])
def test_a_prompt_names_the_host(line: str) -> None:
    match = PLATFORM.prompt.fullmatch(line)
    assert match is not None
    assert match["host"] == line.rstrip("# >")


@pytest.mark.parametrize("line", ["edge-1(config)# ", "S>* 0.0.0.0/0", '  "a":{', "#", "a b# "])
def test_what_is_no_prompt_is_none(line: str) -> None:
    assert PLATFORM.prompt.fullmatch(line) is None


@pytest.mark.parametrize("text", ["--More--", " --More-- ", "(END)", ":"])
def test_a_pager_is_known(text: str) -> None:
    assert PLATFORM.pager.search(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("% Unknown command: show bogus", AnswerState.NOT_SUPPORTED),
        ("% Ambiguous command: show i", AnswerState.NOT_SUPPORTED),
        ("% Command incomplete: show ip", AnswerState.NOT_SUPPORTED),
        ("bgpd is not running", AnswerState.NOT_SUPPORTED),
        ("% Unknown command: show running-config", AnswerState.REFUSED),
        ("% Command not allowed: show running-config", AnswerState.REFUSED),
    ],
)
def test_the_first_refusal_that_fits_is_the_right_one(text: str, state: AnswerState) -> None:
    assert next(s for pattern, s in PLATFORM.refusals if pattern.search(text)) is state


def test_an_ordinary_answer_is_no_refusal() -> None:
    line = '      "description":"% Unknown command: show running-config",'
    assert not any(pattern.search(line) for pattern, _ in PLATFORM.refusals)


@pytest.mark.parametrize(
    "line",
    [
        "configure terminal",
        "show running-config; reload",
        "show ip route | include 0.0.0.0",
        "show ip route vrf a b json",
        "clear bgp *",
        "show version\nconfigure",
        "write file",
        "show running-config > flash",
    ],
)
def test_the_guard_admits_no_other_line(line: str) -> None:
    assert not PLATFORM.admits(line)


def test_commands_are_one_plain_line_each() -> None:
    for command in PLATFORM.commands:
        assert re.fullmatch(r"show [\w {}/-]+", command.text)
    assert PLATFORM.admits("show ip route vrf gov json")
    assert PLATFORM.admits("show ip route 0.0.0.0/0 json")


def test_text_is_asked_where_json_is_not_supported() -> None:
    no = Parsed(state=AnswerState.NOT_SUPPORTED)
    answers = {"show ip route vrf all json": no, "show interface vrf all json": Parsed()}
    assert PLATFORM.followups(answers) == ("show ip route vrf all",)


def test_live_policy_maps_are_asked_where_the_configuration_is_refused() -> None:
    refused = {"show running-config": Parsed(state=AnswerState.REFUSED)}
    assert PLATFORM.followups(refused) == ("show pbr map json", "show pbr rule")
    assert PLATFORM.followups({"show running-config": Parsed()}) == ()


def _entry(prefix: str, hop: str, vrf: str = "default", **more: object) -> dict[str, object]:
    way = {"ip": hop, "interfaceName": "eth0", "active": True, "fib": True}
    return {"prefix": prefix, "protocol": "bgp", "vrfName": vrf, "selected": True,
            "distance": 20, "metric": 0, "nexthops": [way | more]}  # fmt: skip


def test_newer_releases_print_one_object_with_a_key_a_vrf() -> None:
    document = {
        "default": {"10.0.0.0/8": [_entry("10.0.0.0/8", "192.0.2.2")]},
        "gov": {"10.0.0.0/8": [_entry("10.0.0.0/8", "192.0.2.6", "gov")]},
    }
    text = json.dumps(document, indent=2)
    facts = route_parser(4)(Answer.of(text)).facts
    assert [(t.vpn, t.rows[0].next_hop) for t in facts] == [("", "192.0.2.2"), ("gov", "192.0.2.6")]
    lines = text.splitlines()
    assert [lines[t.rows[0].line - 1].strip() for t in facts] == ['"10.0.0.0/8": ['] * 2
    assert facts[0].rows[0].line < facts[1].rows[0].line


def test_the_resolution_of_a_recursive_hop_is_left_to_the_table() -> None:
    entry = _entry("10.0.0.0/8", "10.255.0.1", recursive=True)
    resolved = {"ip": "192.0.2.2", "interfaceName": "eth0", "active": True, "resolver": True}
    entry["nexthops"] = [*entry["nexthops"], resolved]  # type: ignore[misc]
    (table,) = route_parser(4)(Answer.of(json.dumps({"10.0.0.0/8": [entry]}))).facts
    assert [(r.next_hop, r.interface) for r in table.rows] == [("10.255.0.1", "")]


def test_a_recursive_hop_in_text_is_known_by_its_column() -> None:
    text = (
        "B>  10.0.0.0/8 [200/0] via 10.255.0.1 (recursive), weight 1, 00:01:02\n"
        "  *                      via 192.0.2.2, eth0, weight 1, 00:01:02\n"
        "  *                    via 10.255.0.2 (recursive), weight 1, 00:01:02\n"
    )
    parsed = text_route_parser(4)(Answer.of(text))
    (table,) = parsed.facts
    assert parsed.unread == ()
    assert [r.next_hop for r in table.rows] == ["10.255.0.1", "10.255.0.2"]


def test_an_unknown_entry_is_quoted_and_the_rest_kept() -> None:
    document = {"10.0.0.0/8": [_entry("10.0.0.0/8", "192.0.2.2")], "10.1.0.0/16": "?"}
    parsed = route_parser(4)(Answer.of(json.dumps(document)))
    assert len(parsed.facts[0].rows) == 1
    assert [line.text for line in parsed.unread] == ["{'10.1.0.0/16': '?'}"]


def test_no_route_at_all_is_an_empty_default_table() -> None:
    parsed = route_parser(4)(Answer.of("{\n}\n"))
    assert parsed.facts == (RouteTable("", 4, ()),)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" neighbor 192.0.2.2 password hunter2", " neighbor 192.0.2.2 password ******"),
        ("password 8 abcdef", "password 8 ******"),
        ("enable password x", "enable password ******"),
        ("ip ospf message-digest-key 1 md5 KEY", "ip ospf message-digest-key 1 md5 ******"),
        ("isis password clear KEY", "isis password clear ******"),
        ("key-string KEY", "key-string ******"),
        ("service password-encryption", "service password-encryption"),
    ],
)
def test_secrets_of_the_configuration_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def _config(*lines: str) -> Parsed:
    return parse_config(Answer.of("\n".join(["hostname x", *lines, "end"])))


@pytest.mark.parametrize(
    ("line", "hop", "interface", "distance", "vpn"),
    [
        ("ip route 10.0.0.0/8 192.0.2.2 210", "192.0.2.2", None, 210, ""),
        ("ip route 10.0.0.0 255.0.0.0 192.0.2.2", "192.0.2.2", None, 1, ""),
        ("ip route 10.0.0.0/8 eth0 tag 5 30", "None", "eth0", 30, ""),
        ("ip route 10.0.0.0/8 192.0.2.2 vrf gov", "192.0.2.2", None, 1, "gov"),
        ("ip route 10.0.0.0/8 192.0.2.2 eth0 onlink", "192.0.2.2", "eth0", 1, ""),
    ],
)
def test_a_static_line_is_read_whole(
    line: str, hop: str, interface: str | None, distance: int, vpn: str
) -> None:
    (route,) = [f for f in _config(line).facts if isinstance(f, StaticRoute)]
    assert (str(route.next_hop), route.interface) == (hop, interface)
    assert (route.preference, route.vpn, str(route.prefix)) == (distance, vpn, "10.0.0.0/8")


@pytest.mark.parametrize(
    "line",
    ["ip route 10.0.0.0/8", "ip route 10.0.0.0/8 192.0.2.2 eth0 nonsense", "ip route x 192.0.2.2",
     "ip route 10.0.0.0/8 192.0.2.2 nexthop-vrf"],
)  # fmt: skip
def test_a_static_line_that_is_not_understood_is_quoted(line: str) -> None:
    parsed = _config(line)
    assert [unread.text for unread in parsed.unread] == [line]
    assert not [f for f in parsed.facts if isinstance(f, StaticRoute)]


def test_a_policy_row_that_leaves_packets_alone_permits_nothing() -> None:
    parsed = _config("pbr-map P seq 5", " match src-ip 10.0.0.0/8", " set vrf unchanged", "exit")
    (route,) = [f for f in parsed.facts if isinstance(f, PolicyRoute)]
    assert route.permit is False


def test_a_policy_row_without_a_target_is_no_policy_route() -> None:
    parsed = _config("pbr-map P seq 5", " match src-ip 10.0.0.0/8", "exit")
    assert not [f for f in parsed.facts if isinstance(f, PolicyRoute)]


SUMMARY = """VRF             NS ID    VRF ID     AFI            SAFI    Table      Count
---------------------------------------------------------------------------
default             0         0    IPv4         unicast      100          1
default             0         0    IPv6         unicast      106          2
default             0         0    IPv4       multicast      200          4
default             0         0    IPv4         unicast      300          0
default             0         0    IPv4         unicast      254         15
gov                 5         5    IPv4         unicast     1001          3
"""


def _answer(command: str, text: str) -> Parsed:
    known = PLATFORM.command_for(command)
    assert known is not None
    return known.parse(Answer.of(text, command, "seen"))


def test_tables_beside_main_that_hold_routes_are_asked() -> None:
    command = "show zebra router table summary"
    parsed = _answer(command, SUMMARY)
    assert parsed.unread == ()
    assert PLATFORM.followups({command: parsed}) == (
        "show ip route table 100 json",
        "show ipv6 route table 106 json",
    )
    assert command in PLATFORM.telling


def test_a_device_that_lists_tables_without_end_is_not_followed() -> None:
    row = "default             0         0    IPv4         unicast{:>9}          1\n"
    command = "show zebra router table summary"
    text = SUMMARY + "".join(row.format(number) for number in range(1000, 9000))
    assert len(PLATFORM.followups({command: _answer(command, text)})) == 64


@pytest.mark.parametrize(("protocol", "rules"), [("kernel", 1), ("static", 1), ("pbr", 0)])
def test_a_table_that_pbrd_did_not_fill_is_led_into_by_a_rule_that_nothing_shows(
    protocol: str, rules: int
) -> None:
    entry = {**_entry("0.0.0.0/0", "203.0.113.1"), "protocol": protocol, "table": 100}
    parsed = _answer("show ip route table 100 json", json.dumps({"0.0.0.0/0": [entry]}))
    tables = [fact for fact in parsed.facts if isinstance(fact, RouteTable)]
    found = [fact for fact in parsed.facts if isinstance(fact, PolicyRoute)]
    assert [(table.vpn, len(table.rows)) for table in tables] == [("table 100", 1)]
    assert len(found) == rules
    for rule in found:
        assert (rule.table, rule.form, rule.interfaces) == ("100", UNSEEN_RULE, ())
        assert rule.acl is not None


def test_a_rule_for_a_port_may_match_and_is_not_said_to() -> None:
    text = """Rules if lan0
  Seq 10 pri 309
  SRC IP Match: 10.10.1.0/25
  DST Port Match: 443
  Tableid: 10000
Rules if lan0
  Seq 20 pri 319
  something new
"""
    parsed = _answer("show pbr rule", text)
    (route, acl) = parsed.facts
    assert (route.interfaces, route.table, route.acl) == (("lan0",), "10000", acl.name)
    assert acl.rules[0].opaque
    assert [line.text.strip() for line in parsed.unread] == ["something new"]


def test_an_unresolved_neighbour_has_no_address_of_hardware() -> None:
    text = "eth0 10.0.0.9 00:00:00:00:00:00 0\neth0 nothing of ours\n"
    parsed = _answer("show ip neigh", text)
    assert [(str(n.address), n.mac) for n in parsed.facts] == [("10.0.0.9", None)]
    assert len(parsed.unread) == 1
