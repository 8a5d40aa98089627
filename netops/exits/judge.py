"""The exits audit: from facts, inventory and policy to verdicts, rates and findings.

Pure: no file, no socket, no clock. The same input gives the same output, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from netops.divisions import Level
from netops.exits.allowed import Allowance, Translations
from netops.exits.closure import count_coverage
from netops.exits.dominance import Claim, Dominance, Way
from netops.exits.findings import (
    Context,
    Reaching,
    bypass_finding,
    class_finding,
    foreign_finding,
    point_findings,
    unknown_finding,
)
from netops.exits.gaps import Gaps
from netops.exits.ground import Stand
from netops.exits.holding import hold_all, points_by_government, unread_by_government
from netops.exits.information import inform
from netops.exits.points import Status
from netops.exits.proof import Proof
from netops.exits.rates import SINGLE, UNIT, Counted, make_rate
from netops.exits.resolve import UNREADABLE
from netops.exits.said import say_of_government
from netops.exits.scene import Scene, set_scene
from netops.exits.standing import is_explained, stand_of
from netops.exits.strengths import OWN_EXIT, DepartmentResult, Departments
from netops.exits.terms import PointKey
from netops.exits.testimony import Testimony, Weight
from netops.exits.witnessed import witnessed_findings
from netops.exits.written import Written
from netops.facts.device import DeviceFacts
from netops.facts.measurements import NOTHING_MEASURED, Measurements
from netops.findings import (
    Finding,
    Judged,
    Rate,
    Strength,
    SubjectRow,
    worst,
)
from netops.inventory.model import Government, GovernmentStatus, Inventory
from netops.policy.model import Policy

_BAD = (Strength.VIOLATED, Strength.SUSPECTED)


def judge_exits(
    inventory: Inventory,
    facts: Mapping[str, DeviceFacts],
    policy: Policy,
    as_of: date,
    active: Measurements = NOTHING_MEASURED,
) -> Judged:
    """Judge every department and government of ``inventory`` by the facts of a snapshot.

    ``active`` is what packets showed, where the snapshot holds it: it can prove or refute.
    """
    scene = set_scene(inventory, facts, policy, as_of)
    return _Judgement(scene, (policy, as_of), active).judged()


class _Judgement:
    """One judgement in its steps: departments, governments, findings, rows, rates."""

    def __init__(self, scene: Scene, when: tuple[Policy, date], active: Measurements) -> None:
        self._scene = scene
        self._policy = when[0]
        self._active = active
        self._context = Context(scene.inventory, scene.facts, scene.views)
        self._allowance = Allowance(scene.inventory, self._policy)
        self._written = Written()
        self._modelled = self._judge_departments()
        self._proof = Proof(scene, self._allowance, active, when)
        self._results = self._proof.weigh(self._modelled)
        own = hold_all(scene)
        self._dominance = Dominance(scene.inventory, self._allowance, scene.points, own)
        self._own_points = points_by_government(scene)
        self._unread = unread_by_government(scene)
        self._gaps = Gaps(scene.inventory, scene.facts, scene.views, self._unread)
        self._claims = {code: self._dominance.claim(code) for code in scene.inventory.governments}
        self._write_findings()

    def _judge_departments(self) -> dict[str, DepartmentResult]:
        scene = self._scene
        judge = Departments(
            scene.points, self._allowance, Translations(scene.views), scene.register
        )
        return {
            department.id: judge.judge(department, scene.walked[department.id], scene.outcomes)
            for department in scene.inventory.departments.values()
        }

    def _write_findings(self) -> None:
        self._write_points()
        self._write_foreign()
        self._write_classes()
        self._write_witnessed()
        self._write_bypasses()
        self._write_unknown()

    def _write_points(self) -> None:
        affected: dict[PointKey, list[str]] = {}
        for name, result in self._results.items():
            for key in result.bad:
                affected.setdefault(key, []).append(name)
        judged = [
            point
            for _, point in sorted(self._scene.points.items())
            if point.status is Status.UNDECLARED
        ]
        self._written.points = point_findings(self._context, judged, affected)

    def _write_foreign(self) -> None:
        by_government: dict[str, list[DepartmentResult]] = {}
        for result in self._results.values():
            if result.foreign:
                by_government.setdefault(result.department.government, []).append(result)
        for code, results in by_government.items():
            keys = frozenset(key for result in results for key in result.foreign)
            points = [self._scene.points[key] for key in sorted(keys)]
            names = [result.department.id for result in results]
            self._written.foreign[code] = foreign_finding(self._context, code, points, names)
            self._written.foreign_points[code] = keys

    def _write_classes(self) -> None:
        """Write of each department what contradicts its class and no other finding says."""
        for name, result in self._modelled.items():
            explained = result.foreign or any(k in self._written.points for k in result.bad)
            if result.strength in _BAD and (result.cause == "class" or not explained):
                self._written.classes[name] = class_finding(
                    self._context,
                    self._reaching(result),
                    result.cause or "class",
                    result.strength.verdict,
                )

    def _reaching(self, result: DepartmentResult) -> Reaching:
        points = tuple(self._scene.points[key] for key in (*result.reached, *result.bad))
        walked = self._scene.walked[result.department.id]
        entries = tuple(entry for item in walked for entry in item.entries)
        return Reaching(result.department, points, result.rules, entries)

    def _write_witnessed(self) -> None:
        """Write what packets showed and no finding of the model says already."""
        own = (self._proof.of_government(code) for code in self._scene.inventory.governments)
        heard = [t for testimonies in own for t in testimonies if not self._points_seen(t)]
        for result in self._results.values():
            heard += [t for t in result.testimonies if not is_explained(t, result)]
        told = [t for t in heard if t.weight in (Weight.COUNTER, Weight.DOUBT)]
        digests = self._active.digests
        self._written.witnessed = witnessed_findings(self._context, told, digests)

    def _points_seen(self, testimony: Testimony) -> list[Finding]:
        """Return the findings of the exits in use at which a counterexample was seen."""
        points = self._scene.points
        return [
            self._written.points[key]
            for key in testimony.points
            if testimony.weight is Weight.COUNTER
            and key in self._written.points
            and not points[key].latent
        ]

    def _write_bypasses(self) -> None:
        """Write the ways round that nothing else explains, inferiors first."""
        depth = {g.code: g.level.depth for g in self._scene.inventory.governments.values()}
        for code in sorted(self._claims, key=lambda c: (-depth[c], c)):
            claim = self._claims[code]
            explained = self._explained(code)
            for ways, latent in ((claim.live, False), (claim.latent, True)):
                left = [way for way in ways if way.key not in explained]
                if left:
                    self._write_bypass(code, left, latent=latent)

    def _explained(self, code: str) -> set[PointKey]:
        """Return what other findings say already, of this government or one that it stands for."""
        found = set(self._written.points)
        for below in self._dominance.standing_for(code):
            found |= self._written.foreign_points.get(below, frozenset())
            found |= self._written.bypass_points.get(below, frozenset())
        return found

    def _write_bypass(self, code: str, ways: list[Way], *, latent: bool) -> None:
        shown = [(way, self._path(way, latent=latent)) for way in ways]
        points = [self._scene.points[way.key] for way in ways]
        finding = bypass_finding(self._context, code, shown, points, latent=latent)
        self._written.bypass.setdefault(code, []).append(finding)
        known = self._written.bypass_points.get(code, frozenset())
        self._written.bypass_points[code] = known | {way.key for way in ways}

    def _path(self, way: Way, *, latent: bool) -> tuple[str, ...]:
        entry = way.entry
        apart = self._scene.sources.is_told_apart(entry.family, entry.source)
        source = entry.source if apart else None
        return self._scene.walker.path(
            entry.vertex, way.destination, source, to=way.end, latent=latent
        )

    def _write_unknown(self) -> None:
        """Write one finding for every cause, with the departments that it keeps from a verdict."""
        for code, devices in self._unread.items():
            for device in devices:
                self._gaps.note((device, UNREADABLE), code)
        for name, result in self._results.items():
            kept = name if result.strength is Strength.UNKNOWN else None
            for cause in result.unknown:
                self._gaps.note(cause, result.department.government, kept)
        for code, claim in self._claims.items():
            for cause in claim.unknown:
                self._gaps.note(cause, code)
        self._written.unknown = {
            gap: unknown_finding(self._context, gap, noted)
            for gap, noted in self._gaps.noted.items()
        }

    def judged(self) -> Judged:
        """Return everything that the audit says."""
        rows = [
            self._government_row(g)
            for g in self._scene.inventory.governments.values()
            if self._has_row(g)
        ]
        strengths = {row.id: row.strength or Strength.UNKNOWN for row in rows}
        rows += [self._department_row(result) for result in self._results.values()]
        findings = self._written.all()
        return Judged(
            coverage=count_coverage(self._scene),
            rates=self._rates(strengths),
            subjects=tuple(rows),
            findings=findings,
            information=inform(
                self._scene, self._results, self._own_points, measured=not self._active.is_empty
            ),
        )

    def _has_row(self, government: Government) -> bool:
        """Whether a division is judged: all governments, and others that are on the net."""
        inventory = self._scene.inventory
        on_net = government.code in inventory.devices_of or (
            government.code in inventory.departments_of
        )
        return on_net or government.status is GovernmentStatus.GOVERNMENT

    def _government_row(self, government: Government) -> SubjectRow:
        code = government.code
        claim = self._claims[code]
        modelled = self._strength(code, claim)
        stand = self._stand(code, modelled)
        strength = stand.strength
        return SubjectRow(
            kind="government",
            id=code,
            government=code,
            verdict=strength.verdict,
            strength=strength,
            exit=self._exit_of(code),
            reason=self._government_reasons(code, claim, strength),
            name=government.name,
            extra={"evidence": say_of_government(modelled, stand)},
        )

    def _stand(self, code: str, modelled: Strength) -> Stand:
        below = self._dominance.standing_for(code)
        listed = self._scene.inventory.departments_of
        results = [self._results[d.id] for c in below for d in listed.get(c, ())]
        return stand_of(self._proof, code, modelled, results)

    def _strength(self, code: str, claim: Claim) -> Strength:
        found = {claim.strength}
        for point in self._own_points.get(code, ()):
            if point.status is Status.UNDECLARED:
                found.add(Strength.SUSPECTED if point.latent else Strength.VIOLATED)
        if code in self._unread:
            found.add(Strength.UNKNOWN)
        return worst(found)

    def _exit_of(self, code: str) -> str | None:
        own = sorted(self._allowance.own(code))
        if own:
            return own[0]
        allowed = self._allowance.of(code)
        held = self._dominance.held(code)
        reached = {self._scene.points[key].exit for key in held.live}
        return next(iter(sorted(name for name in reached if name in allowed and name)), None)

    def _government_reasons(
        self, code: str, claim: Claim, strength: Strength
    ) -> tuple[str, ...] | None:
        if strength not in (*_BAD, Strength.UNKNOWN):
            return None
        written = self._written
        keys = [point.key for point in self._own_points.get(code, ())]
        keys += [way.key for way in (*claim.live, *claim.latent)]
        found = [written.points[key] for key in keys if key in written.points]
        for below in self._dominance.standing_for(code):
            found += written.bypass.get(below, ())
            if below in written.foreign:
                found.append(written.foreign[below])
            own = self._proof.of_government(below)
            found += written.of_testimonies(own)
            found += [finding for testimony in own for finding in self._points_seen(testimony)]
            for department in self._scene.inventory.departments_of.get(below, ()):
                result = self._results[department.id]
                found += written.of_testimonies(result.testimonies)
                if result.testimonies:
                    found += [written.points[k] for k in result.bad if k in written.points]
        causes = [(device, UNREADABLE) for device in self._unread.get(code, ())]
        for cause in (*causes, *claim.unknown):
            finding = written.unknown.get(self._gaps.of(cause, code))
            found += [finding] if finding is not None else []
        return tuple(dict.fromkeys(finding.id for finding in found))

    def _department_row(self, result: DepartmentResult) -> SubjectRow:
        department = result.department
        exits = result.exits
        chosen = department.exit if department.exit in exits else next(iter(exits), None)
        return SubjectRow(
            kind="department",
            id=department.id,
            government=department.government,
            verdict=result.strength.verdict,
            strength=result.strength,
            exit=chosen,
            reason=self._department_reasons(result),
            name=department.name,
            extra={
                "access_class": department.access_class.value,
                "exemption": result.exemption,
                "evidence": self._proof.say(result, self._modelled[department.id].strength),
            },
        )

    def _department_reasons(self, result: DepartmentResult) -> tuple[str, ...] | None:
        if result.strength in (Strength.CONSISTENT, Strength.PROVEN, Strength.EXEMPT):
            return None
        written, code = self._written, result.department.government
        found = [written.points[key] for key in result.bad if key in written.points]
        if result.foreign:
            found.append(written.foreign[code])
        if result.department.id in written.classes:
            found.append(written.classes[result.department.id])
        found += written.of_testimonies(result.testimonies)
        if result.strength is Strength.UNKNOWN:
            found += [written.unknown[self._gaps.of(c, code)] for c in result.unknown]
        return tuple(dict.fromkeys(finding.id for finding in found))

    def _rates(self, strengths: Mapping[str, Strength]) -> tuple[Rate, ...]:
        found = []
        for level in Level:
            departments, governments = self._counted(level, strengths)
            units = {self._results[c.id].department.government for c in departments}
            singles = {c.id for c in governments}
            found.append(make_rate(UNIT, level, departments, self._policy, self._closure(units)))
            found.append(
                make_rate(SINGLE, level, governments, self._policy, self._closure(singles))
            )
        return tuple(found)

    def _counted(
        self, level: Level, strengths: Mapping[str, Strength]
    ) -> tuple[list[Counted], list[Counted]]:
        inventory = self._scene.inventory
        departments = [
            Counted(name, r.strength, r.department.access_class not in OWN_EXIT)
            for name, r in self._results.items()
            if inventory.governments[r.department.government].level is level
        ]
        governments = [
            Counted(g.code, strengths[g.code], len(self._allowance.own(g.code)) <= g.exits_allowed)
            for g in inventory.governments.values()
            if g.level is level and g.status is GovernmentStatus.GOVERNMENT and g.exits_allowed > 0
        ]
        return departments, governments

    def _closure(self, governments: set[str]) -> tuple[int, int]:
        devices = [
            d for code in governments for d in self._scene.inventory.devices_of.get(code, ())
        ]
        unread = sum(len(self._unread.get(code, ())) for code in governments)
        return len(devices) - unread, len(devices)
