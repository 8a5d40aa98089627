"""Longest-prefix match over packed routing rows.

Built once a table and asked often: rows by prefix, tried from the longest length.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from netops.facts.routes import RouteRow

_BITS = {4: 32, 6: 128}


class PrefixTable:
    """The selected rows of one instance and family, found by prefix or by longest match."""

    def __init__(self, family: int, rows: Iterable[RouteRow]) -> None:
        self.family = family
        found: dict[tuple[int, int], list[RouteRow]] = {}
        for row in rows:
            if row.active:
                found.setdefault((row.network, row.length), []).append(row)
        self._rows = found

    def at(self, prefix: tuple[int, int]) -> list[RouteRow]:
        """Return the equal paths of a prefix (network as an integer, length)."""
        return self._rows.get(prefix, [])

    @cached_property
    def _masks(self) -> list[tuple[int, int]]:
        bits = _BITS[self.family]
        lengths = sorted({length for _, length in self._rows}, reverse=True)
        return [(length, ((1 << length) - 1) << (bits - length)) for length in lengths]

    def match(self, address: int, *, shorter_than: int | None = None) -> list[RouteRow]:
        """Return all equal paths of the longest prefix that holds ``address``; empty: none.

        ``shorter_than`` skips prefixes of that length and longer (a route must not resolve
        its own next hop through itself).
        """
        for length, mask in self._masks:
            if shorter_than is not None and length >= shorter_than:
                continue
            found = self._rows.get((address & mask, length))
            if found is not None:
                return found
        return []
