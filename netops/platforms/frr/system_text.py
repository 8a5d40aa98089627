"""``show version``, ``show vrf`` and ``show bgp … summary`` in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnInstance
from netops.facts.system import Identity
from netops.platforms.answer import Answer, Parsed
from netops.platforms.frr.lines import Scan
from netops.platforms.frr.names import vrf_name
from netops.platforms.jsontext import as_address

_VERSION = re.compile(r"FRRouting (\S+) \((.*?)\)(?: on ([\w/-]+)\((.*)\))?\.?$")
_VERSION_REST = re.compile(r"(Copyright|configured with:|\s+'?-|This is free|\s+'\S+=)")
_VRF = re.compile(r"vrf (\S+) (?:id \d+ (?:table \d+|netns \S+)|inactive)")
_VRF_REST = re.compile(r"netns-based vrfs$")
_SUMMARY = re.compile(r"(IPv4|IPv6|L2VPN) (\S+(?: \S+)?) Summary(?: \(VRF (\S+)\))?:?$")
_LOCAL = re.compile(r"BGP router identifier (\S+), local AS number (\S+)")
_PEER = re.compile(
    r"(\S+) +([34]) +(\d[\d.]*) +\d+ +\d+ +\d+ +\d+ +\d+ +(\S+) +"
    r"(?:(\d+)|([A-Z]\w*(?: \(\w+\))?))(?: +\S+)?(?: +(.*))?$"
)
_SUMMARY_REST = re.compile(
    r"(BGP table version|RIB entries|Peers \d|Peer groups|Neighbor +V|Total number|Dampening|"
    r"Displayed neighbors|Read-only mode|% No BGP neighbors found|BGP (is|route|memory))"
)
_FAMILIES = {
    ("IPv4", "Unicast"): "ipv4",
    ("IPv6", "Unicast"): "ipv6",
    ("IPv4", "VPN"): "vpnv4",
    ("IPv6", "VPN"): "vpnv6",
    ("L2VPN", "EVPN"): "evpn",
}


def parse_version(answer: Answer) -> Parsed:
    """Read the release and the host name; FRR knows neither model nor serial number."""
    scan = Scan(answer)
    for number, text in scan.lines():
        match = _VERSION.match(text)
        if match:
            scan.hit(
                Identity(
                    hostname=match[2],
                    vendor="FRRouting",
                    os_version=match[1],
                    release=match[4],
                    source=answer.at(number),
                )
            )
        elif _VERSION_REST.match(text) and scan.facts:
            scan.hit()
        else:
            scan.miss(number, text)
    return scan.parsed()


def parse_vrf(answer: Answer) -> Parsed:
    """Read the VRFs beside the default one; no line at all means that there is none."""
    scan = Scan(answer)
    for number, text in scan.lines():
        match = _VRF.match(text)
        if match and match[1] != "default":
            scan.hit(VpnInstance(match[1], source=answer.at(number)))
        elif match or _VRF_REST.match(text):
            scan.hit()
        else:
            scan.miss(number, text)
    return scan.parsed() if scan.unread else Parsed(tuple(scan.facts))


@dataclass(slots=True)
class _Summary:
    """Which instance and family the rows below belong to."""

    vpn: str = ""
    family: str = "ipv4"
    local_as: str | None = None
    router_id: str | None = None


def parse_bgp_summary(answer: Answer) -> Parsed:
    """Read the peers of every family and VRF."""
    scan = Scan(answer)
    where = _Summary()
    for number, text in scan.lines():
        if match := _SUMMARY.match(text):
            family = _FAMILIES.get((match[1], match[2]), f"{match[1]} {match[2]}".lower())
            where = _Summary(vrf_name(match[3]), family)
            scan.hit()
        elif match := _LOCAL.match(text):
            where.router_id, where.local_as = match[1], match[2]
            scan.hit()
        elif (match := _PEER.match(text)) and (peer := _peer(answer, number, match, where)):
            scan.hit(peer)
        elif _SUMMARY_REST.match(text):
            scan.hit()
        else:
            scan.miss(number, text)
    return scan.parsed()


def _peer(answer: Answer, number: int, match: re.Match[str], where: _Summary) -> BgpPeer | None:
    address = as_address(match[1])
    if address is None:
        return None
    state = match[6] or "Established"
    is_up = match[5] is not None
    description = match[7]
    return BgpPeer(
        address=address,
        remote_as=match[3],
        state=state.split(" ", 1)[0].lower(),
        vpn=where.vpn,
        local_as=where.local_as,
        router_id=where.router_id,
        received=int(match[5]) if is_up else None,
        uptime=match[4] if is_up else None,
        address_family=where.family,
        enabled="(Admin)" not in state,
        description=None if description in {None, "N/A"} else description,
        source=answer.at(number),
    )
