"""sudoers: who may become root, and without what. Aliases are resolved, includes are read.

Refuses to tell what a plug-in or a directory service adds; where one is named, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import joined, number, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "sudoers",
        r"""
show /etc/sudoers /etc/sudoers.d/*
pick '^[[:space:]]*sudoers[[:space:]]*:' /etc/nsswitch.conf
if [ -r /etc/sudoers ]; then
  for named in $(set -f; awk '/^[@#]include(dir)?[ \t]/ { print $2 }' /etc/sudoers | head -n 20)
  do
    case $named in
      *..*|/etc/sudoers.d|/etc/sudoers.d/) ;;
      /etc/*) if [ -d "$named" ]; then show "$named"/*; else show "$named"; fi ;;
    esac
  done
fi
""",
        60_000,
    ),
)

_ALIAS = re.compile(r"(User|Runas|Host|Cmnd)_Alias[ \t]+(.{1,3000})")
_NAMED = re.compile(r"([A-Z][A-Z0-9_]{0,80})[ \t]*=[ \t]*(.*)")
_INCLUDE = re.compile(r"[@#]include(dir)?[ \t]+(\S.*)")
_TAG = re.compile(r"(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT):")
_RUNAS = re.compile(r"\([^)]{0,300}\)")
_COMMA = re.compile(r",(?![^()]{0,200}\))")
_HOSTS = re.compile(r"[ \t]:[ \t]+[A-Za-z0-9_.,!-]{1,80}[ \t]*=")
_ORDINARY_ADMINS = frozenset({"root", "%wheel", "%sudo", "%admin", "%root"})
_FOLDERS = frozenset({"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"})
_SHELLS = frozenset({"sh", "bash", "dash", "ksh", "zsh", "csh", "tcsh", "su", "sudo", "env"})
_DEEPEST = 20


@dataclass(slots=True)
class _Rules:
    """What all files say together."""

    aliases: dict[str, list[str]] = field(default_factory=dict)
    grants: list[tuple[list[str], str, Source]] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what sudo allows."""
    sheet = sheets.get("sudoers")
    if sheet is None:
        return
    main = sheet.file("/etc/sudoers")
    if main is None:
        yield Setting("sudo.present", value=False, source=sheet.pieces[0].at())
        return
    rules = _Rules()
    _take(main, sheet, rules, 0)
    yield Setting("sudo.present", value=True, source=main.at())
    yield from _granted(rules, main)
    yield Setting("sudo.use_pty", rules.flags.get("use_pty") == "on", source=main.at())
    yield Setting("sudo.logfile", rules.flags.get("logfile", ""), source=main.at())
    yield Setting("sudo.asks_password", rules.flags.get("authenticate") != "off", source=main.at())
    minutes = number(rules.flags.get("timestamp_timeout"))
    if minutes is not None:
        yield Setting("sudo.remembers_min", minutes, source=main.at())


def _take(piece: Piece, sheet: Sheet, rules: _Rules, depth: int) -> None:
    for at, text in joined(piece):
        bare = text.strip(" \t\r\n")
        match = _INCLUDE.fullmatch(bare)
        if match is not None:
            _include(match, sheet, rules, depth)
            continue
        bare = re.sub(r"(?<!\\)#(?![0-9]).*", "", bare, count=1).strip(" \t")
        if not bare:
            continue
        alias = _ALIAS.fullmatch(bare)
        if alias is not None:
            _alias(alias[2], rules)
        elif bare.startswith("Defaults"):
            _defaults(bare, rules)
        elif "=" in bare:
            who, _, what = bare.partition("=")
            parts = words(who.replace(", ", ",").replace(" ,", ","))
            if len(parts) > 1:
                users = ",".join(parts[:-1]).split(",")
                rules.grants.append((users, what.strip(" \t"), piece.at(at)))


def _include(match: re.Match[str], sheet: Sheet, rules: _Rules, depth: int) -> None:
    named, is_folder = match[2].strip('" \t'), bool(match[1])
    if depth > _DEEPEST or "%h" in named:
        raise UnreliableError("sudoers", f"its include {named[:80]} could not be followed")
    path = named if named.startswith("/") else f"/etc/{named}"
    folder = path.rstrip("/") + "/"
    for piece in sorted(sheet.files(folder if is_folder else path), key=lambda p: p.name):
        name = piece.name.removeprefix(folder)
        if is_folder and ("/" in name or "." in name or name.endswith("~")):
            continue
        if is_folder or piece.name == path:
            _take(piece, sheet, rules, depth + 1)
    shown = any(p.name.startswith(path.rstrip("/")) for p in sheet.pieces)
    if not shown:
        raise UnreliableError("sudoers", f"its include {named[:80]} was not shown")


def _alias(text: str, rules: _Rules) -> None:
    for part in text.split(":"):
        match = _NAMED.fullmatch(part.strip(" \t"))
        if match is not None:
            rules.aliases[match[1]] = [m.strip(" \t") for m in match[2].split(",")]


def _defaults(bare: str, rules: _Rules) -> None:
    if bare[len("Defaults") :][:1] not in {" ", "\t"}:
        # One user's or one host's: only what nobody should have matters.
        if re.search(r"[ \t,]![ \t]*authenticate", bare):
            rules.flags["authenticate"] = "off"
        return
    for part in bare[len("Defaults") :].split(","):
        key, sign, value = part.strip(" \t").partition("=")
        name = key.strip(" \t+-!")
        if name == "authenticate" and rules.flags.get(name) == "off":
            continue
        rules.flags[name] = value.strip(' \t"') if sign else "off" if "!" in key else "on"


def _members(names: list[str], rules: _Rules) -> Iterator[str]:
    """Yield what names come to once aliases are resolved, each alias once."""
    seen: set[str] = set()
    waiting = list(reversed(names))
    while waiting:
        name = waiting.pop()
        if name in rules.aliases and name not in seen:
            seen.add(name)
            waiting.extend(reversed(rules.aliases[name]))
        elif name and name not in rules.aliases and not name.startswith("!"):
            yield name


def _granted(rules: _Rules, main: Piece) -> Iterator[Setting]:
    free, everything, at_once = dict[str, Source](), dict[str, None](), dict[str, Source]()
    for users, what, source in rules.grants:
        commands = [one for part in _HOSTS.split(what) for one in _commands(part, rules)]
        for user in _members(users, rules):
            if any(command.free for command in commands):
                free.setdefault(user, source)
            if any(command.all for command in commands):
                everything[user] = None
            if any(command.all and command.free for command in commands):
                at_once.setdefault(user, source)
    spread = tuple(u for u in everything if u not in _ORDINARY_ADMINS)
    yield Setting("sudo.nopasswd", tuple(free), source=_first(free, main))
    yield Setting("sudo.nopasswd_all", tuple(at_once), source=_first(at_once, main))
    yield Setting("sudo.all_commands", tuple(everything), source=main.at())
    yield Setting("sudo.all_commands_others", spread, source=main.at())


def _first(found: Mapping[str, Source], main: Piece) -> Source:
    return next(iter(found.values()), main.at())


@dataclass(frozen=True, slots=True)
class _Command:
    """One command of a grant: whether it is every command as root, and asks no password."""

    all: bool
    free: bool


def _commands(text: str, rules: _Rules) -> Iterator[_Command]:
    """Yield the commands of a list; a tag or a change of user holds until the next one."""
    free, as_root = False, True
    for item in _COMMA.split(text):
        runas = _RUNAS.search(item)
        if runas is not None:
            as_root = _is_root(runas[0], rules)
        for tag in _TAG.findall(item):
            free = tag == "NOPASSWD:" if tag.endswith("PASSWD:") else free
        name = _TAG.sub(" ", _RUNAS.sub(" ", item)).strip(" \t")
        if name and not name.startswith("!"):
            is_all = any(one == "ALL" or _is_a_shell(one) for one in _members([name], rules))
            yield _Command(as_root and is_all, free)


def _is_a_shell(command: str) -> bool:
    """Whether it gives every command: a shell, ``su``, or all that a folder of programs holds."""
    path, *arguments = words(command)
    if path.endswith("/*") or path in _FOLDERS:
        return path.removesuffix("*") in _FOLDERS
    folder, _, name = path.rpartition("/")
    return f"{folder}/" in _FOLDERS and name in _SHELLS and arguments in ([], ["*"], ["-"])


def _is_root(runas: str, rules: _Rules) -> bool:
    users = [user.strip(" \t") for user in runas.strip("()").partition(":")[0].split(",")]
    return bool({"ALL", "root", "#0"} & set(_members(users, rules)))
