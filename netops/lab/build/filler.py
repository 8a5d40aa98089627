"""Filler routes: how many a specification asks for, inside the plan, changing no way.

A filler lies in the half of the national block that is routed as one and so goes where its
aggregate goes.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Router, Seat

_FEW = 4_000


def filler_prefixes(net: Net, seat: Seat, router: Router) -> list[IPv4Network]:
    """Return the filler prefixes of a router, always the same for a seed."""
    count = net.spec.routes_per_device
    if not count:
        return []
    length = 24 if count <= _FEW else 28
    step = 1 << (32 - length)
    room = plan.NATIONAL_LOW.num_addresses // step
    base = int(plan.NATIONAL_LOW.network_address)
    chosen = net.dice("filler", seat.code, str(router.number)).sample(range(room), count)
    return [IPv4Network((base + place * step, length)) for place in sorted(chosen)]
