"""BGP peers, of the public instance and of the VPN instances."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netops.facts.neighbours import BgpPeer
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.scan import Scan, to_address

_ROUTER = re.compile(r"\s*BGP local router ID\s*:\s*(\S+)", re.IGNORECASE)
_LOCAL_AS = re.compile(r"\s*local AS number\s*:\s*(\S+)", re.IGNORECASE)
_INSTANCE = re.compile(
    r"\s*VPN-Instance\s+([^\s,]+)\s*,\s*Router ID\s*:?\s*([^\s:]+)", re.IGNORECASE
)
_KNOWN = re.compile(
    r"\s*(?:Status codes|Total number of|Peers in established|Peer\s+V\s+AS\b|Peer of IPv[46]"
    r"|Info: No peer|BGP instance)",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"\*?\s*(?P<peer>[0-9A-Fa-f.:]{3,45})(?:%\S+)?\s+4\s+(?P<asn>\d[\d.]{0,15})"
    r"\s+\d+\s+\d+\s+\d+\s+(?P<up>[\w:*]+)"
    r"\s+(?P<state>[A-Za-z][\w()]*(?: neg)?)\s+(?P<received>\d{1,10})"
)


@dataclass(slots=True)
class _Context:
    """What the lines above a row said."""

    family: str
    vpn: str = ""
    local_as: str | None = None
    router: str | None = None

    def take(self, line: str) -> bool:
        instance, local, router = (p.match(line) for p in (_INSTANCE, _LOCAL_AS, _ROUTER))
        if instance:
            self.vpn, self.router = instance[1], instance[2]
            self.family = self.family.replace("vpnv", "ipv")
        elif local:
            self.local_as = local[1]
        elif router:
            self.router = router[1]
        else:
            return _KNOWN.match(line) is not None
        return True

    def peer(self, line: str, answer: Answer, number: int) -> BgpPeer | None:
        row = _ROW.fullmatch(line.lstrip())
        address = to_address(row["peer"]) if row else None
        if row is None or address is None:
            return None
        return BgpPeer(
            address=address,
            remote_as=row["asn"],
            state=row["state"].lower(),
            vpn=self.vpn,
            local_as=self.local_as,
            router_id=self.router,
            received=int(row["received"]),
            uptime=row["up"],
            address_family=self.family,
            source=answer.at(number),
        )


def parse_bgp_peers(answer: Answer) -> Parsed:
    """Read ``display bgp [vpnv4 all | ipv6 …] peer``."""
    words = answer.command.split()
    family = next((word for word in ("vpnv4", "vpnv6", "ipv6", "evpn") if word in words), "ipv4")
    context = _Context(family)
    scan = Scan(answer)
    for number, line in scan.lines():
        peer = context.peer(line, answer, number)
        if peer is not None:
            scan.facts.append(peer)
        elif not context.take(line):
            scan.skip(number, line)
    return scan.done()
