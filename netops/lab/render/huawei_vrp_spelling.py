"""How VRP spells names, states and protocols.

Knows short interface names, link words and protocol words of both flavours. Refuses to know
whole commands.
"""

from __future__ import annotations

from dataclasses import dataclass

from netops.facts.interfaces import Interface
from netops.lab.render.scene import Scene

CLOCK = "2024-05-11 09:14:02"
ZONE = "+08:00"

_SHORT = (
    ("GigabitEthernet", "GE"),
    ("XGigabitEthernet", "XGE"),
    ("Ethernet", "Eth"),
)
_LOGICAL = ("Dialer", "LoopBack", "NULL", "Tunnel", "Vlanif", "Virtual-", "InLoopBack")
_SPOOFING = ("Dialer", "LoopBack", "NULL", "InLoopBack")
_PROTOCOL = {
    "direct": "Direct",
    "static": "Static",
    "ospf": "OSPF",
    "o_ase": "O_ASE",
    "isis": "ISIS-L2",
    "rip": "RIP",
    "bgp": "BGP",
    "ibgp": "IBGP",
    "ebgp": "EBGP",
    "dhcp": "Unr",
    "unr": "Unr",
}


@dataclass(frozen=True, slots=True)
class Vrp:
    """A VRP device: its scene and its flavour."""

    scene: Scene
    is_vrp8: bool


def short(name: str) -> str:
    """Return the name as the narrow tables print it."""
    for full, brief in _SHORT:
        if name.startswith(full):
            return brief + name[len(full) :]
    return name


def protocol(word: str) -> str:
    """Return the word of the Proto column."""
    return _PROTOCOL.get(word, word)


def is_logical(name: str) -> bool:
    """Whether the interface has no rate of its own."""
    return name.startswith(_LOGICAL)


def is_spoofing(interface: Interface) -> bool:
    """Whether its protocol state is shown as up whatever happens."""
    return interface.spoofing or interface.name.startswith(_SPOOFING)


def physical_word(interface: Interface) -> str:
    """Return up, down, or ``*down`` where the configuration shut it."""
    if interface.admin_up is False:
        return "*down"
    return "down" if interface.link_up is False else "up"


def protocol_word(interface: Interface) -> str:
    """Return up, ``up(s)`` or down."""
    if interface.admin_up is False or interface.protocol_up is False:
        return "down"
    if interface.protocol_up is None and interface.link_up is False:
        return "down"
    return "up(s)" if is_spoofing(interface) else "up"


def slot_vlan(name: str) -> str:
    """Return the VLAN of a dot1q subinterface, "" for anything else."""
    return name.rpartition(".")[2] if "." in name else ""
