"""How routing neighbours prove who they are: OSPF, IS-IS, BGP, RIP and VRRP.

Knows the statements that VRP and Comware share. Of a key only its kind is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement
from netops.platforms.kin.rules import pair_of

_KINDS = {
    "simple": "simple", "md5": "md5", "hmac-md5": "md5", "hmac-sha1": "hmac-sha1",
    "sha": "hmac-sha1",
    "hmac-sha256": "hmac-sha256", "hmac-sha-256": "hmac-sha256", "hmac-sha384": "hmac-sha384",
    "hmac-sha512": "hmac-sha512", "hmac-sm3": "hmac-sm3", "sm3": "hmac-sm3", "gca": "hmac",
    "keychain": "keychain", "null": "none",
}  # fmt: skip
_PEER_WORDS = 2
_MOST_MASKS = 256
_PEERS = ("peer ", "group ", "undo peer ")


def kind_of(words: Iterable[str]) -> str:
    """Return the kind of authentication that the words name; ``other`` for one not known."""
    return next((_KINDS[word] for word in words if word in _KINDS), "other")


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
    isis: str = ""
    isis_enabled: bool = False
    silent: bool = False
    down: bool = False
    vrrp: dict[str, tuple[str, int]] = field(default_factory=dict)

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
            self.isis_enabled |= words[1:2] in (["enable"], ["ipv6"])
            if words[1:2] == ["authentication-mode"]:
                self.isis = kind_of(words[2:])
            self.silent |= words[1:2] == ["silent"]
        elif topic == "vrrp" and "vrid" in words[:-1]:
            self._vrrp(words, line)

    def shut(self) -> None:
        """Forget what a line that is shut would say: it has no neighbours."""
        self.down, self.isis_enabled = True, False
        self.vrrp.clear()

    def _ospf(self, words: list[str]) -> None:
        if "authentication-mode" in words:
            self.ospf = kind_of(words[words.index("authentication-mode") + 1 :])
        if "area" in words[:-1] and len(words) > 1:
            process = words[2] if words[1] == "enable" and len(words) > 2 else words[1]  # noqa: PLR2004
            self.ospf_enabled.append((process, _area(words[words.index("area") + 1])))

    def _vrrp(self, words: list[str], line: int) -> None:
        group = words[words.index("vrid") + 1]
        before = self.vrrp.get(group, ("none", line))
        if "authentication-mode" in words:
            kind = kind_of(words[words.index("authentication-mode") + 1 :])
            self.vrrp[group] = (kind, line)
        else:
            self.vrrp[group] = before


class Routing:
    """Gathers processes and peers, joins them with interfaces at the end."""

    def __init__(self) -> None:
        self._areas: dict[tuple[str, str], _Area] = {}
        self._silent: dict[str, set[str]] = {}
        self._isis: dict[str, int] = {}
        self._rip: int = 0
        self._rip_kinds: list[str] = []
        self._peers: dict[str, _Peer] = {}
        self._groups: dict[str, _Peer] = {}

    def ospf(self, statement: Statement, words: list[str]) -> None:
        """Read an OSPF process: areas, their networks, silent interfaces."""
        process = words[1] if len(words) > 1 and words[1].isascii() and words[1].isdigit() else "1"
        for child in statement.below:
            parts = child.words
            if parts[0] == "area" and len(parts) > 1:
                self._area(process, child, _area(parts[1]))
            elif parts[0] == "silent-interface":
                self._silent.setdefault(process, set()).add("".join(parts[1:]))

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
        """Note an IS-IS process."""
        self._isis[words[1] if len(words) > 1 else "1"] = statement.line

    def rip(self, statement: Statement) -> None:
        """Note a RIP process."""
        self._rip = self._rip or statement.line

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

    def write(self, draft: Draft, speakers: Iterable[Speaker]) -> None:
        """Write ``routing.authentication`` of every neighbourhood."""
        speakers = list(speakers)
        self._write_ospf(draft, speakers)
        for speaker in speakers:
            is_loopback = speaker.name.startswith("LoopBack")
            if speaker.isis_enabled and not speaker.silent and not is_loopback:
                _put(draft, speaker.isis or "none", speaker.line, f"isis {speaker.name}")
            for group, (kind, line) in speaker.vrrp.items():
                draft.put("vrrp.authentication", kind, line, key=f"{speaker.name} {group}")
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
            quiet = self._silent.get(process, set())
            members = by_area.get(where, ())
            spoken = [s for s in members if _speaks(s, quiet)]
            label = f"ospf {process} area {name}"
            common = area.kind if area is not None else ""
            follows = not members or any(not speaker.ospf for speaker in spoken)
            if area is not None and follows and (common or not members):
                _put(draft, common or "none", area.line, label)
            for speaker in spoken:
                if speaker.ospf or not common:
                    _put(draft, speaker.ospf or "none", speaker.line, f"{label} {speaker.name}")


def _speaks(speaker: Speaker, quiet: set[str]) -> bool:
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


def _put(draft: Draft, kind: str, line: int, key: str) -> None:
    draft.put("routing.authentication", kind, line, key=key)


def _area(text: str) -> str:
    """Write an area dotted."""
    if text.isascii() and text.isdigit() and len(text) < 11:  # noqa: PLR2004 - 32 bits
        number = int(text)
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return text
