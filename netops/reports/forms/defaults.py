"""The templates that come with netops; an office writes them out, changes them, hands them back.

A template says ``{{ snapshot }}`` for what stands in ``Forms.head``. In a workbook a row with
``{{ records.clause }}`` is repeated for every row of that table; in a document a row between
``{%tr for row in records %}`` and ``{%tr endfor %}``.
"""

from __future__ import annotations

import io
from typing import Literal

from docx.document import Document as DocumentType
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from netops.findings import Text
from netops.i18n import Lang
from netops.reports.forms.content import COLUMNS, TITLES
from netops.reports.forms.pages import EAST_ASIAN, add_table, blank_document

Kind = Literal["docx", "xlsx"]

_NAME = Text("网络安全等级保护测评表单", "Forms of a tiered-protection assessment")
_HEAD = Text(
    "快照 {{ snapshot }}（{{ digest }}），截至 {{ as_of }}；规则 {{ policy }}；"
    "登记设备 {{ registered }} 台，应答 {{ answered }} 台；"
    "测评项 {{ items }} 项，未定 {{ open }} 项；{{ tool }}",
    "Snapshot {{ snapshot }} ({{ digest }}), as of {{ as_of }}; rules {{ policy }}; "
    "{{ registered }} devices registered, {{ answered }} answered; {{ items }} items, "
    "{{ open }} open; {{ tool }}",
)
_WARNING = Text(
    "自动判定只覆盖条款的一部分：标“待人工判定”的条款须由测评人员核实后签字。",
    "A machine decides only a part of a clause: an item marked as needing a person counts only "
    "after an assessor has checked and signed it.",
)
_CELL_SIZE = 10
"""Points of a workbook's cells; ``xlsx`` counts the lines of a row by it."""
_WIDE = {"clause": 1.3, "observed": 5, "requirement": 3, "problem": 4, "remedy": 3, "evidence": 3,
         "note": 2, "conclusion": 4, "title": 3, "assets": 3, "source": 3,
         "message": 6, "subject": 2, "asset": 1.8, "object": 2.2, "objects": 1.5, "id": 1.8,
         "name": 4, "component": 1.6, "version": 1.6, "verdict": 1.3, "point": 1.6,
         "signed": 1.3, "severity": 1.2}  # fmt: skip
"""How many times as wide as others a column is."""
_THIN = Side(style="thin", color="999999")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GREY = PatternFill("solid", fgColor="DDE3EA")


def default_template(kind: Kind, lang: Lang) -> bytes:
    """Return our own template of that kind."""
    made = io.BytesIO()
    if kind == "xlsx":
        _workbook(lang).save(made)
    else:
        _document(lang).save(made)
    return made.getvalue()


def _workbook(lang: Lang) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for table, title in TITLES.items():
        sheet = book.create_sheet(title.in_lang(lang).split("（")[0][:31])
        _sheet(sheet, table, title.in_lang(lang), lang)
    return book


def _sheet(sheet: Worksheet, table: str, title: str, lang: Lang) -> None:
    columns = COLUMNS[table]
    sheet["A1"], sheet["A2"], sheet["A3"] = title, _HEAD.in_lang(lang), _WARNING.in_lang(lang)
    sheet["A1"].font = Font(name=EAST_ASIAN, size=14, bold=True)
    for row in (2, 3):
        # A long line in one cell would make the printed page as wide as itself.
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 1).font = Font(name=EAST_ASIAN, size=_CELL_SIZE)
    for at, (key, word) in enumerate(columns.items(), start=1):
        head, body = sheet.cell(5, at, word.in_lang(lang)), sheet.cell(6, at)
        body.value = f"{{{{ {table}.{key} }}}}"
        head.font = Font(name=EAST_ASIAN, size=_CELL_SIZE, bold=True)
        body.font = Font(name=EAST_ASIAN, size=_CELL_SIZE)
        head.border = body.border = _BORDER
        head.fill = _GREY
        head.alignment = body.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[head.column_letter].width = 11 * _WIDE.get(key, 1)
    sheet.row_dimensions[5].height = 30
    sheet.freeze_panes = "A6"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_margins = PageMargins(0.4, 0.4, 0.5, 0.6, header=0.25, footer=0.25)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "5:5"
    sheet.oddFooter = HeaderFooterItem(
        left=HeaderFooterPart("&A"), right=HeaderFooterPart("&P / &N")
    )


def _document(lang: Lang) -> DocumentType:
    document = blank_document(_NAME.in_lang(lang))
    document.add_paragraph(_HEAD.in_lang(lang))
    document.add_paragraph(_WARNING.in_lang(lang))
    for table, title in TITLES.items():
        document.add_heading(title.in_lang(lang), level=1)
        _table(document, table, lang)
    return document


def _table(document: DocumentType, table: str, lang: Lang) -> None:
    columns = COLUMNS[table]
    headings = [word.in_lang(lang) for word in columns.values()]
    grid = add_table(document, headings, [_WIDE.get(key, 1) for key in columns], 3)
    for at, key in enumerate(columns):
        grid.cell(2, at).text = f"{{{{ row.{key} }}}}"
    grid.cell(1, 0).text = f"{{%tr for row in {table} %}}"
    grid.cell(3, 0).text = "{%tr endfor %}"
