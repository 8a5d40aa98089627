"""Access lists, traffic policies and policy routes in the configuration.

Everything that may override the routing table is looked for: behaviours that redirect,
policy-based routes of interfaces and of the device itself, firewalls' rules, and the
shortcuts of switches.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from netops.facts.policy_routes import PolicyRoute
from netops.facts.source import Source
from netops.platforms.huawei_vrp.acl import acl_names, parse_rule
from netops.platforms.huawei_vrp.config_draft import Applied, Draft, Redirect
from netops.platforms.huawei_vrp.config_sets import combine, rule_name
from netops.platforms.huawei_vrp.config_tree import Node
from netops.platforms.huawei_vrp.names import full_interface, joined
from netops.platforms.huawei_vrp.scan import to_address, to_int

_ACL_KINDS = frozenset({"basic", "advance", "advanced", "match-order", "auto", "config", "link",
                        "user", "ucl", "interface", "mpls", "simple"})  # fmt: skip


def acl(draft: Draft, node: Node, words: list[str]) -> None:
    """Read an ``acl …`` block; a list with number and name is kept under both."""
    family = 6 if words[:1] == ["ipv6"] else 4
    names = [word for word in words if word not in _ACL_KINDS and word != "ipv6"]
    rules = []
    for child in node.children:
        rule = parse_rule(child.text, draft.answer.at(child.line))
        if rule is not None:
            rules.append(rule)
        elif child.words[0] == "rule" and " description " not in child.text:
            draft.skip(child)
    if not names:
        draft.skip(node)
        return
    for name in acl_names(" ".join(names)):
        draft.add_acl(name, family, rules, draft.at(node))


def traffic(draft: Draft, node: Node, words: list[str]) -> None:
    """Read ``traffic classifier|behavior|policy`` blocks."""
    if len(words) < 2:  # noqa: PLR2004 - kind and name
        draft.skip(node)
    elif words[0] == "classifier":
        _classifier(draft, node, words)
    elif words[0] == "behavior":
        _behaviour(draft, node, words[1])
    elif words[0] == "policy":
        _policy(draft, node, words[1])


def _classifier(draft: Draft, node: Node, words: list[str]) -> None:
    """Keep the lists that a classifier matches; anything else makes it opaque."""
    lists: list[tuple[str, int]] = []
    opaque = False
    for child in node.children:
        parts = child.words
        if parts[0] != "if-match" or parts[1:2] == ["any"]:
            continue
        found = matched_list(parts[1:])
        if found is None:
            opaque = True
        else:
            lists.append(found)
    both = words[2:4] == ["operator", "and"] and len(lists) > 1
    draft.classifiers[words[1]] = (lists, opaque or both)


def matched_list(words: list[str]) -> tuple[str, int] | None:
    """Read ``acl 3000``, ``acl name X`` or ``ipv6 acl …``."""
    family = 6 if words[:1] == ["ipv6"] else 4
    words = words[1:] if family == 6 else words  # noqa: PLR2004 - IPv6
    if words[:1] != ["acl"] or len(words) < 2:  # noqa: PLR2004 - keyword and name
        return None
    named = words[1] in {"name", "number", "ipv6"} and len(words) > 2  # noqa: PLR2004
    family = 6 if words[1] == "ipv6" else family
    return (words[2] if named else words[1]), family


def _behaviour(draft: Draft, node: Node, name: str) -> None:
    for child in node.children:
        words = child.words
        if words[0] == "redirect" and words[1:2] != ["cpu"]:
            redirect = _redirect(words[1:], draft.answer.at(child.line))
            if redirect is None:
                draft.skip(child)
            else:
                draft.behaviours[name] = redirect


def _redirect(words: list[str], source: Source) -> Redirect | None:
    """Read what follows ``redirect``; None when it leads nowhere that we know."""
    hops = tuple(hop for hop in map(to_address, words) if hop is not None)
    interface = joined(words[words.index("interface") + 1 :]) if "interface" in words else None
    at = next((n + 1 for n, w in enumerate(words) if w in {"vpn-instance", "vpn"}), len(words))
    vpn = words[at] if at < len(words) else None
    if not hops and interface is None and vpn is None:
        return None
    return Redirect(hops, interface[0] if interface else None, vpn, source=source)


def _policy(draft: Draft, node: Node, name: str) -> None:
    pairs = draft.policies.setdefault(name, [])
    for child in node.children:
        words = child.words
        if words[0] == "classifier" and "behavior" in words[2:-1]:
            behaviour = words[words.index("behavior") + 1]
            own = to_int(words[-1]) if words[-2] == "precedence" else None
            order = len(pairs) + 1 if own is None else own
            pairs.append((order, words[1], behaviour, draft.answer.at(child.line)))


def apply_policy(
    draft: Draft, node: Node, words: list[str], interfaces: list[str], view: str = "interface"
) -> None:
    """Read ``traffic-policy P [global] inbound``; outbound ones cannot redirect."""
    if not words:
        draft.skip(node)
    elif "inbound" in words:
        draft.applied[f"traffic {words[0]}"].add(interfaces, view)


def apply_pbr(draft: Draft, node: Node, words: list[str], interface: str) -> None:
    """Read ``ip policy-based-route P`` on an interface, or of the device with ``""``."""
    if not words:
        draft.skip(node)
    elif interface:
        draft.applied[f"pbr {words[0]}"].add([interface], "interface")
    else:
        draft.applied[f"pbr {words[0]}"].local = True


def vlan(draft: Draft, node: Node, words: list[str]) -> None:
    """Read what a ``vlan N`` block applies: to the interface of that VLAN."""
    if len(words) != 1 or not words[0].isdecimal():
        return
    for child in node.children:
        parts = child.words
        if parts[0] == "traffic-policy":
            apply_policy(draft, child, parts[1:], [f"Vlanif{words[0]}"], "vlan")
        elif parts[0] == "traffic-redirect":
            traffic_redirect(draft, child, parts[1:], [f"Vlanif{words[0]}"], "vlan")


def traffic_redirect(
    draft: Draft, node: Node, words: list[str], interfaces: list[str], view: str = "interface"
) -> None:
    """Read a switch's ``traffic-redirect [vlan N] inbound acl … ip-nexthop A``."""
    if words[:1] == ["vlan"] and len(words) > 1:
        interfaces, view = [f"Vlanif{words[1]}"], "global vlan"
    if "inbound" not in words:
        return
    source = draft.answer.at(node.line)
    redirect = _redirect([w for w in words if w != "inbound"], source)
    matched = matched_list(words[words.index("inbound") + 1 :])
    if redirect is None or matched is None:
        draft.skip(node)
        return
    name, family = matched
    key = f"traffic-redirect {name} {node.line}"
    draft.applied[key].add(interfaces, view)
    draft.pbr_nodes.append((key, 1, True, redirect, (name,), family))


def policy_based_route(draft: Draft, node: Node, words: list[str], family: int = 4) -> None:
    """Read a node of a policy-based route, or a firewall's block of rules."""
    if not words:
        for at, rule in enumerate(node.children, start=1):
            if rule.words[0] == "rule":
                _firewall_rule(draft, rule, at)
        return
    number = to_int(words[-1])
    if len(words) < 4 or words[-2] != "node" or number is None:  # noqa: PLR2004 - name to number
        draft.skip(node)
        return
    redirect = Redirect(source=draft.at(node))
    lists: list[str] = []
    opaque = False
    for child in node.children:
        parts = child.words
        matched = matched_list(parts[1:]) if parts[0] == "if-match" else None
        if matched:
            lists.append(matched[0])
            family = max(family, matched[1])
        elif parts[0] == "if-match":
            opaque = True
        elif parts[0] == "apply" and not apply_redirect(redirect, parts[1:]):
            draft.skip(child)
    if opaque or len(lists) > 1:
        lists = [
            draft.opaque_acl(f"policy-based-route {words[0]} {number}", family, redirect.source)
        ]
    permit = words[-3] == "permit"
    key = f"pbr {words[0]}"
    draft.pbr_nodes.append((key, number, permit, redirect, tuple(lists) or (None,), family))


def apply_redirect(redirect: Redirect, words: list[str]) -> bool:
    """Read an ``apply`` statement; marking ones change no way and are fine."""
    redirect.default_only = redirect.default_only or "default" in words
    hops = tuple(hop for hop in map(to_address, words) if hop is not None)
    if "access-vpn" in words or "vpn-instance" in words:
        redirect.vpn = words[-1] if not hops else words[words.index("vpn-instance") + 1]
    if "output-interface" in words:
        found = joined(words[words.index("output-interface") + 1 :])
        redirect.out_interface = found[0] if found else None
        return found is not None
    redirect.next_hops += hops
    wants_hop = "next-hop" in words or "nexthop" in words
    return bool(hops) or not wants_hop


def _firewall_rule(draft: Draft, node: Node, number: int) -> None:
    """Read a firewall's rule: match and action in one block."""
    name = rule_name(node.words)
    redirect = Redirect(source=draft.at(node))
    interfaces: list[str] = []
    permit = enabled = True
    for child in node.children:
        words = child.words
        enabled = enabled and words[0] != "disable"
        if words[0] == "ingress-interface":
            interfaces.extend(full_interface(word) for word in words[1:])
        elif words[0] == "source-zone":
            interfaces.extend(i for zone in words[1:] for i in draft.zones.get(zone, []))
        elif words[0] == "action":
            permit = words[1:2] != ["no-pbr"]
            hops = tuple(hop for hop in map(to_address, words) if hop is not None)
            at = words.index("egress-interface") + 1 if "egress-interface" in words else len(words)
            out = joined(words[at:])
            redirect.next_hops, redirect.out_interface = hops, out[0] if out else None
            if "vpn-instance" in words[:-1]:
                redirect.vpn = words[words.index("vpn-instance") + 1]
    key = f"rule {name}"
    acl_name = combine(draft, f"policy-based-route {name}", node)
    if enabled:
        draft.applied[key].add(interfaces, "interface")
    draft.pbr_nodes.append((key, number, permit, redirect, (acl_name,), 4))


def resolve(draft: Draft) -> None:
    """Make policy routes of every policy, with where it is applied."""
    everywhere = tuple(draft.interfaces)
    for key, number, permit, redirect, lists, family in draft.pbr_nodes:
        for name in lists:
            _add(draft, key, (number, permit, name, family), redirect, everywhere)
    for policy, pairs in draft.policies.items():
        last = max((p for p in pairs if p[2] in draft.behaviours), default=None)
        for pair in sorted(pairs):
            if last is not None and pair <= last:
                _add_pair(draft, policy, pair, everywhere)


def _add_pair(
    draft: Draft, policy: str, pair: tuple[int, str, str, Source], everywhere: tuple[str, ...]
) -> None:
    """Add a pair of classifier and behaviour; without redirect it keeps packets from later ones."""
    order, classifier, behaviour, source = pair
    found = draft.behaviours.get(behaviour)
    way = found or Redirect()
    redirect = Redirect(way.next_hops, way.out_interface, way.vpn, source=source)
    for name, family in _lists(draft, classifier, source):
        node = (order, found is not None, name, family)
        _add(draft, f"traffic {policy}", node, redirect, everywhere)


def _lists(draft: Draft, classifier: str, source: Source) -> list[tuple[str | None, int]]:
    """Return the lists of a classifier; an unknown or odd one may match anything."""
    lists, opaque = draft.classifiers.get(classifier, ([], True))
    if opaque:
        return [(draft.opaque_acl(f"classifier {classifier}", 4, source), 4)]
    return [*lists] or [(None, 4)]


def _add(
    draft: Draft,
    key: str,
    node: tuple[int, bool, str | None, int],
    redirect: Redirect,
    everywhere: tuple[str, ...],
) -> None:
    applied = draft.applied.get(key)
    number, permit, name, family = node
    hops: tuple[IPv4Address | IPv6Address, ...] = redirect.next_hops
    if hops and all(hop.version == 6 for hop in hops):  # noqa: PLR2004 - IPv6
        family = 6
    own = tuple(dict.fromkeys(applied.interfaces)) if applied else ()
    draft.facts.append(
        PolicyRoute(
            name=key.split(None, 1)[1],
            node=number,
            permit=permit,
            acl=name,
            next_hops=hops,
            out_interface=redirect.out_interface,
            vpn=redirect.vpn,
            default_only=redirect.default_only,
            interfaces=everywhere if applied and applied.everywhere else own,
            local=applied.local if applied else False,
            form=_form(key, applied),
            family=family,
            source=redirect.source,
        )
    )


def _form(key: str, applied: Applied | None) -> str | None:
    """Say how a policy is applied: which statement, and in which kind of view."""
    kind = key.split(None, 1)[0]
    if kind in {"pbr", "rule"}:
        return None if kind == "pbr" else kind
    views = applied.views if applied else set()
    return f"{kind} {next(iter(views)) if len(views) == 1 else 'mixed'}"
