"""``display current-configuration``: the whole text, and every fact that audits draw from it.

Each statement goes to the reader of its first word; the others are kept as configuration
lines. A text without its ``return`` is a cut capture and never counts as understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.routes import VpnInstance
from netops.facts.system import Configuration
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp import (
    config_bgp,
    config_interfaces,
    config_nat,
    config_policy,
    config_routes,
    config_sets,
    config_system,
)
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_tree import Node, build
from netops.platforms.huawei_vrp.names import full_interface

Reader = Callable[[Draft, Node, list[str]], None]


def _ip(draft: Draft, node: Node, words: list[str]) -> None:
    if words[:1] == ["route-static"]:
        config_routes.static_route(draft, node, words[1:], 4)
    elif words[:1] == ["vpn-instance"]:
        config_routes.vpn_instance(draft, node, words[1:])
    elif words[:2] == ["local", "policy-based-route"]:
        config_policy.apply_pbr(draft, node, words[2:], "")


def _ipv6(draft: Draft, node: Node, words: list[str]) -> None:
    if words[:1] == ["route-static"]:
        config_routes.static_route(draft, node, words[1:], 6)
    elif words[:1] == ["policy-based-route"]:
        config_policy.policy_based_route(draft, node, words[1:], 6)
    elif words[:2] == ["local", "policy-based-route"]:
        config_policy.apply_pbr(draft, node, words[2:], "")


def _traffic_policy(draft: Draft, node: Node, words: list[str]) -> None:
    if words:  # a firewall's block for bandwidth has the same name, and no word after it
        config_policy.apply_policy(draft, node, words, [])


def _traffic_redirect(draft: Draft, node: Node, words: list[str]) -> None:
    config_policy.traffic_redirect(draft, node, words, [])


def _zone(draft: Draft, node: Node, words: list[str]) -> None:
    """Read ``firewall zone [name] X``: which interfaces are in it."""
    if words[:1] != ["zone"] or len(words) < 2:  # noqa: PLR2004 - keyword and name
        return
    name = words[2] if words[1] == "name" and len(words) > 2 else words[1]  # noqa: PLR2004
    members = draft.zones.setdefault(name, [])
    for child in node.children:
        parts = child.words
        if parts[:2] == ["add", "interface"]:
            members.append(full_interface("".join(parts[2:])))


_READERS: dict[str, Reader] = {
    "sysname": config_system.sysname,
    "aaa": config_system.aaa,
    "ntp-service": config_system.ntp,
    "ntp": config_system.ntp,
    "snmp-agent": config_system.snmp,
    "undo": config_system.undo,
    "interface": config_interfaces.interface,
    "ip": _ip,
    "ipv6": _ipv6,
    "acl": config_policy.acl,
    "traffic": config_policy.traffic,
    "traffic-policy": _traffic_policy,
    "traffic-redirect": _traffic_redirect,
    "policy-based-route": config_policy.policy_based_route,
    "vlan": config_policy.vlan,
    "nat": config_nat.global_nat,
    "nat-policy": config_nat.nat_policy,
    "bgp": config_bgp.bgp,
}


_COMWARE = re.compile(r"version \d+\.\d+\S*, .{1,60}")
"""The first statement of the other vendor's configuration, which is much like ours."""


def parse_configuration(answer: Answer) -> Parsed:
    """Read the running or saved configuration."""
    tree = build(answer)
    draft = Draft(answer)
    for node in tree.roots:
        _before(draft, node)
    for node in tree.roots:
        words = node.words
        reader = _READERS.get(words[0])
        if reader is not None:
            reader(draft, node, words[1:])
        else:
            config_system.release_line(draft, node)
    _resolve(draft)
    for number, line in tree.strange:
        draft.unread.append(UnreadLine(line[:200], answer.at(number)))
    first = answer.lines[0][0] if answer.lines else 0
    last = answer.lines[-1][0] if answer.lines else 0
    whole = Configuration(tuple(tree.lines), tree.complete, answer.at(first, last))
    facts = (whole, *draft.facts)
    is_ours = tree.blocks > 0 and 2 * len(draft.unread) <= len(tree.lines)
    if not is_ours:
        return Parsed((), tuple(draft.unread), AnswerState.NOT_UNDERSTOOD, "no configuration")
    if any(_COMWARE.fullmatch(node.text) for node in tree.roots[:3]):
        detail = "a configuration of Comware, not of VRP"
        return Parsed((), tuple(draft.unread), AnswerState.NOT_UNDERSTOOD, detail)
    if not tree.complete:
        detail = "no return at the end: the capture is cut"
        return Parsed(facts, tuple(draft.unread), AnswerState.NOT_UNDERSTOOD, detail)
    return Parsed(facts, tuple(draft.unread))


def _before(draft: Draft, node: Node) -> None:
    """Read first what rules further up may name: zones and address sets."""
    words = node.words
    if words[0] == "firewall":
        _zone(draft, node, words[1:])
    elif words[:2] == ["ip", "address-set"]:
        config_sets.address_set(draft, node, words[2:])


def _resolve(draft: Draft) -> None:
    """Join what was named with what was defined."""
    config_interfaces.resolve(draft)
    config_routes.resolve(draft)
    config_policy.resolve(draft)
    config_nat.resolve(draft)
    config_system.resolve(draft)
    draft.facts.extend(draft.acls.values())
    for at, fact in enumerate(draft.facts):
        if isinstance(fact, VpnInstance) and fact.name in draft.bound:
            draft.facts[at] = replace(fact, interfaces=tuple(draft.bound[fact.name]))
