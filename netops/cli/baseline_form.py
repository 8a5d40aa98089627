"""Forms for items that only a person can decide: written empty, read back as confirmations.

A form is a workbook with one sheet, or the same as YAML. A row without a verdict is a row that
nobody has decided yet. Every fault of a form is reported at once, with its row.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from netops.errors import Fault, InputError, InventoryError, Place, Sentence, UsageError
from netops.findings import Verdict
from netops.i18n import Lang, _
from netops.inventory.graded import CONFIRMED, Confirmation, GradedObject
from netops.inventory.model import Inventory
from netops.inventory.spreadsheet import read_sheets
from netops.inventory.tables import Faults, read_text
from netops.plainyaml import PlainYamlError, Table, flow, line_of, parse_yaml
from netops.policy.baseline import Auto, Item, RuleSet
from netops.reports.words import VERDICTS

SHEET = "form"
COLUMNS = ("object", "clause", "point", "requirement", "verdict", "by", "on", "note")
_WIDTHS = (14, 12, 18, 60, 12, 12, 12, 40)
_FIELDS = ("schema", "object", "by", "on", "items")
_ITEM_FIELDS = ("clause", "point", "requirement", "verdict", "by", "on", "note", "object")
_SCHEMA = "netops/form/1"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class FormDefaults:
    """What stands for a field that a row of the form leaves empty."""

    object: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the place it stands at."""

    place: Place
    values: Mapping[str, str]

    def at(self, field: str) -> Place:
        return Place(self.place.file, self.place.line, field)


def read_form(
    path: Path, defaults: FormDefaults, rules: RuleSet, registered: Inventory
) -> list[Confirmation]:
    """Return the confirmations of a filled form; raise InventoryError that holds every fault."""
    rows = list(_sheet_rows(path) if path.suffix.lower() == ".xlsx" else _yaml_rows(path))
    reading = _Reading(defaults, rules, registered)
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
    for number, values in enumerate(read_sheets(path, {SHEET: COLUMNS})[SHEET], start=2):
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
    given = {name: _plain(top.get(name)) for name in ("object", "by", "on")}
    for number, item in enumerate(top["items"]):
        place = Place(path.name, line_of(top, ("items", number)))
        values = {name: _plain(value) for name, value in item.items()}
        yield _Row(place, given | {name: text for name, text in values.items() if text})


def _hold(path: Path, top: object) -> None:
    """Refuse what is not a form, or holds fields that no form has."""
    if not isinstance(top, Table) or top.get("schema") != _SCHEMA:
        raise InputError(
            "The file is not a form.",
            remedy=Sentence("Begin it with `schema: {schema}`.", schema=_SCHEMA),
            place=Place(path.name, 1),
        )
    items = top.get("items")
    is_list = isinstance(items, list) and all(isinstance(item, Table) for item in items)
    strange = [name for name in top if name not in _FIELDS]
    strange += [n for item in items or () if is_list for n in item if n not in _ITEM_FIELDS]
    if not is_list or strange:
        raise InputError(
            Sentence("The key “{name}” is not known.", name=strange[0])
            if strange
            else Sentence("“{name}” is not a list of records.", name="items"),
            remedy=Sentence("Use only: {values}.", values=", ".join((*_FIELDS, *_ITEM_FIELDS))),
            place=Place(path.name),
        )


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever stands in the file
    return "" if value is None else str(value).strip()


class _Reading:
    """Makes a confirmation of each row; notes all that is wrong."""

    def __init__(self, defaults: FormDefaults, rules: RuleSet, registered: Inventory) -> None:
        self.faults = Faults()
        self._defaults = defaults
        self._rules = rules
        self._graded = registered.graded
        self._words = {text: v.value for v in map(Verdict, CONFIRMED) for text in _spellings(v)}

    def confirmation(self, row: _Row) -> Confirmation | None:
        values = row.values
        graded = self._object(row)
        clause = ".".join(values.get("clause", "").replace(".", " ").split())
        verdict = self._words.get(values["verdict"].lower())
        on = self._day(row)
        by = values.get("by") or self._defaults.by
        if verdict is None:
            self.faults.add(
                "unknown_value",
                row.at("verdict"),
                Sentence("“{text}” is not known here.", text=values["verdict"][:40]),
                Sentence("Use one of: {values}.", values=", ".join(sorted(self._words))),
            )
        if not by:
            self.faults.add(
                "missing_value",
                row.at("by"),
                Sentence("The field “{name}” is empty.", name="by"),
                "Fill it in.",
            )
        if graded is None or on is None or verdict is None or not by:
            return None
        if not self._fits(row, clause, graded, values.get("note", ""), verdict):
            return None
        return Confirmation(clause, verdict, by, on, object=graded.id, note=values.get("note", ""))

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
        return found

    def _day(self, row: _Row) -> date | None:
        text = row.values.get("on", "")
        if not text:
            return self._defaults.on
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            self.faults.add(
                "bad_date",
                row.at("on"),
                Sentence("“{text}” is not a day.", text=text[:40]),
                "Write it like 2026-12-31.",
            )
            return None

    def _fits(self, row: _Row, clause: str, graded: GradedObject, note: str, verdict: str) -> bool:
        known = self._rules.item_of_clause(clause)
        if known is None or known[1] != graded.level:
            self.faults.add(
                "bad_clause",
                row.at("clause"),
                Sentence(
                    "“{text}” is no clause of level {level}.", text=clause[:40], level=graded.level
                ),
                "Write it like 8.1.4.1.a.",
            )
            return False
        if verdict == "not_applicable" and not note:
            self.faults.add(
                "missing_value",
                row.at("note"),
                "Why the clause is not applicable is not given.",
                "Give the reason as `note`.",
            )
            return False
        return True


def _spellings(verdict: Verdict) -> tuple[str, ...]:
    words = VERDICTS[verdict]
    return verdict.value, words.zh, words.en


def write_form(
    path: Path, name: str, known: tuple[RuleSet, Inventory], lang: Lang, *, every: bool
) -> int:
    """Write a form with the items of an object that only a person can decide; return how many."""
    rules, registered = known
    graded = registered.graded.get(name)
    if graded is None:
        raise UsageError(
            _("There is no graded object “{name}”.").format(name=name),
            remedy=_("It must stand in graded.yaml of the inventory."),
        )
    items = [i for i in rules.items_at(graded.level) if every or _is_for_person(i, rules)]
    if path.suffix.lower() == ".xlsx":
        _write_sheet(path, graded, items, lang)
    else:
        path.write_text(_yaml(graded, items, lang), encoding="utf-8")
    return len(items)


def _is_for_person(item: Item, rules: RuleSet) -> bool:
    """Whether nothing of the machine's bears on an item: no check covers it."""
    if item.auto is Auto.PERSON:
        return True
    return not any(one.item == item.id for check in rules.checks.values() for one in check.covers)


def _yaml(graded: GradedObject, items: list[Item], lang: Lang) -> str:
    lines = [f"schema: {_SCHEMA}", f"object: {flow(graded.id)}", "by: ''", "on: ''", "items:"]
    for item in items:
        record = {
            "clause": item.clauses[graded.level],
            "point": item.point.in_lang(lang),
            "requirement": item.text.in_lang(lang),
            "verdict": "",
            "note": "",
        }
        lines.append(f"- {flow(record)}")
    return "\n".join(lines) + "\n"


def _write_sheet(path: Path, graded: GradedObject, items: list[Item], lang: Lang) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    words = [VERDICTS[Verdict(word)].in_lang(lang) for word in CONFIRMED]
    try:
        with xlsxwriter.Workbook(temporary, _OPTIONS) as book:
            bold = book.add_format({"bold": True})
            text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
            sheet = book.add_worksheet(SHEET)
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width, text)
            sheet.write_row(0, 0, COLUMNS, bold)
            sheet.freeze_panes(1, 2)
            for number, item in enumerate(items, start=1):
                clause = item.clauses[graded.level]
                cells = (graded.id, clause, item.point.in_lang(lang), item.text.in_lang(lang))
                sheet.write_row(number, 0, cells, text)
            verdict = COLUMNS.index("verdict")
            sheet.data_validation(
                1, verdict, max(len(items), 1), verdict, {"validate": "list", "source": words}
            )
        temporary.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise UsageError(
            "The workbook cannot be written.",
            remedy="Name a place that you may write to.",
            place=Place(str(path)),
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
