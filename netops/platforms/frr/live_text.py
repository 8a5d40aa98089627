"""What zebra has installed, in plain text: neighbours, and the rules of policy maps.

``show pbr rule`` names interface, match and table, but not the map: it is asked where the
configuration is refused. A match that is more than prefixes makes its access list opaque.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from netops.facts.neighbours import Neighbour
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.platforms.answer import Answer, Parsed
from netops.platforms.frr.lines import Scan
from netops.platforms.jsontext import as_address, as_network

_NEIGHBOUR = re.compile(r"(\S{1,15}) +([0-9a-f.:]{2,45}) +([0-9a-f:]{17}) +\d{1,9}")
_NEIGHBOURS = re.compile(r"Interface +Neighbor +MAC +#Rules")
_NO_MAC = "00:00:00:00:00:00"

_RULES = re.compile(r"Rules if (\S{1,15})")
_SEQUENCE = re.compile(r"Seq (\d{1,9}) pri \d{1,10}")
_PREFIX = re.compile(r"(SRC|DST) IP Match: (\S{1,50})")
_TABLE = re.compile(r"Tableid: (\d{1,10})")
_V4 = 4


def parse_neighbours(answer: Answer) -> Parsed:
    """Read ``show ip neigh``: ARP and IPv6 entries of the kernel, as zebra heard of them."""
    scan = Scan(answer)
    for number, text in scan.lines():
        match = _NEIGHBOUR.fullmatch(text.strip())
        address = as_address(match[2]) if match else None
        if match and address is not None:
            mac = None if match[3] == _NO_MAC else match[3]
            scan.hit(Neighbour(address, mac, match[1], source=answer.at(number)))
        elif _NEIGHBOURS.fullmatch(text.strip()):
            scan.hit()
        else:
            scan.miss(number, text)
    return scan.parsed()


@dataclass(slots=True)
class _Rule:
    """One installed rule while its lines are read."""

    interface: str
    first: int
    last: int
    node: int = 0
    source: IPv4Network | IPv6Network | None = None
    destination: IPv4Network | IPv6Network | None = None
    opaque: bool = False
    table: str | None = None
    others: list[str] = field(default_factory=list)

    def take(self, number: int, text: str) -> bool:
        """Take a line of this rule; False when it is none."""
        self.last = number
        sequence, prefix, table = (p.fullmatch(text) for p in (_SEQUENCE, _PREFIX, _TABLE))
        if sequence:
            self.node = int(sequence[1])
        elif prefix:
            network = as_network(prefix[2])
            if prefix[1] == "SRC":
                self.source = network
            else:
                self.destination = network
            return network is not None
        elif table:
            self.table = table[1]
        else:
            # Ports, DSCP, marks: understood as a match that no prefix can say.
            self.opaque = True
            return " Match: " in text or text.startswith(("MARK", "DSCP", "ECN", "PCP", "VLAN"))
        return True

    def facts(self, answer: Answer) -> list[Any]:
        """Return the policy route, and an access list where its match needs one."""
        if self.table is None:
            return []
        source = answer.at(self.first, self.last)
        known = self.source or self.destination
        family = known.version if known is not None else _V4
        name = f"pbr rule {self.interface} seq {self.node}"
        acl = name if self.destination is not None or self.opaque else None
        route = PolicyRoute(
            name,
            self.node,
            acl=acl,
            sources=None if self.source is None else (self.source,),
            table=self.table,
            interfaces=(self.interface,),
            family=family,
            source=source,
        )
        if acl is None:
            return [route]
        rule = AclRule(True, self.source, self.destination, opaque=self.opaque, at=source)
        return [route, Acl(acl, family, (rule,), source)]


def parse_pbr_rules(answer: Answer) -> Parsed:
    """Read ``show pbr rule``."""
    scan = Scan(answer)
    rules: list[_Rule] = []
    for number, line in scan.lines():
        text = line.strip()
        head = _RULES.fullmatch(text)
        if head:
            rules.append(_Rule(head[1], number, number))
            scan.hit()
        elif rules and rules[-1].take(number, text):
            scan.hit()
        else:
            scan.miss(number, line)
    scan.facts.extend(fact for rule in rules for fact in rule.facts(answer))
    return scan.parsed()
