"""How neighbours of IS-IS, RIP, LDP and OSPFv3 prove who they are, on a line or in the process.

Knows the words of VRP, Comware and FRR, and that IS-IS signs per level: hello packets by the
line's own key, what they then tell by that of area or domain; a level that neither signs is open.
What is signed and not checked proves nothing.
Refuses to know which neighbours there are; a line that takes part may have one.
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
    "keychain": "keychain", "key-chain": "keychain", "clear": "simple", "null": "none",
}  # fmt: skip
LEVELS = {"level-1": (1,), "level-2": (2,), "level-2-only": (2,), "level-1-2": (1, 2)}
_BOTH = (1, 2)
_MOST_MASKS = 256
_IN_PROCESS = {"area-authentication-mode": 1, "domain-authentication-mode": 2,
               "area-password": 1, "domain-password": 2}  # fmt: skip
_CLASSES = ((128, 16), (192, 24))
"""First number of an address from which on a network of RIP has so many bits."""
_WEAKEST = ("none", "simple")
_UNCHECKED = {"area-authentication": 1, "domain-authentication": 2}
"""Comware's words, by level, for packets that are signed when sent and believed unsigned."""


def kind_of(words: Iterable[str]) -> str:
    """Return the kind of authentication that the words name; ``other`` for one not known."""
    return next((_KINDS[word] for word in words if word in _KINDS), "other")


def weakest(kinds: Iterable[str]) -> str:
    """Of several kinds the one that proves least; ``none`` of none."""
    found = list(kinds)
    return next((kind for kind in _WEAKEST if kind in found), found[0] if found else "none")


def levels_of(words: Iterable[str]) -> tuple[int, ...]:
    """Return the levels that the words name; both where they name none."""
    return next((LEVELS[word] for word in words if word in LEVELS), _BOTH)


@dataclass(slots=True)
class IsisLine:
    """What an interface says of IS-IS: its process, its levels, its own authentication."""

    process: str = ""
    levels: tuple[int, ...] = _BOTH
    kinds: dict[int, str] = field(default_factory=dict)
    unchecked: set[int] = field(default_factory=set)
    silent: bool = False

    def read(self, words: list[str]) -> None:
        """Read the words behind ``isis``."""
        topic = words[0] if words else ""
        if topic in {"enable", "ipv6"}:
            number = words[-1] if words[-1].isascii() and words[-1].isdigit() else "1"
            self.process = self.process or number
        elif topic in {"authentication-mode", "password"}:
            kind = "none" if words[-1] == "send-only" else kind_of(words[1:])
            self.kinds.update(dict.fromkeys(levels_of(words), kind))
        elif words[:2] == ["authentication", "send-only"]:
            self.unchecked.update(levels_of(words))
        elif topic in {"circuit-level", "circuit-type"} and words[-1] in LEVELS:
            self.levels = levels_of(words)
        elif topic in {"silent", "passive"}:
            self.silent = True


@dataclass(slots=True)
class _Process:
    line: int
    levels: tuple[int, ...] = _BOTH
    kinds: dict[int, str] = field(default_factory=dict)
    unchecked: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Isis:
    """Processes of IS-IS: the level they speak, and what they sign of area and domain."""

    found: dict[str, _Process] = field(default_factory=dict)

    def read(self, statement: Statement, words: list[str]) -> None:
        """Read ``isis 1`` with what is below."""
        name = words[1] if len(words) > 1 else "1"
        made = self.found.setdefault(name, _Process(statement.line))
        for child in statement.below:
            parts = child.words
            if parts[0] in {"is-level", "is-type"}:
                made.levels = levels_of(parts)
            elif parts[0] in _IN_PROCESS:
                kind = "none" if parts[-1] == "all-send-only" else kind_of(parts[1:])
                made.kinds[_IN_PROCESS[parts[0]]] = kind
            elif parts[0] in _UNCHECKED and parts[1:] == ["send-only"]:
                made.unchecked.add(_UNCHECKED[parts[0]])
            elif parts[0] in {"undo", "no"} and parts[1:2] and parts[1] in _IN_PROCESS:
                made.kinds.pop(_IN_PROCESS[parts[1]], None)

    def write(self, draft: Draft, lines: Iterable[tuple[str, int, IsisLine]]) -> None:
        """Write who proves what on each line (name, line of the text) and in each process."""
        told: dict[tuple[str, int], tuple[str, int]] = {}
        for name, where, line in lines:
            if not line.process or line.silent:
                continue
            process = self.found.get(line.process, _Process(0))
            spoken = [level for level in line.levels if level in process.levels] or process.levels
            hello = {level: _checked(line, level) for level in spoken}
            packets = {level: _checked(process, level) for level in spoken}
            either = (hello[lv] if hello[lv] != "none" else packets[lv] for lv in spoken)
            draft.put("routing.authentication", weakest(either), where, key=f"isis {name}")
            draft.put("isis.hello_authentication", weakest(hello.values()), where, key=name)
            for level, kind in packets.items():
                told[line.process, level] = (kind, process.line)
        for (number, level), (kind, where) in told.items():
            draft.put("isis.packet_authentication", kind, where, key=f"{number} level-{level}")


def _checked(held: IsisLine | _Process, level: int) -> str:
    """The kind of what a line or a process signs of a level and asks of others."""
    return "none" if level in held.unchecked else held.kinds.get(level, "none")


@dataclass(slots=True)
class Rip:
    """Processes of RIP. A silent line sends nothing and still believes what it hears."""

    networks: set[tuple[int, int]] = field(default_factory=set)
    masks: set[int] = field(default_factory=set)

    def read(self, statement: Statement) -> None:
        """Read the networks of ``rip 1``: classful, or with a wildcard."""
        for child in statement.below:
            parts = child.words
            if parts[0] != "network" or len(parts) < 2:  # noqa: PLR2004 - keyword and network
                continue
            found = pair_of(parts[1], parts[2] if len(parts) > 2 else _wildcard(parts[1]))  # noqa: PLR2004
            if found is not None:
                self.add(found)

    def add(self, network: tuple[int, int]) -> None:
        """Note a network as its value and the bits it cares for."""
        if network[1] in self.masks or len(self.masks) < _MOST_MASKS:
            self.networks.add(network)
            self.masks.add(network[1])

    def speaks(self, addresses: Iterable[int]) -> bool:
        """Whether one of these addresses lies in a network of a process."""
        return any(
            (address & care, care) in self.networks for address in addresses for care in self.masks
        )


def _wildcard(network: str) -> str:
    """The wildcard that the class of a network means; 0.0.0.0 stands for every line."""
    head = network.partition(".")[0]
    first = int(head) if head.isascii() and head.isdigit() and len(head) < 4 else 0  # noqa: PLR2004
    if network == "0.0.0.0":  # noqa: S104 - a network of RIP, nothing is bound
        return "255.255.255.255"
    length = next((bits for since, bits in reversed(_CLASSES) if first >= since), 8)
    return {8: "0.255.255.255", 16: "0.0.255.255", 24: "0.0.0.255"}[length]


@dataclass(slots=True)
class Ldp:
    """Label distribution: who has a password, and whether it is everybody."""

    every: str = ""
    peers: set[str] = field(default_factory=set)
    line: int = 0

    def read(self, statement: Statement) -> None:
        """Read ``mpls ldp`` with what is below."""
        self.line = self.line or statement.line
        for child in statement.below:
            parts = child.words
            if parts[0] not in {"md5-password", "authentication", "md5-authentication"}:
                continue
            if "all" in parts:
                self.every = "keychain" if "key-chain" in parts else "md5"
            peer = next((w for w in parts[1:] if w[:1].isdigit() and w.count(".") == 3), "")  # noqa: PLR2004
            if peer:
                self.peers.add(peer)

    def kind(self, lines: int) -> str | tuple[str, ...]:
        """How ``lines`` lines are guarded; not known where a password is for some peers only."""
        if self.every:
            return self.every
        if not self.peers:
            return "none"
        return "md5" if len(self.peers) >= lines else ("unknown",)


@dataclass(slots=True)
class Ospf3:
    """OSPF of IPv6: what process and area sign, and what each interface signs itself."""

    kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    """By process and area; the area of a whole process is empty."""

    def read(self, statement: Statement, words: list[str]) -> None:
        """Read ``ospfv3 1`` with its areas."""
        process = words[1] if len(words) > 1 else "1"
        for child in statement.below:
            self._note(process, "", child.words)
            if child.text.startswith("area "):
                for grandchild in child.below:
                    self._note(process, child.words[1], grandchild.words)

    def _note(self, process: str, area: str, words: list[str]) -> None:
        kind = _signed(words)
        if kind:
            self.kinds[process, area] = kind

    def kind(self, own: str, where: tuple[str, str]) -> str:
        """What a line signs by: its own way, that of its area, or that of its process."""
        return own or self.kinds.get(where) or self.kinds.get((where[0], ""), "none")


def read_ospf3_line(words: list[str]) -> tuple[str, tuple[str, str]]:
    """Return the own way of a line, and its process and area, from the words behind ``ospfv3``."""
    if "area" in words[:-1] and words[0] != "area":
        return "", (words[0], words[words.index("area") + 1])
    return _signed(words), ("", "")


def _signed(words: list[str]) -> str:
    if words[:1] == ["authentication-mode"]:
        return kind_of(words[1:])
    return "ipsec" if {"ipsec", "ipsec-profile"} & set(words[:2]) else ""
