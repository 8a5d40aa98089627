"""The report as people see it: in Chromium, at 1,280 px, with devices that say hostile things."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from checks import faults_of, faults_on_a_phone
from chromium import Page, browser
from hostile_report import PLANTED

PAGES = [f"{lang}/{name}" for lang in ("zh", "en") for name in ("index.html", "city-430300.html")]
_BAD = """<!DOCTYPE html><meta charset="utf-8"><title>x</title><style>body {{ margin: 0; }}</style>
<body>{}</body>"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_at_1280_pixels(page: Page, report: Path, name: str) -> None:
    assert list(faults_of(page, report / name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_on_a_phone(page: Page, report: Path, name: str) -> None:
    assert list(faults_on_a_phone(page, report / name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_a_device_said_acts(page: Page, report: Path, name: str) -> None:
    page.open(report / name, 1280)

    assert page.evaluate(f'return document.getElementById("{PLANTED}") === null')
    assert PLANTED not in page.evaluate("return document.title")
    # The words themselves are there to be read.
    assert PLANTED in page.evaluate("return document.body.textContent")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zh/index.html", ("模型闭合：登记", "报文证据：", "有反例", "假设撤除出口E-430300")),
        ("en/index.html", ("Closure: devices collected", "Packets: departments measured",
                           "with a counterexample", "If exit E-430300 went away")),
        ("zh/city-430300.html", ("实测", "反例", "矛盾")),
        ("en/city-430300.html", ("probes", "counterexample", "contradiction")),
    ],
)  # fmt: skip
def test_what_each_class_of_evidence_said_can_be_seen(
    page: Page, report: Path, name: str, words: tuple[str, ...]
) -> None:
    page.open(report / name, 1280)

    shown = page.evaluate("return document.body.innerText")
    assert [word for word in words if word not in shown] == []


def test_the_pages_print_to_pdf(page: Page, report: Path) -> None:
    page.open(report / "zh" / "index.html", 1280)

    told = page.call("Page.printToPDF", {"printBackground": False, "preferCSSPageSize": True})

    made = base64.b64decode(told["data"])
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") >= 3


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<p style="font-size: 10px">小</p>', "small text"),
        ('<svg width="100" height="40" viewBox="0 0 200 80"><text y="20" font-size="16">a</text></svg>', "small text"),
        ('<p style="width: 1500px">x</p>', "too wide"),
        ('<div style="width: 90px; overflow-x: auto"><p style="width: 200px">x</p></div>', "too wide"),
        ('<svg width="99" height="40"><text y="20">aa</text><text x="4" y="24">bb</text></svg>', "overlap"),
        ('<svg width="99" height="40"><circle class="mark" cx="5" cy="15" r="5"/><text y="20">aa</text></svg>', "overlap"),
        ('<svg width="20" height="40"><text y="20">longer than that</text></svg>', "leaves its drawing"),
        ('<table style="table-layout: fixed; width: 50px"><td style="white-space: nowrap">far too long</table>', "leaves its cell"),
        ('<a href="nowhere.html">x</a>', "link to nothing"),
        ('<a href="#nowhere">x</a>', "link to no place"),
        ('<a href="https://example.org/">x</a>', "link leaves the report"),
        ('<p id="a">x</p><p id="a">y</p>', "id used twice"),
        ('<p onclick="x()">x</p>', "active content"),
        ("<script>1</script>", "active content"),
    ],
)  # fmt: skip
def test_the_checks_find_what_they_look_for(
    page: Page, tmp_path: Path, body: str, complaint: str
) -> None:
    path = tmp_path / "bad.html"
    path.write_text(_BAD.format(body), encoding="utf-8")

    assert any(complaint in fault for fault in faults_of(page, path))


def test_a_plain_page_passes_the_checks(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "good.html"
    path.write_text(_BAD.format("<p>省级电子政务外网</p>"), encoding="utf-8")

    assert list(faults_of(page, path)) == []


def test_a_machine_without_chinese_fonts_is_noticed(program: str, tmp_path: Path) -> None:
    # By character, not by language: a fallback font has these and still claims no zh-cn.
    words = "省级电子政务外网"
    rejected = "".join(
        f'<pattern><patelt name="charset"><charset><int>{ord(character):#x}</int></charset></patelt>'
        "</pattern>"
        for character in words
    )
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir>'
        f"<cachedir>{tmp_path}/cache</cachedir>"
        f"<selectfont><rejectfont>{rejected}</rejectfont></selectfont></fontconfig>",
        encoding="utf-8",
    )
    path = tmp_path / "page.html"
    path.write_text(_BAD.format(f"<p>{words}</p>"), encoding="utf-8")

    with browser(program, {"FONTCONFIG_FILE": str(fonts)}) as page:
        assert any(fault.startswith("no glyph for") for fault in faults_of(page, path))
