"""The configuration of Comware: every subject that the audits read, in the spellings of releases."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from typing import Any

import pytest

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.answers import AnswerState
from netops.facts.interfaces import Interface
from netops.facts.nat import NatKind, NatPool, NatRule
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import StaticRoute, VpnInstance
from netops.facts.system import Configuration, Identity, LocalUser, NtpServer, SnmpAgent
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.config.parse import parse_configuration

LATE = """\
#
 version 7.1.064, Release 0821P16
#
 sysname CITY-RT-01
#
 header login %
* Authorised use only
#
interface GigabitEthernet9/9
 ip address 198.51.100.99 255.255.255.0
%
#
 telnet server enable
 ip unreachables enable
#
ip vpn-instance OFFICE
 route-distinguisher 65000:2
 vpn-target 65000:2 65000:9
 #
 address-family ipv6
  vpn-target 65000:6 import-extcommunity
  vpn-target 65000:7 export-extcommunity
#
ip vpn-instance EXTRANET
 route-distinguisher 65000:1
 vpn-target 65000:1 import-extcommunity
 vpn-target 65000:1 export-extcommunity
#
policy-based-route EXIT-B permit node 10
 if-match acl 3001
 apply next-hop 198.51.100.1 track 1
 apply default-next-hop 198.51.100.9
#
policy-based-route EXIT-B deny node 5
 if-match acl name KEEP
#
controller Cellular0/0
 eth-channel 0
#
interface Dialer0
 mtu 1492
 dialer bundle enable
 dialer-group 2
 ip address ppp-negotiate
 nat outbound
#
interface LoopBack0
 ip address 10.255.0.1 255.255.255.255
#
interface GigabitEthernet0/0
 port link-mode route
 description To-Province # core
 ip address 10.1.1.1 255.255.255.252
 ipv6 address 2001:DB8:1::1/64
 ipv6 address FE80::1 link-local
#
interface GigabitEthernet0/1
 port link-mode route
 ip binding vpn-instance OFFICE
 ip address 10.20.0.1 255.255.255.0
 ip address 10.20.1.1 255.255.255.0 sub
 vrrp vrid 1 virtual-ip 10.20.0.254
 vrrp vrid 1 priority 120
 ip policy-based-route EXIT-B
 qos apply policy REDIRECT inbound
#
interface GigabitEthernet0/2
 port link-mode route
 shutdown
 pppoe-client dial-bundle-number 0
#
interface GigabitEthernet0/3
 port link-mode route
 ip address dhcp-alloc
 nat outbound 2000 address-group 1 no-pat
 nat outbound name WEB address-group name POOL-B disable
 nat server protocol tcp global 203.0.113.5 443 inside 10.20.0.5 8443 vpn-instance OFFICE
 nat server protocol tcp global current-interface 80 inside 10.20.0.6 80 rule WEB-6
 nat static enable
#
interface Eth-channel0/0:0
 dialer circular enable
 ip address cellular-alloc
 nat outbound
#
interface Tunnel1 mode gre
 ip address 10.99.0.1 255.255.255.252
 source 10.1.1.1
 destination 198.51.100.77
 tunnel vpn-instance EXTRANET
#
bgp 65001
 router-id 10.255.0.1
 group PE internal
 peer PE connect-interface LoopBack0
 peer 10.255.0.9 as-number 65001
 peer 10.255.0.9 description To PE
 peer 203.0.113.9 as-number 64500
 peer 203.0.113.9 ignore
 #
 address-family ipv4 unicast
  peer 203.0.113.9 enable
 #
 address-family vpnv4
  peer 10.255.0.9 enable
 #
 ip vpn-instance OFFICE
  peer 10.20.0.7 as-number 65003
  #
  address-family ipv4 unicast
   peer 10.20.0.7 enable
#
 ip route-static 0.0.0.0 0 10.1.1.2
 ip route-static 0.0.0.0 0 Dialer0 preference 100 track 3 description floating
 ip route-static 10.0.0.0 8 NULL0
 ip route-static vpn-instance OFFICE 0.0.0.0 0 vpn-instance EXTRANET 10.1.1.2
 ip route-static vpn-instance OFFICE 10.9.0.0 255.255.0.0 GigabitEthernet0/1 10.20.0.9
 ip route-static vpn-instance OFFICE 172.16.0.0 12 10.1.1.2 public
 ipv6 route-static :: 0 2001:DB8:1::2
 ipv6 route-static vpn-instance OFFICE 2001:DB8:9:: 48 GigabitEthernet0/1 FE80::2
#
 snmp-agent
 snmp-agent local-engineid 800063A28000
 snmp-agent community read s3cret-ro acl 2000
 snmp-agent sys-info contact Ops Room
 snmp-agent sys-info version v2c v3
 snmp-agent usm-user v3 ops g simple authentication-mode sha AuthPass1 privacy-mode aes128 Priv1
#
 ntp-service enable
 ntp-service unicast-server 10.9.1.1 vpn-instance EXTRANET
 ntp-service unicast-server 10.9.1.2 authentication-keyid 7
#
acl basic 2000
 rule 0 permit source 10.20.0.0 0.0.0.255
 rule 5 permit source 10.30.0.1 0
 rule 10 permit source 10.40.0.0 0.0.255.0
 rule 15 deny
#
acl advanced 3001
 description to the outside
 rule 0 permit ip source 10.20.0.0 0.0.255.255 destination 203.0.113.0 0.0.0.255
 rule 5 permit tcp source 10.21.0.0 0.0.255.255 destination-port eq 443
 rule 10 permit ip source 10.22.0.0 0.0.255.255 time-range work
 rule 15 comment nothing here
#
acl advanced name KEEP
 rule 0 permit ip destination 10.0.0.0 0.255.255.255
#
acl ipv6 advanced 3002
 rule 0 permit ipv6 source 2001:DB8::/32 destination any
#
acl mac 4000
 rule 0 permit
#
traffic classifier OUT operator and
 if-match acl 3001
#
traffic behavior OUT
 redirect next-hop 198.51.100.5
#
traffic behavior COUNT
 accounting packet
#
qos policy REDIRECT
 classifier OUT behavior OUT
 classifier OUT behavior COUNT
#
nat address-group 1
 address 203.0.113.10 203.0.113.20
#
nat address-group 2 name POOL-B
 address 203.0.113.30 203.0.113.30
#
 nat static outbound 10.20.0.7 vpn-instance OFFICE 203.0.113.7
 nat static outbound net-to-net 10.20.8.0 10.20.8.255 global 203.0.114.0 24 acl 3001
#
security-zone name Trust
 import interface GigabitEthernet0/1
#
security-zone name Untrust
 import interface GigabitEthernet0/3
 import interface Dialer0
#
nat global-policy
 rule name NO-TO-PROVINCE
  destination-zone Province
  action snat no-nat
 rule name TO-INTERNET
  source-zone Trust
  destination-zone Untrust
  action snat easy-ip
 rule name POOLED
  destination-zone Elsewhere
  action snat address-group name POOL-B
  disable
 rule name PUBLISH
  destination-ip host 203.0.113.5
  action dnat ip-address 10.20.0.5 local-port 443
#
local-user admin class manage
 password hash $h$6$abcdefgh$ZZZZ
 service-type ssh terminal
 authorization-attribute user-role network-admin
#
local-user viewer class manage
 authorization-attribute user-role level-1
#
return
"""

EARLY = """\
#
 version 5.20, Release 3303P20
#
 sysname OLD-SW
#
 domain default enable system
#
acl number 2001 name inner match-order auto
 rule 1 permit source 10.5.0.0 0.0.255.255 logging
acl number 3000
 rule 0 permit ip source 10.5.1.0 0.0.0.255
#
vlan 1
#
ip vpn-instance V
 route-distinguisher 100:1
 vpn-target 111:1 both
#
policy-based-route P permit node 1
  if-match acl 3000
  apply access-vpn vpn-instance V
#
interface Vlan-interface20
 ip address 10.5.1.1 255.255.255.0
#
interface GigabitEthernet1/0/5
 port access vlan 20
 qos apply policy Q inbound
#
interface Dialer1
 dialer user isp
 dialer bundle 7
#
interface Ethernet0/1
 pppoe-client dial-bundle-number 7
 nat outbound 2001 address-group 3
#
traffic classifier C operator or
 if-match acl 2001
 if-match acl 3000
#
traffic behavior B
 redirect next-hop 198.51.100.3
#
qos policy Q
 classifier C behavior B
#
nat address-group 3 203.0.113.40 203.0.113.41
#
bgp 65009
 undo synchronization
 peer 10.5.9.1 as-number 65001
 peer 10.5.9.2 as-number 65002
 undo peer 10.5.9.2 enable
 #
 ipv4-family vpn-instance V
  peer 10.6.0.1 as-number 65010
 #
 ipv4-family vpnv4
  peer 10.5.9.1 enable
#
 ip route-static 0.0.0.0 0.0.0.0 10.5.1.254 preference 80
 ip route-static vpn-instance V W 10.7.0.0 255.255.0.0 10.6.0.1
#
local-user admin
 password cipher .]@USE=B,53Q=^Q`MAF4<1!!
 authorization-attribute level 3
 service-type ssh telnet
#
 ip local policy-based-route P
#
return
"""


@pytest.fixture(scope="module")
def late() -> Parsed:
    return parse_configuration(Answer.of(LATE, "display current-configuration", "o"))


@pytest.fixture(scope="module")
def early() -> Parsed:
    return parse_configuration(Answer.of(EARLY, "display current-configuration", "o"))


def of(parsed: Parsed, kind: type) -> list[Any]:
    return [fact for fact in parsed.facts if type(fact) is kind]


def named(parsed: Parsed, kind: type, name: str, field: str = "name") -> Any:  # noqa: ANN401 - a fact
    found = [fact for fact in of(parsed, kind) if getattr(fact, field) == name]
    assert len(found) == 1, found
    return found[0]


def line_of(text: str, line: str) -> int:
    return text.splitlines().index(line) + 1


def test_a_whole_configuration_is_understood_to_the_last_line(late: Parsed, early: Parsed) -> None:
    for parsed in (late, early):
        assert parsed.state is AnswerState.UNDERSTOOD
        assert parsed.unread == ()
        assert of(parsed, Configuration)[0].complete


def test_a_banner_that_looks_like_an_interface_is_none(late: Parsed) -> None:
    assert "GigabitEthernet9/9" not in {i.name for i in of(late, Interface)}


def test_identity_is_read(late: Parsed) -> None:
    identity = of(late, Identity)[0]
    assert (identity.hostname, identity.os_version) == ("CITY-RT-01", "7.1.064")
    assert identity.release == "Release 0821P16"


def test_static_routes_of_both_families_keep_interface_instance_and_preference(
    late: Parsed,
) -> None:
    source = line_of(LATE, " ip route-static 0.0.0.0 0 10.1.1.2")
    any4 = IPv4Network("0.0.0.0/0")
    got = [
        (s.vpn, s.prefix, s.next_hop, s.interface, s.to_vpn, s.preference, s.blackhole)
        for s in of(late, StaticRoute)
    ]
    hop = IPv4Address("10.1.1.2")
    assert got == [
        ("", any4, hop, None, None, 60, False),
        ("", any4, None, "Dialer0", None, 100, False),
        ("", IPv4Network("10.0.0.0/8"), None, "NULL0", None, 60, True),
        ("OFFICE", any4, hop, None, "EXTRANET", 60, False),
        ("OFFICE", IPv4Network("10.9.0.0/16"), IPv4Address("10.20.0.9"), "GigabitEthernet0/1",
         None, 60, False),
        ("OFFICE", IPv4Network("172.16.0.0/12"), hop, None, "", 60, False),
        ("", IPv6Network("::/0"), IPv6Address("2001:db8:1::2"), None, None, 60, False),
        ("OFFICE", IPv6Network("2001:db8:9::/48"), IPv6Address("fe80::2"), "GigabitEthernet0/1",
         None, 60, False),
    ]  # fmt: skip
    assert of(late, StaticRoute)[0].source == ("o", source, source)


def test_v5_statics_take_masks_and_several_source_instances(early: Parsed) -> None:
    got = [(s.vpn, str(s.prefix), s.preference) for s in of(early, StaticRoute)]
    assert got == [("", "0.0.0.0/0", 80), ("V", "10.7.0.0/16", 60), ("W", "10.7.0.0/16", 60)]


def test_targets_are_read_flat_and_per_family(late: Parsed, early: Parsed) -> None:
    found = {(v.name, v.family): v for v in of(late, VpnInstance)}
    assert set(found) == {("OFFICE", 4), ("OFFICE", 6), ("EXTRANET", 4)}
    office = found["OFFICE", 4]
    assert office.rd == "65000:2"
    assert office.import_targets == office.export_targets == ("65000:2", "65000:9")
    assert office.interfaces == ("GigabitEthernet0/1",)
    assert found["OFFICE", 6].import_targets == ("65000:6",)
    assert found["OFFICE", 6].export_targets == ("65000:7",)
    both = of(early, VpnInstance)[0]
    assert both.import_targets == both.export_targets == ("111:1",)


def test_interfaces_keep_binding_addresses_and_shutdown(late: Parsed) -> None:
    office = named(late, Interface, "GigabitEthernet0/1")
    assert office.vpn == "OFFICE"
    assert [(a.interface, a.secondary) for a in office.addresses] == [
        (IPv4Interface("10.20.0.1/24"), False),
        (IPv4Interface("10.20.1.1/24"), True),
    ]
    core = named(late, Interface, "GigabitEthernet0/0")
    assert [str(a.interface) for a in core.addresses] == [
        "10.1.1.1/30",
        "2001:db8:1::1/64",
        "fe80::1/10",
    ]
    assert core.description == "To-Province # core"
    assert (core.vpn, core.admin_up) == ("", True)
    assert named(late, Interface, "GigabitEthernet0/2").admin_up is False
    assert named(late, Interface, "Dialer0").mtu == 1492


def test_every_way_to_be_given_an_address_is_told(late: Parsed, early: Parsed) -> None:
    assert [(s.interface, s.dialer, s.is_up) for s in of(late, PppoeSession)] == [
        ("GigabitEthernet0/2", "Dialer0", False)
    ]
    assert [(s.interface, s.dialer) for s in of(early, PppoeSession)] == [
        ("Ethernet0/1", "Dialer1")
    ]
    assert [d.name for d in of(late, Dialer)] == ["Dialer0"]
    assert [c.name for c in of(late, Cellular)] == ["Cellular0/0"]
    assert [(d.interface, d.state) for d in of(late, DhcpLease)] == [
        ("GigabitEthernet0/3", "configured")
    ]
    tunnel = of(late, Tunnel)[0]
    assert (tunnel.name, tunnel.mode, tunnel.vpn) == ("Tunnel1", "gre", "EXTRANET")
    assert (str(tunnel.local), str(tunnel.peer)) == ("10.1.1.1", "198.51.100.77")


def test_policy_routes_carry_next_hops_and_where_they_are_applied(late: Parsed) -> None:
    found = [p for p in of(late, PolicyRoute) if p.name == "EXIT-B"]
    got = [(p.node, p.permit, p.acl, p.default_only, [str(h) for h in p.next_hops]) for p in found]
    assert got == [
        (10, True, "3001", False, ["198.51.100.1"]),
        (10, True, "3001", True, ["198.51.100.9"]),
        (5, False, "KEEP", False, []),
    ]
    assert all(p.interfaces == ("GigabitEthernet0/1",) and not p.local for p in found)


def test_a_local_policy_may_lead_into_an_instance(early: Parsed) -> None:
    policy = named(early, PolicyRoute, "P")
    assert (policy.local, policy.vpn, policy.interfaces, policy.acl) == (True, "V", (), "3000")


def test_a_redirecting_qos_policy_is_a_policy_route(late: Parsed, early: Parsed) -> None:
    redirect = named(late, PolicyRoute, "REDIRECT")
    assert (redirect.acl, redirect.interfaces) == ("3001", ("GigabitEthernet0/1",))
    assert redirect.next_hops == (IPv4Address("198.51.100.5"),)
    found = [p for p in of(early, PolicyRoute) if p.name == "Q"]
    assert [p.acl for p in found] == ["2001", "3000"]
    assert found[0].interfaces == ("GigabitEthernet1/0/5", "Vlan-interface20")


def test_access_lists_are_prefixes_or_opaque(late: Parsed, early: Parsed) -> None:
    basic = named(late, Acl, "2000")
    got = [(r.permit, r.source and str(r.source), r.opaque) for r in basic.rules]
    assert got == [
        (True, "10.20.0.0/24", False),
        (True, "10.30.0.1/32", False),
        (True, None, True),
        (False, None, False),
    ]
    first, port, timed = named(late, Acl, "3001").rules
    assert str(first.destination) == "203.0.113.0/24"
    assert (first.opaque, first.protocol) == (False, None)
    assert (port.opaque, port.protocol, str(port.source)) == (True, "tcp", "10.21.0.0/16")
    assert timed.opaque
    assert named(late, Acl, "KEEP").rules[0].source is None
    six = named(late, Acl, "3002")
    assert (six.family, str(six.rules[0].source)) == (6, "2001:db8::/32")
    assert "4000" not in {a.name for a in of(late, Acl)}
    assert named(early, Acl, "inner").rules == named(early, Acl, "2001").rules
    assert str(named(early, Acl, "3000").rules[0].source) == "10.5.1.0/24"


def test_translation_on_interfaces_is_read(late: Parsed, early: Parsed) -> None:
    rules = [r for r in of(late, NatRule) if r.kind is NatKind.OUTBOUND]
    got = [(r.interface, r.acl, r.easy_ip, len(r.pool), r.active) for r in rules]
    assert got == [
        ("Dialer0", None, True, 0, None),
        ("GigabitEthernet0/3", "2000", False, 1, None),
        ("GigabitEthernet0/3", "WEB", False, 1, False),
        ("Eth-channel0/0:0", None, True, 0, None),
    ]
    assert rules[1].pool == ((IPv4Address("203.0.113.10"), IPv4Address("203.0.113.20")),)
    old = of(early, NatRule)[0]
    assert (old.acl, str(old.pool[0][1])) == ("2001", "203.0.113.41")
    assert {p.name for p in of(late, NatPool)} == {"1", "2", "POOL-B"}


def test_servers_and_static_mappings_are_read(late: Parsed) -> None:
    server, own, published = (r for r in of(late, NatRule) if r.kind is NatKind.SERVER)
    assert (published.name, str(published.inside), published.interface) == (
        "PUBLISH", "10.20.0.5", None)  # fmt: skip
    assert [str(end) for end in published.pool[0]] == ["203.0.113.5", "203.0.113.5"]
    assert (str(server.pool[0][0]), str(server.inside)) == ("203.0.113.5", "10.20.0.5")
    assert server.vpn == "OFFICE"
    assert (own.easy_ip, str(own.inside), own.name) == (True, "10.20.0.6", "WEB-6")
    one, net = (r for r in of(late, NatRule) if r.kind is NatKind.STATIC)
    assert (one.interface, str(one.inside), one.vpn) == (
        "GigabitEthernet0/3", "10.20.0.7", "OFFICE")  # fmt: skip
    assert str(one.pool[0][0]) == "203.0.113.7"
    assert (str(net.pool[0][0]), str(net.pool[0][1]), net.acl) == (
        "203.0.114.0", "203.0.114.255", "3001")  # fmt: skip


def test_a_firewall_policy_holds_on_the_interfaces_of_its_zone(late: Parsed) -> None:
    rules = [r for r in of(late, NatRule) if r.kind is NatKind.POLICY]
    got = [(r.name, r.interface, r.zone, r.easy_ip, r.translates, r.active) for r in rules]
    assert got == [
        ("NO-TO-PROVINCE", None, "Province", False, False, None),
        ("TO-INTERNET", "GigabitEthernet0/3", "Untrust", True, True, None),
        ("TO-INTERNET", "Dialer0", "Untrust", True, True, None),
        ("POOLED", None, "Elsewhere", False, True, False),
    ]
    assert str(rules[3].pool[0][0]) == "203.0.113.30"


def test_vrrp_is_configured_but_its_state_unknown(late: Parsed) -> None:
    group = of(late, VrrpGroup)[0]
    assert (group.interface, group.vrid, group.priority) == ("GigabitEthernet0/1", 1, 120)
    assert group.state is VrrpState.UNKNOWN
    assert group.addresses == (IPv4Address("10.20.0.254"),)


def test_bgp_peers_of_v7_are_enabled_by_family(late: Parsed) -> None:
    got = {(str(p.address), p.vpn, p.address_family, p.enabled) for p in of(late, BgpPeer)}
    assert got == {
        ("10.255.0.9", "", "vpnv4", True),
        ("203.0.113.9", "", "ipv4", False),
        ("10.20.0.7", "OFFICE", "ipv4", True),
    }
    peer = named(late, BgpPeer, "vpnv4", "address_family")
    assert (peer.remote_as, peer.local_as, peer.description) == ("65001", "65001", "To PE")
    assert (peer.state, peer.router_id) == ("configured", "10.255.0.1")


def test_bgp_peers_of_v5_exchange_ipv4_unless_told_otherwise(early: Parsed) -> None:
    got = {(str(p.address), p.vpn, p.address_family, p.enabled) for p in of(early, BgpPeer)}
    assert got == {
        ("10.5.9.1", "", "ipv4", True),
        ("10.5.9.1", "", "vpnv4", True),
        ("10.5.9.2", "", "ipv4", False),
        ("10.6.0.1", "V", "ipv4", True),
    }


def test_management_is_read_without_secrets(late: Parsed, early: Parsed) -> None:
    servers = [(str(s.address), s.vpn, s.authenticated) for s in of(late, NtpServer)]
    assert servers == [("10.9.1.1", "EXTRANET", False), ("10.9.1.2", "", False)]
    agent = of(late, SnmpAgent)[0]
    assert (agent.enabled, agent.communities, agent.contact) == (True, 1, "Ops Room")
    assert agent.versions == ("v2c", "v3")
    admin = named(late, LocalUser, "admin")
    assert (admin.role, admin.services, admin.level) == ("network-admin", ("ssh", "terminal"), None)
    assert named(late, LocalUser, "viewer").level == 1
    assert named(early, LocalUser, "admin").level == 3
    for parsed in (late, early):
        text = repr(parsed)
        for secret in ("s3cret-ro", "AuthPass1", "Priv1", "abcdefgh", "]@USE"):
            assert secret not in text


def test_lines_hang_under_their_parents_by_the_rule_of_groups(late: Parsed) -> None:
    lines = {line.text: line.parents for line in of(late, Configuration)[0].lines}
    assert lines["ip unreachables enable"] == ()
    assert lines["peer 10.20.0.7 enable"] == (
        "bgp 65001", "ip vpn-instance OFFICE", "address-family ipv4 unicast")  # fmt: skip


def test_a_configuration_without_its_end_is_cut() -> None:
    parsed = parse_configuration(Answer.of(LATE.removesuffix("return\n")))
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert not of(parsed, Configuration)[0].complete


def small(*lines: str) -> Parsed:
    body = "\n".join(lines)
    text = f"#\n version 7.1.064, Release 1\n#\n{body}\n#\nreturn\n"
    return parse_configuration(Answer.of(text, "display current-configuration", "o"))


def test_an_unnumbered_interface_uses_the_address_of_its_lender() -> None:
    parsed = small(
        "interface LoopBack0", " ip address 10.255.0.1 32", "#",
        "interface Tunnel1 mode gre", " ip address unnumbered interface LoopBack0",
    )  # fmt: skip
    (address,) = named(parsed, Interface, "Tunnel1").addresses
    assert (str(address.interface), address.origin.value) == ("10.255.0.1/32", "unnumbered")


def test_a_deny_node_with_an_unknown_match_hides_nothing() -> None:
    parsed = small(
        "policy-based-route P deny node 5", " if-match app-group X", "#",
        "policy-based-route P permit node 10", " apply next-hop 198.51.100.1",
    )  # fmt: skip
    assert [p.node for p in of(parsed, PolicyRoute)] == [10]
    assert [u.text for u in parsed.unread] == ["if-match app-group X"]


def test_a_description_does_not_change_a_preference() -> None:
    parsed = small(" ip route-static 0.0.0.0 0 10.1.1.1 description has preference 7")
    assert of(parsed, StaticRoute)[0].preference == 60


def test_a_default_preference_holds_for_routes_that_name_none() -> None:
    parsed = small(
        " ip route-static default-preference 90",
        " ip route-static 0.0.0.0 0 10.1.1.1",
        " ip route-static 0.0.0.0 0 10.1.1.2 preference 70",
    )
    assert [s.preference for s in of(parsed, StaticRoute)] == [90, 70]


@pytest.mark.parametrize(
    "line",
    [
        " ip route-static 0.0.0.0 0",
        " ip route-static 0.0.0.0 0 nonsense",
        " ip route-static 0.0.0.256 0 10.0.0.1",
        " ipv6 route-static :: 0 10.0.0.1",
    ],
)
def test_a_static_route_that_is_not_understood_is_counted(line: str) -> None:
    text = f"#\n version 7.1.064, Release 1\n#\n{line}\n#\n ip ttl-expires enable\n#\nreturn\n"
    parsed = parse_configuration(Answer.of(text))
    assert [u.text for u in parsed.unread] == [line.strip()]
    assert of(parsed, StaticRoute) == []


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (" password simple Abc", "password simple ******"),
        (" password Abc", "password ******"),
        (" set authentication password cipher $c$3$xx", "set authentication password cipher ******"),
        (" pre-shared-key address 10.1.1.1 key cipher ZZ", 
         "pre-shared-key address 10.1.1.1 key cipher ******"),
        (" key authentication simple K", "key authentication simple ******"),
        (" key authentication K", "key authentication ******"),
        (" snmp-agent community write cipher XX mib-view V",
         "snmp-agent community write cipher ****** mib-view V"),
        (" snmp-agent target-host trap address udp-domain 10.1.1.1 params securityname pub v2c",
         "snmp-agent target-host trap address udp-domain 10.1.1.1 params securityname ****** v2c"),
        (" peer 10.1.1.1 password cipher YY", "peer 10.1.1.1 password cipher ******"),
        (" vrrp vrid 1 authentication-mode md5 cipher QQ",
         "vrrp vrid 1 authentication-mode md5 cipher ******"),
        (" ppp pap local-user isp password simple PP",
         "ppp pap local-user isp password simple ******"),
        (" ospf authentication-mode md5 1 plain WW", "ospf authentication-mode md5 1 plain ******"),
        (" ospf authentication-mode simple plain WW",
         "ospf authentication-mode simple plain ******"),
        (" ntp-service authentication-keyid 7 authentication-mode md5 simple NN",
         "ntp-service authentication-keyid 7 authentication-mode md5 simple ******"),
    ],
)  # fmt: skip
def test_secrets_are_masked_in_place(line: str, masked: str) -> None:
    text = f"#\n version 7.1.064, Release 1\n#\n{line}\n#\nreturn\n"
    configuration = of(parse_configuration(Answer.of(text)), Configuration)[0]
    assert configuration.lines[1].text == masked
