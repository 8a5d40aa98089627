"""rsyslog's rules as a message of a log-in goes through them: to which hosts is it sent?

Reads legacy lines (``*.* @@host``) and RainerScript (``if … then``, ``action(…)``, rule sets),
includes in place. A condition on a message's text holds for some of them: it sends nothing surely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import words
from netops.platforms.linux_host.baseline.rsyslog_tests import (
    MESSAGES,
    Message,
    Test,
    condition,
    property_test,
    selector_test,
)
from netops.platforms.linux_host.baseline.rsyslog_text import Text
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError

_LEGACY = re.compile(r"@@?(?:\([^)]{0,40}\))?(\[[0-9a-fA-F:.]{2,45}\]|[^:;\s\"@]{1,255})")
_RELP = re.compile(r":omrelp:(\[[0-9a-fA-F:.]{2,45}\]|[^:;\s\"]{1,255})", re.IGNORECASE)
_PARAMETER = re.compile(
    r"([A-Za-z.]{1,40})\s{0,40}=\s{0,40}(?:\"([^\"]{0,400})\"|\[([^\]]{0,400})\])"
)
_OBJECT = re.compile(r"([A-Za-z_]{1,40})\s{0,10}\(")
_SELECTOR = re.compile(r"[A-Za-z0-9*,]{1,200}\.[A-Za-z0-9*,.;!=]{1,400}(?=\s)")
_PROPERTY = re.compile(r':([\w-]{1,40}),\s{0,8}(!?)(\w{1,20}),\s{0,8}"([^"\n]{0,400})"')
_CALL = re.compile(r"call[ \t]{1,40}([\w.-]{1,80})", re.IGNORECASE)
_FILE = re.compile(r"-?/(?!dev/)|\?\w|:om(?:mysql|pgsql|elasticsearch|journal|file):")
_KEEP = frozenset({"omfile", "ommysql", "ompgsql", "omelasticsearch", "omjournal", "omkafka"})
_SOCKET = "imuxsock"
_SYSTEM = frozenset({"/dev/log", "/run/systemd/journal/syslog"})
_RESERVE = "action.execonlywhenpreviousissuspended"
"""Of an action that is carried out where the one before it fails, and else never."""
_RARE = ("action.execonlyonceeveryinterval", "action.execonlyeverynthtime")
"""Of an action that is carried out for some messages alone."""
_OFF = frozenset({"off", "no", "0"})
_DEFAULT = "rsyslog_defaultruleset"
_DEEPEST = 20
_MOST_FILES = 100
_MOST_TAKEN = 40_000
_MOST = 4_000


@dataclass(slots=True)
class _Step:
    """One thing done with a message: sent, thrown away, tested, or handed to a set of rules."""

    kind: str
    name: str = ""
    source: Source | None = None
    test: Test | None = None
    then: list[_Step] = field(default_factory=list)
    other: list[_Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reached:
    """The hosts that a message of a log-in surely reaches; whether any of them keeps it.

    ``by_socket``, ``by_journal``: which ways in are open, the system's socket or the journal.
    """

    targets: dict[str, Source]
    kept: bool
    by_socket: bool
    by_journal: bool


def reached(sheet: Sheet, main: Piece) -> Reached:
    """Send messages of log-ins through the rules; the host itself may be among the targets."""
    reader = _Reader(sheet)
    run = _Run(reader.read(main))
    loaded = reader.inputs
    for message in MESSAGES:
        run.carry_out(run.sets.get(_DEFAULT, []), message, 0)
    if not (run.found and loaded) and not reader.whole:
        raise UnreliableError(sheet.name, "an include of rsyslog was not shown")
    by_socket = "socket" in loaded or (_SOCKET in loaded and not reader.no_socket)
    return Reached(run.found, run.kept or bool(run.found), by_socket, "imjournal" in loaded)


@dataclass(slots=True)
class _Run:
    """Messages on their way through the steps; bounded, for sets may call one another."""

    sets: dict[str, list[_Step]]
    found: dict[str, Source] = field(default_factory=dict)
    kept: bool = False
    taken: int = 0

    def carry_out(self, steps: list[_Step], message: Message, depth: int) -> bool:
        """Carry out steps; True: the message is thrown away here."""
        for step in steps:
            self.taken += 1
            if step.kind == "stop" or self.taken > _MOST_TAKEN:
                return True
            if step.kind == "send" and step.source is not None:
                self.found.setdefault(step.name, step.source)
            self.kept = self.kept or step.kind == "keep"
            inner = self._inner(step, message)
            if inner and depth < _DEEPEST and self.carry_out(inner, message, depth + 1):
                return True
        return False

    def _inner(self, step: _Step, message: Message) -> list[_Step]:
        if step.kind == "call":
            return self.sets.get(step.name, [])
        if step.test is None:
            return []
        holds = step.test(message)
        return step.then if holds else step.other if holds is False else []


def _line(line: str, source: Source) -> list[_Step]:
    """Return what an action of the old language does."""
    sent = _LEGACY.match(line) or _RELP.match(line)
    if sent is None:
        return [_Step("keep")] if _FILE.match(line) else []
    return [_Step("send", sent[1].strip("[]"), source)]


def _carried_out(said: dict[str, str], source: Source) -> list[_Step]:
    """Return what ``action(…)`` does; one in reserve does nothing while the one before it works."""
    kind = said.get("type", "").lower()
    if said.get(_RESERVE, "off").lower() not in _OFF or any(said.get(k, "0") != "0" for k in _RARE):
        return []
    if kind in {"omfwd", "omrelp"}:
        hosts = [host.strip(' "') for host in said.get("target", "").split(",")]
        return [_Step("send", host, source) for host in hosts if host]
    is_kept = kind in _KEEP and not said.get("file", "").startswith("/dev/")
    return [_Step("keep")] if is_kept else []


class _Reader:
    """Turns the files into sets of steps; bounded in files, depth and steps."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._sets: dict[str, list[_Step]] = {_DEFAULT: []}
        self._current = _DEFAULT
        self._count = 0
        self._files = 0
        self.whole = True
        """Whether every file was shown that another one includes."""
        self.inputs: set[str] = set()
        self._reserve = False
        self.no_socket = False
        """Whether the module for sockets was told to leave the system's alone."""

    def read(self, main: Piece) -> dict[str, list[_Step]]:
        """Return the steps of every set of rules by its name."""
        self._file(main, 0)
        return self._sets

    def _file(self, piece: Piece, depth: int) -> None:
        self._files += 1
        if self._files > _MOST_FILES:
            self.whole = False
            return
        text = Text(piece)
        while not text.ended and self._count < _MOST:
            self._sets.setdefault(self._current, []).extend(self._steps(text, depth, top=True))

    def _steps(self, text: Text, depth: int, *, top: bool = False) -> list[_Step]:
        """Return the steps up to a closing bracket; at the top: of one statement."""
        steps: list[_Step] = []
        while text.skip():
            self._count += 1
            if text.take("}"):
                break
            steps.extend(self._statement(text, depth))
            if top or self._count > _MOST:
                break
        return steps

    def _statement(self, text: Text, depth: int) -> list[_Step]:
        if depth > _DEEPEST:
            text.rest_of_line()
            return []
        if text.take_word("if"):
            return [self._choice(text, depth)]
        if text.peek("$"):
            self._directive(text.rest_of_line(), depth)
            return []
        test = self._filter(text)
        if test is not None:
            text.last = test
            return [_Step("if", test=test, then=self._action(text, depth))]
        return self._action(text, depth)

    def _filter(self, text: Text) -> Test | None:
        if text.take("&"):
            return text.last
        found = text.match(_PROPERTY)
        if found is not None:
            return property_test(found[1], found[3], found[4], negated=bool(found[2]))
        found = text.match(_SELECTOR)
        return selector_test(found[0]) if found is not None else None

    def _choice(self, text: Text, depth: int) -> _Step:
        test = condition(text.until_then())
        step = _Step("if", test=test, then=self._branch(text, depth))
        text.last = test
        text.skip()
        if text.take_word("else"):
            step.other = self._branch(text, depth)
        return step

    def _branch(self, text: Text, depth: int) -> list[_Step]:
        text.skip()
        if depth > _DEEPEST:
            text.rest_of_line()
            return []
        if text.take("{"):
            return self._steps(text, depth + 1)
        if text.take_word("if"):
            return [self._choice(text, depth + 1)]
        return self._action(text, depth)

    def _action(self, text: Text, depth: int) -> list[_Step]:
        """Return what stands behind a filter, or alone."""
        text.skip_blanks()
        if text.take("{"):
            return self._steps(text, depth + 1)
        source = text.source()
        found = text.match(_OBJECT)
        if found is not None:
            return self._object(found[1].lower(), text, depth, source)
        if text.take_word("stop") or text.take("~"):
            return [_Step("stop")]
        called = text.match(_CALL)
        if called is not None:
            return [_Step("call", called[1].lower())]
        steps = _line(text.rest_of_line().strip(), source)
        return steps if not self._reserve else []

    def _object(self, kind: str, text: Text, depth: int, source: Source) -> list[_Step]:
        pairs = _PARAMETER.finditer(text.until_closed())
        said = {found[1].lower(): found[2] or found[3] or "" for found in pairs}
        if said.get("config.enabled", "on").lower() == "off":
            text.skip()
            if text.take("{"):
                self._steps(text, depth + 1)
            return []
        if kind == "action":
            return _carried_out(said, source)
        if kind in {"module", "input"}:
            self._input(said)
        elif kind == "include":
            self._include(said.get("file", ""), depth)
        elif kind in {"ruleset", "template", "foreach"}:
            text.skip()
            if text.take_word("do"):
                text.skip()
            inside = self._steps(text, depth + 1) if text.take("{") else []
            if kind == "ruleset":
                self._sets.setdefault(said.get("name", "").lower(), []).extend(inside)
        return []

    def _input(self, said: dict[str, str]) -> None:
        """Take a module that is loaded, or a socket of the system that it is to listen on, too."""
        if "load" in said:
            self._load(said["load"])
            self.no_socket = self.no_socket or said.get("syssock.use", "on").lower() in _OFF
        elif said.get("type", "").lower() == _SOCKET and said.get("socket") in _SYSTEM:
            self.inputs.add("socket")

    def _load(self, module: str) -> None:
        self.inputs.add(module.rpartition("/")[2].removesuffix(".so").lower())

    def _directive(self, line: str, depth: int) -> None:
        parts = words(line)
        name = parts[0].lower() if parts else ""
        if name == "$includeconfig" and len(parts) > 1:
            self._include(parts[1], depth)
        elif name == "$ruleset" and len(parts) > 1:
            self._current = parts[1].lower()
        elif name == "$modload" and len(parts) > 1:
            self._load(parts[1])
        elif name == "$actionexeconlywhenpreviousissuspended":
            self._reserve = parts[1:2] == ["on"]
        elif name == "$omitlocallogging":
            self.no_socket = parts[1:2] != ["off"]

    def _include(self, pattern: str, depth: int) -> None:
        wanted = pattern + "*" if pattern.endswith("/") else pattern
        shown = [p for p in self._sheet.files("/etc/rsyslog.d/") if fnmatchcase(p.name, wanted)]
        self.whole = self.whole and (bool(shown) or wanted.startswith("/etc/rsyslog.d/"))
        for piece in shown:
            self._file(piece, depth + 1)
