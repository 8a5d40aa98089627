"""``ip -j route show``: the main table as the public instance, other tables by their names.

A table of policy routing becomes a routing table of its own named ``table N``, which the policy
routes of ``ip rule`` name as the instance to continue in. Knows that the kernel uses, of several
routes of one prefix, those with the lowest metric. Refuses broadcast, multicast and local
entries: they move no packet out of the host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import Any, NamedTuple

from netops.facts.access import AdvertisedDefault
from netops.facts.answers import UnreadLine
from netops.facts.routes import RouteRow, RouteTable
from netops.platforms.answer import Parsed
from netops.platforms.jsontext import (
    Page,
    as_address,
    as_dict,
    as_int,
    as_list,
    as_network,
    as_text,
    json_parser,
    not_this,
)

_HERE = frozenset({"local", "broadcast", "multicast", "anycast"})
_DROPS = frozenset({"blackhole", "unreachable", "prohibit"})
_TYPES = _HERE | _DROPS | {"unicast", "throw", "nat"}
_DEAD = frozenset({"dead", "linkdown"})
_PROTOCOLS = {"boot": "static", "redirect": "icmp", "ra": "ra"}
_VRF = re.compile(r"\bvrf (\S+)")
_FAMILY = re.compile(r"ip (?:-d )?-([46]) ")
_V4 = 4


def instance_of(table: str) -> str:
    """Return the name of the instance that holds a kernel table ("" for the main one)."""
    return "" if table in {"main", "254"} else f"table {table}"


class _Path(NamedTuple):
    """One path and where it belongs."""

    vpn: str
    row: RouteRow


@dataclass(slots=True)
class _Reader:
    """Rows of one answer."""

    page: Page
    vrf: str
    family: int | None
    paths: list[_Path] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)

    def entry(self, entry: object, line: int) -> bool:
        """Read one route; False when it is none of ours."""
        if not isinstance(entry, dict):
            return False
        kind, table = entry.get("type", "unicast"), str(entry.get("table", "main"))
        if kind not in _TYPES or not isinstance(entry.get("dst"), str):
            return False
        if kind in _HERE or table in {"local", "255"}:
            return True
        network = self.network(entry)
        if network is None:
            return False
        metric = as_int(entry.get("metric")) or 0
        head = (network.version, int(network.network_address), network.prefixlen)
        head_more = (_protocol(entry), 0, metric)
        found = list(_hops(entry, kind))
        vpn = self.vrf or instance_of(table)
        for address, interface, active in found:
            drops = kind in _DROPS
            row = RouteRow(*head, *head_more, address, interface, active, drops, None, line)
            self.paths.append(_Path(vpn, row))
        return bool(found)

    def network(self, entry: dict[str, Any]) -> IPv4Network | IPv6Network | None:
        """Return the prefix; ``default`` tells no family by itself."""
        text = entry["dst"]
        if text != "default":
            return as_network(text)
        gateway = as_address(entry.get("gateway"))
        family = self.family or (gateway.version if gateway else None)
        if family is None:
            family = 6 if "pref" in entry else 4
        return as_network("0.0.0.0/0" if family == _V4 else "::/0")


def _protocol(entry: dict[str, Any]) -> str:
    word = as_text(entry.get("protocol")) or "boot"
    if word == "kernel":
        return "kernel" if "gateway" in entry else "direct"
    return _PROTOCOLS.get(word, word.lower())


def _hops(entry: dict[str, Any], kind: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (next hop, interface, usable) of every path that is understood."""
    if kind in _DROPS:
        yield "", "", True
        return
    several = as_list(entry.get("nexthops"))
    for hop in several or [entry]:
        value = as_dict(hop)
        via = value.get("gateway") or as_dict(value.get("via")).get("host")
        address, interface = as_address(via), as_text(value.get("dev")) or ""
        if (via and address is None) or not (address or interface or kind == "throw"):
            continue
        flags = as_list(value.get("flags"))
        dead = flags and _DEAD.intersection(f for f in flags if isinstance(f, str))
        text = "" if address is None else str(address).lower()
        yield text, interface, not dead and kind != "throw"


def _chosen(paths: list[_Path]) -> Iterator[_Path]:
    """Mark all but the lowest metric of each prefix as not selected."""
    best: dict[tuple[str, int, int, int], int] = {}
    keys = [(vpn, row.family, row.network, row.length) for vpn, row in paths]
    for key, (_, row) in zip(keys, paths, strict=True):
        if row.active and row.metric < best.get(key, row.metric + 1):
            best[key] = row.metric
    for key, path in zip(keys, paths, strict=True):
        if path.row.active and path.row.metric > best[key]:
            yield _Path(path.vpn, path.row._replace(active=False))
        else:
            yield path


def _read(page: Page) -> Parsed:
    command = page.answer.command
    vrf, family = _VRF.search(command), _FAMILY.match(command)
    reader = _Reader(page, vrf[1] if vrf else "", int(family[1]) if family else None)
    for document in page.documents:
        if not isinstance(document.value, list):
            return not_this(page)
        for entry in document.value:
            if entry != {} and not reader.entry(entry, document.first):
                reader.unread.append(page.quote(entry, document.first))
    tables: dict[tuple[str, int], list[RouteRow]] = {}
    if reader.family:
        tables[(reader.vrf, reader.family)] = []
    for path in _chosen(reader.paths):
        tables.setdefault((path.vpn, path.row.family), []).append(path.row)
    facts = tuple(
        RouteTable(vpn, version, tuple(rows), page.answer.observation)
        for (vpn, version), rows in tables.items()
    )
    return Parsed((*facts, *_advertised(reader)), tuple(reader.unread))


def _advertised(reader: _Reader) -> Iterator[AdvertisedDefault]:
    """Yield the routers whose advertisement gave a default."""
    for row in (path.row for path in reader.paths):
        router = as_address(row.next_hop)
        if row.protocol == "ra" and not row.length and isinstance(router, IPv6Address):
            source = row.source(reader.page.answer.observation)
            yield AdvertisedDefault(row.interface, router, source)


read_routes = json_parser(_read, may_be_empty=True)
read_all_routes = json_parser(_read)
"""With the local table among them there is always a row."""
