"""NAPALM driver ``netops_comware``: which commands of H3C Comware feed which getter."""

from __future__ import annotations

import re
from typing import ClassVar

from netops.drivers.conditions import has_lengths, is_named
from netops.drivers.driver import Dialect, NetopsDriver
from netops.drivers.questions import Ask, Weight
from netops.facts.system import Identity

_CONFIGURATION = (Ask("display current-configuration"),)
_ARP = Ask("display arp", instead=("display arp all",))
_INSTANCES = (
    Ask("display ip vpn-instance", Weight.MAY),
    Ask("display ip vpn-instance instance-name {vpn}", Weight.MAY),
)

DIALECT = Dialect(
    name="netops_comware",
    platform="h3c_comware",
    asks={
        "get_facts": (
            Ask("display version"),
            Ask("display interface brief", instead=("display interface",)),
            Ask("display device manuinfo", Weight.EXTRA),
            Ask("display current-configuration", Weight.EXTRA, unless=is_named, kinds=(Identity,)),
        ),
        "get_interfaces": (Ask("display interface"),),
        "get_interfaces_ip": (
            Ask("display ip interface", instead=("display interface",)),
            Ask("display ipv6 interface", Weight.MAY, instead=("display ipv6 interface brief",)),
            Ask("display current-configuration", Weight.EXTRA, unless=has_lengths),
        ),
        "get_arp_table": (_ARP,),
        "get_arp_table vrf": (_ARP, *_INSTANCES),
        "get_lldp_neighbors": (
            Ask(
                "display lldp neighbor-information list",
                instead=("display lldp neighbor-information",),
            ),
        ),
        "get_lldp_neighbors_detail": (
            Ask(
                "display lldp neighbor-information verbose",
                instead=("display lldp neighbor-information",),
            ),
        ),
        "get_bgp_neighbors": (
            Ask("display bgp peer ipv4", instead=("display bgp peer",)),
            Ask("display bgp peer vpnv4", Weight.MAY),
            Ask("display bgp peer ipv6", Weight.MAY),
            Ask("display ip vpn-instance", Weight.MAY),
            Ask("display bgp peer ipv4 vpn-instance {vpn}", Weight.MAY),
        ),
        "get_network_instances": (
            Ask("display ip interface brief"),
            *_INSTANCES,
        ),
        "get_config running": _CONFIGURATION,
        "get_config startup": (Ask("display saved-configuration"),),
        "get_ntp_servers": _CONFIGURATION,
        "get_snmp_information": _CONFIGURATION,
        "get_users": _CONFIGURATION,
    },
    route={4: "display ip routing-table {address} {length}"},
    routes={
        4: Ask("display ip routing-table"),
        6: Ask("display ipv6 routing-table", Weight.MAY),
    },
    alive="display clock",
    community=re.compile(
        r"snmp-agent community (?P<mode>read|write)\b(?:.*?\bacl (?P<acl>\S+))?.*"
    ),
    levels={"network-admin": 15, "mdc-admin": 15, "context-admin": 15, "network-operator": 1,
            "mdc-operator": 1, "context-operator": 1, "security-audit": 1},
    bare_v6=True,
)  # fmt: skip


class NetopsComwareDriver(NetopsDriver):
    """Reads H3C (and HPE) routers, switches and firewalls."""

    dialect: ClassVar[Dialect] = DIALECT
