"""Readers of the host's sections on texts that are meant to mislead them."""

from __future__ import annotations

from typing import Any

import pytest
from host_texts import file, shown, values

from netops.facts.answers import AnswerState

MAIN = "/etc/ssh/sshd_config"


def sshd(text: str, more: str = "") -> dict[str, Any]:
    return values(sshd=file(MAIN, text) + more)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("PermitRootLogin no\nPermitRootLogin yes", "permitrootlogin", "no"),
        ("permitrootlogin\tno", "permitrootlogin", "no"),
        ("PermitRootLogin=no", "permitrootlogin", "no"),
        ('PermitRootLogin "no"', "permitrootlogin", "no"),
        ("PermitRootLogin no\r", "permitrootlogin", "no"),
        ("PermitRootLogin without-password", "permitrootlogin", "prohibit-password"),
        ("PermitRootLogin no # yes", "permitrootlogin", "no"),
        ("#PermitRootLogin no", "permitrootlogin", "prohibit-password"),
        ("PermitRootLogin\u3000no", "permitrootlogin", "prohibit-password"),
        ("ＰermitRootLogin no", "permitrootlogin", "prohibit-password"),
        ("PermitRootLogin ｎｏ", "permitrootlogin", "ｎｏ"),
        ("MaxAuthTries ３", "maxauthtries", None),
        ("LoginGraceTime 1h30m5", "logingracetime_s", 5405),
        ("LoginGraceTime 2m", "logingracetime_s", 120),
        ("ClientAliveInterval 300\nClientAliveCountMax 0", "idle_cut_s", 0),
        ("ClientAliveInterval 5m\nClientAliveCountMax 2", "idle_cut_s", 600),
        ("AllowUsers a@192.0.2.1\nAllowUsers b", "allowusers", ("a@192.0.2.1", "b")),
        ("AllowUsers a@192.0.2.1 b@*", "users_limited_by_address", False),
        ("PermitRootLogin yes\nMatch all\nPermitRootLogin no", "permitrootlogin", "no"),
        ("Match User bob\nPermitRootLogin no", "permitrootlogin", "prohibit-password"),
        ("Ciphers +aes256-cbc", "ciphers", None),
        ("Port 22\nPort 2222", "port", ("22", "2222")),
        ("ChallengeResponseAuthentication no", "kbdinteractiveauthentication", "no"),
    ],
)
def test_sshd_config_is_read_as_sshd_reads_it(text: str, name: str, value: object) -> None:
    assert sshd(text).get(f"sshd.{name}") == value


def test_an_include_counts_where_it_stands() -> None:
    include = "Include /etc/ssh/sshd_config.d/*.conf"
    drop_ins = file("/etc/ssh/sshd_config.d/20-b.conf", "PermitRootLogin forced-commands-only")
    drop_ins += file("/etc/ssh/sshd_config.d/10-a.conf", "PermitRootLogin yes")

    before = sshd(f"{include}\nPermitRootLogin no", drop_ins)
    after = sshd(f"PermitRootLogin no\n{include}", drop_ins)

    assert before["sshd.permitrootlogin"] == "yes"
    assert after["sshd.permitrootlogin"] == "no"


def test_a_match_ends_with_the_file_that_it_stands_in() -> None:
    drop_in = file("/etc/ssh/sshd_config.d/a.conf", "Match User x\nMaxAuthTries 9")

    found = sshd("Include sshd_config.d/*.conf\nMaxAuthTries 3", drop_in)

    assert found["sshd.maxauthtries"] == 3
    assert found["sshd.loosened"] == ("maxauthtries 9 (Match User x)",)


def test_what_sshd_itself_says_goes_before_the_files() -> None:
    live = "=run sshd -T\n|port 22\n|permitrootlogin without-password\n|maxauthtries 4\n=rc 0\n"

    found = values(sshd=live + file(MAIN, "PermitRootLogin no\nMaxAuthTries 10"))

    assert found["sshd.permitrootlogin"] == "prohibit-password"
    assert found["sshd.maxauthtries"] == 4


def test_an_include_that_was_not_shown_makes_the_files_unreliable() -> None:
    read = shown(
        sshd=file(MAIN, "Include /srv/x.conf\nPermitRootLogin no") + "=other /srv/x.conf\n"
    )

    assert read.states["baseline/sshd"][0] is AnswerState.NOT_UNDERSTOOD
    assert not [s for s in read.components[0].settings if s.name == "sshd.permitrootlogin"]


def test_an_include_of_itself_ends() -> None:
    read = shown(sshd=file(MAIN, "Include /etc/ssh/sshd_config\nPermitRootLogin no"))

    assert read.states["baseline/sshd"][0] is AnswerState.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("section", "state"),
    [
        ("=refused /etc/shadow\n", AnswerState.REFUSED),
        ("=run nft list ruleset\n|Operation not permitted (you must be root)\n=rc 1\n",
         AnswerState.REFUSED),
        ("=run ss\n|a\n=rc 137\n", AnswerState.ERROR),
        ("=late\n", AnswerState.NOT_ASKED),
        ("=file /etc/shadow\n|root:locked:1:0:9:7::\n=cut\n", AnswerState.NOT_UNDERSTOOD),
        ("", AnswerState.NOT_UNDERSTOOD),
        ("hand-made text without marks\n", AnswerState.NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_a_section_that_is_not_whole_shows_nothing(section: str, state: AnswerState) -> None:
    passwd = file("/etc/passwd", "root:x:0:0:r:/root:/bin/sh") + "=say homes done\n"

    read = shown(accounts=passwd, shadow=section)

    assert read.states["baseline/shadow"][0] is state
    assert not [s for s in read.components[0].settings if s.name.startswith("account.empty")]


PAM = "/etc/pam.d/"


def test_rules_of_pam_with_carriage_returns_tell_nothing_because_pam_finds_no_such_module() -> None:
    rules = file(
        PAM + "sshd", "auth required pam_faillock.so preauth\r\nauth required pam_unix.so\r"
    )

    assert not [name for name in values(pam=rules) if name.startswith("pam.")]


def test_pam_follows_includes_of_both_families() -> None:
    debian = file(PAM + "sshd", "@include common-auth") + file(
        PAM + "common-auth", "auth [success=1 default=ignore] \\\n pam_unix.so nullok"
    )
    rhel = file(PAM + "sshd", "auth substack password-auth") + file(
        PAM + "password-auth", "auth sufficient /lib64/security/pam_unix.so nullok"
    )

    assert values(pam=debian)["pam.nullok[sshd]"] is True
    assert values(pam=rhel)["pam.nullok[sshd]"] is True


def test_pam_files_that_include_each_other_end() -> None:
    loop = file(PAM + "sshd", "auth include login") + file(PAM + "login", "auth include sshd")

    assert shown(pam=loop).states["baseline/pam"][0] is AnswerState.NOT_UNDERSTOOD


def quality(line: str, conf: str = "", drop_in: str = "") -> dict[str, Any]:
    files = file("/etc/login.defs", "")
    if drop_in:
        files += file("/etc/security/pwquality.conf.d/10.conf", drop_in)
    files += file("/etc/security/pwquality.conf", conf)
    return values(pam=file(PAM + "passwd", line), passwords=files)


@pytest.mark.parametrize(
    ("line", "conf", "minlen", "classes"),
    [
        ("password requisite pam_pwquality.so", "", 8, 0),
        ("password requisite pam_pwquality.so minlen=12", "minlen = 6", 12, 0),
        ("password requisite pam_pwquality.so", "minlen=10\nminlen = 7", 7, 0),
        ("password requisite pam_pwquality.so", "minlen = 12\ndcredit = 2\nlcredit = 2", 8, 0),
        ("password requisite pam_pwquality.so", "minlen = ９", 8, 0),
        ("password requisite pam_pwquality.so", "#minlen = 20\nminclass = 4", 8, 4),
        ("password requisite pam_pwquality.so dcredit=-1 ucredit=-1", "ocredit = -1", 8, 3),
        ("password required pam_cracklib.so minlen=10", "minlen = 30", 6, 0),
    ],
)
def test_quality_is_what_arguments_and_files_come_to(
    line: str, conf: str, minlen: int, classes: int
) -> None:
    found = quality(line, conf)

    assert found["pam.quality.minlen[passwd]"] == minlen
    assert found["pam.quality.classes[passwd]"] == classes


def test_a_module_behind_one_that_ends_the_stack_does_not_count() -> None:
    skipped = "password [success=1 default=ignore] pam_unix.so\npassword requisite pam_pwquality.so"

    assert quality(skipped)["pam.quality.module[passwd]"] == "none"
    assert quality("password optional pam_pwquality.so")["pam.quality.module[passwd]"] == "none"


def sudoers(text: str, more: str = "") -> dict[str, Any]:
    return values(sudoers=file("/etc/sudoers", text) + more)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("a ALL=(ALL) NOPASSWD: ALL", ("a",)),
        ("a ALL=(ALL:ALL)NOPASSWD:ALL", ("a",)),
        ("a ALL = (root) NOPASSWD: /bin/ls", ()),
        ("# a ALL=(ALL) NOPASSWD: ALL", ()),
        ("User_Alias X = a, b : Y = c\nX, Y ALL=NOPASSWD: ALL", ("a", "b", "c")),
        ("Cmnd_Alias C = /bin/ls, ALL\n%ops ALL=NOPASSWD: C", ("%ops",)),
        ("User_Alias X = Y\nUser_Alias Y = X\nX ALL=NOPASSWD: ALL", ()),
        ("a ALL=(ALL) \\\nNOPASSWD: \\\nALL", ("a",)),
        ("a ALL=(ALL) ALL # NOPASSWD", ()),
    ],
)
def test_sudoers_are_resolved(text: str, free: tuple[str, ...]) -> None:
    assert sudoers(text)["sudo.nopasswd_all"] == free


def test_sudoers_folders_are_read_but_not_backups() -> None:
    more = file("/etc/sudoers.d/a", "a ALL=NOPASSWD: ALL")
    more += file("/etc/sudoers.d/b.bak", "b ALL=NOPASSWD: ALL")
    more += file("/etc/sudoers.d/c~", "c ALL=NOPASSWD: ALL")

    found = sudoers("#includedir /etc/sudoers.d", more)

    assert found["sudo.nopasswd_all"] == ("a",)


def test_accounts_are_listed_with_empty_shells_and_doubles() -> None:
    passwd = (
        "root:x:0:0:r:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nlp:x:7:7:lp:/var:\n"
        "lp:x:8:8:lp:/var:/usr/sbin/nologin\nbad line\nx:x:１:1::/:/bin/sh"
    )

    found = values(accounts=file("/etc/passwd", passwd) + "=say homes done\n")

    assert found["account.superusers"] == ("root", "toor")
    assert found["account.duplicate_names"] == ("lp",)
    assert found["account.default_login"] == ("toor", "lp")
    assert "account.uid[x]" not in found


def test_shadow_tells_forms_and_ages_of_those_who_may_log_in() -> None:
    passwd = "a:x:1000:1000::/:/bin/sh\nb:x:1001:1001::/:/sbin/nologin\nc:x:1002:1002::/:/bin/sh"
    shadow = "a:md5:19000:0::7::\nb:sha512:19000:0:99999:7::\nc:locked-sha512:19000:0:90:7::"

    found = values(
        accounts=file("/etc/passwd", passwd) + "=say homes done\n",
        shadow=file("/etc/shadow", shadow),
    )

    assert found["account.with_password"] == ("a",)
    assert found["account.usable_hash[a]"] == "md5"
    assert found["account.max_days[a]"] == 99_999
    assert "account.max_days[c]" not in found


AUDIT = "=run auditctl -s\n|enabled {}\n|failure 1\n=rc 0\n=run auditctl -l\n{}=rc 0\n"


@pytest.mark.parametrize(
    ("rule", "covered"),
    [
        ("-w /etc/shadow -p wa -k x", {"shadow"}),
        ("-w /etc/shadow -p r", set()),
        ("-a always,exit -F arch=b64 -S execve -F euid=0", {"commands"}),
        ("-a never,exit -F arch=b64 -S execve", set()),
        ("-a always,exit -S execve -F auid=1000", set()),
        ("-a always,exit -F path=/etc/sudoers -F perm=wa", {"sudoers"}),
        ("-a always,exit -F dir=/etc/pam.d/ -F perm=wa -k pam", {"pam"}),
        ("-w /etc/sysconfig/ -k CFG_sysconfig -p wa", {"network"}),
        ("-a always,exit -F arch=b64 -S settimeofday,adjtimex -S mount", {"time", "mount"}),
    ],
)
def test_audit_rules_are_told_in_words(rule: str, covered: set[str]) -> None:
    found = values(audit=AUDIT.format(2, f"|{rule}\n"))

    assert set(found["audit.covers"]) == covered
    assert found["audit.immutable"] is True


def test_audit_files_count_where_the_kernel_was_not_asked() -> None:
    rules = file("/etc/audit/audit.rules", "-w /etc/group -p wa\n-e 2")
    parts = rules + file("/etc/audit/rules.d/10.rules", "-w /etc/shadow -p wa\n-e 1")

    assert values(audit=rules)["audit.immutable"] is True
    assert values(audit=parts)["audit.covers"] == ("shadow",)
    assert values(audit=parts)["audit.immutable"] is False


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("*.* @192.0.2.5", ("192.0.2.5",)),
        ("*.* @@(o)192.0.2.5:6514;Format", ("192.0.2.5",)),
        ("*.* @[2001:db8::5]:514", ("2001:db8::5",)),
        ("*.* @localhost", ()),
        ("# *.* @192.0.2.5", ()),
        ('action(type="omfwd"\n  Target="log.example"\n  port="514")', ("log.example",)),
        ('#action(type="omfwd" target="log.example")', ()),
        ('action(type="omfile" file="/var/log/x")', ()),
        ('if $msg contains "x" then { action(type="omrelp" target="192.0.2.6") }', ()),
        ('if prifilt("*.info") then { action(type="omrelp" target="192.0.2.6") }', ("192.0.2.6",)),
    ],
)
def test_rsyslog_targets_are_found_in_both_languages(line: str, targets: tuple[str, ...]) -> None:
    found = values(logging=file("/etc/rsyslog.conf", line))

    assert found["log.targets"] == targets


def test_logrotate_keeps_as_long_as_its_own_lines_say() -> None:
    text = (
        "weekly\nrotate 4\n/var/log/a /var/log/b {\n rotate 10\n daily\n postrotate\n"
        "  rotate 99\n endscript\n}\n/var/log/c\n{\n maxage 20\n rotate 60\n}"
    )

    found = values(rotation=file("/etc/logrotate.conf", text))

    assert found["logrotate.days[/var/log/a]"] == 10
    assert found["logrotate.days[/var/log/b]"] == 10
    assert found["logrotate.days[/var/log/c]"] == 20


def test_listeners_are_read_from_the_kernels_table_too() -> None:
    table = (
        "  sl  local_address rem_address   st\n"
        "   0: 0100007F:0CEA 00000000:0000 0A 0:0\n   1: 070200C0:0016 00000000:0000 0A 0:0\n"
        "   2: 070200C0:0017 090200C0:1234 01 0:0"
    )
    wide = (
        "  sl  local_address rem_address   st\n"
        "   0: 00000000000000000000000001000000:1A0B 0:0 0A 0:0\n"
        "   1: 00000000000000000000000000000000:01BD 0:0 0A 0:0"
    )

    found = values(listeners=file("/proc/net/tcp", table) + file("/proc/net/tcp6", wide))

    assert found["listener.open"] == ("tcp/22", "tcp/445")
    assert found["listener.port[tcp/127.0.0.1:3306]"] == 3306


def test_the_family_is_told_by_os_release() -> None:
    texts = {
        'NAME="Kylin Linux Advanced Server"\nID="kylin"\nVERSION_ID="V10"': ("kylin", "10"),
        'ID="openEuler"\nVERSION_ID="22.03"': ("openeuler", "22.03"),
        'ID="uos"\nVERSION_ID="20"': ("uos", "20"),
        'ID="anolis"\nVERSION_ID="8.8"': ("anolis", "8.8"),
        "ID=ubuntu\nVERSION_ID='22.04'": ("ubuntu", "22.04"),
    }

    for text, wanted in texts.items():
        component = shown(system=file("/etc/os-release", text)).components[0]
        assert (component.family, component.version) == wanted


@pytest.mark.parametrize(
    ("line", "free", "everything"),
    [
        ("a ALL=(postgres) NOPASSWD: ALL", (), ()),
        ("a ALL=(postgres, root) NOPASSWD: ALL", ("a",), ("a",)),
        ("a ALL=(ALL) ALL, NOPASSWD: /bin/ls", (), ("a",)),
        ("a ALL=NOPASSWD: /bin/ls, PASSWD: ALL", (), ("a",)),
        ("a web = /bin/ls : db = NOPASSWD: ALL", ("a",), ("a",)),
        ("a ALL=(ALL) ALL, !/bin/su", (), ("a",)),
        ("a ALL=(ALL) NOPASSWD:SETENV: ALL", ("a",), ("a",)),
    ],
)
def test_a_tag_and_a_user_hold_for_the_commands_behind_them(
    line: str, free: tuple[str, ...], everything: tuple[str, ...]
) -> None:
    found = sudoers(line)

    assert found["sudo.nopasswd_all"] == free
    assert found["sudo.all_commands"] == everything


@pytest.mark.parametrize(
    ("lines", "asks"),
    [
        ("Defaults !authenticate", False),
        ("Defaults !authenticate\nDefaults authenticate", True),
        ("Defaults authenticate\nDefaults env_reset, !authenticate", False),
        ("Defaults:a !authenticate\nDefaults authenticate", True),
        ("Defaults authenticate\nDefaults:a !authenticate", False),
        ("Defaults:a !authenticate\nDefaults:a authenticate", True),
        ("Defaults !authenticate\nDefaults:a authenticate", False),
    ],
)
def test_the_last_word_on_asking_a_password_counts_for_those_it_speaks_of(
    lines: str, *, asks: bool
) -> None:
    assert sudoers(lines)["sudo.asks_password"] is asks


@pytest.mark.parametrize(
    ("lines", "free"),
    [
        ("a ALL=(ALL) NOPASSWD: ALL\na ALL=(ALL) ALL", ()),
        ("a ALL=(ALL) NOPASSWD: ALL\na web*=(ALL) ALL", ("a",)),
        ("a ALL=(ALL) NOPASSWD: ALL\nb ALL=(ALL) ALL", ("a",)),
        ("a ALL=(ALL) NOPASSWD: ALL\na ALL=(root) ALL", ("a",)),
        ("a ALL=(ALL) NOPASSWD: ALL\na ALL=(ALL) /bin/ls", ("a",)),
        ("root ALL=(ALL) NOPASSWD: ALL", ()),
    ],
)
def test_only_a_later_line_for_all_of_it_takes_a_right_back(
    lines: str, free: tuple[str, ...]
) -> None:
    assert sudoers(lines)["sudo.nopasswd_all"] == free


def test_a_watch_written_as_a_rule_of_all_calls_covers_its_path_alone() -> None:
    found = values(audit=AUDIT.format(1, "|-a always,exit -S all -F path=/etc/group -F perm=wa\n"))

    assert found["audit.covers"] == ("group",)


@pytest.mark.parametrize(
    ("ruleset", "policy"),
    [
        ("chain i {\n type filter hook input priority 0; policy accept;\n reject with icmpx x\n}",
         "drop"),
        ("chain i {\n type filter hook input priority 0; policy accept;\n}\nchain f {\n drop\n}",
         "accept"),
        ("chain i {\n type filter hook input priority 0; policy drop;\n}", "drop"),
        ("chain i {\n type filter hook input priority 0; policy accept;\n tcp dport 9 drop\n}",
         "accept"),
    ],
)  # fmt: skip
def test_a_filter_denies_by_its_policy_or_by_its_last_rule(ruleset: str, policy: str) -> None:
    lines = "".join(f"|{line}\n" for line in f"table inet t {{\n{ruleset}\n}}".split("\n"))

    found = values(filter=f"=run nft list ruleset\n{lines}=rc 0\n=missing iptables\n")

    assert found["filter.input_policy"] == policy


def test_syslog_ng_and_filtered_lines_name_their_targets() -> None:
    other = file("/etc/syslog-ng/syslog-ng.conf",
                 'source net { network("192.0.2.1"); };\ndestination d { network("192.0.2.9"); };')  # fmt: skip
    filtered = file("/etc/rsyslog.conf", ':msg, contains, "x" @@192.0.2.8:514\n& @192.0.2.9')

    assert values(logging=other)["log.targets"] == ("192.0.2.9",)
    assert values(logging=filtered)["log.targets"] == (), "what holds a word is not log-ins"


def test_rotation_without_end_keeps_for_ever() -> None:
    found = values(rotation=file("/etc/logrotate.conf", "/var/log/a {\n rotate -1\n}"))

    assert found["logrotate.days[/var/log/a]"] > 30_000


def test_a_walk_reports_what_does_not_belong_there() -> None:
    rows = (
        "=run walk\n|special 4755 /usr/bin/su\n|special 4755 /srv/su\n|special 4755 /usr/bin/x\n"
        "|writable 666 /srv/=cmd\n|unsticky 777 /srv\n|a line of a name that was broken\n=rc {}\n"
    )

    found = values(walk=rows.format(0))

    assert found["walk.special"] == ("/srv/su", "/usr/bin/x")
    assert found["walk.writable"] == ("/srv/=cmd",)
    assert found["walk.unowned"] == ()
    assert shown(walk=rows.format(137)).states["baseline/walk"][0] is AnswerState.ERROR
    assert "walk.special" not in values(walk=rows.format(137))


def test_drop_ins_count_only_where_the_main_file_names_them() -> None:
    drop_in = file("/etc/rsyslog.d/9.conf", "*.* @192.0.2.5")
    rotated = file("/etc/logrotate.d/a", "/var/log/a {\n daily\n rotate 200\n}")

    without = values(
        logging=file("/etc/rsyslog.conf", "# $IncludeConfig /etc/rsyslog.d/*.conf") + drop_in,
        rotation=file("/etc/logrotate.conf", "rotate 4") + rotated,
    )
    with_ = values(
        logging=file("/etc/rsyslog.conf", 'include(file="/etc/rsyslog.d/*.conf")') + drop_in,
        rotation=file("/etc/logrotate.conf", "rotate 4\ninclude /etc/logrotate.d") + rotated,
    )

    assert without["log.targets"] == ()
    assert "logrotate.days[/var/log/a]" not in without
    assert with_["log.targets"] == ("192.0.2.5",)
    assert with_["logrotate.days[/var/log/a]"] == 200


def test_a_carriage_return_spoils_what_a_shell_or_auditctl_reads() -> None:
    found = values(
        shell=file("/etc/profile", "TMOUT=600\r\numask 027\r"),
        audit=file("/etc/audit/audit.rules", "-w /etc/shadow -p wa\r\n-e 2\r"),
    )

    assert found["shell.tmout_s"] == 0
    assert "shell.umask[/etc/profile]" not in found
    assert found["audit.covers"] == ()
    assert found["audit.immutable"] is False


def test_a_module_that_only_warns_enforces_nothing() -> None:
    line = "password requisite pam_pwquality.so"

    assert quality(line, "enforcing = 0")["pam.quality.module[passwd]"] == "none"
    assert quality(f"{line} enforcing=0")["pam.quality.module[passwd]"] == "none"
    assert quality(f"{line} enforcing=1", "enforcing = 0")["pam.quality.module[passwd]"] != "none"


def test_ages_are_told_in_steps_so_that_evidence_does_not_change_each_day() -> None:
    day = 86_400

    def updated(days: int) -> dict[str, Any]:
        row = f"|644 0 0 1 {1_700_000_000 - days * day} regular file|/var/lib/dpkg/status\n"
        return values(updates=f"=run date +%s\n|1700000000\n=rc 0\n=run stat\n{row}=rc 0\n")

    assert [updated(days)["update.age_days"] for days in (0, 31, 59, 90, 91)] == [
        1, 60, 60, 90, 120,
    ]  # fmt: skip


def test_daemons_are_known_by_process_or_unit() -> None:
    processes = "=run processes\n|systemd\n|{}\n=rc 0\n"
    active = "=run systemctl list-units --all\n|auditd.service loaded active running x\n=rc 0\n"

    assert values(processes=processes.format("auditd"))["audit.running"] is True
    assert values(processes=processes.format("x"), units=active)["audit.running"] is True
    assert values(processes=processes.format("x"))["audit.running"] is False
    assert "audit.running" not in values(units=active)
