"""MariaDB, standing for MySQL: effective variables and accounts of a host's servers.

Option files are read as the server reads them: includes in place, its own groups, the last value
wins, the command line over all. What the running server says counts more. No password is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from netops.facts.settings import ComponentFacts
from netops.facts.source import NOWHERE, Source
from netops.platforms.linux_host.baseline.mariadb_shell import SECTIONS
from netops.platforms.linux_host.baseline.product_text import (
    Instance,
    Nesting,
    NestingError,
    Settings,
    instances,
    truth,
    whole,
    words,
)
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet

__all__ = ["SECTIONS", "read"]

Found = dict[str, tuple[str, Source]]

_SWITCHES = {
    "require_secure_transport", "local_infile", "skip_networking", "skip_grant_tables",
    "general_log", "server_audit_logging", "strict_password_validation", "have_ssl",
}  # fmt: skip
_NUMBERS = {
    "wait_timeout": "wait_timeout_s", "interactive_timeout": "interactive_timeout_s",
    "default_password_lifetime": "password_lifetime_days",
    "max_password_errors": "lockout_attempts",
    "connection_control_failed_connections_threshold": "lockout_attempts",
    "password_reuse_check_interval": "password_reuse_interval_days",
}  # fmt: skip
_LENGTHS = (
    "simple_password_check_minimal_length",
    "validate_password_length",
    "validate_password.length",
)
_DEFAULTS = {
    "wait_timeout": "28800", "interactive_timeout": "28800", "local_infile": "ON",
    "skip_networking": "OFF", "skip_grant_tables": "OFF", "general_log": "OFF",
    "bind_address": "", "secure_file_priv": "", "require_secure_transport": "OFF",
    "default_password_lifetime": "0", "max_password_errors": "4294967295",
}  # fmt: skip
"""Of MariaDB since 10.5; of MySQL nothing is taken for granted."""
_SINCE = (10, 5)


def read(sheets: Mapping[str, Sheet]) -> tuple[ComponentFacts, ...]:
    """Return every server that the host shows."""
    running = instances(sheets.get("mariadb_live"))
    files = instances(sheets.get("mariadb"))
    nothing = Instance("", ())
    return tuple(
        _server(replace(files.get(name, nothing), name=name), running.get(name))
        for name in sorted({*files, *running})
    )


def _server(files: Instance, running: Instance | None) -> ComponentFacts:
    version = re.search(r"[0-9]+(?:\.[0-9]+){1,2}", files.said("version"), re.ASCII)
    family = "mariadb" if "mariadb" in files.said("version").lower() else "mysql"
    number = version[0] if version else ""
    found: Found = {}
    if files.pieces and files.whole:
        if family == "mariadb" and tuple(map(int, (number or "0.0").split(".")[:2])) >= _SINCE:
            found = {name: (value, NOWHERE) for name, value in _DEFAULTS.items()}
        try:
            found.update(_from_files(files, number))
        except NestingError:
            found = {}
    settings = Settings()
    live = running is not None and running.whole
    if running is not None and live:
        found.update(_table(running.file("live/variables")))
        _add_plugins(settings, running.file("live/plugins"), found)
        _add_accounts(settings, running.file("live/accounts"))
    _add_variables(settings, found)
    if files.said("process"):
        settings.add("mariadb.process_user", files.said("process"), files.where("process"))
    return ComponentFacts(
        "mariadb", files.name.removeprefix("default"), family, number, settings.all()
    )


def _from_files(files: Instance, version: str) -> Found:
    groups = {"server", "mysqld", "mariadb", "mariadbd", "client-server"}
    short = ".".join(version.split(".")[:2])
    groups |= {f"{name}-{short}" for name in ("mysqld", "mariadb", "mariadbd")}
    found: Found = {}
    mains = [p for p in files.files() if p.name == files.said("main")]
    for name, value, source in (
        *(row for piece in mains for row in _expanded(files, piece, groups, Nesting())),
        *(row for p in files.files("live/arguments") for row in _lines(p, {""})),
    ):
        _take(found, name, value, source)
    return found


def _take(found: Found, name: str, value: str, source: Source) -> None:
    bare = name.lower().replace("-", "_").removeprefix("loose_")
    for prefix, sense in (("disable_", "OFF"), ("enable_", "ON"), ("skip_", "OFF")):
        inner = bare.removeprefix(prefix)
        if inner in _SWITCHES and inner != bare:
            # Nought behind a word that switches off switches on.
            found[inner] = ("ON" if sense == "OFF" and value == "0" else sense, source)
            return
    found[bare] = value or ("ON" if bare in _SWITCHES else ""), source


def _lines(piece: Piece, groups: set[str]) -> Iterator[tuple[str, str, Source]]:
    group = ""
    for number, text in piece.lines:
        bare = text.strip(" \t\r")
        if bare.startswith("["):
            group = bare[1:].partition("]")[0].rstrip(" \t").lower()
        elif bare.startswith("!"):
            yield bare, "", piece.at(number)
        elif group in groups:
            name, _, value = re.split(r"[ \t]+#", bare, maxsplit=1)[0].partition("=")
            yield name.strip(" \t").removeprefix("--"), _unquoted(value), piece.at(number)


def _unquoted(value: str) -> str:
    bare = value.strip(" \t")
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        return bare[1:-1]
    return bare


def _expanded(
    files: Instance, piece: Piece, groups: set[str], nesting: Nesting
) -> Iterator[tuple[str, str, Source]]:
    for name, value, source in _lines(piece, groups):
        word, _, path = name.partition(" ")
        if not name.startswith("!"):
            yield name, value, source
        else:
            for inner in _included(files, word, path.strip(" \t")):
                yield from _expanded(files, inner, groups, nesting.inside())


def _included(files: Instance, word: str, path: str) -> list[Piece]:
    if word == "!include":
        return [p for p in files.files() if p.name == path]
    folder = path.rstrip("/") + "/"
    inside = [p for p in files.files(folder) if re.fullmatch(r"[^/]+\.cnf", p.name[len(folder) :])]
    return sorted(inside, key=lambda piece: piece.name)


def _table(piece: Piece | None) -> Found:
    found: Found = {}
    for number, text in piece.lines if piece is not None else ():
        name, tab, value = text.partition("\t")
        if tab and piece is not None:
            found[name.lower()] = value, piece.at(number)
    return found


def _add_variables(settings: Settings, found: Found) -> None:
    for name, (value, source) in found.items():
        if name in _SWITCHES:
            settings.add(f"mariadb.{name}", value == "YES" or truth(value), source)
        elif name in _NUMBERS:
            settings.add(f"mariadb.{_NUMBERS[name]}", whole(value), source)
        elif name == "tls_version":
            settings.add("mariadb.tls_versions", words(value), source)
        elif name == "bind_address":
            addresses = words(value) or ("*",)
            settings.add("mariadb.bind_addresses", addresses, source)
        elif name == "secure_file_priv":
            settings.add("mariadb.secure_file_priv", value or "anywhere", source)
        elif name == "server_audit_events":
            events = words(value.upper()) or ("ALL",)
            settings.add("mariadb.audit_events", events, source)


def _add_plugins(settings: Settings, piece: Piece | None, found: Found) -> None:
    if piece is None:
        return
    names = tuple(text.strip().lower() for _, text in piece.lines)
    settings.add("mariadb.plugins", names, piece.at())
    for name in _LENGTHS:
        if name in found:
            settings.add("mariadb.password_min_length", whole(found[name][0]), found[name][1])


def _add_accounts(settings: Settings, piece: Piece | None) -> None:
    if piece is None:
        return
    settings.add("mariadb.accounts", len(piece.lines), piece.at())
    supers: list[str] = []
    for number, text in piece.lines:
        row = text.split("\t")
        if len(row) != 5:  # noqa: PLR2004 - user, host, plugin, form, rights: our own question
            continue
        user, host, plugin, form, rights = row
        key, at = f"{user}@{host}", piece.at(number)
        settings.add("mariadb.account.password_form", form, at, key)
        settings.add("mariadb.account.plugin", plugin, at, key)
        settings.add("mariadb.account.superuser", rights == "Y", at, key)
        if rights == "Y":
            supers.append(key)
        settings.add("mariadb.account.anonymous", not user, at, key)
        settings.add("mariadb.account.host", "any" if host in {"%", ""} else host, at, key)
        if user == "root":
            local = host in {"localhost", "127.0.0.1", "::1"}
            settings.add("mariadb.account.remote_root", not local, at, key)
    settings.add("mariadb.superusers", tuple(supers), piece.at())
