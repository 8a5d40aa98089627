"""VRP: address translation, PPPoE sessions and DHCP leases.

Knows what an internet exit shows of itself. Refuses to know routes. The NE displays of
translation by service boards are not played: an NE that translates answers in the AR's words,
one that does not translate knows none of the commands.
"""

from __future__ import annotations

from netops.facts.access import DhcpLease
from netops.facts.nat import NatKind, NatRule
from netops.lab.render.huawei_vrp_spelling import Vrp, short
from netops.lab.render.notation import MASKS, V4, lines, mac_of, trailing_number
from netops.lab.render.scene import (
    EVERY_SOURCE,
    inside_source,
    own_address,
    translated_source,
)

_RULE = " " + "-" * 74
_GROUP_RULE = " " + "-" * 38
_SHOWN_SESSIONS = 4
_STATES = {"session": "UP", "up": "UP", "padi": "PADI", "padr": "PADR", "idle": "IDLE"}


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the answers about translation and dial-out."""
    found: dict[str, str] = {}
    model = vrp.scene.model
    if not vrp.is_vrp8 or model.nat_rules:
        found["display nat outbound"] = _outbound(vrp)
        found["display nat server"] = _servers(vrp)
        found["display nat static"] = lines("  Static Nat Information:", "  Total :    0")
        found["display nat address-group"] = _pools(vrp)
        found["display nat session all"] = _sessions(vrp)
    if not vrp.is_vrp8 or model.pppoe:
        found["display pppoe-client session summary"] = _pppoe(vrp)
    if not vrp.is_vrp8 or model.dhcp:
        found["display dhcp client"] = _dhcp(vrp)
    return found


def outbound_rules(vrp: Vrp, interface: str | None = None) -> list[NatRule]:
    """Return the outbound rules bound to an interface, or to any."""
    return [
        rule
        for rule in vrp.scene.model.nat_rules
        if rule.kind is NatKind.OUTBOUND
        and rule.interface
        and (interface is None or rule.interface == interface)
    ]


def _outbound(vrp: Vrp) -> str:
    rules = outbound_rules(vrp)
    out = [" NAT Outbound Information:", _RULE]
    out += [" Interface                     Acl     Address-group/IP/Interface      Type", _RULE]
    for rule in rules:
        port = rule.interface or ""
        acl = rule.acl or EVERY_SOURCE
        if rule.pool:
            target, kind = vrp.scene.pools[rule.pool], "   pat"
        else:
            target, kind = own_address(vrp.scene, port, V4) or "--", "easyip  "
        out.append(f" {port:<29}{acl:>4}{target:>29}    {kind}")
    return lines(*out, _RULE, f"  Total : {len(rules)}")


def _servers(vrp: Vrp) -> str:
    rules = [r for r in vrp.scene.model.nat_rules if r.kind is NatKind.SERVER]
    out = ["  Nat Server Information:"]
    for rule in rules:
        shown = str(rule.pool[0][0]) if rule.pool else "current-interface"
        real = own_address(vrp.scene, rule.interface or "", V4)
        outside = f"{shown}/443 " if rule.pool else f"{shown}/443 (Real IP : {real})"
        out += [
            f"  Interface  : {rule.interface}",
            f"    Global IP/Port     : {outside}",
            f"    Inside IP/Port     : {rule.inside}/8443",
            "    Protocol : 6(tcp)   ",
            f"    VPN instance-name  : {rule.vpn or '----':<32}",
            f"    Acl number         : {rule.acl or '----'}",
            "    Vrrp id            : ----",
            f"    Description : {rule.name or '----'}",
            "",
        ]
    return lines(*(out if rules else [*out, ""]), f"  Total : {len(rules):>4}")


def _pools(vrp: Vrp) -> str:
    out = [" NAT Address-Group Information:", _GROUP_RULE]
    out += [" Index   Start-address      End-address", _GROUP_RULE]
    for ranges, name in vrp.scene.pools.items():
        out.extend(f" {name:<12}{first!s:<19}{last}" for first, last in ranges)
    return lines(*out, _GROUP_RULE, f"  Total : {len(vrp.scene.pools)}")


def _sessions(vrp: Vrp) -> str:
    total = vrp.scene.model.nat_sessions
    rule = next(iter(outbound_rules(vrp)), None)
    inside, outside = inside_source(vrp.scene, rule), translated_source(vrp.scene, rule)
    out = ["  NAT Session Table Information:", ""]
    for index in range(min(total, _SHOWN_SESSIONS)):
        source, port = f"{inside:<16}{51877 + index:<35d}", f"{'192.0.2.200':<16}{443:<35d}"
        out += [
            "     Protocol          : TCP(6)",
            f"     SrcAddr  Port Vpn : {source}",
            f"     DestAddr Port Vpn : {port}",
            "     NAT-Info",
            f"       New SrcAddr     : {outside} ",
            f"       New SrcPort     : {10266 + index}",
            "       New DestAddr    : ----",
            "       New DestPort    : ----",
            "",
        ]
    return lines(*out, f"  Total : {total}")


def _pppoe(vrp: Vrp) -> str:
    out = ["PPPoE Client Session:"]
    out.append("ID   Bundle  Dialer  Intf             Client-MAC    Server-MAC    State")
    for session in vrp.scene.model.pppoe:
        number = trailing_number(session.dialer or "Dialer1")
        client = mac_of(vrp.scene.model.id, session.interface).replace("-", "")
        server = mac_of("carrier", session.interface).replace("-", "")
        state = "UP" if session.is_up else _STATES.get(session.state, "IDLE")
        peer = server if session.is_up else "0" * 12
        out.append(
            f"{int(session.is_up):<5d}{number:<8}{number:<8}{short(session.interface):<17}"
            f"{client}  {peer}  {state}"
        )
    return lines(*out)


def _dhcp(vrp: Vrp) -> str:
    out: list[str] = []
    for lease in vrp.scene.model.dhcp:
        out += [*_lease(vrp, lease), ""]
    return lines(*out)


def _lease(vrp: Vrp, lease: DhcpLease) -> list[str]:
    interface = vrp.scene.by_name.get(lease.interface)
    mac = (interface.mac if interface else None) or mac_of(vrp.scene.model.id, lease.interface)
    out = [
        f"DHCP client lease information on interface {lease.interface} :",
        f" Current machine state         : {lease.state.capitalize()}",
        " Internet address assigned via : DHCP",
        f" Physical address              : {mac}",
    ]
    if lease.address is None:
        return out
    length = 24
    for address in (interface.addresses or ()) if interface else ():
        if address.interface.ip == lease.address:
            length = address.interface.network.prefixlen
    return [
        *out,
        f" IP address                    : {lease.address}",
        f" Subnet mask                   : {MASKS[length]}",
        f" Gateway ip address            : {lease.gateway or ''}",
        f" DHCP server                   : {lease.gateway or ''}",
        " Lease obtained at             : 2024-05-11 09:14:02",
        " Lease expires at              : 2024-05-12 09:14:02",
    ]
