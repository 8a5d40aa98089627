"""Policy routing and traffic redirection as configured: what overrides the routing table.

A node with a match that is no access list is yielded without one: it may match any packet.
A node that leaves packets alone (deny) is left out then, because it would hide the nodes after
it. The match itself is counted as not understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address

from netops.facts.policy_routes import PolicyRoute
from netops.platforms.h3c_comware.config.interfaces import interface_name
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.sheet import address_of

_HARMLESS = frozenset(
    {"precedence", "dscp", "ip-precedence", "ip-df", "continue", "fail-action-drop",
     "loadshare", "statistics", "remark-vpn", "service-chain", "ip-dscp", "flow-label"}
)  # fmt: skip


@dataclass(slots=True)
class Ways:
    """Where a node sends packets."""

    next_hops: list[IPv4Address | IPv6Address] = field(default_factory=list)
    default_hops: list[IPv4Address | IPv6Address] = field(default_factory=list)
    out: str | None = None
    default_out: str | None = None
    vpn: str | None = None

    def routes(self, base: PolicyRoute) -> Iterator[PolicyRoute]:
        """Yield a route for the ways that always hold, and one for the default ways."""
        if self.next_hops or self.out or self.vpn is not None:
            yield replace(base, next_hops=tuple(self.next_hops), out_interface=self.out,
                          vpn=self.vpn)  # fmt: skip
        if self.default_hops or self.default_out:
            yield replace(base, next_hops=tuple(self.default_hops),
                          out_interface=self.default_out, default_only=True)  # fmt: skip


def read_policies(context: Context) -> None:
    """Yield a ``PolicyRoute`` per node and place of use; unused policies without interfaces."""
    for family, prefix in ((4, "policy-based-route "), (6, "ipv6 policy-based-route ")):
        used = _used(context, family)
        local = _local(context, family)
        for view in context.tree.views(prefix):
            words = Words(view.text.removeprefix(prefix).split())
            name = words.take()
            permit = not words.has("deny")
            number = words.after("node") or ""
            if not number.isdecimal():
                context.unread.append(view)
                continue
            base = PolicyRoute(name, int(number), permit, family=family,
                               source=context.at(view, whole=True))  # fmt: skip
            for route in _node(context, view, base):
                places = tuple(used.get(name, ()))
                context.facts.append(replace(route, interfaces=places, local=name in local))


def _used(context: Context, family: int) -> dict[str, list[str]]:
    prefix = "ip policy-based-route " if family == 4 else "ipv6 policy-based-route "  # noqa: PLR2004 - the IP version
    found: dict[str, list[str]] = {}
    for view in context.tree.views("interface "):
        for node in view.under(prefix):
            found.setdefault(node.words[2], []).append(interface_name(view))
    return found


def _local(context: Context, family: int) -> set[str]:
    word = "ip" if family == 4 else "ipv6"  # noqa: PLR2004 - the IP version
    views = context.tree.views(f"{word} local policy-based-route ")
    return {node.words[3] for node in views}


def _node(context: Context, view: Node, base: PolicyRoute) -> list[PolicyRoute]:
    acl, ways = None, Ways()
    is_sure = True
    for child in view.children:
        words = Words(child.words)
        word = words.take()
        if word == "if-match" and words.skip("acl"):
            acl = _acl(words)
        elif word == "apply":
            if not apply(words, ways):
                context.unread.append(child)
        elif word not in {"description", "undo"}:
            is_sure = is_sure and word != "if-match"
            context.unread.append(child)
    base = replace(base, acl=acl)
    if not base.permit:
        return [base] if is_sure else []
    return list(ways.routes(base)) or [base]


def _acl(words: Words) -> str:
    words.skip("ipv6")
    words.skip("name", "number")
    return words.take()


def apply(words: Words, ways: Ways) -> bool:
    """Read what follows ``apply``; False where it is not known."""
    what = words.take().lower()
    if what == "ip-address":  # V5 says what it applies before how
        what = words.take().lower()
    if what == "default":
        what = f"default-{words.take().lower()}"
    if what in {"next-hop", "default-next-hop"}:
        if words.skip("vpn-instance"):
            ways.vpn = words.take()
        words.skip("inbound-vpn")
        hops = ways.next_hops if what == "next-hop" else ways.default_hops
        found = [address_of(text) for text in _rest(words)]
        hops.extend(a for a in found if a is not None)
        return any(a is not None for a in found)
    if what == "output-interface":
        ways.out = full_interface(words.take())
        return bool(ways.out)
    if what == "default-output-interface":
        ways.default_out = full_interface(words.take())
        return bool(ways.default_out)
    if what == "access-vpn":
        public = words.skip("public")
        words.skip("vpn-instance")
        name = "" if public else words.take()
        ways.vpn = name if ways.vpn is None else ways.vpn
        return (public or bool(name)) and ways.vpn == name and not words
    return what in _HARMLESS


def _rest(words: Words) -> Iterator[str]:
    """Yield the remaining words without the arguments of ``track`` and ``weight``."""
    while words:
        if words.skip("track", "weight", "bfd-source"):
            words.take()
        else:
            yield words.take()
