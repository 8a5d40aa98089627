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
_ORDINARY_ADMINS = frozenset({"root", "%wheel", "%sudo", "%admin", "%root"})
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
        return
    for part in bare[len("Defaults") :].split(","):
        key, sign, value = part.strip(" \t").partition("=")
        name = key.strip(" \t+-!")
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
        elif name and name not in rules.aliases:
            yield name


def _granted(rules: _Rules, main: Piece) -> Iterator[Setting]:
    free, everything, source_of = dict[str, None](), dict[str, None](), dict[str, Source]()
    for users, what, source in rules.grants:
        # user list and host list of the next part are separated by a colon outside commands
        tags = _TAG.findall(what)
        commands = _TAG.sub(" ", _RUNAS.sub(" ", what))
        named = [word.strip(" \t") for word in commands.split(",")]
        is_all = "ALL" in set(_members(named, rules))
        for user in _members(users, rules):
            if "NOPASSWD:" in tags:
                free[user] = None
                source_of.setdefault("free", source)
            if is_all:
                everything[user] = None
    spread = tuple(u for u in everything if u not in _ORDINARY_ADMINS)
    all_free = tuple(u for u in free if u in everything)
    place = source_of.get("free", main.at())
    yield Setting("sudo.nopasswd", tuple(free), source=place)
    yield Setting("sudo.nopasswd_all", all_free, source=place)
    yield Setting("sudo.all_commands", tuple(everything), source=main.at())
    yield Setting("sudo.all_commands_others", spread, source=main.at())
