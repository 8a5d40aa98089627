"""nginx: what holds for every server and location after inheritance.

A directive of an inner block replaces the outer one's; what is nowhere said has the default of
the release, where that is known. Files that cannot be read to their end yield no setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from posixpath import dirname, join

from netops.facts.settings import ComponentFacts
from netops.facts.source import NOWHERE, Source
from netops.platforms.linux_host.baseline.nginx_shell import SECTIONS
from netops.platforms.linux_host.baseline.product_text import (
    Instance,
    Nesting,
    NestingError,
    Settings,
    instances,
    truth,
    unique_key,
)
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet

__all__ = ["SECTIONS", "read"]

_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
_MANY = 400
_COMBINED = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent"'
)
_LOOPBACK = re.compile(r"(127\.[\d.]+|\[::1\]|localhost|unix)(:.*)?", re.ASCII)
_REDIRECT = re.compile(r"https://|\$scheme")
_EVERYBODY = (("all",), ("0.0.0.0/0",), ("::/0",))
_HSTS = "strict-transport-security"
_CHALLENGE = "/.well-known/acme-challenge/"
_KNOWN_TOKENS = frozenset({"on", "off", "build"})


@dataclass(slots=True)
class Block:
    """A block with its directives; ``outer`` is where it inherits from."""

    name: str
    words: tuple[str, ...]
    source: Source
    outer: Block | None = None
    said: dict[str, list[tuple[tuple[str, ...], Source]]] = field(default_factory=dict)
    inner: list[Block] = field(default_factory=list)

    def own(self, name: str) -> list[tuple[tuple[str, ...], Source]]:
        """Return what this block itself says."""
        return self.said.get(name, [])

    def effective(self, name: str) -> list[tuple[tuple[str, ...], Source]]:
        """Return what holds here: the nearest block that says anything decides."""
        block: Block | None = self
        while block is not None:
            if block.own(name):
                return block.own(name)
            block = block.outer
        return []

    def walk(self) -> Iterator[Block]:
        """Yield the block and all inside it."""
        waiting = [self]
        while waiting:
            block = waiting.pop()
            yield block
            waiting.extend(reversed(block.inner))


class _BrokenError(Exception):
    """The configuration does not close what it opens, or is cut."""


def read(sheets: Mapping[str, Sheet]) -> tuple[ComponentFacts, ...]:
    """Return every nginx of the host."""
    found = instances(sheets.get("nginx"))
    return tuple(_nginx(one, alone=len(found) == 1) for _, one in sorted(found.items()))


def _nginx(one: Instance, *, alone: bool) -> ComponentFacts:
    match = re.search(r"(?:nginx|openresty)/([0-9][0-9.]{0,20})", one.said("version"), re.ASCII)
    version = match[1] if match else ""
    settings = Settings()
    root = _tree(one) if one.whole else None
    if root is not None:
        _add_main(settings, root)
        _add_servers(settings, root, version)
    if root is not None:
        _add_streams(settings, root, version)
    if alone and one.said("worker"):
        settings.add("nginx.worker_user", one.said("worker"), one.where("worker"))
    if alone:
        for piece in one.pieces:
            if piece.kind == "say" and piece.name.startswith("log "):
                mode, *_, path = piece.name.split(" ")[1:]
                settings.add("nginx.log_mode", mode, piece.at(), path)
    name = "" if one.name == "/etc/nginx/nginx.conf" else one.name
    return ComponentFacts("nginx", name, "", version, settings.all())


def _tree(one: Instance) -> Block | None:
    root = Block("main", (), NOWHERE)
    main = one.file(one.said("main"))
    if main is None:
        return None
    try:
        _fill(one, main, root, Nesting())
    except (_BrokenError, NestingError):
        return None
    return root


def _fill(one: Instance, piece: Piece, block: Block, nesting: Nesting) -> None:
    """Put the statements of a file into ``block``; a file closes what it opens."""
    opened = [block]
    for number, text in piece.lines:
        if text == "}":
            if len(opened) == 1:
                raise _BrokenError
            opened.pop()
            continue
        words = tuple(m[1] if m[1] is not None else m[2] for m in _WORD.finditer(text[:-1]))
        if text == "?" or not words:
            raise _BrokenError
        here = opened[-1]
        if text.endswith("{"):
            inner = Block(words[0], words[1:], piece.at(number), here)
            here.inner.append(inner)
            opened.append(inner)
        elif words[0] == "include" and len(words) > 1:
            _include(one, words[1], here, nesting)
        else:
            here.said.setdefault(words[0], []).append((words[1:], piece.at(number)))
    if len(opened) != 1:
        raise _BrokenError


def _include(one: Instance, path: str, block: Block, nesting: Nesting) -> None:
    pattern = join(dirname(one.said("main")), path)
    for piece in sorted(one.files(), key=lambda p: p.name):
        same = piece.name.count("/") == pattern.count("/")
        if same and fnmatchcase(piece.name, pattern):
            _fill(one, piece, block, nesting.inside())


def _add_main(settings: Settings, root: Block) -> None:
    user = root.own("user")
    settings.add("nginx.user", user[-1][0][0] if user and user[-1][0] else "nobody",
                 user[-1][1] if user else NOWHERE)  # fmt: skip


def _add_servers(settings: Settings, root: Block, version: str) -> None:
    http = [block for block in root.inner if block.name == "http"]
    formats = {
        words[0]: " ".join(w for w in words[1:] if not w.startswith("escape="))
        for block in http
        for words, _ in block.own("log_format")
        if words
    }
    keys: list[str] = []
    count = 0
    for server in (b for h in http for b in h.inner if b.name == "server"):
        count += 1
        key = unique_key(_name(server), keys) if count < _MANY else f"{_name(server)} #{count}"
        keys.append(key)
        _add_server(settings, server, key, version)
        _add_logs(settings, server, key, formats)
        for block in server.walk():
            _add_block(settings, block, key)
    settings.add("nginx.servers", count, http[0].source if http else NOWHERE)


def _name(server: Block) -> str:
    listens = [words[0] for words, _ in server.own("listen") if words] or ["80"]
    names = [words[0] for words, _ in server.own("server_name") if words] or ["_"]
    return f"{listens[0]} {names[0]}"


def _add_server(settings: Settings, server: Block, key: str, version: str) -> None:
    listens = server.own("listen") or [(("80",), server.source)]
    old_form = server.effective("ssl")
    all_tls = bool(old_form) and old_form[-1][0][:1] == ("on",)
    secure = [row for row in listens if all_tls or {"ssl", "quic"} & {*row[0]}]
    plain = [row for row in listens if row not in secure]
    open_plain = [row for row in plain if not _LOOPBACK.fullmatch(row[0][0] if row[0] else "")]
    settings.add("nginx.server.plain_http", bool(open_plain) and not _redirects(server),
                 (open_plain or listens)[0][1], key)  # fmt: skip
    settings.add("nginx.server.tls", bool(secure), listens[0][1], key)
    if not secure:
        return
    _add_protocols(settings, server, key, version)
    _add_ciphers(settings, server, key)
    without = next((b for b in server.walk() if not _promises_tls(b)), None)
    at = (without or server).source
    settings.add("nginx.server.hsts", without is None, at, key)


def _promises_tls(block: Block) -> bool:
    """Whether answers of a block hold browsers to TLS; a header of its own drops the others."""
    said = [words for words, _ in block.effective("add_header") if words]
    values = [words[1] for words in said if len(words) > 1 and words[0].lower() == _HSTS]
    return any(not re.search(r"max-age\s{0,4}=\s{0,4}\"?0{1,9}(?![0-9])", v) for v in values)


def _add_protocols(settings: Settings, server: Block, key: str, version: str) -> None:
    protocols = server.effective("ssl_protocols")
    if protocols:
        settings.add("nginx.server.tls_protocols", protocols[-1][0], protocols[-1][1], key)
    elif version:
        settings.add("nginx.server.tls_protocols", _default_protocols(version), NOWHERE, key)


def _add_ciphers(settings: Settings, server: Block, key: str) -> None:
    ciphers = server.effective("ssl_ciphers")
    text = ciphers[-1][0][0] if ciphers and ciphers[-1][0] else "HIGH:!aNULL:!MD5"
    settings.add("nginx.server.ciphers", text, ciphers[-1][1] if ciphers else NOWHERE, key)


def _default_protocols(version: str) -> tuple[str, ...]:
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    modern = ("TLSv1.2", "TLSv1.3")
    return modern if numbers >= (1, 27, 3) else ("TLSv1", "TLSv1.1", *modern)


def _add_streams(settings: Settings, root: Block, version: str) -> None:
    """Add TLS of servers that pass on streams: their directives are the same."""
    servers = [b for outer in root.inner if outer.name == "stream" for b in outer.inner]
    keys: list[str] = []
    for server in (block for block in servers if block.name == "server"):
        listens = server.own("listen")
        if not any("ssl" in words for words, _ in listens):
            continue
        key = unique_key(f"stream {listens[0][0][0]}", keys[-50:])
        keys.append(key)
        settings.add("nginx.server.tls", True, listens[0][1], key)
        _add_protocols(settings, server, key, version)
        _add_ciphers(settings, server, key)


def _redirects(server: Block) -> bool:
    """Whether no request is served here: each is sent to HTTPS or refused."""
    if server.own("return"):
        return _turns_away(server)
    locations = [block for block in server.inner if block.name == "location"]
    whole = any(block.words == ("/",) for block in locations)
    return whole and all(
        _turns_away(block) or block.words[-1:] == (_CHALLENGE,) for block in locations
    )


def _turns_away(block: Block) -> bool:
    """Whether a block's own ``return`` leads to HTTPS or nowhere."""
    words = next((words for words, _ in block.own("return") if words), ())
    if not words:
        return False
    is_redirect = words[0].startswith("30") and _REDIRECT.match(words[-1]) is not None
    is_bare = len(words) == 1 and _REDIRECT.match(words[0]) is not None
    return is_redirect or is_bare or (len(words) == 1 and words[0].startswith("4"))


def _add_logs(settings: Settings, server: Block, key: str, formats: Mapping[str, str]) -> None:
    errors = server.effective("error_log")
    level, at = "error", NOWHERE
    if errors and errors[-1][0]:
        words, at = errors[-1]
        level = "off" if words[0] == "/dev/null" else words[1] if len(words) > 1 else "error"
    settings.add("nginx.error_log", level, at, key)
    logs = server.effective("access_log")
    written = [row for row in logs if row[0] and row[0][0] not in {"off", "/dev/null"}]
    source = logs[-1][1] if logs else NOWHERE
    settings.add("nginx.access_log", bool(written) or not logs, source, key)
    if written:
        named = [w for w in written[0][0][1:] if "=" not in w]
        text = formats.get(named[0]) if named else _COMBINED
        text = _COMBINED if named and named[0] == "combined" else text
        settings.add("nginx.log_format", text, written[0][1], key)
    elif not logs:
        settings.add("nginx.log_format", _COMBINED, NOWHERE, key)


def _add_block(settings: Settings, block: Block, server: str) -> None:
    """Add what a server says, and what a location of it says otherwise."""
    key = server if block.name == "server" else f"{server} {' '.join((block.name, *block.words))}"
    is_server = block.name == "server"
    tokens = block.effective("server_tokens")
    if is_server or block.own("server_tokens"):
        value = tokens[-1][0][0] if tokens and tokens[-1][0] else "on"
        known = value if value in _KNOWN_TOKENS else "text"
        settings.add("nginx.server_tokens", known, tokens[-1][1] if tokens else NOWHERE, key)
    listing = block.effective("autoindex")
    if is_server or block.own("autoindex"):
        value = listing[-1][0][0] if listing and listing[-1][0] else "off"
        settings.add("nginx.autoindex", truth(value), listing[-1][1] if listing else NOWHERE, key)
    if block.own("dav_methods"):
        words, at = block.own("dav_methods")[-1]
        settings.add("nginx.dav_methods", tuple(w for w in words if w != "off"), at, key)
    if not is_server and block.own("access_log"):
        words, at = block.own("access_log")[-1]
        if words[:1] == ("off",):
            settings.add("nginx.location_unlogged", value=True, source=at, key=key)
    if block.own("stub_status"):
        settings.add("nginx.status_open", _is_open(block), block.own("stub_status")[0][1], key)


def _is_open(block: Block) -> bool:
    """Whether everybody is let in: neither an address nor a password is asked."""
    rules = [(words, at.first) for words, at in block.effective("deny") if words == ("all",)]
    admits = [(w, at.first) for w, at in block.effective("allow") if w in _EVERYBODY]
    denies = bool(rules) and not any(at < rules[0][1] for _, at in admits)
    password = block.effective("auth_basic")
    asks = bool(password) and password[-1][0][:1] != ("off",)
    if block.effective("satisfy")[-1:] and block.effective("satisfy")[-1][0][:1] == ("any",):
        # One of both is enough: an address that anybody has opens it.
        return not (denies or (asks and not admits))
    return not (denies or asks)
