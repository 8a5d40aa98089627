"""VRP text of ways out and of the configuration, against lines written by hand."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from render_models import ANY, AR, NE, POOL, address, peers, port
from render_models import vrp_router as router

from netops.facts.access import DhcpLease, PppoeSession
from netops.facts.interfaces import AddressOrigin, Interface
from netops.facts.nat import NatKind, NatPool, NatRule
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.routes import StaticRoute, VpnInstance
from netops.facts.system import NtpServer, NtpStatus
from netops.lab.model import DeviceModel
from netops.lab.render import render_answers


def translating() -> DeviceModel:
    device = router()
    device.interfaces = [
        port("Dialer1", address("203.0.113.77/32", AddressOrigin.PPP)),
        port("GigabitEthernet0/0/2", address("198.51.100.6/30")),
    ]
    device.acls = [
        Acl("2000", 4, (AclRule(True, ip_network("192.0.2.0/24"), number=5),)),
        Acl("3001", 4, (AclRule(True, ip_network("10.62.30.0/24"), number=5), AclRule(False))),
    ]
    device.nat_rules = [
        NatRule(NatKind.OUTBOUND, "Dialer1", "3001", easy_ip=True),
        NatRule(NatKind.OUTBOUND, "GigabitEthernet0/0/2", "2000", pool=POOL),
    ]
    device.nat_pools = [NatPool("1", POOL)]
    return device


def test_nat_outbound_shows_the_own_address_or_the_index_of_the_group() -> None:
    answers = render_answers(translating())
    assert answers["display nat outbound"] == (
        " NAT Outbound Information:\n"
        " --------------------------------------------------------------------------\n"
        " Interface                     Acl     Address-group/IP/Interface      Type\n"
        " --------------------------------------------------------------------------\n"
        " Dialer1                      3001                 203.0.113.77    easyip  \n"
        " GigabitEthernet0/0/2         2000                            1       pat\n"
        " --------------------------------------------------------------------------\n"
        "  Total : 2\n"
    )
    assert answers["display nat address-group"] == (
        " NAT Address-Group Information:\n"
        " --------------------------------------\n"
        " Index   Start-address      End-address\n"
        " --------------------------------------\n"
        " 1           198.51.100.10      198.51.100.14\n"
        " --------------------------------------\n"
        "  Total : 1\n"
    )


def test_nat_sessions_are_few_but_their_total_is_true() -> None:
    device = translating()
    device.nat_sessions = 117
    text = render_answers(device)["display nat session all"]
    assert text.count("Protocol          : TCP(6)") == 4
    assert "     SrcAddr  Port Vpn : 10.62.30.41     51877" in text
    assert "       New SrcAddr     : 203.0.113.77 \n" in text
    assert text.endswith("  Total : 117\n")


def test_an_ne_that_does_not_translate_knows_no_nat_command() -> None:
    answers = render_answers(router(*NE))
    assert not [command for command in answers if "nat" in command.split()]


def test_access_lists_print_wildcards_and_hosts_as_zero() -> None:
    device = translating()
    device.acls[1] = Acl("3001", 4, (AclRule(True, ip_network("192.0.2.7/32"), number=5),))
    assert render_answers(device)["display acl all"] == (
        " Total quantity of nonempty ACL number is 2 \n"
        "\n"
        "Basic ACL 2000, 1 rule\n"
        "Acl's step is 5\n"
        " rule 5 permit source 192.0.2.0 0.0.0.255 \n"
        "\n"
        "Advanced ACL 3001, 1 rule\n"
        "Acl's step is 5\n"
        " rule 5 permit ip source 192.0.2.7 0 \n"
    )


def test_pppoe_sessions_show_zeros_while_nobody_answers() -> None:
    device = router()
    device.interfaces = [
        Interface("GigabitEthernet0/0/1", True, True, True, mac="0200-5e00-5301"),
    ]
    device.pppoe = [
        PppoeSession("GigabitEthernet0/0/1", "Dialer1", is_up=True),
        PppoeSession("GigabitEthernet0/0/2", "Dialer2", is_up=False, state="padi"),
    ]
    lines = render_answers(device)["display pppoe-client session summary"].splitlines()
    assert lines[:2] == [
        "PPPoE Client Session:",
        "ID   Bundle  Dialer  Intf             Client-MAC    Server-MAC    State",
    ]
    assert lines[2].startswith("1    1       1       GE0/0/1          ")
    assert lines[2].endswith("  UP")
    assert lines[3].startswith("0    2       2       GE0/0/2          ")
    assert lines[3].endswith("  000000000000  PADI")


def test_dhcp_lease_prints_mask_and_gateway() -> None:
    device = router()
    device.interfaces = [
        port("GigabitEthernet0/0/0", address("203.0.113.9/24", AddressOrigin.DHCP)),
    ]
    device.dhcp = [
        DhcpLease("GigabitEthernet0/0/0", "bound", ip_address("203.0.113.9"),
                  ip_address("203.0.113.1")),
    ]  # fmt: skip
    answers = render_answers(device)
    lines = answers["display dhcp client"].splitlines()
    assert lines[0] == "DHCP client lease information on interface GigabitEthernet0/0/0 :"
    assert lines[1] == " Current machine state         : Bound"
    assert lines[4:7] == [
        " IP address                    : 203.0.113.9",
        " Subnet mask                   : 255.255.255.0",
        " Gateway ip address            : 203.0.113.1",
    ]
    assert "\n ip address dhcp-alloc\n" in answers["display current-configuration"]


def redirecting(release: str, model: str) -> DeviceModel:
    device = router(release, model)
    device.interfaces = [port("GigabitEthernet0/0/1", address("10.62.30.1/24"))]
    device.acls = [Acl("3001", 4, (AclRule(True, ip_network("10.62.30.0/24"), number=5),))]
    device.policy_routes = [
        PolicyRoute("to_net", 10, acl="3001", next_hops=(ip_address("198.51.100.1"),),
                    interfaces=("GigabitEthernet0/0/1",)),
    ]  # fmt: skip
    return device


def test_an_ar_redirects_by_traffic_policy() -> None:
    answers = render_answers(redirecting(*AR))
    assert (
        "#\n"
        "acl number 3001\n"
        " rule 5 permit ip source 10.62.30.0 0.0.0.255\n"
        "#\n"
        "traffic classifier c_to_net_10 operator or\n"
        " if-match acl 3001\n"
        "#\n"
        "traffic behavior b_to_net_10\n"
        " redirect ip-nexthop 198.51.100.1\n"
        "#\n"
        "traffic policy to_net\n"
        " classifier c_to_net_10 behavior b_to_net_10\n"
        "#\n"
    ) in answers["display current-configuration"]
    assert "\n traffic-policy to_net inbound\n" in answers["display current-configuration"]
    assert answers["display traffic-policy applied-record"] == (
        "#\n"
        "-------------------------------------------------\n"
        "  Policy Name:   to_net\n"
        "  Policy Index:  0\n"
        "     Classifier:c_to_net_10     Behavior:b_to_net_10\n"
        "-------------------------------------------------\n"
        " *interface GigabitEthernet0/0/1\n"
        "    traffic-policy to_net inbound  \n"
        "      slot 0    :  success\n"
        "-------------------------------------------------\n"
        "  Policy total applied times: 1.\n"
    )


def test_an_ne_redirects_by_policy_based_route() -> None:
    answers = render_answers(redirecting(*NE))
    config = answers["display current-configuration"]
    assert (
        "#\n"
        "policy-based-route to_net permit node 10\n"
        " if-match acl 3001\n"
        " apply ip-address next-hop 198.51.100.1\n"
        "#\n"
    ) in config
    assert "\n ip policy-based-route to_net\n" in config
    assert "Policy: to_net\nNode: 10    MapInstance: 10\n" in answers["display policy-based-route"]


def test_configuration_of_an_ar_opens_with_the_release_and_ends_in_return() -> None:
    device = translating()
    device.ntp = NtpStatus(True, 3, "192.0.2.123")
    device.ntp_servers = [NtpServer(ip_address("192.0.2.123"))]
    device.vpn_instances = [VpnInstance("gov-ext", 4, "64510:12", ("64510:1",), ("64510:2",))]
    to_public = StaticRoute("gov-ext", ANY, ip_address("10.0.0.1"), to_vpn="")
    to_other = StaticRoute("gov-ext", ANY, ip_address("10.0.0.5"), to_vpn="office")
    blind = StaticRoute("gov-ext", ANY, None, to_vpn="")
    device.statics = [to_public, to_other, blind]
    device.bgp_peers = peers()
    text = render_answers(device)["display current-configuration"]
    assert text.startswith("[V300R022C00SPC100]\n#\n sysname R1\n#\n")
    assert text.endswith("\n#\nreturn\n")
    for block in (
        "ip vpn-instance gov-ext\n ipv4-family\n  route-distinguisher 64510:12\n",
        "  vpn-target 64510:2 export-extcommunity\n  vpn-target 64510:1 import-extcommunity\n",
        " nat address-group 1 198.51.100.10 198.51.100.14\n",
        " ip address ppp-negotiate\n nat outbound 3001\n",
        " nat outbound 2000 address-group 1\n",
        "ip route-static vpn-instance gov-ext 0.0.0.0 0.0.0.0 10.0.0.1 public\n",
        "ip route-static vpn-instance gov-ext 0.0.0.0 0.0.0.0 vpn-instance office 10.0.0.5\n",
        "ip route-static vpn-instance gov-ext 0.0.0.0 0.0.0.0 public\n",
        "bgp 64510\n router-id 10.255.0.12\n peer 192.0.2.9 as-number 64501\n",
        " #\n ipv4-family vpnv4\n  policy vpn-target\n  peer 10.255.0.1 enable\n",
        "  peer 10.40.12.2 as-number 64520\n",
        " stelnet server enable\n",
        " ntp-service unicast-server 192.0.2.123\n",
        "user-interface con 0\n authentication-mode aaa\nuser-interface vty 0 4\n",
    ):
        assert block in text


def test_configuration_of_an_ne_writes_system_lines_at_column_nought() -> None:
    text = render_answers(router(*NE))["display current-configuration"]
    assert text.startswith("!Software Version V800R012C10SPC300\n!Last configuration was updated")
    assert "\n#\nsysname R1\n#\n" in text
    assert "\nstelnet ipv4 server enable\n" in text
    assert text.endswith("\n#\nreturn\n")


def test_a_rule_for_every_source_is_written_with_a_list_that_permits_all() -> None:
    device = translating()
    device.nat_rules = [NatRule(NatKind.OUTBOUND, "Dialer1", easy_ip=True)]
    answers = render_answers(device)
    assert " nat outbound 2999\n" in answers["display current-configuration"]
    assert "acl number 2999\n rule 5 permit\n" in answers["display current-configuration"]
    assert " Dialer1                      2999 " in answers["display nat outbound"]


def test_the_clock_that_follows_nobody_is_shown_unsynchronised() -> None:
    device = router()
    device.ntp = NtpStatus(False, 16)
    lines = render_answers(device)["display ntp-service status"].splitlines()
    assert lines[:3] == [
        " clock status: unsynchronized ",
        " clock stratum: 16 ",
        " reference clock ID: none",
    ]
    assert "display ntp status" not in render_answers(device)
