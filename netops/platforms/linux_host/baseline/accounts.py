"""Accounts of a host: who may log in, with what form of password, for how long, as what.

The form of a password is made on the host; no hash leaves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.machine import now_of
from netops.platforms.linux_host.baseline.plain import number, statements
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "accounts",
        r"""
show /etc/passwd /etc/group /etc/hosts.equiv /etc/ssh/shosts.equiv
pick '^[ \t]*(passwd|shadow|group)[ \t]*:' /etc/nsswitch.conf
note 'run homes'
while IFS=: read -r user _ id _ _ home _; do
  case $id in *[!0-9]*|'') continue ;; esac
  [ -d "$home" ] || continue
  for trusted in .rhosts .shosts; do
    [ -f "$home/$trusted" ] && [ -s "$home/$trusted" ] && note "say trust $user $trusted"
  done
done </etc/passwd
note 'say homes done'
""",
        60_000,
    ),
    Section(
        "shadow",
        r"""
if trouble /etc/shadow; then :; else
  note 'file /etc/shadow'
  awk -F: 'function form(p,  l) {
    l = ""
    if (p ~ /^[!*]/) { l = "locked"; sub(/^[!*]+/, "", p); if (p == "") return l; l = l "-" }
    if (p == "") return "empty"
    if (p ~ /^\$y\$/) return l "yescrypt"
    if (p ~ /^\$gy\$/) return l "gost-yescrypt"
    if (p ~ /^\$6\$/) return l "sha512"
    if (p ~ /^\$5\$/) return l "sha256"
    if (p ~ /^\$sm3\$/) return l "sm3"
    if (p ~ /^\$7\$/) return l "scrypt"
    if (p ~ /^\$2[abxy]?\$/) return l "bcrypt"
    if (p ~ /^\$1\$/) return l "md5"
    if (p ~ /^\$/) return l "other"
    if (length(p) == 13) return l "des"
    return l "other" }
  NF > 1 { print $1 ":" form($2) ":" $3 ":" $4 ":" $5 ":" $6 ":" $7 ":" $8 }' /etc/shadow
fi
""",
        60_000,
    ),
    Section(
        "logins",
        """
run lastlog -b 90
""",
        30_000,
    ),
)

_DEFAULTS = frozenset({
    "adm", "lp", "sync", "shutdown", "halt", "news", "uucp", "operator", "games", "gopher", "ftp",
    "guest", "test", "demo", "user", "toor", "nobody", "mail", "irc", "gnats", "list", "oracle",
})  # fmt: skip
_NO_SHELL = frozenset({
    "/usr/sbin/nologin", "/sbin/nologin", "/bin/nologin", "/usr/bin/nologin", "/bin/false",
    "/usr/bin/false", "/bin/sync", "/usr/bin/sync", "/bin/true", "/sbin/shutdown", "/sbin/halt",
    "/usr/sbin/shutdown", "/usr/sbin/halt", "/dev/null",
})  # fmt: skip
_FIRST_PERSON = 1000
_ADMIN_GROUPS = frozenset({"sudo", "wheel", "admin", "root"})
_IN_SHADOW = "x"
_FIELDS = 7
_GROUP_FIELDS = 4
_SHADOW_FIELDS = 8
_NEVER_DAYS = 99_999
_MOST = 5_000
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Account:
    """One line of passwd."""

    name: str
    password: str
    uid: int
    gid: int
    shell: str
    line: int

    @property
    def may_log_in(self) -> bool:
        """Whether its shell is one to work in; an empty field means ``/bin/sh``."""
        return self.shell not in _NO_SHELL


def accounts(sheet: Sheet) -> tuple[Piece, list[Account]]:
    """Return the lines of passwd that are of the form."""
    piece = sheet.file("/etc/passwd")
    if piece is None:
        raise UnreliableError(sheet.name, "/etc/passwd was not shown")
    found = []
    for at, text in piece.lines:
        parts = text.rstrip("\r\n").split(":")
        uid = number(parts[2]) if len(parts) >= _FIELDS else None
        gid = number(parts[3]) if len(parts) >= _FIELDS else None
        if uid is not None and gid is not None:
            found.append(Account(parts[0], parts[1], uid, gid, parts[6], at))
    return piece, found


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield accounts, and their passwords' form and age where shadow could be read."""
    sheet = sheets.get("accounts")
    if sheet is None:
        return
    piece, found = accounts(sheet)
    shadow = sheets.get("shadow")
    ended = _ended(shadow, now_of(sheets.get("updates")))
    yield from _of_passwd(piece, found, ended)
    yield from _of_group(sheet)
    yield from _trusted(sheet, piece)
    if shadow is not None:
        yield from _of_shadow(shadow, [one for one in found if one.name not in ended])
        yield from _without_shadow(shadow, found)
    yield from _unused(sheets, found)


def _ended(shadow: Sheet | None, now: int | None) -> frozenset[str]:
    """Return the accounts whose last day is over: they come in neither by password nor by key."""
    piece = shadow.file("/etc/shadow") if shadow is not None else None
    names = set[str]()
    for _, text in piece.lines[:_MOST] if piece is not None and now is not None else ():
        parts = text.rstrip("\r\n").split(":")
        last = number(parts[7]) if len(parts) >= _SHADOW_FIELDS else None
        if last is not None and now is not None and 0 <= last <= now // _DAY:
            names.add(parts[0])
    return frozenset(names)


def _of_passwd(piece: Piece, found: list[Account], ended: frozenset[str]) -> Iterator[Setting]:
    for account in found[:_MOST]:
        yield Setting("account.uid", account.uid, account.name, piece.at(account.line))
    names = Counter(account.name for account in found)
    uids = Counter(account.uid for account in found)
    persons = [a for a in found if a.may_log_in and a.name not in ended]
    lists = {
        "account.superusers": [a.name for a in found if a.uid == 0],
        "account.duplicate_names": [name for name, count in names.items() if count > 1],
        "account.duplicate_uids": [str(uid) for uid, count in uids.items() if count > 1],
        "account.login": [a.name for a in persons],
        "account.system_login": [a.name for a in persons if 0 < a.uid < _FIRST_PERSON],
        "account.default_login": [a.name for a in persons if a.name in _DEFAULTS],
        "account.defaults": [a.name for a in found if a.name in _DEFAULTS],
        "account.open_in_passwd": [a.name for a in found if not a.password],
        "account.hash_in_passwd": [
            a.name for a in found if a.password not in {"", "x", "*", "!", "!!"}
        ],
    }
    for name, value in lists.items():
        yield Setting(name, tuple(value[:_MOST]), source=piece.at())


def _of_group(sheet: Sheet) -> Iterator[Setting]:
    piece = sheet.file("/etc/group")
    if piece is None:
        return
    members: dict[str, tuple[str, ...]] = {}
    names: Counter[str] = Counter()
    for _, text in piece.lines:
        parts = text.rstrip("\r\n").split(":")
        if len(parts) >= _GROUP_FIELDS:
            names[parts[0]] += 1
            members.setdefault(parts[0], tuple(filter(None, parts[3].split(","))))
    admins = sorted({m for g in _ADMIN_GROUPS for m in members.get(g, ())})
    yield Setting("group.admins", tuple(admins), source=piece.at())
    yield Setting("group.shadow_members", members.get("shadow", ()), source=piece.at())
    twice = tuple(name for name, count in names.items() if count > 1)
    yield Setting("group.duplicate_names", twice, source=piece.at())


def _trusted(sheet: Sheet, passwd: Piece) -> Iterator[Setting]:
    if sheet.said("homes") != "done":
        return
    found = [p.name.removeprefix("trust ") for p in sheet.says() if p.name.startswith("trust ")]
    for name in ("/etc/hosts.equiv", "/etc/ssh/shosts.equiv"):
        equiv = sheet.file(name)
        if equiv is not None and any(statements(equiv)):
            found.append(name)
    yield Setting("account.trust_files", tuple(found), source=passwd.at())


def _of_shadow(sheet: Sheet, found: list[Account]) -> Iterator[Setting]:
    piece = sheet.file("/etc/shadow")
    if piece is None:
        raise UnreliableError("shadow", "/etc/shadow was not shown")
    logins = {account.name for account in found if account.may_log_in}
    usable, empty = [], []
    for at, text in piece.lines[:_MOST]:
        parts = text.rstrip("\r\n").split(":")
        if len(parts) < _SHADOW_FIELDS:
            continue
        name, form = parts[0], parts[1]
        source = piece.at(at)
        yield Setting("account.password", form, name, source)
        if form == "empty":
            empty.append(name)
        if form.startswith("locked") or name not in logins:
            continue
        usable.append(name)
        yield Setting("account.usable_hash", form, name, source)
        yield from _ages(parts, name, piece, at)
    yield Setting("account.with_password", tuple(usable), source=piece.at())
    yield Setting("account.empty_password", tuple(empty), source=piece.at())


def _without_shadow(sheet: Sheet, found: list[Account]) -> Iterator[Setting]:
    piece = sheet.file("/etc/shadow")
    if piece is not None:
        seen = {text.partition(":")[0] for _, text in piece.lines}
        without = tuple(a.name for a in found if a.password == _IN_SHADOW and a.name not in seen)
        yield Setting("account.without_shadow", without, source=piece.at())


def _ages(parts: list[str], name: str, piece: Piece, at: int) -> Iterator[Setting]:
    topics = (("max_days", 4, _NEVER_DAYS), ("min_days", 3, 0), ("warn_days", 5, 0))
    for topic, field, unset in topics:
        value = number(parts[field]) if parts[field] else unset
        if value is not None:
            days = _NEVER_DAYS if topic == "max_days" and value < 0 else value
            yield Setting(f"account.{topic}", days, name, piece.at(at))
    changed = number(parts[2])
    if changed is not None:
        yield Setting("account.changed_day", changed, name, piece.at(at))


def _unused(sheets: Mapping[str, Sheet], found: list[Account]) -> Iterator[Setting]:
    """Yield who has not logged in for ninety days, as the host's own lastlog tells."""
    sheet = sheets.get("logins")
    piece = sheet.run("lastlog") if sheet is not None else None
    if piece is None:
        return
    # Root is meant to be used seldom; what may be used of it, other settings tell.
    logins = {account.name for account in found if account.may_log_in and account.uid != 0}
    named = {text.split(" ", 1)[0] for _, text in piece.lines[1:]}
    yield Setting("account.unused", tuple(sorted(named & logins)), source=piece.at())
