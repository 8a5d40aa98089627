"""Where a host's log goes and how long it stays: rsyslog, journald, logrotate.

Knows rsyslog's legacy lines (``*.* @@host``) and RainerScript (``action(type="omfwd" …)``). A
target that is the host itself is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline import journald, rsyslog
from netops.platforms.linux_host.baseline.machine import hostname_of
from netops.platforms.linux_host.baseline.plain import number, statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "logging",
        r"""
pick 'destination|network|syslog\(|tcp\(|udp\(|system\(|journal\(' /etc/syslog-ng/syslog-ng.conf \
  /etc/syslog-ng/conf.d/*.conf
show /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/systemd/journald.conf \
  /etc/systemd/journald.conf.d/*.conf /run/systemd/journald.conf.d/*.conf \
  /usr/lib/systemd/journald.conf /usr/lib/systemd/journald.conf.d/*.conf \
  /etc/systemd/journal-upload.conf
[ -d /var/log/journal ] && note 'say journal kept'
journald=absent
[ -d /run/systemd/journal ] && journald=running
note "say journald $journald"
""",
        60_000,
    ),
    Section(
        "rotation",
        """
show /etc/logrotate.conf /etc/logrotate.d/rsyslog /etc/logrotate.d/syslog \
  /etc/logrotate.d/syslog-ng /etc/logrotate.d/audit /etc/logrotate.d/wtmp /etc/logrotate.d/btmp
""",
        30_000,
    ),
)

_SYSLOG_NG = re.compile(r"\b(?:network|syslog|tcp6?|udp6?)\([ \t]{0,8}\"([^\"]{1,255})\"")
_LOCAL = re.compile(r"\b(?:system|systemd-journal)\(")
"""Sources that take what programs of this host log, with and without journald."""
_HERE = re.compile(r"127\.|::1$|\[::1\]|(?:ip6-)?localhost|0\.0\.0\.0$", re.IGNORECASE)
_MODE = re.compile(r"\$FileCreateMode[ \t]+([0-7]{3,4})", re.IGNORECASE)
_PERIODS = {"hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
_FOREVER = 36_500
_INCLUDE = ["include", "/etc/logrotate.d"]


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield targets, persistence and retention of logs."""
    sheet = sheets.get("logging")
    if sheet is not None:
        yield from _rsyslog(sheet, sheets)
        yield from journald.read(sheet, sheets.get("units"))
    sheet = sheets.get("rotation")
    if sheet is not None:
        yield from _rotation(sheet)


def _rsyslog(sheet: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    main = sheet.file("/etc/rsyslog.conf")
    others = list(sheet.files("/etc/syslog-ng/"))
    place = main or (others[0] if others else sheet.pieces[0])
    kind = "rsyslog" if main else "syslog-ng" if others else "none"
    yield Setting("log.daemon", kind, source=place.at())
    if others and main is None:
        yield from _syslog_ng(others, place)
        return
    running = journald.runs(sheet, sheets.get("processes"))
    targets: dict[str, Source] = {}
    modes = None
    found = rsyslog.reached(sheet, main) if main is not None else None
    if found is not None:
        mine = hostname_of(sheets.get("system")).lower()
        own = {mine, mine.partition(".")[0]}
        targets = {
            host: source
            for host, source in found.targets.items()
            if not _HERE.match(host) and host.lower() not in own
        }
    for piece in _read_by_rsyslog(sheet, main):
        for at, bare in _directives(piece):
            mode = _MODE.match(bare)
            if mode is not None and modes is None:
                modes = Setting("log.create_mode", mode[1].zfill(4), source=piece.at(at))
    first = next(iter(targets.values()), place.at())
    yield Setting("log.targets", tuple(targets), source=first)
    fed = found is not None and journald.feeds(
        sheet, by_socket=found.by_socket, by_journal=found.by_journal, running=running
    )
    if fed is not None:
        yield Setting("log.fed", fed, source=place.at())
    kept = found is not None and found.kept
    yield Setting("log.keeps_logins", kept, source=place.at())
    if modes is not None:
        yield modes


def _read_by_rsyslog(sheet: Sheet, main: Piece | None) -> Iterator[Piece]:
    """Yield the main file, and the drop-ins if it names their folder."""
    if main is None:
        return
    yield main
    if any("/etc/rsyslog.d/" in bare for _, bare in statements(main)):
        yield from sheet.files("/etc/rsyslog.d/")


def _syslog_ng(pieces: list[Piece], place: Piece) -> Iterator[Setting]:
    targets: dict[str, Source] = {}
    fed = False
    for piece in pieces:
        for at, bare in statements(piece):
            match = _SYSLOG_NG.search(bare)
            if match is not None and not bare.startswith("source") and not _HERE.match(match[1]):
                targets.setdefault(match[1], piece.at(at))
            fed = fed or _LOCAL.search(bare) is not None
    yield Setting("log.targets", tuple(targets), source=next(iter(targets.values()), place.at()))
    if fed:
        yield Setting("log.fed", fed, source=place.at())


def _directives(piece: Piece) -> Iterator[tuple[int, str]]:
    """Yield what rsyslog carries out: no block comments, no comment behind a directive."""
    is_remark = False
    for at, bare in statements(piece):
        is_remark = is_remark or bare.startswith("/*")
        if is_remark:
            is_remark = "*/" not in bare
            continue
        mark = re.search(r"[ \t]#", bare)
        is_outside = mark is not None and bare[: mark.start()].count('"') % 2 == 0
        yield at, bare[: mark.start()].rstrip() if mark is not None and is_outside else bare


@dataclass(slots=True)
class _Rotation:
    """How long what stands in braces is kept."""

    period: float = 7.0
    count: int | None = None
    oldest: int | None = None
    by_size: bool = False
    """Turned when they are large: how many days that is, nobody knows."""

    def days(self) -> int:
        """Return for how many days old logs stay."""
        if self.count is not None and self.count < 0:
            return self.oldest if self.oldest is not None else _FOREVER
        kept = int(self.period * (self.count if self.count is not None else 0))
        return min(kept, self.oldest) if self.oldest is not None else kept

    def take(self, parts: list[str]) -> None:
        """Take one directive."""
        value = number(parts[1]) if len(parts) > 1 else None
        if parts[0] in _PERIODS:
            self.period, self.by_size = _PERIODS[parts[0]], False
        elif parts[0] in {"size", "maxsize"}:
            self.by_size = True
        elif parts[0] == "rotate" and value is not None:
            self.count = value
        elif parts[0] == "maxage" and value is not None:
            self.oldest = value


def _rotation(sheet: Sheet) -> Iterator[Setting]:
    main = sheet.file("/etc/logrotate.conf")
    if main is None:
        return
    common = _Rotation()
    for _, _, _, included in _blocks(main, common):
        for piece in sheet.files("/etc/logrotate.d/") if included is not None else ():
            yield from _kept(piece, included or common)
    yield from _kept(main, _Rotation())


def _kept(piece: Piece, common: _Rotation) -> Iterator[Setting]:
    """Yield how long the logs of one file are kept."""
    defaults = replace(common)
    for names, rotation, at, _ in _blocks(piece, defaults):
        for name in names if not rotation.by_size else ():
            yield Setting("logrotate.days", rotation.days(), name[:200], piece.at(at))


def _blocks(
    piece: Piece, common: _Rotation
) -> Iterator[tuple[list[str], _Rotation, int, _Rotation | None]]:
    """Yield each block: its names, what it comes to, its line; an include: what holds there."""
    names: list[str] = []
    block: _Rotation | None = None
    began, in_script = 0, False
    for at, bare in statements(piece):
        parts = words(bare)
        if in_script:
            in_script = parts[0] != "endscript"
        elif parts[0] in {"postrotate", "prerotate", "firstaction", "lastaction", "preremove"}:
            in_script = True
        elif bare == "}":
            if block is not None:
                yield names, block, began, None
            block, names = None, []
        elif block is not None:
            block.take(parts)
        elif bare.startswith(("/", '"/')) or bare == "{":
            names += [w.strip('"') for w in words(bare.rstrip("{"))]
            if bare.endswith("{"):
                block, began = replace(common), at
        elif parts[:2] == _INCLUDE:
            yield [], common, at, replace(common)
        else:
            common.take(parts)
