"""Policy routing of FRR: rows of ``pbr-map`` from a model's policy routes and access lists.

FRR matches prefixes in the row itself, so an access list of the model becomes a row a rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netops.facts.policy_routes import AclRule, PolicyRoute
from netops.lab.model import DeviceModel
from netops.lab.render.frr_text import pretty, vrf_word

FIRST_TABLE = 10000
_FIRST_RULE = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence: what it matches, and the policy route that it belongs to."""

    node: int
    source: str
    destination: str
    permit: bool
    policy: PolicyRoute


def rows(model: DeviceModel) -> Iterator[Row]:
    """Yield every sequence of every policy map, in order."""
    acls = {acl.name: acl for acl in model.acls}
    used: set[tuple[str, int]] = set()
    for policy in model.policy_routes:
        if policy.local:
            continue
        acl = acls.get(policy.acl or "")
        for permit, source, destination in _matches(policy, acl.rules if acl else ()):
            node = max(policy.node, 1)
            while (policy.name, node) in used:
                node += 1
            used.add((policy.name, node))
            yield Row(node, source, destination, permit and policy.permit, policy)


def _matches(policy: PolicyRoute, rules: tuple[AclRule, ...]) -> Iterator[tuple[bool, str, str]]:
    for rule in rules:
        yield rule.permit, _text(rule.source), _text(rule.destination)
    if not rules:
        for source in policy.sources or (None,):
            yield True, _text(source), ""


def _text(prefix: object) -> str:
    return "" if prefix is None else str(prefix)


def config_lines(model: DeviceModel) -> list[str]:
    """Return the ``pbr-map`` and ``nexthop-group`` blocks of the running configuration."""
    groups: list[str] = []
    maps: list[str] = []
    for row in rows(model):
        hops = row.policy.next_hops
        maps.append(f"pbr-map {row.policy.name} seq {row.node}")
        everything = "::/0" if row.policy.family == 6 else "0.0.0.0/0"  # noqa: PLR2004 - IPv6
        if row.source or not row.destination:
            maps.append(f" match src-ip {row.source or everything}")
        if row.destination:
            maps.append(f" match dst-ip {row.destination}")
        if len(hops) > 1:
            name = f"{row.policy.name}-{row.node}"
            groups += [f"nexthop-group {name}", *(f" nexthop {h}" for h in hops), "exit", "!"]
            maps.append(f" set nexthop-group {name}")
        else:
            maps.append(_set_line(row))
        maps += ["exit", "!"]
    return groups + maps


def _set_line(row: Row) -> str:
    policy = row.policy
    if not row.permit:
        return " set vrf unchanged"
    if policy.next_hops:
        out = f" {policy.out_interface}" if policy.out_interface else ""
        return f" set nexthop {policy.next_hops[0]}{out}"
    if policy.out_interface:
        return f" set nexthop {policy.out_interface}"
    if policy.table is not None:
        return f" set table {policy.table}"
    return f" set vrf {vrf_word(policy.vpn)}"


def live_maps(model: DeviceModel) -> str:
    """Return ``show pbr map json``, which names no next hop and no interface."""
    if not model.policy_routes:
        return "pbrd is not running\n"
    maps: dict[str, list[dict[str, object]]] = {}
    for number, row in enumerate(rows(model)):
        entry: dict[str, object] = {
            "id": number + 1,
            "sequenceNumber": row.node,
            "ruleNumber": _FIRST_RULE + row.node - 1,
            "vrfUnchanged": not row.permit,
            "installed": True,
            "installedReason": "Valid",
        }
        if row.policy.next_hops:
            entry["nexthopGroup"] = {
                "tableId": FIRST_TABLE + number,
                "name": f"{row.policy.name}{row.node}",
                "installed": True,
                "installedInternally": 1,
            }
        elif row.policy.vpn is not None:
            entry["vrfName"] = vrf_word(row.policy.vpn)
        if row.source:
            entry["matchSrc"] = row.source
        if row.destination:
            entry["matchDst"] = row.destination
        maps.setdefault(row.policy.name, []).append(entry)
    return pretty([{"name": n, "valid": True, "policies": p} for n, p in maps.items()])
