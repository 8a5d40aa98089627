"""The read-only commands of the platform, each with its parser, in the order to ask them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netops.facts.access import Cellular, Dialer
from netops.facts.interfaces import Interface
from netops.facts.routes import VpnInstance
from netops.platforms.answer import Parsed
from netops.platforms.base import Command
from netops.platforms.huawei_vrp import listing
from netops.platforms.huawei_vrp.access import (
    parse_dhcp,
    parse_ntp,
    parse_pppoe,
    parse_vrrp,
    parse_vrrp_brief,
)
from netops.platforms.huawei_vrp.acl import parse_acls
from netops.platforms.huawei_vrp.bgp import parse_bgp_peers
from netops.platforms.huawei_vrp.config import parse_configuration
from netops.platforms.huawei_vrp.interface_detail import parse_interface
from netops.platforms.huawei_vrp.interfaces import (
    parse_interface_brief,
    parse_interface_description,
    parse_ip_interface_brief,
    parse_ipv6_interface_brief,
)
from netops.platforms.huawei_vrp.ipv6_interface import parse_ipv6_interface
from netops.platforms.huawei_vrp.lldp import parse_lldp, parse_lldp_brief
from netops.platforms.huawei_vrp.nat import (
    parse_nat_groups,
    parse_nat_outbound,
    parse_nat_server,
    parse_nat_sessions,
)
from netops.platforms.huawei_vrp.neighbours import parse_arp, parse_ipv6_neighbours
from netops.platforms.huawei_vrp.policy_display import (
    parse_policy_based_route,
    parse_policy_places,
)
from netops.platforms.huawei_vrp.route_blocks import parse_route_blocks
from netops.platforms.huawei_vrp.routes import parse_routes, parse_static_routes
from netops.platforms.huawei_vrp.version import parse_device, parse_esn, parse_version
from netops.platforms.huawei_vrp.vpn import (
    SYSTEM_INSTANCES,
    parse_vpn_instances,
    parse_vpn_instances_verbose,
    parse_vpnv4_routes,
)
from netops.platforms.telling import Telling

_BOTH = frozenset({"connectivity", "exits"})
_EXITS = frozenset({"exits"})
IPV6_DETAIL = "display ipv6 interface"
_LABELS = "display bgp vpnv4 all routing-table label"
_IPV6_BRIEF = "display ipv6 interface brief"

_AUDITED = (
    Command("display version", parse_version),
    Command("display interface brief", parse_interface_brief, _BOTH),
    Command("display ip interface brief", parse_ip_interface_brief, _BOTH),
    Command("display ip routing-table", parse_routes, _BOTH),
    Command("display current-configuration", parse_configuration, _EXITS),
    Command(_IPV6_BRIEF, parse_ipv6_interface_brief, _EXITS, may_be_empty=True),
    # With IPv6 off these answer nothing at all; a release that prints an error is told apart.
    Command("display ipv6 routing-table", parse_route_blocks, _EXITS, may_be_empty=True),
    Command("display ip vpn-instance", parse_vpn_instances, may_be_empty=True),
    Command("display ip vpn-instance verbose", parse_vpn_instances_verbose, may_be_empty=True),
    Command("display ip routing-table vpn-instance {vpn}", parse_routes, _EXITS),
    Command(
        "display ipv6 routing-table vpn-instance {vpn}",
        parse_route_blocks,
        _EXITS,
        may_be_empty=True,
    ),
    Command("display ip routing-table protocol static", parse_static_routes, may_be_empty=True),
    Command("display interface", parse_interface),
    Command("display interface {interface}", parse_interface),
    Command("display bgp peer", parse_bgp_peers, may_be_empty=True),
    Command("display bgp vpnv4 all peer", parse_bgp_peers, may_be_empty=True),
    Command("display bgp ipv6 peer", parse_bgp_peers, may_be_empty=True),
    Command("display bgp vpnv4 all routing-table", parse_vpnv4_routes, may_be_empty=True),
    Command(_LABELS, parse_vpnv4_routes, may_be_empty=True, bulk=False),
    Command("display nat outbound", parse_nat_outbound, may_be_empty=True),
    Command("display nat address-group", parse_nat_groups, may_be_empty=True),
    Command("display nat server", parse_nat_server, may_be_empty=True),
    Command("display nat static", parse_nat_server, may_be_empty=True),
    Command("display nat session all", parse_nat_sessions, may_be_empty=True),
    Command("display acl all", parse_acls, may_be_empty=True),
    Command("display acl ipv6 all", parse_acls, may_be_empty=True),
    Command("display arp all", parse_arp, may_be_empty=True),
    Command("display ipv6 neighbors", parse_ipv6_neighbours, may_be_empty=True),
    Command("display lldp neighbor", parse_lldp, may_be_empty=True),
    Command("display vrrp brief", parse_vrrp_brief, may_be_empty=True),
    Command("display vrrp", parse_vrrp, may_be_empty=True),
    Command("display pppoe-client session summary", parse_pppoe, may_be_empty=True),
    Command("display dhcp client", parse_dhcp, may_be_empty=True),
    Command("display policy-based-route", parse_policy_based_route, may_be_empty=True),
    Command("display ip policy-based-route", parse_policy_places, may_be_empty=True),
    Command("display traffic-policy applied-record", listing.parse_policy_applied,
            may_be_empty=True),
    Command("display device", parse_device),
    Command("display esn", parse_esn),
    Command("display ntp-service status", parse_ntp),
    Command("display ntp status", parse_ntp),
)  # fmt: skip

_ON_DEMAND = (
    Command("display ip routing-table verbose", parse_route_blocks, bulk=False),
    Command("display ip routing-table vpn-instance {vpn} verbose", parse_route_blocks, bulk=False),
    Command("display ip routing-table all-vpn-instance", parse_routes, may_be_empty=True,
            bulk=False),
    Command("display ip routing-table {address}", parse_routes, bulk=False),
    Command("display ip routing-table {address} {length}", parse_routes, bulk=False),
    Command("display ip routing-table vpn-instance {vpn} protocol static", parse_static_routes,
            may_be_empty=True, bulk=False),
    Command("display ip routing-table vpn-instance {vpn} {address} {length}", parse_routes,
            bulk=False),
    Command("display ipv6 routing-table verbose", parse_route_blocks, bulk=False),
    Command("display ipv6 routing-table {address} {length}", parse_route_blocks, bulk=False),
    Command("display ip vpn-instance interface", parse_vpn_instances_verbose, may_be_empty=True,
            bulk=False),
    Command("display saved-configuration", parse_configuration, bulk=False),
    Command("display interface description", parse_interface_description, bulk=False),
    Command(IPV6_DETAIL, parse_ipv6_interface, may_be_empty=True, bulk=False),
    Command("display ipv6 interface {interface}", parse_ipv6_interface, may_be_empty=True,
            bulk=False),
    Command("display arp", parse_arp, may_be_empty=True, bulk=False),
    Command("display arp brief", parse_arp, may_be_empty=True, bulk=False),
    Command("display lldp neighbor brief", parse_lldp_brief, may_be_empty=True, bulk=False),
    Command("display vrrp verbose", parse_vrrp, may_be_empty=True, bulk=False),
    Command("display firewall session table", parse_nat_sessions, bulk=False),
    Command("display device all", parse_device, bulk=False),
    Command("display device esn", parse_esn, bulk=False),
    Command("display sn license", parse_esn, bulk=False),
    Command("display isis peer", listing.parse_isis_peers, may_be_empty=True, bulk=False),
    Command("display ospf peer brief", listing.parse_ospf_peers, may_be_empty=True, bulk=False),
    Command("display eth-trunk", listing.parse_eth_trunk, may_be_empty=True, bulk=False),
    Command("display vlan", listing.parse_vlan, bulk=False),
    Command("display vlan brief", listing.parse_vlan, bulk=False),
    Command("display port vlan", listing.parse_vlan, may_be_empty=True, bulk=False),
    Command("display startup", listing.parse_startup, bulk=False),
    Command("display telnet server status", listing.parse_server_status, bulk=False),
    Command("display ssh server status", listing.parse_server_status, bulk=False),
    Command("display http server", listing.parse_server_status, bulk=False),
    Command("display telnet server", listing.parse_server_status, bulk=False),
    Command("display ftp-server", listing.parse_server_status, bulk=False),
    Command("display cpu-usage", listing.parse_load, bulk=False),
    Command("display memory-usage", listing.parse_load, bulk=False),
    Command("display license verbose", listing.parse_license, bulk=False),
    Command("display snmp-agent community read", listing.parse_snmp_community,
            may_be_empty=True, bulk=False),
    Command("display snmp-agent community write", listing.parse_snmp_community,
            may_be_empty=True, bulk=False),
    Command("display traffic-filter applied-record", listing.parse_filter_applied,
            may_be_empty=True, bulk=False),
    Command("display module-information verbose", listing.parse_module_information,
            may_be_empty=True, bulk=False),
    Command("display users", listing.parse_users, bulk=False),
    Command("display local-user", listing.parse_local_users, bulk=False),
)  # fmt: skip

COMMANDS = tuple(sorted(_AUDITED + _ON_DEMAND, key=lambda command: "{" in command.text))
"""Those with an argument come last: the first whole-line match is the command's own."""

_EXPRESSIBLE = re.compile(r"[\w.:/+@-]{1,63}")


_TELLING = Telling(
    (
        ("display ip vpn-instance", "display ip vpn-instance verbose"),
        ("display interface brief", "display ip interface brief"),
    ),
    "display current-configuration",
)
TELLING = _TELLING.commands | {_IPV6_BRIEF}
"""Where names of instances and of ways to dial come from, and whether there is any IPv6."""


def followups(answers: Mapping[str, Parsed]) -> tuple[str, ...]:
    """Ask the tables of every instance that was seen, every way to dial, labels, and IPv6."""
    families: dict[str, set[int]] = {}
    ways: dict[str, None] = {}
    for fact in _TELLING.facts(answers):
        if isinstance(fact, VpnInstance) and _is_asked(fact.name):
            families.setdefault(fact.name, set()).add(fact.family)
        elif isinstance(fact, Dialer | Cellular | Interface) and _dials(fact.name):
            ways[fact.name] = None
    lines = [f"display ip routing-table vpn-instance {vpn}" for vpn in families]
    lines += [
        f"display ipv6 routing-table vpn-instance {vpn}"
        for vpn, seen in families.items()
        if 6 in seen  # noqa: PLR2004 - IPv6
    ]
    lines += [_LABELS] if families else []
    lines += [f"display interface {name}" for name in ways]
    if _IPV6_BRIEF in answers and answers[_IPV6_BRIEF].facts:
        lines.append(IPV6_DETAIL)
    return tuple(lines)


def _is_asked(vpn: str) -> bool:
    """Leave out the system's own instances, and names that no guarded command can hold."""
    return vpn not in SYSTEM_INSTANCES and _EXPRESSIBLE.fullmatch(vpn) is not None


def _dials(name: str) -> bool:
    return name.startswith(("Dialer", "Cellular")) and ":" not in name
