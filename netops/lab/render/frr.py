"""What ``vtysh`` of an FRR router prints for a device model.

Written from recordings of FRR 8.4.4. Knows the commands that an audit asks. Refuses to print what
vtysh cannot tell: address translation, ARP, LLDP, the clock.
"""

from __future__ import annotations

from netops.lab.model import DeviceModel
from netops.lab.render.frr_bgp import summary, vpn_routes
from netops.lab.render.frr_config import running_config
from netops.lab.render.frr_interfaces import interfaces
from netops.lab.render.frr_pbr import live_maps
from netops.lab.render.frr_routes import routes
from netops.lab.render.frr_tables import tables
from netops.lab.render.frr_text import RELEASE, hostname, vrf_names
from netops.lab.render.frr_vrrp import groups

_KERNEL = "6.1.0-18-amd64"


def render(model: DeviceModel) -> dict[str, str]:
    """Return whole command line → text for every command that the platform asks in bulk."""
    answers = {
        "show version": _version(model),
        "show vrf": _vrfs(model),
        "show interface vrf all json": interfaces(model),
        "show ip route vrf all json": routes(model, 4),
        "show ipv6 route vrf all json": routes(model, 6),
        "show running-config": running_config(model),
        "show pbr map json": live_maps(model),
        "show bgp vrf all summary json": "bgpd is not running\n",
        "show bgp ipv4 vpn json": "bgpd is not running\n",
        "show bgp ipv6 vpn json": "bgpd is not running\n",
        "show vrrp json": groups(model) if model.vrrp else "vrrpd is not running\n",
        **tables(model),
    }
    if model.bgp_peers or model.vpn_routes or any(v.rd for v in model.vpn_instances):
        answers["show bgp vrf all summary json"] = summary(model)
        answers["show bgp ipv4 vpn json"] = vpn_routes(model, 4)
        answers["show bgp ipv6 vpn json"] = vpn_routes(model, 6)
    return answers


def _version(model: DeviceModel) -> str:
    release = model.identity.os_version or RELEASE
    return (
        f"FRRouting {release} ({hostname(model)}) on Linux({model.identity.release or _KERNEL}).\n"
        "Copyright 1996-2005 Kunihiro Ishiguro, et al.\n"
        "configured with:\n"
        "    '--build=x86_64-linux-gnu' '--prefix=/usr' '--sysconfdir=/etc/frr' "
        "'--enable-multipath=256' '--enable-user=frr' '--enable-group=frr' "
        "'--enable-vty-group=frrvty' '--enable-snmp' 'PYTHON=python3'\n"
    )


def _vrfs(model: DeviceModel) -> str:
    return "".join(
        f"vrf {name} id {number + 100} table {number + 1000}\n"
        for number, name in enumerate(vrf_names(model), start=1)
    )
