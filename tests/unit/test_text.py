"""Text from devices: decoded whatever it is, shown without effect, safe in cells."""

from __future__ import annotations

import pytest

from netops.text import cell, cells, decode, one_line, shown_line, shown_lines, visible


def test_utf8_is_decoded_as_utf8() -> None:
    assert decode("描述 uplink".encode()) == "描述 uplink"


def test_gbk_is_decoded_where_utf8_fails() -> None:
    assert decode("描述".encode("gbk")) == "描述"


def test_lines_of_two_encodings_are_each_read_right() -> None:
    mixed = "第一".encode() + b"\n" + "第二".encode("gbk")

    assert decode(mixed) == "第一\n第二"


def test_octets_of_no_encoding_never_fail_and_keep_the_lines() -> None:
    assert decode(b"a\xff\xfe\xff\nb") == "a\xff\xfe\xff\nb"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202etxt.exe", "<U+202E>txt.exe"),
        ("a\x7f", "a␡"),
        ("a\r\x00", "a␍␀"),
        ("two\nlines\tok", "two\nlines\tok"),
    ],
)
def test_controls_are_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_message_is_one_line() -> None:
    assert one_line("a\r\nb\tc") == "a⏎b c"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1", "＝1"])
def test_a_cell_never_becomes_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["-5", "+3.5", "10.0.0.1", "GE0/0/1", ""])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_numbers_and_none_pass_a_row_untouched() -> None:
    assert cells([1, None, "=x"]) == [1, None, "'=x"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  ---- More ----\x1b[16D                \x1b[16Dnext line", "next line"),
        ("---- More ----\x1b[42D" + " " * 42 + "\x1b[42D<R1>", "<R1>"),
        ("display ip routing-table vpn-ins \x1b[1Dtance", "display ip routing-table vpn-instance"),
        ("\x1b[1;32mgreen\x1b[0m", "green"),
        ("\x1b]0;owned\x07prompt", "prompt"),
        ("abc\b\b\bxyz", "xyz"),
        ("old text\rnew\x1b[K", "new"),
        ("nul\x00bell\x07", "nulbell"),
        ("plain", "plain"),
    ],
)
def test_a_line_shows_what_a_terminal_shows(line: str, shown: str) -> None:
    assert shown_line(line) == shown


def test_a_huge_hostile_line_takes_linear_time() -> None:
    assert shown_line("\x1b[1D" * 500_000 + "x") == "x"


def test_only_line_feeds_divide_lines() -> None:
    assert shown_lines("a\x0bb\u2028c\r\nd") == ["ab\u2028c", "d"]
