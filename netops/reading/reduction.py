"""Keeps of each routing table the rows that a judgement can ask for.

Whole tables of a province do not fit the memory we allow ourselves. A row stays when it covers
a wanted address, reaches outside the plan, is the device's own, or covers a next hop that
recursion will look up. What is dropped is never the best match of anything that is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import compress
from operator import itemgetter
from typing import Any, Protocol

from netops.addressing import AddressPlan
from netops.facts.routes import RouteRow, RouteTable
from netops.gm import sm3_hex

_V6 = 6
_BITS = {4: 32, _V6: 128}
_LINK_LOCAL = 0xFE80 << 112
"""Every device has routes from here on, whether anybody uses IPv6 or not."""
_ROUNDS = 8
"""Depth of recursion that is followed; deeper chains are not built by anybody."""

_REMEMBERED = 1 << 15
"""Neighbouring devices hold much the same prefixes."""

_PREFIX = itemgetter(0, 1, 2)
"""Family, network and length of a row."""

Prefix = tuple[int, int, int]
Address = IPv4Address | IPv6Address
Tables = Mapping[tuple[str, int], RouteTable]


class RouteKeep(Protocol):
    """Says of rows whether they stay. ``digest`` names the choice in the cache."""

    @property
    def digest(self) -> str:
        """Differs where the answers may differ."""
        ...

    def __call__(self, rows: Iterable[RouteRow]) -> list[bool]:
        """Whether each of ``rows`` stays."""
        ...


class _Remembered(dict[Prefix, bool]):
    """What was decided before; begun anew when it is many. Half the cost of ``lru_cache``."""

    def __init__(self, decide: Callable[[Prefix], bool]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, prefix: Prefix) -> bool:
        """Decide once."""
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[prefix] = self._decide(prefix)
        return found


class RouteFilter:
    """Keeps rows that cover a wanted address or reach outside the plan."""

    def __init__(self, plan: AddressPlan, wanted: Iterable[Address]) -> None:
        self._plan = plan
        numbers: dict[int, set[int]] = {4: set(), 6: set()}
        for address in wanted:
            numbers[address.version].add(int(address))
        self._wanted = {family: sorted(found) for family, found in numbers.items()}
        self.digest = self._digest()
        self._known = _Remembered(self._decide)

    def _digest(self) -> str:
        prefixes = sorted(str(planned.prefix) for planned in self._plan.prefixes)
        return sm3_hex(repr((prefixes, self._wanted)).encode())

    def __call__(self, rows: Iterable[RouteRow]) -> list[bool]:
        """Whether each of ``rows`` stays."""
        return list(map(self._known.__getitem__, map(_PREFIX, rows)))

    def _decide(self, prefix: Prefix) -> bool:
        family, network, length = prefix
        last = network + (1 << (_BITS[family] - length)) - 1
        wanted = self._wanted[family]
        at = bisect_left(wanted, network)
        if at < len(wanted) and wanted[at] <= last:
            return True
        return self._plan.reaches_outside(family, network, last)


def reduce_tables(
    tables: Tables, keep: RouteKeep, hops: Iterable[Address]
) -> dict[Any, RouteTable]:
    """Drop what ``keep`` does not want and no next hop (``hops`` too) needs for recursion."""
    kept = {
        key: [
            stays or row.protocol == "direct"
            for stays, row in zip(keep(table.rows), table.rows, strict=True)
        ]
        for key, table in tables.items()
    }
    for key, table in tables.items():
        if key[1] == _V6:
            _keep_shown(table, kept[key])
    asked: set[tuple[int, int]] = set()
    fresh = {(hop.version, int(hop)) for hop in hops} | _next_hops(tables, kept)
    for _ in range(_ROUNDS):
        fresh -= asked
        if not fresh:
            break
        asked |= fresh
        for key, table in tables.items():
            _keep_cover(table, kept[key], sorted(n for family, n in fresh if family == key[1]))
        fresh = _next_hops(tables, kept)
    return {
        key: replace(table, rows=tuple(compress(table.rows, kept[key])))
        for key, table in tables.items()
    }


def _keep_shown(table: RouteTable, kept: list[bool]) -> None:
    """Keep one row of IPv6 for each interface: that it carries the family at all."""
    shown = {""}
    rows = enumerate(table.rows)
    for at, row in sorted(rows, key=lambda numbered: not kept[numbered[0]]):
        if row.interface not in shown and row.active and row.network < _LINK_LOCAL:
            shown.add(row.interface)
            kept[at] = True


def _next_hops(tables: Tables, kept: Mapping[tuple[str, int], list[bool]]) -> set[tuple[int, int]]:
    texts = {
        row.next_hop
        for key, table in tables.items()
        for row in compress(table.rows, kept[key])
        if row.next_hop
    }
    found: set[tuple[int, int]] = set()
    for text in texts:
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            continue
        found.add((address.version, int(address)))
    return found


def _keep_cover(table: RouteTable, kept: list[bool], wanted: list[int]) -> None:
    """Mark the rows of ``table`` that cover one of the addresses in ``wanted`` (sorted)."""
    if not wanted:
        return
    bits = _BITS[table.family]
    sizes = [1 << (bits - length) for length in range(bits + 1)]
    beyond = [*wanted, 1 << (bits + 1)]
    kept[:] = [
        stays or beyond[bisect_left(beyond, row.network)] < row.network + sizes[row.length]
        for stays, row in zip(kept, table.rows, strict=True)
    ]
