"""Static routes as configured, of both families, in the spellings of V5 and V7."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from netops.facts.routes import StaticRoute
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words, network_of
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import address_of

_DEFAULT_PREFERENCE = 60
_SETTINGS = ("default-preference", "recursive-lookup", "fast-reroute", "arp-request", "bfd")


@dataclass(slots=True)
class _Statics:
    context: Context
    preference: dict[int, int]
    groups: dict[str, tuple[IPv4Network | IPv6Network, ...]]


def read_statics(context: Context) -> None:
    """Yield a ``StaticRoute`` for every configured static route and source instance."""
    statics = _Statics(context, _preferences(context), _groups(context))
    for node in context.tree.nodes:
        words = Words(node.text.partition(" description ")[0].split())
        family = 6 if words.skip("ipv6") else 4
        if family == 4 and not words.skip("ip"):  # noqa: PLR2004 - the IP version
            continue
        if not words.skip("route-static") or words.peek() in _SETTINGS:
            continue
        routes = _routes(statics, node, words, family)
        context.facts.extend(routes)
        if not routes:
            context.unread.append(node)


def _preferences(context: Context) -> dict[int, int]:
    found = {4: _DEFAULT_PREFERENCE, 6: _DEFAULT_PREFERENCE}
    for node in context.tree.nodes:
        words = node.words
        if "default-preference" in words[2:3] and words[-1].isdecimal():
            found[6 if words[0] == "ipv6" else 4] = int(words[-1])
    return found


def _groups(context: Context) -> dict[str, tuple[IPv4Network | IPv6Network, ...]]:
    """Read ``ip route-static-group``: prefixes that share their next hops."""
    found = {}
    for view in context.tree.views("ip route-static-group "):
        prefixes = [network_of(*[*node.words, "", ""][1:3]) for node in view.under("prefix ")]
        found[view.words[2]] = tuple(p for p in prefixes if p is not None)
    return found


def _sources(words: Words) -> tuple[str, ...]:
    """Read the instances a route is for; V5 allows several."""
    if not words.skip("vpn-instance"):
        return ("",)
    names = [words.take()]
    while words and words.peek() != "group" and address_of(words.peek().split("/")[0]) is None:
        names.append(words.take())
    return tuple(names)


def _prefixes(
    statics: _Statics, words: Words, family: int
) -> tuple[IPv4Network | IPv6Network, ...]:
    if words.skip("group"):
        return statics.groups.get(words.take(), ())
    address = words.take()
    prefix = network_of(address, "") or network_of(address, words.take())
    return (prefix,) if prefix is not None and prefix.version == family else ()


def _routes(statics: _Statics, node: Node, words: Words, family: int) -> list[StaticRoute]:
    vpns = _sources(words)
    prefixes = _prefixes(statics, words, family)
    interface = full_interface(words.take()) if is_interface(words.peek()) else None
    to_vpn: str | None = None
    if words.skip("vpn-instance"):
        to_vpn = words.take()
    elif words.skip("public"):
        to_vpn = ""
    hop = words.address()
    if words.skip("public"):
        to_vpn = ""
    if hop is None and interface is None:
        return []
    if hop is not None and hop.version != family:
        return []
    preference = words.after("preference") or ""
    return [
        StaticRoute(
            vpn=vpn,
            prefix=prefix,
            next_hop=hop,
            interface=interface,
            to_vpn=None if to_vpn == vpn else to_vpn,
            preference=int(preference) if preference.isdecimal() else statics.preference[family],
            blackhole=interface == "NULL0",
            source=statics.context.at(node),
        )
        for vpn in vpns
        for prefix in prefixes
    ]
