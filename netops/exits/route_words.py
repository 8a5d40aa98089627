"""Routes and policies in the words that a remedy is written with.

Knows rows, static routes and policy nodes. Refuses to know any platform's spelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from netops.exits.devices import DeviceView
from netops.exits.terms import V4
from netops.facts.policy_routes import PolicyRoute
from netops.facts.routes import PUBLIC, RouteRow, StaticRoute


def row_words(view: DeviceView, vpn: str, row: RouteRow) -> dict[str, str]:
    """Return the words of a row of a table."""
    kind = IPv4Address if row.family == V4 else IPv6Address
    on_demand = view.is_on_demand(row.interface) or row.interface in view.tunnels
    words = {
        "prefix": f"{kind(row.network)}/{row.length}",
        "next_hop": row.interface if on_demand or not row.next_hop else row.next_hop,
        "interface": row.interface,
        "protocol": row.protocol,
        "vpn": vpn,
    }
    other = view.to_vpn(vpn, row)
    return words if other is None else {**words, "to_vpn": other}


def static_words(static: StaticRoute) -> dict[str, str]:
    """Return the words of a configured static route."""
    words = {
        "prefix": str(static.prefix),
        "next_hop": str(static.next_hop or static.interface or ""),
        "interface": static.interface or "",
        "protocol": "static",
        "vpn": static.vpn,
    }
    if static.to_vpn in (None, static.vpn):
        return words
    return {**words, "to_vpn": static.to_vpn or PUBLIC}


def policy_words(node: PolicyRoute) -> Iterator[dict[str, str]]:
    """Yield the words of a policy node, once for each place where it is applied.

    Of a node without a place (a kernel's rule looks at every packet) they are yielded once.
    """
    words = {
        "policy": node.name,
        "form": node.form or "",
        "node": str(node.node),
        "table": node.table or "",
        "source": ", ".join(str(p) for p in node.sources or ()),
    }
    yield from ({**words, "interface": name} for name in node.interfaces)
    if node.local or not node.interfaces:
        yield {**words, "form": "local" if node.local else words["form"], "interface": ""}


def import_targets(view: DeviceView, vpn: str, family: int) -> str:
    """Return the route targets that an instance imports, divided by blanks."""
    for instance in view.facts.vpn_instances:
        if instance.name == vpn and instance.family == family:
            return " ".join(instance.import_targets)
    return ""
