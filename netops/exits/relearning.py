"""What routing would learn once a default is gone: who loses it too, and what they fall back on.

Knows tables and who stands at a next hop. A row that a table shows unselected is selected when
the better one goes. What a neighbour *would* tell is in no fact: it is offered as a possibility.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netops.exits.devices import BGP_WORDS, DeviceView, parse_address
from netops.exits.owners import Owners
from netops.exits.terms import FAMILIES, V6
from netops.facts.device import DeviceFacts
from netops.facts.routes import PUBLIC, RouteRow, RouteTable, StaticRoute

Facts = dict[str, DeviceFacts]
Place = tuple[str, int]
"""A device and an address family."""

_LEARNT = ("ospf", "o_", "isis", "rip", "eigrp", "bgp", "ibgp", "ebgp")
_ESTABLISHED = "established"
_LAST = 255
_MOST_NEIGHBOURS = 32
_ANY: Mapping[int, IPv4Network | IPv6Network] = {
    4: IPv4Network("0.0.0.0/0"),
    V6: IPv6Network("::/0"),
}


@dataclass(slots=True)
class _Net:
    """Who follows whom with a default that a routing protocol brought."""

    views: Mapping[str, DeviceView]
    owners: Owners
    followers: dict[Place, set[str]] = field(default_factory=dict)

    def gather(self) -> None:
        """Note under each device who learnt a default from it."""
        for view in self.views.values():
            for family in FAMILIES:
                for row in view.outside.get((PUBLIC, family), {}).get((0, 0), ()):
                    for device in self.behind(view, row):
                        self.followers.setdefault((device, family), set()).add(view.id)

    def behind(self, view: DeviceView, row: RouteRow) -> Iterator[str]:
        """Yield the devices of ours that a learnt row leads to."""
        address = parse_address(row.next_hop) if is_learnt(row) else None
        if address is None:
            return
        for owned in self.owners.anywhere(address.version, int(address)):
            if owned.device != view.id:
                yield owned.device


def is_learnt(row: RouteRow) -> bool:
    """Whether a routing protocol brought a row."""
    return row.protocol in BGP_WORDS or row.protocol.startswith(_LEARNT)


def relearn(
    views: Mapping[str, DeviceView], owners: Owners, facts: Facts, start: Iterable[str]
) -> frozenset[Place]:
    """Take learnt defaults out of ``facts`` that lead to a device without one; change ``facts``.

    Begins at ``start``, whose own lines are out of ``facts`` already. Returns who has no default
    any more, by device and family.
    """
    net = _Net(views, owners)
    net.gather()
    lost: set[Place] = set()
    asked = [(device, family) for device in start for family in FAMILIES]
    for place in asked:
        device, family = place
        if place in lost or device not in views:
            continue
        facts[device] = _fallen_back(net, facts[device], family, lost)
        if not _has_default(views[device], facts[device], family):
            lost.add(place)
            asked += [(name, family) for name in sorted(net.followers.get(place, ()))]
    return frozenset(lost)


def _fallen_back(net: _Net, facts: DeviceFacts, family: int, lost: set[Place]) -> DeviceFacts:
    """Return a device without learnt defaults that lead to those who lost theirs."""
    key = (PUBLIC, family)
    table = facts.routes.get(key)
    if table is None:
        return facts
    view = net.views[facts.device]
    rows = tuple(
        row
        for row in table.rows
        if row.length or not any((name, family) in lost for name in net.behind(view, row))
    )
    return replace(facts, routes={**facts.routes, key: promoted(replace(table, rows=rows))})


def promoted(table: RouteTable) -> RouteTable:
    """Select the best of the rows that are shown for a prefix of which none is selected."""
    shown = {(row.network, row.length) for row in table.rows if not row.active}
    waiting = shown - {(row.network, row.length) for row in table.rows if row.active}
    if not waiting:
        return table
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for row in table.rows:
        prefix = (row.network, row.length)
        if prefix in waiting:
            rank = (row.preference, row.metric)
            best[prefix] = min(best.get(prefix, rank), rank)
    rows = tuple(
        row._replace(active=True)
        if best.get((row.network, row.length)) == (row.preference, row.metric)
        else row
        for row in table.rows
    )
    return replace(table, rows=rows)


def _has_default(view: DeviceView, facts: DeviceFacts, family: int) -> bool:
    table = facts.routes.get((PUBLIC, family))
    if table is not None and any(row.active and row.length == 0 for row in table.rows):
        return True
    return any(
        static.prefix == _ANY[family]
        and not static.vpn
        and not static.blackhole
        and (static.next_hop is None or view.connected(PUBLIC, family, int(static.next_hop)) != [])
        for static in facts.statics
    )


def with_possible_defaults(
    owners: Owners,
    before: Mapping[str, DeviceFacts],
    left: Mapping[str, DeviceFacts],
    lost: Iterable[Place],
) -> Facts:
    """Return ``left`` with a default by every protocol neighbour for those who lost theirs.

    With whom somebody speaks is read from ``before``: a row that went shows it too.
    """
    found = dict(left)
    for device, family in sorted(lost):
        offered = tuple(
            StaticRoute(PUBLIC, _ANY[family], address, None, preference=_LAST)
            for address in _neighbours(owners, before[device], family)
        )
        found[device] = replace(found[device], statics=(*found[device].statics, *offered))
    return found


def _neighbours(owners: Owners, facts: DeviceFacts, family: int) -> list[IPv4Address | IPv6Address]:
    """Return the addresses of those of ours with whom a device speaks a routing protocol."""
    table = facts.routes.get((PUBLIC, family))
    hops = {row.next_hop for row in table.rows if is_learnt(row)} if table else set()
    told = [parse_address(hop) for hop in sorted(hops)]
    told += [peer.address for peer in facts.bgp_peers if peer.state == _ESTABLISHED]
    kept = [
        one
        for one in told
        if one is not None and one.version == family and owners.anywhere(family, int(one))
    ]
    return list(dict.fromkeys(kept))[:_MOST_NEIGHBOURS]
