"""A workbook that people can fill in, and the inventory folder made from one."""

from __future__ import annotations

import contextlib
import csv
import os
from pathlib import Path

import xlsxwriter

from netops.errors import Place, UsageError
from netops.inventory.columns import CSV_COLUMNS
from netops.inventory.sheets import KNOWN_HOSTS, YAML_COLUMNS, from_yaml, sheet_columns, yaml_text
from netops.inventory.spreadsheet import read_sheets
from netops.inventory.tables import Faults, read_csv, read_text
from netops.plainyaml import parse_yaml

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SECRET_NOTE = "references only: env:NAME, file:PATH, keyring:SERVICE/NAME; never a secret itself"  # noqa: S105 - a note about secrets


def write_template(path: Path, source: Path | None = None) -> None:
    """Write a workbook with a sheet a file; filled from the inventory ``source`` if given."""
    rows = {} if source is None else _rows_of(source)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(temporary, _OPTIONS) as book:
            _write_sheets(book, rows)
        temporary.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise UsageError(
            "The workbook cannot be written.",
            remedy="Name a place that you may write to with --xlsx.",
            place=Place(str(path)),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_sheets(book: xlsxwriter.Workbook, rows: dict[str, list[dict[str, str]]]) -> None:
    bold = book.add_format({"bold": True})
    text = book.add_format({"num_format": "@"})
    for name, columns in sheet_columns().items():
        sheet = book.add_worksheet(name)
        # Cells are text from the start: a spreadsheet turns codes and days into numbers.
        sheet.set_column(0, len(columns) - 1, 14, text)
        sheet.write_row(0, 0, columns, bold)
        sheet.freeze_panes(1, 0)
        if name == "credentials":
            sheet.write_comment(0, 3, _SECRET_NOTE)
        for index, row in enumerate(rows.get(name, ()), start=1):
            cells = [row.get(column, "") for column in columns]
            sheet.write_row(index, 0, cells, text)


def _rows_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    faults = Faults()
    made: dict[str, list[dict[str, str]]] = {}
    for file, columns in CSV_COLUMNS.items():
        rows = read_csv(folder / file, columns, faults)
        made[file.removesuffix(".csv")] = [dict(row.values) for row in rows]
    for file in YAML_COLUMNS:
        document = parse_yaml(read_text(folder / file, file, faults) or "", words=True)
        made[file.removesuffix(".yaml")] = from_yaml(file, document)
    hosts = read_text(folder / KNOWN_HOSTS, KNOWN_HOSTS, faults) or ""
    made[KNOWN_HOSTS] = [{"key": line} for line in hosts.splitlines()]
    return made


def import_workbook(path: Path, folder: Path) -> None:
    """Write the inventory folder that the workbook ``path`` describes, unchecked."""
    sheets = read_sheets(path)
    folder.mkdir(parents=True, exist_ok=True)
    for file, columns in CSV_COLUMNS.items():
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(sheets[file.removesuffix(".csv")])
    for file in YAML_COLUMNS:
        body = yaml_text(file, sheets[file.removesuffix(".yaml")])
        (folder / file).write_text(body, encoding="utf-8")
    hosts = [row["key"] for row in sheets[KNOWN_HOSTS] if row["key"]]
    (folder / KNOWN_HOSTS).write_text("".join(f"{line}\n" for line in hosts), encoding="utf-8")
