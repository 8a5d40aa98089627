"""``display ipv6 interface`` of VRP and Comware: the same blocks under two heads.

Knows what an interface of IPv6 prints while it advertises nothing, as all of the laboratory do.
"""

from __future__ import annotations

from collections.abc import Iterable

from netops.facts.interfaces import Interface
from netops.lab.render.notation import V4, lines, printed
from netops.lab.render.vendor_kin import link_word, protocol_word

_HEADS = {"up": "UP", "down": "DOWN", "*down": "Administratively DOWN"}


def ipv6_blocks(interfaces: Iterable[Interface], protocol: str) -> str:
    """Return a block for each interface with IPv6; ``protocol`` begins its second line."""
    out: list[str] = []
    for interface in interfaces:
        out += _block(interface, protocol)
    return lines(*out) if out else ""


def _block(interface: Interface, protocol: str) -> list[str]:
    six = [a.interface for a in interface.addresses or () if a.interface.version != V4]
    if not six:
        return []
    local = [address for address in six if address.is_link_local]
    wide = [address for address in six if not address.is_link_local]
    shown = f", link-local address is {printed(local[0].ip)}" if local else ""
    state = "UP" if protocol_word(interface).startswith("up") else "DOWN"
    subnets = [
        f"    {printed(address.ip)}, subnet is {printed(address.network.network_address)}"
        f"/{address.network.prefixlen}"
        for address in wide
    ]
    return [
        f"{interface.name} current state : {_HEADS[link_word(interface)]}",
        f"{protocol} : {state}",
        f"IPv6 is enabled{shown}",
        *(["  Global unicast address(es):", *subnets] if subnets else []),
        "  Joined group address(es):",
        "    FF02::2",
        "    FF02::1",
        "  MTU is 1500 bytes",
        "  ND DAD is enabled, number of DAD attempts: 1",
        "  ND reachable time is 30000 milliseconds",
        "  ND retransmit interval is 1000 milliseconds",
        "  Hosts use stateless autoconfig for addresses",
    ]
