"""The kernel's audit: what is watched, whether the rules are locked, what auditd does with logs.

``auditctl -l`` counts where it answered; else the files of rules. Facts name what is covered in
words, so that a check need not know how a distribution writes a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.plain import assignments, number, statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "audit",
        """
{ tell auditctl -s; tell auditctl -l; } | bounded
show /etc/audit/audit.rules /etc/audit/rules.d/*.rules
""",
        60_000,
    ),
    Section(
        "auditd",
        """
show /etc/audit/auditd.conf /etc/audit/plugins.d/syslog.conf /etc/audisp/plugins.d/syslog.conf \
  /etc/audit/plugins.d/au-remote.conf /etc/audisp/plugins.d/au-remote.conf \
  /etc/audit/audisp-remote.conf /etc/audisp/audisp-remote.conf
""",
        20_000,
    ),
)

_PATHS = {
    "/etc/passwd": "passwd", "/etc/shadow": "shadow", "/etc/group": "group",
    "/etc/gshadow": "gshadow", "/etc/security/opasswd": "opasswd", "/etc/sudoers": "sudoers",
    "/etc/sudoers.d": "sudoers.d", "/etc/ssh/sshd_config": "sshd", "/etc/ssh": "sshd",
    "/etc/pam.d": "pam", "/etc/security": "pam", "/etc/audit": "audit_config",
    "/etc/audit/auditd.conf": "audit_config", "/etc/audit/audit.rules": "audit_config",
    "/etc/audit/rules.d": "audit_config", "/etc/localtime": "time", "/var/log/lastlog": "logins",
    "/var/run/faillock": "logins", "/run/faillock": "logins", "/var/log/faillog": "logins",
    "/var/log/tallylog": "logins", "/var/log/wtmp": "sessions", "/var/run/utmp": "sessions",
    "/run/utmp": "sessions", "/var/log/btmp": "sessions", "/sbin/insmod": "modules",
    "/etc/hosts": "network", "/etc/sysconfig/network": "network", "/etc/issue": "network",
    "/etc/sysconfig": "network",
    "/etc/selinux": "mac", "/etc/apparmor": "mac", "/etc/crontab": "cron", "/etc/cron.d": "cron",
    "/usr/bin/sudo": "privileged", "/bin/su": "privileged", "/usr/bin/su": "privileged",
    "/usr/bin/passwd": "privileged", "/etc": "etc",
}  # fmt: skip
_CALLS = {
    "adjtimex": "time", "settimeofday": "time", "clock_settime": "time", "stime": "time",
    "sethostname": "network", "setdomainname": "network", "mount": "mount", "umount2": "mount",
    "init_module": "modules", "delete_module": "modules", "finit_module": "modules",
    "chmod": "permissions", "fchmod": "permissions", "chown": "permissions",
    "setxattr": "permissions", "unlink": "deletion", "unlinkat": "deletion",
    "rename": "deletion", "open": "access", "openat": "access",
}  # fmt: skip
_WITHIN = {"etc": ("passwd", "shadow", "group", "gshadow", "sudoers", "sshd", "pam",
                   "audit_config", "time", "cron", "network")}  # fmt: skip
_FAILED = frozenset({"success=0", "success=no", "success!=1", "success!=yes"})
_ENDED_WELL = frozenset({"exit=0", "exit>=0"})
_KEY = re.compile(r"enabled[ =]([0-9])")
_FAILURE = re.compile(r"failure[ =]([0-9])")
_LOCKED = 2
_CONF_NUMBERS = {
    "max_log_file": "auditd.max_log_file_mb", "num_logs": "auditd.num_logs",
    "space_left": "auditd.space_left",
}  # fmt: skip
_CONF_TEXTS = {
    "max_log_file_action", "space_left_action", "admin_space_left_action", "disk_full_action",
    "disk_error_action", "log_group", "log_format", "flush", "write_logs", "log_file",
}  # fmt: skip
_WITH_OPTION = frozenset({  # these four alone take a word more, for ``exec PROGRAM``
    "space_left_action", "admin_space_left_action", "disk_full_action", "disk_error_action",
})  # fmt: skip
_ACTIONS = frozenset({
    "ignore", "syslog", "rotate", "keep_logs", "email", "exec", "suspend", "single", "halt",
})  # fmt: skip
_NO_VALUE = 2


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what the kernel audits and how its log is kept."""
    sheet = sheets.get("audit")
    if sheet is not None:
        yield from _rules(sheet)
    sheet = sheets.get("auditd")
    if sheet is not None:
        yield from _daemon(sheet)


def _rules(sheet: Sheet) -> Iterator[Setting]:
    live, status = sheet.run("auditctl -l"), sheet.run("auditctl -s")
    files = list(_rule_files(sheet))
    place = live or (files[0] if files else sheet.pieces[0])
    source = place.at()
    rules = list(_lines(live)) if live else _loaded(files)
    watching = [t for t in rules if t.startswith(("-w", "-a", "-A"))]
    yield Setting("audit.rules", len(watching), source=source)
    yield Setting("audit.covers", tuple(sorted(_covered(watching))), source=source)
    yield Setting("audit.rules_live", live is not None, source=source)
    locked, failure = _flags(status, files)
    yield Setting("audit.immutable", locked, source=(status or place).at())
    if failure is not None:
        yield Setting("audit.failure_flag", failure, source=(status or place).at())
    if status is not None:
        text = " ".join(t for _, t in status.lines)
        match = _KEY.search(text)
        if match is not None:
            yield Setting("audit.enabled", int(match[1]) > 0, source=status.at())


def _rule_files(sheet: Sheet) -> Iterator[Piece]:
    """Yield the files that count: ``audit.rules`` is made of ``rules.d``, which goes before it."""
    parts = sorted(sheet.files("/etc/audit/rules.d/"), key=lambda p: p.name)
    whole = sheet.file("/etc/audit/audit.rules")
    if any(any(_lines(p)) for p in parts):
        yield from parts
    elif whole is not None:
        yield whole


def _loaded(files: list[Piece]) -> list[str]:
    """Return the rules that files come to once they are loaded.

    ``augenrules`` puts the drop-ins together: what deletes goes first, what locks last. A single
    file is loaded as it stands: ``-D`` deletes what came before, behind ``-e 2`` nothing is taken.
    """
    rules: list[str] = []
    is_whole = [p.name for p in files] == ["/etc/audit/audit.rules"]
    for bare in (bare for piece in files for bare in _lines(piece)):
        if is_whole and bare == "-D":
            rules = []
        elif is_whole and words(bare) == ["-e", "2"]:
            break
        else:
            rules.append(bare)
    return rules


def _lines(piece: Piece) -> Iterator[str]:
    """Yield rules; auditctl refuses a line that ends in a carriage return."""
    foreign = {at for at, text in piece.lines if text.endswith("\r")}
    for at, bare in statements(piece):
        if at not in foreign:
            yield bare


def _flags(status: Piece | None, files: list[Piece]) -> tuple[bool, int | None]:
    if status is not None:
        text = " ".join(t for _, t in status.lines)
        enabled, failure = _KEY.search(text), _FAILURE.search(text)
        return (
            enabled is not None and int(enabled[1]) == _LOCKED,
            int(failure[1]) if failure is not None else None,
        )
    enable, fail = None, None
    is_whole = [p.name for p in files] == ["/etc/audit/audit.rules"]
    for piece in files:
        for bare in _lines(piece):
            parts = words(bare)
            # Of drop-ins the last word counts; once a file has locked, nothing unlocks.
            if parts[0] == "-e" and len(parts) > 1 and not (is_whole and enable == _LOCKED):
                enable = number(parts[1])
            elif parts[0] == "-f" and len(parts) > 1:
                fail = number(parts[1])
    return enable == _LOCKED, fail


def _covered(rules: list[str]) -> set[str]:
    """Return what is watched: the first rule that fits decides, so one of ``never`` takes away."""
    found: set[str] = set()
    excluded: set[str] = set()
    for parts in map(words, rules):
        lists = set(parts[1].split(",")) if len(parts) > 1 else set()
        if len(parts) > 1 and parts[0] == "-w":
            found.update(set(_of_path(parts[1], _permissions(parts))) - excluded)
        elif parts[0] in {"-a", "-A"} and "never" in lists:
            if _is_for_all(parts) and lists & {"task", "exit"}:
                # No context for a new process, or no rule behind this one is asked.
                return set() if "task" in lists or parts[0] == "-A" else found
            excluded.update(_of_paths(parts, "rwxa"))
        elif parts[0] in {"-a", "-A"} and "exclude" not in lists:
            found.update(set(_of_rule(parts)) - excluded)
    return found


def _is_for_all(parts: list[str]) -> bool:
    """Whether a rule has no condition but the architecture."""
    fields = [field for flag, field in pairwise(parts) if flag == "-F"]
    calls = [call for flag, call in pairwise(parts) if flag == "-S"]
    return all(field.startswith("arch=") for field in fields) and set(calls) <= {"all"}


def _of_paths(parts: list[str], permissions: str) -> Iterator[str]:
    """Yield what a rule's path or folder is known as."""
    for one in (field for flag, field in pairwise(parts) if flag == "-F"):
        key, sign, value = one.partition("=")
        if key in {"path", "dir"} and sign:
            yield from _of_path(value, permissions)


def _permissions(parts: list[str]) -> str:
    return parts[parts.index("-p") + 1] if "-p" in parts[:-1] else "rwxa"


def _of_path(path: str, permissions: str) -> Iterator[str]:
    word = _PATHS.get(path.rstrip("/") or "/")
    if word is None or not ({"w", "x"} & set(permissions)):
        return
    yield word
    yield from _WITHIN.get(word, ())


def _of_rule(parts: list[str]) -> Iterator[str]:
    calls = [c for flag, name in pairwise(parts) if flag == "-S"
             for c in name.split(",")]  # fmt: skip
    fields = [f for flag, f in pairwise(parts) if flag == "-F"]
    permissions = next((f[5:] for f in fields if f.startswith("perm=")), "rwxa")
    # Calls of 32 bits alone, or those that failed alone, are the smaller part of them.
    if "arch=b32" in fields or any(map(_is_failure, fields)):
        return
    yield from _of_paths(parts, permissions)
    yield from (_CALLS[call] for call in calls if call in _CALLS)
    has_path = any(one.startswith(("path=", "dir=")) for one in fields)
    if not has_path and ("execve" in calls or "all" in calls):
        is_root = any(f in {"euid=0", "uid=0", "euid=root"} for f in fields)
        is_everybody = not any(f.startswith(("uid", "euid", "auid=", "exe")) for f in fields)
        if is_root or is_everybody or _is_c_rule(parts):
            yield "commands"


def _is_failure(field: str) -> bool:
    """Whether a condition holds only for calls that failed (``success=0``, ``exit=-EACCES``)."""
    return field in _FAILED or (field.startswith("exit") and field not in _ENDED_WELL)


def _is_c_rule(parts: list[str]) -> bool:
    """Whether it is the usual rule for changed identity (``-C uid!=euid``)."""
    return any(flag == "-C" for flag in parts)


def _daemon(sheet: Sheet) -> Iterator[Setting]:
    piece = sheet.file("/etc/audit/auditd.conf")
    if piece is None:
        yield Setting("auditd.present", value=False, source=sheet.pieces[0].at())
        return
    yield Setting("auditd.present", value=True, source=piece.at())
    refused = next((at for at, text in piece.lines if _is_refused(text)), 0)
    yield Setting("auditd.taken", not refused, source=piece.at(refused))
    if refused:
        return
    found = {key.lower(): (at, value) for at, key, value in assignments(piece)}
    for key, (at, value) in found.items():
        count = number(value)
        if key in _CONF_NUMBERS and count is not None:
            yield Setting(_CONF_NUMBERS[key], count, source=piece.at(at))
        elif key in _CONF_TEXTS:
            yield Setting(f"auditd.{key}", value.lower(), source=piece.at(at))
    yield Setting("auditd.sends_on", _sends_on(sheet), source=piece.at())


def _is_refused(line: str) -> bool:
    """Whether auditd does not start with this line: it parts words by blanks alone.

    ``key=value`` is one word to it, and a comment behind a value is an option it does not know.
    Keywords differ between releases, so one that is not known here is left alone.
    """
    parts = [part for part in line.strip("\n").split(" ") if part]
    if not parts or parts[0].startswith("#"):
        return False
    if len(parts) <= _NO_VALUE or parts[1] != "=":
        return True
    key, value, more = parts[0].lower(), parts[2], len(parts) > _NO_VALUE + 1
    if key in _CONF_NUMBERS:
        return more or not (value.isascii() and value.isdigit())
    if key.endswith("_action") and key in _CONF_TEXTS and value.lower() not in _ACTIONS:
        return True
    return more and key in _CONF_TEXTS - _WITH_OPTION


def _sends_on(sheet: Sheet) -> bool:
    """Whether auditd itself sends to another host; its syslog plug-in hands on to this one's."""
    for piece in sheet.files():
        if piece.name.endswith("plugins.d/au-remote.conf"):
            values = {key.lower(): value.lower() for _, key, value in assignments(piece)}
            if values.get("active") == "yes":
                return _has_server(sheet)
    return False


def _has_server(sheet: Sheet) -> bool:
    """Whether the plug-in knows where to send: without its file it sends nothing."""
    names = ("/etc/audit/audisp-remote.conf", "/etc/audisp/audisp-remote.conf")
    pieces = [piece for name in names if (piece := sheet.file(name)) is not None]
    said = {key.lower(): value for piece in pieces for _, key, value in assignments(piece)}
    return said.get("remote_server", "") not in {"", "localhost", "127.0.0.1", "::1"}
