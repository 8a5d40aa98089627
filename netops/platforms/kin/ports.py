"""Interfaces: which are open without a purpose, and what guards those that hosts plug into.

Knows the statements that VRP and Comware share. Guards are opt-in: an access port without the
line is a port without the guard; where a default is not known, nothing is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN, Draft
from netops.platforms.kin.filters import Filters, Use
from netops.platforms.kin.layout import Statement, number_of
from netops.platforms.kin.routing import Speaker

_PHYSICAL = re.compile(
    r"(?:(?:M-|X|Ten-|Forty|Hundred|Twenty-Five|Twenty-Five-?|Forty-?|Hundred-?|Two-Five-?|FortyG|HundredG)?"
    r"(?:GigabitEthernet|GigE|Gigabit|GE|Ethernet)|XGigabitEthernet|MultiGE|Ethernet|\d{1,3}GE"
    r"|TwoHundredGigE|FourHundredGigE)\d+(?:/\d+){1,3}(?::\d+)?"
)
_EMPTY = re.compile(
    r"(?:port link-mode|undo portswitch|portswitch|combo|negotiation|undo negotiation|speed|duplex"
    r"|flow-control|description|port link-type access|broadcast-suppression|undo dcn|mdi|jumboframe"
    r"|device transceiver)\b"
)
_SWITCHES = frozenset({"shutdown", "undo shutdown"})
_PLACES_OF_LIST = {"traffic-filter", "packet-filter"}
_WHOLE = 100
_NAMED = 24
"""Ports of one value that are named one by one."""


@dataclass(slots=True)
class Port:
    """An interface as its statements tell it."""

    name: str
    line: int
    last: int
    shut: bool = False
    purposeless: bool = True
    access: bool = False
    routed: bool = False
    admission: bool = False
    snooping: bool = False
    storm: bool | None = None
    lldp: bool | None = None
    urpf: str = ""


@dataclass(slots=True)
class Ports:
    """All interfaces; ``routed_by_default``: a port with an address needs no word for it."""

    ports: list[Port] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    has_ipv6: bool = False
    snooping: bool = False
    snooping_vlans: bool = False
    lldp: bool | None = None
    urpf: str = ""
    aggregates: int = 0

    def read(self, statement: Statement, name: str, filters: Filters) -> None:
        """Read one interface."""
        port = Port(name, statement.line, statement.last)
        speaker: Speaker | None = None
        mode_is_bridge = False
        for child in statement.below:
            text = child.text
            if port.purposeless and text not in _SWITCHES and not _EMPTY.match(text):
                port.purposeless = False
            first = text.partition(" ")[0]
            if first in _SPOKEN:
                speaker = speaker or Speaker(name, statement.line)
                speaker.read(child.words, child.line)
            reader = _READERS.get(first)
            if reader is not None:
                reader(port, child)
            if first in _PLACES_OF_LIST:
                _bind(filters, name, child)
            if first == "ipv6":
                self.has_ipv6 |= text == "ipv6 enable" or text.startswith("ipv6 address ")
            mode_is_bridge |= text == "port link-mode bridge"
        port.access |= mode_is_bridge and not port.routed and not _types(statement)
        self.ports.append(port)
        self.aggregates += name.startswith(("Eth-Trunk", "Bridge-Aggregation", "Route-Aggregation"))
        if speaker is not None:
            if port.shut:
                speaker.shut()
            self.speakers.append(speaker)

    def write(self, draft: Draft, *, lldp: bool | None, up_unless_shut: bool) -> None:
        """Write the settings; ``lldp`` is the default of the whole device where known."""
        lldp = self.lldp if self.lldp is not None else lldp
        draft.put("lldp.enabled", lldp)
        draft.put("dhcp.snooping", self.snooping)
        if self.urpf or any(port.routed for port in self.ports):
            draft.put("urpf.device", self.urpf or "none")
        said = Alike()
        for port in self.ports:
            if port.shut:
                continue
            if port.purposeless and up_unless_shut and _PHYSICAL.fullmatch(port.name):
                said.note("interface.open_unused", True, port)
            if port.access:
                _note_access(said, port, guarded=self.snooping_vlans, lldp=lldp)
            elif port.routed and not port.name.startswith(("LoopBack", "MEth", "M-Gig")):
                said.note("interface.urpf", port.urpf or self.urpf or "none", port)
        said.write(draft)


class Alike:
    """What is said of ports, gathered by value: of thousands that are alike some are named."""

    def __init__(self) -> None:
        self._ports: dict[tuple[str, Value], list[Port]] = {}

    def note(self, name: str, value: Value | None, port: Port) -> None:
        """Note a value; None is not known and not noted."""
        if value is not None:
            self._ports.setdefault((name, value), []).append(port)

    def write(self, draft: Draft) -> None:
        """Write the first ports of each value one by one, and the others as one."""
        for (name, value), ports in self._ports.items():
            for port in ports[:_NAMED]:
                draft.put(name, value, port.line, port.last, port.name)
            others = ports[_NAMED:]
            if others:
                key = f"{others[0].name} … {others[-1].name} ({len(others)})"
                draft.put(name, value, others[0].line, others[-1].last, key)


def _note_access(said: Alike, port: Port, *, guarded: bool, lldp: bool | None) -> None:
    said.note("access_port.admission", port.admission, port)
    said.note("access_port.snooping", port.snooping or guarded, port)
    said.note("access_port.storm_control", UNKNOWN if port.storm is None else port.storm, port)
    if lldp is not None:
        said.note("access_port.lldp", lldp and port.lldp is not False, port)


_SPOKEN = frozenset({"ip", "ospf", "isis", "vrrp"})


def _types(statement: Statement) -> str:
    return next((c.text for c in statement.below if c.text.startswith("port link-type ")), "")


def _bind(filters: Filters, name: str, child: Statement) -> None:
    """Read ``traffic-filter inbound acl 3000`` and ``packet-filter [ipv6|name] 3000 inbound``."""
    words = child.words[1:]
    direction = next((word for word in words if word in {"inbound", "outbound"}), "")
    family = 6 if "ipv6" in words else 4
    fixed = {"inbound", "outbound", "acl", "ipv6", "name", "hardware-count", "share-mode", "number"}
    wanted = next((word for word in words if word not in fixed), "")
    if direction and wanted and wanted != "filter":
        filters.bind(f"{name} {direction}", wanted, family, Use.TRAFFIC, child.line)


def _port(port: Port, child: Statement) -> None:
    text = child.text
    if text.startswith(("port link-type access", "port access vlan", "port default vlan")):
        port.access = True
    elif text.startswith(("port link-type trunk", "port link-type hybrid")):
        port.access = False
    elif text == "port link-mode route":
        port.routed = True


def _ip(port: Port, child: Statement) -> None:
    words = child.words
    port.routed |= words[1:2] == ["address"]
    if words[1:2] == ["urpf"]:
        port.urpf = _urpf(words[2:])


def _urpf_line(port: Port, child: Statement) -> None:
    port.urpf = _urpf(child.words[1:])


def _urpf(words: list[str]) -> str:
    return next((word for word in words if word in {"strict", "loose"}), "strict")


def _admission(port: Port, _child: Statement) -> None:
    port.admission = True


def _port_security(port: Port, child: Statement) -> None:
    port.admission |= child.words[1:2] != ["max-mac-count"]


def _dot1x(port: Port, child: Statement) -> None:
    """``dot1x`` alone or ``dot1x enable`` guards; ``dot1x max-user`` and others only tune."""
    port.admission |= child.words[1:] in ([], ["enable"])


def _snooping(port: Port, child: Statement) -> None:
    text = child.text
    port.snooping |= "snooping" in text or "source-guard" in text or "verify source" in text


def _storm(port: Port, child: Statement) -> None:
    """Read the guard against broadcast; a share of the whole band guards nothing."""
    words = child.words
    if words[0] == "broadcast-suppression":
        share = number_of(words[1]) if len(words) == 2 else None  # noqa: PLR2004 - a share
        port.storm = share is None or share < _WHOLE
    elif "broadcast" in words:
        port.storm = True


def _undo(port: Port, child: Statement) -> None:
    words = child.words[1:]
    if words[:1] == ["lldp"]:
        port.lldp = False
    elif words == ["shutdown"]:
        port.shut = False
    elif words[:1] == ["portswitch"]:
        port.routed, port.access = True, False
    elif words[:1] in (["storm-control"], ["storm-constrain"], ["broadcast-suppression"]):
        port.storm = False


def _lldp(port: Port, child: Statement) -> None:
    if "disable" in child.words:
        port.lldp = False


def _shut(port: Port, child: Statement) -> None:
    port.shut |= child.text == "shutdown"


_READERS = {
    "shutdown": _shut, "port": _port, "ip": _ip, "urpf": _urpf_line, "undo": _undo, "lldp": _lldp,
    "dot1x": _dot1x, "mac-authen": _admission, "mac-authentication": _admission,
    "authentication": _admission, "authentication-profile": _admission,
    "port-security": _port_security, "dhcp": _snooping, "dhcp-snooping": _snooping,
    "storm-control": _storm, "storm-constrain": _storm, "broadcast-suppression": _storm,
    "storm": _storm,
}  # fmt: skip
