"""Whatever a host prints, its settings are read without a crash and in linear time."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from netops.platforms.answer import Answer
from netops.platforms.linux_host.baseline import SECTIONS, read_host
from netops.platforms.stream import split

NAMES = [section.name for section in SECTIONS]
WORDS = st.sampled_from([
    "=file /etc/ssh/sshd_config", "=file /etc/passwd", "=file /etc/shadow", "=file /etc/sudoers",
    "=file /etc/pam.d/sshd", "=file /etc/pam.d/passwd", "=file /etc/pam.d/su",
    "=file /etc/login.defs", "=file /etc/rsyslog.conf", "=file /etc/logrotate.conf",
    "=file /etc/audit/audit.rules", "=file /etc/os-release", "=file /proc/mounts",
    "=file /proc/net/tcp6", "=file /etc/chrony.conf", "=file /etc/security/limits.conf",
    "=run stat", "=run ss -H -tulnp", "=run processes", "=run packages", "=run date +%s",
    "=run auditctl -l", "=run nft list ruleset", "=run lastlog -b 90", "=rc 0", "=rc", "=rc x",
    "=cut", "=late", "=say", "=say uid 0", "=say homes done", "=say walk", "=run walk",
    "=run apt-get -s upgrade", "=run systemctl list-units --all", "=say links ended", "=other x",
    "|Include *", "|Include /etc/ssh/sshd_config", "|Match", "|Match all", "|PermitRootLogin",
    "|@include sshd", "|auth include sshd", "|auth [success=9999 default", "|password [ ] x.so",
    "|root:x:0:0:r:/root:", "|a:b:c", "|:::::::::", "|User_Alias A = A : B = A, B", "|A ALL=ALL",
    "|@includedir /etc/sudoers.d", "|Defaults", "|Defaults !", "|rotate", "|/x {", "|}", "|{",
    "|-w", "|-w /etc -p", "|-a always,exit -S", "|Inst", "|tcp LISTEN 0 0 [::ffff:127.0.0.1]:22 x",
    "|644 0 0 1 1 regular file|/etc/passwd", "|99999 0 0 1 1 x|/x", "|*.* @", '|action(type="omfwd"',
    "|TMOUT=", "|umask", "|0: 00000000:0016 0:0 0A", "|server", "|Leap status :", "|minlen =",
])  # fmt: skip
LINES = st.lists(WORDS | st.text(max_size=60).map(lambda t: "|" + t) | st.text(max_size=40),
                 max_size=25)  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES), LINES, max_size=6))
@settings(max_examples=400)
def test_any_lines_are_read(sections: dict[str, list[str]]) -> None:
    answers = {
        f"baseline/{name}": Answer(f"baseline/{name}", name, tuple(enumerate(lines, start=1)))
        for name, lines in sections.items()
    }

    read = read_host(answers)

    known = set(answers)
    for component in read.components:
        for setting in component.settings:
            assert isinstance(setting.value, bool | int | str | tuple)
            assert setting.name == setting.name.lower()
    assert set(read.states) <= known | {"baseline/pam", "baseline/shadow", "baseline/accounts"}


@given(st.binary(max_size=400), st.binary(max_size=400))
@settings(max_examples=200)
def test_any_octets_are_split(before: bytes, inside: bytes) -> None:
    body = b"".join(b"|" + line + b"\n" for line in inside.split(b"\n"))

    stream = split(before + b"\nnetops-evidence 1\n[a\n" + body + b"]a\nnetops-evidence end\n")

    assert stream.sections["a"] == body
    assert stream.whole


def _seconds(count: int) -> float:
    lines = [
        "=file /etc/ssh/sshd_config", *(f"|Match User u{n}" for n in range(count)),
        "=file /etc/sudoers", *(f"|User_Alias A{n} = A{n + 1}, A{n + 1}" for n in range(count)),
        *(f"|A{n} ALL = NOPASSWD: ALL" for n in range(20)),
    ]  # fmt: skip
    numbered = tuple(enumerate(lines, start=1))
    answers = {
        f"baseline/{name}": Answer(f"baseline/{name}", name, numbered)
        for name in ("sshd", "sudoers", "pam", "accounts", "logging", "rotation", "audit")
    }
    began = time.process_time()
    read_host(answers)
    return time.process_time() - began


def test_reading_takes_no_more_than_linear_time() -> None:
    small, large = _seconds(1_000), _seconds(8_000)

    assert large < 40 * max(small, 0.01)
