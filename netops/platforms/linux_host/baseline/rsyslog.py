"""rsyslog's rules as a message of a log-in goes through them: to which hosts is it sent?

Reads legacy lines (``*.* @@host``) and RainerScript (``if … then``, ``action(…)``, rule sets),
includes in place. A condition on a message's text holds for some of them: it sends nothing surely.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import words
from netops.platforms.linux_host.baseline.rsyslog_tests import (
    MESSAGES,
    Message,
    condition,
    property_test,
    selector_test,
)
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError

_LEGACY = re.compile(r"@@?(?:\([^)]{0,40}\))?(\[[0-9a-fA-F:.]{2,45}\]|[^:;\s\"@]{1,255})")
_RELP = re.compile(r":omrelp:(\[[0-9a-fA-F:.]{2,45}\]|[^:;\s\"]{1,255})", re.IGNORECASE)
_PARAMETER = re.compile(
    r"([A-Za-z.]{1,40})\s{0,40}=\s{0,40}(?:\"([^\"]{0,400})\"|\[([^\]]{0,400})\])"
)
_OBJECT = re.compile(r"([A-Za-z_]{1,40})\s{0,10}\(")
_SELECTOR = re.compile(r"[A-Za-z0-9*,]{1,200}\.[A-Za-z0-9*,.;!=]{1,400}(?=\s)")
_PROPERTY = re.compile(r':([\w-]{1,40}),\s{0,8}(!?)(\w{1,20}),\s{0,8}"([^"\n]{0,400})"')
_WHOLE = re.compile(r"[A-Za-z]{1,10}(?![\w.*,])")
_THEN = re.compile(r"\bthen\b", re.IGNORECASE)
_CALL = re.compile(r"call[ \t]{1,40}([\w.-]{1,80})", re.IGNORECASE)
_FILE = re.compile(r"-?/(?!dev/)|\?\w|:om(?:mysql|pgsql|elasticsearch|journal|file):")
_KEEP = frozenset({"omfile", "ommysql", "ompgsql", "omelasticsearch", "omjournal", "omkafka"})
_DEFAULT = "rsyslog_defaultruleset"
_DEEPEST = 20
_MOST_FILES = 100
_MOST_TAKEN = 40_000
_MOST = 4_000

Test = Callable[[Message], bool | None]


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
    """The hosts that a message of a log-in surely reaches; whether any of them keeps it."""

    targets: dict[str, Source]
    kept: bool


def reached(sheet: Sheet, main: Piece) -> Reached:
    """Send messages of log-ins through the rules; the host itself may be among the targets."""
    reader = _Reader(sheet)
    run = _Run(reader.read(main))
    for message in MESSAGES:
        run.carry_out(run.sets.get(_DEFAULT, []), message, 0)
    if not run.found and not reader.whole:
        raise UnreliableError(sheet.name, "an include of rsyslog was not shown")
    return Reached(run.found, run.kept or bool(run.found))


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

    def read(self, main: Piece) -> dict[str, list[_Step]]:
        """Return the steps of every set of rules by its name."""
        self._file(main, 0)
        return self._sets

    def _file(self, piece: Piece, depth: int) -> None:
        self._files += 1
        if self._files > _MOST_FILES:
            self.whole = False
            return
        text = _Text(piece)
        while not text.ended and self._count < _MOST:
            self._sets.setdefault(self._current, []).extend(self._steps(text, depth, top=True))

    def _steps(self, text: _Text, depth: int, *, top: bool = False) -> list[_Step]:
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

    def _statement(self, text: _Text, depth: int) -> list[_Step]:
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

    def _filter(self, text: _Text) -> Test | None:
        if text.take("&"):
            return text.last
        found = text.match(_PROPERTY)
        if found is not None:
            return property_test(found[1], found[3], found[4], negated=bool(found[2]))
        found = text.match(_SELECTOR)
        return selector_test(found[0]) if found is not None else None

    def _choice(self, text: _Text, depth: int) -> _Step:
        test = condition(text.until_then())
        step = _Step("if", test=test, then=self._branch(text, depth))
        text.last = test
        text.skip()
        if text.take_word("else"):
            step.other = self._branch(text, depth)
        return step

    def _branch(self, text: _Text, depth: int) -> list[_Step]:
        text.skip()
        if depth > _DEEPEST:
            text.rest_of_line()
            return []
        if text.take("{"):
            return self._steps(text, depth + 1)
        if text.take_word("if"):
            return [self._choice(text, depth + 1)]
        return self._action(text, depth)

    def _action(self, text: _Text, depth: int) -> list[_Step]:
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
        line = text.rest_of_line().strip()
        sent = _LEGACY.match(line) or _RELP.match(line)
        if sent is None:
            return [_Step("keep")] if _FILE.match(line) else []
        return [_Step("send", sent[1].strip("[]"), source)]

    def _object(self, kind: str, text: _Text, depth: int, source: Source) -> list[_Step]:
        pairs = _PARAMETER.finditer(text.until_closed())
        said = {found[1].lower(): found[2] or found[3] or "" for found in pairs}
        if said.get("config.enabled", "on").lower() == "off":
            text.skip()
            if text.take("{"):
                self._steps(text, depth + 1)
            return []
        if kind == "action" and said.get("type", "").lower() in {"omfwd", "omrelp"}:
            hosts = [host.strip(' "') for host in said.get("target", "").split(",")]
            return [_Step("send", host, source) for host in hosts if host]
        if kind == "action" and said.get("type", "").lower() in _KEEP:
            return [_Step("keep")] if not said.get("file", "").startswith("/dev/") else []
        if kind == "include":
            self._include(said.get("file", ""), depth)
        elif kind in {"ruleset", "template", "foreach"}:
            text.skip()
            if text.take_word("do"):
                text.skip()
            inside = self._steps(text, depth + 1) if text.take("{") else []
            if kind == "ruleset":
                self._sets.setdefault(said.get("name", "").lower(), []).extend(inside)
        return []

    def _directive(self, line: str, depth: int) -> None:
        parts = words(line)
        name = parts[0].lower() if parts else ""
        if name == "$includeconfig" and len(parts) > 1:
            self._include(parts[1], depth)
        elif name == "$ruleset" and len(parts) > 1:
            self._current = parts[1].lower()

    def _include(self, pattern: str, depth: int) -> None:
        wanted = pattern + "*" if pattern.endswith("/") else pattern
        shown = [p for p in self._sheet.files("/etc/rsyslog.d/") if fnmatchcase(p.name, wanted)]
        self.whole = self.whole and (bool(shown) or wanted.startswith("/etc/rsyslog.d/"))
        for piece in shown:
            self._file(piece, depth + 1)


class _Text:
    """One file without its comments, read from the front."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._text = _without_comments("\n".join(text for _, text in piece.lines))
        self._at = 0
        self.last: Test | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing but blanks is left."""
        return not self.skip()

    def skip(self) -> bool:
        """Pass over blanks and ends of lines; False: nothing is left."""
        self._pass(" \t\r\n\f\v;")
        return self._at < len(self._text)

    def skip_blanks(self) -> None:
        """Pass over blanks of this line."""
        self._pass(" \t")

    def _pass(self, blanks: str) -> None:
        while self._at < len(self._text) and self._text[self._at] in blanks:
            self._at += 1

    def peek(self, sign: str) -> bool:
        """Whether a sign comes next."""
        return self._text.startswith(sign, self._at)

    def take(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        found = self.peek(sign)
        self._at += len(sign) if found else 0
        return found

    def take_word(self, word: str) -> bool:
        """Take a word if it comes next and is not part of a longer one."""
        found = _WHOLE.match(self._text, self._at)
        if found is None or found[0].lower() != word:
            return False
        self._at = found.end()
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what a pattern fits next."""
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def rest_of_line(self) -> str:
        """Take the line to its end, or to a bracket that closes a block it stands in."""
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        line = self._text[self._at : end]
        closed = line.find("}")
        if closed >= 0 and '"' not in line[:closed]:
            end = self._at + closed
        found = self._text[self._at : end]
        self._at = max(end, self._at + (not found))
        return found

    def until_then(self) -> str:
        """Take a condition."""
        found = _THEN.search(self._text, self._at)
        end = found.start() if found is not None else len(self._text)
        said = self._text[self._at : end]
        self._at = found.end() if found is not None else end
        return said

    def until_closed(self) -> str:
        """Take what stands in round brackets, of which the first is open already."""
        depth, quote, began = 1, "", self._at
        while self._at < len(self._text) and depth:
            sign = self._text[self._at]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "\"'":
                quote = sign
            else:
                depth += {"(": 1, ")": -1}.get(sign, 0)
            self._at += 1
        return self._text[began : self._at - 1]

    def source(self) -> Source:
        """Name the line that is read just now."""
        line = self._text.count("\n", 0, self._at)
        return self._piece.at(self._piece.lines[line][0] if self._piece.lines else 0)


def _without_comments(text: str) -> str:
    """Return the text with comments blanked and lines joined; lines keep their numbers."""
    kept: list[str] = []
    is_remark = False
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        if not is_remark and bare.lstrip(" \t").startswith("#"):
            bare = ""
        elif is_remark or "#" in bare or "/*" in bare:
            bare, is_remark = _bare(bare, is_remark=is_remark)
        kept.append(bare)
    return _joined(kept)


def _bare(line: str, *, is_remark: bool) -> tuple[str, bool]:
    """Return a line without its comments, and whether a comment goes on behind it."""
    out, quote, at = list[str](), "", 0
    while at < len(line):
        sign, pair = line[at], line[at : at + 2]
        is_first = at == 0 or line[at - 1] in " \t;(){}"
        if is_remark:
            is_remark = pair != "*/"
            at += 1 if is_remark else 2
        elif not quote and is_first and pair == "/*":
            is_remark, at = True, at + 2
        elif not quote and is_first and sign == "#":
            break
        else:
            if sign in "\"'":
                quote = "" if quote == sign else quote or sign
            out.append(sign)
            at += 1
    return "".join(out), is_remark


def _joined(lines: list[str]) -> str:
    """Join lines that end in a backslash; empty lines take their places."""
    kept: list[str] = []
    first = -1
    for line in lines:
        goes_on = line.endswith("\\")
        bare = line[:-1] + " " if goes_on else line
        if first >= 0:
            kept[first] += bare
            kept.append("")
        else:
            kept.append(bare)
        first = (first if first >= 0 else len(kept) - 1) if goes_on else -1
    return "\n".join(kept)
