"""Says of every government whether it is connected, from both sides (design: unknown is never met).

``met`` needs an answer by SSH in band and routes both ways; ``not_met`` needs silence of the
government *and* evidence from others; everything else is unknown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netops.connectivity.network import EndReading, EndState, Network, far_end
from netops.connectivity.walks import Walk, walk
from netops.facts.device import Contact
from netops.facts.source import Source
from netops.findings import Verdict
from netops.inventory.model import Link, LinkEnd


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict on one government.

    ``cause`` names the government at the root of a cut, or how the contact ended.
    ``trusted`` lists devices on the way that gave no tables; ``seen`` the (device, lines)
    that show a cut.
    """

    government: str
    verdict: Verdict
    cause: str | None = None
    trusted: frozenset[str] = frozenset()
    seen: tuple[tuple[str, Source], ...] = ()
    silent: tuple[str, ...] = ()


def stand(network: Network) -> Mapping[str, Standing]:
    """Judge every government of the inventory that has a node."""
    cut = _cut_off(network)
    found: dict[str, Standing] = {}
    for government in network.inventory.governments:
        if government not in _with_nodes(network):
            continue
        found[government] = cut.get(government) or _from_answers(network, government)
    return found


def _with_nodes(network: Network) -> frozenset[str]:
    return frozenset(node.government for node in network.inventory.nodes.values())


# -- answers ---------------------------------------------------------------------------------


def _from_answers(network: Network, government: str) -> Standing:
    routers = network.routers_of(government)
    answering = [name for name in routers if _answered(network, name)]
    silent = tuple(name for name in routers if name not in answering)
    grounds = [name for name in answering if network.has_tables(name)]
    best: Walk | None = None
    for device in grounds:
        way = _both_ways(network, device)
        if way.arrived and (best is None or len(way.trusted) < len(best.trusted)):
            best = way
    if best is not None:
        return Standing(government, Verdict.MET, trusted=best.trusted, silent=silent)
    return Standing(government, Verdict.UNKNOWN, _why(network, routers, grounds), silent=silent)


def _answered(network: Network, device: str) -> bool:
    known = network.facts.get(device)
    return known is not None and known.has_answered


def _both_ways(network: Network, device: str) -> Walk:
    """Follow routes from ``device`` to the core and from the core back to it."""
    if device in network.core:
        return Walk(arrived=True)
    devices = network.inventory.devices
    there = [
        walk(network, device, int(devices[core].address), lambda name: name in network.core)
        for core in sorted(network.core)
    ]
    target = int(devices[device].address)
    back = [
        walk(network, core, target, lambda name: name == device) for core in sorted(network.core)
    ]
    forth = min((w for w in there if w.arrived), key=_doubt, default=None)
    home = min((w for w in back if w.arrived), key=_doubt, default=None)
    if forth is None or home is None:
        return Walk(arrived=False)
    return Walk(arrived=True, trusted=forth.trusted | home.trusted)


def _doubt(way: Walk) -> int:
    return len(way.trusted)


def _why(network: Network, routers: tuple[str, ...], grounds: list[str]) -> str:
    if not routers:
        return "no_device"
    if grounds:
        return "no_route"
    contacts = [network.facts[name].contact for name in routers if name in network.facts]
    if Contact.ANSWERED in contacts:
        return "tables_missing"
    for contact in contacts:
        if contact is not Contact.UNREACHABLE:
            return contact.value
    return "unreachable_unexplained"


# -- cuts ------------------------------------------------------------------------------------


def _cut_off(network: Network) -> dict[str, Standing]:
    """Return the governments that are provably cut off.

    The greatest set of silent governments whose every link either is seen down from a device
    outside the set or leads to another member: whatever has one link left that might carry is
    taken out, until nothing changes.
    """
    ways = _ways(network)
    members = {
        code
        for code in _with_nodes(network)
        if code != network.inventory.province and ways.get(code) and _is_silent(network, code)
    }
    while True:
        open_ones = {
            code
            for code in members
            if any(_open_towards(network, link, code, members) for link in ways[code])
        }
        if not open_ones:
            break
        members -= open_ones
    return _explain(network, ways, members)


def _is_silent(network: Network, government: str) -> bool:
    """Whether nothing at all answered at any device of a government."""
    routers = network.routers_of(government)
    return (
        bool(routers)
        and all(
            network.facts[name].contact is Contact.UNREACHABLE
            for name in routers
            if name in network.facts
        )
        and all(name in network.facts for name in routers)
    )


def _ways(network: Network) -> dict[str, tuple[Link, ...]]:
    """Links of each government to other governments."""
    found: dict[str, list[Link]] = {}
    for link in network.inside_links:
        far = link.b.device if link.b is not None else ""
        ends = (network.government_of(link.a.device), network.government_of(far))
        if ends[0] != ends[1]:
            for code in ends:
                found.setdefault(code, []).append(link)
    return {code: tuple(links) for code, links in found.items()}


def _far_government(network: Network, link: Link, government: str) -> str:
    a = network.government_of(link.a.device)
    b = network.government_of(link.b.device) if link.b is not None else ""
    return b if a == government else a


def _outer_end(network: Network, link: Link, government: str) -> EndReading:
    """What the other side of a link says of it."""
    near = link.a if network.government_of(link.a.device) == government else link.b
    far = far_end(link, near.device if near is not None else "")
    return network.end(far) if far is not None else EndReading(EndState.UNKNOWN)


def _open_towards(network: Network, link: Link, code: str, members: set[str]) -> bool:
    if _far_government(network, link, code) in members:
        return False
    return _outer_end(network, link, code).state is not EndState.DOWN


def _explain(
    network: Network, ways: Mapping[str, tuple[Link, ...]], members: set[str]
) -> dict[str, Standing]:
    """Give each connected cut one root: its highest government with links seen down."""
    found: dict[str, Standing] = {}
    left = set(members)
    while left:
        part = _component(network, ways, left)
        left -= part
        root = min(part, key=lambda code: (network.inventory.governments[code].level.depth, code))
        seen = tuple(
            (far.device, reading.source)
            for code in sorted(part)
            for link in ways[code]
            for far, reading in _seen_from_outside(network, link, code, part)
            if reading.source is not None
        )
        for code in part:
            own = seen if code == root else ()
            found[code] = Standing(
                code,
                Verdict.NOT_MET,
                f"node_down:{root}",
                seen=own,
                silent=network.routers_of(code),
            )
    return found


def _component(network: Network, ways: Mapping[str, tuple[Link, ...]], left: set[str]) -> set[str]:
    start = min(left, key=lambda code: (network.inventory.governments[code].level.depth, code))
    part = {start}
    queue = deque([start])
    while queue:
        code = queue.popleft()
        for link in ways[code]:
            other = _far_government(network, link, code)
            if other in left and other not in part:
                part.add(other)
                queue.append(other)
    return part


def _seen_from_outside(
    network: Network, link: Link, code: str, part: set[str]
) -> Iterator[tuple[LinkEnd, EndReading]]:
    if _far_government(network, link, code) in part:
        return
    near = link.a if network.government_of(link.a.device) == code else link.b
    far = far_end(link, near.device if near is not None else "")
    if far is not None:
        yield far, network.end(far)
