"""Texts as people paste them and as other series print them: what once was misread."""

from __future__ import annotations

from typing import Any

import pytest

from netops.facts.access import Tunnel
from netops.facts.answers import AnswerState
from netops.facts.interfaces import Interface
from netops.facts.nat import NatRule
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.routes import RouteTable, StaticRoute, VpnRoute
from netops.platforms.answer import Answer, Parsed
from netops.platforms.registry import platform


def parse(name: str, line: str, text: str) -> Parsed:
    command = platform(name).command_for(line)
    assert command is not None
    return command.parse(Answer.of(text, line, "o"))


def of(parsed: Parsed, kind: type) -> list[Any]:
    return [fact for fact in parsed.facts if isinstance(fact, kind)]


COMWARE_TABLE = """\
Destinations : 2        Routes : 2

Destination/Mask   Proto   Pre Cost        NextHop         Interface
0.0.0.0/0          Static  60  0           198.51.100.1    GE0/0
10.99.0.0/16       Static  60  0           0.0.0.0         NULL0
"""
VRP_TABLE = """\
Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 1        Routes : 1

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  60   0          RD   198.51.100.5    GigabitEthernet0/0/1
"""


@pytest.mark.parametrize(
    ("name", "line", "text"),
    [
        ("h3c_comware", "display ip routing-table", COMWARE_TABLE),
        ("huawei_vrp", "display ip routing-table", VRP_TABLE),
    ],
)
def test_a_table_pasted_with_echo_and_prompt_is_read_whole(name: str, line: str, text: str) -> None:
    pasted = f"<LL-YX-R1>dis ip routing-table\n{text}\n<LL-YX-R1>\n"
    parsed = parse(name, line, pasted)
    assert (parsed.state, parsed.unread) == (AnswerState.UNDERSTOOD, ())
    assert of(parsed, RouteTable)[0].complete


def test_the_release_in_brackets_is_no_prompt() -> None:
    text = "[V200R010C00SPC700]\n#\n sysname R1\n#\nreturn\n"
    parsed = parse("huawei_vrp", "display current-configuration", text)
    assert parsed.state is AnswerState.UNDERSTOOD
    assert any(getattr(fact, "release", None) == "V200R010C00SPC700" for fact in parsed.facts)


@pytest.mark.parametrize(
    ("name", "text"), [("huawei_vrp", COMWARE_TABLE), ("h3c_comware", VRP_TABLE)]
)
def test_the_other_vendors_routing_table_is_not_understood(name: str, text: str) -> None:
    parsed = parse(name, "display ip routing-table", text)
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert of(parsed, RouteTable) == [] or not of(parsed, RouteTable)[0].complete


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("huawei_vrp", "#\n version 7.1.064, Release 0821P16\n#\n sysname A\n#\nreturn\n"),
        ("h3c_comware", "!Software Version V200R022C00SPC500\n#\nsysname A\n#\nreturn\n"),
        ("h3c_comware", "[V200R010C00SPC700]\n#\n sysname A\n#\nreturn\n"),
    ],
)
def test_the_other_vendors_configuration_is_not_understood(name: str, text: str) -> None:
    parsed = parse(name, "display current-configuration", text)
    assert (parsed.state, parsed.facts) == (AnswerState.NOT_UNDERSTOOD, ())


def test_headings_without_a_row_that_is_understood_are_not_an_empty_answer() -> None:
    text = """\
 BGP local router ID : 10.2.3.4
 Local AS number : 64510
 Total number of peers : 1
  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  192.0.2.9       four    64501     8842     8790     0  731h02m Established       12
"""
    assert parse("huawei_vrp", "display bgp peer", text).state is AnswerState.NOT_UNDERSTOOD


def test_vrp_prints_the_default_of_the_vpnv4_table_without_a_length() -> None:
    text = """\
 Total number of routes from all PE: 2
 Route Distinguisher: 64510:1
      Network            NextHop        MED        LocPrf    PrefVal Path/Ogn
 *>i  0.0.0.0            192.0.2.1       0          100        0      ?
 *>i  10.0.0.0           192.0.2.1       0          100        0      ?
"""
    parsed = parse("huawei_vrp", "display bgp vpnv4 all routing-table", text)
    assert [str(route.prefix) for route in of(parsed, VpnRoute)] == ["0.0.0.0/0", "10.0.0.0/8"]


def test_static_mappings_of_the_system_view_have_no_interface() -> None:
    text = """\
  Static Nat Information:
  Interface  : GigabitEthernet0/0/1
    Global IP/Port     : 198.51.100.8/----
    Inside IP/Port     : 10.43.0.8/----
    Netmask  : 255.255.255.252
  Global Nat Static
    Global IP/Port     : 198.51.100.20/----
    Inside IP/Port     : 10.43.0.20/----
    Netmask  : 255.255.255.255

  Total :    2
"""
    parsed = parse("huawei_vrp", "display nat static", text)
    got = [(r.interface, [str(a) for a in r.pool[0]], str(r.inside)) for r in of(parsed, NatRule)]
    assert parsed.unread == ()
    assert got == [
        ("GigabitEthernet0/0/1", ["198.51.100.8", "198.51.100.11"], "10.43.0.8"),
        (None, ["198.51.100.20", "198.51.100.20"], "10.43.0.20"),
    ]


def test_policy_nodes_of_a_router_are_facts() -> None:
    text = """\
policy-based-route : EXIT
  Node  5  permit :
    if-match acl 3010
    apply ip-address next-hop 198.51.100.1
  Node 10 deny :
    if-match acl 3011
  Node 20 permit :
    if-match packet-length 64 200
    apply output-interface Dialer1
"""
    parsed = parse("huawei_vrp", "display policy-based-route", text)
    got = [(p.node, p.permit, p.acl, p.out_interface) for p in of(parsed, PolicyRoute)]
    assert parsed.unread == ()
    assert got == [
        (5, True, "3010", None),
        (10, False, "3011", None),
        (20, True, "policy-based-route EXIT 20", "Dialer1"),
    ]
    assert [str(hop) for hop in of(parsed, PolicyRoute)[0].next_hops] == ["198.51.100.1"]
    assert all(rule.opaque for rule in of(parsed, Acl)[0].rules)


@pytest.mark.parametrize(
    ("name", "line", "text"),
    [
        (
            "huawei_vrp",
            "display ip policy-based-route",
            (
                "policy Name                     Interface\n"
                "EXIT                          GigabitEthernet0/1/0\nOWN                    local\n"
            ),
        ),
        (
            "h3c_comware",
            "display ip policy-based-route setup",
            (
                "Policy Name              Interface Name\n"
                "EXIT                     GigabitEthernet0/1/0\nOWN                      local\n"
            ),
        ),
    ],
)
def test_where_a_policy_is_applied_is_a_fact(name: str, line: str, text: str) -> None:
    parsed = parse(name, line, text)
    got = [(p.name, p.interfaces, p.local, p.source.first) for p in of(parsed, PolicyRoute)]
    assert got == [("EXIT", ("GigabitEthernet0/1/0",), False, 2), ("OWN", (), True, 3)]


def test_an_address_that_was_made_unreadable_leaves_the_addresses_unknown() -> None:
    text = """\
Interface                    Physical Protocol VPN
Eth-Trunk1                   up       up       --
[IPv6 Address/Prefix Length] 2001:db8:1::1/64 [TENTATIVE]
MEth0/0/0                    up       up       MGMT
[IPv6 Address/Prefix Length] 2001:db8:xx::1/64
"""
    parsed = parse("huawei_vrp", "display ipv6 interface brief", text)
    trunk, management = of(parsed, Interface)
    assert [str(a.interface) for a in trunk.addresses] == ["2001:db8:1::1/64"]
    assert (management.addresses, management.vpn) == (None, "MGMT")
    assert "line 5" in parsed.detail


def test_standby_routes_whose_next_hop_nothing_leads_to_are_read() -> None:
    vrp = """\
Public routing table : Static
         Destinations : 1        Routes : 1        Configured Routes : 1

Static routing table status : <Inactive>
         Destinations : 1        Routes : 1

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  80   0               203.0.113.9     Unknown
"""
    (route,) = of(parse("huawei_vrp", "display ip routing-table protocol static", vrp), StaticRoute)
    assert (str(route.next_hop), route.interface, route.preference) == ("203.0.113.9", None, 80)
    comware = """\
Summary count : 1

Static Routing table status : <Inactive>
Summary count : 1

Destination/Mask   Proto   Pre Cost        NextHop         Interface
0.0.0.0/0          Static  80  0           203.0.113.9
"""
    parsed = parse("h3c_comware", "display ip routing-table protocol static", comware)
    assert parsed.state is AnswerState.UNDERSTOOD
    (row,) = of(parsed, RouteTable)[0].rows
    assert (row.next_hop, row.interface, row.active, row.line) == ("203.0.113.9", "", False, 7)


def test_a_whole_table_never_passes_for_the_static_routes() -> None:
    parsed = parse("h3c_comware", "display ip routing-table protocol static", COMWARE_TABLE)
    assert parsed.state is AnswerState.NOT_UNDERSTOOD


def test_a_virtual_port_keeps_its_name() -> None:
    text = """\
PHY: Physical
Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors
GigabitEthernet0/0/5(v)     up    down      0.01%     0%          0          0
"""
    (port,) = of(parse("huawei_vrp", "display interface brief", text), Interface)
    assert (port.name, port.link_up) == ("GigabitEthernet0/0/5", True)


GLOBAL_POLICY = """\
#
 version 7.1.064, Release 8660P33
#
object-group ip address office
 0 network subnet 10.43.224.0 255.255.252.0
 10 network range 10.43.231.10 10.43.231.11
#
security-zone name Untrust
 import interface GigabitEthernet1/0/2
#
nat global-policy
 rule name {name}
  destination-zone Untrust
{match}  action snat easy-ip
#
return
"""


@pytest.mark.parametrize(
    ("match", "sources", "opaque"),
    [
        ("  source-ip office\n", {"10.43.224.0/22", "10.43.231.10/31"}, False),
        ("  source-ip host 10.43.1.1\n", {"10.43.1.1/32"}, False),
        ("  source-ip subnet 10.43.0.0 16\n", {"10.43.0.0/16"}, False),
        ("  source-ip office\n  service http\n", {"10.43.224.0/22", "10.43.231.10/31"}, True),
        ("  source-ip nowhere-defined\n", {"None"}, True),
    ],
)
def test_a_global_policy_keeps_the_sources_of_its_rules(
    match: str,
    sources: set[str],
    opaque: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    text = GLOBAL_POLICY.format(name="gov", match=match)
    parsed = parse("h3c_comware", "display current-configuration", text)
    (rule,) = of(parsed, NatRule)
    (acl,) = (a for a in of(parsed, Acl) if a.name == rule.acl)
    assert (rule.interface, rule.acl) == ("GigabitEthernet1/0/2", "nat-policy gov")
    assert {str(r.source) for r in acl.rules} == sources
    assert {r.opaque for r in acl.rules} == {opaque}


def test_a_global_policy_without_a_match_translates_every_source() -> None:
    text = GLOBAL_POLICY.format(name="all", match="")
    (rule,) = of(parse("h3c_comware", "display current-configuration", text), NatRule)
    assert rule.acl is None


def test_a_displayed_global_policy_names_the_list_of_its_rule() -> None:
    text = """\
NAT global-policy information:
  Totally 1 NAT global-policy rules.
  Rule name: gov
    Destination-zone name         : Untrust
    SrcIP object group            : office
    SNAT action:
      Easy IP
    Config status: Active
"""
    parsed = parse("h3c_comware", "display nat global-policy", text)
    (rule,) = of(parsed, NatRule)
    assert (rule.acl, rule.zone, rule.active) == ("nat-policy gov", "Untrust", True)


def test_what_a_qos_policy_lets_pass_before_a_redirect_stays_with_the_table() -> None:
    text = """\
!Software Version V200R022C00SPC500
#
acl number 3001
 rule 5 permit ip source 10.43.1.0 0.0.0.255
acl number 3002
 rule 5 permit ip source 10.43.0.0 0.0.255.255
#
traffic classifier few operator or
 if-match acl 3001
traffic classifier many operator or
 if-match acl 3002
#
traffic behavior leave
 permit
traffic behavior turn
 redirect ip-nexthop 203.0.113.1
#
traffic policy p match-order config
 classifier few behavior leave
 classifier many behavior turn
#
interface Vlanif30
 traffic-policy p inbound
#
return
"""
    parsed = parse("huawei_vrp", "display current-configuration", text)
    got = [(p.node, p.permit, p.acl) for p in of(parsed, PolicyRoute)]
    assert got == [(1, False, "3001"), (2, True, "3002")]


def test_a_terminal_of_eighty_columns_breaks_the_interface_of_a_route() -> None:
    text = """\
Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 3        Routes : 3

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  60   0          RD   198.51.100.5    GigabitEthernet
0/0/1
       10.43.0.0/16 OSPF    10   2           D   10.43.255.1     XGigabitEtherne
t0/0/2
      127.0.0.0/8   Direct  0    0           D   127.0.0.1       InLoopBack0
"""
    parsed = parse("huawei_vrp", "display ip routing-table", text)
    (table,) = of(parsed, RouteTable)
    got = [(row.interface, row.line) for row in table.rows]
    assert (parsed.unread, table.complete) == ((), True)
    assert got == [
        ("GigabitEthernet0/0/1", 8),
        ("XGigabitEthernet0/0/2", 10),
        ("InLoopBack0", 12),
    ]


def test_a_displayed_tunnel_names_its_ends() -> None:
    text = """\
Tunnel0/0/2 current state : UP
Line protocol current state : UP
Description:
Route Port,The Maximum Transmit Unit is 1500
Encapsulation is TUNNEL, loopback not set
Tunnel source 198.51.100.6 (GigabitEthernet0/0/1), destination 203.0.113.9
Tunnel protocol/transport GRE/IP, key disabled
keepalive disabled
    0 packets input,  0 bytes
    0 input error
"""
    parsed = parse("huawei_vrp", "display interface Tunnel0/0/2", text)
    (tunnel,) = of(parsed, Tunnel)
    assert parsed.unread == ()
    assert (tunnel.name, tunnel.mode) == ("Tunnel0/0/2", "gre")
    assert (str(tunnel.local), str(tunnel.peer)) == ("198.51.100.6", "203.0.113.9")


def test_counted_errors_of_a_radio_are_no_refusal() -> None:
    refusals = platform("huawei_vrp").refusals
    assert not any(pattern.search(" Error: 0") for pattern, _ in refusals)
    assert any(pattern.search("Error: Something went wrong.") for pattern, _ in refusals)


def test_a_log_line_with_a_leading_date_is_noise() -> None:
    line = "Oct 19 2024 22:13:06-08:00 R1 %%01IFNET/4/LINK_STATE(l)[0]:The line protocol IP"
    assert any(pattern.match(line) for pattern in platform("huawei_vrp").line_noise)
