"""The answer key with packets: what a department's strength is when its probe host has measured.

Packets show what no configuration told; but they prove nothing where the model has a gap, or an
exit that waits on the way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netops.lab.build.net import PlannedDepartment
from netops.lab.truth_exits import ExitTruth


def departments_measured(read: ExitTruth) -> dict[str, dict[str, Any]]:
    """Return strength and exit of every department, and its strength with active evidence."""
    bare = replace(read.planted, behaviours={})
    whole = ExitTruth(read.net, bare, read.state)
    known, world = read.departments(), whole.departments()
    return {
        department.id: {
            **known[department.id],
            "strength_active": _active(
                read, department, known[department.id], world[department.id]["strength"]
            ),
        }
        for department in read.net.departments.values()
    }


def _active(
    read: ExitTruth, department: PlannedDepartment, known: dict[str, Any], world: str
) -> str:
    strength: str = known["strength"]
    if not _is_probed(read, department):
        return strength
    if strength == "unknown" and world == "violated":
        return world
    goes_out = strength == "consistent" and known["exit"] is not None
    return "proven" if goes_out and read.is_dominated(department) else strength


def _is_probed(read: ExitTruth, department: PlannedDepartment) -> bool:
    """Whether a host that can be logged in to stands in every subnet, where packets are real."""
    if not read.net.spec.on_routers or department.host is None or department.private:
        return False
    host = read.net.routers[department.host]
    held = [item.interface.ip for port in host.ports.values() for item in port.addresses]
    return (
        read.state.is_reached(host.id)
        and read.planted.effect(host.id).answers
        and all(any(address in prefix for address in held) for prefix in department.public)
    )
