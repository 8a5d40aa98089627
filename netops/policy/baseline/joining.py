"""Joins what single files hold into rules: names must exist elsewhere, numbers must fit levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from netops.errors import Sentence
from netops.policy.baseline.catalog_files import CatalogFile, HighRiskFile, MarksFile, RelatedFile
from netops.policy.baseline.expressions import Surroundings, expression_of
from netops.policy.baseline.files import CheckFile, EvidenceFile
from netops.policy.baseline.grades import Mark
from netops.policy.baseline.noting import Notes, Sheet
from netops.policy.baseline.values import (
    Applies,
    Check,
    Cover,
    FactKind,
    HighRiskCase,
    Item,
    Level,
    Parameter,
    Related,
    Remedy,
    RemedyCommands,
)

_TWICE = Sentence("“{name}” stands already in {place}.")
_RENAME = Sentence("Keep one of the two, or give this one an id of its own.")


_NUMBERED = "GB/T 22239"
"""In this standard a level is a chapter: level 1 chapter 6, level 4 chapter 9."""
CATALOGUE = "catalog"
"""Stands in ``Catalogue.broken`` for every file of ``catalog/``."""


class Catalogue:
    """Items, facts and high-risk cases of all layers, by name; a name given twice is a fault."""

    def __init__(self, notes: Notes) -> None:
        self.items: dict[str, Item] = {}
        self.clauses: dict[str, tuple[str, int]] = {}
        self.facts: dict[tuple[str, str], FactKind] = {}
        self.high_risk: dict[str, HighRiskCase] = {}
        self.related: list[Related] = []
        self.broken: set[str] = set()
        """Components whose facts, or catalogues whose items, could not be read: names of theirs
        that are not known are no faults of their own."""
        self._notes = notes
        self._places: dict[str, str] = {}

    def take_items(self, form: CatalogFile, sheet: Sheet) -> None:
        """Take in the items of a standard."""
        for number, row in enumerate(form.items):
            path = ("items", number, "id")
            if not self.is_new(f"item {row.id}", row.id, sheet, path):
                continue
            weight = row.importance
            self.items[row.id] = Item(
                row.id, row.item_class, row.point.text(), row.text.text(), _by_level(row.clauses),
                row.auto, _by_level(row.units), 1 if weight is None else weight.value,
                "sample" if weight is None else weight.status, row.status, row.verified_by,
                row.note, form.standard,
            )  # fmt: skip
            for level, clause in row.clauses.items():
                place = ("items", number, "clauses", str(level))
                if form.standard.startswith(_NUMBERED) and clause.split(".")[0] != str(level + 5):
                    self._notes.add(
                        "misnumbered", sheet.place(place),
                        Sentence("“{clause}” is no clause of level {level}, which is chapter "
                                 "{chapter}.", clause=clause, level=level, chapter=level + 5),
                        "Correct the clause or its level.",
                    )  # fmt: skip
                if self.is_new(f"clause {clause}", clause, sheet, place):
                    self.clauses[clause] = (row.id, level)

    def take_facts(self, form: EvidenceFile, sheet: Sheet) -> None:
        """Take in the settings of a component."""
        for name, row in form.facts.items():
            if self.is_new(f"fact {form.component} {name}", name, sheet, ("facts", name)):
                self.facts[form.component, name] = FactKind(
                    form.component, name, row.type, row.commands, row.title.text(), row.keyed,
                    row.unit,
                )  # fmt: skip

    def take_high_risk(self, form: HighRiskFile, sheet: Sheet) -> None:
        """Take in the cases of a guide."""
        for number, row in enumerate(form.cases):
            case = HighRiskCase(
                row.id, form.edition, row.title.text(), row.levels, row.trigger.text(), row.items,
                None if row.relief is None else row.relief.text(),
                None if row.condition is None else row.condition.text(),
                row.major_hazard, row.status,
            )  # fmt: skip
            if self.is_new(f"case {case.key}", case.key, sheet, ("cases", number, "id")):
                self.high_risk[case.key] = case

    def take_related(self, form: RelatedFile, sheet: Sheet) -> None:
        """Take in the entries of a catalogue beside the standard."""
        for number, row in enumerate(form.entries):
            path = ("entries", number, "id")
            if self.is_new(f"entry {form.catalogue} {row.id}", row.id, sheet, path):
                self.related.append(
                    Related(form.catalogue, row.id, row.title.text(), row.items, row.text.text(),
                            row.layer, row.status)
                )  # fmt: skip

    def is_new(self, key: str, name: str, sheet: Sheet, path: tuple[str | int, ...]) -> bool:
        """Note the name; False, with a fault, where it is taken."""
        place = sheet.place(path)
        if key in self._places:
            cause = Sentence(_TWICE, name=name, place=self._places[key])
            self._notes.add("duplicate_id", place, cause, _RENAME)
            return False
        self._places[key] = place.file if place.line is None else f"{place.file}:{place.line}"
        return True

    def has_item(self, name: str) -> bool:
        """Whether an item is known, or might be if its file could be read."""
        return name in self.items or CATALOGUE in self.broken

    def held(self, names: tuple[str, ...], sheet: Sheet, path: tuple[str | int, ...]) -> None:
        """Note items that no catalogue has."""
        for name in names:
            if not self.has_item(name):
                cause = Sentence("The item “{name}” is in no catalogue.", name=name)
                self._notes.add("unknown_item", sheet.place(path), cause, "Correct the id.")


def marks_of(
    files: Sequence[tuple[MarksFile, Sheet]], known: Catalogue, notes: Notes
) -> dict[str, Mark]:
    """Return the mark of each item that a file gives one; two different ones are a fault."""
    found: dict[str, Mark] = {}
    for form, sheet in files:
        for mark, patterns in zip(Mark, (form.marks.s, form.marks.a, form.marks.g), strict=True):
            for number, pattern in enumerate(patterns):
                place = sheet.place(("marks", mark.value, number))
                items = [name for name in known.items if fnmatchcase(name, pattern)]
                if not items and CATALOGUE not in known.broken:
                    cause = Sentence("The item “{name}” is in no catalogue.", name=pattern)
                    notes.add("unknown_item", place, cause, "Correct the id.")
                for name in items:
                    if found.setdefault(name, mark) is not mark:
                        cause = Sentence("The item “{name}” has the mark {mark} already.",
                                         name=name, mark=found[name].value.upper())  # fmt: skip
                        notes.add("duplicate_id", place, cause, "Keep one of the two.")
    return found


def check_of(form: CheckFile, sheet: Sheet, folder: str, known: Catalogue, notes: Notes) -> Check:
    """Return a check, with what it names looked up."""
    parameters = {
        name: Parameter(row.value, row.tighter, row.source, row.status, row.unit, bounds=row.bounds)
        for name, row in form.parameters.items()
    }
    _bounded(parameters, sheet, notes)
    facts = None if form.component in known.broken else known.facts
    around = Surroundings(form.component, facts, parameters, sheet, notes)
    if CATALOGUE not in known.broken:
        _cited(form, sheet, known.high_risk, notes)
    return Check(
        id=form.id,
        title=form.title.text(),
        component=form.component,
        covers=tuple(_covers(form, sheet, known, notes)),
        severity=form.severity,
        expect=expression_of(form.expect, ("expect",), around),
        remedy=_remedy(form),
        applies=Applies(form.applies.families, form.applies.versions),
        when=None if form.when is None else expression_of(form.when, ("when",), around),
        parameters=parameters,
        high_risk=form.high_risk,
        severity_note=form.severity_note,
        folder=folder,
    )


def _bounded(parameters: Mapping[str, Parameter], sheet: Sheet, notes: Notes) -> None:
    """Note bounds that hold nothing, that bound no number, or that a check's own value breaks."""
    for name, one in parameters.items():
        if one.bounds is None:
            continue
        low, high = one.bounds
        path = ("parameters", name)
        if low > high or not isinstance(one.value, int) or isinstance(one.value, bool):
            notes.add(
                "out_of_bounds", sheet.place((*path, "bounds")),
                "Bounds are the least and the most of a whole number, in this order.",
                "Write them like `bounds: [1, 128]`, or leave them out.",
            )  # fmt: skip
        elif not one.holds(one.value):
            notes.add("out_of_bounds", sheet.place((*path, "value")),
                      outside(one.value, one), "Correct the value, or the bounds.")  # fmt: skip


def outside(value: object, parameter: Parameter) -> Sentence:
    """Say that a threshold is none that anybody can mean."""
    low, high = parameter.bounds or (0, 0)
    return Sentence(
        "“{value}” does not lie between {low} and {high}, the bounds of this threshold.",
        value=str(value)[:80], low=low, high=high,
    )  # fmt: skip


def _by_level(given: Mapping[Level, str]) -> dict[int, str]:
    return {int(level): text for level, text in given.items()}


def _covers(form: CheckFile, sheet: Sheet, known: Catalogue, notes: Notes) -> list[Cover]:
    covers = list[Cover]()
    for number, row in enumerate(form.covers):
        place = sheet.place(("covers", number, "item"))
        item = known.items.get(row.item)
        if item is None and CATALOGUE in known.broken:
            continue
        if item is None:
            cause = Sentence("The item “{name}” is in no catalogue.", name=row.item)
            notes.add("unknown_item", place, cause, "Correct the id.")
            continue
        levels = tuple(item.clauses) if row.levels is None else row.levels
        for level in levels:
            if level not in item.clauses:
                cause = Sentence(
                    "The item “{name}” is not required at level {level}.",
                    name=row.item, level=level,
                )  # fmt: skip
                notes.add("unknown_item", place, cause, "Take the level out.")
        covers.append(Cover(row.item, tuple(sorted(set(levels))), row.part))
    return covers


def _cited(form: CheckFile, sheet: Sheet, cases: Mapping[str, HighRiskCase], notes: Notes) -> None:
    for number, key in enumerate(form.high_risk):
        if key not in cases:
            cause = Sentence("No guide has the high-risk case “{key}”.", key=key)
            place = sheet.place(("high_risk", number))
            notes.add("unknown_item", place, cause, "Write it like 2025:6.4.1.1.")


def _remedy(form: CheckFile) -> Remedy:
    commands = tuple(
        RemedyCommands(
            row.lines, row.risk, row.families, None if row.note is None else row.note.text()
        )
        for row in form.remedy.commands
    )
    return Remedy(form.remedy.text.text(), commands)
