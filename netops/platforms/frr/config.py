"""``show running-config``: what FRR is told to do, whether it does it or not.

Knows static routes, VRFs, interfaces, BGP, policy routing and VRRP. Refuses to know the kernel:
address translation, ``ip rule`` and leased addresses of an FRR router are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from typing import Any

from netops.facts.access import RouterAdvertisement
from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.interfaces import Interface, InterfaceAddress
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import StaticRoute, VpnInstance
from netops.facts.system import ConfigLine, Configuration
from netops.platforms.answer import Answer, Parsed
from netops.platforms.frr.config_bgp import BgpReader
from netops.platforms.frr.config_pbr import PbrReader
from netops.platforms.frr.config_tree import Tree, build_tree
from netops.platforms.frr.names import vrf_name
from netops.platforms.frr.static_lines import parse_static
from netops.platforms.jsontext import as_address, as_interface, as_network

_FIRST_WORDS = re.compile(r"(frr version|frr defaults|hostname|service |log |ip route|interface )")
_INTERFACE = re.compile(r"interface (\S+)(?: vrf (\S+))?$")
_VRF = re.compile(r"vrf (\S+)$")
_ADDRESS = re.compile(r"ipv?6? address (\S+)(?: peer \S+)?(?P<more>.*)$")
_RA_PREFIX = re.compile(r"ipv6 nd prefix (\S+)")
_VRRP = re.compile(r"vrrp (\d+)(?: (priority|ip|ipv6|version|shutdown) ?(\S*))?")


@dataclass(slots=True)
class _Reader:
    """Facts as the lines come; interfaces and groups are gathered and closed at the end."""

    answer: Answer
    statics: list[StaticRoute] = field(default_factory=list)
    interfaces: dict[str, list[ConfigLine]] = field(default_factory=dict)
    vrfs: dict[str, ConfigLine] = field(default_factory=dict)
    bindings: dict[str, str] = field(default_factory=dict)
    bgp: BgpReader = field(init=False)
    pbr: PbrReader = field(init=False)
    unread: list[UnreadLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bgp, self.pbr = BgpReader(self.answer), PbrReader(self.answer)

    def line(self, line: ConfigLine) -> bool:
        """Take one line. False when it should have been understood and was not."""
        top = line.parents[0] if line.parents else line.text
        word = top.split(" ", 1)[0]
        reader = _READERS.get(word)
        return reader(self, line, top) if reader else True

    def static(self, line: ConfigLine, top: str) -> bool:
        """``ip route`` and ``ipv6 route`` at the top or in a VRF."""
        if not line.text.startswith(("ip route ", "ipv6 route ")):
            return True
        block = _VRF.match(top)
        route = parse_static(line.text, block[1] if block else "", self.answer.at(line.line))
        if route is None:
            return False
        self.statics.append(route)
        return True

    def vrf(self, line: ConfigLine, top: str) -> bool:
        """A VRF and what stands in it."""
        match = _VRF.match(top)
        if match and not line.parents:
            self.vrfs[match[1]] = line
        return self.static(line, top)

    def interface(self, line: ConfigLine, top: str) -> bool:
        """An interface and what stands in it."""
        match = _INTERFACE.match(top)
        if match is None:
            return False
        self.interfaces.setdefault(match[1], []).append(line)
        if match[2]:
            self.bindings[match[1]] = match[2]
        if line.text.startswith("vrf ") and line.parents:
            self.bindings[match[1]] = line.text[4:].strip()
        if line.text.startswith("pbr-policy "):
            self.pbr.apply(line.text.split(" ", 1)[1].strip(), match[1])
        return True

    def in_bgp(self, line: ConfigLine, top: str) -> bool:
        """``router bgp`` blocks; other routing processes carry no facts of ours."""
        return self.bgp.line(line, top) if top.startswith("router bgp ") else True

    def in_pbr(self, line: ConfigLine, top: str) -> bool:
        """Policy maps and next-hop groups."""
        return self.pbr.line(line, top)


_READERS: Mapping[str, Callable[[_Reader, ConfigLine, str], bool]] = {
    "ip": _Reader.static,
    "ipv6": _Reader.static,
    "vrf": _Reader.vrf,
    "interface": _Reader.interface,
    "router": _Reader.in_bgp,
    "pbr-map": _Reader.in_pbr,
    "nexthop-group": _Reader.in_pbr,
}


def parse_config(answer: Answer) -> Parsed:
    """Read the whole configuration."""
    tree = build_tree(answer)
    if not any(_FIRST_WORDS.match(line.text) for line in tree.lines):
        unread = tuple(UnreadLine(line.text[:200], answer.at(line.line)) for line in tree.lines)
        return Parsed((), unread, AnswerState.NOT_UNDERSTOOD, "no FRR configuration")
    reader = _Reader(answer)
    for line in tree.lines:
        if not reader.line(line):
            reader.unread.append(UnreadLine(line.text[:200], answer.at(line.line)))
    return Parsed(tuple(_facts(reader, tree)), tuple(reader.unread))


def _facts(reader: _Reader, tree: Tree) -> list[Any]:
    answer = reader.answer
    first = tree.lines[0].line
    facts: list[Any] = [Configuration(tree.lines, tree.complete, answer.at(first, tree.last))]
    facts.extend(reader.statics)
    facts.extend(_interface(reader, name, lines) for name, lines in reader.interfaces.items())
    for name, lines in reader.interfaces.items():
        facts.extend(_groups(reader, name, lines))
        facts.extend(_advertising(reader, name, lines))
    facts.extend(_instances(reader))
    facts.extend(reader.bgp.peers())
    facts.extend(reader.pbr.facts())
    return facts


def _instances(reader: _Reader) -> list[VpnInstance]:
    """Join VRF blocks, interfaces and the targets that BGP gives them."""
    found = []
    names = [*reader.vrfs, *(n for n in reader.bgp.instance_names() if n not in reader.vrfs)]
    for name in names:
        bound = tuple(i for i, vrf in reader.bindings.items() if vrf == name)
        declared = reader.vrfs.get(name)
        instances = reader.bgp.instances(name, bound)
        if not instances or all(instance.family != 4 for instance in instances):  # noqa: PLR2004 - IPv4
            source = reader.answer.at(declared.line if declared else 1)
            found.append(VpnInstance(name, 4, interfaces=bound, source=source))
        found.extend(instances)
    return found


def _interface(reader: _Reader, name: str, lines: list[ConfigLine]) -> Interface:
    addresses, description, is_shut = [], None, False
    for line in lines:
        if match := _ADDRESS.match(line.text):
            address = as_interface(match[1])
            if address is not None:
                secondary = "secondary" in match["more"]
                addresses.append(InterfaceAddress(address, secondary=secondary))
        elif line.text.startswith("description "):
            description = line.text.split(" ", 1)[1]
        is_shut |= line.text == "shutdown"
    return Interface(
        name,
        admin_up=False if is_shut else None,
        addresses=tuple(addresses) or None,
        vpn=vrf_name(reader.bindings.get(name)),
        description=description,
        source=reader.answer.at(lines[0].line, lines[-1].line),
    )


def _advertising(reader: _Reader, name: str, lines: list[ConfigLine]) -> list[RouterAdvertisement]:
    """Tell of an interface that sends router advertisements: by default none does."""
    prefixes = [as_network(found[1]) for line in lines if (found := _RA_PREFIX.match(line.text))]
    told = tuple(prefix for prefix in prefixes if isinstance(prefix, IPv6Network))
    return [
        RouterAdvertisement(name, told, reader.answer.at(line.line))
        for line in lines
        if line.text == "no ipv6 nd suppress-ra"
    ]


def _groups(reader: _Reader, name: str, lines: list[ConfigLine]) -> list[VrrpGroup]:
    groups: dict[int, list[tuple[str, str, int]]] = {}
    for line in lines:
        if match := _VRRP.match(line.text):
            entry = (match[2] or "", match[3] or "", line.line)
            groups.setdefault(int(match[1][:4]), []).append(entry)
    found: list[VrrpGroup] = []
    for vrid, entries in groups.items():
        texts = [value for word, value, _ in entries if word in {"ip", "ipv6"}]
        known = [address for address in map(as_address, texts) if address is not None]
        priority = [int(v[:4]) for word, v, _ in entries if word == "priority" and v.isdecimal()]
        source = reader.answer.at(entries[0][2], entries[-1][2])
        found.extend(
            VrrpGroup(
                name,
                vrid,
                VrrpState.UNKNOWN,
                tuple(address for address in known if address.version == version),
                priority[0] if priority else None,
                source,
            )
            for version in sorted({address.version for address in known})
        )
    return found
