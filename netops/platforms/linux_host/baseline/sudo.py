"""sudoers: who may become root, and without what. Aliases are resolved, includes are read.

Refuses to tell what a plug-in or a directory service adds; where one is named, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.machine import hostname_of
from netops.platforms.linux_host.baseline.plain import joined, number, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.linux_host.baseline.sudo_escapes import gives_all, root_by_name
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
_OPTION = re.compile(
    r"\b(?:APPARMOR_PROFILE|CHROOT|CWD|LIMITPRIVS|NOTAFTER|NOTBEFORE|PRIVS|ROLE|TIMEOUT|TYPE)"
    r"[ \t]*=[ \t]*\S{1,300}"
)
_COMMA = re.compile(r"(?<!\\),(?![^()]{0,200}\))")
_NEXT_HOSTS = re.compile(r"[ \t]:[ \t]+([A-Za-z0-9_.,!-]{1,80})[ \t]*=")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,80}")
_SCOPED = re.compile(r"Defaults([:@>!])[ \t]*(\S{1,300})[ \t]+(.*)")
_ROOT = frozenset({"root", "#0"})
_ORDINARY_ADMINS = frozenset({"root", "%wheel", "%sudo", "%admin", "%root"})
_DEEPEST = 20
_MEMBERS = 3
"""The field of ``group`` with the members; in ``passwd`` it is the number of the first group."""


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
    senses: dict[tuple[str, bool], _Sense] = field(default_factory=dict)
    """What names of commands come to; a list may be granted a thousand times."""


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
    exempt = _exempt(rules, sheets.get("accounts"))
    if not (asks and exempt is None):
        yield Setting("sudo.asks_password", asks and not exempt, source=main.at())
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


def _exempt(rules: _Rules, accounts: Sheet | None) -> bool | None:
    """Return whether there is a group with members that is asked no password; None: not known."""
    said = [
        rules.flags.get("exempt_group"),
        *(f.get("exempt_group") for f in rules.scoped.values()),
    ]
    groups = {name for name in said if name and name != "off"}
    if not groups:
        return False
    listed = accounts.file("/etc/group") if accounts is not None else None
    passwd = accounts.file("/etc/passwd") if accounts is not None else None
    if listed is None or passwd is None:
        return None
    rows = [text.split(":") for _, text in listed.lines]
    ours = [row for row in rows if row[0] in groups and len(row) > _MEMBERS]
    primary = {row[_MEMBERS] for _, text in passwd.lines if len(row := text.split(":")) > _MEMBERS}
    return any(row[_MEMBERS].strip() or row[_MEMBERS - 1] in primary for row in ours)


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
    held_back = _held_back(rules)
    for grant in rules.grants:
        commands, source = [*_commands(grant.commands, rules, held_back)], grant.source
        takes_back = grant.surely and _takes_back(commands)
        everything_here = any(command.all for command in commands)
        asks_nothing = any(command.free for command in commands)
        at_once_all = any(command.all and command.free for command in commands)
        for user in _members(grant.users, rules):
            if takes_back:
                # The last line that fits a user decides; this one asks for every command.
                free.pop(user, None)
                at_once.pop(user, None)
            if everything_here:
                everything[user] = None
            # Root needs no password to be root.
            if asks_nothing and user not in _ROOT:
                free.setdefault(user, source)
            if at_once_all and user in free:
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
    as_root: bool


@dataclass(slots=True)
class _Tags:
    """What holds for a command and those behind it, until the list says otherwise."""

    free: bool = False
    held: bool = False
    """It may start no other program."""
    sets: bool = False
    """The user sets its variables: with those of the dynamic loader it does anything."""

    def take(self, item: str) -> None:
        """Take what stands before a command."""
        for tag in _TAG.findall(item):
            if tag.endswith("PASSWD:"):
                self.free = tag == "NOPASSWD:"
            elif tag.endswith("EXEC:"):
                self.held = tag == "NOEXEC:"
            elif tag.endswith("SETENV:"):
                self.sets = tag == "SETENV:"


def _commands(text: str, rules: _Rules, held_back: frozenset[str]) -> Iterator[_Command]:
    """Yield the commands of a list; a tag or a change of user holds until the next one."""
    tags, as_root, as_all = _Tags(), True, False
    tags.held = rules.flags.get("noexec") == "on"
    tags.sets = rules.flags.get("setenv") == "on"
    found: list[tuple[_Sense, _Command]] = []
    denied: set[str] = set()
    for item in _COMMA.split(text):
        runas = _RUNAS.search(item)
        if runas is not None:
            as_root = _is_root(runas[0], rules)
            as_all = "ALL" in re.split(r"[(),: \t]+", runas[0].partition(":")[0])
        tags.take(item)
        name = _OPTION.sub(" ", _TAG.sub(" ", _RUNAS.sub(" ", item))).strip(" \t")
        sense = _sense(name.lstrip("! \t"), tags, rules, held_back)
        denied |= sense.by_name if name.startswith("!") else sense.denied
        if name and not name.startswith("!"):
            is_all = as_root and (sense.all or tags.sets)
            found.append((sense, _Command(is_all, tags.free, as_all and sense.every, as_root)))
    for sense, command in found:
        gives_root = command.as_root and not sense.by_name <= denied
        yield replace(command, all=True) if gives_root else command


@dataclass(frozen=True, slots=True)
class _Sense:
    """What a name of a list of commands comes to."""

    every: bool
    """The word ``ALL``."""
    all: bool
    """Every command, if root carries it out."""
    by_name: frozenset[str]
    """The ways in which it makes one root who names root: ``su``, ``passwd``."""
    denied: frozenset[str]
    """Those of them that it takes back."""


def _sense(name: str, tags: _Tags, rules: _Rules, held_back: frozenset[str]) -> _Sense:
    key = (name, tags.held)
    if key not in rules.senses:
        members = [*_members([name], rules)]
        every = "ALL" in members
        denied = [m[1:].strip(" \t") for m in rules.aliases.get(name, ()) if m.startswith("!")]
        rules.senses[key] = _Sense(
            every,
            every or any(gives_all(m, held=tags.held or _path(m) in held_back) for m in members),
            _by_name(members, held=tags.held),
            _by_name(denied),
        )
    return rules.senses[key]


def _by_name(commands: Iterable[str], *, held: bool = False) -> frozenset[str]:
    return frozenset(way for one in commands for way in root_by_name(one, held=held))


def _held_back(rules: _Rules) -> frozenset[str]:
    """Return the programs of which ``Defaults!COMMANDS noexec`` speaks."""
    scopes = [k for k, flags in rules.scoped.items() if flags.get("noexec") == "on"]
    names = [name for scope in scopes if scope[0] == "!" for name in scope[1:].split(",")]
    return frozenset(_path(one) for one in _members(names, rules))


def _path(command: str) -> str:
    return command.partition(" ")[0]


def _is_root(runas: str, rules: _Rules) -> bool:
    users = [user.strip(" \t") for user in runas.strip("()").partition(":")[0].split(",")]
    return bool({"ALL", "root", "#0"} & set(_members(users, rules)))
