"""Redis: the effective directives of every configuration of a host, and its ACL users.

Read as the server reads them: includes in place, the last value wins. Secrets come as their kind
alone (empty, weak, plain, hash): the host has cut them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from fnmatch import fnmatchcase

from netops.facts.settings import ComponentFacts
from netops.facts.source import NOWHERE, Source
from netops.platforms.linux_host.baseline.product_shell import section
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

_KEYS = (
    "aclfile bind enable_debug_command enable_module_command include logfile masterauth port "
    "protected_mode rename_command requirepass syslog_enabled timeout tls_port tls_protocols "
    "tls_auth_clients unixsocket unixsocketperm user"
)
_SCRIPT = r"""
filter="$plain"'
function form(s) {
  if (s ~ /^".*"$/ || s ~ /^\047.*\047$/) s = substr(s, 2, length(s) - 2)
  if (s == "") return "empty"
  if (length(s) < 8 || s ~ /^[0-9]+$/) return "weak"
  if (tolower(s) ~ /^(foobared|password|redis|admin|root)[0-9!@#]*$/) return "weak"
  return "plain"
}
function take(line,  key, value, text, word, i) {
  $0 = line; sub(/\r$/, ""); key = tolower($1); gsub(/-/, "_", key); gsub(/^"|"$/, "", key)
  if (key == "" || key ~ /^#/ || !index(" " keys " ", " " key " ")) return
  if (key == "requirepass" || key == "masterauth") { value = $0
    sub(/^[ \t]*[^ \t]+[ \t]*/, "", value); sub(/[ \t]+$/, "", value); print $1, form(value)
    return }
  if (key == "rename_command") { text = tolower($2) == tolower($3) ? "same" : "renamed"
    print $1, $2, ($3 == "\"\"" ? $3 : text); return }
  if (key == "user") { text = $1 " " $2
    for (i = 3; i <= NF; i++) { word = $i
      if (word ~ /^>/) word = ">" form(substr(word, 2))
      else if (word ~ /^[<#!]/) word = substr(word, 1, 1) "hash"
      text = text " " word }
    print substr(text, 1, 400); return }
  print substr($0, 1, 400) }'
includes() {
  awk 'tolower($1) == "include" { sub(/\r$/, ""); gsub(/"/, "")
    if ($2 ~ /^\//) { print $2; if (++named > 99) exit } }' "$@" 2>/dev/null
}
names() { # names FILE…: KEY=PATH of what the files name, the last one of each
  awk '{ key = tolower($1) } key == "aclfile" || key == "logfile" || key == "unixsocket" {
    gsub(/["\r]/, ""); if ($2 ~ /^\//) value[key] = $2 }
    END { for (key in value) print key "=" value[key] }' "$@" 2>/dev/null
}
live() { # live SOCKET: asked only where no password is needed
  set -- "$(for key in $asked; do echo "CONFIG GET $key"; done |
    $limit redis-cli -s "$1" 2>&1 | head -c 20000)"
  case $1 in protected-mode"$nl"*) ;; *) return ;; esac
  note "file live/config"
  IFS=$nl
  set -f
  key= value=
  for line in $1; do
    case " $asked " in
      *" $line "*) [ -z "$key" ] || printf '%s %s\n' "$key" "$value"; key=$line value= ;;
      *) value=$line ;;
    esac
  done
  printf '%s %s\n' "$key" "$value"
  set +f
  IFS=$spaces
}
asked='protected-mode bind port timeout tls-port logfile'
unset REDISCLI_AUTH
server=
for one in redis-server valkey-server /usr/local/bin/redis-server; do
  command -v "$one" >/dev/null 2>&1 && { server=$one; break; }
done
version=
[ -n "$server" ] && version=$($limit "$server" --version 2>/dev/null)
note "say none"
met=
for c in /etc/redis/*.conf /etc/redis/*/redis.conf /etc/redis.conf /usr/local/etc/redis/*.conf \
  /usr/local/redis/redis.conf /usr/local/redis/etc/redis.conf; do
  case $c in *sentinel*) continue ;; *'*'*) barred "$c" || continue; c=${c%/*}/redis.conf ;; esac
  [ -e "$c" ] || barred "$c" || continue
  [ -n "$server$is_redis" ] || continue
  met=yes
  note "say instance $c"
  [ -n "$server" ] && note "say version $version"
  follow "$c"
  set --
  IFS=$nl
  for f in $found; do [ -f "$f" ] && [ -r "$f" ] && set -- "$@" "$f"; done
  acl= log= socket=
  [ $# -gt 0 ] && for f in $(names "$@"); do
    case $f in
      aclfile=*) acl=${f#*=} ;;
      logfile=*) log=${f#*=} ;;
      unixsocket=*) socket=${f#*=} ;;
    esac
  done
  IFS=$spaces
  [ -n "$acl" ] && { note "say aclfile $acl"; conf "$acl"; }
  [ -e "$log" ] && note "say log $(stat -L -c '%a %U %G' "$log")"
  for p in $is_redis; do
    eval "note \"say process \$own_$p \${args_$p%%\"\$nl\"*}\""
  done
  [ -S "$socket" ] && command -v redis-cli >/dev/null 2>&1 && live "$socket"
done
if [ -z "$met" ] && [ -n "$is_redis" ]; then
  note "say instance running"
  note "refused a configuration file that could be found"
fi
"""

SECTIONS = (section("redis", f"keys='{_KEYS}'", _SCRIPT),)

_DEFAULTS = {
    "bind": "* -::*", "port": "6379", "tls-port": "0", "protected-mode": "yes", "timeout": "0",
    "logfile": "", "syslog-enabled": "no",
}  # fmt: skip
_MODERN = {"enable-debug-command": "no", "enable-module-command": "no"}
"""Since release 7."""
_DANGEROUS = ("+@all", "allcommands", "+@dangerous", "+@admin")
_COMMAND = re.compile(
    r"\+(?:config|flushall|flushdb|keys|debug|shutdown|module|replicaof|slaveof|acl|save|bgsave|"
    r"bgrewriteaof|migrate|restore|sort|swapdb|monitor|sync|psync|cluster|failover)(?:\||$)"
)
"""One of them given by itself is given, whatever group was taken away before."""
_SAFE = ("-@dangerous", "-@all", "nocommands")
_MODERN_RELEASE = 7
_ACL_RELEASE = 6

Rows = list[tuple[str, list[str], Source]]


def read(sheets: Mapping[str, Sheet]) -> tuple[ComponentFacts, ...]:
    """Return every server whose configuration the host shows, files of others' includes aside."""
    named = instances(sheets.get("redis"))
    # A folder that may not be listed is told as a pattern: no server of its own beside a real one.
    found = {name: one for name, one in named.items() if "*" not in name} or named
    parts = {
        (name, line[1])
        for name, one in found.items()
        for line in _own_lines(one.file(name))
        if line[0].lower() == "include" and len(line) > 1
    }
    included = {
        name for name in found for by, part in parts if by != name and fnmatchcase(name, part)
    }
    kept = sorted(set(found) - included) or sorted(found)
    return tuple(_server(found[name], alone=len(found) == 1) for name in kept)


def _server(one: Instance, *, alone: bool) -> ComponentFacts:
    version = re.search(r"v=([0-9][0-9.]{0,20})", one.said("version"), re.ASCII)
    number = version[1] if version else ""
    settings = Settings()
    try:
        rows = _rows(one, one.file(one.name), Nesting()) if one.whole else None
    except NestingError:
        rows = None
    if rows is not None:
        _add_directives(settings, rows, one, number)
        _add_users(settings, rows, one, number)
        _add_process(settings, one, alone=alone)
    return ComponentFacts("redis", one.name.removeprefix("/etc/redis/"), "", number, settings.all())


def _own_lines(piece: Piece | None) -> list[list[str]]:
    lines = (_split(text) for _, text in piece.lines) if piece is not None else ()
    return [line for line in lines if line]


def _rows(one: Instance, piece: Piece | None, nesting: Nesting) -> Rows:
    found: Rows = []
    for number, text in piece.lines if piece is not None else ():
        parts = _split(text)
        if not parts or piece is None:
            continue
        key = parts[0].lower()
        if key != "include" or len(parts) == 1:
            found.append((key, parts[1:], piece.at(number)))
            continue
        inner = (file for file in one.files() if fnmatchcase(file.name, parts[1]))
        for file in sorted(inner, key=lambda file: file.name):
            found.extend(_rows(one, file, nesting.inside()))
    return found


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text[:400], comments=False)
    except ValueError:
        return list(words(text, " "))


def _add_directives(settings: Settings, rows: Rows, one: Instance, version: str) -> None:
    found = {name: (value, NOWHERE) for name, value in _DEFAULTS.items()}
    if int(version.partition(".")[0] or 0) >= _MODERN_RELEASE:
        found.update({name: (value, NOWHERE) for name, value in _MODERN.items()})
    found.update({key: (" ".join(values), source) for key, values, source in rows})
    live = one.file("live/config")
    for number, text in live.lines if live is not None else ():
        key, _, value = text.partition(" ")
        if live is not None:
            found[key] = value, live.at(number)
    add = settings.add
    for name in ("protected-mode", "syslog-enabled"):
        add(f"redis.{name.replace('-', '_')}", truth(found[name][0]), found[name][1])
    for name, fact in (("port", "port"), ("tls-port", "tls_port"), ("timeout", "timeout_s")):
        add(f"redis.{fact}", whole(found[name][0]), found[name][1])
    for name in ("enable-debug-command", "enable-module-command"):
        if name in found:
            add(f"redis.{name.replace('-', '_')}", found[name][0].lower(), found[name][1])
    add("redis.bind", _addresses(found["bind"][0]), found["bind"][1])
    add("redis.logfile", found["logfile"][0] or "none", found["logfile"][1])
    if "tls-protocols" in found:
        add(
            "redis.tls_protocols", words(found["tls-protocols"][0], " ,"), found["tls-protocols"][1]
        )
    if one.said("log"):
        add("redis.logfile_mode", one.said("log").partition(" ")[0], one.where("log"))
    others = (values for key, values, _ in rows if key == "rename-command" and values)
    renamed = tuple(sorted(values[0].upper() for values in others if values[1:] != ["same"]))
    add("redis.renamed_commands", renamed, NOWHERE)


def _addresses(text: str) -> tuple[str, ...]:
    """Return addresses, those that may be missing without their mark; every one: ``any``."""
    bare = (word.removeprefix("-") for word in words(text, " "))
    return tuple("any" if word in {"*", "0.0.0.0", "::", "::*"} else word for word in bare)  # noqa: S104 - read, not bound


def _add_users(settings: Settings, rows: Rows, one: Instance, version: str) -> None:
    """Add the accounts; ``default`` is open to everybody unless told otherwise."""
    acl = one.file(one.said("aclfile")) if one.said("aclfile") else None
    users = _acl_rows(acl) if acl is not None else [r for r in rows if r[0] == "user"]
    password = next((r for r in reversed(rows) if r[0] == "requirepass" and r[1]), None)
    if acl is None and not any(r[1][:1] == ["default"] for r in users):
        form = password[1][0] if password else "empty"
        source = password[2] if password else NOWHERE
        words_ = ["default", "on", "nopass" if form == "empty" else f">{form}", "~*", "+@all"]
        users = [("user", words_, source), *users]
    if acl is not None and int(version.partition(".")[0] or 0) < _ACL_RELEASE:
        return
    for _, values, source in users:
        _add_user(settings, values, source)
    settings.add("redis.users", len(users), NOWHERE if acl is None else acl.at())


def _acl_rows(piece: Piece) -> Rows:
    rows = ((number, _split(text)) for number, text in piece.lines)
    return [("user", parts[1:], piece.at(number)) for number, parts in rows if len(parts) > 1]


def _add_user(settings: Settings, values: list[str], source: Source) -> None:
    if not values:
        return
    name, rules = values[0], [rule.lower() for rule in values[1:]]
    is_on, form = False, "none"
    dangerous = False
    for rule in rules:
        if rule in {"on", "off"}:
            is_on = rule == "on"
        elif rule in {"reset", "resetpass"}:
            form, is_on = "none", is_on and rule != "reset"
            dangerous = dangerous and rule != "reset"
        elif rule == "nopass":
            form = "empty"
        elif rule[:1] in {">", "#"} and (form != "weak"):
            form = "hash" if rule[0] == "#" else rule[1:]
        elif rule.lstrip("(") in _DANGEROUS or _COMMAND.match(rule.lstrip("(")):
            dangerous = True
        elif rule in _SAFE:
            dangerous = False
    settings.add("redis.user.enabled", is_on, source, name)
    if is_on:
        settings.add("redis.user.password_form", form, source, name)
        settings.add("redis.user.dangerous", dangerous, source, name)


def _add_process(settings: Settings, one: Instance, *, alone: bool) -> None:
    port = settings.found.get(("redis.port", ""))
    said = [p for p in one.pieces if p.kind == "say" and p.name.startswith("process ")]
    for piece in said:
        _, user, *title = piece.name.split(" ")
        if (alone and len(said) == 1) or (port and f":{port.value}" in " ".join(title)):
            settings.add("redis.process_user", user, piece.at())
