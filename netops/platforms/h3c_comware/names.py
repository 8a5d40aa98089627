"""Names of interfaces: the short forms of tables, the full names of the configuration.

Knows no command. A word it does not know is handed back unchanged.
"""

from __future__ import annotations

import re
from functools import lru_cache

FULL_TYPES = {
    "ge": "GigabitEthernet",
    "xge": "Ten-GigabitEthernet",
    "25ge": "Twenty-FiveGigE",
    "wge": "Twenty-FiveGigE",
    "fge": "FortyGigE",
    "40ge": "FortyGigE",
    "50ge": "FiftyGigE",
    "hge": "HundredGigE",
    "100ge": "HundredGigE",
    "200ge": "TwoHundredGigE",
    "400ge": "FourHundredGigE",
    "eth": "Ethernet",
    "m-ge": "M-GigabitEthernet",
    "mge": "M-GigabitEthernet",
    "m-eth": "M-Ethernet",
    "bagg": "Bridge-Aggregation",
    "ragg": "Route-Aggregation",
    "sagg": "Schannel-Aggregation",
    "e-ch": "Eth-channel",
    "echannel": "Eth-channel",
    "eth-channel": "Eth-channel",
    "cellular": "Cellular",
    "vlan": "Vlan-interface",
    "vlan-int": "Vlan-interface",
    "vlan-interface": "Vlan-interface",
    "loop": "LoopBack",
    "loopback": "LoopBack",
    "inloop": "InLoopBack",
    "inloopback": "InLoopBack",
    "null": "NULL",
    "dia": "Dialer",
    "dialer": "Dialer",
    "va": "Virtual-Access",
    "vt": "Virtual-Template",
    "ve": "Virtual-Ethernet",
    "tun": "Tunnel",
    "tunnel": "Tunnel",
    "mp": "MP-group",
    "mtun": "MTunnel",
    "mtunnel": "MTunnel",
    "ser": "Serial",
    "serial": "Serial",
    "pos": "Pos",
    "reg": "Register-Tunnel",
    "aux": "Aux",
    "vsi": "Vsi-interface",
    "reth": "Reth",
    "gigabitethernet": "GigabitEthernet",
    "ethernet": "Ethernet",
    "ten-gigabitethernet": "Ten-GigabitEthernet",
    "bridge-aggregation": "Bridge-Aggregation",
    "route-aggregation": "Route-Aggregation",
}
"""Short or lower-case type word → the word of the configuration."""

_NAME = re.compile(
    r"(\d+GE|[A-Za-z][A-Za-z0-9-]*?[A-Za-z]-?|[A-Za-z]) ?(\d[\d/.:]*)", re.IGNORECASE
)
_INTERFACE = re.compile(r"(?:\d+GE|[A-Za-z][A-Za-z-]*(?:L[23]VPN|AC)?) ?\d+(?:[/.:]\d+)*", re.ASCII)


@lru_cache(maxsize=4096)
def full_interface(name: str) -> str:
    """Return the full name of an interface (``GE1/0/1`` → ``GigabitEthernet1/0/1``)."""
    match = _NAME.fullmatch(name)
    if match is None:
        return name
    kind = FULL_TYPES.get(match[1].lower())
    return f"{kind or match[1]}{match[2]}"


def is_interface(text: str) -> bool:
    """Whether ``text`` has the form of an interface name, short or full."""
    return _INTERFACE.fullmatch(text) is not None
