"""What flow records say: by which exit the packets of an inside address were recorded to leave.

Knows one record at a time. An exporter on the legal way sees every packet that passes: it speaks
for an exit only where it holds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address

from netops.exits.active import OTHER_EXIT, Bar, Right, weigh_address
from netops.exits.active import Seen as Weighed
from netops.exits.paths import OFF_THE_WAYS, UNREAD, Ground
from netops.exits.points import Status
from netops.exits.terms import PointKey
from netops.exits.testimony import About, Kind, Testimony, Weight
from netops.exits.ways import Ways
from netops.facts.measurements import Address, FlowRecord
from netops.inventory.model import Inventory

EXPORTER = "exporter"
ON_THE_WAY = "on_the_way"
UNKNOWN_EXPORTER = "unknown_exporter"

_LEGAL = (Status.DECLARED, Status.EXEMPT)


def merge_flows(
    flows: Iterable[FlowRecord], whose: Callable[[Address], About | None]
) -> Iterator[tuple[About, FlowRecord]]:
    """Yield one record, the latest, for all that say the same of a subnet.

    An exit records millions: what differs in host or destination alone is one testimony.
    """
    owners: dict[Address, About | None] = {}
    found: dict[tuple[object, ...], tuple[About, FlowRecord]] = {}
    for flow in flows:
        if flow.inside not in owners:
            owners[flow.inside] = whose(flow.inside)
        about = owners[flow.inside]
        if about is None or about.subnet is None:
            continue
        subnet = about.subnet
        key = (subnet.department, subnet.prefix, flow.exporter, flow.outside, flow.protocol)
        known = found.get(key)
        if known is None or flow.end > known[1].end:
            found[key] = (about, flow)
    yield from found.values()


@dataclass(frozen=True, slots=True)
class Exporters:
    """Devices by the names and addresses that records call them by."""

    inventory: Inventory
    ground: Ground

    def device(self, exporter: str) -> str | None:
        """Return the device that a record means; None where nobody is registered."""
        if exporter in self.inventory.devices:
            return exporter
        named = [d.id for d in self.inventory.devices.values() if exporter == d.name]
        if len(named) == 1:
            return named[0]
        try:
            address = ip_address(exporter)
        except ValueError:
            return None
        known = self.ground.owners.registered.get((address.version, int(address)))
        if known is not None:
            return known.id
        owners = {o.device for o in self.ground.owners.anywhere(address.version, int(address))}
        return owners.pop() if len(owners) == 1 else None


def read_flow(
    flow: FlowRecord, about: About, right: Right, ways: Ways, where: tuple[Ground, str | None]
) -> Testimony:
    """Return what a flow record says of somebody; ``where`` holds the exporter's device."""
    ground, device = where
    family = flow.inside.version
    if flow.outside is not None and flow.outside != flow.inside:
        seen = weigh_address(flow.outside, right, ground.marks, ground.plan)
        seen = _with_exporter(seen, ways, device)
    else:
        seen = _by_exporter(family, right, ways, (ground, device))
    return Testimony(
        kind=Kind.FLOW,
        weight=seen.weight,
        word=seen.word,
        about=about,
        family=family,
        protocol=_PROTOCOLS.get(flow.protocol, str(flow.protocol)),
        target=flow.exporter,
        at=flow.end,
        seen=str(flow.outside) if flow.outside is not None else flow.exporter,
        exit=seen.exit,
        points=tuple(m.point for m in seen.marks if m.point is not None),
        vantage="flows",
        command=flow.evidence.observation,
        source=flow.evidence,
    )


_PROTOCOLS: Mapping[int, str] = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}


def _with_exporter(seen: Weighed, ways: Ways, device: str | None) -> Weighed:
    """An allowed address that a device off the legal ways recorded fits nothing that we know."""
    if seen.weight is not Weight.POSITIVE or device in ways.legal:
        return seen
    word = UNKNOWN_EXPORTER if device is None else OFF_THE_WAYS
    return replace(seen, weight=Weight.NOTHING if device is None else Weight.DOUBT, word=word)


def _by_exporter(
    family: int, right: Right, ways: Ways, where: tuple[Ground, str | None]
) -> Weighed:
    ground, device = where
    if device is None:
        return Weighed(Weight.NOTHING, UNKNOWN_EXPORTER)
    keys = [k for k, p in sorted(ground.points.items()) if _is_line(k, device, family, p.latent)]
    exits = {ground.points[k].exit for k in keys if ground.points[k].status in _LEGAL}
    others = [k for k in keys if ground.points[k].status is Status.UNDECLARED]
    if device in ways.legal:
        if device in ways.exits and not others and len(exits) == 1:
            return _alone(right, exits.pop())
        return Weighed(Weight.NOTHING, ON_THE_WAY)
    if device in ground.dark:
        return Weighed(Weight.NOTHING, UNREAD)
    if others or exits:
        name = next(iter(sorted(e for e in exits if e)), None)
        return Weighed(Weight.COUNTER, OTHER_EXIT, name)
    return Weighed(Weight.DOUBT, OFF_THE_WAYS)


def _alone(right: Right, name: str | None) -> Weighed:
    """The exporter holds one exit and nothing else leads out there."""
    if right.bar is not Bar.NONE:
        weight = Weight.COUNTER if right.bar is Bar.PRIVATE else Weight.DOUBT
        return Weighed(weight, right.bar.value, name)
    weight = Weight.POSITIVE if name in right.exits else Weight.NOTHING
    return Weighed(weight, EXPORTER, name)


def _is_line(key: PointKey, device: str, family: int, latent: bool) -> bool:  # noqa: FBT001 - a state of a point
    return key.device == device and key.family == family and not latent
