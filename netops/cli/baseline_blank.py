"""Writes an empty form with the items of a graded object that only a person can decide."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import xlsxwriter

from netops.baseline.assets import grade_of
from netops.cli.baseline_form import COLUMNS, HEADINGS, SCHEMA, SHEET
from netops.errors import UsageError
from netops.findings import Text, Verdict
from netops.i18n import Lang, _
from netops.inventory.graded import CONFIRMED, GradedObject
from netops.inventory.model import Inventory
from netops.plainyaml import flow
from netops.policy.baseline import Auto, Item, RuleSet
from netops.reports.forms.pages import add_table, blank_document
from netops.reports.forms.xlsx import LINE, TALLEST, lines_of
from netops.reports.words import VERDICTS
from netops.reports.write import replace_file

_WIDTHS = (14, 18, 12, 18, 60, 12, 12, 12, 40)
_A4 = 9
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "in_memory": True,
}  # fmt: skip
_HINT = Text(
    "符合程度填：{words}。不适用的须在“说明”中写明理由；未判定的行留空。请勿合并或拆分单元格。",
    "As verdict write: {words}. What is not applicable needs a note; a row that nobody has decided "
    "stays empty. Do not merge or split cells.",
)

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
    replace_file(path, _MAKERS[path.suffix.lower()](graded, items, lang))
    return len(items)


def _is_for_person(item: Item, rules: RuleSet) -> bool:
    """Whether nothing of the machine's bears on an item: no check covers it."""
    if item.auto is Auto.PERSON:
        return True
    return not any(one.item == item.id for check in rules.checks.values() for one in check.covers)


def _yaml(graded: GradedObject, items: Items, lang: Lang) -> bytes:
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
    return ("\n".join(lines) + "\n").encode()


def _workbook(graded: GradedObject, items: Items, lang: Lang) -> bytes:
    made = io.BytesIO()
    words = [VERDICTS[Verdict(word)].in_lang(lang) for word in CONFIRMED]
    with xlsxwriter.Workbook(made, _OPTIONS) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "border": 1})
        head = book.add_format(
            {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#DDE3EA"}
        )
        sheet = book.add_worksheet(SHEET)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, _headings(lang), head)
        sheet.freeze_panes(1, 3)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&R&P / &N")
        for number, cells in enumerate(_rows(graded, items, lang), start=1):
            tall = max(map(lines_of, cells, _WIDTHS))
            sheet.set_row(number, min(tall * LINE, TALLEST))
            sheet.write_row(number, 0, cells, text)
        verdict = COLUMNS.index("verdict")
        sheet.data_validation(
            1, verdict, max(len(items), 1), verdict, {"validate": "list", "source": words}
        )
    return made.getvalue()


def _document(graded: GradedObject, items: Items, lang: Lang) -> bytes:
    document = blank_document(graded.name)
    words = ", ".join(VERDICTS[Verdict(word)].in_lang(lang) for word in CONFIRMED)
    document.add_paragraph(_HINT.in_lang(lang).format(words=words))
    grid = add_table(document, _headings(lang), _WIDTHS, len(items))
    # A cell by its place in the grid takes the library the longer the further down it is.
    for row, cells in zip(list(grid.rows)[1:], _rows(graded, items, lang), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _headings(lang: Lang) -> list[str]:
    return [HEADINGS[name].in_lang(lang) for name in COLUMNS]


def _rows(graded: GradedObject, items: Items, lang: Lang) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each item; those that a person fills in are empty."""
    for item, clause in items:
        asked = (item.point.in_lang(lang), item.text.in_lang(lang))
        yield (graded.id, graded.name, clause, *asked, *("",) * (len(COLUMNS) - 5))


_MAKERS: Mapping[str, Callable[[GradedObject, Items, Lang], bytes]] = {
    ".xlsx": _workbook,
    ".docx": _document,
    ".yaml": _yaml,
    ".yml": _yaml,
}
"""How a form is written, by the ending of its name."""
