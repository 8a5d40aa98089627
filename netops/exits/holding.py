"""What belongs to each government: what its vertices reach, exit points, devices not read.

Knows the scene. Refuses to judge.
"""

from __future__ import annotations

from netops.exits.dominance import Held
from netops.exits.points import ExitPoint
from netops.exits.resolve import UNREADABLE
from netops.exits.scene import Scene


def hold_all(scene: Scene) -> dict[str, Held]:
    """Gather what each government's own vertices and its departments' entries reach."""
    found = {code: Held() for code in scene.inventory.governments}
    for device in scene.inventory.devices.values():
        held = found[device.government]
        held.add(scene.own.get(device.id, ()), scene.outcomes)
        view = scene.views.get(device.id)
        if view is None or not view.is_readable:
            held.unknown.add((device.id, UNREADABLE))
    for department in scene.inventory.departments.values():
        held = found[department.government]
        for walked in scene.walked[department.id]:
            held.add(walked.entries, scene.outcomes)
            held.unknown |= set(walked.causes)
    return found


def points_by_government(scene: Scene) -> dict[str, list[ExitPoint]]:
    """Return the exit points on the devices of each government."""
    found: dict[str, list[ExitPoint]] = {}
    for _, point in sorted(scene.points.items()):
        found.setdefault(point.government, []).append(point)
    return found


def unread_by_government(scene: Scene) -> dict[str, list[str]]:
    """Return the devices of each government that could not be read."""
    found: dict[str, list[str]] = {}
    for device in scene.inventory.devices.values():
        view = scene.views.get(device.id)
        if view is None or not view.is_readable:
            found.setdefault(device.government, []).append(device.id)
    return found
