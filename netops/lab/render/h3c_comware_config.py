"""Comware: the running configuration, block by block, from the same model as the displays.

Knows the order and the block rules of V7: system-view lines begin with one blank and have no
parent. Refuses to hold secrets: ciphers are made up from names.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.policy_routes import Acl
from netops.facts.routes import PUBLIC, StaticRoute
from netops.lab.render.h3c_comware_bgp import bgp_blocks
from netops.lab.render.h3c_comware_config_ports import interface_blocks
from netops.lab.render.h3c_comware_nat import applications, matches
from netops.lab.render.h3c_comware_spelling import Comware
from netops.lab.render.h3c_comware_system import rules, version_words
from netops.lab.render.notation import V4, secret_of
from netops.lab.render.scene import acl_number, acls, instances, is_basic, policies

Block = list[str]
_PREFERENCE = 60


def configuration(device: Comware) -> str:
    """Return the text of ``display current-configuration``."""
    blocks = (block for block in _blocks(device) if block)
    return "#\n" + "\n#\n".join("\n".join(block) for block in blocks) + "\n#\nreturn\n"


def _blocks(device: Comware) -> Iterator[Block]:
    model = device.scene.model
    yield [f" version {version_words(device)}"]
    yield [f" sysname {device.scene.hostname}"]
    yield [" clock timezone BJ add 08:00:00"]
    yield from _vpn_blocks(device)
    for name, nodes in policies(device.scene).items():
        if nodes[0].local:
            yield [f" ip local policy-based-route {name}"]
    yield [" lldp global enable"] if model.lldp else []
    for ranges, name in device.scene.pools.items():
        yield [f"nat address-group {name}", *(f" address {a} {b}" for a, b in ranges)]
    yield from _policy_blocks(device)
    for modem in model.cellular:
        # A modem whose own name is an interface runs without an Ethernet channel.
        if modem.name not in device.scene.by_name:
            yield [f"controller {modem.name}", " eth-channel 0"]
    yield from interface_blocks(device)
    yield from bgp_blocks(device)
    yield _lines()
    yield [_static(s) for s in model.statics if s.prefix.version == V4]
    yield [_static(s) for s in model.statics if s.prefix.version != V4]
    yield from _management(device)
    yield from _acl_blocks(device)
    yield from _users(device)


def _vpn_blocks(device: Comware) -> Iterator[Block]:
    for name, families in instances(device.scene).items():
        block = [f"ip vpn-instance {name}"]
        if families[0].rd:
            block.append(f" route-distinguisher {families[0].rd}")
        for instance in families:
            block += [" #", f" address-family ipv{instance.family}"]
            if instance.import_targets:
                targets = " ".join(instance.import_targets)
                block.append(f"  vpn-target {targets} import-extcommunity")
            if instance.export_targets:
                targets = " ".join(instance.export_targets)
                block.append(f"  vpn-target {targets} export-extcommunity")
        yield block


def _policy_blocks(device: Comware) -> Iterator[Block]:
    for family, word in ((V4, "policy-based-route"), (6, "ipv6 policy-based-route")):
        for name, nodes in policies(device.scene, family).items():
            for node in nodes:
                mode = "permit" if node.permit else "deny"
                texts = [*matches(node), *applications(node)]
                yield [f"{word} {name} {mode} node {node.node}", *(f" {t}" for t in texts)]


def _acl_blocks(device: Comware) -> Iterator[Block]:
    for family in (V4, 6):
        for place, acl in enumerate(acls(device.scene, family)):
            yield [_acl_head(device, acl, place), *(f" {text}" for text in rules(acl))]


def _acl_head(device: Comware, acl: Acl, place: int) -> str:
    lead = "acl" if acl.family == V4 else "acl ipv6"
    if device.is_early:
        number = acl_number(acl, place)
        return f"{lead} number {number}" + ("" if acl.name == number else f" name {acl.name}")
    kind = "basic" if is_basic(acl) else "advanced"
    named = "" if acl.name.isdigit() else "name "
    return f"{lead} {kind} {named}{acl.name}"


def _static(static: StaticRoute) -> str:
    words = ["ip" if static.prefix.version == V4 else "ipv6", "route-static"]
    if static.vpn:
        words += ["vpn-instance", static.vpn]
    words += [str(static.prefix.network_address), str(static.prefix.prefixlen), *_target(static)]
    if static.preference != _PREFERENCE:
        words += ["preference", str(static.preference)]
    return " " + " ".join(words)


def _target(static: StaticRoute) -> list[str]:
    if static.blackhole:
        return ["NULL0"]
    hop = [str(static.next_hop)] if static.next_hop is not None else []
    if static.to_vpn is None or static.to_vpn == static.vpn:
        return ([static.interface] if static.interface else []) + hop
    if static.to_vpn == PUBLIC:
        return [*hop, "public"]
    return ["vpn-instance", static.to_vpn, *hop]


def _lines() -> Block:
    return [
        "line class console",
        " user-role network-admin",
        "#",
        "line class vty",
        " user-role network-operator",
        "#",
        "line con 0",
        " authentication-mode scheme",
        "#",
        "line vty 0 63",
        " authentication-mode scheme",
        " protocol inbound ssh",
    ]


def _management(device: Comware) -> Iterator[Block]:
    host = device.scene.hostname
    auth, priv = (f"$c$3${secret_of(host, word)}==" for word in ("auth", "priv"))
    keys = f"authentication-mode sha {auth} privacy-mode aes128 {priv}"
    yield [
        " snmp-agent",
        f" snmp-agent local-engineid 800063A280{secret_of(host)}00000001",
        " snmp-agent sys-info version v3 ",
        " snmp-agent group v3 audit privacy ",
        f" snmp-agent usm-user v3 watcher audit cipher {keys}",
    ]
    yield [" ssh server enable"]
    servers = device.scene.model.ntp_servers
    yield [
        *([" ntp-service enable"] if servers else []),
        *(
            f" ntp-service unicast-server {server.address}"
            + (f" vpn-instance {server.vpn}" if server.vpn else "")
            for server in servers
        ),
    ]


def _users(device: Comware) -> Iterator[Block]:
    yield ["domain system"]
    yield [" domain default enable system"]
    yield ["user-group system"]
    for name, role, service in (
        ("auditor", "network-operator", "ssh"),
        ("opsadmin", "network-admin", "ssh terminal"),
    ):
        digest = secret_of(device.scene.hostname, name)
        yield [
            f"local-user {name} class manage",
            f" password hash $h$6${digest}${digest[::-1]}==",
            f" service-type {service}",
            f" authorization-attribute user-role {role}",
        ]
