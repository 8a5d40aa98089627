"""What each class of evidence said of a subject, what it cannot see, and when that expires.

Knows results. Refuses to judge: these are the words beside a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from netops.exits.findings import family_name
from netops.exits.ground import Ground, Stand
from netops.exits.strengths import DepartmentResult
from netops.exits.terms import FAMILIES
from netops.exits.testimony import Kind, Testimony, Weight, last_day
from netops.findings import Strength
from netops.inventory.model import Area

_ORDER = (Weight.COUNTER, Weight.DOUBT, Weight.POSITIVE, Weight.NOTHING)
_MOST = 20


def say_of_department(
    result: DepartmentResult,
    modelled: Strength,
    needed: set[int],
    speaking: Sequence[Testimony],
    valid_for: timedelta | None,
) -> dict[str, Any]:
    """Return the block ``evidence`` of a department's row.

    ``modelled`` is what the model alone said, ``needed`` the families that count, ``speaking``
    the positives that are valid.
    """
    ground = result.ground
    model: dict[str, Any] = {"said": modelled.value}
    if ground is not None:
        model |= _of_ground(ground, valid_for)
    found = {
        Kind.MODEL.value: model,
        Kind.ACTIVE.value: _of_kind(Kind.ACTIVE, result.testimonies, valid_for),
        Kind.FLOW.value: _of_kind(Kind.FLOW, result.testimonies, valid_for),
    }
    return {
        **found,
        "unseen": _unseen(result, needed, speaking),
        "expires": _first_end(result, speaking, valid_for),
    }


def say_of_government(modelled: Strength, stand: Stand) -> dict[str, Any]:
    """Return the block of a government: its model, its departments, its own packets."""
    return {
        Kind.MODEL.value: {"said": modelled.value, "gaps": list(stand.gaps[:_MOST])},
        Kind.ACTIVE.value: _of_kind(Kind.ACTIVE, stand.own, None),
        Kind.FLOW.value: None,
        "departments": {"counted": stand.counted, "proven": stand.proven},
        "unseen": ["filters"],
        "expires": None,
    }


def _of_ground(ground: Ground, valid_for: timedelta | None) -> dict[str, Any]:
    ends = None
    if ground.oldest is not None and valid_for is not None:
        ends = last_day(ground.oldest, valid_for).isoformat()
    return {
        "complete": not ground.gaps,
        "gaps": list(ground.gaps[:_MOST]),
        "one_way": ground.is_dominated,
        "expires": ends,
    }


def _of_kind(
    kind: Kind, testimonies: Iterable[Testimony], valid_for: timedelta | None
) -> dict[str, Any] | None:
    listed = [t for t in testimonies if t.kind is kind]
    if not listed:
        return None
    counts = {w.value: sum(t.weight is w for t in listed) for w in _ORDER}
    said = next(w for w in _ORDER if counts[w.value])
    shown = [t for t in listed if t.weight is said]
    ends = None
    if valid_for is not None:
        ends = max(last_day(t.at, valid_for) for t in shown).isoformat()
    return {
        "said": said.value,
        "why": sorted({t.word for t in shown}),
        "families": sorted({family_name(t.family) for t in shown}),
        "protocols": sorted({t.protocol for t in shown}),
        "seen": sorted({t.seen for t in shown if t.seen})[:_MOST],
        "exits": sorted({t.exit for t in shown if t.exit is not None}),
        "counts": counts,
        "expires": ends,
    }


def _unseen(result: DepartmentResult, needed: set[int], speaking: Sequence[Testimony]) -> list[str]:
    """Name what no class looked at, ``word`` or ``word:what``."""
    found = ["filters"]
    if not result.testimonies:
        return [*found, "packets"]
    shown = {t.family for t in speaking}
    found += [f"family:{family_name(f)}" for f in FAMILIES if f in needed and f not in shown]
    tried = {t.about.subnet.prefix for t in speaking if t.about.subnet is not None}
    public = [s.prefix for s in result.department.subnets if s.area is Area.PUBLIC]
    found += [f"subnet:{prefix}" for prefix in public if prefix not in tried]
    found += [f"subnet:{s.prefix}" for s in result.department.subnets if s.area is Area.PRIVATE]
    return found


def _first_end(
    result: DepartmentResult, speaking: Sequence[Testimony], valid_for: timedelta | None
) -> str | None:
    """Return the last day on which all that a proof rests on is valid; None without a proof.

    Of each family the latest positive counts.
    """
    if result.strength is not Strength.PROVEN or valid_for is None or result.ground is None:
        return None
    latest = {f: max(t.at for t in speaking if t.family == f) for f in {t.family for t in speaking}}
    moments = [*latest.values()]
    if result.ground.oldest is not None:
        moments.append(result.ground.oldest)
    return last_day(min(moments), valid_for).isoformat()
