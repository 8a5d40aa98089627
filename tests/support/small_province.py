"""A province of two core routers, one city of two, one county of two, two townships, by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from ipaddress import ip_address, ip_network

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix
from netops.divisions import Level
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, DeviceFacts
from netops.facts.interfaces import Interface
from netops.facts.routes import RouteRow, RouteTable
from netops.facts.source import Source
from netops.findings import Strength
from netops.inventory.model import (
    Application,
    Device,
    Government,
    Inventory,
    Link,
    LinkEnd,
    LinkKind,
    Node,
)
from netops.policy.model import Policy, Target

GOVERNMENTS = (
    ("430000", "甲省", Level.PROVINCE, None),
    ("430100", "乙市", Level.CITY, "430000"),
    ("430102", "丙县", Level.COUNTY, "430100"),
    ("430102001", "丁镇", Level.TOWNSHIP, "430102"),
    ("430102002", "戊乡", Level.TOWNSHIP, "430102"),
)
DEVICES = {
    "p1": ("430000", "10.255.0.1"), "p2": ("430000", "10.255.0.2"),
    "c1": ("430100", "10.255.1.1"), "c2": ("430100", "10.255.1.2"),
    "k1": ("430102", "10.255.2.1"), "k2": ("430102", "10.255.2.2"),
    "t1": ("430102001", "10.255.3.1"), "t2": ("430102002", "10.255.4.1"),
}  # fmt: skip
LINKS = {
    "p1-p2": ("p1", "p2"), "c1-c2": ("c1", "c2"), "k1-k2": ("k1", "k2"),
    "p1-c1": ("p1", "c1"), "p2-c2": ("p2", "c2"), "c1-k1": ("c1", "k1"), "c2-k2": ("c2", "k2"),
    "k1-t1": ("k1", "t1"), "k1-t2": ("k1", "t2"),
}  # fmt: skip
PARENTS = {"t1": "k1", "t2": "k1", "k1": "c1", "k2": "c2", "c1": "p1", "c2": "p2"}


def inventory() -> Inventory:
    """Return the registered network; an interface is named after its neighbour."""
    paths = {Level.CITY: 2, Level.COUNTY: 2}
    return Inventory(
        province="430000",
        title="",
        governments={
            code: Government(code, name, level, parent, 0 if level is Level.TOWNSHIP else 1)
            for code, name, level, parent in GOVERNMENTS
        },
        nodes={
            f"N-{code}": Node(f"N-{code}", code, "", paths.get(level, 1))
            for code, _, level, _ in GOVERNMENTS
        },
        devices={
            name: Device(name, name, f"N-{code}", code, "core", "frr", ip_address(address), address)
            for name, (code, address) in DEVICES.items()
        },
        links={
            name: Link(name, LinkKind.INTRA if a[0] == b[0] else LinkKind.WAN,
                       LinkEnd(a, f"to-{b}"), LinkEnd(b, f"to-{a}"))
            for name, (a, b) in LINKS.items()
        },
        departments={},
        exits={},
        plan=AddressPlan((PlannedPrefix(ip_network("10.0.0.0/8"), AddressClass.LOCAL_PUBLIC),)),
        applications={
            "A1": Application("A1", "金保", "province", ip_network("10.9.0.0/24"), "430000",
                              (Level.CITY, Level.COUNTY))
        },
    )  # fmt: skip


def neighbours(name: str) -> list[str]:
    """Return the devices that a device has links to."""
    return [b if a == name else a for a, b in LINKS.values() if name in (a, b)]


def below(name: str) -> set[str]:
    """Return a device and all that hang under it in the routing tree."""
    found = {name}
    for child, parent in PARENTS.items():
        if parent == name:
            found |= below(child)
    return found


def _row(text: str, via: str, protocol: str = "ospf") -> RouteRow:
    network = ip_network(text)
    hop = DEVICES[via][1] if via in DEVICES else ""
    return RouteRow(4, int(network.network_address), network.prefixlen, protocol, 10, 1, hop,
                    f"to-{via}", line=1)  # fmt: skip


def facts() -> dict[str, DeviceFacts]:
    """Return what a healthy network says of itself."""
    return {name: device_facts(name) for name in DEVICES}


def device_facts(name: str) -> DeviceFacts:
    """Return the facts of one healthy device: a tree of host routes, a default upward."""
    rows = []
    for child in (c for c, p in PARENTS.items() if p == name):
        rows += [_row(f"{DEVICES[d][1]}/32", child) for d in sorted(below(child))]
    if name in PARENTS:
        rows.append(_row("10.0.0.0/8", PARENTS[name]))
    else:
        other = "p2" if name == "p1" else "p1"
        rows += [_row(f"{DEVICES[d][1]}/32", other) for d in sorted(below(other))]
        rows.append(_row("10.9.0.0/24", "apps", "direct"))
    return DeviceFacts(
        device=name,
        platform="frr",
        contact=Contact.ANSWERED,
        interfaces=tuple(
            Interface(f"to-{other}", admin_up=True, link_up=True, protocol_up=True,
                      addresses=(), vpn="", source=Source(f"{name}/if", 1, 2))
            for other in neighbours(name)
        ),
        routes={("", 4): RouteTable("", 4, tuple(rows), f"{name}/rt")},
        answers=(CommandAnswer("show interface", AnswerState.UNDERSTOOD, f"{name}/if",
                               "sm3:" + "0" * 64),),
    )  # fmt: skip


def with_contact(known: dict[str, DeviceFacts], name: str, contact: Contact) -> None:
    """Let a device give nothing; its links stay up at the other ends."""
    known[name] = DeviceFacts(name, "frr", contact)


def with_link_down(known: dict[str, DeviceFacts], link: str, *, at: str) -> None:
    """Let one end of a link read as down."""
    a, b = LINKS[link]
    other = b if at == a else a
    known[at] = replace(
        known[at],
        interfaces=tuple(
            replace(i, link_up=False, protocol_up=False) if i.name == f"to-{other}" else i
            for i in known[at].interfaces
        ),
    )


def with_node_down(known: dict[str, DeviceFacts], name: str) -> None:
    """Let a device be dead: silent, and its links down at every other end."""
    with_contact(known, name, Contact.UNREACHABLE)
    for link, ends in LINKS.items():
        other = ends[1] if ends[0] == name else ends[0]
        if name in ends and known[other].has_answered:
            with_link_down(known, link, at=other)


def policy() -> Policy:
    """Return a policy with the target of the plan on all four levels."""
    return Policy(
        title={"zh": "", "en": ""},
        targets=tuple(
            Target(rate="connectivity.connected", scope=level, value="1", plan="HN", status="plan")
            for level in Level
        ),
        closure=Fraction(95, 100),
        minimum_strength=Strength.CONSISTENT,
        tolerated_unknown={},
        anchors=(ip_network("36.0.0.0/8"), ip_network("202.0.0.0/8")),
        allowed_exits="own_and_superiors",
        samples=(),
        digest="",
    )
