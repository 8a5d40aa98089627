"""The registered links as a map, and paths through the graph of devices."""

from netops.topology.links import LinkMap, base_interface
from netops.topology.paths import count_disjoint_paths, find_only_ways, find_single_points

__all__ = [
    "LinkMap",
    "base_interface",
    "count_disjoint_paths",
    "find_only_ways",
    "find_single_points",
]
