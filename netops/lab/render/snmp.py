"""What a device shows by SNMP: system, interfaces, addresses, default routes.

Knows the standard tables and their indexes. Refuses to know protocol versions, users and
encodings; the agent does. With ``contradicts`` it tells what the command line does not.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from netops.facts.interfaces import Interface
from netops.facts.routes import PUBLIC, RouteRow
from netops.lab.model import DeviceModel
from netops.lab.render.notation import MASKS, V4

Rows = dict[str, tuple[str, str]]

_SYSTEM = "1.3.6.1.2.1.1"
_IF_NUMBER = "1.3.6.1.2.1.2.1.0"
_IF = "1.3.6.1.2.1.2.2.1"
_IF_X = "1.3.6.1.2.1.31.1.1.1"
_IP_ADDR = "1.3.6.1.2.1.4.20.1"
_IP_ADDRESS = "1.3.6.1.2.1.4.34.1"
_CIDR = "1.3.6.1.2.1.4.24.4.1"
_INET_CIDR = "1.3.6.1.2.1.4.24.7.1"
_OBJECTS = {
    "huawei_vrp": "1.3.6.1.4.1.2011.2.224.67",
    "h3c_comware": "1.3.6.1.4.1.25506.1.1081",
    "frr": "1.3.6.1.4.1.8072.3.2.10",
    "linux_host": "1.3.6.1.4.1.8072.3.2.10",
}
_TYPES = (
    (("LoopBack", "InLoopBack", "lo"), "24"),
    (("Tunnel", "tun", "gre"), "131"),
    (("Dialer", "Cellular", "Eth-channel", "ppp", "wwan"), "23"),
    (("Vlan",), "136"),
    (("Eth-Trunk", "Bridge-Aggregation", "Route-Aggregation", "bond"), "161"),
    (("NULL",), "1"),
)
_ETHERNET = "6"
_UP, _DOWN = "1", "2"
_PROTOCOLS = {"direct": "2", "static": "3", "rip": "8", "isis": "9", "ospf": "13", "o_ase": "13"}
_BGP, _OTHER = "14", "1"
_REMOTE = "4"
_DEFAULT_UPTIME = 273_660
STRANGER = "203.0.113.254"
"""The next hop of the default row that only a contradicting agent shows."""


def snmp_rows(model: DeviceModel, *, contradicts: bool = False) -> Rows:
    """Return dotted OID → (type, value) of all that the agent shows.

    ``contradicts``: one interface that the command line shows up is reported down, and a
    default route appears that the command line does not have.
    """
    down = _to_deny(model) if contradicts else ""
    rows = _system(model)
    rows[_IF_NUMBER] = ("int", str(len(model.interfaces)))
    indexes = {i.name: str(n) for n, i in enumerate(model.interfaces, start=1)}
    for interface in model.interfaces:
        is_denied = interface.name == down
        rows |= _interface(interface, indexes[interface.name], is_denied=is_denied)
        rows |= _addresses(interface, indexes[interface.name])
    for family in (V4, 6):
        for row in model.routes.get((PUBLIC, family), ()):
            if not row.network and not row.length:
                rows |= _route(row, indexes.get(row.interface, "0"))
    if contradicts:
        planted = RouteRow(V4, 0, 0, "static", 60, 0, STRANGER, down)
        rows |= _route(planted, indexes.get(down, "1"))
    return rows


def _system(model: DeviceModel) -> Rows:
    identity = model.identity
    uptime = _DEFAULT_UPTIME if identity.uptime_s is None else identity.uptime_s
    return {
        f"{_SYSTEM}.1.0": ("str", _description(model)),
        f"{_SYSTEM}.2.0": ("oid", _OBJECTS.get(model.platform, _OBJECTS["linux_host"])),
        f"{_SYSTEM}.3.0": ("ticks", str(uptime * 100)),
        f"{_SYSTEM}.4.0": ("str", ""),
        f"{_SYSTEM}.5.0": ("str", identity.hostname or model.id),
        f"{_SYSTEM}.6.0": ("str", ""),
    }


def _description(model: DeviceModel) -> str:
    identity = model.identity
    version, release = identity.os_version or "", identity.release or ""
    name = identity.model or ""
    if model.platform == "huawei_vrp":
        return (
            "Huawei Versatile Routing Platform Software \r\n"
            f"VRP (R) software,Version {version} ({name} {release}) \r\n"
            "Copyright (C) 2011-2022 HUAWEI TECH CO., LTD \r\n"
        )
    if model.platform == "h3c_comware":
        words = version if "," in version else f"{version}, Release {release}"
        return f"H3C Comware Platform Software, Software Version {words}\r\nH3C {name}\r\n"
    return f"Linux {identity.hostname or model.id} {version} {release}".rstrip()


def _to_deny(model: DeviceModel) -> str:
    """Return the port that a contradicting agent reports down: an addressed one that is up."""
    for interface in model.interfaces:
        is_up = interface.admin_up is not False and interface.link_up is not False
        if is_up and interface.addresses and _type_of(interface.name) == _ETHERNET:
            return interface.name
    return model.interfaces[0].name if model.interfaces else ""


def _type_of(name: str) -> str:
    for beginnings, kind in _TYPES:
        if name.startswith(beginnings):
            return kind
    return _ETHERNET


def _interface(interface: Interface, index: str, *, is_denied: bool) -> Rows:
    admin = _DOWN if interface.admin_up is False else _UP
    is_down = is_denied or admin == _DOWN or interface.link_up is False
    speed = f"{interface.speed_mbps or 1000:.0f}"
    return {
        f"{_IF}.1.{index}": ("int", index),
        f"{_IF}.2.{index}": ("str", interface.name),
        f"{_IF}.3.{index}": ("int", _type_of(interface.name)),
        f"{_IF}.7.{index}": ("int", admin),
        f"{_IF}.8.{index}": ("int", _DOWN if is_down else _UP),
        f"{_IF_X}.1.{index}": ("str", interface.name),
        f"{_IF_X}.15.{index}": ("gauge", speed),
        f"{_IF_X}.18.{index}": ("str", interface.description or ""),
    }


def _addresses(interface: Interface, index: str) -> Rows:
    rows: Rows = {}
    for address in interface.addresses or ():
        ip, length = address.interface.ip, address.interface.network.prefixlen
        place = _inet(ip)
        rows[f"{_IP_ADDRESS}.3.{place}"] = ("int", index)
        rows[f"{_IP_ADDRESS}.4.{place}"] = ("int", "1")
        if ip.version == V4:
            rows[f"{_IP_ADDR}.1.{ip}"] = ("ip", str(ip))
            rows[f"{_IP_ADDR}.2.{ip}"] = ("int", index)
            rows[f"{_IP_ADDR}.3.{ip}"] = ("ip", MASKS[length])
    return rows


def _inet(address: IPv4Address | IPv6Address | None) -> str:
    """Return an address as an index: its type, its number of octets, the octets."""
    if address is None:
        return "0.0"
    octets = ".".join(str(octet) for octet in address.packed)
    return f"{1 if address.version == V4 else 2}.{len(address.packed)}.{octets}"


def _route(row: RouteRow, index: str) -> Rows:
    hop = ip_address(row.next_hop) if row.next_hop else None
    proto = _PROTOCOLS.get(row.protocol, _BGP if "bgp" in row.protocol else _OTHER)
    zero = _inet(IPv4Address(0)) if row.family == V4 else _inet(IPv6Address(0))
    place = f"{zero}.0.2.0.0.{_inet(hop)}"
    rows: Rows = {
        f"{_INET_CIDR}.7.{place}": ("int", index),
        f"{_INET_CIDR}.8.{place}": ("int", _REMOTE),
        f"{_INET_CIDR}.9.{place}": ("int", proto),
        f"{_INET_CIDR}.12.{place}": ("int", str(row.metric)),
        f"{_INET_CIDR}.17.{place}": ("int", "1"),
    }
    if row.family != V4:
        return rows
    shown = str(hop or IPv4Address(0))
    place = f"0.0.0.0.0.0.0.0.0.{shown}"
    return rows | {
        f"{_CIDR}.1.{place}": ("ip", "0.0.0.0"),  # noqa: S104 - a destination, not bound
        f"{_CIDR}.2.{place}": ("ip", "0.0.0.0"),  # noqa: S104 - a mask, not bound
        f"{_CIDR}.4.{place}": ("ip", shown),
        f"{_CIDR}.5.{place}": ("int", index),
        f"{_CIDR}.6.{place}": ("int", _REMOTE),
        f"{_CIDR}.7.{place}": ("int", proto),
        f"{_CIDR}.16.{place}": ("int", "1"),
    }
