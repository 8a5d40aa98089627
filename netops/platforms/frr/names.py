"""FRR's own words and what they mean in our vocabulary. Data only."""

from __future__ import annotations

import re

DEFAULT_VRF = "default"

PROTOCOLS = {
    "connected": "direct",
    "local": "direct",
    "ospf6": "ospf",
    "ripng": "rip",
}
"""Words of ``show ip route json`` that differ from ours; every other word stays."""

CODES = {
    "K": "kernel",
    "C": "direct",
    "L": "direct",
    "S": "static",
    "R": "rip",
    "O": "ospf",
    "I": "isis",
    "B": "bgp",
    "E": "eigrp",
    "N": "nhrp",
    "T": "table",
    "v": "vnc",
    "V": "vnc",
    "A": "babel",
    "F": "pbr",
    "f": "openfabric",
    "D": "sharp",
    "P": "pim",
    "n": "kernel",
}
"""Letters in front of the rows of ``show ip route``."""

TUNNEL_TYPES = {
    "GRE over IP": "gre",
    "GRE over IPv6": "ip6gre",
    "IPIP Tunnel": "ipip",
    "IPIP6 Tunnel": "ip6tnl",
    "IPv6-in-IPv4 SIT": "sit",
}
"""Link types (``Type:``) that are tunnels."""

TUNNEL_KINDS = {"vxlan": "vxlan", "ipgre": "gre", "gre": "gre"}
"""Interface types (``Interface Type``, lower case) that are tunnels."""

TUNNEL_NAMES = re.compile(r"(wg|wireguard|tun|ipsec|xfrm|vti|l2tp)\d*(?![a-z])")
"""Tunnels whose kind zebra does not know: told by the usual name only."""

PPP = "PPP"
CELLULAR_NAMES = re.compile(r"(wwan|wwp|rmnet|cellular|lte|usbmodem)[\w./-]*", re.IGNORECASE)
"""Mobile modems by the kernel's usual names: zebra knows no such kind."""

UNKNOWN_SPEED = 0xFFFFFFFF


def vrf_name(word: str | None) -> str:
    """Return our name of a VRF: "" for FRR's ``default``."""
    return "" if word in {None, "", DEFAULT_VRF} else str(word)


def tunnel_mode(name: str, link_type: str | None, kind: str | None) -> str | None:
    """Return the mode of a tunnel interface, None for any other interface."""
    known = TUNNEL_TYPES.get(link_type or "") or TUNNEL_KINDS.get((kind or "").lower())
    if known:
        return known
    usual = TUNNEL_NAMES.match(name)
    if usual is None:
        return None
    return "wireguard" if usual[1] in {"wg", "wireguard"} else usual[1]
