"""Every read-only command of the platform with its parser, in the order to ask.

Bulk commands are those that the audits of exits and connectivity read; the rest serves
drivers and questions on demand.
"""

from __future__ import annotations

from netops.platforms.base import Command
from netops.platforms.h3c_comware import recognised
from netops.platforms.h3c_comware.access import (
    parse_cellular,
    parse_dhcp_client,
    parse_dialer,
    parse_pppoe,
)
from netops.platforms.h3c_comware.acls import parse_acls
from netops.platforms.h3c_comware.aggregation import parse_aggregation_verbose, parse_member_ports
from netops.platforms.h3c_comware.bgp import parse_bgp_peers, parse_vpn_routes
from netops.platforms.h3c_comware.config.parse import parse_configuration
from netops.platforms.h3c_comware.followups import (
    DETAIL,
    IPV6_BRIEF,
    IPV6_DETAIL,
    LABELS,
    PEERS,
    ROUTES,
    ROUTES6,
    STATICS,
)
from netops.platforms.h3c_comware.instances import parse_vpn_instance, parse_vpn_instances
from netops.platforms.h3c_comware.interface_detail import parse_interface_detail
from netops.platforms.h3c_comware.interface_tables import (
    parse_interface_brief,
    parse_ip_interface_brief,
)
from netops.platforms.h3c_comware.lldp import parse_lldp_list, parse_lldp_verbose
from netops.platforms.h3c_comware.nat import parse_nat, parse_nat_sessions, parse_nat_statistics
from netops.platforms.h3c_comware.neighbours import parse_arp, parse_neighbours6
from netops.platforms.h3c_comware.policy import (
    parse_policy_routes,
    parse_policy_setup,
    parse_qos_policies,
)
from netops.platforms.h3c_comware.redundancy import parse_irf, parse_vrrp
from netops.platforms.h3c_comware.routes import parse_protocol_routes, parse_routes
from netops.platforms.h3c_comware.routes6 import parse_routes6
from netops.platforms.h3c_comware.system import parse_manuinfo, parse_ntp_status, parse_version

_EXITS = frozenset({"exits"})
_BOTH = frozenset({"exits", "connectivity"})

BULK = (
    Command("display version", parse_version),
    Command("display device manuinfo", parse_manuinfo, may_be_empty=True),
    Command("display current-configuration", parse_configuration, _EXITS),
    Command("display interface brief", parse_interface_brief),
    Command("display ip interface brief", parse_ip_interface_brief, _BOTH),
    Command(IPV6_BRIEF, parse_ip_interface_brief, may_be_empty=True),
    Command("display ip vpn-instance", parse_vpn_instances, _EXITS, may_be_empty=True),
    Command("display ip routing-table", parse_routes, _BOTH),
    Command("display ip routing-table protocol static", parse_protocol_routes, may_be_empty=True),
    Command("display ipv6 routing-table", parse_routes6, _EXITS, may_be_empty=True),
    Command(ROUTES, parse_routes, _EXITS),
    Command(ROUTES6, parse_routes6, _EXITS, may_be_empty=True),
    Command(STATICS, parse_protocol_routes, may_be_empty=True),
    Command(PEERS, parse_bgp_peers, may_be_empty=True),
    Command(DETAIL, parse_interface_detail),
    Command("display nat all", parse_nat, _EXITS, may_be_empty=True),
    Command("display nat statistics", parse_nat_statistics, may_be_empty=True),
    Command("display acl all", parse_acls, may_be_empty=True),
    Command("display acl ipv6 all", parse_acls, may_be_empty=True),
    Command("display ip policy-based-route", parse_policy_routes, may_be_empty=True),
    Command("display ip policy-based-route setup", parse_policy_setup, may_be_empty=True),
    Command("display bgp peer ipv4", parse_bgp_peers, may_be_empty=True),
    Command("display bgp peer vpnv4", parse_bgp_peers, may_be_empty=True),
    Command("display bgp routing-table vpnv4", parse_vpn_routes, may_be_empty=True),
    Command("display pppoe-client session summary", parse_pppoe, may_be_empty=True),
    Command("display dialer", parse_dialer, may_be_empty=True),
    Command("display cellular", parse_cellular, may_be_empty=True),
    Command("display dhcp client verbose", parse_dhcp_client, may_be_empty=True),
    Command("display vrrp", parse_vrrp, may_be_empty=True),
    Command("display arp", parse_arp, may_be_empty=True),
    Command("display ipv6 neighbors all", parse_neighbours6, may_be_empty=True),
    Command("display lldp neighbor-information list", parse_lldp_list, may_be_empty=True),
    Command("display ntp-service status", parse_ntp_status, may_be_empty=True),
)
"""Asked in every snapshot."""

_ON_DEMAND = (
    ("display clock", recognised.recognise(recognised.CLOCK)),
    ("display interface", parse_interface_detail),
    ("display ip interface", parse_interface_detail),
    *((text, parse_vpn_routes) for text in LABELS),
    (IPV6_DETAIL, parse_interface_detail),
    ("display ipv6 interface {interface}", parse_interface_detail),
    ("display interface tunnel", parse_interface_detail),
    ("display ip interface brief description", parse_ip_interface_brief),
    ("display interface brief description", parse_interface_brief),
    ("display interface brief down", parse_interface_brief),
    ("display ip routing-table {address} {length}", parse_routes),
    ("display ip routing-table all-vpn-instance", parse_routes),
    ("display ip vpn-instance instance-name {vpn}", parse_vpn_instance),
    ("display bgp peer ipv6", parse_bgp_peers),
    ("display bgp peer", parse_bgp_peers),
    ("display nat outbound", parse_nat),
    ("display nat server", parse_nat),
    ("display nat static", parse_nat),
    ("display nat address-group", parse_nat),
    ("display nat policy", parse_nat),
    ("display nat global-policy", parse_nat),
    ("display nat session", parse_nat_sessions),
    ("display ipv6 policy-based-route", parse_policy_routes),
    ("display ipv6 policy-based-route setup", parse_policy_setup),
    ("display qos policy interface", parse_qos_policies),
    ("display arp all", parse_arp),
    ("display lldp neighbor-information", parse_lldp_verbose),
    ("display lldp neighbor-information verbose", parse_lldp_verbose),
    ("display vrrp verbose", parse_vrrp),
    ("display vrrp ipv6", parse_vrrp),
    ("display irf", parse_irf),
    ("display link-aggregation member-port", parse_member_ports),
    ("display link-aggregation verbose", parse_aggregation_verbose),
    ("display dhcp client", parse_dhcp_client),
    ("display vlan all", recognised.recognise(recognised.VLANS)),
    ("display vlan brief", recognised.recognise(recognised.VLAN_BRIEF)),
    ("display mac-address", recognised.recognise(recognised.MAC_TABLE, silent=True)),
    ("display counters inbound interface", recognised.recognise(recognised.COUNTERS)),
    ("display counters outbound interface", recognised.recognise(recognised.COUNTERS)),
    ("display route-policy", recognised.recognise(recognised.ROUTE_POLICY, silent=True)),
    ("display startup", recognised.recognise(recognised.STARTUP)),
    ("display password-control", recognised.recognise(recognised.PASSWORD_CONTROL)),
    ("display ssh server status", recognised.recognise(recognised.PAIRS)),
    ("display ftp-server", recognised.recognise(recognised.PAIRS)),
    ("display ip http", recognised.recognise(recognised.PAIRS)),
    ("display cpu-usage", recognised.recognise(recognised.LOAD)),
    ("display memory", recognised.recognise(recognised.LOAD)),
    ("display users", recognised.recognise(recognised.USERS)),
    ("display saved-configuration", parse_configuration),
)

_NEVER_EMPTY = frozenset({"display clock", "display interface", "display users"})

COMMANDS = (
    *BULK,
    *(
        Command(text, parse, may_be_empty=text not in _NEVER_EMPTY, bulk=False)
        for text, parse in _ON_DEMAND
    ),
)
"""Every command that the guard admits on this platform."""
