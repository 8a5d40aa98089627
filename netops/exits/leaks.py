"""Where a route of a VPN instance was exported: the PE and its instance.

Knows route targets, distinguishers and labels. Refuses to know what a leak is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netops.exits.devices import BGP_WORDS, DeviceView, parse_address
from netops.exits.owners import Owners
from netops.exits.terms import Prefix
from netops.facts.routes import PUBLIC, RouteRow, VpnInstance


@dataclass(frozen=True, slots=True)
class Origin:
    """The instances that may have exported a route; none: ``cause`` says why not."""

    places: tuple[tuple[str, str], ...] = ()
    device: str = ""
    cause: str = ""


class Origins:
    """Finds the (device, instance) behind a VPN route."""

    def __init__(self, views: Mapping[str, DeviceView], owners: Owners) -> None:
        self._views = views
        self._owners = owners

    def of(
        self,
        view: DeviceView,
        vpn: str,
        what: tuple[int, Prefix],
        next_hop: IPv4Address | IPv6Address,
    ) -> Origin | None:
        """Return where the route ``what`` (family, prefix) with ``next_hop`` was exported.

        None: the next hop is no PE that we could know, so the caller looks it up as a plain one.
        """
        number = int(next_hop)
        holders = {
            o.device
            for o in self._owners.anywhere(next_hop.version, number)
            if o.vpn == PUBLIC and o.device != view.id
        }
        if not holders:
            silent = self._owners.registered.get((next_hop.version, number))
            if silent is not None and silent.id not in self._views:
                return Origin(device=silent.id, cause="unreadable")
            return None
        places: list[tuple[str, str]] = []
        for device in sorted(holders):
            places += self._exporters(view, vpn, what, self._views[device])
        if not places:
            return Origin(device=view.id, cause=f"no_exporter:{vpn}:{next_hop}")
        return Origin(places=tuple(places))

    def _exporters(
        self, view: DeviceView, vpn: str, what: tuple[int, Prefix], pe: DeviceView
    ) -> list[tuple[str, str]]:
        family, prefix = what
        mine = _instance(view, vpn, family)
        found = [
            other
            for other in pe.facts.vpn_instances
            if other.family == family
            and _exports_to(other, mine, vpn)
            and _holds_as_own(pe, other.name, family, prefix)
        ]
        shown, labels = _learnt(view, vpn, what, pe)
        exact = [other for other in found if other.rd in shown] or found
        given = _instances_that_gave(pe, labels) if len(exact) > 1 else set()
        exact = [other for other in exact if other.name in given] or exact
        return [(pe.id, other.name) for other in exact]


def _instance(view: DeviceView, vpn: str, family: int) -> VpnInstance | None:
    for instance in view.facts.vpn_instances:
        if instance.name == vpn and instance.family == family:
            return instance
    return None


def _exports_to(other: VpnInstance, mine: VpnInstance | None, vpn: str) -> bool:
    if mine is None or not mine.import_targets:
        return other.name == vpn
    return bool(set(other.export_targets) & set(mine.import_targets))


def _holds_as_own(pe: DeviceView, vpn: str, family: int, prefix: Prefix) -> bool:
    """Whether an instance has a prefix direct, static, from a CE, or leaked into it there."""
    table = pe.table(vpn, family)
    return table is not None and any(_is_own(pe, vpn, row) for row in table.at(prefix))


def _is_own(pe: DeviceView, vpn: str, row: RouteRow) -> bool:
    if row.protocol not in BGP_WORDS or row.leak_vpn is not None:
        return True
    address = parse_address(row.next_hop)
    if address is None or pe.connected(vpn, address.version, int(address)):
        return True
    known = pe.interfaces.get(row.interface)
    # Imported from a sister instance of the same device: its line is printed with the route.
    return known is not None and known.vpn not in (None, vpn, PUBLIC)


def _learnt(
    view: DeviceView, vpn: str, what: tuple[int, Prefix], pe: DeviceView
) -> tuple[set[str], set[str]]:
    """Return under which distinguishers, and with which labels, a prefix was learnt from a PE.

    The part of the instance itself names the label of the route that it took; the part of a
    foreign distinguisher with that label is the same route. An instance's own distinguisher,
    which some devices print over what it imported, is the exporter's only if no other is shown.
    """
    told = [
        route
        for route in view.vpn_routes_of(what)
        if route.best and (route.next_hop.version, int(route.next_hop)) in pe.own_addresses
    ]
    own = [route for route in told if route.vpn == vpn]
    taken = {route.label for route in own if route.label is not None}
    foreign = [route for route in told if route.vpn is None]
    same = [route for route in foreign if route.label in taken] or foreign or own
    labels = taken or {route.label for route in same if route.label is not None}
    return {route.rd for route in same if route.rd}, labels


def _instances_that_gave(pe: DeviceView, labels: set[str]) -> set[str]:
    """Return the instances of a PE whose routes it gave one of these labels to."""
    by_rd = {other.rd: other.name for other in pe.facts.vpn_instances if other.rd}
    found = set()
    for route in pe.facts.vpn_routes:
        is_own = route.next_hop.is_unspecified or (
            (route.next_hop.version, int(route.next_hop)) in pe.own_addresses
        )
        given = route.in_label or (route.label if is_own else None)
        name = route.vpn or by_rd.get(route.rd)
        if given in labels and name is not None:
            found.add(name)
    return found
