"""``show interface``, ``show interface brief`` and ``show interface description`` in plain text.

Knows the lines zebra prints of an interface. Refuses to parse counters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from netops.facts.access import RouterAdvertisement, Tunnel
from netops.facts.interfaces import Interface, InterfaceAddress
from netops.platforms.answer import Answer, Parsed
from netops.platforms.frr.interfaces_json import access_facts, origin_of
from netops.platforms.frr.lines import Scan
from netops.platforms.frr.names import UNKNOWN_SPEED, tunnel_mode, vrf_name
from netops.platforms.jsontext import as_address, as_interface

_HEAD = re.compile(
    r"Interface (\S+) is (?:administratively )?(up|down)(?:, line protocol is (up|down))?"
)
_FIELDS = (
    ("vrf", re.compile(r"vrf: (\S+)")),
    ("description", re.compile(r"(?:OS )?Description: (.*)")),
    ("numbers", re.compile(r"index \d+ metric \d+ mtu (\d+)(?: speed (\d+))?")),
    ("type", re.compile(r"Type: (.+)")),
    ("mac", re.compile(r"HWaddr: (\S+)")),
    ("address", re.compile(r"inet6? (\S+)(?: (?:broadcast|peer) \S+)?(?P<more>.*)")),
    (
        "advertises",
        re.compile(r"(ND router advertisements are sent|ND router advertisements live)"),
    ),
    ("kind", re.compile(r"Interface Type (\S+)")),
    ("bond", re.compile(r"Master (?:interface|ifindex): (\S+)")),
    ("vtep", re.compile(r"VxLAN Id \d+(?: VTEP IP: (\S+))?.*?(?:Mcast Group (\S+)|$)")),
    ("gre", re.compile(r"VTEP IP: (\S+?)(?: ?, remote (\S+))?(?:\s|$)")),
)
_KNOWN = re.compile(
    r"(Link (ups|downs):|flags:|Interface Slave Type|Bridge VLAN-aware|protodown|Parent i|"
    r"Link Interface|pseudo interface|VLAN Id|Access VLAN|Vlan|NHRP|bandwidth|Traffic|EVPN|"
    r"Slave Interface|No. of|ES|input packets|output packets|MPLS enabled|"
    r"collisions|link params|Link Params|Maximum|Unreserved|Administrative|Link Delay|TE|"
    r"Ignore all|ND |Hosts use|\d+ (input|output)|rx|tx|drops)",
)
_BRIEF = re.compile(r"(\S+) +(up|down) +(\S+)(?: +(?:\+ )?([0-9a-fA-F.:]+/\d+))?")
_BRIEF_MORE = re.compile(r" {20,60}(?:\+ )?([0-9a-fA-F.:]+/\d+)")
_BRIEF_HEAD = re.compile(r"(Interface +Status +(VRF|Protocol)|-{3,} )")
_DESCRIBED = re.compile(r"(\S+) +(up|down) +(up|down|unknown) *(.*)")
_DESCRIBED_VRF = re.compile(r"\s+VRF (\S+?)\(\d+\)")


@dataclass(slots=True)
class _Block:
    """The lines of one interface."""

    name: str
    admin_up: bool
    link_up: bool
    first: int
    last: int
    values: dict[str, str] = field(default_factory=dict)
    addresses: list[tuple[str, bool]] = field(default_factory=list)
    ends: tuple[str | None, str | None] = (None, None)

    def line(self, text: str) -> bool:
        """Take one indented line; False when it is unknown."""
        for key, pattern in _FIELDS:
            if match := pattern.match(text):
                self._take(key, match)
                return True
        return _KNOWN.match(text) is not None

    def _take(self, key: str, match: re.Match[str]) -> None:
        if key == "address":
            self.addresses.append((match[1], "secondary" in match["more"]))
        elif key in {"vtep", "gre"}:
            self.ends = (match[1], match[2])
        elif key == "numbers":
            self.values["mtu"] = match[1]
            self.values["speed"] = match[2] or "0"
        else:
            self.values.setdefault(key, match[1].strip())

    def facts(self, answer: Answer) -> list[Any]:
        """Return the interface and what it is beside."""
        get, source = self.values.get, answer.at(self.first, self.last)
        link_type, vpn = get("type"), vrf_name(get("vrf"))
        speed = int(get("speed", "0")[:12])
        origin = origin_of(self.name, link_type)
        parsed = [(as_interface(text), second) for text, second in self.addresses]
        interface = Interface(
            name=self.name,
            admin_up=self.admin_up,
            link_up=self.link_up,
            protocol_up=self.link_up,
            addresses=tuple(InterfaceAddress(a, origin, second) for a, second in parsed if a),
            vpn=vpn,
            description=get("description", ""),
            mac=get("mac"),
            mtu=int(get("mtu", "0")[:12]) or None,
            speed_mbps=float(speed) if 0 < speed < UNKNOWN_SPEED else None,
            source=source,
        )
        facts = [interface, *access_facts(interface, link_type)]
        if "advertises" in self.values:
            facts.append(RouterAdvertisement(self.name, source=source))
        mode = tunnel_mode(self.name, link_type, get("kind"))
        if mode:
            local, peer = as_address(self.ends[0]), as_address(self.ends[1])
            facts.append(Tunnel(self.name, mode, local, peer, vpn, source))
        return facts


def parse_interfaces(answer: Answer) -> Parsed:
    """Read ``show interface [vrf all]``."""
    scan = Scan(answer)
    block: _Block | None = None
    for number, text in scan.lines():
        head = _HEAD.match(text)
        if head:
            if block:
                scan.facts.extend(block.facts(answer))
            is_up = head[2] == "up"
            block = _Block(head[1], is_up, is_up and head[3] == "up", number, number)
            scan.hit()
        elif block and text[0] == " " and block.line(text.strip()):
            block.last = number
            scan.hit()
        else:
            scan.miss(number, text)
    if block:
        scan.facts.extend(block.facts(answer))
    return scan.parsed()


def parse_brief(answer: Answer) -> Parsed:
    """Read ``show interface [vrf all] brief``: state, VRF and addresses (not whether all)."""
    scan = Scan(answer)
    rows: list[tuple[str, bool, str, int, list[InterfaceAddress]]] = []
    for number, text in scan.lines():
        if match := _BRIEF.match(text):
            rows.append((match[1], match[2] == "up", vrf_name(match[3]), number, []))
            _add_address(rows, match[4])
        elif (match := _BRIEF_MORE.match(text)) and rows:
            _add_address(rows, match[1])
        elif not _BRIEF_HEAD.match(text):
            scan.miss(number, text)
            continue
        scan.hit()
    for name, is_up, vpn, number, addresses in rows:
        scan.facts.append(
            Interface(
                name,
                link_up=is_up,
                protocol_up=is_up,
                addresses=tuple(addresses),
                vpn=vpn,
                source=answer.at(number),
            )
        )
    return scan.parsed()


def _add_address(
    rows: list[tuple[str, bool, str, int, list[InterfaceAddress]]], text: str | None
) -> None:
    address = as_interface(text)
    if address is not None:
        rows[-1][4].append(InterfaceAddress(address, origin_of(rows[-1][0], None)))


def parse_description(answer: Answer) -> Parsed:
    """Read ``show interface description``."""
    scan = Scan(answer)
    vpn: str | None = None
    for number, text in scan.lines():
        if match := _DESCRIBED_VRF.match(text):
            vpn = vrf_name(match[1])
            scan.hit()
        elif _BRIEF_HEAD.match(text):
            scan.hit()
        elif match := _DESCRIBED.match(text):
            source = answer.at(number)
            scan.hit(
                Interface(
                    match[1],
                    link_up=match[2] == "up",
                    protocol_up=match[3] == "up",
                    vpn=vpn,
                    description=match[4],
                    source=source,
                )
            )
        else:
            scan.miss(number, text)
    return scan.parsed()
