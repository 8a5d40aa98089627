"""On which page something stands, and by which name people know it.

A page for each government directly below the province (prefectures, and counties that the
province governs itself). Built from parents in the inventory, never from digits of a code.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from netops.findings import Finding
from netops.inventory.model import Government, GovernmentStatus, Inventory


class Places:
    """Answers for one inventory where an id belongs."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._head_of = {code: self._head(code) for code in inventory.governments}

    def _head(self, code: str) -> str | None:
        """Return the government below the province that ``code`` belongs to."""
        way = (code, *self._inventory.superiors(code))
        if self._inventory.province not in way[1:]:
            return None
        return way[way.index(self._inventory.province) - 1]

    @property
    def heads(self) -> tuple[Government, ...]:
        """The governments that have a page of their own."""
        found = {head for head in self._head_of.values() if head is not None}
        return tuple(g for code, g in self._inventory.governments.items() if code in found)

    def head_of(self, code: str) -> str | None:
        """Return whose page a government stands on; None: the first page only."""
        return self._head_of.get(code)

    def members_of(self, head: str | None) -> tuple[Government, ...]:
        """Return the governments that count and stand on a page, superiors first."""
        found = [
            g
            for code, g in self._inventory.governments.items()
            if self._head_of[code] == head and g.status is GovernmentStatus.GOVERNMENT
        ]
        return tuple(sorted(found, key=lambda g: self._path(g.code)))

    def _path(self, code: str) -> tuple[str, ...]:
        return (*reversed(self._inventory.superiors(code)), code)

    def government_of(self, name: str) -> str | None:
        """Return the government behind an id of any kind."""
        known = self._inventory
        if name in known.governments:
            return name
        for register in (known.devices, known.departments, known.exits):
            if name in register:
                return register[name].government
        if name in known.links:
            return self.government_of(known.links[name].a.device)
        device, found, _ = name.partition(":")  # a line is named DEVICE:INTERFACE
        return self.government_of(device) if found else None

    def concerns(self, finding: Finding, head: str) -> bool:
        """Whether a finding belongs on a page: its subject or somebody affected is there."""
        return any(self.is_on(name, head) for name in (finding.subject.id, *finding.affected))

    def is_on(self, name: str, head: str) -> bool:
        """Whether an id of any kind belongs to a page's governments."""
        code = self.government_of(name)
        return code is not None and self._head_of.get(code) == head

    def named(self, name: str) -> str:
        """Return an id with the name that people use."""
        known = self._inventory
        if name in known.governments:
            return f"{known.governments[name].name} {name}"
        if name in known.departments:
            return f"{known.departments[name].name} {name}"
        if name in known.applications:
            return f"{known.applications[name].name} {name}"
        return name

    def split_by_head(self, names: Iterable[str]) -> dict[str | None, list[str]]:
        """Return ids by the page of their government, in the order of the inventory."""
        found: dict[str | None, list[str]] = {}
        for name in names:
            code = self.government_of(name)
            found.setdefault(None if code is None else self._head_of.get(code), []).append(name)
        return found


def page_name(head: str | None) -> str:
    """Return the file name of a page."""
    return "index.html" if head is None else f"city-{_file_safe(head)}.html"


@cache
def _file_safe(code: str) -> str:
    """Codes are digits after the loader's checks; nothing else reaches a file name."""
    return "".join(c for c in code if c.isascii() and c.isalnum())
