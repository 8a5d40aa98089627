"""Parameters of the kernel after the next start; each truth was tried with systemd-sysctl."""

from __future__ import annotations

import pytest
from host_texts import file, values

FORWARD = "kernel.boot.ip_forward"
KPTR = "kernel.boot.kptr_restrict"
SYSTEMD = "=say init systemd\n"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("net.ipv4.ip_forward=1", 1),
        ("net/ipv4/ip_forward = 1", 1),
        ("-net.ipv4.ip_forward = 1", 1),
        ("net.ipv4.ip_forward = 1 # needed", 1),
        ("net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 0", 0),
        ("net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = no", 0),
        ("net.ipv4.ip_forward 1", 0),
        ("; net.ipv4.ip_forward = 1", 0),
        ("net.ipv4.ip_forward = １", 0),
        ("net.ipv4.* = 1", 1),
        ("net.ipv4.* = 1\nnet.ipv4.ip_forward = 0", 0),
        ("net.ipv4.ip_forward = 0\nnet.ipv4.* = 1", 0),
        ("net.ipv4.* = 1\n-net.ipv4.ip_forward", 0),
        ("net.* = 1", 0),
    ],
)
def test_a_line_means_what_systemd_and_the_kernel_take(line: str, value: int) -> None:
    assert values(kernel=file("/etc/sysctl.d/50.conf", line) + SYSTEMD)[FORWARD] == value


def test_the_boot_line_holds_until_a_file_says_otherwise() -> None:
    line = file("/proc/cmdline", "quiet sysctl.net.ipv4.ip_forward=1 sysctl.kernel.kptr_restrict=2")
    found = values(kernel=line + file("/etc/sysctl.d/50.conf", "kernel.kptr_restrict=1"))
    assert (found[FORWARD], found[KPTR]) == (1, 1)


def test_the_main_file_is_read_last_where_there_is_no_systemd() -> None:
    text = file("/etc/sysctl.conf", "net.ipv4.ip_forward=1")
    text += file("/etc/sysctl.d/99.conf", "net.ipv4.ip_forward=0")
    assert values(kernel=text)[FORWARD] == 1
    assert values(kernel=text + SYSTEMD)[FORWARD] == 0


def test_folders_hide_one_another_in_their_order() -> None:
    text = file("/usr/lib/sysctl.d/50.conf", "net.ipv4.ip_forward=1\nkernel.kptr_restrict=2")
    text += file("/run/sysctl.d/50.conf", "net.ipv4.ip_forward=0")
    found = values(kernel=text + SYSTEMD)
    assert (found[FORWARD], found[KPTR]) == (0, 0)


def test_a_system_with_two_folders_of_libraries_has_two_of_settings() -> None:
    text = file("/lib/sysctl.d/60.conf", "kernel.kptr_restrict=2\nnet.ipv4.ip_forward=1")
    text += file("/usr/lib/sysctl.d/70.conf", "net.ipv4.ip_forward=0")
    found = values(kernel=text + SYSTEMD)
    assert (found[FORWARD], found[KPTR]) == (0, 2)


def test_a_router_takes_redirects_where_all_says_so() -> None:
    text = file(
        "/etc/sysctl.d/50.conf", "net.ipv4.ip_forward=1\nnet.ipv4.conf.all.accept_redirects=0"
    )
    found = values(kernel=text + SYSTEMD)
    assert found["kernel.boot.accept_redirects"] == 0
    assert found["kernel.boot.send_redirects"] == 1


def test_an_interface_with_a_dot_is_named_with_a_slash() -> None:
    text = "=say /proc/sys/net/ipv4/conf/eth0.7/send_redirects 0\n"
    lines = ["net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.default.send_redirects=0"]
    whole = text + file("/etc/sysctl.d/50.conf", "\n".join(lines)) + SYSTEMD
    turned = [*lines, "net.ipv4.conf.eth0/7.send_redirects=1"]
    other = text + file("/etc/sysctl.d/50.conf", "\n".join(turned)) + SYSTEMD
    assert values(kernel=whole)["kernel.boot.send_redirects"] == 0
    assert values(kernel=other)["kernel.boot.send_redirects"] == 1


def test_what_runs_is_not_taken_from_files() -> None:
    found = values(kernel=file("/etc/sysctl.d/50.conf", "kernel.kptr_restrict=2") + SYSTEMD)
    assert "kernel.kptr_restrict" not in found
    assert found[KPTR] == 2


def test_hostile_patterns_end_soon() -> None:
    lines = "\n".join(f"net.{'*' * 300}{number}a = 1" for number in range(5_000))
    assert values(kernel=file("/etc/sysctl.d/50.conf", lines) + SYSTEMD)[FORWARD] == 0
