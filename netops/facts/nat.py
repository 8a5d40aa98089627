"""Address translation: rules, pools and how many sessions live."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from netops.facts.source import NOWHERE, Source


class NatKind(StrEnum):
    """What a translation rule does."""

    OUTBOUND = "outbound"
    SERVER = "server"
    STATIC = "static"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class NatRule:
    """One rule. ``acl`` None: every source. ``pool`` holds address ranges (first, last).

    ``easy_ip``: the outgoing interface's own address. ``interface`` None: not bound to one
    (firewall policies); then ``zone`` may name where it holds. ``active`` None: not told.
    ``translates`` False: a rule that exempts (``no-nat``).
    """

    kind: NatKind
    interface: str | None
    acl: str | None = None
    pool: tuple[tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address], ...] = ()
    easy_ip: bool = False
    inside: IPv4Address | IPv6Address | None = None
    vpn: str = ""
    zone: str | None = None
    active: bool | None = None
    translates: bool = True
    name: str | None = None
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class NatPool:
    """An address group by its index or name."""

    name: str
    ranges: tuple[tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address], ...]
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class NatSessions:
    """How many translations live now."""

    count: int
    source: Source = NOWHERE
