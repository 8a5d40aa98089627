"""What the readers of the configuration share: facts so far, and names to be resolved later.

Statements refer to lists, pools and behaviours that may stand further down, so resolution
comes after the whole text was read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from netops.facts.access import Tunnel
from netops.facts.answers import UnreadLine
from netops.facts.interfaces import Interface, InterfaceAddress
from netops.facts.nat import NatRule
from netops.facts.policy_routes import Acl, AclRule
from netops.facts.source import NOWHERE, Source
from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp.config_tree import Node


@dataclass(slots=True)
class Redirect:
    """What a behaviour or node does to a packet."""

    next_hops: tuple[IPv4Address | IPv6Address, ...] = ()
    out_interface: str | None = None
    vpn: str | None = None
    default_only: bool = False
    source: Source = NOWHERE


@dataclass(slots=True)
class Applied:
    """Where a policy is applied inbound; ``everywhere`` on the whole device.

    ``views`` are the kinds of configuration view that apply it: interface, vlan, global.
    """

    interfaces: list[str] = field(default_factory=list)
    everywhere: bool = False
    local: bool = False
    views: set[str] = field(default_factory=set)

    def add(self, interfaces: list[str], view: str) -> None:
        """Note a place: some interfaces, or with none of them the whole device."""
        self.interfaces.extend(interfaces)
        self.everywhere = self.everywhere or not interfaces
        self.views.add(view if interfaces else "global")


@dataclass(slots=True)
class Draft:
    """Facts so far, and what to resolve at the end."""

    answer: Answer
    facts: list[Any] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    interfaces: dict[str, Interface] = field(default_factory=dict)
    unnumbered: dict[str, str] = field(default_factory=dict)
    bound: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    acls: dict[tuple[str, int], Acl] = field(default_factory=dict)
    classifiers: dict[str, tuple[list[tuple[str, int]], bool]] = field(default_factory=dict)
    behaviours: dict[str, Redirect] = field(default_factory=dict)
    pbr_nodes: list[tuple[str, int, bool, Redirect, tuple[str | None, ...], int]] = field(
        default_factory=list
    )
    zones: dict[str, list[str]] = field(default_factory=dict)
    policies: dict[str, list[tuple[int, str, str, Source]]] = field(default_factory=dict)
    applied: dict[str, Applied] = field(default_factory=lambda: defaultdict(Applied))
    pools: dict[str, list[tuple[IPv4Address, IPv4Address]]] = field(default_factory=dict)
    nat_rules: list[tuple[NatRule, str | None]] = field(default_factory=list)
    static_nat: list[str] = field(default_factory=list)
    nat_bound: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    address_sets: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    bundles: dict[str, str] = field(default_factory=dict)
    tunnels: list[tuple[Tunnel, str]] = field(default_factory=list)
    pppoe: list[tuple[str, str, Source]] = field(default_factory=list)
    preferences: dict[int, int] = field(default_factory=dict)
    preferred: set[int] = field(default_factory=set)
    snmp: dict[str, Any] = field(default_factory=dict)

    def at(self, node: Node) -> Source:
        """Name the lines of a statement."""
        return self.answer.at(node.line, max(node.line, node.last))

    def skip(self, node: Node) -> None:
        """Note a statement that audits need and that was not understood."""
        self.unread.append(UnreadLine(node.text[:200], self.answer.at(node.line)))

    def add_acl(self, name: str, family: int, rules: list[AclRule], source: Source) -> str:
        """Keep a list under its name; rules of a second block are added to the first's."""
        known = self.acls.get((name, family))
        before = known.rules if known else ()
        place = known.source if known else source
        self.acls[name, family] = Acl(name, family, (*before, *rules), place)
        return name

    def opaque_acl(self, name: str, family: int, source: Source) -> str:
        """Make a list for a match that cannot be reduced to prefixes."""
        rule = AclRule(permit=True, opaque=True, at=source)
        if (name, family) not in self.acls:
            self.acls[name, family] = Acl(name, family, (rule,), source)
        return name

    def address_of(self, interface: str) -> InterfaceAddress | None:
        """Return the first configured address of an interface."""
        known = self.interfaces.get(interface)
        return known.addresses[0] if known and known.addresses else None
