"""What machines of other families printed is read as a person reads it: expected values by hand.

The recordings and their sources stand in ``tests/replay/linux_host/recorded``.
"""

from __future__ import annotations

from typing import Any

import pytest
from host_texts import shown
from recorded_hosts import RECORDED, Host, facts, recording, section, sources

from netops.facts.answers import AnswerState

NO_FILES: Host = {"passwords": [("=absent /etc/login.defs", "")]}


RHEL_6_PASSWORDS = {
    "pam.lock.module[sshd]": "pam_faillock",
    "pam.lock.deny[sshd]": 3,
    "pam.lock.unlock_s[sshd]": 604_800,
    "pam.lock.window_s[sshd]": 900,
    "pam.lock.root[sshd]": False,
    "pam.lock.complete[sshd]": False,  # it counts behind pam_deny and never looks
    "pam.nullok[sshd]": True,
    "pam.quality.module[sshd]": "pam_cracklib",
    "pam.quality.minlen[sshd]": 12,
    "pam.quality.classes[sshd]": 4,
    "pam.quality.difok[sshd]": 5,
    "pam.quality.retry[sshd]": 3,
    "pam.quality.root[sshd]": False,
    "pam.history.remember[sshd]": 0,
    "pam.hash[sshd]": "sha512",
}
OPENEULER_CROND = {
    "pam.lock.module[sshd]": "pam_faillock",
    "pam.lock.deny[sshd]": 3,
    "pam.lock.unlock_s[sshd]": 60,
    "pam.lock.root[sshd]": True,
    "pam.lock.complete[sshd]": False,  # its account rule is commented out: failures are not reset
    "pam.nullok[sshd]": True,
    "pam.quality.module[sshd]": "pam_pwquality",
    "pam.quality.minlen[sshd]": 8,
    "pam.quality.classes[sshd]": 0,
    "pam.quality.root[sshd]": False,
    "pam.history.remember[sshd]": 0,
    "pam.hash[sshd]": "sha512",
}
UBUNTU_24 = {
    "pam.lock.module[sshd]": "none",
    "pam.nullok[sshd]": True,
    "pam.quality.module[sshd]": "none",
    "pam.quality.minlen[sshd]": 0,
    "pam.history.remember[sshd]": 0,
    "pam.hash[sshd]": "yescrypt",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rhel/pam-password-auth-6", RHEL_6_PASSWORDS),
        ("openeuler/pam-password-auth-crond", OPENEULER_CROND),
        ("ubuntu/pam-24.04", UBUNTU_24),
    ],
)
def test_a_stack_of_pam_as_if_it_were_that_of_sshd(name: str, expected: dict[str, Any]) -> None:
    found = facts({**NO_FILES, "pam": [("=file /etc/pam.d/sshd", name)]})

    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("rhel/pam-sshd-8", "sshd"), ("rhel/pam-login-7", "login"), ("openeuler/pam-su", "su"),
    ],
)  # fmt: skip
def test_a_stack_whose_includes_were_not_recorded_says_nothing(name: str, path: str) -> None:
    read = shown(pam=section([(f"=file /etc/pam.d/{path}", name)]))

    assert read.states["baseline/pam"][0] is AnswerState.NOT_UNDERSTOOD
    assert not [s for s in read.components[0].settings if s.name.startswith(("pam.", "su."))]


def test_what_openeuler_writes_into_sshd_config_is_read() -> None:
    found = facts({"sshd": [("=file /etc/ssh/sshd_config", "openeuler/security-tool.conf")]})

    assert found["sshd.loglevel"] == "verbose"
    assert found["sshd.ciphers"] == (
        "aes128-ctr", "aes192-ctr", "aes256-ctr", "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com",
    )  # fmt: skip
    assert found["sshd.kexalgorithms"] == (
        "curve25519-sha256", "curve25519-sha256@libssh.org",
        "diffie-hellman-group-exchange-sha256",
    )  # fmt: skip
    no = ("x11forwarding", "hostbasedauthentication", "permitemptypasswords", "allowtcpforwarding",
          "permituserenvironment", "allowagentforwarding", "gatewayports", "permittunnel")  # fmt: skip
    assert {found[f"sshd.{name}"] for name in no} == {"no"}
    assert {found[f"sshd.{name}"] for name in ("ignorerhosts", "strictmodes", "usepam")} == {"yes"}
    assert found["sshd.banner"] == "/etc/issue.net"


POLICY = "=file /etc/crypto-policies/back-ends/opensshserver.config"


def test_the_crypto_policy_that_rhel_8_hands_to_sshd_goes_before_its_file() -> None:
    """The package's start line has it behind ``$OPTIONS``, so the file's own lines do not count."""
    found = facts({
        "sshd": [
            ("=file /etc/ssh/sshd_config", "openeuler/security-tool.conf"),
            (POLICY, "rhel/opensshserver.config-8"),
        ]
    })  # fmt: skip

    assert found["sshd.ciphers"] == ("aes256-gcm@openssh.com", "3des-cbc")
    assert found["sshd.macs"] == ("umac-128-etm@openssh.com", "hmac-sha1-etm@openssh.com")
    assert "diffie-hellman-group1-sha1" not in found["sshd.kexalgorithms"]
    assert "diffie-hellman-group14-sha1" in found["sshd.kexalgorithms"]


def test_the_crypto_policy_that_rhel_9_includes_is_read() -> None:
    found = facts({
        "sshd": [
            ("=file /etc/ssh/sshd_config", "rhel/sshd-50-redhat-9"),
            (POLICY, "rhel/opensshserver.config-9"),
        ]
    })  # fmt: skip

    assert found["sshd.ciphers"] == (
        "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr",
        "aes128-gcm@openssh.com", "aes128-ctr",
    )  # fmt: skip
    assert "hmac-sha1" in found["sshd.macs"]
    assert found["sshd.gssapiauthentication"] == "yes"


RHEL_7_SSHD = {
    "sshd.x11forwarding": "yes",
    "sshd.passwordauthentication": "yes",
    "sshd.gssapiauthentication": "yes",
    "sshd.usepam": "yes",
}
SSHD_T = {"sshd.maxauthtries": 6, "sshd.logingracetime_s": 120, "sshd.usepam": "yes"}
RHEL_7_AUDIT = {
    "audit.enabled": True,
    "audit.immutable": False,
    "audit.failure_flag": 1,
    "audit.rules": 9,
    "audit.covers": ("mac",),  # calls that failed alone are not the changes of permissions
}
OPENEULER_AUDIT = {
    "audit.rules": 10,
    "audit.covers": ("group", "gshadow", "logins", "opasswd", "passwd", "shadow", "time"),
}
RHEL_7_AUDITD = {
    "auditd.max_log_file_mb": 6,
    "auditd.num_logs": 5,
    "auditd.space_left": 75,
    "auditd.max_log_file_action": "rotate",
    "auditd.space_left_action": "syslog",
    "auditd.admin_space_left_action": "suspend",
    "auditd.disk_full_action": "suspend",
    "auditd.disk_error_action": "suspend",
    "auditd.log_format": "raw",
    "auditd.log_group": "root",
    "auditd.sends_on": False,
}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ({"sshd": [("=file /etc/ssh/sshd_config", "rhel/sshd_config-7")]}, RHEL_7_SSHD),
        ({"sshd": [("=run sshd -T", "rhel/sshd-T")]}, SSHD_T),
        (
            {"audit": [
                ("=run auditctl -s", "rhel/auditctl-s-7"),
                ("=run auditctl -l", "rhel/auditctl-l-7"),
            ]},
            RHEL_7_AUDIT,
        ),
        (
            {"audit": [
                ("=run auditctl -s", "rhel/auditctl-s-6"),
                ("=run auditctl -l", "rhel/auditctl-l-none"),
            ]},
            {"audit.enabled": True, "audit.immutable": False, "audit.rules": 0,
             "audit.covers": ()},
        ),
        ({"audit": [("=run auditctl -l", "openeuler/auditctl-l")]}, OPENEULER_AUDIT),
        ({"auditd": [("=file /etc/audit/auditd.conf", "rhel/auditd.conf-7.2")]}, RHEL_7_AUDITD),
        (
            {"auditd": [("=file /etc/audit/auditd.conf", "openeuler/auditd.conf")]},
            {"auditd.max_log_file_mb": 8, "auditd.max_log_file_action": "rotate"},
        ),
        (
            {"rotation": [
                ("=file /etc/logrotate.conf", "rhel/logrotate.conf-7"),
                ("=file /etc/logrotate.d/syslog", "rhel/logrotate-syslog-7"),
            ]},
            {"logrotate.days[/var/log/messages]": 28, "logrotate.days[/var/log/secure]": 28,
             "logrotate.days[/var/log/wtmp]": 30},
        ),
        (
            {"mac": [("=file /etc/selinux/config", "rhel/selinux-config-7")]},
            {"mac.selinux_configured": "enforcing"},
        ),
        (
            {"crypto": [("=file /etc/crypto-policies/config", "rhel/crypto-policy-8")]},
            {"crypto.policy": "default"},
        ),
        (
            {"crypto": [("=file /etc/crypto-policies/config", "openeuler/crypto-policy")]},
            {"crypto.policy": "default"},
        ),
        (
            {"passwords": [("=file /etc/login.defs", "openeuler/login.defs")]},
            {"login.pass_max_days": 90, "login.pass_min_days": 0, "login.pass_warn_days": 7},
        ),
        (
            {"sudoers": [("=file /etc/sudoers", "rhel/sudoers"), ("=absent /etc/sudoers.d/*", "")]},
            {"sudo.all_commands": ("%wheel",), "sudo.nopasswd_all": (), "sudo.nopasswd": ()},
        ),
    ],
)  # fmt: skip
def test_a_recording_is_read_as_it_says(host: Host, expected: dict[str, Any]) -> None:
    found = facts(host)

    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    "name", ["rhel/rsyslog.conf-7", "rhel/rsyslog.conf-8", "openeuler/rsyslog.conf"]
)
def test_log_ins_are_kept_here_and_sent_nowhere(name: str) -> None:
    found = facts({"logging": [("=file /etc/rsyslog.conf", name)]})

    assert found["log.daemon"] == "rsyslog"
    assert found["log.keeps_logins"] is True
    assert found["log.targets"] == ()


def test_the_journal_of_rhel_7_is_kept() -> None:
    journal = ("=file /etc/systemd/journald.conf", "rhel/journald.conf-7.3")

    assert facts({"logging": [journal]})["journal.persistent"] is True


@pytest.mark.parametrize(
    ("name", "is_open"),
    [
        (
            "rhel/ss-tulnp-7",
            {"tcp/22", "tcp/2223", "tcp/5900", "tcp/34850", "tcp/35752", "tcp/54322", "udp/111",
             "udp/37968", "udp/55898", "udp/57315"},
        ),
        (
            "rhel/ss-tulnp-8",
            {"tcp/22", "tcp/53", "tcp/80", "tcp/111", "tcp/3080", "udp/53", "udp/67", "udp/68",
             "udp/111", "udp/631", "udp/5353", "udp/34453", "udp/47485", "udp/59774"},
        ),
    ],
)  # fmt: skip
def test_what_listens_beyond_the_host_itself(name: str, is_open: set[str]) -> None:
    assert set(facts({"listeners": [("=run ss -tulnp", name)]})["listener.open"]) == is_open


def test_every_recording_has_a_source_and_a_licence_that_lets_it_be_kept() -> None:
    known = {one["file"]: one for one in sources()}
    licences = {path.name for path in (RECORDED / "licences").iterdir()}

    assert sorted(known) == sorted(
        str(path.relative_to(RECORDED)) for path in RECORDED.rglob("*.raw")
    )
    for name, one in known.items():
        assert {"family", "release", "shows", "from", "licence", "changed"} <= set(one), name
        if one["licence"] == "facts":  # lines that machines of several authors print alike
            assert one["listings"] > 1, name
            assert one["note"].startswith("no file of a repository"), name
        else:
            assert f"{one['licence']}.txt" in licences, name
        assert recording(name.removesuffix(".raw")).strip(), name
