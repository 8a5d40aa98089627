"""Servers that decide about logins and keep commands: whether what is named holds one.

Knows schemes and templates by kind and name; refuses to know how a platform writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN, Draft

KEYED, OPEN, NONE = "keyed", "open", "none"
_KEYLESS = frozenset({"ldap", "ad"})
"""Kinds whose servers share no key with the device."""
_RANK = (KEYED, OPEN, NONE)


@dataclass(slots=True)
class _Scheme:
    line: int
    server: bool = False
    key: bool = False
    records: bool = False


@dataclass(slots=True)
class Central:
    """Schemes by kind (``hwtacacs`` …) and name."""

    schemes: dict[tuple[str, str], _Scheme] = field(default_factory=dict)

    def note(self, kind: str, name: str, line: int) -> None:
        """Note a scheme."""
        self.schemes.setdefault((kind, name), _Scheme(line))

    def add(self, kind: str, name: str, *, server: bool, key: bool, records: bool) -> None:
        """Note what a line below a scheme adds: a server for logins or for records, a key."""
        made = self.schemes[kind, name]
        made.server |= server
        made.key |= key
        made.records |= records

    def recording(self, kind: str, name: str) -> Value:
        """Whether a scheme holds a server for records; unknown where it holds only others."""
        made = self.schemes.get((kind, name))
        if made is None or not (made.server or made.records):
            return False
        return True if made.records else UNKNOWN

    def _state(self, kind: str, name: str | None) -> str | None:
        """What asking this kind of server achieves; None where no line says which one."""
        if name is None:
            has_one = any(other == kind for other, _ in self.schemes)
            return None if has_one else NONE
        made = self.schemes.get((kind, name))
        if made is None or not made.server:
            return NONE
        return KEYED if made.key or kind in _KEYLESS else OPEN

    def write(
        self, draft: Draft, modes: Iterable[str], bound: Mapping[str, str], line: int
    ) -> None:
        """Write the best of what the modes of a login ask; nothing where they ask nobody."""
        kinds = [mode for mode in modes if mode not in {"local", "none"}]
        states = [self._state(kind, bound.get(kind)) for kind in kinds]
        if not states:
            return
        best = next((state for state in _RANK if state in states), None)
        if best == KEYED or None not in states:
            draft.put("aaa.central_server", best, line)
