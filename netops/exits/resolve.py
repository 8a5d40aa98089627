"""From a next hop to the steps it means: who takes the packet, or how it ends.

Knows recursion, segments, dialled and tunnelled lines, far ends. Refuses to know destinations.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from netops.exits.devices import BGP_WORDS, DIRECT_WORDS, DeviceView, parse_address, stem
from netops.exits.leaks import Origins
from netops.exits.owners import Holders, Owners
from netops.exits.terms import BLACKHOLE, End, EndKind, Prefix, Step, Vertex
from netops.facts.routes import PUBLIC, RouteRow
from netops.inventory.model import Inventory, LinkEnd

DEEPEST = 8
"""How often a next hop may be looked up by another route before we call it unresolved."""

UNREADABLE = "unreadable"


def unknown(device: str, cause: str) -> Step:
    """Return the step that nobody can follow."""
    return Step(None, End(EndKind.UNKNOWN, device, cause))


class Resolver:
    """Turns next hops into steps, once for each (device, instance, next hop, interface)."""

    def __init__(
        self, inventory: Inventory, views: Mapping[str, DeviceView], owners: Owners
    ) -> None:
        self._plan = inventory.plan
        self._views = views
        self._owners = owners
        self._origins = Origins(views, owners)
        self._known: dict[tuple[object, ...], tuple[Step, ...]] = {}
        self._groups = 0

    def row(self, view: DeviceView, vpn: str, row: RouteRow) -> tuple[Step, ...]:
        """Return the steps of one path of a route."""
        if row.blackhole or stem(row.interface) == "null":
            return (Step(None, BLACKHOLE),)
        key: tuple[object, ...] = (
            view.id,
            vpn,
            row.family,
            row.next_hop,
            row.interface,
            row.leak_vpn,
            row.protocol,
        )
        private = vpn != PUBLIC and row.protocol in BGP_WORDS
        if private or view.to_vpn(vpn, row) is not None:
            key = (*key, row.network, row.length)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._row(view, vpn, row)
        return found

    def _row(self, view: DeviceView, vpn: str, row: RouteRow) -> tuple[Step, ...]:
        other = view.to_vpn(vpn, row)
        if other is not None:
            interface = row.interface if view.vpn_of(row.interface) == other else ""
            steps = self.hop(view, other, (row.family, row.next_hop, interface))
            if not row.next_hop and not row.interface:
                steps = (Step(Vertex(view.id, other), None),)
            return _leaving(vpn, steps)
        if vpn != PUBLIC and row.protocol in BGP_WORDS:
            steps = self._vpn_row(view, vpn, row)
            if steps:
                return steps
        return self.hop(view, vpn, (row.family, row.next_hop, row.interface))

    def _vpn_row(self, view: DeviceView, vpn: str, row: RouteRow) -> tuple[Step, ...]:
        """Follow a route of a private instance to the PE that it was learnt from."""
        address = parse_address(row.next_hop)
        if address is None or view.connected(vpn, row.family, int(address)):
            return ()
        if view.vpn_of(row.interface) not in (PUBLIC, vpn):
            # Imported from a sister instance of this device, whose line is printed.
            return ()
        prefix: Prefix = (row.network, row.length)
        origins = self._origins.of(view, vpn, (row.family, prefix), address)
        if origins is None:
            return ()
        if not origins.places:
            return (unknown(origins.device or view.id, origins.cause),)
        group = 0
        if len(origins.places) > 1:
            self._groups += 1
            group = self._groups
        return tuple(
            Step(
                Vertex(device, instance),
                None,
                out=row.interface,
                leak=vpn if instance != vpn else None,
                either=group,
            )
            for device, instance in origins.places
        )

    def hop(
        self, view: DeviceView, vpn: str, via: tuple[int, str, str], depth: int = 0
    ) -> tuple[Step, ...]:
        """Follow a next hop (family, address, interface) until it is directly connected."""
        family, text, interface = via
        if interface and (view.is_on_demand(interface) or interface in view.tunnels):
            return self._across(view, vpn, interface, (family, None))
        address = parse_address(text)
        if address is None or (family, int(address)) in view.own_addresses:
            if not interface:
                return (unknown(view.id, "no_next_hop"),)
            return self._across(view, vpn, interface, (family, None))
        if address.is_link_local:
            return self._across(view, vpn, interface, (family, address))
        near = view.connected(vpn, address.version, int(address))
        if near:
            name = interface if interface in near else near[0]
            return self._across(view, vpn, name, (family, address))
        return self._recurse(view, vpn, (family, address, interface), depth)

    def _recurse(
        self,
        view: DeviceView,
        vpn: str,
        via: tuple[int, IPv4Address | IPv6Address, str],
        depth: int,
    ) -> tuple[Step, ...]:
        family, address, interface = via
        table = view.table(vpn, address.version)
        rows = table.match(int(address)) if table else []
        if not rows or (rows[0].length == 0 and interface) or depth >= DEEPEST:
            if interface:
                return self._across(view, vpn, interface, (family, address))
            return (unknown(view.id, f"unresolved:{address}"),)
        steps: list[Step] = []
        for row in rows:
            if row.blackhole:
                steps.append(Step(None, BLACKHOLE))
            elif row.protocol in DIRECT_WORDS:
                steps += self._across(view, vpn, row.interface, (family, address))
            else:
                steps += self.hop(view, vpn, (family, row.next_hop, row.interface), depth + 1)
        return tuple(dict.fromkeys(steps))

    def _across(
        self,
        view: DeviceView,
        vpn: str,
        interface: str,
        to: tuple[int, IPv4Address | IPv6Address | None],
    ) -> tuple[Step, ...]:
        """Cross the segment of an interface; note it where that belongs to another instance."""
        steps = tuple(step._replace(out=interface) for step in self._cross(view, interface, to))
        known = view.interfaces.get(interface)
        if known is not None and known.vpn is not None and known.vpn != vpn:
            return _leaving(vpn, steps)
        return steps

    def _cross(
        self, view: DeviceView, interface: str, to: tuple[int, IPv4Address | IPv6Address | None]
    ) -> tuple[Step, ...]:
        family, address = to
        leave = Step(None, End(EndKind.EXIT, view.id, interface))
        if self._owners.is_oob(view.id, interface) and not view.is_on_demand(interface):
            return (leave,)
        if view.is_on_demand(interface):
            return (leave._replace(latent=not view.is_dialled(interface)),)
        if interface in view.tunnels:
            return self._through_tunnel(view, interface, leave)
        if address is None or address.is_link_local:
            return self._without_address(view, interface, (family, address), leave)
        return self._to_address(view, interface, address, leave)

    def _to_address(
        self, view: DeviceView, interface: str, address: IPv4Address | IPv6Address, leave: Step
    ) -> tuple[Step, ...]:
        holders = self._owners.on_segment(view, interface, address.version, int(address))
        if holders.live or holders.latent:
            return self._taken_by(view, holders, address)
        if self._owners.is_carrier_line(view.id, interface) or self._plan.is_outside(address):
            return (leave,)
        return (self._nobody(view, interface, address),)

    def _taken_by(
        self, view: DeviceView, holders: Holders, address: IPv4Address | IPv6Address
    ) -> tuple[Step, ...]:
        steps = [
            Step(self.arrive(o.device, o.interface), None, latent=latent)
            for members, latent in ((holders.live, False), (holders.latent, True))
            for o in members
        ]
        if not holders.live:
            # All that we know of it are members that wait for a master which nobody showed.
            steps.append(unknown(view.id, f"no_master:{address}"))
        return tuple(steps)

    def arrive(self, device: str, interface: str) -> Vertex:
        """Return the vertex of packets that enter a device by an interface."""
        view = self._views[device]
        return Vertex(device, view.vpn_of(interface), view.entering(interface))

    def _without_address(
        self,
        view: DeviceView,
        interface: str,
        to: tuple[int, IPv4Address | IPv6Address | None],
        leave: Step,
    ) -> tuple[Step, ...]:
        """A link-local next hop, or none: its holder, the far end, a carrier, or unknown."""
        _, address = to
        if address is not None:
            found = self._owners.link_local(view, interface, int(address))
            if found:
                return tuple(Step(self.arrive(o.device, o.interface), None) for o in found)
        far = self._owners.links.far_end(view.id, interface)
        if far is not None:
            return (self._far(far),)
        if self._owners.is_carrier_line(view.id, interface) or self._looks_outside(view, interface):
            return (leave,)
        return (unknown(view.id, f"nobody_at:{interface}"),)

    def _looks_outside(self, view: DeviceView, interface: str) -> bool:
        return any(
            not address.is_link_local and self._plan.is_outside(address)
            for address in view.addresses(interface)
        )

    def _far(self, far: LinkEnd) -> Step:
        if far.device in self._views:
            return Step(self.arrive(far.device, far.interface), None)
        return unknown(far.device, UNREADABLE)

    def _nobody(self, view: DeviceView, interface: str, address: IPv4Address | IPv6Address) -> Step:
        """An address inside the plan that nobody showed."""
        far = self._owners.links.far_end(view.id, interface)
        if far is not None and self._is_dark(far.device):
            return unknown(far.device, UNREADABLE)
        device = self._owners.registered.get((address.version, int(address)))
        if device is not None and self._is_dark(device.id):
            return unknown(device.id, UNREADABLE)
        return unknown(view.id, f"unowned:{address}")

    def _is_dark(self, device: str) -> bool:
        """Whether a device did not show what it has."""
        view = self._views.get(device)
        return view is None or not view.is_readable

    def _through_tunnel(self, view: DeviceView, interface: str, leave: Step) -> tuple[Step, ...]:
        tunnel = view.tunnels[interface]
        latent = not view.is_up(interface)
        peer = tunnel.peer
        if peer is None:
            return (unknown(view.id, f"no_peer:{interface}"),)
        found = [o for o in self._owners.anywhere(peer.version, int(peer)) if o.device != view.id]
        if found:
            return tuple(
                Step(self._tunnel_far(o.device, tunnel.local), None, latent=latent) for o in found
            )
        if self._plan.is_outside(peer):
            return (leave._replace(latent=latent),)
        device = self._owners.registered.get((peer.version, int(peer)))
        if device is not None and self._is_dark(device.id):
            return (unknown(device.id, UNREADABLE),)
        return (unknown(view.id, f"unowned:{peer}"),)

    def _tunnel_far(self, device: str, local: IPv4Address | IPv6Address | None) -> Vertex:
        for tunnel in self._views[device].facts.tunnels:
            if local is not None and tunnel.peer == local:
                return self.arrive(device, tunnel.name)
        return Vertex(device, PUBLIC)


def _leaving(vpn: str, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step._replace(leak=vpn) for step in steps)
