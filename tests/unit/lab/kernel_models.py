"""A device model that has one of everything an FRR router or a Linux host can have."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface, ip_network

from netops.facts.access import Cellular, DhcpLease, Dialer, Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.nat import NatKind, NatRule
from netops.facts.neighbours import BgpPeer, LldpNeighbour, Neighbour
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import RouteRow, StaticRoute, VpnInstance, VpnRoute
from netops.facts.system import Identity, NtpStatus
from netops.lab.model import DeviceModel

MAC = "02:00:00:00:00:0"


def port(name: str, *addresses: str, **more: object) -> Interface:
    """Make an interface that is up, with a hardware address."""
    origin = more.pop("origin", AddressOrigin.CONFIGURED)
    second = bool(more.pop("second", False))
    listed = tuple(
        InterfaceAddress(ip_interface(text), origin, second and number > 0)  # type: ignore[arg-type]
        for number, text in enumerate(addresses)
    )
    settings = {"admin_up": True, "link_up": True, "protocol_up": True, "vpn": "",
                "description": "", "mtu": 1500} | more  # fmt: skip
    return Interface(name, addresses=listed, **settings)  # type: ignore[arg-type]


def row(prefix: str, protocol: str, hop: str, interface: str, *more: object) -> RouteRow:
    """Make a row: preference, metric, active, blackhole and leak may follow."""
    net = ip_network(prefix)
    rest = (*more, *(0, 0, True, False, None)[len(more) :])
    preference, metric, active, blackhole, leak = rest
    head = (net.version, int(net.network_address), net.prefixlen, protocol, preference, metric)
    return RouteRow(*head, hop, interface, active, blackhole, leak)  # type: ignore[arg-type]


def static(vpn: str, prefix: str, hop: str, preference: int = 1, **more: object) -> StaticRoute:
    """Make a configured route by a next hop, "" for none."""
    address = ip_address(hop) if hop else None
    return StaticRoute(vpn, ip_network(prefix), address, preference=preference, **more)  # type: ignore[arg-type]


def frr_router() -> DeviceModel:
    """A township's router: two uplinks, a department VRF, leaks, policies, everything."""
    model = DeviceModel("r1", "frr", Identity("town-1", "FRRouting", None, "8.4.4", "6.1.0-18"))
    model.interfaces = [
        port("lo", "192.0.2.100/32", mtu=65536),
        port("eth0", "192.0.2.1/30", "2001:db8:1::1/64", mac=MAC + "1", speed_mbps=1000.0,
             description='to 市电信 "A"'),
        port("eth1", "198.51.100.1/30", "198.51.100.5/30", second=True, mac=MAC + "2"),
        port("eth2", "203.0.113.65/27", mac=MAC + "3", vpn="gov"),
        port("eth3", mac=MAC + "4", admin_up=False, link_up=False, protocol_up=False),
        port("ppp0", "203.0.113.9/32", origin=AddressOrigin.PPP, mtu=1492),
        port("wwan0", "203.0.113.13/30", origin=AddressOrigin.CELLULAR, mac=MAC + "5"),
        port("gre1", "198.51.100.129/30", mtu=1476),
        port("eth4", "203.0.113.129/25", mac=MAC + "6"),
    ]  # fmt: skip
    model.dialers = [Dialer("ppp0", is_connected=True)]
    model.cellular = [Cellular("wwan0", is_connected=True)]
    model.tunnels = [Tunnel("gre1", "gre", ip_address("192.0.2.1"), ip_address("198.51.100.200"))]
    model.routes = {
        ("", 4): [
            row("0.0.0.0/0", "static", "192.0.2.2", "eth0", 1),
            row("0.0.0.0/0", "static", "198.51.100.2", "eth1", 1),
            row("10.8.0.0/16", "static", "", "", 1, 0, True, True),
            row("10.12.0.0/16", "static", "203.0.113.66", "eth2", 1, 0, True, False, "gov"),
            row("10.13.0.0/16", "bgp", "10.255.0.9", "", 200, 5),
            row("192.0.2.0/30", "direct", "", "eth0"),
        ],
        ("gov", 4): [
            row("10.20.0.0/16", "static", "203.0.113.66", "eth2", 1),
            row("203.0.113.64/27", "direct", "", "eth2"),
        ],
        ("", 6): [row("::/0", "ospf", "fe80::1", "eth0", 110, 20)],
    }
    model.statics = [
        static("", "0.0.0.0/0", "192.0.2.2"),
        static("", "0.0.0.0/0", "198.51.100.2"),
        static("", "0.0.0.0/0", "203.0.113.2", 200),
        static("", "10.8.0.0/16", "", blackhole=True),
        static("", "10.12.0.0/16", "203.0.113.66", to_vpn="gov"),
        static("gov", "10.20.0.0/16", "203.0.113.66"),
    ]
    model.vpn_instances = [
        VpnInstance("gov", 4, "64496:10", ("64496:10", "64496:99"), ("64496:10",), ("eth2",))
    ]
    model.vpn_routes = [
        VpnRoute("64496:10", ip_network("10.9.0.0/16"), ip_address("10.255.0.9"), "16"),
        VpnRoute("64496:10", ip_network("2001:db8:9::/48"), ip_address("2001:db8::9"), "17"),
    ]
    model.policy_routes, model.acls = policies()
    model.bgp_peers = [
        BgpPeer(ip_address("192.0.2.2"), "64500", "established", local_as="64496", received=3,
                uptime="00:00:22", description="isp peer"),
        BgpPeer(ip_address("2001:db8:1::2"), "64500", "active", local_as="64496",
                address_family="ipv6"),
        BgpPeer(ip_address("203.0.113.66"), "64502", "idle", "gov", "64496", enabled=False),
    ]  # fmt: skip
    model.vrrp = [
        VrrpGroup("eth4", 5, VrrpState.MASTER, (ip_address("203.0.113.254"),), 120),
        VrrpGroup("eth4", 6, VrrpState.BACKUP, (ip_address("203.0.113.253"),), 90),
    ]
    return model


def policies() -> tuple[list[PolicyRoute], list[Acl]]:
    """Two rows of a policy on eth4: by source, and by source and destination."""
    name = "pbr-map OUT seq 20"
    source, destination = ip_network("203.0.113.192/28"), ip_network("10.0.0.0/8")
    rule = AclRule(permit=True, source=source, destination=destination)
    hops = (ip_address("192.0.2.2"), ip_address("198.51.100.2"))
    return [
        PolicyRoute("OUT", 10, sources=(ip_network("203.0.113.160/28"),), next_hops=hops[1:],
                    interfaces=("eth4",)),
        PolicyRoute("OUT", 20, acl=name, sources=(source,), next_hops=hops,
                    interfaces=("eth4",)),
        PolicyRoute("OUT", 30, sources=(ip_network("203.0.113.224/28"),), vpn="gov",
                    interfaces=("eth4",)),
    ], [Acl(name, 4, (rule,))]  # fmt: skip


def linux_host() -> DeviceModel:
    """A department's host with two ways out, translations and a tunnel."""
    identity = Identity("host-1", "Debian GNU/Linux", None, "Debian GNU/Linux 12 (bookworm)",
                        "6.1.0-18-amd64", None, 86400)  # fmt: skip
    model = DeviceModel("h1", "linux_host", identity)
    model.interfaces = [
        port("lo", "127.0.0.1/8", "::1/128", mtu=65536),
        port("eth0", "10.40.1.5/24", "10.40.1.6/24", second=True, mac=MAC + "1",
             description="office"),
        port("eth1", "192.168.31.20/24", origin=AddressOrigin.DHCP, mac=MAC + "2"),
        port("eth2", mac=MAC + "3", link_up=False, protocol_up=False),
        port("eth3", "203.0.113.65/27", mac=MAC + "4", vpn="gov"),
        port("gov", mac=MAC + "5", vpn="gov"),
        port("ppp0", "203.0.113.9/32", origin=AddressOrigin.PPP, mtu=1492),
        port("wwan0", "203.0.113.13/30", origin=AddressOrigin.CELLULAR),
        port("wg0", "198.51.100.129/30", mtu=1420),
        port("ipip1", "198.51.100.133/30", mtu=1480),
    ]  # fmt: skip
    model.dhcp = [DhcpLease("eth1", "bound", ip_address("192.168.31.20"))]
    model.dialers = [Dialer("ppp0", is_connected=True)]
    model.cellular = [Cellular("wwan0", is_connected=True)]
    model.tunnels = [
        Tunnel("wg0", "wireguard", peer=ip_address("198.51.100.200")),
        Tunnel("ipip1", "ipip", ip_address("203.0.113.9"), ip_address("198.51.100.201")),
    ]
    model.vpn_instances = [VpnInstance("gov", interfaces=("eth3",))]
    model.routes = {
        ("", 4): [
            row("0.0.0.0/0", "dhcp", "192.168.31.1", "eth1", 0, 100),
            row("0.0.0.0/0", "static", "10.40.1.1", "eth0", 0, 200, False),
            row("10.0.0.0/8", "static", "10.40.1.1", "eth0"),
            row("10.66.0.0/16", "static", "", "", 0, 0, True, True),
            row("10.40.1.0/24", "direct", "", "eth0"),
        ],
        ("", 6): [row("::/0", "ra", "fe80::1", "eth0", 0, 1024)],
        ("table 100", 4): [row("0.0.0.0/0", "static", "192.168.31.1", "eth1")],
        ("gov", 4): [row("203.0.113.64/27", "direct", "", "eth3")],
    }
    model.policy_routes = [
        PolicyRoute("ip rule", 1000, sources=(ip_network("10.40.1.128/25"),), vpn="table 100",
                    table="100"),
        PolicyRoute("ip rule", 1001, acl="ip rule 1001", sources=(ip_network("10.40.1.7/32"),),
                    vpn="table 100", table="100", interfaces=("eth0",)),
    ]  # fmt: skip
    lan = ip_network("10.40.1.0/24")
    model.acls = [
        Acl("ip rule 1001", 4, (AclRule(permit=True, source=ip_network("10.40.1.7/32"),
                                        destination=ip_network("10.9.0.0/16")),)),
        Acl("nft ip nat postrouting 4", 4, (AclRule(permit=True, source=lan),)),
    ]  # fmt: skip
    pool = ((ip_address("203.0.113.9"), ip_address("203.0.113.12")),)
    model.nat_rules = [
        NatRule(NatKind.OUTBOUND, "eth1", acl="nft ip nat postrouting 4", easy_ip=True,
                name="nft ip nat postrouting 4"),
        NatRule(NatKind.OUTBOUND, "ppp0", pool=pool, name="nft ip nat postrouting 5"),
        NatRule(NatKind.SERVER, "eth1", inside=ip_address("10.40.1.5"),
                name="nft ip nat prerouting 6"),
    ]  # fmt: skip
    model.nat_sessions = 23
    model.neighbours = [
        Neighbour(ip_address("10.40.1.1"), MAC + "a", "eth0"),
        Neighbour(ip_address("10.40.1.9"), None, "eth0"),
        Neighbour(ip_address("fe80::1"), MAC + "b", "eth0", router=True),
    ]
    model.lldp = [
        LldpNeighbour("eth0", "sw-1", "GigabitEthernet0/0/7", MAC + "c", "to host", "a switch")
    ]
    model.ntp = NtpStatus(synchronized=True, stratum=3, reference="10.40.1.1")
    return model
