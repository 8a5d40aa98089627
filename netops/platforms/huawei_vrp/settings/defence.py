"""``cpu-defend``: policies for packets to the device itself, and where they act.

Knows that a policy guards nothing before it is applied, to the device or to a slot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement


@dataclass(slots=True)
class Defence:
    """Policies with their lines, and the names of those that are applied somewhere."""

    policies: dict[str, int] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)

    def define(self, statement: Statement, words: list[str]) -> None:
        """Read ``cpu-defend policy X``."""
        if words[1:2] == ["policy"] and len(words) > 2:  # noqa: PLR2004 - the name
            self.policies[words[2]] = statement.line

    def apply(self, words: list[str]) -> None:
        """Read ``cpu-defend-policy X [global]``."""
        if words[0] == "cpu-defend-policy":
            self.applied.update(words[1:2])

    def slot(self, statement: Statement) -> None:
        """Read what acts in a slot."""
        for child in statement.below:
            self.apply(child.words)

    def write(self, draft: Draft) -> None:
        """Write whether a policy that is there acts anywhere."""
        acting = [line for name, line in self.policies.items() if name in self.applied]
        draft.put("protect.control_plane", bool(acting), acting[0] if acting else 0)
