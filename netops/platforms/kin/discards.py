"""Routes that throw packets away, and the tables that lead outside.

Knows which tables a device translates addresses in: those are its exits. Refuses to know which
ranges should be thrown away there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement

_MOST = 64
_LEAST_WORDS = 3
_NOWHERE = "null"


@dataclass(slots=True)
class Discards:
    """Discard routes by table ("" is the public one), and the tables of exits."""

    routes: dict[str, dict[str, int]] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)

    def route(self, words: list[str], line: int, *, undone: bool = False) -> None:
        """Read the words behind ``ip route-static``."""
        table = ""
        if words[:1] == ["vpn-instance"]:
            table, words = "".join(words[1:2]), words[2:]
        if len(words) < _LEAST_WORDS or not words[2].lower().startswith(_NOWHERE):
            return
        try:
            network = str(IPv4Network(f"{words[0]}/{words[1]}", strict=False))
        except (AddressValueError, NetmaskValueError, ValueError):
            return
        found = self.routes.setdefault(table, {})
        if undone:
            found.pop(network, None)
        else:
            found[network] = line

    def translates(self, statement: Statement, line: int) -> None:
        """Note that an interface translates addresses: the table that it is bound to."""
        bound = (c.words for c in statement.below if c.text.startswith("ip binding vpn-instance "))
        table = next((words[3] for words in bound if len(words) > _LEAST_WORDS), "")
        self.exits.setdefault(table, line)

    def nat_policy(self, statement: Statement) -> None:
        """Read the rules of a firewall that translate sources."""
        for rule in statement.below:
            for child in rule.below:
                if child.text.startswith("action source-nat"):
                    self.exits.setdefault("", child.line)

    def write(self, draft: Draft) -> None:
        """Write what every exit throws away; without a translation there is no exit to judge."""
        lines = list(self.exits.values())
        draft.put("exit.translates", bool(lines), lines[0] if lines else 0)
        if not lines:
            return
        tables = [self.routes.get(table, {}) for table in self.exits]
        common = [name for name in tables[0] if all(name in other for other in tables[1:])]
        places = [tables[0][name] for name in common] or [0]
        draft.put("routing.discards", tuple(common[:_MOST]), min(places), max(places))
