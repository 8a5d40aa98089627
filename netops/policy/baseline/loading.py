"""Reads rule folders into one ``RuleSet``: ours first, then a site's over it.

Every file is read before anything is refused, so that one run names all faults.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from netops.errors import Fault, RulesError, Sentence
from netops.gm import sm3_hex
from netops.policy.baseline.catalog_files import (
    AnyCatalog,
    CatalogFile,
    HighRiskFile,
    MarksFile,
    RelatedFile,
)
from netops.policy.baseline.files import CheckFile, EvidenceFile, ProfileFile
from netops.policy.baseline.folders import Folder
from netops.policy.baseline.grades import MarksFrom
from netops.policy.baseline.joining import CATALOGUE, Catalogue, check_of, marks_of
from netops.policy.baseline.noting import Notes, Sheet
from netops.policy.baseline.profiles import Layered, Profiles
from netops.policy.baseline.rules import RuleSet, Total
from netops.policy.baseline.values import Check
from netops.policy.strict import RULES, examine

_Model = TypeVar("_Model", bound=BaseModel)


def load_rules(
    folder: Path,
    overlays: Sequence[Path] = (),
    *,
    components: Collection[str] | None = None,
) -> RuleSet:
    """Return the rules of ``folder`` with ``overlays`` laid over; RulesError names all faults.

    ``components``: only evidence and checks of these are read.
    """
    rules, faults = examine_rules(folder, overlays, components=components)
    if rules is None:
        raise RulesError(faults)
    return rules


def examine_rules(
    folder: Path,
    overlays: Sequence[Path] = (),
    *,
    components: Collection[str] | None = None,
) -> tuple[RuleSet | None, tuple[Fault, ...]]:
    """Return the rules, or None and every fault, in the order of the files."""
    rules, faults = read_rules(folder, overlays, components=components)
    return (None if faults else rules), faults


def read_rules(
    folder: Path,
    overlays: Sequence[Path] = (),
    *,
    components: Collection[str] | None = None,
) -> tuple[RuleSet, tuple[Fault, ...]]:
    """Return the rules as far as they can be read, and every fault; nobody may judge by them."""
    notes = Notes()
    reader = _Reader(notes, components)
    for number, path in enumerate((folder, *overlays)):
        reader.read(Folder(path, notes), is_ours=number == 0)
    return reader.joined(), tuple(notes.found)


class _Reader:
    """Reads the layers one after another; joins when all are read."""

    def __init__(self, notes: Notes, components: Collection[str] | None) -> None:
        self._notes = notes
        self._components = components
        self._known = Catalogue(notes)
        self._checks: list[tuple[CheckFile, Sheet, Path]] = []
        self._profiles: dict[str, Layered] = {}
        self._cited: list[tuple[tuple[str, ...], Sheet, tuple[str | int, ...]]] = []
        self._totals: dict[int, Total] = {}
        self._marked: list[tuple[MarksFile, Sheet]] = []
        self._digests: list[str] = []
        self._has_broken_checks = False

    def read(self, folder: Folder, *, is_ours: bool) -> None:
        """Take in every file of a layer."""
        self._read_catalogs(folder)
        self._read_evidence(folder, is_ours=is_ours)
        before = len(self._notes.found)
        for component, path in folder.checks():
            if self._components is None or component in self._components:
                self._read_check(component, path)
        # A check that is not where it should be is no fault of a profile that names it.
        self._has_broken_checks |= len(self._notes.found) > before
        self._read_profiles(folder)

    def joined(self) -> RuleSet:
        """Return all of it as rules; what names something unknown is noted."""
        for names, sheet, place in self._cited:
            self._known.held(names, sheet, place)
        checks = dict[str, Check]()
        for form, sheet, path in self._checks:
            if self._known.is_new(f"check {form.id}", form.id, sheet, ("id",)):
                folder = str(path.parent)
                checks[form.id] = check_of(form, sheet, folder, self._known, self._notes)
        checks = dict(sorted(checks.items()))
        profiles = Profiles(
            self._profiles,
            checks,
            self._known.has_item,
            self._notes,
            whole=self._components is None and not self._has_broken_checks,
        ).resolved()
        return RuleSet(
            items=self._known.items,
            facts=self._known.facts,
            checks=checks,
            profiles=profiles,
            high_risk=self._known.high_risk,
            digest="sm3:" + sm3_hex("\n".join(self._digests).encode()),
            samples=tuple(_samples(checks)),
            related=tuple(self._known.related),
            totals=self._totals,
            clauses=self._known.clauses,
            marks=marks_of(self._marked, self._known, self._notes),
            marked_by=tuple(MarksFrom(form.source, form.status) for form, _ in self._marked),
        )

    def _read_catalogs(self, folder: Folder) -> None:
        for path in folder.catalogs():
            found, sheet = self._examine(path, AnyCatalog)
            if found is None:
                self._known.broken.add(CATALOGUE)
                continue
            form = found.root
            if isinstance(form, CatalogFile):
                self._known.take_items(form, sheet)
                self._totals |= {n: Total(t.items, t.status) for n, t in form.totals.items()}
            elif isinstance(form, HighRiskFile):
                self._known.take_high_risk(form, sheet)
                self._cite("cases", [case.items for case in form.cases], sheet)
            elif isinstance(form, MarksFile):
                self._marked.append((form, sheet))
            elif isinstance(form, RelatedFile):
                self._known.take_related(form, sheet)
                self._cite("entries", [entry.items for entry in form.entries], sheet)

    def _cite(self, top: str, rows: list[tuple[str, ...]], sheet: Sheet) -> None:
        self._cited += [(names, sheet, (top, number, "items")) for number, names in enumerate(rows)]

    def _read_evidence(self, folder: Folder, *, is_ours: bool) -> None:
        for path in folder.evidence():
            if not is_ours:
                self._notes.add(
                    "evidence_in_overlay", Sheet(str(path), None).place(),
                    "Facts come from the package's own parsers; a site's folder adds none.",
                    "Remove the file; write checks over the facts of policies/evidence.",
                )  # fmt: skip
                continue
            if self._components is not None and path.stem not in self._components:
                continue
            form, sheet = self._examine(path, EvidenceFile)
            if form is None or not self._same(form.component, path.stem, sheet, "component"):
                self._known.broken.add(path.stem)
            else:
                self._known.take_facts(form, sheet)

    def _read_check(self, component: str, path: Path) -> None:
        form, sheet = self._examine(path, CheckFile)
        if form is None:
            return
        self._same(form.component, component, sheet, "component")
        self._same(form.id, path.parent.name, sheet, "id")
        self._checks.append((form, sheet, path))

    def _read_profiles(self, folder: Folder) -> None:
        for path in folder.profiles():
            form, sheet = self._examine(path, ProfileFile)
            if form is not None and self._same(form.name, path.stem, sheet, "name"):
                self._profiles[form.name] = Layered(form, sheet, self._profiles.get(form.name))

    def _same(self, given: str, expected: str, sheet: Sheet, field: str) -> bool:
        if given == expected:
            return True
        cause = Sentence("“{given}” stands in a place named “{expected}”.",
                         given=given, expected=expected)  # fmt: skip
        self._notes.add("misplaced", sheet.place((field,)), cause, "Give both the same name.")
        return False

    def _examine(self, path: Path, model: type[_Model]) -> tuple[_Model | None, Sheet]:
        found = examine(path, model, RULES)
        self._notes.found.extend(found.faults)
        self._digests.append(f"{path.parent.name}/{path.name} {sm3_hex(found.raw)}")
        return found.value, Sheet(str(path), found.document)


def _samples(checks: dict[str, Check]) -> list[str]:
    return [
        f"{check.id}.{name}"
        for check in checks.values()
        for name, parameter in check.parameters.items()
        if parameter.status == "sample"
    ]
