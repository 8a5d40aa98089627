"""Whatever stands in a rule file, reading it ends in rules or in faults with a place."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from rule_folders import CATALOG, CHECK, EVIDENCE, GUIDE, PROFILE, write_rules

from netops.policy.baseline import examine_rules, slow_pattern

PARTS = {
    "catalog": CATALOG,
    "guide": GUIDE,
    "evidence": EVIDENCE,
    "check": CHECK,
    "profile": PROFILE,
}
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["{", "}", "[", "]", "*a", "&a ", "!!python/object:os.system ", "null", "~", "0x" + "f" * 5000,
         "1e999", ".nan", "2026-02-30", "yes", "$", "$days", "(a+)+$", "\n", ": ", "- ", "|\n", "<<: *a",
         "{all: [" * 30, "\x00", "\ufeff", "９"]
    ),
)  # fmt: skip


@settings(max_examples=120)
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_a_damaged_file_is_never_a_crash(part: str, data: st.DataObject) -> None:
    text = PARTS[part]
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 40)))
    damaged = text[:begin] + data.draw(WORDS) + text[end:]

    with tempfile.TemporaryDirectory() as folder:
        rules, faults = examine_rules(write_rules(Path(folder), **{part: damaged}))

    assert (rules is None) == bool(faults)
    for fault in faults:
        assert fault.cause
        assert fault.remedy
        assert fault.place.file


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"[ab.*+?()|\[\]\\dws{},1-9^$]{1,40}")))
def test_any_text_as_a_pattern_is_allowed_or_refused_with_a_reason(pattern: str) -> None:
    why = slow_pattern(pattern)

    assert why is None or why.endswith(".")
