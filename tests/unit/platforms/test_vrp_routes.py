"""Routing tables of VRP in every layout that the reference names."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Any

from netops.facts.answers import AnswerState
from netops.facts.routes import RouteTable, StaticRoute, prefix_of
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp import PLATFORM

VRP5 = """\
Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 5        Routes : 6        

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

         0.0.0.0/0  Static  60   0           D   203.0.113.77    Dialer1
      10.62.0.0/16  OSPF    10   3           D   10.62.255.1     GigabitEthernet0/0/1
                    OSPF    10   3           D   10.62.255.5     GigabitEthernet0/0/2
      10.64.8.0/21  O_ASE   150  20          D   10.62.255.1     GigabitEthernet0/0/1
      10.99.0.0/16  Static  60   0               0.0.0.0         NULL0
   198.51.100.0/24  EBGP    255  0          RD   192.0.2.9       GigabitEthernet0/0/3
"""

VRP8_ALL = """\
2024-05-11 09:14:02.684 +08:00
Proto: Protocol        Pre: Preference
Route Flags: R - relay, D - download to fib, T - to vpn-instance, B - black hole route
------------------------------------------------------------------------------
Routing Table : _public_
         Destinations : 1        Routes : 1         

Destination/Mask    Proto   Pre  Cost        Flags NextHop         Interface

     10.255.0.1/32  ISIS-L2 15   20            D   10.40.0.1       100GE1/0/1
------------------------------------------------------------------------------
Routing Table : gov-ext
         Destinations : 2        Routes : 2        

Destination/Mask    Proto   Pre  Cost        Flags NextHop         Interface

         0.0.0.0/0  IBGP    255  0            RD   10.255.0.1      100GE1/0/1.12
     10.40.12.0/30  Direct  0    0             DB  10.40.12.1      NULL0
"""

STATIC = """\
Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Public routing table : Static
         Destinations : 2        Routes : 2        Configured Routes : 2

Static routing table status : <Active>
         Destinations : 1        Routes : 1

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  60   0          RD   192.0.2.1       GigabitEthernet0/0/0

Static routing table status : <Inactive>
         Destinations : 1        Routes : 1

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  120  0           R   203.0.113.77    Dialer1
"""

IPV6 = """\
Routing Table : _public_
         Destinations : 2        Routes : 2

Destination  : 2001:DB8:40::                           PrefixLength : 48
NextHop      : 2001:DB8:0:1::9                         Preference   : 255
Cost         : 0                                       Protocol     : EBGP
RelayNextHop : ::                                      TunnelID     : 0x0
Interface    : 100GE1/0/1.12                           Flags        : D

 Destination  : ::                                      PrefixLength : 0
 NextHop      : FE80::1                                 Preference   : 60
 Cost         : 0                                       Protocol     : Static
 RelayNextHop : ::                                      TunnelID     : 0x0
 Interface    : GigabitEthernet0/0/1                    Flags        : D
"""

IPV6_VERBOSE_VRP5 = (
    "Routing Table : Public\n\tDestinations : 1\tRoutes : 1\n\n"
    " Destination  : 2001:DB8:40::                           PrefixLength : 48\n"
    " NextHop      : 2001:DB8:0:1::9                         Preference   : 60\n"
    " Neighbour    : ::                                      ProcessID    : 0\n"
    " Label        : NULL                                    Protocol     : Static\n"
    " State        : Inactive Adv Relied                     Cost         : 0\n"
    " Entry ID     : 3                                       EntryFlags   : 0x80024904\n"
    " Age          : 93545sec\n"
    " RelayNextHop : ::                                      TunnelID     : 0x0\n"
    " Interface    : GigabitEthernet0/0/1                    Flags        : R\n"
)


def parse(command: str, text: str) -> Parsed:
    found = PLATFORM.command_for(command)
    assert found is not None
    return found.parse(Answer.of(text, command, "obs"))


def rows(parsed: Parsed) -> list[tuple[Any, ...]]:
    return [
        (t.vpn, str(prefix_of(r)), r.protocol, r.preference, r.metric, r.next_hop, r.interface)
        for t in parsed.facts
        for r in t.rows
    ]


def test_a_plain_table_gives_every_path_with_its_line() -> None:
    parsed = parse("display ip routing-table", VRP5)
    assert parsed.unread == ()
    (table,) = parsed.facts
    assert (table.vpn, table.family, table.complete) == ("", 4, True)
    assert rows(parsed) == [
        ("", "0.0.0.0/0", "static", 60, 0, "203.0.113.77", "Dialer1"),
        ("", "10.62.0.0/16", "ospf", 10, 3, "10.62.255.1", "GigabitEthernet0/0/1"),
        ("", "10.62.0.0/16", "ospf", 10, 3, "10.62.255.5", "GigabitEthernet0/0/2"),
        ("", "10.64.8.0/21", "ospf", 150, 20, "10.62.255.1", "GigabitEthernet0/0/1"),
        ("", "10.99.0.0/16", "static", 60, 0, "", "NULL0"),
        ("", "198.51.100.0/24", "ebgp", 255, 0, "192.0.2.9", "GigabitEthernet0/0/3"),
    ]
    assert [row.line for row in table.rows] == [8, 9, 10, 11, 12, 13]
    assert [row.blackhole for row in table.rows] == [False, False, False, False, True, False]


def test_several_instances_in_one_answer_are_tables_of_their_own() -> None:
    parsed = parse("display ip routing-table all-vpn-instance", VRP8_ALL)
    assert parsed.unread == ()
    assert [(t.vpn, t.complete) for t in parsed.facts] == [("", True), ("gov-ext", True)]
    assert rows(parsed) == [
        ("", "10.255.0.1/32", "isis", 15, 20, "10.40.0.1", "100GE1/0/1"),
        ("gov-ext", "0.0.0.0/0", "ibgp", 255, 0, "10.255.0.1", "100GE1/0/1.12"),
        ("gov-ext", "10.40.12.0/30", "direct", 0, 0, "10.40.12.1", "NULL0"),
    ]


def test_a_table_with_rows_missing_is_not_complete() -> None:
    cut = VRP5[: VRP5.index("      10.64.8.0/21")]
    (table,) = parse("display ip routing-table", cut).facts
    assert isinstance(table, RouteTable)
    assert not table.complete
    assert len(table.rows) == 3


def test_a_title_without_its_count_is_not_complete() -> None:
    (table,) = parse("display ip routing-table", "Routing Tables: Public\n").facts
    assert not table.complete


def test_one_prefix_is_read_with_the_instance_of_the_command() -> None:
    text = """\
Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Table : gov-ext
Summary Count : 1
Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  60   0          RD   192.0.2.1       GigabitEthernet0/0/0
"""
    command = "display ip routing-table vpn-instance gov-ext 0.0.0.0 0"
    (table,) = parse(command, text).facts
    assert (table.vpn, len(table.rows), table.complete) == ("gov-ext", 1, True)


def test_static_routes_keep_the_standby_ones() -> None:
    parsed = parse("display ip routing-table protocol static", STATIC)
    assert parsed.unread == ()
    first, second = parsed.facts
    assert isinstance(second, StaticRoute)
    assert (first.preference, second.preference) == (60, 120)
    assert second.prefix == IPv4Network("0.0.0.0/0")
    assert second.next_hop == IPv4Address("203.0.113.77")
    assert second.interface == "Dialer1"


def test_a_static_route_into_another_instance_is_left_to_the_configuration() -> None:
    text = STATIC.replace(" RD   192.0.2.1 ", "TRD   192.0.2.1 ")
    parsed = parse("display ip routing-table protocol static", text)
    assert parsed.unread == ()
    assert [fact.preference for fact in parsed.facts] == [120]


def test_ipv6_tables_are_read_from_blocks() -> None:
    parsed = parse("display ipv6 routing-table", IPV6)
    assert parsed.unread == ()
    assert rows(parsed) == [
        ("", "2001:db8:40::/48", "ebgp", 255, 0, "2001:db8:0:1::9", "100GE1/0/1.12"),
        ("", "::/0", "static", 60, 0, "fe80::1", "GigabitEthernet0/0/1"),
    ]
    (table,) = parsed.facts
    assert (table.family, table.complete) == (6, True)


def test_an_empty_ipv6_table_is_a_table_of_ipv6() -> None:
    text = "Routing Table : gov-ext\n         Destinations : 0        Routes : 0\n"
    (table,) = parse("display ipv6 routing-table vpn-instance gov-ext", text).facts
    assert (table.vpn, table.family, table.rows, table.complete) == ("gov-ext", 6, (), True)


def test_verbose_ipv6_marks_unselected_routes() -> None:
    (table,) = parse("display ipv6 routing-table verbose", IPV6_VERBOSE_VRP5).facts
    (row,) = table.rows
    assert prefix_of(row) == IPv6Network("2001:db8:40::/48")
    assert row.active is False


def test_a_row_of_another_vendor_is_not_understood() -> None:
    text = VRP5.replace("O_ASE   150  20          D ", "O*E2 via 150/20, 00:01:02,")
    parsed = parse("display ip routing-table", text)
    assert [line.source.first for line in parsed.unread] == [11]
    assert parsed.facts[0].complete is False


def test_a_text_that_is_no_table_is_not_understood() -> None:
    parsed = parse("display ip routing-table", "O*E2 0.0.0.0/0 [110/1] via 192.0.2.1\n")
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert parsed.facts == ()


def test_impossible_numbers_make_no_row() -> None:
    for bad in ("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.256/8", "10.0.0/8"):
        text = VRP5.replace("0.0.0.0/0", bad, 1)
        parsed = parse("display ip routing-table", text)
        assert [line.source.first for line in parsed.unread] == [8], bad
