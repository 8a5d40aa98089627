"""From facts to the dictionaries of ``napalm.base.models``.

Pure functions. NAPALM has no word for "not told": texts are then "", numbers -1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address
from typing import Any

from netops.facts.device import DeviceFacts
from netops.facts.interfaces import Interface, InterfaceAddress
from netops.facts.neighbours import BgpPeer, LldpNeighbour
from netops.facts.system import Configuration, LocalUser

Shape = dict[str, Any]
_PUBLIC = frozenset({"", "default", "global"})
_NOT_HEX = re.compile(r"[^0-9a-fA-F]")
_MAC_DIGITS = 12
_ASDOT = 1 << 16
_UNITS = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1, "sec": 1}
_SPAN = re.compile(r"(?:\d+(?:sec|[ywdhms]))+")
_SPAN_PART = re.compile(r"(\d+)(sec|[ywdhms])")
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")
_UNTOLD = -1
_FRAMING = re.compile(
    r"\s*(?:#+|!|return|end|exit(?:-[a-z-]{2,30})?"
    r"|Building configuration\.\.\.|Current configuration:)?\s*"
)


def facts_of(told: DeviceFacts, vendor: str) -> Shape:
    """Shape ``get_facts``; ``vendor`` stands in where the device does not name one."""
    identity = told.identity
    hostname = (identity.hostname if identity else None) or ""
    version = (identity.os_version, identity.release) if identity else ()
    uptime = identity.uptime_s if identity else None
    return {
        "hostname": hostname,
        "fqdn": hostname if "." in hostname else "",
        "vendor": (identity.vendor if identity else None) or vendor,
        "model": (identity.model if identity else None) or "",
        "serial_number": (identity.serial if identity else None) or "",
        "os_version": ", ".join(dict.fromkeys(word for word in version if word)),
        "uptime": float(_UNTOLD if uptime is None else uptime),
        "interface_list": [one.name for one in told.interfaces],
    }


def interfaces_of(told: DeviceFacts) -> dict[str, Shape]:
    """Shape ``get_interfaces``; up means that neither link nor protocol is said to be down."""
    return {one.name: _interface(one) for one in told.interfaces}


def _interface(one: Interface) -> Shape:
    return {
        "is_up": bool(one.link_up) and one.protocol_up is not False,
        "is_enabled": one.admin_up is not False,
        "description": one.description or "",
        "last_flapped": float(_UNTOLD),
        "mtu": _UNTOLD if one.mtu is None else one.mtu,
        "speed": float(_UNTOLD if one.speed_mbps is None else one.speed_mbps),
        "mac_address": mac(one.mac or ""),
    }


def addresses_of(told: DeviceFacts, *, bare_v6: bool) -> dict[str, Shape]:
    """Shape ``get_interfaces_ip``; interfaces without an address are left out."""
    untold = bare_v6 and told.configuration is None
    return {
        one.name: _addresses(one.addresses, length_untold=untold)
        for one in told.interfaces
        if one.addresses
    }


def _addresses(addresses: Iterable[InterfaceAddress], *, length_untold: bool) -> Shape:
    found: Shape = {}
    for address in addresses:
        plain = address.interface
        length = plain.network.prefixlen
        if length_untold and is_bare_v6(address):
            length = _UNTOLD
        family = found.setdefault(f"ipv{plain.version}", {})
        family[str(plain.ip)] = {"prefix_length": length}
    return found


def is_bare_v6(address: InterfaceAddress) -> bool:
    """Whether this may be an IPv6 address whose length was not printed."""
    plain = address.interface
    return plain.version == 6 and plain.network.prefixlen == plain.max_prefixlen  # noqa: PLR2004 - IPv6


def arp_of(told: DeviceFacts, vrf: str) -> list[Shape]:
    """Shape ``get_arp_table``: resolved IPv4 neighbours, of one instance where one is named."""
    wanted = "" if vrf in _PUBLIC else vrf
    owner = {name: vpn.name for vpn in told.vpn_instances for name in vpn.interfaces}
    owner |= {one.name: one.vpn for one in told.interfaces if one.vpn}
    return [
        {
            "interface": one.interface,
            "mac": mac(one.mac),
            "ip": str(one.address),
            "age": float(_UNTOLD if one.age_s is None else one.age_s),
        }
        for one in told.neighbours
        if isinstance(one.address, IPv4Address)
        and one.mac is not None
        and (not vrf or wanted == (one.vpn or owner.get(one.interface, "")))
    ]


def lldp_of(told: DeviceFacts) -> dict[str, list[Shape]]:
    """Shape ``get_lldp_neighbors``; a nameless neighbour is named by its chassis."""
    found: dict[str, list[Shape]] = {}
    for one in told.lldp:
        shape = {"hostname": one.system or one.chassis or "", "port": one.port or ""}
        found.setdefault(one.interface, []).append(shape)
    return found


def lldp_detail_of(
    told: DeviceFacts, interface: str, aggregates: Mapping[str, str]
) -> dict[str, list[Shape]]:
    """Shape ``get_lldp_neighbors_detail``, of one interface where one is named."""
    found: dict[str, list[Shape]] = {}
    for one in told.lldp:
        if interface in {"", one.interface}:
            shape = _lldp_detail(one, aggregates.get(one.interface, ""))
            found.setdefault(one.interface, []).append(shape)
    return found


def _lldp_detail(one: LldpNeighbour, parent: str) -> Shape:
    return {
        "parent_interface": parent,
        "remote_port": one.port or "",
        "remote_port_description": one.port_description or "",
        "remote_chassis_id": mac(one.chassis or ""),
        "remote_system_name": one.system or "",
        "remote_system_description": one.system_description or "",
        "remote_system_capab": [],
        "remote_system_enable_capab": [],
    }


def bgp_of(told: DeviceFacts) -> dict[str, Shape]:
    """Shape ``get_bgp_neighbors``; what a peer takes and sends is -1 where it is not told."""
    if not told.bgp_peers:
        return {}
    found: dict[str, Shape] = {"global": {"router_id": "", "peers": {}}}
    for peer in told.bgp_peers:
        instance = found.setdefault(peer.vpn or "global", {"router_id": "", "peers": {}})
        instance["router_id"] = instance["router_id"] or peer.router_id or ""
        shape = instance["peers"].setdefault(str(peer.address), _peer(peer))
        shape["address_family"][peer.address_family] = {
            "received_prefixes": _UNTOLD if peer.received is None else peer.received,
            "accepted_prefixes": _UNTOLD,
            "sent_prefixes": _UNTOLD,
        }
    return found


def _peer(peer: BgpPeer) -> Shape:
    return {
        "local_as": as_number(peer.local_as or ""),
        "remote_as": as_number(peer.remote_as),
        "remote_id": "",
        "is_up": peer.is_established,
        "is_enabled": peer.enabled,
        "description": peer.description or "",
        "uptime": seconds(peer.uptime or "") if peer.is_established else _UNTOLD,
        "address_family": {},
    }


def instances_of(told: DeviceFacts, name: str) -> dict[str, Shape]:
    """Shape ``get_network_instances``, the default one included; one by ``name`` where given."""
    found = {"default": _instance("default", "DEFAULT_INSTANCE", None)}
    for vpn in told.vpn_instances:
        known = found.setdefault(vpn.name, _instance(vpn.name, "L3VRF", None))
        state = known["state"]
        state["route_distinguisher"] = state["route_distinguisher"] or vpn.rd or ""
        known["interfaces"]["interface"].update({interface: {} for interface in vpn.interfaces})
    bound = {i for vpn in told.vpn_instances for i in vpn.interfaces}
    for one in told.interfaces:
        if one.vpn:
            known = found.setdefault(one.vpn, _instance(one.vpn, "L3VRF", None))
            known["interfaces"]["interface"][one.name] = {}
        elif one.name not in bound:
            found["default"]["interfaces"]["interface"][one.name] = {}
    wanted = "default" if name == "global" else name
    return {key: shape for key, shape in found.items() if wanted in {"", key}}


def _instance(name: str, kind: str, rd: str | None) -> Shape:
    return {
        "name": name,
        "type": kind,
        "state": {"route_distinguisher": rd or ""},
        "interfaces": {"interface": {}},
    }


def ntp_servers_of(told: DeviceFacts) -> dict[str, Shape]:
    """Shape ``get_ntp_servers``."""
    return {
        str(one.address): {"address": str(one.address), "network_instance": one.vpn or "default"}
        for one in told.ntp_servers
    }


def snmp_of(told: DeviceFacts, community: re.Pattern[str] | None) -> Shape:
    """Shape ``get_snmp_information``; communities are numbered, their names are secrets."""
    agent = told.snmp_agent[0] if told.snmp_agent else None
    lines = told.configuration.lines if told.configuration else ()
    seen = [m for line in lines if community and (m := community.fullmatch(line.text))]
    names = {
        f"(masked {number})": {
            "acl": match["acl"] or "N/A",
            "mode": "rw" if match["mode"] == "write" else "ro",
        }
        for number, match in enumerate(seen, start=1)
    }
    counted = agent.communities if agent else 0
    for number in range(len(seen) + 1, counted + 1):
        names[f"(masked {number})"] = {"acl": "", "mode": ""}
    return {
        "chassis_id": "",
        "community": names,
        "contact": (agent.contact if agent else None) or "",
        "location": (agent.location if agent else None) or "",
    }


def users_of(told: DeviceFacts, levels: Mapping[str, int]) -> dict[str, Shape]:
    """Shape ``get_users``; passwords and keys are never shown."""
    return {
        one.name: {"level": _level(one, levels), "password": "", "sshkeys": []}
        for one in told.users
    }


def _level(user: LocalUser, levels: Mapping[str, int]) -> int:
    if user.level is not None:
        return max(0, min(15, user.level))
    return levels.get(user.role or "", 0)


def text_of(configuration: Configuration | None, lines: Iterable[tuple[int, str]]) -> str:
    """Return a configuration in the device's own layout, its secrets masked.

    A line that the parser did not keep is shown only when it is bare framing: a banner or a
    key may stand in the others.
    """
    if configuration is None:
        return ""
    masked = {one.line: one.text for one in configuration.lines}
    shown = []
    for number, line in lines:
        if number in masked:
            indent = line[: len(line) - len(line.lstrip())]
            shown.append(f"{indent}{masked[number]}\n")
        elif _FRAMING.fullmatch(line):
            shown.append(f"{line.rstrip()}\n")
    return "".join(shown)


def mac(text: str) -> str:
    """Return a hardware address in NAPALM's form; any other text as it is."""
    digits = _NOT_HEX.sub("", text)
    if len(digits) != _MAC_DIGITS or len(text) > 2 * _MAC_DIGITS:
        return text
    return ":".join(digits[at : at + 2] for at in range(0, _MAC_DIGITS, 2)).upper()


def as_number(text: str) -> int:
    """Return an AS number, plain or dotted; -1 for any other text.

    >>> as_number("64510"), as_number("1.10")
    (64510, 65546)
    """
    high, dot, low = text.strip().partition(".")
    if not (high.isascii() and high.isdigit() and len(high) <= 10):  # noqa: PLR2004 - ten digits
        return _UNTOLD
    if not dot:
        return int(high)
    return int(high) * _ASDOT + int(low) if low.isascii() and low.isdigit() else _UNTOLD


def seconds(text: str) -> int:
    """Return a span such as ``0286h47m``, ``1d02h`` or ``00:04:41`` in seconds; -1 if untold.

    >>> seconds("0016h20m"), seconds("00:04:41"), seconds("never")
    (58800, 281, -1)
    """
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    if not _SPAN.fullmatch(text):
        return _UNTOLD
    return sum(int(count) * _UNITS[unit] for count, unit in _SPAN_PART.findall(text))
