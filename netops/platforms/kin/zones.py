"""Zones of a device: security zones, routing instances and addressed VLANs.

Knows how each is written; whether they part what should be parted is for a person to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement

_MOST = 64
_OWN = frozenset({"local", "management"})


@dataclass(slots=True)
class Zones:
    """Names of zones with the line of each. A zone without a member parts nothing."""

    found: dict[str, int] = field(default_factory=dict)

    def zone(self, statement: Statement, words: list[str]) -> None:
        """Read ``firewall zone X`` or ``security-zone name X``."""
        if words[0] == "firewall" and words[1:2] != ["zone"]:
            return
        name = words[-1]
        members = any(c.text.startswith(("add interface", "import ")) for c in statement.below)
        if members and name.lower() not in _OWN:
            self.found[f"zone {name}"] = statement.line

    def instance(self, statement: Statement, words: list[str]) -> None:
        """Read ``ip vpn-instance X``."""
        is_named = words[1:2] == ["vpn-instance"] and len(words) > 2  # noqa: PLR2004 - the name
        if is_named and not words[2].startswith("_"):  # those are the system's own
            self.found[f"vpn-instance {words[2]}"] = statement.line

    def interface(self, statement: Statement, words: list[str]) -> None:
        """Read a VLAN interface that has an address."""
        name = "".join(words[1:])
        if name.startswith(("Vlanif", "Vlan-interface")) and any(
            child.text.startswith(("ip address ", "ipv6 address ")) for child in statement.below
        ):
            self.found[name] = statement.line

    def write(self, draft: Draft) -> None:
        """Write the names."""
        lines = sorted(self.found.values())
        first, last = (lines[0], lines[-1]) if lines else (0, 0)
        draft.put("zones.names", tuple(self.found)[:_MOST], first, last)
