"""The answer key's exits: strengths of governments and departments, from what was planted.

Walks the planned world (who follows whom with its default), never any device text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from netops.divisions import Level
from netops.lab.build.addresses import ANY4, ANY6
from netops.lab.build.net import Net, PlannedDepartment, Seat
from netops.lab.build.state import State
from netops.lab.build.tables import build_tables
from netops.lab.faults.by_department import imports_default, way_out
from netops.lab.faults.planted import Planted, PlantedExit
from netops.lab.faults.shown import as_shown, denied_default, waiting

_WORST_FIRST = ("violated", "suspected", "unknown", "consistent", "exempt")
_V4, _V6 = 4, 6
_BEHIND = ("static_default", "tunnel")
"""Mechanisms whose default stands behind one that a provider's session brings."""


def worst(strengths: set[str]) -> str:
    """Return the worst of some strengths; exempt only when nothing is worse."""
    return min(strengths, key=_WORST_FIRST.index)


@dataclass(slots=True)
class Ends:
    """What a walk ends in: words among exit, dropped, unknown, rogue, latent."""

    words: set[str] = field(default_factory=set)
    exits: set[str] = field(default_factory=set)


@dataclass(slots=True)
class ExitTruth:
    """Answers of one world. Walks of devices are kept, since many subnets share them.

    ``placed`` holds exits by device as they were planted, ``at`` as what is read shows them.
    """

    net: Net
    planted: Planted
    state: State
    kept: dict[tuple[str, int], Ends] = field(default_factory=dict)
    placed: dict[str, list[PlantedExit]] = field(default_factory=dict)
    at: dict[str, list[PlantedExit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for planned in self.planted.exits:
            made = self._now(planned)
            self.placed.setdefault(planned.device, []).append(made or planned)
            shown = None if made is None else self._shown(made)
            if shown is not None:
                self.at.setdefault(shown.device, []).append(shown)
        for device in self.planted.contradicting:
            self._believe_agent(device)

    def _now(self, made: PlantedExit) -> PlantedExit | None:
        """Return an exit as it stands: one that waits takes over, one that lost its way waits.

        None: nothing is left of a default that was imported, once it is not there to import.
        """
        if not self.state.is_reached(made.device):
            return made
        router = self.net.routers[made.device]
        if made.mechanism == "vpn_leak":
            if self.state.is_up(router.id, way_out(router).name):
                return made
            return None if imports_default(router) else replace(made, latent=True)
        if made.mechanism != "floating_static":
            return made
        preference = router.preference("floating")
        floating = {s.interface for s in router.statics if s.preference == preference}
        rows = build_tables(self.state, router).get(("", made.family), [])
        if any(row.length == 0 and row.interface in floating for row in rows):
            return replace(made, mechanism="static_default", latent=False)
        return made

    def _believe_agent(self, device: str) -> None:
        """Add the default row of a contradicting agent where SNMP is all that is heard."""
        effect = self.planted.effect(device)
        if self.state.is_reached(device) and effect.refutes and not effect.answers:
            told = denied_default(device, self.net.routers[device].government)
            shown = self.at.setdefault(device, [])
            if told not in shown:
                shown.append(told)

    def _shown(self, made: PlantedExit) -> PlantedExit | None:
        if not self.state.is_reached(made.device):
            return None
        platform = self.net.routers[made.device].platform
        effect = self.planted.effect(made.device)
        shown = as_shown(made, platform, effect)
        behind = made.mechanism in _BEHIND and any(m.overtakes(made) for m in self.planted.exits)
        if shown is None or not behind:
            return shown
        return waiting(shown) if effect.answers else None  # an agent shows what is selected

    def is_read(self, device: str) -> bool:
        """Whether everything that exits need was read of a device."""
        return self.state.is_reached(device) and self.planted.effect(device).whole

    def has_tables(self, device: str) -> bool:
        """Whether at least interfaces and routes were read of a device."""
        return self.state.is_reached(device) and self.planted.effect(device).tables

    # -- walks -------------------------------------------------------------------------------

    def walk(self, device: str, family: int) -> Ends:
        """Follow the default from a device's public instance."""
        key = (device, family)
        if key not in self.kept:
            self.kept[key] = found = Ends()
            self._walk(device, family, found)
        return self.kept[key]

    def _walk(self, device: str, family: int, found: Ends) -> None:
        if not self.is_read(device):
            found.words.add("unknown")
        if not self.has_tables(device):
            return
        passing = [m for m in self.at.get(device, ()) if m.sources is None and m.family == family]
        found.words |= {"latent" if m.latent else "rogue" for m in passing}
        if any(self._replaces(m) for m in passing):
            return
        seat = self.net.seats[self.net.routers[device].government]
        if self.state.has_line(device, seat.exit) and (family == _V4 or seat.has_ipv6):
            found.words.add("exit")
            found.exits.add(str(seat.exit))
            return
        if family == _V6:
            found.words.add("dropped")
            return
        for follower in self._next(device):
            ends = self.walk(follower, family)
            found.words |= ends.words
            found.exits |= ends.exits
        if not found.words & {"exit", "unknown", "dropped"}:
            found.words.add("dropped")

    def _replaces(self, made: PlantedExit) -> bool:
        """Whether nothing goes by the device's other default any more.

        Two static defaults of one preference share; a static one is preferred to a learnt one.
        """
        if made.latent or made.mechanism == "specific_route":
            return False
        if made.mechanism in ("split_default", "isp_bgp"):
            return True
        router = self.net.routers[made.device]
        wanted = ("", ANY4 if made.family == _V4 else ANY6, router.preference("static"))
        shared = [s for s in router.statics if (s.vpn, s.prefix, s.preference) == wanted]
        return sum(self.state.is_up(made.device, s.interface) for s in shared) <= 1

    def _next(self, device: str) -> Iterator[str]:
        ways = self.state.default[device]
        if ways.by_sibling:
            other = self.state.sibling(self.net.routers[device])
            if other is not None:
                yield other.id
        for wire in ways.wires:
            yield wire.a[0]

    # -- departments -------------------------------------------------------------------------

    def departments(self) -> dict[str, dict[str, Any]]:
        """Return strength and exit of every department."""
        return {d.id: self._department(d) for d in self.net.departments.values()}

    def _department(self, department: PlannedDepartment) -> dict[str, Any]:
        if department.access_class == "C":
            own = department.owners[0][0]
            if self.is_read(own):
                works = self.state.has_line(own, department.exit)
                return {"strength": "exempt", "exit": department.exit if works else None}
            return {"strength": "unknown", "exit": None}
        families = self._families(department)
        found = {self._public(department, family) for family in families}
        if department.private:
            found.add(self._private(department))
        reached = {name for family in families for name in self._reached(department, family)}
        return {"strength": worst(found), "exit": min(reached, default=None)}

    def is_dominated(self, department: PlannedDepartment) -> bool:
        """Whether no other exit lies on a department's ways, not even a latent one."""
        families = self._families(department)
        words = {w for f in families for w in self.walk(self._entry(department, f), f).words}
        on_host = self.at.get(department.host or "", ())
        return not words & {"rogue", "latent"} and not on_host

    def _reached(self, department: PlannedDepartment, family: int) -> set[str]:
        """Return the declared exits that packets of a department come to."""
        entry = self._entry(department, family)
        if department.access_class == "A" or any(self._sourced(entry, department, family)):
            return set()
        return self.walk(entry, family).exits

    @staticmethod
    def _families(department: PlannedDepartment) -> set[int]:
        return {p.version for p in department.public}

    def _entry(self, department: PlannedDepartment, family: int) -> str:
        """Return the device at which a department's packets enter: the living master."""
        owners = [name for name, _ in department.owners]
        if family == _V4 and department.is_virtual and not self.state.is_alive(owners[0]):
            return owners[1]
        return owners[0]

    def _public(self, department: PlannedDepartment, family: int) -> str:
        entry = self._entry(department, family)
        words = set(self.walk(entry, family).words)
        words |= {"rogue" for m in self._sourced(entry, department, family)}
        if department.host is not None and family == _V4:
            words |= self._host(department)
        reaches_rogue = "rogue" in words
        if department.access_class == "A":
            if reaches_rogue:
                return "suspected"
            return "unknown" if "unknown" in words else "consistent"
        if reaches_rogue:
            return "violated"
        if "unknown" in words:
            return "unknown"
        return "consistent" if "exit" in words else "suspected"

    def _sourced(
        self, device: str, department: PlannedDepartment, family: int
    ) -> Iterator[PlantedExit]:
        for made in self.at.get(device, ()):
            if made.sources is None or made.private or made.latent or made.family != family:
                continue
            if department.id in made.sources:
                yield made

    def _host(self, department: PlannedDepartment) -> set[str]:
        host = department.host or ""
        found = set() if self.is_read(host) else {"unknown"}
        walked = self.at.get(host, ()) if self.has_tables(host) else ()
        return found | {"rogue" for made in walked if not made.latent}

    def _private(self, department: PlannedDepartment) -> str:
        owner = (department.private_owner or ("", ""))[0]
        leaks = [m for m in self.at.get(owner, ()) if m.private and not m.latent]
        if any(department.id in (m.sources or ()) for m in leaks):
            return "violated"
        return "consistent" if self.is_read(owner) else "unknown"

    # -- governments -------------------------------------------------------------------------

    def governments(self) -> dict[str, dict[str, Any]]:
        """Return strength and planted exits of every government."""
        return {
            seat.code: {"strength": self._government(seat), "found": self._found(seat)}
            for seat in self.net.seats.values()
        }

    def _devices(self, seat: Seat) -> list[str]:
        extra = []
        for code in seat.departments:
            department = self.net.departments[code]
            extra += [n for n, _ in department.owners if n not in seat.routers]
            if department.host is not None:
                extra.append(department.host)
        return [*seat.routers, *extra]

    def _found(self, seat: Seat) -> list[dict[str, Any]]:
        """Return what was planted, and under another name what shows of it only so."""
        found = []
        for device in self._devices(seat):
            shown = self.at.get(device, [])
            placed = self.placed.get(device, [])
            found += [_point(made, observable=made in shown) for made in placed]
            found += [_point(made, observable=True) for made in shown if made not in placed]
        return found

    def _government(self, seat: Seat) -> str:
        found = {"consistent"}
        for device in self._devices(seat):
            if not self.is_read(device):
                found.add("unknown")
            found |= {"suspected" if m.latent else "violated" for m in self.at.get(device, ())}
        for code in self._served(seat):
            found |= self._dominance(self.net.seats[code])
        return worst(found)

    def _served(self, seat: Seat) -> list[str]:
        """Return a government and those below it whose way out is its exit."""
        found = [seat.code]
        for code in found:
            found.extend(c for c in self.net.seats[code].below if self.net.seats[c].exit is None)
        return found

    def _dominance(self, seat: Seat) -> set[str]:
        """Return what the claim of one exit suffers from the subnets of one government.

        Its subnets are those of its departments and the addresses of its routers.
        """
        found: set[str] = set()
        for router in seat.routers:
            for family in (_V4, _V6) if seat.has_ipv6 else (_V4,):
                if family == _V6 and router != seat.routers[0]:
                    continue
                words = self.walk(router, family).words
                found |= {_CLAIM[word] for word in words if word in _CLAIM}
        for code in seat.departments:
            strength = self._department(self.net.departments[code])["strength"]
            # Of class A, "suspected" means a way out that is allowed to nobody; of the other
            # classes it means no way out at all.
            is_class_a = self.net.departments[code].access_class == "A"
            if strength == "violated" or (strength == "suspected" and is_class_a):
                found.add("violated")
            elif strength == "unknown":
                found.add("unknown")
        return found

    # -- rates -------------------------------------------------------------------------------

    def rates(self) -> list[dict[str, Any]]:
        """Return both rates of exits for all four levels."""
        departments = self.departments()
        governments = self.governments()
        made = []
        for level, seats in self.net.levels().items():
            units = [departments[d]["strength"] for s in seats for d in s.departments]
            singles = [governments[s.code]["strength"] for s in seats if s.exit is not None]
            made.append(_rate("exits.unit", level, units))
            made.append(_rate("exits.single", level, singles))
        return made


def _point(made: PlantedExit, *, observable: bool) -> dict[str, Any]:
    return {
        "mechanism": made.mechanism,
        "device": made.device,
        "family": f"ipv{made.family}",
        "latent": made.latent,
        "observable": observable,
    }


_CLAIM = {"rogue": "violated", "latent": "suspected", "unknown": "unknown"}


def _rate(name: str, level: Level, strengths: list[str]) -> dict[str, Any]:
    total = len(strengths)
    return {
        "id": name,
        "scope": level.value,
        "denominator": total,
        "floor": 0,
        "reported": strengths.count("consistent"),
        "ceiling": total - strengths.count("violated") - strengths.count("exempt"),
    }
