"""journald: what it keeps, where it sends it, and whether a syslog daemon is handed what it takes.

Knows the order of its files, and that a commented line of the main file tells the default that
this distribution has built in. Refuses to guess that default where no line tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import BLANKS, sections
from netops.platforms.linux_host.baseline.running import enabled_of
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet

_MAIN = ("/etc/systemd/journald.conf", "/usr/lib/systemd/journald.conf")
_HERE = re.compile(r"127\.|::1$|\[::1\]|(?:ip6-)?localhost|0\.0\.0\.0$", re.IGNORECASE)
_COMMENTED = re.compile(r"#[ \t]{0,8}(ForwardToSyslog)=(\w{1,8})")
_YES = frozenset({"yes", "true", "1", "on", "y", "t"})
_BELOW_LOGINS = frozenset(
    {"emerg", "alert", "crit", "err", "warning", "notice", "0", "1", "2", "3", "4", "5"}
)
"""Log-ins are told at ``info``: what takes these alone does not take them."""
_NAMES = frozenset({"systemd-journal", "systemd-journald"})

Said = Mapping[str, tuple[str, Source]]


def said(sheet: Sheet) -> dict[str, tuple[str, Source]]:
    """Return what the files come to, by key, in small letters."""
    found: dict[str, tuple[str, Source]] = {}
    for piece in _files(sheet):
        for at, section, key, value in sections(piece):
            if section == "Journal":
                found[key] = value.lower(), piece.at(at)
    return found


def _files(sheet: Sheet) -> list[Piece]:
    """Return the files in the order read; a drop-in of the site hides the system's of its name."""
    main = [piece for name in _MAIN if (piece := sheet.file(name)) is not None][:1]
    more = [p for p in sheet.files() if "/journald.conf.d/" in p.name]
    named = {p.name.rpartition("/")[2]: p for p in more[::-1]}
    return [*main, *(named[name] for name in sorted(named))]


def read(sheet: Sheet, units: Sheet | None) -> Iterator[Setting]:
    """Yield how the journal is stored and where it is sent."""
    files, found = _files(sheet), said(sheet)
    place = files[0].at() if files else sheet.pieces[0].at()
    storage, source = found.get("Storage", ("auto", place))
    yield Setting("journal.storage", storage, source=source)
    has_folder = sheet.said("journal") == "kept"
    kept = storage == "persistent" or (storage == "auto" and has_folder)
    yield Setting("journal.persistent", kept, source=source)
    upload = sheet.file("/etc/systemd/journal-upload.conf")
    target = None
    for at, _, key, value in sections(upload) if upload is not None else ():
        if key == "URL" and upload is not None and not _HERE.search(value):
            target = Setting("journal.upload", value[:200], source=upload.at(at))
    enabled = enabled_of(units) if units is not None else None
    if target is None:
        yield Setting("journal.sent_off", value=False, source=place)
        return
    yield target
    if enabled is not None:
        is_started = "systemd-journal-upload" in enabled
        yield Setting("journal.sent_off", is_started, source=target.source)


def runs(sheet: Sheet, processes: Sheet | None) -> bool | None:
    """Return whether journald takes what programs log; None: nobody said."""
    told = sheet.said("journald")
    if told is not None:
        return told == "running"
    piece = processes.run("processes") if processes is not None else None
    return None if piece is None else any(text in _NAMES for _, text in piece.lines)


def feeds(sheet: Sheet, *, by_socket: bool, by_journal: bool, running: bool | None) -> bool | None:
    """Return whether log-ins get to rsyslog by the ways in that it has open; None: not known."""
    if not by_socket and not by_journal:
        return False
    if running is False:
        return by_socket
    found = said(sheet)
    reads = by_journal and not (
        found.get("Storage", ("",))[0] == "none" or _is_below(found, "MaxLevelStore")
    )
    hands = _hands_on(sheet, found) if by_socket else False
    if running is None and hands is False and by_socket:
        hands = None
    return True if reads or hands else hands


def _is_below(found: Said, key: str) -> bool:
    return key in found and found[key][0] in _BELOW_LOGINS


def _hands_on(sheet: Sheet, found: Said) -> bool | None:
    """Return whether journald forwards log-ins; None: by a default that is not known."""
    if _is_below(found, "MaxLevelSyslog"):
        return False
    if "ForwardToSyslog" in found:
        return found["ForwardToSyslog"][0] in _YES
    for piece in _files(sheet)[:1]:
        for _, text in piece.lines if piece.name in _MAIN else ():
            match = _COMMENTED.fullmatch(text.strip(BLANKS))
            if match is not None:
                return match[2].lower() in _YES
    return None
