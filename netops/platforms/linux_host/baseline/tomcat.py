"""Tomcat: what its server, its applications and its list of users are set to.

The user database, the lock-out, the connectors and the logs of every CATALINA_BASE. Passwords come
as their kind alone. XML that is not understood yields no setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.settings import ComponentFacts
from netops.platforms.linux_host.baseline.product_text import (
    Instance,
    Settings,
    instances,
    unique_key,
    whole,
    words,
)
from netops.platforms.linux_host.baseline.sheet import Sheet
from netops.platforms.linux_host.baseline.tomcat_shell import SECTIONS
from netops.platforms.linux_host.baseline.tomcat_xml import Element, NotXmlError, parse

__all__ = ["SECTIONS", "read"]

_LOOPBACK = re.compile(r"127\.[0-9.]+|::1|localhost")
_MANAGERS = ("manager", "host-manager")
_SAMPLES = ("docs", "examples")
_LIMITS = ("RemoteAddrValve", "RemoteCIDRValve", "RemoteHostValve")
_TLS_SINCE = 9
_ANYWHERE = re.compile(
    r"(?:(?:\.|\\d|\[0-9\]|\\S|\[^]]{1,30}\])(?:[*+]|\{1,3\})(?:\\?\.)?){1,8}|[0-9.:]{1,20}/0"
)
"""An expression, or a prefix, that fits every address."""


def read(sheets: Mapping[str, Sheet]) -> tuple[ComponentFacts, ...]:
    """Return every Tomcat of the host."""
    found = instances(sheets.get("tomcat"))
    return tuple(_tomcat(one) for _, one in sorted(found.items()))


def _tomcat(one: Instance) -> ComponentFacts:
    settings = Settings()
    version = one.said("version")
    if one.whole:
        server = _xml(one, "/conf/server.xml")
        if server is not None and any(server.walk("Server")):
            _add_server(settings, server)
            _add_connectors(settings, server, version)
            _add_realms(settings, server)
            _add_hosts(settings, server)
        _add_web(settings, one)
        _add_users(settings, _xml(one, "/conf/tomcat-users.xml"))
        _add_applications(settings, one)
        if one.said("process"):
            settings.add("tomcat.process_user", one.said("process"), one.where("process"))
    return ComponentFacts("tomcat", one.name, "", version, settings.all())


def _xml(one: Instance, end: str) -> Element | None:
    piece = one.file(one.name + end)
    try:
        return parse(piece) if piece is not None else None
    except NotXmlError:
        return None


def _add_server(settings: Settings, root: Element) -> None:
    for server in root.walk("Server"):
        settings.add("tomcat.shutdown_port", whole(server.get("port", "8005")), server.source)
        word = server.get("shutdown", "default")
        settings.add("tomcat.shutdown_word", word, server.source)


def _add_connectors(settings: Settings, root: Element, version: str) -> None:
    keys: list[str] = []
    for connector in root.walk("Connector"):
        protocol = connector.get("protocol", "HTTP/1.1")
        key = unique_key(f"{connector.get('port')} {protocol}", keys[-50:])
        keys.append(key)
        settings.add("tomcat.connector.trace", connector.get("allowTrace").lower() == "true",
                     connector.source, key)  # fmt: skip
        if "AJP" in protocol or "ajp" in protocol:
            _add_ajp(settings, connector, key)
            continue
        secure = connector.get("SSLEnabled").lower() == "true"
        local = bool(_LOOPBACK.fullmatch(connector.get("address")))
        settings.add("tomcat.connector.plain", not secure and not local, connector.source, key)
        told = connector.get("xpoweredBy").lower() == "true"
        settings.add("tomcat.connector.banner", told, connector.source, key)
        settings.add("tomcat.connector.tls", secure, connector.source, key)
        if secure:
            _add_tls(settings, connector, key, version)
    settings.add("tomcat.connectors", len(keys), root.source)


def _add_ajp(settings: Settings, connector: Element, key: str) -> None:
    form = connector.get("secretform") or connector.get("requiredSecretform") or "empty"
    settings.add("tomcat.ajp.secret_form", form, connector.source, key)
    address = connector.get("address")
    local = not address or bool(_LOOPBACK.fullmatch(address))
    settings.add("tomcat.ajp.local_only", local, connector.source, key)


def _add_tls(settings: Settings, connector: Element, key: str, version: str) -> None:
    """Add the protocols where they are named; what ``all`` means differs between releases."""
    for config in list(connector.walk("SSLHostConfig")) or [connector]:
        named = config.get("protocols") or config.get("sslEnabledProtocols")
        listed = tuple(word.lstrip("+") for word in words(named, ",+"))
        known = bool(listed) and not any(w.lower() == "all" or w[:1] == "-" for w in listed)
        where = key if config is connector else f"{key} {config.get('hostName', '_default_')}"
        if known:
            settings.add("tomcat.connector.tls_protocols", listed, config.source, where)
        elif (whole(version.partition(".")[0]) or 0) < _TLS_SINCE:
            settings.add("tomcat.connector.tls_protocols", ("all",), config.source, where)


def _class(element: Element) -> str:
    return element.get("className").rpartition(".")[2]


def _add_realms(settings: Settings, root: Element) -> None:
    realms = list(root.walk("Realm"))
    locks = [realm for realm in realms if _class(realm) == "LockOutRealm"]
    inner = [realm for realm in realms if _class(realm) not in {"LockOutRealm", "CombinedRealm"}]
    guarded = bool(inner) and all(
        any(_class(outer) == "LockOutRealm" for outer in realm.outside()) for realm in inner
    )
    at = (locks or realms or [root])[0].source
    settings.add("tomcat.lockout.on", guarded, at)
    if guarded:
        fewest = [whole(lock.get("failureCount", "5")) for lock in locks]
        shortest = [whole(lock.get("lockOutTime", "300")) for lock in locks]
        known = [n for n in fewest if n is not None], [n for n in shortest if n is not None]
        if len(known[0]) == len(known[1]) == len(locks):
            settings.add("tomcat.lockout.failures", max(known[0]), at)
            settings.add("tomcat.lockout.time_s", min(known[1]), at)
    handlers = [_class(handler) or "MessageDigest" for handler in root.walk("CredentialHandler")]
    settings.add("tomcat.credential_handlers", tuple(handlers), at)


def _valves(element: Element) -> Iterator[Element]:
    yield from (inner for inner in element.inner if inner.name == "Valve")


def _add_hosts(settings: Settings, root: Element) -> None:
    for host in root.walk("Host"):
        key = host.get("name", "localhost")
        around = [host, *host.outside()]
        valves = [valve for element in around for valve in _valves(element)]
        logs = [v for v in valves if _class(v).endswith("AccessLogValve")
                and v.get("enabled", "true").lower() == "true"]  # fmt: skip
        settings.add("tomcat.access_log.on", bool(logs), (logs or [host])[0].source, key)
        for log in logs[:1]:
            settings.add("tomcat.access_log.pattern", _pattern(log.get("pattern")), log.source, key)
        reports = [v for v in valves if _class(v) == "ErrorReportValve"]
        hidden = bool(reports) and reports[0].get("showServerInfo").lower() == "false"
        settings.add("tomcat.version_hidden", hidden, (reports or [host])[0].source, key)
        deploys = host.get("autoDeploy", "true").lower() == "true"
        settings.add("tomcat.auto_deploy", deploys, host.source, key)


def _pattern(text: str) -> str:
    common = '%h %l %u %t "%r" %s %b'
    return {"": common, "common": common, "combined": f"{common} %{{Referer}}i"}.get(text, text)


def _add_web(settings: Settings, one: Instance) -> None:
    web = _xml(one, "/conf/web.xml")
    if web is None:
        return
    timeouts = list(web.walk("session-timeout"))
    minutes = whole(timeouts[-1].text.strip()) if timeouts else 30
    settings.add("tomcat.session_timeout_min", minutes, (timeouts or [web])[-1].source)
    for name, default in (("listings", False), ("readonly", True)):
        value, at = default, web.source
        for parameter in web.walk("init-param"):
            texts = {inner.name: inner.text.strip() for inner in parameter.inner}
            if texts.get("param-name") == name:
                value, at = texts.get("param-value", "").lower() == "true", parameter.source
        settings.add(f"tomcat.{name}", value, at)


def _add_users(settings: Settings, root: Element | None) -> None:
    if root is None:
        return
    users = list(root.walk("user"))
    settings.add("tomcat.users", len(users), root.source)
    for user in users:
        name = user.get("username") or user.get("name")
        settings.add(
            "tomcat.user.password_form", user.get("passwordform", "empty"), user.source, name
        )
        settings.add("tomcat.user.roles", words(user.get("roles")), user.source, name)


def _add_applications(settings: Settings, one: Instance) -> None:
    said = [p.name.partition(" ")[2] for p in one.pieces
            if p.kind == "say" and p.name.startswith("webapp ")]  # fmt: skip
    at = one.where("webapp")
    names = tuple(sorted(dict.fromkeys(said)))
    settings.add("tomcat.applications", names, at)
    settings.add("tomcat.samples", tuple(n for n in names if n in _SAMPLES), at)
    managers = tuple(name for name in names if name in _MANAGERS)
    settings.add("tomcat.managers", managers, at)
    for name in managers:
        limited = any(_is_limited(one, name))
        settings.add("tomcat.manager.limited", limited, at, name)


def _is_limited(one: Instance, name: str) -> Iterator[bool]:
    for piece in one.files():
        if not piece.name.endswith((f"/{name}/META-INF/context.xml", f"/{name}.xml")):
            continue
        try:
            valves = list(parse(piece).walk("Valve"))
        except NotXmlError:
            continue
        for valve in valves:
            allowed = valve.get("allow")
            ways = [part.strip("^$() \t") for part in re.split(r"[|,]", allowed)]
            everyone = not allowed or any(_ANYWHERE.fullmatch(way) for way in ways)
            yield _class(valve) in _LIMITS and not everyone
