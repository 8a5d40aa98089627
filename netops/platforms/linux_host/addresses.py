"""``ip -j -d address show``: interfaces, addresses, VRF membership, tunnels, PPP and modems.

Knows iproute2's JSON and the kernel's link kinds. Refuses text output.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from netops.facts.access import Cellular, DhcpLease, Dialer, Tunnel
from netops.facts.answers import UnreadLine
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.routes import VpnInstance
from netops.facts.source import Source
from netops.platforms.answer import Parsed
from netops.platforms.jsontext import (
    Page,
    as_address,
    as_dict,
    as_int,
    as_interface,
    as_list,
    as_text,
    json_parser,
    not_this,
    objects,
)

_TUNNELS = {
    "gre": "gre",
    "gretap": "gre",
    "erspan": "gre",
    "ip6gre": "ip6gre",
    "ip6gretap": "ip6gre",
    "ipip": "ipip",
    "sit": "sit",
    "ip6tnl": "ip6tnl",
    "vti": "ipsec",
    "vti6": "ipsec",
    "xfrm": "ipsec",
    "vxlan": "vxlan",
    "geneve": "geneve",
    "wireguard": "wireguard",
    "tun": "tun",
    "l2tp": "l2tp",
    "ppp_l2tp": "l2tp",
}
"""``info_kind`` of the kernel → our word."""

_CELLULAR = re.compile(r"(wwan|wwp|rmnet|cdc-wdm|usbmodem)[\w.-]*")
_INACTIVE_TUNNELS = frozenset({"gre0", "gretap0", "erspan0", "tunl0", "sit0", "ip6tnl0", "ip6gre0",
                               "ip_vti0", "ip6_vti0"})  # fmt: skip
"""Devices that the kernel makes by itself with its modules; down, they are no tunnels."""
_V4 = 4


@dataclass(frozen=True, slots=True)
class _Link:
    """One entry with what was already looked up of it."""

    name: str
    value: dict[str, Any]
    kind: str
    vpn: str
    bond: str | None
    source: Source

    @property
    def flags(self) -> list[Any]:
        """The flags in capitals."""
        return as_list(self.value.get("flags"))

    @property
    def data(self) -> dict[str, Any]:
        """What the kind of link adds."""
        return as_dict(as_dict(self.value.get("linkinfo")).get("info_data"))

    @property
    def is_ppp(self) -> bool:
        """Whether it is a PPP interface, by kind or by link type."""
        return self.kind == "ppp" or self.value.get("link_type") == "ppp"

    @property
    def is_cellular(self) -> bool:
        """Whether it is a mobile modem, by kind or by its usual name."""
        return self.kind in {"wwan", "rmnet"} or _CELLULAR.fullmatch(self.name) is not None


def _read(page: Page) -> Parsed:
    facts: list[Any] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        if not isinstance(document.value, list):
            return not_this(page)
        kinds = {str(e.get("ifname")): _kind(e) for e in objects(document.value)}
        for entry in document.value:
            if entry == {}:
                continue
            name = as_text(as_dict(entry).get("ifname"))
            if name is None or not isinstance(entry.get("flags"), list):
                unread.append(page.quote(entry, document.first))
                continue
            master = as_text(entry.get("master"))
            vpn = master if master and kinds.get(master) == "vrf" else ""
            vpn = name if kinds[name] == "vrf" else vpn
            bond = master if master and kinds.get(master) in {"bond", "team"} else None
            source = page.answer.at(document.first, document.last)
            facts.extend(_facts(_Link(name, entry, kinds[name], vpn, bond, source)))
        facts.extend(_instances(page, facts, kinds))
    return Parsed(tuple(facts), tuple(unread)) if facts else not_this(page)


def _kind(entry: dict[str, Any]) -> str:
    return as_text(as_dict(entry.get("linkinfo")).get("info_kind")) or ""


def _instances(page: Page, facts: list[Any], kinds: dict[str, str]) -> list[VpnInstance]:
    members = [fact for fact in facts if isinstance(fact, Interface)]
    return [
        VpnInstance(
            name,
            interfaces=tuple(i.name for i in members if i.vpn == name and i.name != name),
            source=page.answer.at(page.documents[0].first, page.documents[-1].last),
        )
        for name, kind in kinds.items()
        if kind == "vrf"
    ]


def _facts(link: _Link) -> list[Any]:
    value = link.value
    admin_up, link_up = "UP" in link.flags, "LOWER_UP" in link.flags
    addresses = tuple(
        address
        for entry in objects(value.get("addr_info"))
        if (address := _address(entry, link)) is not None
    )
    interface = Interface(
        name=link.name,
        admin_up=admin_up,
        link_up=admin_up and link_up,
        protocol_up=admin_up and link_up and value.get("operstate") in {"UP", "UNKNOWN"},
        addresses=addresses,
        vpn=link.vpn,
        description=as_text(value.get("ifalias")) or "",
        mac=as_text(value.get("address")) if value.get("link_type") == "ether" else None,
        mtu=as_int(value.get("mtu")),
        aggregate=link.bond,
        source=link.source,
    )
    return [interface, *_access(link, interface)]


def _address(entry: dict[str, Any], link: _Link) -> InterfaceAddress | None:
    local, length = as_text(entry.get("local")), as_int(entry.get("prefixlen"))
    address = as_interface(f"{local}/{length}")
    if address is None:
        return None
    origin = AddressOrigin.CONFIGURED
    if not (address.is_link_local or address.is_loopback):
        if link.is_ppp:
            origin = AddressOrigin.PPP
        elif link.is_cellular:
            origin = AddressOrigin.CELLULAR
        elif entry.get("dynamic") is True:
            is_v4 = address.version == _V4
            origin = AddressOrigin.DHCP if is_v4 else AddressOrigin.AUTOCONF
    return InterfaceAddress(address, origin, entry.get("secondary") is True)


def _access(link: _Link, interface: Interface) -> list[Any]:
    """Return what the interface is beside an interface."""
    facts: list[Any] = []
    usable = [a for a in interface.addresses or () if not a.interface.is_link_local]
    is_connected = bool(interface.link_up) and bool(usable)
    if link.is_ppp:
        facts.append(Dialer(link.name, is_connected, link.source))
    elif link.is_cellular:
        facts.append(Cellular(link.name, is_connected, source=link.source))
    facts.extend(
        DhcpLease(link.name, "bound", address.interface.ip, source=link.source)
        for address in usable
        if address.origin is AddressOrigin.DHCP
    )
    mode = _TUNNELS.get(link.kind)
    if mode and (interface.admin_up or link.name not in _INACTIVE_TUNNELS):
        local, remote = _end(link.data, "local"), _end(link.data, "remote")
        facts.append(Tunnel(link.name, mode, local, remote, link.vpn, link.source))
    return facts


def _end(data: dict[str, Any], key: str) -> IPv4Address | IPv6Address | None:
    address = as_address(data.get(key)) or as_address(data.get(f"{key}6"))
    return None if address is None or address.is_unspecified else address


read_addresses = json_parser(_read)
