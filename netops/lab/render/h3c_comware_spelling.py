"""How Comware V7 spells names, states and protocols, early and late.

Knows short interface names, link words and protocol words. Refuses to know whole commands.
"""

from __future__ import annotations

from dataclasses import dataclass

from netops.facts.interfaces import Interface
from netops.lab.render.scene import Scene

_LAST_EARLY = 45
_SHORT = (
    ("GigabitEthernet", "GE"),
    ("Ten-GigabitEthernet", "XGE"),
    ("FortyGigE", "FGE"),
    ("HundredGigE", "HGE"),
    ("M-GigabitEthernet", "M-GE"),
    ("Vlan-interface", "Vlan"),
    ("LoopBack", "Loop"),
    ("InLoopBack", "InLoop"),
    ("Dialer", "Dia"),
    ("Tunnel", "Tun"),
    ("Bridge-Aggregation", "BAGG"),
    ("Route-Aggregation", "RAGG"),
    ("Eth-channel", "E-Ch"),
    ("Register-Tunnel", "REG"),
    ("Ethernet", "Eth"),
)
_LOGICAL = ("Dialer", "LoopBack", "NULL", "Tunnel", "Eth-channel", "InLoopBack", "Cellular")
_EARLY = {"ospf": "OSPF", "o_ase": "O_ASE", "isis": "ISIS"}
_LATE = {"ospf": "O_INTRA", "o_ase": "O_ASE2", "isis": "IS_L2"}
_PROTOCOL = {
    "direct": "Direct",
    "static": "Static",
    "rip": "RIP",
    "bgp": "BGP",
    "ibgp": "BGP",
    "ebgp": "BGP",
    "dhcp": "DHCP",
    "unr": "UNR",
}


@dataclass(frozen=True, slots=True)
class Comware:
    """A Comware device: its scene and its flavour."""

    scene: Scene
    is_early: bool

    @property
    def model_name(self) -> str:
        """The model that the device shows."""
        return self.scene.model.identity.model or "MSR3610"

    @property
    def is_router(self) -> bool:
        """Whether it is one of the routers, which print some tables differently."""
        return self.model_name.startswith(("MSR", "SR"))


def is_early(version: str) -> bool:
    """Whether a version ("7.1.045, Release 2432") is of V7's first years."""
    digits = version.partition(",")[0].split()
    parts = digits[0].split(".") if digits else []
    return len(parts) > 2 and parts[0] == "7" and int(parts[2][:3] or 0) <= _LAST_EARLY  # noqa: PLR2004 - 7.1.NNN


def short(name: str) -> str:
    """Return the name as tables print it."""
    for full, brief in _SHORT:
        if name.startswith(full):
            return brief + name[len(full) :]
    return name


def protocol(device: Comware, word: str) -> str:
    """Return the word of the Proto column."""
    own = (_EARLY if device.is_early else _LATE).get(word)
    return own or _PROTOCOL.get(word, word.upper())


def is_logical(name: str) -> bool:
    """Whether the interface is no Ethernet port."""
    return name.startswith(_LOGICAL)


def fit(text: str, width: int) -> str:
    """Pad to a column; what is too long pushes the rest to the right by one blank."""
    return f"{text:<{width}}" if len(text) < width else f"{text} "


def is_bridged(interface: Interface) -> bool:
    """Whether a port works at layer two: a member, or an aggregation of bridge kind."""
    if interface.name.startswith("Bridge-Aggregation"):
        return True
    return bool(interface.aggregate and interface.aggregate.startswith("Bridge-"))
