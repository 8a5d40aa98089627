"""YAML of ours reads plain values as YAML does, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from netops.plainyaml import PlainYamlError, parse_yaml


@pytest.mark.parametrize(
    "text",
    ["no", '"no"', "'1'", "1", "-7", "+3", "0o17", "08", "1.5", ".5", "-.inf", "1e3",
     "null", "~", "Null", "yes", "On", "off", "TRUE", "False", "nothing", "on-call", "<", "a=b",
     "2026-01-31", "2026-1-1", "身份鉴别", "８", "{a: b}", "[1, one, 1, '1']", "|\n  yes\n", ">-\n  1\n  2\n",
     "!!str 1", "! yes", "8.1.4.1.a", "6.1.1.1", "1.1", "", "''"],
)  # fmt: skip
def test_a_value_is_what_yaml_says_it_is(text: str) -> None:
    expected = yaml.load(f"x: {text}", Loader=yaml.SafeLoader)

    found = parse_yaml(f"x: {text}")

    assert found == expected
    assert repr(found) == repr(expected)


def test_the_same_word_is_the_same_value_wherever_it_stands() -> None:
    assert parse_yaml('[1, "1", 1, yes, "yes", yes]') == [1, "1", 1, True, "yes", True]
    assert [type(one) for one in parse_yaml("[1, 1, '1']")] == [int, int, str]


def test_a_day_that_is_none_stays_a_text() -> None:
    assert parse_yaml("[2026-02-28, 2026-02-30]") == [date(2026, 2, 28), "2026-02-30"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("010", "“010” means 8"),
        ("-017", "“-017” means -15"),
        ("0x1F", "“0x1F” means 31"),
        ("0b11", "“0b11” means 3"),
        ("1_000", "“1_000” means 1000"),
        ("1_0.5", "“1_0.5” means 10.5"),
        ("12:30", "“12:30” means 750"),
        ("12:30:45", "“12:30:45” means 45045"),
    ],
)
@pytest.mark.parametrize("form", ["a: 1\nx: {}\n", "a: 1\nx: [{}]\n", "a: 1\n{}: x\n"])
def test_a_number_that_people_read_differently_is_refused(text: str, said: str, form: str) -> None:
    with pytest.raises(PlainYamlError) as caught:
        parse_yaml(form.format(text))

    assert (caught.value.line, caught.value.kind) == (2, "odd_number")
    assert said in caught.value.cause
    assert parse_yaml(form.format(f'"{text}"')) is not None


def test_in_files_of_names_what_is_written_is_kept() -> None:
    text = "[1.10, yes, Off, true, FALSE, 7, 2026-01-31, no way]"

    found = parse_yaml(text, words=True)

    assert found == ["1.10", "yes", "Off", True, False, 7, date(2026, 1, 31), "no way"]


def test_a_merge_is_refused_by_its_name_and_a_lone_equals_sign_is_a_text() -> None:
    with pytest.raises(PlainYamlError, match="Merging with") as caught:
        parse_yaml("a: &x {b: 1}\nc: {<<: *x}\n")

    assert caught.value.line == 2
    assert parse_yaml("op: =") == {"op": "="}


def test_a_number_that_python_would_not_write_out_stays_a_text() -> None:
    digits = "0x" + "f" * 5000

    assert parse_yaml(f"x: {digits}") == {"x": digits}


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate_key"),
        ("a: [1\n", 2, "bad_yaml"),
        ("a: !!python/name:os.system x\n", 1, "bad_yaml"),
        ("a: 1\n---\nb: 2\n", 2, "bad_yaml"),
        ("a: *nothing\n", 1, "bad_yaml"),
        ("a: " + "[" * 30 + "]" * 30, 1, "bad_yaml"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, line: int, kind: str) -> None:
    with pytest.raises(PlainYamlError) as caught:
        parse_yaml(text)

    assert (caught.value.line, caught.value.kind) == (line, kind)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\nb:\n\tc: 1\n", 3, "tab"),
        ("a: 1\nseverity： high\nb: 2\n", 2, "full-width"),
        ("a: 1\n\ufeffb: 2\nc: 3\n", 2, "U+FEFF"),
        ("a: 1\nb: x\x00y\n", 2, "U+0000"),
    ],
)
def test_what_a_hand_or_a_word_processor_did_is_called_by_its_name(
    text: str, line: int, word: str
) -> None:
    with pytest.raises(PlainYamlError) as caught:
        parse_yaml(text)

    assert caught.value.line == line
    assert word in caught.value.cause
