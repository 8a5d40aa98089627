"""Small networks for the tests of the exits audit, built by hand.

Four governments in a line (province, city, county, township), a router each, a department each.
Province, city and county have a declared exit; the township uses the county's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix
from netops.divisions import Level, level_of, parent_of
from netops.exits import judge_exits
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, DeviceFacts
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.measurements import NOTHING_MEASURED, Measurements
from netops.facts.policy_routes import Acl, AclRule
from netops.facts.routes import RouteRow, RouteTable, StaticRoute
from netops.facts.source import Source
from netops.findings import Finding, Judged, Strength, SubjectRow
from netops.inventory.model import (
    AccessClass,
    Area,
    Department,
    Device,
    Exemption,
    Exit,
    ExitLine,
    Government,
    Inventory,
    Link,
    LinkEnd,
    LinkKind,
    Node,
    Probing,
    Reflector,
    Subnet,
)
from netops.policy.model import Policy, Target

PROVINCE, CITY, COUNTY, TOWNSHIP = "430000", "430100", "430121", "430121100"
DAY = date(2026, 6, 1)
READ_AT = "2026-06-01T10:00:00+08:00"
LINE = "GigabitEthernet0/0/9"
PLAN = ("10.0.0.0/8", "59.192.0.0/10", "100.64.0.0/10", "2001:db8::/36")
TABLES = {4: "display ip routing-table", 6: "display ipv6 routing-table"}


@dataclass
class Router:
    """A device in the making: every list goes into its facts as it is."""

    id: str
    government: str
    platform: str = "huawei_vrp"
    role: str = "router"
    address: str = "10.255.0.1"
    department: str | None = None
    contact: Contact = Contact.ANSWERED
    interfaces: dict[str, Interface] = field(default_factory=dict)
    rows: dict[tuple[str, int], list[RouteRow]] = field(default_factory=dict)
    facts: dict[str, list[Any]] = field(default_factory=dict)
    answers: list[CommandAnswer] = field(default_factory=list)
    complete: bool = True

    def add(self, kind: str, *facts: Any) -> Router:  # noqa: ANN401 - any fact
        """Add facts to one of the lists of ``DeviceFacts``."""
        self.facts.setdefault(kind, []).extend(facts)
        return self

    def port(self, name: str, *addresses: str, vpn: str = "", **more: Any) -> Router:  # noqa: ANN401
        """Add an interface with its connected routes."""
        origin = more.pop("origin", AddressOrigin.CONFIGURED)
        known = self.interfaces.get(name)
        had = (known.addresses or ()) if known else ()
        made = tuple(InterfaceAddress(ip_interface(a), origin) for a in addresses)
        source = Source(f"{self.id}:display ip interface", 1, 1)
        self.interfaces[name] = Interface(
            name, addresses=(*had, *made), vpn=vpn, source=source, **more
        )
        for item in made:
            if not item.interface.ip.is_link_local:
                net = str(item.interface.network)
                self.row(net, str(item.interface.ip), name, protocol="direct", vpn=vpn)
        return self

    def row(self, prefix: str, hop: str = "", interface: str = "", **more: Any) -> Router:  # noqa: ANN401
        """Add a row to a routing table, selected unless told otherwise."""
        net = ip_network(prefix)
        vpn = more.pop("vpn", "")
        rows = self.rows.setdefault((vpn, net.version), [])
        rows.append(
            RouteRow(
                family=net.version,
                network=int(net.network_address),
                length=net.prefixlen,
                protocol=more.pop("protocol", "static"),
                preference=more.pop("preference", 60),
                metric=0,
                next_hop=hop,
                interface=interface,
                line=len(rows) + 1,
                **more,
            )
        )
        return self

    def static(
        self,
        prefix: str,
        hop: str | None,
        interface: str | None = None,
        **more: Any,  # noqa: ANN401
    ) -> Router:
        """Add a configured static route that no table shows."""
        vpn, to_vpn = more.pop("vpn", ""), more.pop("to_vpn", None)
        next_hop = ip_address(hop) if hop else None
        source = Source(f"{self.id}:display current-configuration", 7, 7)
        return self.add(
            "statics",
            StaticRoute(
                vpn, ip_network(prefix), next_hop, interface, to_vpn, source=source, **more
            ),
        )

    def acl(self, name: str, *rules: tuple[bool, str | None], **more: Any) -> Router:  # noqa: ANN401
        """Add an access list of (permit, source) rules."""
        made = [
            AclRule(permit, None if src is None else ip_network(src), **more)
            for permit, src in rules
        ]
        return self.add("acls", Acl(name, rules=tuple(made)))

    def build(self) -> DeviceFacts:
        """Return the facts."""
        answers = [
            CommandAnswer(
                command,
                AnswerState.UNDERSTOOD,
                f"{self.id}:{command}",
                f"sm3:{command}",
                needed_by=frozenset({"exits"}),
                at=READ_AT,
            )
            for command in (
                *TABLES.values(),
                "display ip interface",
                "display current-configuration",
            )
        ]
        tables = {
            key: RouteTable(
                key[0], key[1], tuple(rows), f"{self.id}:{TABLES[key[1]]}", self.complete
            )
            for key, rows in self.rows.items()
        }
        if self.contact is not Contact.ANSWERED:
            return DeviceFacts(self.id, self.platform, self.contact, snmp=self._snmp())
        return DeviceFacts(
            device=self.id,
            platform=self.platform,
            contact=self.contact,
            interfaces=tuple(self.interfaces.values()),
            routes=tables,
            answers=(*answers, *self.answers),
            snmp=self._snmp(),
            **{kind: tuple(found) for kind, found in self.facts.items() if kind != "snmp"},
        )

    def _snmp(self) -> Any:  # noqa: ANN401 - one or none
        return next(iter(self.facts.get("snmp", [])), None)


class World:
    """A province in the making."""

    def __init__(self) -> None:
        self.governments: dict[str, Government] = {}
        self.routers: dict[str, Router] = {}
        self.links: dict[str, Link] = {}
        self.departments: dict[str, Department] = {}
        self.exits: dict[str, Exit] = {}
        self.exemptions: list[Exemption] = []
        self.plan: list[str] = list(PLAN)
        self.anchors: tuple[str, ...] = ("8.8.8.0/24", "114.114.114.0/24", "2400:3200::/32")
        self.policy: dict[str, Any] = {}
        self.probing = Probing()

    def government(self, code: str, exits: int = 1, name: str = "") -> None:
        """Register a government."""
        made = Government(code, name or f"G{code}", level_of(code), parent_of(code), exits)
        self.governments[code] = made

    def router(self, name: str, government: str, **more: Any) -> Router:  # noqa: ANN401
        """Register a device."""
        address = f"10.255.0.{len(self.routers) + 1}"
        made = Router(name, government, address=address, **more)
        self.routers[name] = made
        return made

    def link(self, a: tuple[str, str], b: tuple[str, str] | None, kind: str = "wan") -> None:
        """Register a link; ``b`` None for a carrier's line."""
        name = f"L{len(self.links) + 1}"
        far = None if b is None else LinkEnd(*b)
        self.links[name] = Link(
            name, LinkKind(kind), LinkEnd(*a), far, carrier="C" if b is None else ""
        )

    def department(
        self,
        name: str,
        government: str,
        access_class: str,
        *subnets: str,
        exit: str | None = None,  # noqa: A002 - as the inventory calls it
    ) -> None:
        """Register a department; a subnet may name its private instance (``10.9.0.0/24@fin``)."""
        made = []
        for text in subnets:
            prefix, _, vpn = text.partition("@")
            area = Area.PRIVATE if vpn else Area.PUBLIC
            made.append(Subnet(name, ip_network(prefix), area, vpn))
        self.departments[name] = Department(
            name, government, name, AccessClass(access_class), exit, tuple(made)
        )

    def declare(self, name: str, government: str, *lines: tuple[str, str], **more: Any) -> None:  # noqa: ANN401
        """Declare an exit."""
        made = tuple(ExitLine(device, line, "C") for device, line in lines)
        self.exits[name] = Exit(name, government, name, made, **more)

    def reflector(self, name: str, *addresses: str) -> None:
        """Register a reflector."""
        made = Reflector(name, tuple(ip_address(a) for a in addresses), 7, "file:x")
        self.probing = Probing(reflectors={**self.probing.reflectors, name: made})

    def exempt(self, department: str, exit_id: str | None, begin: date, end: date) -> None:
        """Exempt a department's own exit."""
        self.exemptions.append(
            Exemption(
                "X-1", "exits.class", "department", department, "r", "a", begin, end, exit=exit_id
            )
        )

    def inventory(self) -> Inventory:
        """Return the inventory."""
        devices = {
            r.id: Device(
                r.id, r.id, f"N-{r.government}", r.government, r.role, r.platform,
                ip_address(r.address), r.address, department=r.department,
            )
            for r in self.routers.values()
        }  # fmt: skip
        plan = AddressPlan(
            tuple(PlannedPrefix(ip_network(p), AddressClass.LOCAL_PUBLIC) for p in self.plan)
        )
        return Inventory(
            province=PROVINCE,
            title="t",
            governments=self.governments,
            nodes={f"N-{c}": Node(f"N-{c}", c, "s") for c in self.governments},
            devices=devices,
            links=self.links,
            departments=self.departments,
            exits=self.exits,
            plan=plan,
            exemptions=tuple(self.exemptions),
            probing=self.probing,
        )

    def policy_of(self) -> Policy:
        """Return the policy."""
        targets = tuple(
            Target(rate=rate, scope=scope, value=Fraction(1), plan="HN", status="plan")
            for rate in ("exits.unit", "exits.single")
            for scope in Level
        )
        values: dict[str, Any] = {
            "title": {"zh": "t", "en": "t"},
            "targets": targets,
            "closure": Fraction(95, 100),
            "minimum_strength": Strength.CONSISTENT,
            "tolerated_unknown": {},
            "anchors": tuple(ip_network(a) for a in self.anchors),
            "allowed_exits": "own_and_superiors",
            "samples": (),
            "digest": "d",
            "evidence_valid_for": timedelta(days=7),
        }
        return Policy(**{**values, **self.policy})

    def facts(self) -> dict[str, DeviceFacts]:
        """Return the facts of every device."""
        return {r.id: r.build() for r in self.routers.values()}

    def judge(self, as_of: date = DAY, active: Measurements = NOTHING_MEASURED) -> Seen:
        """Run the audit."""
        inventory, policy = self.inventory(), self.policy_of()
        return Seen(judge_exits(inventory, self.facts(), policy, as_of, active))


@dataclass
class Seen:
    """A judgement with short questions."""

    judged: Judged

    def row(self, name: str) -> SubjectRow:
        """Return the row of a subject."""
        return next(row for row in self.judged.subjects if row.id == name)

    def strength(self, name: str) -> str:
        """Return the strength of a subject as text."""
        found = self.row(name).strength
        return "" if found is None else found.value

    def strengths(self) -> dict[str, str]:
        """Return the strengths of all subjects."""
        return {row.id: self.strength(row.id) for row in self.judged.subjects}

    def points(self) -> set[tuple[str, str, str, bool]]:
        """Return (device, mechanism, family, latent) of every finding of an exit point."""
        return {
            (
                f.observed["device"],
                f.observed["mechanism"],
                f.observed["family"],
                f.observed["latent"],
            )
            for f in self.judged.findings
            if f.rule in ("exits.undeclared", "exits.latent")
        }

    def findings(self, rule: str) -> list[Finding]:
        """Return the findings of a rule."""
        return [f for f in self.judged.findings if f.rule == rule]

    def rules(self) -> set[str]:
        """Return the rules that have findings."""
        return {f.rule for f in self.judged.findings}


def outside_line(router: Router, number: int, name: str = LINE) -> str:
    """Give a router a line to a carrier and return the carrier's address."""
    router.port(name, f"198.51.100.{4 * number + 2}/30")
    return f"198.51.100.{4 * number + 1}"


def join(world: World, upper: str, lower: str, number: int) -> tuple[str, str]:
    """Link two routers by a /30 and return (upper's address, lower's address)."""
    high, low = f"10.0.{number}.1", f"10.0.{number}.2"
    up, down = f"GigabitEthernet0/1/{number}", f"GigabitEthernet0/0/{number}"
    world.routers[upper].port(up, f"{high}/30")
    world.routers[lower].port(down, f"{low}/30")
    world.link((upper, up), (lower, down))
    return high, low


def build_world() -> World:
    """Return four governments in a line, in order."""
    world = World()
    for code, exits in ((PROVINCE, 1), (CITY, 1), (COUNTY, 1), (TOWNSHIP, 0)):
        world.government(code, exits)
    names = (("P1", PROVINCE), ("C1", CITY), ("K1", COUNTY), ("T1", TOWNSHIP))
    for number, (name, code) in enumerate(names):
        router = world.router(name, code)
        router.port("LoopBack0", f"{router.address}/32")
        router.port("Vlanif10", f"10.{number + 1}.0.1/24")
        world.department(f"D-{name}", code, "B", f"10.{number + 1}.0.0/24", exit=f"E-{code}")
    for number, (upper, lower) in enumerate((("P1", "C1"), ("C1", "K1"), ("K1", "T1")), start=1):
        join(world, upper, lower, number)
    for number, (name, code) in enumerate(names[:3]):
        carrier = outside_line(world.routers[name], number)
        world.routers[name].row("0.0.0.0/0", carrier, LINE)
        world.declare(f"E-{code}", code, (name, LINE))
        world.link((name, LINE), None, "internet")
    world.routers["T1"].row("0.0.0.0/0", "10.0.3.1", "GigabitEthernet0/0/3", protocol="ospf")
    world.departments["D-T1"] = Department(
        "D-T1", TOWNSHIP, "D-T1", AccessClass.B, f"E-{COUNTY}", world.departments["D-T1"].subnets
    )
    return world
