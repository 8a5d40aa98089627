"""Routing tables of Comware: three layouts, inherited blanks, completeness, both families."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Address

from netops.facts.answers import AnswerState
from netops.facts.routes import RouteTable, prefix_of
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware import PLATFORM

LATE = """\

Destinations : 6        Routes : 7

Destination/Mask   Proto   Pre Cost        NextHop         Interface
0.0.0.0/0          Static  60  0           198.51.100.1    GE0/1
0.0.0.0/32         Direct  0   0           127.0.0.1       InLoop0
10.20.0.0/24       O_INTER 10  3           10.255.1.1      Vlan111
                                           10.255.1.5      Vlan30
10.30.0.0/16       BGP     255 0           10.255.0.9      GE0/0
10.40.0.0/16       Static  60  0           0.0.0.0         NULL0
192.0.2.1/32       Direct  0   0           127.0.0.1       InLoop0
"""

V5 = """\
Routing Tables: OFFICE
        Destinations : 2        Routes : 3

Destination/Mask    Proto  Pre  Cost         NextHop         Interface
10.20.0.0/24        Static 60   0            192.0.2.9       GE1/0/1
                    OSPF   10   4            192.0.2.13      Vlan20
10.21.0.0/24        IS_L1  15   9            192.0.2.9       GE1/0/1
"""

PROTOCOL = """\
Summary Count : 3

Static Routing Table Status : <Active>
Summary Count : 2

Destination/Mask    Proto  Pre  Cost         NextHop         Interface
0.0.0.0/0           Static 60   0            198.51.100.1    GE1/0/1
10.9.0.0/16         Static 60   0            198.51.100.1    GE1/0/1

Static Routing Table Status : <Inactive>
Summary Count : 1

Destination/Mask    Proto  Pre  Cost         NextHop         Interface
0.0.0.0/0           Static 100  0            203.0.113.1     GE1/0/2
"""

DEFAULT = "display ip routing-table 0.0.0.0 0"

SIX = """\
Destinations : 3 Routes : 3

Destination: ::/0                                        Protocol  : Static
NextHop    : FE80::1                                     Preference: 60
Interface  : GE0/1                                       Cost      : 0

Destination: 2001:db8:1::/64                             Protocol  : Direct
NextHop    : ::                                          Preference: 0
Interface  : Vlan20                                      Cost      : 0

Destination: 2001:db8:9::/48                             Protocol  : Static
NextHop    : ::                                          Preference: 60
Interface  : NULL0                                       Cost      : 0
"""


def parse(text: str, command: str = "display ip routing-table") -> Parsed:
    found = PLATFORM.command_for(command)
    assert found is not None
    return found.parse(Answer.of(text, command, "o"))


def table(parsed: Parsed) -> RouteTable:
    (only,) = parsed.facts
    assert isinstance(only, RouteTable)
    return only


def test_a_late_table_inherits_what_an_equal_path_leaves_blank() -> None:
    parsed = parse(LATE)
    found = table(parsed)
    assert (parsed.state, found.complete, found.vpn) == (AnswerState.UNDERSTOOD, True, "")
    got = [(str(prefix_of(r)), r.protocol, r.preference, r.metric, r.next_hop, r.interface)
           for r in found.rows]  # fmt: skip
    assert got == [
        ("0.0.0.0/0", "static", 60, 0, "198.51.100.1", "GigabitEthernet0/1"),
        ("0.0.0.0/32", "direct", 0, 0, "127.0.0.1", "InLoopBack0"),
        ("10.20.0.0/24", "ospf", 10, 3, "10.255.1.1", "Vlan-interface111"),
        ("10.20.0.0/24", "ospf", 10, 3, "10.255.1.5", "Vlan-interface30"),
        ("10.30.0.0/16", "bgp", 255, 0, "10.255.0.9", "GigabitEthernet0/0"),
        ("10.40.0.0/16", "static", 60, 0, "", "NULL0"),
        ("192.0.2.1/32", "direct", 0, 0, "127.0.0.1", "InLoopBack0"),
    ]
    assert [r.blackhole for r in found.rows] == [False] * 5 + [True, False]
    assert [r.line for r in found.rows] == [5, 6, 7, 8, 9, 10, 11]


def test_only_one_row_of_a_late_table_is_a_default_route() -> None:
    defaults = [r for r in table(parse(LATE)).rows if r.network == 0 and r.length == 0]
    assert len(defaults) == 1


def test_a_v5_table_names_its_instance_and_repeats_what_differs() -> None:
    found = table(parse(V5))
    assert (found.vpn, found.complete) == ("OFFICE", True)
    got = [(str(prefix_of(r)), r.protocol, r.preference, r.metric) for r in found.rows]
    assert got == [
        ("10.20.0.0/24", "static", 60, 0),
        ("10.20.0.0/24", "ospf", 10, 4),
        ("10.21.0.0/24", "isis", 15, 9),
    ]


def test_the_public_table_of_v5_is_the_public_instance() -> None:
    assert table(parse(V5.replace("OFFICE", "Public"))).vpn == ""


def test_the_instance_comes_from_the_command_where_the_text_is_silent() -> None:
    found = table(parse(LATE, "display ip routing-table vpn-instance OFFICE"))
    assert found.vpn == "OFFICE"


def test_a_table_that_lost_rows_is_not_complete() -> None:
    cut = LATE.replace("10.30.0.0/16       BGP     255 0           10.255.0.9      GE0/0\n", "")
    parsed = parse(cut)
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert table(parsed).complete is False


def test_a_row_that_is_not_understood_makes_a_table_incomplete() -> None:
    parsed = parse(LATE.replace("10.30.0.0/16 ", "10.30.0.999/16"))
    assert len(parsed.unread) == 1
    assert table(parsed).complete is False


def test_an_empty_instance_is_a_complete_empty_table() -> None:
    found = table(parse("\nDestinations : 0        Routes : 0\n"))
    assert (found.rows, found.complete) == ((), True)


def test_a_table_of_all_instances_is_cut_by_instance() -> None:
    text = f"VPN instance: A\n{LATE}\nVPN instance: B\n{LATE}"
    parsed = parse(text, "display ip routing-table all-vpn-instance")
    assert [(t.vpn, len(t.rows), t.complete) for t in parsed.facts] == [
        ("A", 7, True),
        ("B", 7, True),
    ]


def test_one_destination_is_counted_by_its_summary() -> None:
    text = "Summary count : 1\n\n" + "\n".join(LATE.splitlines()[3:5]) + "\n"
    found = table(parse(text, DEFAULT))
    assert (len(found.rows), found.complete) == (1, True)


def test_a_floating_static_is_a_row_that_is_not_active() -> None:
    parsed = parse(PROTOCOL, "display ip routing-table protocol static")
    (row,) = table(parsed).rows
    assert parsed.state is AnswerState.UNDERSTOOD
    assert (prefix_of(row), row.preference, row.active) == (IPv4Network("0.0.0.0/0"), 100, False)
    assert row.next_hop == "203.0.113.1"


def test_an_ipv6_table_is_read_in_records() -> None:
    parsed = parse(SIX, "display ipv6 routing-table")
    found = table(parsed)
    assert (found.family, found.complete, parsed.unread) == (6, True, ())
    got = [(str(IPv6Address(r.network)), r.length, r.protocol, r.next_hop, r.interface)
           for r in found.rows]  # fmt: skip
    assert got == [
        ("::", 0, "static", "fe80::1", "GigabitEthernet0/1"),
        ("2001:db8:1::", 64, "direct", "::", "Vlan-interface20"),
        ("2001:db8:9::", 48, "static", "::", "NULL0"),
    ]
    assert found.rows[2].blackhole


def test_an_ipv6_table_that_lost_a_record_is_not_complete() -> None:
    cut = "\n".join(SIX.splitlines()[:-3])
    found = table(parse(cut, "display ipv6 routing-table vpn-instance OFFICE"))
    assert (found.vpn, found.complete) == ("OFFICE", False)


def test_another_vendors_table_is_not_taken_for_ours() -> None:
    text = "Route Flags: R - relay\nRouting Table : Public\n 10.0.0.0/8 Static 60 0 RD 10.1.1.1 X\n"
    assert parse(text).state is AnswerState.NOT_UNDERSTOOD
