"""One ``ip route`` or ``ipv6 route`` line of FRR.

Knows the grammar of staticd. Refuses a line with a word that it does not know.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from netops.facts.routes import StaticRoute
from netops.facts.source import Source
from netops.platforms.frr.names import vrf_name
from netops.platforms.jsontext import as_address, as_network

_DROPS = frozenset({"null0", "blackhole", "reject"})
_WITH_VALUE = frozenset({"tag", "vrf", "nexthop-vrf", "table", "label", "color", "segments"})
_FLAGS = frozenset({"onlink"})
_DEFAULT_DISTANCE = 1
_HIGHEST_DISTANCE = 255


def parse_static(text: str, vrf: str, source: Source) -> StaticRoute | None:
    """Return the route of a line, None when any part of it is not understood."""
    words = text.split()
    family, words = words[0], words[2:]
    if family == "ip" and len(words) > 1 and "/" not in words[0]:
        words = [f"{words[0]}/{words[1]}", *words[2:]]
    prefix = as_network(words[0]) if words else None
    if prefix is None or isinstance(prefix, IPv4Network) is not (family == "ip"):
        return None
    rest = words[3:] if words[1:2] == ["from"] else words[1:]
    options = _options(rest[1:])
    if not rest or options is None:
        return None
    hop = as_address(rest[0])
    interface = options.get("interface") if hop else rest[0]
    is_dropped = hop is None and rest[0].lower() in _DROPS
    to_vrf = options.get("nexthop-vrf")
    return StaticRoute(
        vpn=vrf_name(options.get("vrf", vrf)),
        prefix=prefix,
        next_hop=hop,
        interface=None if is_dropped else interface,
        to_vpn=None if to_vrf is None else vrf_name(to_vrf),
        preference=int(options.get("distance", _DEFAULT_DISTANCE)),
        blackhole=is_dropped,
        source=source,
    )


def _options(words: list[str]) -> dict[str, str] | None:
    """Read what follows the next hop; ``distance`` and ``interface`` have no word before."""
    options: dict[str, str] = {}
    rest = iter(words)
    for position, word in enumerate(rest):
        if word in _WITH_VALUE:
            value = next(rest, None)
            if value is None:
                return None
            options[word] = value
        elif word.isdecimal() and int(word[:4]) <= _HIGHEST_DISTANCE:
            options["distance"] = word[:4]
        elif word == "bfd":
            return options
        elif word in _FLAGS:
            continue
        elif position == 0:
            options["interface"] = word
        else:
            return None
    return options
