"""What a log-in shell gets: umask, time-out, history; banners; core dumps; who may use cron.

Only assignments that a shell would carry out count: not comments, not other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import number, sections, statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.linux_host.baseline.shell_branches import Branches
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "shell",
        r"""
pick 'TMOUT|profile[.]d|umask|UMASK|HISTSIZE|HISTFILE|'\
'^[[:space:]]*(if|case|for|while|until)[[:space:]]|'\
'^[[:space:]]*(fi|esac|done|else|[}])|[;&|][[:space:]]*(fi|esac|done)|[(][)]' \
  /etc/profile /etc/profile.d/*.sh /etc/bashrc \
  /etc/bash.bashrc
""",
        30_000,
    ),
    Section(
        "banners",
        r"""
set -- /etc/issue /etc/issue.net /etc/motd
for file in $(awk 'tolower($1) ~ /^banner(=|$)/ {
    sub(/^[ \t]*[A-Za-z]*[ \t=]+/, ""); gsub(/["\r]/, ""); print $1
    if (++named > 9) exit }' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null); do
  case $file in
    none|/etc/issue|/etc/issue.net|/etc/motd) ;;
    *..*) note "other $file" ;;
    /etc/*banner*|/etc/*issue*|/etc/*motd*|/etc/*.txt|/usr/share/*banner*) set -- "$@" "$file" ;;
    *) note "other $file" ;;
  esac
done
show "$@"
""",
        20_000,
    ),
    Section(
        "limits",
        r"""
pick '^[^#]*core' /etc/security/limits.conf /etc/security/limits.d/*.conf
show /etc/systemd/coredump.conf /etc/systemd/coredump.conf.d/*.conf /proc/swaps
value /proc/sys/fs/suid_dumpable /proc/sys/kernel/core_pattern
pick ' (/|/tmp|/var|/var/tmp|/home|/dev/shm|/var/log|/boot) ' /proc/mounts
for device in /sys/block/dm-*/dm/uuid; do
  [ -r "$device" ] && { read -r kind <"$device"; note "say dm $kind"; }
done
""",
        30_000,
    ),
)

_TMOUT = re.compile(
    r"(?:^|[;&\s])(?:(?:declare|typeset)\s(?:-\w{1,8}\s){0,4}|export\s|readonly\s)?\s{0,8}"
    r"TMOUT=[\"']?([0-9]{1,9})[\"']?",
    re.ASCII,
)
_SETS = re.compile(r"(?:^|[;&\s])TMOUT=")
_PRODUCT = re.compile(r"TMOUT=\$\(\( ?([0-9]{1,6}) ?\* ?([0-9]{1,6}) ?\)\)", re.ASCII)
_BRANCH = re.compile(r"\b(?:if|then|else|case|while|for|function|return)\b|&&|\|\||\(\)")
_READONLY = re.compile(
    r"(?:^|[;&\s])(?:readonly\s[^;#]{0,80}TMOUT|(?:declare|typeset)\s[^;#]{0,20}-\w{0,8}r\w{0,8}\s"
    r"[^;#]{0,80}TMOUT)",
    re.ASCII,
)
_EXPORT = re.compile(
    r"(?:^|[;&\s])(?:export\s[^;#]{0,80}TMOUT|(?:declare|typeset)\s[^;#]{0,20}-\w{0,8}x)", re.ASCII
)
_UNSET = re.compile(r"(?:^|[;&\s])unset\s[^;#]{0,80}TMOUT", re.ASCII)
_UMASK = re.compile(
    r"(?:^|[;&\s])umask\s{1,8}(?:([0-7]{1,4})|((?:[ugoa]{1,4}=[rwx]{0,3},?){1,4}))(?=$|[;\s#])",
    re.ASCII,
)
_HISTSIZE = re.compile(r"(?:^|[;&\s])HISTSIZE=[\"']?([0-9]{1,9})", re.ASCII)
_ORDER = ("/etc/profile", "/etc/profile.d/", "/etc/bashrc", "/etc/bash.bashrc")
_VERSION = re.compile(
    r"\\[mrsvSn]|\b(?:kernel|debian|ubuntu|centos|red hat|openeuler|kylin|uos|uniontech|anolis)\b",
    re.IGNORECASE,
)
_REMARK = re.compile(r"(?:^|\s)#.*")
_MOUNT = frozenset({"/", "/tmp", "/var", "/var/tmp", "/home", "/dev/shm", "/var/log", "/boot"})  # noqa: S108 - names in evidence

_Code = list[tuple[int, str]]


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield the environment of a log-in."""
    sheet = sheets.get("shell")
    if sheet is not None:
        yield from _environment(sheet)
    banners = sheets.get("banners")
    if banners is not None:
        yield from _banners(banners)
    limits = sheets.get("limits")
    if limits is not None:
        yield from _limits(limits)


def _code(piece: Piece) -> _Code:
    """Return the lines that a shell carries out; a file is asked several things, and read once."""
    if piece.parts is None:
        # A carriage return becomes part of the last word: no shell takes "600\r" for a number.
        foreign = {at for at, text in piece.lines if text.endswith("\r")}
        piece.parts = [
            (at, _REMARK.sub("", bare, count=1) if "#" in bare else bare)
            for at, bare in statements(piece)
            if at not in foreign
        ]
    return cast("_Code", piece.parts)


def _global(sheet: Sheet) -> list[Piece]:
    """Return the files that every log-in shell reads, in their order."""
    main = sheet.file("/etc/profile")
    read = any("profile.d" in code for _, code in _code(main)) if main is not None else True
    order = [prefix for prefix in _ORDER if read or prefix != "/etc/profile.d/"]
    return [p for prefix in order for p in sheet.files() if _is_of(p.name, prefix)]


def _is_of(name: str, prefix: str) -> bool:
    return name.startswith(prefix) if prefix.endswith("/") else name == prefix


def _environment(sheet: Sheet) -> Iterator[Setting]:
    pieces = _global(sheet)
    place = (pieces or list(sheet.pieces))[0].at()
    yield from _time_out(pieces, place)
    for piece in _that_say("HISTSIZE", pieces):
        for at, code in _code(piece):
            size = _HISTSIZE.search(code)
            if size is not None:
                yield Setting("shell.histsize", int(size[1]), piece.name, piece.at(at))
    yield from _masks(pieces)


def _time_out(pieces: list[Piece], place: Source) -> Iterator[Setting]:
    """Yield when an idle shell ends: the last word counts, or the first that is fixed."""
    found: Setting | None = Setting("shell.tmout_s", 0, source=place)
    said = fixed = exported = False
    for piece in _that_say("TMOUT", pieces):
        branches = Branches([code for _, code in _code(piece)])
        for at, code in _code(piece):
            branches.take(code)
            if "TMOUT" not in code:
                continue
            if _SETS.search(code) and not fixed:
                assigned = _assigned(code, piece.at(at))
                found, said = branches.together(found, assigned, code), True
            if _UNSET.search(code) and not fixed:
                found, said = Setting("shell.tmout_s", 0, source=piece.at(at)), False
            fixed = fixed or _READONLY.search(code) is not None
            exported = exported or (said and _EXPORT.search(code) is not None)
    if found is not None:
        yield found
    yield Setting("shell.tmout_readonly", fixed and said, source=place)
    yield Setting("shell.tmout_exported", exported, source=place)


def _that_say(word: str, pieces: list[Piece]) -> list[Piece]:
    """Return the files that name a word at all: most do not, and are not looked at further."""
    return [piece for piece in pieces if any(word in code for _, code in _code(piece))]


def _assigned(code: str, source: Source) -> Setting | None:
    """Return the time of an assignment; None: it is reckoned, and nobody knows from what."""
    match, product = _TMOUT.search(code), _PRODUCT.search(code)
    if match is None and product is None:
        return None
    seconds = int(match[1]) if match else int(product[1]) * int(product[2]) if product else 0
    return Setting("shell.tmout_s", seconds, source=source)


def _masks(pieces: list[Piece]) -> Iterator[Setting]:
    """Yield the masks in force: a later file of log-in shells that says one plainly replaces."""
    masks: dict[str, Setting] = {}
    for_some: set[str] = set()
    for piece in _that_say("umask", pieces):
        branches = [*_for_some(piece)]
        found = [
            (at, mask[1] or _octal(mask[2]))
            for at, code in _code(piece)
            for mask in _UMASK.finditer(code)
        ]
        if found and _says_plainly(piece):
            masks = {k: v for k, v in masks.items() if not k.startswith("/etc/profile")}
        for count, (at, text) in enumerate(found, 1):
            key = piece.name if count == 1 else f"{piece.name}#{count}"
            masks[key] = Setting("shell.umask", text.zfill(4), key, piece.at(at))
            for_some |= {key} if at in branches else set()
    surely = [mask for key, mask in masks.items() if key not in for_some]
    for mask in masks.values():
        # Where a mask is for some alone, others have what login.defs says.
        yield mask if surely else replace(mask, name="shell.umask_of_some")


def _for_some(piece: Piece) -> Iterator[int]:
    """Yield the lines with a mask that hold for some alone; with an ``else`` they hold for all."""
    lines = _code(piece)
    branches = Branches([code for _, code in lines])
    has_else = any(re.search(r"\belse\b", code) for _, code in lines)
    for at, code in lines:
        branches.take(code)
        if _UMASK.search(code) and branches.is_for_some(code) and not has_else:
            yield at


def _octal(text: str) -> str:
    """Return a mask in words (``u=rwx,g=rx,o=``) as its digits; others keep the usual."""
    digits = {"u": 0, "g": 2, "o": 2}
    for who, _, rights in (part.partition("=") for part in text.split(",") if part):
        left = 7 - sum({"r": 4, "w": 2, "x": 1}[right] for right in set(rights))
        digits |= dict.fromkeys("ugo" if "a" in who else who, left)
    return "".join(str(digits[who]) for who in "ugo")


def _says_plainly(piece: Piece) -> bool:
    """Whether a file of log-in shells sets its mask whoever logs in."""
    plain = any(text.startswith("umask") for _, text in piece.lines)
    branches = any(_BRANCH.search(code) for _, code in _code(piece))
    return piece.name.startswith("/etc/profile.d/") and plain and not branches


def _banners(sheet: Sheet) -> Iterator[Setting]:
    hidden = next((p.name for p in sheet.pieces if p.kind == "other"), "")
    if hidden:
        raise UnreliableError("banners", f"a banner was not shown: {hidden[:80]}")
    for piece in sheet.files():
        text = " ".join(line for _, line in piece.lines).strip()
        yield Setting("banner.text", bool(text), piece.name, piece.at())
        shows = _VERSION.search(text[:4_000]) is not None
        yield Setting("banner.tells_system", shows, piece.name, piece.at())


def _limits(sheet: Sheet) -> Iterator[Setting]:
    place = sheet.pieces[0].at()
    said: dict[str, tuple[str, Source]] = {}
    for piece in sheet.files("/etc/security/"):
        for at, bare in statements(piece):
            parts = words(bare)
            if parts[1:3] in (["hard", "core"], ["-", "core"]):
                said[parts[0]] = (parts[3:] or [""])[0], piece.at(at)
    # Who is named, or whose group is, has a limit of his own, whatever everybody has.
    usual = said.pop("*", ("unlimited", place))
    limit, source = next((one for one in said.values() if one[0] != "0"), usual)
    yield Setting("core.hard_limit", limit or "unlimited", source=source)
    for piece in sheet.files("/etc/systemd/coredump"):
        for at, _, key, value in sections(piece):
            if key == "Storage":
                yield Setting("core.storage", value.lower(), source=piece.at(at))
    yield from _storage(sheet, place)
    for piece in sheet.says():
        name, _, text = piece.name.partition(" ")
        dumps = number(text)
        if name == "/proc/sys/fs/suid_dumpable" and dumps is not None:
            yield Setting("kernel.suid_dumpable", dumps, source=piece.at())


def _storage(sheet: Sheet, place: Source) -> Iterator[Setting]:
    encrypted = tuple(
        p.name.removeprefix("dm ")[:80] for p in sheet.says() if p.name.startswith("dm CRYPT")
    )
    yield Setting("storage.encrypted", encrypted, source=place)
    mounts = sheet.file("/proc/mounts")
    for at, text in mounts.lines if mounts is not None else ():
        parts = words(text)
        if mounts is not None and len(parts) > 3 and parts[1] in _MOUNT:  # noqa: PLR2004 - fields
            options = tuple(parts[3].split(","))
            yield Setting("mount.options", options, parts[1], mounts.at(at))
    swap = sheet.file("/proc/swaps")
    if swap is not None:
        yield Setting("swap.used", len(swap.lines) > 1, source=swap.at())
