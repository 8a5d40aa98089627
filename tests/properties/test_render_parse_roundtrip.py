"""A device with everything, rendered and parsed again, tells the same facts.

Renderers and parsers were written apart from the same references: what differs here, one of
them has misread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address, ip_interface, ip_network

import pytest

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.answers import AnswerState
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.nat import NatKind, NatPool, NatRule, NatSessions
from netops.facts.neighbours import BgpPeer, LldpNeighbour, Neighbour
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import RouteRow, RouteTable, StaticRoute, VpnInstance, VpnRoute
from netops.facts.system import Configuration, Identity, NtpServer, NtpStatus
from netops.lab.model import DeviceModel
from netops.lab.render import render_answers
from netops.platforms.answer import Answer, Parsed
from netops.platforms.base import Platform
from netops.platforms.h3c_comware import PLATFORM as COMWARE
from netops.platforms.huawei_vrp import PLATFORM as VRP

ANY = ip_network("0.0.0.0/0")
POOL = ((ip_address("198.51.100.10"), ip_address("198.51.100.14")),)
SYSTEM_PORTS = ("InLoopBack0", "NULL0")
MAKES = {
    "vrp5": ("huawei_vrp", "AR6280", "5.170", "V300R019C11SPC200"),
    "vrp8": ("huawei_vrp", "NE40E-X3", "8.180", "V800R010C10SPC500"),
    "comware_late": ("h3c_comware", "MSR3640", "7.1.064", "Release 0821P16"),
    "comware_early": ("h3c_comware", "MSR3640", "7.1.045", "Release 0106"),
}
PLATFORMS: dict[str, Platform] = {"huawei_vrp": VRP, "h3c_comware": COMWARE}


class Names:
    """The interface names of a platform."""

    def __init__(self, platform: str) -> None:
        vrp = platform == "huawei_vrp"
        lead = "GigabitEthernet0/0/" if vrp else "GigabitEthernet0/"
        self.isp, self.core, self.core2, self.dsl, self.leased, self.lan = (
            f"{lead}{number}" for number in range(6)
        )
        self.vpn = f"{self.lan}.30"
        self.modem = "Cellular0/0/0" if vrp else "Cellular0/0"
        self.mobile = "Cellular0/0/0" if vrp else "Eth-channel0/0:0"
        self.tunnel = "Tunnel0/0/1" if vrp else "Tunnel1"


def own(text: str, origin: AddressOrigin = AddressOrigin.CONFIGURED) -> InterfaceAddress:
    return InterfaceAddress(ip_interface(text), origin)


def port(name: str, *addresses: InterfaceAddress, vpn: str = "") -> Interface:
    spoofs = name.startswith(("Dialer", "LoopBack"))
    return Interface(name, True, True, True, spoofs, addresses, vpn)


def path(prefix: str, protocol: str, hop: str, out: str, pre: int = 0) -> RouteRow:
    net = ip_network(prefix)
    first = int(net.network_address)
    return RouteRow(net.version, first, net.prefixlen, protocol, pre, 0, hop, out)


def device_with_everything(make: str) -> DeviceModel:
    platform, model, version, release = MAKES[make]
    at = Names(platform)
    vendor = "Huawei" if platform == "huawei_vrp" else "H3C"
    identity = Identity("HN-430100-1", vendor, model, version, release, "SN0000000001", 273_660)
    device = DeviceModel("430100-1", platform, identity)
    second = InterfaceAddress(ip_interface("10.62.31.1/24"), secondary=True)
    device.interfaces = [
        port(at.isp, own("198.51.100.6/30")),
        port(at.core, own("10.62.255.2/30"), own("2001:db8:62::2/64")),
        port(at.core2, own("10.62.255.6/30")),
        port(at.dsl),
        port(at.leased, own("203.0.113.130/26", AddressOrigin.DHCP)),
        port(at.lan, own("10.62.40.1/24")),
        port(at.vpn, own("10.62.30.1/24"), second, vpn="gov-ext"),
        port("Dialer1", own("203.0.113.77/32", AddressOrigin.PPP)),
        port(at.mobile, own("100.70.1.2/32", AddressOrigin.CELLULAR)),
        port(at.tunnel, own("10.250.0.1/30")),
        port("LoopBack0", own("10.255.0.12/32")),
        Interface("GigabitEthernet0/0/9" if vendor == "Huawei" else "GigabitEthernet0/9",
                  False, False, False, addresses=(), vpn=""),
    ]  # fmt: skip
    _route(device, at)
    _translate(device, at)
    _dial(device, at)
    _meet(device, at)
    return device


def _route(device: DeviceModel, at: Names) -> None:
    device.routes = {
        ("", 4): [
            path("0.0.0.0/0", "static", "203.0.113.77", "Dialer1", 60),
            path("10.62.0.0/16", "ospf", "10.62.255.1", at.core, 10),
            path("10.62.0.0/16", "ospf", "10.62.255.5", at.core2, 10),
            path("10.62.255.0/30", "direct", "10.62.255.2", at.core),
            path("10.99.0.0/16", "static", "", "NULL0", 60)._replace(blackhole=True),
            path("192.0.2.0/24", "ebgp", "198.51.100.5", at.isp, 255),
        ],
        ("gov-ext", 4): [
            path("0.0.0.0/0", "static", "10.62.255.1", at.core, 60)._replace(leak_vpn=""),
            path("10.62.30.0/24", "direct", "10.62.30.1", at.vpn),
            path("10.80.0.0/16", "static", "10.62.90.1", at.core, 60)._replace(leak_vpn="office"),
        ],
        ("office", 4): [],
        ("", 6): [path("::/0", "static", "2001:db8:62::1", at.core, 60)],
    }
    device.statics = [
        StaticRoute("", ANY, None, "Dialer1"),
        StaticRoute("", ANY, ip_address("198.51.100.5"), preference=200),
        StaticRoute("", ip_network("10.99.0.0/16"), None, None, blackhole=True),
        StaticRoute("gov-ext", ANY, ip_address("10.62.255.1"), to_vpn=""),
        StaticRoute(
            "gov-ext", ip_network("10.80.0.0/16"), ip_address("10.62.90.1"), to_vpn="office"
        ),
        StaticRoute("", ip_network("::/0"), ip_address("2001:db8:62::1")),
    ]
    device.vpn_instances = [
        VpnInstance("gov-ext", 4, "64510:12", ("64510:1",), ("64510:1", "64510:2"), (at.vpn,)),
        VpnInstance("office", 4, "64510:13", ("64510:3",), ("64510:3",)),
    ]
    device.vpn_routes = [
        VpnRoute("64510:12", ANY, ip_address("10.255.0.1")),
        VpnRoute("64510:12", ip_network("10.0.0.0/8"), ip_address("10.255.0.1")),
        VpnRoute("64510:13", ip_network("10.62.30.0/24"), ip_address("10.255.0.12")),
    ]
    device.acls = [
        Acl("2001", 4, (AclRule(False, ip_network("10.62.40.0/25"), number=0),
                        AclRule(True, ip_network("10.62.0.0/16"), number=5))),
        Acl("3001", 4, (AclRule(True, ip_network("10.62.40.0/24"), ip_network("192.0.2.9/32"),
                                number=5),)),
    ]  # fmt: skip
    hop = (ip_address("198.51.100.5"),)
    device.policy_routes = [
        PolicyRoute("to_net", 1, acl="3001", next_hops=hop, interfaces=(at.lan,)),
    ]


def _translate(device: DeviceModel, at: Names) -> None:
    device.nat_rules = [
        NatRule(NatKind.OUTBOUND, "Dialer1", "2001", easy_ip=True, active=True),
        NatRule(NatKind.OUTBOUND, at.isp, "2001", pool=POOL, active=True),
    ]
    device.nat_pools = [NatPool("1", POOL)]
    device.nat_sessions = 117


def _dial(device: DeviceModel, at: Names) -> None:
    device.pppoe = [PppoeSession(at.dsl, "Dialer1", True, "up")]
    device.dialers = [Dialer("Dialer1", True)]
    device.cellular = [Cellular(at.modem, True)]
    device.dhcp = [
        DhcpLease(at.leased, "bound", ip_address("203.0.113.130"), ip_address("203.0.113.129"))
    ]
    ends = (ip_address("198.51.100.6"), ip_address("192.0.2.77"))
    device.tunnels = [Tunnel(at.tunnel, "gre", *ends)]


def _meet(device: DeviceModel, at: Names) -> None:
    device.neighbours = [
        Neighbour(ip_address("10.62.255.1"), "0000-5e00-5311", at.core),
        Neighbour(ip_address("10.62.40.41"), "0000-5e00-5341", at.lan),
        Neighbour(ip_address("2001:db8:62::1"), "0000-5e00-5311", at.core, router=True),
    ]
    device.lldp = [LldpNeighbour(at.core, "HN-430000-1", "GigabitEthernet0/2/4")]
    mine = {"local_as": "64510", "router_id": "10.255.0.12"}
    device.bgp_peers = [
        BgpPeer(ip_address("198.51.100.5"), "64501", "established", received=12, **mine),
        BgpPeer(ip_address("10.255.0.1"), "64510", "established", address_family="vpnv4", **mine),
        BgpPeer(ip_address("10.62.30.2"), "64520", "idle", vpn="gov-ext", **mine),
    ]
    gate = (ip_address("10.62.40.254"),)
    device.vrrp = [VrrpGroup(at.lan, 1, VrrpState.MASTER, gate, 120)]
    device.ntp = NtpStatus(True, 3, "192.0.2.123")
    device.ntp_servers = [NtpServer(ip_address("192.0.2.123"))]


def parse(device: DeviceModel) -> dict[str, Parsed]:
    found = {}
    for line, text in render_answers(device).items():
        for command in PLATFORMS[device.platform].commands:
            if command.text == line or command.pattern.fullmatch(line):
                found[line] = command.parse(Answer.of(text, line, "o"))
                break
    return found


def facts(parsed: dict[str, Parsed], line: str, kind: type) -> list:
    return [fact for fact in parsed[line].facts if type(fact) is kind]


@pytest.fixture(params=MAKES)
def device(request: pytest.FixtureRequest) -> DeviceModel:
    return device_with_everything(request.param)


@pytest.fixture
def parsed(device: DeviceModel) -> dict[str, Parsed]:
    return parse(device)


CONFIG = "display current-configuration"


def test_every_line_of_every_answer_is_understood(parsed: dict[str, Parsed]) -> None:
    left = {
        line: [unread.text for unread in answer.unread]
        for line, answer in parsed.items()
        if answer.unread or answer.state is not AnswerState.UNDERSTOOD
    }
    assert left == {}


def test_every_bulk_command_without_a_slot_has_an_answer_somewhere() -> None:
    for name, platform in PLATFORMS.items():
        known = set()
        for make, (made_for, *_) in MAKES.items():
            if made_for == name:
                known |= render_answers(device_with_everything(make)).keys()
        asked = {c.text for c in platform.commands if c.bulk and "{" not in c.text}
        assert asked - known == set()


def _plain(rows: Iterable[RouteRow]) -> set[tuple[object, ...]]:
    return {
        (r.network, r.length, _word(r.protocol), r.preference, r.metric,
         r.next_hop if not r.blackhole else "", r.interface, r.blackhole)
        for r in rows
    }  # fmt: skip


def _word(protocol: str) -> str:
    return "bgp" if protocol in ("ebgp", "ibgp") else protocol


@pytest.mark.parametrize("key", [("", 4), ("", 6), ("gov-ext", 4), ("office", 4)])
def test_routing_tables(
    device: DeviceModel, parsed: dict[str, Parsed], key: tuple[str, int]
) -> None:
    vpn, family = key
    of = f" vpn-instance {vpn}" if vpn else ""
    line = f"display {'ip' if family == 4 else 'ipv6'} routing-table{of}"
    (table,) = facts(parsed, line, RouteTable)
    assert (table.vpn, table.family, table.complete) == (vpn, family, True)
    meant = _plain(device.routes[key])
    shown = _plain(
        r for r in table.rows
        if r.interface not in SYSTEM_PORTS or (r.blackhole and r.protocol == "static")
    )  # fmt: skip
    assert shown == meant


def test_configured_static_routes(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    shown = [
        replace(s, source=device.statics[0].source, interface=None if s.blackhole else s.interface)
        for s in facts(parsed, CONFIG, StaticRoute)
    ]
    assert sorted(shown, key=str) == sorted(device.statics, key=str)


def test_the_floating_static_is_seen_beside_the_table(parsed: dict[str, Parsed]) -> None:
    line = "display ip routing-table protocol static"
    idle = {
        (str(s.next_hop), s.preference)
        for s in facts(parsed, line, StaticRoute)
        if s.preference != 60
    }
    for table in facts(parsed, line, RouteTable):
        idle |= {(r.next_hop, r.preference) for r in table.rows if not r.active}
    assert idle == {("198.51.100.5", 200)}


def _addresses(interface: Interface) -> list[tuple[str, bool]]:
    return [(str(a.interface), a.secondary) for a in interface.addresses or ()]


def test_interface_details(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    for meant in device.interfaces:
        (seen,) = facts(parsed, f"display interface {meant.name}", Interface)
        states = (seen.admin_up, seen.link_up, seen.protocol_up, seen.spoofing)
        assert states == (meant.admin_up, meant.link_up, meant.protocol_up, meant.spoofing)
        four = [a for a in _addresses(meant) if ":" not in a[0]]
        assert _addresses(seen) == four


def test_addresses_by_dialling_are_marked_as_such(
    device: DeviceModel, parsed: dict[str, Parsed]
) -> None:
    at = Names(device.platform)
    by_name = {
        name: facts(parsed, f"display interface {name}", Interface)[0].addresses[0].origin
        for name in ("Dialer1", at.leased, at.mobile, at.core)
    }
    assert by_name["Dialer1"] is AddressOrigin.PPP
    assert by_name[at.leased] is AddressOrigin.DHCP
    assert by_name[at.mobile] in (AddressOrigin.CELLULAR, AddressOrigin.PPP)
    assert by_name[at.core] is AddressOrigin.CONFIGURED


def test_configured_interfaces(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    seen = {i.name: i for i in facts(parsed, CONFIG, Interface)}
    for meant in device.interfaces:
        found = seen[meant.name]
        assert found.vpn == meant.vpn
        assert (found.admin_up is False) == (meant.admin_up is False)
        if not meant.name.startswith(("Dialer", "Cellular", "Eth-channel")) and not any(
            a.origin is AddressOrigin.DHCP for a in meant.addresses or ()
        ):
            assert _addresses(found) == _addresses(meant)


def test_vpn_instances(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    shown = {
        v.name: (v.rd, v.import_targets, v.export_targets, v.interfaces)
        for v in facts(parsed, CONFIG, VpnInstance)
    }
    assert shown == {
        v.name: (v.rd, v.import_targets, v.export_targets, v.interfaces)
        for v in device.vpn_instances
    }
    listed = {v.name: v.rd for v in facts(parsed, "display ip vpn-instance", VpnInstance)}
    assert listed == {"gov-ext": "64510:12", "office": "64510:13"}


def test_vpnv4_routes(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    vrp = device.platform == "huawei_vrp"
    line = f"display bgp {'vpnv4 all routing-table' if vrp else 'routing-table vpnv4'}"
    found = facts(parsed, line, VpnRoute)
    shown = {(r.rd, str(r.prefix), str(r.next_hop)) for r in found if r.rd}
    assert shown == {(r.rd, str(r.prefix), str(r.next_hop)) for r in device.vpn_routes}
    own = {i.rd: i.name for i in device.vpn_instances}
    named = {(r.vpn, str(r.prefix)) for r in found if r.vpn is not None}
    assert named == {(own[r.rd], str(r.prefix)) for r in device.vpn_routes if r.rd in own}


def test_labels_of_vpnv4_routes(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    """Every route has one label: the one that this device gave, or the one that it was told."""
    vrp = device.platform == "huawei_vrp"
    comware = [f"display bgp routing-table vpnv4 {side}label" for side in ("in", "out")]
    lines = ["display bgp vpnv4 all routing-table label"] if vrp else comware
    found = [r for line in lines for r in facts(parsed, line, VpnRoute) if r.rd]
    told = {(r.rd, str(r.prefix), r.in_label or r.label) for r in found}
    assert told == {(r.rd, str(r.prefix), r.label) for r in device.vpn_routes}
    assert all((r.in_label is None) != (r.label is None) for r in found if r.in_label or r.label)


def _rules(acl: Acl) -> list[tuple[object, ...]]:
    return [(r.permit, r.source, r.destination, r.number, r.opaque) for r in acl.rules]


@pytest.mark.parametrize("line", [CONFIG, "display acl all"])
def test_access_lists(device: DeviceModel, parsed: dict[str, Parsed], line: str) -> None:
    shown = {acl.name: _rules(acl) for acl in facts(parsed, line, Acl)}
    assert shown == {acl.name: _rules(acl) for acl in device.acls}


def test_policy_routes_of_the_configuration(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    shown = [
        (p.name, p.acl, p.next_hops, p.interfaces, p.permit)
        for p in facts(parsed, CONFIG, PolicyRoute)
    ]
    assert shown == [
        (p.name, p.acl, p.next_hops, p.interfaces, p.permit) for p in device.policy_routes
    ]


def test_translation(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    shown = {
        (r.interface, r.acl, r.easy_ip, r.pool if not r.easy_ip else ())
        for r in facts(parsed, CONFIG, NatRule)
    }
    assert shown == {(r.interface, r.acl, r.easy_ip, r.pool) for r in device.nat_rules}
    live = facts(parsed, "display nat outbound", NatRule)
    assert {(r.interface, r.acl, r.easy_ip) for r in live} == {
        (r.interface, r.acl, r.easy_ip) for r in device.nat_rules
    }
    pools = facts(parsed, "display nat address-group", NatPool)
    assert [(p.name, p.ranges) for p in pools] == [("1", POOL)]
    line = "display nat session" + (" all" if device.platform == "huawei_vrp" else "")
    assert [s.count for s in facts(parsed, line, NatSessions)] == [117]


def test_dialled_ways_out(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    (session,) = facts(parsed, "display pppoe-client session summary", PppoeSession)
    meant = device.pppoe[0]
    assert (session.interface, session.dialer, session.is_up) == (meant.interface, "Dialer1", True)
    (dialer,) = facts(parsed, "display interface Dialer1", Dialer)
    assert dialer.is_connected is True
    vrp = device.platform == "huawei_vrp"
    line = f"display interface {device.cellular[0].name}" if vrp else "display cellular"
    (modem,) = facts(parsed, line, Cellular)
    assert (modem.name, modem.is_connected) == (device.cellular[0].name, True)
    line = "display dhcp client" + ("" if vrp else " verbose")
    (lease,) = facts(parsed, line, DhcpLease)
    assert replace(lease, source=device.dhcp[0].source) == device.dhcp[0]
    (tunnel,) = facts(parsed, CONFIG, Tunnel)
    assert replace(tunnel, source=device.tunnels[0].source) == device.tunnels[0]


def test_neighbours(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    vrp = device.platform == "huawei_vrp"
    lines = ("display arp all", f"display ipv6 neighbors{'' if vrp else ' all'}")
    shown = {
        (str(n.address), n.interface)
        for line in lines
        for n in facts(parsed, line, Neighbour)
        if not n.own
    }
    assert shown == {(str(n.address), n.interface) for n in device.neighbours}
    line = "display lldp neighbor" + ("" if vrp else "-information list")
    (lldp,) = facts(parsed, line, LldpNeighbour)
    meant = device.lldp[0]
    assert (lldp.interface, lldp.system, lldp.port) == (meant.interface, meant.system, meant.port)
    (group,) = facts(parsed, "display vrrp", VrrpGroup)
    gate = device.vrrp[0]
    assert (group.interface, group.vrid, group.state) == (gate.interface, 1, VrrpState.MASTER)
    assert group.addresses == gate.addresses


def test_bgp_peers(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    if device.platform == "huawei_vrp":
        lines = ["display bgp peer", "display bgp vpnv4 all peer"]
    else:
        lines = [f"display bgp peer {which}" for which in ("ipv4", "vpnv4")]
        lines.append("display bgp peer ipv4 vpn-instance gov-ext")
    shown = {
        (str(p.address), p.remote_as, p.state, p.vpn, p.address_family, p.local_as)
        for line in lines
        for p in facts(parsed, line, BgpPeer)
    }
    assert shown == {
        (str(p.address), p.remote_as, p.state, p.vpn, p.address_family, p.local_as)
        for p in device.bgp_peers
    }
    configured = {(str(p.address), p.remote_as, p.vpn) for p in facts(parsed, CONFIG, BgpPeer)}
    assert configured == {(str(p.address), p.remote_as, p.vpn) for p in device.bgp_peers}


def test_identity_clock_and_configuration(device: DeviceModel, parsed: dict[str, Parsed]) -> None:
    (version,) = facts(parsed, "display version", Identity)
    assert (version.model, version.os_version) == (
        device.identity.model,
        device.identity.os_version,
    )
    assert version.uptime_s == 273_660
    line = next(text for text in parsed if text.startswith("display ntp"))
    (clock,) = facts(parsed, line, NtpStatus)
    assert (clock.synchronized, clock.stratum, clock.reference) == (True, 3, "192.0.2.123")
    (server,) = facts(parsed, CONFIG, NtpServer)
    assert server.address == device.ntp_servers[0].address
    (configuration,) = facts(parsed, CONFIG, Configuration)
    assert configuration.complete
