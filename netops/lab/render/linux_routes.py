"""``ip -j route show`` and ``ip -j rule show`` for a model.

A policy route of the model becomes a rule; one that names next hops and no table gets a table of
its own that holds a default route by them, as an administrator would write it. What the model
does not select is printed as a kernel prints it (tried on iproute2 6.1): a static route of worse
preference with its metric, routes by a port without carrier marked ``linkdown``. Only a port that
is shut takes its routes away.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import groupby
from typing import Any

from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.routes import RouteRow, prefix_of
from netops.lab.model import DeviceModel
from netops.lab.render.linux_text import compact

_V4 = 4
_FIRST_VRF_TABLE = 1001
_FIRST_POLICY_TABLE = 100
_TABLE = "table "
_MAIN = "main"
_USUAL = 1
"""The preference of an ordinary static route: in a kernel, no metric."""


def vrf_names(model: DeviceModel) -> list[str]:
    """Return the VRFs of a host; "table N" names a routing table, no VRF."""
    names = dict.fromkeys(instance.name for instance in model.vpn_instances)
    names.update(dict.fromkeys(vpn for vpn, _ in model.routes if vpn))
    return [name for name in names if not name.startswith(_TABLE)]


def table_of(model: DeviceModel, vpn: str) -> str:
    """Return the kernel table of an instance."""
    if vpn.startswith(_TABLE):
        return vpn.removeprefix(_TABLE)
    return str(_FIRST_VRF_TABLE + vrf_names(model).index(vpn)) if vpn else _MAIN


def all_tables(model: DeviceModel, family: int) -> str:
    """Return ``ip -4|-6 -j route show table all``: VRF tables, main and local ones."""
    entries: list[dict[str, Any]] = []
    for number, policy in enumerate(model.policy_routes):
        entries += _policy_default(model, policy, number, family)
    for vpn, version in _tables(model):
        if version == family:
            entries += _entries(_rows(model, vpn, family), table_of(model, vpn), _dark(model))
    return compact([*entries, *_local(model, family)])


def vrf_table(model: DeviceModel, vpn: str, family: int) -> str:
    """Return ``ip -j route show vrf NAME``, which prints no table."""
    return compact(_entries(_rows(model, vpn, family), _MAIN, _dark(model)))


def _tables(model: DeviceModel) -> list[tuple[str, int]]:
    """Return the tables that hold something: of selected routes, or of others only."""
    found = dict.fromkeys(model.routes)
    found.update(dict.fromkeys((s.vpn, s.prefix.version) for s in model.statics))
    return list(found)


def _dark(model: DeviceModel) -> frozenset[str]:
    """Return the ports that are not shut and have no carrier."""
    return frozenset(
        i.name
        for i in model.interfaces
        if i.admin_up is not False and False in (i.link_up, i.protocol_up)
    )


def _rows(model: DeviceModel, vpn: str, family: int) -> list[RouteRow]:
    """Return the rows of a table, also those of which the kernel uses none."""
    rows = [_ranked(row) for row in model.routes.get((vpn, family), ())]
    beside = _beside(model, vpn, family)
    dark = _dark(model)
    for interface in model.interfaces:
        if interface.name not in dark or (interface.vpn or "") != vpn:
            continue
        nets = [a.interface.network for a in interface.addresses or ()]
        beside += [
            RouteRow(family, int(n.network_address), n.prefixlen, "direct", 0, 0, "",
                     interface.name)
            for n in nets if n.version == family
        ]  # fmt: skip
    if not beside:
        return rows
    return sorted([*rows, *beside], key=lambda r: (r.network, r.length, r.metric))


def _ranked(row: RouteRow) -> RouteRow:
    """Write a static route's preference as the metric that ranks it, the usual one as none."""
    if row.protocol != "static" or row.metric or row.preference <= _USUAL:
        return row
    return row._replace(metric=row.preference)


def _beside(model: DeviceModel, vpn: str, family: int) -> list[RouteRow]:
    """Return configured static routes that are not selected and that the kernel keeps."""
    shut = {i.name for i in model.interfaces if i.admin_up is False}
    taken = {
        (r.network, r.length, r.next_hop, r.interface)
        for r in model.routes.get((vpn, family), ())
        if r.protocol == "static"
    }
    found = []
    for static in model.statics:
        prefix, hop = static.prefix, static.next_hop
        if (static.vpn, prefix.version) != (vpn, family) or static.blackhole:
            continue
        name = static.interface or ("" if hop is None else _port(model, hop))
        key = (int(prefix.network_address), prefix.prefixlen, "" if hop is None else str(hop), name)
        if name and name not in shut and key not in taken:
            row = RouteRow(family, *key[:2], "static", static.preference, 0, *key[2:])
            found.append(_ranked(row))
    return found


def _entries(
    rows: list[RouteRow], table: str, dark: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    found = []
    for _, same in groupby(rows, key=lambda r: _same_entry(r, dark)):
        paths = list(same)
        value = _head(paths[0])
        if len(paths) == 1:
            value |= _way(paths[0])
        if table != _MAIN:
            value["table"] = table
        value |= _words(paths[0])
        value["flags"] = _flags(paths[0], dark)
        if len(paths) > 1:
            value["nexthops"] = [_way(p) | {"weight": 1, "flags": []} for p in paths]
        found.append(value | ({} if paths[0].family == _V4 else {"pref": "medium"}))
    return found


def _same_entry(row: RouteRow, dark: frozenset[str]) -> tuple[object, ...]:
    """Return what equal paths have in common; a path without carrier was appended by itself."""
    alone = row.interface if row.interface in dark else ""
    return row.network, row.length, row.protocol, row.metric, alone


def _flags(row: RouteRow, dark: frozenset[str]) -> list[str]:
    return ["linkdown"] if row.interface in dark else []


def _head(row: RouteRow) -> dict[str, Any]:
    prefix = prefix_of(row)
    bare = str(prefix.network_address) if prefix.prefixlen == prefix.max_prefixlen else str(prefix)
    text = bare if row.length else "default"
    return {"type": "blackhole", "dst": text} if row.blackhole else {"dst": text}


def _way(row: RouteRow) -> dict[str, Any]:
    if row.blackhole:
        return {}
    value = {"gateway": row.next_hop} if row.next_hop else {}
    return value | ({"dev": row.interface} if row.interface else {})


def _words(row: RouteRow) -> dict[str, Any]:
    value: dict[str, Any] = {}
    if row.protocol == "direct":
        value["protocol"] = "kernel"
        value |= {"scope": "link"} if row.family == _V4 else {}
    elif row.protocol != "static" or row.preference:
        value["protocol"] = {"ebgp": "bgp", "ibgp": "bgp"}.get(row.protocol, row.protocol)
    return value | ({"metric": row.metric} if row.metric else {})


def _local(model: DeviceModel, family: int) -> list[dict[str, Any]]:
    own = "127.0.0.1" if family == _V4 else "::1"
    found = [(own, "lo")]
    for interface in model.interfaces:
        for address in interface.addresses or ():
            ip = address.interface
            found += [(str(ip.ip), interface.name)] * (ip.version == family and not ip.is_loopback)
    tail: dict[str, Any] = {"flags": []} if family == _V4 else {"metric": 0, "flags": []}
    return [
        {"type": "local", "dst": text, "dev": device, "table": "local", "protocol": "kernel"}
        | ({"scope": "host", "prefsrc": text} if family == _V4 else {})
        | tail
        for text, device in found
    ]


def policy_table(model: DeviceModel, policy: PolicyRoute, number: int) -> str:
    """Return the table that a policy route of the model looks up."""
    if policy.table is not None:
        return policy.table
    if policy.vpn is not None:
        return table_of(model, policy.vpn)
    return str(_FIRST_POLICY_TABLE + number)


def _policy_default(
    model: DeviceModel, policy: PolicyRoute, number: int, family: int
) -> list[dict[str, Any]]:
    is_ours = policy.family == family and policy.table is None and policy.vpn is None
    if not is_ours:
        return []
    table = policy_table(model, policy, number)
    rows = [
        RouteRow(family, 0, 0, "static", 0, 0, str(hop), policy.out_interface or _port(model, hop))
        for hop in policy.next_hops
    ]
    if not rows and policy.out_interface:
        rows = [RouteRow(family, 0, 0, "static", 0, 0, "", policy.out_interface)]
    return _entries(rows, table)


def _port(model: DeviceModel, hop: IPv4Address | IPv6Address) -> str:
    for interface in model.interfaces:
        for address in interface.addresses or ():
            if hop in address.interface.network:
                return interface.name
    return ""


def rules(model: DeviceModel, family: int) -> str:
    """Return ``ip -j rule show``."""
    acls = {acl.name: acl for acl in model.acls}
    entries: list[dict[str, Any]] = [{"priority": 0, "src": "all", "table": "local"}]
    if vrf_names(model):
        entries.append({"priority": 1000, "src": "all", "l3mdev": None, "table": "main"})
    for number, policy in enumerate(model.policy_routes):
        if policy.family == family:
            table = policy_table(model, policy, number)
            entries += _rule(policy, table, acls.get(policy.acl or ""))
    entries.append({"priority": 32766, "src": "all", "table": _MAIN})
    if family == _V4:
        entries.append({"priority": 32767, "src": "all", "table": "default"})
    return compact(entries)


def _rule(policy: PolicyRoute, table: str, acl: Acl | None) -> list[dict[str, Any]]:
    if acl is not None:
        matches = [(rule.source, rule.destination) for rule in acl.rules if rule.permit]
    else:
        matches = [(source, None) for source in policy.sources or (None,)]
    inbound: list[str | None] = ["lo"] if policy.local else [*policy.interfaces] or [None]
    found = []
    for source, destination in matches:
        for name in inbound:
            value: dict[str, Any] = {"priority": policy.node} | _end("src", source)
            value |= _end("dst", destination) if destination is not None else {}
            value |= {"iif": name} if name else {}
            found.append(value | {"table": table})
    return found


def _end(key: str, prefix: IPv4Network | IPv6Network | None) -> dict[str, Any]:
    if prefix is None:
        return {key: "all"}
    address = str(prefix.network_address)
    if prefix.prefixlen == prefix.max_prefixlen:
        return {key: address}
    return {key: address, f"{key}len": prefix.prefixlen}
