"""Reads the tables of a filled-in document (DOCX) as plain text cells.

A document comes from anybody: it is read as a stream, bounded, without its links and entities.
What would be read otherwise than it is seen (tracked changes, hidden text, merged cells, tables
within tables) is refused with its place.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO
from xml.parsers import expat

from netops.errors import InputError, Place, Sentence

_MAIN = "word/document.xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MOST_OCTETS = 64 << 20
_MOST_ROWS = 20_000
_LONGEST = 32_000
_PIECE = 1 << 16

Record = tuple[int, dict[str, str]]
"""A row of a table, with its number: the heading is row 1."""


def read_document(path: Path, columns: Sequence[str], spellings: Mapping[str, str]) -> list[Record]:
    """Return the rows of every table that has these columns; ``spellings`` leads to their names.

    Tables whose first row names none of them are the office's own, and passed over.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_MAIN) as stream:
            tables = _Tables(path).read(stream)
    except InputError:
        raise
    except Exception as error:
        # A damaged or hostile archive makes the library raise nearly anything.
        raise InputError(
            "The file is not a document that can be read.",
            remedy="Save it as .docx, without a password.",
            place=Place(str(path)),
        ) from error
    made: list[Record] = []
    found = False
    for table in tables:
        header = [spellings.get(text, text) for text in (table[0] if table else [])]
        if not set(header) & set(columns):
            continue
        found = True
        made += _rows(path, table, header, columns)
    if not found:
        raise InputError(
            "The document has no table of a form.",
            remedy=Sentence("Its first row must hold: {values}.", values=", ".join(columns)),
            place=Place(str(path)),
        )
    return made


def _rows(
    path: Path, table: list[list[str]], header: list[str], columns: Sequence[str]
) -> Iterator[Record]:
    remedy = Sentence("Its first row must hold: {values}.", values=", ".join(columns))
    for column in columns:
        if column not in header:
            raise InputError(
                Sentence("The table lacks the column “{column}”.", column=column),
                remedy=remedy,
                place=Place(str(path), 1),
            )
    for column in header:
        if column not in columns or header.count(column) > 1:
            raise InputError(
                Sentence("The column “{column}” is unknown or twice there.", column=column[:40]),
                remedy=remedy,
                place=Place(str(path), 1),
            )
    for number, texts in enumerate(table[1:], start=2):
        if len(texts) != len(header):
            raise InputError(
                "The row has more or fewer cells than the heading.",
                remedy="Undo what was merged or split, and write a value into each cell.",
                place=Place(str(path), number),
            )
        yield number, dict(zip(header, texts, strict=True))


class _Tables:
    """Takes the tables out of the main part, as the parser comes upon their rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tables: list[list[list[str]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._size = 0
        self._is_text = False
        self._count = 0

    def read(self, stream: IO[bytes]) -> list[list[list[str]]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        read = 0
        while piece := stream.read(_PIECE):
            read += len(piece)
            if read > _MOST_OCTETS:
                raise self._refusal(
                    Sentence("The document unpacks to more than 64 MiB."),
                    Sentence(
                        "Check that this is the right file; copy the table into a fresh form."
                    ),
                )
            parser.Parse(piece, False)
        parser.Parse(b"", True)
        return self._tables

    def _doctype(self, *_told: object) -> None:
        raise self._refusal(
            Sentence("The document declares entities, which no office program writes."),
            Sentence("Copy the table into a fresh form."),
        )

    def _start(self, name: str, given: dict[str, str]) -> None:
        space, _blank, local = name.rpartition(" ")
        if space not in (_WORD, _STRICT):
            return
        if local == "tbl":
            self._open_table()
        elif not self._depth:
            return
        elif local in _REFUSED and given.get(f"{space} val", "1") not in _OFF[local]:
            raise self._refusal(*_REFUSED[local])
        elif local == "tr":
            self._open_row()
        elif local == "tc" and self._tables[-1]:
            self._cell, self._size = [], 0
        elif local == "t":
            self._is_text = True
        elif local in _BLANK:
            self._add(" ")

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "tbl" and self._depth:
            self._depth -= 1
        elif local == "t":
            self._is_text = False
        elif local == "tc" and self._cell is not None:
            self._tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def _text(self, text: str) -> None:
        if self._is_text:
            self._add(text)

    def _add(self, text: str) -> None:
        if self._cell is None:
            return
        self._size += len(text)
        if self._size > _LONGEST:
            raise self._refusal(
                Sentence("A cell holds far too much text."), Sentence("Write it shorter.")
            )
        self._cell.append(text)

    def _open_table(self) -> None:
        self._depth += 1
        if self._depth > 1:
            raise self._refusal(
                Sentence("A table stands within a table."),
                Sentence("Write one plain table, as the form has it."),
            )
        self._tables.append([])

    def _open_row(self) -> None:
        self._count += 1
        if self._count > _MOST_ROWS:
            raise self._refusal(
                Sentence("The document has more than {most} rows.", most=_MOST_ROWS),
                Sentence("Use the form as a workbook (.xlsx)."),
            )
        self._tables[-1].append([])

    def _refusal(self, cause: str, remedy: str) -> InputError:
        row = len(self._tables[-1]) if self._depth and self._tables else None
        return InputError(cause, remedy=remedy, place=Place(str(self._path), row or None))


_CHANGES = (
    Sentence("The document holds changes that are neither accepted nor rejected."),
    Sentence("Accept or reject all changes, then save it."),
)
_MERGED = (
    Sentence("The table has merged cells."),
    Sentence("Unmerge them and write the value into each row."),
)
_STRUCK = (
    Sentence("The table holds text that is struck through."),
    Sentence("Remove it, or take the line away."),
)
_REFUSED = {
    **dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"), _CHANGES),
    **dict.fromkeys(("gridSpan", "vMerge", "hMerge"), _MERGED),
    "vanish": (
        Sentence("The table holds hidden text."),
        Sentence("Show it, and remove it or let it stand."),
    ),
    **dict.fromkeys(("strike", "dstrike"), _STRUCK),
    "txbxContent": (
        Sentence("The table holds a text box."),
        Sentence("Write its text into the cell."),
    ),
}
"""What is seen otherwise than it is read, by the name of its element."""
_NONE = frozenset[str]()
_SWITCHED_OFF = frozenset({"0", "false", "off"})
_OFF = dict.fromkeys(_REFUSED, _NONE) | {
    "gridSpan": frozenset({"1"}),
    **dict.fromkeys(("vanish", "strike", "dstrike"), _SWITCHED_OFF),
}
"""Values by which an element says that it does not hold."""
_BLANK = ("tab", "br", "cr", "p")
