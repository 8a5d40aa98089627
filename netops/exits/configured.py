"""The steps of what is configured beside the tables: policy nodes and unselected static routes.

Knows how a platform falls back. Refuses to know which packets match.
"""

from __future__ import annotations

from netops.addressing import AddressPlan
from netops.exits.classes import Destination
from netops.exits.devices import KERNEL_TABLE, DeviceView, Rows, prefix_key
from netops.exits.resolve import Resolver, unknown
from netops.exits.terms import BLACKHOLE, NO_ROUTE, End, EndKind, Step, Vertex, range_of
from netops.facts.policy_routes import UNSEEN_RULE, PolicyRoute
from netops.facts.routes import PUBLIC, RouteRow, StaticRoute

UNRESOLVED = "next-hop "
"""The line of an exit point whose outgoing interface nobody can name."""


def match_rows(view: DeviceView, vpn: str, destination: Destination) -> Rows:
    """Return the selected paths of the longest prefix that holds a destination class."""
    table = view.outside.get((vpn, destination.family), {})
    for prefix in destination.chain:
        found = tuple(row for row in table.get(prefix, ()) if row.active)
        if found:
            return found
    return ()


def table_steps(
    resolver: Resolver, view: DeviceView, vpn: str, destination: Destination
) -> tuple[Step, ...]:
    """Return the steps of the longest match with all its equal paths."""
    rows = match_rows(view, vpn, destination)
    if not rows:
        return (Step(None, NO_ROUTE),)
    if len(rows) == 1:
        return resolver.row(view, vpn, rows[0])
    return tuple(dict.fromkeys(s for row in rows for s in resolver.row(view, vpn, row)))


def node_steps(
    resolver: Resolver, view: DeviceView, vpn: str, node: PolicyRoute, destination: Destination
) -> tuple[Step, ...]:
    """Return the steps of a policy node; empty where it leaves the packet to the table."""
    family = destination.family
    if node.next_hops:
        if node.next_hops[0].version != family:
            return ()
        where = vpn if node.vpn is None else node.vpn
        via = node.out_interface or ""
        found = tuple(
            step
            for hop in node.next_hops
            for step in resolver.hop(view, where, (family, str(hop), via))
        )
        return tuple(s._replace(leak=vpn) for s in found) if where != vpn else found
    if node.out_interface:
        return resolver.hop(view, vpn, (family, "", node.out_interface))
    if node.table is not None:
        return _other_table(resolver, view, node, destination)
    if node.vpn is not None:
        return (Step(Vertex(view.id, node.vpn), None, leak=vpn),)
    return ()


def _other_table(
    resolver: Resolver, view: DeviceView, node: PolicyRoute, destination: Destination
) -> tuple[Step, ...]:
    """Look up another table of the kernel, which goes on with the next rule where it has none.

    What leads into it may be nobody's rule where the platform shows none: then it is latent.
    """
    key = kernel_table(node)
    if (key, destination.family) not in view.outside:
        return (unknown(view.id, f"table:{key}"),)
    rows = match_rows(view, key, destination)
    steps = (s for row in rows for s in resolver.row(view, PUBLIC, row))
    if node.form == UNSEEN_RULE:
        steps = (s._replace(latent=True) for s in steps)
    return tuple(steps)


def kernel_table(node: PolicyRoute) -> str:
    """Return the instance that holds the table which a rule of the kernel looks up."""
    return f"{KERNEL_TABLE}{node.table}" if node.vpn is None else node.vpn


def static_steps(
    resolver: Resolver, plan: AddressPlan, view: DeviceView, static: StaticRoute
) -> tuple[Step, ...]:
    """Return the steps that an unselected static route would mean, all of them latent."""
    if static.blackhole:
        return (Step(None, BLACKHOLE, latent=True),)
    where = static.vpn if static.to_vpn is None else static.to_vpn
    hop = static.next_hop
    beyond = hop is not None and not hop.is_link_local and plan.is_outside(hop)
    if hop is not None and beyond and not view.connected(where, hop.version, int(hop)):
        line = static.interface or f"{UNRESOLVED}{hop}"
        found: tuple[Step, ...] = (Step(None, End(EndKind.EXIT, view.id, line), out=line),)
    else:
        row = _as_row(static)
        found = resolver.row(view, static.vpn, row)
    leak = static.vpn if where != static.vpn else None
    return tuple(s._replace(latent=True, leak=leak or s.leak) for s in found)


def _as_row(static: StaticRoute) -> RouteRow:
    network, length = prefix_key(static)
    return RouteRow(
        family=static.prefix.version,
        network=network,
        length=length,
        protocol="static",
        preference=static.preference,
        metric=0,
        next_hop="" if static.next_hop is None else str(static.next_hop),
        interface=static.interface or "",
        active=False,
        leak_vpn=static.to_vpn,
    )


def covers(static: StaticRoute, destination: Destination) -> bool:
    """Whether a static route could carry a destination class."""
    if static.prefix.version != destination.family:
        return False
    first, last = range_of(prefix_key(static), destination.family)
    return first <= destination.address <= last
