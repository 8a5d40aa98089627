"""The configuration of VRP: every fact that audits draw from it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import TypeVar

from netops.facts.access import AdvertisedDefault, Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.answers import AnswerState
from netops.facts.interfaces import AddressOrigin, Interface
from netops.facts.nat import NatKind, NatPool, NatRule
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import StaticRoute, VpnInstance
from netops.facts.system import Configuration, Identity, LocalUser, NtpServer, SnmpAgent
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.config import parse_configuration

ROUTER = """\
[V200R009C00SPC500]
#
 sysname COUNTY12-R1
 header login information "
# not a block
interface GigabitEthernet9/9/9
end of header"
#
 snmp-agent local-engineid 800007DB03000000000000
 snmp-agent community read cipher %^%#abcdef%^%#
 snmp-agent sys-info contact noc
 snmp-agent sys-info version v3
 snmp-agent
#
 ntp-service unicast-server 192.0.2.123 authentication-keyid 1
#
ipv6
#
ip vpn-instance gov-ext
 ipv4-family
  route-distinguisher 64510:12
  vpn-target 64510:1 export-extcommunity
  vpn-target 64510:1 64510:2 import-extcommunity
 ipv6-family
  route-distinguisher 64510:12
  vpn-target 64510:6
#
ip vpn-instance old
 route-distinguisher 64510:13
 vpn-target 64510:3 both
#
acl number 2000
 rule 5 permit source 10.62.0.0 0.0.255.255
acl name to-net 3001
 step 10
 rule 10 permit ip source 10.62.30.0 0.0.0.255 destination 198.51.100.0 0.0.0.255
 rule 20 deny tcp source 10.62.31.0 0.0.0.255 destination-port eq www
#
traffic classifier c_web operator or
 if-match acl 3001
 if-match acl 2000
traffic classifier c_any operator and
 if-match any
#
traffic behavior b_out
 redirect ip-nexthop 203.0.113.1
traffic behavior b_mark
 remark dscp af11
#
traffic policy to_exit
 classifier c_web behavior b_out
 classifier c_any behavior b_mark
#
aaa 
 local-user auditor password irreversible-cipher $1c$AAAA$BBBB$
 local-user auditor privilege level 3
 local-user auditor service-type ssh terminal
#
 nat address-group 1 198.51.100.10 198.51.100.14
#
interface Vlanif30
 ip binding vpn-instance gov-ext
 ip address 10.62.30.1 255.255.255.0
 ip address 10.62.31.1 255.255.255.0 sub
 vrrp vrid 1 virtual-ip 10.62.30.254
 vrrp vrid 1 priority 120
 traffic-policy to_exit inbound
#
interface GigabitEthernet0/0/0
 description to carrier "A"
 pppoe-client dial-bundle-number 1
#
interface GigabitEthernet0/0/1
 ip address dhcp-alloc
 shutdown
#
interface GigabitEthernet0/0/2
 ip address 198.51.100.6 30
 ipv6 enable
 ipv6 address 2001:DB8:30::1/64
 ip policy-based-route pbr1
 nat outbound 2000 address-group 1 no-pat
 nat server protocol tcp global current-interface 8443 inside 10.62.30.20 443
 nat static global 198.51.100.20 inside 10.62.30.21 vpn-instance gov-ext netmask 255.255.255.255
#
interface GigabitEthernet0/0/3
 eth-trunk 1
#
interface Cellular0/0/0
 link-protocol ppp
 ip address negotiate
 ip address ppp-negotiate
#
interface Dialer1
 link-protocol ppp
 ppp chap user gov
 ppp chap password cipher %^%#secret"<x>#1%^%#
 ip address ppp-negotiate
 dialer bundle 1
 nat outbound 3001
#
interface LoopBack0
 ip address 10.255.0.12 255.255.255.255
#
interface Tunnel0/0/1
 ip address unnumbered interface LoopBack0
 tunnel-protocol gre
 source GigabitEthernet0/0/2
 destination 203.0.113.200
#
bgp 64510
 router-id 10.255.0.12
 peer 192.0.2.9 as-number 64501
 peer 192.0.2.9 description province
 peer 10.255.0.1 as-number 64510
 peer 10.255.0.1 ignore
 group isp external
 peer isp as-number 64599
 peer 203.0.113.250 group isp
 #
 ipv4-family unicast
  undo synchronization
  peer 192.0.2.9 enable
  undo peer 10.255.0.1 enable
 #
 ipv4-family vpnv4
  policy vpn-target
  peer 10.255.0.1 enable
 #
 ipv4-family vpn-instance gov-ext
  import-route direct
  peer 10.40.12.2 as-number 64520
#
policy-based-route pbr1 permit node 10
 if-match acl 2000
 apply ip-address next-hop 203.0.113.1
policy-based-route pbr1 deny node 20
#
ip local policy-based-route pbr1
#
ip route-static default-preference 60
ip route-static 0.0.0.0 0.0.0.0 Dialer1
ip route-static 0.0.0.0 0.0.0.0 GigabitEthernet0/0/2 198.51.100.5 preference 120 track nqa admin t1
ip route-static 10.99.0.0 255.255.0.0 NULL0
ip route-static vpn-instance gov-ext 0.0.0.0 0.0.0.0 198.51.100.5 public
ip route-static vpn-instance gov-ext 10.70.0.0 16 vpn-instance old 10.40.13.2 description x public
ip route-static 10.71.0.0 255.255.0.0 vpn-instance old 10.40.13.2
ipv6 route-static :: 0 2001:DB8:30::2
#
user-interface con 0
 authentication-mode aaa
user-interface vty 0 4
 acl 2000 inbound
 protocol inbound ssh
#
return
"""

FIREWALL = """\
!Software Version V500R005C20SPC500
#
sysname FW1
#
ip address-set offices type object
 address 0 10.62.40.0 mask 24
 address 1 range 10.62.41.0 10.62.41.255
#
interface GigabitEthernet1/0/2
 ip address 198.51.100.2 255.255.255.252
#
interface GigabitEthernet1/0/1
 undo shutdown
 ip address 10.62.40.1 255.255.255.0
#
firewall zone trust
 set priority 85
 add interface GigabitEthernet1/0/1
#
firewall zone untrust
 set priority 5
 add interface GigabitEthernet1/0/2
#
nat address-group pool1 0
 mode pat
 section 0 198.51.100.20 198.51.100.23
#
 nat server web 0 zone untrust protocol tcp global 198.51.100.30 443 inside 10.62.40.30 443 no-reverse
#
nat-policy
 rule name keep
  source-zone trust
  destination-zone untrust
  source-address 10.62.40.0 mask 255.255.255.0
  destination-address 10.0.0.0 8
  action no-nat
 rule name out
  source-zone trust
  destination-zone untrust
  source-address address-set offices
  action source-nat address-group pool1
 rule name easy
  destination-zone untrust
  action source-nat easy-ip
#
policy-based-route
 rule name web 1
  source-zone trust
  source-address 10.62.41.0 mask 255.255.255.0
  action pbr egress-interface GigabitEthernet1/0/2 next-hop 198.51.100.1
#
return
"""

FactType = TypeVar("FactType")


def read(text: str) -> Parsed:
    return parse_configuration(Answer.of(text, "display current-configuration", "obs"))


def of(parsed: Parsed, kind: type[FactType]) -> list[FactType]:
    return [fact for fact in parsed.facts if isinstance(fact, kind)]


def line_of(text: str, statement: str) -> int:
    return 1 + next(at for at, line in enumerate(text.splitlines()) if statement in line)


def one(parsed: Parsed, kind: type[FactType], /, **wanted: object) -> FactType:
    found = [
        fact
        for fact in of(parsed, kind)
        if all(getattr(fact, name) == value for name, value in wanted.items())
    ]
    assert len(found) == 1, (kind, wanted, found)
    return found[0]


def test_the_router_is_understood_whole() -> None:
    parsed = read(ROUTER)
    assert parsed.state is AnswerState.UNDERSTOOD
    assert parsed.unread == ()
    assert one(parsed, Configuration).complete is True
    assert [i.release for i in of(parsed, Identity)] == ["V200R009C00SPC500", None]
    assert one(parsed, Identity, hostname="COUNTY12-R1").source.first == 3


def test_a_header_hides_its_text_from_the_reader() -> None:
    names = [fact.name for fact in of(read(ROUTER), Interface)]
    assert "GigabitEthernet9/9/9" not in names
    assert len(names) == 9


def test_interfaces_carry_binding_addresses_and_state() -> None:
    parsed = read(ROUTER)
    vlan = one(parsed, Interface, name="Vlanif30")
    assert vlan.vpn == "gov-ext"
    assert vlan.addresses is not None
    assert [(str(a.interface), a.secondary) for a in vlan.addresses] == [
        ("10.62.30.1/24", False), ("10.62.31.1/24", True),
    ]  # fmt: skip
    assert one(parsed, Interface, name="GigabitEthernet0/0/1").admin_up is False
    assert one(parsed, Interface, name="GigabitEthernet0/0/0").description == 'to carrier "A"'
    assert one(parsed, Interface, name="GigabitEthernet0/0/3").aggregate == "Eth-Trunk1"
    outside = one(parsed, Interface, name="GigabitEthernet0/0/2")
    assert outside.vpn == ""
    assert outside.admin_up is None
    assert [str(a.interface) for a in outside.addresses or ()] == [
        "198.51.100.6/30", "2001:db8:30::1/64",
    ]  # fmt: skip
    tunnel = one(parsed, Interface, name="Tunnel0/0/1")
    assert [(str(a.interface), a.origin) for a in tunnel.addresses or ()] == [
        ("10.255.0.12/32", AddressOrigin.UNNUMBERED)
    ]


def test_ways_to_be_given_an_address_are_facts() -> None:
    parsed = read(ROUTER)
    lease = one(parsed, DhcpLease)
    assert (lease.interface, lease.state) == ("GigabitEthernet0/0/1", "configured")
    session = one(parsed, PppoeSession)
    assert (session.interface, session.dialer) == ("GigabitEthernet0/0/0", "Dialer1")
    assert (session.is_up, session.state) == (False, "configured")
    assert one(parsed, Dialer).name == "Dialer1"
    assert one(parsed, Cellular).name == "Cellular0/0/0"
    tunnel = one(parsed, Tunnel)
    assert (tunnel.mode, str(tunnel.local), str(tunnel.peer)) == (
        "gre", "198.51.100.6", "203.0.113.200",
    )  # fmt: skip


def test_static_routes_in_all_their_forms() -> None:
    parsed = read(ROUTER)
    routes = of(parsed, StaticRoute)
    default = IPv4Network("0.0.0.0/0")
    assert len(routes) == 7
    dialer, standby, null, leak, other, down, six = routes
    assert (dialer.prefix, dialer.interface, dialer.next_hop) == (default, "Dialer1", None)
    assert (standby.preference, standby.interface) == (120, "GigabitEthernet0/0/2")
    assert standby.next_hop == IPv4Address("198.51.100.5")
    assert standby.source.first == line_of(ROUTER, "preference 120")
    assert (null.blackhole, null.next_hop) == (True, None)
    assert (leak.vpn, leak.to_vpn, str(leak.next_hop)) == ("gov-ext", "", "198.51.100.5")
    assert (other.vpn, other.to_vpn, other.prefix) == (
        "gov-ext", "old", IPv4Network("10.70.0.0/16"),
    )  # fmt: skip
    assert (down.vpn, down.to_vpn) == ("", "old")
    assert (six.prefix, str(six.next_hop)) == (IPv6Network("::/0"), "2001:db8:30::2")


def test_vpn_instances_in_the_new_and_the_flat_form() -> None:
    parsed = read(ROUTER)
    four = one(parsed, VpnInstance, name="gov-ext", family=4)
    assert four.rd == "64510:12"
    assert four.export_targets == ("64510:1",)
    assert four.import_targets == ("64510:1", "64510:2")
    assert four.interfaces == ("Vlanif30",)
    six = one(parsed, VpnInstance, name="gov-ext", family=6)
    assert six.import_targets == six.export_targets == ("64510:6",)
    old = one(parsed, VpnInstance, name="old")
    assert old.import_targets == old.export_targets == ("64510:3",)


def test_a_traffic_policy_redirects_where_it_is_applied() -> None:
    routes = [r for r in of(read(ROUTER), PolicyRoute) if r.name == "to_exit"]
    assert [(r.acl, r.node, r.interfaces) for r in routes] == [
        ("3001", 1, ("Vlanif30",)), ("2000", 1, ("Vlanif30",)),
    ]  # fmt: skip
    assert routes[0].next_hops == (IPv4Address("203.0.113.1"),)
    assert routes[0].source.first == line_of(ROUTER, "classifier c_web behavior")


def test_a_policy_based_route_is_applied_to_interface_and_device() -> None:
    first, second = (r for r in of(read(ROUTER), PolicyRoute) if r.name == "pbr1")
    assert (first.node, first.permit, first.acl) == (10, True, "2000")
    assert (first.interfaces, first.local) == (("GigabitEthernet0/0/2",), True)
    assert (second.node, second.permit, second.next_hops) == (20, False, ())


def test_access_lists_are_kept_under_number_and_name() -> None:
    parsed = read(ROUTER)
    basic = one(parsed, Acl, name="2000")
    assert [r.source for r in basic.rules] == [IPv4Network("10.62.0.0/16")]
    named, numbered = one(parsed, Acl, name="to-net"), one(parsed, Acl, name="3001")
    assert named.rules == numbered.rules
    assert [r.opaque for r in named.rules] == [False, True]
    assert named.rules[0].destination == IPv4Network("198.51.100.0/24")


def test_translation_on_interfaces() -> None:
    parsed = read(ROUTER)
    pool = ((IPv4Address("198.51.100.10"), IPv4Address("198.51.100.14")),)
    out = one(parsed, NatRule, kind=NatKind.OUTBOUND, interface="GigabitEthernet0/0/2")
    assert (out.acl, out.pool, out.easy_ip) == ("2000", pool, False)
    dialer = one(parsed, NatRule, interface="Dialer1")
    assert (dialer.acl, dialer.easy_ip, dialer.pool) == ("3001", True, ())
    server = one(parsed, NatRule, kind=NatKind.SERVER)
    assert (server.easy_ip, str(server.inside)) == (True, "10.62.30.20")
    static = one(parsed, NatRule, kind=NatKind.STATIC)
    assert (str(static.inside), static.vpn) == ("10.62.30.21", "gov-ext")
    assert one(parsed, NatPool).ranges == pool


def test_bgp_peers_per_family_and_instance() -> None:
    peers = of(read(ROUTER), BgpPeer)
    found = [(str(p.address), p.remote_as, p.vpn, p.address_family, p.enabled) for p in peers]
    assert found == [
        ("192.0.2.9", "64501", "", "ipv4", True),
        ("10.255.0.1", "64510", "", "vpnv4", False),
        ("203.0.113.250", "64599", "", "ipv4", True),
        ("10.40.12.2", "64520", "gov-ext", "ipv4", True),
    ]
    assert (peers[0].state, peers[0].description) == ("configured", "province")
    assert (peers[0].local_as, peers[0].router_id) == ("64510", "10.255.0.12")


def test_the_rest_of_the_device() -> None:
    parsed = read(ROUTER)
    group = one(parsed, VrrpGroup)
    assert (group.interface, group.vrid, group.state) == ("Vlanif30", 1, VrrpState.UNKNOWN)
    assert (group.addresses, group.priority) == ((IPv4Address("10.62.30.254"),), 120)
    server = one(parsed, NtpServer)
    assert (str(server.address), server.authenticated) == ("192.0.2.123", True)
    agent = one(parsed, SnmpAgent)
    assert (agent.enabled, agent.versions, agent.communities, agent.contact) == (
        True, ("v3",), 1, "noc",
    )  # fmt: skip
    user = one(parsed, LocalUser)
    assert (user.name, user.level, user.services) == ("auditor", 3, ("ssh", "terminal"))


def test_no_secret_is_kept() -> None:
    parsed = read(ROUTER)
    kept = repr(parsed)
    for secret in ("abcdef", "AAAA", 'secret"', "<x>"):
        assert secret not in kept
    assert "local-user auditor password irreversible-cipher ******" in kept


def test_siblings_in_one_block_have_no_parent() -> None:
    lines = one(read(ROUTER), Configuration).lines
    found = {line.text: line.parents for line in lines}
    assert found["user-interface vty 0 4"] == ()
    assert found["protocol inbound ssh"] == ("user-interface vty 0 4",)
    assert found["snmp-agent"] == ()
    assert found["peer 10.40.12.2 as-number 64520"] == (
        "bgp 64510", "ipv4-family vpn-instance gov-ext",
    )  # fmt: skip


def test_a_capture_without_return_is_not_understood() -> None:
    parsed = read(ROUTER.removesuffix("return\n"))
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert one(parsed, Configuration).complete is False
    assert of(parsed, StaticRoute)


def test_a_secret_cut_by_the_terminal_is_joined_and_masked() -> None:
    head = " local-user operator password irreversible-cipher %^%#" + "k" * 26
    text = f"#\naaa\n{head}\n{'q' * 20}%^%#\n local-user operator privilege level 3\n#\nreturn\n"
    assert len(head) == 80
    parsed = read(text)
    assert "kkk" not in repr(parsed)
    assert "qqq" not in repr(parsed)
    assert one(parsed, LocalUser).level == 3


def test_a_secret_that_holds_anothers_mark_swallows_no_statement() -> None:
    user = " local-user operator password irreversible-cipher %^%#" + "k" * 26 + "%#%#k%^%#"
    text = f"#\naaa\n{user}\n local-user operator privilege level 3\n#\nreturn\n"
    assert one(read(text), LocalUser).level == 3


def test_an_unclosed_header_hides_nothing() -> None:
    text = '#\nheader login information "hello\n#\nip route-static 0.0.0.0 0 192.0.2.1\n#\nreturn\n'
    assert len(of(read(text), StaticRoute)) == 1


def test_statements_that_are_needed_and_odd_are_unread() -> None:
    odd = (
        "ip route-static 10.0.0.0 255.0.0.0 somewhere",
        "ip route-static nonsense",
        "ip route-static 10.0.0.0 8 192.0.2.1 preference high",
        "traffic behavior b\n redirect somewhere",
        "interface GigabitEthernet0/0/1\n ip address 10.0.0.1",
        "acl number 3000\n rule 5 allow ip",
    )
    for statement in odd:
        parsed = read(f"#\nsysname a\n#\nvlan batch 2 3\n#\n{statement}\n#\nreturn\n")
        assert len(parsed.unread) == 1, statement


def test_a_firewalls_policies_are_rules_with_lists_of_their_own() -> None:
    parsed = read(FIREWALL)
    assert parsed.unread == ()
    keep = one(parsed, NatRule, name="keep")
    assert (keep.kind, keep.translates, keep.zone, keep.interface) == (
        NatKind.POLICY, False, "untrust", None,
    )  # fmt: skip
    (rule,) = one(parsed, Acl, name=keep.acl).rules
    assert (rule.source, rule.destination, rule.opaque) == (
        IPv4Network("10.62.40.0/24"), IPv4Network("10.0.0.0/8"), False,
    )  # fmt: skip
    out = one(parsed, NatRule, name="out")
    assert out.pool == ((IPv4Address("198.51.100.20"), IPv4Address("198.51.100.23")),)
    assert [r.source for r in one(parsed, Acl, name=out.acl).rules] == [
        IPv4Network("10.62.40.0/24"), IPv4Network("10.62.41.0/24"),
    ]  # fmt: skip
    easy = one(parsed, NatRule, name="easy")
    assert (easy.acl, easy.easy_ip) == (None, True)
    server = one(parsed, NatRule, kind=NatKind.SERVER)
    assert (server.name, server.zone, str(server.inside)) == ("web", "untrust", "10.62.40.30")
    assert one(parsed, NatPool).name == "pool1"
    assert one(parsed, Interface, name="GigabitEthernet1/0/1").admin_up is True


def test_a_firewalls_policy_route_enters_at_the_zones_interfaces() -> None:
    route = one(read(FIREWALL), PolicyRoute)
    assert (route.name, route.interfaces) == ("web", ("GigabitEthernet1/0/1",))
    assert (str(route.next_hops[0]), route.out_interface) == (
        "198.51.100.1", "GigabitEthernet1/0/2",
    )  # fmt: skip


def test_policies_of_the_whole_device_and_of_vlans() -> None:
    text = """\
!Software Version V200R022C00SPC500
#
traffic classifier c1
 if-match acl name far
traffic behavior b1
 redirect ip-multihop nexthop 203.0.113.1 nexthop 203.0.113.2
traffic policy p1
 classifier c1 behavior b1 precedence 5
traffic policy p2
 classifier c1 behavior b1
#
vlan 40
 traffic-policy p2 inbound
#
interface Vlanif30
#
interface Vlanif40
 traffic-redirect inbound acl 3002 ip-nexthop 203.0.113.9
#
traffic-policy p1 global inbound
#
return
"""
    parsed = read(text)
    assert parsed.unread == ()
    whole, vlan = one(parsed, PolicyRoute, name="p1"), one(parsed, PolicyRoute, name="p2")
    assert whole.interfaces == ("Vlanif30", "Vlanif40")
    assert (whole.node, vlan.node) == (5, 1)
    assert [str(hop) for hop in whole.next_hops] == ["203.0.113.1", "203.0.113.2"]
    assert (vlan.interfaces, vlan.acl) == (("Vlanif40",), "far")
    short = one(parsed, PolicyRoute, acl="3002")
    assert (short.interfaces, str(short.next_hops[0])) == (("Vlanif40",), "203.0.113.9")


def test_names_may_be_defined_further_down() -> None:
    text = """\
!Software Version V800R012C10SPC300
#
ip vpn-instance gov-ext
 ipv4-family
  vpn-target 64510:1 export-extcommunity evpn
#
interface GigabitEthernet0/2/0
 nat outbound 2000 interface LoopBack0
 nat outbound 2001 address-group 2
#
interface Tunnel1
 tunnel-protocol ipv4-ipv6
 source LoopBack0
 destination vpn-instance gov-ext 203.0.113.5
#
interface LoopBack0
 ip address 198.51.100.1 255.255.255.255
#
nat address-group 2 198.51.100.30 198.51.100.31
#
return
"""
    parsed = read(text)
    assert parsed.unread == ()
    own = IPv4Address("198.51.100.1")
    assert one(parsed, NatRule, acl="2000").pool == ((own, own),)
    assert one(parsed, NatRule, acl="2001").pool == (
        (IPv4Address("198.51.100.30"), IPv4Address("198.51.100.31")),
    )
    tunnel = one(parsed, Tunnel)
    assert (tunnel.local, tunnel.vpn, tunnel.mode) == (own, "gov-ext", "ipip")
    vpn = one(parsed, VpnInstance)
    assert (vpn.import_targets, vpn.export_targets) == ((), ("64510:1",))


def test_an_interface_that_takes_its_ipv6_default_from_routers_is_told() -> None:
    text = """\
interface GigabitEthernet0/0/1
 ipv6 enable
 ipv6 address auto global default
#
interface GigabitEthernet0/0/2
 ipv6 enable
 ipv6 address auto global
#
return
"""
    facts = parse_configuration(Answer.of(text, "display current-configuration")).facts
    found = [fact for fact in facts if isinstance(fact, AdvertisedDefault)]
    assert [(f.interface, f.router, f.source.first) for f in found] == [
        ("GigabitEthernet0/0/1", None, 3)
    ]
