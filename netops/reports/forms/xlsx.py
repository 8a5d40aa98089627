"""Fills a workbook template (XLSX): the row that names a table is repeated for each of its rows.

No text can become a formula. What a template says outside of ``{{ … }}`` stays as it is.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from copy import copy
from unicodedata import east_asian_width

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from netops.errors import Sentence, UsageError
from netops.reports.forms.content import Forms, Row
from netops.reports.forms.settled import settled
from netops.text import cells

_NAME = re.compile(r"\{\{ ?([a-z_]{1,40})(?:\.([a-z_]{1,40}))? ?\}\}")
_LONGEST = 32_000
"""Characters: a spreadsheet's cell holds 32,767."""
_USUAL_WIDTH = 13.0
LINE, TALLEST = 15.0, 400.0
"""Points: a line of ten takes so much in the tallest of the usual fonts; a row 409 at most."""
_LOOSE = 1.2
"""Words are not broken, so a line is rarely full."""
_MOST_COUNTED = 2_000
_REMEDY = "Begin with the one that `netops baseline form template` writes."


def to_xlsx(forms: Forms, template: bytes, moment: str) -> bytes:
    """Return the filled workbook; raise UsageError where the template cannot be used."""
    book = _opened(template)
    for sheet in book.worksheets:
        _fill(sheet, forms)
    made = io.BytesIO()
    book.save(made)
    return settled(made.getvalue(), moment)


def _opened(template: bytes) -> Workbook:
    try:
        return load_workbook(io.BytesIO(template))
    except Exception as error:  # a damaged or foreign file makes the library raise nearly anything
        raise UsageError("The template is no workbook (XLSX).", remedy=_REMEDY) from error


def _fill(sheet: Worksheet, forms: Forms) -> None:
    """Fill from below, so that rows that are put in move nothing that is still to be filled."""
    merged = {(one.min_row, one.min_col): one.max_col for one in sheet.merged_cells.ranges}
    for number in range(sheet.max_row, 0, -1):
        row = [cell for cell in sheet[number] if isinstance(cell, Cell)]
        table = next((name for cell in row for name in _tables(cell)), None)
        if table is None:
            for cell in row:
                before = cell.value
                _write(cell, _filled(before, forms.head, ""))
                if cell.value != before:
                    _make_room(sheet, cell, merged.get((number, cell.column), cell.column))
        else:
            _repeat(sheet, number, _rows_of(forms, table), table)


def _make_room(sheet: Worksheet, cell: Cell, last: int) -> None:
    """Let a row be as high as a text that was put in needs; the template's own height is least."""
    columns = range(cell.column, last + 1)
    width = sum(_width(sheet, get_column_letter(column)) for column in columns)
    row = sheet.row_dimensions[cell.row]
    row.height = max(row.height or LINE, min(lines_of(cell.value, width) * LINE, TALLEST))


def _width(sheet: Worksheet, letter: str) -> float:
    return float(sheet.column_dimensions[letter].width or _USUAL_WIDTH)


def _tables(cell: Cell) -> Iterator[str]:
    if isinstance(cell.value, str):
        yield from (table for table, key in _NAME.findall(cell.value) if key)


def _rows_of(forms: Forms, table: str) -> list[Row]:
    if table not in forms.tables:
        raise UsageError(
            Sentence("The template names a table “{name}” that the forms do not have.", name=table),
            remedy=_REMEDY,
        )
    return forms.tables[table]


def _repeat(sheet: Worksheet, number: int, rows: list[Row], table: str) -> None:
    model = [(c.value, c) for c in sheet[number] if isinstance(c, Cell)]
    if len(rows) > 1 and number < sheet.max_row:
        sheet.insert_rows(number + 1, len(rows) - 1)
    widths = [_width(sheet, c.column_letter) for _, c in model]
    for at, row in enumerate(rows or [{}]):
        tall = 1
        for (text, pattern), width in zip(model, widths, strict=True):
            cell = sheet.cell(number + at, pattern.column)
            if not isinstance(cell, Cell):  # a merged cell holds no text of its own
                continue
            if cell is not pattern and pattern.has_style:
                # openpyxl has no public way; one attribute at a time takes five times as long.
                cell._style = copy(pattern._style)  # type: ignore[attr-defined]  # noqa: SLF001
            _write(cell, _filled(text, row, table) if rows else "")
            tall = max(tall, lines_of(cell.value, width))
        sheet.row_dimensions[number + at].height = min(tall * LINE, TALLEST)


def lines_of(text: object, width: float) -> int:
    """Return how many lines a text takes in a column; not every program works that out itself."""
    if not isinstance(text, str):
        return 1
    # A Chinese line may be broken anywhere, so it is full.
    columns = sum(
        2.1 if east_asian_width(letter) in "WF" else _LOOSE for letter in text[:_MOST_COUNTED]
    )
    return max(1, math.ceil(columns / width))


def _filled(text: object, row: Row, table: str) -> object:
    """Put the values in; a name that the row does not have is a fault of the template."""
    if not isinstance(text, str) or "{{" not in text:
        return text

    def value(found: re.Match[str]) -> str:
        key = found[2] if table else found[1]
        if key not in row or (table and found[1] != table):
            raise UsageError(
                Sentence("The template names “{name}”, which the forms do not have.",
                         name=found[0]),
                remedy=_REMEDY,
            )  # fmt: skip
        return row[key]

    return _NAME.sub(value, text)


def _write(cell: Cell, value: object) -> None:
    if value == cell.value:
        return
    safe = cells([value])[0]
    cell.value = safe[:_LONGEST] if isinstance(safe, str) else None
    if isinstance(safe, str):
        cell.data_type = "s"
