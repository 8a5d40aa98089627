"""Access lists and policy routing: what may override the routing table."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.facts.source import NOWHERE, Source

UNSEEN_RULE = "unseen rule"
"""``PolicyRoute.form`` of a rule that must exist for a table to matter, and that nothing shows."""


@dataclass(frozen=True, slots=True)
class AclRule:
    """One rule, in the order of the device. ``source`` and ``destination`` None mean any.

    ``opaque`` marks a rule whose match we cannot reduce to prefixes (a wildcard with holes, a
    time range, an address set that was not collected): whoever asks must count it as
    "may match".
    """

    permit: bool
    source: IPv4Network | IPv6Network | None = None
    destination: IPv4Network | IPv6Network | None = None
    protocol: str | None = None
    number: int | None = None
    opaque: bool = False
    at: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Acl:
    """An access list by its name or number as text."""

    name: str
    family: int = 4
    rules: tuple[AclRule, ...] = ()
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class PolicyRoute:
    """One node of a policy route or one redirecting behaviour, with where it is applied.

    ``acl`` None: matches every packet. ``sources`` holds prefixes that the policy names itself
    (Linux ``ip rule from``), beside an access list. ``default_only``: used only where the
    table has no specific route (``apply default-next-hop``). ``table`` is a Linux routing
    table to look up, ``vpn`` an instance to continue in. ``interfaces`` are those it is
    applied to inbound; ``local`` marks a policy for the device's own packets only. ``form`` is
    the platform's own word for how it is applied, where the platform has several: what undoes
    it differs. None: the usual one, or not told.
    """

    name: str
    node: int
    permit: bool = True
    acl: str | None = None
    sources: tuple[IPv4Network | IPv6Network, ...] | None = None
    next_hops: tuple[IPv4Address | IPv6Address, ...] = ()
    out_interface: str | None = None
    vpn: str | None = None
    table: str | None = None
    default_only: bool = False
    interfaces: tuple[str, ...] = ()
    local: bool = False
    form: str | None = None
    family: int = 4
    source: Source = NOWHERE
