"""Comware: address translation on interfaces and policy routing.

Knows the sections of the NAT displays, which are left out where nothing is configured.
Refuses to know firewall policies: the laboratory plays routers.
"""

from __future__ import annotations

from netops.facts.nat import NatKind, NatRule
from netops.facts.policy_routes import PolicyRoute
from netops.lab.render.h3c_comware_spelling import Comware
from netops.lab.render.notation import V4, lines
from netops.lab.render.scene import (
    inside_source,
    own_address,
    policies,
    translated_source,
)

_SHOWN_SESSIONS = 4


def answers(device: Comware) -> dict[str, str]:
    """Return the answers about translation and policy routing."""
    outbound, servers, groups = _outbound(device), _servers(device), _groups(device)
    found = {
        "display nat outbound": lines(*outbound),
        "display nat server": lines(*servers),
        "display nat address-group": lines(*groups),
        "display nat all": _everything(device, (groups, outbound, servers)),
        "display nat session": _sessions(device),
        "display nat statistics": _statistics(device),
    }
    for family, word in ((V4, "ip"), (6, "ipv6")):
        found[f"display {word} policy-based-route"] = _policies(device, family)
        found[f"display {word} policy-based-route setup"] = _setup(device, family)
    return found


def outbound_rules(device: Comware) -> list[NatRule]:
    """Return the outbound rules that are bound to an interface."""
    rules = device.scene.model.nat_rules
    return [r for r in rules if r.kind is NatKind.OUTBOUND and r.interface]


def _outbound(device: Comware) -> list[str]:
    rules = outbound_rules(device)
    if not rules:
        return []
    out = ["NAT outbound information:", f"  Totally {len(rules)} NAT outbound rules."]
    for rule in rules:
        group = device.scene.pools[rule.pool] if rule.pool else "---"
        acl = rule.acl or "---"
        out.append(f"  Interface: {rule.interface}")
        if device.is_early:
            out.append(f"    ACL: {acl:<13}Address group: {group:<7}Port-preserved: N")
            out.append("    NO-PAT: N         Reversible: N")
        else:
            out += [f"    ACL: {acl}", f"    Address group ID: {group}"]
            out.append("    Port-preserved: N        NO-PAT: N  Reversible: N")
        if rule.vpn:
            out.append(f"    VPN instance: {rule.vpn}")
        out += [] if device.is_early else ["    NAT counting: 0"]
        out.append(f"    Config status: {'Inactive' if rule.active is False else 'Active'}")
    return out


def _servers(device: Comware) -> list[str]:
    rules = [r for r in device.scene.model.nat_rules if r.kind is NatKind.SERVER]
    if not rules:
        return []
    out = ["NAT internal server information:", f"  Totally {len(rules)} internal servers."]
    for rule in rules:
        outside = (
            rule.pool[0][0] if rule.pool else own_address(device.scene, rule.interface or "", V4)
        )
        out += [
            f"  Interface: {rule.interface}",
            "    Protocol: 6(TCP)",
            f"    Global IP/port: {outside}/443",
            f"    Local IP/port : {rule.inside}/8443",
        ]
        out += [f"    Local VPN     : {rule.vpn}"] if rule.vpn else []
        out += [f"    ACL           : {rule.acl}"] if rule.acl else []
        out.append("    Config status : Active")
    return out


def _groups(device: Comware) -> list[str]:
    pools = device.scene.pools
    if not pools:
        return []
    out = ["NAT address group information:", f"  Totally {len(pools)} NAT address groups."]
    for ranges, name in pools.items():
        out += [
            f"  Address group {name}:" if device.is_early else f"  Address group ID: {name}",
            "    Port range: 1-65535",
            "    Address information:",
            "      Start address         End address",
        ]
        out.extend(f"      {first!s:<22}{last}" for first, last in ranges)
    return out


def _everything(device: Comware, sections: tuple[list[str], ...]) -> str:
    out: list[str] = []
    for section in sections:
        out += [*section, ""] if section else []
    out += [
        "NAT logging:",
        "  Log enable          : Disabled",
        "  Flow-begin          : Disabled",
        "  Flow-end            : Disabled",
        "  Flow-active         : Disabled",
        "",
        "NAT mapping behavior:",
        "  Mapping mode : Address and Port-Dependent",
        "  ACL          : ---",
        "  Config status: Active",
        "",
        "NAT ALG:",
        "  DNS        : Enabled",
        "  FTP        : Enabled",
        "  ICMP-ERROR : Enabled",
        "  PPTP       : Enabled",
    ]
    if not device.is_early:
        out += ["", "Static NAT load balancing:     Disabled"]
        out += ["", "NAT link-switch recreate-session: Disabled"]
    return lines(*out)


def _sessions(device: Comware) -> str:
    total = device.scene.model.nat_sessions
    rule = next(iter(outbound_rules(device)), None)
    inside = inside_source(device.scene, rule)
    word = "VLL ID" if device.is_early else "Inline ID"
    out = [f"Slot {0 if device.is_router else 1}:"]
    for index in range(min(total, _SHOWN_SESSIONS)):
        out += [
            "Initiator:",
            f"  Source      IP/port: {inside}/{1877 + index}",
            "  Destination IP/port: 192.0.2.200/443",
            "  DS-Lite tunnel peer: -",
            f"  VPN instance/VLAN ID/{word}: -/-/-",
            "  Protocol: TCP(6)",
            f"  Inbound interface: {rule.interface if rule else '-'}",
            "  Source security zone: -",
        ]
    return lines(*out, f"Total sessions found: {total}")


def _statistics(device: Comware) -> str:
    rule = next(iter(outbound_rules(device)), None)
    used = translated_source(device.scene, rule) if rule else ""
    total = device.scene.model.nat_sessions
    return lines(
        f"Slot {0 if device.is_router else 1}:",
        f"  Total session entries: {total}",
        f"  Session creation rate: {1 if used and total else 0}",
        "  Total EIM entries: 0",
        "  Total inbound NO-PAT entries: 0",
        "  Total outbound NO-PAT entries: 0",
    )


def matches(node: PolicyRoute) -> list[str]:
    """Return what a node matches, in the words of the configuration."""
    if node.acl is None:
        return []
    named = "" if node.acl.isdigit() else "name "
    return [f"if-match acl {named}{node.acl}"]


def applications(node: PolicyRoute) -> list[str]:
    """Return what a node does, in the words of the configuration."""
    lead = "default-" if node.default_only else ""
    out = [f"apply {lead}next-hop {hop}" for hop in node.next_hops]
    if node.out_interface:
        out.append(f"apply {lead}output-interface {node.out_interface}")
    if node.vpn:
        out.append(f"apply access-vpn vpn-instance {node.vpn}")
    return out


def _policies(device: Comware, family: int) -> str:
    out: list[str] = []
    for name, nodes in policies(device.scene, family).items():
        out.append(f"Policy name: {name}")
        for node in nodes:
            out.append(f"  node {node.node} {'permit' if node.permit else 'deny'}:")
            out.extend(f"    {text}" for text in (*matches(node), *applications(node)))
    return lines(*out)


def _setup(device: Comware, family: int) -> str:
    out = ["Policy Name              Interface Name"]
    if not device.is_early:
        out = ["Policy name                 Type       Interface"]
    for name, nodes in policies(device.scene, family).items():
        places = ["local"] if nodes[0].local else list(nodes[0].interfaces)
        for place in places:
            if device.is_early:
                out.append(f"{name:<25}{place}")
            else:
                kind = "Local" if nodes[0].local else "Forward"
                out.append(f"{name:<28}{kind:<11}{'N/A' if nodes[0].local else place}")
    return lines(*out)
