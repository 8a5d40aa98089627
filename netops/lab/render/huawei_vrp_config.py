"""VRP: the running configuration, block by block, from the same model as the displays.

Knows the order and the block rules of both flavours. Refuses to hold secrets: ciphers are made
up from names.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.policy_routes import Acl
from netops.facts.routes import StaticRoute, VpnInstance
from netops.lab.render.huawei_vrp_bgp import bgp_blocks
from netops.lab.render.huawei_vrp_config_ports import interface_blocks
from netops.lab.render.huawei_vrp_nat import outbound_rules
from netops.lab.render.huawei_vrp_policies import (
    applications,
    behavior,
    classifier,
    matches,
    policy_based,
    traffic_policies,
)
from netops.lab.render.huawei_vrp_spelling import CLOCK, Vrp
from netops.lab.render.huawei_vrp_system import numbered, rules
from netops.lab.render.notation import MASKS, V4, printed, secret_of
from netops.lab.render.scene import acls, instances, is_basic

Block = list[str]


def configuration(vrp: Vrp) -> str:
    """Return the text of ``display current-configuration``."""
    if vrp.is_vrp8:
        head = f"!Software Version {vrp.scene.release}\n"
        head += f"!Last configuration was updated at {CLOCK}+08:00 by auditor\n"
    elif vrp.scene.release and (vrp.scene.model.identity.model or "AR").startswith("AR"):
        head = f"[{vrp.scene.release}]\n"
    else:
        head = f"!Software Version {vrp.scene.release}\n"
    blocks = (block for block in _blocks(vrp) if block)
    return head + "#\n" + "\n#\n".join("\n".join(block) for block in blocks) + "\n#\nreturn\n"


def _blocks(vrp: Vrp) -> Iterator[Block]:
    # AR writes system-level lines with one blank and no parent, NE at column 0.
    lead = "" if vrp.is_vrp8 else " "
    scene = vrp.scene
    yield [f"{lead}sysname {scene.hostname}"]
    yield [f"{lead}clock timezone BJ add 08:00:00"]
    if scene.has_ipv6 and not vrp.is_vrp8:
        yield [f"{lead}ipv6"]
    if scene.model.lldp:
        yield [f"{lead}lldp enable"]
    if any(lease.address for lease in scene.model.dhcp):
        yield [f"{lead}dhcp enable"]
    yield from _vpn_blocks(vrp)
    yield from _acl_blocks(vrp)
    yield from _policy_blocks(vrp)
    yield _users(vrp)
    for ranges, name in scene.pools.items():
        yield [f"{lead}nat address-group {name} {first} {last}" for first, last in ranges]
    if scene.model.dialers:
        yield ["dialer-rule", " dialer-rule 1 ip permit"]
    yield from interface_blocks(vrp)
    yield from bgp_blocks(vrp)
    yield from _local_policies(vrp, lead)
    yield [_static(s) for s in scene.model.statics if s.prefix.version == V4]
    yield [_static(s) for s in scene.model.statics if s.prefix.version != V4]
    yield from _management(vrp, lead)


def _vpn_blocks(vrp: Vrp) -> Iterator[Block]:
    for name, families in instances(vrp.scene).items():
        block = [f"ip vpn-instance {name}"]
        for place, instance in enumerate(families):
            block += [" #"] if place else []
            block += _vpn_family(instance)
        yield block


def _vpn_family(instance: VpnInstance) -> Block:
    block = [f" ipv{instance.family}-family"]
    if instance.rd:
        block.append(f"  route-distinguisher {instance.rd}")
    if instance.export_targets:
        block.append(f"  vpn-target {' '.join(instance.export_targets)} export-extcommunity")
    if instance.import_targets:
        block.append(f"  vpn-target {' '.join(instance.import_targets)} import-extcommunity")
    return block


def _acl_blocks(vrp: Vrp) -> Iterator[Block]:
    has_all = bool(outbound_rules(vrp))
    for family, word in ((V4, "acl"), (6, "acl ipv6")):
        found = acls(vrp.scene, family, every_source=family == V4 and has_all)
        for place, acl in enumerate(found):
            yield [_acl_head(word, acl, place), *(f" {text}" for text in rules(acl))]


def _acl_head(word: str, acl: Acl, place: int) -> str:
    if acl.name.isdigit():
        return f"{word} number {acl.name}"
    return f"{word} name {numbered(acl, place)}" + (" basic" if is_basic(acl) else "")


def _policy_blocks(vrp: Vrp) -> Iterator[Block]:
    redirecting = traffic_policies(vrp)
    nodes = [node for found in redirecting.values() for node in found]
    for node in nodes:
        met = matches(node) or ["if-match any"]
        yield [f"traffic classifier {classifier(node)} operator or", *_indent(met)]
    for node in nodes:
        word = "ip-nexthop" if node.family == V4 else "ipv6-nexthop"
        hops = [f" redirect {word} {printed(hop)}" for hop in node.next_hops[:1]]
        yield [f"traffic behavior {behavior(node)}", *(hops if node.permit else [" permit"])]
    for name, found in redirecting.items():
        pairs = [f" classifier {classifier(n)} behavior {behavior(n)}" for n in found]
        yield [f"traffic policy {name}", *pairs]
    for family, word in ((V4, "policy-based-route"), (6, "ipv6 policy-based-route")):
        for name, found in policy_based(vrp, family).items():
            for node in found:
                mode = "permit" if node.permit else "deny"
                yield [
                    f"{word} {name} {mode} node {node.node}",
                    *_indent([*matches(node), *applications(node)]),
                ]


def _local_policies(vrp: Vrp, lead: str) -> Iterator[Block]:
    for name, nodes in policy_based(vrp).items():
        if nodes[0].local:
            yield [f"{lead}ip local policy-based-route {name}"]


def _indent(texts: list[str]) -> Block:
    return [f" {text}" for text in texts]


def _users(vrp: Vrp) -> Block:
    digest = secret_of(vrp.scene.hostname, "auditor")
    block = ["aaa "] if vrp.is_vrp8 else ["aaa"]
    for name, level in (("auditor", 3), ("opsadmin", 15 if not vrp.is_vrp8 else 3)):
        block += [
            f" local-user {name} password irreversible-cipher $1a${digest}${digest[::-1]}$",
            f" local-user {name} privilege level {level}",
            f" local-user {name} service-type {'ssh' if name == 'auditor' else 'terminal ssh'}",
        ]
    return block


def _static(static: StaticRoute) -> str:
    words = ["ip" if static.prefix.version == V4 else "ipv6", "route-static"]
    if static.vpn:
        words += ["vpn-instance", static.vpn]
    words.append(printed(static.prefix.network_address))
    length = static.prefix.prefixlen
    words.append(MASKS[length] if static.prefix.version == V4 else str(length))
    words += _target(static)
    if static.preference != _PREFERENCE:
        words += ["preference", str(static.preference)]
    return " ".join(words)


_PREFERENCE = 60


def _target(static: StaticRoute) -> list[str]:
    if static.blackhole:
        return ["NULL0"]
    hop = [printed(static.next_hop)] if static.next_hop is not None else []
    if static.to_vpn is None or static.to_vpn == static.vpn:
        return ([static.interface] if static.interface else []) + hop
    if not static.to_vpn:
        return [*hop, "public"]
    return ["vpn-instance", static.to_vpn, *hop]


def _management(vrp: Vrp, lead: str) -> Iterator[Block]:
    host = vrp.scene.hostname
    engine = f"800007DB03{secret_of(host)}0001"
    protect = "snmp-agent protocol source-status all-interface"
    user = f"{lead}snmp-agent usm-user v3 watcher"
    auth, priv = (f"%^%#{secret_of(host, word)}%^%#" for word in ("auth", "priv"))
    yield [
        f"{lead}snmp-agent local-engineid {engine}",
        f"{lead}snmp-agent sys-info version v3",
        f"{lead}snmp-agent group v3 audit privacy read-view iso-view",
        f"{lead}snmp-agent mib-view included iso-view iso",
        f"{user} group audit",
        f"{user} authentication-mode sha2-256 cipher {auth}",
        f"{user} privacy-mode aes128 cipher {priv}",
        *([protect] if vrp.is_vrp8 else []),
        f"{lead}snmp-agent",
    ]
    ssh = "stelnet ipv4 server enable" if vrp.is_vrp8 else "stelnet server enable"
    yield [
        f"{lead}{ssh}",
        f"{lead}ssh user auditor",
        f"{lead}ssh user auditor authentication-type password",
        f"{lead}ssh user auditor service-type stelnet",
    ]
    service = "ntp" if vrp.is_vrp8 else "ntp-service"
    yield [
        f"{lead}{service} unicast-server {server.address}"
        + (f" vpn-instance {server.vpn}" if server.vpn else "")
        for server in vrp.scene.model.ntp_servers
    ]
    yield [
        "user-interface con 0",
        " authentication-mode aaa",
        "user-interface vty 0 4",
        " authentication-mode aaa",
        " protocol inbound ssh",
    ]
