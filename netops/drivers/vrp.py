"""NAPALM driver ``netops_vrp``: which commands of Huawei VRP feed which getter."""

from __future__ import annotations

import re
from typing import ClassVar

from netops.drivers.conditions import has_lengths, is_named
from netops.drivers.driver import Dialect, NetopsDriver
from netops.drivers.questions import Ask, Weight
from netops.facts.system import Identity

_CONFIGURATION = (Ask("display current-configuration"),)

DIALECT = Dialect(
    name="netops_vrp",
    platform="huawei_vrp",
    asks={
        "get_facts": (
            Ask("display version"),
            Ask("display interface brief", instead=("display interface",)),
            Ask("display esn", Weight.EXTRA, instead=("display device esn", "display sn license")),
            Ask("display current-configuration", Weight.EXTRA, unless=is_named, kinds=(Identity,)),
        ),
        "get_interfaces": (Ask("display interface"),),
        "get_interfaces_ip": (
            Ask("display ip interface brief"),
            Ask("display ipv6 interface brief", Weight.MAY),
            Ask("display interface", Weight.EXTRA),
            Ask("display current-configuration", Weight.EXTRA, unless=has_lengths),
        ),
        "get_arp_table": (Ask("display arp all", instead=("display arp", "display arp brief")),),
        "get_lldp_neighbors": (
            Ask("display lldp neighbor", instead=("display lldp neighbor brief",)),
        ),
        "get_lldp_neighbors_detail": (
            Ask("display lldp neighbor"),
            Ask("display interface", Weight.EXTRA),
        ),
        "get_bgp_neighbors": (
            Ask("display bgp peer"),
            Ask("display bgp vpnv4 all peer", Weight.MAY),
            Ask("display bgp ipv6 peer", Weight.MAY),
        ),
        "get_network_instances": (
            Ask("display ip interface brief"),
            Ask(
                "display ip vpn-instance verbose", Weight.MAY, instead=("display ip vpn-instance",)
            ),
        ),
        "get_config running": _CONFIGURATION,
        "get_config startup": (Ask("display saved-configuration"),),
        "get_ntp_servers": _CONFIGURATION,
        "get_snmp_information": _CONFIGURATION,
        "get_users": _CONFIGURATION,
    },
    route={
        4: "display ip routing-table {address} {length}",
        6: "display ipv6 routing-table {address} {length}",
    },
    routes={
        4: Ask("display ip routing-table"),
        6: Ask("display ipv6 routing-table", Weight.MAY),
    },
    alive="screen-length 0 temporary",
    community=re.compile(
        r"snmp-agent community (?P<mode>read|write)\b(?:.*?\bacl (?P<acl>\S+))?.*"
    ),
    bare_v6=True,
)


class NetopsVrpDriver(NetopsDriver):
    """Reads Huawei routers, switches and firewalls."""

    dialect: ClassVar[Dialect] = DIALECT
