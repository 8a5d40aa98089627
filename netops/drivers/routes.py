"""``get_route_to``: which rows of the public routing table lead to a destination."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from napalm.base.exceptions import CommandErrorException

from netops.facts.device import DeviceFacts
from netops.facts.routes import RouteRow, prefix_of

Network = IPv4Network | IPv6Network
_WORDS = {"ibgp": "bgp", "ebgp": "bgp", "direct": "connected", "local": "connected"}


def destination_of(text: str) -> Network | None:
    """Read a destination: a prefix, a single address, or None for every route."""
    if not text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise CommandErrorException(f"“{text}” is not an address or prefix.") from error


def rows_to(told: DeviceFacts, wanted: Network | None, *, longer: bool) -> list[RouteRow]:
    """Choose rows: all, those inside ``wanted``, or those of the longest prefix that covers it."""
    tables = [table for (vpn, _), table in told.routes.items() if not vpn]
    rows = [row for table in tables for row in table.rows]
    if wanted is None:
        return rows
    bits = wanted.max_prefixlen
    same = [row for row in rows if row.family == wanted.version]
    if longer:
        shift = bits - wanted.prefixlen
        inside = int(wanted.network_address) >> shift
        return [r for r in same if r.length >= wanted.prefixlen and r.network >> shift == inside]
    target = int(wanted.network_address)
    covering = [
        row
        for row in same
        if row.length <= wanted.prefixlen
        and row.network >> (bits - row.length) == target >> (bits - row.length)
    ]
    longest = max((row.length for row in covering), default=0)
    return [row for row in covering if row.length == longest]


def routes_of(rows: Iterable[RouteRow], protocol: str) -> dict[str, list[dict[str, Any]]]:
    """Shape ``get_route_to``, of one protocol where one is named."""
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = _WORDS.get(protocol.lower(), protocol.lower())
    for row in rows:
        word = _WORDS.get(row.protocol, row.protocol)
        if wanted in {"", word, row.protocol}:
            found.setdefault(str(prefix_of(row)), []).append(_route(row, word))
    return found


def _route(row: RouteRow, word: str) -> dict[str, Any]:
    return {
        "protocol": word.upper(),
        "current_active": row.active,
        "last_active": row.active,
        "age": -1,
        "next_hop": row.next_hop,
        "outgoing_interface": row.interface,
        "selected_next_hop": row.active,
        "preference": row.preference,
        "inactive_reason": "" if row.active else "not selected",
        "routing_table": "default",
        "protocol_attributes": {"metric": row.metric},
    }
