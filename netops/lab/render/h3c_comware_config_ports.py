"""Comware: the interface blocks of the configuration.

Knows what stands under ``interface NAME``. Refuses to know system-view lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.access import Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.nat import NatKind, NatRule
from netops.lab.render.h3c_comware_nat import outbound_rules
from netops.lab.render.h3c_comware_spelling import Comware, is_bridged, is_logical
from netops.lab.render.notation import MASKS, V4, secret_of, trailing_number
from netops.lab.render.scene import own_address, policy_of

Block = list[str]
_DEFAULT_PRIORITY = 100
_MOBILE = ("Eth-channel", "Cellular")
_MODES = {"ipip": "ipv4-ipv4", "ipsec": "ipsec", "vxlan": "vxlan"}


def interface_blocks(device: Comware) -> Iterator[Block]:
    """Yield a block for every interface of the model."""
    for interface in device.scene.model.interfaces:
        tunnel = next((t for t in device.scene.model.tunnels if t.name == interface.name), None)
        mode = "" if tunnel is None else f" mode {_MODES.get(tunnel.mode, tunnel.mode)}"
        yield [
            f"interface {interface.name}{mode}",
            *_link(device, interface),
            *_addresses(device, interface),
            *(_tunnel(tunnel) if tunnel else []),
            *_vrrp(device, interface),
            *_policies(device, interface),
            *_translation(device, interface),
        ]
    if "NULL0" not in device.scene.by_name:
        yield ["interface NULL0"]


def _link(device: Comware, interface: Interface) -> Block:
    name = interface.name
    block = []
    is_port = not is_logical(name) and "." not in name and "nterface" not in name
    if is_port and device.is_router and "Aggregation" not in name:
        block.append(f" port link-mode {'bridge' if is_bridged(interface) else 'route'}")
    if interface.description:
        block.append(f" description {interface.description}")
    if interface.admin_up is False:
        block.append(" shutdown")
    if "." in name:
        block.append(f" vlan-type dot1q vid {name.rpartition('.')[2]}")
    if interface.aggregate:
        block.append(f" port link-aggregation group {trailing_number(interface.aggregate)}")
    block += _dial(device, interface)
    if interface.vpn:
        block.append(f" ip binding vpn-instance {interface.vpn}")
    return block


def _dial(device: Comware, interface: Interface) -> Block:
    name = interface.name
    block = [
        f" pppoe-client dial-bundle-number {trailing_number(session.dialer or 'Dialer0')}"
        for session in device.scene.model.pppoe
        if session.interface == name
    ]
    if name.startswith("Dialer"):
        block += [
            " ppp chap password cipher $c$3$" + secret_of(device.scene.hostname, name) + "==",
            " ppp chap user line@carrier",
            " dialer bundle enable",
            " dialer-group 1",
            " dialer timer idle 0",
            " dialer timer autodial 5",
        ]
    if name.startswith(_MOBILE):
        block += [" dialer circular enable", " dialer-group 1", " dialer timer idle 0"]
        block += [" dialer timer autodial 60", " dialer number *99# autodial"]
    return block


def _addresses(device: Comware, interface: Interface) -> Block:
    own = interface.addresses or ()
    block = [_ipv4(device, interface, a) for a in own if a.interface.version == V4]
    if any(lease.interface == interface.name for lease in device.scene.model.dhcp):
        block = block or [" ip address dhcp-alloc"]
    if interface.name.startswith("Dialer"):
        block = block or [" ip address ppp-negotiate"]
    if interface.name.startswith(_MOBILE):
        block = block or [" ip address cellular-alloc"]
    return block + [_ipv6(a) for a in own if a.interface.version != V4]


def _ipv4(device: Comware, interface: Interface, address: InterfaceAddress) -> str:
    match address.origin:
        case AddressOrigin.DHCP:
            return " ip address dhcp-alloc"
        case AddressOrigin.PPP:
            return " ip address ppp-negotiate"
        case AddressOrigin.CELLULAR:
            return " ip address cellular-alloc"
        case AddressOrigin.UNNUMBERED:
            return f" ip address unnumbered interface {_lender(device, interface, address)}"
        case _:
            ip, length = address.interface.ip, address.interface.network.prefixlen
            return f" ip address {ip} {MASKS[length]}{' sub' if address.secondary else ''}"


def _lender(device: Comware, interface: Interface, address: InterfaceAddress) -> str:
    for other in device.scene.model.interfaces:
        for own in other.addresses or ():
            if other.name != interface.name and own.interface.ip == address.interface.ip:
                return other.name
    return "LoopBack0"


def _ipv6(address: InterfaceAddress) -> str:
    if address.origin is AddressOrigin.AUTOCONF:
        return " ipv6 address auto"
    ip, length = address.interface.ip, address.interface.network.prefixlen
    return f" ipv6 address {str(ip).upper()}" + (
        " link-local" if ip.is_link_local else f"/{length}"
    )


def _tunnel(tunnel: Tunnel) -> Block:
    block = [f" source {tunnel.local}", f" destination {tunnel.peer}"]
    return [*block, *([f" tunnel vpn-instance {tunnel.vpn}"] if tunnel.vpn else [])]


def _vrrp(device: Comware, interface: Interface) -> Block:
    block = []
    for group in device.scene.model.vrrp:
        if group.interface != interface.name:
            continue
        lead = f" vrrp vrid {group.vrid}"
        block += [f"{lead} virtual-ip {address}" for address in group.addresses]
        if group.priority is not None and group.priority != _DEFAULT_PRIORITY:
            block.append(f"{lead} priority {group.priority}")
    return block


def _policies(device: Comware, interface: Interface) -> Block:
    found = []
    for family, word in ((V4, "ip"), (6, "ipv6")):
        name = policy_of(device.scene, interface.name, family)
        found += [f" {word} policy-based-route {name}"] if name else []
    return found


def _translation(device: Comware, interface: Interface) -> Block:
    block = []
    for rule in outbound_rules(device):
        if rule.interface != interface.name:
            continue
        words = [" nat outbound", *([rule.acl] if rule.acl else [])]
        if rule.pool:
            words += ["address-group", device.scene.pools[rule.pool]]
        if rule.vpn:
            words += ["vpn-instance", rule.vpn]
        block.append(" ".join(words))
    return block + [
        _server(device, rule)
        for rule in device.scene.model.nat_rules
        if rule.kind is NatKind.SERVER and rule.interface == interface.name
    ]


def _server(device: Comware, rule: NatRule) -> str:
    own = own_address(device.scene, rule.interface or "", V4)
    outside = str(rule.pool[0][0]) if rule.pool else own
    vpn = f" vpn-instance {rule.vpn}" if rule.vpn else ""
    acl = f" acl {rule.acl}" if rule.acl else ""
    return f" nat server protocol tcp global {outside} 443 inside {rule.inside} 8443{vpn}{acl}"
