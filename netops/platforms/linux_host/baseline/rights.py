"""Modes and owners of files that matter, and what the walk over the file systems found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.plain import number, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "modes",
        r"""
modes /etc /etc/ssh /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/passwd- /etc/shadow- \
  /etc/ssh/sshd_config /etc/ssh/sshd_config.d /etc/ssh/sshd_config.d/*.conf \
  /etc/ssh/ssh_host_*_key /etc/sudoers /etc/sudoers.d \
  /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly \
  /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* \
  /etc/cron.allow /etc/cron.deny /etc/at.allow /etc/at.deny /etc/pam.d /etc/security /etc/audit \
  /etc/rsyslog.conf /etc/profile /etc/hosts.allow /etc/hosts.deny /root /tmp /var/tmp /dev/shm \
  /etc/issue /etc/issue.net /etc/motd /usr/bin/su /bin/su /usr/bin/sudo
""",
        20_000,
    ),
    # Apart from the others: an ordinary user sees all of those, and nothing of these.
    Section("dropins", "\nmodes /etc/sudoers.d/*\n", 20_000),
    Section(
        "homes",
        r"""
set --
while IFS=: read -r user _ id _ _ home shell; do
  case $id in *[!0-9]*|'') continue ;; esac
  [ "$id" -ge 1000 ] || continue
  case $shell in */nologin|*/false) continue ;; esac
  case $home in /|/nonexistent|/dev/null) continue ;; esac
  [ -d "$home" ] && set -- "$@" "$home"
done </etc/passwd
modes /root "$@"
""",
        40_000,
    ),
    Section(
        "logfiles",
        r"""
modes /var/log /var/log/audit /var/log/journal /var/log/* /var/log/audit/*
""",
        40_000,
    ),
    Section(
        "walk",
        r"""
if ! find / -maxdepth 0 -printf '' >/dev/null 2>&1; then
  note 'missing find -printf'
  return
fi
[ "$uid" = 0 ] || note 'refused / (a walk by an ordinary user)'
# Without a limit it is not begun.
[ -n "$limit" ] || { note 'missing timeout'; note late; return; }
[ $left -lt 50 ] || left=50
limit="timeout -s KILL $left"
note 'run walk'
{
  $limit find / -xdev \( -fstype nfs -o -fstype nfs4 -o -fstype proc -o -fstype sysfs \) -prune \
    -o \( \( -type f -perm /6000 -printf 'special %m %p\n' \) , \
    \( -type f -perm -0002 -printf 'writable %m %p\n' \) , \
    \( -type d -perm -0002 ! -perm -1000 -printf 'unsticky %m %p\n' \) , \
    \( \( -nouser -o -nogroup \) -printf 'unowned %m %p\n' \) \) </dev/null 2>/dev/null
  code=$?
  [ $code = 1 ] && code=0
  note "rc $code"
  case $code in 124 | 137) note late ;; esac
} | head -c 60000
""",
        80_000,
        optional=True,
    ),
    Section(
        "pending",
        r"""
[ $left -lt 45 ] || left=45
[ -n "$limit" ] && limit="timeout -s KILL $left"
note 'say pending'
if command -v apt-get >/dev/null 2>&1; then
  run apt-get -s -o Debug::NoLocking=true upgrade
elif command -v dnf >/dev/null 2>&1; then
  run dnf -C -q updateinfo list --security
elif command -v yum >/dev/null 2>&1; then
  run yum -C -q updateinfo list security
fi
""",
        80_000,
        optional=True,
    ),
)

_ROW = re.compile(
    r"([0-7]{1,5}) ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,18}) (-?[0-9]{1,12}) ([^|]{1,40})\|(.*)"
)
_FOUND = re.compile(r"(special|writable|unsticky|unowned) ([0-7]{1,5}) (.{1,1000})")
_USUAL = frozenset({
    "su", "sudo", "mount", "umount", "passwd", "chsh", "chfn", "newgrp", "gpasswd", "chage",
    "expiry", "unix_chkpwd", "ssh-keysign", "ssh-agent", "dbus-daemon-launch-helper", "pkexec",
    "polkit-agent-helper-1", "crontab", "at", "wall", "write", "bsd-write", "fusermount",
    "fusermount3", "ntfs-3g", "sudoedit", "newuidmap", "newgidmap", "pam_timestamp_check",
    "usernetctl", "ping", "ping6", "traceroute6.iputils", "utempter", "locate", "mlocate",
    "plocate", "dotlockfile", "postdrop", "postqueue", "grub2-set-bootflag", "chkpwd", "sg",
    "screen", "mount.nfs", "mount.cifs", "staprun", "cockpit-session", "extrausers_chkpwd",
    "ssh-keysign.real", "lockdev", "netreport", "vmware-user-suid-wrapper", "snap-confine",
})  # fmt: skip
"""Programs that distributions install with SUID or SGID; all others are reported."""
_SYSTEM = re.compile(r"/(?:usr/)?(?:s?bin|lib|lib64|libexec)/")
_LOG = re.compile(
    r"/var/log/(?:messages|secure|syslog|auth\.log|kern\.log|audit|cron|maillog|wtmp|btmp|"
    r"audit/audit\.log)(?:[.-][0-9]{1,10})?"
)
_MOST = 3_000
_STICKY = 0o1000
_WORLD = 0o007
_GROUP = 0o060
_MOST_MEMBERS = 50
_WORLD_WRITE = 0o002


def rows(piece: Piece) -> Iterator[tuple[int, int, str, int, str]]:
    """Yield (line, mode, ``uid:gid``, changed, path) of a listing of modes."""
    for at, text in piece.lines:
        match = _ROW.fullmatch(text)
        if match is not None:
            yield at, int(match[1], 8), f"{match[2]}:{match[3]}", int(match[5]), match[7]


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield modes by path, homes that others may enter, log files, and the walk's findings."""
    yield from _modes(sheets.get("modes"), "file")
    yield from _modes(sheets.get("dropins"), "dropin")
    yield from _by_group(sheets.get("modes"), sheets.get("accounts"))
    homes = sheets.get("homes")
    piece = homes.run("stat") if homes is not None else None
    if piece is not None:
        for at, mode, owner, _, path in rows(piece):
            yield Setting("home.open_to_others", bool(mode & _WORLD), path, piece.at(at))
            yield Setting("home.owner", owner, path, piece.at(at))
    yield from _logs(sheets.get("logfiles"))
    walk = sheets.get("walk")
    if walk is not None:
        yield from _walk(walk)
    pending = sheets.get("pending")
    if pending is not None:
        yield from _pending(pending)


def _modes(sheet: Sheet | None, topic: str) -> Iterator[Setting]:
    piece = sheet.run("stat") if sheet is not None else None
    if piece is None:
        return
    for at, mode, owner, _, path in rows(piece):
        source = piece.at(at)
        yield Setting(f"{topic}.mode", f"{mode:04o}", path, source)
        yield Setting(f"{topic}.owner", owner, path, source)
        if path in {"/tmp", "/var/tmp", "/dev/shm"}:  # noqa: S108 - names in evidence
            is_safe = bool(mode & _STICKY) or not mode & _WORLD_WRITE
            yield Setting("folder.sticky", is_safe, path, source)


def _by_group(sheet: Sheet | None, accounts: Sheet | None) -> Iterator[Setting]:
    """Yield who is in the group of a file that its group may read, where it is not root's own."""
    piece = sheet.run("stat") if sheet is not None else None
    group = accounts.file("/etc/group") if accounts is not None else None
    passwd = accounts.file("/etc/passwd") if accounts is not None else None
    if piece is None or group is None or passwd is None:
        return
    members: dict[str, list[str]] = {}
    for _, text in passwd.lines:
        name, _, _, number_, *_ = [*text.split(":"), "", "", "", ""]
        members.setdefault(number_, []).append(name)
    for _, text in group.lines:
        _, _, number_, names, *_ = [*text.split(":"), "", "", "", ""]
        members.setdefault(number_, []).extend(filter(None, names.strip().split(",")))
    for at, mode, owner, _, path in rows(piece):
        number_ = owner.partition(":")[2]
        if mode & _GROUP and number_ != "0" and members.get(number_):
            found = tuple(dict.fromkeys(members.get(number_, [])))[:_MOST_MEMBERS]
            yield Setting("file.group_members", found, path, piece.at(at))


def _logs(sheet: Sheet | None) -> Iterator[Setting]:
    if sheet is None:
        return
    oldest = None
    for piece in (p for p in sheet.pieces if p.kind == "run" and p.name == "stat"):
        for at, mode, owner, changed, path in rows(piece):
            if _LOG.fullmatch(path):
                yield Setting("log.mode", f"{mode:04o}", path, piece.at(at))
                yield Setting("log.owner", owner, path, piece.at(at))
                if oldest is None or changed < oldest[0]:
                    oldest = changed, piece.at(at)
    if oldest is not None:
        yield Setting("log.oldest_s", oldest[0], source=oldest[1])


def _walk(sheet: Sheet) -> Iterator[Setting]:
    piece = next((p for p in sheet.pieces if p.kind == "run" and p.name == "walk"), None)
    if piece is None or piece.rc != 0:
        return
    found: dict[str, list[str]] = {"special": [], "writable": [], "unsticky": [], "unowned": []}
    for _, text in piece.lines[:_MOST]:
        match = _FOUND.fullmatch(text)
        if match is None:
            continue
        folder, _, name = match[3].rpartition("/")
        is_usual = name in _USUAL and _SYSTEM.match(folder + "/") is not None
        if match[1] != "special" or not is_usual:
            found[match[1]].append(match[3][:300])
    for topic, value in found.items():
        yield Setting(f"walk.{topic}", tuple(value), source=piece.at())


def _pending(sheet: Sheet) -> Iterator[Setting]:
    apt = sheet.run("apt-get")
    if apt is not None:
        names = [words(text)[1] for _, text in apt.lines if text.startswith("Inst ")]
        yield Setting("update.pending", len(names), source=apt.at())
        security = sum(1 for _, t in apt.lines if t.startswith("Inst ") and "ecurity" in t)
        yield Setting("update.pending_security", security, source=apt.at())
        return
    for prefix in ("dnf", "yum"):
        piece = sheet.run(prefix)
        if piece is not None:
            rows_ = [t for _, t in piece.lines if "/" in t and number(t[:1]) is None]
            yield Setting("update.pending_security", len(rows_), source=piece.at())
