"""The words of the walk: vertices, steps, ends, mechanisms.

Knows only shapes. Refuses to know how a step is found or what an end is worth.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

V4 = 4
V6 = 6
FAMILIES = (V4, V6)
BITS = {V4: 32, V6: 128}

Prefix = tuple[int, int]
"""A prefix as network integer and length; the family stands beside it."""

Range = tuple[int, int]
"""First and last address, both inclusive."""


class Mechanism(StrEnum):
    """How an exit point works, in the order in which the first that applies names it."""

    DUAL_HOMED_HOST = "dual_homed_host"
    POLICY_ROUTE = "policy_route"
    VPN_LEAK = "vpn_leak"
    SPLIT_DEFAULT = "split_default"
    SPECIFIC_ROUTE = "specific_route"
    PPPOE_DIALER = "pppoe_dialer"
    CELLULAR = "cellular"
    TUNNEL = "tunnel"
    ISP_BGP = "isp_bgp"
    IPV6_DEFAULT = "ipv6_default"
    FLOATING_STATIC = "floating_static"
    STATIC_DEFAULT = "static_default"
    PUBLIC_INTERFACE = "public_interface"


class EndKind(StrEnum):
    """What a walk ends in."""

    EXIT = "exit"
    LEAK = "leak"
    """Passed on the way to an exit: a private instance continued in another one."""
    DROPPED = "dropped"
    UNKNOWN = "unknown"


class End(NamedTuple):
    """One end of a walk; ``place`` is a line, an instance, or a cause."""

    kind: EndKind
    device: str
    place: str


LEAK_LINE = "vpn-instance "
"""The line of a leak: the private instance that lets itself out."""

NO_ROUTE = End(EndKind.DROPPED, "", "no_route")
BLACKHOLE = End(EndKind.DROPPED, "", "blackhole")
LOOP = End(EndKind.DROPPED, "", "loop")

ORIGINAL = 0
"""The source of a vertex while no translation that matters has changed it."""
ANY_SOURCE = -1
"""The source after a translation whose pool is not known."""

SELF = "(self)"
"""The entering interface of packets that a host makes itself."""


class Vertex(NamedTuple):
    """A place where a packet is forwarded; ``entering`` only where a policy looks at it."""

    device: str
    vpn: str
    entering: str = ""
    source: int = ORIGINAL


class Step(NamedTuple):
    """One way on from a vertex: to another vertex or to an end.

    ``latent`` marks what is configured but not used now. ``leak`` names the instance that is
    left for another one. ``either`` is not zero for steps of which only one is taken, and
    nobody can tell which.
    """

    to: Vertex | None
    end: End | None
    out: str = ""
    latent: bool = False
    leak: str | None = None
    either: int = 0


def range_of(prefix: Prefix, family: int) -> Range:
    """Return first and last address of a prefix."""
    network, length = prefix
    return network, network | ((1 << (BITS[family] - length)) - 1)


class PointKey(NamedTuple):
    """An exit point: a line of a device, one family."""

    device: str
    line: str
    family: int
