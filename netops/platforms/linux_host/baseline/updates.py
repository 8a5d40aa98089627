"""Updates: when the last ones came in, and whether the host fetches them by itself.

Knows apt's files of settings (order of names, scopes in braces, three kinds of comment) and those
of dnf. Refuses to tell which hole is still open: that is a person's question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.machine import now_of, within
from netops.platforms.linux_host.baseline.plain import sections
from netops.platforms.linux_host.baseline.rights import rows
from netops.platforms.linux_host.baseline.running import packages_of
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "updates",
        r"""
clock
modes /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists /var/log/dpkg.log \
  /var/lib/dpkg/status /var/lib/rpm/rpmdb.sqlite /var/lib/rpm/Packages \
  /usr/lib/sysimage/rpm/rpmdb.sqlite /var/log/dnf.rpm.log /var/log/yum.log \
  /var/cache/dnf /var/cache/yum /var/run/reboot-required
show /etc/dnf/automatic.conf /etc/yum/yum-cron.conf /var/lib/update-notifier/updates-available
pick 'Periodic|Unattended-Upgrade|^[[:space:]]*[Aa][Pp][Tt][[:space:]]*$|[{}]|/[*]|[*]/' \
  /etc/apt/apt.conf.d/* /etc/apt/apt.conf
""",
        30_000,
    ),
)

_STAMPS = (
    "/var/log/dpkg.log", "/var/log/dnf.rpm.log", "/var/log/yum.log", "/var/lib/dpkg/status",
    "/var/lib/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages", "/usr/lib/sysimage/rpm/rpmdb.sqlite",
)  # fmt: skip
_LISTS = ("/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/lists", "/var/cache/dnf",
          "/var/cache/yum")  # fmt: skip
_DAY = 86_400
_READ = re.compile(r"/etc/apt/apt\.conf(?:\.d/[\w-]+(?:\.conf)?)?", re.ASCII)
_TOKEN = re.compile(r'"([^"]*)"|([{};])|([^\s"{};]+)')
_MOST_TOKENS = 5_000
_OFF = frozenset({"", "0", "false", "no"})
_PERIODIC = "apt::periodic::"


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield how old the newest package and the lists are, and who installs updates."""
    sheet = sheets.get("updates")
    if sheet is None:
        return
    now, piece = now_of(sheet), sheet.run("stat")
    if now is None or piece is None:
        return
    changed = {path: (at, when) for at, _, _, when, path in rows(piece)}
    for name, paths in (("update.age_days", _STAMPS), ("update.asked_age_days", _LISTS)):
        found = [changed[path] for path in paths if path in changed]
        if found:
            at, when = max(found, key=lambda one: one[1])
            yield Setting(name, within((now - when) // _DAY), source=piece.at(at))
    yield Setting("update.needs_restart", "/var/run/reboot-required" in changed,
                  source=piece.at())  # fmt: skip
    yield Setting("update.automatic", _automatic(sheet, sheets.get("packages")),
                  source=sheet.pieces[0].at())  # fmt: skip


def _automatic(sheet: Sheet, packages: Sheet | None) -> bool:
    for name in ("/etc/dnf/automatic.conf", "/etc/yum/yum-cron.conf"):
        piece = sheet.file(name)
        if piece is not None:
            said = {k.lower(): v.lower() for _, _, k, v in sections(piece)}
            return said.get("apply_updates") in {"yes", "true", "1"}
    installed = packages.run("packages") if packages is not None else None
    if installed is not None and "unattended-upgrades" not in packages_of(installed):
        return False
    said = _apt(sheet)
    wanted = said.get(_PERIODIC + "unattended-upgrade", "").lower() not in _OFF
    return wanted and said.get(_PERIODIC + "enable", "1").lower() not in _OFF


def _apt(sheet: Sheet) -> dict[str, str]:
    """Return apt's settings by name in small letters: the last word of the last file counts."""
    found: dict[str, str] = {}
    pieces = [p for p in sheet.files("/etc/apt/") if _READ.fullmatch(p.name)]
    for piece in sorted(pieces, key=lambda p: (p.name == "/etc/apt/apt.conf", p.name)):
        scopes: list[str] = []
        pending: list[str] = []
        for sign, text in _tokens(piece):
            if sign == "{":
                scopes.append(pending[0] if pending else "")
            elif sign == "}":
                del scopes[-1:]
            elif sign == ";" and len(pending) > 1:
                found["::".join((*filter(None, scopes), pending[0])).lower()] = pending[1]
            pending = [*pending, text][:3] if not sign else []
    return found


def _tokens(piece: Piece) -> Iterator[tuple[str, str]]:
    count = 0
    for line in _without_remarks(piece):
        for match in _TOKEN.finditer(line):
            count += 1
            if count > _MOST_TOKENS:
                return
            yield match[2] or "", match[1] if match[1] is not None else match[3] or ""


def _without_remarks(piece: Piece) -> Iterator[str]:
    """Yield lines without what is between ``/*`` and ``*/``, and behind ``//`` or ``#``."""
    is_remark = False
    for _, text in piece.lines:
        kept, at, quoted = list[str](), 0, False
        while at < len(text):
            pair = text[at : at + 2]
            if is_remark:
                is_remark = pair != "*/"
                at += 1 if is_remark else 2
            elif not quoted and pair == "/*":
                is_remark, at = True, at + 2
            elif not quoted and (pair == "//" or text[at] == "#"):
                break
            else:
                quoted = quoted != (text[at] == '"')
                kept.append(text[at])
                at += 1
        yield "".join(kept)
