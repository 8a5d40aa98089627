"""Tables of the kernel beside the main one, and the rules that vtysh does not show.

vtysh prints no ``ip rule``, but zebra knows every table that holds a route. A table that pbrd did
not fill was filled by somebody else, and what leads into it cannot be seen: it becomes a policy
route whose match is unknown. Knows zebra's words; refuses to guess the match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from netops.facts.policy_routes import UNSEEN_RULE, Acl, AclRule, PolicyRoute
from netops.facts.routes import RouteTable
from netops.facts.source import Source
from netops.platforms.answer import Answer, Parsed, Parser
from netops.platforms.frr.lines import Scan
from netops.platforms.frr.names import DEFAULT_VRF
from netops.platforms.frr.routes_json import route_parser

TABLE_ROUTES = {4: "show ip route table {table} json", 6: "show ipv6 route table {table} json"}
MOST_TABLES = 64
"""Nobody fills more; a device that says so is not followed further."""

_HEADING = re.compile(r"VRF +NS ID +VRF ID +AFI +SAFI +Table +Count|-{20,}")
_ROW = re.compile(r"(\S{1,36}) +\d+ +\d+ +(IPv4|IPv6) +(\S+) +(\d{1,10}) +(\d{1,9})")
_NUMBER = re.compile(r"table (\d{1,10}) ")
_FAMILIES = {"IPv4": 4, "IPv6": 6}
_OWN = frozenset({"253", "254", "255"})
"""default, main, local: what every machine has."""
_PBR = "pbr"


@dataclass(frozen=True, slots=True)
class KernelTable:
    """A table that holds routes: told to ``followups`` alone, its rows say the rest."""

    number: str
    family: int
    source: Source


def parse_table_summary(answer: Answer) -> Parsed:
    """Read ``show zebra router table summary``: tables beside main that hold unicast routes."""
    scan = Scan(answer)
    for number, text in scan.lines():
        match = _ROW.fullmatch(text)
        if match is None:
            if _HEADING.fullmatch(text):
                scan.hit()
            else:
                scan.miss(number, text)
            continue
        vrf, family, kind, table, count = match.groups()
        scan.hit()
        if vrf == DEFAULT_VRF and kind == "unicast" and table not in _OWN and int(count):
            scan.hit(KernelTable(table, _FAMILIES[family], answer.at(number)))
    return scan.parsed()


def table_parser(family: int) -> Parser:
    """Make the parser of one kernel table; the command says which."""
    read = route_parser(family)

    def parse(answer: Answer) -> Parsed:
        parsed, number = read(answer), _NUMBER.search(answer.command)
        if number is None:
            return parsed
        tables = [fact for fact in parsed.facts if isinstance(fact, RouteTable)]
        rows = tuple(row for table in tables for row in table.rows)
        named = RouteTable(f"table {number[1]}", family, rows, answer.observation)
        unseen = any(row.protocol != _PBR for row in rows)
        rules = _unseen(answer, number[1], family) if unseen else ()
        return replace(parsed, facts=(named, *rules))

    return parse


def _unseen(answer: Answer, number: str, family: int) -> tuple[PolicyRoute, Acl]:
    """Return the rule that must lead into a table for it to matter, its match unknown."""
    numbers = [line for line, _ in answer.lines] or [0]
    source = answer.at(numbers[0], numbers[-1])
    name = f"rule into table {number}, not shown"
    rule = AclRule(permit=True, opaque=True, at=source)
    policy = PolicyRoute(
        name, int(number), acl=name, table=number, form=UNSEEN_RULE, family=family, source=source
    )
    return policy, Acl(name, family, (rule,), source)
