"""``show interface vrf all json``: what zebra knows of every interface of a model."""

from __future__ import annotations

from typing import Any

from netops.facts.access import Tunnel
from netops.facts.interfaces import AddressOrigin, Interface
from netops.lab.model import DeviceModel
from netops.lab.render.frr_text import pretty, vrf_word
from netops.lab.render.linux_text import colons, mac_of

_TUNNEL_TYPES = {"gre": "GRE over IP", "ip6gre": "GRE over IPv6", "ipip": "IPIP Tunnel",
                 "ip6tnl": "IPIP6 Tunnel", "sit": "IPv6-in-IPv4 SIT"}  # fmt: skip
_NO_SPEED = 4294967295
_PLAIN = dict.fromkeys(
    ("mplsEnabled", "linkDown", "linkDownV6", "mcForwardingV4", "mcForwardingV6",
     "pseudoInterface"),
    False,
)  # fmt: skip


def interfaces(model: DeviceModel) -> str:
    """Return the whole object, keyed by interface name."""
    tunnels = {tunnel.name: tunnel for tunnel in model.tunnels}
    ppp = {d.name for d in model.dialers} | {s.dialer for s in model.pppoe if s.dialer}
    return pretty(
        {
            i.name: _interface(model, i, number, tunnels.get(i.name), is_ppp=i.name in ppp)
            for number, i in enumerate(model.interfaces, start=2)
        }
    )


def _interface(
    model: DeviceModel, interface: Interface, number: int, tunnel: Tunnel | None, *, is_ppp: bool
) -> dict[str, Any]:
    up = interface.admin_up is not False
    running = up and interface.link_up is not False
    link_type = _link_type(interface, tunnel, is_ppp=is_ppp)
    value: dict[str, Any] = {
        "administrativeStatus": "up" if up else "down",
        "operationalStatus": "up" if running else "down",
        "linkDetection": True,
        "linkUps": 0,
        "linkDowns": 0,
        "vrfName": vrf_word(interface.vpn),
    }
    value |= {"description": interface.description} if interface.description else {}
    value |= _PLAIN | {
        "index": number,
        "metric": 0,
        "mtu": interface.mtu or 1500,
        "speed": int(interface.speed_mbps or _NO_SPEED),
        "flags": _flags(link_type, up=up, running=running),
        "type": link_type,
    }
    if link_type == "Ethernet":
        mac = interface.mac or mac_of(f"{model.id}/{interface.name}")
        value["hardwareAddress"] = colons(mac)
    value["ipAddresses"] = [
        {"address": str(a.interface), "secondary": a.secondary, "unnumbered": False}
        for a in interface.addresses or ()
    ]
    value["interfaceType"] = _kind(interface, tunnel)
    value["interfaceSlaveType"] = "Bond" if interface.aggregate else "None"
    value |= _ends(tunnel) if tunnel else {}
    value |= {"lacpBypass": False, "evpnMh": {}, "protodown": "off"}
    return value | ({"masterInterface": interface.aggregate} if interface.aggregate else {})


def _link_type(interface: Interface, tunnel: Tunnel | None, *, is_ppp: bool) -> str:
    origins = {address.origin for address in interface.addresses or ()}
    if interface.name == "lo":
        return "Loopback"
    if is_ppp or AddressOrigin.PPP in origins:
        return "PPP"
    if tunnel and tunnel.mode != "vxlan":
        return _TUNNEL_TYPES.get(tunnel.mode, "Unknown")
    return "Ethernet"


def _flags(link_type: str, *, up: bool, running: bool) -> str:
    kind = {"Loopback": ["LOOPBACK"], "Ethernet": ["BROADCAST"]}.get(link_type, ["POINTOPOINT"])
    words = ["UP"] * up + kind + ["RUNNING"] * running
    return f"<{','.join([*words, 'MULTICAST'] if link_type == 'Ethernet' else words)}>"


def _kind(interface: Interface, tunnel: Tunnel | None) -> str:
    if tunnel is not None:
        return {"vxlan": "Vxlan", "gre": "GRE"}.get(tunnel.mode, "Other")
    return "Vlan" if "." in interface.name else "Other"


def _ends(tunnel: Tunnel) -> dict[str, Any]:
    if tunnel.mode not in {"vxlan", "gre"}:
        return {}
    value: dict[str, Any] = {"vxlanId": 100} if tunnel.mode == "vxlan" else {}
    if tunnel.local is not None:
        value["vtepIp"] = str(tunnel.local)
    if tunnel.peer is not None:
        value["mcastGroup" if tunnel.mode == "vxlan" else "vtepRemoteIp"] = str(tunnel.peer)
    return value
