"""What the SSH server is told when it is started, which goes before its configuration file.

Knows the unit of systemd with its drop-ins and the files of variables that it names; where no unit
was shown, the usual ones. Refuses to guess what another configuration file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import assignments, quoted_words, sections
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError

UNITS = (
    "/usr/lib/systemd/system/ssh.service /usr/lib/systemd/system/sshd.service "
    "/etc/systemd/system/ssh*.service /etc/systemd/system/ssh*.service.d/*.conf "
    "/usr/lib/systemd/system/ssh*.service.d/*.conf"
)
VARIABLES = (
    "/etc/crypto-policies/back-ends/opensshserver.config /etc/sysconfig/sshd-permitrootlogin "
    "/etc/sysconfig/sshd /etc/default/ssh"
)

_USUAL = ("$SSHD_OPTS", "$OPTIONS", "$CRYPTO_POLICY", "$PERMITROOTLOGIN")
"""Of the units of Debian, and of Fedora's and RHEL's kin."""
_WITH_VALUE = frozenset("fobCcEghkpu")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]{0,60})\}?")
_DAEMON = re.compile(r"[@:+!-]*/\S{0,200}/sshd$")
_MOST = 300

Variables = dict[str, tuple[str, Source]]


def told(sheet: Sheet) -> Iterator[tuple[str, str, Source]]:
    """Yield (``o`` or ``p``, its word, where it stands) of the daemon's command, in order."""
    started = _started(sheet)
    variables = _variables(sheet, started.files if started is not None else None)
    if started is not None:
        variables |= started.variables
    line = started.words if started is not None else _USUAL
    fallback = started.source if started is not None else sheet.pieces[0].at()
    options = list(_expanded(line, variables, fallback))[:_MOST]
    at = 0
    while at < len(options):
        word, source = options[at]
        letter, value = (word[1:2], word[2:]) if word[:1] == "-" else ("", "")
        if letter in _WITH_VALUE and not value:
            at += 1
            value = options[at][0] if at < len(options) else ""
        if letter == "f":
            raise UnreliableError("sshd", f"the daemon is given another file: {value[:80]}")
        if letter in {"o", "p"}:
            yield letter, value, source
        at += 1


class _Started:
    """The command of the unit once all its drop-ins have had their word."""

    def __init__(self) -> None:
        self.words: tuple[str, ...] = ()
        self.files: list[str] = []
        self.variables: Variables = {}
        self.source = Source("", 0, 0)

    def take(self, key: str, value: str, source: Source) -> None:
        """Take a line of ``[Service]``; an empty one takes back what came before."""
        if key == "ExecStart":
            self.words, self.source = tuple(quoted_words(value)), source
        elif key == "EnvironmentFile":
            self.files = [*self.files, value.lstrip("-")] if value else []
        elif key == "Environment":
            pairs = [one.partition("=") for one in quoted_words(value)]
            named = {name: (text, source) for name, sign, text in pairs if sign}
            self.variables = self.variables | named if value else {}


def _started(sheet: Sheet) -> _Started | None:
    """Return how systemd starts the daemon; None: no unit of it was shown."""
    own = [p for p in sheet.files() if p.name.endswith(("/ssh.service", "/sshd.service"))]
    whole = sorted(own, key=lambda p: not p.name.startswith("/etc/"))[:1]
    more = [p for p in sheet.files() if re.search(r"/sshd?\.service\.d/", p.name)]
    named = {p.name.rpartition("/")[2]: p for p in sorted(more, key=lambda p: p.name, reverse=True)}
    if not whole:
        if more:
            raise UnreliableError("sshd", "a drop-in of its unit was shown, but not the unit")
        return None
    found = _Started()
    for piece in (*whole, *(named[name] for name in sorted(named))):
        for at, section, key, value in sections(piece):
            if section == "Service":
                found.take(key, value, piece.at(at))
    if not found.words or not _DAEMON.match(found.words[0]):
        raise UnreliableError("sshd", "its unit starts another program than sshd")
    found.words = found.words[1:]
    return found


def _variables(sheet: Sheet, files: list[str] | None) -> Variables:
    """Return the variables of the files that the unit names, or of the usual ones."""
    found: Variables = {}
    for name in VARIABLES.split() if files is None else files:
        piece: Piece | None = sheet.file(name)
        if piece is None:
            known = name in VARIABLES.split() or sheet.piece("absent", name) is not None
            if not known:
                raise UnreliableError("sshd", f"a file of its unit was not shown: {name[:80]}")
            continue
        for at, key, value in assignments(piece):
            found[key] = value.strip("\"'"), piece.at(at)
    return found


def _expanded(
    line: tuple[str, ...], variables: Variables, place: Source
) -> Iterator[tuple[str, Source]]:
    """Yield the words of a command with its variables put in, each with where it stands."""
    for word in line:
        match = _VARIABLE.fullmatch(word)
        if match is None:
            yield word, place
            continue
        text, source = variables.get(match[1], ("", place))
        yield from ((one, source) for one in quoted_words(text))
