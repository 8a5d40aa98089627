"""Who owns an address on a segment: interface addresses, virtual addresses, far ends of links.

Knows addresses and registered links. Refuses to know routes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from netops.exits.devices import DeviceView
from netops.exits.terms import V6, Range
from netops.facts.redundancy import VrrpState
from netops.inventory.model import Device, Inventory, Link, LinkKind
from netops.topology import LinkMap


@dataclass(frozen=True, slots=True)
class Owned:
    """An address on an interface; ``state`` is the VRRP state where it is a virtual one."""

    device: str
    interface: str
    vpn: str
    net: Range
    state: VrrpState | None = None


@dataclass(frozen=True, slots=True)
class Holders:
    """Who takes packets now, and who would if another failed. Both empty: nobody is known."""

    live: tuple[Owned, ...] = ()
    latent: tuple[Owned, ...] = ()


def by_state(found: Iterable[Owned]) -> Holders:
    """Sort members of virtual routers: masters take packets, and all whose state is not told.

    Backups wait. A member in the state of initialisation has no part in it.
    """
    members = tuple(found)
    asleep = (VrrpState.BACKUP, VrrpState.INITIALIZE)
    live = tuple(m for m in members if m.state not in asleep)
    latent = tuple(m for m in members if m.state is VrrpState.BACKUP)
    return Holders(live, latent)


class Owners:
    """An index of every address in the facts, and of the links of the inventory."""

    def __init__(self, inventory: Inventory, views: Mapping[str, DeviceView]) -> None:
        self.links = LinkMap(inventory)
        self._inventory = inventory
        self._views = views
        self._at: dict[tuple[int, int], list[Owned]] = {}
        for view in views.values():
            self._add_interfaces(view)
            self._add_virtual(view)

    def _add_interfaces(self, view: DeviceView) -> None:
        for interface in view.facts.interfaces:
            if interface.admin_up is False:
                continue
            for item in interface.addresses or ():
                address = item.interface
                net = address.network
                self._at.setdefault((address.version, int(address.ip)), []).append(
                    Owned(
                        view.id,
                        interface.name,
                        interface.vpn or "",
                        (int(net.network_address), int(net.broadcast_address)),
                    )
                )

    def _add_virtual(self, view: DeviceView) -> None:
        for group in view.facts.vrrp:
            vpn = view.vpn_of(group.interface)
            for address in group.addresses:
                number = int(address)
                nets = view.nets(group.interface, address.version)
                net = next((n for n in nets if n[0] <= number <= n[1]), (number, number))
                self._at.setdefault((address.version, number), []).append(
                    Owned(view.id, group.interface, vpn, net, group.state)
                )

    def anywhere(self, family: int, address: int) -> list[Owned]:
        """Return everybody who has an address, wherever."""
        return self._at.get((family, address), [])

    @cached_property
    def registered(self) -> Mapping[tuple[int, int], Device]:
        """Devices by their registered address."""
        return {
            (device.address.version, int(device.address)): device
            for device in self._inventory.devices.values()
        }

    def link(self, device: str, interface: str) -> Link | None:
        """Return the registered link on an interface."""
        return self.links.link(device, interface)

    def is_carrier_line(self, device: str, interface: str) -> bool:
        """Whether a registered line of a carrier ends on an interface."""
        link = self.link(device, interface)
        return link is not None and link.b is None and link.kind is not LinkKind.OOB

    def is_oob(self, device: str, interface: str) -> bool:
        """Whether an interface is registered for out-of-band management."""
        link = self.links.link(device, interface)
        return link is not None and link.kind is LinkKind.OOB

    def on_segment(self, view: DeviceView, interface: str, family: int, address: int) -> Holders:
        """Return who has ``address`` on the segment of an interface of ``view``."""
        nets = view.nets(interface, family)
        far = self.links.far_end(view.id, interface)
        found = [o for o in self.anywhere(family, address) if o.device != view.id]
        joined = [o for o in found if far is not None and o.device == far.device]
        near = [o for o in found if _share(nets, o.net) and self._may_touch(view, interface, o)]
        return by_state(joined or near)

    def _may_touch(self, view: DeviceView, interface: str, other: Owned) -> bool:
        """Whether two interfaces with the same net may be one segment.

        The same private-use net recurs in many places (a carrier's box at 192.168.1.1 in every
        county), so outside the plan only neighbours by administration are believed.
        """
        if self.is_carrier_line(view.id, interface) and not self._same_place(view, other):
            return False
        first = other.net[0]
        kind = view.interfaces[interface].addresses or ()
        inside = any(
            self._inventory.plan.is_inside(a.interface.ip)
            for a in kind
            if int(a.interface.network.network_address) == first
        )
        return inside or self._same_place(view, other)

    def _same_place(self, view: DeviceView, other: Owned) -> bool:
        mine, theirs = view.government, self._inventory.devices[other.device].government
        if mine == theirs:
            return True
        governments = self._inventory.governments
        return governments[mine].parent == theirs or governments[theirs].parent == mine

    def link_local(self, view: DeviceView, interface: str, address: int) -> list[Owned]:
        """Return who has a link-local address on the outgoing link."""
        found = [o for o in self.anywhere(V6, address) if o.device != view.id]
        far = self.links.far_end(view.id, interface)
        if far is not None:
            return [o for o in found if o.device == far.device]
        nets = view.nets(interface, V6)
        return [
            o
            for o in found
            if any(_share(nets, n) for n in self._views[o.device].nets(o.interface, V6))
        ]


def _share(nets: Iterable[Range], other: Range) -> bool:
    return any(first <= other[1] and other[0] <= last for first, last in nets)
