"""Division codes by GB/T 2260 and GB/T 10114."""

from __future__ import annotations

import pytest

from netops.divisions import Level, ancestors, is_code, level_of, parent_of


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("430000", Level.PROVINCE, None),
        ("430100", Level.CITY, "430000"),
        ("430102", Level.COUNTY, "430100"),
        ("433101", Level.COUNTY, "433100"),
        ("429004", Level.COUNTY, "420000"),
        ("430102001", Level.TOWNSHIP, "430102"),
    ],
)
def test_the_form_of_a_code_tells_level_and_superior(
    code: str, level: Level, parent: str | None
) -> None:
    assert level_of(code) is level
    assert parent_of(code) == parent


@pytest.mark.parametrize(
    "text", ["", "43000", "4300000", "43010X", "030102", "４３０１０２", "430102\n"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert not is_code(text)
    with pytest.raises(ValueError, match=r".*"):
        level_of(text)


def test_ancestors_come_nearest_first() -> None:
    assert list(ancestors("430102001")) == ["430102", "430100", "430000"]
