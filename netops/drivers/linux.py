"""NAPALM driver ``netops_linux``: which commands of a Linux host feed which getter."""

from __future__ import annotations

from typing import ClassVar

from netops.drivers.driver import Dialect, NetopsDriver
from netops.drivers.questions import Ask, Weight
from netops.platforms.linux_host.users import ADMINISTRATOR, ROOT

_ADDRESSES = (Ask("ip -j -d address show", instead=("ip -j address show",)),)

DIALECT = Dialect(
    name="netops_linux",
    platform="linux_host",
    asks={
        "get_facts": (
            Ask("hostname"),
            Ask("cat /etc/os-release"),
            Ask("uname -a", Weight.EXTRA),
            Ask("cat /proc/uptime", Weight.EXTRA),
            *_ADDRESSES,
        ),
        "get_interfaces": _ADDRESSES,
        "get_interfaces_ip": _ADDRESSES,
        "get_arp_table": (*_ADDRESSES, Ask("ip -j neigh show")),
        "get_lldp_neighbors": (Ask("lldpcli show neighbors -f json"),),
        "get_lldp_neighbors_detail": (
            Ask(
                "lldpcli show neighbors details -f json",
                instead=("lldpcli show neighbors -f json",),
            ),
        ),
        "get_network_instances": _ADDRESSES,
        "get_users": (Ask("getent passwd"), Ask("getent group", Weight.MAY)),
    },
    untold={
        "get_bgp_neighbors": "a routing daemon has its own command line; ask it as netops_frr",
        "get_config": "a host has no one running configuration",
        "get_ntp_servers": "chronyc tells whom the clock follows, not what is configured",
        "get_snmp_information": "the agent's settings are in files that are not read",
    },
    routes={
        4: Ask("ip -4 -j route show table all"),
        6: Ask("ip -6 -j route show table all", Weight.MAY),
    },
    alive="hostname",
    levels={ROOT: 15, ADMINISTRATOR: 15, "": 1},
)


class NetopsLinuxDriver(NetopsDriver):
    """Reads Linux hosts through an ordinary shell."""

    dialect: ClassVar[Dialect] = DIALECT
