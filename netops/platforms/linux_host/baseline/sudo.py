"""sudoers: who may become root, and without what. Aliases are resolved, includes are read.

Refuses to tell what a plug-in or a directory service adds; where one is named, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.machine import hostname_of
from netops.platforms.linux_host.baseline.plain import joined, number, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "sudoers",
        r"""
pick '^[ \t]*sudoers[ \t]*:' /etc/nsswitch.conf
set -- /etc/sudoers /etc/sudoers.d/*
if [ -r /etc/sudoers ]; then
  for named in $(awk '/^[@#]include(dir)?[ \t]/ { print $2; if (++n > 19) exit }' /etc/sudoers)
  do
    case $named in
      *..*|/etc/sudoers.d|/etc/sudoers.d/) ;;
      /etc/*) if [ -d "$named" ]; then set -- "$@" "$named"/*; else set -- "$@" "$named"; fi ;;
    esac
  done
fi
show "$@"
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
_NEXT_HOSTS = re.compile(r"[ \t]:[ \t]+([A-Za-z0-9_.,!-]{1,80})[ \t]*=")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,80}")
_SCOPED = re.compile(r"Defaults([:@>!])[ \t]*(\S{1,300})[ \t]+(.*)")
_ROOT = frozenset({"root", "#0"})
_ORDINARY_ADMINS = frozenset({"root", "%wheel", "%sudo", "%admin", "%root"})
_FOLDERS = frozenset({"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"})
_SHELLS = frozenset({"sh", "bash", "dash", "ksh", "zsh", "csh", "tcsh", "su", "sudo", "env"})
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Grant:
    """What some users may do here; ``surely``: its list of hosts names this one or all."""

    users: list[str]
    commands: str
    source: Source
    surely: bool


@dataclass(slots=True)
class _Rules:
    """What all files say together."""

    aliases: dict[str, list[str]] = field(default_factory=dict)
    grants: list[_Grant] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    scoped: dict[str, dict[str, str]] = field(default_factory=dict)
    """What is set for some users, hosts or commands alone."""
    host: str = ""


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what sudo allows."""
    sheet = sheets.get("sudoers")
    if sheet is None:
        return
    main = sheet.file("/etc/sudoers")
    if main is None:
        yield Setting("sudo.present", value=False, source=sheet.pieces[0].at())
        return
    rules = _Rules(host=hostname_of(sheets.get("system")))
    _take(main, sheet, rules, 0)
    yield Setting("sudo.present", value=True, source=main.at())
    yield from _granted(rules, main)
    own_terminal = _holds("use_pty", rules, default=False)
    yield Setting("sudo.use_pty", own_terminal, source=main.at())
    yield Setting("sudo.logfile", rules.flags.get("logfile", ""), source=main.at())
    asks = _holds("authenticate", rules, default=True)
    yield Setting("sudo.asks_password", asks, source=main.at())
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
            _grant(bare, rules, piece.at(at))


def _grant(bare: str, rules: _Rules, source: Source) -> None:
    """Take a line of who may do what; each of its lists of hosts is a grant of its own."""
    who, _, what = bare.partition("=")
    parts = words(who.replace(", ", ",").replace(" ,", ","))
    if len(parts) <= 1:
        return
    users = ",".join(parts[:-1]).split(",")
    hosts, *rest = [parts[-1], *_NEXT_HOSTS.split(what)]
    for names, commands in zip([hosts, *rest[1::2]], rest[0::2], strict=False):
        named = {*_members(names.split(","), rules)}
        if not named or any(not _is_another(name, rules.host) for name in named):
            surely = bool({"ALL", rules.host} & named) and "!" not in names
            rules.grants.append(_Grant(users, commands.strip(" \t"), source, surely))


def _is_another(name: str, host: str) -> bool:
    """Whether a word of a list of hosts is the plain name of another one."""
    is_name = _HOST.fullmatch(name) is not None and not name[:1].isdigit() and name != "ALL"
    mine = host.lower()
    return bool(mine) and is_name and name.lower() not in {mine, mine.partition(".")[0]}


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
    scope, said = "", bare[len("Defaults") :]
    if said[:1] not in {" ", "\t"}:
        match = _SCOPED.fullmatch(bare)
        if match is None:
            return
        scope, said = match[1] + match[2], match[3]
    flags = rules.scoped.setdefault(scope, {}) if scope else rules.flags
    for part in said.split(","):
        key, sign, value = part.strip(" \t").partition("=")
        name = key.strip(" \t+-!")
        flags[name] = value.strip(' \t"') if sign else "off" if "!" in key else "on"
        if not scope:
            # In the order of the lines; what is set for commands alone comes after all others.
            for other in (k for k in rules.scoped if not k.startswith("!")):
                rules.scoped[other].pop(name, None)


def _holds(flag: str, rules: _Rules, *, default: bool) -> bool:
    """Whether a flag is on for everybody: what is set for some of them alone counts, too."""
    usual = "on" if default else "off"
    said = [rules.flags.get(flag, usual), *(flags.get(flag) for flags in rules.scoped.values())]
    return "off" not in said


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
    for grant in rules.grants:
        commands, source = [*_commands(grant.commands, rules)], grant.source
        for user in _members(grant.users, rules):
            if grant.surely and _takes_back(commands):
                # The last line that fits a user decides; this one asks for every command.
                free.pop(user, None)
                at_once.pop(user, None)
            if any(command.all for command in commands):
                everything[user] = None
            # Root needs no password to be root.
            if any(command.free for command in commands) and user not in _ROOT:
                free.setdefault(user, source)
            if any(command.all and command.free for command in commands) and user in free:
                at_once.setdefault(user, source)
    spread = tuple(u for u in everything if u not in _ORDINARY_ADMINS)
    yield Setting("sudo.nopasswd", tuple(free), source=_first(free, main))
    yield Setting("sudo.nopasswd_all", tuple(at_once), source=_first(at_once, main))
    yield Setting("sudo.all_commands", tuple(everything), source=main.at())
    yield Setting("sudo.all_commands_others", spread, source=main.at())


def _takes_back(commands: list[_Command]) -> bool:
    """Whether a line asks a password for all that any line before it may have given."""
    return any(command.every for command in commands) and not any(c.free for c in commands)


def _first(found: Mapping[str, Source], main: Piece) -> Source:
    return next(iter(found.values()), main.at())


@dataclass(frozen=True, slots=True)
class _Command:
    """One command of a grant: whether it is every command as root, and asks no password."""

    all: bool
    free: bool
    every: bool
    """Whether it is the word ``ALL``, as whoever: not merely a shell."""


def _commands(text: str, rules: _Rules) -> Iterator[_Command]:
    """Yield the commands of a list; a tag or a change of user holds until the next one."""
    free, as_root, as_all = False, True, False
    for item in _COMMA.split(text):
        runas = _RUNAS.search(item)
        if runas is not None:
            as_root = _is_root(runas[0], rules)
            as_all = "ALL" in re.split(r"[(),: \t]+", runas[0].partition(":")[0])
        for tag in _TAG.findall(item):
            free = tag == "NOPASSWD:" if tag.endswith("PASSWD:") else free
        name = _TAG.sub(" ", _RUNAS.sub(" ", item)).strip(" \t")
        if name and not name.startswith("!"):
            members = [*_members([name], rules)]
            is_all = any(one == "ALL" or _is_a_shell(one) for one in members)
            yield _Command(as_root and is_all, free, as_all and "ALL" in members)


def _is_a_shell(command: str) -> bool:
    """Whether it gives every command: a shell, ``su``, or all that a folder of programs holds."""
    path, *arguments = words(command)
    if path.endswith("/*") or path in _FOLDERS:
        return path.removesuffix("*") in _FOLDERS
    folder, _, name = path.rpartition("/")
    is_open = arguments in ([], ["*"], ["-"], ["-c", "*"])
    return f"{folder}/" in _FOLDERS and name in _SHELLS and is_open


def _is_root(runas: str, rules: _Rules) -> bool:
    users = [user.strip(" \t") for user in runas.strip("()").partition(":")[0].split(",")]
    return bool({"ALL", "root", "#0"} & set(_members(users, rules)))
