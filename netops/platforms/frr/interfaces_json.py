"""``show interface vrf all json``.

Knows what zebra knows of an interface, tunnels, PPP and modems included. Refuses to guess how an
address came to be: zebra cannot tell a leased address from a configured one.
"""

from __future__ import annotations

from typing import Any

from netops.facts.access import Cellular, Dialer, Tunnel
from netops.facts.answers import UnreadLine
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.source import Source
from netops.platforms.answer import Parsed
from netops.platforms.frr.names import (
    CELLULAR_NAMES,
    PPP,
    UNKNOWN_SPEED,
    tunnel_mode,
    vrf_name,
)
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
)


def _read_interfaces(page: Page) -> Parsed:
    facts: list[Any] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        lines = document.finder()
        for name, value in as_dict(document.value).items():
            first, last = lines.span_of(name)
            if isinstance(value, dict) and _is_interface(value):
                facts.extend(_facts(name, value, page.answer.at(first, last)))
            else:
                unread.append(page.quote({name: value}, first))
    if not facts:
        return not_this(page)
    return Parsed(tuple(facts), tuple(unread))


def _is_interface(value: dict[str, Any]) -> bool:
    return isinstance(value.get("administrativeStatus"), str)


def _facts(name: str, value: dict[str, Any], source: Source) -> list[Any]:
    vpn = vrf_name(as_text(value.get("vrfName")))
    admin_up = value["administrativeStatus"] == "up"
    link_up = admin_up and value.get("operationalStatus") == "up"
    link_type = as_text(value.get("type"))
    speed = as_int(value.get("speed"))
    addresses = _addresses(value.get("ipAddresses"), origin_of(name, link_type))
    interface = Interface(
        name=name,
        admin_up=admin_up,
        link_up=link_up,
        protocol_up=link_up,
        addresses=addresses,
        vpn=vpn,
        description=as_text(value.get("description")) or as_text(value.get("OsDescription")) or "",
        mac=as_text(value.get("hardwareAddress")),
        mtu=as_int(value.get("mtu")),
        speed_mbps=float(speed) if speed and speed < UNKNOWN_SPEED else None,
        aggregate=_bond(value),
        source=source,
    )
    peer = as_address(value.get("vtepRemoteIp")) or as_address(value.get("mcastGroup"))
    mode = tunnel_mode(name, link_type, as_text(value.get("interfaceType")))
    access = access_facts(interface, link_type)
    if mode:
        access.append(Tunnel(name, mode, as_address(value.get("vtepIp")), peer, vpn, source))
    return [interface, *access]


def origin_of(name: str, link_type: str | None) -> AddressOrigin:
    """Return how the addresses of an interface of this type must have come."""
    if link_type == PPP:
        return AddressOrigin.PPP
    return AddressOrigin.CELLULAR if CELLULAR_NAMES.fullmatch(name) else AddressOrigin.CONFIGURED


def access_facts(interface: Interface, link_type: str | None) -> list[Any]:
    """Return what PPP and modem interfaces are beside interfaces."""
    has_address = any(not a.interface.is_link_local for a in interface.addresses or ())
    is_connected = bool(interface.link_up) and has_address
    if link_type == PPP:
        return [Dialer(interface.name, is_connected, interface.source)]
    if CELLULAR_NAMES.fullmatch(interface.name):
        return [Cellular(interface.name, is_connected, source=interface.source)]
    return []


def _addresses(value: object, origin: AddressOrigin) -> tuple[InterfaceAddress, ...]:
    found = []
    for entry in as_list(value):
        address = as_interface(as_dict(entry).get("address"))
        if address is not None:
            secondary = as_dict(entry).get("secondary") is True
            origin_here = AddressOrigin.CONFIGURED if address.is_link_local else origin
            found.append(InterfaceAddress(address, origin_here, secondary))
    return tuple(found)


def _bond(value: dict[str, Any]) -> str | None:
    if as_text(value.get("interfaceSlaveType")) != "Bond":
        return None
    return as_text(value.get("masterInterface")) or as_text(value.get("bondMasterInterface"))


read_interfaces = json_parser(_read_interfaces)
