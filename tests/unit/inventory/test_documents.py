"""Tables of documents: read as they are seen, or refused with the row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from netops.errors import InputError
from netops.inventory import document as documents
from netops.inventory.document import read_document

COLUMNS = ("clause", "verdict")
SPELLINGS = {"条款": "clause", "符合程度": "verdict"}
ROWS = [("clause", "verdict"), ("8.1.1.1.a", "met"), ("8.1.1.1.b", "")]


def written(rows: list[tuple[str, ...]] = ROWS, *, before: tuple[str, ...] = ()) -> bytes:
    """Return a document with a table, and maybe another of one row before it."""
    made = Document()
    for table in ([before], rows) if before else (rows,):
        grid = made.add_table(rows=len(table), cols=len(table[0]))
        for line, texts in zip(grid.rows, table, strict=True):
            for cell, text in zip(line.cells, texts, strict=True):
                cell.text = text
    octets = io.BytesIO()
    made.save(octets)
    return octets.getvalue()


def put(tmp_path: Path, octets: bytes) -> Path:
    path = tmp_path / "form.docx"
    path.write_bytes(octets)
    return path


def changed(octets: bytes, change: Callable[[str], str]) -> bytes:
    """Return the document with its main part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                data = change(data.decode()).encode()
            new.writestr(entry, data)
    return made.getvalue()


def test_rows_are_read_with_their_numbers(tmp_path: Path) -> None:
    assert read_document(put(tmp_path, written()), COLUMNS, SPELLINGS) == [
        (2, {"clause": "8.1.1.1.a", "verdict": "met"}),
        (3, {"clause": "8.1.1.1.b", "verdict": ""}),
    ]


def test_columns_may_be_moved_and_called_by_their_other_name(tmp_path: Path) -> None:
    path = put(tmp_path, written([("符合程度", "条款"), ("met", "8.1.1.1.a")]))

    assert read_document(path, COLUMNS, SPELLINGS) == [
        (2, {"clause": "8.1.1.1.a", "verdict": "met"})
    ]


def test_a_table_of_the_office_is_passed_over(tmp_path: Path) -> None:
    path = put(tmp_path, written(before=("checked by", "date", "stamp")))

    assert len(read_document(path, COLUMNS, SPELLINGS)) == 2


def test_words_that_a_program_cut_into_pieces_and_lines_are_one_text(tmp_path: Path) -> None:
    octets = changed(
        written(), lambda text: text.replace("<w:t>met</w:t>", "<w:t>m</w:t><w:t>et</w:t><w:br/>")
    )

    (_number, first), _second = read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)

    assert first["verdict"] == "met"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<w:r><w:t>met", '<w:ins w:id="1" w:author="x"><w:r/></w:ins><w:r><w:t>met', "accepted"),
        ("<w:r><w:t>met", '<w:del w:id="1"><w:r><w:delText>no</w:delText></w:r></w:del><w:r><w:t>met',
         "accepted"),
        ("<w:t>met", "<w:rPr><w:vanish/></w:rPr><w:t>met", "hidden text"),
        ("<w:t>met", "<w:rPr><w:strike/></w:rPr><w:t>met", "struck through"),
        ("<w:t>met", "<w:rPr><w:dstrike/></w:rPr><w:t>met", "struck through"),
        ("<w:t>met", "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:t>met", "within a table"),
        ("<w:t>met", "<w:txbxContent><w:p/></w:txbxContent><w:t>met", "text box"),
        ("<w:p><w:r><w:t>met", '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>met', "merged"),
        ("<w:p><w:r><w:t>met", "<w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>met", "merged"),
        ("<w:t>met", f"<w:t>{'x' * 40_000}", "far too much text"),
    ],
)  # fmt: skip
def test_what_is_seen_otherwise_than_it_is_read_is_refused_with_its_row(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    octets = changed(written(), lambda text: _replaced(text, old, new))

    with pytest.raises(InputError, match=said) as caught:
        read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)

    assert str(caught.value.place).endswith("form.docx:2")


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_property_that_says_it_does_not_hold_is_none(tmp_path: Path) -> None:
    octets = changed(
        written(),
        lambda text: text.replace(
            "<w:t>met", '<w:rPr><w:vanish w:val="0"/><w:strike w:val="0"/></w:rPr><w:t>met'
        ).replace("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="1"/>'),
    )

    assert len(read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)) == 2


@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE x [<!ENTITY a "b">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
)
def test_entities_are_refused_before_anything_is_read(tmp_path: Path, declared: str) -> None:
    octets = changed(written(), lambda text: text.replace("?>", f"?>{declared}", 1))

    with pytest.raises(InputError, match="declares entities"):
        read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)


def test_a_document_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_MOST_OCTETS", 1 << 20)
    octets = changed(written(), lambda text: text.replace("<w:body>", "<w:body>" + " " * (1 << 21)))

    with pytest.raises(InputError, match="unpacks to more than"):
        read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "b"), ("8.1.1.1.a", "met")], "no table of a form"),
        ([("clause", "b"), ("8.1.1.1.a", "met")], "lacks the column “verdict”"),
        ([("clause", "verdict", "verdict"), ("x", "met", "met")], "“verdict” is unknown or twice"),
        ([("clause", "verdict", "more"), ("x", "met", "y")], "“more” is unknown or twice"),
    ],
)
def test_a_table_of_other_columns_is_refused(
    tmp_path: Path, rows: list[tuple[str, ...]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_document(put(tmp_path, written(rows)), COLUMNS, SPELLINGS)


def test_a_row_of_another_number_of_cells_is_refused(tmp_path: Path) -> None:
    octets = changed(
        written(), lambda text: re.sub(r"</w:tc>\s*</w:tr>\s*</w:tbl>",
                                       "</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>", text)
    )  # fmt: skip

    with pytest.raises(InputError, match="more or fewer cells"):
        read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", written()[:-400]])
def test_what_is_no_document_is_refused(tmp_path: Path, octets: bytes) -> None:
    with pytest.raises(InputError, match="not a document that can be read"):
        read_document(put(tmp_path, octets), COLUMNS, SPELLINGS)


def test_more_rows_than_anybody_prints_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_MOST_ROWS", 2)

    with pytest.raises(InputError, match="more than 2 rows"):
        read_document(put(tmp_path, written()), COLUMNS, SPELLINGS)
