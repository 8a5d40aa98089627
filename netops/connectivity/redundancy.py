"""Disjoint paths to the core, and devices and links that many townships hang on.

Paths are counted twice: surely (both ends of every link read as up, every device read) and
possibly (nothing known to be down). The truth lies between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netops.connectivity.network import EndState, Network
from netops.divisions import Level
from netops.inventory.model import Government, Link
from netops.topology import count_disjoint_paths, find_single_points


@dataclass(frozen=True, slots=True)
class Joined:
    """Disjoint paths of one government to the core: asked for, sure, possible."""

    asked: int
    sure: int
    possible: int


def count_paths(network: Network) -> Mapping[str, Joined]:
    """Count for every government with a node."""
    groups = {
        node.government: network.routers_of(node.government)
        for node in network.inventory.nodes.values()
    }
    asked = {node.government: node.disjoint_paths for node in network.inventory.nodes.values()}
    most = max(asked.values(), default=1)
    sure = _count(network, groups, most, is_sure)
    possible = _count(network, groups, most, is_possible)
    return {code: Joined(asked[code], sure.get(code, 0), possible.get(code, 0)) for code in groups}


def _count(
    network: Network,
    groups: Mapping[str, tuple[str, ...]],
    most: int,
    holds: Callable[[Network, Link], bool],
) -> Mapping[str, int]:
    edges = [
        (link.a.device, link.b.device)
        for link in network.inside_links
        if link.b is not None and holds(network, link)
    ]
    return count_disjoint_paths(edges, network.core, groups, most)


def is_sure(network: Network, link: Link) -> bool:
    """Whether both ends were read as up."""
    ends = [end for end in (link.a, link.b) if end is not None]
    return all(network.end(end).state is EndState.UP for end in ends)


def is_possible(network: Network, link: Link) -> bool:
    """Whether neither end is known to be down."""
    ends = [end for end in (link.a, link.b) if end is not None]
    return all(network.end(end).state is not EndState.DOWN for end in ends)


def single_points(network: Network) -> list[dict[str, object]]:
    """List devices and links of the registered network that townships hang on, most first."""
    townships = {
        name: government.code
        for government in _townships(network)
        for name in network.routers_of(government.code)
    }
    links = {
        link.id: (link.a.device, link.b.device)
        for link in network.inside_links
        if link.b is not None
    }
    found = find_single_points(links, network.core, townships)
    return [
        {"device_or_link": name, "townships": count}
        for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]


def _townships(network: Network) -> tuple[Government, ...]:
    return network.inventory.registered(Level.TOWNSHIP)
