"""Routes between the sites of a VPN instance: from each provider edge to all others in reach.

Knows that sites of one application import each other's routes. No default is among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from netops.addressing import Network
from netops.facts.routes import VpnRoute
from netops.lab.build.net import Router
from netops.lab.build.state import State

_FIRST_LABEL = 1024


@dataclass(frozen=True, slots=True)
class Site:
    """A private subnet at a provider edge."""

    vpn: str
    prefix: Network
    router: str
    loopback: IPv4Address
    rd: str


@dataclass(frozen=True, slots=True)
class VpnCandidate:
    """A route to another site: next hop is the far provider edge."""

    vpn: str
    prefix: Network
    next_hop: str
    interface: str


def sites(state: State) -> dict[str, list[Site]]:
    """Return the sites in reach by instance; found once for a state."""
    if state.sites is None:
        state.sites = {}
        for department in state.net.departments.values():
            for prefix, vpn in department.private:
                owner = department.private_owner
                if owner is None or not state.is_reached(owner[0]):
                    continue
                router = state.net.routers[owner[0]]
                rd = next((v.rd for v in router.vpn_instances if v.name == vpn), None) or ""
                state.sites.setdefault(vpn, []).append(
                    Site(vpn, prefix, router.id, router.loopback, rd)
                )
    return state.sites


def _far_sites(state: State, router: Router) -> Iterator[Site]:
    if not state.is_reached(router.id):
        return
    known = sites(state)
    for instance in router.vpn_instances:
        for site in known.get(instance.name, ()):
            if site.router != router.id:
                yield site


def vpn_candidates(
    state: State, router: Router, sibling: tuple[str, str] | None
) -> Iterator[VpnCandidate]:
    """Yield the routes of a router's private instances to other sites."""
    for site in _far_sites(state, router):
        interface = _towards(state, router, site, sibling)
        if interface:
            yield VpnCandidate(site.vpn, site.prefix, str(site.loopback), interface)


def _towards(state: State, router: Router, site: Site, sibling: tuple[str, str] | None) -> str:
    """Return the interface that leads to a site's provider edge."""
    net = state.net
    far = net.routers[site.router].government
    chain = [far]
    while (above := net.seats[chain[-1]].above) is not None:
        chain.append(above)
    if router.government == far:
        return sibling[1] if sibling else ""
    if router.government in chain:
        child = chain[chain.index(router.government) - 1]
        ways = state.down[(router.id, child)]
        end = 0
    else:
        ways = state.up[router.id]
        end = 1
    if ways.by_sibling:
        return sibling[1] if sibling else ""
    for wire in ways.wires:
        port = (wire.a, wire.b)[end]
        if port is not None:
            return port[1]
    return ""


def vpn_routes(state: State, router: Router) -> list[VpnRoute]:
    """Return the VPNv4 table of a provider edge: its own sites and those it imports."""
    found = []
    known = sites(state)
    for instance in router.vpn_instances:
        for place, site in enumerate(known.get(instance.name, ())):
            found.append(VpnRoute(site.rd, site.prefix, site.loopback, str(_FIRST_LABEL + place)))
    return found
