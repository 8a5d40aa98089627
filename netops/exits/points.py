"""Exit points: the lines of devices at which signals were seen, each with one mechanism.

Knows signals and what the inventory declares or exempts. Refuses to know who walks where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from netops.exits.devices import DeviceView
from netops.exits.owners import Owners
from netops.exits.signals import NAT, NAT_SESSIONS, Signal
from netops.exits.terms import FAMILIES, Mechanism, PointKey
from netops.inventory.model import Exemption, Exit, Inventory

ORDER = tuple(Mechanism)
RULES = ("exits", "exits.*")


class Status(StrEnum):
    """What the inventory says of an exit point."""

    DECLARED = "declared"
    EXEMPT = "exempt"
    UNDECLARED = "undeclared"
    OUT_OF_BAND = "out_of_band"


@dataclass(frozen=True, slots=True)
class ExitPoint:
    """A line of a device by which traffic can leave, in one family.

    ``exit`` is the exit of the inventory that it belongs to, ``cause`` why a point that belongs
    to one is not declared all the same, ``exemption`` the number that exempts it.
    """

    key: PointKey
    government: str
    mechanism: Mechanism
    also: tuple[str, ...]
    latent: bool
    signals: tuple[Signal, ...]
    status: Status = Status.UNDECLARED
    exit: str | None = None
    exemption: str | None = None
    cause: str | None = None

    @property
    def device(self) -> str:
        """The device that it is on."""
        return self.key.device

    @property
    def instances(self) -> tuple[str, ...]:
        """The instances in which its signals were seen."""
        return tuple(sorted({signal.vpn for signal in self.signals}))


def build_point(view: DeviceView, key: PointKey, signals: Iterable[Signal]) -> ExitPoint:
    """Make one exit point of all signals of a line."""
    seen = tuple(sorted(signals, key=_order))
    kinds: set[str] = {signal.kind for signal in seen}
    if NAT in kinds and any(sessions.count for sessions in view.facts.nat_sessions):
        kinds.add(NAT_SESSIONS)
    kinds |= _kinds_of_line(view, key.line)
    mechanism = next((m for m in ORDER if m in kinds), Mechanism.PUBLIC_INTERFACE)
    return ExitPoint(
        key=key,
        government=view.government,
        mechanism=mechanism,
        also=tuple(sorted(str(kind) for kind in kinds if kind != mechanism)),
        latent=not any(signal.active for signal in seen),
        signals=seen,
    )


def _order(signal: Signal) -> tuple[str, str, tuple[str, int, int]]:
    """Order signals by what they are, so that the order of facts is not told."""
    return str(signal.kind), str(sorted(signal.what.items())), signal.source


def _kinds_of_line(view: DeviceView, line: str) -> set[str]:
    """Return what a line is by itself, whatever leads into it."""
    kinds: set[str] = {Mechanism.DUAL_HOMED_HOST} if view.is_host else set()
    if line in view.tunnels:
        kinds.add(Mechanism.TUNNEL)
    elif view.is_cellular(line):
        kinds.add(Mechanism.CELLULAR)
    elif view.is_dialer(line):
        kinds.add(Mechanism.PPPOE_DIALER)
    return kinds


class Register:
    """What the inventory says of lines: declared, exempt, out of band."""

    def __init__(self, inventory: Inventory, owners: Owners, as_of: date) -> None:
        self._inventory = inventory
        self._owners = owners
        self._exemptions = tuple(
            e
            for e in inventory.exemptions
            if e.is_in_force(as_of) and (e.rule.startswith("exits.") or e.rule in RULES)
        )
        self._lines: dict[tuple[str, str], Exit] = {
            (line.device, line.interface): found
            for found in inventory.exits.values()
            for line in found.lines
        }

    def add_members(self, views: Mapping[str, DeviceView]) -> None:
        """Count the other members of a virtual router on a declared line as that line."""
        groups: dict[tuple[int, frozenset[str]], list[tuple[str, str]]] = {}
        for view in views.values():
            for group in view.facts.vrrp:
                if group.addresses:
                    key = (group.vrid, frozenset(str(a) for a in group.addresses))
                    groups.setdefault(key, []).append((view.id, group.interface))
        for members in groups.values():
            declared = next((self._lines[m] for m in members if m in self._lines), None)
            for member in members if declared is not None else ():
                place = self._inventory.devices[member[0]].government
                if declared is not None and place == declared.government:
                    self._lines.setdefault(member, declared)

    @property
    def declared_lines(self) -> frozenset[tuple[str, str]]:
        """Lines of the governments' declared exits."""
        return frozenset(line for line, found in self._lines.items() if self._is_allowed(found))

    def _is_allowed(self, found: Exit) -> bool:
        owner = self._inventory.governments.get(found.government)
        return found.department is None and owner is not None and owner.exits_allowed > 0

    def exit_of(self, view: DeviceView, line: str) -> Exit | None:
        """Return the exit of the inventory that a line belongs to; a dialer follows its port."""
        port = view.carries_pppoe(line)
        found = self._lines.get((view.id, line))
        return found or (self._lines.get((view.id, port)) if port else None)

    def classify(self, view: DeviceView, point: ExitPoint) -> ExitPoint:
        """Say of a point what it is to the inventory."""
        line = point.key.line
        found = self.exit_of(view, line)
        if found is not None and self._is_allowed(found):
            return replace(point, status=Status.DECLARED, exit=found.id)
        if found is None and self._owners.is_oob(view.id, line):
            return replace(point, status=Status.OUT_OF_BAND)
        exemption = self._exemption(view, line, found)
        name = None if found is None else found.id
        if exemption is not None:
            number = exemption.number
            return replace(point, status=Status.EXEMPT, exit=name, exemption=number)
        cause = None
        if found is not None:
            cause = "no_exit_allowed" if found.department is None else "no_exemption_in_force"
        return replace(point, exit=name, cause=cause)

    def _exemption(self, view: DeviceView, line: str, found: Exit | None) -> Exemption | None:
        subjects = {("device", view.id), ("line", f"{view.id}:{line}")}
        if found is not None:
            subjects |= {("exit", found.id), ("department", found.department or "")}
        for exemption in self._exemptions:
            named = (exemption.subject_kind, exemption.subject_id) in subjects
            if exemption.exit is not None:
                if found is not None and exemption.exit == found.id:
                    return exemption
            elif named:
                return exemption
        return None

    def exemption_of_department(self, department: str) -> Exemption | None:
        """Return the exemption that allows a department an exit of its own."""
        for exemption in self._exemptions:
            if (exemption.subject_kind, exemption.subject_id) == ("department", department):
                return exemption
        return None


def gather(
    views: Mapping[str, DeviceView], signals: Iterable[Signal], register: Register
) -> dict[PointKey, ExitPoint]:
    """Group signals by line and classify the points they make."""
    found: dict[PointKey, list[Signal]] = {}
    for signal in signals:
        found.setdefault(signal.key, []).append(signal)
    points: dict[PointKey, ExitPoint] = {}
    for key in sorted(found):
        if _is_bare(found[key], found, key):
            continue
        view = views[key.device]
        points[key] = register.classify(view, build_point(view, key, found[key]))
    return points


def _is_bare(signals: list[Signal], found: Mapping[PointKey, list[Signal]], key: PointKey) -> bool:
    """Whether signals are only side signs of a line that another family already shows."""
    side = all(signal.kind == NAT for signal in signals)
    return side and any(
        key._replace(family=other) in found for other in FAMILIES if other != key.family
    )
