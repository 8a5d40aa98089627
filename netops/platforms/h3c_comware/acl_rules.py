"""Rules of access lists, as ``display acl`` and the configuration both print them.

Reduces a rule to prefixes where that is possible without loss. Everything that narrows a rule
beyond prefixes and protocol (ports, time ranges, holes in a wildcard) makes it opaque.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from netops.facts.policy_routes import AclRule
from netops.facts.source import Source

_RULE = re.compile(r"\s*rule (?:(\d+) )?(?:name \S+ )?(permit|deny)(?: (.*))?", re.IGNORECASE)
_NO_MATCH = re.compile(
    r"\s*(?:rule \d+ (?:comment|remark)\b.*|rule (?:prefix|suffix).*|description\b.*|step \d+.*"
    r"|match-order .*|undo .*|hardware-count .*|acl accelerated.*|accelerate.*)",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r" *\((?:\d+ times? matched|Inactive|Dynamic|Active|Failed)\)|, \d+ times matched",
    re.IGNORECASE,
)
_ANY_PROTOCOL = frozenset({"ip", "ipv6"})
_FULL = 0xFFFFFFFF


@dataclass(slots=True)
class _Match:
    source: IPv4Network | IPv6Network | None = None
    destination: IPv4Network | IPv6Network | None = None
    protocol: str | None = None
    opaque: bool = False


def wildcard_length(wildcard: str) -> int | None:
    """Turn a wildcard (``0.0.0.255``, ``0``) into a prefix length; None where it has holes."""
    try:
        bits = 0 if wildcard == "0" else int(IPv4Address(wildcard))
    except ValueError:
        return None
    return 32 - bits.bit_length() if bits & (bits + 1) == 0 else None


def _network(words: Sequence[str]) -> tuple[IPv4Network | IPv6Network | None, int, bool]:
    """Read an address part: the prefix, how many words it took, whether it is beyond us."""
    first = words[0] if words else ""
    if not first or first.lower() == "any":
        return None, 1, not first
    if not first[0].isdecimal() and ":" not in first:
        return None, min(2, len(words)), True
    if ":" in first:
        return _network6(words)
    wildcard = words[1] if len(words) > 1 else ""
    length = wildcard_length(wildcard)
    if length is None:
        return None, min(2, len(words)), True
    try:
        return IPv4Network((int(IPv4Address(first)) & (_FULL << (32 - length)), length)), 2, False
    except ValueError:
        return None, 2, True


def _network6(words: Sequence[str]) -> tuple[IPv4Network | IPv6Network | None, int, bool]:
    first = words[0]
    took = 1
    if "/" not in first:
        took = 2
        first = f"{first}/{words[1] if len(words) > 1 else ''}"
    try:
        return ip_network(first, strict=False), took, False
    except ValueError:
        return None, min(took, len(words)), True


_ALONE = {"logging": 1, "counting": 1}
"""Words that do not narrow a rule, with how many words they take."""


def _match(words: list[str], family: int) -> _Match:
    found = _Match()
    at = 0
    if words and words[0].lower() not in {"source", "destination", *_ALONE, *_NARROWING}:
        word = words[0].lower()
        found.protocol = None if word in _ANY_PROTOCOL else word
        at = 1
    while at < len(words):
        word = words[at].lower()
        if word in {"source", "destination"}:
            network, took, beyond = _network(words[at + 1 :])
            if network is not None and network.version != family:
                network, beyond = None, True
            setattr(found, word, network)
            found.opaque |= beyond
            at += 1 + took
        elif word in _ALONE:
            at += _ALONE[word]
        else:
            found.opaque = True
            at += 1
    return found


_NARROWING = frozenset(
    {"vpn-instance", "time-range", "fragment", "object-group", "source-mac", "vpn-instance-any"}
)


def read_rule(line: str, family: int, at: Source) -> AclRule | None:
    """Read a rule; None where the line is none."""
    match = _RULE.fullmatch(_TRAILER.sub("", line).rstrip())
    if match is None:
        return None
    found = _match((match[3] or "").split(), family)
    return AclRule(
        permit=match[2].lower() == "permit",
        source=found.source,
        destination=found.destination,
        protocol=found.protocol,
        number=int(match[1]) if match[1] else None,
        opaque=found.opaque,
        at=at,
    )


def is_furniture(line: str) -> bool:
    """Whether a line inside an access list matches no packet (comment, step …)."""
    return _NO_MATCH.fullmatch(line) is not None
