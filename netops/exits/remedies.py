"""What would end an exit point, in the words of the platform it is on: a proposal, never sent.

Knows each platform's spelling as data. Refuses to know whether it should be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from string import ascii_letters

from netops.exits.points import ExitPoint
from netops.exits.signals import NAT, SNMP, Signal
from netops.exits.terms import Mechanism
from netops.findings import Text

_VENDOR: Mapping[str, str] = {
    "static4": "undo ip route-static {network} {mask} {hop}",
    "static4_vpn": "undo ip route-static vpn-instance {vpn} {network} {mask} {hop}",
    "static6": "undo ipv6 route-static {network} {length} {hop}",
    "static6_vpn": "undo ipv6 route-static vpn-instance {vpn} {network} {length} {hop}",
    "shutdown": "interface {interface} ; shutdown",
    "tunnel": "undo interface {interface}",
    "peer": "bgp {as} ; undo peer {peer}",
    "import": "ip vpn-instance {vpn} ; undo vpn-target {targets} import-extcommunity",
}
_LINUX: Mapping[str, str] = {
    "static4": "ip route del {prefix} via {next_hop} dev {interface}",
    "static6": "ip -6 route del {prefix} via {next_hop} dev {interface}",
    "policy": "ip{minus6} rule del priority {node}",
    "policy local": "ip{minus6} rule del priority {node}",
    "shutdown": "ip link set {interface} down",
    "tunnel": "ip link del {interface}",
}
TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "huawei_vrp": {
        **_VENDOR,
        "policy": "interface {interface} ; undo {ip} policy-based-route {policy}",
        "policy local": "undo {ip} local policy-based-route {policy}",
        "policy rule": "policy-based-route ; undo rule name {policy}",
        "policy traffic interface": "interface {interface} ; undo traffic-policy inbound",
        "policy traffic vlan": "vlan {vlan} ; undo traffic-policy inbound",
        "policy traffic global": "undo traffic-policy global inbound",
        "policy traffic-redirect interface": "interface {interface} ; "
        "undo traffic-redirect inbound acl {acl}",
        "policy traffic-redirect vlan": "vlan {vlan} ; undo traffic-redirect inbound acl {acl}",
        "policy traffic-redirect global vlan": "undo traffic-redirect vlan {vlan} inbound "
        "acl {acl}",
        "policy traffic-redirect global": "undo traffic-redirect inbound acl {acl}",
    },
    "h3c_comware": {
        **_VENDOR,
        "policy": "interface {interface} ; undo {ip} policy-based-route {policy}",
        "policy local": "undo {ip} local policy-based-route {policy}",
        "policy qos": "interface {interface} ; undo qos apply policy inbound",
        "policy qos global": "undo qos apply policy global inbound",
        "policy qos vlan": "undo qos vlan-policy vlan {vlan} inbound",
    },
    "frr": {
        "static4": "no ip route {prefix} {next_hop}",
        "static4_vpn": "no ip route {prefix} {next_hop} vrf {vpn}",
        "static6": "no ipv6 route {prefix} {next_hop}",
        "static6_vpn": "no ipv6 route {prefix} {next_hop} vrf {vpn}",
        "policy": "interface {interface} ; no pbr-policy {policy}",
        "shutdown": "interface {interface} ; shutdown",
        "tunnel": "interface {interface} ; shutdown",
        "peer": "router bgp {as} ; no neighbor {peer}",
        "import": "router bgp vrf {vpn} ; no rt vpn import {targets}",
    },
    "linux_host": _LINUX,
}
"""Commands by platform and kind of act; ``;`` divides lines."""

_ACTS: Mapping[str, str] = {
    Mechanism.POLICY_ROUTE: "policy",
    Mechanism.TUNNEL: "tunnel",
    Mechanism.PUBLIC_INTERFACE: "shutdown",
    Mechanism.PPPOE_DIALER: "shutdown",
    Mechanism.CELLULAR: "shutdown",
}
_LETTERS = ascii_letters + "-"
_DYNAMIC = frozenset({"dhcp", "unr", "ra", "kernel", "ospf", "isis", "rip", SNMP})


def remedy_of(platform: str, points: Iterable[ExitPoint]) -> Text | None:
    """Return the proposal for points of a device; None where its platform has no words for it.

    ``;`` divides the lines of one sequence, ``|`` the sequences.
    """
    commands = dict.fromkeys(c for point in points for c in commands_for(platform, point))
    if not commands:
        return None
    joined = " | ".join(commands)
    return Text(
        zh=f"建议（执行前须人工核对）：{joined}",
        en=f"Proposal, to be checked by a person first: {joined}",
    )


def commands_for(platform: str, point: ExitPoint) -> tuple[str, ...]:
    """Return the commands that would end a point, routes and policies before the line."""
    templates = TEMPLATES.get(platform, {})
    found: dict[str, None] = {}
    acts = [(act, s) for s in point.signals if (act := _act_of(s)) is not None]
    lasting = [pair for pair in acts if pair[0] != "shutdown"]
    for act, signal in lasting or acts:
        template = templates.get(act)
        if template is not None:
            found[template.format_map(_words(signal))] = None
    return tuple(found)


def _act_of(signal: Signal) -> str | None:
    what = signal.what
    if signal.kind == NAT:
        return None
    if "peer" in what:
        return "peer"
    if what.get("protocol") == "static":
        family = "static4" if signal.key.family == 4 else "static6"  # noqa: PLR2004 - IP version
        return f"{family}_vpn" if signal.vpn else family
    if signal.kind == Mechanism.VPN_LEAK:
        return "import" if what.get("targets") else None
    if what.get("protocol") in _DYNAMIC:
        return "shutdown"
    act = _ACTS.get(signal.kind)
    return f"{act} {what['form']}" if act == "policy" and what.get("form") else act


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _acl(policy: str) -> str:
    """Name the list of a redirection by list as its command does: by number or by name."""
    name = policy.partition(" ")[0]
    return name if name.isdecimal() else f"name {name}"


def _words(signal: Signal) -> _Words:
    words = _Words(signal.what)
    words.setdefault("interface", signal.key.line)
    is_6 = signal.key.family == 6  # noqa: PLR2004 - IP version
    words["ip"], words["minus6"] = ("ipv6", " -6") if is_6 else ("ip", "")
    words["vlan"] = words["interface"].lstrip(_LETTERS)
    words["acl"] = _acl(words["policy"])
    words["vpn"] = signal.vpn
    if "prefix" in words:
        net = ip_network(words["prefix"], strict=False)
        words["network"] = str(net.network_address)
        words["length"] = str(net.prefixlen)
        words["mask"] = str(net.netmask)
    hop = words["next_hop"]
    if "to_vpn" in words:
        other = words["to_vpn"]
        hop = f"vpn-instance {other} {hop}" if other else f"{hop} public"
    words["hop"] = hop
    return words
