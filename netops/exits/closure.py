"""How complete the model is: devices read, lines understood, ends known, the oldest fact.

Knows what was collected. Refuses to know verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from netops.exits.resolve import UNREADABLE
from netops.exits.scene import Scene
from netops.exits.terms import EndKind
from netops.facts.device import Contact, DeviceFacts
from netops.findings import Coverage

UNREAD_LINES = "unread_lines"

_TOUCHING = re.compile(
    r"rout|nat|polic|traffic|acl|access|prefix|vrf|vpn|instance|bgp|ospf|isis|rip|next-?hop|pbr"
    r"|rule|table|tunnel|dialer|ppp|cellular|dhcp|redirect|gateway",
    re.IGNORECASE,
)
"""Words of lines that bear on where packets go; a line of a configuration with none does not."""

_CONFIGURATION = "config"


def gaps_of(scene: Scene, devices: Iterable[str]) -> tuple[str, ...]:
    """Return what is missing of some devices, ``word:device``; nothing when all is understood."""
    found: list[str] = []
    for device in sorted(devices):
        view = scene.views.get(device)
        if view is None or not view.is_readable:
            found.append(f"{UNREADABLE}:{device}")
        elif count_touching(view.facts):
            found.append(f"{UNREAD_LINES}:{device}")
    return tuple(found)


def count_touching(facts: DeviceFacts) -> int:
    """Count the lines not understood that may bear on routing, translation or policies."""
    answers = {a.observation: a for a in facts.answers if a.unread}
    if not answers:
        return 0
    count = 0
    listed: dict[str, int] = {}
    for line in facts.unread:
        answer = answers.get(line.source.observation)
        if answer is None:
            continue
        listed[answer.observation] = listed.get(answer.observation, 0) + 1
        needed = "exits" in answer.needed_by and _CONFIGURATION not in answer.command
        count += needed or _TOUCHING.search(line.text[:200]) is not None
    # Lines beyond those that a reading lists are taken for the worst.
    unlisted = (a.unread - listed.get(a.observation, 0) for a in answers.values() if a.needed_by)
    return count + sum(more for more in unlisted if more > 0)


def oldest_fact(scene: Scene, devices: Iterable[str]) -> datetime | None:
    """Return when the oldest answer of some devices was given; None where one is not dated."""
    found: list[datetime] = []
    for device in devices:
        facts = scene.facts.get(device)
        for answer in facts.answers if facts is not None else ():
            if "exits" not in answer.needed_by or not answer.observation:
                continue
            moment = _moment(answer.at)
            if moment is None:
                return None
            found.append(moment)
    return min(found, default=None)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def describe_closure(scene: Scene) -> dict[str, Any]:
    """Return the parts of the closure, as plain JSON values."""
    inventory, facts = scene.inventory, scene.facts
    links = [link for link in inventory.links.values() if link.b is not None]
    oldest = oldest_fact(scene, (d for d in scene.views))
    return {
        "devices": {
            "registered": len(inventory.devices),
            "collected": sum(1 for d in inventory.devices if d in scene.views),
            "understood": sum(1 for view in scene.views.values() if view.is_readable),
        },
        "edges": {
            "registered": len(links),
            "both_ends_known": sum(
                1
                for link in links
                if link.b is not None
                and _is_known(scene, link.a.device, link.a.interface)
                and _is_known(scene, link.b.device, link.b.interface)
            ),
        },
        "unknown_terminals": len(set(_unknown_terminals(scene))),
        "unread_lines": {
            "all": sum(answer.unread for f in facts.values() for answer in f.answers),
            "touching": sum(count_touching(f) for f in facts.values()),
        },
        "oldest_fact": None if oldest is None else oldest.isoformat(),
    }


def _is_known(scene: Scene, device: str, interface: str) -> bool:
    view = scene.views.get(device)
    return view is not None and interface in view.interfaces


def _unknown_terminals(scene: Scene) -> Iterator[tuple[str, str]]:
    for _, _, end in scene.outcomes.every_end():
        if end.kind is EndKind.UNKNOWN:
            yield end.device, end.place
    for items in scene.walked.values():
        for walked in items:
            yield from walked.causes


def count_coverage(scene: Scene) -> Coverage:
    """Count devices and lines as every audit does."""
    known = [scene.facts[d] for d in scene.inventory.devices if d in scene.facts]
    return Coverage(
        registered=len(scene.inventory.devices),
        asked=sum(f.contact is not Contact.NOT_ASKED for f in known),
        answered=sum(f.has_answered for f in known),
        understood=sum(view.is_readable for view in scene.views.values()),
        unparsed_lines=sum(answer.unread for f in known for answer in f.answers),
    )
