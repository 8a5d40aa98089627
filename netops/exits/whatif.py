"""What would happen if a declared exit went away: who takes over, and who is cut off.

Knows the model alone: the exit's lines and all that leads over them are taken out of the facts,
with the defaults that others learnt from there, and the walk is done again. What a neighbour
would then tell is told apart, as a possibility. Refuses to judge: nothing here is a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from netops.exits.devices import DeviceView, parse_address
from netops.exits.entries import Entry
from netops.exits.findings import family_name
from netops.exits.points import Status
from netops.exits.relearning import promoted, relearn, with_possible_defaults
from netops.exits.scene import Scene, set_scene
from netops.exits.strengths import Walked
from netops.exits.terms import End, EndKind, Mechanism, PointKey, Range
from netops.facts.device import DeviceFacts
from netops.facts.routes import RouteTable
from netops.inventory.model import Area, Inventory
from netops.policy.model import Policy

_LEGAL = (Status.DECLARED, Status.EXEMPT)


def withdraw_exit(
    inventory: Inventory,
    facts: Mapping[str, DeviceFacts],
    when: tuple[Policy, date],
    exit_id: str,
) -> dict[str, Any]:
    """Return what the model says of the net without an exit, as plain JSON values."""
    before = set_scene(inventory, facts, *when)
    lines = _lines_of(before, exit_id)
    left = _without(before, facts, lines)
    lost = relearn(before.views, before.owners, left, sorted({device for device, _ in lines}))
    after = set_scene(inventory, left, *when)
    told = _Told()
    for department in inventory.departments.values():
        for family in (4, 6):
            was = [w for w in before.walked[department.id] if _is_public(w, family)]
            if not any(exit_id in _exits(before, _reached(before, w).live) for w in was):
                continue
            now = [w for w in after.walked[department.id] if _is_public(w, family)]
            told.add(after, (department.id, family), _joined(after, now))
    possible = _Told()
    if told.cut and lost:
        offered = set_scene(
            inventory, with_possible_defaults(before.owners, facts, left, lost), *when
        )
        for name, family in told.cut:
            now = [w for w in offered.walked[name] if _is_public(w, family)]
            possible.add(offered, (name, family), _joined(offered, now))
    affected = len({name for name, _ in (*told.taken, *told.cut, *told.unknown)})
    return {
        "withdrawn": exit_id,
        "lines": sorted(f"{device} {line}" for device, line in lines),
        "taken_over": list(told.taken.values()),
        "cut_off": [_named(key) for key in told.cut],
        "may_take_over": list(possible.taken.values()),
        "unknown": [_named(key) for key in told.unknown],
        "unaffected": len(inventory.departments) - affected,
        "latent_exits": list(_latent(after, told)),
    }


def _is_public(walked: Walked, family: int) -> bool:
    return walked.subnet.area is Area.PUBLIC and walked.family == family


def _named(key: tuple[str, int]) -> dict[str, str]:
    return {"department": key[0], "family": family_name(key[1])}


@dataclass(slots=True)
class _Reach:
    """Ends of the anchors: where packets go, and where they could."""

    live: set[PointKey] = field(default_factory=set)
    every: set[PointKey] = field(default_factory=set)
    unknown: bool = False


@dataclass(slots=True)
class _Told:
    """Who goes where afterwards, by department and family."""

    taken: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    cut: list[tuple[str, int]] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    users: dict[PointKey, set[str]] = field(default_factory=dict)

    def add(self, scene: Scene, key: tuple[str, int], reach: _Reach) -> None:
        """Sort a department by what it reaches now, else by what could take over."""
        found = reach.live or {k for k in reach.every if _can_carry(scene, k)}
        if not found:
            (self.unknown if reach.unknown else self.cut).append(key)
            return
        self.taken[key] = {
            **_named(key),
            "by": sorted(f"{k.device} {k.line}" for k in found),
            "exits": sorted(_exits(scene, found)),
        }
        for point in found:
            self.users.setdefault(point, set()).add(key[0])


def _can_carry(scene: Scene, key: PointKey) -> bool:
    """Whether something leads into a latent point; a bare outside address carries nothing."""
    point = scene.points.get(key)
    return point is not None and point.mechanism is not Mechanism.PUBLIC_INTERFACE


def _lines_of(scene: Scene, exit_id: str) -> set[tuple[str, str]]:
    made = scene.inventory.exits[exit_id]
    found = {(line.device, line.interface) for line in made.lines}
    return found | {(k.device, k.line) for k, p in scene.points.items() if p.exit == exit_id}


def _reached(scene: Scene, walked: Walked) -> _Reach:
    found = _Reach(unknown=bool(walked.causes))
    for entry in walked.entries:
        for ends, classes in scene.outcomes.of(entry).items():
            if any(destination.is_anchor for destination in classes):
                _add(found.live, ends.live if not entry.latent else (), entry)
                _add(found.every, ends.every, entry)
                found.unknown |= any(end.kind is EndKind.UNKNOWN for end in ends.live)
    return found


def _add(keys: set[PointKey], ends: frozenset[End] | tuple[()], entry: Entry) -> None:
    keys |= {
        PointKey(end.device, end.place, entry.family) for end in ends if end.kind is EndKind.EXIT
    }


def _joined(scene: Scene, walked: list[Walked]) -> _Reach:
    total = _Reach()
    for item in walked:
        found = _reached(scene, item)
        total.live |= found.live
        total.every |= found.every
        total.unknown |= found.unknown
    return total


def _exits(scene: Scene, keys: set[PointKey]) -> set[str]:
    points = (scene.points[key] for key in keys if key in scene.points)
    return {p.exit for p in points if p.exit is not None and p.status in _LEGAL}


def _latent(scene: Scene, told: _Told) -> Iterator[dict[str, Any]]:
    """Yield the points that carry nothing today, and who would leave by them."""
    for key in sorted(told.users):
        point = scene.points.get(key)
        if point is None or point.status in _LEGAL:
            continue
        yield {
            "device": key.device,
            "line": key.line,
            "family": family_name(key.family),
            "mechanism": point.mechanism.value,
            "government": point.government,
            "departments": sorted(told.users[key]),
        }


def _without(
    scene: Scene, facts: Mapping[str, DeviceFacts], lines: set[tuple[str, str]]
) -> dict[str, DeviceFacts]:
    """Return the facts with the lines down and nothing left that leads over them."""
    found = dict(facts)
    for device in {device for device, _ in lines}:
        view = scene.views.get(device)
        if view is not None:
            names = {line for name, line in lines if name == device}
            found[device] = _down(view, names)
    return found


def _down(view: DeviceView, names: set[str]) -> DeviceFacts:
    nets = {f: [net for name in names for net in view.nets(name, f)] for f in (4, 6)}
    facts = view.facts
    return replace(
        facts,
        interfaces=tuple(
            replace(i, addresses=(), link_up=False) if i.name in names else i
            for i in facts.interfaces
        ),
        routes={
            key: _without_rows(table, names, nets[key[1]]) for key, table in facts.routes.items()
        },
        statics=tuple(
            s
            for s in facts.statics
            if s.interface not in names and not _lies_in(s.next_hop, nets[s.prefix.version])
        ),
        policy_routes=tuple(
            node
            for node in facts.policy_routes
            if node.out_interface not in names
            and not any(_lies_in(hop, nets[hop.version]) for hop in node.next_hops)
        ),
        nat_rules=tuple(rule for rule in facts.nat_rules if rule.interface not in names),
        bgp_peers=tuple(
            p for p in facts.bgp_peers if not _lies_in(p.address, nets[p.address.version])
        ),
        dialers=tuple(d for d in facts.dialers if d.name not in names),
        pppoe=tuple(p for p in facts.pppoe if p.dialer not in names and p.interface not in names),
    )


def _without_rows(table: RouteTable, names: set[str], nets: list[Range]) -> RouteTable:
    rows = tuple(
        row
        for row in table.rows
        if row.interface not in names and not _lies_in(parse_address(row.next_hop), nets)
    )
    return promoted(replace(table, rows=rows))


def _lies_in(address: IPv4Address | IPv6Address | None, nets: list[Range]) -> bool:
    return address is not None and any(first <= int(address) <= last for first, last in nets)
