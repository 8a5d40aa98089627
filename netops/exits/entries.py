"""Where packets of a subnet enter the net: every interface that owns it.

Knows interfaces and virtual routers. Refuses to know what becomes of the packets.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netops.exits.devices import DeviceView
from netops.exits.matching import bounds
from netops.exits.owners import Owned, Owners, by_state
from netops.exits.terms import BITS, SELF, V4, V6, Range, Vertex
from netops.facts.redundancy import VrrpState
from netops.inventory.model import Inventory, Subnet

_SHORTEST = {V4: 8, V6: 32}
"""The shortest network of an interface that we look for around a subnet."""

_RANK = (VrrpState.MASTER, VrrpState.UNKNOWN, VrrpState.BACKUP, VrrpState.INITIALIZE)


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A vertex where packets of a source come in; ``latent`` for a waiting virtual router."""

    vertex: Vertex
    family: int
    source: Range
    latent: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """The entries of a subnet; ``causes`` says what keeps us from knowing them all."""

    entries: tuple[Entry, ...] = ()
    causes: tuple[tuple[str, str], ...] = ()
    """(device, cause); the device is "" where no device is to blame."""


class Entries:
    """Finds the entries of subnets by an index of all interface networks."""

    def __init__(
        self, inventory: Inventory, views: Mapping[str, DeviceView], owners: Owners
    ) -> None:
        self._inventory = inventory
        self._views = views
        self._owners = owners
        self._nets: dict[tuple[str, int], list[tuple[int, int, str, str]]] = {}
        self._exact: dict[tuple[str, int, int, int], list[tuple[str, str]]] = {}
        self._states = {view.id: _states(view) for view in views.values()}
        for view in views.values():
            self._add(view)
        for nets in self._nets.values():
            nets.sort()
        self._silent_at: dict[int, list[tuple[int, str]]] = {V4: [], V6: []}
        for device in inventory.devices.values():
            if device.id not in views:
                address = device.address
                self._silent_at[address.version].append((int(address), device.id))
        for silent in self._silent_at.values():
            silent.sort()

    def _add(self, view: DeviceView) -> None:
        for interface in view.facts.interfaces:
            for item in interface.addresses or ():
                net, vpn = item.interface.network, interface.vpn or ""
                if item.interface.ip.is_link_local:
                    continue
                first, last = bounds(net)
                entry = (first, last, view.id, interface.name)
                self._nets.setdefault((vpn, net.version), []).append(entry)
                key = (vpn, net.version, first, net.prefixlen)
                self._exact.setdefault(key, []).append((view.id, interface.name))

    def of(self, subnet: Subnet) -> Entered:
        """Return where packets of a department's subnet enter."""
        family = subnet.prefix.version
        source = bounds(subnet.prefix)
        found = self._owning(subnet)
        up = [place for place in found if self._views[place[0]].is_up(place[1])]
        members = [self._member(device, name) for device, name in up or found]
        holders = by_state(m for m in members if m.state is not None)
        plain = [m for m in members if m.state is None]
        entries = [self._entry(m, family, source, latent=False) for m in (*plain, *holders.live)]
        entries += [self._entry(m, family, source, latent=True) for m in holders.latent]
        causes = list(self._silent(subnet))
        routers = [e for e in entries if self._is_gateway(e, subnet.department)]
        if not routers and not causes:
            causes.append(("", f"no_owner:{subnet.prefix}"))
        elif routers and all(e.latent for e in routers):
            causes.append((routers[0].vertex.device, f"no_master:{subnet.prefix}"))
        return Entered(tuple(entries), tuple(causes))

    def _is_gateway(self, entry: Entry, department: str) -> bool:
        """Whether an owner can be the way out of a subnet: a router, or the department's own."""
        view = self._views[entry.vertex.device]
        return not view.is_host or view.device.department == department

    def _owning(self, subnet: Subnet) -> list[tuple[str, str]]:
        """Return interfaces whose network is the subnet, a part of it, or holds it."""
        family = subnet.prefix.version
        first, last = bounds(subnet.prefix)
        found: dict[tuple[str, str], None] = {}
        for length in range(subnet.prefix.prefixlen, _SHORTEST[family] - 1, -1):
            mask = ((1 << length) - 1) << (BITS[family] - length)
            for place in self._exact.get((subnet.vpn, family, first & mask, length), ()):
                found[place] = None
        nets = self._nets.get((subnet.vpn, family), [])
        begin = bisect_left(nets, (first,))
        end = bisect_right(nets, (last, last, "\U0010ffff"))
        for _, net_last, device, name in nets[begin:end]:
            if net_last <= last:
                found[(device, name)] = None
        return list(found)

    def _member(self, device: str, name: str) -> Owned:
        view = self._views[device]
        state = self._states[device].get(name)
        return Owned(device, name, view.vpn_of(name), (0, 0), state)

    def _entry(self, member: Owned, family: int, source: Range, *, latent: bool) -> Entry:
        view = self._views[member.device]
        entering = view.entering(member.interface)
        if view.is_host:
            entering = view.entering(SELF)
        return Entry(Vertex(view.id, member.vpn, entering), family, source, latent)

    def _silent(self, subnet: Subnet) -> Iterable[tuple[str, str]]:
        """Registered devices in the subnet that showed nothing: they may lead elsewhere."""
        first, last = bounds(subnet.prefix)
        silent = self._silent_at[subnet.prefix.version]
        begin, end = bisect_left(silent, (first,)), bisect_right(silent, (last, "\U0010ffff"))
        if not subnet.vpn:
            for _, device in silent[begin:end]:
                yield device, "unreadable"

    def beside(self, entered: Entered, family: int) -> tuple[Entry, ...]:
        """Return entries of another family on the interfaces that own a subnet.

        An interface that has, advertises or routes a family which nobody registered counts too.
        """
        found: list[Entry] = []
        for entry in entered.entries:
            view = self._views[entry.vertex.device]
            for name in self._names_of(view, entry):
                nets = view.behind(name, family)
                found += [Entry(entry.vertex, family, net, entry.latent) for net in nets]
        return tuple(dict.fromkeys(found))

    def _names_of(self, view: DeviceView, entry: Entry) -> list[str]:
        """Return the interfaces of a device on which an entry's source lies."""
        first, last = entry.source
        return [
            name
            for name in view.interfaces
            if view.vpn_of(name) == entry.vertex.vpn
            and any(f <= last and first <= e for f, e in view.nets(name, entry.family))
        ]

    def own(self, view: DeviceView) -> tuple[Entry, ...]:
        """Return the entries of a device's own addresses inside the plan, one a family."""
        found: dict[int, Entry] = {}
        registered = view.device.address
        start = Vertex(view.id, "", view.entering(SELF))
        for interface in view.facts.interfaces:
            for item in interface.addresses or ():
                address = item.interface.ip
                if interface.vpn or not self._inventory.plan.is_inside(address):
                    continue
                number = int(address)
                if address.version not in found or address == registered:
                    found[address.version] = Entry(start, address.version, (number, number))
        return tuple(found[family] for family in sorted(found))


def _states(view: DeviceView) -> dict[str, VrrpState]:
    """Return the best state of an interface over its virtual routers."""
    found: dict[str, VrrpState] = {}
    for group in view.facts.vrrp:
        before = found.get(group.interface)
        states = [group.state] if before is None else [before, group.state]
        found[group.interface] = min(states, key=_RANK.index)
    return found
