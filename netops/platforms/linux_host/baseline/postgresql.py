"""PostgreSQL: the effective settings of every cluster of a host, and who may come in how.

Files are read as the server reads them: includes in place, the last value wins, the file of
ALTER SYSTEM after all others. What the running server says counts more. No password is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from posixpath import dirname, join

from netops.facts.settings import ComponentFacts, Value
from netops.facts.source import NOWHERE, Source
from netops.platforms.linux_host.baseline.postgresql_hba import add_admission
from netops.platforms.linux_host.baseline.postgresql_shell import SECTIONS
from netops.platforms.linux_host.baseline.product_text import (
    Instance,
    Nesting,
    NestingError,
    Settings,
    instances,
    scaled,
    truth,
    whole,
    words,
)
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet

__all__ = ["SECTIONS", "read"]

_LINE = re.compile(
    r"[ \t]*([A-Za-z_][\w.]*)(?:[ \t]*=[ \t]*|[ \t]+)"
    r"(?:'((?:[^'\\]|''|\\.)*)'|([^\s#'=]+))?[ \t\r]*(?:#.*)?",
    re.ASCII,
)
_SWITCHES = ("ssl", "log_connections", "log_disconnections", "logging_collector", "data_checksums")
_TEXTS = {
    "log_statement": "log_statement", "log_line_prefix": "log_line_prefix",
    "ssl_min_protocol_version": "ssl_min_protocol_version", "log_file_mode": "log_file_mode",
    "ssl_ciphers": "ssl_ciphers", "pgaudit.log": "pgaudit_log",
}  # fmt: skip
_NUMBERS = {
    "auth_delay.milliseconds": "auth_delay_ms",
    "credcheck.max_auth_failure": "credcheck_max_auth_failure",
    "credcheck.password_min_length": "credcheck_password_min_length",
}
_MILLISECONDS = {"us": 0, "ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_TIMES = {
    "idle_session_timeout": 1, "idle_in_transaction_session_timeout": 1,
    "authentication_timeout": 1_000,
}  # fmt: skip
"""Times, and of how many milliseconds a number without unit is."""
_DEFAULTS = {
    "ssl": "off", "log_connections": "off", "log_disconnections": "off",
    "logging_collector": "off", "log_statement": "none", "log_line_prefix": "%m [%p] ",
    "log_file_mode": "0600", "listen_addresses": "localhost", "log_destination": "stderr",
    "shared_preload_libraries": "", "authentication_timeout": "60",
    "idle_in_transaction_session_timeout": "0",
}  # fmt: skip
"""Of every release since 10."""
_SINCE = {
    "password_encryption": ((14, "scram-sha-256"), (10, "md5")),
    "ssl_min_protocol_version": ((13, "TLSv1.2"), (12, "TLSv1")),
    "idle_session_timeout": ((14, "0"),),
}
_SHORT = {
    "t": "on", "tr": "on", "tru": "on", "y": "on", "ye": "on", "of": "off", "f": "off", "fa": "off",
    "fal": "off", "fals": "off", "n": "off",
}  # fmt: skip
"""Switches may be cut short as long as they are plain."""
_LIBRARIES = (
    "shared_preload_libraries",
    "session_preload_libraries",
    "local_preload_libraries",
)

_STEP_DAYS = 15
"""A count that falls by one a day would make every day's evidence another one."""
_LIBRARY_DEFAULTS: tuple[tuple[str, str, Value], ...] = (
    ("credcheck", "postgresql.credcheck_max_auth_failure", 0),
    ("pgaudit", "postgresql.pgaudit_log", "none"),
)
"""What a library does that is loaded and told nothing."""

Found = dict[str, tuple[str, Source]]


def read(sheets: Mapping[str, Sheet]) -> tuple[ComponentFacts, ...]:
    """Return every cluster that the host shows."""
    running = instances(sheets.get("postgresql_live"))
    files = instances(sheets.get("postgresql"))
    nothing = Instance("", ())
    return tuple(
        _cluster(replace(files.get(name, nothing), name=name), running.get(name))
        for name in sorted({*files, *running})
    )


def _cluster(files: Instance, running: Instance | None) -> ComponentFacts:
    found = _from_files(files)
    live = _live(running)
    version = live.get("server_version", (files.said("version"), NOWHERE))[0].partition(" ")[0]
    settings = Settings()
    if found is not None:
        found = {**_defaults(version), **found}
        if _is_admission(found, files):
            add_admission(settings, files.file(files.said("hba")))
    found = {**(found or {}), **live}
    _add_parameters(settings, found)
    if running is not None and running.whole:
        _add_roles(settings, running.file("live/roles"))
        for piece in running.files("live/public/"):
            _add_public(settings, piece)
    _add_destination(settings, found, files.name)
    return ComponentFacts("postgresql", files.name, "", version, settings.all())


def _is_admission(found: Found, files: Instance) -> bool:
    """Whether the file of admission that was shown is the one that the server reads."""
    named = found.get("hba_file")
    main = next(iter(files.files()), None)
    return named is None or main is None or join(dirname(main.name), named[0]) == files.said("hba")


def _from_files(files: Instance) -> Found | None:
    """Return what the files say; None where they are not there as a whole."""
    if not files.pieces or not files.whole:
        return None
    main = next(iter(files.files()), None)
    try:
        rows = list(_expanded(files, main, Nesting()))
    except NestingError:
        return None
    for piece in files.files():
        if piece.name.endswith("/postgresql.auto.conf"):
            rows.extend(_lines(piece))
    return {name: (value, source) for name, value, source in rows}


def _lines(piece: Piece) -> Iterator[tuple[str, str, Source]]:
    for number, text in piece.lines:
        match = _LINE.fullmatch(text[:400])
        if match is not None:
            quoted, bare = match[2], match[3]
            value = bare or ""
            if quoted is not None:
                value = re.sub(r"''|\\(.)", lambda m: m[1] or "'", quoted)
            yield match[1].lower(), value, piece.at(number)
        else:
            # The server would refuse the file; what it means to say is not known.
            named = re.match(r"[ \t]*([A-Za-z_][\w.]*)", text, re.ASCII)
            if named is not None:
                yield named[1].lower(), "\ufffd", piece.at(number)


def _expanded(
    files: Instance, piece: Piece | None, nesting: Nesting
) -> Iterator[tuple[str, str, Source]]:
    if piece is None:
        return
    for name, value, source in _lines(piece):
        if name not in {"include", "include_if_exists", "include_dir"}:
            yield name, value, source
            continue
        path = join(dirname(piece.name), value)
        inner = [files.file(path)] if name != "include_dir" else _folder(files, path.rstrip("/"))
        for one in inner:
            yield from _expanded(files, one, nesting.inside())


def _folder(files: Instance, path: str) -> list[Piece]:
    inside = (p for p in files.files(path + "/") if "/" not in p.name[len(path) + 1 :])
    named = {p.name: p for p in inside if re.fullmatch(r"[^.].*\.conf", p.name[len(path) + 1 :])}
    return [named[name] for name in sorted(named)]


def _live(running: Instance | None) -> Found:
    piece = running.file("live/settings") if running is not None and running.whole else None
    found: Found = {}
    for number, text in piece.lines if piece is not None else ():
        parts = text.split("\t")
        if len(parts) == 3:  # noqa: PLR2004 - name, value, unit
            name, value, unit = parts
            source = piece.at(number) if piece is not None else NOWHERE
            found[name] = value + (unit if name in _TIMES else ""), source
    return found


def _defaults(version: str) -> Found:
    major = whole(version.partition(".")[0])
    if major is None or major < 10:  # noqa: PLR2004 - releases that nobody looked up
        return {}
    found = {name: (value, NOWHERE) for name, value in _DEFAULTS.items()}
    for name, steps in _SINCE.items():
        value = next((value for since, value in steps if major >= since), None)
        if value is not None:
            found[name] = value, NOWHERE
    return found


def _add_parameters(settings: Settings, found: Found) -> None:
    for name, (value, source) in found.items():
        if name in _SWITCHES:
            settings.add(f"postgresql.{name}", _switch(name, value), source)
        elif name in _TEXTS and "\ufffd" not in value:
            settings.add(f"postgresql.{_TEXTS[name]}", value, source)
        elif name in _NUMBERS:
            settings.add(f"postgresql.{_NUMBERS[name]}", scaled(value, _MILLISECONDS), source)
        elif name in _TIMES:
            time = scaled(value, _MILLISECONDS, _TIMES[name])
            seconds = None if time is None else -(-time // 1_000)
            settings.add(f"postgresql.{name}_s", seconds, source)
        elif name == "password_encryption":
            settings.add(f"postgresql.{name}", _encryption(value), source)
        elif name in {"listen_addresses", "log_destination"} and "\ufffd" not in value:
            settings.add(f"postgresql.{name}", words(value), source)
    _add_libraries(settings, [found[name] for name in _LIBRARIES if name in found])


def _add_libraries(settings: Settings, said: list[tuple[str, Source]]) -> None:
    if not said or any("\ufffd" in value for value, _ in said):
        return
    source = said[0][1]
    listed = tuple(word for value, _ in said for word in words(value.replace('"', "")))
    settings.add("postgresql.libraries", listed, source)
    for library, name, default in _LIBRARY_DEFAULTS:
        if library in listed and (name, "") not in settings.found:
            settings.add(name, default, source)


def _switch(name: str, value: str) -> bool | None:
    value = _SHORT.get(value.lower(), value)
    if name == "log_connections" and truth(value) is None and "\ufffd" not in value:
        # Release 18 takes a list of what to log; the empty list logs nothing.
        return bool({"all", "receipt", "authentication", "authorization"} & {*words(value)})
    return truth(value)


def _encryption(value: str) -> str | None:
    if value.lower() in {"scram-sha-256", "md5"}:
        return value.lower()
    return "md5" if truth(value) else None


def _add_destination(settings: Settings, found: Found, name: str) -> None:
    """Say where the log goes: stderr alone is lost unless Debian's ``pg_ctlcluster`` keeps it."""
    destination, source = found.get("log_destination", ("", NOWHERE))
    collector, _ = found.get("logging_collector", ("", NOWHERE))
    if not destination or truth(collector) is None:
        return
    kept = "syslog" if "syslog" in words(destination) else "stderr"
    if truth(collector):
        kept = "collector"
    elif kept == "stderr" and re.fullmatch(r"\d+/[^/]+", name):
        kept = "pg_ctlcluster"
    settings.add("postgresql.log_kept_by", kept, source)


def _add_roles(settings: Settings, piece: Piece | None) -> None:
    if piece is None:
        return
    for number, text in piece.lines:
        name, super_user, form, days = [*text.split("\t"), "", "", ""][:4]
        at = piece.at(number)
        settings.add("postgresql.role.superuser", super_user == "t", at, name)
        settings.add("postgresql.role.password_form", form, at, name)
        if form != "none":
            settings.add("postgresql.role.expires", days != "never", at, name)
            left = whole(days)
            if left is not None:
                steps = max(0, -(-left // _STEP_DAYS) * _STEP_DAYS)
                settings.add("postgresql.role.expires_in_days", steps, at, name)
    settings.add("postgresql.roles", len(piece.lines), piece.at())
    rows = (text.split("\t") for _, text in piece.lines)
    admins = tuple(row[0] for row in rows if len(row) > 1 and row[1] == "t")
    settings.add("postgresql.superusers", admins, piece.at())


def _add_public(settings: Settings, piece: Piece) -> None:
    for number, text in piece.lines:
        name, _, may = text.rpartition("\t")
        if may in {"t", "f"}:
            settings.add("postgresql.public_create", may == "t", piece.at(number), name)
