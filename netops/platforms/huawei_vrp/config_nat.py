"""Address translation in the configuration: routers on interfaces, firewalls by policy."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from netops.facts.nat import NatKind, NatPool, NatRule
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_sets import combine, rule_name
from netops.platforms.huawei_vrp.config_tree import Node
from netops.platforms.huawei_vrp.names import full_interface, joined
from netops.platforms.huawei_vrp.scan import to_address, to_ipv4

_INSTANCE = "instance"
"""Marks a rule of a NAT instance until it is known where the instance is bound."""
_LENT = "interface"
"""Marks a rule that translates to another interface's address."""


def global_nat(draft: Draft, node: Node, words: list[str]) -> None:
    """Read a ``nat …`` statement of the system view."""
    if words[:1] == ["address-group"]:
        _address_group(draft, node, words[1:])
    elif words[:1] in (["server"], ["static"]):
        _mapping(draft, node, words, None)
    elif words[:1] == ["outbound"]:
        _outbound(draft, node, words[1:], None)
    elif words[:1] == ["instance"] and len(words) > 1:
        _instance(draft, node, words[1])


def _instance(draft: Draft, node: Node, name: str) -> None:
    """Read a ``nat instance`` of a carrier router; interfaces or policies bind traffic to it."""
    for child in node.children:
        words = child.words
        if words[0] == "nat" and words[1:2] != ["instance"]:
            begin = len(draft.nat_rules)
            global_nat(draft, child, words[1:])
            draft.nat_rules[begin:] = [
                (replace(rule, zone=f"{_INSTANCE} {name}"), group)
                for rule, group in draft.nat_rules[begin:]
            ]


def interface_nat(draft: Draft, node: Node, words: list[str], interface: str) -> None:
    """Read a ``nat …`` statement of an interface."""
    if words[:1] == ["outbound"]:
        _outbound(draft, node, words[1:], interface)
    elif words[:1] == ["server"] or (words[:1] == ["static"] and words[1:2] != ["enable"]):
        _mapping(draft, node, words, interface)
    elif words[:1] == ["bind"] and "instance" in words[:-1]:
        draft.nat_bound[words[words.index("instance") + 1]].append(interface)


def _outbound(draft: Draft, node: Node, words: list[str], interface: str | None) -> None:
    if not words:
        draft.skip(node)
        return
    words = words[1:] if words[0] in {"name", "acl"} else words
    acl = None if words[:1] in (["address-group"], ["interface"]) else "".join(words[:1]) or None
    rest = words[1:] if acl else words
    group = rest[1] if rest[:1] == ["address-group"] and len(rest) > 1 else None
    lender = joined(rest[1:]) if rest[:1] == ["interface"] else None
    rule = NatRule(
        kind=NatKind.OUTBOUND,
        interface=interface,
        acl=acl,
        easy_ip=group is None and lender is None,
        name=group,
        source=draft.answer.at(node.line),
    )
    draft.nat_rules.append((rule, f"{_LENT} {lender[0]}" if lender else group))


def _mapping(draft: Draft, node: Node, words: list[str], interface: str | None) -> None:
    """Read ``nat server …`` or ``nat static …``: what stands after ``global`` and ``inside``."""
    outside = to_ipv4(_after(words, "global"))
    own = _after(words, "global") in {"current-interface", "interface"}
    inside = to_address(_after(words, "inside") or _after(words, "host-address"))
    vpn = _after(words, "vpn-instance")
    if inside is None or (outside is None and not own):
        draft.skip(node)
        return
    named = len(words) > 1 and words[1] not in {"protocol", "global", "zone", "vpn-instance"}
    draft.facts.append(
        NatRule(
            kind=NatKind.SERVER if words[0] == "server" else NatKind.STATIC,
            interface=interface,
            acl=_after(words, "acl") or None,
            pool=((outside, outside),) if outside else (),
            easy_ip=own,
            inside=inside,
            vpn=vpn,
            zone=_after(words, "zone") or None,
            name=words[1] if named else None,
            source=draft.answer.at(node.line),
        )
    )


def _after(words: list[str], keyword: str) -> str:
    """Return the word after ``keyword``, or nothing."""
    at = words.index(keyword) + 1 if keyword in words else len(words)
    return words[at] if at < len(words) else ""


def _address_group(draft: Draft, node: Node, words: list[str]) -> None:
    """Read a pool: two addresses on the line, or ``section`` lines below it."""
    if not words:
        draft.skip(node)
        return
    names = [words[0], *(word for word in words[1:2] if word.isdecimal())]
    ranges: list[tuple[IPv4Address, IPv4Address]] = []
    found = [address for address in map(to_ipv4, words[1:]) if address is not None]
    ranges.extend(_written_ranges(words[1:]))
    for child in node.children:
        parts = child.words
        if parts[0] != "section":
            continue
        more = _written_ranges(parts[1:])
        ranges.extend(more)
        if not more:
            draft.skip(child)
    for name in names[:1] if found else names:
        draft.pools.setdefault(name, []).extend(ranges)
    draft.facts.append(NatPool(names[0], tuple(ranges), draft.at(node)))


def _written_ranges(words: list[str]) -> list[tuple[IPv4Address, IPv4Address]]:
    """Read ``A B``, ``A mask M`` (a mask or a length), or one address alone."""
    found = [address for address in map(to_ipv4, words) if address is not None]
    if not found:
        return []
    if "mask" in words[:-1]:
        try:
            network = IPv4Network(f"{found[0]}/{words[words.index('mask') + 1]}", strict=False)
        except ValueError:
            return []
        return [(network.network_address, network.broadcast_address)]
    return [(found[0], found[1] if len(found) > 1 else found[0])]


def nat_policy(draft: Draft, node: Node, _words: list[str]) -> None:
    """Read a firewall's ``nat-policy`` block."""
    for rule in node.children:
        words = rule.words
        if words[0] == "rule" and len(words) > 1:
            _policy_rule(draft, rule, rule_name(words))


def _policy_rule(draft: Draft, node: Node, name: str) -> None:
    made = NatRule(NatKind.POLICY, None, active=True, name=name, source=draft.at(node))
    group: str | None = None
    acted = False
    for child in node.children:
        words = child.words
        if words[0] == "action":
            made, group, acted = *_action(made, words[1:]), True
        elif words[0] == "destination-zone" and len(words) > 1:
            made = replace(made, zone=words[1])
        elif words[0] == "egress-interface" and joined(words[1:]):
            made = replace(made, interface=full_interface("".join(words[1:])))
        elif words[0] == "disable":
            made = replace(made, active=False)
    if not acted:
        draft.skip(node)
        return
    acl = combine(draft, f"nat-policy {name}", node)
    draft.nat_rules.append((replace(made, acl=acl), group))


def _action(rule: NatRule, words: list[str]) -> tuple[NatRule, str | None]:
    """Read what a firewall's rule does: the rule, and the pool that it names."""
    words = words[1:] if words[:1] == ["nat"] else words
    if words[:1] == ["no-nat"]:
        return replace(rule, translates=False), None
    if "easy-ip" in words:
        return replace(rule, easy_ip=True), None
    return rule, _after(words, "address-group") or None


def resolve(draft: Draft) -> None:
    """Give the rules the ranges of the pools that they name, and the interfaces they hold on."""
    for rule, group in draft.nat_rules:
        ranges = _ranges(draft, group or "")
        made = replace(rule, pool=ranges) if ranges else rule
        kind, _, instance = (rule.zone or "").partition(" ")
        bound = draft.nat_bound.get(instance) if kind == _INSTANCE else None
        draft.facts.extend(replace(made, interface=i, zone=None) for i in bound or ())
        if not bound:
            draft.facts.append(made)
    draft.facts[:] = [fact for known in draft.facts for fact in _enabled(draft, known)]


def _enabled(draft: Draft, fact: object) -> list[object]:
    """Put a static mapping of the system view on the interfaces that enable such mappings."""
    if not isinstance(fact, NatRule) or fact.kind is not NatKind.STATIC or fact.interface:
        return [fact]
    if not draft.static_nat:
        return [replace(fact, active=False)]
    return [replace(fact, interface=name) for name in draft.static_nat]


def _ranges(draft: Draft, group: str) -> tuple[tuple[IPv4Address, IPv4Address], ...]:
    """Return the ranges of a pool, or the address of the interface that lends its own."""
    kind, _, lender = group.partition(" ")
    if kind != _LENT or not lender:
        return tuple(draft.pools.get(group, ()))
    known = draft.address_of(lender)
    address = known.interface.ip if known else None
    return ((address, address),) if isinstance(address, IPv4Address) else ()
