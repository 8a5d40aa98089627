"""VRP text against lines written by hand from the vendor's references."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface, ip_network

import pytest
from render_models import ANY, AR, NE, address, peers, port, row
from render_models import vrp_router as router

from netops.errors import LaboratoryError
from netops.facts.access import Cellular, Dialer, Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.neighbours import LldpNeighbour, Neighbour
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import StaticRoute, VpnInstance, VpnRoute
from netops.lab.model import DeviceModel
from netops.lab.render import render_answers


def test_an_unknown_platform_is_refused_with_the_names_of_those_it_speaks() -> None:
    device = router()
    device.platform = "other"
    with pytest.raises(LaboratoryError, match="huawei_vrp, h3c_comware, frr, linux_host"):
        render_answers(device)


def test_version_of_an_ar_counts_weeks_and_names_the_family_in_brackets() -> None:
    text = render_answers(router())["display version"]
    assert text.splitlines()[1:6] == [
        "VRP (R) software, Version 5.170 (AR610 V300R022C00SPC100)",
        "Copyright (C) 2011-2022 HUAWEI TECH CO., LTD",
        "Huawei AR617VW Router uptime is 0 week, 3 days, 4 hours, 1 minute",
        "",
        "MPU 0(Master) : uptime is 0 week, 3 days, 4 hours, 1 minute",
    ]


def test_version_of_an_ne_comes_after_a_time_line_and_counts_days() -> None:
    text = render_answers(router(*NE))["display version"]
    assert text.splitlines()[0] == "2024-05-11 09:14:02.684"
    assert text.splitlines()[2] == "VRP (R) software, Version 8.180 (NE40E V800R012C10SPC300)"
    assert text.splitlines()[4] == "HUAWEI NE40E-X8A uptime is 3 days, 4 hours, 1 minute"


@pytest.mark.parametrize(
    ("release", "model", "line"),
    [
        ("V300R022C00SPC100", "AR617VW", "ESN of device: 2102350001\n"),
        ("V200R011C10SPC600", "S5735-L24", " ESN of slot 0: 2102350001\n"),
        ("V800R012C10SPC300", "NE40E-X8A", " ESN of master: 2102350001\n"),
    ],
)
def test_esn_is_worded_by_series(release: str, model: str, line: str) -> None:
    assert render_answers(router(release, model))["display esn"] == line


def test_interface_brief_indents_members_under_their_trunk() -> None:
    device = router()
    member = Interface("GigabitEthernet0/0/1", True, True, True, aggregate="Eth-Trunk1")
    shut = Interface("GigabitEthernet0/0/2", False, False, False, aggregate="Eth-Trunk1")
    dialer = port("Dialer1")
    device.interfaces = [member, shut, dialer, port("Eth-Trunk1")]
    lines = render_answers(device)["display interface brief"].splitlines()
    start = lines.index(
        "Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors"
    )
    assert lines[start + 1 :] == [
        "Dialer1                     up    up(s)        --     --          0          0",
        "Eth-Trunk1                  up    up           0%     0%          0          0",
        "  GigabitEthernet0/0/1      up    up           0%     0%          0          0",
        "  GigabitEthernet0/0/2      *down down         0%     0%          0          0",
        "NULL0                       up    up(s)        --     --          0          0",
    ]


def test_ip_interface_brief_of_vrp5_has_no_vpn_column() -> None:
    device = router()
    device.interfaces = [
        port("Dialer1", address("203.0.113.77/32", AddressOrigin.PPP)),
        port("GigabitEthernet0/0/1.30", address("10.62.30.1/24"), vpn="gov-ext"),
    ]
    assert render_answers(device)["display ip interface brief"] == (
        "*down: administratively down\n"
        "^down: standby\n"
        "(l): loopback\n"
        "(s): spoofing\n"
        "The number of interface that is UP in Physical is 3\n"
        "The number of interface that is DOWN in Physical is 0\n"
        "The number of interface that is UP in Protocol is 3\n"
        "The number of interface that is DOWN in Protocol is 0\n"
        "\n"
        "Interface                         IP Address/Mask      Physical   Protocol  \n"
        "Dialer1                           203.0.113.77/32      up         up(s)\n"
        "GigabitEthernet0/0/1.30           10.62.30.1/24        up         up\n"
        "NULL0                             unassigned           up         up(s)\n"
    )


def test_ip_interface_brief_of_vrp8_names_the_vpn_instance() -> None:
    device = router(*NE)
    device.interfaces = [
        port("100GE1/0/1.12", address("10.40.12.1/30"), vpn="gov-ext"),
        port("LoopBack0", address("10.255.0.12/32")),
    ]
    lines = render_answers(device)["display ip interface brief"].splitlines()
    assert lines[-4:-1] == [
        "Interface                   IP Address/Mask    Physical Protocol VPN           ",
        "100GE1/0/1.12               10.40.12.1/30      up       up       gov-ext",
        "LoopBack0                   10.255.0.12/32     up       up(s)    --",
    ]


def test_dialer_detail_shows_its_connection_only_in_the_sub_block() -> None:
    device = router()
    device.interfaces = [port("Dialer1", address("203.0.113.77/32", AddressOrigin.PPP))]
    device.dialers = [Dialer("Dialer1", is_connected=True)]
    up = render_answers(device)["display interface Dialer1"]
    device.dialers = [Dialer("Dialer1", is_connected=False)]
    idle = render_answers(device)["display interface Dialer1"]
    assert up.splitlines()[:6] == [
        "Dialer1 current state : UP",
        "Line protocol current state : UP (spoofing)",
        "Description:HUAWEI, AR Series, Dialer1 Interface",
        "Route Port,The Maximum Transmit Unit is 1492, Hold timer is 10(sec)",
        "Internet Address is negotiated, 203.0.113.77/32",
        "Link layer protocol is PPP",
    ]
    assert "Dialer1:0 current state : UP ," in up.splitlines()
    assert "LCP opened, IPCP opened" in up.splitlines()
    assert "Dialer1:0" not in idle
    assert "Line protocol current state : UP (spoofing)" in idle


def test_interface_detail_tells_how_each_address_was_got() -> None:
    device = router()
    borrowed = address("10.255.0.1/32", AddressOrigin.UNNUMBERED)
    second = InterfaceAddress(ip_interface("192.0.2.9/29"), secondary=True)
    device.interfaces = [
        port("GigabitEthernet0/0/0", address("203.0.113.9/24", AddressOrigin.DHCP), second),
        port("Tunnel0/0/1", borrowed),
        port("LoopBack1", address("10.255.0.1/32")),
        port("GigabitEthernet0/0/1"),
    ]
    lines = render_answers(device)["display interface"].splitlines()
    assert [line for line in lines if line.startswith("Internet ")] == [
        "Internet Address is allocated by DHCP, 203.0.113.9/24",
        "Internet Address is 192.0.2.9/29 Sub",
        "Internet Address is unnumbered, using address of LoopBack1(10.255.0.1/32)",
        "Internet Address is 10.255.0.1/32",
        "Internet protocol processing : disabled",
        "Internet protocol processing : disabled",
    ]


def test_tunnel_detail_names_source_interface_and_peer() -> None:
    device = router()
    ends = (ip_address("203.0.113.77"), ip_address("198.51.100.9"))
    device.interfaces = [
        port("GigabitEthernet0/0/0", address("203.0.113.77/30")),
        port("Tunnel0/0/1", address("10.250.0.1/30")),
    ]
    device.tunnels = [Tunnel("Tunnel0/0/1", "gre", *ends)]
    lines = render_answers(device)["display interface Tunnel0/0/1"].splitlines()
    assert "Tunnel source 203.0.113.77 (GigabitEthernet0/0/0), destination 198.51.100.9" in lines
    assert "Tunnel protocol/transport GRE/IP, key disabled" in lines


def test_cellular_detail_shows_the_network_only_while_connected() -> None:
    device = router()
    device.interfaces = [port("Cellular0/0/0", address("100.70.1.2/32", AddressOrigin.CELLULAR))]
    device.cellular = [Cellular("Cellular0/0/0", is_connected=True)]
    lines = render_answers(device)["display interface Cellular0/0/0"].splitlines()
    assert "Internet Address is negotiated, 100.70.1.2/32" in lines
    assert "Current Network Connection = LTE(LTE)" in lines
    device.cellular = [Cellular("Cellular0/0/0", is_connected=False)]
    assert "Network" not in render_answers(device)["display interface Cellular0/0/0"]


def routed(release: str, model: str) -> DeviceModel:
    device = router(release, model)
    device.routes[("", 4)] = [
        row("0.0.0.0/0", "static", "203.0.113.77", "Dialer1", 60),
        row("10.62.0.0/16", "ospf", "10.62.255.1", "GigabitEthernet0/0/1", 10),
        row("10.62.0.0/16", "ospf", "10.62.255.5", "GigabitEthernet0/0/2", 10),
        row("198.51.100.0/24", "ebgp", "192.0.2.9", "GigabitEthernet0/0/3", 255),
    ]
    return device


def test_routing_table_of_vrp5_leaves_the_destination_of_an_equal_path_blank() -> None:
    text = render_answers(routed(*AR))["display ip routing-table"]
    assert text == (
        "Route Flags: R - relay, D - download to fib\n"
        "------------------------------------------------------------------------------\n"
        "Routing Tables: Public\n"
        "         Destinations : 7        Routes : 8        \n"
        "\n"
        "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n"
        "\n"
        "         0.0.0.0/0  Static  60   0           D   203.0.113.77    Dialer1\n"
        "      10.62.0.0/16  OSPF    10   0           D   10.62.255.1     GigabitEthernet0/0/1\n"
        "                    OSPF    10   0           D   10.62.255.5     GigabitEthernet0/0/2\n"
        "       127.0.0.0/8  Direct  0    0           D   127.0.0.1       InLoopBack0\n"
        "      127.0.0.1/32  Direct  0    0           D   127.0.0.1       InLoopBack0\n"
        "127.255.255.255/32  Direct  0    0           D   127.0.0.1       InLoopBack0\n"
        "   198.51.100.0/24  EBGP    255  0          RD   192.0.2.9       GigabitEthernet0/0/3\n"
        "255.255.255.255/32  Direct  0    0           D   127.0.0.1       InLoopBack0\n"
    )


def test_routing_table_of_a_vrp8_instance_marks_leaks_and_black_holes() -> None:
    device = router(*NE)
    device.vpn_instances = [VpnInstance("gov-ext", 4, "64510:12")]
    leak = row("0.0.0.0/0", "static", "10.62.255.1", "100GE1/0/1", 60)._replace(leak_vpn="")
    hole = row("10.99.0.0/16", "static", "", "NULL0", 60)._replace(blackhole=True)
    device.routes[("gov-ext", 4)] = [leak, hole, row("10.40.12.0/30", "ibgp", "10.255.0.1", "P1")]
    answers = render_answers(device)
    assert answers["display ip routing-table vpn-instance gov-ext"].splitlines()[1:] == [
        "Proto: Protocol        Pre: Preference",
        "Route Flags: R - relay, D - download to fib, T - to vpn-instance, B - black hole route",
        "------------------------------------------------------------------------------",
        "Routing Table : gov-ext",
        "         Destinations : 3        Routes : 3        ",
        "",
        "Destination/Mask    Proto   Pre  Cost        Flags NextHop         Interface",
        "",
        "         0.0.0.0/0  Static  60   0            DT   10.62.255.1     100GE1/0/1",
        "     10.40.12.0/30  IBGP    0    0            RD   10.255.0.1      P1",
        "      10.99.0.0/16  Static  60   0            DB   0.0.0.0         NULL0",
    ]
    assert "Routing Table : _public_" in answers["display ip routing-table"]


def test_a_floating_static_is_seen_only_among_the_inactive_and_in_the_configuration() -> None:
    device = routed(*AR)
    device.interfaces = [port("GigabitEthernet0/0/0", address("198.51.100.6/30"))]
    device.statics = [
        StaticRoute("", ANY, None, "Dialer1"),
        StaticRoute("", ANY, ip_address("198.51.100.5"), preference=80),
    ]
    answers = render_answers(device)
    assert answers["display ip routing-table protocol static"] == (
        "Route Flags: R - relay, D - download to fib\n"
        "------------------------------------------------------------------------------\n"
        "Public routing table : Static\n"
        "         Destinations : 1        Routes : 2        Configured Routes : 2       \n"
        "\n"
        "Static routing table status : <Active>\n"
        "         Destinations : 1        Routes : 1        \n"
        "\n"
        "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n"
        "\n"
        "         0.0.0.0/0  Static  60   0           D   203.0.113.77    Dialer1\n"
        "\n"
        "Static routing table status : <Inactive>\n"
        "         Destinations : 1        Routes : 1        \n"
        "\n"
        "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n"
        "\n"
        "         0.0.0.0/0  Static  80   0               198.51.100.5    GigabitEthernet0/0/0\n"
    )
    assert "198.51.100.5 " not in answers["display ip routing-table"]
    config = answers["display current-configuration"].splitlines()
    assert "ip route-static 0.0.0.0 0.0.0.0 Dialer1" in config
    assert "ip route-static 0.0.0.0 0.0.0.0 198.51.100.5 preference 80" in config


def test_ipv6_routes_are_blocks_of_two_pairs_a_line() -> None:
    device = router(*NE)
    device.routes[("", 6)] = [
        row("2001:db8:40::/48", "ebgp", "2001:db8:0:1::9", "100GE1/0/1.12", 255)
    ]
    lines = render_answers(device)["display ipv6 routing-table"].splitlines()
    assert lines[1:7] == [
        "Routing Table : _public_",
        "         Destinations : 1        Routes : 1",
        "",
        "Destination  : 2001:DB8:40::                           PrefixLength : 48",
        "NextHop      : 2001:DB8:0:1::9                         Preference   : 255",
        "Cost         : 0                                       Protocol     : EBGP",
    ]


def test_vpn_instances_have_a_row_a_family_and_a_blank_distinguisher_when_unset() -> None:
    device = router()
    device.vpn_instances = [
        VpnInstance("gov-ext", 4, "64510:12", ("64510:1",), ("64510:1", "64510:2")),
        VpnInstance("gov-ext", 6, "64510:12"),
        VpnInstance("mgmt", 4),
    ]
    device.interfaces = [
        port("GigabitEthernet0/0/1.30", vpn="gov-ext"),
        port("GigabitEthernet0/0/2", vpn="gov-ext"),
    ]
    answers = render_answers(device)
    assert answers["display ip vpn-instance"] == (
        " Total VPN-Instances configured      : 2\n"
        " Total IPv4 VPN-Instances configured : 2\n"
        " Total IPv6 VPN-Instances configured : 1\n"
        "\n"
        "  VPN-Instance Name               RD                    Address-family\n"
        "  gov-ext                         64510:12              IPv4\n"
        "  gov-ext                         64510:12              IPv6\n"
        "  mgmt                                                  IPv4\n"
    )
    verbose = answers["display ip vpn-instance verbose"].splitlines()
    assert verbose[4:7] == [
        " VPN-Instance Name and ID : gov-ext, 1",
        "  Interfaces : GigabitEthernet0/0/1.30,",
        "               GigabitEthernet0/0/2",
    ]
    assert "  Export VPN Targets :  64510:1 64510:2" in verbose


def test_bgp_peers_stand_in_the_columns_of_the_reference() -> None:
    device = router(*NE)
    device.bgp_peers = peers()
    assert render_answers(device)["display bgp peer"].splitlines()[1:] == [
        " Status codes: * - Dynamic",
        " BGP local router ID        : 10.255.0.12",
        " Local AS number            : 64510",
        " Total number of peers      : 2",
        " Peers in established state : 1",
        " Total number of dynamic peers : 0",
        "",
        "  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv",
        "  192.0.2.9       4       64501     4110     4098     0  731h02m Established       12",
        "  192.0.2.13      4       64502        0        0     0 00:04:41        Idle        0",
    ]


def test_vpnv4_peers_list_the_customer_edges_by_instance() -> None:
    device = router()
    device.bgp_peers = peers()
    assert render_answers(device)["display bgp vpnv4 all peer"] == (
        " BGP local router ID : 10.255.0.12\n"
        " Local AS number : 64510\n"
        " Total number of peers : 2                 Peers in established state : 2\n"
        "\n"
        "  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv\n"
        "  10.255.0.1      4       64510     4110     4098     0 0068h41m Established       37\n"
        "\n"
        "  Peer of IPv4-family for vpn instance :\n"
        "\n"
        "  VPN-Instance gov-ext, Router ID 10.255.0.12:\n"
        "  10.40.12.2      4       64520     4110     4098     0 0016h20m Established        3\n"
    )


def test_vpnv4_routes_print_natural_masks_and_the_default_without_a_length() -> None:
    device = router()
    device.bgp_peers = peers()
    hop = ip_address("10.255.0.1")
    device.vpn_routes = [
        VpnRoute("64510:12", ANY, hop),
        VpnRoute("64510:12", ip_network("10.0.0.0/8"), hop),
        VpnRoute("64510:12", ip_network("10.30.0.0/16"), hop, best=False),
    ]
    lines = render_answers(device)["display bgp vpnv4 all routing-table"].splitlines()
    assert " Route Distinguisher: 64510:12" in lines
    assert lines[-3:] == [
        " *>i  0.0.0.0            10.255.0.1     0          100        0      ?",
        " *>i  10.0.0.0           10.255.0.1     0          100        0      ?",
        " * i  10.30.0.0/16       10.255.0.1     0          100        0      ?",
    ]


def test_arp_puts_the_vlan_below_its_entry_and_own_addresses_as_interface() -> None:
    device = router()
    device.interfaces = [
        Interface("GigabitEthernet0/0/1.30", True, True, True, mac="0000-5e00-5301",
                  addresses=(address("10.62.30.1/24"),), vpn="gov-ext"),
    ]  # fmt: skip
    device.neighbours = [
        Neighbour(ip_address("10.62.30.41"), "0000-5e00-5341", "GigabitEthernet0/0/1.30",
                  "gov-ext", age_s=1020.0),
        Neighbour(ip_address("10.62.255.1"), "0000-5e00-5311", "GigabitEthernet0/0/2",
                  age_s=180.0),
    ]  # fmt: skip
    assert render_answers(device)["display arp all"] == (
        "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n"
        "                                          VLAN/CEVLAN\n"
        "------------------------------------------------------------------------------\n"
        "10.62.30.1      0000-5e00-5301            I -         GE0/0/1.30  gov-ext\n"
        "10.62.30.41     0000-5e00-5341  17        D-0         GE0/0/1.30  gov-ext\n"
        "                                            30/-\n"
        "10.62.255.1     0000-5e00-5311  3         D-0         GE0/0/2\n"
        "------------------------------------------------------------------------------\n"
        "Total:3         Dynamic:2       Static:0     Interface:1\n"
    )


def test_ipv6_neighbours_are_blocks_with_the_vpn_name() -> None:
    device = router()
    device.neighbours = [
        Neighbour(ip_address("2001:db8:30::41"), "0000-5e00-5341", "GigabitEthernet0/0/1.30",
                  "gov-ext", router=False),
    ]  # fmt: skip
    assert render_answers(device)["display ipv6 neighbors"].splitlines()[1:7] == [
        "IPv6 Address : 2001:DB8:30::41",
        "Link-layer   : 0000-5e00-5341                     State : REACH",
        "Interface    : GE0/0/1.30                         Age   : 00h05m12s",
        "VLAN         : 30                                 CEVLAN: -",
        "VPN name     : gov-ext                            Is Router: FALSE",
        "Secure FLAG  : UN-SECURE",
    ]


def test_lldp_brief_has_two_column_orders() -> None:
    seen = LldpNeighbour("GigabitEthernet0/0/1", "CITY07-PE-R01", "GigabitEthernet0/2/4")
    device = router()
    device.lldp = [seen]
    assert render_answers(device)["display lldp neighbor brief"] == (
        "Local Intf   Neighbor Dev             Neighbor Intf             Exptime\n"
        "GE0/0/1      CITY07-PE-R01            GE0/2/4                   104\n"
    )
    device = router(*NE)
    device.lldp = [LldpNeighbour("100GE1/0/1", "CITY07-AGG-S02", "100GE1/0/3")]
    assert render_answers(device)["display lldp neighbor brief"].splitlines()[1:] == [
        "Local Interface         Exptime(s) Neighbor Interface      Neighbor Device",
        "--------------------------------------------------------------------------",
        "100GE1/0/1                 96      100GE1/0/3              CITY07-AGG-S02",
    ]


def test_vrrp_brief_counts_states_above_the_table() -> None:
    device = router()
    device.vrrp = [
        VrrpGroup("GigabitEthernet0/0/1.30", 1, VrrpState.MASTER, (ip_address("10.62.30.254"),)),
        VrrpGroup("GigabitEthernet0/0/1.40", 2, VrrpState.BACKUP, (ip_address("10.62.40.254"),)),
    ]
    assert render_answers(device)["display vrrp brief"] == (
        "Total:2     Master:1     Backup:1     Non-active:0      \n"
        "VRID  State        Interface                Type     Virtual IP     \n"
        "----------------------------------------------------------------\n"
        "1     Master       GE0/0/1.30               Normal   10.62.30.254\n"
        "2     Backup       GE0/0/1.40               Normal   10.62.40.254\n"
    )
