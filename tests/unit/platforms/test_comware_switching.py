"""Displays of switches that yield few facts but must not pass for unknown text."""

from __future__ import annotations

import pytest

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware import PLATFORM

VERBOSE = """\
Loadsharing Type: Shar -- Loadsharing, NonS -- Non-Loadsharing
Port: A -- Auto port, M -- Management port, R -- Reference port
Port Status: S -- Selected, U -- Unselected, I -- Individual
Flags:  A -- LACP_Activity, B -- LACP_Timeout, C -- Aggregation,
        D -- Synchronization, E -- Collecting, F -- Distributing,
        G -- Defaulted, H -- Expired

Aggregate Interface: Bridge-Aggregation1
Creation Mode: Manual
Aggregation Mode: Dynamic
Loadsharing Type: Shar
Management VLANs: None
System ID: 0x8000, 0000-5e00-5330
Local:
  Port                Status   Priority Index    Oper-Key               Flag
  XGE1/0/1(R)         S        32768    1        1                      {ACDEF}
  XGE2/0/1            S        32768    2        1                      {ACDEF}
Remote:
  Actor               Priority Index    Oper-Key SystemID               Flag
  XGE1/0/1            32768    1        1        0x8000, 0000-5e00-5340 {ACDEF}
  XGE2/0/1            32768    2        1        0x8000, 0000-5e00-5340 {ACDEF}

Aggregate Interface: Route-Aggregation2
Aggregation Mode: Static
Loadsharing Type: Shar
Management VLANs: None
  Port             Status  Priority Oper-Key
--------------------------------------------------------------------------------
"""

RECOGNISED = {
    "display vlan all": """\
 VLAN ID: 20
 VLAN type: Static
 Route interface: Configured
 IPv4 address: 10.20.0.1
 IPv4 subnet mask: 255.255.255.0
 Description: VLAN 0020
 Name: VLAN 0020
 Tagged ports:
    Ten-GigabitEthernet1/0/1(U)
 Untagged ports:
    GigabitEthernet1/0/2(U)         GigabitEthernet1/0/3(D)
""",
    "display vlan brief": """\
Brief information about all VLANs:
Supported Minimum VLAN ID: 1
Supported Maximum VLAN ID: 4094
Default VLAN ID: 1
VLAN ID   Name                             Port
1         VLAN 0001                        GE1/0/1  GE1/0/2
                                           GE1/0/3
20        office floor 2                   XGE1/0/1
""",
    "display mac-address": """\
MAC ADDR        VLAN ID    STATE            PORT INDEX               AGING TIME(s)
0000-5e00-5310  20         Learned          GigabitEthernet1/0/7     AGING
0000-5e00-5311  20         Config static    GigabitEthernet1/0/8     NOAGED

  ---  2 mac address(es) found  ---
""",
    "display users": """\
  Idx  Line     Idle       Time              Pid     Type
  10   VTY 0    00:03:21   Mar 05 08:47:19   412     TEL
+ 11   VTY 1    00:00:00   Mar 05 09:10:11   437     SSH

Following are more details.
VTY 0   :
        Location: 10.9.9.12
VTY 1   :
        User name: opsview
        Location: 10.9.9.26
 +    : Current operation user.
 F    : Current operation user works in async mode.
""",
    "display startup": """\
 Current startup saved-configuration file: flash:/startup.cfg
 Next main startup saved-configuration file: flash:/startup.cfg
 Next backup startup saved-configuration file: NULL
""",
    "display clock": """\
14:02:09.258 Beijing Tue 03/05/2024
Time Zone : Beijing add 08:00:00
""",
    "display ip policy-based-route setup": """\
Policy Name              Interface Name
EXIT-B                   GigabitEthernet0/1
OWN                      local
""",
    "display qos policy interface": """\
Interface: GigabitEthernet1/0/1
  Direction: Inbound
  Policy: P
   Classifier: C
     Matched : 0 (Packets) 0 (Bytes)
     Operator: AND
     Rule(s) :
      If-match acl 2000
     Behavior: B
      Redirecting:
        Redirect to next-hop 198.51.100.5
""",
}


def parse(command: str, text: str) -> Parsed:
    found = PLATFORM.command_for(command)
    assert found is not None
    return found.parse(Answer.of(text, command, "o"))


@pytest.mark.parametrize("command", RECOGNISED)
def test_a_display_without_facts_is_recognised_line_by_line(command: str) -> None:
    parsed = parse(command, RECOGNISED[command])
    assert (parsed.state, parsed.unread) == (AnswerState.UNDERSTOOD, ())


@pytest.mark.parametrize("command", RECOGNISED)
def test_a_strange_line_among_them_is_named(command: str) -> None:
    parsed = parse(command, RECOGNISED[command] + "?? strange\n")
    assert [unread.text for unread in parsed.unread] == ["?? strange"]


def test_members_of_aggregates_are_read_from_the_local_part() -> None:
    parsed = parse("display link-aggregation verbose", VERBOSE)
    assert parsed.unread == ()
    assert [(i.name, i.aggregate) for i in parsed.facts] == [
        ("Ten-GigabitEthernet1/0/1", "Bridge-Aggregation1"),
        ("Ten-GigabitEthernet2/0/1", "Bridge-Aggregation1"),
    ]


def test_v5_names_link_and_protocol_in_columns_of_its_own() -> None:
    text = """\
The brief information of interface(s) under route mode:
Interface            Link      Protocol-link  Protocol type    Main IP
NULL0                UP        UP(spoofing)   NULL             --
Vlan1                UP        UP             ETHERNET         192.0.2.1

The brief information of interface(s) under bridge mode:
Interface            Link      Speed     Duplex   Link-type  PVID
GE1/0/1              UP        100M(a)   full(a)  access     1
GE1/0/2              ADM       auto      auto     access     1
"""
    parsed = parse("display interface brief", text)
    assert parsed.unread == ()
    assert [(i.name, i.admin_up, i.protocol_up, i.speed_mbps) for i in parsed.facts] == [
        ("NULL0", True, True, None),
        ("Vlan-interface1", True, True, None),
        ("GigabitEthernet1/0/1", True, None, 100.0),
        ("GigabitEthernet1/0/2", False, None, None),
    ]
    assert str(parsed.facts[1].addresses[0].interface.ip) == "192.0.2.1"


def test_a_detailed_instance_of_both_families_keeps_their_targets_apart() -> None:
    text = """\
  VPN-Instance Name and Index : EXTRANET, 1
  Route Distinguisher : 65000:100
  Interfaces : GigabitEthernet0/2
  Address-family IPv4:
   Export VPN Targets :
       65000:1
   Import VPN Targets :
       65000:1 65000:2
  Address-family IPv6:
   Export VPN Targets :
       65000:6
"""
    four, six = parse("display ip vpn-instance instance-name EXTRANET", text).facts
    assert (four.family, four.import_targets) == (4, ("65000:1", "65000:2"))
    assert (six.family, six.export_targets, six.rd) == (6, ("65000:6",), "65000:100")


@pytest.mark.parametrize(
    ("text", "addresses", "admin_up"),
    [
        ("Internet address: 192.0.2.1/24 (Primary)", ["192.0.2.1/24"], True),
        ("Internet Address is 192.0.2.1/24 Primary", ["192.0.2.1/24"], True),
        ("Internet Address is unnumbered, using address of LoopBack0(10.255.0.1/32)",
         ["10.255.0.1/32"], True),
        ("Internet protocol processing: Disabled", [], True),
    ],
)  # fmt: skip
def test_an_address_line_is_read_in_every_wording(
    text: str, addresses: list[str], *, admin_up: bool
) -> None:
    body = f"Serial1/0 current state: UP\nLine protocol current state: UP (spoofing)\n{text}\n"
    parsed = parse("display interface", body)
    assert parsed.unread == ()
    (interface,) = parsed.facts
    assert [str(a.interface) for a in interface.addresses] == addresses
    assert (interface.admin_up, interface.spoofing) == (admin_up, True)


def test_a_long_ipv6_peer_is_joined_with_its_numbers() -> None:
    text = """\
 BGP local router ID: 10.255.0.1
 Local AS number: 65001
 Total number of peers: 1                 Peers in established state: 1

  * - Dynamically created peer
  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State

  2001:db8:ffff:ffff:ffff:ffff:ffff:1
                       65000     8123     8120    0     214 0135h20m Established
"""
    (peer,) = parse("display bgp peer ipv6", text).facts
    assert (peer.is_established, peer.received, peer.address_family) == (True, 214, "ipv6")
