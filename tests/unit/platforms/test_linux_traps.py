"""Texts of hosts that read one way and act another: each truth was tried on a Debian host first."""

from __future__ import annotations

import pytest
from host_texts import file, values

RSYSLOG = "/etc/rsyslog.conf"
SEND = 'action(type="omfwd" target="192.0.2.9")'


@pytest.mark.parametrize(
    "text",
    [
        "if $syslogfacility-text == 'mail' then {\n " + SEND + "\n}",
        'if $programname == "backup" then @@192.0.2.9',
        "if $syslogseverity <= '3' then @@192.0.2.9",
        "if not prifilt('*.*') then @@192.0.2.9",
        "if $msg contains 'x' then @@192.0.2.9 else " + SEND,
        "*.* stop\n*.* @@192.0.2.9",
        "*.* ~\n*.* @@192.0.2.9",
        "auth,authpriv.* /var/log/auth.log\n& stop\n*.* @@192.0.2.9",
        "if $syslogseverity <= 7 then stop else " + SEND,
        'ruleset(name="remote") {\n ' + SEND + "\n}",
        "$RuleSet remote\n*.* @@192.0.2.9\n$RuleSet RSYSLOG_DefaultRuleset",
        '*.* action(type="omfwd" target="192.0.2.9" config.enabled="off")',
        "*.*;auth,authpriv.none @@192.0.2.9",
        "/*\n*.* @@192.0.2.9\n*/",
        "if $syslogseverity <= '3' and ($a == 1 or (2 == 2)) then @@192.0.2.9",
    ],
)
def test_a_forwarding_rule_that_no_log_in_surely_reaches_is_none(text: str) -> None:
    assert values(logging=file(RSYSLOG, text))["log.targets"] == ()


@pytest.mark.parametrize(
    "text",
    [
        "if $syslogfacility-text == 'auth' or $syslogfacility-text == 'authpriv' then {\n "
        + SEND + "\n}",
        "if $syslogfacility-text == 'mail' then {\n stop\n} else {\n " + SEND + "\n}",
        "if $syslogfacility-text == 'mail' then stop\nelse if prifilt('*.info') then " + SEND,
        "if $syslogseverity <= 6 then @@192.0.2.9",
        "if $syslogseverity < 6 or $syslogseverity-text == 'info' then @@192.0.2.9",
        ':msg, contains, "noise" stop\nif $programname == "cron" then stop\n*.* @@192.0.2.9',
        'ruleset(name="remote") {\n ' + SEND + "\n}\n*.* call remote",
        'template(name="t" type="list") {\n property(name="msg")\n}\n*.* ' + SEND,
        "*.* :omrelp:192.0.2.9:2514",
        '*.* action(type="omfwd" \\\n target="192.0.2.9")',
        ':programname, isequal, "sshd" @@192.0.2.9',
        ':programname, !isequal, "cron" @@192.0.2.9',
    ],
)  # fmt: skip
def test_a_forwarding_rule_that_log_ins_reach_names_its_target(text: str) -> None:
    assert values(logging=file(RSYSLOG, text))["log.targets"] == ("192.0.2.9",)


@pytest.mark.parametrize(
    "text",
    [
        "if (" * 4_000, "{" * 20_000, "if 1 then if " * 1_500, "else if x then y\n" * 800,
        '"' * 20_000, "*.* @@h" * 3_000, "if not " * 2_000 + "then stop",
        'ruleset(name="r") { call r\n call r\n}\n' * 20 + "*.* call r\n" * 20,
    ],
)  # fmt: skip
def test_a_hostile_configuration_of_rsyslog_ends(text: str) -> None:
    assert "log.daemon" in values(logging=file(RSYSLOG, text))


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("auth,authpriv.* /var/log/auth.log", True),
        ("*.* stop\nauth,authpriv.* /var/log/auth.log", False),
        ("*.*;auth,authpriv.none -/var/log/syslog", False),
        ("*.* /dev/null", False),
        ("*.* @@192.0.2.9", True),
        ('*.info action(type="omfile" file="/var/log/all")', True),
        ("if $programname == 'sshd' then stop\nmail.* /var/log/mail.log", False),
        ("*.emerg :omusrmsg:*", False),
    ],
)
def test_log_ins_are_kept_where_a_rule_that_keeps_is_reached(text: str, *, keeps: bool) -> None:
    assert values(logging=file(RSYSLOG, text))["log.keeps_logins"] is keeps


def test_rules_that_another_folder_holds_leave_the_target_unsaid() -> None:
    found = values(logging=file(RSYSLOG, "$IncludeConfig /etc/syslog-rules/*.conf"))

    assert "log.targets" not in found


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("PASS_MAX_DAYS 90 # a quarter", None),
        ("PASS_MAX_DAYS 0132", 90),
        ("PASS_MAX_DAYS 0x5a", 90),
        ("PASS_MAX_DAYS 090", None),
        ('PASS_MAX_DAYS "90"', 90),
        ("PASS_MAX_DAYS\t90\r", 90),
        ("PASS_MAX_DAYS=90", None),
        ("PASS_MAX_DAYS 0", 0),
        ("PASS_MAX_DAYS -1", -1),
    ],
)
def test_a_number_of_login_defs_is_read_as_shadow_reads_it(text: str, days: int | None) -> None:
    assert values(passwords=file("/etc/login.defs", text)).get("login.pass_max_days") == days


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("readonly TMOUT\nTMOUT=600", 0),
        ("declare -xr TMOUT=600\nTMOUT=0", 600),
        ("TMOUT=$((10*60))", 600),
        ("TMOUT=$minutes", None),
        ("TMOUT=600\nunset TMOUT", 0),
    ],
)
def test_a_time_out_is_what_a_shell_makes_of_its_lines(text: str, seconds: int | None) -> None:
    assert values(shell=file("/etc/profile.d/a.sh", text)).get("shell.tmout_s") == seconds


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("umask 27", "0027"),
        ("umask 0", "0000"),
        ("umask u=rwx,g=rx,o=", "0027"),
        ("umask a=rwx", "0000"),
        ("umask u=rwx,go=", "0077"),
        ("umask 0277 # odd", "0277"),
    ],
)
def test_a_mask_is_read_in_digits_and_in_words(text: str, mask: str) -> None:
    assert values(shell=file("/etc/profile", text))["shell.umask[/etc/profile]"] == mask


@pytest.mark.parametrize(
    ("rules", "factors"),
    [
        ("auth required pam_oath.so", ("pam_oath",)),
        ("auth required pam_u2f.so nouserok", ()),
        ("auth required pam_google_authenticator.so nullok", ()),
        ("auth [success=1 default=ignore] pam_access.so\nauth required pam_oath.so", ()),
        ("auth sufficient pam_permit.so\nauth required pam_oath.so", ()),
    ],
)
def test_a_second_factor_counts_where_nobody_gets_past_it(
    rules: str, factors: tuple[str, ...]
) -> None:
    found = values(pam=file("/etc/pam.d/sshd", f"{rules}\nauth required pam_unix.so"))

    assert found["pam.second_factor[sshd]"] == factors


@pytest.mark.parametrize(
    ("rule", "empty"),
    [
        ("auth required pam_unix.so nullok_secure", True),
        ("auth required pam_unix.so # nullok", False),
        ("auth sufficient pam_permit.so\nauth required pam_unix.so", True),
    ],
)
def test_an_empty_password_is_let_in_by_either_word_or_by_a_rule_for_all(
    rule: str, *, empty: bool
) -> None:
    assert values(pam=file("/etc/pam.d/sshd", rule))["pam.nullok[sshd]"] is empty


def test_an_account_that_has_ended_comes_in_by_nothing() -> None:
    passwd = "root:x:0:0::/root:/bin/sh\nguest:x:9:9::/:/bin/sh\nftp:x:8:8::/:/bin/sh"
    shadow = file("/etc/shadow", "guest:locked:1:0:90:7::1\nftp:locked:1:0:90:7::90000")
    now = "=run date +%s\n|1700000000\n=rc 0\n"

    found = values(accounts=file("/etc/passwd", passwd), shadow=shadow, updates=now)

    assert found["account.default_login"] == ("ftp",)


@pytest.mark.parametrize(
    ("more", "value"), [("eth0", 1), ("lo", 0), ("default", 0)], ids=["card", "loop", "to come"]
)
def test_one_interface_is_enough_to_take_redirects(more: str, value: int) -> None:
    place = "=say /proc/sys/net/ipv4/conf"
    text = f"{place}/all/accept_redirects 0\n{place}/{more}/accept_redirects 1\n"

    assert values(kernel=text)["kernel.accept_redirects"] == value


@pytest.mark.parametrize(
    ("options", "login"),
    [("-o PermitRootLogin=yes", "yes"), ("-D", "no"), ("-oPermitRootLogin=yes", "yes")],
)
def test_options_of_the_daemon_go_before_its_file(options: str, login: str) -> None:
    main = file("/etc/ssh/sshd_config", "PermitRootLogin no")

    found = values(sshd=main + file("/etc/default/ssh", f'SSHD_OPTS="{options}"'))

    assert found["sshd.permitrootlogin"] == login


def test_a_daemon_that_is_given_another_file_leaves_its_settings_unsaid() -> None:
    main = file("/etc/ssh/sshd_config", "PermitRootLogin no")

    found = values(sshd=main + file("/etc/sysconfig/sshd", "OPTIONS=-f /etc/ssh/other"))

    assert "sshd.permitrootlogin" not in found
