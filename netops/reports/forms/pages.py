"""Printed documents (DOCX): a page in landscape with its number, tables whose rows stay whole.

Knows the library's paper and tables. Refuses to know what stands in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table

EAST_ASIAN = "宋体"
_LATIN = "Times New Roman"
_SMALL = Pt(9)
_TEXT_WIDTH_MM = 267


def blank_document(title: str) -> DocumentType:
    """Return a document of A4 pages in landscape with a title."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    _number_pages(section)
    font = document.styles["Normal"].font
    font.name, font.size = _LATIN, _SMALL
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), EAST_ASIAN)
    for style in ("Title", "Heading 1"):
        fonts = document.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    document.add_heading(title, level=0)
    return document


def add_table(
    document: DocumentType, headings: Sequence[str], shares: Sequence[float], rows: int
) -> Table:
    """Add a table over the whole width: a heading that each page repeats, and empty rows below."""
    grid: Table = document.add_table(rows=rows + 1, cols=len(headings), style="Table Grid")
    grid.autofit = False
    share = _TEXT_WIDTH_MM / sum(shares)
    for at, (heading, wide) in enumerate(zip(headings, shares, strict=True)):
        # Writers look at the column, readers at its cells.
        grid.columns[at].width = width = Mm(share * wide)
        for cell in grid.columns[at].cells:
            cell.width = width
        grid.cell(0, at).paragraphs[0].add_run(heading).bold = True
    for row in grid.rows:
        _say(row, "w:cantSplit")
    _say(grid.rows[0], "w:tblHeader")
    return grid


def _say(row: Any, name: str) -> None:  # noqa: ANN401 - untyped in the library
    """Give a row a property that the library has no public way to write."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - as said
    properties.append(properties.makeelement(qn(name), {qn("w:val"): "true"}))


def _number_pages(section: Section) -> None:
    """Put the number of the page and of all pages into the footer, as fields."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for field, after in (("PAGE", " / "), ("NUMPAGES", "")):
        made = paragraph._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): field})  # noqa: SLF001 - no public way to write a field
        paragraph._p.append(made)  # noqa: SLF001 - as above
        paragraph.add_run(after)
