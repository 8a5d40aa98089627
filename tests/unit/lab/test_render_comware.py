"""Comware text against lines written by hand from the vendor's references."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface, ip_network

import pytest
from render_models import ANY, POOL, address, comware_router, peers, port, row

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.nat import NatKind, NatPool, NatRule
from netops.facts.neighbours import LldpNeighbour, Neighbour
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import StaticRoute, VpnInstance, VpnRoute
from netops.facts.system import NtpServer, NtpStatus
from netops.lab.model import DeviceModel
from netops.lab.render import render_answers

EARLY = ("7.1.045", "Release 0106", "MSR3640")
SWITCH = ("7.1.070", "Release 6616P01", "S6900-54HQF")


def test_version_names_release_model_and_uptime() -> None:
    lines = render_answers(comware_router())["display version"].splitlines()
    assert lines[0] == "H3C Comware Software, Version 7.1.064, Release 0821P16"
    assert lines[2] == "H3C MSR3610 uptime is 3 weeks, 1 day, 4 hours, 9 minutes"
    assert "Uptime is 3 weeks,1 day,4 hours,9 minutes" in lines


def test_manuinfo_holds_the_serial_number() -> None:
    lines = render_answers(comware_router())["display device manuinfo"].splitlines()
    assert lines[:3] == [
        "Slot 0:",
        "DEVICE_NAME          : MSR3610",
        "DEVICE_SERIAL_NUMBER : 219801A0X0",
    ]


def test_a_router_has_no_stack_and_a_switch_has() -> None:
    assert "display irf" not in render_answers(comware_router())
    assert "display irf" not in render_answers(comware_router(model="SR6608-X"))
    lines = render_answers(comware_router(*SWITCH))["display irf"].splitlines()
    assert lines[0] == "MemberID  Role     Priority    CPU-Mac           Description"
    assert lines[1].startswith(" *+1      Master   32          ")


def sample_ports() -> list[Interface]:
    lan = port("GigabitEthernet0/2.100", address("10.20.0.1/24"), vpn="EXTRANET")
    isp = Interface("GigabitEthernet0/1", True, True, True, description="To-ISP-A",
                    addresses=(address("198.51.100.2/30"),), vpn="")  # fmt: skip
    shut = Interface("GigabitEthernet0/3", False, False, False, addresses=(), vpn="",
                     description="spare line to the lake house")  # fmt: skip
    return [isp, port("Dialer0", address("203.0.113.77/32", AddressOrigin.PPP)), lan, shut]


def test_ip_interface_brief_of_late_v7_has_mask_and_instance() -> None:
    device = comware_router()
    device.interfaces = sample_ports()
    assert render_answers(device)["display ip interface brief"] == (
        "*down: administratively down\n"
        "(s): spoofing  (l): loopback\n"
        "Interface           Physical Protocol IP address/Mask    VPN instance Description\n"
        "GE0/1               up       up       198.51.100.2/30    --           To-ISP-A\n"
        "Dia0                up       up(s)    203.0.113.77/32    --           --\n"
        "GE0/2.100           up       up       10.20.0.1/24       EXTRANET     --\n"
        "GE0/3               *down    down     --                 --           spare line to...\n"
    )


def test_ip_interface_brief_of_early_v7_has_neither() -> None:
    device = comware_router(*EARLY)
    device.interfaces = sample_ports()[:2]
    assert render_answers(device)["display ip interface brief"].splitlines()[2:] == [
        "Interface                Physical Protocol IP Address      Description",
        "GE0/1                    up       up       198.51.100.2    To-ISP-A",
        "Dia0                     up       up(s)    203.0.113.77    --",
    ]


def test_interface_brief_has_a_routed_and_a_bridged_section() -> None:
    device = comware_router()
    trunk = Interface("Bridge-Aggregation10", True, True, True, speed_mbps=20_000.0,
                      description="To-Core")  # fmt: skip
    device.interfaces = [*sample_ports()[:1], trunk]
    lines = render_answers(device)["display interface brief"].splitlines()
    assert lines[:7] == [
        "Brief information on interfaces in route mode:",
        "Link: ADM - administratively down; Stby - standby",
        "Protocol: (s) - spoofing",
        "Interface            Link Protocol Primary IP      Description",
        "GE0/1                UP   UP       198.51.100.2    To-ISP-A",
        "InLoop0              UP   UP(s)    --              ",
        "NULL0                UP   UP(s)    --              ",
    ]
    assert lines[-2:] == [
        "Interface            Link Speed     Duplex Type PVID Description",
        "BAGG10               UP   20G(a)    F(a)   T    1    To-Core",
    ]


@pytest.mark.parametrize(
    ("version", "first", "second"),
    [
        (
            ("7.1.064",),
            "Internet address: 203.0.113.9/24 (DHCP-allocated)",
            "Internet address: 192.0.2.9/29 (Sub)",
        ),
        (
            EARLY,
            "Internet Address is 203.0.113.9/24 DHCP-Allocated",
            "Internet Address is 192.0.2.9/29 Sub",
        ),
    ],
)
def test_interface_detail_tells_how_an_address_was_got(
    version: tuple[str, ...], first: str, second: str
) -> None:
    device = comware_router(*version)
    more = InterfaceAddress(ip_interface("192.0.2.9/29"), secondary=True)
    leased = address("203.0.113.9/24", AddressOrigin.DHCP)
    device.interfaces = [port("GigabitEthernet0/0", leased, more)]
    lines = render_answers(device)["display interface GigabitEthernet0/0"].splitlines()
    assert lines[:3] == ["GigabitEthernet0/0", "Current state: UP", "Line protocol state: UP"]
    assert [line for line in lines if line.startswith("Internet")] == [first, second]


def test_dialer_and_tunnel_details_name_their_kind() -> None:
    device = comware_router()
    ends = (ip_address("192.0.2.1"), ip_address("198.51.100.9"))
    device.interfaces = [
        port("GigabitEthernet0/1", address("192.0.2.1/30")),
        port("Dialer1", address("203.0.113.77/32", AddressOrigin.PPP)),
        port("Tunnel1", address("10.250.0.1/30")),
    ]
    device.tunnels = [Tunnel("Tunnel1", "gre", *ends)]
    answers = render_answers(device)
    dialer = answers["display interface Dialer1"].splitlines()
    assert "Line protocol state: UP(spoofing)" in dialer
    assert "Internet address: 203.0.113.77/32 (PPP-negotiated)" in dialer
    tunnel = answers["display interface Tunnel1"].splitlines()
    assert "Tunnel source 192.0.2.1 (GigabitEthernet0/1), destination 198.51.100.9" in tunnel
    assert "Tunnel protocol/transport GRE/IP" in tunnel


def routed(*make: str) -> DeviceModel:
    device = comware_router(*make)
    device.routes[("", 4)] = [
        row("0.0.0.0/0", "static", "198.51.100.1", "GigabitEthernet0/1", 60),
        row("10.20.0.0/24", "ospf", "10.255.1.1", "Vlan-interface111", 10),
        row("10.20.0.0/24", "ospf", "10.255.1.5", "Vlan-interface30", 10),
    ]
    return device


def test_routing_table_of_late_v7_always_holds_the_rows_of_the_system() -> None:
    assert render_answers(routed())["display ip routing-table"] == (
        "\n"
        "Destinations : 9        Routes : 10\n"
        "\n"
        "Destination/Mask   Proto   Pre Cost        NextHop         Interface\n"
        "0.0.0.0/0          Static  60  0           198.51.100.1    GE0/1\n"
        "0.0.0.0/32         Direct  0   0           127.0.0.1       InLoop0\n"
        "10.20.0.0/24       O_INTRA 10  0           10.255.1.1      Vlan111\n"
        "                   O_INTRA 10  0           10.255.1.5      Vlan30\n"
        "127.0.0.0/8        Direct  0   0           127.0.0.1       InLoop0\n"
        "127.0.0.1/32       Direct  0   0           127.0.0.1       InLoop0\n"
        "127.255.255.255/32 Direct  0   0           127.0.0.1       InLoop0\n"
        "224.0.0.0/4        Direct  0   0           0.0.0.0         NULL0\n"
        "224.0.0.0/24       Direct  0   0           0.0.0.0         NULL0\n"
        "255.255.255.255/32 Direct  0   0           127.0.0.1       InLoop0\n"
    )


def test_a_switch_leaves_all_but_the_next_hop_of_an_equal_path_blank() -> None:
    lines = render_answers(routed(*SWITCH))["display ip routing-table"].splitlines()
    assert lines[7] == "                                           10.255.1.5      Vlan30"


def test_routing_table_of_early_v7_has_other_columns() -> None:
    lines = render_answers(routed(*EARLY))["display ip routing-table"].splitlines()
    assert lines[3:6] == [
        "Destination/Mask    Proto  Pre  Cost         NextHop         Interface",
        "0.0.0.0/0           Static 60   0            198.51.100.1    GE0/1",
        "10.20.0.0/24        OSPF   10   0            10.255.1.1      Vlan111",
    ]


def test_a_floating_static_is_seen_only_among_the_inactive_and_in_the_configuration() -> None:
    device = routed()
    device.interfaces = [port("GigabitEthernet0/2", address("203.0.113.2/30"))]
    device.statics = [
        StaticRoute("", ANY, ip_address("198.51.100.1")),
        StaticRoute("", ANY, ip_address("203.0.113.1"), preference=80),
    ]
    answers = render_answers(device)
    assert answers["display ip routing-table protocol static"] == (
        "\n"
        "Summary count : 2\n"
        "\n"
        "Static Routing table status : <Active>\n"
        "Summary count : 1\n"
        "\n"
        "Destination/Mask   Proto   Pre Cost        NextHop         Interface\n"
        "0.0.0.0/0          Static  60  0           198.51.100.1    GE0/1\n"
        "\n"
        "Static Routing table status : <Inactive>\n"
        "Summary count : 1\n"
        "\n"
        "Destination/Mask   Proto   Pre Cost        NextHop         Interface\n"
        "0.0.0.0/0          Static  80  0           203.0.113.1     GE0/2\n"
    )
    assert "203.0.113.1" not in answers["display ip routing-table"]
    config = answers["display current-configuration"].splitlines()
    assert " ip route-static 0.0.0.0 0 203.0.113.1 preference 80" in config


def test_ipv6_routes_are_records_of_three_lines() -> None:
    device = comware_router()
    device.routes[("", 6)] = [
        row("2001:db8:1::/64", "static", "2001:db8::1", "GigabitEthernet0/1", 60)
    ]
    lines = render_answers(device)["display ipv6 routing-table"].splitlines()
    assert lines[0] == "Destinations : 4 Routes : 4"
    assert lines[6:9] == [
        "Destination: 2001:db8:1::/64                             Protocol  : Static",
        "NextHop    : 2001:db8::1                                 Preference: 60",
        "Interface  : GE0/1                                       Cost      : 0",
    ]


def test_vpn_instances_are_listed_and_told_one_by_one() -> None:
    device = comware_router()
    device.vpn_instances = [
        VpnInstance("EXTRANET", 4, "65000:100", ("111:1", "222:2"), ("111:1",)),
        VpnInstance("OFFICE", 4),
    ]
    device.interfaces = sample_ports()
    answers = render_answers(device)
    assert answers["display ip vpn-instance"].splitlines() == [
        "  Total VPN-Instances configured : 2",
        "  VPN-Instance Name               RD                     Create time",
        "  EXTRANET                        65000:100              2024/05/01 06:22:40",
        "  OFFICE                                                 2024/05/01 06:22:41",
    ]
    assert answers["display ip vpn-instance instance-name EXTRANET"] == (
        "  VPN-Instance Name and Index : EXTRANET, 1\n"
        "  Route Distinguisher : 65000:100\n"
        "  Interfaces : GigabitEthernet0/2.100\n"
        "  Address-family IPv4:\n"
        "   Export VPN Targets :\n"
        "       111:1\n"
        "   Import VPN Targets :\n"
        "       111:1 222:2\n"
    )


def test_bgp_peers_of_an_instance_are_shown_only_with_it() -> None:
    device = comware_router()
    device.vpn_instances = [VpnInstance("gov-ext", 4, "64510:12")]
    device.bgp_peers = peers()
    answers = render_answers(device)
    assert answers["display bgp peer ipv4"] == (
        "\n"
        " BGP local router ID: 10.255.0.12\n"
        " Local AS number: 64510\n"
        " Total number of peers: 2                 Peers in established state: 1\n"
        "\n"
        "  * - Dynamically created peer\n"
        "  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State\n"
        "\n"
        "  192.0.2.9            64501     8123     8120    0      12 731h02m  Established\n"
        "  192.0.2.13           64502        0        0    0       0 00:41:08 Idle\n"
    )
    assert "10.40.12.2" in answers["display bgp peer ipv4 vpn-instance gov-ext"]
    assert "10.255.0.1 " in answers["display bgp peer vpnv4"]


def test_vpnv4_routes_stand_under_their_distinguisher() -> None:
    device = comware_router()
    device.bgp_peers = peers()
    device.vpn_instances = [VpnInstance("gov-ext", 4, "64510:12")]
    device.vpn_routes = [VpnRoute("64510:12", ANY, ip_address("10.255.0.1"))]
    lines = render_answers(device)["display bgp routing-table vpnv4"].splitlines()
    assert lines[6:] == [
        " Total number of routes from all PEs: 1",
        "",
        " Route distinguisher: 64510:12(gov-ext)",
        " Total number of routes: 1",
        "",
        "     Network            NextHop         MED        LocPrf     PrefVal Path/Ogn",
        "",
        "* >i 0.0.0.0            10.255.0.1      0          100        0       ?",
    ]


def test_arp_columns_differ_between_early_and_late() -> None:
    entry = Neighbour(ip_address("10.20.0.9"), "0000-5e00-5310", "GigabitEthernet1/0/7.20")
    own = Neighbour(ip_address("10.20.0.1"), "0000-5e00-5301", "GigabitEthernet1/0/7", own=True)
    device = comware_router()
    device.neighbours = [own, entry]
    assert render_answers(device)["display arp"].splitlines()[1:] == [
        "IP address      MAC address    VLAN     Interface                Aging Type",
        "10.20.0.9       0000-5e00-5310 20       GE1/0/7.20               16    D",
    ]
    device = comware_router(*EARLY)
    device.neighbours = [entry]
    assert render_answers(device)["display arp"].splitlines()[1:] == [
        "IP Address       MAC Address     VLAN ID  Interface              Aging Type",
        "10.20.0.9        0000-5e00-5310  20       GE1/0/7.20             16    D",
    ]


def test_ipv6_neighbours_stand_in_one_line() -> None:
    device = comware_router()
    device.neighbours = [
        Neighbour(ip_address("2001:db8::2"), "0000-5e00-5312", "GigabitEthernet0/0")
    ]
    assert render_answers(device)["display ipv6 neighbors all"].splitlines()[1:] == [
        "IPv6 Address                   Link Layer     VID  Interface      State T  Age",
        "2001:db8::2                    0000-5e00-5312 N/A  GE0/0          REACH D  10",
    ]


def test_lldp_wraps_a_long_name_to_the_next_line() -> None:
    device = comware_router()
    device.lldp = [
        LldpNeighbour("Ten-GigabitEthernet1/0/1", "CITY-SW-01", "Ten-GigabitEthernet1/0/30",
                      chassis="0000-5e00-5320"),
        LldpNeighbour("GigabitEthernet1/0/24", "PHONE-000000000001.example.org",
                      "00005E005321:P1", chassis="10.9.1.3"),
    ]  # fmt: skip
    lines = render_answers(device)["display lldp neighbor-information list"].splitlines()
    assert lines[3:] == [
        "System Name          Local Interface Chassis ID      Port ID",
        "CITY-SW-01           XGE1/0/1        0000-5e00-5320  Ten-GigabitEthernet1/0/30",
        "PHONE-000000000001.e GE1/0/24        10.9.1.3        00005E005321:P1",
        "xample.org",
    ]


def test_vrrp_stands_in_the_columns_of_the_reference() -> None:
    device = comware_router()
    device.vrrp = [
        VrrpGroup("GigabitEthernet1/0/1", 1, VrrpState.MASTER, (ip_address("192.0.2.254"),), 150)
    ]
    assert render_answers(device)["display vrrp"] == (
        "IPv4 Virtual Router Information:\n"
        " Running Mode      : Standard\n"
        " Total number of virtual routers : 1\n"
        " Interface          VRID  State        Running Adver   Auth     Virtual\n"
        "                                       Pri     Timer   Type     IP\n"
        " ---------------------------------------------------------------------\n"
        " GE1/0/1            1     Master       150     100     None     192.0.2.254\n"
    )


def translating(*make: str) -> DeviceModel:
    device = comware_router(*make)
    device.interfaces = [
        port("Dialer0", address("203.0.113.77/32", AddressOrigin.PPP)),
        port("GigabitEthernet0/1", address("198.51.100.6/30")),
    ]
    device.nat_rules = [
        NatRule(NatKind.OUTBOUND, "Dialer0", easy_ip=True),
        NatRule(NatKind.OUTBOUND, "GigabitEthernet0/1", "2000", pool=POOL, active=False),
    ]
    device.nat_pools = [NatPool("1", POOL)]
    device.acls = [Acl("2000", 4, (AclRule(True, ip_network("10.20.0.0/24"), number=0),))]
    device.nat_sessions = 42
    return device


def test_nat_outbound_of_late_v7_writes_a_line_a_key() -> None:
    assert render_answers(translating())["display nat outbound"] == (
        "NAT outbound information:\n"
        "  Totally 2 NAT outbound rules.\n"
        "  Interface: Dialer0\n"
        "    ACL: ---\n"
        "    Address group ID: ---\n"
        "    Port-preserved: N        NO-PAT: N  Reversible: N\n"
        "    NAT counting: 0\n"
        "    Config status: Active\n"
        "  Interface: GigabitEthernet0/1\n"
        "    ACL: 2000\n"
        "    Address group ID: 1\n"
        "    Port-preserved: N        NO-PAT: N  Reversible: N\n"
        "    NAT counting: 0\n"
        "    Config status: Inactive\n"
    )


def test_nat_outbound_of_early_v7_joins_keys_on_a_line() -> None:
    lines = render_answers(translating(*EARLY))["display nat outbound"].splitlines()
    assert lines[6:] == [
        "  Interface: GigabitEthernet0/1",
        "    ACL: 2000         Address group: 1      Port-preserved: N",
        "    NO-PAT: N         Reversible: N",
        "    Config status: Inactive",
    ]


def test_nat_all_leaves_out_what_is_not_configured() -> None:
    full = render_answers(translating())["display nat all"]
    bare = render_answers(comware_router())["display nat all"]
    assert "NAT outbound information:" in full
    assert "NAT address group information:" in full
    assert "internal server" not in full
    assert "outbound" not in bare
    assert "NAT ALG:" in bare


def test_nat_address_group_lists_its_ranges() -> None:
    assert render_answers(translating(*EARLY))["display nat address-group"].splitlines() == [
        "NAT address group information:",
        "  Totally 1 NAT address groups.",
        "  Address group 1:",
        "    Port range: 1-65535",
        "    Address information:",
        "      Start address         End address",
        "      198.51.100.10         198.51.100.14",
    ]


def test_nat_sessions_are_few_but_their_total_is_true() -> None:
    text = render_answers(translating())["display nat session"]
    assert text.count("Initiator:") == 4
    assert text.endswith("Total sessions found: 42\n")


def test_access_lists_are_worded_by_kind() -> None:
    device = translating()
    device.acls.append(Acl("3001", 4, (AclRule(False, None, ip_network("192.0.2.7/32")),)))
    assert render_answers(device)["display acl all"] == (
        "Basic IPv4 ACL 2000, 1 rule,\n"
        "ACL's step is 5\n"
        " rule 0 permit source 10.20.0.0 0.0.0.255\n"
        "\n"
        "Advanced IPv4 ACL 3001, 1 rule,\n"
        "ACL's step is 5\n"
        " rule 0 deny ip destination 192.0.2.7 0\n"
    )


def redirecting(*make: str) -> DeviceModel:
    device = comware_router(*make)
    device.interfaces = [port("GigabitEthernet0/2", address("10.20.0.1/24"))]
    device.acls = [Acl("3001", 4, (AclRule(True, ip_network("10.20.0.0/24"), number=0),))]
    device.policy_routes = [
        PolicyRoute("EXIT-B", 10, acl="3001", next_hops=(ip_address("198.51.100.1"),),
                    interfaces=("GigabitEthernet0/2",)),
    ]  # fmt: skip
    return device


def test_policy_routing_is_shown_with_where_it_is_applied() -> None:
    answers = render_answers(redirecting(*EARLY))
    assert answers["display ip policy-based-route"] == (
        "Policy name: EXIT-B\n"
        "  node 10 permit:\n"
        "    if-match acl 3001\n"
        "    apply next-hop 198.51.100.1\n"
    )
    assert answers["display ip policy-based-route setup"] == (
        "Policy Name              Interface Name\nEXIT-B                   GigabitEthernet0/2\n"
    )
    config = answers["display current-configuration"]
    assert (
        "#\npolicy-based-route EXIT-B permit node 10\n if-match acl 3001\n"
        " apply next-hop 198.51.100.1\n#\n"
    ) in config
    assert "\n ip policy-based-route EXIT-B\n" in config


def test_pppoe_sessions_tell_bundle_and_state() -> None:
    device = comware_router()
    device.interfaces = [
        Interface("GigabitEthernet0/1", True, True, True, mac="0200-5e00-5302"),
    ]
    device.pppoe = [
        PppoeSession("GigabitEthernet0/1", "Dialer1", is_up=True),
        PppoeSession("GigabitEthernet0/2", "Dialer2", is_up=False, state="padi"),
    ]
    device.dialers = [Dialer("Dialer1", is_connected=True)]
    answers = render_answers(device)
    lines = answers["display pppoe-client session summary"].splitlines()
    assert lines[0] == "Bundle ID    Interface    VA          RemoteMAC      LocalMAC       State"
    assert lines[1].startswith("1      1     GE0/1        VA0         ")
    assert lines[1].endswith(" SESSION")
    assert lines[2].startswith("2      1     GE0/2        VA1         0000-0000-0000 ")
    assert lines[2].endswith(" PADI SENT")
    assert "  Free Channels: 0" in answers["display dialer"].splitlines()


def test_a_modem_tells_whether_it_holds_a_session() -> None:
    device = comware_router()
    device.cellular = [Cellular("Cellular0/0", is_connected=True)]
    lines = render_answers(device)["display cellular"].splitlines()
    assert lines[0] == "Cellular0/0:"
    assert "    Current Service Status: Service available" in lines
    assert "    Packet Session Status: Active" in lines


def test_a_dhcp_lease_prints_its_mask() -> None:
    device = comware_router()
    device.interfaces = [
        port("Vlan-interface10", address("192.0.2.20/24", AddressOrigin.DHCP)),
    ]
    device.dhcp = [
        DhcpLease("Vlan-interface10", "bound", ip_address("192.0.2.20"), ip_address("192.0.2.2"))
    ]
    answers = render_answers(device)
    assert answers["display dhcp client"].splitlines() == [
        "Vlan-interface10 DHCP client information:",
        " Current state: BOUND",
        " Allocated IP: 192.0.2.20 255.255.255.0",
        " Allocated lease: 259200 seconds, T1: 129600 seconds, T2: 226800 seconds",
        " DHCP server: 192.0.2.2",
    ]
    assert " Default router: 192.0.2.2" in answers["display dhcp client verbose"].splitlines()


def test_the_configuration_groups_system_lines_without_a_parent() -> None:
    device = translating()
    device.ntp = NtpStatus(True, 3, "192.0.2.123")
    device.ntp_servers = [NtpServer(ip_address("192.0.2.123"))]
    device.vpn_instances = [VpnInstance("gov-ext", 4, "64510:12", ("64510:1",), ("64510:2",))]
    device.bgp_peers = peers()
    device.statics = [
        StaticRoute("gov-ext", ANY, ip_address("10.0.0.1"), to_vpn=""),
        StaticRoute("gov-ext", ANY, ip_address("10.0.0.5"), to_vpn="office"),
        StaticRoute("", ip_network("2001:db8::/32"), None, blackhole=True),
    ]
    device.cellular = [Cellular("Cellular0/0", is_connected=False)]
    text = render_answers(device)["display current-configuration"]
    assert text.startswith("#\n version 7.1.064, Release 0821P16\n#\n sysname R1\n#\n")
    assert text.endswith("\n#\nreturn\n")
    for block in (
        "\nip vpn-instance gov-ext\n route-distinguisher 64510:12\n #\n address-family ipv4\n",
        "\nnat address-group 1\n address 198.51.100.10 198.51.100.14\n#\n",
        "\ncontroller Cellular0/0\n eth-channel 0\n#\n",
        " ip address ppp-negotiate\n nat outbound\n#\n",
        " nat outbound 2000 address-group 1\n#\n",
        "\n#\n ip route-static vpn-instance gov-ext 0.0.0.0 0 10.0.0.1 public\n",
        " ip route-static vpn-instance gov-ext 0.0.0.0 0 vpn-instance office 10.0.0.5\n",
        "\n#\n ipv6 route-static 2001:db8:: 32 NULL0\n",
        "\n#\n ssh server enable\n#\n ntp-service enable\n",
        "\nacl basic 2000\n rule 0 permit source 10.20.0.0 0.0.0.255\n",
        " ip vpn-instance gov-ext\n  peer 10.40.12.2 as-number 64520\n  #\n",
        "   peer 10.40.12.2 enable\n",
        "\nlocal-user auditor class manage\n password hash $h$6$",
    ):
        assert block in text
    assert (
        "\nacl number 2000\n"
        in (render_answers(translating(*EARLY))["display current-configuration"])
    )
