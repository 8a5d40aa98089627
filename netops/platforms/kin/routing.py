"""How routing neighbours prove who they are: OSPF, BGP and VRRP; the others are in isis_rip.

Knows the statements that VRP and Comware share. Of a key only its kind is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN_TEXT, Draft
from netops.platforms.kin.isis_rip import (
    Isis,
    IsisLine,
    Ldp,
    Ospf3,
    Rip,
    kind_of,
    read_ospf3_line,
)
from netops.platforms.kin.layout import Statement
from netops.platforms.kin.rules import pair_of

_PEER_WORDS = 2
_VRRP = frozenset({"vrrp", "vrrp6"})
_VRRP_WITH_KEYS = 2
_MOST_MASKS = 256
_PEERS = ("peer ", "group ", "undo peer ")


@dataclass(slots=True)
class _Peer:
    line: int
    group: str = ""
    kind: str = ""
    has_as: bool = False
    ignored: bool = False


@dataclass(slots=True)
class _Area:
    line: int
    kind: str = ""
    networks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Speaker:
    """What an interface says of routing: its addresses and its own authentication."""

    name: str
    line: int
    addresses: list[int] = field(default_factory=list)
    ospf: str = ""
    ospf_enabled: list[tuple[str, str]] = field(default_factory=list)
    isis: IsisLine = field(default_factory=IsisLine)
    rip: str = ""
    rip_enabled: bool = False
    ldp: bool = False
    ospf3: str = ""
    ospf3_area: tuple[str, str] = ("", "")
    down: bool = False
    vrrp: dict[str, tuple[str, int]] = field(default_factory=dict)
    vrrp6: bool = False
    """Groups of IPv6: their protocol knows no keys."""
    vrrp_version: int = 0

    def read(self, words: list[str], line: int) -> None:
        """Read a statement of the interface."""
        topic = words[0]
        if topic == "ip" and words[1:2] == ["address"] and len(words) > 2:  # noqa: PLR2004
            found = pair_of(words[2], "0")
            if found is not None:
                self.addresses.append(found[0])
        elif topic == "ospf":
            self._ospf(words)
        elif topic == "isis":
            self.isis.read(words[1:])
        elif topic == "rip":
            self.rip_enabled |= words[-1] == "enable" and "bfd" not in words
            if words[1:2] == ["authentication-mode"]:
                self.rip = kind_of(words[2:])
        elif topic == "ospfv3" and len(words) > 1:
            kind, area = read_ospf3_line(words[1:])
            self.ospf3 = kind or self.ospf3
            self.ospf3_area = area if area[0] else self.ospf3_area
        elif topic == "mpls":
            self.ldp |= words[1:2] == ["ldp"]
        elif topic in _VRRP:
            self._vrrp(words, line)

    def shut(self) -> None:
        """Forget what a line that is shut would say: it has no neighbours."""
        self.down = True
        self.vrrp6 = False
        self.vrrp.clear()

    @property
    def stands_in(self) -> bool:
        """Whether another device takes over its addresses: it has groups of VRRP."""
        return self.vrrp6 or bool(self.vrrp)

    def _ospf(self, words: list[str]) -> None:
        if "authentication-mode" in words:
            self.ospf = kind_of(words[words.index("authentication-mode") + 1 :])
        if "area" in words[:-1] and len(words) > 1:
            process = words[2] if words[1] == "enable" and len(words) > 2 else words[1]  # noqa: PLR2004
            self.ospf_enabled.append((process, _area(words[words.index("area") + 1])))

    def _vrrp(self, words: list[str], line: int) -> None:
        if words[0] == "vrrp6" or words[1:2] == ["ipv6"]:
            self.vrrp6 |= "vrid" in words
            return
        self.vrrp_version = _vrrp_version(words) or self.vrrp_version
        if "vrid" not in words[:-1]:
            return
        group = words[words.index("vrid") + 1]
        before = self.vrrp.get(group, ("none", line))
        if "authentication-mode" in words:
            kind = kind_of(words[words.index("authentication-mode") + 1 :])
            self.vrrp[group] = (kind, line)
        else:
            self.vrrp[group] = before


def _vrrp_version(words: list[str]) -> int:
    """Read ``vrrp version v3`` or ``vrrp version 3``; 0 where the line says something else."""
    return {"2": 2, "3": 3}.get(words[-1].lstrip("v"), 0) if words[1:2] == ["version"] else 0


class Routing:
    """Gathers processes and peers, joins them with interfaces at the end."""

    def __init__(self) -> None:
        self._areas: dict[tuple[str, str], _Area] = {}
        self._silent: dict[str, set[str]] = {}
        self._loud: dict[str, set[str]] = {}
        """Interfaces that are taken out of ``silent-interface all``."""
        self._isis = Isis()
        self._rip = Rip()
        self._ldp = Ldp()
        self._ospf3 = Ospf3()
        self._peers: dict[str, _Peer] = {}
        self._groups: dict[str, _Peer] = {}
        self._vrrp = 0

    def vrrp(self, words: list[str]) -> None:
        """Read the version of VRRP that the device speaks everywhere."""
        self._vrrp = _vrrp_version(words) or self._vrrp

    def ospf(self, statement: Statement, words: list[str]) -> None:
        """Read an OSPF process: areas, their networks, silent interfaces."""
        process = words[1] if len(words) > 1 and words[1].isascii() and words[1].isdigit() else "1"
        for child in statement.below:
            parts = child.words
            if parts[0] == "area" and len(parts) > 1:
                self._area(process, child, _area(parts[1]))
            elif parts[0] == "silent-interface":
                self._silent.setdefault(process, set()).add("".join(parts[1:]))
            elif parts[:2] == ["undo", "silent-interface"]:
                self._loud.setdefault(process, set()).add("".join(parts[2:]))

    def _area(self, process: str, statement: Statement, area: str) -> None:
        made = self._areas.setdefault((process, area), _Area(statement.line))
        for child in statement.below:
            parts = child.words
            if parts[0] == "authentication-mode":
                made.kind = kind_of(parts[1:])
            elif parts[0] == "network" and len(parts) > 2:  # noqa: PLR2004 - address and wildcard
                found = pair_of(parts[1], parts[2])
                if found is not None:
                    made.networks.append(found)

    def isis(self, statement: Statement, words: list[str]) -> None:
        """Read an IS-IS process."""
        self._isis.read(statement, words)

    def ospf3(self, statement: Statement, words: list[str]) -> None:
        """Read a process of OSPF of IPv6."""
        self._ospf3.read(statement, words)

    def rip(self, statement: Statement) -> None:
        """Read a RIP process."""
        self._rip.read(statement)

    def mpls(self, statement: Statement, words: list[str]) -> None:
        """Read ``mpls ldp``; other lines of MPLS have no neighbours of their own."""
        if words == ["mpls", "ldp"]:
            self._ldp.read(statement)

    def bgp(self, statement: Statement) -> None:
        """Read the peers of a BGP process, those of instances too."""
        for child in statement.below:
            if child.text.startswith(_PEERS):
                self._peer(child, "")
            elif child.below:
                text = child.text
                vpn = text.rpartition("vpn-instance ")[2].split(" ")[0]
                where = vpn if "vpn-instance " in text else ""
                for grandchild in child.below:
                    if grandchild.text.startswith(_PEERS):
                        self._peer(grandchild, where)

    def _peer(self, statement: Statement, vpn: str) -> None:
        undone = statement.text.startswith("undo ")
        words = statement.words[undone:]
        if len(words) < _PEER_WORDS:
            return
        key = f"{words[1]} {vpn}".strip()
        is_address = words[1][0].isdigit() or ":" in words[1]
        table = self._peers if is_address and words[0] == "peer" else self._groups
        peer = table.setdefault(key, _Peer(statement.line))
        rest = words[2:]
        if rest and rest[0].isdecimal():  # a range of neighbours, with the length of its mask
            rest = rest[1:]
        if undone:
            peer.kind = "" if rest[:1] in (["password"], ["keychain"]) else peer.kind
        elif rest[:1] == ["ignore"]:
            peer.ignored = True
        elif rest[:1] == ["as-number"]:
            peer.has_as = True
        elif rest[:1] == ["group"] and len(rest) > 1:
            peer.group, peer.has_as = f"{rest[1]} {vpn}".strip(), True
        elif rest[:1] == ["password"]:
            peer.kind = "md5"
        elif rest[:1] == ["keychain"]:
            peer.kind = "keychain"
        elif rest[:1] == ["tcp-ao"]:
            peer.kind = "hmac"

    def write(self, draft: Draft, speakers: Iterable[Speaker], *, vrrp: int | None) -> None:
        """Write ``routing.authentication`` of every neighbourhood; ``vrrp``: its usual version."""
        speakers = list(speakers)
        self._write_ospf(draft, speakers)
        spoken = [one for one in speakers if _speaks(one, ())]
        self._isis.write(draft, ((one.name, one.line, one.isis) for one in spoken))
        for speaker in spoken:
            if speaker.rip_enabled or self._rip.speaks(speaker.addresses[:64]):
                _put(draft, speaker.rip or "none", speaker.line, f"rip {speaker.name}")
            if speaker.ospf3_area[0]:
                kind = self._ospf3.kind(speaker.ospf3, speaker.ospf3_area)
                _put(draft, kind, speaker.line, f"ospfv3 {speaker.name}")
        labelled = [one for one in spoken if one.ldp]
        if labelled:
            line = self._ldp.line or labelled[0].line
            _put(draft, self._ldp.kind(len(labelled)), line, "ldp")
        for speaker in speakers:
            version = speaker.vrrp_version or self._vrrp or vrrp
            for group, (kind, line) in speaker.vrrp.items():
                said = _kept(kind, version)
                draft.put("vrrp.authentication", said, line, key=f"{speaker.name} {group}")
        for key, peer in self._peers.items():
            joined = self._groups.get(peer.group)
            kind = peer.kind or (joined.kind if joined else "")
            if peer.has_as and not peer.ignored and not (joined and joined.ignored):
                _put(draft, kind or "none", peer.line, f"bgp {key}")

    def _write_ospf(self, draft: Draft, speakers: list[Speaker]) -> None:
        by_area: dict[tuple[str, str], list[Speaker]] = {}
        networks = [(pair, where) for where, area in self._areas.items() for pair in area.networks]
        index = _by_mask(networks)
        for speaker in speakers:
            for where in {*speaker.ospf_enabled, *_areas_of(speaker, index)}:
                by_area.setdefault(where, []).append(speaker)
        for where in {**self._areas, **by_area}:
            process, name = where
            area = self._areas.get(where)
            members = by_area.get(where, ())
            quiet = self._quiet(process, members)
            spoken = [s for s in members if _speaks(s, quiet)]
            label = f"ospf {process} area {name}"
            common = area.kind if area is not None else ""
            follows = not members or any(not speaker.ospf for speaker in spoken)
            if area is not None and follows and (common or not members):
                _put(draft, common or "none", area.line, label)
            for speaker in spoken:
                if speaker.ospf or not common:
                    _put(draft, speaker.ospf or "none", speaker.line, f"{label} {speaker.name}")

    def _quiet(self, process: str, members: Iterable[Speaker]) -> set[str]:
        silent = self._silent.get(process, set())
        if "all" not in silent:
            return silent
        return {one.name for one in members} - self._loud.get(process, set())


def _speaks(speaker: Speaker, quiet: Collection[str]) -> bool:
    """Whether a line may have neighbours at all."""
    return not (speaker.down or speaker.name in quiet or speaker.name.startswith("LoopBack"))


_Where = tuple[str, str]


def _by_mask(
    networks: list[tuple[tuple[int, int], _Where]],
) -> dict[int, dict[int, list[_Where]]]:
    """Index networks by the bits they care for: few masks, looked up at once."""
    index: dict[int, dict[int, list[_Where]]] = {}
    for (value, care), where in networks:
        if care not in index and len(index) >= _MOST_MASKS:
            continue
        index.setdefault(care, {}).setdefault(value, []).append(where)
    return index


def _areas_of(speaker: Speaker, index: dict[int, dict[int, list[_Where]]]) -> set[_Where]:
    found: set[_Where] = set()
    for address in speaker.addresses[:64]:
        for care, values in index.items():
            found.update(values.get(address & care, ()))
    return found


def _kept(kind: str, version: int | None) -> Value:
    """A key of VRRP acts in version 2 alone; version 3 has none, whatever is configured."""
    if kind == "none" or version == _VRRP_WITH_KEYS:
        return kind
    return UNKNOWN_TEXT if version is None else "none"


def _put(draft: Draft, kind: Value, line: int, key: str) -> None:
    draft.put("routing.authentication", kind, line, key=key)


def _area(text: str) -> str:
    """Write an area dotted."""
    if text.isascii() and text.isdigit() and len(text) < 11:  # noqa: PLR2004 - 32 bits
        number = int(text)
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return text
