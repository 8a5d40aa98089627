"""From what the model says and what packets showed to a strength: proven, violated, suspected.

Knows how classes of evidence stand to one another: one counterexample of whichever class is
enough, a contradiction is a suspicion, a proof needs the whole model and a packet for each
family. Nothing is averaged. Refuses to raise anything that the model does not hold in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from netops.exits.active import UNKNOWN_ADDRESS, Bar, Right, read_egress
from netops.exits.allowed import Allowance
from netops.exits.attribution import Attribution
from netops.exits.closure import gaps_of, oldest_fact
from netops.exits.ground import Ground
from netops.exits.marks import Marks
from netops.exits.paths import LEFT_ELSEWHERE, LEGAL_WAY, read_path
from netops.exits.paths import Ground as PathGround
from netops.exits.points import Status
from netops.exits.recorded import Exporters, merge_flows, read_flow
from netops.exits.said import say_of_department
from netops.exits.scene import Scene
from netops.exits.strengths import OWN_EXIT, DepartmentResult
from netops.exits.terms import PointKey
from netops.exits.testimony import About, Testimony, Weight, is_fresh
from netops.exits.ways import Ways, add_ways, find_ways
from netops.facts.measurements import EgressState, Measurements
from netops.findings import Strength, worst
from netops.inventory.model import AccessClass, Area, Department
from netops.policy.model import Policy

ANSWERS_DIFFER = "answers_differ"
NO_EXIT_ASKED = frozenset({AccessClass.A, *OWN_EXIT})
"""Classes of which no packet at a unified exit can prove that they are in order."""


@dataclass(slots=True)
class Heard:
    """All testimonies, by department, and those of governments themselves."""

    departments: dict[str, list[Testimony]] = field(default_factory=dict)
    governments: dict[str, list[Testimony]] = field(default_factory=dict)

    def add(self, testimony: Testimony) -> None:
        """File a testimony under whom it is about."""
        about = testimony.about
        if about.department is None:
            self.governments.setdefault(about.government, []).append(testimony)
        else:
            self.departments.setdefault(about.department, []).append(testimony)


class Proof:
    """Weighs measurements against one scene."""

    def __init__(
        self,
        scene: Scene,
        allowance: Allowance,
        active: Measurements,
        when: tuple[Policy, date],
    ) -> None:
        self._scene = scene
        self._allowance = allowance
        self._active = active
        self._policy, self._as_of = when
        self._ways: dict[tuple[str, str | None], Ways] = {}
        self._ground = PathGround(
            scene.inventory.plan,
            scene.owners,
            Marks(scene.inventory, scene.views, scene.points),
            scene.points,
            frozenset(
                device
                for device in scene.inventory.devices
                if device not in scene.views or not scene.views[device].is_readable
            ),
            {
                point.id: point.device
                for point in active.vantages.values()
                if point.kind == "device" and point.device is not None
            },
        )
        self._heard = self._hear()

    # -- hearing -----------------------------------------------------------------------------

    def _hear(self) -> Heard:
        heard = Heard()
        if self._active.is_empty:
            return heard
        whose = Attribution(self._scene.inventory, self._scene.owners, self._active.vantages)
        for testimony in (*self._egresses(whose), *self._paths(whose), *self._flows(whose)):
            heard.add(testimony)
        for listed in (heard.departments, heard.governments):
            for name, testimonies in listed.items():
                listed[name] = list(_settle(testimonies))
        return heard

    def _egresses(self, whose: Attribution) -> Iterator[Testimony]:
        ground = self._ground
        for egress in self._active.egresses:
            for about in whose.of_measurement(egress.vantage, egress.source, egress.family):
                yield read_egress(egress, about, self._right(about), ground.marks, ground.plan)

    def _paths(self, whose: Attribution) -> Iterator[Testimony]:
        plan = self._scene.inventory.plan
        reflectors = {
            address: reflector.id
            for reflector in self._scene.inventory.probing.reflectors.values()
            for address in reflector.addresses
        }
        for path in self._active.paths:
            if not plan.is_outside(path.target) or not path.hops:
                continue
            family = path.target.version
            for about in whose.of_measurement(path.vantage, path.source, family):
                right = self._right(about)
                told = read_path(path, about, right, self._ways_of(about), self._ground)
                yield replace(told, target=reflectors.get(path.target, told.target))

    def _flows(self, whose: Attribution) -> Iterator[Testimony]:
        plan = self._scene.inventory.plan
        exporters = Exporters(self._scene.inventory, self._ground)
        known: dict[str, str | None] = {}
        leaving = (f for f in self._active.flows if plan.is_outside(f.destination))
        for about, flow in merge_flows(leaving, whose.of_address):
            if flow.exporter not in known:
                known[flow.exporter] = exporters.device(flow.exporter)
            where = (self._ground, known[flow.exporter])
            yield read_flow(flow, about, self._right(about), self._ways_of(about), where)

    def _right(self, about: About) -> Right:
        exits = self._allowance.of(about.government)
        if about.department is None:
            return Right(exits)
        department = self._scene.inventory.departments[about.department]
        if about.subnet is not None and about.subnet.area is Area.PRIVATE:
            return Right(frozenset(), Bar.PRIVATE)
        if department.access_class is AccessClass.A:
            return Right(exits, Bar.CLASS)
        if department.access_class in OWN_EXIT:
            exemption = self._scene.register.exemption_of_department(department.id)
            wanted = None if exemption is None else exemption.exit or department.exit
            return Right(frozenset() if wanted is None else frozenset({wanted}))
        return Right(exits)

    def _ways_of(self, about: About) -> Ways:
        """Return the ways of a department, or of a government's own devices."""
        key = (about.government, about.department)
        found = self._ways.get(key)
        if found is None:
            allowed = self._right(replace(about, subnet=None)).exits
            walked = () if about.department is None else self._scene.walked[about.department]
            public = [w for w in walked if w.subnet.area is Area.PUBLIC]
            found = find_ways(self._scene, public, allowed)
            if about.department is None:
                for device in self._scene.inventory.devices_of.get(about.government, ()):
                    add_ways(found, self._scene, self._scene.own.get(device.id, ()), allowed)
            self._ways[key] = found
        return found

    # -- weighing ----------------------------------------------------------------------------

    def weigh(self, results: Mapping[str, DepartmentResult]) -> dict[str, DepartmentResult]:
        """Return the results with what packets showed of each department."""
        return {name: self._weighed(result) for name, result in results.items()}

    def of_government(self, code: str) -> tuple[Testimony, ...]:
        """Return what was heard of a government's own packets."""
        return tuple(self._heard.governments.get(code, ()))

    def _weighed(self, result: DepartmentResult) -> DepartmentResult:
        heard = self._heard.departments.get(result.department.id)
        if not heard:
            return result
        about = About(result.department.government, result.department.id)
        ground = self.ground_of(about)
        weighed = replace(result, testimonies=tuple(heard), ground=ground)
        counters = [t for t in heard if t.weight is Weight.COUNTER]
        if counters:
            return self._violated(weighed, counters)
        if any(t.weight is Weight.DOUBT for t in heard):
            strength = worst({result.strength, Strength.SUSPECTED})
            return replace(weighed, strength=strength, cause=result.cause)
        if result.strength is Strength.CONSISTENT and self._is_proven(weighed, ground):
            return replace(weighed, strength=Strength.PROVEN)
        return weighed

    def _violated(
        self, result: DepartmentResult, counters: Iterable[Testimony]
    ) -> DepartmentResult:
        """Name the exit points and the foreign exits at which packets were seen."""
        bad, foreign = set(result.bad), set(result.foreign)
        points = self._scene.points
        for testimony in counters:
            for key in testimony.points:
                if points[key].status is Status.UNDECLARED and not points[key].latent:
                    bad.add(key)
            foreign |= set(self._lines_of(testimony))
        return replace(
            result,
            strength=Strength.VIOLATED,
            bad=tuple(sorted(bad)),
            foreign=tuple(sorted(foreign)),
        )

    def _lines_of(self, testimony: Testimony) -> Iterator[PointKey]:
        """Yield the known lines of a legal exit that is not allowed here."""
        right = self._right(testimony.about)
        if right.bar is not Bar.NONE or testimony.exit is None or testimony.exit in right.exits:
            return
        for key, point in self._scene.points.items():
            if point.exit == testimony.exit and key.family == testimony.family:
                yield key

    def ground_of(self, about: About) -> Ground:
        """Return how complete the model of somebody is."""
        ways = self._ways_of(about)
        scene = self._scene
        gaps = list(gaps_of(scene, ways.devices))
        if ways.unknown:
            gaps.append("unknown_terminal")
        oldest = oldest_fact(scene, ways.devices) if ways.devices else None
        valid = self._policy.evidence_valid_for
        if oldest is None or not is_fresh(oldest, valid, self._as_of):
            gaps.append("stale_model" if oldest is not None else "undated_model")
        return Ground(tuple(gaps), oldest, not ways.bypass and bool(ways.exits))

    def _is_proven(self, result: DepartmentResult, ground: Ground) -> bool:
        department = result.department
        if department.access_class in NO_EXIT_ASKED or ground.gaps or not ground.is_dominated:
            return False
        needed = families_of(self._scene, department)
        return bool(needed) and needed <= {t.family for t in self.speaking(result.testimonies)}

    def speaking(self, testimonies: Iterable[Testimony]) -> list[Testimony]:
        """Return the positives that count for a proof: a packet left as it should, lately."""
        listed = tuple(testimonies)
        unheard = _families_unheard(listed)
        return [
            t
            for t in listed
            if self.speaks(t) and not (t.word == LEGAL_WAY and t.family in unheard)
        ]

    def speaks(self, testimony: Testimony) -> bool:
        """Whether a testimony is a positive that is still valid."""
        fresh = is_fresh(testimony.at, self._policy.evidence_valid_for, self._as_of)
        return testimony.weight is Weight.POSITIVE and fresh

    def say(self, result: DepartmentResult, modelled: Strength) -> dict[str, Any]:
        """Return the block ``evidence`` of a department's row."""
        needed = families_of(self._scene, result.department)
        speaking = self.speaking(result.testimonies)
        valid = self._policy.evidence_valid_for
        return say_of_department(result, modelled, needed, speaking, valid)


def families_of(scene: Scene, department: Department) -> set[int]:
    """Return the families that count for a department's public area."""
    return {w.family for w in scene.walked[department.id] if w.subnet.area is Area.PUBLIC}


def counts_for_government(department: Department) -> bool:
    """Whether a department leaves by the unified exit, so that packets can prove it."""
    public = any(subnet.area is Area.PUBLIC for subnet in department.subnets)
    return public and department.access_class not in NO_EXIT_ASKED


_UNHEARD = frozenset({EgressState.UNREACHABLE.value, EgressState.SKEWED.value})


def _families_unheard(testimonies: Iterable[Testimony]) -> set[int]:
    """Return the families in which reflectors were asked and none gave a fresh answer.

    There a path alone proves nothing: it leads to a place that does not speak as it should.
    Through a resolver nothing is shown of a family; what was not asked is no silence.
    """
    asked = [
        t
        for t in testimonies
        if t.command.startswith("egress ")
        and t.protocol != "dns"
        and t.word != EgressState.NOT_MEASURED.value
    ]
    heard = {t.family for t in asked if t.word not in _UNHEARD}
    return {t.family for t in asked} - heard


_WORD_OF_NOBODY = frozenset({UNKNOWN_ADDRESS, LEFT_ELSEWHERE})


def _settle(testimonies: Iterable[Testimony]) -> Iterator[Testimony]:
    """Make a contradiction of a counterexample that the same question also denied.

    Only where nothing that we know stands at the place seen: then the word of one answer is
    against that of another, or that of a reflector against the path to it. A known exit point
    needs no second witness.
    """
    listed = tuple(testimonies)
    held = [t for t in listed if t.weight is Weight.POSITIVE]
    denied = {t.question for t in held}
    traced = {(t.about, t.family, t.target) for t in held if t.word == LEGAL_WAY}
    for testimony in listed:
        way = (testimony.about, testimony.family, testimony.target)
        alone = testimony.weight is Weight.COUNTER and testimony.word in _WORD_OF_NOBODY
        if alone and (testimony.question in denied or way in traced):
            yield replace(testimony, weight=Weight.DOUBT, word=ANSWERS_DIFFER)
        else:
            yield testimony
