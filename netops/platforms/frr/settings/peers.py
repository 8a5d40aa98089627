"""Routing neighbours of FRR: how they prove who they are, and what is taken from them.

The running configuration prints keys in clear: of a key only its presence and kind is told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network

from netops.facts.settings import Value
from netops.platforms.addresses import read_interface, read_network
from netops.platforms.kin.draft import UNKNOWN_TEXT, Draft
from netops.platforms.kin.isis_rip import Isis, IsisLine, Rip, kind_of
from netops.platforms.kin.layout import Statement

_DIRECTION = frozenset({"in"})
_FILTERS = frozenset({"prefix-list", "route-map", "filter-list", "distribute-list"})
_LOOPBACKS = ("lo", "dummy")


@dataclass(slots=True)
class _Peer:
    line: int
    last: int
    group: str = ""
    remote: str = ""
    password: bool = False
    ttl: bool = False
    limit: bool = False
    filters: list[tuple[str, str]] = field(default_factory=list)
    shut: bool = False


@dataclass(slots=True)
class _Link:
    """What an interface says of routing."""

    name: str
    line: int
    down: bool = False
    networks: list[IPv4Interface] = field(default_factory=list)
    ospf: str = ""
    area: str = ""
    passive: bool | None = None
    isis: IsisLine = field(default_factory=IsisLine)
    rip_kind: str = ""
    ospf6: str = ""
    ospf6_kind: str = ""


@dataclass(slots=True)
class Peers:
    """Gathers neighbours and links; joins groups with their members at the end."""

    peers: dict[str, _Peer] = field(default_factory=dict)
    groups: dict[str, _Peer] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    links: dict[str, _Link] = field(default_factory=dict)
    areas: dict[str, tuple[str, int]] = field(default_factory=dict)
    networks: list[tuple[IPv4Network, str, int]] = field(default_factory=list)
    passive: set[str] = field(default_factory=set)
    loud: set[str] = field(default_factory=set)
    passive_default: bool = False
    isis: Isis = field(default_factory=Isis)
    rip_networks: Rip = field(default_factory=Rip)
    rip_places: list[tuple[IPv4Network, str, int]] = field(default_factory=list)
    rip_links: dict[str, int] = field(default_factory=dict)
    lists: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Kind, name and place of every list that a neighbour is bound to."""
    open_filters: set[tuple[str, str]] = field(default_factory=set)
    """Kind and name of lists that let everything pass."""
    requires_policy: tuple[bool, int] | None = None
    asks_by_default: bool | None = None
    """Whether outside neighbours need a policy where no line says it; None: not known."""

    def bgp(self, statement: Statement, words: list[str]) -> None:
        """Read ``router bgp AS [vrf V]`` with its families."""
        vrf = words[words.index("vrf") + 1] if "vrf" in words[:-1] else ""
        number = words[2] if len(words) > 2 else ""  # noqa: PLR2004 - router bgp AS
        for child in statement.below:
            self._bgp_line(child, vrf, number)
            for grandchild in child.below:
                self._bgp_line(grandchild, vrf, number)

    def _bgp_line(self, child: Statement, vrf: str, number: str) -> None:
        text = child.text
        if text.startswith("neighbor "):
            self._neighbour(child, vrf, number)
        elif text.startswith("bgp listen range "):
            self._range(child, vrf, number)
        elif text.startswith("no neighbor "):
            self._undone(child.words[2:], vrf)
        elif text.endswith("bgp ebgp-requires-policy"):
            wants = not text.startswith("no ")
            if not wants or self.requires_policy is None:  # one process that does not is enough
                self.requires_policy = (wants, child.line)

    def _neighbour(self, child: Statement, vrf: str, number: str) -> None:
        words = child.words
        if len(words) < 3:  # noqa: PLR2004 - neighbor, name, what
            return
        key = f"{words[1]} {vrf}".strip()
        is_group = words[2:] == ["peer-group"]
        table = self.groups if is_group or key in self.groups else self.peers
        peer = table.setdefault(key, _Peer(child.line, child.line))
        peer.last = max(peer.last, child.line)
        self.numbers[key] = number
        topic, rest = words[2], words[3:]
        if topic == "peer-group" and rest:
            peer.group = f"{rest[0]} {vrf}".strip()
        elif topic == "remote-as" and rest:
            peer.remote = rest[0]
        elif topic == "interface" and "remote-as" in rest[:-1]:
            peer.remote = rest[rest.index("remote-as") + 1]
        elif topic == "interface" and "peer-group" in rest[:-1]:
            peer.group = f"{rest[-1]} {vrf}".strip()
        peer.password |= topic == "password"
        peer.ttl |= topic == "ttl-security"
        peer.limit |= topic == "maximum-prefix" and "warning-only" not in rest
        peer.shut |= topic == "shutdown"
        if topic in _FILTERS and len(rest) > 1:
            self.lists.append((topic, rest[0], f"neighbor {words[1]} {rest[1]}", child.line))
            if rest[1] in _DIRECTION:
                peer.filters.append((topic, rest[0]))

    def _range(self, child: Statement, vrf: str, number: str) -> None:
        """Read ``bgp listen range PREFIX peer-group G``: whoever calls from there is one."""
        words = child.words
        if len(words) > 5:  # noqa: PLR2004 - prefix and group
            key = f"{words[3]} {vrf}".strip()
            group = f"{words[5]} {vrf}".strip()
            self.peers.setdefault(key, _Peer(child.line, child.line, group=group))
            self.numbers[key] = number

    def _undone(self, words: list[str], vrf: str) -> None:
        """Take back what an earlier line gave a neighbour, or the neighbour."""
        key = f"{words[0]} {vrf}".strip() if words else ""
        peer = self.peers.get(key) or self.groups.get(key)
        topic = words[1] if len(words) > 1 else ""
        if peer is None:
            return
        if not topic:
            self.peers.pop(key, None)
        elif topic == "password":
            peer.password = False
        elif topic == "ttl-security":
            peer.ttl = False
        elif topic == "maximum-prefix":
            peer.limit = False
        elif topic == "shutdown":
            peer.shut = False

    def ospf(self, statement: Statement) -> None:
        """Read ``router ospf``: areas, networks, passive interfaces."""
        for child in statement.below:
            words = child.words
            if words[0] == "area" and words[2:3] == ["authentication"]:
                kind = "md5" if "message-digest" in words else "simple"
                self.areas[_area(words[1])] = (kind, child.line)
            elif words[0] == "network" and len(words) > 3:  # noqa: PLR2004 - network N area A
                network = read_network(words[1])
                if isinstance(network, IPv4Network):
                    self.networks.append((network, _area(words[3]), child.line))
            elif words[:2] == ["passive-interface", "default"]:
                self.passive_default = True
            elif words[0] == "passive-interface" and len(words) > 1:
                self.passive.add(words[1])
            elif words[:2] == ["no", "passive-interface"] and len(words) > 2:  # noqa: PLR2004
                self.loud.add(words[2])

    def interface(self, statement: Statement, words: list[str]) -> None:
        """Read what an interface says of routing."""
        if len(words) < 2:  # noqa: PLR2004 - keyword and name
            return
        link = self.links.setdefault(words[1], _Link(words[1], statement.line))
        for child in statement.below:
            _link_line(link, child.words)

    def write(self, draft: Draft) -> None:
        """Write the settings of every neighbourhood."""
        for key, peer in self.peers.items():
            group = self.groups.get(peer.group)
            remote = peer.remote or (group.remote if group else "")
            if peer.shut or (group and group.shut) or not remote:
                continue
            self._write_peer(draft, key, peer, group, remote)
        self._write_ospf(draft)
        draft.put("interface.shut", tuple(link.name for link in self.links.values() if link.down))
        up = [n for n in self.links.values() if not n.down and not n.name.startswith(_LOOPBACKS)]
        for link in up:
            self._write_link(draft, link)
        self._write_rip_elsewhere(draft)
        self.isis.write(draft, ((link.name, link.line, link.isis) for link in up))
        asks = self.requires_policy or (self.asks_by_default, 0)
        draft.put("bgp.requires_policy", *asks)

    def _write_peer(
        self, draft: Draft, key: str, peer: _Peer, group: _Peer | None, remote: str
    ) -> None:
        both = [peer] if group is None else [peer, group]
        kind = "md5" if any(one.password for one in both) else "none"
        draft.put("routing.authentication", kind, peer.line, peer.last, f"bgp {key}")
        outside = remote == "external" or remote not in {"internal", self.numbers[key]}
        if outside:
            place = peer.line, peer.last, key
            draft.put("bgp.ttl_security", any(one.ttl for one in both), *place)
            draft.put("bgp.prefix_limit", any(one.limit for one in both), *place)
            filters = [one for each in both for one in each.filters]
            filtered = any(one not in self.open_filters for one in filters)
            draft.put("bgp.filtered_in", filtered, *place)

    def _write_ospf(self, draft: Draft) -> None:
        for link in self.links.values():
            area = link.area or self._area_of(link)
            if not area or self._is_quiet(link) or link.down:
                continue
            kind = link.ospf or self.areas.get(area, ("none", 0))[0]
            _put(draft, kind, link.line, f"ospf area {area} {link.name}")
        if self.passive_default:
            return
        for (network, area), line in self._elsewhere(self.networks).items():
            said: Value = self.areas[area][0] if area in self.areas else UNKNOWN_TEXT
            _put(draft, said, line, f"ospf area {area} {network}")

    def _is_quiet(self, link: _Link) -> bool:
        """Whether no neighbour is spoken to: passive by its own line, by name, or by default."""
        if link.passive is not None:
            return link.passive
        default = self.passive_default and link.name not in self.loud
        return default or link.name in self.passive or link.name.startswith(_LOOPBACKS)

    def _elsewhere(
        self, networks: list[tuple[IPv4Network, str, int]]
    ) -> dict[tuple[IPv4Network, str], int]:
        """Networks of a process without an address in the text: the system gives it to a line."""
        known = sorted(int(one.ip) for link in self.links.values() for one in link.networks[:16])
        found: dict[tuple[IPv4Network, str], int] = {}
        for network, area, line in networks[:256]:
            at = bisect_left(known, int(network.network_address))
            if at == len(known) or known[at] > int(network.broadcast_address):
                found[network, area] = line
        return found

    def _write_link(self, draft: Draft, link: _Link) -> None:
        """Write how a line proves itself in RIP and OSPF of IPv6."""
        speaks = link.name in self.rip_links or self.rip_networks.speaks(
            int(one.ip) for one in link.networks[:16]
        )
        if speaks:  # a passive line sends nothing and still believes what it hears
            _put(draft, link.rip_kind or "none", link.line, f"rip {link.name}")
        if link.ospf6 == "speaks":
            _put(draft, link.ospf6_kind or "none", link.line, f"ospf6 {link.name}")

    def _write_rip_elsewhere(self, draft: Draft) -> None:
        """Lines that print nothing of their own, and networks whose line is not in the text."""
        for name, line in self.rip_links.items():
            if name not in self.links and not name.startswith(_LOOPBACKS):
                _put(draft, "none", line, f"rip {name}")
        for (network, _), line in self._elsewhere(self.rip_places).items():
            _put(draft, UNKNOWN_TEXT, line, f"rip {network}")

    def rip(self, statement: Statement) -> None:
        """Read ``router rip``: networks by prefix, or by the name of a line."""
        for child in statement.below:
            words = child.words
            if words[0] == "network" and len(words) > 1:
                network = read_network(words[1])
                if isinstance(network, IPv4Network):
                    self.rip_networks.add((int(network.network_address), int(network.netmask)))
                    self.rip_places.append((network, "", child.line))
                else:
                    self.rip_links[words[1]] = child.line

    def _area_of(self, link: _Link) -> str:
        """The area of the first network that holds an address of the interface."""
        for interface in link.networks[:16]:
            for network, area, _ in self.networks[:256]:
                if interface.ip in network:
                    return area
        return ""


def _put(draft: Draft, kind: Value, line: int, key: str) -> None:
    draft.put("routing.authentication", kind, line, key=key)


def _area(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) < 11:  # noqa: PLR2004 - 32 bits
        number = int(text)
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return text


def _link_line(link: _Link, words: list[str]) -> None:
    link.down |= words == ["shutdown"]
    topic = tuple(words[:2])
    rest = words[2:]
    if topic == ("ip", "address") and rest:
        address = read_interface(rest[0])
        if isinstance(address, IPv4Interface):
            link.networks.append(address)
    elif topic == ("ip", "ospf"):
        _ospf_line(link, rest)
    elif words[:4] == ["no", "ip", "ospf", "passive"]:
        link.passive = False
    elif words[1:3] == ["router", "isis"] and len(words) > 3:  # noqa: PLR2004 - the process
        link.isis.process = words[3]
    elif words[0] == "isis":
        link.isis.read(words[1:])
    elif words[:5] == ["ip", "rip", "authentication", "mode", "md5"]:
        link.rip_kind = "md5"
    elif words[:5] == ["ip", "rip", "authentication", "mode", "text"]:
        link.rip_kind = "simple"
    elif topic == ("ipv6", "ospf6"):
        _ospf6_line(link, rest)


def _ospf6_line(link: _Link, rest: list[str]) -> None:
    if rest[:1] == ["area"]:
        link.ospf6 = link.ospf6 or "speaks"
    elif rest[:1] == ["passive"]:
        link.ospf6 = "silent"
    elif rest[:1] == ["authentication"]:
        link.ospf6_kind = "keychain" if "keychain" in rest else kind_of(rest)


def _ospf_line(link: _Link, rest: list[str]) -> None:
    if rest[:1] == ["area"] and len(rest) > 1:
        link.area = _area(rest[1])
    elif rest[:1] == ["passive"]:
        link.passive = True
    elif rest[:1] == ["authentication"]:
        kind: Mapping[str, str] = {"message-digest": "md5", "null": "none", "key-chain": "keychain"}
        link.ospf = kind.get(rest[1] if len(rest) > 1 else "", "simple")
