"""Joins partial facts of one thing, told by several commands, into the facts of a device.

Live displays come before the configuration; what one does not tell (None) the next fills.
Data says which fields of a device each kind of fact goes to and what makes two of them one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from netops.facts.access import (
    AdvertisedDefault,
    Cellular,
    DhcpLease,
    Dialer,
    PppoeSession,
    RouterAdvertisement,
    Tunnel,
)
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress, StackMember
from netops.facts.nat import NatPool, NatRule, NatSessions
from netops.facts.neighbours import BgpPeer, LldpNeighbour, Neighbour
from netops.facts.policy_routes import Acl, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import RouteTable, StaticRoute, VpnInstance, VpnRoute
from netops.facts.system import (
    Component,
    Configuration,
    Identity,
    LocalUser,
    NtpServer,
    NtpStatus,
    SnmpAgent,
)

Join = Callable[[Any, Any], Any]
NatRanges = tuple[tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address], ...]


def fill(first: Any, second: Any) -> Any:  # noqa: ANN401 - any two facts of one kind
    """Return ``first`` with every field that it does not tell (None) taken from ``second``."""
    told = _told(first, second)
    return replace(first, **told) if told else first


def _told(first: Any, second: Any) -> dict[str, Any]:  # noqa: ANN401 - any two facts of one kind
    """Return the fields that only ``second`` tells."""
    return {
        name: value
        for name in _names(type(first))  # type: ignore[arg-type]  # a class is hashable
        if getattr(first, name) is None and (value := getattr(second, name)) is not None
    }


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _united(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _join_interfaces(first: Interface, second: Interface) -> Interface:
    told = _told(first, second)
    if first.addresses is not None and second.addresses is not None:
        told["addresses"] = _join_addresses(first.addresses, second.addresses)
        told["spoofing"] = first.spoofing or second.spoofing
    return replace(first, **told) if told else first


def _join_addresses(
    first: tuple[InterfaceAddress, ...], second: tuple[InterfaceAddress, ...]
) -> tuple[InterfaceAddress, ...]:
    found = {address.interface.ip: address for address in first}
    for address in second:
        known = found.get(address.interface.ip)
        found[address.interface.ip] = address if known is None else _one_address(known, address)
    return tuple(found.values())


def _one_address(known: InterfaceAddress, other: InterfaceAddress) -> InterfaceAddress:
    """Join two tellings of one address: a display without a mask shows a host's length."""
    is_bare = known.interface.network.prefixlen == known.interface.max_prefixlen
    plain = known.origin is AddressOrigin.CONFIGURED
    return InterfaceAddress(
        interface=other.interface if is_bare else known.interface,
        origin=other.origin if plain else known.origin,
        secondary=known.secondary or other.secondary,
    )


def _join_vpns(first: VpnInstance, second: VpnInstance) -> VpnInstance:
    joined: VpnInstance = fill(first, second)
    return replace(
        joined,
        import_targets=first.import_targets or second.import_targets,
        export_targets=first.export_targets or second.export_targets,
        interfaces=_united(first.interfaces, second.interfaces),
    )


def _join_vrrp(first: VrrpGroup, second: VrrpGroup) -> VrrpGroup:
    joined: VrrpGroup = fill(first, second)
    known = second if first.state is VrrpState.UNKNOWN else first
    return replace(joined, state=known.state, addresses=_united(first.addresses, second.addresses))


def _join_policies(first: PolicyRoute, second: PolicyRoute) -> PolicyRoute:
    joined: PolicyRoute = fill(first, second)
    return replace(
        joined,
        interfaces=_united(first.interfaces, second.interfaces),
        next_hops=first.next_hops or second.next_hops,
        local=first.local or second.local,
    )


def _join_advertising(
    first: RouterAdvertisement, second: RouterAdvertisement
) -> RouterAdvertisement:
    return replace(first, prefixes=_united(first.prefixes, second.prefixes))


def _join_acls(first: Acl, second: Acl) -> Acl:
    return first if first.rules else second


def _join_agents(first: SnmpAgent, second: SnmpAgent) -> SnmpAgent:
    joined: SnmpAgent = fill(first, second)
    return replace(
        joined,
        enabled=first.enabled or second.enabled,
        versions=_united(first.versions, second.versions),
        communities=max(first.communities, second.communities),
    )


def _same_nat(rule: NatRule) -> Hashable:
    return (
        rule.kind, rule.interface, rule.acl, rule.pool, rule.easy_ip, rule.inside, rule.vpn,
        rule.zone, rule.translates, rule.name,
    )  # fmt: skip


def _same_policy(policy: PolicyRoute) -> Hashable:
    return (
        policy.name, policy.node, policy.family, policy.acl, policy.sources, policy.default_only,
    )  # fmt: skip


def _same_vrrp(group: VrrpGroup) -> Hashable:
    """IPv4 and IPv6 count their groups apart; a group without an address is one of IPv4."""
    return (group.interface, group.vrid, group.addresses[0].version if group.addresses else 4)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where facts of a kind go; ``same`` None: every one is a thing of its own."""

    field: str
    same: Callable[[Any], Hashable] | None = None
    join: Join = fill


_KINDS: Mapping[type, _Kind] = {
    Interface: _Kind("interfaces", lambda i: i.name, _join_interfaces),
    StaticRoute: _Kind("statics"),
    VpnInstance: _Kind("vpn_instances", lambda v: (v.name, v.family), _join_vpns),
    VpnRoute: _Kind("vpn_routes"),
    PolicyRoute: _Kind("policy_routes", _same_policy, _join_policies),
    Acl: _Kind("acls", lambda a: (a.name, a.family), _join_acls),
    NatRule: _Kind("nat_rules", _same_nat),
    NatPool: _Kind("nat_pools", lambda p: p.name),
    NatSessions: _Kind("nat_sessions"),
    Neighbour: _Kind("neighbours"),
    LldpNeighbour: _Kind("lldp"),
    BgpPeer: _Kind("bgp_peers", lambda p: (p.address, p.vpn, p.address_family)),
    VrrpGroup: _Kind("vrrp", _same_vrrp, _join_vrrp),
    PppoeSession: _Kind("pppoe", lambda s: s.interface),
    Dialer: _Kind("dialers", lambda d: d.name),
    Cellular: _Kind("cellular", lambda c: c.name),
    DhcpLease: _Kind("dhcp", lambda d: d.interface),
    Tunnel: _Kind("tunnels", lambda t: t.name),
    AdvertisedDefault: _Kind("advertised", lambda a: a.interface),
    RouterAdvertisement: _Kind("advertising", lambda a: a.interface, _join_advertising),
    StackMember: _Kind("stack", lambda s: s.member),
    Component: _Kind("components"),
    NtpStatus: _Kind("ntp"),
    NtpServer: _Kind("ntp_servers", lambda s: (s.address, s.vpn)),
    SnmpAgent: _Kind("snmp_agent", lambda _: None, _join_agents),
    LocalUser: _Kind("users", lambda u: u.name),
}


def merge(answers: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Merge the facts of several answers into keyword arguments for ``DeviceFacts``.

    ``answers`` in the order asked; those that hold the configuration are put last.
    """
    ordered = sorted(answers, key=lambda facts: any(isinstance(f, Configuration) for f in facts))
    things: dict[str, dict[Hashable, Any]] = {}
    singles: dict[str, Any] = {}
    routes: dict[tuple[str, int], RouteTable] = {}
    pools = {f.name: f.ranges for facts in ordered for f in facts if isinstance(f, NatPool)}
    for number, told in enumerate(fact for facts in ordered for fact in facts):
        fact = _with_pool(told, pools) if isinstance(told, NatRule) else told
        kind = _KINDS.get(type(fact))
        if kind is not None:
            _place(things.setdefault(kind.field, {}), kind, fact, number)
        elif isinstance(fact, RouteTable):
            _place_table(routes, fact)
        elif isinstance(fact, Identity):
            singles["identity"] = fill(singles["identity"], fact) if "identity" in singles else fact
        elif isinstance(fact, Configuration):
            singles.setdefault("configuration", fact)
    merged = {field: tuple(found.values()) for field, found in things.items()}
    _bind_interfaces(merged)
    if "statics" in merged:
        merged["statics"] = _join_statics(merged["statics"])
    return {**merged, **singles, "routes": routes}


def _place(found: dict[Hashable, Any], kind: _Kind, fact: object, number: int) -> None:
    key: Hashable = number if kind.same is None else (kind.same(fact),)
    found[key] = kind.join(found[key], fact) if key in found else fact


def _place_table(routes: dict[tuple[str, int], RouteTable], table: RouteTable) -> None:
    """Keep the first complete table; another's unselected rows join it without a line number."""
    key = (table.vpn, table.family)
    known = routes.get(key)
    if known is None:
        routes[key] = table
        return
    main, other = (table, known) if table.complete and not known.complete else (known, table)
    present = {row[:11] for row in main.rows}
    hidden = tuple(
        row._replace(line=0) for row in other.rows if not row.active and row[:11] not in present
    )
    routes[key] = replace(main, rows=main.rows + hidden) if hidden else main


_BY_GROUP = "address-group "


def _with_pool(rule: NatRule, pools: Mapping[str, NatRanges]) -> NatRule:
    """Give a rule that names its pool the pool's addresses, wherever they were told.

    A display names the group that the configuration spells out: without them the one rule
    would stand twice. A name made of the group's number alone has then said all that it can.
    """
    group = (rule.name or "").removeprefix(_BY_GROUP)
    if rule.pool or rule.easy_ip or group not in pools:
        return rule
    name = None if group != rule.name else rule.name
    return replace(rule, pool=pools[group], name=name)


def _join_statics(statics: tuple[StaticRoute, ...]) -> tuple[StaticRoute, ...]:
    """Join a static route as the table shows it with the same one as it was configured.

    A table names the interface that a next hop resolves to, the configuration names none: then
    the configuration, which comes later, is right about it.
    """
    found: dict[Hashable, list[StaticRoute]] = {}
    for static in statics:
        key = (static.vpn, static.prefix, static.next_hop, static.preference, static.to_vpn)
        alike = found.setdefault(key, [])
        at = _place_of(static, alike)
        if at is None:
            alike.append(static)
        elif static.next_hop is not None:
            alike[at] = replace(alike[at], interface=static.interface)
    return tuple(static for alike in found.values() for static in alike)


def _place_of(static: StaticRoute, alike: list[StaticRoute]) -> int | None:
    """Return which of ``alike`` it is: one of its interface, else one where either names none."""
    names = [known.interface for known in alike]
    if static.interface in names:
        return names.index(static.interface)
    if static.next_hop is None or not names:
        return None
    if static.interface is None:
        return 0
    return names.index(None) if None in names else None


def _bind_interfaces(merged: dict[str, tuple[Any, ...]]) -> None:
    """Give interfaces the instance that lists them, where no command told it otherwise."""
    owner = {name: vpn.name for vpn in merged.get("vpn_instances", ()) for name in vpn.interfaces}
    if owner and "interfaces" in merged:
        merged["interfaces"] = tuple(
            replace(i, vpn=owner[i.name]) if i.vpn is None and i.name in owner else i
            for i in merged["interfaces"]
        )
