"""VRP: ARP, IPv6 neighbours, LLDP and VRRP.

Knows who is shown on the other side of a link. Refuses to know routes.
"""

from __future__ import annotations

from netops.facts.neighbours import LldpNeighbour, Neighbour
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.lab.render.huawei_vrp_spelling import (
    Vrp,
    is_logical,
    short,
    slot_vlan,
)
from netops.lab.render.notation import V4, lines, mac_of, printed
from netops.lab.render.scene import own_address
from netops.lab.render.vendor_kin import link_word

_STATES = {
    VrrpState.MASTER: "Master",
    VrrpState.BACKUP: "Backup",
    VrrpState.INITIALIZE: "Initialize",
    VrrpState.UNKNOWN: "Initialize",
}
_TYPES = (
    "Type:",
    "        N: Normal",
    "        A: Administrator",
    "        M: Member",
    "        L: Load-Balance",
    "        LM: Load-Balance-Member",
)


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the answers about neighbours."""
    found = {
        "display arp all": _arp(vrp),
        "display ipv6 neighbors": _ipv6(vrp),
        "display lldp neighbor": _lldp(vrp),
        "display lldp neighbor brief": _lldp_brief(vrp),
        "display vrrp brief": _vrrp_brief(vrp),
    }
    found["display vrrp"] = found["display vrrp brief"] if vrp.is_vrp8 else _vrrp(vrp)
    if vrp.is_vrp8:
        found["display vrrp verbose"] = _vrrp(vrp)
    return found


def _own(vrp: Vrp) -> list[Neighbour]:
    """Return the device's own addresses, which every ARP table lists first."""
    listed = {str(n.address) for n in vrp.scene.model.neighbours if n.own}
    found = []
    for interface in vrp.scene.model.interfaces:
        if is_logical(interface.name) and not interface.name.startswith("Vlanif"):
            continue
        if interface.name.startswith("Cellular") or link_word(interface) != "up":
            continue
        mac = interface.mac or mac_of(vrp.scene.model.id, interface.name)
        for address in interface.addresses or ():
            ip = address.interface.ip
            if ip.version == V4 and str(ip) not in listed:
                found.append(Neighbour(ip, mac, interface.name, interface.vpn or "", own=True))
    return found


def _arp(vrp: Vrp) -> str:
    entries = [*_own(vrp), *(n for n in vrp.scene.model.neighbours if n.address.version == V4)]
    width = 88 if vrp.is_vrp8 else 78
    out = ["IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE"]
    out.append(f"{'':<42}VLAN/CEVLAN{' PVC' if vrp.is_vrp8 else ''}")
    out.append("-" * width)
    for entry in entries:
        out.extend(_arp_entry(entry))
    own = sum(1 for e in entries if e.own)
    out.append("-" * width)
    out.append(
        f"Total:{len(entries):<10d}Dynamic:{len(entries) - own:<8d}Static:0     Interface:{own}"
        + ("    Remote:0" if vrp.is_vrp8 else "")
    )
    if vrp.is_vrp8:
        out.append("Redirect:0")
    return lines(*out)


def _arp_entry(entry: Neighbour) -> list[str]:
    kind = "I -" if entry.own else "D-0"
    expire = "" if entry.own else str(int((entry.age_s or 1020) // 60))
    port = short(entry.interface)
    port = f"{port} " if len(port) > 11 and entry.vpn else port  # noqa: PLR2004 - the column
    row = (
        f"{entry.address!s:<16}{entry.mac or 'Incomplete':<16}{expire:<10}{kind:<12}"
        f"{port:<12}{entry.vpn}"
    )
    vlan = slot_vlan(entry.interface)
    if vlan and not entry.own:
        return [row.rstrip(), f"{'':<44}{vlan}/-"]
    return [row.rstrip()]


def _ipv6(vrp: Vrp) -> str:
    entries = [n for n in vrp.scene.model.neighbours if n.address.version != V4 and not n.own]
    if not entries:
        return "" if not vrp.scene.has_ipv6 else lines("Total: 0       Dynamic: 0       Static: 0")
    out = ["-" * 77]
    for place, entry in enumerate(entries):
        state = "INCMP" if entry.mac is None else "REACH"
        age = int(entry.age_s or 312)
        router = "TRUE" if entry.router else "FALSE"
        out += [""] if place else []
        out += [
            f"IPv6 Address : {printed(entry.address)}",
            f"Link-layer   : {entry.mac or '-':<34} State : {state}",
            f"Interface    : {short(entry.interface):<34} Age   : {_age(age)}",
            f"VLAN         : {slot_vlan(entry.interface) or '-':<34} CEVLAN: -",
            f"VPN name     : {entry.vpn or '-':<34} Is Router: {router}",
            "Secure FLAG  : UN-SECURE",
        ]
    total = len(entries)
    return lines(*out, "-" * 80, f"Total: {total:<8d}Dynamic: {total:<8d}Static: 0")


def _age(seconds: int) -> str:
    return f"{seconds // 3600:02d}h{seconds % 3600 // 60:02d}m{seconds % 60:02d}s"


def _lldp(vrp: Vrp) -> str:
    entries = vrp.scene.model.lldp
    if not entries:
        return lines("Info: Global LLDP is not enabled.")
    by_port: dict[str, list[LldpNeighbour]] = {}
    for entry in entries:
        by_port.setdefault(entry.interface, []).append(entry)
    out: list[str] = []
    for port, seen in by_port.items():
        out += [f"{port} has {len(seen)} neighbor(s):", ""]
        for index, entry in enumerate(seen, start=1):
            out += [*_lldp_entry(index, entry), ""]
    return lines(*out)


def _lldp_entry(index: int, entry: LldpNeighbour) -> list[str]:
    return [
        f"Neighbor index :{index}",
        "Chassis type   :MAC address ",
        f"Chassis ID     :{entry.chassis or mac_of(entry.system or '', 'chassis')} ",
        "Port ID type   :Interface name ",
        f"Port ID        :{entry.port or ''}",
        f"Port description    :{entry.port_description or entry.port or ''}",
        f"System name         :{entry.system or ''}",
        f"System description  :{entry.system_description or ''}",
        "System capabilities supported   :bridge router ",
        "System capabilities enabled     :bridge router ",
        "Expired time   :104s",
    ]


def _lldp_brief(vrp: Vrp) -> str:
    entries = vrp.scene.model.lldp
    if not entries:
        return lines("Info: Global LLDP is not enabled.")
    if vrp.is_vrp8:
        out = ["Local Interface         Exptime(s) Neighbor Interface      Neighbor Device"]
        out.append("-" * 74)
        for entry in entries:
            port = entry.port or entry.chassis or "-"
            out.append(
                f"{_fit(short(entry.interface), 24)}{96:>5}      {_fit(short(port), 24)}"
                f"{entry.system or '-'}"
            )
        return lines(*out)
    out = ["Local Intf   Neighbor Dev             Neighbor Intf             Exptime"]
    for entry in entries:
        port = entry.port or entry.chassis or "-"
        out.append(
            f"{_fit(short(entry.interface), 13)}{_fit(entry.system or '-', 25)}"
            f"{_fit(short(port), 26)}104"
        )
    return lines(*out)


def _fit(text: str, width: int) -> str:
    """Pad to a column; what is too long pushes the rest to the right by one blank."""
    return f"{text:<{width}}" if len(text) < width else f"{text} "


def _vrrp_brief(vrp: Vrp) -> str:
    groups = vrp.scene.model.vrrp
    if not groups:
        return "" if vrp.is_vrp8 else lines("Info: The VRRP does not exist.")
    states = [_STATES[g.state] for g in groups]
    counts = [len(groups), *(states.count(word) for word in _STATES_COUNTED)]
    if vrp.is_vrp8:
        head = "Total:{:<6d}Master:{:<5d}Backup:{:<5d}Non-active:{}".format(*counts)
        out = [*_TYPES, head]
        out.append("VRID State       Interface" + " " * 39 + "Type    Virtual IP")
        out.append("-" * 86)
        for group, state in zip(groups, states, strict=True):
            ip = _virtual(group)
            out.append(f"{group.vrid:>4} {state:<12}{_fit(group.interface, 48)}N       {ip}")
        return lines(*out)
    out = ["Total:{:<6d}Master:{:<6d}Backup:{:<6d}Non-active:{:<7d}".format(*counts)]
    out.append("VRID  State        Interface                Type     Virtual IP     ")
    out.append("-" * 64)
    for group, state in zip(groups, states, strict=True):
        port = _fit(short(group.interface), 25)
        out.append(f"{group.vrid:<6d}{state:<13}{port}Normal   {_virtual(group)}")
    return lines(*out)


_STATES_COUNTED = ("Master", "Backup", "Initialize")


def _virtual(group: VrrpGroup) -> str:
    return str(group.addresses[0]) if group.addresses else "0.0.0.0"  # noqa: S104 - printed


def _vrrp(vrp: Vrp) -> str:
    groups = vrp.scene.model.vrrp
    if not groups:
        return "" if vrp.is_vrp8 else lines("Info: The VRRP does not exist.")
    out: list[str] = []
    for group in groups:
        priority = group.priority or 100
        own = own_address(vrp.scene, group.interface, V4)
        master = own if group.state is VrrpState.MASTER else "0.0.0.0"  # noqa: S104 - printed
        out += [
            f"  {group.interface} | Virtual Router {group.vrid}",
            f"    State : {_STATES[group.state]}",
            *(f"    Virtual IP : {address}" for address in group.addresses),
            f"    Master IP : {master}",
            f"    PriorityRun : {priority}",
            f"    PriorityConfig : {priority}",
            f"    MasterPriority : {priority}",
            "    Preempt : YES   Delay Time : 0 s",
            "    TimerRun : 1 s",
            "    TimerConfig : 1 s",
            "    Auth type : NONE",
            f"    Virtual MAC : 0000-5e00-01{group.vrid:02x}",
            "    Check TTL : YES",
            "    Config type : normal-vrrp",
            "",
        ]
    return lines(*out)
