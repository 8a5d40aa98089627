"""``nft -j list ruleset``: address translation of the kernel.

Every rule that masquerades or rewrites addresses is a fact, wherever its chain hangs: a chain
that is only jumped to translates too. Filter rules are understood and left to a later audit.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Any

from netops.facts.answers import UnreadLine
from netops.facts.nat import NatKind, NatRule
from netops.facts.policy_routes import Acl
from netops.facts.source import Source
from netops.platforms.answer import Parsed
from netops.platforms.jsontext import (
    Page,
    as_address,
    as_dict,
    as_list,
    as_text,
    json_parser,
    not_this,
    objects,
)
from netops.platforms.linux_host.nft_match import Match, Sets, read_match

_KNOWN = frozenset({
    "metainfo", "table", "chain", "rule", "set", "map", "element", "flowtable", "counter",
    "quota", "ct helper", "limit", "secmark", "synproxy", "ct timeout", "ct expectation",
})  # fmt: skip
_STOPS = ("return", "accept")
_XT_TARGETS = {"MASQUERADE": "masquerade", "SNAT": "snat", "DNAT": "dnat", "REDIRECT": "redirect"}
Ranges = tuple[tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address], ...]


def _read(page: Page) -> Parsed:
    facts: list[Any] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        value = as_dict(document.value)
        if not isinstance(value.get("nftables"), list):
            return not_this(page)
        items = value["nftables"]
        sets, nat_chains = _sets(items), _nat_chains(items)
        source = page.answer.at(document.first, document.last)
        for item in items:
            if not isinstance(item, dict) or not _KNOWN.intersection(item):
                unread.append(page.quote(item, document.first))
            elif "rule" in item:
                facts.extend(_rule(as_dict(item["rule"]), sets, nat_chains, source))
    return Parsed(tuple(facts), tuple(unread))


def _sets(items: list[Any]) -> Sets:
    found: dict[tuple[str, str, str], list[Any]] = {}
    for item in objects(items):
        body = as_dict(item.get("set")) or as_dict(item.get("element"))
        if body:
            key = (str(body.get("family")), str(body.get("table")), str(body.get("name")))
            found.setdefault(key, []).extend(as_list(body.get("elem")))
    return found


def _nat_chains(items: list[Any]) -> frozenset[tuple[str, str, str]]:
    """Chains of source translation: there, a verdict without translation exempts."""
    return frozenset(
        (str(chain.get("family")), str(chain.get("table")), str(chain.get("name")))
        for chain in (as_dict(item.get("chain")) for item in objects(items))
        if chain.get("type") == "nat" and chain.get("hook") == "postrouting"
    )


def _rule(
    rule: dict[str, Any],
    sets: Sets,
    nat_chains: frozenset[tuple[str, str, str]],
    source: Source,
) -> list[Any]:
    family, table, chain = (str(rule.get(key)) for key in ("family", "table", "chain"))
    expressions = as_list(rule.get("expr"))
    word, body = _action(expressions)
    is_exempting = word in _STOPS and (family, table, chain) in nat_chains
    if word not in {"masquerade", "snat", "dnat", "redirect"} and not is_exempting:
        return []
    match = read_match(expressions, (family, table), sets)
    if is_exempting and match.narrow:
        return []  # it may exempt, it may not: taken as not, so that no translation is missed
    name = f"nft {family} {table} {chain} {rule.get('handle')}"
    acl = None if match.matches_every_source else name
    version = 6 if family == "ip6" or body.get("family") == "ip6" else 4
    facts: list[Any] = [] if acl is None else [Acl(acl, version, match.rules(source), source)]
    if word in {"dnat", "redirect"}:
        facts.extend(_server(match, acl, body, name, source))
        return facts
    pool = _pool(body.get("addr")) if word == "snat" else ()
    facts.extend(
        NatRule(
            NatKind.OUTBOUND,
            interface,
            acl=acl,
            pool=pool,
            easy_ip=word == "masquerade",
            translates=not is_exempting,
            name=name,
            source=source,
        )
        for interface in match.out or (None,)
    )
    return facts


def _action(expressions: list[Any]) -> tuple[str, dict[str, Any]]:
    """Return the last statement of a rule, older iptables targets by their new names."""
    for expression in reversed(expressions):
        value = as_dict(expression)
        target = _XT_TARGETS.get(as_text(as_dict(value.get("xt")).get("name")) or "")
        if target:
            return target, {}
        for word in ("masquerade", "snat", "dnat", "redirect", *_STOPS):
            if word in value:
                return word, as_dict(value[word])
    return "", {}


def _server(
    match: Match, acl: str | None, body: dict[str, Any], name: str, source: Source
) -> list[NatRule]:
    pool = _pool(body.get("addr"))
    return [
        NatRule(
            NatKind.SERVER,
            interface,
            acl=acl,
            easy_ip=not pool,
            inside=pool[0][0] if pool else None,
            name=name,
            source=source,
        )
        for interface in match.inbound or (None,)
    ]


def _pool(value: object) -> Ranges:
    ends = as_list(as_dict(value).get("range")) or [value, value]
    prefix = as_dict(as_dict(value).get("prefix"))
    if prefix:
        ends = [prefix.get("addr"), prefix.get("addr")]
    known = [address for address in map(as_address, ends) if address is not None]
    return ((known[0], known[-1]),) if known else ()


read_ruleset = json_parser(_read)
