"""Exit signals of the second source, SNMP, which can refute and never confirm.

Knows default-route rows. Refuses every word of a device whose host key changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.addressing import AddressPlan
from netops.exits.devices import DeviceView
from netops.exits.owners import Owners
from netops.exits.signals import SNMP, Signal
from netops.exits.terms import V4, Mechanism, PointKey
from netops.facts.device import Contact, DeviceFacts, SnmpFacts
from netops.facts.snmp import SnmpRoute
from netops.inventory.model import Inventory

_UNTRUSTED = frozenset({Contact.HOST_KEY_CHANGED, Contact.HOST_KEY_UNKNOWN})
_TAIL = re.compile(r"\d[\d/.:]*$")


def snmp_signals(
    inventory: Inventory,
    facts: Mapping[str, DeviceFacts],
    views: Mapping[str, DeviceView],
    owners: Owners,
) -> Iterator[Signal]:
    """Yield a signal for every default row that leaves the plan, of devices without a CLI."""
    declared = {
        (line.device, _tail(line.interface)): line.interface
        for found in inventory.exits.values()
        for line in found.lines
    }
    for device, found in facts.items():
        agent = found.snmp
        refused = device in views or found.contact in _UNTRUSTED
        if agent is None or not agent.answered or refused:
            continue
        for row in agent.default_routes:
            if not _leaves(inventory.plan, owners, row):
                continue
            line = _line_of(agent, row)
            yield _signal(device, declared.get((device, _tail(line)), line), row)


def contradictions(
    inventory: Inventory, views: Mapping[str, DeviceView], owners: Owners
) -> Iterator[tuple[str, str]]:
    """Yield (device, next hop) of default rows that leave the plan and that the CLI denies."""
    for view in views.values():
        agent = view.facts.snmp
        for row in agent.default_routes if agent is not None and agent.answered else ():
            if _leaves(inventory.plan, owners, row) and not _is_shown(view, row):
                yield view.id, str(row.next_hop)


def _signal(device: str, line: str, row: SnmpRoute) -> Signal:
    family = row.prefix.version
    kind = Mechanism.STATIC_DEFAULT if family == V4 else Mechanism.IPV6_DEFAULT
    words = {
        "prefix": str(row.prefix),
        "next_hop": str(row.next_hop),
        "interface": line,
        "protocol": SNMP,
        "vpn": "",
    }
    return Signal(PointKey(device, line, family), kind, active=True, source=row.source, what=words)


def _leaves(plan: AddressPlan, owners: Owners, row: SnmpRoute) -> bool:
    hop = row.next_hop
    return plan.is_outside(hop) and not owners.anywhere(hop.version, int(hop))


def _line_of(agent: SnmpFacts, row: SnmpRoute) -> str:
    named = (i.name for i in agent.interfaces if i.index == row.if_index)
    return next(named, f"next-hop {row.next_hop}")


def _tail(name: str) -> str:
    """Return the number of an interface, by which short and long names are the same."""
    found = _TAIL.search(name)
    return found[0] if found else name


def _is_shown(view: DeviceView, row: SnmpRoute) -> bool:
    """Whether the tables show a default by the same next hop, selected or not."""
    hop, family = str(row.next_hop), row.prefix.version
    tables = (table for (_, f), table in view.outside.items() if f == family)
    return any(r.next_hop == hop for table in tables for r in table.get((0, 0), ())) or any(
        static.next_hop == row.next_hop for static in view.facts.statics
    )
