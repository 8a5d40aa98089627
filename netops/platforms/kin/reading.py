"""What the statements of a VRP or Comware configuration said, before defaults are laid under it."""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.discards import Discards
from netops.platforms.kin.filters import Filters
from netops.platforms.kin.layout import Statement
from netops.platforms.kin.policies import Policies
from netops.platforms.kin.ports import Ports
from netops.platforms.kin.routing import Routing
from netops.platforms.kin.security_policy import SecurityPolicy
from netops.platforms.kin.services import Log, Ntp
from netops.platforms.kin.snmp import Snmp
from netops.platforms.kin.zones import Zones


@dataclass(slots=True)
class Statements:
    """What both have; each platform adds its accounts and what is its own."""

    filters: Filters
    policies: Policies
    ports: Ports = field(default_factory=Ports)
    routing: Routing = field(default_factory=Routing)
    snmp: Snmp = field(default_factory=Snmp)
    ntp: Ntp = field(default_factory=Ntp)
    log: Log = field(default_factory=Log)
    policy: SecurityPolicy = field(default_factory=SecurityPolicy)
    values: dict[str, tuple[Value, int]] = field(default_factory=dict)
    terminals: list[tuple[Statement, list[str]]] = field(default_factory=list)
    hostname: str = ""
    means: dict[str, int] = field(default_factory=dict)
    zones: Zones = field(default_factory=Zones)
    guards: dict[str, int] = field(default_factory=dict)
    discards: Discards = field(default_factory=Discards)
