"""``show running-config`` of FRR for a device model: what it is told to do.

Addresses that were not configured (PPP, DHCP, modem) and address translation are the kernel's and
do not stand in it.
"""

from __future__ import annotations

from ipaddress import ip_address

from netops.facts.interfaces import AddressOrigin, Interface
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import RouteRow, StaticRoute, VpnInstance, prefix_of
from netops.lab.model import DeviceModel
from netops.lab.render.frr_bgp import local_as, router_id
from netops.lab.render.frr_pbr import config_lines
from netops.lab.render.frr_text import RELEASE, hostname, vrf_names, vrf_word

_V4 = 4
_AF = {"ipv4": "ipv4 unicast", "ipv6": "ipv6 unicast", "vpnv4": "ipv4 vpn", "vpnv6": "ipv6 vpn",
       "evpn": "l2vpn evpn"}  # fmt: skip


def running_config(model: DeviceModel) -> str:
    """Return the whole configuration, from its heading to ``end``."""
    lines = [
        "Building configuration...",
        "",
        "Current configuration:",
        "!",
        f"frr version {model.identity.os_version or RELEASE}",
        "frr defaults traditional",
        f"hostname {hostname(model)}",
        "log syslog informational",
        "service integrated-vtysh-config",
        "!",
    ]
    statics = [line for static in _statics(model, "") for line in [static_line(static)]]
    lines += [*statics, "!"] if statics else []
    for name in vrf_names(model):
        lines += [
            f"vrf {name}",
            *(f" {static_line(s)}" for s in _statics(model, name)),
            "exit-vrf",
            "!",
        ]
    for interface in model.interfaces:
        lines += interface_lines(model, interface)
    for vpn in ("", *vrf_names(model)):
        lines += _bgp(model, vpn)
    lines += config_lines(model)
    return "\n".join([*lines, "end", ""])


def _statics(model: DeviceModel, vpn: str) -> list[StaticRoute]:
    """The configured static routes of an instance: those of the model and every active one."""
    found = [static for static in model.statics if static.vpn == vpn]
    known = {_key(static) for static in found}
    for family in (4, 6):
        for row in model.routes.get((vpn, family), []):
            static = _from_row(vpn, row)
            if row.protocol == "static" and _key(static) not in known:
                known.add(_key(static))
                found.append(static)
    return found


def _key(static: StaticRoute) -> tuple[object, ...]:
    way = static.next_hop or ("drop" if static.blackhole else static.interface)
    return (static.prefix, way)


def _from_row(vpn: str, row: RouteRow) -> StaticRoute:
    hop = ip_address(row.next_hop) if row.next_hop else None
    needs_port = hop is None or hop.is_link_local
    return StaticRoute(
        vpn,
        prefix_of(row),
        hop,
        row.interface or None if needs_port and not row.blackhole else None,
        row.leak_vpn,
        row.preference,
        row.blackhole,
    )


def static_line(static: StaticRoute) -> str:
    """Return the configuration line of one static route."""
    family = "ip" if static.prefix.version == _V4 else "ipv6"
    words = [family, "route", str(static.prefix)]
    if static.blackhole:
        words.append("Null0" if static.next_hop is None else "blackhole")
    elif static.next_hop is not None:
        words += [str(static.next_hop), *([static.interface] if static.interface else [])]
    else:
        words.append(static.interface or "Null0")
    if static.preference != 1:
        words.append(str(static.preference))
    if static.to_vpn is not None and static.to_vpn != static.vpn:
        words += ["nexthop-vrf", vrf_word(static.to_vpn)]
    return " ".join(words)


def interface_lines(model: DeviceModel, interface: Interface) -> list[str]:
    """Return the block of one interface, none where nothing is configured on it."""
    body = [f" description {interface.description}"] if interface.description else []
    for address in interface.addresses or ():
        plain = address.origin is AddressOrigin.CONFIGURED and not address.interface.is_link_local
        if plain and not address.interface.is_loopback:
            word = "ip" if address.interface.version == _V4 else "ipv6"
            second = " secondary" if address.secondary else ""
            body.append(f" {word} address {address.interface}{second}")
    policies = dict.fromkeys(
        p.name for p in model.policy_routes if interface.name in p.interfaces and not p.local
    )
    body += [f" pbr-policy {name}" for name in policies]
    body += [" shutdown"] if interface.admin_up is False else []
    for group in (g for g in model.vrrp if g.interface == interface.name):
        body.append(f" vrrp {group.vrid}")
        if group.priority is not None:
            body.append(f" vrrp {group.vrid} priority {group.priority}")
        for virtual in group.addresses:
            word = "ip" if virtual.version == _V4 else "ipv6"
            body.append(f" vrrp {group.vrid} {word} {virtual}")
    vrf = f" vrf {interface.vpn}" if interface.vpn else ""
    return [f"interface {interface.name}{vrf}", *body, "exit", "!"] if body or vrf else []


def _bgp(model: DeviceModel, vpn: str) -> list[str]:
    peers = [peer for peer in model.bgp_peers if peer.vpn == vpn]
    instances = [i for i in model.vpn_instances if i.name == vpn and (i.rd or _targets(i))]
    if not peers and not instances:
        return []
    lines = [f"router bgp {local_as(model)}{f' vrf {vpn}' if vpn else ''}"]
    lines += [] if vpn else [f" bgp router-id {router_id(model)}"]
    lines += [" no bgp ebgp-requires-policy", " no bgp default ipv4-unicast"]
    by_address: dict[str, list[BgpPeer]] = {}
    for peer in peers:
        by_address.setdefault(str(peer.address), []).append(peer)
    for address, same in by_address.items():
        lines += _peer(address, same[0], local_as(model))
    families = dict.fromkeys([*(p.address_family for p in peers),
                              *(f"ipv{i.family}" for i in instances)])  # fmt: skip
    for family in families:
        lines += [" !", f" address-family {_AF.get(family, family)}"]
        lines += [f"  neighbor {p.address} activate" for p in peers if p.address_family == family]
        for instance in instances:
            lines += _instance(instance) if f"ipv{instance.family}" == family else []
        lines.append(" exit-address-family")
    return [*lines, "exit", "!"]


def _targets(instance: VpnInstance) -> tuple[str, ...]:
    return instance.import_targets + instance.export_targets


def _peer(address: str, peer: BgpPeer, own_as: str) -> list[str]:
    lines = [f" neighbor {address} remote-as {peer.remote_as}"]
    if peer.local_as and peer.local_as != own_as:
        lines.append(f" neighbor {address} local-as {peer.local_as} no-prepend replace-as")
    if peer.description:
        lines.append(f" neighbor {address} description {peer.description}")
    return lines if peer.enabled else [*lines, f" neighbor {address} shutdown"]


def _instance(instance: VpnInstance) -> list[str]:
    lines = ["  label vpn export auto"]
    lines += [f"  rd vpn export {instance.rd}"] if instance.rd else []
    for word, targets in (("import", instance.import_targets), ("export", instance.export_targets)):
        lines += [f"  rt vpn {word} {' '.join(targets)}"] if targets else []
    lines += ["  export vpn"] if instance.export_targets else []
    lines += ["  import vpn"] if instance.import_targets else []
    return lines
