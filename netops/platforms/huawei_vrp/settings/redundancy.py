"""What keeps a VRP device, or what hangs on it, alive when a part fails.

Knows which blocks stand on every device and mean nothing alone; refuses to know whether the
other half is there and works.
"""

from __future__ import annotations

import re

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement
from netops.platforms.kin.reading import Statements

_SLOT = re.compile(r"(?:X?GigabitEthernet|MultiGE|\d{1,3}GE|Ethernet)(\d{1,2})/0/\d+")
_MEMBER = ["stack", "member"]


def note(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``hrp enable``, ``css enable``, and ``stack`` with two members.

    An empty ``stack`` stands on every device that could be stacked.
    """
    named = (child.words for child in root.below)
    members = {parts[2] for parts in named if parts[:2] == _MEMBER and len(parts) > 2}  # noqa: PLR2004
    if words[1:2] == ["enable"] or len(members) > 1:
        reading.means[words[0]] = root.line


def write(reading: Statements, draft: Draft, family: str) -> None:
    """Write the means; a box switch with ports of slot 0 and of another is a stack."""
    means = {*reading.means}
    ports = reading.ports
    if any(speaker.stands_in for speaker in ports.speakers):
        means.add("vrrp")
    if ports.aggregates:
        means.add("eth-trunk")
    slots = {found[1] for port in ports.ports if (found := _SLOT.fullmatch(port.name))}
    if family == "s" and "0" in slots and len(slots) > 1:
        means.add("stack")
    draft.put("redundancy.means", tuple(sorted(means)))
