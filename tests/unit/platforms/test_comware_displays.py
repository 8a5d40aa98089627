"""Displays of Comware that decide about exits, in the words of the command references."""

from __future__ import annotations

from typing import Any

import pytest

from netops.facts.answers import AnswerState
from netops.facts.interfaces import AddressOrigin
from netops.facts.nat import NatKind
from netops.facts.redundancy import VrrpState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware import PLATFORM


def parse(command: str, text: str) -> Parsed:
    found = PLATFORM.command_for(command)
    assert found is not None
    parsed = found.parse(Answer.of(text, command, "o"))
    assert parsed.unread == (), parsed.unread
    assert parsed.state is AnswerState.UNDERSTOOD, parsed.detail
    return parsed


def facts(command: str, text: str, kind: str) -> list[Any]:
    return [f for f in parse(command, text).facts if type(f).__name__ == kind]


def test_ip_interface_brief_is_read_in_its_three_layouts() -> None:
    legend = "*down: administratively down\n(s): spoofing  (l): loopback\n"
    early = (
        f"{legend}Interface                Physical Protocol IP Address      Description\n"
        "GE1/0/1                  up       up       192.0.2.1       To-City-Core\n"
        "GE1/0/2                  *down    down     --              --\n"
        "Loop0                    up       up(s)    10.255.0.1      A long descr...\n"
    )
    late = (
        f"{legend}Interface           Physical Protocol IP address/Mask    VPN instance Description\n"
        "GE0/1               up       up       198.51.100.2/30    --           To-ISP A\n"
        "Dia0                up       up(s)    203.0.113.77/32    --           --\n"
        "GE0/2.100           up       up       10.20.0.1/24       EXTRANET     --\n"
    )
    third = (
        f"{legend}Interface            Physical Protocol IP address      VPN instance  Description\n"
        "XGE1/0/49:1          up       down     10.1.0.1        OFFICE        x\n"
    )
    command = "display ip interface brief"
    first = facts(command, early, "Interface")
    assert [(i.name, i.admin_up, i.link_up, i.vpn) for i in first] == [
        ("GigabitEthernet1/0/1", True, True, None),
        ("GigabitEthernet1/0/2", False, False, None),
        ("LoopBack0", True, True, None),
    ]
    assert [len(i.addresses) for i in first] == [1, 0, 1]
    assert [i.description for i in first] == ["To-City-Core", "", None]
    second = facts(command, late, "Interface")
    assert [(i.name, i.vpn, str(i.addresses[0].interface), i.spoofing) for i in second] == [
        ("GigabitEthernet0/1", "", "198.51.100.2/30", False),
        ("Dialer0", "", "203.0.113.77/32", True),
        ("GigabitEthernet0/2.100", "EXTRANET", "10.20.0.1/24", False),
    ]
    (last,) = facts(command, third, "Interface")
    assert (last.name, last.vpn, last.protocol_up) == (
        "Ten-GigabitEthernet1/0/49:1", "OFFICE", False)  # fmt: skip


def test_outbound_translation_is_read_in_early_and_late_words() -> None:
    early = """\
NAT outbound information:
  Totally 1 NAT outbound rules.
  Interface: GigabitEthernet0/1
    ACL: 2000         Address group: 1      Port-preserved: N
    NO-PAT: N         Reversible: N
    VPN instance: EXTRANET
    Config status: Inactive
    Reasons for inactive status:
      The following items don't exist or aren't effective: address group, and ACL.
"""
    late = """\
NAT address group information:
  Totally 1 NAT address groups.
  Address group ID: 1  Address group name: A
    Port range: 1-65535
    Address information:
      Start address         End address
      203.0.113.10          203.0.113.20

NAT outbound information:
  Totally 2 NAT outbound rules.
  Interface: Dialer0
    ACL: ---
    Address group ID: ---
    Port-preserved: N        NO-PAT: N  Reversible: N
    NAT counting: 0
    Config status: Active
  Interface: GigabitEthernet0/1
    ACL: 3001
    Address group ID: 1
    Port-preserved: N        NO-PAT: N  Reversible: N
    Config status: Active

NAT internal server information:
  Totally 1 internal servers.
  Interface: GigabitEthernet0/1
    Protocol: 6(TCP)
    Global IP/port: 203.0.113.5/443
    Local IP/port : 10.20.0.5/8443
    ACL           : 3001
    Config status : Active

Static NAT mappings:
  Totally 1 outbound static NAT mappings.
  IP-to-IP:
    Local IP     : 10.20.0.7
    Global IP    : 203.0.113.7
    Local VPN    : OFFICE
    Config status: Active

Interfaces enabled with static NAT:
  Totally 1 interfaces enabled with static NAT.
  Interface: GigabitEthernet0/1
    Config status: Active

NAT logging:
  Log enable          : Disabled
  Flow-begin          : Disabled

NAT mapping behavior:
  Mapping mode : Address and Port-Dependent
  ACL          : ---

NAT ALG:
  DNS        : Enabled
  FTP        : Enabled

Static NAT load balancing:     Disabled
NAT link-switch recreate-session: Disabled
"""
    (rule,) = facts("display nat outbound", early, "NatRule")
    assert (rule.acl, rule.vpn, rule.active, rule.easy_ip, rule.name) == (
        "2000", "EXTRANET", False, False, "address-group 1")  # fmt: skip
    easy, pooled, server, static = facts("display nat all", late, "NatRule")
    assert (easy.interface, easy.acl, easy.easy_ip, easy.active) == ("Dialer0", None, True, True)
    assert (str(pooled.pool[0][0]), str(pooled.pool[0][1])) == ("203.0.113.10", "203.0.113.20")
    assert (server.kind, str(server.inside)) == (NatKind.SERVER, "10.20.0.5")
    assert str(server.pool[0][0]) == "203.0.113.5"
    assert (static.kind, static.interface, static.vpn) == (
        NatKind.STATIC, "GigabitEthernet0/1", "OFFICE")  # fmt: skip


def test_translation_without_a_rule_is_understood_as_none() -> None:
    text = "NAT logging:\n  Log enable          : Disabled\n\nNAT ALG:\n  DNS        : Enabled\n"
    assert parse("display nat all", text).facts == ()


def test_sessions_are_counted_over_all_slots() -> None:
    text = "Slot 1:\nTotal sessions found: 3\n\nSlot 2:\nTotal sessions found: 4\n"
    assert facts("display nat session", text, "NatSessions")[0].count == 7
    text = "Slot 1:\n  Total session entries: 3\n  Session creation rate: 1\n"
    assert facts("display nat statistics", text, "NatSessions")[0].count == 3


def test_a_dialer_is_alive_by_its_address_only() -> None:
    idle = """\
Dialer1
Current state: UP
Line protocol state: UP(spoofing)
Description: Dialer1 Interface
Bandwidth: 64 kbps
Maximum transmission unit: 1500
Hold timer: 10 seconds, retry times: 5
Internet protocol processing: Disabled
Link layer protocol: PPP
LCP: initial
Physical: Dialer, baudrate: 64000 bps
Last clearing of counters: Never
"""
    alive = idle.replace(
        "Internet protocol processing: Disabled",
        "Internet address: 203.0.113.77/32 (PPP-negotiated)",
    ).replace("LCP: initial", "LCP: opened, IPCP: opened")
    command = "display interface Dialer1"
    assert facts(command, idle, "Dialer")[0].is_connected is False
    assert facts(command, alive, "Dialer")[0].is_connected is True
    (interface,) = facts(command, alive, "Interface")
    assert interface.addresses[0].origin is AddressOrigin.PPP
    assert interface.spoofing


@pytest.mark.parametrize(
    ("state", "is_up"), [("SESSION", True), ("PADI SENT", False), ("IDLE", False)]
)
def test_a_pppoe_session_is_up_only_in_its_session_state(state: str, *, is_up: bool) -> None:
    text = (
        "Bundle ID    Interface    VA          RemoteMAC      LocalMAC       State\n"
        f"1      1     GE0/1        VA0         0000-5e00-5301 0000-5e00-5302 {state}\n"
    )
    (session,) = facts("display pppoe-client session summary", text, "PppoeSession")
    assert (session.interface, session.dialer) == ("GigabitEthernet0/1", "Dialer1")
    assert (session.is_up, session.state) == (is_up, state.lower())


def test_dialer_channels_cellular_sessions_and_leases_are_read() -> None:
    dialer = """\
Dialer0:
  Dialer Route:
    NextHop: 10.1.1.1  Dialer number: 8810
  Dialer Timers(in seconds):
    Auto-dial: 300       Compete: 20            Enable: 5
    Idle: 120            Wait-for-Carrier: 60
  Total Channels: 1
  Free Channels: 0
"""
    assert facts("display dialer", dialer, "Dialer")[0].is_connected is True
    cellular = """\
Cellular0/0:
  Hardware Information:
    Model: EM770W
    IMEI: 000000000000000
  Network Information:
    Current Service Status: Service available
    Packet Service: Attached
    Packet Session Status: Active
    Current Network Connection: LTE
"""
    modem = facts("display cellular", cellular, "Cellular")[0]
    assert (modem.name, modem.is_connected, modem.network) == ("Cellular0/0", True, "LTE")
    assert "000000000000000" not in repr(modem)
    lease = """\
Vlan-interface10 DHCP client information:
 Current state: BOUND
 Allocated IP: 192.0.2.20 255.255.255.0
 Allocated lease: 259200 seconds, T1: 129600 seconds, T2: 226800 seconds
 DHCP server: 192.0.2.2
 Default router: 192.0.2.1
"""
    found = facts("display dhcp client verbose", lease, "DhcpLease")[0]
    assert (found.interface, found.state) == ("Vlan-interface10", "bound")
    assert (str(found.address), str(found.gateway)) == ("192.0.2.20", "192.0.2.1")


def test_access_lists_are_read_by_number_and_by_name() -> None:
    text = """\
Basic IPv4 ACL 2000, 2 rules,
ACL's step is 5
 rule 0 permit source 10.20.0.0 0.0.0.255 (2 times matched)
 rule 5 deny

Advanced IPv4 ACL 3001, named -none-, 1 rule,
match-order is auto,
ACL's step is 5
 rule 0 permit ip source 10.0.0.0 0.255.255.255

Advanced IPv4 ACL named WEB, 1 rule,
ACL's step is 5
 rule 0 permit tcp

Advanced IPv6 ACL 3000, named six, 1 rule,
ACL's step is 5
 rule 0 permit ipv6 source 2001:DB8::/32
"""
    found = {(a.name, a.family): a for a in facts("display acl all", text, "Acl")}
    assert set(found) == {("2000", 4), ("3001", 4), ("WEB", 4), ("3000", 6), ("six", 6)}
    assert str(found["2000", 4].rules[0].source) == "10.20.0.0/24"
    assert found["2000", 4].rules[1].permit is False


def test_policy_routing_is_read_with_its_nodes() -> None:
    text = """\
Policy name: EXIT-B
  node 10 permit:
    if-match acl 3001
    apply next-hop 198.51.100.1
  node 20 deny:
    if-match acl name KEEP
"""
    first, second = facts("display ip policy-based-route", text, "PolicyRoute")
    assert (first.node, first.acl, str(first.next_hops[0])) == (10, "3001", "198.51.100.1")
    assert (second.node, second.permit, second.acl) == (20, False, "KEEP")


def test_instances_are_listed_with_or_without_a_distinguisher() -> None:
    text = """\
  Total VPN-Instances configured : 2
  VPN-Instance Name               RD                     Create time
  EXTRANET                        65000:100              2024/03/05 09:10:11
  OFFICE                                                 2024/03/05 09:10:15
"""
    found = facts("display ip vpn-instance", text, "VpnInstance")
    assert [(v.name, v.rd) for v in found] == [("EXTRANET", "65000:100"), ("OFFICE", None)]


def test_vrrp_is_read_short_and_verbose() -> None:
    short = """\
IPv4 Virtual Router Information:
 Running Mode      : Standard
 Total number of virtual routers : 1
 Interface          VRID  State        Running Adver   Auth     Virtual
                                       Pri     Timer   Type     IP
 ---------------------------------------------------------------------
 GE1/0/1            1     Master       150     100     None     192.0.2.254
"""
    verbose = """\
IPv4 Virtual Router Information:
 Running Mode      : Standard
 Total number of virtual routers : 1
   Interface GigabitEthernet1/0/1
     VRID           : 1                   Adver Timer  : 100
     Admin Status   : Up                  State        : Backup
     Config Pri     : 100                 Running Pri  : 100
     Preempt Mode   : Yes                 Delay Time   : 0
     Become Master  : 2500ms left
     Auth Type      : None
     Virtual IP     : 192.0.2.254
     Virtual MAC    : 0000-5e00-0101
     Master IP      : 192.0.2.1
"""
    (master,) = facts("display vrrp", short, "VrrpGroup")
    assert (master.interface, master.vrid, master.state, master.priority) == (
        "GigabitEthernet1/0/1", 1, VrrpState.MASTER, 150)  # fmt: skip
    (backup,) = facts("display vrrp verbose", verbose, "VrrpGroup")
    assert (backup.state, str(backup.addresses[0])) == (VrrpState.BACKUP, "192.0.2.254")


def test_neighbours_of_both_families_are_read() -> None:
    arp = """\
  Type: S-Static   D-Dynamic   O-Openflow   R-Rule   M-Multiport  I-Invalid
IP address      MAC address    VLAN     Interface                Aging Type
10.20.0.9       0000-5e00-5310 20       GE1/0/7                  16    D
192.0.2.2       0000-5e00-5311 --       GE0/0                    N/A   S
"""
    first, second = facts("display arp", arp, "Neighbour")
    assert (str(first.address), first.mac, first.interface, first.age_s) == (
        "10.20.0.9", "0000-5e00-5310", "GigabitEthernet1/0/7", 960)  # fmt: skip
    assert second.age_s is None
    six = """\
         Type: S-Static    D-Dynamic    O-Openflow    R-Rule    I-Invalid
IPv6 Address                   Link Layer     VID  Interface      State T  Age
2001:db8::2                    0000-5e00-5312 N/A  GE0/0          REACH D  10
"""
    (found,) = facts("display ipv6 neighbors all", six, "Neighbour")
    assert (str(found.address), found.interface) == ("2001:db8::2", "GigabitEthernet0/0")


def test_a_wrapped_lldp_name_is_joined() -> None:
    text = """\
Chassis ID : * -- -- Nearest nontpmr bridge neighbor
             # -- -- Nearest customer bridge neighbor
             Default -- -- Nearest bridge neighbor
System Name          Local Interface Chassis ID      Port ID
CITY-SW-01           XGE1/0/1        0000-5e00-5320  Ten-GigabitEthernet1/0/30
PHONE-000000000001.e GE1/0/24        10.9.1.3        00005E005321:P1
xample.org
"""
    found = facts("display lldp neighbor-information list", text, "LldpNeighbour")
    assert [(n.system, n.interface, n.port) for n in found] == [
        ("CITY-SW-01", "Ten-GigabitEthernet1/0/1", "Ten-GigabitEthernet1/0/30"),
        ("PHONE-000000000001.example.org", "GigabitEthernet1/0/24", "00005E005321:P1"),
    ]


def test_version_time_and_stack_are_read() -> None:
    version = """\
H3C Comware Software, Version 7.1.064, Release 0821P16
Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.
H3C MSR3610 uptime is 3 weeks, 1 day, 4 hours, 9 minutes
Last reboot reason : User reboot

Boot image: flash:/msr36-cmw710-boot-r0821p16.bin
Boot image version: 7.1.064, Release 0821P16
  Compiled Feb 03 2021 11:00:00
Slot 1:
Uptime is 3 weeks,1 day,4 hours,9 minutes
H3C MSR3610 with 1 Processor
BOARD TYPE:         MSR3610
"""
    (identity,) = facts("display version", version, "Identity")
    assert (identity.vendor, identity.model) == ("H3C", "MSR3610")
    assert (identity.os_version, identity.release) == ("7.1.064", "Release 0821P16")
    assert identity.uptime_s == 22 * 86400 + 4 * 3600 + 9 * 60
    old = "H3C Comware Platform Software\nComware Software, Version 5.20.106, Release 3303P20\n"
    assert facts("display version", old, "Identity")[0].os_version == "5.20.106"
    ntp = " Clock status: unsynchronized\n Clock stratum: 16\n Reference clock ID: none\n"
    (status,) = facts("display ntp-service status", ntp, "NtpStatus")
    assert (status.synchronized, status.stratum, status.reference) == (False, 16, None)
    irf = """\
MemberID  Role     Priority    CPU-Mac           Description
 *+1      Master   32          0000-5e00-5330    -----
   2      Standby  1           0000-5e00-5331    -----
--------------------------------------------------------
 * indicates the device is the master.
 + indicates the device through which the user logs in.

 The Bridge MAC of the IRF is: 0000-5e00-5330
 Auto upgrade                   : yes
 Mac persistent                 : always
 Domain ID                      : 0
"""
    members = facts("display irf", irf, "StackMember")
    assert [(m.member, m.role, m.priority) for m in members] == [
        (1, "master", 32),
        (2, "standby", 1),
    ]


def test_vpnv4_routes_are_read_by_distinguisher() -> None:
    text = """\
 BGP local router ID is 10.255.0.1
 Status codes: * - valid, > - best, d - dampened, h - history,
               s - suppressed, S - stale, i - internal, e - external
               Origin: i - IGP, e - EGP, ? - incomplete

 Total number of routes from all PEs: 2

 Route distinguisher: 65000:100(EXTRANET)
 Total number of routes: 2

     Network            NextHop         MED        LocPrf     PrefVal Path/Ogn

* >i 10.30.0.0/16       10.255.0.9      0          100        0       65000i
*  i                    10.255.0.2      0          100        0       i
* >i 192.0.2.0          10.255.0.9      0          100        0       ?
"""
    found = facts("display bgp routing-table vpnv4", text, "VpnRoute")
    assert [(r.rd, str(r.prefix), str(r.next_hop), r.best) for r in found] == [
        ("65000:100", "10.30.0.0/16", "10.255.0.9", True),
        ("65000:100", "10.30.0.0/16", "10.255.0.2", False),
        ("65000:100", "192.0.2.0/24", "10.255.0.9", True),
    ]
    assert {r.vpn for r in found} == {"EXTRANET"}


VPNV4_HEAD = """\
 BGP local router ID is 10.255.0.1
 Status codes: * - valid, > - best, d - dampened, h - history,
               s - suppressed, S - stale, i - internal, e - external
               a - additional-path
               Origin: i - IGP, e - EGP, ? - incomplete

 Total number of routes from all PEs: 1

"""


def test_labels_stand_under_the_columns_that_the_heading_names() -> None:
    inward = f"""\
{VPNV4_HEAD} Route distinguisher: 65000:100(EXTRANET)
 Total number of routes: 1

     Network            NextHop         OutLabel        InLabel

* >  10.1.1.0/24        10.1.1.2        NULL            1279
"""
    outward = f"""\
{VPNV4_HEAD} Route distinguisher: 65000:200
 Total number of routes: 1

     Network            NextHop         OutLabel

* >i 10.2.1.0/24        10.255.0.9      1151
"""
    found = [
        *facts("display bgp routing-table vpnv4 inlabel", inward, "VpnRoute"),
        *facts("display bgp routing-table vpnv4 outlabel", outward, "VpnRoute"),
    ]
    assert [(r.rd, r.vpn, str(r.prefix), r.in_label, r.label) for r in found] == [
        ("65000:100", "EXTRANET", "10.1.1.0/24", "1279", None),
        ("65000:200", None, "10.2.1.0/24", None, "1151"),
    ]
