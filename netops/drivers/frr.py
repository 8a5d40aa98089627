"""NAPALM driver ``netops_frr``: which commands of FRR's vtysh feed which getter."""

from __future__ import annotations

from typing import ClassVar

from netops.drivers.conditions import has_no_instances
from netops.drivers.driver import Dialect, NetopsDriver
from netops.drivers.questions import Ask, Weight
from netops.facts.routes import VpnInstance

_INTERFACES = Ask("show interface vrf all json", instead=("show interface vrf all",))
_KERNEL = "the kernel under FRR knows it, vtysh does not; ask the machine as netops_linux"
_HOST = "it belongs to the Linux host, not to FRR; vtysh does not show it"

DIALECT = Dialect(
    name="netops_frr",
    platform="frr",
    asks={
        "get_facts": (Ask("show version"), _INTERFACES),
        "get_interfaces": (_INTERFACES,),
        "get_interfaces_ip": (_INTERFACES,),
        "get_arp_table": (Ask("show ip neigh"), _INTERFACES),
        "get_bgp_neighbors": (
            Ask("show bgp vrf all summary json", instead=("show bgp vrf all summary",)),
        ),
        "get_network_instances": (
            _INTERFACES,
            Ask("show vrf", Weight.MAY),
            Ask(
                "show running-config",
                Weight.EXTRA,
                unless=has_no_instances,
                kinds=(VpnInstance,),
            ),
        ),
        "get_config running": (Ask("show running-config"),),
    },
    untold={
        "get_lldp_neighbors": _KERNEL,
        "get_lldp_neighbors_detail": _KERNEL,
        "get_ntp_servers": _HOST,
        "get_snmp_information": _HOST,
        "get_users": _HOST,
        "get_config": "vtysh shows the running configuration only",
    },
    route={
        4: "show ip route {address}/{length} json",
        6: "show ipv6 route {address}/{length} json",
    },
    routes={
        4: Ask("show ip route vrf all json", instead=("show ip route vrf all",)),
        6: Ask("show ipv6 route vrf all json", instead=("show ipv6 route vrf all",)),
    },
    alive="terminal length 0",
)


class NetopsFrrDriver(NetopsDriver):
    """Reads FRR routers through vtysh."""

    dialect: ClassVar[Dialect] = DIALECT
