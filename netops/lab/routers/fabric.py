"""Namespaces and the segments between them, from a planned world.

A segment is one bridge in the laboratory's own root namespace; each end is a veth of which the
node holds one side and the bridge the other. So an end can lose its light without the node doing
anything, as when somebody pulls a cable. Knows no address of a router and no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netops.lab.broken import NOTHING_BROKEN, Broken
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Port, Router
from netops.lab.plan import World

OPS, SERVERS, INTERNET, OUTSIDE = "ops", "servers", "inet", "outside"
"""Nodes that the inventory does not know: where the toolkit runs, the centre, the carriers'
router at the far end of every line, and what stands behind it."""

OWN_NODES = (OPS, SERVERS, INTERNET, OUTSIDE)

OUTSIDE_ROLES = ("carrier", "rogue")
"""Roles of ports whose other end is the internet side."""

_CENTRE = "centre"
_CABLE = 2
_SERVERS_HOST, _OPS_HOST = 4, 5


@dataclass(frozen=True, slots=True)
class End:
    """One end of a segment: an interface of a node."""

    node: str
    port: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A bridge. ``name`` is the link's id where it is registered, else that of its first port."""

    number: int
    name: str
    ends: tuple[End, ...]
    has_light: bool = True

    @property
    def bridge(self) -> str:
        """The bridge's name."""
        return f"b{self.number}"

    def plug(self, place: int) -> str:
        """Return the name of the bridge's side of end ``place``."""
        return f"b{self.number}e{place}"


@dataclass(frozen=True, slots=True)
class Line:
    """The internet side's end of one line: its interface and the router's port."""

    port: str
    router: str
    far: Port


@dataclass(frozen=True, slots=True)
class Fabric:
    """All nodes and segments of a world. ``lines`` are the internet side's interfaces."""

    world: World
    nodes: tuple[str, ...]
    segments: tuple[Segment, ...]
    lines: tuple[Line, ...]

    @property
    def net(self) -> Net:
        """The planned net."""
        return self.world.net

    def router(self, node: str) -> Router | None:
        """Return the registered device of a node, None for the three others."""
        return self.net.routers.get(node)

    def is_dead(self, node: str) -> bool:
        """Whether a planted fault keeps the node from ever starting."""
        return node in self.world.planted.dead


def is_lit(fabric: Fabric, segment: Segment, place: int, broken: Broken = NOTHING_BROKEN) -> bool:
    """Whether an end of a segment has light: a cable with a dead device at one end has none."""
    if not segment.has_light or segment.name in broken.links:
        return False
    ends = segment.ends if len(segment.ends) <= _CABLE else (segment.ends[place],)
    return not any(fabric.is_dead(end.node) or end.node in broken.nodes for end in ends)


def weave(world: World) -> Fabric:
    """Return the nodes and segments of a world."""
    lines: list[Line] = []
    segments = [
        Segment(number, name, ends, has_light)
        for number, (name, ends, has_light) in enumerate(_segments(world, lines))
    ]
    nodes = (*world.net.routers, *OWN_NODES)
    return Fabric(world, nodes, tuple(segments), tuple(lines))


def _segments(world: World, lines: list[Line]) -> Iterator[tuple[str, tuple[End, ...], bool]]:
    net = world.net
    wired: set[End] = set()
    for wire in net.wires.values():
        if wire.b is not None:
            ends = (End(*wire.a), End(*wire.b))
            wired.update(ends)
            yield wire.id, ends, not wire.fault
    centre = [End(OPS, "eth0"), End(SERVERS, "eth0")]
    for router in net.routers.values():
        for port in router.ports.values():
            end = End(router.id, port.name)
            if port.role == "loopback" or end in wired:
                continue
            if port.role == _CENTRE:
                centre.append(end)
            elif port.role in OUTSIDE_ROLES:
                yield _line(net, router, port, lines)
            else:
                yield f"{router.id}:{port.name}", (end,), True
    yield _CENTRE, tuple(centre), True
    yield OUTSIDE, (End(INTERNET, "core"), End(OUTSIDE, "eth0")), True


def _line(
    net: Net, router: Router, port: Port, lines: list[Line]
) -> tuple[str, tuple[End, ...], bool]:
    """Return a line to the internet side; one that is planned down has no light."""
    line = Line(f"line{len(lines)}", router.id, port)
    lines.append(line)
    has_light = port.state is None or port.state[1]
    wire = net.wires.get(port.wire or "")
    name = wire.id if wire is not None else f"{router.id}:{port.name}"
    return name, (End(router.id, port.name), End(INTERNET, line.port)), has_light


def ops_address(net: Net) -> str:
    """Return the operations host's address with its length."""
    return plan.host(plan.centre_net(next(iter(net.seats.values()))), _OPS_HOST)


def servers_address(net: Net) -> str:
    """Return the address of the centre's servers with its length."""
    return plan.host(plan.centre_net(next(iter(net.seats.values()))), _SERVERS_HOST)
