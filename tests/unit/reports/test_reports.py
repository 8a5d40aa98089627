"""Reports made from a judged small province: every form, hostile text, both languages."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import openpyxl
import pytest
import small_province as net
from rich.cells import cell_len
from rich.text import Text as Line

from netops.connectivity import judge_connectivity
from netops.errors import UsageError
from netops.facts.device import Contact
from netops.findings import AuditResult, Provenance, Strength, SubjectRow, Verdict, overall
from netops.i18n import Lang
from netops.reports.html import ReportInput, build_pages
from netops.reports.junit import to_junit
from netops.reports.rows import to_csv
from netops.reports.terminal import print_result
from netops.reports.workbook import to_workbook
from netops.reports.write import replace_file

SCHEMA = Path(__file__).parents[3] / "netops" / "reports" / "schema" / "audit-1.json"


@pytest.fixture
def result() -> AuditResult:
    known = net.facts()
    net.with_node_down(known, "t1")
    net.with_contact(known, "t2", Contact.HUNG)
    judged = judge_connectivity(net.inventory(), known, net.policy(), date(2026, 11, 21))
    return AuditResult(
        audit="connectivity",
        provenance=Provenance("netops test", "2026-11-21", "S1", "sm3:0", "b", "e", "sm3:1", False,
                              "sm3:2", ("policy.closure",)),
        coverage=judged.coverage,
        verdict=overall(judged.subjects, judged.rates, {}),
        rates=judged.rates,
        subjects=judged.subjects,
        findings=judged.findings,
        information=judged.information,
    )  # fmt: skip


def test_the_json_holds_to_its_schema(result: AuditResult) -> None:
    jsonschema.validate(result.to_json(), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_schema_refuses_a_verdict_that_is_none(result: AuditResult) -> None:
    document = result.to_json() | {"verdict": "fine"}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_table_says_coverage_verdict_rates_and_the_worst_finding_first(
    result: AuditResult, capsys: pytest.CaptureFixture[str]
) -> None:
    print_result(result, lang="en", quiet=False)

    text = capsys.readouterr().out
    assert text.index("devices registered 8") < text.index("Verdict: not met")
    assert text.index("is cut off") < text.index("Connectivity not known")
    assert "policy.closure" in text


def test_quiet_stops_after_the_rates(
    result: AuditResult, capsys: pytest.CaptureFixture[str]
) -> None:
    print_result(result, lang="zh", quiet=True)

    text = capsys.readouterr().out
    assert "不符合" in text
    assert "丁镇" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_gets_lines_that_fit_and_whole_names(
    result: AuditResult,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    width: int,
    lang: Lang,
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")

    print_result(result, lang=lang, quiet=False)

    lines = Line.from_ansi(capsys.readouterr().out).plain.splitlines()
    assert max(cell_len(line) for line in lines) <= width
    rates = [line for line in lines if line.startswith(("联通率", "connected"))]
    assert len(rates) == 4
    assert all(line.rstrip().endswith(("符合", "met", "未知", "unknown")) for line in rates)


def test_a_pipe_gets_whole_lines_without_colour(
    result: AuditResult, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    print_result(result, lang="en", quiet=False)

    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert result.findings[0].message.en in text


def test_a_terminal_that_cannot_show_a_sign_shows_its_number(
    result: AuditResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii"))

    print_result(result, lang="zh", quiet=True)

    sys.stdout.flush()
    assert rb"\u4e0d\u7b26\u5408" in written.getvalue()


def test_met_verdicts_of_exits_are_counted_by_strength(
    result: AuditResult, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tuple(
        SubjectRow("department", name, "430102", Verdict.MET, strength)
        for name, strength in (("D1", Strength.CONSISTENT), ("D2", Strength.CONSISTENT))
    )

    print_result(replace(result, subjects=rows), lang="en", quiet=True)

    assert "departments: met 2 (consistent 2)" in capsys.readouterr().out


def test_csv_has_a_row_a_finding_worst_first(result: AuditResult) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(result, "zh"))))

    assert [row["verdict"] for row in rows] == ["不符合", "未知"]
    assert rows[0]["subject"] == "430102001"


def test_junit_counts_unknown_as_an_error_and_not_met_as_a_failure(result: AuditResult) -> None:
    suite = ET.fromstring(to_junit(result, "en"))  # noqa: S314 - our own text

    assert (suite.get("failures"), suite.get("errors")) == ("1", "1")
    assert len(suite.findall("testcase")) == len(result.subjects)


def test_the_workbook_holds_the_same_tables(result: AuditResult) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook((result,), "zh")))

    sheet = book["connectivity.findings"]
    assert sheet.max_row == 1 + len(result.findings)
    assert book["connectivity.rates"].max_row == 1 + len(result.rates)


def pages(result: AuditResult, lang: str) -> dict[str, str]:
    given = ReportInput(net.inventory(), (result,), lambda _evidence: ["line <b> \x1b[31m"])
    return build_pages(given, lang)


@pytest.mark.parametrize(("lang", "word"), [("zh", "与全网断开"), ("en", "Cut off")])
def test_the_html_names_the_cut_and_quotes_evidence_harmlessly(
    result: AuditResult, lang: str, word: str
) -> None:
    made = pages(result, lang)

    assert sorted(made) == ["city-430100.html", "index.html"]
    assert word in made["index.html"]
    assert "line &lt;b&gt; &lt;U+001B&gt;[31m" in made["index.html"]
    assert "<script" not in made["index.html"]


def test_every_township_stands_on_the_page_of_its_city(result: AuditResult) -> None:
    page = pages(result, "zh")["city-430100.html"]

    assert "丁镇" in page
    assert "戊乡" in page


def test_a_report_without_findings_says_so() -> None:
    judged = judge_connectivity(net.inventory(), net.facts(), net.policy(), date(2026, 11, 21))
    made = AuditResult("connectivity", Provenance("t", "2026-11-21", "S", "d", "b", "e", "i", False,
                       "p", ()), judged.coverage, Verdict.MET, judged.rates, judged.subjects,
                       judged.findings)  # fmt: skip

    assert "No finding." in pages(made, "en")["index.html"]


def test_a_device_node_is_never_replaced_by_a_report(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UsageError, match="regular file"):
        replace_file(pipe, b"x")

    assert pipe.is_fifo()
