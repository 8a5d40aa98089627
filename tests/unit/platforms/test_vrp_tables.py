"""The other live displays of VRP, in the layouts that the reference names."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from netops.facts.access import Cellular, Dialer
from netops.facts.answers import AnswerState
from netops.facts.interfaces import AddressOrigin
from netops.facts.nat import NatKind
from netops.facts.redundancy import VrrpState
from netops.facts.routes import VpnRoute
from netops.facts.system import Component, Identity
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp import PLATFORM


def parse(command: str, text: str) -> Parsed:
    found = PLATFORM.command_for(command)
    assert found is not None, command
    return found.parse(Answer.of(text, command, "obs"))


def clean(command: str, text: str) -> Parsed:
    parsed = parse(command, text)
    assert parsed.unread == ()
    assert parsed.state is AnswerState.UNDERSTOOD
    return parsed


YUNSHAN = """\
Huawei YunShan OS
YunShan OS, Version 1.23.0.1 (CE6800 V300R023C00)
Copyright (C) 2021-2024 Huawei Technologies Co., Ltd.
HUAWEI CE6866-48S8CQ-P uptime is 12 days, 3 hours, 41 minutes
Patch Version: V300R023SPH016
"""
QUIDWAY = """\
Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.110 (S5700 V200R001C00SPC300)
Copyright (C) 2000-2012 HUAWEI TECH CO., LTD
Quidway S5700-28C-EI Routing Switch uptime is 1 week, 1 day, 0 hour, 2 minutes

EMGE 0(Master) : uptime is 1 week, 1 day, 0 hour, 1 minute
256M bytes DDR Memory
32M bytes FLASH
Pcb      Version :  VER B
Basic  BOOTROM  Version :  120 Compiled at Dec 27 2011, 16:23:32
CPLD   Version : 74
Software Version : VRP (R) Software, Version 5.110 (V200R001C00SPC300)
"""


def test_version_of_yunshan_names_model_and_release() -> None:
    (fact,) = clean("display version", YUNSHAN).facts
    assert (fact.model, fact.os_version, fact.release) == (
        "CE6866-48S8CQ-P", "1.23.0.1", "V300R023C00",
    )  # fmt: skip
    assert fact.uptime_s == 12 * 86400 + 3 * 3600 + 41 * 60


def test_version_of_an_old_switch_takes_the_first_release_only() -> None:
    (fact,) = clean("display version", QUIDWAY).facts
    assert (fact.model, fact.release) == ("S5700-28C-EI", "V200R001C00SPC300")
    assert fact.uptime_s == 8 * 86400 + 120


@pytest.mark.parametrize(
    "text",
    [" ESN of slot 0: 2102350000\n", "ESN of device: 2102350000\n", (" ESN of master:2102350000\n"
     " ESN of slave:2102359999\n")],
)  # fmt: skip
def test_the_serial_is_that_of_device_master_or_first_slot(text: str) -> None:
    identities = [f for f in clean("display esn", text).facts if isinstance(f, Identity)]
    assert [fact.serial for fact in identities] == ["2102350000"]


def test_device_of_a_switch_gives_a_component_a_slot() -> None:
    text = """\
S6730-H48X6C's Device status:
Slot Sub  Type                  Online    Power    Register     Status   Role  
-------------------------------------------------------------------------------
0    -    S6730-H48X6C          Present   PowerOn  Registered   Normal   Master
     PWR1 PAC600S12             Present   PowerOn  Registered   Normal   NA
"""
    facts = clean("display device", text).facts
    found = [fact for fact in facts if isinstance(fact, Component)]
    assert [(f.slot, f.kind) for f in found] == [("0", "S6730-H48X6C"), ("0/PWR1", "PAC600S12")]


BRIEF = """\
PHY: Physical
*down: administratively down
^down: standby
(l): loopback
(s): spoofing
(b): BFD down
InUti/OutUti: input utility/output utility
Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors
Cellular0/0/0               down  down         0%     0%          0          0
Dialer1                     up    up(s)        --     --          0          0
Eth-Trunk1                  up    up        3.10%  1.42%          0          0
  GigabitEthernet0/0/1      up    up        3.10%  1.42%          0          0
  GigabitEthernet0/0/2      *down down         0%     0%          0          0
GigabitEthernet10/0/12.2001(10G) up    up        0.06%  0.11%         17          0
NULL0                       up    up(s)        --     --          0          0
"""


def test_interface_brief_tells_states_trunks_and_spoofing() -> None:
    found = {fact.name: fact for fact in clean("display interface brief", BRIEF).facts}
    assert len(found) == 7
    assert found["GigabitEthernet0/0/2"].admin_up is False
    assert found["GigabitEthernet0/0/2"].aggregate == "Eth-Trunk1"
    assert found["GigabitEthernet0/0/1"].link_up is True
    assert found["GigabitEthernet10/0/12.2001"].aggregate is None
    assert found["Cellular0/0/0"].link_up is False
    assert found["Cellular0/0/0"].admin_up is True
    assert found["Dialer1"].spoofing is True
    assert found["Dialer1"].source.first == 10


def test_ip_interface_brief_of_vrp5_does_not_tell_the_instance() -> None:
    text = """\
*down: administratively down
^down: standby
(l): loopback
(s): spoofing
The number of interface that is UP in Physical is 2
The number of interface that is DOWN in Physical is 1
The number of interface that is UP in Protocol is 1
The number of interface that is DOWN in Protocol is 2

Interface                         IP Address/Mask      Physical   Protocol  
Dialer1                           203.0.113.77/32      up         up(s)
GigabitEthernet0/0/0              unassigned           up         down
GigabitEthernet0/0/2              198.51.100.6/30      *down      down
"""
    one, two, three = clean("display ip interface brief", text).facts
    assert [str(a.interface) for a in one.addresses] == ["203.0.113.77/32"]
    assert two.addresses == ()
    assert (three.vpn, three.admin_up) == (None, False)


def test_ip_interface_brief_of_vrp8_tells_the_instance() -> None:
    text = """\
*down: administratively down
(d): Dampening Suppressed
The number of interface that is UP in Physical is 3
Interface                   IP Address/Mask    Physical Protocol VPN           
100GE1/0/1.12               10.40.12.1/30      up       up       gov-ext
LoopBack0                   10.255.0.12/32     up       up(s)    --
MEth0/0/0                   192.0.2.12/24      up       up       _management_vpn_
"""
    facts = clean("display ip interface brief", text).facts
    assert [(f.name, f.vpn) for f in facts] == [
        ("100GE1/0/1.12", "gov-ext"), ("LoopBack0", ""), ("MEth0/0/0", "_management_vpn_"),
    ]  # fmt: skip


def test_ipv6_interface_brief_joins_addresses_with_their_interface() -> None:
    text = """\
*down: administratively down
(s): spoofing
Interface                    Physical              Protocol   VPN
100GE1/0/1.12                up                    up         gov-ext
[IPv6 Address/Prefix Length] 2001:db8:30::1/64
[IPv6 Address/Prefix Length] FE80::1/10
LoopBack0                    up                    up(s)      --
[IPv6 Address/Prefix Length] Unassigned
"""
    one, two = clean("display ipv6 interface brief", text).facts
    assert [str(a.interface) for a in one.addresses] == ["2001:db8:30::1/64", "fe80::1/10"]
    assert (one.vpn, one.source.first, one.source.last) == ("gov-ext", 4, 6)
    assert two.addresses == ()


def test_a_dialer_without_an_open_session_is_not_connected() -> None:
    text = """\
Dialer1 current state : UP
Line protocol current state : UP (spoofing)
Description:HUAWEI, AR Series, Dialer1 Interface
Route Port,The Maximum Transmit Unit is 1492, Hold timer is 10(sec)
Internet Address is negotiated, unassigned
Link layer protocol is PPP
LCP initial
Physical is Dialer
"""
    facts = clean("display interface Dialer1", text).facts
    assert [f.is_connected for f in facts if isinstance(f, Dialer)] == [False]


def test_a_modem_with_an_address_is_connected() -> None:
    text = """\
Cellular0/0/0 current state : UP
Line protocol current state : UP (spoofing)
Description:HUAWEI, AR Series, Cellular0/0/0 Interface
Route Port,The Maximum Transmit Unit is 1500, Hold timer is 10(sec)
Internet Address is negotiated, 203.0.113.130/32
Link layer protocol is PPP
LCP opened, IPCP opened
Physical is Cellular
Modem State: Present
Model = ME909s-821
Current Network Connection = LTE(LTE)
Current RSSI = -75 dBm
Current SINR = -1 dB (normal)
Last 300 seconds input rate 0 bytes/sec, 0 bits/sec, 0 packets/sec
"""
    interface, modem = clean("display interface Cellular0/0/0", text).facts
    assert isinstance(modem, Cellular)
    assert (modem.is_connected, modem.network) == (True, "LTE(LTE)")
    assert interface.addresses[0].origin is AddressOrigin.CELLULAR


def test_interface_detail_of_vrp8_and_of_a_trunk() -> None:
    text = """\
Eth-Trunk1 current state : UP (ifindex: 87)
Line protocol current state : UP
Last line protocol up time : 2024-05-11 09:14:02
Description: to-county-12
Route Port,Hash arithmetic : According to flow,Maximal BW: 20G, Current BW: 20G, The Maximum Transmit Unit is 1500
Internet Address is 198.51.100.6/30
Internet Address is 198.51.100.66/30 Sub
IP Sending Frames' Format is PKTFMT_ETHNT_2, Hardware address is 0000-5e00-5301
Current system time: 2024-05-11 09:14:02+08:00
Physical is ETH_TRUNK
    Last 300 seconds input rate 1024 bits/sec, 2 packets/sec
    Last 300 seconds input utility rate:  0.00%
    Input bandwidth utilization  :    0%
-----------------------------------------------------
PortName                      Status      Weight
-----------------------------------------------------
GigabitEthernet0/0/1          UP          1
GigabitEthernet0/0/2          DOWN        1
-----------------------------------------------------
The Number of Ports in Trunk : 2
The Number of UP Ports in Trunk : 1

GigabitEthernet0/0/1 current state : Administratively DOWN
Line protocol current state : DOWN
"""
    trunk, member = clean("display interface", text).facts
    assert trunk.description == "to-county-12"
    assert [(str(a.interface), a.secondary) for a in trunk.addresses] == [
        ("198.51.100.6/30", False), ("198.51.100.66/30", True),
    ]  # fmt: skip
    assert trunk.mac == "00:00:5e:00:53:01"
    assert (member.admin_up, member.link_up, member.aggregate) == (False, False, "Eth-Trunk1")


def test_vpn_instances_may_lack_distinguisher_and_family() -> None:
    text = """\
 Total VPN-Instances configured      : 2
 Total IPv4 VPN-Instances configured : 2
 Total IPv6 VPN-Instances configured : 1

  VPN-Instance Name               RD                    Address-family
  gov-ext                         64510:12              IPv4
  gov-ext                         64510:12              IPv6
  mgmt                                                  IPv4
  bare
"""
    facts = clean("display ip vpn-instance", text).facts
    assert [(f.name, f.family, f.rd) for f in facts] == [
        ("gov-ext", 4, "64510:12"), ("gov-ext", 6, "64510:12"), ("mgmt", 4, None),
        ("bare", 4, None),
    ]  # fmt: skip


def test_verbose_vpn_instances_tell_targets_and_interfaces() -> None:
    text = """\
 Total VPN-Instances configured      : 1
 Total IPv4 VPN-Instances configured : 1
 Total IPv6 VPN-Instances configured : 0

 VPN-Instance Name and ID : gov-ext, 2
  Interfaces : 100GE1/0/1.12,
               100GE1/0/1.13
 Address family ipv4
  Create date : 2024/05/01 06:20:11
  Up time : 10 days, 02 hours, 53 minutes and 51 seconds
  Vrf Status : UP
  Route Distinguisher : 64510:12
  Export VPN Targets : 64510:1
  Import VPN Targets : 64510:1 64510:2
  Label Policy : label per instance
  The diffserv-mode Information is : uniform
  Log Interval : 5
"""
    (fact,) = clean("display ip vpn-instance verbose", text).facts
    assert (fact.rd, fact.import_targets, fact.export_targets) == (
        "64510:12", ("64510:1", "64510:2"), ("64510:1",),
    )  # fmt: skip
    assert fact.interfaces == ("100GE1/0/1.12", "100GE1/0/1.13")


BGP = """\
 Status codes: * - Dynamic
 BGP local router ID        : 10.255.0.12
 Local AS number            : 64510
 Total number of peers      : 2
 Peers in established state : 1
 Total number of dynamic peers : 0

  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  192.0.2.9       4       64501     8842     8790     0  731h02m Established       12
  192.0.2.13      4     635.88        0        0     0 00:04:41  Idle(Admin)        0
"""
BGP_VPN = """\
 BGP local router ID : 10.255.0.12
 Local AS number : 64510
 Total number of peers : 2                 Peers in established state : 2

  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  10.255.0.1      4       64510     4110     4098     0 0068h41m Established       37

  Peer of IPv4-family for vpn instance :

  VPN-Instance gov-ext, Router ID 10.255.0.12:
  10.40.12.2      4       64520      996     1001     0 0016h20m Established        3
"""


def test_bgp_peers_of_the_public_instance() -> None:
    one, two = clean("display bgp peer", BGP).facts
    assert (str(one.address), one.remote_as, one.state, one.received) == (
        "192.0.2.9", "64501", "established", 12,
    )  # fmt: skip
    assert (one.local_as, one.router_id, one.address_family) == ("64510", "10.255.0.12", "ipv4")
    assert (two.remote_as, two.state) == ("635.88", "idle(admin)")


def test_bgp_peers_towards_customers_belong_to_their_instance() -> None:
    facts = clean("display bgp vpnv4 all peer", BGP_VPN).facts
    assert [(str(f.address), f.vpn, f.address_family) for f in facts] == [
        ("10.255.0.1", "", "vpnv4"), ("10.40.12.2", "gov-ext", "ipv4"),
    ]  # fmt: skip


def test_the_vpnv4_table_is_read_by_distinguisher() -> None:
    text = """\
 BGP Local router ID is 10.255.0.12
 Status codes: * - valid, > - best, d - damped,
               h - history,  i - internal, s - suppressed, S - Stale
               Origin : i - IGP, e - EGP, ? - incomplete

 Total number of routes from all PE: 3
 Route Distinguisher: 64510:12

      Network            NextHop        MED        LocPrf    PrefVal Path/Ogn

 *>i  0.0.0.0/0          10.255.0.1      0          100        0      64501i
 * i                     10.255.0.2      0          100        0      64501i
 *>   10.40.12.0/30      0.0.0.0         0                     0      ?

 VPN-Instance gov-ext, Router ID 10.255.0.12:

 Total Number of Routes: 1
      Network            NextHop        MED        LocPrf    PrefVal Path/Ogn

 *>i  0.0.0.0/0          10.255.0.1      0          100        0      64501i
"""
    facts = clean("display bgp vpnv4 all routing-table", text).facts
    assert [(f.rd, f.vpn, str(f.prefix), str(f.next_hop), f.best) for f in facts] == [
        ("64510:12", None, "0.0.0.0/0", "10.255.0.1", True),
        ("64510:12", None, "0.0.0.0/0", "10.255.0.2", False),
        ("64510:12", None, "10.40.12.0/30", "0.0.0.0", True),  # noqa: S104 - a printed next hop
        ("", "gov-ext", "0.0.0.0/0", "10.255.0.1", True),
    ]


def test_the_vpnv4_table_with_labels_tells_both_sides() -> None:
    text = """\
 Total number of routes from all PE: 2
 BGP Local router ID is 10.255.0.12
 Status codes: * - valid, > - best, d - damped,
               h - history,  i - internal, s - suppressed, S - Stale
               Origin : i - IGP, e - EGP, ? - incomplete
 Route Distinguisher: 64510:12

        Network           NextHop           In/Out Label

 *>     10.40.12.0/30     0.0.0.0           1031/NULL
 *>i    10.30.8.0/24      10.255.0.1        NULL/1024

 VPN-Instance gov-ext, Router ID 10.255.0.12:

 Total Number of Routes: 1
        Network           NextHop           In/Out Label

 *>i    10.30.8.0/24      10.255.0.1        NULL/1024
"""
    facts = clean("display bgp vpnv4 all routing-table label", text).facts
    assert [(f.rd, f.vpn, str(f.prefix), f.in_label, f.label) for f in facts] == [
        ("64510:12", None, "10.40.12.0/30", "1031", None),
        ("64510:12", None, "10.30.8.0/24", None, "1024"),
        ("", "gov-ext", "10.30.8.0/24", None, "1024"),
    ]


def test_a_network_that_is_none_of_its_class_is_not_guessed_at() -> None:
    text = """\
 Route Distinguisher: 64510:12
      Network            NextHop        MED        LocPrf    PrefVal Path/Ogn
 *>i  192.0.2.0          10.255.0.1      0          100        0      ?
 *>i  10.40.12.0         10.255.0.1      0          100        0      ?
"""
    command = PLATFORM.command_for("display bgp vpnv4 all routing-table")
    assert command is not None
    parsed = command.parse(Answer.of(text, command.text, "o"))
    assert [str(f.prefix) for f in parsed.facts] == ["192.0.2.0/24"]
    assert [line.source.first for line in parsed.unread] == [4]


def test_the_label_of_a_private_instances_route_is_kept() -> None:
    text = """\
Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Table : gov-ext
Summary Count : 1

Destination: 10.30.8.0/24
     Protocol: IBGP             Process ID: 0
   Preference: 255                    Cost: 0
      NextHop: 10.255.0.1       Neighbour: 10.255.0.1
        State: Active Adv Relied       Age: 3d04h11m52s
          Tag: 0                  Priority: low
        Label: 1024               QoSInfo: 0x0
   IndirectID: 0x1
 RelayNextHop: 0.0.0.0          Interface: GigabitEthernet0/0/3
     TunnelID: 0x1                   Flags: RD
"""
    facts = clean("display ip routing-table vpn-instance gov-ext verbose", text).facts
    labelled = [f for f in facts if isinstance(f, VpnRoute)]
    assert [(f.rd, f.vpn, str(f.prefix), str(f.next_hop), f.label) for f in labelled] == [
        ("", "gov-ext", "10.30.8.0/24", "10.255.0.1", "1024")
    ]


def test_nat_outbound_tells_easy_ip_from_pools() -> None:
    text = """\
 NAT Outbound Information:
 --------------------------------------------------------------------------
 Interface                     Acl     Address-group/IP/Interface      Type
 --------------------------------------------------------------------------
 Dialer1                      3001                 203.0.113.77    easyip  
 GigabitEthernet0/0/2         2000                            1       pat
 GigabitEthernet0/0/3         2002                            2    no-pat
 --------------------------------------------------------------------------
  Total : 3
"""
    one, two, three = clean("display nat outbound", text).facts
    own = IPv4Address("203.0.113.77")
    assert (one.interface, one.acl, one.easy_ip, one.pool) == (
        "Dialer1",
        "3001",
        True,
        ((own, own),),
    )
    assert (two.easy_ip, two.name, two.kind) == (False, "1", NatKind.OUTBOUND)
    assert three.acl == "2002"


def test_no_nat_is_understood_and_gives_nothing() -> None:
    text = """\
 NAT Outbound Information:
 --------------------------------------------------------------------------
 Interface                     Acl     Address-group/IP/Interface      Type
 --------------------------------------------------------------------------
 --------------------------------------------------------------------------
  Total : 0
"""
    assert clean("display nat outbound", text).facts == ()


def test_sessions_are_counted() -> None:
    text = """\
  NAT Session Table Information:

     Protocol          : TCP(6)
     SrcAddr  Port Vpn : 10.62.30.41     51877                              
     DestAddr Port Vpn : 198.51.100.200  443                                
     NAT-Info
       New SrcAddr     : 203.0.113.77 
       New SrcPort     : 10266
       New DestAddr    : ----
       New DestPort    : ----

     Protocol          : ICMP(1)
     SrcAddr   Vpn     : 10.62.30.41                                    
     DestAddr  Vpn     : 192.0.2.200                                    
     Type Code IcmpId  : 0   8   3121 
     NAT-Info
       New SrcAddr     : 203.0.113.77 
       New DestAddr    : ----
       New IcmpId      : 10267

  Total : 2
"""
    (fact,) = clean("display nat session all", text).facts
    assert fact.count == 2


def test_firewall_sessions_are_counted() -> None:
    text = """\
 Current Total Sessions : 2
 https  VPN: public --> public  10.62.30.41:51877[198.51.100.10:2049] --> 192.0.2.200:443
 icmp  VPN: default --> default  10.62.30.42:1 --> 192.0.2.201:2048
"""
    (fact,) = clean("display firewall session table", text).facts
    assert fact.count == 2


ARP = """\
IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE
                                          VLAN/CEVLAN
------------------------------------------------------------------------------
10.62.30.1      0000-5e00-5301            I -         GE0/0/1.30  gov-ext
10.62.30.41     0000-5e00-5341  17        D-0         GE0/0/1.30  gov-ext
                                            30/-
10.62.255.1     0000-5e00-5311  3         D-0         GE0/0/2
10.62.255.9     Incomplete      1         D-0         GE0/0/2
------------------------------------------------------------------------------
Total:4         Dynamic:3       Static:0     Interface:1
"""
ARP_CE = """\
ARP Entry Types: D - Dynamic, S - Static, I - Interface, O - OpenFlow, RD - Redirect
EXP: Expire-time VLAN: VLAN or Bridge Domain

IP ADDRESS      MAC ADDRESS    EXP(M) TYPE/VLAN       INTERFACE        VPN-INSTANCE
----------------------------------------------------------------------------------------
10.40.12.2      0000-5e00-53aa  14      D             100GE1/0/1.12    gov-ext
10.40.12.3      0000-5e00-53ab  14      D/30          100GE1/0/1.12
----------------------------------------------------------------------------------------
Total:2         Dynamic:2       Static:0    Interface:0    OpenFlow:0
Redirect:0
"""


def test_arp_of_a_router_with_vlans_below() -> None:
    facts = clean("display arp all", ARP).facts
    assert [(str(f.address), f.interface, f.vpn, f.own) for f in facts] == [
        ("10.62.30.1", "GigabitEthernet0/0/1.30", "gov-ext", True),
        ("10.62.30.41", "GigabitEthernet0/0/1.30", "gov-ext", False),
        ("10.62.255.1", "GigabitEthernet0/0/2", "", False),
        ("10.62.255.9", "GigabitEthernet0/0/2", "", False),
    ]
    assert facts[3].mac is None


def test_arp_of_a_data_centre_switch() -> None:
    one, two = clean("display arp", ARP_CE).facts
    assert (one.vpn, one.mac, one.age_s) == ("gov-ext", "00:00:5e:00:53:aa", 840.0)
    assert (two.vpn, two.interface) == ("", "100GE1/0/1.12")


@pytest.mark.parametrize(
    "text",
    [
        (
            "Local Intf   Neighbor Dev             Neighbor Intf             Exptime\n"
            "GE0/0/1      CITY07-PE-R01            GE0/2/4                   104\n"
            "GE0/0/3      -                        0000-5e00-5377            3010\n"
        ),
        (
            "Local Interface         Exptime(s) Neighbor Interface      Neighbor Device\n"
            "--------------------------------------------------------------------------\n"
            "GE0/0/1                 104        GE0/2/4                 CITY07-PE-R01\n"
            "GE0/0/3                 3010       0000-5e00-5377          -\n"
        ),
    ],
)
def test_lldp_brief_in_both_column_orders(text: str) -> None:
    facts = clean("display lldp neighbor brief", text).facts
    assert [(f.interface, f.system, f.port) for f in facts] == [
        ("GigabitEthernet0/0/1", "CITY07-PE-R01", "GE0/2/4"),
        ("GigabitEthernet0/0/3", None, "0000-5e00-5377"),
    ]


def test_vrrp_brief_of_vrp5() -> None:
    text = """\
Total:2     Master:1     Backup:1     Non-active:0      
VRID  State        Interface                Type     Virtual IP     
----------------------------------------------------------------
1     Master       GE0/0/1.30               Normal   10.62.30.254
2     Backup       GE0/0/1.40               Normal   10.62.40.254
"""
    one, two = clean("display vrrp brief", text).facts
    assert (one.interface, one.vrid, one.state) == ("GigabitEthernet0/0/1.30", 1, VrrpState.MASTER)
    assert two.addresses == (IPv4Address("10.62.40.254"),)


def test_vrrp_of_a_data_centre_switch_is_the_brief_table() -> None:
    text = """\
Type:
        N: Normal
        A: Administrator
        M: Member
        L: Load-Balance
        LM: Load-Balance-Member
Total:1     Master:1    Backup:0    Non-active:0
VRID State       Interface                                       Type    Virtual IP
--------------------------------------------------------------------------------------
   1 Master      Vlanif30                                        N       10.62.30.254
"""
    (fact,) = clean("display vrrp", text).facts
    assert (fact.interface, fact.state) == ("Vlanif30", VrrpState.MASTER)


def test_vrrp_detail_tells_the_priority() -> None:
    text = """\
  GigabitEthernet0/0/1.30 | Virtual Router 1
    State : Backup
    Virtual IP : 10.62.30.254
    Master IP : 10.62.30.2
    PriorityRun : 100
    PriorityConfig : 100
    MasterPriority : 120
    Preempt : YES   Delay Time : 0 s
    Config type : normal-vrrp
"""
    (fact,) = clean("display vrrp", text).facts
    assert (fact.vrid, fact.state, fact.priority) == (1, VrrpState.BACKUP, 100)
    assert fact.addresses == (IPv4Address("10.62.30.254"),)


def test_pppoe_sessions_name_interface_and_dialer() -> None:
    text = """\
PPPoE Client Session:
ID   Bundle  Dialer  Intf             Client-MAC    Server-MAC    State
1    1       1       GE0/0/1          00005e005301  00005e0053f0  UP
0    2       2       GE0/0/2          00005e005302  000000000000  PADI
"""
    one, two = clean("display pppoe-client session summary", text).facts
    assert (one.interface, one.dialer, one.is_up) == ("GigabitEthernet0/0/1", "Dialer1", True)
    assert (two.is_up, two.state) == (False, "padi")


def test_a_dhcp_lease_tells_address_and_gateway() -> None:
    text = """\
DHCP client lease information on interface GigabitEthernet0/0/0 :
 Current machine state         : Bound
 Internet address assigned via : DHCP
 Physical address              : 0000-5e00-5301
 IP address                    : 203.0.113.9
 Subnet mask                   : 255.255.255.0
 Gateway ip address            : 203.0.113.1
 DHCP server                   : 203.0.113.2
 DNS                           : 203.0.113.3
                                 203.0.113.4
"""
    (fact,) = clean("display dhcp client", text).facts
    assert (fact.interface, fact.state) == ("GigabitEthernet0/0/0", "bound")
    assert (fact.address, fact.gateway) == (IPv4Address("203.0.113.9"), IPv4Address("203.0.113.1"))


NTP = """\
 clock status: synchronized 
 clock stratum: {stratum} 
 reference clock ID: {reference}
 nominal frequency: 100.0000 Hz 
 actual frequency: 100.0000 Hz 
 clock precision: 2^18
 clock offset: 0.4102 ms 
 root delay: 1.83 ms 
 root dispersion: 10.91 ms 
 peer dispersion: 10.94 ms 
 reference time: 09:12:55.331 UTC May 11 2024(E9E9E9E7.54BC6A7E)
 synchronization state: clock synchronized
"""


@pytest.mark.parametrize(("reference", "expected"), [("192.0.2.123", True), ("LOCAL(0)", False)])
def test_a_clock_that_follows_itself_is_not_synchronised(reference: str, expected: bool) -> None:  # noqa: FBT001 - pytest passes it by position
    text = NTP.format(stratum=3, reference=reference)
    (fact,) = clean("display ntp-service status", text).facts
    assert (fact.synchronized, fact.stratum, fact.reference) == (expected, 3, reference)


def test_an_acl_keeps_opaque_what_it_cannot_reduce() -> None:
    text = """\
 Total quantity of nonempty ACL number is 1 

Advanced ACL vty_in 3998, 3 rules
ACL's step is 5
 rule 5 permit ip source 10.0.0.0 0.255.0.255
 rule 10 permit ip source 10.1.0.0 0.0.255.255 time-range work (Active) (2 times matched)
 rule 15 deny ip
"""
    facts = clean("display acl all", text).facts
    assert [fact.name for fact in facts] == ["3998", "vty_in"]
    holes, timed, rest = facts[0].rules
    assert (holes.opaque, holes.source) == (True, IPv4Network("10.0.0.0/8"))
    assert (timed.opaque, timed.source) == (True, IPv4Network("10.1.0.0/16"))
    assert (rest.opaque, rest.permit, rest.source) == (False, False, None)


def test_applied_policies_are_understood() -> None:
    text = """\
#
-------------------------------------------------
  Policy Name:   to_gov_exit
  Policy Index:  0
     Classifier:c_web     Behavior:b_redirect
-------------------------------------------------
 *interface GigabitEthernet0/0/2
    traffic-policy to_gov_exit inbound  
      slot 0    :  success
-------------------------------------------------
  Policy total applied times: 1.
"""
    assert clean("display traffic-policy applied-record", text).facts == ()


def test_an_address_that_cannot_be_read_is_unread() -> None:
    text = """\
GigabitEthernet0/0/1 current state : UP
Line protocol current state : SIDEWAYS
Internet Address is 198.51.100.6 over something new
"""
    parsed = parse("display interface", text)
    assert [line.source.first for line in parsed.unread] == [2, 3]


def test_vlans_of_a_switch_are_understood() -> None:
    text = """\
The total number of VLANs is : 2
--------------------------------------------------------------------------------
U: Up;         D: Down;         TG: Tagged;         UT: Untagged;
MP: Vlan-mapping;               ST: Vlan-stacking;
#: ProtocolTransparent-vlan;    *: Management-vlan;
--------------------------------------------------------------------------------

VID  Type    Ports
--------------------------------------------------------------------------------
1    common  UT:GE0/0/1(U)      GE0/0/2(D)      GE0/0/3(D)
                GE0/0/5(D)      Eth-Trunk1(U)
30   common  TG:GE0/0/1(U)

VID  Status  Property      MAC-LRN Statistics Description
--------------------------------------------------------------------------------

1    enable  default       enable  disable    VLAN 0001
30   enable  default       enable  disable    offices
"""
    assert clean("display vlan", text).facts == ()


def test_an_address_group_and_a_static_mapping_are_read() -> None:
    groups = """\
 NAT Address-Group Information:
 --------------------------------------
 Index   Start-address      End-address
 --------------------------------------
 1           198.51.100.10      198.51.100.14
 --------------------------------------
  Total : 1
"""
    (pool,) = clean("display nat address-group", groups).facts
    assert pool.name == "1"
    assert pool.ranges == ((IPv4Address("198.51.100.10"), IPv4Address("198.51.100.14")),)
    static = """\
  Static Nat Information:
  Interface  : GigabitEthernet0/0/2
    Global IP/Port     : 198.51.100.20/----
    Inside IP/Port     : 10.62.30.21/----
    Protocol : ----
    VPN instance-name  : gov-ext
    Acl number         : ----
    Vrrp id            : ----
    Netmask  : 255.255.255.255
    Description : ----

  Total :    1
"""
    (rule,) = clean("display nat static", static).facts
    assert (rule.kind, str(rule.inside), rule.vpn) == (NatKind.STATIC, "10.62.30.21", "gov-ext")
    assert rule.pool == ((IPv4Address("198.51.100.20"), IPv4Address("198.51.100.20")),)


def test_interface_descriptions_are_free_text() -> None:
    text = """\
PHY: Physical
*down: administratively down
Interface                     PHY     Protocol Description
GE0/0/1                       up      up       to county 12, line "A"
GE0/0/2                       *down   down
"""
    one, two = clean("display interface description", text).facts
    assert (one.name, one.description) == ("GigabitEthernet0/0/1", 'to county 12, line "A"')
    assert (two.description, two.admin_up) == ("", False)


def test_an_acl_that_lost_rules_says_so() -> None:
    text = "Basic ACL 2000, 3 rules\nAcl's step is 5\n rule 5 permit source 192.0.2.7 0\n"
    assert parse("display acl all", text).detail == "rules missing: 2000"


def test_a_table_that_every_device_fills_is_not_understood_without_rows() -> None:
    header = "Interface                         IP Address/Mask      Physical   Protocol\n"
    assert parse("display ip interface brief", header).state is AnswerState.NOT_UNDERSTOOD


def test_an_info_line_means_that_there_is_nothing() -> None:
    text = "Info: The VRRP does not exist.\n"
    assert clean("display vrrp brief", text).facts == ()
    assert clean("display pppoe-client session summary", "Info: No session.\n").facts == ()
