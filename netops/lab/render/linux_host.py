"""What a Linux host's shell prints for a device model.

Written from recordings of iproute2 6.1, nftables 1.0.6, lldpd 1.0.16 and chrony 4.3 on Debian 12.
Knows the commands that an audit asks. Refuses to know how an audit reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from netops.facts.neighbours import LldpNeighbour, Neighbour
from netops.lab.model import DeviceModel
from netops.lab.render.linux_links import addresses
from netops.lab.render.linux_nft import ruleset
from netops.lab.render.linux_routes import all_tables, rules, vrf_names, vrf_table
from netops.lab.render.linux_text import colons, compact

_KERNEL = "6.1.0-18-amd64"
_OS_RELEASE = """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
"""
_NO_CHRONY = "506 Cannot talk to daemon\n"
_TRACKING = """\
Reference ID    : {number} ({reference})
Stratum         : {stratum}
Ref time (UTC)  : Sat Jan 10 02:00:00 2026
System time     : 0.000003382 seconds fast of NTP time
Last offset     : -0.000000362 seconds
RMS offset      : 0.000005912 seconds
Frequency       : 0.026 ppm slow
Residual freq   : -0.001 ppm
Skew            : 0.924 ppm
Root delay      : 0.000011076 seconds
Root dispersion : 0.000009502 seconds
Update interval : 64.0 seconds
Leap status     : {leap}
"""


def render(model: DeviceModel) -> dict[str, str]:
    """Return whole command line → text for every command that the platform asks in bulk."""
    name = model.identity.hostname or model.id
    kernel = model.identity.release or _KERNEL
    uptime = model.identity.uptime_s or 86400
    answers = {
        "hostname": f"{name}\n",
        "cat /etc/os-release": _os_release(model),
        "uname -a": f"Linux {name} {kernel} #1 SMP PREEMPT_DYNAMIC Debian x86_64 GNU/Linux\n",
        "cat /proc/uptime": f"{uptime}.53 {uptime * 2}.07\n",
        "ip -j -d address show": addresses(model),
        "ip -4 -j route show table all": all_tables(model, 4),
        "ip -6 -j route show table all": all_tables(model, 6),
        "ip -j rule show": rules(model, 4),
        "ip -6 -j rule show": rules(model, 6),
        "nft -j list ruleset": ruleset(model),
        "ip -j neigh show": compact(_neighbour(n) for n in model.neighbours),
        "cat /proc/sys/net/netfilter/nf_conntrack_count": f"{model.nat_sessions}\n",
        "lldpcli show neighbors -f json": _lldp(model.lldp),
        "chronyc -n tracking": _tracking(model),
        "wg show all endpoints": _endpoints(model),
    }
    for vrf in vrf_names(model):
        answers[f"ip -4 -j route show vrf {vrf}"] = vrf_table(model, vrf, 4)
        answers[f"ip -6 -j route show vrf {vrf}"] = vrf_table(model, vrf, 6)
    return answers


def _os_release(model: DeviceModel) -> str:
    identity = model.identity
    text = _OS_RELEASE
    if identity.os_version:
        text = text.replace("Debian GNU/Linux 12 (bookworm)", identity.os_version)
    return text.replace(
        '\nNAME="Debian GNU/Linux"', f'\nNAME="{identity.vendor or "Debian GNU/Linux"}"'
    )


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    value: dict[str, Any] = {"dst": str(neighbour.address), "dev": neighbour.interface}
    if neighbour.mac:
        value["lladdr"] = colons(neighbour.mac)
    if neighbour.router:
        value["router"] = None
    return value | {"state": ["REACHABLE" if neighbour.mac else "INCOMPLETE"]}


def _lldp(neighbours: Iterable[LldpNeighbour]) -> str:
    listed = [{n.interface: _lldp_neighbour(n)} for n in neighbours]
    body: Any = {"interface": listed[0] if len(listed) == 1 else listed} if listed else {}
    return json.dumps({"lldp": body}, indent=2, ensure_ascii=False) + "\n\n"


def _lldp_neighbour(neighbour: LldpNeighbour) -> dict[str, Any]:
    chassis: dict[str, Any] = {"id": {"type": "mac", "value": colons(neighbour.chassis or "")}}
    if neighbour.chassis is None:
        chassis = {"id": {"type": "local", "value": ""}}
    if neighbour.system_description:
        chassis["descr"] = neighbour.system_description
    chassis["capability"] = [{"type": "Router", "enabled": True}]
    port: dict[str, Any] = {"id": {"type": "ifname", "value": neighbour.port}}
    if neighbour.port_description:
        port["descr"] = neighbour.port_description
    return {
        "via": "LLDP",
        "rid": "1",
        "age": "0 day, 00:01:18",
        "chassis": {neighbour.system: chassis} if neighbour.system else chassis,
        "port": port | {"ttl": "120"},
    }


def _tracking(model: DeviceModel) -> str:
    status = model.ntp
    if status is None:
        return _NO_CHRONY
    reference = status.reference or ""
    numbers = reference.split(".")
    is_v4 = len(numbers) == 4 and all(part.isdecimal() for part in numbers)  # noqa: PLR2004 - quad
    number = "".join(f"{int(part):02X}" for part in numbers) if is_v4 else "A1B2C3D4"
    return _TRACKING.format(
        number=number if reference else "00000000",
        reference=reference,
        stratum=status.stratum or 0,
        leap="Normal" if status.synchronized else "Not synchronised",
    )


def _endpoints(model: DeviceModel) -> str:
    found = [t for t in model.tunnels if t.mode == "wireguard"]
    if not found:
        return ""
    lines = []
    for tunnel in found:
        host = str(tunnel.peer) if tunnel.peer else ""
        end = f"[{host}]:51820" if ":" in host else f"{host}:51820"
        lines.append(f"{tunnel.name}\t{'A' * 43}=\t{end if host else '(none)'}\n")
    return "".join(lines)
