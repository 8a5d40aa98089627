"""The scene of one judgement: devices, exit points, classes, and what every entry ends in.

Knows how the parts fit. Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from netops.exits.classes import Destination, Outside, collect, find_classes, merge
from netops.exits.devices import DeviceView
from netops.exits.entries import Entries, Entry
from netops.exits.outcomes import Outcomes, run
from netops.exits.owners import Owners
from netops.exits.points import ExitPoint, Register, Status, build_point, gather
from netops.exits.resolve import Resolver
from netops.exits.secondary import contradictions, snmp_signals
from netops.exits.signals import PrivateLine, Signal, Signals, leak_signals
from netops.exits.sources import Sources
from netops.exits.strengths import Walked, walked_subnets
from netops.exits.terms import (
    FAMILIES,
    LEAK_LINE,
    EndKind,
    Mechanism,
    PointKey,
    Vertex,
)
from netops.exits.walk import Walker
from netops.facts.device import DeviceFacts
from netops.inventory.model import Area, Department, Inventory
from netops.policy.model import Policy

OUT_OF_BAND_USED = "out_of_band_used"


@dataclass(slots=True)
class Scene:
    """Everything that the judgement reads."""

    inventory: Inventory
    facts: Mapping[str, DeviceFacts]
    views: Mapping[str, DeviceView]
    register: Register
    owners: Owners
    points: dict[PointKey, ExitPoint]
    classes: Mapping[int, tuple[Destination, ...]]
    found_classes: Mapping[int, int]
    walker: Walker
    sources: Sources
    walked: Mapping[str, tuple[Walked, ...]]
    own: Mapping[str, tuple[Entry, ...]]
    outcomes: Outcomes
    private_lines: tuple[PrivateLine, ...]
    contradictions: tuple[tuple[str, str], ...]


def set_scene(
    inventory: Inventory, facts: Mapping[str, DeviceFacts], policy: Policy, as_of: date
) -> Scene:
    """Read all facts, find exit points and classes, and walk every entry."""
    views = _views(inventory, facts)
    owners = Owners(inventory, views)
    resolver = Resolver(inventory, views, owners)
    register = Register(inventory, owners, as_of)
    register.add_members(views)
    private = _private_names(inventory)
    signals = Signals(inventory.plan, owners, resolver, private)
    seen = [signal for view in views.values() for signal in signals.of(view)]
    seen += snmp_signals(inventory, facts, views, owners)
    points = gather(_with_silent(inventory, facts, views), seen, register)
    named = collect(views.values(), register.declared_lines, inventory)
    single = {f: find_classes(named[f], inventory, policy.anchors) for f in FAMILIES}
    classes = {f: merge(single[f], named[f]) for f in FAMILIES}
    sources = Sources(views)
    walker = Walker(views, resolver, inventory.plan, sources, private)
    walker.hang_idle(_idle(points.values()))
    entries = Entries(inventory, views, owners)
    walked = _walk_all(inventory, entries)
    own = {view.id: entries.own(view) for view in views.values()}
    starts = (*_entered(walked, own), *_private_instances(views.values(), private))
    scene = Scene(
        inventory=inventory,
        facts=facts,
        views=views,
        register=register,
        owners=owners,
        points=points,
        classes=classes,
        found_classes={f: len(single[f]) for f in FAMILIES},
        walker=walker,
        sources=sources,
        walked=walked,
        own=own,
        outcomes=run(walker, sources, starts, classes),
        private_lines=tuple(sorted(set(signals.private_lines), key=str)),
        contradictions=tuple(sorted(contradictions(inventory, views, owners))),
    )
    _complete(scene)
    return scene


def _entered(
    walked: Mapping[str, Iterable[Walked]], own: Mapping[str, Iterable[Entry]]
) -> Iterator[Entry]:
    for items in walked.values():
        yield from (entry for one in items for entry in one.entries)
    for entries in own.values():
        yield from entries


def _views(inventory: Inventory, facts: Mapping[str, DeviceFacts]) -> dict[str, DeviceView]:
    """Return the devices that gave answers, with their rows that reach outside."""
    views = {
        device.id: DeviceView(device, facts[device.id])
        for device in inventory.devices.values()
        if device.id in facts and facts[device.id].has_answered
    }
    outside = Outside(inventory)
    for view in views.values():
        outside.index(view)
    return views


def _private_names(inventory: Inventory) -> frozenset[str]:
    """Return the instances in which departments have private subnets."""
    return frozenset(
        subnet.vpn
        for department in inventory.departments.values()
        for subnet in department.subnets
        if subnet.area is Area.PRIVATE and subnet.vpn
    )


def _with_silent(
    inventory: Inventory, facts: Mapping[str, DeviceFacts], views: Mapping[str, DeviceView]
) -> dict[str, DeviceView]:
    """Add devices of which only SNMP answered: they may carry an exit point, but no walk."""
    silent = {
        name: DeviceView(inventory.devices[name], found)
        for name, found in facts.items()
        if name in inventory.devices and name not in views
    }
    return {**views, **silent}


def _idle(points: Iterable[ExitPoint]) -> Iterator[tuple[PointKey, str]]:
    for point in points:
        if point.latent and point.status is not Status.OUT_OF_BAND:
            for vpn in point.instances:
                yield point.key, vpn


def _walk_all(inventory: Inventory, entries: Entries) -> dict[str, tuple[Walked, ...]]:
    return {
        department.id: tuple(_walked_of(department, entries))
        for department in inventory.departments.values()
    }


def _walked_of(department: Department, entries: Entries) -> Iterator[Walked]:
    """Yield what is walked for a department: its subnets, and families nobody registered."""
    families = {(s.prefix.version, s.vpn) for s in department.subnets}
    for subnet in department.subnets:
        entered = entries.of(subnet)
        yield walked_subnets(subnet, entered)
        for family in FAMILIES:
            is_registered = (family, subnet.vpn) in families
            if not is_registered and (seen := entries.beside(entered, family)):
                yield Walked(subnet, seen, (), family, is_registered=False)


def _private_instances(views: Iterable[DeviceView], private: frozenset[str]) -> Iterator[Entry]:
    """Yield an entry for every private instance with a way to the outside, to find leaks."""
    for view in views:
        places = {key for key, rows in view.outside.items() if rows}
        places |= {(s.vpn, s.prefix.version) for s in view.unselected}
        for vpn, family in sorted(places):
            if vpn in private:
                # No source of its own: the range is empty, so no policy tells it apart.
                yield Entry(Vertex(view.id, vpn), family, (0, 0))


def _complete(scene: Scene) -> None:
    """Add the points that only the walk shows: leaks, and out-of-band lines that are used."""
    live, every = _ends(scene)
    for key, kind in sorted(every):
        if kind is EndKind.LEAK:
            scene.points[key] = _leak(scene, key, active=(key, kind) in live)
        elif key not in scene.points:
            view = scene.views[key.device]
            point = replace(build_point(view, key, ()), latent=(key, kind) not in live)
            scene.points[key] = scene.register.classify(view, point)
    for items in scene.walked.values():
        for walked in items:
            _promote(scene, walked)


def _ends(scene: Scene) -> tuple[set[tuple[PointKey, EndKind]], set[tuple[PointKey, EndKind]]]:
    live: set[tuple[PointKey, EndKind]] = set()
    every: set[tuple[PointKey, EndKind]] = set()
    for entry, ends, end in scene.outcomes.every_end():
        if end.kind in (EndKind.EXIT, EndKind.LEAK):
            found = (PointKey(end.device, end.place, entry.family), end.kind)
            every.add(found)
            if end in ends.live:
                live.add(found)
    return live, every


def _leak(scene: Scene, key: PointKey, *, active: bool) -> ExitPoint:
    """Make the exit point of a leak, with the legal exit that it leads to where it is one."""
    view = scene.views[key.device]
    signals: tuple[Signal, ...] = tuple(
        sorted(leak_signals(view, key, active=active), key=lambda s: (s.source, str(s.what)))
    )
    start = Vertex(key.device, key.line.removeprefix(LEAK_LINE))
    reached = {
        scene.points[k].exit
        for entry, outcome in scene.outcomes.of_device(key.device)
        if entry.vertex._replace(entering="") == start and entry.family == key.family
        for ends in outcome
        for end in ends.every
        if end.kind is EndKind.EXIT
        and (k := PointKey(end.device, end.place, key.family)) in scene.points
    }
    names = sorted(name for name in reached if name is not None)
    return ExitPoint(
        key=key,
        government=view.government,
        mechanism=Mechanism.VPN_LEAK,
        also=(),
        latent=not active,
        signals=signals,
        exit=names[0] if names else None,
    )


def _promote(scene: Scene, walked: Walked) -> None:
    """Count an out-of-band line as an exit point where a department's packets leave by it."""
    for entry in walked.entries:
        for end in scene.outcomes.live_ends(entry):
            key = PointKey(end.device, end.place, entry.family)
            point = scene.points.get(key)
            if point is not None and point.status is Status.OUT_OF_BAND and not entry.latent:
                scene.points[key] = replace(
                    point, status=Status.UNDECLARED, latent=False, cause=OUT_OF_BAND_USED
                )
