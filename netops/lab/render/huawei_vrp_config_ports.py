"""VRP: the interface blocks of the configuration.

Knows what stands under ``interface NAME``. Refuses to know system-level lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.nat import NatKind, NatRule
from netops.lab.render.huawei_vrp_interfaces import lender
from netops.lab.render.huawei_vrp_nat import outbound_rules
from netops.lab.render.huawei_vrp_policies import policy_based, traffic_policies
from netops.lab.render.huawei_vrp_spelling import Vrp, slot_vlan
from netops.lab.render.notation import MASKS, V4, printed, secret_of, trailing_number
from netops.lab.render.scene import EVERY_SOURCE, policy_of

Block = list[str]


def interface_blocks(vrp: Vrp) -> Iterator[Block]:
    """Yield a block for every interface of the model."""
    for interface in vrp.scene.model.interfaces:
        yield [
            f"interface {interface.name}",
            *_link(vrp, interface),
            *_addresses(vrp, interface),
            *_tunnel(vrp, interface),
            *_vrrp(vrp, interface),
            *_policies(vrp, interface),
            *_translation(vrp, interface),
        ]
    if "NULL0" not in vrp.scene.by_name:
        yield ["interface NULL0"]


def _link(vrp: Vrp, interface: Interface) -> Block:
    block = []
    if interface.description:
        block.append(f" description {interface.description}")
    if interface.admin_up is False:
        block.append(" shutdown")
    vlan = slot_vlan(interface.name)
    if vlan:
        block.append(
            f" vlan-type dot1q {vlan}" if vrp.is_vrp8 else f" dot1q termination vid {vlan}"
        )
    if interface.aggregate:
        block.append(f" eth-trunk {trailing_number(interface.aggregate)}")
    block += _dial(vrp, interface)
    if interface.vpn:
        block.append(f" ip binding vpn-instance {interface.vpn}")
    return block


def _dial(vrp: Vrp, interface: Interface) -> Block:
    name = interface.name
    block = [
        f" pppoe-client dial-bundle-number {trailing_number(session.dialer or 'Dialer1')}"
        for session in vrp.scene.model.pppoe
        if session.interface == name
    ]
    if name.startswith("Dialer"):
        number = trailing_number(name)
        block += [
            " link-protocol ppp",
            " ppp chap user line@carrier",
            f" ppp chap password cipher %^%#{secret_of(vrp.scene.hostname, name)}%^%#",
            " dialer user carrier",
            f" dialer bundle {number}",
            " dialer-group 1",
        ]
    if name.startswith("Cellular"):
        block += [" link-protocol ppp", " dialer enable-circular", " dialer-group 1"]
        block += [" dialer timer autodial 60", " dialer number *99# autodial"]
    return block


def _addresses(vrp: Vrp, interface: Interface) -> Block:
    own = interface.addresses or ()
    block = [_ipv4(vrp, interface, a) for a in own if a.interface.version == V4]
    if any(lease.interface == interface.name for lease in vrp.scene.model.dhcp):
        block = block or [" ip address dhcp-alloc"]
    if interface.name.startswith("Dialer"):
        block = block or [" ip address ppp-negotiate"]
    if interface.name.startswith("Cellular"):
        block = block or [" ip address negotiate"]
    six = [a for a in own if a.interface.version != V4]
    return block + ([" ipv6 enable"] if six else []) + [_ipv6(a) for a in six]


def _ipv4(vrp: Vrp, interface: Interface, address: InterfaceAddress) -> str:
    match address.origin:
        case AddressOrigin.DHCP:
            return " ip address dhcp-alloc"
        case AddressOrigin.PPP if interface.name.startswith("Dialer"):
            return " ip address ppp-negotiate"
        case AddressOrigin.PPP | AddressOrigin.CELLULAR:
            return " ip address negotiate"
        case AddressOrigin.UNNUMBERED:
            name = lender(vrp, interface, address).partition("(")[0]
            return f" ip address unnumbered interface {name}"
        case _:
            ip, length = address.interface.ip, address.interface.network.prefixlen
            return f" ip address {ip} {MASKS[length]}{' sub' if address.secondary else ''}"


def _ipv6(address: InterfaceAddress) -> str:
    if address.origin is AddressOrigin.AUTOCONF:
        return " ipv6 address auto global"
    if address.interface.ip.is_link_local:
        return f" ipv6 address {printed(address.interface.ip)} link-local"
    length = address.interface.network.prefixlen
    return f" ipv6 address {printed(address.interface.ip)}/{length}"


def _tunnel(vrp: Vrp, interface: Interface) -> Block:
    for tunnel in vrp.scene.model.tunnels:
        if tunnel.name != interface.name:
            continue
        over = f"vpn-instance {tunnel.vpn} " if tunnel.vpn else ""
        mode = {"ipip": "ipv4-ipv4"}.get(tunnel.mode, tunnel.mode)
        return [
            f" tunnel-protocol {mode}",
            f" source {printed(tunnel.local)}",
            f" destination {over}{printed(tunnel.peer)}",
        ]
    return []


def _vrrp(vrp: Vrp, interface: Interface) -> Block:
    block = []
    for group in vrp.scene.model.vrrp:
        if group.interface != interface.name:
            continue
        word = " vrrp" if group.addresses and group.addresses[0].version == V4 else " vrrp6"
        block += [f"{word} vrid {group.vrid} virtual-ip {printed(a)}" for a in group.addresses]
        if group.priority is not None and group.priority != _DEFAULT_PRIORITY:
            block.append(f"{word} vrid {group.vrid} priority {group.priority}")
    return block


_DEFAULT_PRIORITY = 100


def _policies(vrp: Vrp, interface: Interface) -> Block:
    block = []
    for family, word in ((V4, "ip"), (6, "ipv6")):
        name = policy_of(vrp.scene, interface.name, family)
        if name and name in traffic_policies(vrp):
            block.append(f" traffic-policy {name} inbound")
        elif name and name in policy_based(vrp, family):
            block.append(f" {word} policy-based-route {name}")
    return block


def _translation(vrp: Vrp, interface: Interface) -> Block:
    block = [
        _server(rule)
        for rule in vrp.scene.model.nat_rules
        if rule.kind is NatKind.SERVER and rule.interface == interface.name
    ]
    for rule in outbound_rules(vrp, interface.name):
        group = f" address-group {vrp.scene.pools[rule.pool]}" if rule.pool else ""
        block.append(f" nat outbound {rule.acl or EVERY_SOURCE}{group}")
    return block


def _server(rule: NatRule) -> str:
    outside = str(rule.pool[0][0]) if rule.pool else "current-interface"
    vpn = f" vpn-instance {rule.vpn}" if rule.vpn else ""
    acl = f" acl {rule.acl}" if rule.acl else ""
    return f" nat server protocol tcp global {outside} 443 inside {rule.inside} 8443{vpn}{acl}"
