"""Destination classes: one address for every part of the internet that some device tells apart.

Knows prefixes. Refuses to know where they lead. A class stands for all addresses whose most
specific named prefix is the same; classes that every device matches alike are one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_network

from netops.addressing import PRIVATE_USE, AddressPlan
from netops.exits.devices import (
    BGP_WORDS,
    DIRECT_WORDS,
    DeviceView,
    Rows,
    parse_address,
    prefix_key,
)
from netops.exits.matching import bounds, destinations_named
from netops.exits.terms import BITS, FAMILIES, V4, Prefix, range_of
from netops.facts.routes import RouteRow, StaticRoute
from netops.inventory.model import Inventory

HALVES = tuple(ip_network(text) for text in ("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"))
SPECIAL = tuple(
    ip_network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
) + tuple(ip_network(text) for text in ("::/127", "fe80::/10", "ff00::/8"))
"""Neither inside nor outside, as the address plan has it."""

SHORTEST_SEGMENT = 8
"""A connected prefix shorter than this is no segment, but a way to write a default."""

Place = tuple[str, ...]
Network = IPv4Network | IPv6Network


def network_of(prefix: Prefix, family: int) -> Network:
    """Return a prefix as a network object."""
    return IPv4Network(prefix) if family == V4 else IPv6Network(prefix)


@dataclass(frozen=True, slots=True)
class Destination:
    """One class: ``address`` stands for it, ``chain`` holds the named prefixes around it.

    The chain is longest first. ``is_anchor``: it stands for the internet as a whole.
    ``stands_for`` counts the prefixes merged into it.
    """

    family: int
    address: int
    prefix: Prefix
    chain: tuple[Prefix, ...]
    is_anchor: bool
    stands_for: int = 1
    differs: frozenset[tuple[Place, Hashable]] = frozenset()
    """How places treat it otherwise than by their default route."""

    @property
    def label(self) -> str:
        """The prefix that the class is named after."""
        return str(network_of(self.prefix, self.family))


@dataclass(slots=True)
class Named:
    """Prefixes outside the plan that devices name, and how each place treats them."""

    family: int
    how: dict[Prefix, dict[Place, Hashable]] = field(default_factory=dict)
    segments: set[Prefix] = field(default_factory=set)
    quiet: list[tuple[Prefix, Place, Hashable]] = field(default_factory=list)
    """A declared provider's routes: they make no class, but forward those that others make."""

    def note(self, prefix: Prefix, place: Place, how: Hashable) -> None:
        """Note that ``place`` treats ``prefix`` in its own way."""
        self.how.setdefault(prefix, {})[place] = how


class Outside:
    """Which rows of the tables reach outside the plan; each prefix is asked once."""

    def __init__(self, inventory: Inventory) -> None:
        self._plan = inventory.plan
        self._known: dict[int, dict[Prefix, bool]] = {family: {} for family in FAMILIES}

    def reaches(self, family: int, prefix: Prefix) -> bool:
        """Whether a prefix holds an address outside the plan."""
        known = self._known[family]
        found = known.get(prefix)
        if found is None:
            first, last = range_of(prefix, family)
            found = known[prefix] = self._plan.reaches_outside(family, first, last)
        return found

    def index(self, view: DeviceView) -> None:
        """Give a view its rows that reach outside, by instance, family and prefix."""
        for (vpn, family), table in view.facts.routes.items():
            found: dict[Prefix, list[RouteRow]] = {}
            known = self._known[family]
            for row in table.rows:
                prefix = (row.network, row.length)
                outside = known.get(prefix)
                if outside is None:
                    outside = self.reaches(family, prefix)
                if outside:
                    found.setdefault(_aligned(prefix, family), []).append(row)
            view.outside[(vpn, family)] = {p: tuple(rows) for p, rows in found.items()}
        configured = tuple(
            static
            for static in view.facts.statics
            if self.reaches(static.prefix.version, prefix_key(static))
            and not view.is_selected(static)
        )
        view.unselected = (*configured, *_shown_unselected(view))


def _aligned(prefix: Prefix, family: int) -> Prefix:
    """Return a prefix without host bits, which a device may print and nobody should trip over."""
    network, length = prefix
    shift = BITS[family] - length
    return (network >> shift) << shift, length


def _shown_unselected(view: DeviceView) -> Iterator[StaticRoute]:
    """Yield static routes that a table shows without selecting them, where no configuration does.

    A kernel has no configuration to read: its table is all there is.
    """
    known = {(s.vpn, s.prefix.version, prefix_key(s)) for s in view.facts.statics}
    for (vpn, family), found in view.outside.items():
        for prefix, rows in found.items():
            best = min(((r.preference, r.metric) for r in rows if r.active), default=None)
            for row in rows:
                if row.active or row.protocol != "static" or (vpn, family, prefix) in known:
                    continue
                is_worse = best is not None and (row.preference, row.metric) > best
                hop = parse_address(row.next_hop)
                observation = view.facts.routes[(vpn, family)].observation
                yield StaticRoute(
                    vpn,
                    network_of(prefix, family),
                    hop,
                    row.interface or None,
                    row.leak_vpn,
                    # Kernels rank by metric, which is no preference: keep who is the better.
                    preference=row.preference + 1 if is_worse else row.preference,
                    blackhole=row.blackhole,
                    source=row.source(observation),
                )


def collect(
    views: Iterable[DeviceView], declared: frozenset[tuple[str, str]], inside: Inventory
) -> Mapping[int, Named]:
    """Collect what any table, policy route, static route or tunnel names outside the plan."""
    named = {family: Named(family) for family in FAMILIES}
    learnt: list[tuple[DeviceView, str, int, Prefix, Rows]] = []
    for view in views:
        for (vpn, family), found in view.outside.items():
            for prefix, rows in found.items():
                if all(row.protocol in BGP_WORDS for row in rows):
                    learnt.append((view, vpn, family, prefix, rows))
                else:
                    _note_rows(named[family], view, (vpn, prefix), rows)
        _note_configured(named, view, inside.plan)
        _note_segments(named, view, inside)
    given = _from_providers(learnt, declared)
    for view, vpn, family, prefix, rows in learnt:
        how = _how(view, vpn, rows)
        if (family, prefix) in given and _is_handed_on(view, rows, declared, inside):
            named[family].quiet.append((prefix, (view.id, vpn), how))
        elif how is not None:
            named[family].note(prefix, (view.id, vpn), how)
    return named


def _from_providers(
    learnt: Iterable[tuple[DeviceView, str, int, Prefix, Rows]],
    declared: frozenset[tuple[str, str]],
) -> set[tuple[int, Prefix]]:
    """Return the prefixes, no default among them, that a declared exit's provider announces."""
    return {
        (family, prefix)
        for view, _, family, prefix, rows in learnt
        if prefix[1] and any((view.id, row.interface) in declared for row in rows)
    }


def _note_rows(named: Named, view: DeviceView, where: tuple[str, Prefix], rows: Rows) -> None:
    vpn, prefix = where
    if any(row.protocol in DIRECT_WORDS for row in rows):
        if prefix[1] >= SHORTEST_SEGMENT:
            named.segments.add(prefix)
        return
    how = _how(view, vpn, rows)
    if how is not None:
        named.note(prefix, (view.id, vpn), how)


def _how(view: DeviceView, vpn: str, rows: Rows) -> Hashable | None:
    """Return what tells one treatment of a prefix from another; None where none is selected."""
    active = [row for row in rows if row.active]
    if not active:
        return None
    paths = sorted((r.next_hop, r.interface, r.leak_vpn or "", r.blackhole) for r in active)
    learnt = any(row.protocol in BGP_WORDS for row in active)
    # Which instance exported a route of a VPN depends on the prefix, not on the next hop alone.
    own = (active[0].network, active[0].length) if vpn and learnt else ()
    falls_back = any(node.default_only for node in view.facts.policy_routes)
    return (falls_back and active[0].length > 0, own, *paths)


def _is_handed_on(
    view: DeviceView, rows: Rows, declared: frozenset[tuple[str, str]], inventory: Inventory
) -> bool:
    """Whether BGP rows are a provider's table on its declared line or handed on inside."""
    for row in rows:
        if (view.id, row.interface) in declared:
            continue
        address = parse_address(row.next_hop)
        if address is None or not inventory.plan.is_inside(address):
            return False
    return True


def _note_configured(named: Mapping[int, Named], view: DeviceView, plan: AddressPlan) -> None:
    for static in view.unselected:
        prefix = prefix_key(static)
        family = static.prefix.version
        where = (view.id, static.vpn, "configured")
        how = (str(static.next_hop), static.interface, static.to_vpn)
        named[family].note(prefix, where, how)
    for node in view.facts.policy_routes:
        for network in destinations_named(node, view.acls):
            prefix = (int(network.network_address), network.prefixlen)
            if plan.reaches_outside(network.version, *bounds(network)):
                match = (view.id, node.name, str(node.node), str(network))
                named[network.version].note(prefix, match, "policy")
    for tunnel in view.facts.tunnels:
        if tunnel.peer is not None:
            prefix = (int(tunnel.peer), BITS[tunnel.peer.version])
            if plan.is_outside(tunnel.peer):
                named[tunnel.peer.version].how.setdefault(prefix, {})


def _note_segments(named: Mapping[int, Named], view: DeviceView, inventory: Inventory) -> None:
    for interface in view.facts.interfaces:
        for item in interface.addresses or ():
            net = item.interface.network
            if inventory.plan.is_outside(item.interface.ip):
                named[net.version].segments.add((int(net.network_address), net.prefixlen))


@dataclass(slots=True)
class _Open:
    """A prefix of the sweep whose end was not reached yet."""

    first: int
    last: int
    item: _Item
    cursor: int
    chain: tuple[Prefix, ...]
    blocked: bool
    address: int | None = None


@dataclass(slots=True)
class _Item:
    """What stands at a prefix in the sweep."""

    prefix: Prefix
    is_named: bool = False
    is_anchor: bool = False
    is_blocked: bool = False


def find_classes(
    named: Named, inventory: Inventory, anchors: Iterable[Network]
) -> tuple[Destination, ...]:
    """Return one class for every prefix with an address of its own; alike ones not yet merged."""
    items = _items(named, inventory, anchors)
    ordered = sorted(items.values(), key=lambda i: (i.prefix[0], i.prefix[1]))
    found: list[Destination] = []
    stack: list[_Open] = []
    for item in ordered:
        first, last = range_of(item.prefix, named.family)
        while stack and stack[-1].last < first:
            _close(stack.pop(), named.family, found)
        above = stack[-1] if stack else None
        if above is not None:
            _pass_gap(above, first)
            above.cursor = last + 1
        chain = above.chain if above else ()
        blocked = item.is_blocked or (above is not None and above.blocked)
        if item.is_named:
            chain = (item.prefix, *chain)
        stack.append(_Open(first, last, item, first, chain, blocked))
    while stack:
        _close(stack.pop(), named.family, found)
    return _with_quiet(sorted(found, key=lambda d: (d.address, d.prefix)), named)


def _with_quiet(found: list[Destination], named: Named) -> tuple[Destination, ...]:
    """Add to the chains the quiet prefixes in which the classes' addresses happen to lie."""
    addresses = [destination.address for destination in found]
    around: dict[int, set[Prefix]] = {}
    for prefix, place, how in named.quiet:
        first, last = range_of(prefix, named.family)
        hit = addresses[bisect_left(addresses, first) : bisect_right(addresses, last)]
        for address in hit:
            around.setdefault(address, set()).add(prefix)
        if hit and how is not None:
            named.note(prefix, place, how)
    return tuple(
        replace(
            d,
            chain=tuple(
                sorted({*d.chain, *around.get(d.address, ())}, key=lambda p: p[1], reverse=True)
            ),
        )
        for d in found
    )


def _pass_gap(above: _Open, first: int) -> None:
    if above.address is None and above.cursor < first:
        # Not the network address itself where there is a choice.
        above.address = above.cursor + (1 if above.cursor + 1 < first else 0)


def _close(done: _Open, family: int, found: list[Destination]) -> None:
    _pass_gap(done, done.last + 1)
    item = done.item
    if done.blocked or done.address is None or not (item.is_named or item.is_anchor):
        return
    found.append(Destination(family, done.address, item.prefix, done.chain, item.is_anchor))


def _items(named: Named, inventory: Inventory, anchors: Iterable[Network]) -> dict[Prefix, _Item]:
    items: dict[Prefix, _Item] = {}

    def at(network: Network) -> _Item | None:
        if network.version != named.family:
            return None
        prefix = (int(network.network_address), network.prefixlen)
        return items.setdefault(prefix, _Item(prefix))

    for prefix in named.how:
        items.setdefault(prefix, _Item(prefix)).is_named = True
    for network in (*anchors, *HALVES):
        item = at(network)
        if item is not None:
            item.is_anchor = True
    planned = [p.prefix for p in inventory.plan.prefixes]
    for network in (*planned, *SPECIAL, *PRIVATE_USE):
        item = at(network)
        if item is not None:
            item.is_blocked = True
    for prefix in named.segments:
        items.setdefault(prefix, _Item(prefix)).is_blocked = True
    return items


def merge(destinations: Iterable[Destination], named: Named) -> tuple[Destination, ...]:
    """Make one of all classes that every device matches alike, an anchor first among them."""
    kept: dict[frozenset[tuple[Place, Hashable]], Destination] = {}
    for destination in destinations:
        key = _difference(destination, named)
        before = kept.get(key)
        if before is None:
            kept[key] = replace(destination, differs=key)
            continue
        first = before if before.is_anchor or not destination.is_anchor else destination
        kept[key] = replace(
            first,
            is_anchor=before.is_anchor or destination.is_anchor,
            stands_for=before.stands_for + 1,
            differs=key,
        )
    return tuple(kept.values())


def _difference(destination: Destination, named: Named) -> frozenset[tuple[Place, Hashable]]:
    """Return how this class is treated otherwise than by the default routes alone."""
    default = named.how.get((0, 0), {})
    effective: dict[Place, Hashable] = {}
    for prefix in reversed(destination.chain):
        if prefix[1]:
            effective.update(named.how.get(prefix, {}))
    return frozenset((p, how) for p, how in effective.items() if default.get(p) != how)
