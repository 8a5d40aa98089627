"""Writes a whole report into a folder: pages, JSON, CSV, workbook."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import replace
from pathlib import Path

from netops.i18n import Lang
from netops.reports.html import ReportInput, build_pages
from netops.reports.rows import to_csv
from netops.reports.workbook import to_workbook
from netops.reports.write import encoded, replace_file, to_json


def write_folder(given: ReportInput, folder: Path, lang: Lang) -> Path:
    """Write the report into ``folder``; return the page to open."""
    names = [
        *(f"{result.audit}.json" for result in given.results),
        *(f"{result.audit}.csv" for result in given.results),
        "report.xlsx",
    ]
    for result in given.results:
        replace_file(folder / f"{result.audit}.json", encoded(to_json(result, lang)))
        # Spreadsheets take CSV for the local code page unless it begins with the mark.
        replace_file(folder / f"{result.audit}.csv", BOM_UTF8 + encoded(to_csv(result, lang)))
    replace_file(folder / "report.xlsx", to_workbook(given.results, lang))
    for name, page in build_pages(replace(given, files=tuple(names)), lang).items():
        replace_file(folder / name, encoded(page))
    return folder / "index.html"
