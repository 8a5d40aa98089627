"""VRP: policy routing, as traffic policies (AR) or policy-based routes (NE, local).

Knows which form a device uses and prints both, for displays and for the configuration.
"""

from __future__ import annotations

from netops.facts.policy_routes import PolicyRoute
from netops.lab.render.huawei_vrp_spelling import Vrp
from netops.lab.render.notation import V4, lines, printed
from netops.lab.render.scene import policies

_RULE = "-" * 49
_ALL = 100


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the answers about policy routing."""
    return {
        "display traffic-policy applied-record": _applied(vrp),
        "display policy-based-route": _policy_based(vrp),
        "display ip policy-based-route": _where_policy_based(vrp),
    }


def traffic_policies(vrp: Vrp) -> dict[str, list[PolicyRoute]]:
    """Return the policies that this device does by traffic policy with redirect."""
    return {
        name: nodes
        for family in (V4, 6)
        for name, nodes in policies(vrp.scene, family).items()
        if _is_traffic_policy(vrp, nodes)
    }


def policy_based(vrp: Vrp, family: int = V4) -> dict[str, list[PolicyRoute]]:
    """Return the policies that this device does by policy-based route."""
    by_name = policies(vrp.scene, family)
    return {n: nodes for n, nodes in by_name.items() if not _is_traffic_policy(vrp, nodes)}


def _is_traffic_policy(vrp: Vrp, nodes: list[PolicyRoute]) -> bool:
    return not vrp.is_vrp8 and not any(
        n.local or n.default_only or n.out_interface or n.vpn for n in nodes
    )


def classifier(node: PolicyRoute) -> str:
    """Return the name of a node's classifier."""
    return f"c_{node.name}_{node.node}"


def behavior(node: PolicyRoute) -> str:
    """Return the name of a node's behaviour."""
    return f"b_{node.name}_{node.node}"


def _applied(vrp: Vrp) -> str:
    found = [(n, nodes) for n, nodes in traffic_policies(vrp).items() if nodes[0].interfaces]
    if not found:
        return ""
    out: list[str] = []
    for index, (name, nodes) in enumerate(found):
        out += ["#", _RULE, f"  Policy Name:   {name}", f"  Policy Index:  {index}"]
        out.extend(f"     Classifier:{classifier(n)}     Behavior:{behavior(n)}" for n in nodes)
        out.append(_RULE)
        for interface in nodes[0].interfaces:
            out.append(f" *interface {interface}")
            out += [f"    traffic-policy {name} inbound  ", "      slot 0    :  success"]
        out += [_RULE, f"  Policy total applied times: {len(nodes[0].interfaces)}."]
    return lines(*out)


def applications(node: PolicyRoute) -> list[str]:
    """Return what a node does, in the words of the configuration."""
    word = "ip-address" if node.family == V4 else "ipv6-address"
    out = []
    if node.next_hops:
        kind = "default next-hop" if node.default_only else "next-hop"
        out.append(f"apply {word} {kind} {' '.join(printed(hop) for hop in node.next_hops)}")
    if node.out_interface:
        kind = "default output-interface" if node.default_only else "output-interface"
        out.append(f"apply {kind} {node.out_interface}")
    if node.vpn:
        out.append(f"apply access-vpn vpn-instance {node.vpn}")
    return out


def matches(node: PolicyRoute) -> list[str]:
    """Return what a node matches, in the words of the configuration."""
    if node.acl is None:
        return []
    kind = "acl" if node.family == V4 else "ipv6 acl"
    named = "" if node.acl.isdigit() else "name "
    return [f"if-match {kind} {named}{node.acl}"]


def _policy_based(vrp: Vrp) -> str:
    found = policy_based(vrp)
    if not found:
        return ""
    out: list[str] = []
    if vrp.is_vrp8:
        out.append("User Defined policy-based-route Policy Information:")
        out.append(f"Total: {_ALL}  Used: {len(found)}  Free: {_ALL - len(found)}")
        for name, nodes in found.items():
            out.append(f"Policy: {name}")
            for node in nodes:
                out.append(f"Node: {node.node:<6d}MapInstance: {node.node}")
                out.extend(f"  {text}" for text in (*matches(node), *applications(node)))
        return lines(*out)
    for name, nodes in found.items():
        out.append(f"policy-based-route : {name}")
        for node in nodes:
            mode = "permit" if node.permit else "deny"
            out.append(f"  Node {node.node} {mode} :")
            out.extend(f"    {text}" for text in (*matches(node), *applications(node)))
    return lines(*out)


def _where_policy_based(vrp: Vrp) -> str:
    out = ["policy Name                     Interface"]
    for name, nodes in policy_based(vrp).items():
        places = ["local"] if nodes[0].local else list(nodes[0].interfaces)
        out.extend(f"{name:<32}{place}" for place in places)
    return lines(*out) if len(out) > 1 else ""
