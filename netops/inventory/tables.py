"""Reads the inventory's CSV and YAML files and remembers the line of every record.

Knows nothing of what the records mean. Faults are collected, never raised one by one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from netops.errors import Fault, Place, Sentence
from netops.plainyaml import PlainYamlError, parse_yaml

MAX_BYTES = 64 << 20
"""No inventory file of a province comes near this; more is not an inventory."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record with the place it stands at. ``lines`` gives YAML keys lines of their own."""

    file: str
    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True
    """False where the cells do not fit the header: good for its name alone."""

    def place(self, name: str | None = None) -> Place:
        """Where the record, or one field of it, stands."""
        return Place(self.file, self.lines.get(name or "", self.line), name)

    def text(self, name: str) -> str:
        """Return a field as stripped text; "" where it is absent."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value).strip()


class Faults:
    """A growing list of faults."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, kind: str, place: Place, cause: str, remedy: str) -> None:
        """Note something that must be mended before the inventory can be used."""
        self.found.append(Fault(kind, place, cause, remedy))

    def warn(self, kind: str, place: Place, cause: str, remedy: str) -> None:
        """Note something that can be used but will show in results."""
        self.found.append(Fault(kind, place, cause, remedy, warning=True))


def read_text(path: Path, shown: str, faults: Faults) -> str | None:
    """Read a UTF-8 file; a byte-order mark, as spreadsheets write it, is dropped."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        faults.add(
            "file_unreadable",
            Place(shown),
            Sentence("The file cannot be read: {reason}.", reason=error.strerror),
            "Create it, or mend its permissions; `netops inventory template` writes one.",
        )
        return None
    if len(data) > MAX_BYTES:
        faults.add(
            "file_too_large",
            Place(shown),
            "The file is larger than 64 MiB.",
            "Check that this is the right file.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.add("not_utf8", Place(shown, line), *_other_encoding(data))
        return None
    return None if _has_hidden(text, shown, faults) else text


_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def _other_encoding(data: bytes) -> tuple[str, str]:
    """Say what the bytes look like if not UTF-8, and how to make UTF-8 of them."""
    if data.startswith(_UTF16_MARKS):
        return (
            Sentence("The file is not UTF-8 but UTF-16 text."),
            Sentence("Save it as “CSV UTF-8”, or: iconv -f UTF-16 -t UTF-8 OLD > NEW."),
        )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return (
            Sentence("The file is not UTF-8 text."),
            Sentence("Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."),
        )
    return (
        Sentence(
            "The file is not UTF-8; it looks like GBK, in which Chinese spreadsheets save CSV."
        ),
        Sentence("Save it as “CSV UTF-8”, or: iconv -f GB18030 -t UTF-8 OLD > NEW."),
    )


_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_MOST_HIDDEN = 20


def _has_hidden(text: str, shown: str, faults: Faults) -> bool:
    """Refuse characters that nobody sees and that make two names look like one."""
    found = list(islice(_HIDDEN.finditer(text), _MOST_HIDDEN))
    for match in found:
        faults.add(
            "hidden_character",
            Place(shown, text.count("\n", 0, match.start()) + 1),
            Sentence("The line holds the invisible character {code}.",
                     code=f"U+{ord(match[0]):04X}"),
            "Remove it; a text copied from a web page or another program often brings one.",
        )  # fmt: skip
    return bool(found)


def read_csv(
    path: Path, columns: tuple[str, ...], faults: Faults, broken: list[Row] | None = None
) -> Iterator[Row]:
    """Yield the rows of a CSV file with exactly ``columns``, in any order.

    Lines beginning with ``#`` above the header are comments. An unknown or missing column is
    a fault of the file; a row with too many or too few cells is a fault of its own, and is put
    into ``broken``, so that records that name it are not called faulty too.
    """
    text = read_text(path, path.name, faults)
    if text is None:
        return
    skipped = 0
    lines = text.splitlines(keepends=True)
    while skipped < len(lines) and lines[skipped].lstrip().startswith("#"):
        skipped += 1
    records = _records("".join(lines[skipped:]), skipped)
    try:
        left = [] if broken is None else broken
        for row in _csv_rows(records, path.name, columns, faults):
            if row.is_whole:
                yield row
            else:
                left.append(row)
    except _BadLineError as error:
        faults.add(
            "bad_csv",
            Place(path.name, error.line),
            Sentence("The line is not CSV ({reason}).", reason=error),
            'Mend the quoting: a quote that is opened must be closed, "" stands for one.',
        )


class _BadLineError(Exception):
    """A record that is not CSV, with the line at which it begins."""

    def __init__(self, line: int, reason: csv.Error) -> None:
        super().__init__(str(reason))
        self.line = line


def _records(text: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with the line at which it *begins*; a quoted cell may hold breaks."""
    reader = csv.reader(io.StringIO(text), strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _BadLineError(line, error) from error
        yield line, cells


def _csv_rows(
    records: Iterator[tuple[int, list[str]]], file: str, columns: tuple[str, ...], faults: Faults
) -> Iterator[Row]:
    first, names = next(records, (1, []))
    header = [cell.strip() for cell in names]
    _check_header(header, columns, Place(file, first), faults)
    if sorted(header) != sorted(columns):
        return
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.add(
                "wrong_cell_count",
                Place(file, line),
                Sentence(
                    "The row has {cells} cells, the header {columns}.",
                    cells=len(cells),
                    columns=len(header),
                ),
                "Give the row one cell a column; quote cells that hold a comma.",
            )
        is_whole = len(cells) == len(header)
        yield Row(file, line, dict(zip(header, cells, strict=False)), is_whole=is_whole)


def _check_header(
    header: list[str], columns: tuple[str, ...], place: Place, faults: Faults
) -> None:
    for name in columns:
        if name not in header:
            faults.add(
                "missing_column",
                place,
                Sentence("The column “{name}” is missing.", name=name),
                Sentence("Give the header these columns: {values}.", values=", ".join(columns)),
            )
    for name in header:
        if name not in columns:
            faults.add(
                "unknown_column",
                place,
                Sentence("The column “{name}” is not known.", name=name),
                Sentence("Use only these columns: {values}.", values=", ".join(columns)),
            )
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.add(
            "duplicate_column",
            place,
            Sentence("The column “{name}” stands twice.", name=name),
            "Remove one of the two.",
        )


def read_yaml(path: Path, faults: Faults, *, words: bool = False) -> Row | None:
    """Read a YAML file whose top is a mapping; nested mappings become ``Row`` values.

    Returns None where the file cannot be read. Lists of mappings become lists of ``Row``.
    ``words`` as in ``parse_yaml``.
    """
    text = read_text(path, path.name, faults)
    if text is None:
        return None
    try:
        made = parse_yaml(text, partial(Row, path.name), words=words)
    except PlainYamlError as error:
        faults.add("bad_yaml", Place(path.name, error.line), error.cause, error.remedy)
        return None
    if isinstance(made, Row):
        return made
    faults.add(
        "bad_yaml",
        Place(path.name, 1),
        "The top of the file is not a mapping.",
        "Begin with keys like `schema:`.",
    )
    return None
