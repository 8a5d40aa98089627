"""Writes an empty form with the items of a graded object that only a person can decide."""

from __future__ import annotations

import os
from pathlib import Path

import xlsxwriter

from netops.baseline.assets import grade_of
from netops.cli.baseline_form import COLUMNS, SCHEMA, SHEET
from netops.errors import Place, UsageError
from netops.findings import Verdict
from netops.i18n import Lang, _
from netops.inventory.graded import CONFIRMED, GradedObject
from netops.inventory.model import Inventory
from netops.plainyaml import flow
from netops.policy.baseline import Auto, Item, RuleSet
from netops.reports.words import VERDICTS

_WIDTHS = (14, 18, 12, 18, 60, 12, 12, 12, 40)
_A4 = 9
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


Items = list[tuple[Item, str]]
"""Items with the clause that counts for an object."""


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
    required = rules.required(grade_of(graded))
    items = [(i, i.clauses[level]) for i, level in required if every or _is_for_person(i, rules)]
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


def _yaml(graded: GradedObject, items: Items, lang: Lang) -> str:
    lines = [f"schema: {SCHEMA}", f"object: {flow(graded.id)}", f"name: {flow(graded.name)}"]
    lines += ["by: ''", "on: ''", "items:"]
    for item, clause in items:
        record = {
            "clause": clause,
            "point": item.point.in_lang(lang),
            "requirement": item.text.in_lang(lang),
            "verdict": "",
            "note": "",
        }
        lines.append(f"- {flow(record)}")
    return "\n".join(lines) + "\n"


def _write_sheet(path: Path, graded: GradedObject, items: Items, lang: Lang) -> None:
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
            sheet.freeze_panes(1, 3)
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            for number, (item, clause) in enumerate(items, start=1):
                asked = (item.point.in_lang(lang), item.text.in_lang(lang))
                cells = (graded.id, graded.name, clause, *asked)
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
