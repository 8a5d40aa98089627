"""``ip -j -d address show``: links and addresses of a model in iproute2's shape."""

from __future__ import annotations

from typing import Any

from netops.facts.access import Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.lab.model import DeviceModel
from netops.lab.render.linux_routes import table_of, vrf_names
from netops.lab.render.linux_text import colons, compact, mac_of

_KINDS = {"ipsec": "xfrm", "tun": "tun", "l2tp": "l2tp"}
_FOREVER = 4294967295
_LEASE = 43200
_V4 = 4


def addresses(model: DeviceModel) -> str:
    """Return every link with its addresses, the loopback and the VRF devices among them."""
    known = {interface.name for interface in model.interfaces}
    links = [] if "lo" in known else [_loopback()]
    tunnels = {tunnel.name: tunnel for tunnel in model.tunnels}
    vrfs = vrf_names(model)
    links += [
        _vrf(model, i.name, i.mac) if i.name in vrfs else _link(model, i, tunnels.get(i.name))
        for i in model.interfaces
    ]
    links += [_vrf(model, name) for name in vrfs if name not in known]
    bonds = dict.fromkeys(i.aggregate for i in model.interfaces if i.aggregate)
    links += [_bond(name) for name in bonds if name not in known]
    for number, link in enumerate(links, start=1):
        link["ifindex"] = number
    return compact(links)


def _bare(name: str, flags: list[str], link_type: str) -> dict[str, Any]:
    return {
        "ifindex": 0,
        "ifname": name,
        "flags": flags,
        "mtu": 1500,
        "qdisc": "noqueue",
        "operstate": "UP",
        "group": "default",
        "txqlen": 1000,
        "link_type": link_type,
    }


def _loopback() -> dict[str, Any]:
    link = _bare("lo", ["LOOPBACK", "UP", "LOWER_UP"], "loopback")
    link |= {"mtu": 65536, "operstate": "UNKNOWN", "address": "00:00:00:00:00:00"}
    local = {"family": "inet", "local": "127.0.0.1", "prefixlen": 8, "scope": "host"}
    return link | {"addr_info": [local]}


def _vrf(model: DeviceModel, name: str, mac: str | None = None) -> dict[str, Any]:
    link = _bare(name, ["NOARP", "MASTER", "UP", "LOWER_UP"], "ether")
    link["address"] = colons(mac) if mac else mac_of(f"{model.id}/{name}")
    data = {"table": int(table_of(model, name))}
    return link | {"linkinfo": {"info_kind": "vrf", "info_data": data}, "addr_info": []}


def _bond(name: str) -> dict[str, Any]:
    link = _bare(name, ["BROADCAST", "MULTICAST", "MASTER", "UP", "LOWER_UP"], "ether")
    return link | {"linkinfo": {"info_kind": "bond", "info_data": {}}, "addr_info": []}


def _link(model: DeviceModel, interface: Interface, tunnel: Tunnel | None) -> dict[str, Any]:
    up = interface.admin_up is not False
    running = up and interface.link_up is not False
    kind, link_type = _kind(model, interface, tunnel)
    flags = [{"loopback": "LOOPBACK", "ether": "BROADCAST"}.get(link_type, "POINTOPOINT")]
    flags += ["UP"] * up + ["LOWER_UP"] * running + ["NO-CARRIER"] * (up and not running)
    link = _bare(interface.name, flags, link_type)
    link["mtu"] = interface.mtu or (65536 if link_type == "loopback" else 1500)
    up_word = "UNKNOWN" if link_type != "ether" else "UP"
    link["operstate"] = up_word if running else "DOWN"
    if link_type == "ether":
        link["address"] = (
            colons(interface.mac) if interface.mac else mac_of(f"{model.id}/{interface.name}")
        )
    if kind:
        link["linkinfo"] = {"info_kind": kind, "info_data": _data(tunnel)}
    if interface.aggregate or interface.vpn:
        link["master"] = interface.aggregate or interface.vpn
    if interface.description:
        link["ifalias"] = interface.description
    link["addr_info"] = [_address(interface.name, a) for a in interface.addresses or ()]
    return link


def _kind(model: DeviceModel, interface: Interface, tunnel: Tunnel | None) -> tuple[str, str]:
    if interface.name == "lo":
        return "", "loopback"
    ppp = {d.name for d in model.dialers} | {s.dialer for s in model.pppoe}
    origins = {address.origin for address in interface.addresses or ()}
    if interface.name in ppp or AddressOrigin.PPP in origins:
        return "ppp", "ppp"
    cellular = {modem.name for modem in model.cellular}
    if interface.name in cellular or AddressOrigin.CELLULAR in origins:
        return "wwan", "none"
    if tunnel is None:
        return "", "ether"
    kind = _KINDS.get(tunnel.mode, tunnel.mode)
    return kind, "ether" if kind in {"vxlan", "geneve"} else kind if kind != "wireguard" else "none"


def _data(tunnel: Tunnel | None) -> dict[str, Any]:
    if tunnel is None or tunnel.mode == "wireguard":
        return {}
    data: dict[str, Any] = {"ttl": 0}
    if tunnel.peer is not None:
        data["remote"] = str(tunnel.peer)
    if tunnel.local is not None:
        data["local"] = str(tunnel.local)
    return data


def _address(name: str, address: InterfaceAddress) -> dict[str, Any]:
    ip = address.interface
    is_v4 = ip.version == _V4
    value: dict[str, Any] = {
        "family": "inet" if is_v4 else "inet6",
        "local": str(ip.ip),
        "prefixlen": ip.network.prefixlen,
        "scope": "link" if ip.is_link_local else "host" if ip.is_loopback else "global",
    }
    is_leased = address.origin in {AddressOrigin.DHCP, AddressOrigin.AUTOCONF}
    value |= {"secondary": True} if address.secondary else {}
    value |= {"dynamic": True} if is_leased else {}
    value |= {"label": name} if is_v4 else {}
    life = _LEASE if is_leased else _FOREVER
    return value | {"valid_life_time": life, "preferred_life_time": life}
