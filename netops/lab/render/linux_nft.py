"""``nft -j list ruleset``: translations of a model as nftables holds them."""

from __future__ import annotations

import json
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from netops.facts.nat import NatKind, NatRule
from netops.facts.policy_routes import Acl
from netops.lab.model import DeviceModel

_META = {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}
_CHAINS = (("postrouting", 100), ("prerouting", -100))


def ruleset(model: DeviceModel) -> str:
    """Return the whole ruleset; a host without translations has an empty one."""
    items: list[dict[str, Any]] = [{"metainfo": _META}]
    acls = {acl.name: acl for acl in model.acls}
    for family in ("ip", "ip6"):
        found = [rule for rule in model.nat_rules if _family(rule, acls) == family]
        if found:
            items += _table(family, found, acls)
    return json.dumps({"nftables": items}, ensure_ascii=False) + "\n"


def _family(rule: NatRule, acls: dict[str, Acl]) -> str:
    acl = acls.get(rule.acl or "")
    ends = [rule.inside] if rule.inside else [first for first, _ in rule.pool]
    is_v6 = (acl is not None and acl.family == 6) or any(e.version == 6 for e in ends)  # noqa: PLR2004 - IPv6
    return "ip6" if is_v6 else "ip"


def _table(family: str, rules: list[NatRule], acls: dict[str, Acl]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [{"table": {"family": family, "name": "nat", "handle": 1}}]
    for number, (name, priority) in enumerate(_CHAINS, start=1):
        chain = {"family": family, "table": "nat", "name": name, "handle": number, "type": "nat",
                 "hook": name, "prio": priority, "policy": "accept"}  # fmt: skip
        items.append({"chain": chain})
    for handle, rule in enumerate(rules, start=4):
        is_server = rule.kind is NatKind.SERVER
        body = {
            "family": family,
            "table": "nat",
            "chain": _CHAINS[is_server][0],
            "handle": handle,
            "expr": _expressions(family, rule, acls.get(rule.acl or "")),
        }
        items.append({"rule": body})
    return items


def _expressions(family: str, rule: NatRule, acl: Acl | None) -> list[dict[str, Any]]:
    is_server = rule.kind is NatKind.SERVER
    found = []
    if rule.interface:
        key = "iifname" if is_server else "oifname"
        found.append(_match({"meta": {"key": key}}, rule.interface))
    denied = [line.source for line in acl.rules if not line.permit] if acl else []
    permitted = [line.source for line in acl.rules if line.permit] if acl else []
    destinations = [line.destination for line in acl.rules if line.permit] if acl else []
    for field, prefixes in (("saddr", permitted), ("daddr", destinations)):
        known = [_prefix(p) for p in dict.fromkeys(p for p in prefixes if p is not None)]
        if known and None not in prefixes:
            found.append(_match(_payload(family, field), _one_or_set(known)))
    excluded = [_prefix(p) for p in denied if p is not None]
    if excluded:
        found.append(_match(_payload(family, "saddr"), _one_or_set(excluded), "!="))
    return [*found, _action(rule)]


def _match(left: dict[str, Any], right: object, operator: str = "==") -> dict[str, Any]:
    return {"match": {"op": operator, "left": left, "right": right}}


def _payload(family: str, field: str) -> dict[str, Any]:
    return {"payload": {"protocol": family, "field": field}}


def _prefix(prefix: IPv4Network | IPv6Network) -> str | dict[str, Any]:
    if prefix.prefixlen == prefix.max_prefixlen:
        return str(prefix.network_address)
    return {"prefix": {"addr": str(prefix.network_address), "len": prefix.prefixlen}}


def _one_or_set(values: list[Any]) -> object:
    return values[0] if len(values) == 1 else {"set": values}


def _action(rule: NatRule) -> dict[str, Any]:
    if not rule.translates:
        return {"return": None}
    if rule.kind is NatKind.SERVER:
        return {"dnat": {"addr": str(rule.inside)}} if rule.inside else {"redirect": None}
    if rule.pool:
        first, last = rule.pool[0]
        ends = str(first) if first == last else {"range": [str(first), str(last)]}
        return {"snat": {"addr": ends}}
    return {"masquerade": None}
