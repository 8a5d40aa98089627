"""Workbooks that are none, or that would lose something in silence."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command_line import SMALL, netops
from wrong_use import MEBIBYTE, furnish, refused


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small inventory."""
    return furnish(tmp_path, monkeypatch)


def workbook(here: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """Write the small inventory as a workbook, changed."""
    path = here / "book.xlsx"
    assert netops("inventory", "template", "--xlsx", path, "--from", SMALL).code == 0
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def _formula(book: openpyxl.Workbook) -> None:
    book["devices"]["B3"] = '="HN-"&A3'


def _error(book: openpyxl.Workbook) -> None:
    book["devices"]["B3"].value = "#N/A"
    book["devices"]["B3"].data_type = "e"


def _merged(book: openpyxl.Workbook) -> None:
    book["devices"].merge_cells("B2:B3")


def _no_sheet(book: openpyxl.Workbook) -> None:
    del book["exits"]


def _no_column(book: openpyxl.Workbook) -> None:
    book["devices"]["B1"] = "colour"


def _twice(book: openpyxl.Workbook) -> None:
    book["devices"]["B1"] = "id"
    book["devices"]["Q1"] = "name"


def _aside(book: openpyxl.Workbook) -> None:
    book["devices"]["T3"] = "a note"


def _wrong_row(book: openpyxl.Workbook) -> None:
    book["exemptions"]["I2"] = "2026-02-30"


def _contradiction(book: openpyxl.Workbook) -> None:
    book["exits"].append(["X-P", "430000", "another name"])


def _two_credentials(book: openpyxl.Workbook) -> None:
    book["credentials"].append(["audit", "ssh", "other", "env:OTHER"])


def _two_heads(book: openpyxl.Workbook) -> None:
    book["inventory"].append(["430000", "another", "true", "x"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_formula, ("book.xlsx:3", "devices", "B3", "formula")),
        (_error, ("book.xlsx:3", "devices", "B3")),
        (_merged, ("book.xlsx", "devices", "merged")),
        (_no_sheet, ("book.xlsx", "exits")),
        (_no_column, ("book.xlsx:1", "name")),
        (_twice, ("book.xlsx:1", "id")),
        (_aside, ("book.xlsx:3", "heading")),
        (_wrong_row, ("exemptions.yaml:2", "2026-02-30")),
        (_contradiction, ("exits:4", "name")),
        (_two_credentials, ("credentials:4", "audit")),
        (_two_heads, ("inventory:3", "one inventory")),
    ],
)
def test_what_a_workbook_would_lose_in_silence_is_refused(
    change: Callable[[openpyxl.Workbook], None], said: tuple[str, ...], here: Path
) -> None:
    path = workbook(here, change)

    refused(netops("inventory", "import", path, "--out", "made"), *said)

    assert not (here / "made").exists()


def _zip(path: Path, name: str, octets: int) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w") as out,
    ):
        for _ in range(octets // MEBIBYTE):
            out.write(bytes(MEBIBYTE))


def _another_zip(here: Path) -> Path:
    _zip(here / "a.xlsx", "readme.txt", MEBIBYTE)
    return here / "a.xlsx"


def _bomb(here: Path) -> Path:
    _zip(here / "a.xlsx", "xl/worksheets/sheet1.xml", 200 * MEBIBYTE)
    return here / "a.xlsx"


def _cut(here: Path) -> Path:
    path = workbook(here, lambda _book: None)
    path.write_bytes(path.read_bytes()[:-300])
    return path


def _no_xml(here: Path) -> Path:
    whole = workbook(here, lambda _book: None)
    path = here / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.namelist():
            body = (
                b"<worksheet><sheetData><row" if "worksheets/sheet3" in entry else old.read(entry)
            )
            new.writestr(entry, body)
    return path


def _old_excel(here: Path) -> Path:
    path = here / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    return path


@pytest.mark.parametrize("make", [_another_zip, _bomb, _cut, _no_xml, _old_excel])
def test_what_is_no_workbook_is_refused(make: Callable[[Path], Path], here: Path) -> None:
    path = make(here)

    refused(netops("inventory", "import", path, "--out", "made"), path.name, "xlsx")

    assert not (here / "made").exists()
