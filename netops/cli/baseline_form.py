"""Reads a filled form of items that a person decided, as confirmations.

A form is a workbook with one sheet, a document with one table, or the same as YAML. A row without
a verdict is a row that nobody has decided yet. Every fault of a form is reported at once, with its
row; what the machine saw of an item is asked for only where a check bears on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from netops.baseline.assets import grade_of
from netops.cli.baseline_record import PROVEN, Seen
from netops.errors import Fault, InputError, InventoryError, Place, Sentence
from netops.findings import Text, Verdict
from netops.inventory.document import read_document
from netops.inventory.graded import CONFIRMED, Confirmation, GradedObject
from netops.inventory.model import Inventory
from netops.inventory.spreadsheet import read_sheets
from netops.inventory.tables import Faults, read_text
from netops.plainyaml import PlainYamlError, Table, line_of, parse_yaml
from netops.policy.baseline import Item, RuleSet
from netops.reports.words import VERDICTS

SHEET = "form"
COLUMNS = ("object", "name", "clause", "point", "requirement", "verdict", "by", "on", "note")
HEADINGS: Mapping[str, Text] = {
    "object": Text("定级对象编号", "object"),
    "name": Text("定级对象名称", "name"),
    "clause": Text("条款", "clause"),
    "point": Text("控制点", "point"),
    "requirement": Text("测评项（释义）", "requirement"),
    "verdict": Text("符合程度", "verdict"),
    "by": Text("判定人", "by"),
    "on": Text("判定日期", "on"),
    "note": Text("说明", "note"),
}
"""What the columns are called; the names of columns are read in every language."""
_SPELLINGS = {text: name for name, heading in HEADINGS.items() for text in (heading.zh, heading.en)}
SCHEMA = "netops/form/1"
_TOP = ("object", "name", "by", "on")
_FIELDS = ("schema", *_TOP, "items")


class Evidence(Protocol):
    """Says what the machine shows of a clause of a graded object."""

    def of(self, graded: str, clause: str) -> Seen | None:
        """Return it; None where the object has no such row."""


_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class FormDefaults:
    """What stands for a field that a row of the form leaves empty."""

    object: str
    by: str
    on: date
    today: date


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the place it stands at."""

    place: Place
    values: Mapping[str, str]

    def at(self, field: str) -> Place:
        return Place(self.place.file, self.place.line, field)


def read_form(
    path: Path, defaults: FormDefaults, known: tuple[RuleSet, Inventory], machine: Evidence
) -> list[Confirmation]:
    """Return the confirmations of a filled form; raise InventoryError that holds every fault."""
    kind = path.suffix.lower()
    if kind not in _READERS or not path.is_file():
        raise InputError(
            "The file is no form that can be read: a file .xlsx, .docx or .yaml is.",
            remedy="Fill in the form that `netops baseline form blank` writes, and save it as "
            ".xlsx or .docx, without macros.",
            place=Place(str(path)),
        )
    rows = list(_READERS[kind](path))
    reading = _Reading(defaults, *known, machine)
    made = [reading.confirmation(row) for row in rows if row.values.get("verdict")]
    if reading.faults.found:
        raise InventoryError(tuple(reading.faults.found))
    found = [one for one in made if one is not None]
    if not found:
        raise InputError(
            "The form holds no verdict.",
            remedy="Fill in the column `verdict`.",
            place=Place(str(path)),
        )
    return found


def _sheet_rows(path: Path) -> Iterator[_Row]:
    sheets = read_sheets(path, {SHEET: COLUMNS}, _SPELLINGS)
    for number, values in enumerate(sheets[SHEET], start=2):
        yield _Row(Place(path.name, number), values)


def _document_rows(path: Path) -> Iterator[_Row]:
    for number, values in read_document(path, COLUMNS, _SPELLINGS):
        yield _Row(Place(path.name, number), values)


def _yaml_rows(path: Path) -> Iterator[_Row]:
    faults = Faults()
    text = read_text(path, path.name, faults)
    if text is None:
        raise InventoryError(tuple(faults.found))
    try:
        top = parse_yaml(text)
    except PlainYamlError as error:
        fault = Fault("bad_yaml", Place(path.name, error.line), error.cause, error.remedy)
        raise InventoryError((fault,)) from error
    _hold(path, top)
    given = {name: _plain(top.get(name)) for name in _TOP}
    for number, item in enumerate(top["items"]):
        place = Place(path.name, line_of(top, ("items", number)))
        values = {name: _plain(value) for name, value in item.items()}
        yield _Row(place, given | {name: text for name, text in values.items() if text})


def _hold(path: Path, top: object) -> None:
    """Refuse what is not a form, or holds fields that no form has."""
    if not isinstance(top, Table) or top.get("schema") != SCHEMA:
        raise InputError(
            "The file is not a form.",
            remedy=Sentence("Begin it with `schema: {schema}`.", schema=SCHEMA),
            place=Place(path.name, 1),
        )
    items = top.get("items")
    is_list = isinstance(items, list) and all(isinstance(item, Table) for item in items)
    strange = [name for name in top if name not in _FIELDS]
    strange += [n for item in items or () if is_list for n in item if n not in COLUMNS]
    if not is_list or strange:
        raise InputError(
            Sentence("The key “{name}” is not known.", name=strange[0])
            if strange
            else Sentence("“{name}” is not a list of records.", name="items"),
            remedy=Sentence(
                "Use only: {values}.", values=", ".join(dict.fromkeys((*_FIELDS, *COLUMNS)))
            ),
            place=Place(path.name),
        )


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever stands in the file
    return "" if value is None else str(value).strip()


_READERS = {".xlsx": _sheet_rows, ".docx": _document_rows, ".yaml": _yaml_rows, ".yml": _yaml_rows}


class _Reading:
    """Makes a confirmation of each row; notes all that is wrong."""

    def __init__(
        self, defaults: FormDefaults, rules: RuleSet, registered: Inventory, machine: Evidence
    ) -> None:
        self.faults = Faults()
        self._defaults = defaults
        self._rules = rules
        self._graded = registered.graded
        self._machine = machine
        self._covered = {one.item for check in rules.checks.values() for one in check.covers}
        self._words = {text: v.value for v in map(Verdict, CONFIRMED) for text in _spellings(v)}
        self._decided: dict[tuple[str, str], Place] = {}

    def confirmation(self, row: _Row) -> Confirmation | None:
        values = row.values
        before = len(self.faults.found)
        graded = self._object(row)
        clause = ".".join(values.get("clause", "").replace(".", " ").split())
        verdict = self._verdict(row)
        on = self._day(row)
        by, note = values.get("by") or self._defaults.by, values.get("note", "")
        self._lines(row, by)
        if verdict == "not_applicable" and not note:
            self.faults.add(
                "missing_value",
                row.at("note"),
                "Why the clause is not applicable is not given.",
                "Give the reason as `note`.",
            )
        item = None if graded is None else self._item(row, clause, graded)
        if graded is None or item is None or on is None or len(self.faults.found) > before:
            return None
        evidence = self._evidence(row, (graded.id, clause), item, verdict)
        return Confirmation(clause, verdict, by, on, object=graded.id, evidence=evidence, note=note)

    def _verdict(self, row: _Row) -> str:
        text = row.values["verdict"]
        verdict = self._words.get(text.lower(), "")
        if not verdict:
            self.faults.add(
                "unknown_value",
                row.at("verdict"),
                Sentence("“{text}” is not known here.", text=text[:40]),
                Sentence("Use one of: {values}.", values=", ".join(sorted(self._words))),
            )
        return verdict

    def _lines(self, row: _Row, by: str) -> None:
        """Note who is not named, and what is no plain line."""
        if not by:
            self.faults.add(
                "missing_value",
                row.at("by"),
                Sentence("The field “{name}” is empty.", name="by"),
                "Fill it in.",
            )
        for name, text in (("by", by), ("note", row.values.get("note", ""))):
            if not text.replace("\u3000", " ").isprintable() or len(text) > _LONGEST:
                self.faults.add(
                    "hidden_character",
                    row.at(name),
                    Sentence("“{name}” is no plain line of at most {bound} characters.",
                             name=name, bound=_LONGEST),
                    "Write one line of plain text.",
                )  # fmt: skip

    def _evidence(self, row: _Row, of: tuple[str, str], item: Item, verdict: str) -> str:
        """Return what the verdict is valid for; empty where no check bears on the item."""
        seen = self._machine.of(*of) if item.id in self._covered else None
        if seen is None:
            return ""
        if seen.forbids(verdict):
            self.faults.add(
                "contradiction",
                row.at("verdict"),
                Sentence(PROVEN, row=seen.id),
                "Mend it and scan again, or record an exemption: `netops exemption add`.",
            )
        return seen.evidence

    def _object(self, row: _Row) -> GradedObject | None:
        name = row.values.get("object") or self._defaults.object
        found = self._graded.get(name)
        if found is None:
            self.faults.add(
                "unknown_graded_object",
                row.at("object"),
                Sentence("“{name}” is not a graded object of this inventory.", name=name),
                Sentence("Add it to {file}, or correct the id.", file="graded.yaml"),
            )
        title = row.values.get("name", "")
        if found is not None and title and title != found.name:
            self.faults.add(
                "unknown_graded_object",
                row.at("name"),
                Sentence("The form is of “{text}”, and {name} is “{own}” in this inventory.",
                         text=title[:80], name=name, own=found.name),
                "Use a form of this inventory: `netops baseline form blank` writes one.",
            )  # fmt: skip
        return found

    def _day(self, row: _Row) -> date | None:
        text = row.values.get("on", "")
        if not text:
            return self._defaults.on
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            self.faults.add(
                "bad_date",
                row.at("on"),
                Sentence("“{text}” is not a day.", text=text[:40]),
                "Write it like 2026-12-31.",
            )
            return None
        if day > self._defaults.today:
            self.faults.add(
                "bad_date",
                row.at("on"),
                Sentence("{day} is still to come.", day=day.isoformat()),
                "Give the day on which it was decided.",
            )
        return day

    def _item(self, row: _Row, clause: str, graded: GradedObject) -> Item | None:
        known = self._rules.item_of_clause(clause)
        level = None if known is None else self._rules.level_of(known[0], grade_of(graded))
        if known is None or known[1] != level:
            self.faults.add(
                "bad_clause",
                row.at("clause"),
                Sentence(
                    "“{text}” is no clause of level {level}.",
                    text=clause[:40],
                    level=level or graded.level,
                ),
                "Write it like 8.1.4.1.a.",
            )
            return None
        item = known[0]
        first = self._decided.setdefault((graded.id, clause), row.place)
        if first is not row.place:
            self.faults.add(
                "duplicate_id",
                row.at("clause"),
                Sentence("“{name}” stands already in {place}.", name=clause,
                         place=f"{first.file}:{first.line}"),
                "Keep one of the two rows.",
            )  # fmt: skip
        for name, text in (("point", item.point), ("requirement", item.text)):
            given = "".join(row.values.get(name, "").split())
            if given and given not in ("".join(text.zh.split()), "".join(text.en.split())):
                self.faults.add(
                    "altered_text",
                    row.at(name),
                    Sentence("This is not what clause {clause} asks in the catalogue.",
                             clause=clause),
                    "A verdict belongs to the text of the form: write a new one with "
                    "`netops baseline form blank`.",
                )  # fmt: skip
        return item


def _spellings(verdict: Verdict) -> tuple[str, ...]:
    words = VERDICTS[verdict]
    return verdict.value, words.zh, words.en
