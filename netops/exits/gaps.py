"""Which unknowns have one cause, and so are one finding.

Knows the registered links and how contacts ended. A silent device of which every registered
neighbour is silent too is behind them: the cut is told once, at the device nearest to those
that answered. Refuses to say what an unknown means for anybody's verdict.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from netops.exits.devices import DeviceView
from netops.exits.resolve import UNREADABLE
from netops.exits.unknowns import NO_OWNER, spelled
from netops.facts.device import Contact, DeviceFacts
from netops.inventory.model import Inventory


class Gap(NamedTuple):
    """One cause: why, of which government, and at which device where it is one device's alone."""

    word: str
    government: str
    device: str = ""


@dataclass(slots=True)
class Noted:
    """What a cause keeps from a verdict: devices that could not be read, and departments."""

    devices: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)


class Gaps:
    """Collects what is not known, by cause."""

    def __init__(
        self,
        inventory: Inventory,
        facts: Mapping[str, DeviceFacts],
        views: Mapping[str, DeviceView],
        unread: Mapping[str, list[str]],
    ) -> None:
        self._inventory = inventory
        self._facts = facts
        self._views = views
        self._unread = unread
        self._root = _roots(inventory, facts)
        self._home = {
            str(subnet.prefix): department.government
            for department in inventory.departments.values()
            for subnet in department.subnets
        }
        self.noted: dict[Gap, Noted] = {}

    def of(self, cause: tuple[str, str], government: str) -> Gap:
        """Return the cause under which (device, what is missing) stands."""
        device, word = spelled(cause, self._facts, self._views)
        if word.startswith(NO_OWNER):
            # Superiors inherit the cause: it stays with the government of the subnet.
            government = self._home.get(word.removeprefix(NO_OWNER), government)
            silent = self._unread.get(government, [])
            if silent:
                # Whoever owns the subnet is one of those that could not be read.
                return self.of((silent[0], UNREADABLE), government)
        if cause[1] != UNREADABLE:
            return Gap(word, self._government(device, government), device)
        return Gap(word, self._government(self._root.get(device, device), government))

    def _government(self, device: str, otherwise: str) -> str:
        return self._inventory.devices[device].government if device else otherwise

    def note(self, cause: tuple[str, str], government: str, department: str | None = None) -> None:
        """Note a cause for a government, and a department that has no verdict for it."""
        noted = self.noted.setdefault(self.of(cause, government), Noted())
        if cause[0]:
            noted.devices.add(cause[0])
        if department is not None:
            noted.departments.add(department)


def _roots(inventory: Inventory, facts: Mapping[str, DeviceFacts]) -> dict[str, str]:
    """Return for each silent device the one at which the cut begins that it is behind."""
    silent = {name for name in inventory.devices if _is_silent(facts.get(name))}
    beside = _neighbours(inventory, silent)
    found: dict[str, str] = {}
    edge = [name for name in silent if beside.get(name, set()) - silent]
    _spread(_highest_first(inventory, edge), beside, silent, found)
    for name in _highest_first(inventory, silent):
        # Nothing around these answered: the cut is told at the highest of them.
        if name not in found:
            _spread([name], beside, silent, found)
    return found


def _is_silent(known: DeviceFacts | None) -> bool:
    if known is None or known.contact is not Contact.UNREACHABLE:
        return False
    return known.snmp is None or not known.snmp.answered


def _neighbours(inventory: Inventory, silent: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in inventory.links.values():
        far = link.b.device if link.b is not None else None
        for one, other in ((link.a.device, far), (far, link.a.device)):
            if one in silent and one is not None and other is not None:
                found.setdefault(one, set()).add(other)
    return found


def _highest_first(inventory: Inventory, names: Iterable[str]) -> list[str]:
    governments, devices = inventory.governments, inventory.devices
    return sorted(names, key=lambda n: (governments[devices[n].government].level.depth, n))


def _spread(
    roots: list[str],
    beside: Mapping[str, set[str]],
    silent: set[str],
    found: dict[str, str],
) -> None:
    """Give every silent device that is reached from a root, through silent ones, that root."""
    found.update((root, root) for root in roots)
    queue = deque(roots)
    while queue:
        name = queue.popleft()
        for other in _unreached(beside.get(name, set()), silent, found):
            found[other] = found[name]
            queue.append(other)


def _unreached(names: set[str], silent: set[str], found: Mapping[str, str]) -> Iterator[str]:
    return (name for name in sorted(names) if name in silent and name not in found)
