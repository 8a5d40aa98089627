"""Which registered link an interface carries, and what is at its far end.

Knows the inventory's links. Refuses to know routes, facts and verdicts.
"""

from __future__ import annotations

from netops.inventory.model import Inventory, Link, LinkEnd


def base_interface(name: str) -> str:
    """Return the physical part of an interface's name (``GigabitEthernet0/0/1.100``)."""
    return name.partition(".")[0]


class LinkMap:
    """Which registered link an interface carries. A sub-interface falls back on its port."""

    def __init__(self, inventory: Inventory) -> None:
        self._at: dict[tuple[str, str], Link] = {}
        for link in inventory.links.values():
            for end in (link.a, link.b):
                if end is not None:
                    self._at[(end.device, end.interface)] = link

    def link(self, device: str, interface: str) -> Link | None:
        """Return the link on an interface."""
        found = self._at.get((device, interface))
        return found or self._at.get((device, base_interface(interface)))

    def far_end(self, device: str, interface: str) -> LinkEnd | None:
        """Return the other end of the link on an interface, where that is a device of ours."""
        link = self.link(device, interface)
        if link is None or link.b is None:
            return None
        return link.b if link.a.device == device else link.a
