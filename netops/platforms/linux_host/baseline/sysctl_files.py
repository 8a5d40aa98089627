"""What the kernel's parameters come to at the next start: files of sysctl, and defaults built in.

Knows the order of systemd-sysctl (by name of file; a file of the site hides the system's of its
name; a key by name goes before a pattern), the boot line, and the file of ufw, which comes last.
Refuses to guess a default that differs between distributions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import (
    BLANKS,
    assignments,
    number,
    statements,
    words,
)
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet

SCRIPT = r"""
show /etc/sysctl.conf /etc/sysctl.d/*.conf /etc/default/ufw /etc/ufw/ufw.conf /etc/ufw/sysctl.conf
unmerged=
[ -L /lib ] || unmerged='/lib/sysctl.d/*.conf'
pick '_redirects|source_route|syncookies|ip_forward|randomize|_restrict|dumpable|protected_|[*?]' \
  /run/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf $unmerged
pick 'sysctl|/proc/sys' /etc/rc.local /etc/rc.d/rc.local
[ -c /etc/systemd/system/systemd-sysctl.service ] && note 'say sysctl masked'
[ -d /run/systemd/system ] && note 'say init systemd'
release=
[ -r /proc/sys/kernel/osrelease ] && IFS= read -r release </proc/sys/kernel/osrelease
for file in "/boot/config-$release" "/lib/modules/$release/config"; do
  [ -n "$release" ] && [ -r "$file" ] || continue
  tell grep -E '^(# )?CONFIG_(SECURITY_DMESG_RESTRICT|COMPAT_BRK)[ =]' "$file"
  break
done
"""

_V4 = "net/ipv4/conf"
_ASKED = {
    "net/ipv4/tcp_syncookies": 1,
    "net/ipv4/ip_forward": 0,
    f"{_V4}/all/accept_source_route": 0,
    "kernel/randomize_va_space": None,
    "kernel/dmesg_restrict": None,
    "kernel/kptr_restrict": 0,
    "fs/suid_dumpable": 0,
    "fs/protected_hardlinks": None,
    "fs/protected_symlinks": None,
}
"""What a kernel comes with; None: distributions differ, or the kernel's configuration tells."""
_EITHER = {"accept_redirects": 1, "send_redirects": 1}
"""In force where ``all`` or the interface itself says so."""
_BUILT_IN = {
    "kernel/randomize_va_space": ("CONFIG_COMPAT_BRK", 1, 2),
    "kernel/dmesg_restrict": ("CONFIG_SECURITY_DMESG_RESTRICT", 1, 0),
}
_INTERFACE = re.compile(r"/proc/sys/net/ipv4/conf/([^/ ]{1,20})/\w{1,30} ")
_GLOB = re.compile(r"[*?\[]")
_ORDER = ("/etc/sysctl.d/", "/run/sysctl.d/", "/usr/local/lib/sysctl.d/", "/usr/lib/sysctl.d/",
          "/lib/sysctl.d/")  # fmt: skip
_SWAPPED = str.maketrans("./", "/.")
_MOST = 200

Value = tuple[int, Source]


@dataclass(slots=True)
class _Files:
    """What all files come to: keys by name, patterns in order, keys that no pattern touches."""

    named: dict[str, Value | None] = field(default_factory=dict)
    patterns: dict[str, Value | None] = field(default_factory=dict)
    spared: set[str] = field(default_factory=set)

    def take(self, piece: Piece) -> None:
        """Take one file's lines; what it says of a key goes before what was said."""
        for at, bare in statements(piece):
            key, sign, text = bare.partition("=")
            path = _path(key.strip(BLANKS).removeprefix("-"))
            if not sign and bare.startswith("-"):
                self.spared.add(path)
            elif sign and len(self.patterns) < _MOST:
                held = self.patterns if _GLOB.search(path) else self.named
                held.pop(path, None)
                # The kernel takes the first number, and nothing that does not begin with one.
                value = number(next(iter(words(text)), None))
                held[path] = (value, piece.at(at)) if value is not None else None

    def of(self, path: str) -> Value | None:
        """Return what a key is set to; None: nothing sets it."""
        if path in self.named:
            return self.named[path]
        if path in self.spared:
            return None
        fitting = [value for pattern, value in self.patterns.items() if _fits(path, pattern)]
        return fitting[-1] if fitting else None


def _fits(path: str, pattern: str) -> bool:
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def _path(key: str) -> str:
    """Return a key as a path: where a dot comes first, dots and slashes change places."""
    first = re.search(r"[./]", key)
    return key.translate(_SWAPPED) if first is not None and first[0] == "." else key


def at_boot(sheet: Sheet) -> Iterator[Setting]:
    """Yield the parameters as they will be after the next start, as far as files tell."""
    found = _read(sheet)
    scripted = " ".join(text for p in sheet.files() if p.name.endswith("/rc.local")
                        for _, text in statements(p))  # fmt: skip
    place = sheet.pieces[0].at()
    for path, default in _ASKED.items():
        name = path.rpartition("/")[2]
        value = _value(path, default, found, sheet)
        if value is not None and name not in scripted:
            yield Setting(f"kernel.boot.{name}", value[0], source=value[1])
    forwards = (found.of("net/ipv4/ip_forward") or (0, place))[0] == 1
    for name, default in _EITHER.items():
        if name not in scripted:
            value = _either(sheet, name, default, found, alone=forwards)
            yield Setting(f"kernel.boot.{name}", value[0], source=value[1])


def _either(sheet: Sheet, name: str, default: int, found: _Files, *, alone: bool) -> Value:
    """Return what ``all`` and the interfaces come to; ``alone``: ``all`` decides on taking."""
    usual: Value = default, sheet.pieces[0].at()
    of_all = found.of(f"{_V4}/all/{name}") or usual
    if of_all[0] or (alone and name == "accept_redirects"):
        return of_all
    to_come = found.of(f"{_V4}/default/{name}") or usual
    matches = (_INTERFACE.match(piece.name) for piece in sheet.says())
    interfaces = {match[1] for match in matches if match is not None} - {"all", "default", "lo"}
    for interface in sorted(interfaces) or ["default"]:
        own = found.of(f"{_V4}/{interface}/{name}") or to_come
        if own[0]:
            return own
    return of_all


def _value(path: str, default: int | None, found: _Files, sheet: Sheet) -> Value | None:
    said = found.of(path)
    if said is not None:
        return said
    place = sheet.pieces[0].at()
    line = sheet.file("/proc/cmdline")
    for at, text in line.lines if line is not None else ():
        for word in words(text):
            key, _, value = word.removeprefix("sysctl.").partition("=")
            if word.startswith("sysctl.") and _path(key) == path and line is not None:
                told = number(value)
                return (told, line.at(at)) if told is not None else None
    if default is not None:
        return default, place
    return _built_in(path, sheet)


def _built_in(path: str, sheet: Sheet) -> Value | None:
    """Return the default that the configuration of this kernel tells."""
    option, yes, no = _BUILT_IN.get(path, ("", 0, 0))
    piece = sheet.run("grep") if option else None
    for at, text in piece.lines if piece is not None else ():
        if piece is not None and text == f"{option}=y":
            return yes, piece.at(at)
        if piece is not None and text == f"# {option} is not set":
            return no, piece.at(at)
    return None


def _read(sheet: Sheet) -> _Files:
    """Return what the files come to in the order in which they are carried out."""
    found = _Files()
    if sheet.said("sysctl") != "masked":
        for name in sorted(names := _named(sheet)):
            piece = names[name]
            if piece.kind == "file":
                found.take(piece)
        main = sheet.file("/etc/sysctl.conf")
        if main is not None and sheet.said("init") != "systemd":
            found.take(main)
    ufw = sheet.file("/etc/ufw/sysctl.conf")
    if ufw is not None and _has_ufw(sheet):
        found.take(ufw)
    return found


def _named(sheet: Sheet) -> dict[str, Piece]:
    """Return the files of the folders by name; a file, or a link to nothing, hides later ones."""
    found: dict[str, Piece] = {}
    for folder in _ORDER:
        for piece in sheet.pieces:
            if piece.kind in {"file", "other"} and piece.name.startswith(folder):
                found.setdefault(piece.name.removeprefix(folder), piece)
    return found


def _has_ufw(sheet: Sheet) -> bool:
    config, default = sheet.file("/etc/ufw/ufw.conf"), sheet.file("/etc/default/ufw")
    if config is None:
        return False
    said = {key: value.strip("\"'").lower() for _, key, value in assignments(config)}
    named = {k: v.strip("\"'") for _, k, v in assignments(default)} if default is not None else {}
    return said.get("ENABLED") == "yes" and named.get("IPT_SYSCTL") == "/etc/ufw/sysctl.conf"
