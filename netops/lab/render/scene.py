"""What the model implies and both vendors' text needs.

Knows sorted tables, unselected statics, numbers of address groups, policies with their nodes.
Refuses to know any vendor's spelling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from netops.facts.interfaces import Interface
from netops.facts.nat import NatKind, NatRule
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.routes import PUBLIC, RouteRow, StaticRoute, VpnInstance
from netops.lab.model import DeviceModel
from netops.lab.render.notation import V4

EVERY_SOURCE = "2999"
"""The basic access list written where a translation holds for every source."""

_BGP_PREFERENCE = 255
_HIGHEST_ACL = 3999
"""Named access lists are numbered downwards from here."""

Address = IPv4Address | IPv6Address
Ranges = tuple[tuple[Address, Address], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A device model with its indexes."""

    model: DeviceModel
    by_name: dict[str, Interface] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    pools: dict[Ranges, str] = field(default_factory=dict)
    active_statics: dict[str, list[RouteRow]] = field(default_factory=dict)

    @property
    def release(self) -> str:
        """The release word of the device, "" where the model gives none."""
        return self.model.identity.release or ""

    @property
    def hostname(self) -> str:
        """The name of the device."""
        return self.model.identity.hostname or self.model.id

    @property
    def has_ipv6(self) -> bool:
        """Whether any interface holds an IPv6 address."""
        return any(
            a.interface.version != V4 for i in self.model.interfaces for a in i.addresses or ()
        )


def build_scene(model: DeviceModel) -> Scene:
    """Index a model once for all its commands."""
    scene = Scene(model)
    for interface in model.interfaces:
        scene.by_name[interface.name] = interface
        if interface.vpn:
            scene.members.setdefault(interface.vpn, []).append(interface.name)
    for instance in model.vpn_instances:
        known = scene.members.setdefault(instance.name, [])
        known.extend(name for name in instance.interfaces if name not in known)
    _number_pools(scene)
    for (vpn, family), rows in model.routes.items():
        if family == V4:
            scene.active_statics[vpn] = sort_rows(r for r in rows if r.protocol == "static")
    return scene


def _number_pools(scene: Scene) -> None:
    for pool in scene.model.nat_pools:
        scene.pools[pool.ranges] = pool.name
    taken = set(scene.pools.values())
    number = 1
    for rule in scene.model.nat_rules:
        if not rule.pool or rule.pool in scene.pools:
            continue
        while str(number) in taken:
            number += 1
        scene.pools[rule.pool] = str(number)
        taken.add(str(number))


def sort_rows(rows: Iterable[RouteRow]) -> list[RouteRow]:
    """Return rows in the order of a routing table, equal paths in the given order."""
    return sorted(rows, key=lambda row: (row.network, row.length))


def count_prefixes(rows: list[RouteRow]) -> int:
    """Return how many different prefixes the rows hold."""
    return len({(row.network, row.length) for row in rows})


def table(scene: Scene, vpn: str, family: int, system: tuple[RouteRow, ...]) -> list[RouteRow]:
    """Return the printed rows of one table: the model's, and those every table holds."""
    rows = scene.model.routes.get((vpn, family), [])
    known = {(row.network, row.length) for row in rows}
    return sort_rows([*rows, *(r for r in system if (r.network, r.length) not in known)])


def own_address(scene: Scene, name: str, family: int) -> str:
    """Return the first address of an interface, "" where it has none of that family."""
    interface = scene.by_name.get(name)
    for address in (interface.addresses or ()) if interface else ():
        if address.interface.version == family:
            return str(address.interface.ip)
    return ""


def inactive_statics(scene: Scene, vpn: str, family: int = 4) -> list[StaticRoute]:
    """Return the configured static routes of an instance that no table row carries."""
    rows = scene.model.routes.get((vpn, family), [])
    active = {(r.network, r.length, r.next_hop) for r in rows if r.protocol == "static"}
    ports = {
        (r.network, r.length, "NULL0" if r.blackhole else r.interface)
        for r in rows
        if r.protocol == "static"
    }
    found = []
    for static in scene.model.statics:
        if static.vpn != vpn or static.prefix.version != family:
            continue
        key = (int(static.prefix.network_address), static.prefix.prefixlen)
        if static.next_hop is None or static.blackhole:
            is_active = (*key, static_port(scene, static)) in ports
        else:
            is_active = (*key, str(static.next_hop)) in active
        if not is_active:
            found.append(static)
    return found


def static_port(scene: Scene, static: StaticRoute) -> str:
    """Return the outgoing interface of a static route, "" where nothing connected covers it."""
    if static.blackhole:
        return "NULL0"
    if static.interface:
        return static.interface
    vpn = static.vpn if static.to_vpn is None else static.to_vpn
    return port_towards(scene, static.next_hop, vpn)


def port_towards(scene: Scene, address: Address | None, vpn: str) -> str:
    """Return the interface of an instance whose subnet holds an address."""
    if address is None:
        return ""
    for interface in scene.model.interfaces:
        if (interface.vpn or PUBLIC) != vpn:
            continue
        for own in interface.addresses or ():
            if own.interface.version == address.version and address in own.interface.network:
                return interface.name
    return ""


def policies(scene: Scene, family: int = 4) -> dict[str, list[PolicyRoute]]:
    """Return the policies of one family with their nodes in order."""
    found: dict[str, list[PolicyRoute]] = {}
    for node in scene.model.policy_routes:
        if node.family == family:
            found.setdefault(node.name, []).append(node)
    for nodes in found.values():
        nodes.sort(key=lambda node: node.node)
    return found


def policy_of(scene: Scene, interface: str, family: int = 4) -> str:
    """Return the name of the policy applied inbound on an interface, "" for none."""
    for node in scene.model.policy_routes:
        if node.family == family and interface in node.interfaces:
            return node.name
    return ""


def bgp_preference(scene: Scene) -> str:
    """Return the statement for eBGP routes that stand in the table with their own preference."""
    for row in scene.model.routes.get((PUBLIC, V4), ()):
        if row.protocol == "ebgp" and row.preference != _BGP_PREFERENCE:
            return f"preference {row.preference} {_BGP_PREFERENCE} {_BGP_PREFERENCE}"
    return ""


def instances(scene: Scene) -> dict[str, list[VpnInstance]]:
    """Return the VPN instances by name, each with one entry a family."""
    found: dict[str, list[VpnInstance]] = {}
    for instance in scene.model.vpn_instances:
        found.setdefault(instance.name, []).append(instance)
    return found


def router_id(scene: Scene) -> str:
    """Return the router's number: what BGP says, or the first loopback."""
    told = next((peer.router_id for peer in scene.model.bgp_peers if peer.router_id), None)
    if told is not None:
        return told
    loopbacks = (i for i in scene.model.interfaces if i.name.startswith("LoopBack"))
    held = (a.interface for i in loopbacks for a in i.addresses or () if a.interface.version == V4)
    return next((str(one.ip) for one in held), "0.0.0.0")  # noqa: S104 - printed, not bound


def local_as(scene: Scene) -> str:
    """Return the device's own AS number, "" where BGP does not run."""
    peers = scene.model.bgp_peers
    told = next((peer.local_as for peer in peers if peer.local_as), None)
    return told or (peers[0].remote_as if peers else "")


def idle_row(scene: Scene, static: StaticRoute, nowhere: str = "") -> RouteRow:
    """Return the row of a static route that is not selected; ``nowhere``: its unknown port."""
    return RouteRow(
        family=static.prefix.version,
        network=int(static.prefix.network_address),
        length=static.prefix.prefixlen,
        protocol="static",
        preference=static.preference,
        metric=0,
        next_hop="" if static.next_hop is None else str(static.next_hop),
        interface=static_port(scene, static) or nowhere,
        active=False,
        blackhole=static.blackhole,
    )


def acls(scene: Scene, family: int, *, every_source: bool = False) -> list[Acl]:
    """Return the access lists of a family; ``every_source`` adds the one that stands for all."""
    found = [acl for acl in scene.model.acls if acl.family == family]
    is_missing = all(acl.name != EVERY_SOURCE for acl in found)
    if every_source and is_missing and any(translates_all(r) for r in scene.model.nat_rules):
        found.insert(0, Acl(EVERY_SOURCE, 4, (AclRule(permit=True, number=5),)))
    return found


def translates_all(rule: NatRule) -> bool:
    """Whether an outbound rule names no access list."""
    return rule.kind is NatKind.OUTBOUND and rule.acl is None and rule.interface is not None


def acl_number(acl: Acl, place: int) -> str:
    """Return a list's number; a named one gets the number that the device gave it."""
    return acl.name if acl.name.isdigit() else str(_HIGHEST_ACL - place)


def is_basic(acl: Acl) -> bool:
    """Whether a list is numbered 2000-2999, which match the source alone."""
    return acl.name.isdigit() and acl.name.startswith("2")


def inside_source(scene: Scene, rule: NatRule | None) -> str:
    """Return an address that a translation rule would translate, for session records."""
    for acl in scene.model.acls:
        if rule is None or acl.name != rule.acl:
            continue
        for entry in acl.rules:
            if entry.permit and isinstance(entry.source, IPv4Network):
                return _host_of(entry.source)
    return "192.0.2.41"


def _host_of(network: IPv4Network | IPv6Network) -> str:
    offset = min(41, network.num_addresses - 1)
    return str(ip_address(int(network.network_address) + offset))


def translated_source(scene: Scene, rule: NatRule | None) -> str:
    """Return the address that the rule's sessions show outside."""
    if rule is None:
        return "198.51.100.6"
    if rule.pool:
        return str(rule.pool[0][0])
    return own_address(scene, rule.interface or "", V4) or "198.51.100.6"
