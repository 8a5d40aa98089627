"""Rules of an access list as cubes, and which of them no packet ever reaches.

Knows the words of rules that VRP and Comware share. A word that narrows a rule by an unknown
amount makes it a rule that may be covered and never covers another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from itertools import pairwise
from typing import NamedTuple

from netops.platforms.kin.layout import number_of, split

ANY_PROTOCOL = -1
_UNKNOWN_PROTOCOL = -2
_PROTOCOLS = {
    "ip": ANY_PROTOCOL, "ipv6": ANY_PROTOCOL, "icmp": 1, "igmp": 2, "ipinip": 4, "tcp": 6,
    "udp": 17, "gre": 47, "icmpv6": 58, "ospf": 89,
}  # fmt: skip
_PORTS = {
    "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "tacacs": 49, "domain": 53,
    "dns": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "www": 80, "http": 80, "pop3": 110,
    "sunrpc": 111, "ntp": 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ssn": 139,
    "snmp": 161, "snmptrap": 162, "bgp": 179, "https": 443, "rip": 520, "syslog": 514,
}  # fmt: skip
_HARMLESS = frozenset({"logging", "log", "counting"})
_HIGHEST_PORT = 65_535
_V4, _V6 = (1 << 32) - 1, (1 << 128) - 1
_MOST_SHAPES = 128
_MOST_ALIKE = 256
_MOST_LOOKED = 256
_MOST_PIECES = 512

Interval = tuple[int, int] | None


class Rule(NamedTuple):
    """A rule: the packets it matches and what becomes of them."""

    number: int
    permit: bool
    protocol: int
    source: tuple[int, int]
    destination: tuple[int, int]
    source_port: Interval
    destination_port: Interval
    narrowed: bool
    line: int
    named: bool = False
    """Of a narrowed rule: whether its words name source, destination, protocol and port."""

    @property
    def is_total(self) -> bool:
        """Whether it matches every packet."""
        return (
            self.protocol == ANY_PROTOCOL
            and not self.source[1]
            and not self.destination[1]
            and not self.narrowed
        )


@lru_cache(maxsize=1 << 14)
def _address(text: str) -> int | None:
    """Read an address as a number; None for anything else."""
    try:
        return int(IPv6Address(text)) if ":" in text else int(IPv4Address(text))
    except AddressValueError:
        return None


@lru_cache(maxsize=1 << 14)
def pair_of(address: str, wildcard: str) -> tuple[int, int] | None:
    """Return (value, cared-for bits) of an address with its wildcard, or length for IPv6."""
    value = _address(address)
    if value is None:
        return None
    if ":" in address:
        length = number_of(wildcard or "128", 128)
        if length is None:
            return None
        care = _V6 ^ ((1 << (128 - length)) - 1)
        return value & care, care
    free = 0 if wildcard in {"", "0"} else _address(wildcard)
    if free is None or ":" in wildcard:
        return None
    care = _V4 ^ free
    return value & care, care


class _Words:
    """The words of a rule behind its action, taken one by one."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.at = 0
        self.narrowed = False

    def next(self) -> str:
        """Take a word; empty at the end."""
        self.at += 1
        return self.words[self.at - 1] if self.at <= len(self.words) else ""

    def peek(self) -> str:
        """Look at the next word."""
        return self.words[self.at] if self.at < len(self.words) else ""

    def place(self) -> tuple[int, int]:
        """Take ``any``, an address with its wildcard, or something that narrows unknown."""
        word = self.next()
        if word == "any":
            return 0, 0
        address, slash, length = word.partition("/")
        if slash and ":" in word:
            found = pair_of(address, length)
        else:
            follows = self.peek()
            has_mask = bool(follows) and (follows[0].isdigit() or ":" in follows)
            found = pair_of(word, self.next() if has_mask else "")
        if found is None:
            self.narrowed = True
            if word in {"object-group", "address-set", "fqdn"}:
                self.next()
            return 0, 0
        return found

    def ports(self) -> Interval:
        """Take an operator and its ports; several single ports narrow unknown."""
        operator, first = self.next(), self.port()
        if operator == "range":
            last = self.port()
            if first is not None and last is not None:
                return min(first, last), max(first, last)
        elif first is not None and operator == "gt":
            return first + 1, _HIGHEST_PORT
        elif first is not None and operator == "lt":
            return 0, first - 1
        elif first is not None and operator == "eq":
            if self.peek() not in _PORTS and number_of(self.peek(), _HIGHEST_PORT) is None:
                return first, first
            while self.peek() in _PORTS or number_of(self.peek(), _HIGHEST_PORT) is not None:
                self.next()
        self.narrowed = True
        return 0, _HIGHEST_PORT

    def port(self) -> int | None:
        """Take a port by number or name."""
        word = self.next()
        return _PORTS.get(word, number_of(word, _HIGHEST_PORT))


def read_rule(text: str, line: int, number: int, *, basic: bool) -> Rule | None:
    """Read ``rule [N] permit|deny …``; None for remarks. ``number`` is taken where none stands."""
    head, _, rest = text.partition(" ")
    if head != "rule":
        return None
    word, _, behind = rest.partition(" ")
    given = number_of(word)
    body = rest if given is None else behind
    read = _plain(body, basic=basic) or _read(body, basic=basic)
    if read is None:
        return None
    named = read[-1] and _names_all(split(body))
    return Rule(number if given is None else given, *read, line, named)


def _names_all(words: Sequence[str]) -> bool:
    """Whether words that narrow a rule in ways not understood still name all that they should."""
    behind = dict(pairwise(words))
    action = words[2] if words[0] == "name" and len(words) > 2 else words[0]  # noqa: PLR2004
    protocol = behind.get(action, "")
    if protocol in _NO_PROTOCOL or any(behind.get(place, "any") in _ANYWHERE for place in _PLACES):
        return False
    return protocol not in {"tcp", "udp", "6", "17"} or not _NAMES_PORT.isdisjoint(words)


_PLACES = ("source", "destination")
_ANYWHERE = frozenset({"any", "0.0.0.0", "::/0"})  # noqa: S104 - words of rules, nothing is bound
_NO_PROTOCOL = frozenset({"", "ip", "ipv6", "source", "destination", "logging", "time-range",
                          "vpn-instance", "fragment", "counting"})  # fmt: skip
_NAMES_PORT = frozenset({"source-port", "destination-port", "established", "tcp-flag", "ack", "rst",
                         "syn", "fin"})  # fmt: skip
"""Answers are let in by their flags, whatever their port."""


_PLAIN = re.compile(
    r"(permit|deny)(?: (tcp|udp|ip|icmp))?(?: source (?:any|([\d.]+) ([\d.]+)))?"
    r"(?: destination (?:any|([\d.]+) ([\d.]+)))?(?: destination-port eq ([\w-]+))?(?: logging)?"
)
"""Most rules are written so; one match is a quarter of the work of taking word by word."""
_EVERY = 0, 0


def _plain(text: str, *, basic: bool) -> _Read | None:
    """Read a rule of the common form; None for any other, which is then read word by word."""
    match = _PLAIN.fullmatch(text)
    if match is None or (basic and match[2]):
        return None
    action, protocol, source, wildcard, destination, other_wildcard, port = match.groups()
    places = _EVERY, _EVERY
    if source or destination:
        one = pair_of(source, wildcard) if source else _EVERY
        other = pair_of(destination, other_wildcard) if destination else _EVERY
        if one is None or other is None:
            return None
        places = one, other
    interval = None
    if port is not None:
        number = _PORTS.get(port, number_of(port, _HIGHEST_PORT))
        if number is None:
            return None
        interval = number, number
    kind = _PROTOCOLS[protocol] if protocol else ANY_PROTOCOL
    return action == "permit", kind, *places, None, interval, False


_Read = tuple[bool, int, tuple[int, int], tuple[int, int], Interval, Interval, bool]


def _read(text: str, *, basic: bool) -> _Read | None:
    """Read a rule behind its number, word by word."""
    words = split(text)
    if words[:1] == ["name"]:
        words = words[2:]
    action = words[0] if words else ""
    if action not in {"permit", "deny"}:
        return None
    rest = _Words(words[1:])
    protocol = ANY_PROTOCOL
    if not basic and rest.peek() not in {"", "source", "destination", "logging", "time-range"}:
        word = rest.next()
        given = number_of(word, 255)
        protocol = _PROTOCOLS.get(word, _UNKNOWN_PROTOCOL if given is None else given)
        rest.narrowed = protocol == _UNKNOWN_PROTOCOL
    places = {"source": (0, 0), "destination": (0, 0)}
    ports: dict[str, Interval] = {"source-port": None, "destination-port": None}
    while word := rest.next():
        if word in places:
            places[word] = rest.place()
        elif word in ports:
            ports[word] = rest.ports()
        elif word not in _HARMLESS:
            rest.narrowed = True
            break
    return (
        action == "permit", protocol, places["source"], places["destination"],
        ports["source-port"], ports["destination-port"], rest.narrowed,
    )  # fmt: skip


class Reached(NamedTuple):
    """Rules that an earlier one leaves nothing to, each as ``(rule, the one before it)``."""

    shadowed: list[tuple[Rule, Rule]]
    redundant: list[tuple[Rule, Rule]]
    contradictory: list[tuple[Rule, Rule]]
    duplicate: list[tuple[Rule, Rule]]


_Shape = tuple[int, int, int]


def unreachable(rules: Sequence[Rule]) -> Reached | None:
    """Find rules that a single earlier one covers; None where there are too many shapes.

    Earlier rules are found by their shape (protocol and cared-for bits): of these a list holds
    few, so that the whole stays linear in its length.
    """
    found = Reached([], [], [], [])
    shapes: dict[_Shape, dict[tuple[int, int], list[Rule]]] = {}
    for rule in rules:
        together = _covering(shapes, rule)
        if together:
            _sort(found, rule, together)
        elif not rule.narrowed:
            shape = rule.protocol, rule.source[1], rule.destination[1]
            alike = shapes.setdefault(shape, {})
            same = alike.setdefault((rule.source[0], rule.destination[0]), [])
            same.append(rule)
            if len(shapes) > _MOST_SHAPES or len(same) > _MOST_ALIKE:
                return None
    return found


def _covering(shapes: dict[_Shape, dict[tuple[int, int], list[Rule]]], rule: Rule) -> list[Rule]:
    """Return the earlier rule that covers this one, or those that do so together."""
    source, source_care = rule.source
    destination, destination_care = rule.destination
    has_narrower = False
    for (protocol, care, other_care), alike in shapes.items():
        if protocol not in (ANY_PROTOCOL, rule.protocol):
            continue
        if care & ~source_care or other_care & ~destination_care:
            has_narrower = True
            continue
        for before in alike.get((source & care, destination & other_care), ()):
            if _holds(before.source_port, rule.source_port) and _holds(
                before.destination_port, rule.destination_port
            ):
                return [before]
    return _covered_together(shapes, rule) if has_narrower else []


def _holds(outer: Interval, inner: Interval) -> bool:
    if outer is None:
        return True
    return inner is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def _sort(found: Reached, rule: Rule, together: list[Rule]) -> None:
    """Sort a dead rule by the actions of those before it; of several the first is named."""
    before = together[0]
    same_cube = rule[2:8] == before[2:8]
    if all(one.permit == rule.permit for one in together):
        (found.duplicate if same_cube else found.redundant).append((rule, before))
    else:
        before = next(one for one in together if one.permit != rule.permit)
        (found.contradictory if same_cube else found.shadowed).append((rule, before))


EVERY_PACKET = ANY_PROTOCOL, _EVERY, _EVERY, None, None, False
"""What a rule that matches every packet says between its action and its line."""


def lets_everybody_pass(rules: Sequence[Rule]) -> bool:
    """Whether the sources of these rules are together all there are."""
    every = Rule(0, True, *EVERY_PACKET, line=0)
    bare = [every._replace(source=rule.source, number=rule.number) for rule in rules]
    found = unreachable([*bare, every])
    return found is not None and any(one is every for one, _ in found.redundant + found.duplicate)


_Cube = tuple[int, int, int, int]
"""Value and cared-for bits of the source, then of the destination."""


def _covered_together(
    shapes: dict[_Shape, dict[tuple[int, int], list[Rule]]], rule: Rule
) -> list[Rule]:
    """Return earlier, narrower rules that cover this one together; none, or too many: empty."""
    pieces: list[_Cube] = [(*rule.source, *rule.destination)]
    used: list[Rule] = []
    for looked, before in enumerate(_narrower(shapes, rule)):
        if looked > _MOST_LOOKED or len(pieces) > _MOST_PIECES:
            return []
        left = [part for piece in pieces for part in _without(piece, before)]
        if left != pieces:
            used.append(before)
            pieces = left
        if not pieces:
            return used
    return []


def _narrower(
    shapes: dict[_Shape, dict[tuple[int, int], list[Rule]]], rule: Rule
) -> Iterator[Rule]:
    """Yield earlier rules that care for more bits and yet match every port of this one."""
    for (protocol, care, other_care), alike in shapes.items():
        if protocol not in (ANY_PROTOCOL, rule.protocol):
            continue
        if not (care & ~rule.source[1] or other_care & ~rule.destination[1]):
            continue
        for same in alike.values():
            for before in same:
                if _holds(before.source_port, rule.source_port) and _holds(
                    before.destination_port, rule.destination_port
                ):
                    yield before
                    break


def _without(piece: _Cube, rule: Rule) -> list[_Cube]:
    """Return what is left of a piece where a rule has taken its part."""
    value, care, other, other_care = piece
    (taken, taken_care), (other_taken, other_taken_care) = rule.source, rule.destination
    if (value ^ taken) & care & taken_care or (other ^ other_taken) & other_care & other_taken_care:
        return [piece]
    left: list[_Cube] = []
    for bit in _bits(taken_care & ~care):
        left.append((value | (~taken & bit), care | bit, other, other_care))
        value, care = value | (taken & bit), care | bit
    for bit in _bits(other_taken_care & ~other_care):
        left.append((value, care, other | (~other_taken & bit), other_care | bit))
        other, other_care = other | (other_taken & bit), other_care | bit
    return left


def _bits(number: int) -> Iterator[int]:
    while number:
        bit = number & -number
        yield bit
        number ^= bit
