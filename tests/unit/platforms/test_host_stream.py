"""The output of the program taken apart: noise, forgeries and breaks around it."""

from __future__ import annotations

from netops.platforms.stream import is_evidence, split

WHOLE = b"netops-evidence 1\n[a\n=file /x\n|one\n]a\n[b\n=rc 0\n]b\nnetops-evidence end\n"


def test_sections_are_found() -> None:
    stream = split(WHOLE)

    assert (stream.begun, stream.whole, stream.cut) == (True, True, {})
    assert stream.sections == {"a": b"=file /x\n|one\n", "b": b"=rc 0\n"}


def test_a_message_of_the_day_and_a_log_in_script_are_passed_over() -> None:
    noise = b"Welcome!\n\x1b[31mred\nnetops-evidence 1\n[a\n|forged\n]a\nnetops-evidence end\n"

    assert split(noise + WHOLE).sections == split(WHOLE).sections


def test_lines_that_are_not_ours_are_dropped_inside_too() -> None:
    raw = WHOLE.replace(b"|one\n", b"Broadcast message\n|one\n")

    assert split(raw).sections["a"] == b"=file /x\n|one\n"


def test_a_break_leaves_whole_sections_and_one_that_is_cut() -> None:
    stream = split(WHOLE[: WHOLE.index(b"=rc")])

    assert not stream.whole
    assert stream.sections == {"a": b"=file /x\n|one\n"}
    assert stream.cut == {"b": b""}


def test_line_ends_of_another_system_are_taken_off_but_those_of_a_file_stay() -> None:
    carried = WHOLE.replace(b"\n", b"\r\n")
    own = WHOLE.replace(b"|one\n", b"|one\r\n")

    assert split(carried).sections == split(WHOLE).sections
    assert split(own).sections["a"] == b"=file /x\n|one\r\n"


def test_other_text_is_no_evidence() -> None:
    assert not split(b"display version\nVRP\n").begun
    assert not is_evidence(b"netops-evidence 12\n")
    assert is_evidence(b"motd\r\nnetops-evidence 1\r\n")


def test_a_host_without_the_means_says_so() -> None:
    stream = split(b"netops-evidence 1\nnetops-evidence failed: this host has no awk\n")

    assert stream.failure == "this host has no awk"
