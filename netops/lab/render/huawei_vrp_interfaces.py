"""VRP: interface displays, brief and in detail, of both families.

Knows what an interface prints in every state. Refuses to know routes.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.lab.render.huawei_vrp_spelling import (
    CLOCK,
    Vrp,
    is_logical,
)
from netops.lab.render.notation import V4, lines, mac_of, printed
from netops.lab.render.vendor_ipv6 import ipv6_blocks
from netops.lab.render.vendor_kin import is_spoofing, link_word, protocol_word

NULL0 = Interface("NULL0", admin_up=True, link_up=True, protocol_up=True, spoofing=True)
_BRIEF = (
    "PHY: Physical",
    "*down: administratively down",
    "^down: standby",
    "(l): loopback",
    "(s): spoofing",
    "(b): BFD down",
    "(e): ETHOAM down",
    "(v): VirtualPort",
    "InUti/OutUti: input utility/output utility",
    "Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors",
)
_LEGEND = ("*down: administratively down", "^down: standby", "(l): loopback", "(s): spoofing")
_LEGEND8 = (
    "*down: administratively down",
    "!down: FIB overload down",
    "^down: standby",
    "(l): loopback",
    "(s): spoofing",
    "(d): Dampening Suppressed",
)
_PROMISES = {
    AddressOrigin.DHCP: "allocated by DHCP, ",
    AddressOrigin.PPP: "negotiated, ",
    AddressOrigin.CELLULAR: "negotiated, ",
}


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the answers about interfaces."""
    blocks = {i.name: _block(vrp, i) for i in _all(vrp)}
    found = {f"display interface {name}": lines(*block) for name, block in blocks.items()}
    joined: list[str] = []
    for block in blocks.values():
        joined += [*block, ""]
    found["display interface"] = lines(*joined)
    found["display interface brief"] = _brief(vrp)
    found["display ip interface brief"] = _ip_brief(vrp)
    found["display ipv6 interface brief"] = _ipv6_brief(vrp)
    found["display ipv6 interface"] = ipv6_blocks(
        vrp.scene.model.interfaces, "IPv6 protocol current state"
    )
    return found


def _all(vrp: Vrp) -> list[Interface]:
    known = vrp.scene.model.interfaces
    return known if "NULL0" in vrp.scene.by_name else [*known, NULL0]


def _brief(vrp: Vrp) -> str:
    out = list(_BRIEF)
    for interface in _trunks_first(vrp):
        usage = "--" if is_logical(interface.name) else "0%"
        name = f"  {interface.name}" if interface.aggregate else interface.name
        name = f"{name:<28}" if len(name) < 28 else f"{name} "  # noqa: PLR2004 - the column
        phy, state = link_word(interface), protocol_word(interface)
        out.append(f"{name}{phy:<6}{state:<10}{usage:>5}{usage:>7}{0:>11}{0:>11}")
    return lines(*out)


def _trunks_first(vrp: Vrp) -> Iterator[Interface]:
    everything = _all(vrp)
    members: dict[str, list[Interface]] = {}
    for interface in everything:
        if interface.aggregate:
            members.setdefault(interface.aggregate, []).append(interface)
    for interface in everything:
        if not interface.aggregate:
            yield interface
            yield from members.get(interface.name, ())


def _ip_brief(vrp: Vrp) -> str:
    rows = [i for i in _all(vrp) if not i.aggregate]
    physical = sum(1 for i in rows if link_word(i) == "up")
    up = sum(1 for i in rows if protocol_word(i) != "down")
    out = [
        *(_LEGEND8 if vrp.is_vrp8 else _LEGEND),
        f"The number of interface that is UP in Physical is {physical}",
        f"The number of interface that is DOWN in Physical is {len(rows) - physical}",
        f"The number of interface that is UP in Protocol is {up}",
        f"The number of interface that is DOWN in Protocol is {len(rows) - up}",
    ]
    if vrp.is_vrp8:
        out.append(
            "Interface                   IP Address/Mask    Physical Protocol VPN           "
        )
        out.extend(_row8(i) for i in rows)
    else:
        out += ["", "Interface                         IP Address/Mask      Physical   Protocol  "]
        out.extend(_row5(i) for i in rows)
    return lines(*out)


def _primary(interface: Interface) -> str:
    for address in interface.addresses or ():
        if address.interface.version == V4 and not address.secondary:
            return str(address.interface)
    return "unassigned"


def _row5(interface: Interface) -> str:
    state, protocol = link_word(interface), protocol_word(interface)
    name = f"{interface.name} " if len(interface.name) > 33 else interface.name  # noqa: PLR2004 - the column
    return f"{name:<34}{_primary(interface):<21}{state:<11}{protocol}"


def _row8(interface: Interface) -> str:
    state, protocol = link_word(interface), protocol_word(interface)
    name = f"{interface.name} " if len(interface.name) > 27 else interface.name  # noqa: PLR2004 - the column
    return f"{name:<28}{_primary(interface):<19}{state:<9}{protocol:<9}{interface.vpn or '--'}"


def _ipv6_brief(vrp: Vrp) -> str:
    if not vrp.scene.has_ipv6:
        return ""
    legend = _LEGEND8[:2] if vrp.is_vrp8 else _LEGEND[:1]
    head = f"{'Interface':<29}{'Physical':<22}{'Protocol':<22}{'VPN' if vrp.is_vrp8 else ''}"
    out = [*legend, "(l): loopback", "(s): spoofing", head.rstrip()]
    for interface in vrp.scene.model.interfaces:
        addresses = [a for a in interface.addresses or () if a.interface.version != V4]
        if not addresses:
            continue
        row = f"{interface.name:<29}{link_word(interface):<22}{protocol_word(interface):<22}"
        out.append(row + (interface.vpn or "--") if vrp.is_vrp8 else row.rstrip())
        out.extend(_ipv6_line(vrp, address) for address in addresses)
    return lines(*out)


def _ipv6_line(vrp: Vrp, address: InterfaceAddress) -> str:
    if vrp.is_vrp8:
        return f"[IPv6 Address/Prefix Length] {address.interface}"
    return f"[IPv6 Address] {printed(address.interface.ip)}"


def _block(vrp: Vrp, interface: Interface) -> list[str]:
    out = [_state_line(vrp, interface), f"Line protocol current state : {_protocol(interface)}"]
    if protocol_word(interface) != "down" and not is_spoofing(interface):
        out.append("Last line protocol up time : 2024-05-01 06:24:11")
    out += [_description(vrp, interface), _mode(interface), *_address_lines(vrp, interface)]
    name = interface.name
    if name.startswith("Dialer"):
        return out + _dialer(vrp, interface)
    if name.startswith("Cellular"):
        return out + _cellular(vrp, interface)
    if name.startswith("Tunnel"):
        return out + _tunnel(vrp, interface)
    if is_logical(name) and not name.startswith("Vlanif"):
        return [*out, "Physical is Loopback" if name.startswith("Loop") else "Physical is Null"]
    return out + _ethernet(vrp, interface)


def _state_line(vrp: Vrp, interface: Interface) -> str:
    word = {"*down": "Administratively DOWN"}.get(
        link_word(interface), link_word(interface).upper()
    )
    index = ""
    if vrp.is_vrp8:
        names = list(vrp.scene.by_name)
        place = names.index(interface.name) if interface.name in vrp.scene.by_name else len(names)
        index = f" (ifindex: {place + 2})"
    return f"{interface.name} current state : {word}{index}"


def _protocol(interface: Interface) -> str:
    word = protocol_word(interface)
    return "UP (spoofing)" if word == "up(s)" else word.upper()


def _description(vrp: Vrp, interface: Interface) -> str:
    series = "NE Series" if vrp.is_vrp8 else "AR Series"
    text = interface.description or f"HUAWEI, {series}, {interface.name} Interface"
    return f"Description: {text}" if vrp.is_vrp8 else f"Description:{text}"


def _mode(interface: Interface) -> str:
    if interface.aggregate:
        return "Route Port,Hash arithmetic : According to flow,The Maximum Transmit Unit is 1500"
    mtu = interface.mtu or (1492 if interface.name.startswith("Dialer") else 1500)
    hold = ", Hold timer is 10(sec)" if interface.name.startswith("Dialer") else ""
    return f"Route Port,The Maximum Transmit Unit is {mtu}{hold}"


def _address_lines(vrp: Vrp, interface: Interface) -> list[str]:
    found = [a for a in interface.addresses or () if a.interface.version == V4]
    if not found:
        return ["Internet protocol processing : disabled"]
    return [f"Internet Address is {_address(vrp, interface, a)}" for a in found]


def _address(vrp: Vrp, interface: Interface, address: InterfaceAddress) -> str:
    if address.origin is AddressOrigin.UNNUMBERED:
        return f"unnumbered, using address of {lender(vrp, interface, address)}"
    promise = _PROMISES.get(address.origin, "")
    return f"{promise}{address.interface}{' Sub' if address.secondary else ''}"


def lender(vrp: Vrp, interface: Interface, address: InterfaceAddress) -> str:
    """Return the interface whose address an unnumbered one borrows, with that address."""
    for other in vrp.scene.model.interfaces:
        for own in other.addresses or ():
            if other.name != interface.name and own.interface.ip == address.interface.ip:
                return f"{other.name}({own.interface})"
    return f"LoopBack0({address.interface})"


def _ethernet(vrp: Vrp, interface: Interface) -> list[str]:
    mac = interface.mac or mac_of(vrp.scene.model.id, interface.name)
    is_up = link_word(interface) == "up"
    out = [
        f"IP Sending Frames' Format is PKTFMT_ETHNT_2, Hardware address is {mac}",
        f"Last physical up time   : {'2024-05-01 06:24:05' if is_up else '-'}",
        "Last physical down time : 2024-05-01 06:23:50",
        f"Current system time: {CLOCK}",
    ]
    if "." not in interface.name and not interface.name.startswith(("Vlanif", "Eth-Trunk")):
        speed = f"{interface.speed_mbps or 1000:g}"
        out += [
            "Port Mode: COMMON COPPER",
            f"Speed : {speed:>4},  Loopback: NONE",
            "Duplex: FULL,  Negotiation: ENABLE",
            "Mdi   : AUTO,  Clock   : -",
        ]
    out += [
        "Last 300 seconds input rate 1024 bits/sec, 2 packets/sec",
        "Last 300 seconds output rate 768 bits/sec, 1 packets/sec",
    ]
    return out + (_COUNTERS8 if vrp.is_vrp8 else _COUNTERS5)


_COUNTERS5 = [
    "Input peak rate 8192 bits/sec,Record time: 2024-05-10 11:30:36",
    "Output peak rate 4096 bits/sec,Record time: 2024-05-10 11:30:36",
    "",
    "Input:  88402 packets, 9712331 bytes",
    "  Discard:                  0,  Total Error:                 0",
    "",
    "Output:  87110 packets, 8812004 bytes",
    "  Discard:                  0,  Total Error:                 0",
    "",
    "    Input bandwidth utilization threshold : 100.00%",
    "    Output bandwidth utilization threshold: 100.00%",
    "    Input bandwidth utilization  :    0%",
    "    Output bandwidth utilization :    0%",
]
_COUNTERS8 = [
    "Input: 9712331 bytes, 88402 packets",
    "Output: 8812004 bytes, 87110 packets",
    "Last 300 seconds input utility rate:  0.00%",
    "Last 300 seconds output utility rate: 0.00%",
]


def _dialer(vrp: Vrp, interface: Interface) -> list[str]:
    out = [
        "Link layer protocol is PPP",
        "LCP initial",
        "Physical is Dialer",
        f"Current system time: {CLOCK}",
        "    Input bandwidth utilization  : --",
        "    Output bandwidth utilization : --",
    ]
    if not any(d.name == interface.name and d.is_connected for d in vrp.scene.model.dialers):
        return out
    return [
        *out,
        f"Bound to {interface.name}:0:",
        f"{interface.name}:0 current state : UP ,",
        "Line protocol current state : UP",
        "",
        "Link layer protocol is PPP",
        "LCP opened, IPCP opened",
        "Packets statistics:",
        "  Input packets:86,  8592 bytes",
        "  Output packets:135, 10072 bytes",
        "  FCS error packets:0",
        "  Address error packets:0",
        "  Control field control error packets:0",
    ]


def _cellular(vrp: Vrp, interface: Interface) -> list[str]:
    modem = next((c for c in vrp.scene.model.cellular if c.name == interface.name), None)
    if modem is None or not modem.is_connected:
        return ["Link layer protocol is PPP", "LCP initial", "Modem State: Present"]
    network = modem.network or "LTE(LTE)"
    return [
        "Link layer protocol is PPP",
        "LCP opened, IPCP opened",
        "Modem State: Present",
        "Model = EC25",
        f"Current Network Connection = {network}",
        "Current RSSI = -75 dBm",
        "Current SINR = -1 dB (normal)",
        "Last 300 seconds input rate 128 bytes/sec, 1 packets/sec",
        "Last 300 seconds output rate 96 bytes/sec, 1 packets/sec",
    ]


def _tunnel(vrp: Vrp, interface: Interface) -> list[str]:
    out = ["Encapsulation is TUNNEL, loopback not set"]
    tunnel = next((t for t in vrp.scene.model.tunnels if t.name == interface.name), None)
    if tunnel is None:
        return [*out, "Tunnel source unknown, destination unknown"]
    owner = _owner(vrp, str(tunnel.local))
    local = f"{tunnel.local} ({owner})" if owner else str(tunnel.local)
    carrier = "IPv6" if tunnel.peer is not None and tunnel.peer.version != V4 else "IP"
    mode = {"gre": "GRE", "ipip": "IP", "ipsec": "IPSEC"}.get(tunnel.mode, tunnel.mode.upper())
    return [
        *out,
        f"Tunnel source {local}, destination {tunnel.peer}",
        f"Tunnel protocol/transport {mode}/{carrier}, key disabled",
        "keepalive disabled",
        "Checksumming of packets disabled",
        f"Current system time: {CLOCK}",
        "Last 300 seconds input rate 0 bits/sec, 0 packets/sec",
        "Last 300 seconds output rate 0 bits/sec, 0 packets/sec",
    ]


def _owner(vrp: Vrp, address: str) -> str:
    for interface in vrp.scene.model.interfaces:
        for own in interface.addresses or ():
            if str(own.interface.ip) == address:
                return interface.name
    return ""
