"""Whole hosts put together of recordings of several machines, judged as ``mlps-l3`` judges them.

Every verdict stands here by hand, read off the recordings: of the checks that they decide, and of
some that they leave open. A section that nobody recorded is not there.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from host_texts import file, shown, values
from recorded_hosts import Host, case_text, recording, section

from netops.baselines import run_case
from netops.policy.baseline import RuleSet, load_rules

POLICIES = Path(__file__).parents[3] / "policies"

RHEL_7: Host = {
    "system": [("=file /etc/os-release", "rhel/os-release-7.6")],
    "sshd": [("=file /etc/ssh/sshd_config", "rhel/sshd_config-7")],
    "sudoers": [("=file /etc/sudoers", "rhel/sudoers"), ("=absent /etc/sudoers.d/*", "")],
    "audit": [
        ("=run auditctl -s", "rhel/auditctl-s-7"),
        ("=run auditctl -l", "rhel/auditctl-l-7"),
    ],
    "auditd": [("=file /etc/audit/auditd.conf", "rhel/auditd.conf-7.2")],
    "logging": [
        ("=file /etc/rsyslog.conf", "rhel/rsyslog.conf-7"),
        ("=absent /etc/rsyslog.d/*.conf", ""),
        ("=file /etc/systemd/journald.conf", "rhel/journald.conf-7.3"),
        ("=absent /etc/systemd/journal-upload.conf", ""),
    ],
    "rotation": [
        ("=file /etc/logrotate.conf", "rhel/logrotate.conf-7"),
        ("=file /etc/logrotate.d/syslog", "rhel/logrotate-syslog-7"),
    ],
    "listeners": [("=run ss -tulnp", "rhel/ss-tulnp-7")],
}
OPENEULER: Host = {
    "system": [("=file /etc/os-release", "openeuler/os-release-20.03")],
    "sshd": [("=file /etc/ssh/sshd_config", "openeuler/security-tool.conf")],
    "audit": [("=run auditctl -l", "openeuler/auditctl-l")],
    "crypto": [("=file /etc/crypto-policies/config", "openeuler/crypto-policy")],
    "banners": [("=file /etc/issue.net", "openeuler/security-tool.conf")],
}
UBUNTU: Host = {
    "system": [("=file /etc/os-release", "ubuntu/os-release-22.04")],
    "pam": [
        ("=file /etc/pam.d/sshd", "ubuntu/pam-24.04"),
        ("=file /etc/pam.d/login", "ubuntu/pam-24.04"),
        ("=file /etc/pam.d/passwd", "ubuntu/pam-24.04"),
    ],
    "passwords": [("=absent /etc/login.defs", "")],
}

OF_RHEL_7 = {
    "linux-sshd-use-pam": "met",
    "linux-sshd-forwarding": "not_met",  # X11Forwarding
    "linux-sudo-no-nopasswd": "met",
    "linux-sudo-all-limited": "met",
    "linux-audit-immutable": "not_met",
    "linux-audit-identity": "not_met",
    "linux-audit-logins": "not_met",
    "linux-audit-commands": "not_met",
    "linux-audit-system": "not_met",
    "linux-audit-configuration": "not_met",
    "linux-audit-space": "met",
    "linux-audit-record-written": "met",
    "linux-log-retention": "not_met",  # four weeks
    "linux-log-sent-off": "not_met",
    "linux-no-risky-ports": "not_met",  # 111 and 5900
    "linux-login-lock": "unknown",  # PAM of RHEL 7 was not recorded whole
    "linux-shell-timeout": "unknown",
    "linux-password-min-length": "unknown",
}
OF_OPENEULER = {
    "linux-sshd-use-pam": "met",
    "linux-sshd-forwarding": "met",
    "linux-sshd-no-empty-passwords": "met",
    "linux-sshd-no-host-trust": "met",
    "linux-sshd-log-level": "met",
    "linux-sshd-ciphers": "met",
    "linux-sshd-macs": "met",
    "linux-sshd-key-exchange": "met",
    "linux-sshd-user-environment": "met",
    "linux-sshd-strict-modes": "met",
    "linux-banner-tells-nothing": "met",
    "linux-crypto-policy": "met",
    "linux-audit-identity": "not_met",  # sudoers is not watched
    "linux-audit-logins": "not_met",  # nor are sessions
    "linux-audit-system": "not_met",
    "linux-audit-commands": "not_met",
    "linux-login-lock": "unknown",
}
OF_UBUNTU = {
    "linux-login-lock": "not_met",
    "linux-login-lock-complete": "not_met",
    "linux-pam-no-empty-password": "not_met",
    "linux-password-quality": "not_met",
    "linux-password-min-length": "not_met",
    "linux-password-classes": "not_met",
    "linux-password-history": "not_met",
    "linux-password-hash-method": "met",
    "linux-second-factor": "unknown",  # sshd might ask for a second one: not recorded
    "linux-sshd-root-login": "unknown",
    "linux-audit-immutable": "unknown",
}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(POLICIES, components={"linux"})


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param(RHEL_7, OF_RHEL_7, id="rhel 7"),
        pytest.param(OPENEULER, OF_OPENEULER, id="openEuler"),
        pytest.param(UBUNTU, OF_UBUNTU, id="ubuntu"),
    ],
)
def test_a_host_of_recordings_is_judged_as_a_person_would(
    host: Host, expected: dict[str, str], rules: RuleSet, tmp_path: Path
) -> None:
    path = tmp_path / "host.txt"
    path.write_text(case_text(host), "utf-8")

    found = {name: run_case(rules, rules.checks[name], path).verdict.value for name in expected}

    assert found == expected


def test_a_root_log_in_that_no_recording_forbids_is_never_met(
    rules: RuleSet, tmp_path: Path
) -> None:
    """Neither file says ``PermitRootLogin``: the default of either release lets root in."""
    for host in (RHEL_7, OPENEULER):
        path = tmp_path / "host.txt"
        path.write_text(case_text(host), "utf-8")
        verdict = run_case(rules, rules.checks["linux-sshd-root-login"], path).verdict.value
        assert verdict in {"not_met", "unknown"}


def test_level_3_takes_every_check_with_its_own_threshold(rules: RuleSet) -> None:
    profile = rules.profiles["mlps-l3"]

    assert set(profile.checks) >= {*OF_RHEL_7, *OF_OPENEULER, *OF_UBUNTU}
    assert not profile.parameters


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    """Return a folder with openEuler's stack, without its lock, under both of its names."""
    text = recording("openeuler/pam-password-auth-crond")
    lines = [line for line in text.splitlines() if "pam_faillock" not in line]
    for name in ("system-auth", "password-auth"):
        (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def _after_remedy(rules: RuleSet, name: str, stacks: Path) -> dict[str, Any]:
    """Carry out what the check proposes on openEuler, and read what came of it."""
    for one in rules.checks[name].remedy.commands:
        if "openeuler" in one.families:
            for line in one.lines:
                command = line.replace("/etc/pam.d/", f"{stacks}/")
                assert "/etc/" not in command
                subprocess.run(["/bin/sh", "-c", command], check=False, timeout=20)
    return values(
        pam=file("/etc/pam.d/sshd", (stacks / "password-auth").read_text("utf-8")),
        passwords=file("/etc/login.defs", "UMASK 077"),
    )


@pytest.mark.parametrize("name", ["linux-login-lock", "linux-login-lock-complete"])
def test_the_lock_that_is_proposed_for_openeuler_locks(
    name: str, rules: RuleSet, stacks: Path
) -> None:
    found = _after_remedy(rules, name, stacks)

    assert found["pam.lock.deny[sshd]"] == 5
    assert found["pam.lock.unlock_s[sshd]"] == 600
    assert found["pam.lock.root[sshd]"] is True
    assert found["pam.lock.complete[sshd]"] is True


@pytest.mark.parametrize(
    ("name", "fact", "value"),
    [
        ("linux-pam-no-empty-password", "pam.nullok[sshd]", False),
        ("linux-password-history", "pam.history.remember[sshd]", 5),
        ("linux-password-quality", "pam.quality.root[sshd]", True),
    ],
)
def test_what_else_is_proposed_for_openeuler_works(
    name: str, fact: str, value: object, rules: RuleSet, stacks: Path
) -> None:
    assert _after_remedy(rules, name, stacks)[fact] == value


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("kylin/os-release-V10-lance", "dnf updateinfo list --security"),
        ("kylin/os-release-V11-swan25", "dnf updateinfo list --security"),
        ("kylin/os-release-desktop-V10", "apt-get update && apt-get -s upgrade"),
        ("uos/os-release-server-20-1050a", "dnf updateinfo list --security"),
        ("uos/os-release-server-20-1070e", "dnf updateinfo list --security"),
        ("uos/os-release-desktop-20", "apt-get update && apt-get -s upgrade"),
        ("anolis/os-release-8.10", "dnf updateinfo list --security"),
        ("anolis/os-release-23", "dnf updateinfo list --security"),
    ],
)
def test_what_is_proposed_fits_what_the_system_calls_itself(
    name: str, line: str, rules: RuleSet
) -> None:
    family = shown(system=section([("=file /etc/os-release", name)])).components[0].family

    commands = rules.checks["linux-updates-recent"].remedy.commands
    assert [one.lines[0] for one in commands if family in one.families] == [line]
