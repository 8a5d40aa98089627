"""Management as configured: name and version, time servers, SNMP agent, local accounts."""

from __future__ import annotations

import re

from netops.facts.system import Identity, LocalUser, NtpServer, SnmpAgent
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words
from netops.platforms.h3c_comware.sheet import address_of

_VERSION = re.compile(r"version (\d+\.\d+[\d.]*), *(.+)")
_LEVEL_ROLE = re.compile(r"level-(\d+)")
_SNMP_VERSIONS = ("v1", "v2c", "v3")


def read_services(context: Context) -> None:
    """Yield identity, time servers, the SNMP agent and accounts."""
    _identity(context)
    _ntp(context)
    _snmp(context)
    for view in context.tree.views("local-user "):
        context.facts.append(_user(context, view))


def _identity(context: Context) -> None:
    name = version = release = None
    lines: list[int] = []
    for node in context.tree.nodes:
        if node.text.startswith("sysname "):
            name = node.text.removeprefix("sysname ").strip()
            lines.append(node.line)
        elif match := _VERSION.fullmatch(node.text):
            version, release = match[1], match[2]
            lines.append(node.line)
    if lines:
        source = context.answer.at(min(lines), max(lines))
        fact = Identity(hostname=name, os_version=version, release=release, source=source)
        context.facts.append(fact)


def _ntp(context: Context) -> None:
    texts = {node.text for node in context.tree.nodes}
    checked = "ntp-service authentication enable" in texts
    for node in context.tree.nodes:
        words = Words(node.words)
        if not words.skip("ntp-service", "sntp"):
            continue
        words.skip("ipv6")
        if not words.skip("unicast-server", "unicast-peer"):
            continue
        vpn = words.take() if words.skip("vpn-instance") else ""
        text = words.take()
        vpn = words.after("vpn-instance") or vpn
        keyed = words.has("authentication-keyid")
        server = NtpServer(address_of(text) or text, vpn, keyed and checked, context.at(node))
        context.facts.append(server)


def _snmp(context: Context) -> None:
    nodes = list(context.tree.views("snmp-agent"))
    contact = location = None
    communities = 0
    versions: list[str] = []
    for node in nodes:
        rest = node.text.removeprefix("snmp-agent").strip()
        if rest.startswith("sys-info contact "):
            contact = rest.removeprefix("sys-info contact ").strip()
        elif rest.startswith("sys-info location "):
            location = rest.removeprefix("sys-info location ").strip()
        elif rest.startswith("sys-info version "):
            words = rest.split()[2:]
            versions.extend(_SNMP_VERSIONS if "all" in words else words)
        elif rest.startswith("community "):
            communities += 1
    if nodes or context.tree.complete:
        first, *_, last = (*(nodes or context.tree.nodes), *(nodes or context.tree.nodes))
        source = context.answer.at(first.line, last.last)
        wanted = tuple(dict.fromkeys(versions))
        fact = SnmpAgent(bool(nodes), wanted, contact, location, communities, source)
        context.facts.append(fact)


def _user(context: Context, view: Node) -> LocalUser:
    services: list[str] = []
    level: int | None = None
    role: str | None = None
    for node in view.children:
        words = Words(node.words)
        if words.skip("service-type"):
            services.extend(word for word in node.words[1:] if word.isalpha())
            level = _number(words.after("level")) if words.has("level") else level
        elif words.skip("authorization-attribute"):
            role = words.after("user-role") or role
            level = _number(words.after("level")) if words.has("level") else level
    if role and (match := _LEVEL_ROLE.fullmatch(role)):
        level = int(match[1])
    name = view.words[1] if len(view.words) > 1 else ""
    return LocalUser(name, level, tuple(services), role, context.at(view, whole=True))


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None
