"""PAM's rules carried out: expected ends are those that Linux-PAM 1.5.2 gave for such files."""

from __future__ import annotations

import pytest

from netops.platforms.base import Answer
from netops.platforms.linux_host.baseline.pam import stack
from netops.platforms.linux_host.baseline.pam_run import FAILURE, SUCCESS, carry_out
from netops.platforms.linux_host.baseline.sheet import Sheet

JUMP = "auth [success=1 default=ignore] pam_permit.so\nauth requisite pam_deny.so"


def ended(text: str, *, inner: str = "") -> tuple[bool, list[str]]:
    """Carry out a stack in which pam_deny fails and everything else succeeds."""
    lines = [
        "=file /etc/pam.d/login", *(f"|{line}" for line in text.splitlines()),
        "=file /etc/pam.d/inner", *(f"|{line}" for line in inner.splitlines()),
    ]  # fmt: skip
    answer = Answer("baseline/pam", "H1#1", tuple(enumerate(lines, 1)))
    found = stack(Sheet.of("pam", answer), "login", "auth")
    assert found is not None
    run = carry_out(found.rules, lambda r: FAILURE if r.module == "pam_deny" else SUCCESS)
    return run.lets_in, [rule.module for rule in run.asked]


@pytest.mark.parametrize(
    ("text", "lets_in"),
    [
        ("auth required pam_permit.so", True),
        ("auth optional pam_deny.so", False),
        ("auth required pam_deny.so\nauth sufficient pam_permit.so", False),
        ("auth sufficient pam_permit.so\nauth required pam_deny.so", True),
        (JUMP + "\nauth required pam_permit.so", True),
        (JUMP, False),
        ("auth required pam_permit.so\nauth [success=ok] pam_deny.so", False),
        ("auth required pam_permit.so\nauth [success=ok default=ignore] pam_deny.so", True),
        ("auth required pam_deny.so\nauth [success=reset] pam_permit.so", False),
    ],
)  # fmt: skip
def test_a_stack_ends_as_pam_ends_it(text: str, *, lets_in: bool) -> None:
    assert ended(text)[0] is lets_in


def test_what_ends_a_substack_does_not_end_the_stack() -> None:
    inner = "auth sufficient pam_unix.so\nauth required pam_deny.so"

    assert ended("auth include inner\nauth required pam_wheel.so", inner=inner) == (
        True, ["pam_unix"],
    )  # fmt: skip
    assert ended("auth substack inner\nauth required pam_wheel.so", inner=inner) == (
        True, ["pam_unix", "pam_wheel"],
    )  # fmt: skip
    assert ended("auth substack inner\nauth required pam_deny.so", inner=inner)[0] is False
