"""Comware: ARP, IPv6 neighbours, LLDP and VRRP.

Knows who is shown on the other side of a link. Refuses to know routes.
"""

from __future__ import annotations

from netops.facts.neighbours import LldpNeighbour, Neighbour
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.lab.render.h3c_comware_spelling import Comware, fit, short
from netops.lab.render.notation import V4, lines, mac_of
from netops.lab.render.scene import own_address

_NAME = 20
_LEGEND = (
    "Chassis ID : * -- -- Nearest nontpmr bridge neighbor",
    "             # -- -- Nearest customer bridge neighbor",
    "             Default -- -- Nearest bridge neighbor",
)
_STATES = {
    VrrpState.MASTER: "Master",
    VrrpState.BACKUP: "Backup",
    VrrpState.INITIALIZE: "Initialize",
    VrrpState.UNKNOWN: "Initialize",
}


def answers(device: Comware) -> dict[str, str]:
    """Return the answers about neighbours."""
    arp = _arp(device)
    return {
        "display arp": arp,
        "display arp all": arp,
        "display ipv6 neighbors all": _ipv6(device),
        "display lldp neighbor-information list": _lldp(device),
        "display lldp neighbor-information verbose": _lldp_verbose(device),
        "display vrrp": _vrrp(device),
        "display vrrp verbose": _vrrp_verbose(device),
    }


def _others(device: Comware, *, is_v4: bool) -> list[Neighbour]:
    """Return the entries of a family; Comware does not list the device's own addresses."""
    every = device.scene.model.neighbours
    return [n for n in every if (n.address.version == V4) is is_v4 and not n.own]


def _arp(device: Comware) -> str:
    out = ["  Type: S-Static   D-Dynamic   O-Openflow   R-Rule   M-Multiport  I-Invalid"]
    if device.is_early:
        out.append("IP Address       MAC Address     VLAN ID  Interface              Aging Type")
        widths = (17, 16, 9, 23)
    else:
        out.append("IP address      MAC address    VLAN     Interface                Aging Type")
        widths = (16, 15, 9, 25)
    for entry in _others(device, is_v4=True):
        if entry.mac is None:
            continue
        address, mac, vlan, port = widths
        out.append(
            f"{entry.address!s:<{address}}{entry.mac:<{mac}}{_vlan(entry.interface):<{vlan}}"
            f"{fit(short(entry.interface), port)}{int((entry.age_s or 960) // 60):<6d}D"
        )
    return lines(*out)


def _vlan(name: str) -> str:
    if name.startswith("Vlan-interface"):
        return name.removeprefix("Vlan-interface")
    return name.rpartition(".")[2] if "." in name else "--"


def _ipv6(device: Comware) -> str:
    out = ["         Type: S-Static    D-Dynamic    O-Openflow    R-Rule    I-Invalid"]
    out.append("IPv6 Address                   Link Layer     VID  Interface      State T  Age")
    for entry in _others(device, is_v4=False):
        vlan = _vlan(entry.interface)
        vlan = "N/A" if vlan == "--" else vlan
        state = "INCMP" if entry.mac is None else "REACH"
        address = str(entry.address)
        address = address.upper() if entry.address.is_link_local else address
        out.append(
            f"{fit(address, 31)}{entry.mac or '--':<15}{vlan:<5}"
            f"{fit(short(entry.interface), 15)}{state:<6}D  {int(entry.age_s or 10)}"
        )
    return lines(*out)


def _chassis(entry: LldpNeighbour) -> str:
    return entry.chassis or mac_of(entry.system or "", "chassis")


def _lldp(device: Comware) -> str:
    entries = device.scene.model.lldp
    if not entries:
        return ""
    early = device.is_early
    ports, chassis = (18, 17) if early else (16, 16)
    out = list(_LEGEND)
    out.append(f"{'System Name':<21}{'Local Interface':<{ports}}{'Chassis ID':<{chassis}}Port ID")
    for entry in entries:
        name = entry.system or "-"
        out.append(
            f"{name[:_NAME]:<21}{fit(short(entry.interface), ports)}"
            f"{fit(_chassis(entry), chassis)}{entry.port or '-'}"
        )
        if len(name) > _NAME:
            out.append(name[_NAME:])
    return lines(*out)


def _lldp_verbose(device: Comware) -> str:
    out: list[str] = []
    for number, entry in enumerate(device.scene.model.lldp, start=1):
        out += [
            f"LLDP neighbor-information of port {number}[{entry.interface}]:",
            "LLDP agent nearest-bridge:",
            " LLDP neighbor index : 1",
            " Update time         : 10 days, 2 hours, 51 minutes, 22 seconds",
            " Chassis type        : MAC address",
            f" Chassis ID          : {_chassis(entry)}",
            " Port ID type        : Interface name",
            f" Port ID             : {entry.port or ''}",
            " Time to live        : 121",
            f" Port description    : {entry.port_description or entry.port or ''}",
            f" System name         : {entry.system or ''}",
            f" System description  : {entry.system_description or ''}",
            " System capabilities supported : Bridge, Router",
            " System capabilities enabled   : Bridge, Router",
            "",
        ]
    return lines(*out)


def _vrrp_head(groups: list[VrrpGroup]) -> list[str]:
    return [
        "IPv4 Virtual Router Information:",
        " Running Mode      : Standard",
        f" Total number of virtual routers : {len(groups)}",
    ]


def _vrrp(device: Comware) -> str:
    groups = device.scene.model.vrrp
    out = _vrrp_head(groups)
    if not groups:
        return lines(*out)
    out.append(" Interface          VRID  State        Running Adver   Auth     Virtual")
    out.append("                                       Pri     Timer   Type     IP")
    out.append(" " + "-" * 69)
    for group in groups:
        virtual = group.addresses[0] if group.addresses else ""
        out.append(
            f" {fit(short(group.interface), 19)}{group.vrid:<6d}{_STATES[group.state]:<13}"
            f"{group.priority or 100:<8d}{100:<8d}{'None':<9}{virtual}"
        )
    return lines(*out)


def _vrrp_verbose(device: Comware) -> str:
    groups = device.scene.model.vrrp
    out = _vrrp_head(groups)
    for group in groups:
        priority = group.priority or 100
        virtual = group.addresses[0] if group.addresses else ""
        master = own_address(device.scene, group.interface, V4)
        out += [
            f"   Interface {group.interface}",
            f"     VRID             : {group.vrid:<20d} Adver Timer  : 100",
            f"     Admin Status     : {'Up':<20} State        : {_STATES[group.state]}",
            f"     Config Pri       : {priority:<20d} Running Pri  : {priority}",
            f"     Preempt Mode     : {'Yes':<20} Delay Time   : 0",
            "     Auth Type        : None",
            f"     Virtual IP       : {virtual}",
            f"     Virtual MAC      : 0000-5e00-01{group.vrid:02x}",
            f"     Master IP        : {master}",
        ]
    return lines(*out)
