"""How VRP spells names, states and protocols.

Knows short interface names, link words and protocol words of both flavours. Refuses to know
whole commands.
"""

from __future__ import annotations

from dataclasses import dataclass

from netops.lab.render.scene import Scene

CLOCK = "2024-05-11 09:14:02"
ZONE = "+08:00"

_SHORT = (
    ("GigabitEthernet", "GE"),
    ("XGigabitEthernet", "XGE"),
    ("Ethernet", "Eth"),
)
_LOGICAL = ("Dialer", "LoopBack", "NULL", "Tunnel", "Vlanif", "Virtual-", "InLoopBack")
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


def slot_vlan(name: str) -> str:
    """Return the VLAN of a dot1q subinterface, "" for anything else."""
    return name.rpartition(".")[2] if "." in name else ""
