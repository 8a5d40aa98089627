"""Patterns that a hostile text could make run for ever are refused, and no others."""

from __future__ import annotations

import pytest

from netops.policy.baseline import slow_pattern
from netops.policy.baseline.patterns import EXPONENTIAL, MAX_PATTERN, NOT_REGULAR, POLYNOMIAL


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a*)*b",
        r"(a+)+$",
        r"(a|a)*b",
        r"(a|aa)+$",
        r"(x+x+)+y",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"([A-Z]+[0-9]*)+$",
        r"(\w\w|\d\d)*!",
        r"(?i)(ab|AB)*c",
        r"(.-|\s-)*x",
        r"(\s-|[ \t]-)*x",
        r"((ab)?(ab)?)*c",
        r"(é-|[à-ü]-)+$",
        r"(中文|[一-龥]文)+x",
        r"(?:a{1,2}){1,}b",
        r"(?=(a+)+$)x",
        r"^(a?){1,}a*b$",
        r"^(?:aa(?:b?)+)+x",
        r"^(?:b(?:(?:ab)?)+)*c$",
        r"^(?:a(?:b?)?)*x",
        r"^(?:(?:a{1,3}(?:aa){1,3}){1,3}){1,3}x",
    ],
)
def test_a_pattern_that_can_take_exponential_time_is_refused(pattern: str) -> None:
    assert slow_pattern(pattern) in (EXPONENTIAL, POLYNOMIAL)


@pytest.mark.parametrize(
    "pattern",
    [r".*foo.*bar", r"a*a*b", r"\d+\d+x", r"\s*,?\s*x", r"[a-z]+[0-9a-z]*;", r"a.*b.*c.*d"],
)
def test_a_pattern_whose_repetitions_share_text_is_refused(pattern: str) -> None:
    assert slow_pattern(pattern) == POLYNOMIAL


@pytest.mark.parametrize("pattern", [r"(\w+)\s\1", r"(a)?b(?(1)c|d)"])
def test_a_pattern_that_is_no_automaton_is_refused(pattern: str) -> None:
    assert slow_pattern(pattern) == NOT_REGULAR


@pytest.mark.parametrize("pattern", ["(", "a" * (MAX_PATTERN + 1), "(a{1,9}){1,9}" * 12, "[z-a]"])
def test_a_pattern_that_cannot_be_examined_is_refused(pattern: str) -> None:
    assert slow_pattern(pattern) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a|b)$",
        r"^\s*foo\s*$",
        r"\d+x",
        r"^(\d{1,3}\.){3}\d{1,3}$",
        r"(?i)^(yes|no)$",
        r"\bfoo\b",
        r"^[a-z0-9_-]+@[a-z.]+$",
        r"\s*#.*",
        r"^(?!root$)",
        r"[^:]*:[^:]*:",
        r"(,|^)(3des|arcfour)",
        r"^ssh-(rsa|dss)(,|$)",
        r"^(?:[a-z]+,)*[a-z]+$",
        r"^\$(6|y|sm3)\$",
        r"x*y*z*",
        r"^V\d{3}R\d{3}C\d{2}(SPC\d{3})?$",
        r"^(/[^/]+)+/?$",
        r"(\w|\d)*!",  # the engine makes one set of single characters
        r".*",
        "",
    ],
)
def test_a_harmless_pattern_is_allowed(pattern: str) -> None:
    assert slow_pattern(pattern) is None
