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
_PLACES_OF_LIST = {"traffic-filter", "traffic-secure", "packet-filter"}
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
    profile: str = ""
    """That says how hosts are asked."""
    asked: set[str] | None = None
    """Guards that act only where the whole device has them switched on."""
    vlan: str = "1"
    snooping: bool = False
    storm: bool | None = None
    lldp: bool | None = None
    urpf: str = ""
    joined: str = ""
    """The aggregation that it is a part of."""


@dataclass(slots=True)
class Ports:
    """All interfaces; ``routed_by_default``: a port with an address needs no word for it."""

    ports: list[Port] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    has_ipv6: bool = False
    snooping: bool = False
    snooped: bool = False
    """Whether snooping of the whole device guards every port by itself."""
    guarded_vlans: set[int] = field(default_factory=set)
    switched: set[str] = field(default_factory=set)
    lldp: bool | None = None
    urpf: str = ""
    profiles: dict[str, bool] = field(default_factory=dict)
    """By profile of admission whether it asks hosts in any way."""
    joined: dict[str, int] = field(default_factory=dict)
    """By aggregation how many lines that nobody shut are joined in it."""

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
                bind_filter(filters, name, child)
            if first == "ipv6":
                self.has_ipv6 |= text == "ipv6 enable" or text.startswith("ipv6 address ")
            mode_is_bridge |= text == "port link-mode bridge"
        port.access |= mode_is_bridge and not port.routed and not _types(statement)
        self.ports.append(port)
        if not port.shut:
            self.joined[port.joined] = self.joined.get(port.joined, 0) + 1
        if speaker is not None:
            if port.shut:
                speaker.shut()
            self.speakers.append(speaker)

    @property
    def aggregates(self) -> bool:
        """Whether lines are joined so that one may fail."""
        return any(count > 1 for name, count in self.joined.items() if name)

    def switch(self, words: list[str]) -> None:
        """Read ``[undo] dot1x [enable]``, ``mac-authentication``, ``port-security enable``."""
        if words[0] == "undo":
            self.switched.discard(words[1])
        elif words[1:] in ([], ["enable"]):
            self.switched.add(words[0])

    def profile(self, statement: Statement, words: list[str]) -> None:
        """Read ``authentication-profile name P`` with the ways of asking that it joins."""
        ways = (child.words[0] for child in statement.below)
        asks = any(way.endswith("-access-profile") for way in ways)
        if asks or not words[-1].endswith(_BUILT_IN):
            self.profiles[words[-1]] = asks

    def guard(self, words: list[str]) -> None:
        """Note VLANs whose addresses are checked: ``vlan 10``, ``vlan 2 to 5 9``."""
        numbers = [number_of(word, 4095) for word in words]
        for at, number in enumerate(numbers):
            if number is not None:
                since = numbers[at - 2] if at > 1 and words[at - 1] == "to" else None
                self.guarded_vlans.update(range(number if since is None else since, number + 1))

    def write(self, draft: Draft, *, lldp: bool | None, up_unless_shut: bool) -> None:
        """Write the settings; ``lldp`` is the default of the whole device where known."""
        lldp = self.lldp if self.lldp is not None else lldp
        draft.put("lldp.enabled", lldp)
        draft.put("dhcp.snooping", self.snooping)
        if self.urpf or any(port.routed for port in self.ports):
            draft.put("urpf.device", self.urpf or "none")
        draft.put("interface.shut", tuple(port.name for port in self.ports if port.shut))
        said = Alike()
        for port in self.ports:
            if port.shut:
                continue
            if port.purposeless and up_unless_shut and _PHYSICAL.fullmatch(port.name):
                said.note("interface.open_unused", True, port)
            if port.access:
                self._note_access(said, port, lldp=lldp)
            elif port.routed and not port.name.startswith(("LoopBack", "MEth", "M-Gig")):
                said.note("interface.urpf", port.urpf or self.urpf or "none", port)
        said.write(draft)

    def _note_access(self, said: Alike, port: Port, *, lldp: bool | None) -> None:
        admission: Value = port.admission or bool(port.asked and port.asked & self.switched)
        if port.profile and not admission:
            admission = self.profiles.get(port.profile, UNKNOWN)
        guarded = self.snooped or port.snooping or number_of(port.vlan) in self.guarded_vlans
        said.note("access_port.admission", admission, port)
        said.note("access_port.snooping", guarded, port)
        said.note("access_port.storm_control", UNKNOWN if port.storm is None else port.storm, port)
        if lldp is not None:
            said.note("access_port.lldp", lldp and port.lldp is not False, port)


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


SWITCHES = frozenset({"dot1x", "mac-authen", "mac-authentication", "port-security"})
_SPOKEN = frozenset({"ip", "ospf", "ospfv3", "isis", "rip", "mpls", "vrrp", "vrrp6"})


def _types(statement: Statement) -> str:
    return next((c.text for c in statement.below if c.text.startswith("port link-type ")), "")


def bind_filter(filters: Filters, name: str, child: Statement) -> None:
    """Read ``traffic-filter inbound acl 3000`` and ``packet-filter [ipv6|name] 3000 inbound``."""
    words = child.words[1:]
    direction = next((word for word in words if word in {"inbound", "outbound"}), "")
    family = 6 if "ipv6" in words else 4
    fixed = {"inbound", "outbound", "acl", "ipv6", "name", "hardware-count", "share-mode", "number",
             "mac", "user-defined"}  # fmt: skip
    wanted = next((word for word in words if word not in fixed), "")
    if direction and wanted and wanted != "filter":
        use = Use.PART if "rule" in words else Use.TRAFFIC
        filters.bind(f"{name} {direction}", wanted, family, use, child.line)


def _joined(port: Port, child: Statement) -> None:
    """Read ``eth-trunk 1`` and ``port link-aggregation group 1``."""
    port.joined = next((word for word in child.words if word.isdecimal()), "")


def _port(port: Port, child: Statement) -> None:
    text = child.text
    if text.startswith(("port link-type access", "port access vlan", "port default vlan")):
        port.access = True
        port.vlan = text.rpartition(" ")[2] if "vlan" in text else port.vlan
    elif text.startswith(("port link-type trunk", "port link-type hybrid")):
        port.access = False
    elif text.startswith("port hybrid "):
        _hybrid(port, child.words)
    elif text == "port link-mode route":
        port.routed = True
    elif text.startswith("port link-aggregation group "):
        _joined(port, child)


def _hybrid(port: Port, words: list[str]) -> None:
    """A hybrid port with a VLAN of its own and none that is tagged is one for hosts."""
    if words[2] == "pvid" and port.vlan:
        port.access, port.vlan = True, words[-1]
    elif "tagged" in words:
        port.access, port.vlan = False, ""


def _ip(port: Port, child: Statement) -> None:
    words = child.words
    topic = words[1] if len(words) > 1 else ""
    port.routed |= topic == "address"
    if topic == "urpf":
        port.urpf = urpf_of(words[2:])
    elif topic in _SOURCE_CHECKS:
        _snooping(port, child)


_SOURCE_CHECKS = frozenset({"verify", "source"})
"""``ip verify source …`` of Comware, ``ip source check user-bind enable`` of VRP."""


def _urpf_line(port: Port, child: Statement) -> None:
    port.urpf = urpf_of(child.words[1:])


def urpf_of(words: list[str]) -> str:
    """Read the kind of check; a loose one that the default route passes lets everything pass."""
    kind = next((word for word in words if word in {"strict", "loose"}), "strict")
    by_default = any(word.startswith("allow-default") for word in words)
    return "void" if by_default and kind == "loose" else kind


def _admission(port: Port, _child: Statement) -> None:
    port.admission = True


def _profile(port: Port, child: Statement) -> None:
    port.profile = child.words[-1]


_BUILT_IN = "_authen_profile"
"""Of those that every switch has, nothing is printed of how they ask."""


def _port_security(port: Port, child: Statement) -> None:
    """Read what lets few hosts in; ``intrusion-mode`` and others only say what then happens."""
    words = child.words
    if words[1:2] == ["enable"]:
        port.admission = True
    elif words[1:2] == ["port-mode"] and "noRestrictions" not in words:
        port.asked = {*(port.asked or ()), words[0]}


def _asked(port: Port, child: Statement) -> None:
    """``dot1x`` alone or ``dot1x enable`` guards; ``dot1x max-user`` and others only tune."""
    words = child.words
    if words[1:] in ([], ["enable"]):
        port.asked = {*(port.asked or ()), words[0]}


def _snooping(port: Port, child: Statement) -> None:
    text = child.text
    port.snooping |= any(word in text for word in _ADDRESS_CHECKS)


_ADDRESS_CHECKS = ("snooping", "source-guard", "verify source", "check user-bind")


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
    elif words[:1] and port.asked and len(words) == 1:
        port.asked.discard(words[0])
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
    "eth-trunk": _joined, "shutdown": _shut, "port": _port, "ip": _ip, "urpf": _urpf_line,
    "undo": _undo, "lldp": _lldp,
    "dot1x": _asked, "mac-authen": _asked, "mac-authentication": _asked,
    "authentication": _admission, "authentication-profile": _profile,
    "port-security": _port_security, "dhcp": _snooping, "dhcp-snooping": _snooping,
    "arp": _snooping, "ipv4": _snooping,
    "storm-control": _storm, "storm-constrain": _storm, "broadcast-suppression": _storm,
    "storm": _storm,
}  # fmt: skip
