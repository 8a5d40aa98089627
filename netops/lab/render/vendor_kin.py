"""What VRP and Comware print alike: both grew from one system.

Knows words and blocks that are the same to the letter. Refuses to know where they differ: that
stands in the files of each.
"""

from __future__ import annotations

from netops.facts.interfaces import Interface
from netops.facts.routes import PUBLIC
from netops.lab.render.notation import V4, WILDCARDS
from netops.lab.render.scene import Scene, router_id

_SPOOFING = ("Dialer", "LoopBack", "NULL", "InLoopBack")


def is_spoofing(interface: Interface) -> bool:
    """Whether its protocol state is shown as up whatever happens."""
    return interface.spoofing or interface.name.startswith(_SPOOFING)


def link_word(interface: Interface) -> str:
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


def ospf_block(scene: Scene) -> list[str]:
    """Return the configuration of OSPF, of the interfaces that its routes lead over."""
    rows = scene.model.routes.get((PUBLIC, V4), ())
    ports = {row.interface for row in rows if row.protocol in {"ospf", "o_ase"}}
    if not ports:
        return []
    nets = [
        address.interface.network
        for interface in scene.model.interfaces
        if interface.name in ports
        for address in interface.addresses or ()
        if address.interface.version == V4
    ]
    block = [f"ospf 1 router-id {router_id(scene)}", " area 0.0.0.0"]
    return block + [f"  network {n.network_address} {WILDCARDS[n.prefixlen]}" for n in nets]
