"""PAM's rules carried out: expected ends are those that Linux-PAM 1.5.2 gave for such files."""

from __future__ import annotations

import pytest
from host_texts import file, values

from netops.platforms.answer import Answer
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


COUNTED = "pam_faillock.so {} deny=2 even_deny_root"
LOOK, COUNT = (f"auth required {COUNTED.format(word)}" for word in ("preauth", "authfail"))


def _of_sshd(*rules: str) -> dict[str, object]:
    """Return what is read of sshd's own stack: these rules, then a refusal."""
    stacks = file("/etc/pam.d/sshd", "\n".join([*rules, "auth required pam_deny.so"]))
    return values(pam=stacks, passwords=file("/etc/login.defs", "UMASK 077"))


@pytest.mark.parametrize(
    ("before", "is_locked"),
    [
        ("auth requisite pam_succeed_if.so uid >= 1000 quiet_success", False),
        ("auth requisite pam_succeed_if.so user != root", False),
        ("auth requisite pam_usertype.so isregular", False),
        ("auth requisite pam_succeed_if.so uid < 1000 user in root:admin", True),
        ("auth requisite pam_succeed_if.so uid > x", True),
        ("auth optional pam_succeed_if.so uid >= 1000", True),
    ],
)
def test_the_lock_binds_root_only_where_roots_failures_reach_the_count(
    before: str, *, is_locked: bool
) -> None:
    found = _of_sshd(LOOK, "auth sufficient pam_unix.so", before, COUNT)

    assert found["pam.lock.module[sshd]"] == "pam_faillock"
    assert found["pam.lock.root[sshd]"] is is_locked


def test_a_look_that_is_passed_over_for_root_does_not_lock_root() -> None:
    passed = "auth [success=1 default=ignore] pam_succeed_if.so uid = 0 quiet"
    found = _of_sshd(passed, LOOK, "auth sufficient pam_unix.so", COUNT)

    assert found["pam.lock.root[sshd]"] is False


def test_root_who_is_never_let_in_by_a_password_needs_no_lock() -> None:
    closed = "auth requisite pam_succeed_if.so user != root"
    found = _of_sshd(closed, LOOK, "auth sufficient pam_unix.so", COUNT)

    assert found["pam.lock.root[sshd]"] is True


def test_a_daemon_that_runs_as_root_lets_anybody_in_behind_rootok() -> None:
    found = _of_sshd("auth sufficient pam_rootok.so", LOOK, "auth sufficient pam_unix.so", COUNT)

    assert found["pam.nullok[sshd]"] is True
    assert found["pam.lock.module[sshd]"] == "none"
