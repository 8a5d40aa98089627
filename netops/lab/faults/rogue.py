"""One undeclared line on a router: its port, its addresses, its translation.

Knows how a line is wired and configured. Refuses to know which mechanism uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from netops.addressing import Network
from netops.facts.nat import NatKind, NatRule
from netops.facts.routes import StaticRoute
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Port, Router
from netops.lab.build.outside import TRANSLATING, permit_sources

_V4 = 4


@dataclass(frozen=True, slots=True)
class RogueLine:
    """A line to come on ``router``; ``number`` keeps its addresses apart from all others."""

    net: Net
    router: Router
    number: int
    family: int

    @property
    def network(self) -> IPv4Network:
        """The IPv4 net of the line."""
        return plan.rogue_net(self.number)

    def open(self, router: Router | None = None) -> Port:
        """Give a router the line's port with its outside address."""
        port = (router or self.router).new_port("rogue", "uplink-test")
        if self.family == _V4:
            port.give(plan.host(self.network, 2))
            port.far = self.network.network_address + 1
        else:
            network = plan.rogue_net6(self.number)
            port.give(plan.host(network, 2))
            port.far = network.network_address + 1
        return port

    def route(self, prefix: Network, port: Port) -> None:
        """Route a prefix through the line."""
        self.router.statics.append(
            StaticRoute(
                "", prefix, port.far, port.name, preference=self.router.preference("static")
            )
        )

    def translate(self, port: Port) -> None:
        """Translate everything of the government that leaves by the line (IPv4 only)."""
        if self.family != _V4 or self.router.platform not in TRANSLATING:
            return
        block = self.net.seats[self.router.government].block
        self.router.nat_rules.append(
            NatRule(
                NatKind.OUTBOUND,
                port.name,
                acl=permit_sources(self.router, (block,)),
                easy_ip=True,
                active=True,
            )
        )
