"""OpenSSH's server: its effective configuration, and what a Match block loosens.

``sshd -T`` counts where it ran; else the files are read as sshd reads them: Include in place, the
first value wins, a Match block overrides for those whom it fits.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Setting, Value
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import number, quoted_words, statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.linux_host.baseline.sshd_match import (
    SAME,
    Match,
    factors,
    for_anybody,
    limited,
    loosened,
    seconds,
)
from netops.platforms.linux_host.baseline.sshd_start import UNITS, VARIABLES, told
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "sshd",
        rf"""
{{ tell ssh -V; [ "$uid" = 0 ] && tell sshd -T; }} | bounded
set -- /etc/ssh/sshd_config
shown="/etc/ssh/sshd_config"
for depth in 1 2 3; do
  named=
  [ -r "$1" ] && named=$(awk 'tolower($1) ~ /^include(=|$)/ {{
    sub(/^[ \t]*[A-Za-z]*[ \t=]+/, ""); gsub(/["\r]/, ""); print
    if (++named > 99) exit }}' "$@" 2>/dev/null)
  set --
  for one in $named; do
    case $one in
      *..*) note "other $one"; continue ;;
      /etc/ssh/*|/etc/crypto-policies/*|/usr/share/crypto-policies/*|/usr/etc/ssh/*) ;;
      /*) note "other $one"; continue ;;
      *) one=/etc/ssh/$one ;;
    esac
    for inner in $one; do
      shown="$shown $inner"
      [ -f "$inner" ] && [ -r "$inner" ] && set -- "$@" "$inner"
    done
  done
  [ $# -gt 0 ] || break
done
unmerged=
[ -L /lib ] || unmerged="/lib/systemd/system/ssh.service /lib/systemd/system/sshd.service"
show $shown {VARIABLES} {UNITS} $unmerged
""",
        60_000,
    ),
)

_MAIN = "/etc/ssh/sshd_config"
_NUMBERS = {"maxauthtries", "clientalivecountmax", "maxsessions"}
_TIMES = {"logingracetime": "logingracetime_s", "clientaliveinterval": "clientaliveinterval_s"}
_LISTS = {
    "port", "listenaddress", "allowusers", "denyusers", "allowgroups", "denygroups",
    "authenticationmethods",
}  # fmt: skip
_COMMA = {"ciphers", "macs", "kexalgorithms", "hostkeyalgorithms"}
_WORDS = {
    "permitrootlogin", "passwordauthentication", "pubkeyauthentication", "permitemptypasswords",
    "x11forwarding", "allowtcpforwarding", "ignorerhosts", "hostbasedauthentication", "loglevel",
    "usepam", "banner", "permituserenvironment", "strictmodes", "gatewayports", "permittunnel",
    "kbdinteractiveauthentication", "gssapiauthentication", "maxstartups", "protocol",
    "allowagentforwarding",
}  # fmt: skip
_DEFAULTS = {
    "permitrootlogin": "prohibit-password", "passwordauthentication": "yes",
    "pubkeyauthentication": "yes", "permitemptypasswords": "no", "x11forwarding": "no",
    "allowtcpforwarding": "yes", "ignorerhosts": "yes", "hostbasedauthentication": "no",
    "loglevel": "info", "usepam": "no", "banner": "none", "permituserenvironment": "no",
    "strictmodes": "yes", "maxauthtries": "6", "logingracetime": "120",
    "clientaliveinterval": "0", "clientalivecountmax": "3", "maxsessions": "10",
    "gatewayports": "no", "permittunnel": "no", "kbdinteractiveauthentication": "yes",
    "allowagentforwarding": "yes", "port": "22",
}  # fmt: skip
"""Of every OpenSSH since 7.0; what differs between releases is not here."""
_ALIASES = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
}
_VERSION = re.compile(r"OpenSSH_([0-9]{1,3}\.[0-9]{1,3})")
_MOST_LINES = 5_000
_DEEPEST = 16
_COUNT_ZERO_MEANS_OFF = (8, 2)


@dataclass(slots=True)
class _Config:
    """What the files come to: the global values, and each Match block's own."""

    values: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)
    unknown_include: bool = False
    lines: int = 0


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield the settings of the server; nothing where there is none."""
    sheet = sheets.get("sshd")
    if sheet is None:
        return
    config = _Config()
    main = sheet.file(_MAIN)
    if main is not None:
        _read_file(main, sheet, config, None, 0)
    live = sheet.run("sshd -T")
    if live is None and main is None:
        yield Setting("sshd.present", value=False, source=sheet.pieces[0].at())
        return
    if live is None and config.unknown_include:
        raise UnreliableError("sshd", "an Include of sshd_config could not be followed")
    yield Setting("sshd.present", value=True, source=(live or main or sheet.pieces[0]).at())
    version = _version(sheet)
    if live is not None:
        values, sources = _live(live)
    else:
        usual = {key: [text] for key, text in _DEFAULTS.items()} | config.values
        values, sources = _for_everybody(config, usual)
    for key, text, source in _told(sheet):
        values[key], sources[key] = [text], source
        config.values[key] = [text]
    place = live.at() if live is not None else (main or sheet.pieces[0]).at()
    yield from _settings(values, sources, place)
    yield from _derived(values, sources, place, version)
    if "allowusers" in values or "usepam" in values:
        yield Setting("sshd.users_limited_by_address",
                      limited(config.matches, values.get("allowusers", [])),
                      source=sources.get("allowusers", place))  # fmt: skip
    if main is not None and not config.unknown_include:

        def usual_of(key: str) -> str:
            """Return the value where no block fits: as the files say, which is before Match all."""
            said = config.values.get(key) or values.get(key) or [_DEFAULTS.get(key, "")]
            return said[0]

        yield from loosened(config.matches, usual_of, main.at())
        cuts_at_zero = version is not None and version < _COUNT_ZERO_MEANS_OFF
        yield from for_anybody(config.matches, usual_of, main.at(), cuts_at_zero=cuts_at_zero)


def _for_everybody(
    config: _Config, usual: dict[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, Source]]:
    """Return what holds once ``Match all`` has had its word, as ``sshd -T`` tells it too."""
    values: dict[str, list[str]] = {}
    sources: dict[str, Source] = {}
    for criteria, block in config.matches:
        for key, (text, source) in block.items() if criteria.lower() == "all" else ():
            values.setdefault(key, words(text) if key in _LISTS else [text])
            sources.setdefault(key, source)
    return usual | values, config.sources | sources


def _version(sheet: Sheet) -> tuple[int, int] | None:
    piece = sheet.run("ssh -V")
    for _, text in piece.lines if piece else ():
        match = _VERSION.search(text)
        if match:
            major, _, minor = match[1].partition(".")
            return int(major), int(minor)
    return None


def _live(piece: Piece) -> tuple[dict[str, list[str]], dict[str, Source]]:
    values: dict[str, list[str]] = {}
    sources: dict[str, Source] = {}
    for at, bare in statements(piece):
        key, _, rest = bare.partition(" ")
        key = _ALIASES.get(key, key)
        if key in _LISTS:
            values.setdefault(key, []).extend(words(rest))
        else:
            values.setdefault(key, [rest])
        sources.setdefault(key, piece.at(at))
    return values, sources


def _read_file(
    piece: Piece, sheet: Sheet, config: _Config, block: dict[str, tuple[str, Source]] | None,
    depth: int,
) -> None:  # fmt: skip
    """Take a file's lines in order; a Match inside it ends with the file."""
    within = "within " if block is not None else ""
    for at, bare in statements(piece):
        config.lines += 1
        if config.lines > _MOST_LINES:
            config.unknown_include = True
            return
        key, arguments = _split(bare)
        if key == "include":
            _include(arguments, sheet, config, block, depth)
        elif key == "match":
            block = {}
            config.matches.append((within + " ".join(arguments)[:120], block))
        elif block is not None:
            block.setdefault(key, (" ".join(arguments), piece.at(at)))
        else:
            _take(key, arguments, piece.at(at), config)


def _split(bare: str) -> tuple[str, list[str]]:
    match = re.match(r"[A-Za-z0-9]+", bare)
    if match is None:
        return bare[:40], []
    rest = re.sub(r"^[ \t]*=?[ \t]*", "", bare[match.end() :], count=1)
    arguments = quoted_words(rest)
    for index, word in enumerate(arguments):
        if word.startswith("#"):
            arguments = arguments[:index]
            break
    key = match[0].lower()
    # A letter of another alphabet right behind the keyword makes it another keyword.
    glued = bare[match.end() : match.end() + 1]
    if glued and glued not in " \t=\r\"'":
        key = bare[:40]
    return _ALIASES.get(key, key), arguments


def _take(key: str, arguments: list[str], source: Source, config: _Config) -> None:
    if key in _LISTS:
        config.values.setdefault(key, []).extend(arguments)
        config.sources.setdefault(key, source)
    elif key not in config.values:
        config.values[key] = [" ".join(arguments)]
        config.sources[key] = source


def _include(
    patterns: list[str], sheet: Sheet, config: _Config,
    block: dict[str, tuple[str, Source]] | None, depth: int,
) -> None:  # fmt: skip
    for pattern in patterns:
        wanted = pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"
        found = [p for p in sheet.files() if _fits(p.name, wanted)]
        is_absent = any(
            p.kind == "absent" and p.name == wanted for p in sheet.pieces
        )  # a pattern that fits no file is shown as an absent one
        if not found and not is_absent:
            config.unknown_include = True
        if depth >= _DEEPEST:
            config.unknown_include = True
            continue
        for piece in sorted({p.name: p for p in found}.values(), key=lambda p: p.name):
            _read_file(piece, sheet, config, block, depth + 1)


def _fits(name: str, pattern: str) -> bool:
    return name.count("/") == pattern.count("/") and fnmatch.fnmatchcase(name, pattern)


def _settings(
    values: Mapping[str, list[str]], sources: Mapping[str, Source], place: Source
) -> Iterator[Setting]:
    for key, texts in values.items():
        value = _value(key, texts)
        if value is not None:
            name = _TIMES.get(key, key)
            yield Setting(f"sshd.{name}", value, source=sources.get(key, place))
    for key in sorted(_LISTS - set(values) - {"listenaddress", "port"}):
        yield Setting(f"sshd.{key}", (), source=place)


def _value(key: str, texts: list[str]) -> Value | None:
    text = texts[0] if texts else ""
    if key in _TIMES:
        return seconds(text)
    if key in _NUMBERS:
        return number(text)
    if key in _LISTS:
        return tuple(t for t in texts if t != "none")
    if key in _COMMA:
        is_change = text[:1] in {"+", "-", "^"}
        return None if is_change else tuple(filter(None, text.lower().split(",")))
    if key in _WORDS:
        low = text if key == "banner" else text.lower()
        return SAME.get(low, low)
    return None


def _derived(
    values: Mapping[str, list[str]], sources: Mapping[str, Source], place: Source,
    version: tuple[int, int] | None,
) -> Iterator[Setting]:  # fmt: skip
    if version is not None:
        yield Setting("sshd.version", f"{version[0]}.{version[1]}", source=place)
    every = seconds(values.get("clientaliveinterval", ["?"])[0])
    times = number(values.get("clientalivecountmax", ["?"])[0])
    source = sources.get("clientaliveinterval", place)
    if every is not None and times is not None:
        is_older = version is not None and version < _COUNT_ZERO_MEANS_OFF
        cut = every if times == 0 and is_older else every * times
        yield Setting("sshd.idle_cut_s", cut, source=source)
    ways = " ".join(values.get("authenticationmethods", []))
    yield Setting("sshd.least_methods", factors(ways),
                  source=sources.get("authenticationmethods", place))  # fmt: skip


def ports_of(sheet: Sheet | None) -> frozenset[int]:
    """Return the ports on which the server listens, as far as its own answer says."""
    if sheet is None:
        return frozenset({22})
    live = sheet.run("sshd -T")
    said = [word for letter, word, _ in _options(sheet) if letter == "p"]
    lines = statements(live) if live is not None else ()
    said = said or [bare[5:] for _, bare in lines if bare.startswith("port ")]
    return frozenset(port for text in said if (port := number(text)) is not None) or frozenset({22})


def _options(sheet: Sheet) -> list[tuple[str, str, Source]]:
    """Return what the daemon is told; nothing where that is not to be known."""
    try:
        return list(told(sheet))
    except UnreliableError:
        return []


def _told(sheet: Sheet) -> Iterator[tuple[str, str, Source]]:
    """Yield the keywords that the daemon is told when it is started; the first word counts."""
    seen: set[str] = set()
    for letter, word, source in told(sheet):
        key, arguments = _split(word) if letter == "o" else ("port", [word])
        if key not in seen:
            seen.add(key)
            yield key, " ".join(arguments), source
