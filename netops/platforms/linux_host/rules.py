"""``ip -j rule show``: policy routing of the kernel.

A rule that looks up a table other than the usual ones becomes a policy route into the instance
that holds that table. What a prefix cannot express (marks, ports, users) makes the rule's access
list opaque. Rules that only drop are left out: a path that a filter may close counts as a path.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Any

from netops.facts.answers import UnreadLine
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.source import Source
from netops.platforms.answer import Parsed
from netops.platforms.jsontext import (
    Page,
    as_dict,
    as_int,
    as_network,
    as_text,
    json_parser,
    not_this,
)
from netops.platforms.linux_host.routes import instance_of

_USUAL = frozenset({"local", "main", "default"})
_PLAIN = frozenset({"priority", "src", "srclen", "dst", "dstlen", "iif", "table", "protocol"})
_DROPS = frozenset({"prohibit", "unreachable", "blackhole"})
_IGNORED = frozenset({"l3mdev", "nop"})
NAME = "ip rule"


def _read(page: Page) -> Parsed:
    facts: list[Any] = []
    unread: list[UnreadLine] = []
    family = 6 if " -6 " in page.answer.command else 4
    for document in page.documents:
        if not isinstance(document.value, list):
            return not_this(page)
        source = page.answer.at(document.first, document.last)
        for number, entry in enumerate(document.value):
            name = _acl_name(document.value, number)
            found = _facts(entry, family, name, source) if isinstance(entry, dict) else None
            if found is None and entry != {}:
                unread.append(page.quote(entry, document.first))
            facts.extend(found or ())
    return Parsed(tuple(facts), tuple(unread))


def _acl_name(rules: list[Any], number: int) -> str:
    """Name the match of a rule; rules of one priority are told apart by their place."""
    priority = as_dict(rules[number]).get("priority")
    before = as_dict(rules[number - 1]).get("priority") if number else None
    return f"{NAME} {priority}" if before != priority else f"{NAME} {priority} #{number}"


def _facts(rule: dict[str, Any], family: int, acl_name: str, source: Source) -> list[Any] | None:
    priority, table = as_int(rule.get("priority")), rule.get("table")
    if priority is None or not isinstance(rule.get("src", "all"), str):
        return None
    if rule.get("action") in _DROPS or "l3mdev" in rule or rule.get("action") in _IGNORED:
        return []
    if not isinstance(table, (str, int)) or "goto" in rule:
        return None
    name = str(table)
    src, dst = _prefix(rule, "src"), _prefix(rule, "dst")
    opaque = any(key not in _PLAIN for key in rule)
    is_everything = src is None and dst is None and not opaque and "iif" not in rule
    if name in _USUAL and is_everything:
        return []
    inbound = as_text(rule.get("iif"))
    acl = acl_name if dst is not None or opaque else None
    negated = "not" in rule
    route = PolicyRoute(
        NAME,
        priority,
        acl=acl,
        sources=None if src is None or negated else (src,),
        vpn=instance_of(name),
        table=name,
        interfaces=(inbound,) if inbound and inbound != "lo" else (),
        local=inbound == "lo",
        family=family,
        source=source,
    )
    if acl is None:
        return [route]
    match_source, match_destination = (None, None) if negated else (src, dst)
    line = AclRule(
        permit=True,
        source=match_source,
        destination=match_destination,
        opaque=opaque,
        at=source,
    )
    return [route, Acl(acl, family, (line,), source)]


def _prefix(rule: dict[str, Any], key: str) -> IPv4Network | IPv6Network | None:
    text, length = as_text(rule.get(key)), as_int(rule.get(f"{key}len"))
    if text is None or text == "all":
        return None
    return as_network(text if length is None else f"{text}/{length}")


read_rules = json_parser(_read)
