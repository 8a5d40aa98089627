"""Text from devices with escapes, bidi, markup, formulas, half characters and 10 kB of length."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import openpyxl
import pytest
import small_province as net

from netops.findings import (
    AuditResult,
    Coverage,
    Evidence,
    Finding,
    Provenance,
    Severity,
    Subject,
    SubjectRow,
    Text,
    Verdict,
)
from netops.reports import write_result
from netops.reports.html import ReportInput, build_pages
from netops.reports.junit import to_junit
from netops.reports.rows import to_csv
from netops.reports.terminal import print_result
from netops.reports.workbook import to_workbook
from netops.reports.write import encoded, to_json

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m"
BIDI = "\u202eevil\u2066"
MARKUP = '</title></svg><script>alert(1)</script>"\' onload="x'
HALF = "\ud83d\ufffe\uffff"
HOSTILE = f"=HYPERLINK(1){ESCAPES}{BIDI}{MARKUP}{HALF}\r\n[bold]{{{{ 7*7 }}}}" + "A" * 10_000
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "|calc"]
RAW_CONTROLS = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\ud83d", "\ufffe", "\uffff")


@pytest.fixture
def result() -> AuditResult:
    finding = Finding(
        "exits.undeclared", Subject("government", "430102001", HOSTILE), Verdict.NOT_MET,
        Severity.HIGH, Text(HOSTILE, HOSTILE), observed={"mechanism": HOSTILE, "also": [HOSTILE]},
        affected=(HOSTILE, "430102002"), evidence=(Evidence(HOSTILE, "sm3:0", "t1", HOSTILE, (1, 900)),),
        standards=(HOSTILE,), exemption=HOSTILE, remedy=Text(HOSTILE, HOSTILE),
    )  # fmt: skip
    unknown = replace(finding, rule="exits.unknown", verdict=Verdict.UNKNOWN, evidence=(),
                      cause="no_owner:" + HOSTILE, observed={"device": HOSTILE})  # fmt: skip
    row = SubjectRow("government", "430102001", "430102001", Verdict.NOT_MET, name=HOSTILE,
                     reason=(finding.id, HOSTILE), note=Text(HOSTILE, HOSTILE))  # fmt: skip
    point = {"device": HOSTILE, "line": HOSTILE, "family": HOSTILE, "mechanism": HOSTILE,
             "latent": True, "exit": HOSTILE, "exemption": HOSTILE, "government": "430102001"}  # fmt: skip
    return AuditResult(
        "exits", Provenance("t", "2026-11-21", HOSTILE, "d", "b", "e", "i", False, "p", (HOSTILE,)),
        Coverage(), Verdict.NOT_MET, (), (row,), (finding, unknown),
        {"exempt_points": [point], "out_of_band": [point], "dropped": {"430102001": [HOSTILE]},
         "private_lines": [{"device": HOSTILE, "line": HOSTILE, "prefix": HOSTILE}],
         "surplus_exits": [{"government": HOSTILE, "exits": [HOSTILE], "allowed": 1}],
         "contradictions": [{"device": HOSTILE, "next_hop": HOSTILE}]},
    )  # fmt: skip


def _has_no_controls(text: str) -> None:
    assert [hex(ord(c)) for c in RAW_CONTROLS if c in text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_shows_it_and_lets_nothing_act(result: AuditResult, lang: str) -> None:
    given = ReportInput(net.inventory(), (result,), lambda _: [HOSTILE] * 900)

    for page in build_pages(given, lang).values():
        _has_no_controls(page)
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "49" not in page.partition("{{")[2][:10]
        assert len(page.encode()) < 3_000_000


def test_the_terminal_gets_no_control_and_no_markup(
    result: AuditResult, capsys: pytest.CaptureFixture[str]
) -> None:
    print_result(result, lang="zh", quiet=False)

    text = capsys.readouterr().out
    _has_no_controls(text)
    assert "[bold]" in text or "A" * 100 in text
    assert max(len(line) for line in text.splitlines()) < 12_000


def test_csv_and_workbook_hold_no_formula_and_no_control(result: AuditResult) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(result, "zh"))))
    book = openpyxl.load_workbook(io.BytesIO(to_workbook((result,), "zh")))

    values = [str(v) for sheet in book for row in sheet.values for v in row if v is not None]
    for value in [*(cell for row in rows for cell in row), *values]:
        _has_no_controls(value)
        assert not value.lstrip().startswith(("=", "+", "-", "@", "＝", "|"))
        assert len(value) <= 32_767
    assert all(cell.data_type != "f" for sheet in book for row in sheet.rows for cell in row)


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_form_of_a_formula_reaches_a_cell(result: AuditResult, formula: str) -> None:
    finding = replace(result.findings[0], subject=Subject("device", formula, formula))
    rows = list(csv.DictReader(io.StringIO(to_csv(replace(result, findings=(finding,)), "zh"))))

    for value in (rows[0]["subject"], rows[0]["name"]):
        assert value[0] in "'\u240d"


def test_junit_stays_xml(result: AuditResult) -> None:
    suite = ET.fromstring(to_junit(result, "en"))  # noqa: S314 - our own text

    assert suite.find("testcase/failure") is not None


def test_json_keeps_the_text_as_it_was_and_stays_utf_8(result: AuditResult) -> None:
    document = json.loads(encoded(to_json(result, "zh")).decode("utf-8"))

    assert document["findings"][0]["message"]["zh"] == HOSTILE


@pytest.mark.parametrize("form", ["json", "csv", "junit"])
def test_standard_output_takes_every_form(
    result: AuditResult, capfdbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    write_result(result, form, None, lang="zh", quiet=False)

    out = capfdbinary.readouterr().out
    assert out.decode("utf-8").strip()
    assert not out.startswith(b"\xef\xbb\xbf")
