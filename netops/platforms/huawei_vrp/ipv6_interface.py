"""``display ipv6 interface``: a block an interface, with its subnets and what it advertises.

Lines on router advertisements are printed only while the interface sends some. The form is that
of the vendor's references; no recording of it was seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.access import RouterAdvertisement
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface
from netops.platforms.huawei_vrp.scan import Scan, to_interface

_HEAD = re.compile(r"(\S+) current state\s*:\s*(Administratively )?(UP|DOWN)\b", re.IGNORECASE)
_PROTOCOL = re.compile(r"\s*IPv6 protocol current state\s*:\s*(UP|DOWN)\b(.*)$", re.IGNORECASE)
_LINK_LOCAL = re.compile(
    r"\s*IPv6 is (?:enabled|disabled)(?:,\s*link-local address is ([0-9A-Fa-f:]+))?", re.IGNORECASE
)
_SUBNET = re.compile(r"\s+([0-9A-Fa-f:.]+),\s*subnet is [0-9A-Fa-f:.]+/(\d{1,3})(.*)$")
_SENDS = re.compile(
    r"\s*ND router advertisements? (?:max interval|are sent|live for|hop-limit)", re.IGNORECASE
)
_KNOWN = re.compile(
    r"\s*(?:Global unicast address|No global unicast|No link-local|Joined group|FF[0-9A-F]{2}:"
    r"|MTU is|ND |Hosts use|Default route|VPN instance|Maximum|IPv6 Packet|\w+:\s+\d+\s*$)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Block:
    name: str
    admin_up: bool
    link_up: bool
    first: int
    last: int
    protocol_up: bool | None = None
    spoofing: bool = False
    addresses: list[InterfaceAddress] = field(default_factory=list)
    sends: list[int] = field(default_factory=list)

    def take(self, number: int, line: str) -> bool:
        """Take a line below the head; False when nobody knows it."""
        if found := _PROTOCOL.match(line):
            self.protocol_up = found[1].upper() == "UP"
            self.spoofing = "spoofing" in found[2].lower()
        elif found := _LINK_LOCAL.match(line):
            return not found[1] or self._add(f"{found[1]}/10", AddressOrigin.AUTOCONF)
        elif found := _SUBNET.match(line):
            auto = "auto" in found[3].lower()
            origin = AddressOrigin.AUTOCONF if auto else AddressOrigin.CONFIGURED
            return self._add(f"{found[1]}/{found[2]}", origin)
        elif _SENDS.match(line):
            self.sends.append(number)
        else:
            return _KNOWN.match(line) is not None
        return True

    def _add(self, text: str, origin: AddressOrigin) -> bool:
        address = to_interface(text)
        if address is None:
            return False
        self.addresses.append(InterfaceAddress(address, origin))
        return True


def parse_ipv6_interface(answer: Answer) -> Parsed:
    """Read the blocks: addresses with their subnets, and who advertises itself as a router."""
    scan = Scan(answer)
    blocks: list[_Block] = []
    for number, line in scan.lines():
        if head := _HEAD.match(line):
            up = head[3].upper() == "UP"
            name = full_interface(head[1])
            blocks.append(_Block(name, not head[2], up, number, number))
        elif blocks and blocks[-1].take(number, line):
            blocks[-1].last = number
        elif not line.lstrip().startswith("Info:"):
            scan.skip(number, line)
    for block in blocks:
        _facts(scan, block)
    return scan.done()


def _facts(scan: Scan, block: _Block) -> None:
    at = scan.answer.at
    scan.facts.append(
        Interface(
            block.name,
            block.admin_up,
            block.link_up,
            block.protocol_up,
            block.spoofing,
            tuple(block.addresses),
            source=at(block.first, block.last),
        )
    )
    if block.sends:
        source = at(block.sends[0], block.sends[-1])
        scan.facts.append(RouterAdvertisement(block.name, source=source))
