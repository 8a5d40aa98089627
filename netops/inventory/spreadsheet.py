"""Reads the sheets of a filled-in workbook as plain text cells.

A workbook comes from anybody: its size is bounded before it is opened, and what would be lost
in silence (formulas, merged cells, columns nobody asked for) is refused with its place.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl

from netops.errors import InputError, Place, Sentence
from netops.inventory.sheets import sheet_columns

_MOST_ROWS = 200_000
_MOST_OCTETS = 128 << 20
"""Unpacked; a whole province takes about four mebibytes."""
_MERGED = b"<mergeCell "
_PIECE = 1 << 20

Sheets = dict[str, list[dict[str, str]]]


def read_sheets(
    path: Path,
    expected: Mapping[str, Sequence[str]] | None = None,
    spellings: Mapping[str, str] | None = None,
) -> Sheets:
    """Return the rows of every sheet, blank rows between records kept (they keep numbers).

    ``expected`` names the sheets and their columns; None: those of an inventory. ``spellings``
    leads from other headings to the names of columns.
    """
    columns = sheet_columns() if expected is None else expected
    if path.is_dir() or not path.exists():
        raise InputError(
            "There is no such workbook.",
            remedy="Name the .xlsx file; `netops inventory template --xlsx` writes one to fill in.",
            place=Place(str(path)),
        )
    try:
        _refuse_bomb(path)
        with warnings.catch_warnings(action="ignore"):
            return _read(path, columns, spellings or {})
    except InputError:
        raise
    except Exception as error:
        # A damaged or hostile workbook makes the library raise nearly anything.
        raise InputError(
            "The file is not a workbook that can be read.",
            remedy="Save it as .xlsx, without a password; "
            "`netops inventory template --xlsx` writes one to fill in.",
            place=Place(str(path)),
        ) from error


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > _MOST_OCTETS:
        raise InputError(
            "The workbook unpacks to more than 128 MiB.",
            remedy="Check that this is the right file; copy the records into a fresh template.",
            place=Place(str(path)),
        )


def _read(
    path: Path, expected: Mapping[str, Sequence[str]], spellings: Mapping[str, str]
) -> Sheets:
    # The stream is ours to close: of a damaged file the library leaves its own open.
    with path.open("rb") as stream, closing(openpyxl.load_workbook(stream, read_only=True)) as book:
        made = {}
        for name, columns in expected.items():
            if name not in book.sheetnames:
                raise InputError(
                    Sentence("The workbook has no sheet “{name}”.", name=name),
                    remedy="Keep all sheets of the template, empty ones too.",
                    place=Place(str(path)),
                )
            sheet: Any = book[name]
            _refuse_merged(path, name, sheet)
            # The size that a sheet claims for itself may be any; what it holds is counted.
            sheet.reset_dimensions()
            made[name] = _Sheet(path, name, columns).read(sheet.iter_rows(), spellings)
        return made


def _refuse_merged(path: Path, name: str, sheet: Any) -> None:  # noqa: ANN401 - untyped in the library
    """Refuse merged cells: all but the first of them are empty, which is not what people mean."""
    before = b""
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as stream:  # noqa: SLF001 - the library names the sheet's file nowhere else
        while piece := stream.read(_PIECE):
            if _MERGED in before + piece:
                raise InputError(
                    "The sheet has merged cells.",
                    remedy="Unmerge them and write the value into each row.",
                    place=Place(str(path), field=name),
                )
            before = piece[-len(_MERGED) :]


class _Sheet:
    """One sheet: its header, then its rows."""

    def __init__(self, path: Path, name: str, columns: Sequence[str]) -> None:
        self._path = path
        self._name = name
        self._columns = columns

    def read(
        self, rows: Iterator[Iterable[Any]], spellings: Mapping[str, str]
    ) -> list[dict[str, str]]:
        given = (self._text(cell, 1) for cell in next(rows, ()))
        header = [spellings.get(text, text) for text in given]
        while header and not header[-1]:
            header.pop()
        self._hold_header(header)
        made: list[dict[str, str]] = []
        blank = 0
        for number, cells in enumerate(rows, start=2):
            texts = [self._text(cell, number) for cell in cells]
            if not any(texts):
                blank += 1
                continue
            if number > _MOST_ROWS:
                raise self._refusal(
                    Sentence("The sheet has more than {most} rows.", most=_MOST_ROWS),
                    Sentence("Remove what is no record."),
                    number,
                )
            if any(texts[len(header) :]):
                raise self._refusal(
                    Sentence("A value stands in a column without a heading."),
                    Sentence("Remove it: it would be lost."),
                    number,
                )
            made += [dict.fromkeys(self._columns, "")] * blank
            blank = 0
            made.append(dict(zip_longest(header, texts[: len(header)], fillvalue="")))
        return made

    def _hold_header(self, header: Sequence[str]) -> None:
        remedy = Sentence("Its first row must hold: {values}.", values=", ".join(self._columns))
        for column in self._columns:
            if column not in header:
                raise self._refusal(
                    Sentence("The sheet lacks the column “{column}”.", column=column), remedy, 1
                )
        for column in header:
            if column not in self._columns or header.count(column) > 1:
                cause = Sentence("The column “{column}” is unknown or twice there.", column=column)
                raise self._refusal(cause, remedy, 1)

    def _text(self, cell: Any, row: int) -> str:  # noqa: ANN401 - untyped in the library
        value = cell.value
        if value is None:
            return ""
        if cell.data_type == "f":
            raise self._refusal(
                Sentence("Cell {cell} holds a formula.", cell=cell.coordinate),
                Sentence("Copy it and paste the value only."),
                row,
            )
        if cell.data_type == "e":
            raise self._refusal(
                Sentence("Cell {cell} holds the error {value}.", cell=cell.coordinate, value=value),
                Sentence("Write the value."),
                row,
            )
        return _plain(value)

    def _refusal(self, cause: str, remedy: str, row: int) -> InputError:
        return InputError(cause, remedy=remedy, place=Place(str(self._path), row, self._name))


def _plain(value: object) -> str:
    """Return a cell as text: whole numbers without a fraction, days in ISO form, one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return " ".join(str(value).split("\n")).strip()
