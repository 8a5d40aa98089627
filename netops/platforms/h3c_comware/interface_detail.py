"""Blocks of interfaces: ``display interface``, ``display ip interface`` and its IPv6 twin.

Knows the lines that say state, addresses and how they were obtained; recognises the lines of
counters and media so that they are not taken for something unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from netops.facts.access import Dialer, RouterAdvertisement, Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.policy_routes import PolicyRoute
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.policy import PLACE
from netops.platforms.h3c_comware.sheet import Sheet, address_of, with_mask

_STATE_WITH_NAME = re.compile(r"\s*(\S+) current state *: *(.+)", re.IGNORECASE)
_FACTS = tuple(
    (key, re.compile(pattern, re.IGNORECASE))
    for key, pattern in (
        ("state", r"\s*Current state *: *(.+)"),
        ("protocol", r"\s*Line protocol (?:current )?state *: *(\S+(?: *\(\w+\))?)"),
        ("description", r"\s*Description *: ?(.*)"),
        ("bandwidth", r"\s*Bandwidth *: *(\d+) *kbps"),
        ("mtu", r"\s*(?:The )?Maximum transmi(?:t|ssion) unit *(?:is|:) *(\d+)(?: bytes)?"),
        ("address", r"\s*Internet address *(?:is|:) *(\S+)(?: +\(?([\w-]+)\)?)?"),
        ("borrowed", r"\s*Internet address *(?:is|:)? *unnumbered,.*?\(?([\d.]+/?\d*)\)?"),
        ("no_address", r"\s*Internet protocol processing *: *disabled"),
        ("mac", r"\s*IP packet frame type *:.*hardware address *: *(\S+)"),
        ("tunnel_ends", r"\s*Tunnel source (\S+)(?: \(\S+\))?, destination (\S+)"),
        ("tunnel_mode", r"\s*Tunnel protocol/transport (\S.*)"),
        ("lcp", r"\s*LCP(?: *: *| )(\w+).*"),
        ("speed", r"\s*(\d+(?:\.\d+)?) *([MG])b?(?:ps|/s)?(?:-speed mode)? *, *.*"),
        ("policy", r"\s*Policy routing is enabled, using (?:route map|policy) (\S+)"),
        ("link_local", r"\s*IPv6 is (?:enabled|disabled)(?:, link-local address is (\S+).*)?"),
        ("advertises", r"\s*(ND router advertisements? (?:are sent|live for|max interval)) .*"),
        ("subnet6", r"\s+([0-9a-f:.]+), subnet is (\S+)(.*)"),
    )
)
_FURNITURE = re.compile(
    r"(?:IPv6 packet frame type|Last |Link |Loopback|Media |Media type|Port[ -]|QoS |Clock "
    r"|Ethernet port mode"
    r"|Unknown-speed|Flow-control|Output flow-control|Input flow-control|Allow jumbo|Forbid jumbo"
    r"|Broadcast |Multicast |Unicast |Known-unicast|Unknown-multicast|Unknown-unicast|No connector"
    r"|PVID|MDI type|Current system time|Peak |IPv[46] traffic statistics|Tagged |Untagged "
    r"|Trunk port|VLAN |Input|Output|Physical|Promiscuous|DCD|DTR|Phy-mru|Transfer time|GRE "
    r"|Checksumming|Encapsulation|Tunnel |Hold timer|Link layer protocol|Maximum frame length"
    r"|The maximum frame length|Internet protocol processing|Aggregat|Time delay|Auto-neg"
    r"|Broadcast address|ARP packet|ICMP packet|TTL invalid|Request packet|Reply packet"
    r"|Unknown packet|Echo |Unreachable|Source quench|Routing redirect|Router |Time exceed"
    r"|IP header bad|Timestamp|Information re|Netmask re|Unknown type|Policy routing"
    r"|No global|\[valid lifetime"
    r"|Global unicast|Joined group|FF\d\d:|MTU is|ND |Hosts use|Reachable|InReceives|\w+:\s+\d+$"
    r"|IPCP|OSICP|MPLSCP|IP6CP|IPV6CP|LCP|Interface is|Index|Hardware|Virtual|Baudrate|Cellular"
    r"|IPv6 Packet statistics|Service-loopback|Duplex|Full-duplex|Half-duplex|Configured as"
    r"|Damping|Suppress|Interface index|Optical|Transceiver|Vendor|FEC|Last-time|Keepalive"
    r"|Default|Traffic statistic|VSI|Statistics|IP-?Packet|Derived from|Bound to|Track)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"packet|byte|error|runt|giant|throttl|crc|frame|overrun|abort|ignored|parity|underrun"
    r"|buffer|deferred|collision|carrier|drop|broadcast|multicast|unicast|pause|dribble",
    re.IGNORECASE,
)
_VLAN_LIST = re.compile(r"\s{4,}\d+(?:\(\w[\w ]*\))?(?:-\d+)?(?:, *\d+(?:-\d+)?)*,?")
_ORIGINS = {
    "dhcp": AddressOrigin.DHCP,
    "cellular": AddressOrigin.CELLULAR,
    "ppp": AddressOrigin.PPP,
    "unnumbered": AddressOrigin.UNNUMBERED,
}
_MAX_COUNTER_LINE = 120


@dataclass(slots=True)
class _Block:
    """What one block has told so far."""

    name: str
    first: int
    last: int
    state: str = ""
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: list[InterfaceAddress] | None = None

    def take(self, key: str, groups: tuple[str | None, ...]) -> None:
        """Keep what a line said."""
        values = tuple(group or "" for group in groups)
        if key == "address":
            self._address(values[0], values[1])
        elif key == "borrowed":
            self._append(values[0], "", AddressOrigin.UNNUMBERED)
        elif key == "no_address":
            self.addresses = self.addresses or []
        elif key == "subnet6":
            self._address6(values)
        elif key == "state":
            self.state = values[0]
        elif key == "link_local" and values[0]:
            self._append(values[0], "10", AddressOrigin.AUTOCONF)
        else:
            self.told.setdefault(key, values)

    def _append(
        self, address: str, mask: str, origin: AddressOrigin, *, secondary: bool = False
    ) -> None:
        parsed = with_mask(address, mask)
        if parsed is not None:
            self.addresses = [*(self.addresses or []), InterfaceAddress(parsed, origin, secondary)]

    def _address(self, text: str, how: str) -> None:
        origin = _ORIGINS.get(how.lower().partition("-")[0], AddressOrigin.CONFIGURED)
        self._append(text, "", origin, secondary=how.lower() == "sub")

    def _address6(self, values: tuple[str, ...]) -> None:
        how = values[2].lower()
        origin = AddressOrigin.CONFIGURED
        if "autocfg" in how:
            origin = AddressOrigin.AUTOCONF
        elif "dhcp" in how:
            origin = AddressOrigin.DHCP
        self._append(values[0], values[1].partition("/")[2], origin)

    def speed(self) -> float | None:
        """Return the speed of the line, else the bandwidth."""
        if "speed" in self.told:
            number, unit = self.told["speed"]
            return float(number) * (1000 if unit.lower() == "g" else 1)
        if "bandwidth" in self.told:
            return int(self.told["bandwidth"][0][:15]) / 1000
        return None


def _facts(sheet: Sheet, block: _Block) -> None:
    source = sheet.at(block.first, block.last)
    state = block.state.lower()
    protocol = block.told.get("protocol", (None,))[0]
    mtu, mac = block.told.get("mtu"), block.told.get("mac")
    description = block.told.get("description")
    name = full_interface(block.name)
    sheet.facts.append(
        Interface(
            name=name,
            admin_up="administratively" not in state if state else None,
            link_up=state.startswith("up") if state else None,
            protocol_up=None if protocol is None else protocol.lower().startswith("up"),
            spoofing="spoofing" in (protocol or "").lower(),
            addresses=None if block.addresses is None else tuple(block.addresses),
            description=None if description is None else description[0].strip(),
            mac=mac[0].lower() if mac else None,
            mtu=int(mtu[0][:9]) if mtu else None,
            speed_mbps=block.speed(),
            source=source,
        )
    )
    if name.startswith("Dialer"):
        sheet.facts.append(Dialer(name, _is_dialed(block), source))
    if "advertises" in block.told:
        sheet.facts.append(RouterAdvertisement(name, source=source))
    for policy in block.told.get("policy", ()):
        sheet.facts.append(PolicyRoute(policy, PLACE, interfaces=(name,), source=source))
    if tunnel := _tunnel(name, block):
        local, peer, mode = tunnel
        sheet.facts.append(Tunnel(name, mode, local, peer, source=source))


def _is_dialed(block: _Block) -> bool | None:
    """Tell by an address or by LCP; UP (spoofing) proves nothing."""
    if any(a.origin is AddressOrigin.PPP for a in block.addresses or ()):
        return True
    if "lcp" in block.told:
        return block.told["lcp"][0].lower() == "opened"
    return None


def _tunnel(
    name: str, block: _Block
) -> tuple[IPv4Address | IPv6Address | None, IPv4Address | IPv6Address | None, str] | None:
    ends, mode = block.told.get("tunnel_ends"), block.told.get("tunnel_mode")
    if not name.startswith("Tunnel") or (ends is None and mode is None):
        return None
    local, peer = ends or ("", "")
    word = (mode or ("",))[0].lower()
    return address_of(local), address_of(peer), TUNNEL_MODES.get(word.partition("/")[0], word)


TUNNEL_MODES = {"gre": "gre", "ip": "ipip", "ipv6": "ipv6-ip", "udp_vxlan": "vxlan"}
"""First word of ``protocol/transport`` → our word."""


def _known(line: str) -> bool:
    text = line.strip()
    if _FURNITURE.match(text) or _VLAN_LIST.fullmatch(line):
        return True
    if len(text) > _MAX_COUNTER_LINE or not _COUNTED.search(text):
        return False
    return all(_COUNTER_PART.fullmatch(part.strip()) for part in text.split(",") if part.strip())


_COUNTER_PART = re.compile(r"(?:-|\d[\d.]*)? ?[a-z][a-z /()-]{0,40}", re.IGNORECASE)


def _begins(line: str) -> tuple[str, str] | None:
    """Return name and state when a line begins a block."""
    if (match := _STATE_WITH_NAME.fullmatch(line)) and is_interface(match[1]):
        return match[1], match[2]
    text = line.strip()
    return (text, "") if is_interface(text) and len(line) - len(text) <= 1 else None


def parse_interface_detail(answer: Answer) -> Parsed:
    """Parse blocks of interfaces in the forms of V5, V7 and V9."""
    sheet = Sheet(answer)
    block: _Block | None = None
    for number, line in sheet.rows():
        if begun := _begins(line):
            if block is not None:
                _facts(sheet, block)
            block = _Block(begun[0], number, number, begun[1])
            continue
        if block is None or not _take(block, line):
            sheet.miss(number, line)
        else:
            block.last = number
    if block is not None:
        _facts(sheet, block)
    return sheet.done()


def _take(block: _Block, line: str) -> bool:
    for key, pattern in _FACTS:
        if match := pattern.fullmatch(line):
            block.take(key, match.groups())
            return True
    return _known(line)
