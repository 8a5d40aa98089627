"""The forms opened by a real office program: what a person sees is read back from its pages.

`.ci/office` installs LibreOffice and runs this; elsewhere it is skipped where that is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from baseline_bench import make_bench
from command_line import netops
from docx import Document
from sample_baseline import RESULT

from netops.i18n import Lang
from netops.inventory import load
from netops.reports.forms import Kind, to_forms

_SECONDS = 180


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None and os.environ.get("NETOPS_OFFICE") == "1":
        pytest.fail(f"{name} is not installed; .ci/office installs it")
    if found is None:
        pytest.skip(f"{name} is not installed; .ci/office installs it")
    return found


def _pages(folder: Path, kind: Kind, lang: Lang) -> str:
    """Return the text of all pages as the office program lays them out."""
    form = folder / f"form.{kind}"
    form.write_bytes(to_forms(RESULT, kind, lang))
    home = folder / "home"
    command = [_program("soffice"), f"-env:UserInstallation=file://{home}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", folder, form],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    text = subprocess.run(
        [_program("pdftotext"), "-layout", folder / "form.pdf", "-"],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    return text.stdout.decode()


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_office_program_shows_every_form_with_its_rows(tmp_path: Path, kind: Kind) -> None:
    pages = _pages(tmp_path, kind, "zh")
    for words in ("现场测评记录表", "安全问题汇总表", "高风险（重大风险隐患）表", "资产表", "结论"):
        assert words in pages
    for clause in ("8.1.4.1.a", "8.1.4.2.b", "8.1.4.3.a", "8.1.4.4.e", "8.1.4.4.d"):
        assert clause in pages
    assert "25.0%" in pages
    assert "75.0%" in pages
    assert "数据库服务器" in pages.replace("\n", "")


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_formula_of_a_device_is_shown_as_text(tmp_path: Path, kind: Kind) -> None:
    pages = "".join(_pages(tmp_path, kind, "en").split())
    assert "cmd|'/C" in pages
    assert "Err:" not in pages
    assert "#NAME?" not in pages


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_form_that_the_office_program_saved_is_read_back(tmp_path: Path, kind: Kind) -> None:
    bench = make_bench(tmp_path)
    form, saved = tmp_path / f"form.{kind}", tmp_path / "saved"
    place = ("--policy", bench.rules, "--inventory", bench.inventory)
    netops("baseline", "form", "blank", form, "--object", "oa", "--lang", "zh", *place)
    _fill(form, kind)
    command = [_program("soffice"), f"-env:UserInstallation=file://{tmp_path / 'home'}"]
    subprocess.run(
        [*command, "--headless", "--convert-to", kind, "--outdir", saved, form],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )

    ended = bench.run("form", "import", saved / form.name, "--by", "Ann", "--yes")

    assert ended.code == 0, ended.err
    (given,) = load(bench.inventory).confirmations
    assert (given.clause, given.verdict, given.note) == ("8.1.1.1.a", "not_applicable", "无机房 云")


def _fill(form: Path, kind: Kind) -> None:
    """Write a verdict and a note of two lines into the first row."""
    if kind == "docx":
        document = Document(str(form))
        cells = document.tables[0].rows[1].cells
        cells[5].text, cells[8].text = "不适用", "无机房\n云"
        document.save(str(form))
        return
    book = openpyxl.load_workbook(form)
    book["form"].cell(2, 6).value, book["form"].cell(2, 9).value = "不适用", "无机房\n云"
    book.save(form)
