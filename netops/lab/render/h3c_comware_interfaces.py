"""Comware: interface displays, brief and in detail, of both families, and aggregation members.

Knows what an interface prints in every state. Refuses to know routes.
"""

from __future__ import annotations

from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.lab.render.h3c_comware_spelling import (
    Comware,
    fit,
    is_bridged,
    is_logical,
    short,
)
from netops.lab.render.notation import V4, lines, mac_of
from netops.lab.render.vendor_ipv6 import ipv6_blocks
from netops.lab.render.vendor_kin import link_word, protocol_word

_LINK = "Link: ADM - administratively down; Stby - standby"
_SYSTEM = (
    Interface("InLoopBack0", admin_up=True, link_up=True, protocol_up=True, spoofing=True),
    Interface("NULL0", admin_up=True, link_up=True, protocol_up=True, spoofing=True),
)
_ORIGINS = {
    AddressOrigin.CONFIGURED: ("Primary", "(Primary)"),
    AddressOrigin.DHCP: ("DHCP-Allocated", "(DHCP-allocated)"),
    AddressOrigin.CELLULAR: ("CELLULAR-Allocated", "(Cellular-Allocated)"),
    AddressOrigin.PPP: ("PPP-Negotiated", "(PPP-negotiated)"),
    AddressOrigin.UNNUMBERED: ("Unnumbered", "(Unnumbered)"),
}
_LONGEST = 13


def answers(device: Comware) -> dict[str, str]:
    """Return the answers about interfaces."""
    blocks = {i.name: _block(device, i) for i in _all(device)}
    found = {f"display interface {name}": lines(*block) for name, block in blocks.items()}
    joined: list[str] = []
    for block in blocks.values():
        joined += [*block, ""]
    found["display interface"] = lines(*joined)
    found["display interface brief"] = _brief(device)
    found["display ip interface brief"] = _ip_brief(device)
    found["display ipv6 interface brief"] = _ipv6_brief(device)
    found["display ipv6 interface"] = ipv6_blocks(
        device.scene.model.interfaces, "Line protocol current state"
    )
    found["display link-aggregation member-port"] = _members(device)
    return found


def _all(device: Comware) -> list[Interface]:
    return [
        *device.scene.model.interfaces,
        *(i for i in _SYSTEM if i.name not in device.scene.by_name),
    ]


def _primary(interface: Interface) -> InterfaceAddress | None:
    for address in interface.addresses or ():
        if address.interface.version == V4 and not address.secondary:
            return address
    return None


def _brief(device: Comware) -> str:
    routed = [i for i in _all(device) if not is_bridged(i)]
    bridged = [i for i in _all(device) if is_bridged(i)]
    if device.is_early:
        head = ["Brief information on interface(s) under route mode:", _LINK]
        title = "Interface            Link Protocol Main IP         Description"
    else:
        head = ["Brief information on interfaces in route mode:", _LINK]
        title = "Interface            Link Protocol Primary IP      Description"
    out = [*head, "Protocol: (s) - spoofing", title]
    out.extend(_brief_row(i) for i in routed)
    return lines(*out, *(_bridge_section(device, bridged) if bridged else []))


def _brief_link(interface: Interface) -> str:
    return {"*down": "ADM", "down": "DOWN"}.get(link_word(interface), "UP")


def _brief_row(interface: Interface) -> str:
    state = {"up(s)": "UP(s)", "up": "UP"}.get(protocol_word(interface), "DOWN")
    address = _primary(interface)
    ip = "--" if address is None else str(address.interface.ip)
    text = (interface.description or "")[:27]
    return f"{fit(short(interface.name), 21)}{_brief_link(interface):<5}{state:<9}{ip:<16}{text}"


def _bridge_section(device: Comware, bridged: list[Interface]) -> list[str]:
    width = 7 if device.is_early else 9
    if device.is_early:
        out = ["", "Brief information on interface(s) under bridge mode:", _LINK]
        out.append("Speed or Duplex: (a)/A - auto; H - half; F - full")
    else:
        out = ["", "Brief information on interfaces in bridge mode:", _LINK]
        out += ["Speed: (a) - auto", "Duplex: (a)/A - auto; H - half; F - full"]
    out.append("Type: A - access; T - trunk; H - hybrid")
    out.append(f"Interface            Link {'Speed':<{width}} Duplex Type PVID Description")
    for interface in bridged:
        link = _brief_link(interface)
        rate = (interface.speed_mbps or 1000) / 1000
        speed, duplex = (f"{rate:g}G(a)", "F(a)") if link == "UP" else ("auto", "A")
        out.append(
            f"{fit(short(interface.name), 21)}{link:<5}{speed:<{width}} {duplex:<7}T    1    "
            f"{(interface.description or '')[:27]}"
        )
    return out


def _ip_brief(device: Comware) -> str:
    out = ["*down: administratively down", "(s): spoofing  (l): loopback"]
    rows = [i for i in device.scene.model.interfaces if not is_bridged(i) and not i.aggregate]
    if device.is_early:
        out.append("Interface                Physical Protocol IP Address      Description")
        for i in rows:
            address = _primary(i)
            ip = "--" if address is None else str(address.interface.ip)
            out.append(f"{_states(i, 25)}{ip:<16}{_cut(i.description)}")
        return lines(*out)
    out.append("Interface           Physical Protocol IP address/Mask    VPN instance Description")
    for i in rows:
        address = _primary(i)
        ip = "--" if address is None else str(address.interface)
        out.append(f"{_states(i, 20)}{ip:<19}{fit(i.vpn or '--', 13)}{_cut(i.description)}")
    return lines(*out)


def _states(interface: Interface, width: int) -> str:
    name = fit(short(interface.name), width)
    return f"{name}{link_word(interface):<9}{protocol_word(interface):<9}"


def _cut(text: str | None) -> str:
    if not text:
        return "--"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _ipv6_brief(device: Comware) -> str:
    out = ["*down: administratively down", "(s): spoofing"]
    out.append(f"{'Interface':<43}Physical   Protocol   IPv6 Address")
    for i in device.scene.model.interfaces:
        if is_bridged(i) or i.aggregate:
            continue
        six = [a.interface.ip for a in i.addresses or () if a.interface.version != V4]
        shown = next((str(a) for a in six if not a.is_link_local), None)
        text = shown or (str(six[0]).upper() if six else "Unassigned")
        out.append(f"{fit(i.name, 43)}{link_word(i):<11}{protocol_word(i):<11}{text}")
    return lines(*out)


def _block(device: Comware, interface: Interface) -> list[str]:
    state = {"*down": "Administratively DOWN"}.get(
        link_word(interface), link_word(interface).upper()
    )
    word = protocol_word(interface)
    line = "UP(spoofing)" if word == "up(s)" else word.upper()
    kbps = 64 if is_logical(interface.name) else int((interface.speed_mbps or 1000) * 1000)
    out = [
        interface.name,
        f"Current state: {state}",
        f"Line protocol state: {line}",
        f"Description: {interface.description or f'{interface.name} Interface'}",
        f"Bandwidth: {kbps}{'' if device.is_early else ' '}kbps",
    ]
    if is_bridged(interface):
        return [*out[:3], _frame(device, interface), *out[3:], *_bridge_lines(interface)]
    mtu = interface.mtu or (1492 if interface.name.startswith("Dialer") else 1500)
    unit = "Maximum Transmit Unit" if device.is_early else "Maximum transmission unit"
    out += [f"{unit}: {mtu}", *_tunnel_or_dialer_head(interface), *_addresses(device, interface)]
    if interface.name.startswith("Dialer"):
        out += ["Link layer protocol: PPP", "LCP: initial"]
        out.append("Physical: Dialer, baudrate: 64000 bps")
    elif interface.name.startswith("Tunnel"):
        out += _tunnel(device, interface)
    elif not is_logical(interface.name):
        out += [_frame(device, interface), _frame(device, interface).replace("IP ", "IPv6 ", 1)]
    return out + _COUNTERS


def _tunnel_or_dialer_head(interface: Interface) -> list[str]:
    is_dialer = interface.name.startswith("Dialer")
    return ["Hold timer: 10 seconds, retry times: 5"] if is_dialer else []


def _frame(device: Comware, interface: Interface) -> str:
    mac = interface.mac or mac_of(device.scene.model.id, interface.name)
    if device.is_early:
        return f"IP Packet Frame Type: PKTFMT_ETHNT_2, Hardware Address: {mac}"
    return f"IP packet frame type: Ethernet II, hardware address: {mac}"


_COUNTERS = [
    "Last clearing of counters: Never",
    "Last 300 seconds input rate: 7 bytes/sec, 56 bits/sec, 0 packets/sec",
    "Last 300 seconds output rate: 16 bytes/sec, 128 bits/sec, 0 packets/sec",
    "Input: 9103 packets, 611444 bytes, 0 drops",
    "Output: 18587 packets, 1143610 bytes, 0 drops",
]


def _bridge_lines(interface: Interface) -> list[str]:
    speed = f"{(interface.speed_mbps or 1000) / 1000:g}"
    return [
        f"{speed}Gbps-speed mode, full-duplex mode",
        "Link speed type is autonegotiation, link duplex type is autonegotiation",
        "PVID: 1",
        "Port link-type: Trunk",
        " VLAN Passing:   1(default vlan)",
        " VLAN permitted: 1(default vlan), 2-4094",
        " Trunk port encapsulation: IEEE 802.1q",
        *_COUNTERS[:1],
    ]


def _addresses(device: Comware, interface: Interface) -> list[str]:
    found = [a for a in interface.addresses or () if a.interface.version == V4]
    if not found:
        return [f"Internet protocol processing: {'d' if device.is_early else 'D'}isabled"]
    return [_address(device, a) for a in found]


def _address(device: Comware, address: InterfaceAddress) -> str:
    words = _ORIGINS.get(address.origin, _ORIGINS[AddressOrigin.CONFIGURED])
    if device.is_early:
        return f"Internet Address is {address.interface} {'Sub' if address.secondary else words[0]}"
    return f"Internet address: {address.interface} {'(Sub)' if address.secondary else words[1]}"


def _tunnel(device: Comware, interface: Interface) -> list[str]:
    for tunnel in device.scene.model.tunnels:
        if tunnel.name != interface.name:
            continue
        owner = _owner(device, str(tunnel.local))
        local = f"{tunnel.local} ({owner})" if owner else str(tunnel.local)
        carrier = "IPv6" if tunnel.peer is not None and tunnel.peer.version != V4 else "IP"
        mode = {"ipip": "IP", "vxlan": "UDP_VXLAN"}.get(tunnel.mode, tunnel.mode.upper())
        return [
            f"Tunnel source {local}, destination {tunnel.peer}",
            "Tunnel keepalive disabled",
            "Tunnel TTL 255",
            f"Tunnel protocol/transport {mode}/{carrier}",
        ]
    return ["Tunnel source unknown, destination unknown"]


def _owner(device: Comware, address: str) -> str:
    for interface in device.scene.model.interfaces:
        for own in interface.addresses or ():
            if str(own.interface.ip) == address:
                return interface.name
    return ""


def _members(device: Comware) -> str:
    members = [i for i in device.scene.model.interfaces if i.aggregate]
    if not members:
        return ""
    out = [
        "Flags: A -- LACP_Activity, B -- LACP_Timeout, C -- Aggregation, ",
        "       D -- Synchronization, E -- Collecting, F -- Distributing, ",
        "       G -- Defaulted, H -- Expired",
    ]
    for number, interface in enumerate(members, start=1):
        out += [
            "",
            f"{interface.name}: ",
            f"Aggregate Interface: {interface.aggregate}",
            "Local: ",
            f"    Port Number: {number} ",
            "    Port Priority: 32768 ",
            "    Oper-Key: 2 ",
            "    Flag: {ACDEF}",
            "Remote: ",
            f"    System ID: 0x8000, {mac_of(device.scene.model.id, 'partner')} ",
            f"    Port Number: {number} ",
            "    Port Priority: 32768 ",
            "    Oper-Key: 2 ",
            "    Flag: {ACDEF}",
            "Received LACP Packets: 65211 packet(s) ",
            "Illegal: 0 packet(s) ",
            "Sent LACP Packets: 65226 packet(s)",
        ]
    return lines(*out)
