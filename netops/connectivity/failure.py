"""Which single device or link keeps whom from the core, or from every exit allowed to them.

Exact on the graph of registered links of which no end is known to be down: a dominator from the
core (or from the exits) is on every way. Where routes would not follow the graph, this cannot see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from netops.connectivity.network import Network
from netops.connectivity.redundancy import is_possible
from netops.findings import Finding, Severity, Subject, Text, Verdict
from netops.inventory.model import GovernmentStatus
from netops.policy.model import Policy
from netops.topology import find_only_ways

RULE = "connectivity.single_point"


@dataclass(slots=True)
class Point:
    """A device or link, and the governments that its failure cuts."""

    name: str
    is_link: bool
    from_core: list[str] = field(default_factory=list)
    from_exit: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Failures:
    """What one failure can do. ``without_*``: who has no way even while all works."""

    points: tuple[Point, ...]
    without_core: tuple[str, ...]
    without_exit: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the information of the audit."""
        return {
            "failures": 1,
            "points": [
                {
                    "device_or_link": point.name,
                    "kind": "link" if point.is_link else "device",
                    "from_core": point.from_core,
                    "from_exit": point.from_exit,
                }
                for point in self.points
            ],
            "without_core": list(self.without_core),
            "without_exit": list(self.without_exit),
        }


def find_failures(network: Network, policy: Policy) -> Failures:
    """Find every single point of every government that has devices."""
    links = {
        link.id: (link.a.device, link.b.device)
        for link in network.inside_links
        if link.b is not None and is_possible(network, link)
    }
    points: dict[str, Point] = {}

    def at(name: str) -> Point:
        return points.setdefault(name, Point(name, name in links))

    codes = [code for code in network.inventory.governments if network.routers_of(code)]
    core = _cuts(network, codes, links, network.core)
    for code, names in core.items():
        for name in names or ():
            at(name).from_core.append(code)
    without_exit = []
    for roots, members in _by_exits(network, codes, policy).items():
        for code, names in _cuts(network, members, links, roots).items():
            if names is None:
                without_exit.append(code)
            for name in names or ():
                at(name).from_exit.append(code)
    ordered = sorted(points.values(), key=lambda p: (-len(p.from_core), -len(p.from_exit), p.name))
    missing = tuple(code for code, names in core.items() if names is None)
    return Failures(tuple(ordered), missing, tuple(sorted(without_exit)))


def _cuts(
    network: Network,
    codes: Iterable[str],
    links: Mapping[str, tuple[str, str]],
    roots: frozenset[str],
) -> dict[str, tuple[str, ...] | None]:
    """Return for each government what all ways to all its routers cross; None: there is no way."""
    above = find_only_ways(links, roots)
    found: dict[str, tuple[str, ...] | None] = {}
    for code in codes:
        routers = network.routers_of(code)
        chains = [above[name] for name in routers if name in above]
        if not chains:
            found[code] = None
            continue
        shared = set(chains[0]).intersection(*chains[1:]) - set(routers)
        found[code] = tuple(sorted(shared))
    return found


def _by_exits(
    network: Network, codes: Iterable[str], policy: Policy
) -> dict[frozenset[str], list[str]]:
    """Group governments by the devices of the exits that they may use."""
    inventory = network.inventory
    devices: dict[str, set[str]] = {}
    for made in inventory.exits.values():
        if made.department is None:
            devices.setdefault(made.government, set()).update(line.device for line in made.lines)
    found: dict[frozenset[str], list[str]] = {}
    for code in codes:
        if inventory.governments[code].status is not GovernmentStatus.GOVERNMENT:
            continue
        above = () if policy.allowed_exits == "own" else inventory.superiors(code)
        roots = frozenset(d for owner in (code, *above) for d in devices.get(owner, ()))
        found.setdefault(roots, []).append(code)
    return found


def failure_findings(network: Network, failures: Failures) -> Iterator[Finding]:
    """Yield one finding a point for governments of which the inventory asks a second path."""
    asked = {
        node.government for node in network.inventory.nodes.values() if node.disjoint_paths > 1
    }
    for point in failures.points:
        core = [code for code in point.from_core if code in asked]
        out = [code for code in point.from_exit if code in asked]
        hit = tuple(sorted({*core, *out}))
        if not hit:
            continue
        both = "both" if core and out else "core" if core else "exit"
        kind = "link" if point.is_link else "device"
        yield Finding(
            rule=RULE,
            subject=Subject(kind, point.name, point.name),
            verdict=Verdict.PARTLY_MET,
            severity=Severity.MEDIUM,
            message=Text(
                zh=f"{point.name}一旦失效，{len(hit)}个要求两条路径的政府将失去{_LOST[both].zh}",
                en=f"If {point.name} fails, governments of which two paths are asked lose"
                f" {_LOST[both].en}: {len(hit)}",
            ),
            expected={"disjoint_paths": ">= 2"},
            observed={"device_or_link": point.name, "kind": kind, "from": both},
            affected=hit,
            standards=("HN 二(三)",),
        )


_LOST = {
    "core": Text("到省核心的通路", "the way to the province core"),
    "exit": Text("到互联网出口的通路", "the way to an internet exit"),
    "both": Text("到省核心和互联网出口的通路", "the ways to the province core and to an exit"),
}
