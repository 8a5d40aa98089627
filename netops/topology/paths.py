"""The graph of devices and links: disjoint paths, bridges, articulation points.

Knows names and edges only; what a device or a link is, and what counts as up, is its caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import rustworkx as rx

_CORE = "\x00core"
_GROUP = "\x00group:"


def count_disjoint_paths(
    edges: Iterable[tuple[str, str]],
    core: Iterable[str],
    groups: Mapping[str, Iterable[str]],
    most: int,
) -> dict[str, int]:
    """Count paths from each group of devices to the core that share no device on the way.

    Counts up to ``most``. A group that holds a core device has ``most``. One dominator tree
    settles "at least two" for all groups at once; more is asked group by group.
    """
    inner = frozenset(core)
    graph = _Graph()
    around: dict[str, set[str]] = {}
    for a, b in edges:
        graph.join(a, b)
        graph.join(b, a)
        around.setdefault(a, set()).add(b)
        around.setdefault(b, set()).add(a)
    for name in sorted(inner):
        graph.join(_CORE, name)
    for group, devices in groups.items():
        # The group's own devices are the end of a path and may be shared: paths end at its
        # neighbours. A way through an own device to a neighbour is longer than one that ends.
        own = set(devices)
        for name in sorted(set().union(*(around.get(d, set()) for d in own)) - own):
            graph.join(name, _GROUP + group)
    root = graph.vertex(_CORE)
    above = rx.immediate_dominators(graph.made, root)
    return {
        group: most
        if inner.intersection(devices)
        else _count(graph.made, above, (root, graph.vertex(_GROUP + group)), most)
        for group, devices in groups.items()
    }


class _Graph:
    """A directed graph with named vertices."""

    def __init__(self) -> None:
        self.made: rx.PyDiGraph[str, None] = rx.PyDiGraph(multigraph=False)
        self._index: dict[str, int] = {}

    def vertex(self, name: str) -> int:
        if name not in self._index:
            self._index[name] = self.made.add_node(name)
        return self._index[name]

    def join(self, a: str, b: str) -> None:
        self.made.add_edge(self.vertex(a), self.vertex(b), None)


def _count(
    graph: rx.PyDiGraph[str, None], above: Mapping[int, int], ends: tuple[int, int], most: int
) -> int:
    root, sink = ends
    if sink not in above:
        return 0
    if above[sink] != root:
        return 1
    return _max_flow(graph, root, sink, most) if most > 2 else 2  # noqa: PLR2004 - two are known


def _max_flow(graph: rx.PyDiGraph[str, None], root: int, sink: int, most: int) -> int:
    """Count paths that share no vertex, by augmenting on the graph with vertices split."""
    flow: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    count = 0
    while count < most and _augment(graph, (root, 1), (sink, 0), flow):
        count += 1
    return count


def _augment(
    graph: rx.PyDiGraph[str, None],
    start: tuple[int, int],
    goal: tuple[int, int],
    flow: set[tuple[tuple[int, int], tuple[int, int]]],
) -> bool:
    came: dict[tuple[int, int], tuple[int, int]] = {start: start}
    queue = [start]
    while queue and goal not in came:
        here = queue.pop()
        for there in _residual(graph, here, flow):
            if there not in came:
                came[there] = here
                queue.append(there)
    if goal not in came:
        return False
    here = goal
    while here != start:
        before = came[here]
        if (here, before) in flow:
            flow.discard((here, before))
        else:
            flow.add((before, here))
        here = before
    return True


def _residual(
    graph: rx.PyDiGraph[str, None],
    here: tuple[int, int],
    flow: set[tuple[tuple[int, int], tuple[int, int]]],
) -> list[tuple[int, int]]:
    vertex, side = here
    if side == 0:
        ahead = [(vertex, 1)]
        back = [(p, 1) for p in graph.predecessor_indices(vertex)]
    else:
        ahead = [(s, 0) for s in graph.successor_indices(vertex)]
        back = [(vertex, 0)]
    return [n for n in ahead if (here, n) not in flow] + [n for n in back if (n, here) in flow]


def find_single_points(
    links: Mapping[str, tuple[str, str]], core: Iterable[str], weights: Mapping[str, str]
) -> dict[str, int]:
    """Count, for every device and link that is the only way to the core, whom it would cut off.

    ``weights`` maps a device to the group it stands for; a group is cut off when all its
    devices are. Devices of the group itself do not count as its single point. Parallel links
    between the same devices are no single point.
    """
    above = find_only_ways(links, core)
    cut: dict[str, set[str]] = {}
    for device, group in weights.items():
        for name in above.get(device, ()):
            if weights.get(name) != group:
                cut.setdefault(name, set()).add(group)
    return {name: len(groups) for name, groups in cut.items()}


def find_only_ways(
    links: Mapping[str, tuple[str, str]], core: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return for every device the devices and links that all its ways to the core cross.

    A device without a way to the core is not in the answer.
    """
    graph = _Graph()
    for name, (a, b) in links.items():
        for end in (a, b):
            graph.join(name, end)
            graph.join(end, name)
    for name in sorted(set(core)):
        graph.join(_CORE, name)
    root = graph.vertex(_CORE)
    tree = rx.immediate_dominators(graph.made, root)
    chains: dict[int, tuple[str, ...]] = {root: ()}
    for start in tree:
        path = []
        here = start
        while here not in chains:
            path.append(here)
            here = tree[here]
        for step in reversed(path):
            before = tree[step]
            own = () if before == root else (graph.made[before],)
            chains[step] = chains[before] + own
    return {graph.made[node]: chain for node, chain in chains.items() if node != root}
