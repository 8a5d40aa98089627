"""A time-out of the shell in a branch: the worse outcome counts; bash was asked for each."""

from __future__ import annotations

import pytest
from host_texts import file, values


def time_out(*files: str) -> object:
    """Return after how long an idle shell ends; nought: never; None: nobody knows."""
    texts = "".join(file(f"/etc/profile.d/{n}.sh", t) for n, t in enumerate(files))
    return values(shell=texts).get("shell.tmout_s")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("if false; then\n TMOUT=600\nfi", 0),
        ("if false; then TMOUT=600; fi", 0),
        ('[ -n "$SSH_TTY" ] && export TMOUT=600', 0),
        ('[ "$UID" -eq 0 ] || { echo; TMOUT=600; }', 0),
        ("TMOUT=600\nif [ $UID = 0 ]; then\n TMOUT=300\nfi", 600),
        ("TMOUT=300\nif [ $UID = 0 ]; then\n TMOUT=0\nfi", 0),
        ('if [ -n "$PS1" ]; then\n TMOUT=600\nfi', 600),
        ("case $- in\n*i*) TMOUT=600 ;;\nesac", 600),
        ('for i in 1 2; do\n if [ "$i" ]; then\n  x=1\n fi\ndone\nTMOUT=600', 600),
        ("if true; then umask 027; fi\nTMOUT=600", 600),
        ("true || false; TMOUT=600", 600),
        ("TMOUT=600 || true", 600),
        ("idle() {\n TMOUT=600\n}", None),
        ("idle() { TMOUT=600; }\nTMOUT=300", 300),
        ("if [ -r x ]; then\nTMOUT=600", 600),
        ("fi\n" * 40 + "TMOUT=600", 600),
    ],
)
def test_an_assignment_in_a_branch_may_not_be_carried_out(text: str, seconds: object) -> None:
    assert time_out(text) == seconds


def test_a_branch_of_one_file_ends_with_it() -> None:
    assert time_out("if true; then\n x=1\nfi", "TMOUT=600") == 600
