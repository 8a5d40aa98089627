"""The forms of an assessment: what stands in which cell, templates of an office, wrong ones."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from docx import Document
from sample_baseline import RESULT

from netops.errors import UsageError
from netops.findings import AuditResult, Evidence, SubjectRow, Text, Verdict
from netops.i18n import Lang
from netops.reports.forms import Kind, default_template, forms_of, to_forms
from netops.reports.forms.content import evidence_of
from netops.reports.forms.html import to_html

KINDS: tuple[Kind, ...] = ("docx", "xlsx")


def _sheet(made: bytes, title: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(made))
    return [[cell.value for cell in row] for row in book[title].iter_rows()]


def _texts(made: bytes) -> list[list[list[str]]]:
    document = Document(io.BytesIO(made))
    return [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_result_gives_the_same_octets(kind: Kind, lang: Lang) -> None:
    assert to_forms(RESULT, kind, lang) == to_forms(RESULT, kind, lang)


def test_every_item_is_in_the_record_with_its_clause_verdict_and_an_empty_place_to_sign() -> None:
    rows = _sheet(to_forms(RESULT, "xlsx", "zh"), "现场测评记录表")
    assert rows[4][:2] == ["测评对象", "条款"]
    assert [(row[0], row[1], row[5], row[8]) for row in rows[5:]] == [
        ("H-1", "8.1.4.1.a", "符合", None),
        ("H-1", "8.1.4.2.b", "不符合", None),
        ("H-1", "8.1.4.3.a", "未知", None),
        ("H-1", "8.1.4.4.e", "待人工判定", None),
        ("H-1", "8.1.4.4.d", "不适用", None),
    ]
    assert rows[6][2] == "访问控制"
    assert "H-1 baseline/sshd 4-5" in rows[6][7]


def test_a_problem_names_its_exemption_and_an_unknown_is_no_problem() -> None:
    (problem,) = forms_of(RESULT, "en").tables["problems"]
    assert problem["exemption"] == "例外〔2026〕7号"
    assert problem["number"] == "1"
    assert problem["clauses"] == "8.1.4.2.b"


def _of_object(clause: str, assets: int, person: dict[str, str] | None) -> SubjectRow:
    extra = {"object": "OA", "clause": clause, "assets": assets, "person": person}
    return SubjectRow(
        "object_item", f"OA/{clause}", "430121", Verdict.MET, name="办公系统", extra=extra
    )


def test_the_record_has_the_items_of_the_whole_object_and_who_decided_them() -> None:
    person = {"verdict": "met", "by": "李四", "on": "2026-11-20", "note": "查看了记录"}
    rows = (
        _of_object("8.1.1.1.a", 0, None),
        _of_object("8.1.4.1.a", 2, None),
        _of_object("8.1.4.2.b", 2, person),
    )
    forms = forms_of(replace(RESULT, subjects=rows), "zh")

    told = [(row["asset"], row["clause"], row["note"]) for row in forms.tables["records"]]
    assert told == [
        ("办公系统", "8.1.1.1.a", ""),
        ("办公系统", "8.1.4.2.b", "人工判定：李四，2026-11-20; 查看了记录"),
    ]
    assert forms.head["items"] == "2"


def test_a_high_risk_case_names_the_object_that_it_belongs_to() -> None:
    (hazard,) = forms_of(RESULT, "en").tables["hazards"]
    assert hazard["object"] == "办公系统"


def test_the_forms_say_what_the_table_warns_of_and_which_profile_was_named() -> None:
    warned = {"kind": "exemption_ended", "subject": "E1",
              "message": {"zh": "例外E1已到期", "en": "E1 ended"}}  # fmt: skip
    told = {**RESULT.information, "profile": "mlps-l2", "warnings": [warned]}
    result = replace(RESULT, information=told)

    first, second = forms_of(result, "en").tables["notices"]
    assert "mlps-l2" in first["message"]
    assert second == {"subject": "E1", "message": "E1 ended"}
    assert "例外E1已到期" in to_html(result, "zh")


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "部分符合的计值"), ("en", "worth of partly met")]
)
def test_a_form_is_in_one_language(lang: Lang, said: str) -> None:
    (parameter,) = forms_of(RESULT, lang).tables["parameters"]
    assert parameter["name"] == said
    assert " / " not in parameter["source"]


def test_a_row_of_the_workbook_has_room_for_the_lines_that_it_holds() -> None:
    long = {**RESULT.subjects[0].extra, "observed": [{"zh": "未设置，" * 60, "en": "x"}]}
    made = to_forms(
        replace(RESULT, subjects=(replace(RESULT.subjects[0], extra=long),)), "xlsx", "zh"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(made))["现场测评记录表"]
    cell = sheet["E6"]
    lines = 8 * 60 / sheet.column_dimensions["E"].width
    assert cell.font.size == 10
    # The tallest usual font takes about one and a half of its size a line.
    assert sheet.row_dimensions[6].height >= lines * 10 * 1.45


def test_an_open_conclusion_prints_an_interval_never_one_rate() -> None:
    (conclusion,) = forms_of(RESULT, "en").tables["conclusions"]
    assert conclusion["rate"] == "25.0% – 75.0%"
    assert conclusion["conclusion"] == "not yet: 2 items open"


def test_the_document_holds_the_same_tables_as_the_workbook() -> None:
    tables = _texts(to_forms(RESULT, "docx", "en"))
    assert [len(table) for table in tables] == [2, 6, 2, 2, 2, 2, 1]
    assert tables[1][2][:2] == ["H-1", "8.1.4.2.b"]
    assert tables[5][1][1:3] == ["worth of partly met", "0"]
    assert tables[5][1][3:] == ["1846 question 18", "sample (no standard gives it)"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_device_becomes_a_formula_or_a_tag(kind: Kind) -> None:
    hostile = "=cmd|' /C calc'!A0 {{ 7*7 }} <w:p/>\x1b[31m"
    row = replace(RESULT.subjects[0], extra={**RESULT.subjects[0].extra, "asset": hostile})
    made = to_forms(replace(RESULT, subjects=(row,)), kind, "en")
    if kind == "xlsx":
        cell = openpyxl.load_workbook(io.BytesIO(made))["On-site assessment record"]["A6"]
        assert cell.data_type == "s"
        assert not cell.value.startswith("=")
        text = cell.value
    else:
        text = _texts(made)[1][1][0]
    assert "{{ 7*7 }}" in text
    assert "<w:p/>" in text
    assert "\x1b" not in text


def _edited(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(default_template("xlsx", "zh")))
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_an_office_may_move_columns_add_texts_and_lines_below_the_table() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["现场测评记录表"]
        sheet.delete_rows(6)
        sheet["A5"], sheet["B5"] = "符合程度", "条款"
        sheet["A6"], sheet["B6"] = "{{ records.verdict }}", "{{ records.clause }}号"
        sheet["A7"] = "测评组长：        截至 {{ as_of }}"

    made = to_forms(RESULT, "xlsx", "zh", _edited(change))
    rows = _sheet(made, "现场测评记录表")
    assert rows[5][:2] == ["符合", "8.1.4.1.a号"]
    assert rows[9][:2] == ["不适用", "8.1.4.4.d号"]
    assert rows[10][0] == "测评组长：        截至 2026-11-22"


def _with(cell: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book["资产表"]["A6"] = cell

    return change


@pytest.mark.parametrize(
    "cell",
    ["{{ nothing.id }}", "{{ assets.nothing }}", "{{ nothing }}", "{{assets.id}}{{hazards.case}}"],
)
def test_a_template_that_names_what_is_not_there_is_refused(cell: str) -> None:
    with pytest.raises(UsageError, match="template"):
        to_forms(RESULT, "xlsx", "zh", _edited(_with(cell)))


def _document(text: str) -> bytes:
    document, made = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "{{ nothing }}",
        "{{ ''.__class__.__mro__ }}",
        "{% for x in range(10**9) %}{% endfor %}",
        "{% broken",
        "{{ records[0].nothing }}",
    ],
)
def test_a_document_template_runs_in_a_sandbox(text: str) -> None:
    with pytest.raises(UsageError, match="template"):
        to_forms(RESULT, "docx", "zh", _document(text))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("octets", [b"", b"no archive", b"PK\x03\x04 half"])
def test_what_is_no_template_is_refused(kind: Kind, octets: bytes) -> None:
    with pytest.raises(UsageError, match="template"):
        to_forms(RESULT, kind, "zh", octets)


@pytest.mark.parametrize(("kind", "other"), [("docx", "xlsx"), ("xlsx", "docx")])
def test_a_template_of_the_other_kind_is_refused_in_words_that_stand_still(
    kind: Kind, other: Kind
) -> None:
    with pytest.raises(UsageError, match="The template is no") as caught:
        to_forms(RESULT, kind, "zh", default_template(other, "zh"))
    assert "object at 0x" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_without_anything_gives_forms_without_rows(kind: Kind) -> None:
    empty: AuditResult = replace(RESULT, subjects=(), findings=(), information={})
    made = to_forms(empty, kind, "zh")
    assert zipfile.is_zipfile(io.BytesIO(made))
    assert not any(forms_of(empty, "zh").tables.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_problems_by_check_and_an_interval_and_runs_nothing(lang: Lang) -> None:
    page = to_html(RESULT, lang)
    assert page == to_html(RESULT, lang)
    assert "linux-sshd-root-login" in page
    assert "25.0% – 75.0%" in page
    assert "<script" not in page
    assert "\x1b" not in page
    hostile = replace(RESULT.findings[0], remedy=Text("<script>x</script>", "<script>x</script>"))
    assert "<script" not in to_html(replace(RESULT, findings=(hostile,)), lang)


def test_clauses_stand_in_the_order_of_the_standard() -> None:
    rows = [replace(r, extra={"clause": c}) for r, c in zip(RESULT.subjects, ORDER, strict=True)]
    page = to_html(replace(RESULT, subjects=tuple(rows)), "en")
    assert [page.index(f"<td>{c}</td>") for c in sorted(ORDER, key=len)] == sorted(
        page.index(f"<td>{c}</td>") for c in ORDER
    )


ORDER = ("8.1.10.1.a", "8.1.9", "8.1.9.4", "8.1.9.10", "8.1.10.10.b")


def test_where_one_answer_shows_it_in_many_places_it_is_named_once() -> None:
    def at(first: int, last: int, command: str = "display x") -> Evidence:
        return Evidence("R1#2", "sm3:5da15a8b4c0ffff", "R1", command, (first, last))

    told = evidence_of([at(55, 57), at(59, 61), at(55, 57), at(9, 9, "display y"), at(70, 70)])

    assert told == ("R1 display x 55-57, 59-61, 70 sm3:5da15a8b4c0; R1 display y 9 sm3:5da15a8b4c0")


def test_a_printed_form_numbers_its_pages_and_breaks_no_row() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_forms(RESULT, "xlsx", "zh")))
    assert [sheet.oddFooter.right.text for sheet in book] == ["&P / &N"] * len(book.sheetnames)
    document = Document(io.BytesIO(to_forms(RESULT, "docx", "zh")))
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert re.findall(r'w:instr="(\w+)"', footer) == ["PAGE", "NUMPAGES"]
    rows = [row for table in document.tables for row in table.rows]
    assert len(rows) > 12
    assert all("w:cantSplit" in row._tr.xml for row in rows)
