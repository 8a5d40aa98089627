"""The page of a baseline as people see it: in Chromium, at 1,280 and 360 px, with hostile words in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from checks import faults_of, faults_on_a_phone
from chromium import Page
from sample_baseline import RESULT

from netops.findings import Text
from netops.i18n import Lang
from netops.reports.forms.html import to_html

_LONG = "x" * 400
_TAG = "<img src=x onerror=document.title='planted'>"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_holds_and_nothing_in_it_acts(page: Page, tmp_path: Path, lang: Lang) -> None:
    words = f"{_TAG} {_LONG} 过长的描述" + "，很长" * 60
    findings = tuple(
        replace(one, message=Text(words, words), remedy=Text(words, words))
        for one in RESULT.findings
    )
    rows = tuple(replace(row, name=_LONG) for row in RESULT.subjects)
    file = tmp_path / "baseline.html"
    file.write_text(to_html(replace(RESULT, findings=findings, subjects=rows), lang), "utf-8")

    assert list(faults_of(page, file)) == []
    assert list(faults_on_a_phone(page, file)) == []
    assert "planted" not in page.evaluate("return document.title")
    assert _TAG in page.evaluate("return document.body.textContent")
