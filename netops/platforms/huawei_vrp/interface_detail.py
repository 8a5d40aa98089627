"""``display interface``: one block an interface, in the words of routers and switches.

A dialer's own line says ``UP (spoofing)`` always; only its sub-block (``Dialer1:0``) tells
whether the session stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from netops.facts.access import Cellular, Dialer, Tunnel
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.source import Source
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface
from netops.platforms.huawei_vrp.scan import Scan, to_address, to_interface, to_mac

_HEAD = re.compile(
    r"(\S+) current state\s*:\s*(Administratively )?(UP|DOWN)\b[^:]{0,40}"
    r"(?:\(ifindex:\s*\d+\))?\s*,?$",
    re.IGNORECASE,
)
_SUB = re.compile(r".*\d:\d+$")
_PROTOCOL = re.compile(r"\s*Line protocol current state\s*:\s*(UP|DOWN)\b(.*)$", re.IGNORECASE)
_DESCRIPTION = re.compile(r"\s*Description\s*:(.*)$")
_ADDRESS = re.compile(
    r"\s*(?:Internet Address|IPv6 Address) is (.{0,80}?)(?:([0-9a-fA-F:.]{2,45}/\d{1,3})\)?)?"
    r"(?:\s+(Sub|Primary))?\s*$"
)
_MTU = re.compile(r".*\b(?:Maximum Transmit Unit|MTU) is (\d{1,9})")
_MAC = re.compile(r".*\bHardware address is ([0-9A-Fa-f-]{14})\b")
_SPEED = re.compile(r"\s*(?:Port BW\s*:.*|Speed\s*:\s*(\d{1,9}|[A-Za-z]+)\s*(?:,.*)?)$")
_SESSION = re.compile(r"\s*LCP (\w+)((?:,\s*\w+ \w+)*)\s*$")
_NETWORK = re.compile(r"\s*Current Network Connection\s*=\s*(.*)$")

_TUNNEL = re.compile(
    r"\s*Tunnel (?:source (?P<source>\S+?)(?: \(.{0,80}?\))?, destination (?P<peer>\S+)"
    r"|protocol/transport (?P<mode>[A-Za-z0-9 _-]{1,30})(?:/.*|,.*|\s*$))"
)
_TUNNEL_MODES = {"gre": "gre", "ip": "ipip", "ipv4": "ipip", "ipv6": "sit", "mpls te": "mpls-te"}

_NO_ADDRESS = re.compile(r"allocated by|negotiated|unnumbered|unassigned|not configured")
_ORIGINS = (
    ("allocated by DHCP", AddressOrigin.DHCP),
    ("negotiated", AddressOrigin.PPP),
    ("unnumbered", AddressOrigin.UNNUMBERED),
)
_FACTORY_DESCRIPTION = re.compile(r"HUAWEI, .{0,60} Interface(?: \(\w+\))?", re.IGNORECASE)

_KNOWN = re.compile(
    r"\s*(?:Last (?:line protocol|physical) (?:up|down) time\s*:|Last \d+ seconds? (?:input|output)"
    r"|Last time when|Current system time\s*:|Current BW\s*:|The Vendor|The port "
    r"|Real ?time \d+ sec"
    r"|(?:Input|Output)\s*(?:peak rate|bandwidth utilization|utility|packets|:| Bandwidth)"
    r"|(?:In|Out)put:|(?:Route|Switch) Port\b|Port Mode\s*:|Duplex\s*:|Mdi\s*:|Loopback\s*:"
    r"|Internet protocol processing|Link layer protocol|Link-type|PVID\b|TPID\b"
    r"|Physical is|Physical connection|Packets statistics\s*:|Bound to|Encapsulation is|Tunnel "
    r"|keepalive|Checksumming|Keepalive|IP Sending Frames|Hardware address|Statistics|Statistic\b"
    r"|(?:Model|Manufacturer|Modem|Service|Current (?:RSSI|SINR|RSRP|RSRQ|Service|Operator|LTE|"
    r"Work|Network|Data|Band|PDP|APN|Cell))\b.{0,80}?(?:[=:]|$)"
    r"|(?:FCS|Address|Control field control) error packets\s*:|Total Error|Discard"
    r"|(?:Unicast|Ununicast|Multicast|Broadcast|Jumbo|CRC|Giants|Jabbers|Throttles|Runts|Symbols"
    r"|Ignoreds|Frames|Collisions|ExcessiveCollisions|Late Collisions|Deferreds|Lates|Alignment"
    r"|Fragments|Oversize|Undersize|Pause|Align|Local fault|Remote fault|Buffers Purged|Errors|"
    r"OAM Cells|Packet Errors|Cell Errors|Underruns?|Overruns?|No carrier|Lost carriers?|Dribble"
    r"|Octets|Drops?|Sec|Discards|Others?|Fec|Correct|Uncorrect)[\w ]*\s*:"
    r"|(?:Rx|Tx) (?:Power|optical)|(?:Wave|Transceiver|Rx0|Tx0|The )\w*|Port (?:PHY|BW|hardware)"
    r"|PortName\s|The Number of|(?:Input|Output)|QoS max|Hash|Maximal BW|WorkingMode|Least "
    r"|Ethernet link|Optical transceiver is |LAG"
    r"|Flow control|Loopback|Negotiation|Multi[- ]|DSL|Standard|Line Mode"
    r"|(?:Auto-?neg|Media type|BW\b|Clock|Link quality|Trunk|Nego)\b)"
)
_ATTRIBUTE = re.compile(r"\s*[A-Za-z][\w /().'-]{1,50}?\s*[:=](?:\s|$)")
"""Attributes differ by media and release; the words that we read ourselves are not among them."""
_COUNTED = re.compile(
    r"\s+\d+ (?:unicast|broadcast|multicast|errors?|unknownprotocol|drops?|packets|bytes)"
    r"(?:,\s?\d+ \w{4,16}){0,3}|\s+\d+ (?:in|out)put error"
    r"|\s+\d+ packets (?:in|out)put,\s+\d+ bytes|\s+\d+ seconds (?:in|out)put rate .{1,60}"
)
_MEMBER = re.compile(r"\s*([A-Za-z0-9/.:-]{3,40})\s+(?:UP|DOWN)\b(?:\([a-zA-Z]+\))?\s+\d+\s*$")


@dataclass(slots=True)
class _Block:
    name: str
    first: int
    last: int
    values: dict[str, Any]
    addresses: list[InterfaceAddress] = field(default_factory=list)
    sub_block: bool = False
    session: bool | None = None
    network: str | None = None
    members: list[str] = field(default_factory=list)
    tunnel: dict[str, str] = field(default_factory=dict)


def _on_protocol(block: _Block, found: re.Match[str]) -> None:
    if not block.sub_block:
        block.values["protocol_up"] = found[1].upper() == "UP"
        block.values["spoofing"] = "spoofing" in found[2].lower()


def _on_description(block: _Block, found: re.Match[str]) -> None:
    text = found[1].strip()
    block.values["description"] = "" if _FACTORY_DESCRIPTION.fullmatch(text) else text


def _on_address(block: _Block, found: re.Match[str]) -> bool:
    address = to_interface(found[2] or "")
    origin = next((o for words, o in _ORIGINS if words in found[1]), AddressOrigin.CONFIGURED)
    if origin is AddressOrigin.PPP and block.name.startswith("Cellular"):
        origin = AddressOrigin.CELLULAR
    if address is not None:
        block.addresses.append(InterfaceAddress(address, origin, secondary=found[3] == "Sub"))
    return address is not None or _NO_ADDRESS.search(found[1]) is not None


def _on_mtu(block: _Block, found: re.Match[str]) -> None:
    block.values["mtu"] = int(found[1])


def _on_mac(block: _Block, found: re.Match[str]) -> None:
    block.values["mac"] = to_mac(found[1])


def _on_speed(block: _Block, found: re.Match[str]) -> None:
    if found[1] and found[1].isdecimal():
        block.values["speed_mbps"] = float(found[1])


def _on_session(block: _Block, found: re.Match[str]) -> None:
    if block.sub_block:
        opened = "ipcp opened" in found[2].lower() or "ip6cp opened" in found[2].lower()
        block.session = found[1].lower() == "opened" and opened


def _on_network(block: _Block, found: re.Match[str]) -> None:
    block.network = found[1].strip()


def _on_tunnel(block: _Block, found: re.Match[str]) -> None:
    block.tunnel.update({key: text for key, text in found.groupdict().items() if text})


_FIELDS: Mapping[str, tuple[re.Pattern[str], Callable[[_Block, re.Match[str]], bool | None]]] = {
    "Line": (_PROTOCOL, _on_protocol),
    "Description": (_DESCRIPTION, _on_description),
    "Internet": (_ADDRESS, _on_address),
    "IPv6": (_ADDRESS, _on_address),
    "Route": (_MTU, _on_mtu),
    "The": (_MTU, _on_mtu),
    "IP": (_MAC, _on_mac),
    "Hardware": (_MAC, _on_mac),
    "Port": (_SPEED, _on_speed),
    "Speed": (_SPEED, _on_speed),
    "Tunnel": (_TUNNEL, _on_tunnel),
    "LCP": (_SESSION, _on_session),
    "Current": (_NETWORK, _on_network),
}
"""By the first word of the line, since these displays are long."""

_FIRST_WORD = re.compile(r"\s*([A-Za-z0-9]+)")


def parse_interface(answer: Answer) -> Parsed:
    """Read ``display interface [NAME]``; dialers and modems give facts of their own."""
    scan = Scan(answer)
    blocks: list[_Block] = []
    for number, line in scan.lines():
        head = _HEAD.match(line)
        if head:
            _begin(blocks, head, number)
        elif blocks and _take(blocks[-1], line):
            blocks[-1].last = number
        else:
            scan.skip(number, line)
    trunks = {member: block.name for block in blocks for member in block.members}
    for block in blocks:
        scan.facts.extend(_facts(block, trunks.get(block.name), answer))
    return scan.done(understood=bool(blocks))


def _begin(blocks: list[_Block], head: re.Match[str], number: int) -> None:
    """Open a block; ``Dialer1:0`` goes on with the block of ``Dialer1``."""
    parent = head[1].rpartition(":")[0]
    if blocks and _SUB.match(head[1]) and parent == blocks[-1].name:
        blocks[-1].sub_block, blocks[-1].last = True, number
        blocks[-1].session = False
        return
    values = {"admin_up": not head[2], "link_up": head[3].upper() == "UP"}
    blocks.append(_Block(full_interface(head[1]), number, number, values))


def _take(block: _Block, line: str) -> bool:
    word = _FIRST_WORD.match(line)
    known = _FIELDS.get(word[1]) if word else None
    found = known[0].match(line) if known else None
    if known and found:
        return known[1](block, found) is not False
    if _KNOWN.match(line) or (known is None and _ATTRIBUTE.match(line)):
        return True
    if _COUNTED.fullmatch(line):
        return True
    member = _MEMBER.match(line)
    if member:
        block.members.append(full_interface(member[1]))
    return member is not None


def _tunnel(block: _Block, source: Source) -> Tunnel:
    told = block.tunnel
    mode = told.get("mode", "").strip().lower()
    return Tunnel(
        name=block.name,
        mode=_TUNNEL_MODES.get(mode, mode),
        local=to_address(told.get("source", "")),
        peer=to_address(told.get("peer", "")),
        source=source,
    )


def _facts(block: _Block, trunk: str | None, answer: Answer) -> tuple[Any, ...]:
    source = answer.at(block.first, block.last)
    interface = Interface(
        name=block.name,
        addresses=tuple(block.addresses),
        aggregate=trunk,
        source=source,
        **block.values,
    )
    if block.name.startswith("Dialer"):
        return interface, Dialer(block.name, bool(block.session), source)
    if block.name.startswith("Cellular"):
        connected = interface.link_up is True and bool(block.addresses)
        return interface, Cellular(block.name, connected, block.network or None, source)
    if block.name.startswith("Tunnel") and block.tunnel:
        return interface, _tunnel(block, source)
    return (interface,)
