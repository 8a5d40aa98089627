"""``router bgp`` blocks: peers, route distinguishers and targets.

Knows peer groups and address families. Refuses to know policies (route-maps, filters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnInstance
from netops.facts.system import ConfigLine
from netops.platforms.answer import Answer
from netops.platforms.frr.names import vrf_name
from netops.platforms.jsontext import as_address

_ROUTER = re.compile(r"router bgp (\S+)(?: (?:vrf|view) (\S+))?")
_FAMILY = re.compile(r"address-family (ipv4|ipv6|l2vpn) ?(\S*)")
_NEIGHBOUR = re.compile(r"(no )?neighbor (\S+) (\S+) ?(.*)$")
_RD = re.compile(r"rd(?: vpn export)? (\S+)$")
_TARGET = re.compile(r"(?:rt vpn|route-target) (import|export|both) (.+)$")
_WORDS = {
    ("ipv4", "unicast"): "ipv4",
    ("ipv6", "unicast"): "ipv6",
    ("ipv4", "vpn"): "vpnv4",
    ("ipv6", "vpn"): "vpnv6",
    ("l2vpn", "evpn"): "evpn",
}


@dataclass(slots=True)
class _Peer:
    """What one ``neighbor`` name is told, per address family."""

    line: int
    last: int
    settings: dict[str, str] = field(default_factory=dict)
    families: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class _Instance:
    """One ``router bgp`` block."""

    local_as: str
    default_ipv4: bool = True
    peers: dict[str, _Peer] = field(default_factory=dict)
    targets: dict[int, _Targets] = field(default_factory=dict)


@dataclass(slots=True)
class _Targets:
    """Distinguisher and targets of one address family of a VRF."""

    line: int
    last: int
    rd: str | None = None
    imports: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)


@dataclass(slots=True)
class BgpReader:
    """Gathers the lines of all BGP instances."""

    answer: Answer
    blocks: dict[str, _Instance] = field(default_factory=dict)

    def line(self, line: ConfigLine, top: str) -> bool:
        """Take one line of a block. False: a peer that has no address."""
        match = _ROUTER.match(top)
        if match is None:
            return False
        block = self.blocks.setdefault(vrf_name(match[2]), _Instance(match[1]))
        if line.text == "no bgp default ipv4-unicast":
            block.default_ipv4 = False
        family = _FAMILY.match(line.parents[-1]) if len(line.parents) > 1 else None
        if neighbour := _NEIGHBOUR.match(line.text):
            return _neighbour(block, line, neighbour, family)
        if family and (family[2] or "unicast") == "unicast":
            _target(block, line, 4 if family[1] == "ipv4" else 6)
        return True

    def instance_names(self) -> list[str]:
        """Return the VRFs that have a block of their own."""
        return [name for name in self.blocks if name]

    def instances(self, name: str, bound: tuple[str, ...]) -> list[VpnInstance]:
        """Return the families of a VRF that have a distinguisher or targets."""
        block = self.blocks.get(name)
        found = []
        for family, targets in sorted(block.targets.items()) if block else ():
            source = self.answer.at(targets.line, targets.last)
            imports, exports = tuple(targets.imports), tuple(targets.exports)
            found.append(VpnInstance(name, family, targets.rd, imports, exports, bound, source))
        return found

    def peers(self) -> list[BgpPeer]:
        """Return every peer that has an address, once per address family."""
        return [
            fact
            for vpn, block in self.blocks.items()
            for name, peer in block.peers.items()
            for fact in self._peer(vpn, block, name, peer)
        ]

    def _peer(self, vpn: str, block: _Instance, name: str, peer: _Peer) -> list[BgpPeer]:
        address = as_address(name)
        if address is None:
            return []
        group = block.peers.get(peer.settings.get("peer-group", ""))
        settings = {**(group.settings if group else {}), **peer.settings}
        families = {"ipv4": block.default_ipv4, **(group.families if group else {})}
        families.update(peer.families)
        active = [family for family, is_on in families.items() if is_on]
        remote = settings.get("remote-as", "")
        return [
            BgpPeer(
                address=address,
                remote_as=block.local_as if remote == "internal" else remote,
                state="configured",
                vpn=vpn,
                local_as=settings.get("local-as", block.local_as).split(" ", 1)[0],
                address_family=family,
                enabled="shutdown" not in settings,
                description=settings.get("description"),
                source=self.answer.at(peer.line, peer.last),
            )
            for family in active or ["ipv4"]
        ]


def _neighbour(
    block: _Instance, line: ConfigLine, match: re.Match[str], family: re.Match[str] | None
) -> bool:
    negated, name, word, value = match.groups()
    peer = block.peers.setdefault(name, _Peer(line.line, line.line))
    if family is None:
        peer.last = line.line
    if word == "activate" and family:
        words = (family[1], family[2] or "unicast")
        peer.families[_WORDS.get(words, " ".join(words))] = not negated
    elif not negated and family is None and word != "activate":
        peer.settings[word] = value
    return word != "interface"


def _target(block: _Instance, line: ConfigLine, family: int) -> None:
    rd, target = _RD.match(line.text), _TARGET.match(line.text)
    if rd is None and target is None:
        return
    targets = block.targets.setdefault(family, _Targets(line.line, line.line))
    targets.last = line.line
    if rd:
        targets.rd = rd[1]
    if target and target[1] in {"import", "both"}:
        targets.imports.extend(target[2].split())
    if target and target[1] in {"export", "both"}:
        targets.exports.extend(target[2].split())
